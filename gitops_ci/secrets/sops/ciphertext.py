"""Single encrypted values: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:str]` (aes/cipher.go of SOPS)."""

from __future__ import annotations

import base64
import binascii

from gitops_ci.model.regex import regex

MARK = "ENC[AES256_GCM,"
"""How every value that SOPS encrypted begins."""
_FORM = regex(
    r"ENC\[AES256_GCM,data:(?P<data>[^,]*),iv:(?P<iv>[^,]*),tag:(?P<tag>[^,]*),"
    r"type:(?:str|int|float|bool|bytes|comment|time)\]\s*\Z"
)
_IV, _TAG = 32, 16


def is_encrypted(text: str) -> bool:
    """Whether SOPS encrypted the value, damaged or not."""
    return text.lstrip().startswith(MARK)


def damage_of(text: str) -> str:
    """What is wrong with an encrypted value; empty when nothing is."""
    match = _FORM.match(text.strip())
    if match is None:
        return "it is cut off or changed"
    if _size(match["data"]) is None:
        return "its data is no base64"
    if _size(match["iv"]) != _IV:
        return f"its iv has not {_IV} bytes"
    return "" if _size(match["tag"]) == _TAG else f"its tag has not {_TAG} bytes"


def _size(text: str) -> int | None:
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None
