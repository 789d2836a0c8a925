from __future__ import annotations

import pytest

from gitops_ci.operate.code_owners import read_code_owners

TEXT = """\
# who owns what
*                 @org/all
/clusters/        @org/sre @ann   # clusters
apps/*/prod/      @org/prod
*.md
/docs/a\\ file.txt @ann
"""
SECTIONS = """\
[Documentation] @docs
docs/
^[Platform][2] @platform
.gitlab-ci.yml
clusters/ @sre
"""


@pytest.mark.parametrize(
    ("text", "path", "owners"),
    [
        (TEXT, "Makefile", ("@org/all",)),
        (TEXT, "apps/web/base/a.yaml", ("@org/all",)),
        (TEXT, "clusters/prod/a.yaml", ("@org/sre", "@ann")),
        (TEXT, "apps/web/prod/a.yaml", ("@org/prod",)),
        (TEXT, "apps/prod/a.yaml", ("@org/all",)),
        (TEXT, "x/README.md", ()),
        (TEXT, "docs/a file.txt", ("@ann",)),
        (SECTIONS, "docs/a.txt", ("@docs",)),
        (SECTIONS, ".gitlab-ci.yml", ("@platform",)),
        (SECTIONS, "clusters/docs/a", ("@docs", "@sre")),
        (SECTIONS, "other", ()),
        ("[", "a", ()),
        ("", "a", ()),
    ],
)
def test_case(text: str, path: str, owners: tuple[str, ...]) -> None:
    assert read_code_owners("CODEOWNERS", text).of(path) == owners
