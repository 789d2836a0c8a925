"""What the parts of a credential have to be, for formats without a checksum."""

from __future__ import annotations

import base64
import binascii

_ACCOUNT_MASK = 0x7FFFFFFFFF80
_ACCOUNT_SHIFT = 7
_MOST_ACCOUNTS = 10**12
_FIRST_WITH_ACCOUNT = 1 << 47
_MACAROON_V1_LOCATION = b"location "
_FEWEST_DIFFERENT = 8
_SNOWFLAKE = range(17, 21)


def decoded(text: str) -> bytes | None:
    """The bytes behind base64 or base64url with or without padding; None when it is neither."""
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def aws_key_id(text: str) -> bool:
    """Whether the account in an access key id can be one of AWS: a number of twelve digits.

    Ids made before 2019 have none; their first bit is not set. Source: "Unique identifiers"
    in the IAM user guide and `aws sts get-access-key-info`.
    """
    try:
        number = int.from_bytes(base64.b32decode(text[4:])[:6], "big")
    except ValueError:
        return False
    if number < _FIRST_WITH_ACCOUNT:
        return True
    return (number & _ACCOUNT_MASK) >> _ACCOUNT_SHIFT < _MOST_ACCOUNTS


def macaroon(text: str) -> bool:
    """Whether the text behind the prefix `pypi-` is a macaroon, version 1 or 2, with a location.

    Source: the libmacaroons format; PyPI's "API tokens".
    """
    data = decoded(text.partition("-")[2])
    if data is None:
        return False
    if data[:2] == b"\x02\x01":
        return 2 < data[2] < len(data) - 3
    return data[4:].startswith(_MACAROON_V1_LOCATION)


def discord_token(text: str) -> bool:
    """Whether the first part is the number of a Discord user in base64. Source: "Reference", API
    documentation (snowflakes)."""
    number = decoded(text.partition(".")[0])
    return number is not None and number.isdigit() and len(number) in _SNOWFLAKE


def basic_login(text: str) -> bool:
    """Whether it is the base64 of `user:password` (RFC 7617)."""
    data = decoded(text)
    if data is None or not data.isascii():
        return False
    _, colon, password = data.decode("ascii").partition(":")
    return bool(colon) and password.isprintable() and len(password) > 2


def base64_of(size: int, text: str) -> bool:
    """Whether it is the base64 of exactly `size` bytes, and these are not all alike."""
    data = decoded(text)
    return data is not None and len(data) == size and len(set(data)) >= _FEWEST_DIFFERENT


def mixed(text: str) -> bool:
    """Whether it has enough different characters, digits and letters among them."""
    has_digit = any(char.isdigit() for char in text)
    has_letter = any(char.isalpha() for char in text)
    return has_digit and has_letter and len(set(text)) >= _FEWEST_DIFFERENT
