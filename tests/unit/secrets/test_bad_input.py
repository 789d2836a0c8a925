from __future__ import annotations

import time

import pytest

from gitops_ci.repo.files import Files
from gitops_ci.repo.memory import MemoryTree
from gitops_ci.secrets.scan import ScanRequest, scan

LIMIT = 2.0
"""Seconds of processor time for one file, where `_reference` takes REFERENCE seconds."""
REFERENCE = 0.05


def _reference() -> float:
    """Processor time of a fixed piece of work: how fast the machine is now, with what else runs on
    it."""
    started = time.process_time()
    sum(len(f"{number:x}") for number in range(300_000))
    return time.process_time() - started


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(10)
)
HOSTILE = {
    "a line of 1 MB": b"password: " + b"x" * 2**20,
    "a line of 1 MB full of words": b"token=" * (2**20 // 6),
    "a line of 1 MB full of names": b"secret password key " * (2**20 // 20),
    "a line of 1 MB of quotes": b'password="' * (2**20 // 10),
    "a line of 1 MB of base64": b"password: " + b"QUJD" * 2**18,
    "a line of 1 MB of addresses": b"a://b:c@" * 2**17,
    "a line of 1 MB of key headers": b"-----BEGIN PRIVATE KEY-----" * (2**20 // 27),
    "100,000 spaces": b"password:" + b" " * 100_000 + b"= x",
    "100,000 spaces and a comment": b"password: x" + b" " * 100_000 + b"# y\n",
    "a YAML bomb": _BOMB.encode() + b"password: *k\n",
    "5 MB of lines": b"password: hunter%d\n" * (5 * 2**20 // 19),
    "5 MB of text": b"the quick brown fox jumps over the lazy dog\n" * (5 * 2**20 // 44),
    "invalid UTF-8": b"password: \xff\xfe\xfd" * 50_000,
    "UTF-16": "password: hunter2\n".encode("utf-16") * 1,
    "a million brackets": b"password: " + b"[" * 2**20,
    "a million equals signs": b"password" + b"=" * 2**20,
    "a million assignments": b"a=" * 2**19,
    "deep nesting": b"".join(b" " * i + b"password:\n" for i in range(1500)),
    "a line of many secrets": b"{"
    + b",".join(b'"password%d": "%040x"' % (n, n**9) for n in range(10_000))
    + b"}",
    "a Secret of many entries": b"kind: Secret\napiVersion: v1\nstringData:\n"
    + b"".join(b"  k%d: %032x\n" % (n, n**7) for n in range(10_000)),
    "template braces": b"password: {{" * 2**16,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_take_linear_time(case: str) -> None:
    _check(case, "v.yaml")


@pytest.mark.full
@pytest.mark.parametrize("name", ["v.txt", "v.env", "v.py"])
@pytest.mark.parametrize("case", ["a line of 1 MB full of words", "a line of 1 MB of quotes"])
def test_so_do_other_kinds_of_text(case: str, name: str) -> None:
    _check(case, name)


def _check(case: str, name: str) -> None:
    """Without RE2, which is linear by itself."""
    before = _reference()
    started = time.process_time()
    result = scan(ScanRequest(Files(MemoryTree({name: HOSTILE[case]})), plain=True))
    taken = time.process_time() - started
    assert taken < LIMIT * max(1.0, (before + _reference()) / 2 / REFERENCE)
    assert result.counts.files == 1
