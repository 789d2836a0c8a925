"""One file: which of its text is looked at in which way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain, islice

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.read import read
from gitops_ci.model.severity import Severity
from gitops_ci.repo.files import MAX_BYTES
from gitops_ci.repo.names import is_json, is_yaml
from gitops_ci.repo.paths import name as name_of
from gitops_ci.secrets import private_keys as keys
from gitops_ci.secrets import templates
from gitops_ci.secrets.addresses import WORD as ADDRESS
from gitops_ci.secrets.encoded import encoded_in
from gitops_ci.secrets.format import Format
from gitops_ci.secrets.gate import TEMPLATE, worth_parsing
from gitops_ci.secrets.generators import Taken
from gitops_ci.secrets.hit import MOST_HITS, Entry, Hit
from gitops_ci.secrets.known_lines import KnownLines, Said
from gitops_ci.secrets.library import Library
from gitops_ci.secrets.matching import Matcher
from gitops_ci.secrets.named_files import named_file_hits
from gitops_ci.secrets.parts import Part, parts_of, with_only
from gitops_ci.secrets.placing import Placed, placed
from gitops_ci.secrets.prefilter import Hits, prefilter
from gitops_ci.secrets.rules import (
    CREDENTIAL,
    EXTERNAL_SECRET_LITERAL,
    KUBERNETES_SECRET,
    SECRET_GENERATOR,
)
from gitops_ci.secrets.sops.check import encryption_hits
from gitops_ci.secrets.sops.ciphertext import MARK as ENCRYPTED
from gitops_ci.secrets.sops.creation_rules import CreationRule
from gitops_ci.secrets.sops.lines import encryption_hits_of_lines
from gitops_ci.secrets.sops.metadata import KEY as SOPS
from gitops_ci.secrets.source_text import CHUNK, SourceText
from gitops_ci.secrets.structure import hits_in
from gitops_ci.secrets.styles import Style, style_of
from gitops_ci.secrets.taken import taken_hits
from gitops_ci.secrets.telling import SIGNS
from gitops_ci.secrets.text_scan import (
    NAME_WORDS,
    addresses_in,
    assignments_in,
    formats_in,
    keys_in,
)

PACKED = "h4sia"
"""How gzip begins in base64, whatever is in it."""
_NAMES = frozenset(NAME_WORDS)
_OTHER_WORDS = (ADDRESS, "auths", "sensitive", SOPS, PACKED)
_PARSED_WORDS = frozenset({*NAME_WORDS, *keys.WORDS, *SIGNS, SOPS})
MOST_PARSED = 2 * 2**20
"""So much of a file is parsed; one with larger documents that have to be is read line by line,
unless it is parsed already (bytes)."""
_JSON_NAMES = (".tfstate", ".tfstate.backup", ".dockerconfigjson", ".dockercfg")
_YAML_NAMES = ("kubeconfig", ".kubeconfig", ".kube/config")
_REFINED = frozenset({CREDENTIAL, KUBERNETES_SECRET, EXTERNAL_SECRET_LITERAL, SECRET_GENERATOR})


class Tools(Struct, frozen=True, dict=True):
    """What every file is searched with."""

    matcher: Matcher
    library: Library | None = None
    plain: bool = False
    gated: bool = True
    _lines: dict[tuple[Style, bool], KnownLines] = field(default_factory=dict)

    def said(self, source: SourceText, style: Style, *, readable: bool) -> Said:
        """What the lines of a file say; `readable` as in `_shows`."""
        known = self._lines.get((style, readable))
        if known is None:
            known = KnownLines(
                self._search,
                _NAMES if readable else frozenset(),
                lambda text, words: _shows(text, words, style, self, readable=readable),
            )
            self._lines[style, readable] = known
        return known.said(source)

    @cached_property
    def _search(self) -> Hits:
        others = self.library.words if self.library else ()
        own = (*NAME_WORDS, *keys.WORDS, *SIGNS, *TEMPLATE, *_OTHER_WORDS)
        return prefilter((*self.matcher.keywords, *own, *others), plain=self.plain)


@lru_cache(4)
def tools_for(
    formats: tuple[Format, ...], library: Library | None, *, plain: bool, gated: bool
) -> Tools:
    """The tools for these formats; made once, because patterns are compiled in them."""
    return Tools(Matcher(formats, plain=plain), library, plain, gated)


class InFile(Struct, frozen=True):
    """The secrets of one file, placed; `line_by_line` when there was too much to parse."""

    placed: list[Placed]
    line_by_line: bool = False


def secrets_in(
    source: SourceText,
    tools: Tools,
    *,
    parsed: SourceFile | None = None,
    taken: Taken | None = None,
    rule: CreationRule | None = None,
) -> InFile:
    """The secrets of one file. `parsed` is the file as read before, if it was; `taken` says that a
    generator puts it into a Secret; `rule` is how SOPS ought to encrypt it."""
    style = style_of(source.path)
    named = parsed is not None or is_document(source)
    said = tools.said(source, style, readable=named)
    hits = list(_in_text(source, said, style, tools))
    document: SourceFile | None = None
    too_much = False
    if style.assigns and not said.words.isdisjoint(_PARSED_WORDS):
        wanted = _wanted(source, said, tools) if named else []
        needed = parts_of(source) if named and SOPS in said.words else wanted
        too_much = parsed is None and _is_much(source, needed)
        if needed and not too_much:
            document = parsed or _partly(source, needed)
        broken = too_much or (document is not None and document.broken)
        if wanted and document is not None and not broken:
            hits += _refined(hits_in(document, _lines(source, wanted)), tools)
        hits += _by_lines(source, said, style, named=named, broken=broken)
    if SOPS in said.words:
        hits += _encryption(source, document, rule)
    if taken is not None and not (SOPS in said.words and ENCRYPTED in source.text):
        hits += taken_hits(source, taken)
    return InFile(placed(hits, source, document) if hits else [], too_much)


def _by_lines(
    source: SourceText, said: Said, style: Style, *, named: bool, broken: bool
) -> Iterator[Hit]:
    """What lines say that belong to no document, or to one that cannot be read."""
    if said.shows or broken:
        yield from _assigned(source, said.words, style, readable=named and not broken)
    if broken:
        yield from islice(templates.values_in_templates(source, style.care), MOST_HITS)
    if templates.MARK in said.words:
        if broken or not named:
            yield from islice(templates.secrets_in_templates(source), MOST_HITS)
        yield from islice(templates.commented_secrets(source), MOST_HITS)


def _is_much(source: SourceText, parts: list[Part]) -> bool:
    """Whether parsing the parts would take too long."""
    whole = not source.data.isascii()
    size = len(source.data) if whole and parts else sum(end - start for start, end in parts)
    return size > MOST_PARSED or (bool(parts) and len(source.data) > MAX_BYTES)


def _in_text(source: SourceText, said: Said, style: Style, tools: Tools) -> Iterator[Hit]:
    """What shows by its own form, whatever is around it."""
    if not said.words.isdisjoint(keys.WORDS):
        yield from keys_in(source.text)
    if said.shows:
        yield from _on_lines(source, said.words, style, tools)
    yield from named_file_hits(source)


def _on_lines(
    source: SourceText, words: frozenset[str], style: Style, tools: Tools
) -> Iterator[Hit]:
    yield from formats_in(source, words & tools.matcher.keywords, tools.matcher)
    yield from encoded_in(source, tools.matcher)
    if tools.library is not None:
        yield from tools.library.hits(source, words)
    if ADDRESS in words:
        yield from addresses_in(source, style.care)


def _assigned(
    source: SourceText, words: frozenset[str], style: Style, *, readable: bool
) -> Iterator[Hit]:
    """What names are given; where documents are read, in comments only."""
    lines = assignments_in(source, words & _NAMES, style, comments=readable)
    return islice(lines, MOST_HITS)


def _shows(
    text: SourceText, words: frozenset[str], style: Style, tools: Tools, *, readable: bool
) -> bool:
    """Whether a line of the text shows a secret by itself, in a file that is `readable` as
    documents or not."""
    found = _on_lines(text, words, style, tools)
    if style.assigns:
        found = chain(found, _assigned(text, words, style, readable=readable))
    return next(found, None) is not None


def _wanted(source: SourceText, said: Said, tools: Tools) -> list[Part]:
    return worth_parsing(source, said) if tools.gated else parts_of(source)


def _partly(source: SourceText, wanted: list[Part]) -> SourceFile:
    """The documents of the file; those that nobody wants may be left empty."""
    if not source.data.isascii() or len(wanted) == len(parts_of(source)):
        return document_of(source)
    return read(source.path, with_only(source, wanted))


def _lines(source: SourceText, parts: list[Part]) -> list[range]:
    """The lines (from 1) of the parts."""
    result: list[range] = []
    line, position = 1, 0
    for start, end in parts:
        first = line + source.data.count(b"\n", position, start)
        line, position = first + source.data.count(b"\n", start, end), end
        result.append(range(first, line + 1))
    return result


def _encryption(
    source: SourceText, document: SourceFile | None, rule: CreationRule | None
) -> list[Hit]:
    if document is not None:
        return encryption_hits(document, rule)
    return list(encryption_hits_of_lines(source, rule))


def is_document(source: SourceText) -> bool:
    """Whether the file is named as YAML or JSON."""
    path = source.path
    named = is_yaml(path) or is_json(path) or _is_bare_json(source)
    return named or path.endswith(_JSON_NAMES) or path.endswith(_YAML_NAMES)


def has_documents(source: SourceText) -> bool:
    """Whether the file is named as YAML or JSON and small enough to be parsed as a whole."""
    return len(source.data) <= MOST_PARSED and is_document(source)


def _is_bare_json(source: SourceText) -> bool:
    """Whether a file without an ending begins as JSON does."""
    return "." not in name_of(source.path) and source.data[:1] == b"{"


def document_of(source: SourceText) -> SourceFile:
    """The documents of a file that has some."""
    path = source.path
    if path.endswith(_YAML_NAMES):
        return read(f"{path}.yaml", source.data).renamed(path)
    if is_yaml(path) or is_json(path):
        return read(path, source.data)
    return read(f"{path}.json", source.data).renamed(path)


def _refined(hits: Iterable[Hit], tools: Tools) -> Iterator[Hit]:
    """Hits that follow from a name alone, under the rule of the format that they turn out to be;
    and surer of what the entropy of detect-secrets confirms."""
    for hit in hits:
        place = hit.place
        if hit.rule not in _REFINED or not isinstance(place, Entry):
            yield hit
            continue
        name = next((step for step in reversed(place.route) if isinstance(step, str)), "")
        text = f"{name}={hit.value.reveal()[:CHUNK]}".partition("\n")[0]
        match = next(tools.matcher.in_line(text), None)
        if match is not None and match.format.severity >= hit.severity:
            what = f"{match.format.name} in {hit.what}"
            yield replace(hit, rule=match.format.rule, what=what)
        elif tools.library is not None and tools.library.is_entropic(hit.value.reveal()):
            yield replace(hit, severity=max(hit.severity, Severity.ERROR))
        else:
            yield hit
