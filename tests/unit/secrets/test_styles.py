from __future__ import annotations

import pytest

from gitops_ci.secrets.judge import Care
from gitops_ci.secrets.styles import Style, is_env, style_of

DATA, CODE, PROSE = Style(), Style(Care.CODE, quoted=True), Style(Care.PROSE)
NOTHING = Style(assigns=False)


@pytest.mark.parametrize(
    ("path", "style"),
    [
        ("apps/shop/values.yaml", DATA),
        ("apps/shop/main.go", CODE),
        ("Jenkinsfile", CODE),
        ("docs/README.md", PROSE),
        ("LICENSE", PROSE),
        ("main.tf", Style(quoted=True, scripts=True)),
        ("fluent-bit.conf", Style(words=True)),
        ("build/Dockerfile.ubuntu", Style(words=True)),
        ("application.properties", Style(whole=True)),
        ("go.sum", NOTHING),
        (".htpasswd", NOTHING),
        ("config/locales/en.yml", NOTHING),
        ("src/i18n/de/common.yaml", NOTHING),
        ("i18n/messages_de.properties", NOTHING),
        ("src/lang/common.json", NOTHING),
        ("locales.json", NOTHING),
        ("i18n.de-AT.yaml", NOTHING),
        ("apps/translation-service/secret.yaml", DATA),
        ("apps/language-tool/values.yaml", DATA),
        ("apps/i18n/secret.yaml", DATA),
        ("apps/translations/values-production.yaml", DATA),
    ],
)
def test_what_a_name_tells_about_a_file(path: str, style: Style) -> None:
    assert style_of(path) == style


@pytest.mark.parametrize(
    ("path", "env"),
    [(".env", True), ("a/.env.local", True), ("prod.env", True), ("a.envoy", False)],
)
def test_lists_of_environment_variables(path: str, env: bool) -> None:
    assert is_env(path) is env
