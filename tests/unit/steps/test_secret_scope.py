"""What the secret scan looks at: files, a change with its commits, the index, the history."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from pathlib import Path

import pytest
from msgspec.structs import replace

from gitops_ci.cli import wire
from gitops_ci.cli.parser import inputs_of, parse
from gitops_ci.output.sink import Sink
from tests.support.command import Ended, gitops_ci
from tests.support.fakes import fill
from tests.support.repository import Repository

TOKEN = fill("{{fake:alnum 40}}", "scope")
OTHER = fill("{{fake:alnum 36}}", "scope")
RULE = "secret/credential"


def line(value: str = TOKEN) -> str:
    return f"token: {value}\n"


def searched(repository: Repository, *words: str, **environ: str) -> Ended:
    return gitops_ci(repository.root, "secrets", "--format", "json", *words, environ=environ)


def pull_request(repository: Repository, base: str, folder: Path) -> dict[str, str]:
    event = folder / "event.json"
    head = {"sha": repository.git("rev-parse", "HEAD")}
    event.write_text(json.dumps({"pull_request": {"base": {"sha": base}, "head": head}}))
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }


@pytest.mark.parametrize("command", ["check", "secrets"])
def test_added_and_removed_inside_the_branch(
    repository: Repository, tmp_path: Path, command: str
) -> None:
    base = repository.commit({"v.yaml": "a: 1\n"})
    repository.commit({"v.yaml": "a: 1\n" + line()})
    repository.commit({"v.yaml": "a: 2\n"})
    environ = pull_request(repository, base, tmp_path)
    ended = gitops_ci(repository.root, command, "--format", "json", environ=environ)
    assert ended.code == 1
    ((path, _, rule),) = ended.places("error")
    assert (path, rule) == ("v.yaml", RULE)
    (finding,) = ended.report["findings"]
    assert "rotate it" in finding["hint"]
    assert TOKEN not in ended.out + ended.err.replace(f"::add-mask::{TOKEN}", "")


@pytest.mark.parametrize("command", ["check", "secrets"])
def test_only_added_lines_count_and_removals_never_block(
    repository: Repository, tmp_path: Path, command: str
) -> None:
    base = repository.commit({"v.yaml": line() + "a: 1\n", "w.yaml": line(OTHER)})
    repository.commit({"v.yaml": line() + "a: 2\n"})
    repository.commit({"w.yaml": "a: 1\n"})
    environ = pull_request(repository, base, tmp_path)
    ended = gitops_ci(repository.root, command, "--format", "json", environ=environ)
    assert (ended.code, ended.places()) == (0, [])


@pytest.mark.parametrize("command", ["check", "secrets"])
def test_what_moves_to_another_file_is_not_new_and_a_copy_is(
    repository: Repository, tmp_path: Path, command: str
) -> None:
    base = repository.commit({"v.yaml": line() + "a: 1\n"})
    environ = pull_request(repository, base, tmp_path)
    repository.commit({"v.yaml": "a: 1\n", "moved.yaml": "b: 1\n" + line()})
    ended = gitops_ci(repository.root, command, "--format", "json", environ=environ)
    assert (ended.code, ended.places()) == (0, [])
    repository.commit({"v.yaml": line() + "a: 2\n"})
    ended = gitops_ci(repository.root, command, "--format", "json", environ=environ)
    assert (ended.code, [path for path, _, _ in ended.places()]) == (1, ["moved.yaml"])


@pytest.mark.parametrize("command", ["check", "secrets"])
@pytest.mark.parametrize("value", ["hunter2xyz", "another8zyx"])
def test_another_value_at_the_same_place_is_new(
    repository: Repository, tmp_path: Path, command: str, value: str
) -> None:
    base = repository.commit({"v.yaml": "a: 1\npassword: hunter2xyz\n"})
    repository.commit({"v.yaml": f'b: 1\npassword: "{value}"\n'})
    environ = pull_request(repository, base, tmp_path)
    words = (command, "--fail-on", "warning", "--format", "json")
    ended = gitops_ci(repository.root, *words, environ=environ)
    assert ended.code == int(value != "hunter2xyz")


@pytest.mark.parametrize(
    "before",
    [{"v.yaml": "\0\0"}, {"v.yaml": "a: 1\n", ".gitattributes": "*.yaml -diff\n"}],
    ids=["it was binary", "an attribute says so"],
)
def test_files_of_which_git_compares_no_lines(
    repository: Repository, tmp_path: Path, before: dict[str, str]
) -> None:
    base = repository.commit(before)
    repository.commit({"v.yaml": "a: 1\n" + line()})
    for words in (["--mode", "range", "--range", f"{base}..HEAD"], ["--changed-since", base]):
        assert searched(repository, *words).places() == [("v.yaml", 2, RULE)]
    assert searched(repository, **pull_request(repository, base, tmp_path)).code == 1


def test_a_submodule_is_searched_elsewhere(repository: Repository) -> None:
    oid = repository.commit({"a.yaml": "a: 1\n"})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module")
    repository.git("commit", "--quiet", "--message=a submodule")
    (repository.root / "module").mkdir()
    for mode in ("tree", "history"):
        ended = searched(repository, "--mode", mode)
        assert ended.code == 0
        assert [(s["path"], s["class"]) for s in ended.report["summary"]["skipped"]] == [
            ("module", "external")
        ]


def test_git_crypt_before_the_first_commit(repository: Repository) -> None:
    repository.write({".gitattributes": "secrets/** filter=git-crypt\n", "secrets/a": "x\n"})
    assert searched(repository).places() == [("secrets/a", 1, "secret/unencrypted-file")]


def test_an_ignore_that_nothing_needs_is_told(repository: Repository) -> None:
    unused = "# gitops-ci: ignore secret/credential invented\na: 1\n"
    unknown = "# gitops-ci: ignore secret/none invented\na: 1\n"
    used = line().rstrip() + " # gitops-ci: ignore secret/credential invented\n"
    files = {"v.yaml": unused, ".env": unknown, "w.yaml": used}
    repository.commit({**files, "kustomization.yaml": "secretGenerator: []\n" + unused})
    for command in ("secrets", "check"):
        ended = gitops_ci(repository.root, command, "--format", "json")
        told = {(path, rule) for path, _, rule in ended.places() if rule.startswith("config/")}
        assert told == {
            ("v.yaml", "config/unused-ignore"),
            ("kustomization.yaml", "config/unused-ignore"),
            (".env", "config/unknown-ignore"),
        }, command


def test_no_commit_is_not_green(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"v.yaml": "a: 1\n"})
    base = repository.git("rev-parse", "HEAD")
    for command in ("check", "secrets"):
        environ = pull_request(repository, base, tmp_path)
        ended = gitops_ci(repository.root, command, environ=environ)
        assert ended.code == 3
        assert "fetch-depth: 0" in ended.err


def shallow(repository: Repository, folder: Path, url: str = "") -> Repository:
    """A clone of the last commit, as checkout makes it."""
    clone = Repository(folder / "clone")
    source = f"file://{repository.root}"
    clone.git("remote", "add", "origin", source)
    clone.git("fetch", "-q", "--depth=1", "origin", "+refs/heads/*:refs/remotes/origin/*")
    clone.git("checkout", "-q", "--detach", "origin/side")
    clone.git("remote", "set-url", "origin", url or source)
    return clone


@pytest.fixture
def branch(repository: Repository) -> str:
    """A branch that brought a secret and took it away again; its fork point."""
    base = repository.commit({"v.yaml": "a: 1\n"})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"v.yaml": line()})
    repository.commit({"v.yaml": "a: 2\n"})
    repository.git("checkout", "-q", "main")
    return base


def test_a_shallow_clone_is_deepened(repository: Repository, branch: str, tmp_path: Path) -> None:
    clone = shallow(repository, tmp_path)
    environ = pull_request(clone, branch, tmp_path)
    ended = gitops_ci(clone.root, "check", "--format", "json", environ=environ)
    assert (ended.code, [path for path, _, _ in ended.places()]) == (1, ["v.yaml"])


@pytest.mark.parametrize("base", ["", "origin/main"])
def test_a_clone_that_stays_shallow_is_not_green(
    repository: Repository, branch: str, tmp_path: Path, base: str
) -> None:
    clone = shallow(repository, tmp_path, f"file://{tmp_path}/gone")
    environ = pull_request(clone, base or branch, tmp_path)
    for command in ("check", "secrets"):
        ended = gitops_ci(clone.root, command, environ=environ)
        assert ended.code == 3
        assert "fetch-depth: 0" in ended.err


def test_the_tree(repository: Repository) -> None:
    repository.commit({"v.yaml": line()})
    repository.commit({"v.yaml": "a: 1\n"})
    repository.write({"new.sh": f"API_TOKEN={TOKEN}\n"})
    ended = searched(repository, "--mode", "tree")
    assert [path for path, _, _ in ended.places()] == ["new.sh"]


def test_the_next_commit(repository: Repository) -> None:
    repository.commit({"v.yaml": "password: hunter2\n", "old.yaml": line(OTHER)})
    repository.write({"v.yaml": f"password: hunter2\n{line()}", "w.yaml": "a: 1\n"})
    repository.git("mv", "old.yaml", "moved.yaml")
    repository.git("add", "--all")
    repository.write({"v.yaml": "a: 1\n", "later.yaml": line(OTHER)})
    ended = searched(repository, "--mode", "staged")
    assert (ended.code, ended.places()) == (1, [("v.yaml", 2, RULE)])


def test_the_first_commit(repository: Repository) -> None:
    repository.write({"v.yaml": line()})
    repository.git("add", "--all")
    assert searched(repository, "--mode", "staged").places() == [("v.yaml", 1, RULE)]
    repository.git("rm", "-q", "-f", "v.yaml")
    assert searched(repository, "--mode", "staged").code == 0


def test_all_of_the_history(repository: Repository) -> None:
    repository.commit({"v.yaml": line()})
    repository.commit({"v.yaml": "a: 1\n"})
    assert searched(repository).code == 0
    assert searched(repository, "--mode", "history").places() == [("v.yaml", 1, RULE)]


def test_a_range(repository: Repository) -> None:
    first = repository.commit({"old.yaml": line(OTHER)})
    repository.commit({"v.yaml": line()})
    last = repository.commit({"v.yaml": "a: 1\n", "w.yaml": line()})
    repository.commit({"w.yaml": "a: 1\n", "x.yaml": f"API_TOKEN: {OTHER}\n"})
    ended = searched(repository, "--mode=range", f"--range={first}..{last}")
    assert ended.places() == [("w.yaml", 1, RULE)]
    ended = searched(repository, "--mode=range", f"--range={last}..HEAD")
    assert [path for path, _, _ in ended.places()] == ["x.yaml"]
    assert searched(repository, "--mode=range", "--range=HEAD..HEAD").code == 3


@pytest.mark.parametrize(
    "words",
    [
        ("--mode=range",),
        ("--range=a..b",),
        ("--mode=range", "--range=HEAD"),
        ("--mode=range", "--range=..HEAD"),
        ("--mode=range", "--range=nowhere..HEAD"),
        ("--mode=staged", "--changed-since=HEAD"),
    ],
)
def test_what_does_not_fit_together(repository: Repository, words: tuple[str, ...]) -> None:
    repository.commit({"v.yaml": "a: 1\n"})
    assert searched(repository, *words).code == 2


@pytest.mark.parametrize("command", ["check", "secrets"])
def test_which_files_on_disk(repository: Repository, command: str) -> None:
    repository.commit({".gitignore": "*.env\n", "a.yaml": "a: 1\n"})
    repository.write({"local.env": f"API_TOKEN={TOKEN}\n", "new.yaml": line(OTHER)})
    for scope, paths in {
        "auto": {"new.yaml"},
        "tracked": set(),
        "all": {"local.env", "new.yaml"},
    }.items():
        repository.write({".gitops-ci.yaml": f"version: 1\nsecrets: {{scope: {scope}}}\n"})
        ended = gitops_ci(repository.root, command, "--format", "json")
        assert {path for path, _, _ in ended.places("error")} == paths, scope


EXCEPTION = """\
rule: secret/credential
match: {path: v.yaml}
reason: rotated
owner: "@org/shop"
expires: 2999-01-01
"""
CONFIG = 'version: 1\nexceptions: {approvers: ["@org/security"]}\n'


class Agreed:
    """One approval, of one head."""

    def __init__(self, head: str, who: str) -> None:
        self.head, self.who = head, who

    def by_any(self, names: Collection[str], head: str) -> bool:
        return head == self.head and self.who in names


@pytest.mark.parametrize("command", ["check", "secrets"])
@pytest.mark.parametrize(
    ("who", "on_head", "code"),
    [
        ("@org/security", True, 0),
        ("@org/shop", True, 1),
        ("@org/security", False, 1),
        ("", True, 1),
    ],
)
def test_a_rotated_secret_is_cleared_by_an_approved_exception(
    repository: Repository, tmp_path: Path, command: str, who: str, on_head: bool, code: int
) -> None:
    base = repository.commit({".gitops-ci.yaml": CONFIG, "v.yaml": "a: 1\n"})
    added = repository.commit({"v.yaml": line()})
    repository.commit({"v.yaml": "a: 1\n", ".gitops-ci/exceptions/v.yaml": EXCEPTION})
    environ = pull_request(repository, base, tmp_path)
    head = repository.git("rev-parse", "HEAD") if on_head else added
    out = io.BytesIO()
    given = parse(["-C", str(repository.root), command, "--format", "json"])
    world = wire.world(given, Sink(out, io.BytesIO()), environ)
    world = replace(world, approvals=Agreed(head, who))
    assert given.entry.load().run(inputs_of(given.entry, given.given), world) == code
    report = json.loads(out.getvalue())
    assert report["summary"]["suppressed"] == (not code)


def test_comments_of_detect_secrets_and_its_baseline(repository: Repository) -> None:
    import hashlib

    digest = hashlib.sha1(OTHER.encode(), usedforsecurity=False).hexdigest()
    entry = {"type": "Secret Keyword", "hashed_secret": digest, "line_number": 1}
    legacy = json.dumps({"version": "1.5.0", "results": {"w.yaml": [entry]}})
    repository.commit(
        {
            "v.sh": f"API_TOKEN={TOKEN} # pragma: allowlist secret\n",
            "w.yaml": line(OTHER),
            "x.env": f"API_TOKEN={TOKEN} # gitops-ci: ignore secret/credential invented\n",
            ".secrets.baseline": legacy,
        }
    )
    for command in ("check", "secrets"):
        ended = gitops_ci(repository.root, command, "--format", "json")
        assert (ended.code, ended.report["summary"]["suppressed"]) == (0, 3), ended.out


def test_a_change_cannot_allow_itself(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit({"v.yaml": "a: 1\n"})
    repository.commit({"v.yaml": f"token: {TOKEN} # pragma: allowlist secret\n"})
    environ = pull_request(repository, base, tmp_path)
    for command in ("check", "secrets"):
        ended = gitops_ci(repository.root, command, "--format", "json", environ=environ)
        assert ended.code == 1
        assert any("awaits approval" in one["hint"] for one in ended.report["findings"])


def test_python_is_examined(repository: Repository) -> None:
    pytest.importorskip("bandit")
    repository.commit({"tool.py": "import subprocess\nsubprocess.call('ls', shell=True)\n"})
    ended = searched(repository)
    assert ("tool.py", 2, "python/b602") in ended.places("warning")
