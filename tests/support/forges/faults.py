"""What can go wrong with one call, as forges and the network between do it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from tests.support.forges.calls import Answer


@dataclass(frozen=True)
class Fault:
    """`happens`: the call is carried out all the same. `cut`: nothing is sent back."""

    name: str
    happens: bool = False
    cut: bool = False
    make: Callable[[], Answer] = lambda: Answer(500)

    @property
    def answer(self) -> Answer:
        return self.make()


def _says(status: int, message: str, **headers: str) -> Callable[[], Answer]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: Answer(status, {"message": message}, sent)


def _reset_in(seconds: float) -> Callable[[], Answer]:
    def make() -> Answer:
        reset = str(int(time.time() + seconds))
        headers = {
            "x-ratelimit-remaining": "0",
            "x-ratelimit-limit": "5000",
            "x-ratelimit-reset": reset,
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": reset,
        }
        return Answer(403, {"message": "API rate limit exceeded"}, headers)

    return make


def _dated() -> Answer:
    later = formatdate(time.time() + 2, usegmt=True)
    return Answer(429, {"message": "Too Many Requests"}, {"Retry-After": later})


_SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."
UNKNOWN = (
    Fault("before", cut=True),
    Fault("after", happens=True, cut=True),
    Fault("502 after success", happens=True, make=_says(502, "Bad Gateway")),
)
THROTTLES = (
    Fault("403 secondary with Retry-After", make=_says(403, _SECONDARY, Retry_After="1")),
    Fault("403 secondary without", make=_says(403, _SECONDARY)),
    Fault("429 with Retry-After", make=_says(429, "Too Many Requests", Retry_After="2")),
    Fault("429 without", make=_says(429, "Too Many Requests")),
    Fault("429 with a date", make=_dated),
    Fault("an hour's reset", make=_reset_in(3600)),
)
REFUSALS = (
    Fault("502 before", make=_says(502, "Bad Gateway")),
    Fault("401", make=_says(401, "Bad credentials")),
    Fault("409", make=_says(409, "Conflict")),
    Fault("422", make=_says(422, "Validation Failed")),
)
FAULTS = (*UNKNOWN, *THROTTLES, *REFUSALS)
