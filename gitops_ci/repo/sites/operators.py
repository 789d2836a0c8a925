"""Fields of other operators that hold a version and are not called `image`.

Each row: API group, kind (`*` for all), the way to the field (`*` for every item of a list), and
what the field holds. Sources: the API references of the projects named.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.documents.values import Value
from gitops_ci.model.span import Route
from gitops_ci.repo.sites.images import Split, reference_site, split_site
from gitops_ci.repo.sites.model import Site
from gitops_ci.repo.sites.text import Scope, entry, one

_BY_DIGEST = "the operator takes the digest in `sha`, whatever the tag says"


class Field(Struct, frozen=True):
    """A field that holds a reference, or with `tag` the name whose tag stands in another field
    beside it."""

    group: str
    kind: str
    way: tuple[str, ...]
    tag: str = ""


FIELDS: tuple[Field, ...] = (
    Field("postgresql.cnpg.io", "*", ("spec", "imageName")),  # CloudNativePG
    Field("postgresql.cnpg.io", "*", ("spec", "images", "*", "image")),  # its image catalogues
    Field("monitoring.coreos.com", "*", ("spec", "image")),  # Prometheus operator
    Field("monitoring.coreos.com", "*", ("spec", "baseImage"), "tag"),
    Field("monitoring.coreos.com", "*", ("spec", "thanos", "image")),
    Field("operators.coreos.com", "CatalogSource", ("spec", "image")),  # OLM
    Field("acid.zalan.do", "*", ("spec", "dockerImage")),  # Zalando's PostgreSQL operator
    Field("ceph.rook.io", "CephCluster", ("spec", "cephVersion", "image")),  # Rook
    Field("pkg.crossplane.io", "*", ("spec", "package")),  # Crossplane
    Field("cdi.kubevirt.io", "*", ("spec", "source", "registry", "url")),  # KubeVirt CDI
    Field("tekton.dev", "*", ("spec", "taskRef", "bundle")),  # Tekton
    Field("tekton.dev", "*", ("spec", "pipelineRef", "bundle")),
    Field("tekton.dev", "*", ("spec", "tasks", "*", "taskRef", "bundle")),
    Field("tekton.dev", "*", ("spec", "finally", "*", "taskRef", "bundle")),
    Field("tekton.dev", "*", ("spec", "pipelineSpec", "tasks", "*", "taskRef", "bundle")),
    Field("tekton.dev", "*", ("spec", "pipelineSpec", "finally", "*", "taskRef", "bundle")),
    Field("k8s.mariadb.com", "*", ("spec", "image")),  # mariadb-operator
    Field("kafka.strimzi.io", "*", ("spec", "image")),  # Strimzi
    Field("elasticsearch.k8s.elastic.co", "*", ("spec", "image")),  # ECK
    Field("kibana.k8s.elastic.co", "*", ("spec", "image")),
    Field("upgrade.cattle.io", "Plan", ("spec", "upgrade", "image")),  # system-upgrade-controller
    Field("opentelemetry.io", "*", ("spec", "image")),  # OpenTelemetry operator
    Field("jaegertracing.io", "*", ("spec", "allInOne", "image")),
    Field("minio.min.io", "*", ("spec", "image")),
    Field("k8s.keycloak.org", "*", ("spec", "image")),
    Field("cluster.redpanda.com", "*", ("spec", "image")),
)


def operator_sites(scope: Scope, value: dict[str, Value]) -> Iterator[Site]:
    """The sites in the fields of the table."""
    ref = scope.object
    if ref is None:
        return
    for field in FIELDS:
        if field.group == ref.group and field.kind in ("*", ref.kind):
            for route, parent in _places(value, field.way[:-1], ()):
                yield from _site(scope, field, route, parent)


def _site(scope: Scope, field: Field, route: Route, parent: dict[str, Value]) -> Iterator[Site]:
    key = field.way[-1]
    if not isinstance(parent.get(key), str):
        return
    if field.tag:
        split = Split(
            name=((*route, key), parent[key]),
            tag=entry(parent, route, field.tag),
            insert=(*route, field.tag),
        )
        for site in one(split_site(scope, "operator", split)):
            yield replace(site, refusal=_BY_DIGEST) if parent.get("sha") else site
        return
    yield from one(reference_site(scope, "operator", (*route, key), parent[key]))


def _places(
    value: Value, way: tuple[str, ...], route: Route
) -> Iterator[tuple[Route, dict[str, Value]]]:
    if not way:
        if isinstance(value, dict):
            yield route, value
        return
    if way[0] == "*":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _places(item, way[1:], (*route, index))
    elif isinstance(value, dict) and way[0] in value:
        yield from _places(value[way[0]], way[1:], (*route, way[0]))
