"""A generated monorepo: apps with a base and one overlay per environment, and the few large files
that every platform has: definitions of custom kinds and dashboards. Same seed, same bytes.

The mix: 250 apps with four environments each make 4,500 small files (1.4 MB), and for every 20 apps
there is one definition (420 kB) and one ConfigMap with a dashboard (610 kB), together 24 large
files (12 MB). So nine tenths of the bytes lie in half a percent of the files, as in repositories
that hold the definitions which their operators bring along."""

from __future__ import annotations

import random
from pathlib import Path

ENVIRONMENTS = ("dev", "qa", "staging", "prod")
APPS_PER_LARGE_FILE = 20
_MISSPELT = "  replicaCount: 2\n"


def generate(root: Path, apps: int, *, large: int | None = None, seed: int = 1) -> list[Path]:
    """Write `apps` apps below `root` and return the directories of their overlays. `large` is the
    number of definitions, and of dashboards, where the mix is not wanted."""
    rng = random.Random(seed)
    overlays = []
    for number in range(apps):
        name = f"app-{number:04d}"
        home = root / "apps" / name
        for path, text in _base(name, rng).items():
            _write(home / "base" / path, text)
        for environment in ENVIRONMENTS:
            directory = home / "overlays" / environment
            for path, text in _overlay(name, environment, rng).items():
                _write(directory / path, text)
            overlays.append(directory)
    count = max(1, apps // APPS_PER_LARGE_FILE) if large is None else large
    _platform(root / "platform", count, rng)
    return overlays


def misspell(overlays: list[Path]) -> None:
    """Put a field that does not exist into the patch of each overlay."""
    for overlay in overlays:
        patch = overlay / "patch.yaml"
        text = patch.read_text("utf-8")
        patch.write_text(text.replace("spec:\n", "spec:\n" + _MISSPELT, 1), "utf-8")


def _platform(home: Path, count: int, rng: random.Random) -> None:
    """`count` definitions of custom kinds, and as many dashboards in ConfigMaps."""
    for number in range(count):
        _write(home / "crds" / f"kind-{number:02}.yaml", _definition(number))
        _write(home / "dashboards" / f"dashboard-{number:02}.yaml", _dashboard(number, rng))


def _definition(number: int) -> str:
    lines = [
        "apiVersion: apiextensions.k8s.io/v1",
        "kind: CustomResourceDefinition",
        "metadata:",
        f"  name: kinds{number}.bench.example",
        "spec:",
        "  group: bench.example",
        f"  names: {{kind: Kind{number}, plural: kinds{number}}}",
        "  scope: Namespaced",
        "  versions:",
        "  - name: v1",
        "    served: true",
        "    storage: true",
        "    schema:",
        "      openAPIV3Schema:",
        "        type: object",
        "        properties:",
        "          spec:",
        "            type: object",
        "            properties:",
    ]
    for group in range(100):
        lines += [f"              group{group}:", "                type: object"]
        lines += ["                properties:"]
        for field in range(30):
            lines += [
                f"                  field{field}:",
                "                    description: What the controller does with this field.",
                "                    type: string",
            ]
    return "\n".join(lines) + "\n"


def _dashboard(number: int, rng: random.Random) -> str:
    panels = "".join(
        f'        {{"id": {n}, "type": "graph", "title": "panel {n}", "gridPos": {{"h": 8, "w": 12,'
        f' "x": {rng.randrange(24)}, "y": {n}}}, "targets": [{{"expr": "rate(m{n}[5m])"}}]}},\n'
        for n in range(4000)
    )
    return (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
        f"  name: dashboard-{number}\ndata:\n  dashboard.json: |\n"
        f'      {{"panels": [\n{panels}      {{}}]}}\n'
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _base(name: str, rng: random.Random) -> dict[str, str]:
    env = "".join(
        f"        - name: SETTING_{n}\n          value: value-{rng.randrange(1000)}\n"
        for n in range(8)
    )
    return {
        "kustomization.yaml": (
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
            "resources:\n- deployment.yaml\n- service.yaml\n- account.yaml\n- hpa.yaml\n"
            "- pdb.yaml\n"
        ),
        "deployment.yaml": f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      serviceAccountName: {name}
      securityContext:
        runAsNonRoot: true
        seccompProfile: {{type: RuntimeDefault}}
      containers:
      - name: app
        image: registry.example/{name}:1.0.0
        ports:
        - name: http
          containerPort: 8080
        env:
{env}        envFrom:
        - configMapRef:
            name: {name}-settings
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits: {{memory: 256Mi}}
        readinessProbe:
          httpGet: {{path: /ready, port: http}}
        securityContext:
          allowPrivilegeEscalation: false
          capabilities: {{drop: [ALL]}}
""",
        "service.yaml": f"""\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app.kubernetes.io/name: {name}
  ports:
  - name: http
    port: 80
    targetPort: http
""",
        "account.yaml": f"""\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {name}
  policyTypes: [Ingress]
""",
        "hpa.yaml": f"""\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {name}
  minReplicas: 2
  maxReplicas: {rng.randrange(3, 20)}
""",
        "pdb.yaml": f"""\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
""",
    }


def _overlay(name: str, environment: str, rng: random.Random) -> dict[str, str]:
    return {
        "kustomization.yaml": f"""\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: {name}-{environment}
resources:
- ../../base
- route.yaml
patches:
- path: patch.yaml
labels:
- pairs:
    environment: {environment}
images:
- name: registry.example/{name}
  newTag: 1.{rng.randrange(30)}.{rng.randrange(10)}
configMapGenerator:
- name: {name}-settings
  literals:
  - LOG_LEVEL=info
  - REGION=region-{rng.randrange(5)}
""",
        "patch.yaml": f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  minReadySeconds: {rng.randrange(2, 9)}
  template:
    spec:
      containers:
      - name: app
        env:
        - name: SETTING_1
          value: {environment}
        resources:
          limits:
            memory: {rng.randrange(1, 9)}Gi
""",
        "route.yaml": f"""\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
spec:
  tls:
  - hosts: ["{name}.{environment}.example"]
  rules:
  - host: {name}.{environment}.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: {name}
            port:
              name: http
""",
    }
