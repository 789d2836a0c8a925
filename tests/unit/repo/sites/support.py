"""Cases of sites: a file each, with a small repository, what is wanted, and what comes of it.

    # what the case shows
    set: NAME:TAG[@DIGEST] | chart NAME=VERSION | git URL=REF | any TAG
    pin: keep
    as: crlf, bom, no-final-newline, long
    env: NAME | any
    == path/of/a/file.yaml
    …
    == expected
    path/of/a/file.yaml:3
    -old line
    +new line
    path/of/a/file.yaml:9 refused: reason

`$A` and `$B` stand for two sha256 digests, `$C` for a sha512 one. `long` puts 2,000 documents in
front. Nothing expected means that no site was found for the name.

With `env` the whole planner is asked, for one environment or for any: what overlays set anew, what
they lack, and what is left alone, as `path:9 left alone: reason`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from gitops_ci.config.load import load_config
from gitops_ci.config.model import Config
from gitops_ci.documents.splice import splice
from gitops_ci.forge.files import changed_files
from gitops_ci.model.errors import UsageError
from gitops_ci.model.image import Pin, Version, parse_reference
from gitops_ci.promote.bump.planner import plan_bump
from gitops_ci.promote.bump.request import Filters, Request, image_target
from gitops_ci.repo.environments import find_environments
from gitops_ci.repo.files import Files
from gitops_ci.repo.inventory import take_inventory
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.repo.sites.change import Change, location_of, plan_file
from gitops_ci.repo.sites.find import find_sites
from gitops_ci.repo.sites.model import Site, Subject
from gitops_ci.repo.sites.pins import git_name
from gitops_ci.steps.bump_observe import facts_for, observed
from gitops_ci.steps.snapshot import take_snapshot

CASES = Path(__file__).parent / "cases"
CONFIG = ".gitops-ci.yaml"
MACROS = {"$A": "sha256:" + "a1" * 32, "$B": "sha256:" + "b2" * 32, "$C": "sha512:" + "c3" * 64}


@dataclass(frozen=True)
class Case:
    """One case as written."""

    name: str
    wanted: str
    pin: Pin
    files: dict[str, bytes]
    expected: str
    environment: str = ""


def case_names() -> list[str]:
    return sorted(path.stem for path in CASES.glob("*.case"))


def read_case(name: str) -> Case:
    text = (CASES / f"{name}.case").read_text("utf-8")
    head, *sections = text.split("\n== ")
    options = dict(
        line.split(": ", 1) for line in head.splitlines() if ": " in line and line[0] != "#"
    )
    how = options.get("as", "")
    parts = dict(section.split("\n", 1) for section in sections)
    expected = parts.pop("expected", "").strip("\n")
    files = {path: _encoded(_expanded(content), how) for path, content in parts.items()}
    pin = Pin(options.get("pin", "keep"))
    environment = options.get("env", "")
    return Case(name, _expanded(options["set"]), pin, files, expected, environment)


def _expanded(text: str) -> str:
    for macro, digest in MACROS.items():
        text = text.replace(macro, digest)
    return text


def _shortened(text: str) -> str:
    for macro, digest in MACROS.items():
        text = text.replace(digest, macro)
    return text


def _encoded(text: str, how: str) -> bytes:
    text = text + "\n" if text and not text.endswith("\n") else text
    if "long" in how:
        text = "a: 1\n---\n" * 2_000 + text
    if "no-final-newline" in how:
        text = text.rstrip("\n")
    if "crlf" in how:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if "bom" in how else b"") + text.encode("utf-8")


def sites_of(files: dict[str, bytes] | dict[str, str]) -> tuple[Site, ...]:
    """The sites of the files; a `.gitops-ci.yaml` among them is the configuration."""
    return _look(files)[1]


def _look(files: dict[str, bytes] | dict[str, str]) -> tuple[Files, tuple[Site, ...]]:
    tree = MemoryTree(files)
    opened = Files(tree)
    config = _config(files)
    inventory = take_inventory(opened, config)
    environments = find_environments(inventory, config)
    return opened, find_sites(opened, inventory, config, environments)


def _config(files: dict[str, bytes] | dict[str, str]) -> Config:
    if CONFIG not in files:
        return Config()
    texts = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}
    return load_config(texts.get, CONFIG)


def outcome_of(case: Case) -> str:
    """What happens in the case, in a word or two."""
    signs = {"\n+": "changed", " refused: ": "refused", " left alone: ": "left alone"}
    words = [word for sign, word in signs.items() if sign in case.expected]
    return ", ".join(words) or ("told" if case.expected else "nothing")


def play(case: Case) -> str:
    """What comes of the case, in the words of `expected`."""
    if case.environment:
        return _planned(case)
    files, sites = _look(case.files)
    meant, version = _meant(case.wanted, sites)
    lines: list[str] = []
    for path in sorted({site.path for site in meant}):
        source = files.source(path)
        changes = [Change(site, version, case.pin) for site in meant if site.path == path]
        plan = plan_file(source, changes)
        before = source.data.decode("utf-8-sig")
        after = splice(source.data, plan.edits).decode("utf-8-sig")
        lines += _difference(path, before, after)
        for refused in plan.refused:
            line = location_of(source, refused.change.site).line
            lines.append(f"{path}:{line} refused: {refused.reason}")
    return _shortened("\n".join(lines))


def _planned(case: Case) -> str:
    tree, config = MemoryTree(case.files), _config(case.files)
    seen = observed(tree, config, take_snapshot(tree, config))
    environments = () if case.environment == "any" else (case.environment,)
    targets = (image_target(case.wanted),)
    request = Request(targets, Filters(environments), case.pin)
    try:
        plan = plan_bump(request, facts_for(targets, seen))
    except UsageError as error:
        return _shortened(f"{error.message}\n{error.hint}")
    lines: list[str] = []
    for item in changed_files(plan.edits, case.files.get):
        assert item.before is not None
        assert item.after is not None
        lines += _difference(item.path, item.before.decode(), item.after.decode())
    lines += [f"{item.site.path}:{item.line} left alone: {item.reason}" for item in plan.left]
    lines += [f"{item.site.path}:{item.line} refused: {item.reason}" for item in plan.refused]
    return _shortened("\n".join(lines))


def _meant(wanted: str, sites: tuple[Site, ...]) -> tuple[list[Site], Version]:
    word, _, rest = wanted.partition(" ")
    name, _, value = rest.partition("=")
    if word == "chart":
        return [s for s in sites if s.subject is Subject.CHART and s.name == name], Version(value)
    if word == "git":
        own = git_name(name)
        return [s for s in sites if s.subject is Subject.GIT and s.name == own], Version(value)
    if word == "any":
        return list(sites), Version(rest)
    reference = parse_reference(wanted)
    meant = [site for site in sites if site.is_for(reference.repository)]
    return meant, reference.version


def _difference(path: str, before: str, after: str) -> list[str]:
    shown: list[str] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    # difflib takes quadratic time on lines that are alike
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    old, new = old[alike:], new[alike:]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            shown.append(f"{path}:{alike + i1 + 1}")
            shown += ["-" + _visible(line) for line in old[i1:i2]]
            shown += ["+" + _visible(line) for line in new[j1:j2]]
    return shown


def _visible(line: str) -> str:
    """A line without its end, with what is not an ordinary end made visible."""
    text = line.rstrip("\r\n")
    end = line[len(text) :]
    return text + {"\n": "", "\r\n": "\\r", "": "\\"}[end]
