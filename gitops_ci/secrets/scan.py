"""The secrets of a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from gitops_ci.config.globs import Globs
from gitops_ci.documents.document import SourceFile
from gitops_ci.findings.existing import Ranges
from gitops_ci.findings.inline import MARK
from gitops_ci.findings.suppression import Suppression
from gitops_ci.model.errors import UsageError
from gitops_ci.model.finding import Finding
from gitops_ci.model.skip import Skip
from gitops_ci.repo.classify import is_encrypted
from gitops_ci.repo.files import Files
from gitops_ci.repo.paths import name as name_of
from gitops_ci.repo.tree import Entry as TreeEntry
from gitops_ci.repo.tree import EntryKind, Tree, UnreadableError
from gitops_ci.secrets.allowed import LegacyBaseline, allowed_lines, by_baseline, by_comment
from gitops_ci.secrets.classify import default_in
from gitops_ci.secrets.decode import layers
from gitops_ci.secrets.file_scan import (
    MOST_PARSED,
    document_of,
    has_documents,
    secrets_in,
    tools_for,
)
from gitops_ci.secrets.format import Format
from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.generators import Taken
from gitops_ci.secrets.identities import Valued
from gitops_ci.secrets.library import Library
from gitops_ci.secrets.placing import Placed
from gitops_ci.secrets.prints import DEFAULT_SALT
from gitops_ci.secrets.repository_files import (
    ATTRIBUTES,
    invalid_rules,
    is_meant,
    leaves_to_encrypt,
    not_crypted,
    not_encrypted,
)
from gitops_ci.secrets.secret_text import SecretText
from gitops_ci.secrets.source_text import SourceText, text_of
from gitops_ci.secrets.surroundings import Surroundings, surroundings_of
from gitops_ci.secrets.wording import finding_of

MAX_BYTES = 32 * 2**20
"""A larger file is reported as too-large."""
_LINE_BY_LINE = (
    f"more than {MOST_PARSED // 2**20} MiB of documents that name secrets: searched line by line"
)
_MOST_LISTED = 300
_MANY = f"more than {_MOST_LISTED} secrets: the others are not listed"
_GIT_CRYPT = b"\0GITCRYPT\0"


def _keep(_value: str) -> None:
    """What is done with a found value when nobody has to hide it."""


class ScanRequest(Struct, frozen=True, dict=True):
    """What to search, and with what.

    `paths` limits the files (None: all of the tree), `lines` the lines whose secrets count, for
    each of the files (None: all lines). `ignored` are globs of files to leave out. `hide` is
    told each value that was found. `salt` makes the fingerprints of this repository, see
    `prints`. `library` is detect-secrets, None to do without. `plain` does without RE2: the
    findings are the same. `gated` documents are walked only when their lines say that it can
    pay. `committed` is the last commit, for a work tree in which git-crypt decrypted files.
    `legacy` is what `.secrets.baseline` accepts in the revision whose configuration rules.
    `around` is what other files say about those of the tree; they are asked when it is None.
    """

    files: Files
    paths: frozenset[str] | None = None
    lines: Mapping[str, Ranges] | None = None
    ignored: tuple[str, ...] = ()
    salt: bytes = DEFAULT_SALT
    hide: Callable[[str], None] = _keep
    formats: tuple[Format, ...] = FORMATS
    plain: bool = False
    gated: bool = True
    library: Library | None = None
    committed: Tree | None = None
    legacy: LegacyBaseline = field(default_factory=LegacyBaseline)
    around: Surroundings | None = None


class ScanCounts(Struct, frozen=True):
    """How much was searched; `bytes` are those of the searched files."""

    files: int = 0
    bytes: int = 0


class ScanResult(Struct, frozen=True):
    """What was found, and what was not searched and why. `suppressions` are those that comments and
    the baseline of detect-secrets state about the findings; `values` the found values, each with
    its finding, `unchanged` those on lines that do not count."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skip, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    counts: ScanCounts = field(default_factory=ScanCounts)
    values: tuple[Valued, ...] = ()
    marked: tuple[str, ...] = ()
    unchanged: tuple[Valued, ...] = ()


def scan(request: ScanRequest) -> ScanResult:
    """Search the tree of `request.files`. Never raises on bad content."""
    return _Scan(request).run()


class _Scan:
    def __init__(self, request: ScanRequest) -> None:
        self._request = request
        self._around = request.around or surroundings_of(request.files)
        self._tools = tools_for(
            request.formats, request.library, plain=request.plain, gated=request.gated
        )
        self._known = {source.path: source for source in request.files.known()}
        self._ignored = Globs(request.ignored)
        self._skipped: list[Skip] = []
        self._marked: list[str] = []
        self._counted: list[Placed] = []
        self._rest: list[Placed] = []
        self._findings: list[Finding] = []
        self._allowed: dict[str, dict[int, int]] = {}
        self._files = self._bytes = 0

    def run(self) -> ScanResult:
        around = self._around
        for entry in self._request.files.tree.entries():
            if self._request.paths is None or entry.path in self._request.paths:
                self._entry(entry, around.taken.get(entry.path))
        if self._request.paths is None and self._request.around is None:
            self._findings += [invalid_rules(*fault) for fault in around.rules.broken]
        self._hide(item.hit.value for item in (*self._counted, *self._rest))
        found = [(item, finding_of(item, self._request.salt)) for item in self._counted]
        findings = (*(finding for _, finding in found), *self._findings)
        suppressions = [
            *by_comment(findings, self._allowed),
            *(by_baseline(finding) for item, finding in found if self._is_accepted(item)),
        ]
        counts = ScanCounts(self._files, self._bytes)
        values = tuple((finding, item.hit.value) for item, finding in found)
        return ScanResult(
            findings,
            tuple(self._skipped),
            tuple(suppressions),
            counts,
            values,
            tuple(self._marked),
            tuple((finding_of(i, self._request.salt), i.hit.value) for i in self._rest),
        )

    def _is_accepted(self, item: Placed) -> bool:
        return self._request.legacy.accepts(item.location.path, item.hit.value)

    def _entry(self, entry: TreeEntry, taken: Taken | None) -> None:
        path = entry.path
        if entry.kind is EntryKind.LINK:
            return  # what it leads to is searched where it lies
        if self._ignored.match(path):
            self._skip(path, "ignored", "left out by the configuration")
        elif entry.nested:
            self._skip(path, "other-repository", "a submodule: it is searched where it is kept")
        elif entry.kind is EntryKind.OTHER:
            self._skip(path, "unreadable", "a FIFO, socket or a name that is not UTF-8")
        elif entry.size > MAX_BYTES:
            self._skip(path, "too-large", f"larger than {MAX_BYTES // 2**20} MiB")
        else:
            self._read(path, taken)

    def _read(self, path: str, taken: Taken | None) -> None:
        parsed = self._known.get(path)
        try:
            data = parsed.data if parsed else self._request.files.tree.read(path)
        except UnreadableError as error:
            self._skip(path, error.reason, str(error))
            return
        text = text_of(data)
        if text is None:
            encrypted = data.startswith(_GIT_CRYPT)
            reason = "encrypted" if encrypted else "binary"
            self._skip(path, reason, "encrypted with git-crypt" if encrypted else "has NUL bytes")
            return
        if self._around.crypted.covers(path) and self._is_crypted_in_git(path):
            self._skip(path, "encrypted", "encrypted with git-crypt, and decrypted here")
            return
        self._files += 1
        self._bytes += len(data)
        if MARK in text:
            self._marked.append(path)
        self._search(SourceText(path, text), parsed, taken)

    def _search(self, source: SourceText, parsed: SourceFile | None, taken: Taken | None) -> None:
        rule = self._around.rule_for(source.path)
        found = secrets_in(source, self._tools, parsed=parsed, taken=taken, rule=rule)
        if found.line_by_line:
            self._skip(source.path, "too-large", _LINE_BY_LINE)
        placed = found.placed
        counted = [item for item in placed if self._counts(item)]
        if len(counted) > _MOST_LISTED:
            self._skip(source.path, "too-large", _MANY)
        self._counted += counted[:_MOST_LISTED]
        self._rest += [item for item in placed if not self._counts(item)][:_MOST_LISTED]
        if placed:
            self._allowed[source.path] = allowed_lines(source)
        else:
            self._findings += self._about_file(source, parsed)

    def _about_file(self, source: SourceText, parsed: SourceFile | None) -> Iterator[Finding]:
        """Files that ought to be encrypted, although no secret was made out in them."""
        path = source.path
        if source.data and self._around.crypted.covers(path) and name_of(path) != ATTRIBUTES:
            yield not_crypted(path)
        rule, sealed = self._around.rule_for(path), path in self._around.sealed
        if rule is not None and (sealed or is_meant(path, rule)) and has_documents(source):
            document = parsed or document_of(source)
            if not is_encrypted(document) and leaves_to_encrypt(document, rule):
                yield not_encrypted(path, sealed=sealed)

    def _is_crypted_in_git(self, path: str) -> bool:
        if self._request.committed is None:
            return False
        try:
            return self._request.committed.read(path).startswith(_GIT_CRYPT)
        except (UnreadableError, UsageError):  # the latter where nothing is committed yet
            return False

    def _skip(self, path: str, reason: str, detail: str) -> None:
        self._skipped.append(Skip(path, reason, detail))

    def _counts(self, item: Placed) -> bool:
        if self._request.lines is None:
            return True
        ranges = self._request.lines.get(item.location.path, ())
        span = item.location.span
        if span is None:
            return bool(ranges)
        return any(first <= span.end_line and span.line <= last for first, last in ranges)

    def _hide(self, values: Iterable[SecretText]) -> None:
        """Every value is hidden from now on, except those that are part of a path: they would make
        the report unreadable and are no secret any more."""
        names = "\n".join(entry.path for entry in self._request.files.tree.entries())
        for value in values:
            for text in _hidden(value.reveal()):
                if text not in names:
                    self._request.hide(text)


def _hidden(value: str) -> Iterator[str]:
    """The value, the default in it, and what it holds when it is encoded: the login of a registry
    and its password."""
    yield value
    if default := default_in(value):
        yield default
    for inner in layers(value):
        yield inner
        if ":" in inner:
            yield inner.partition(":")[2]
