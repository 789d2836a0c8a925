"""How the data files of formats are written."""

from __future__ import annotations

import pytest

from gitops_ci.model.severity import Severity
from gitops_ci.secrets.format import Format, Validity
from gitops_ci.secrets.formats.reading import read_formats


def _unknown(text: str) -> Validity:
    return Validity.UNKNOWN


def _read(text: str) -> list[Format]:
    return list(read_formats(text, "a.txt", {"mild": _unknown}))


TOKEN = """\
# A comment.

[shop-token] Token of the shop
url: https://shop.example.com/docs
value: shp_v2\\.[0-9a-f]{8}
like: shp_v2.{{fake:hex 8}}
check: mild
severity: warning
"""
NAMED = """\
[shop-key] Key of the shop
url: https://shop.example.com/docs
keywords: shop
after: shop[_.-]?key
value: [0-9a-f]{8}
as: SHOP_KEY shopKey
like: 0123abcd
"""


def test_a_token() -> None:
    (item,) = _read(TOKEN)
    assert item.id == "shop-token"
    assert item.name == "Token of the shop"
    assert item.keywords == ("shp_v2.",)
    assert item.group == 1
    assert item.validate is _unknown
    assert item.severity is Severity.WARNING
    assert item.bad[0] == "TOKEN=shp_v2.{{fake:hex 8}}"
    assert item.rule.id == "secret/shop-token"


def test_a_keyword_ends_before_what_may_be_missing() -> None:
    (item,) = _read(TOKEN.replace("shp_v2\\.[0-9a-f]{8}", "shpx?[0-9a-f]{8}"))
    assert item.keywords == ("shp",)


def test_a_value_behind_a_name() -> None:
    (item,) = _read(NAMED)
    assert item.bad == ("SHOP_KEY=0123abcd", '  shopKey: "0123abcd"')
    assert item.good[1] == "resource_version: 0123abcd"
    assert item.severity is Severity.ERROR


def test_examples_of_its_own_come_first() -> None:
    (item,) = _read(TOKEN + "bad: shp_v2.00112233\ngood: shp_v3.00112233\n")
    assert item.bad[0] == "shp_v2.00112233"
    assert item.good[0] == "shp_v3.00112233"
    assert (len(item.bad), len(item.good)) == (2, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TOKEN.replace("url: ", "uri: "), "a.txt:4: not a line"),
        ("url: https://shop.example.com\n", "a.txt:1: not a line"),
        (TOKEN.replace("value: shp_v2\\.[0-9a-f]{8}\n", ""), r"\[shop-token\] .*'pattern'"),
        (TOKEN.replace("value: shp", "value: (?:shp)"), r"\[shop-token\] .*'keywords'"),
        (TOKEN.replace("check: mild", "check: wild"), r"\[shop-token\] .*'wild'"),
        (TOKEN.replace("severity: warning", "severity: loud"), r"\[shop-token\] .*'LOUD'"),
        (TOKEN.replace("url: https://shop.example.com/docs\n", ""), "'url'"),
        (NAMED.replace("value: [0-9a-f]{8}\n", ""), "'value'"),
        (NAMED.replace("keywords: shop\n", ""), "'keywords'"),
    ],
)
def test_a_faulty_entry_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _read(text)
