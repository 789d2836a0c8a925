"""What stood where, and how long: the first-parent history of a branch as states of places.

Only content counts. A state stands from the first-parent commit that brought it until the one that
changed it; commit messages and trailers are never read. Times are the committers' times, and a
commit is never older than one that it builds on, so that a date in the past makes nothing old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property

from msgspec import Struct

from gitops_ci.promote.likeness import Likenesses
from gitops_ci.promote.slots import Place
from gitops_ci.promote.state import State
from gitops_ci.promote.survey import Reading, Survey, states

_AT_ONCE = 4_000
Contents = Callable[[Sequence[str]], dict[str, bytes]]
"""The bytes of blobs by their ids; one that cannot be had is left out."""


class Touch(Struct, frozen=True):
    """One first-parent commit's effect on one file: the blob that it left, empty where it removed
    the file. `when` is the committer's time in seconds since 1970."""

    commit: str
    when: int
    path: str
    blob: str
    executable: bool = False


class Standing(Struct, frozen=True):
    """A state with the time that it stood: `commit` brought it at `since`; it went at `until`, or
    stands still (None). `first` says that history before it is not known, so that it may have
    stood longer."""

    state: State
    commit: str
    since: datetime
    until: datetime | None = None
    first: bool = False

    def lasted(self, now: datetime) -> float:
        """How long it stood, or stands, in seconds; never negative."""
        return max(0.0, ((self.until or now) - self.since).total_seconds())


class History:
    """The standings of the places of one branch. Each blob is fetched and read once, and only when
    a place that it concerns is asked for."""

    def __init__(
        self, survey: Survey, touches: Iterable[Touch], contents: Contents, *, cut: bool = False
    ) -> None:
        """`touches` are in order, the oldest first, and complete from the beginning of the branch;
        with `cut` the first of them stand for everything before."""
        self._survey, self._contents, self._cut = survey, contents, cut
        self._by_path: dict[str, list[Touch]] = defaultdict(list)
        self._paths: dict[Place, set[str]] = defaultdict(set)
        self._bytes: dict[str, bytes] = {}
        self._read: dict[tuple[str, str, bool], tuple[Reading, ...]] = {}
        self._likenesses = Likenesses()
        self._order: dict[str, int] = {}
        self._times: dict[str, int] = {}
        latest = 0
        for touch in touches:
            latest = max(latest, touch.when)
            self._times.setdefault(touch.commit, latest)
            self._order.setdefault(touch.commit, len(self._order))
            if touch.path not in self._by_path:
                for place in survey.concerns(touch.path):
                    self._paths[place].add(touch.path)
            self._by_path[touch.path].append(touch)

    def standings(self, place: Place, paths: Iterable[str] = ()) -> tuple[Standing, ...]:
        """What stood at `place`, the oldest first; states that do not differ are one standing.
        `paths` are further files that hold something for it, such as a list that several
        environments share."""
        wanted = self._paths.get(place, set()) | set(paths)
        touches = [touch for path in wanted for touch in self._by_path.get(path, ())]
        touches.sort(key=lambda touch: self._order[touch.commit])
        self._fetch(touches)
        now: dict[str, Touch] = {}
        found: list[Standing] = []
        for commit, here in _by_commit(touches):
            for touch in here:
                now[touch.path] = touch
            state = self._state(place, now.values())
            if found and found[-1].state.fingerprint == state.fingerprint:
                continue
            since = datetime.fromtimestamp(self._times[commit], UTC)
            if found:
                found[-1] = _ended(found[-1], since)
            found.append(Standing(state, commit, since, first=self._cut and not found))
        return tuple(found)

    def _fetch(self, touches: Iterable[Touch]) -> None:
        """Fetch what is missing for `touches`, and in the same go other blobs that places may ask
        for next, the newest first: each call of git costs more than many blobs."""
        wanted = dict.fromkeys(t.blob for t in touches if t.blob and t.blob not in self._bytes)
        if not wanted:
            return
        for blob in self._ahead:
            if len(wanted) >= _AT_ONCE:
                break
            if blob not in self._bytes:
                wanted.setdefault(blob)
        self._bytes.update(self._contents(tuple(wanted)))

    @cached_property
    def _ahead(self) -> tuple[str, ...]:
        """The blobs of all files that belong to a place, those that came last first."""
        paths = {path for paths in self._paths.values() for path in paths}
        touches = [touch for path in paths for touch in self._by_path[path] if touch.blob]
        touches.sort(key=lambda touch: -self._order[touch.commit])
        return tuple(dict.fromkeys(touch.blob for touch in touches))

    def _state(self, place: Place, touches: Iterable[Touch]) -> State:
        readings = [
            reading
            for touch in sorted(touches, key=lambda touch: touch.path)
            for reading in self._readings(touch)
            if reading[0] == place
        ]
        return states(readings).get(place, State(place))

    def _readings(self, touch: Touch) -> tuple[Reading, ...]:
        key = (touch.path, touch.blob, touch.executable)
        if key not in self._read:
            data = self._bytes.get(touch.blob)
            self._read[key] = () if data is None else self._of(touch, data)
        return self._read[key]

    def _of(self, touch: Touch, data: bytes) -> tuple[Reading, ...]:
        copied = tuple(self._survey.copy(touch.path, data, executable=touch.executable))
        if not touch.path.endswith((".yaml", ".yml", ".json")):
            return copied
        known = self._likenesses.read(touch.path, data)
        if known is None:
            source = self._survey.parse(touch.path, data)
            known = tuple(self._survey.read(source))
            self._likenesses.learn(source, known)
        return (*known, *copied)


def _ended(standing: Standing, until: datetime) -> Standing:
    return Standing(standing.state, standing.commit, standing.since, until, standing.first)


def _by_commit(touches: Sequence[Touch]) -> Iterable[tuple[str, list[Touch]]]:
    found: dict[str, list[Touch]] = defaultdict(list)
    for touch in touches:
        found[touch.commit].append(touch)
    return found.items()
