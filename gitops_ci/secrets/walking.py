"""Secrets in parsed documents: what names, kinds and places say about values."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from gitops_ci.documents.manifests import ref_of
from gitops_ci.documents.read import read
from gitops_ci.model.finding import ObjectRef
from gitops_ci.model.regex import regex
from gitops_ci.model.severity import Severity
from gitops_ci.model.span import Route
from gitops_ci.secrets import rules, unnamed
from gitops_ci.secrets.assignments import assignments
from gitops_ci.secrets.classify import Kind, classify
from gitops_ci.secrets.decode import from_base64, layers
from gitops_ci.secrets.judge import credential, named
from gitops_ci.secrets.named_files import passwords_in
from gitops_ci.secrets.names import Naming, hides_children, is_prose, naming
from gitops_ci.secrets.private_keys import private_keys
from gitops_ci.secrets.source_text import CHUNK
from gitops_ci.secrets.styles import Style, style_of
from gitops_ci.secrets.trail import Trail

_TELLING = (
    *("key", "pass", "pwd", "secret", "token", "credential", "creds", "webhook", "dsn", "bearer"),
    *("authorization", "psk", "jwt", "_pw", "-u ", "--user", *unnamed.WORDS),
)
"""Every text in which a name is given a credential holds one of these (lower case)."""
_MAPPING = regex(r"(?m)^[ \t]*(?:- )?[\"']?[\w./-]+[\"']?:(?:[ \t]|$)")
_SHORTEST_TEXT = 8
_SHORTEST_KEY = 60
_PLAIN = regex(r"(?!.*(?: -|unseal))[\w./@+ -]*\Z")
"""Text in which nothing is given a value, unless it is a command line."""
_SHORTEST_PACKED = 24
_PACKED = regex(r"[A-Za-z0-9+/_-]{24,}[A-Za-z0-9+/_\s-]*={0,2}\s*\Z")
_MAY_BE_KEY = regex("PRIVATE KEY|AGE-SECRET-KEY|PuTTY-User|LS0tLS1CRUdJT")
_NAME_KEYS = ("name", "key", "variable", "Name", "Key")
_VALUE_KEYS = ("value", "Value", "defaultValue")
_INLINE = frozenset({"inline_string", "inline_bytes", "inlineString", "inlineBytes"})
"""How Envoy writes a value into its configuration (`core.v3.DataSource`): what it is says the name
of the mapping around it."""
JOINED = frozenset({"key", "Key", "list", "value"})
"""Keys that say something only together with what the mapping around them is called: `jwt.key`,
`adminToken.value`, `chpasswd.list`. Beside a name a key is the choice of an entry."""
_PLAIN_STYLE = Style()
_WORDS = 100
"""So many words of a command are read together."""
_LEAST_NUMBER = 100_000
"""Smaller numbers are ports, sizes and the like."""


def walk(value: Any, route: Route, trail: Trail, name: str = "") -> None:
    """Look at everything below `value`; `name` is what the nearest mapping calls it."""
    if isinstance(value, dict):
        _mapping(value, route, trail, name)
    elif isinstance(value, list):
        _sequence(value, route, trail, name)
    else:
        leaf(name, value, route, trail)


def _mapping(value: dict[str, Any], route: Route, trail: Trail, name: str) -> None:
    kind = value.get("kind")
    ref: ObjectRef | None = None
    if isinstance(kind, str) and kind:
        ref = ref_of(value) if "apiVersion" in value or "metadata" in value else None
        handler = trail.handlers.get(kind)
        if handler is not None:
            with trail.inside(ref or ref_of(value)):
                handler(value, route, trail)
            return
    if ref is None:
        entries(value, route, trail, name)
    else:
        with trail.inside(ref):
            entries(value, route, trail, name)


def entries(value: dict[str, Any], route: Route, trail: Trail, name: str = "") -> None:
    """Look at every entry of a mapping, whatever kind it says it is."""
    pair = _pair(value)
    if pair is not None:
        leaf(str(value[pair[0]]), value[pair[1]], (*route, pair[1]), trail)
    hiding = hides_children(name) if name else False
    joined = JOINED if name and "name" not in value else ()
    for key, item in value.items():
        if pair is not None and key in pair:
            continue
        way = (*route, key)
        called = f"{name}_{key}" if key in joined else key
        if key == "auths":
            registry_logins(item, way, trail)
        elif item.__class__ is dict or item.__class__ is list:
            walk(item, way, trail, called)
        elif item is not None:
            leaf(name if key in _INLINE else called, item, way, trail, hiding=hiding)


def _pair(value: dict[str, Any]) -> tuple[str, str] | None:
    """The keys of a name and its value, as in the environment of a container or in an operation of
    a JSON patch (RFC 6902)."""
    given = next((key for key in _VALUE_KEYS if key in value), None)
    if given is None or isinstance(value[given], (dict, list)):
        return None
    names = ("path",) if "op" in value else _NAME_KEYS
    named_by = next((key for key in names if isinstance(value.get(key), str)), None)
    return (named_by, given) if named_by else None


def _sequence(value: list[Any], route: Route, trail: Trail, name: str) -> None:
    flag = ""
    for index, item in enumerate(value):
        way = (*route, index)
        if isinstance(item, (dict, list)):
            walk(item, way, trail)
            flag = ""
            continue
        if isinstance(item, str) and flag and not item.startswith("-"):
            leaf(flag, item, way, trail)
        else:
            leaf(name, item, way, trail)
        is_flag = isinstance(item, str) and item.startswith("-") and "=" not in item
        flag = str(item).lstrip("-") if is_flag and " " not in str(item) else ""
    if any(isinstance(item, str) and item[:1] == "-" for item in value):
        _command(value, route, trail)


def _command(words: list[Any], route: Route, trail: Trail) -> None:
    """Look at the words of a command, which are read together; scripts among them are looked at by
    themselves."""
    parts = [word if isinstance(word, str) and " " not in word else "" for word in words[:_WORDS]]
    starts = list(accumulate((len(part) + 1 for part in parts), initial=0))
    line = " ".join(parts)[:CHUNK]
    for match in unnamed.passwords(line, line.lower()):
        severity = credential("password", match["value"])
        if severity is not None:
            index = bisect_right(starts, match.start("value")) - 1
            trail.add((*route, index), match["value"], severity)


def leaf(name: str, value: Any, route: Route, trail: Trail, *, hiding: bool = False) -> None:
    """Look at one value; with `hiding` its mapping holds credentials whatever their names."""
    if not isinstance(value, str):
        if type(value) is not int or value < _LEAST_NUMBER:
            return
        value = str(value)
    if trail.is_full or private_key(value, route, trail):
        return
    surely = naming(name) if name else Naming.NONE
    if hiding and surely is Naming.NONE:
        surely = Naming.SECRET
    severity = named(surely, value) if surely is not Naming.NONE else None
    if severity is not None:
        trail.add(route, value, severity)
    elif len(value) >= _SHORTEST_TEXT and not is_prose(name):
        _inside(name, value, route, trail)


def _inside(name: str, value: str, route: Route, trail: Trail) -> None:
    """Look for what a longer text holds, which can be a file whose name is that of the value."""
    for password in passwords_in(name, value):
        with trail.within(route, 0):
            trail.add((name,), password, Severity.ERROR)
    if not _PLAIN.match(value) and _tells(value):
        text_value(value, route, trail)
    elif len(value) >= _SHORTEST_PACKED and _PACKED.match(value):
        _packed(value, route, trail)


def _tells(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _TELLING)


def _packed(value: str, route: Route, trail: Trail) -> None:
    """Look into a text that is encoded, such as a file in base64."""
    inner = next((text for text in reversed(list(layers(value)))), "")
    if _tells(inner) and not private_key(inner, route, trail):
        before = len(trail.hits)
        text_value(inner, route, trail)
        del trail.hits[before + 1 :]  # all of them stand in the one encoded value


def private_key(value: str, route: Route, trail: Trail) -> bool:
    """Whether the text holds a private key; then it is noted."""
    key = (
        next(private_keys(value), None)
        if len(value) >= _SHORTEST_KEY and _MAY_BE_KEY.search(value)
        else None
    )
    if key is None:
        return False
    rule = rules.ENCRYPTED_PRIVATE_KEY if key.protected else rules.PRIVATE_KEY
    trail.add(route, key.value, rule.severity, rule=rule)
    return True


def text_value(value: str, route: Route, trail: Trail) -> None:
    """Look into a string: a document, a list of settings, a command line."""
    if "\n" in value or value.lstrip()[:1] in ("{", "["):
        with trail.within(route, len(value)) as allowed:
            if allowed and not _document(value, trail):
                style = style_of(str(route[-1])) if route else _PLAIN_STYLE
                for line in value.split("\n"):
                    _line(line, route, trail, style)
    else:
        _line(value, route, trail)


def _document(text: str, trail: Trail) -> bool:
    """Whether the text is a document; then it is walked."""
    first = text.lstrip()[:1]
    if first in ("{", "["):
        name = "value.json"
    elif first == "<" or not _MAPPING.search(text):
        return False
    else:
        name = "value.yaml"
    source = read(name, text.encode("utf-8", "replace"))
    if source.broken or not any(isinstance(d.value, (dict, list)) for d in source.documents):
        return False
    for document in source.documents:
        walk(document.value, (), trail)
    return True


def _line(line: str, route: Route, trail: Trail, style: Style = _PLAIN_STYLE) -> None:
    if not _tells(line):
        return
    known: set[str] = set()
    for item in assignments(line[:CHUNK], words=style.words, whole=style.whole):
        severity = credential(item.name, item.value)
        if severity is not None and item.value not in known:
            known.add(item.value)
            with trail.within(route, 0) as allowed:
                if allowed or trail.outer:
                    what = f"'{item.name}' in {trail.named(route)}"
                    trail.add((item.name,), item.value, severity, what=what)


def registry_logins(auths: Any, route: Route, trail: Trail) -> None:
    """The logins of a container registry: `auths.*.{auth,password,identitytoken}`."""
    for host, entry in auths.items() if isinstance(auths, dict) else ():
        if not isinstance(entry, dict):
            continue
        for key in ("auth", "password", "identitytoken"):
            value = entry.get(key)
            if isinstance(value, str) and _is_login(key, value):
                rule = rules.REGISTRY_CREDENTIALS
                what = f"'{key}' of the registry '{host}'"
                trail.add((*route, host, key), value, rule.severity, what=what, rule=rule)
                break


def logins_in_text(text: str, route: Route, trail: Trail) -> None:
    """Look at the registry logins of a file in the old form, which has no `auths`."""
    source = read("value.json", text.encode("utf-8", "replace"))
    with trail.within(route, len(text)) as allowed:
        for document in source.documents if allowed else ():
            registry_logins(document.value, (), trail)


def _is_login(key: str, value: str) -> bool:
    text = (from_base64(value) or "") if key == "auth" else value
    password = text.partition(":")[2] if key == "auth" else text
    return bool(password) and classify(password) in (Kind.SECRET, Kind.PLAIN)
