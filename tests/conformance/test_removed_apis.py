"""Removed and deprecated APIs against the tables of Pluto and the fixtures of kube-no-trouble.

Where they and Kubernetes differ, Kubernetes decides: what the API documents of a released version
hold is still served.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitops_ci.documents.manifests import manifests_of
from gitops_ci.documents.read import read
from gitops_ci.schemas.gvk import Gvk, gvk
from gitops_ci.schemas.lifecycle import change_of, minor
from gitops_ci.schemas.pack import load
from tests.support.tools import require_corpora
from tests.unit.validate.checking import check

NOT_SERVED = {
    "audit.k8s.io": "a format of configuration files and logs; no API server serves it",
}
LATER_THAN_SAID = {
    Gvk("resource.k8s.io", "v1beta1", kind): "in the API document of 1.37"
    for kind in ("DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice")
}
NO_SUCH_KIND = {Gvk("flowcontrol.apiserver.k8s.io", "v1beta1", "FlowControl"): "never existed"}
ELSEWHERE = {
    Gvk("storage.k8s.io", "v1beta1", "VolumeAttributesClass"): "Pluto knows no removal yet",
    Gvk("admissionregistration.k8s.io", "v1alpha1", "ValidatingAdmissionPolicy"): "gone in 1.32",
    Gvk(
        "admissionregistration.k8s.io", "v1alpha1", "ValidatingAdmissionPolicyBinding"
    ): "gone in 1.32",
}
"""Kinds that the bundled API documents show to be gone earlier than Pluto says."""


def _entries() -> list[dict[str, Any]]:
    path = require_corpora("removed-apis", "pluto", "versions.yaml")
    (document,) = read("versions.yaml", path.read_bytes()).documents
    return [entry for entry in document.value["deprecated-versions"] if entry["component"] == "k8s"]


def _said(entry: dict[str, Any], version: str) -> bool:
    removed = entry.get("removed-in")
    return bool(removed) and minor(removed) <= minor(version)


@pytest.mark.full
def test_pluto_and_we_agree_on_what_is_removed() -> None:
    pack = load()
    compared = 0
    for entry in _entries():
        kind = gvk(entry["version"], entry["kind"])
        if kind.group in NOT_SERVED or kind in NO_SUCH_KIND or kind.kind.endswith("List"):
            continue
        for version in pack.versions:
            change = change_of(kind, pack)
            assert change is not None, kind
            ours, theirs = change.removed_in(version), _said(entry, version)
            if kind in LATER_THAN_SAID and theirs and not ours:
                assert kind in pack.builtins(version).kinds
            elif ours and not theirs:
                # Kubernetes is the authority: the kind is not in its own API document
                assert kind not in pack.builtins(version).kinds
            else:
                assert ours == theirs, (kind, version)
            compared += 1
    assert compared > 500


@pytest.mark.full
def test_every_difference_that_is_written_down_is_real() -> None:
    said = {gvk(entry["version"], entry["kind"]): entry for entry in _entries()}
    pack = load()
    for kind in (*LATER_THAN_SAID, *ELSEWHERE):
        change = change_of(kind, pack)
        assert change is not None
        assert change.removed != (said[kind].get("removed-in") or "").removeprefix("v")[:-2]
    assert set(NO_SUCH_KIND) <= set(said)


@pytest.mark.full
def test_the_replacement_is_the_one_that_pluto_names_or_a_newer_one() -> None:
    pack = load()
    newest = pack.builtins(pack.versions[-1])
    for entry in _entries():
        kind = gvk(entry["version"], entry["kind"])
        change = change_of(kind, pack)
        named = entry.get("replacement-api")
        if change is None or not named or kind.group in NOT_SERVED:
            continue
        wanted = gvk(named, kind.kind)
        if wanted in newest.kinds:
            assert change.replacement
            assert gvk(change.replacement.partition(" ")[0], kind.kind) in newest.kinds


def _fixtures() -> list[Path]:
    folder = require_corpora("removed-apis", "kube-no-trouble", "fixtures")
    return sorted(path for path in folder.iterdir() if not path.name.startswith("expected-"))


FOREIGN = {
    "issuer-v1alpha2.yaml": "cert-manager",
    "volumesnapshot-v1beta1.yaml": "the snapshot controller",
    "volumesnapshotclass-v1beta1.yaml": "the snapshot controller",
    "volumesnapshotcontent-v1beta1.yaml": "the snapshot controller",
}
"""Fixtures about kinds that are not Kubernetes' own, and whose they are."""

OBJECTS_OF_A_CURRENT_API = {
    "fake-deployment-v1beta1-no-annotation.yaml",
    "fake-deployment-v1beta1-with-annotation.yaml",
    "fake-deployment-v1beta1-with-kapp-annotation.yaml",
    "fake-ingress-v1beta1-with-annotation.yaml",
}
"""Fixtures whose old version stands only in an annotation that a cluster wrote."""


@pytest.mark.full
def test_every_fixture_of_a_removed_api_is_found() -> None:
    for path in _fixtures():
        if path.name in FOREIGN:
            continue
        data = path.read_bytes()
        objects = list(manifests_of(read(path.name, data)))
        found = [
            f for f in check(data, ["1.32"], path=path.name) if f.rule.id == "schema/removed-api"
        ]
        if path.name in OBJECTS_OF_A_CURRENT_API:
            assert not found, path.name
        else:
            assert len(found) == len(objects) > 0, path.name
