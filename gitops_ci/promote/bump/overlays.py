"""Versions that an overlay inherits from its base: where they are set anew, and where they could
be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_turns import EditStep, in_turn
from gitops_ci.documents.edits import EditRefusedError, insert
from gitops_ci.documents.splice import StaleEditError, splice
from gitops_ci.documents.values import Value
from gitops_ci.model.edit import Edit
from gitops_ci.model.image import InvalidReferenceError, Version, parse_name, parse_reference
from gitops_ci.promote.bump.plan import Move, Refusal
from gitops_ci.repo.sites.model import Role, Site

OVERLAY_KIND = "kustomize-images"
BASE_KIND = "workload"


class Overlay(Struct, frozen=True):
    """A kustomize root: its kustomization file, whose it is, and every file that it reads.
    `renames` are its `images:` entries that set another name: repositories, old to new."""

    path: str
    environment: str
    app: str
    reads: frozenset[str]
    renames: Mapping[str, str] = field(default_factory=dict)


class Entry(Struct, frozen=True):
    """An `images:` entry that an overlay could have: a site that is not there yet, and the name as
    the base writes it, because kustomize compares the text."""

    site: Site
    name: str


class Override(Struct, frozen=True):
    """The file of an overlay that sets a version anew; `name` is the repository that it puts in
    the place of the base's, if it is another one."""

    path: str
    name: str = ""


def renames_of(kustomization: Value) -> dict[str, str]:
    """The repositories that `images:` entries of a kustomization replace, old to new."""
    entries = kustomization.get("images") if isinstance(kustomization, dict) else None
    found = {}
    for entry in entries if isinstance(entries, list) else ():
        names = (entry.get("name"), entry.get("newName")) if isinstance(entry, dict) else ()
        try:
            old, new = (parse_name(name).repository for name in names if isinstance(name, str))
        except (InvalidReferenceError, ValueError):
            continue  # an entry without a new name, or with names that are none
        if old != new:
            found[old] = new
    return found


def overridden(
    sites: Sequence[Site], overlays: Sequence[Overlay], changes: Callable[[str], Collection[str]]
) -> dict[Site, tuple[Override, ...]]:
    """For each site of a base whose version every overlay sets anew: where they do so. `changes`
    gives the files whose objects the `images:` of a kustomization may alter."""
    setting: dict[str, list[Site]] = {}
    for site in sites:
        if site.kind == OVERLAY_KIND and str(site.version):
            setting.setdefault(site.name, []).append(site)
    found = {}
    for site in sites:
        if site.kind != BASE_KIND:
            continue
        others = [s for s in setting.get(site.name, ()) if site.path in changes(s.path)]
        users = [overlay for overlay in overlays if site.path in overlay.reads]
        places = [_setting(site.name, user, others) for user in users]
        if places and all(places):
            found[site] = tuple(dict.fromkeys(place for here in places for place in here))
    return found


def _setting(name: str, user: Overlay, others: Sequence[Site]) -> list[Override]:
    if name in user.renames:
        return [Override(user.path, user.renames[name])]
    return [Override(other.path) for other in others if other.path in user.reads]


def possible_entries(
    repository: str, environment: str, sites: Iterable[Site], overlays: Iterable[Overlay]
) -> tuple[Entry, ...]:
    """The entries that overlays of `environment` could get for an image that they inherit: those
    that read a base with it, and none of the environment's own places for it."""
    known = [site for site in sites if site.name == repository and not site.refusal]
    own = [site for site in known if site.environment == environment]
    inherited = [site for site in known if site.kind == BASE_KIND and not site.environment]
    entries: dict[str, Entry] = {}
    for overlay in overlays:
        base = next((site for site in inherited if site.path in overlay.reads), None)
        served = any(site.path in overlay.reads for site in own)
        if overlay.environment == environment and base is not None and not served:
            entry = Entry(_entry_site(base, overlay), _written_name(base))
            entries.setdefault(overlay.path, entry)
    return tuple(entries.values())


def _entry_site(base: Site, overlay: Overlay) -> Site:
    return replace(
        base,
        path=overlay.path,
        kind=OVERLAY_KIND,
        environment=overlay.environment,
        app=overlay.app or base.app,
        object=None,
        parts=(),
        markers=(),
    )


def entry_edits(
    source: SourceFile, moves: Sequence[Move], others: Sequence[Edit]
) -> tuple[tuple[Edit, ...], tuple[Refusal, ...]]:
    """The edit that adds the entries of `moves` to the kustomization file `source`, which `others`
    change as well."""
    if not moves:
        return (), ()
    try:
        added = _insertion(source, moves)
        splice(source.data, (*others, *added))
    except (EditRefusedError, StaleEditError) as error:
        return (), tuple(Refusal(move.site, move.target, str(error)) for move in moves)
    return added, ()


def _insertion(source: SourceFile, moves: Sequence[Move]) -> tuple[Edit, ...]:
    document = source.documents[0] if source.documents else None
    if document is None or not isinstance(document.value, dict):
        raise EditRefusedError("the kustomization is no mapping")
    entries = [{"name": move.entry, **_version(move.to)} for move in moves]
    images = document.value.get("images")
    renames = renames_of(document.value)
    for move in moves:
        if move.site.name in renames:
            new = renames[move.site.name]
            raise EditRefusedError(f"the overlay puts {new} in its place; bump that one")
    if images is None and "images" not in document.value:
        return insert(source, document.index, ("images",), entries)
    if not isinstance(images, list):
        raise EditRefusedError("`images` is no list")
    index, number = document.index, len(images)

    def adding(place: int) -> EditStep:
        return lambda now: insert(now, index, ("images", number + place), entries[place])

    if len(entries) == 1:
        return adding(0)(source)
    return in_turn(source, [adding(place) for place in range(len(entries))])


def _written_name(site: Site) -> str:
    part = site.part(Role.REFERENCE)
    try:
        return parse_reference(part.text).name if part else site.name
    except InvalidReferenceError:
        return site.name


def _version(version: Version) -> Mapping[str, str]:
    """kustomize emits tag and digest both when both are given."""
    parts = {"newTag": version.tag, "digest": version.digest}
    return {key: text for key, text in parts.items() if text}
