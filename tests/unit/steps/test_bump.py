"""`bump` on small repositories: what it prints, writes and refuses."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.command import Ended, gitops_ci
from tests.support.repository import Repository
from tests.support.tools import ROOT

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: web
        image: shop/web:1.0.0  # the shop
"""
DEV, PROD = (f"apps/web/overlays/{env}/kustomization.yaml" for env in ("dev", "prod"))
FILES = {
    "apps/web/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/web/base/web.yaml": DEPLOYMENT,
    DEV: "resources: [../../base]\nimages:\n- name: shop/web\n  newTag: 1.0.0\n",
    PROD: "resources: [../../base]\nimages:\n- name: shop/web\n  newTag: '0.9.0'   # last\n",
}


@pytest.fixture
def shop(repository: Repository) -> Repository:
    """A base and two overlays, one of them in production."""
    repository.commit(FILES)
    return repository


def plan(shop: Repository, *words: str) -> tuple[int, dict[str, Any]]:
    ended = gitops_ci(shop.root, "bump", *words, "--format", "json")
    return ended.code, json.loads(ended.out)


def diff_of(ended: Ended) -> str:
    return "diff --git" + ended.out.partition("diff --git")[2]


def test_the_plan_is_printed_and_nothing_is_written(shop: Repository) -> None:
    ended = gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--env", "prod")
    assert ended.code == 0
    assert f"{PROD}:4  [prod web] docker.io/shop/web  0.9.0 -> 1.1.0" in ended.out
    assert diff_of(ended) == (
        f"diff --git a/{PROD} b/{PROD}\n--- a/{PROD}\n+++ b/{PROD}\n@@ -1,4 +1,4 @@\n"
        " resources: [../../base]\n images:\n - name: shop/web\n"
        "-  newTag: '0.9.0'   # last\n+  newTag: '1.1.0'   # last\n"
    )
    assert shop.git("status", "--porcelain") == ""


def test_what_is_printed_is_what_git_applies_and_what_is_written(shop: Repository) -> None:
    printed = gitops_ci(shop.root, "bump", "shop/web:1.1.0")
    written = gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--write")
    assert (printed.code, written.code) == (0, 0)
    assert diff_of(printed) == diff_of(written)
    by_write = {path: (shop.root / path).read_bytes() for path in FILES}
    shop.git("checkout", "--quiet", ".")
    (shop.root / "patch").write_text(diff_of(printed))
    shop.git("apply", "patch")
    assert {path: (shop.root / path).read_bytes() for path in FILES} == by_write
    assert by_write[DEV] != FILES[DEV].encode()


def test_running_twice_changes_nothing(shop: Repository) -> None:
    gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--write")
    before = shop.git("diff")
    again = gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--write")
    assert (again.code, shop.git("diff")) == (0, before)
    assert again.out.startswith("nothing to do\nalready there: 2 sites\n")


def test_a_dirty_work_tree_keeps_what_is_in_it(shop: Repository) -> None:
    shop.write({PROD: "# mine\n" + FILES[PROD], "new.yaml": DEPLOYMENT.replace("web", "new")})
    ended = gitops_ci(shop.root, "bump", "shop/web:1.1.0", "--env", "prod", "--write")
    assert ended.code == 0
    assert (shop.root / PROD).read_text() == "# mine\n" + FILES[PROD].replace("0.9.0", "1.1.0")


def test_mode_line_ends_and_missing_newlines_stay(shop: Repository) -> None:
    text = DEPLOYMENT.replace("\n", "\r\n").removesuffix("\r\n")
    shop.commit({"apps/x/prod/x.yaml": text})
    (shop.root / "apps/x/prod/x.yaml").chmod(0o755)
    ended = gitops_ci(shop.root, "bump", "shop/web:2.0.0", "--path", "apps/x", "--write")
    path = shop.root / "apps/x/prod/x.yaml"
    assert path.read_bytes() == text.replace("1.0.0", "2.0.0").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert "\\ No newline at end of file" in ended.out


def test_a_site_behind_a_link_is_one_site(shop: Repository) -> None:
    (shop.root / "link.yaml").symlink_to("apps/web/base/web.yaml")
    os.symlink("/etc/passwd", shop.root / "out.yaml")
    shop.commit()
    code, made = plan(shop, "shop/web:1.1.0", "--path", "apps/web/base/web.yaml")
    assert (code, [move["path"] for move in made["moves"]]) == (0, ["apps/web/base/web.yaml"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing to bump"),
        (("shop/web",), "names no version"),
        (("shop/wbe:1",), "has no site"),
        (("shop/web:1", "--env", "prd"), "there is no environment prd"),
        (("shop/web:1", "shop/web:2"), "two versions of one thing"),
        (("shop/web:1", "--write", "--pr"), "--pr leaves it alone"),
        (("shop/web:1", "--path", "["), "no glob"),
        (("--chart", "redis"), "NAME=VERSION"),
        (("shop/web:1", "--app", "api"), "passes --app api"),
        (("--latest",), "names no registry"),
        (("--latest", "--chart", "a=1"), "--latest finds versions of images"),
    ],
)
def test_usage_errors(shop: Repository, words: tuple[str, ...], message: str) -> None:
    ended = gitops_ci(shop.root, "bump", *words)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_downgrade_is_said_loudly(shop: Repository) -> None:
    ended = gitops_ci(shop.root, "bump", "shop/web:0.5.0", "--env", "prod")
    assert ended.code == 0
    assert f"DOWNGRADE: {PROD}:4 goes down from 0.9.0 to 0.5.0" in ended.err
    assert "0.9.0 -> 0.5.0  DOWNGRADE" in ended.out
    _, made = plan(shop, "shop/web:0.5.0", "--env", "prod")
    assert [item["rule"] for item in made["findings"]] == ["promote/downgrade"]


def test_what_cannot_be_done_safely_stops_everything(shop: Repository) -> None:
    shared = "a: &tag {repository: shop/web, tag: 1.0.0}\nb: *tag\n"
    digest = DEPLOYMENT.replace("1.0.0", "1.0.0@sha256:" + "a" * 64)
    shop.commit({"apps/x/prod/x.yaml": digest, "values.yaml": shared})
    before = shop.git("status", "--porcelain")
    ended = gitops_ci(
        shop.root, "bump", "shop/web:1.1.0", "--env", "prod", "--path", "apps/**", "--write"
    )
    assert ended.code in (1, 2)
    code, made = plan(shop, "shop/web:1.1.0", "--path", "apps/x/prod/x.yaml", "--write")
    assert (code, made["status"], made["written"], made["edits"]) == (1, "refused", False, [])
    assert "--pin tag" in made["refused"][0]["hint"]
    assert [item["rule"] for item in made["findings"]] == ["promote/refused"]
    assert shop.git("status", "--porcelain") == before


def day(hours: float) -> str:
    """A committer date so many hours before now."""
    return f"{int(time.time() - hours * 3600)} +0000"


def commit_at(shop: Repository, version: str, hours: float) -> None:
    """Commit a version of the production overlay, so many hours ago."""
    shop.write({PROD: FILES[PROD].replace("0.9.0", version)})
    environment = {**os.environ, "GIT_COMMITTER_DATE": day(hours), "GIT_AUTHOR_DATE": day(hours)}
    words = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", version]
    subprocess.run(words, cwd=shop.root, env=environment, check=True)


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ((("1.1.0", 5), ("0.9.0", 4)), 1),
        ((("1.1.0", 50), ("0.9.0", 4)), 0),
        ((("1.2.0", 5), ("0.9.0", 4)), 0),
        ((("1.1.0", 9), ("1.2.0", 5), ("0.9.0", 4)), 1),
        ((), 0),
    ],
)
def test_no_bump_goes_in_circles(
    shop: Repository, history: tuple[tuple[str, float], ...], code: int
) -> None:
    for version, hours in history:
        commit_at(shop, version, hours)
    ended, made = plan(shop, "shop/web:1.1.0", "--env", "prod", "--write")
    assert ended == code
    rules = [item["rule"] for item in made["findings"]]
    assert rules == (["promote/loop"] if code else [])
    assert bool(shop.git("status", "--porcelain")) is (code == 0)


def test_a_second_writer_is_warned_about(shop: Repository) -> None:
    marked = FILES[PROD].replace("# last", '# {"$imagepolicy": "flux-system:web:tag"}')
    shop.commit({PROD: marked})
    code, made = plan(shop, "shop/web:1.1.0", "--env", "prod")
    assert code == 0
    (finding,) = made["findings"]
    assert (finding["rule"], finding["line"]) == ("promote/two-writers", 4)


def test_outside_of_git_files_are_written_too(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(DEPLOYMENT)
    ended = gitops_ci(tmp_path, "bump", "shop/web:1.1.0", "--write")
    assert ended.code == 0
    assert "image: shop/web:1.1.0  # the shop\n" in (tmp_path / "web.yaml").read_text()


def test_the_json_plan_is_as_its_schema_says(shop: Repository) -> None:
    path = ROOT / "docs" / "reference" / "bump-plan-v1.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    shop.commit({"apps/x/prod/x.yaml": DEPLOYMENT.replace("shop/web:1.0.0", '"shop/web:${TAG}"')})
    for words in (
        ("shop/web:1.1.0",),
        ("shop/web:1.0.0", "--env", "dev"),
        ("shop/web:0.1.0", "--env", "prod", "--pin", "digest"),
        ("shop/web:1.1.0", "--pr"),
    ):
        _, made = plan(shop, *words)
        validator.validate(made)


@pytest.mark.parametrize(
    "name", ["a\nb.yaml", "::error::x.yaml", "\u202egnp.yaml", "ä ö.yaml", '"q".yaml']
)
def test_hostile_file_names(shop: Repository, name: str) -> None:
    shop.commit({f"apps/x/dev/{name}": DEPLOYMENT.replace("shop/web", "shop/odd")})
    ended = gitops_ci(shop.root, "bump", "shop/odd:1.1.0", "--write", runner=True)
    assert ended.code == 0
    assert "1.1.0" in (shop.root / "apps/x/dev" / name).read_text()
    (shop.root / "apps/x/dev" / name).write_text(DEPLOYMENT.replace("shop/web", "shop/odd"))
    plain = gitops_ci(shop.root, "bump", "shop/odd:1.1.0")
    (shop.root / "patch").write_text(diff_of(plain))
    shop.git("apply", "--check", "patch")


def test_before_the_first_commit_there_is_no_history_to_ask(repository: Repository) -> None:
    repository.write(FILES)
    ended = gitops_ci(repository.root, "bump", "shop/web:1.1.0", "--write")
    assert ended.code == 0
    assert "1.1.0" in (repository.root / PROD).read_text()


def test_a_shallow_clone_says_what_it_cannot_see(shop: Repository, tmp_path: Path) -> None:
    shop.commit({"more": "x"})
    shop.git("clone", "--quiet", "--depth=1", f"file://{shop.root}", str(tmp_path / "clone"))
    ended = gitops_ci(tmp_path / "clone", "bump", "shop/web:1.1.0")
    assert (ended.code, "taken back within a day are not seen" in ended.out) == (0, True)
    assert "not seen" not in gitops_ci(shop.root, "bump", "shop/web:1.1.0").out


def test_an_image_that_the_image_updater_writes_is_warned_about(shop: Repository) -> None:
    application = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": "web",
            "namespace": "argocd",
            "annotations": {"argocd-image-updater.argoproj.io/image-list": "web=shop/web:1.x"},
        },
        "spec": {
            "project": "default",
            "source": {"repoURL": "https://git.example/shop.git", "path": "apps/web/overlays/prod"},
            "destination": {"namespace": "web", "server": "https://kubernetes.default.svc"},
        },
    }
    shop.git("remote", "add", "origin", "https://git.example/shop.git")
    shop.commit({"argocd/web.yaml": json.dumps(application)})
    _, made = plan(shop, "shop/web:1.1.0")
    assert [(item["rule"], item["path"]) for item in made["findings"]] == [
        ("promote/two-writers", PROD)
    ]


def test_a_faulty_configuration_is_reported_with_its_place(shop: Repository) -> None:
    shop.commit({".gitops-ci.yaml": "version: 1\npr: {unit: ap}\n"})
    for words in ((), ("--pr",)):
        ended = gitops_ci(shop.root, "bump", "shop/web:1.1.0", *words)
        assert (ended.code, ended.out) == (2, "")
        assert ".gitops-ci.yaml:2:" in ended.err


def test_a_place_without_a_name_is_shown_with_what_was_asked_for(repository: Repository) -> None:
    config = (
        "version: 1\nenvironments: {dev: {}, prod: {from: [dev]}}\n"
        "apps: {web: {images: [docker.io/shop/web]}}\n"
        'sites: [{file: "versions/{app}.json", select: "{env}", keys: [version]}]\n'
    )
    text = '{"dev": {"version": "1.1.0"}, "prod": {"version": "1.0.0"}}\n'
    repository.commit({".gitops-ci.yaml": config, "versions/web.json": text})
    code, made = plan(repository, "shop/web:1.1.0")
    assert (code, [move["name"] for move in made["moves"]]) == (0, ["docker.io/shop/web"])
    ended = gitops_ci(repository.root, "bump", "shop/web:1.1.0", "--env", "prod")
    assert "versions/web.json:1  [prod web] docker.io/shop/web  1.0.0 -> 1.1.0" in ended.out
