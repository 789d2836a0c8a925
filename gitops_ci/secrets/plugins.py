"""Our formats as plugins of detect-secrets, for those who keep running it.

`detect-secrets scan --plugin PATH/TO/plugins.py`, or in `plugins_used` of a baseline
`{"name": "GithubToken", "path": "file:///PATH/TO/plugins.py"}`. One plugin for each format; its
name is the id of the format in capitals. The module needs detect-secrets; nothing else of this
package imports it.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Generator
from typing import Any

from gitops_ci.secrets.format import Format
from gitops_ci.secrets.formats import FORMATS
from gitops_ci.secrets.matching import Matcher

BasePlugin: Any = importlib.import_module("detect_secrets.plugins.base").BasePlugin


def plugin_name(format_id: str) -> str:
    """The class name for a format: `GithubToken` for `github-token`."""
    return "".join(word.capitalize() for word in re.split(r"\W+", format_id))


def _plugin(item: Format) -> type[Any]:
    matcher = Matcher((item,))

    def analyze_string(_self: object, string: str) -> Generator[str, None, None]:
        yield from (match.value for match in matcher.in_line(string))

    return type(
        plugin_name(item.id),
        (BasePlugin,),
        {
            "__doc__": f"{item.name} ({item.url}).",
            "__module__": __name__,
            "secret_type": item.name,
            "analyze_string": analyze_string,
        },
    )


globals().update({plugin_name(item.id): _plugin(item) for item in FORMATS})
