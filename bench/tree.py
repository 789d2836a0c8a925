"""A generated monorepo: apps with a base and one overlay per environment. Same seed, same bytes."""

from __future__ import annotations

import random
from pathlib import Path

ENVIRONMENTS = ("dev", "qa", "staging", "prod")
FILES_PER_APP = 6 + len(ENVIRONMENTS) * 3


def generate(root: Path, apps: int, seed: int = 1) -> list[Path]:
    """Write `apps` apps below `root` and return the directories of their overlays."""
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
    return overlays


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
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      serviceAccountName: {name}
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
        "account.yaml": f"apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n",
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
  replicas: {rng.randrange(2, 9)}
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
