"""How one site writes another version: part by part, in the shape that the parts have."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from gitops_ci.documents.document import SourceFile
from gitops_ci.documents.edit_part import set_part
from gitops_ci.documents.edit_proof import prove_same
from gitops_ci.documents.edit_turns import EditStep, in_turn
from gitops_ci.documents.edits import EditRefusedError, delete, insert, set_scalar
from gitops_ci.documents.locate import lines_of
from gitops_ci.documents.nested import outer_edits
from gitops_ci.documents.splice import StaleEditError, replacement, splice
from gitops_ci.model.edit import Edit
from gitops_ci.model.image import Version, parse_reference
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.comments import comment_behind
from gitops_ci.repo.sites.model import Part, Role, Site
from gitops_ci.repo.sites.text import text_at

_EMPTIED = ("values", "helm-parameter", "workload", "config-map", "declared", "operator", "patch")
"""Where a digest that goes leaves an empty text: a chart's template reads the key."""


class Writer(Struct, frozen=True):
    """Writes versions to one site of `source`. `routes` are the values in the site's text that
    change in the same plan."""

    source: SourceFile
    site: Site
    routes: Collection[Route]

    def write(self, version: Version, tag: str) -> tuple[Edit, ...]:
        """The edits that make the site say `version`, and a comment that names the old tag say the
        new one, `tag`, which the site itself may not write. Raises EditRefusedError."""
        within = self.site.parts[0].at.within
        if any(part.at.within != within for part in self.site.parts):
            raise EditRefusedError("the parts of the version stand in different texts")
        text = text_at(self.source, within)
        if text is None:
            raise EditRefusedError("the file has changed since it was read")
        edits = _together(text.source, [*self._steps(version), self._comment(tag)])
        for depth in range(len(within), 0, -1):
            holder = text_at(self.source, within[: depth - 1])
            assert holder is not None
            edits = outer_edits(holder.source, *within[depth - 1], edits)
        return edits

    def _steps(self, version: Version) -> list[EditStep]:
        reference = self.site.part(Role.REFERENCE)
        if reference is not None:
            return [self._reference(reference, version)]
        return self._split(version)

    def _reference(self, part: Part, version: Version) -> EditStep:
        text = str(parse_reference(part.text).with_version(version))
        return self._set(part, text)

    def _split(self, version: Version) -> list[EditStep]:
        tag, digest = self.site.part(Role.TAG), self.site.part(Role.DIGEST)
        if tag is None:
            return self._digest_alone(digest, version)
        steps = []
        if digest is not None:
            if version.tag or tag.text:
                steps.append(self._tag(tag, version.tag))
            steps.append(self._digest(digest, version.digest))
        elif self._has_own_digest(version):
            steps += [self._insert(tag, "digest", version.digest), self._tag(tag, version.tag)]
        else:
            steps.append(self._tag(tag, str(version)))
        return steps

    def _has_own_digest(self, version: Version) -> bool:
        """kustomize and Flux have a key for a digest, which must not stand in the tag."""
        return bool(version.digest) and self.site.kind in ("kustomize-images", "flux-source")

    def _digest_alone(self, digest: Part | None, version: Version) -> list[EditStep]:
        if digest is None:
            raise EditRefusedError("there is no key for a version")
        if version.tag:
            raise EditRefusedError("there is only a key for a digest")
        return [self._digest(digest, version.digest)]

    def _tag(self, part: Part, text: str) -> EditStep:
        if not text:
            return self._drop(part)
        if part.missing:
            return lambda source: insert(source, part.at.document, part.at.route, text)
        return self._set(part, text)

    def _digest(self, part: Part, text: str) -> EditStep:
        return self._set(part, text) if text else self._drop(part)

    def _drop(self, part: Part) -> EditStep:
        if part.missing or not part.text:
            return lambda _source: ()
        if self.site.kind in _EMPTIED:
            if part.role is Role.TAG:
                raise EditRefusedError("a chart needs a tag beside the digest: pin tag+digest")
            return self._set(part, "")
        return lambda source: delete(source, part.at.document, part.at.route)

    def _insert(self, beside: Part, key: str, text: str) -> EditStep:
        if not text:
            return lambda _source: ()
        route = (*beside.at.route[:-1], key)
        return lambda source: insert(source, beside.at.document, route, text)

    def _set(self, part: Part, text: str) -> EditStep:
        document, route, routes = part.at.document, part.at.route, self.routes
        if part.before:
            return lambda source: set_part(
                source, document, route, part.before, part.text, text, consumers=routes
            )
        value = text + part.after
        return lambda source: set_scalar(source, document, route, value, consumers=routes)

    def _comment(self, tag: str) -> EditStep:
        """A comment that is the old version, or names the version of a bare digest, moves along."""
        old = self.site.version

        def step(source: SourceFile) -> tuple[Edit, ...]:
            for part in self.site.parts:
                if part.missing or part.role not in (Role.REFERENCE, Role.TAG, Role.DIGEST):
                    continue
                comment = comment_behind(source, part.at.document, part.at.route)
                place = comment.version if comment is not None else None
                if place is not None:
                    return _commented(source, place, old, tag)
            return ()

        return step


def _commented(
    source: SourceFile, place: tuple[int, int], old: Version, tag: str
) -> tuple[Edit, ...]:
    lines = lines_of(source)
    said = lines.text[place[0] : place[1]]
    if old.tag and said.removeprefix("v") != old.tag.removeprefix("v"):
        return ()
    if not old.tag and not old.digest:
        return ()
    if not tag:
        raise EditRefusedError(
            f"the comment says '{said}', and the tag of the new digest is not given"
        )
    new = tag if said == old.tag or not old.tag else _restyled(said, tag)
    if new == said:
        return ()
    edit = replacement(source.path, lines, *place, new)
    prove_same(source, (edit,))
    return (edit,)


def _restyled(said: str, tag: str) -> str:
    bare = tag.removeprefix("v")
    return f"v{bare}" if said.startswith("v") else bare


def _together(source: SourceFile, steps: list[EditStep]) -> tuple[Edit, ...]:
    """The edits of all steps. Each is made on the text as it is; where they get into each other's
    way they are made one after the other, and what changed becomes one edit."""
    try:
        edits = tuple(edit for step in steps for edit in step(source))
        splice(source.data, edits)
    except (StaleEditError, EditRefusedError):
        return in_turn(source, steps)  # which refuses what cannot be done in turn, either
    if _touching(edits):
        return in_turn(source, steps)
    return edits


def _touching(edits: tuple[Edit, ...]) -> bool:
    """Whether two insertions meet, whose order would be left to chance."""
    places = [(edit.span.start, edit.span.end) for edit in edits]
    return len(set(places)) != len(places)
