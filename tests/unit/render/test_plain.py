from __future__ import annotations

from gitops_ci.render.plain import files_in, render_files
from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from tests.support.rendering import origin_line

TREE = MemoryTree(
    {
        "a/list.yaml": (
            "kind: List\napiVersion: v1\nitems:\n"
            "  - {kind: Service, metadata: {name: one}}\n"
            "  - kind: Service\n    metadata:\n      name: two\n"
        ),
        "a/two.yml": "kind: ConfigMap\nmetadata: {name: three}\n---\njust text\n---\n- 1\n",
        "a/deep/x.json": '{"kind": "Secret", "metadata": {"name": "four"}}',
        "a/readme.md": "no\n",
        "b/y.yaml": "kind: Pod\n",
    },
    links={"a/link.yaml": "../b/y.yaml", "a/broken.yaml": "../gone.yaml", "a/folder.yaml": "../b"},
)


def test_the_files_of_a_directory() -> None:
    own = ["a/link.yaml", "a/list.yaml", "a/two.yml"]
    assert list(files_in(TREE, "a", recurse=False)) == own
    assert list(files_in(TREE, "a", recurse=True)) == ["a/deep/x.json", *own]
    assert list(files_in(TREE, "b", recurse=True, endings=(".yml",))) == []


def test_lists_are_unfolded_and_origins_are_exact() -> None:
    result = render_files(Files(TREE), ["a/list.yaml", "a/two.yml", "a/deep/x.json"])
    assert [item.ref.name for item in result.objects] == ["one", "two", "three", "four"]
    assert origin_line(result.objects[1], "metadata", "name") == "a/list.yaml:7"
    assert result.objects[1].origin.trace(("metadata", "name")).exact
    assert not result.objects[1].origin.trace(("spec",)).exact
    assert result.used == {"a/list.yaml", "a/two.yml", "a/deep/x.json"}


def test_what_cannot_be_read_is_a_named_skip() -> None:
    result = render_files(Files(TREE), ["a/gone.yaml"])
    assert [(skip.path, skip.reason) for skip in result.skipped] == [("a/gone.yaml", "unreadable")]
