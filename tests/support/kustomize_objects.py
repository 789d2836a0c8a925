"""Random Kubernetes objects, from a vocabulary small enough that patches and references meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Value = Any
Object = dict[str, Any]

TEXTS = st.sampled_from(
    [
        *("blue", "red", "äöü", "世界", "$(VAR)", "${VAR}", "a/b:c@d", "word " * 30, "x" * 120),
        *("yes", "no", "on", "off", "y", "n", "true", "null", "~", "=", "<<", "", " ", " a "),
        *("0755", "0o14", "1e3", "1.10", "12", "-1", ".5", "1_000", "2001-01-01", "12:30:45"),
        *("a=b", "a:b", "a: b", "a #b", "-a", "#b", "*a", "&a", "!a", "%a", "@a", "{a}", "[a]"),
        *("'a", '"a"', "a\\b", "\ta", "a\nb", "a\nb\n", "\n", "  a\nb\n", "a \n b"),
        "a\n\n\nb\n\n",
    ]
)
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(10**6), 10**12),
    st.sampled_from([0.5, 1.25, -3.75, 1e-7, 1e21, 2.0]),
    st.booleans(),
    st.none(),
)
KEYS = st.sampled_from(["a", "b", "color", "size", "yes", "on", "app.properties", "x-y", "x_y"])
NESTED: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
LABELS = st.dictionaries(
    st.sampled_from(["app", "team", "tier", "a.example.com/x"]),
    st.sampled_from(["web", "blue", "1", "true", "1.10"]),
    max_size=3,
)
IMAGES = st.sampled_from(
    [
        "nginx",
        "nginx:1.25",
        "mirror/nginx:1.25",
        "envoy:v1",
        "registry.example.com:5000/app:v1",
        "registry.example.com:5000/app",
        f"nginx@sha256:{'0' * 64}",
        f"nginx:1.25@sha256:{'1' * 64}",
    ]
)
CONTAINERS = ("app", "sidecar", "init")
VARIABLES = ("A", "B", "C")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
GROUPS = {
    "Deployment": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "CronJob": "batch/v1",
    "ConfigMap": "v1",
    "Secret": "v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "Ingress": "networking.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Widget": "example.com/v1",
}


def some(draw: st.DrawFn, **fields: st.SearchStrategy[Value]) -> Object:
    """A mapping with some of the fields."""
    return {name: draw(value) for name, value in fields.items() if draw(st.booleans())}


@st.composite
def environments(draw: st.DrawFn, names: tuple[str, ...]) -> list[Object]:
    """Environment variables of a container; the references are to objects of `names`."""
    result: list[Object] = []
    for variable in draw(st.lists(st.sampled_from(VARIABLES), max_size=3, unique=True)):
        kind = draw(st.sampled_from(["value", "configMapKeyRef", "secretKeyRef"]))
        if kind == "value":
            result.append({"name": variable, "value": draw(TEXTS)})
        else:
            reference = {"name": draw(st.sampled_from(names)), "key": "a"}
            result.append({"name": variable, "valueFrom": {kind: reference}})
    return result


@st.composite
def containers(draw: st.DrawFn, name: str, names: tuple[str, ...]) -> Object:
    """A container called `name`."""
    ports = st.lists(
        st.fixed_dictionaries(
            {"containerPort": st.sampled_from([80, 443])},
            optional={
                "protocol": st.sampled_from(["TCP", "UDP"]),
                "name": st.sampled_from(["http", "quic"]),
            },
        ),
        max_size=2,
        unique_by=lambda port: (port["containerPort"], port.get("protocol")),
    )
    mounts = st.lists(
        st.fixed_dictionaries(
            {"mountPath": st.sampled_from(["/a", "/b"]), "name": st.just("data")}
        ),
        max_size=2,
        unique_by=lambda mount: mount["mountPath"],
    )
    sources = st.sampled_from(names).map(lambda n: [{"configMapRef": {"name": n}}])
    optional = some(
        draw,
        env=environments(names),
        envFrom=sources,
        ports=ports,
        volumeMounts=mounts,
        args=st.lists(TEXTS, max_size=3),
        resources=st.just({"limits": {"cpu": 1, "memory": "1Gi"}}),
    )
    return {"name": name, "image": draw(IMAGES), **optional}


@st.composite
def pods(draw: st.DrawFn, names: tuple[str, ...]) -> Object:
    """A pod template."""
    chosen = draw(st.lists(st.sampled_from(CONTAINERS), min_size=1, max_size=3, unique=True))
    volumes = st.sampled_from(names).map(
        lambda n: [
            {"name": "data", "configMap": {"name": n}},
            {"name": "secret", "secret": {"secretName": n}},
        ]
    )
    spec = some(
        draw,
        volumes=volumes,
        serviceAccountName=st.sampled_from(names),
        tolerations=st.just([{"key": "a", "operator": "Exists"}]),
        nodeSelector=st.just({"disk": "ssd"}),
        imagePullSecrets=st.sampled_from(names).map(lambda n: [{"name": n}]),
    )
    spec["containers"] = [draw(containers(name, names)) for name in chosen]
    return {"metadata": some(draw, labels=LABELS, annotations=LABELS), "spec": spec}


@st.composite
def specs(draw: st.DrawFn, kind: str, names: tuple[str, ...]) -> Object:
    """What an object of the kind holds beside its identity."""
    name = st.sampled_from(names)
    if kind in WORKLOADS:
        template = draw(pods(names))
        spec = some(draw, replicas=st.integers(0, 3), minReadySeconds=st.just(1))
        selector = {"selector": {"matchLabels": draw(LABELS)}}
        return {"spec": {**spec, **selector, "template": template}}
    if kind == "CronJob":
        return {"spec": {"jobTemplate": {"spec": {"template": draw(pods(names))}}}}
    if kind in ("ConfigMap", "Secret"):
        field = "data" if kind == "ConfigMap" else "stringData"
        return some(draw, **{field: st.dictionaries(KEYS, TEXTS, max_size=4)})
    if kind == "Service":
        ports = [{"port": 80, "name": "http"}, {"port": 53, "protocol": "UDP"}]
        return {"spec": {"ports": ports[: draw(st.integers(0, 2))], "selector": draw(LABELS)}}
    if kind == "RoleBinding":
        subject = {"kind": "ServiceAccount", "name": draw(name)}
        subject |= some(draw, namespace=st.sampled_from(["north", "south"]))
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": draw(name)}
        return {"roleRef": role, "subjects": [subject]}
    return draw(_others(kind, name))


@st.composite
def _others(draw: st.DrawFn, kind: str, name: st.SearchStrategy[str]) -> Object:
    if kind == "Ingress":
        backend = {"service": {"name": draw(name), "port": {"number": 80}}}
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        return {"spec": {"rules": [{"host": "a.example.com", "http": {"paths": paths}}]}}
    if kind == "NetworkPolicy":
        return {"spec": {"podSelector": draw(st.just({}) | st.just({"matchLabels": {"a": "b"}}))}}
    if kind == "HorizontalPodAutoscaler":
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": draw(name)}
        return {"spec": {"scaleTargetRef": target, "maxReplicas": 3}}
    if kind == "Widget":
        return {"spec": draw(st.dictionaries(KEYS, NESTED, max_size=4))}
    return {}


@st.composite
def objects(draw: st.DrawFn, kind: str, name: str, names: tuple[str, ...]) -> Object:
    """An object of the kind called `name`, with references to `names`."""
    metadata = {"name": name, **some(draw, labels=LABELS, annotations=LABELS)}
    identity = {"apiVersion": GROUPS[kind], "kind": kind, "metadata": metadata}
    return {**identity, **draw(specs(kind, names))}
