"""Random overlays over one base, in which every written value is unique."""

from __future__ import annotations

import random
import textwrap

MARK = r"mk\d{4}x"
_DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"
_SPEC = "spec:\n  template:\n    spec:\n"


class Overlays:
    """`files` holds `layer0` (the base) to `layer<depth>` (the root), each on top of the one
    before. The same seed gives the same files."""

    def __init__(self, seed: int, depth: int) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self.files: dict[str, str] = {}
        self._base()
        for number in range(1, depth + 1):
            self._layer(number)

    def _mark(self) -> str:
        self._count += 1
        return f"mk{self._count:04d}x"

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _base(self) -> None:
        mark = self._mark
        containers = "".join(
            f"      - name: c{number}\n"
            f"        image: reg.io/{mark()}:v1\n"
            f'        args: [{mark()}, "{mark()}"]\n'
            f"        env:\n"
            f"        - name: E0\n          value: {mark()}\n"
            f'        - name: E1\n          value: "{mark()}"\n'
            f"        ports:\n        - containerPort: 80{number}0\n          name: {mark()}\n"
            for number in range(self._random.randint(1, 3))
        )
        self.files["layer0/deployment.yaml"] = (
            "# a comment\n"
            f"{_DEPLOYMENT}  labels:\n    app: {mark()}\n"
            f"  annotations:\n    note: |\n      {mark()}\n      second line\n"
            f"spec:\n  selector:\n    matchLabels: {{app: web, x: {mark()}}}\n"
            f"  template:\n    metadata:\n      labels:\n        app: web\n"
            f"    spec:\n      serviceAccountName: {mark()}\n      containers:\n{containers}"
            f"      volumes:\n      - name: v0\n        hostPath:\n          path: /{mark()}\n"
        )
        custom = (
            "apiVersion: x.io/v1\nkind: Foo\nmetadata:\n  name: foo\nspec:\n  list:\n"
            f"  - a: {mark()}\n    b: {mark()}\n  - a: {mark()}\n  map:\n    k: {mark()}\n"
        )
        if self._chance(0.5):
            custom = "apiVersion: v1\nkind: List\nitems:\n- " + textwrap.indent(custom, "  ")[2:]
        self.files["layer0/custom.yaml"] = custom
        self.files["layer0/x.env"] = f"# settings\nA={mark()}\n\nB={mark()}\n"
        self.files["layer0/f.txt"] = f"{mark()}\nsecond line\n"
        self.files["layer0/kustomization.yaml"] = (
            "resources:\n- deployment.yaml\n- custom.yaml\n"
            "configMapGenerator:\n- name: cm\n  envs: [x.env]\n"
            f"  literals:\n  - L={mark()}\n  files:\n  - f.txt\n  - k=f.txt\n"
            f"  options:\n    labels:\n      made: {mark()}\n"
        )

    def _merge_patch(self) -> str:
        mark, number = self._mark, self._count
        pod = f"{_DEPLOYMENT}{_SPEC}"
        choices = (
            (
                f"{pod}      containers:\n      - name: c0\n        env:\n"
                f"        - name: N{number}\n          value: {mark()}\n"
                f"        - name: E1\n          value: {mark()}\n"
            ),
            (
                f"{pod}      containers:\n      - image: {mark()}\n        name: n{number}\n"
                f"      - name: c0\n        command:\n        - {mark()}\n        - {mark()}\n"
            ),
            f"{_DEPLOYMENT}  labels: {{app: {mark()}, q{number}: {mark()}}}\n",
            (
                f"{pod}      volumes:\n      - name: v{number}\n        emptyDir:\n"
                f"          medium: {mark()}\n"
            ),
            f"{pod}      containers:\n      - name: c0\n        args:\n        - {mark()}\n",
            (
                "apiVersion: x.io/v1\nkind: Foo\nmetadata:\n  name: foo\nspec:\n"
                f"  list:\n  - a: {mark()}\n  map:\n    k2: {mark()}\n"
            ),
            (
                f"{_DEPLOYMENT}spec:\n  strategy:\n    type: {mark()}\n  template:\n    metadata:\n"
                f'      annotations:\n        z{number}: "{mark()}"\n'
            ),
        )
        return self._random.choice(choices)

    def _operations(self) -> str:
        mark, number = self._mark, self._count
        containers = "/spec/template/spec/containers"
        choices = (
            f"- op: add\n  path: /metadata/labels/j{number}\n  value: {mark()}\n",
            (
                f"- op: add\n  path: {containers}/0\n  value:\n    name: first{number}\n"
                f"    image: {mark()}\n"
                f"- op: add\n  path: {containers}/-\n"
                f"  value: {{name: last{number}, image: {mark()}}}\n"
            ),
            f"- op: replace\n  path: /spec/template/spec/serviceAccountName\n  value: {mark()}\n",
            (
                "- op: remove\n  path: /spec/template/spec/volumes/0\n"
                "- op: add\n  path: /spec/template/spec/volumes\n"
                f"  value:\n  - name: {mark()}\n"
            ),
            (
                f"- op: copy\n  from: /metadata/labels/app\n  path: /metadata/labels/copy{number}\n"
                f"- op: move\n  from: /metadata/annotations/note\n"
                f"  path: /metadata/annotations/moved\n"
                f"- op: move\n  from: /metadata/annotations/moved\n"
                f"  path: /metadata/annotations/note\n"
            ),
        )
        return self._random.choice(choices)

    def _patches(self, folder: str) -> str:
        entries = ""
        for number in range(self._random.randint(0, 3)):
            kind = self._random.randint(0, 3)
            if kind == 0:
                self.files[f"{folder}/merge{number}.yaml"] = "# a patch\n" + self._merge_patch()
                entries += f"- path: merge{number}.yaml\n"
            elif kind == 1:
                entries += "- patch: |-\n" + textwrap.indent(self._merge_patch(), "    ")
            elif kind == 2:
                entries += "- target:\n    kind: Deployment\n  patch: |\n"
                entries += textwrap.indent(self._operations(), "    ")
            else:
                self.files[f"{folder}/json{number}.yaml"] = self._operations()
                entries += f"- path: json{number}.yaml\n  target: {{kind: Deployment}}\n"
        return f"patches:\n{entries}" if entries else ""

    def _layer(self, number: int) -> None:
        mark = self._mark
        folder = f"layer{number}"
        text = f"resources:\n- ../layer{number - 1}\n" + self._patches(folder)
        if self._chance(0.3):
            text += f"namePrefix: {mark()}-\n"
        if self._chance(0.3):
            text += f"namespace: {mark()}\n"
        if self._chance(0.4):
            selectors = self._random.choice(("true", "false"))
            text += f"labels:\n- pairs:\n    own{number}: {mark()}\n    same: {mark()}\n"
            text += f"  includeSelectors: {selectors}\n"
        if self._chance(0.3):
            text += f"commonAnnotations:\n  an{number}: {mark()}\n"
        if self._chance(0.4):
            text += "configMapGenerator:\n- name: cm\n  behavior: merge\n"
            text += f"  literals:\n  - M{number}={mark()}\n  - L={mark()}\n"
        if self._chance(0.4):
            text += f"components:\n- ../component{number}\n"
            self.files[f"component{number}/kustomization.yaml"] = (
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
                f"commonLabels:\n  component{number}: {mark()}\n"
                "patches:\n- patch: |-\n" + textwrap.indent(self._merge_patch(), "    ")
            )
        self.files[f"{folder}/kustomization.yaml"] = text
