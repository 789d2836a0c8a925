"""A generated repository for the secret scan: 2,000 YAML files, 10 MB, written as teams write them.

The mix: of 25 files eight are routes, services and kustomizations, six are deployments, four are
values of charts, two definitions of kinds, two settings, and one each an ExternalSecret, a
SealedSecret and a SOPS file. Names of secrets are in most files, and almost none of them holds one;
one file in 250 does. Same seed, same bytes.
"""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable
from pathlib import Path

FILES = 2000
SECRETS = 8
_LETTERS = string.ascii_letters + string.digits


def generate(root: Path, files: int = FILES, seed: int = 1) -> int:
    """Write `files` files below `root`; returns how many of them hold a plain secret."""
    rng = random.Random(seed)
    planted = 0
    for number in range(files):
        name = f"app-{number // 10:03}"
        make, part = _MIX[number % len(_MIX)]
        text = make(name, rng)
        if number % (files // SECRETS) == 7:
            text += f"---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\n"
            text += f"stringData:\n  password: {_word(rng, 24)}\n"
            planted += 1
        path = root / "apps" / name / f"{part}-{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return planted


def _word(rng: random.Random, size: int) -> str:
    return "".join(rng.choices(_LETTERS, k=size))


def _digest(rng: random.Random) -> str:
    return rng.randbytes(32).hex()


def _head(kind: str, version: str, name: str) -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: shop\n"


def _deployment(name: str, rng: random.Random) -> str:
    lines = [_head("Deployment", "apps/v1", name) + "spec:\n  template:\n    metadata:"]
    lines += [f"      annotations:\n        checksum/config: {_digest(rng)}"]
    lines += ["    spec:\n      containers:"]
    for number in range(4):
        lines += [
            f"      - name: c{number}",
            f"        image: ghcr.io/shop/{name}@sha256:{_digest(rng)}",
        ]
        lines += ["        env:"]
        for key in ("DATABASE_PASSWORD", "API_TOKEN", "SESSION_SECRET"):
            lines += [f"        - name: {key}", "          valueFrom:", "            secretKeyRef:"]
            lines += [f"              name: {name}-secrets", f"              key: {key.lower()}"]
        lines += ["        - name: DATABASE_URL"]
        lines += ["          value: postgres://shop:$(DATABASE_PASSWORD)@db.shop.svc:5432/shop"]
        lines += ["        resources:", "          requests: {cpu: 100m, memory: 128Mi}"]
        lines += ["        readinessProbe:", "          httpGet: {path: /ready, port: 8080}"]
        lines += ["        volumeMounts:", "        - {name: tls, mountPath: /etc/tls}"]
    return (
        "\n".join(lines)
        + "\n      volumes:\n      - name: tls\n        secret: {secretName: tls}\n"
    )


def _values(name: str, rng: random.Random) -> str:
    lines = [f"nameOverride: {name}"]
    for number in range(30):
        lines += [f"component{number}:", f"  # how component {number} is reached by the others"]
        lines += [f"  image:\n    repository: ghcr.io/shop/{name}-{number}\n    tag: 1.{number}.0"]
        lines += ["  auth:", "    existingSecret: shop-auth", "    passwordKey: password"]
        lines += ['    password: ""', f"  endpoint: https://{name}.shop.example/v1/{number}"]
        lines += [f"  digest: sha256:{_digest(rng)}"]
    return "\n".join(lines) + "\n"


def _external(name: str, _rng: random.Random) -> str:
    data = "".join(
        f"  - secretKey: key{number}\n    remoteRef: {{key: shop/{name}, property: p{number}}}\n"
        for number in range(40)
    )
    store = "  secretStoreRef: {name: vault, kind: ClusterSecretStore}\n"
    return (
        _head("ExternalSecret", "external-secrets.io/v1", name) + f"spec:\n{store}  data:\n{data}"
    )


def _sealed(name: str, rng: random.Random) -> str:
    sealed = "".join(
        f"    key{number}: AgB{base64.b64encode(rng.randbytes(480)).decode()}\n"
        for number in range(6)
    )
    body = "spec:\n  encryptedData:\n" + sealed
    return _head("SealedSecret", "bitnami.com/v1alpha1", name) + body


def _sops(name: str, rng: random.Random) -> str:
    def value() -> str:
        parts = [base64.b64encode(rng.randbytes(size)).decode() for size in (24, 32, 16)]
        return f"ENC[AES256_GCM,data:{parts[0]},iv:{parts[1]},tag:{parts[2]},type:str]"

    data = "".join(f"  key{number}: {value()}\n" for number in range(20))
    recipient = f"age1{''.join(rng.choices('023456789acdefghjklmnpqrstuvwxyz', k=58))}"
    meta = f"sops:\n  age:\n  - recipient: {recipient}\n    enc: |\n      x\n"
    tail = f"  lastmodified: '2026-01-01T00:00:00Z'\n  mac: {value()}\n"
    tail += "  encrypted_regex: ^(data|stringData)$\n  version: 3.9.0\n"
    return _head("Secret", "v1", name) + "stringData:\n" + data + meta + tail


def _settings(name: str, rng: random.Random) -> str:
    lines = [_head("ConfigMap", "v1", name) + "data:\n  app.properties: |"]
    for number in range(60):
        lines += [
            f"    server.feature.{number}.enabled=true",
            f"    cache.key.prefix.{number}={name}",
        ]
        lines += [f"    spring.datasource.password.{number}=${{DB_PASSWORD_{number}}}"]
    certificate = base64.b64encode(rng.randbytes(800)).decode()
    body = "\n".join("    " + certificate[i : i + 64] for i in range(0, len(certificate), 64))
    pem = f"    -----BEGIN CERTIFICATE-----\n{body}\n    -----END CERTIFICATE-----\n"
    return "\n".join(lines) + "\n  ca.crt: |\n" + pem


def _definition(name: str, _rng: random.Random) -> str:
    lines = [_head("CustomResourceDefinition", "apiextensions.k8s.io/v1", name) + "spec:"]
    lines += ["  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        properties:"]
    for number in range(60):
        lines += [
            f"          field{number}:",
            "            type: object",
            "            description: |",
        ]
        lines += [
            "              Name of the Secret that holds the password of the account, with the"
        ]
        lines += ["              key of the token; see the documentation of the provider for both."]
    return "\n".join(lines) + "\n"


def _routes(name: str, _rng: random.Random) -> str:
    return "---\n".join(
        _head("HTTPRoute", "gateway.networking.k8s.io/v1", f"{name}-{number}")
        + f"spec:\n  hostnames: [{name}-{number}.shop.example]\n  rules:\n"
        + f"  - matches: [{{path: {{type: PathPrefix, value: /v{number}}}}}]\n"
        + f"    backendRefs: [{{name: {name}, port: 80}}]\n"
        for number in range(16)
    )


_MIX: tuple[tuple[Callable[[str, random.Random], str], str], ...] = (
    *[(_routes, "route")] * 8,
    *[(_deployment, "deployment")] * 6,
    *[(_values, "values")] * 4,
    *[(_definition, "crd")] * 2,
    *[(_settings, "config")] * 2,
    (_external, "external-secret"),
    (_sealed, "sealed-secret"),
    (_sops, "secret.enc"),
)
