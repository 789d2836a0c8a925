"""The checks of bandit, in words of our own: those of bandit quote passwords."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

_URL = "https://bandit.readthedocs.io/en/latest/plugins/index.html"
_NOTES = {
    "b101": "An assert, which python -O removes",
    "b105": "A text that its name calls a password",
    "b106": "A password in the argument of a call",
    "b107": "A password as the default of a parameter",
    "b110": "An exception that is passed over",
    "b112": "An exception after which a loop goes on",
    "b311": "A random number that can be predicted",
    "b403": "The import of pickle or a relative of it",
    "b404": "The import of subprocess",
    "b405": "The import of an XML parser that trusts its input",
    "b406": "The import of an XML parser that trusts its input",
    "b407": "The import of an XML parser that trusts its input",
    "b408": "The import of an XML parser that trusts its input",
    "b409": "The import of an XML parser that trusts its input",
    "b603": "A subprocess with arguments that may come from outside",
    "b606": "A process that is started without a shell",
    "b607": "A program that is looked for on PATH",
}
_WARNINGS = {
    "b102": "exec of text",
    "b103": "A file that others may write",
    "b104": "A socket that listens on all interfaces",
    "b108": "A fixed name in the directory for temporary files",
    "b113": "A request without a time limit",
    "b201": "Flask with its debugger",
    "b202": "An archive that is unpacked without a look at its names",
    "b301": "Data that is unpickled",
    "b302": "Data that marshal reads",
    "b303": "A hash that is broken",
    "b304": "A cipher that is broken",
    "b305": "A cipher mode that is broken",
    "b306": "mktemp, which leaves a gap for others",
    "b307": "eval of text",
    "b308": "Markup that is called safe",
    "b310": "An address that may have any scheme",
    "b312": "Telnet",
    "b313": "XML that is read with trust in it",
    "b314": "XML that is read with trust in it",
    "b315": "XML that is read with trust in it",
    "b316": "XML that is read with trust in it",
    "b317": "XML that is read with trust in it",
    "b318": "XML that is read with trust in it",
    "b319": "XML that is read with trust in it",
    "b321": "FTP",
    "b323": "TLS without a check of certificates",
    "b324": "A hash that is broken",
    "b401": "The import of telnetlib",
    "b402": "The import of ftplib",
    "b411": "The import of an XML-RPC library that trusts its input",
    "b412": "CGI that takes its proxy from a request",
    "b413": "The import of pycrypto, which nobody maintains",
    "b415": "The import of pyghmi, which speaks an insecure protocol",
    "b501": "A request without a check of certificates",
    "b502": "A version of TLS that is broken",
    "b503": "A version of TLS that is broken, as the default of a parameter",
    "b504": "A connection without a version of TLS",
    "b505": "A key that is too short",
    "b506": "yaml.load, which can make any object",
    "b507": "SSH that takes any host key",
    "b508": "A version of SNMP without protection",
    "b509": "SNMP without encryption or authentication",
    "b601": "A command that paramiko hands to a shell",
    "b602": "A subprocess with a shell",
    "b604": "A call with shell=True",
    "b605": "A process that is started through a shell",
    "b608": "SQL that is put together from texts",
    "b609": "A wildcard in a command for a shell",
    "b610": "Raw SQL in a Django query",
    "b611": "Raw SQL in Django",
    "b612": "A logging configuration that is read from a socket",
    "b613": "Characters that turn the direction of the text",
    "b614": "A PyTorch file that can hold any object",
    "b615": "A model that is downloaded without a revision",
    "b701": "Jinja2 without escaping",
    "b702": "Mako, which does not escape",
    "b703": "Text that Django is told is safe",
    "b704": "Text that MarkupSafe is told is safe",
}
NOT_ANALYSED = Rule(
    "python/not-analysed", "A Python file that bandit cannot read", Severity.WARNING
)
OTHER = Rule("python/other", "Another check of bandit", Severity.WARNING, "", _URL)
_BY_ID = {
    **{key: Rule(f"python/{key}", text, Severity.NOTE, "", _URL) for key, text in _NOTES.items()},
    **{
        key: Rule(f"python/{key}", text, Severity.WARNING, "", _URL)
        for key, text in _WARNINGS.items()
    },
}
BANDIT_RULES = (*(_BY_ID[key] for key in sorted(_BY_ID)), NOT_ANALYSED, OTHER)


def rule_of(test_id: str) -> Rule:
    """The rule for a test of bandit such as B602."""
    return _BY_ID.get(test_id.lower(), OTHER)
