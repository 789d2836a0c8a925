"""No printed line may be a command to the runner that reads it.

GitHub's runner (actions/runner, ActionCommand.cs) takes a line as a command when it begins with
`::` behind white space, and, in the older form, when it holds `##[` anywhere. Its comparisons
follow the culture, which skips characters that show nothing, so these do not separate anything.
"""

from __future__ import annotations

from gitops_ci.model.regex import regex

_NOTHING = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff"
)
_SPACE = "\t\x0b\x0c \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_LEADING = regex(f"((?:^|[\r\n])[{_SPACE}{_NOTHING}]*:[{_NOTHING}]*)(?=:)")
_ANYWHERE = regex(f"(#[{_NOTHING}]*#[{_NOTHING}]*)(?=\\[)")


def neutralise(text: str) -> str:
    """`text` with a space put into every place where a runner would see a command; other text is
    returned unchanged. Idempotent, linear in time."""
    if ":" in text:
        text = _LEADING.sub(r"\1 ", text)
    if "#" in text:
        text = _ANYWHERE.sub(r"\1 ", text)
    return text
