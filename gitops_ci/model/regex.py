"""Regular expressions that are compiled when somebody first uses them: of all that a run imports it
needs a few, and to compile them takes longer than to import what holds them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_ATTRIBUTES = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer",
               "flags", "groups", "groupindex")  # fmt: skip


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` returns, for the constants of a module. A faulty pattern raises re.error
    when it is first used."""
    return cast("re.Pattern[AnyStr]", _Waiting(pattern, flags))


class _Compiled:
    """Has all that a compiled expression has, in itself."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._given = flags

    def __reduce__(self) -> Any:
        return regex, (self.pattern, self._given)


class _Waiting(_Compiled):
    """Becomes a _Compiled at the first question: to look for `__getattr__` each time takes as long
    as a short match."""

    def __getattr__(self, name: str) -> Any:
        if name not in _ATTRIBUTES:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._given)
        vars(self).update((known, getattr(compiled, known)) for known in _ATTRIBUTES)
        self.__class__ = _Compiled  # type: ignore[assignment] # the same without `__getattr__`
        return getattr(compiled, name)
