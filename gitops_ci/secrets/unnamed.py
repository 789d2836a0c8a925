"""Passwords in lines that do not call them so: command lines and settings whose manual says which
word is the password."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_ci.model.regex import regex

_WORD = r"[\"']?(?P<value>[^\s\"'-][^\s\"';]{0,200})"
_CURL_LOGIN = regex(
    r"(?:curl|wget|http|https)\b[^\n]{0,400}[ \t](?:-u|--user)[ \t=]{1,4}[\"']?[\w.@-]{1,80}:"
    r"(?P<value>[^\s\"']{1,200})"
)
_LOGIN_FLAG = regex(rf"\blogin\b[^\n]{{0,400}}?[ \t]-p[ \t]{{1,4}}{_WORD}")
_MONGO_FLAG = regex(
    rf"\bmongo(?:sh|dump|restore|export|import)?\b[^\n]{{0,400}}?[ \t]-p[ \t]{{1,4}}{_WORD}"
)
_MYSQL_FLAG = regex(
    r"\b(?:mysql|mariadb)(?:-?(?:dump|admin|check|import|binlog|show))?[ \t][^\n|;]{0,150}?"
    r"(?<=[ \t])-p(?!\d{1,5}:\d)[\"']?(?P<value>[^\s\"'-][^\s\"']{0,200})"
)
_MYSQLADMIN = regex(rf"\bmysqladmin\b[^\n|;]{{0,150}}?[ \t]password[ \t]{{1,4}}{_WORD}")
_SSHPASS = regex(r"\bsshpass[ \t]{1,4}-p[ \t]{0,4}[\"']?(?P<value>[^\s\"']{1,200})")
_CHPASSWD = regex(
    r"\becho[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4})?[\"']?[\w.-]{1,40}:(?P<value>[^\s\"'|]{1,200})[\"']?"
    r"[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?chpasswd\b"
)
_MINIO_ALIAS = regex(
    r"\b(?:alias[ \t]{1,4}set|config[ \t]{1,4}host[ \t]{1,4}add)[ \t]{1,4}\S{1,80}[ \t]{1,4}"
    rf"\S{{1,200}}[ \t]{{1,4}}\S{{1,100}}[ \t]{{1,4}}{_WORD}"
)
_UNSEAL = regex(
    r"\b(?:(?:Unseal|Recovery) Key \d{1,2}:|Initial Root Token:|operator unseal)[ \t]{1,8}"
    r"(?P<value>[\w+/=.-]{20,200})"
)
_NETRC_LINE = regex(
    r"\bmachine[ \t]{1,8}\S{1,200}[ \t]{1,8}login[ \t]{1,8}\S{1,200}[ \t]{1,8}password[ \t]{1,8}"
    r"(?P<value>\S{1,200})"
)
_REDIS = regex(r"^[ \t]{0,8}(?:requirepass|masterauth)[ \t]{1,8}[\"']?(?P<value>[^\s\"']{1,200})")
_REDIS_USER = regex(r"\buser[ \t]{1,8}\S{1,80}[ \t][^\n]{0,200}?(?<=[ \t])>(?P<value>\S{1,200})")
_HAPROXY = regex(r"\bstats[ \t]{1,8}auth[ \t]{1,8}[^\s:]{1,80}:(?P<value>\S{1,200})")
_GO_MYSQL = regex(r"(?<![\w./])[\w.-]{1,80}:(?P<value>[^\s\"'@/]{1,200})@(?:tcp6?|unix|cloudsql)\(")
_JAAS_USER = regex(r"\buser_[\w.-]{1,80}=\\?\"(?P<value>[^\"\\]{1,200})\\?\"")
_CONNECTION = regex(
    r"(?i)(?<=[; \t])(?:password|pwd)[ \t]{0,4}=[ \t]{0,4}(?P<value>[^\s;\"'`{}]{1,200})"
)
_SQL = regex(
    r"(?i)\b(?:(?:create|alter)[ \t]{1,4}(?:user|role|login)|grant)\b[^\n]{0,160}?"
    r"\b(?:identified[ \t]{1,4}(?:with[ \t]{1,4}(?!\w{1,40}hash\b)\S{1,80}[ \t]{1,4})?by|password)"
    r"[ \t]{1,4}\\?'(?P<value>[^'\\]{1,200})\\?'"
)
_RABBITMQ = regex(
    r"\brabbitmqctl[ \t][^\n|;]{0,200}?(?:add_user|change_password)"
    rf"[ \t]{{1,4}}\S{{1,80}}[ \t]{{1,4}}{_WORD}"
)
_REDIS_FLAG = regex(rf"\bredis-cli\b[^\n|;]{{0,300}}?[ \t]-a[ \t]{{1,4}}{_WORD}")
_LDAP_FLAG = regex(
    r"\bldap(?:add|search|modify|modrdn|delete|whoami|passwd|compare)\b"
    rf"[^\n|;]{{0,400}}?[ \t]-w[ \t]{{1,4}}{_WORD}"
)
_MQTT_FLAG = regex(rf"\bmosquitto_(?:pub|sub|rr)\b[^\n|;]{{0,400}}?[ \t]-P[ \t]{{1,4}}{_WORD}")
_HTPASSWD = regex(
    rf"\bhtpasswd[ \t]{{1,4}}(?:-\w{{1,8}}[ \t]{{1,4}}){{0,4}}-\w{{0,8}}b\w{{0,8}}[ \t]{{1,4}}"
    rf"(?:-\w{{1,8}}[ \t]{{1,4}}){{0,4}}(?:[/.~]\S{{1,200}}[ \t]{{1,4}})?"
    rf"[\w.@-]{{1,80}}[ \t]{{1,4}}{_WORD}"
)
_SECURE_STRING = regex(
    r"(?i)\bConvertTo-SecureString[ \t]{1,4}(?:-String[ \t]{1,4})?"
    r"[\"'](?P<value>[^\"'$]{1,200})[\"']"
)
_PATTERNS = (
    (("-u", "--user"), _CURL_LOGIN),
    (("login",), _LOGIN_FLAG),
    (("mongo",), _MONGO_FLAG),
    (("mysql", "mariadb"), _MYSQL_FLAG),
    (("mysqladmin",), _MYSQLADMIN),
    (("sshpass",), _SSHPASS),
    (("chpasswd",), _CHPASSWD),
    (("alias set", "host add"), _MINIO_ALIAS),
    (("machine",), _NETRC_LINE),
    ((" key ", "root token", "unseal"), _UNSEAL),
    (("requirepass", "masterauth"), _REDIS),
    ((" on >",), _REDIS_USER),
    (("stats auth",), _HAPROXY),
    (("@tcp", "@unix("), _GO_MYSQL),
    (("loginmodule",), _JAAS_USER),
    (("password", "pwd"), _CONNECTION),
    (("password", "identified"), _SQL),
    (("rabbitmqctl",), _RABBITMQ),
    (("redis-cli",), _REDIS_FLAG),
    (("ldap",), _LDAP_FLAG),
    (("mosquitto_",), _MQTT_FLAG),
    (("htpasswd",), _HTPASSWD),
    (("convertto-securestring",), _SECURE_STRING),
)
"""Patterns, each with texts (lower case) of which every line holds one in which it finds something.
From the manuals of curl, docker and az, mongosh, mysql, chpasswd(8), MinIO's client, Vault,
netrc(5), Redis (its ACL and its client), HAProxy, go-sql-driver, Kafka's PlainLoginModule, ADO.NET,
ODBC and libpq ("connection strings"), PowerShell, PostgreSQL and MySQL ("CREATE USER"), RabbitMQ,
OpenLDAP, mosquitto and htpasswd."""
WORDS = (
    *(" -u ", " -p", "unseal", "recovery key", "alias set", "host add", " on >", "stats auth"),
    *("@tcp", "@unix(", "loginmodule", "securestring", "identified", "rabbitmqctl", "redis-cli"),
    *("ldapadd", "ldapmod", "ldapsearch", "ldapdelete", "ldapwhoami", "ldapcompare", "mosquitto_"),
)
"""Every such line holds one of these, or a word that a name has (lower case)."""
SIGNS = "machine|requirepass|masterauth|unseal| on >|identified\\s|password\\s+\\\\?'|rabbitmqctl"
"""A pattern (lower case) for such lines that have no other sign of an assignment."""


def passwords(line: str, lower: str) -> Iterator[re.Match[str]]:
    """The places of passwords in a line, as the group `value`; `lower` is the line in lower
    case."""
    for signs, pattern in _PATTERNS:
        if any(sign in lower for sign in signs):
            yield from pattern.finditer(line)
