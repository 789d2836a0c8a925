"""Reports to format: a usual one, a green one, hostile ones and very long ones."""

from __future__ import annotations

from msgspec.structs import replace

from gitops_ci.documents.text import Lines
from gitops_ci.model.edit import Edit, Fix
from gitops_ci.model.finding import Finding, ObjectRef, Related, found
from gitops_ci.model.report import Checked, Judged, Report, Status
from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.model.skip import Skip
from gitops_ci.model.span import Location
from gitops_ci.report.port import ReportContext

UNKNOWN = Rule(
    "schema/unknown-field",
    "a field that the kind does not have",
    Severity.ERROR,
    "The API server drops the field, or refuses the object under strict validation.",
    "https://example.com/rules/schema-unknown-field",
)
SCALAR = Rule(
    "yaml/ambiguous-scalar", "a scalar that readers understand differently", Severity.NOTE
)
TAG = Rule("image/mutable-tag", "an image by a tag that can move", Severity.WARNING)
PLAIN_SECRET = Rule("secret/plain", "a secret in plain text", Severity.ERROR)
MISSING = Rule("kustomize/missing-file", "a file that does not exist", Severity.ERROR)

PATCH = "apps/web/overlays/prod/patch.yaml"
BASE = "apps/web/base/deployment.yaml"
SECRET = "apps/web/base/secret.yaml"
ODD = "apps/web/base/odd, 日本: 100%.yaml"

FILES = {
    PATCH: b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicsa: 6\n",
    BASE: (
        b"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n"
        b"    spec:\n      containers:\n        - name: web\n          image: example/web:latest\n"
    ),
    SECRET: b"apiVersion: v1\nkind: Secret\nstringData:\n  password: hunter2\n  user: yes\n",
    ODD: "a:\t日本\t: yes  # \u202e end\n".encode(),
}
WEB = ObjectRef("apps", "v1", "Deployment", "shop", "web")


def place(path: str, text: str) -> Location:
    """Where `text` first stands in the file `path`."""
    source = FILES[path].decode()
    start = source.index(text)
    return Location(path, Lines(source).span(start, start + len(text)))


def judged(finding: Finding, **details: object) -> Judged:
    """The finding with a fingerprint of its own rule and message."""
    print_ = f"{finding.rule.id}:{finding.message}"
    return replace(Judged(finding, print_), **details)  # type: ignore[arg-type]


_TYPO = place(PATCH, "replicsa")
FINDINGS = (
    found(
        TAG,
        "image 'example/web:latest' uses the tag latest",
        place(BASE, "example/web:latest"),
        object=WEB,
        root="apps/web/overlays/prod",
        environment="prod",
        hint="name a version, or better a digest",
        related=tuple(
            Related(Location(f"apps/web/overlays/{name}/kustomization.yaml"), "also rendered here")
            for name in ("dev", "staging", "test", "eu-1", "eu-2")
        ),
    ),
    found(SCALAR, "'yes' is true for Kubernetes and a string for YAML 1.2", place(ODD, "yes")),
    found(PLAIN_SECRET, "a password in plain text", place(SECRET, "hunter2")),
    found(
        UNKNOWN,
        "unknown field 'replicsa' in Deployment spec",
        _TYPO,
        object=WEB,
        root="apps/web/overlays/prod",
        environment="prod",
        hint="did you mean 'replicas'?",
        fix=Fix("rename it", (Edit(PATCH, _TYPO.span, "replicsa", "replicas"),), safe=True)
        if _TYPO.span
        else None,
    ),
    found(MISSING, "resource ../base2 does not exist\nnothing lies there", Location("k.yaml")),
)

SKIPPED = (
    Skip("charts/web/templates/a.yaml", "helm-template"),
    Skip("charts/web/templates/b.yaml", "helm-template"),
    Skip("charts/web/values.yaml", "values"),
    Skip("apps/x/kustomization.yaml", "remote-chart", "redis 18.1.0"),
)

USUAL = Report(
    Status.FAIL,
    tuple(judged(finding) for finding in FINDINGS),
    (judged(found(TAG, "image 'old' has no tag", Location("old.yaml")), existing=True),),
    (judged(found(TAG, "image 'x' has no tag", Location("x.yaml")), suppressed="accepted: ops"),),
    SKIPPED,
    Checked(files=20, documents=31, roots=12, objects=84, bytes=1000),
    ("3 missing schemas: Widget, Gadget, Gizmo",),
)
GREEN = Report(Status.PASS, checked=Checked(20, 31, 12, 84, 1000))
EMPTY = Report(Status.PASS)
INCOMPLETE = Report(
    Status.INCOMPLETE,
    (),
    skipped=(Skip("big.yaml", "too-large", "52 MB"), Skip("charts/a", "missing-tool", "helm")),
    checked=Checked(3, 3, 1, 2, 10),
)

CONTEXT = ReportContext(
    source=FILES.get,
    link=lambda path, line: f"https://example.com/blob/main/{len(path)}#L{line}",
    seconds=0.42,
    version="1.2.3",
)


def hostile(text: str) -> Report:
    """A report in which everything that can come from data is `text`."""
    location = Location(text, place(PATCH, "kind").span)
    finding = found(
        UNKNOWN,
        text,
        location,
        object=ObjectRef(text, text, text, text, text),
        root=text,
        environment=text,
        hint=text,
        related=(Related(location, text),),
        fix=Fix(text, ()),
    )
    return Report(
        Status.FAIL,
        (judged(finding),),
        (judged(finding, existing=True),),
        (judged(finding, suppressed=text or "reason"),),
        (Skip(text, "unreadable", text), Skip(text, "remote-base", text)),
        Checked(1, 1, 1, 1, 1),
        (text,),
    )


def many(count: int, rules: tuple[Rule, ...] = (UNKNOWN, TAG, SCALAR)) -> Report:
    """A report with `count` findings, the least severe first."""
    ordered = sorted(rules, key=lambda rule: rule.severity)
    share = -(-count // len(ordered))
    shown = tuple(
        judged(
            found(
                ordered[number // share],
                f"finding number {number}",
                Location(f"files/{number // 100:03}.yaml", place(PATCH, "kind").span),
            )
        )
        for number in range(count)
    )
    return Report(Status.FAIL, shown, checked=Checked(count, count, 1, count, count))
