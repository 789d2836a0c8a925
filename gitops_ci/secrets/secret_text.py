"""A value that may be a secret: it cannot be printed, formatted or pickled by accident."""

from __future__ import annotations

from typing import NoReturn

_BOUNDS = (8, 16, 32, 64, 256, 4096)


class SecretText:
    """Holds `value`; only `reveal` gives it back. Everything that makes text of it shows no more
    than about how long it is. Equal when the values are equal."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for comparing and for the redactor. Never for output."""
        return self.__value

    @property
    def length(self) -> str:
        """About how long it is, in words."""
        size = len(self.__value)
        lower = 1
        for upper in _BOUNDS:
            if size <= upper:
                return f"{lower} to {upper} characters"
            lower = upper + 1
        return f"more than {_BOUNDS[-1]} characters"

    def __repr__(self) -> str:
        return f"<secret, {self.length}>"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and self.__value == other.__value

    def __hash__(self) -> int:
        return hash((SecretText, self.__value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never pickled")

    def __copy__(self) -> SecretText:
        return self

    def __deepcopy__(self, _memo: object) -> SecretText:
        return self
