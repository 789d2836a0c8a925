from __future__ import annotations

import pytest

from gitops_ci.secrets.assignments import assignments, may_assign
from gitops_ci.secrets.names import Naming, naming

ROWS: list[tuple[str, list[tuple[str, str]]]] = [
    ("password: abc", [("password", "abc")]),
    ('db.password = "a b"', [("db.password", "a b")]),
    ('password = """a#b;c"""', [("password", "a#b;c")]),
    ('password = """', [("password", "")]),
    ("spring.datasource.password.1=abc", [("spring.datasource.password.1", "abc")]),
    ("spring.datasource[0].password=abc", [("spring.datasource[0].password", "abc")]),
    ("keys[0][1]=abc", [("keys[0][1]", "abc")]),
    ('$env:DB_PASSWORD = "abc"', [("DB_PASSWORD", "abc")]),
    ("note:TOKEN=abc", [("TOKEN", "abc")]),
    (":rubygems_api_key: abc", [("rubygems_api_key", "abc")]),
    ("note: TOKEN=abc", [("TOKEN", "abc")]),
    ("<password>abc</password>", [("password", "abc")]),
    ('<property name="connection.password">abc</property>', [("connection.password", "abc")]),
    ('<add key="Password" value="a b" />', [("Password", "a b")]),
    ("$db_password = 'abc';", [("db_password", "abc")]),
    ('my $token = "abc";', [("token", "abc")]),
    ("define( 'DB_PASSWORD', 'a b' );", [("DB_PASSWORD", "a b")]),
    ("Authorization: Bearer abcdefgh", [("Authorization", "abcdefgh")]),
    ('proxy_set_header Authorization "Bearer abcdefgh";', [("Authorization", "abcdefgh")]),
    ("api key: abcdefgh", [("key", "abcdefgh"), ("api key", "abcdefgh")]),
    ("The password is `abc`.", [("password", "abc")]),
    ("The password is kept in the vault.", []),
    ("stats auth admin:abc", [("password", "abc")]),
]


@pytest.mark.parametrize(("line", "expected"), ROWS)
def test_names_and_values(line: str, expected: list[tuple[str, str]]) -> None:
    found = {(item.name, item.value) for item in assignments(line)}
    assert set(expected) <= found
    for item in assignments(line):
        assert line[item.start : item.end] == item.value


@pytest.mark.parametrize("line", [line for line, expected in ROWS if expected])
def test_a_line_with_an_assignment_looks_like_one(line: str) -> None:
    assert may_assign(line)


def test_words_between_colons_name_nothing() -> None:
    line = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop"
    assert all(naming(item.name) is Naming.NONE for item in assignments(line))


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ('var dsn = "root:abc@tcp(mysql:3306)/shop"', True),
        ("DSN=root:abc@tcp(mysql:3306)/shop", False),
    ],
)
def test_whether_it_stands_in_quotes(line: str, quoted: bool) -> None:
    assert [item.quoted for item in assignments(line) if item.value == "abc"] == [quoted]


@pytest.mark.parametrize(
    "line", ["", "a sentence about a password", '[ "$PASSWORD" ]', "kept-as-it-is"]
)
def test_prose_goes_by(line: str) -> None:
    assert not may_assign(line)
    assert not list(assignments(line))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("password abc", "abc"),
        ("  HTTP_Passwd  abc", "abc"),
        ("secure_link_secret abc;", "abc"),
        ('  secret "abc/+==";', "abc/+=="),
    ],
)
def test_names_and_values_side_by_side(line: str, value: str) -> None:
    assert [item.value for item in assignments(line, words=True)] == [value]
    assert not list(assignments(line))


def test_the_environment_of_an_image() -> None:
    found = {(item.name, item.value) for item in assignments("ENV DB_PASSWORD abc", words=True)}
    assert found == {("DB_PASSWORD", "abc")}


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("messages.password.2=One upper case letter", ["One upper case letter"]),
        ("db.password = abc ", ["abc"]),
        ('password="abc" # old', ["abc"]),
        ('jaas.config=Module required password="abc";', ["Module", "abc"]),
    ],
)
def test_values_that_go_on_to_the_end_of_the_line(line: str, values: list[str]) -> None:
    assert [item.value for item in assignments(line, whole=True)] == values
