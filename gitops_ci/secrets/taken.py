"""Files that a secretGenerator puts into a Secret: whatever they hold is meant to be secret."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.repo.files import Files
from gitops_ci.repo.names import is_kustomization
from gitops_ci.repo.paths import join, parent
from gitops_ci.repo.tree import EntryKind, UnreadableError
from gitops_ci.secrets import rules
from gitops_ci.secrets.assignments import assignments
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.generators import FIELD, Taken, taken_files
from gitops_ci.secrets.hit import Hit, Stretch
from gitops_ci.secrets.judge import credential
from gitops_ci.secrets.private_keys import private_keys
from gitops_ci.secrets.secret_data import weight
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText
from gitops_ci.secrets.strength import looks_random

_VARIABLE = regex(r"\s{0,8}(?:export )?\s{0,8}(?P<key>[\w.-]{1,200})=(?P<value>.*)")


def taken_by_generators(files: Files) -> dict[str, Taken]:
    """The files of the tree that a secretGenerator takes in, by their path."""
    result: dict[str, Taken] = {}
    for entry in files.tree.entries():
        if entry.kind is EntryKind.FILE and is_kustomization(entry.path):
            for taken in _taken_in(files, entry.path):
                target = join(parent(entry.path), taken.path)
                if target is not None:  # one that is not there yet may be in another commit
                    result.setdefault(files.tree.resolve(target) or target, taken)
    return result


def _taken_in(files: Files, path: str) -> Iterator[Taken]:
    try:
        if FIELD.encode() not in files.tree.read(path):
            return
        documents = files.source(path).documents
    except UnreadableError:
        return  # the inventory says so
    for document in documents:
        if isinstance(document.value, dict):
            yield from taken_files(document.value)


def taken_hits(source: SourceText, taken: Taken) -> Iterator[Hit]:
    """The secrets of a file that a generator takes in."""
    if not taken.key:
        yield from _variables(source, taken)
    elif "\n" not in source.text.strip():
        start = len(source.text) - len(source.text.lstrip())
        severity = weight(taken.key, source.text)
        if severity is not None:
            yield _hit(source.text.strip(), start, f"'{taken.key}'", taken.key, taken, severity)
    else:
        yield from _settings(source, taken)


def _variables(source: SourceText, taken: Taken) -> Iterator[Hit]:
    for line in source.all_lines():
        match = _VARIABLE.fullmatch(line.text.rstrip("\r"))
        if match is None:
            continue
        value = match["value"].strip().strip("\"'")
        severity = weight(match["key"], value)
        if severity is not None:
            start = source.offset(line.start) + line.text.index(value, match.start("value"))
            yield _hit(value, start, f"variable '{match['key']}'", match["key"], taken, severity)


def _settings(source: SourceText, taken: Taken) -> Iterator[Hit]:
    """The credentials in a file of many lines, and lines that are nothing but one."""
    if classify(source.text) in (Kind.PUBLIC, Kind.CIPHERTEXT, Kind.HASH):
        return
    if next(private_keys(source.text), None) is not None:
        return  # found as what it is
    for line in source.all_lines():
        offset = source.offset(line.start)
        for item in assignments(line.text):
            severity = credential(item.name, item.value)
            if severity is not None:
                what = f"'{item.name}'"
                yield _hit(item.value, offset + item.start, what, item.name, taken, severity)
        text = line.text.strip()
        is_token = text and not any(sign in text for sign in " :=")
        if is_token and looks_random(text) and classify(text) is Kind.SECRET:
            start = offset + line.text.index(text)
            yield _hit(text, start, "a line", taken.key, taken, Severity.ERROR)


def _hit(value: str, start: int, what: str, identity: str, taken: Taken, severity: Severity) -> Hit:
    place = Stretch(start, start + len(value))
    holder = f"{what} of the generated Secret '{taken.generator}'"
    rule = rules.SECRET_GENERATOR
    return Hit(rule, SecretText(value), holder, identity, place, severity)
