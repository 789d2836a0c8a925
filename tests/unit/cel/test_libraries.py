"""The Kubernetes libraries, by the examples of their documentation and what lies beside them."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.cel.engine import Environment, EvaluationError, scope

VALUES = [
    # quantities
    ("isQuantity('1.3Gi')", True),
    ("isQuantity('1.3GiB')", False),
    ("isQuantity('')", False),
    ("isQuantity('1e3')", True),
    ("isQuantity('0x10')", False),
    ("isQuantity('+.5')", True),
    ("quantity('50000000G').isInteger()", True),
    ("quantity('500m').isInteger()", False),
    ("quantity('9999999999999999999999999999999999999G').isInteger()", False),
    ("quantity('50k').asInteger()", 50000),
    ("quantity('1Ki').asInteger()", 1024),
    ("quantity('-5').sign()", -1),
    ("quantity('0').sign()", 0),
    ("quantity('1.5').asApproximateFloat()", 1.5),
    ("quantity('200M').compareTo(quantity('0.2G'))", 0),
    ("quantity('50Mi').compareTo(quantity('50M'))", 1),
    ("quantity('1k').isLessThan(quantity('1Ki'))", True),
    ("quantity('1Gi') == quantity('1024Mi')", True),
    ("quantity('1') == quantity('1000m')", True),
    ("quantity('50k').add(quantity('20k')) == quantity('70k')", True),
    ("quantity('50k').sub(20000) == quantity('30k')", True),
    ("quantity('0.1n') == quantity('1n')", True),
    ("[quantity('1'), quantity('2')].all(q, q.isLessThan(quantity('3')))", True),
    # URLs
    ("url('https://example.com:80/').getHost()", "example.com:80"),
    ("url('https://example.com/').getHost()", "example.com"),
    ("url('https://[::1]:80/').getHost()", "[::1]:80"),
    ("url('https://[::1]:80/').getHostname()", "::1"),
    ("url('https://[::1]/').getPort()", ""),
    ("url('https://example.com:80/').getPort()", "80"),
    ("url('/path').getScheme()", ""),
    ("url('https://example.com/path with spaces/').getEscapedPath()", "/path%20with%20spaces/"),
    ("url('https://example.com/a%2Fb').getEscapedPath()", "/a%2Fb"),
    ("url('https://example.com/?k1=a&k2=b&k2=c').getQuery()", {"k1": ["a"], "k2": ["b", "c"]}),
    ("url('https://example.com/path').getQuery()", {}),
    ("isURL('https://user:pass@example.com:80/')", True),
    ("isURL('/absolute-path')", True),
    ("isURL('https://a:b:c/')", False),
    ("isURL('../relative-path')", False),
    ("isURL('https://exa mple.com/')", False),
    ("isURL('https://example.com/%zz')", False),
    ("isURL('')", False),
    # addresses
    ("isIP('127.0.0.1')", True),
    ("isIP('127.0.0.1.0')", False),
    ("isIP('::ffff:1.2.3.4')", False),
    ("isIP('fe80::1%eth0')", False),
    ("ip('127.0.0.1').family()", 4),
    ("ip('::1').family()", 6),
    ("ip('127.0.0.1').isLoopback()", True),
    ("ip('0.0.0.0').isUnspecified()", True),
    ("ip('224.0.0.1').isLinkLocalMulticast()", True),
    ("ip('224.0.1.1').isLinkLocalMulticast()", False),
    ("ip('ff02::1').isLinkLocalMulticast()", True),
    ("ip('fe80::1').isLinkLocalUnicast()", True),
    ("ip('192.168.0.1').isGlobalUnicast()", True),
    ("ip('255.255.255.255').isGlobalUnicast()", False),
    ("ip.isCanonical('2001:db8::abcd')", True),
    ("ip.isCanonical('2001:DB8::ABCD')", False),
    ("ip('2001:db8::abcd') == ip('2001:DB8::ABCD')", True),
    ("string(ip('::1'))", "::1"),
    ("isCIDR('192.168.0.0/16')", True),
    ("isCIDR('192.168.0.0/33')", False),
    ("isCIDR('192.168.0.0/016')", False),
    ("isCIDR('192.168.0.0')", False),
    ("cidr('192.168.0.0/24').containsIP('192.168.0.1')", True),
    ("cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))", False),
    ("cidr('192.168.0.0/24').containsIP(ip('::1'))", False),
    ("cidr('192.168.0.0/24').containsCIDR('192.168.0.0/25')", True),
    ("cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/16'))", False),
    ("cidr('192.168.0.1/24').ip() == ip('192.168.0.1')", True),
    ("cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')", True),
    ("cidr('192.168.0.1/24').prefixLength()", 24),
    ("string(cidr('::1/128'))", "::1/128"),
    # semantic versions
    ("isSemver('1.0.0-alpha+build')", True),
    ("isSemver('v1.0')", False),
    ("isSemver('v1.0', true)", True),
    ("isSemver('01.0.0')", False),
    ("isSemver('01.0.0', true)", True),
    ("semver('1.2.3').minor()", 2),
    ("semver('1.2.3').compareTo(semver('1.2.3+build'))", 0),
    ("semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))", True),
    ("semver('1.2.3-rc.10').isGreaterThan(semver('1.2.3-rc.9'))", True),
    ("semver('1.2.3-1').isLessThan(semver('1.2.3-alpha'))", True),
    # formats
    ("format.dns1123Label().validate('my-label').hasValue()", False),
    ("format.dns1123Label().validate('My_Label').hasValue()", True),
    ("format.dns1123Label().validate('My_Label').value().size()", 1),
    ("format.dns1123LabelPrefix().validate('my-label-').hasValue()", False),
    ("format.dns1123Subdomain().validate('apps.example.com').orValue([])", []),
    ("format.dns1035Label().validate('1a').hasValue()", True),
    ("format.qualifiedName().validate('example.com/Name_1').hasValue()", False),
    ("format.qualifiedName().validate('/name').hasValue()", True),
    ("format.labelValue().validate('').hasValue()", False),
    ("format.uri().validate('no uri').hasValue()", True),
    ("format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()", False),
    ("format.byte().validate('aGVsbG8=').hasValue()", False),
    ("format.byte().validate('aGVsbG8').hasValue()", True),
    ("format.date().validate('2021-02-29').hasValue()", True),
    ("format.datetime().validate('2021-01-01T00:00:00Z').hasValue()", False),
    ("format.datetime().validate('2021-01-01 00:00:00Z').hasValue()", True),
    ("format.named('dns1123Label').value().validate('A').hasValue()", True),
    ("format.named('nothing').hasValue()", False),
    # regular expressions
    ("'abc 123'.find('[0-9]+')", "123"),
    ("'abc'.find('[0-9]+')", ""),
    ("'123 abc 456'.findAll('[0-9]+')", ["123", "456"]),
    ("'123 abc 456'.findAll('[0-9]+', 1)", ["123"]),
    ("'123 abc 456'.findAll('[0-9]+', 0)", []),
    # lists
    ("[1, 2, 3].isSorted()", True),
    ("['b', 'a'].isSorted()", False),
    ("[1, 3].sum()", 4),
    ("[1.5, 2.5].sum()", 4.0),
    ("dyn([]).sum()", 0),
    ("['b', 'a'].min()", "a"),
    ("[1, 3, 2].max()", 3),
    ("[1, 2, 2].indexOf(2)", 1),
    ("['a', 'b', 'b'].lastIndexOf('b')", 2),
    ("[1].indexOf(7)", -1),
    ("dyn([true]).indexOf(1)", -1),
    ("'tacocat'.indexOf('a')", 1),
    # extensions
    ("sets.contains([1, 2, 3], [2])", True),
    ("sets.intersects([1], [2])", False),
    ("sets.equivalent([1, 1], [1])", True),
    ("math.greatest(1, 5)", 5),
    ("'%s is %d'.format(['a', 1])", "a is 1"),
    ("'a,b'.split(',')", ["a", "b"]),
    ("['a', 'b'].join('-')", "a-b"),
    ("'AbC'.lowerAscii()", "abc"),
    ("'abcd'.substring(1, 3)", "bc"),
    ("'hello'.replace('l', 'L', 1)", "heLlo"),
    ("strings.quote('a\"b')", '"a\\"b"'),
    ("base64.encode(b'abc')", "YWJj"),
    ("[1, 2].all(i, v, i < v)", True),
    ("{'a': 1}.exists(k, v, k == 'a' && v == 1)", True),
    ("[3, 4].transformList(i, v, i + v)", [3, 5]),
    ("{'a': 1}.transformMap(k, v, v + 1)", {"a": 2}),
    ("{'a': 'b'}.transformMapEntry(k, v, {v: k})", {"b": "a"}),
    ("cel.bind(x, 2, x * x)", 4),
    ("optional.of(1).orValue(2)", 1),
    ("{'a': 1}[?'b'].orValue(7)", 7),
    ("[3, 1, 2].sort()", [1, 2, 3]),
    # numbers of different types compare
    ("1 < 1.5", True),
    ("2u >= 2", True),
    ("quantity('1').asApproximateFloat() > 0", True),
    ("string(true) + string(1)", "true1"),
]

ERRORS = [
    ("quantity('1X')", "'1X'"),
    ("quantity('9223372036854775808').asInteger() == 1", "integer"),
    ("quantity('1.5').asInteger() == 1", "integer"),
    ("url('no')", "'no'"),
    ("ip('nowhere')", "nowhere"),
    ("ip.isCanonical('x')", "x"),
    ("cidr('1.2.3.4')", "1.2.3.4"),
    ("semver('1')", "'1'"),
    ("'a'.find('[')", "Illegal regex"),
    ("'a'.matches('(')", "regular expression"),
    ("dyn([]).min()", "empty list"),
    ("dyn([1, 'a']).max()", "no such overload"),
    ("dyn(quantity('1')).isGreaterThan(semver('1.0.0'))", "no such overload"),
    ("{'a': 1}.b", '"b"'),
    ("[1][3]", "3"),
    ("1 / 0", "zero"),
]


def value(expression: str, **values: Any) -> Any:
    types = dict.fromkeys(values, "dyn")
    return Environment(types).compile(expression)(scope(values))


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_values(expression: str, expected: Any) -> None:
    found = value(expression)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(("expression", "words"), ERRORS)
def test_what_has_no_value(expression: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=r".") as caught:
        value(expression)
    assert words in str(caught.value)
    assert not caught.value.unsupported


@pytest.mark.parametrize("expression", ["[duration('1h')].sum()", "dyn([timestamp(0)]).max()"])
def test_what_the_evaluator_cannot_hand_back_is_no_fault_of_the_policy(expression: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(expression)
    assert caught.value.unsupported
