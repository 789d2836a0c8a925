from __future__ import annotations

from textwrap import dedent

import pytest

from gitops_ci.render.helm.template_text import lines_of

TEMPLATE = dedent(
    """\
    {{- if .Values.on }}
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ include "x.name" . }}
      {{- with .Values.annotations }}
      annotations:
        {{- toYaml . | nindent 4 }}
      {{- end }}
    spec:
      # a comment
      type: {{ .Values.service.type }}
      ports:
        - name: http
          port: {{ .Values.service.port | default 80 }}
    {{ toYaml .Values.more | indent 4 }}
        - {{ .Values.last }}
      {{- with .Values.probe }}
      delay: {{ .delay | default 1 }}
      {{- end }}
    {{- end }}
    ---
    kind: Other
    """
)


@pytest.mark.parametrize(
    ("number", "keys", "references", "item"),
    [
        (2, ("apiVersion",), (), False),
        (5, ("metadata", "name"), (), False),
        (7, ("metadata", "annotations"), (), False),
        (8, ("metadata", "annotations"), (("annotations",),), False),
        (12, ("spec", "type"), (("service", "type"),), False),
        (14, ("spec", "ports", "name"), (), False),
        (15, ("spec", "ports", "port"), (("service", "port"),), False),
        (16, ("spec", "ports"), (("more",),), False),
        (17, ("spec", "ports"), (("last",),), True),
        (19, ("spec", "delay"), (("probe", "delay"),), False),
    ],
)
def test_each_line_knows_its_keys_and_values(
    number: int, keys: tuple[str, ...], references: tuple[tuple[str, ...], ...], item: bool
) -> None:
    (line,) = [line for line in lines_of(TEMPLATE) if line.span.line == number]
    assert (line.keys, line.references, line.item) == (keys, references, item)
    assert line.document == 0


def test_control_lines_write_nothing_and_documents_are_counted() -> None:
    numbers = {line.span.line: line.document for line in lines_of(TEMPLATE)}
    assert not {1, 6, 9, 11, 18, 20, 21, 22} & set(numbers)
    assert numbers[23] == 1


def test_spans_are_those_of_the_text() -> None:
    text = "a:\r\n  b: {{ .Values.x }}\r\n"
    line = lines_of(text)[1]
    assert text[line.span.start : line.span.end] == "b: {{ .Values.x }}"
    assert (line.span.line, line.span.column) == (2, 3)
