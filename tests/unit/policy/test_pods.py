"""The pods of every kind of object that makes some: how many, and where their parts stand."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_ci.documents.read import read
from gitops_ci.policy.kinds import kind_of
from gitops_ci.policy.pods.find import WORKLOADS, pods_of
from gitops_ci.policy.pods.view import PodView
from gitops_ci.render.routes import at


def value_of(text: str) -> Any:
    return read("app.yaml", text.encode()).documents[0].value


def views(text: str) -> list[PodView]:
    value = value_of(text)
    return list(pods_of(value, kind_of(value)))


BODY = "spec: {hostPID: true, containers: [{name: app, image: a}]}"


def block(api: str, kind: str, *route: str) -> str:
    """An object with a pod template at a route."""
    lines = [f"apiVersion: {api}", f"kind: {kind}"]
    lines += [f"{'  ' * depth}{step}:" for depth, step in enumerate(route)]
    inside = "  " * len(route)
    return "\n".join([*lines, f"{inside}metadata: {{labels: {{a: b}}}}", f"{inside}{BODY}", ""])


PLAIN = [
    ("v1", "PodTemplate", ("template",)),
    ("v1", "ReplicationController", ("spec", "template")),
    ("apps/v1", "Deployment", ("spec", "template")),
    ("apps/v1", "StatefulSet", ("spec", "template")),
    ("apps/v1", "DaemonSet", ("spec", "template")),
    ("apps/v1", "ReplicaSet", ("spec", "template")),
    ("extensions/v1beta1", "Deployment", ("spec", "template")),
    ("batch/v1", "Job", ("spec", "template")),
    ("batch/v1beta1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
    ("argoproj.io/v1alpha1", "Rollout", ("spec", "template")),
    ("serving.knative.dev/v1", "Service", ("spec", "template")),
    ("serving.knative.dev/v1", "Configuration", ("spec", "template")),
    ("keda.sh/v1alpha1", "ScaledJob", ("spec", "jobTargetRef", "template")),
    ("apps.openshift.io/v1", "DeploymentConfig", ("spec", "template")),
    ("apps.kruise.io/v1alpha1", "CloneSet", ("spec", "template")),
]


@pytest.mark.parametrize(("api", "kind", "route"), PLAIN, ids=str)
def test_a_template_stands_where_its_kind_has_it(
    api: str, kind: str, route: tuple[str, ...]
) -> None:
    (view,) = views(block(api, kind, *route))
    assert view.route == (*route, "spec")
    assert view.metadata_route == (*route, "metadata")
    assert view.metadata == {"labels": {"a": "b"}}
    assert view.at("hostPID") is True
    assert [container.name for container in view.containers()] == ["app"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Service\nspec: {template: {spec: {containers: []}}}\n",
        "apiVersion: example.org/v1\nkind: Deployment\nspec: {template: {spec: {}}}\n",
        "apiVersion: 1\nkind: [Pod]\nspec: {containers: []}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {workflowTemplateRef: {}}\n",
        "apiVersion: tekton.dev/v1\nkind: Pipeline\nspec: {tasks: [{taskRef: {name: a}}, text]}\n",
    ],
)
def test_other_objects_make_no_pods(text: str) -> None:
    assert views(text) == []


@pytest.mark.parametrize("body", ["null", "text", "[]", "{template: 3}", "{containers: {}}"])
def test_what_is_no_pod_at_all_has_no_containers(body: str) -> None:
    for group, kind in sorted(WORKLOADS):
        api = f"{group}/v1" if group else "v1"
        for view in views(f"apiVersion: {api}\nkind: {kind}\nspec: {body}\n"):
            if (group, kind) != ("tekton.dev", "StepAction"):
                assert list(view.containers()) == []


LISTS = """
apiVersion: {api}
kind: {kind}
spec:
  {field}:
    - {{ {path} }}
    - text
    - {{ {path} }}
"""


def test_templates_in_lists_are_all_found() -> None:
    job = "provider: {job: {spec: {template: {spec: {containers: [{name: a}]}}}}}"
    text = LISTS.format(
        api="argoproj.io/v1alpha1", kind="AnalysisTemplate", field="metrics", path=job
    )
    assert [view.route[:3] for view in views(text)] == [("spec", "metrics", n) for n in (0, 1, 2)]


def test_the_roles_of_containers_are_told_apart() -> None:
    (view,) = views(
        """
        apiVersion: v1
        kind: Pod
        spec:
          initContainers: [{name: setup}, {name: sidecar, restartPolicy: Always}]
          containers: [{name: app}, null]
          ephemeralContainers: [{name: debug}]
        """
    )
    assert [(c.name, c.runs_along) for c in view.containers()] == [
        ("setup", False),
        ("sidecar", True),
        ("app", True),
        ("debug", False),
    ]
    assert [str(c) for c in view.containers("containers")] == ["container 'app'"]
    assert view.containers()[0].where("image") == ("spec", "initContainers", 0, "image")


WORKFLOW = """
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  hostNetwork: true
  securityContext: {runAsNonRoot: true}
  serviceAccountName: all
  volumes: [{name: shared}]
  templates:
    - name: plain
      serviceAccountName: own
      metadata: {labels: {a: b}}
      volumes: [{name: mine}]
      container: {name: main, image: a}
      initContainers: [{name: setup}]
      sidecars: [{name: side}]
    - name: set
      containerSet: {containers: [{name: one}, {name: two}]}
    - name: flow
      steps:
        - - name: nothing
            template: plain
          - name: inline
            inline: {script: {name: written, source: a}}
    - name: graph
      dag: {tasks: [{name: t, inline: {container: {name: deep}}}]}
    - name: resource
      resource: {action: get}
"""


def test_a_workflow_has_a_pod_for_each_template_that_runs_containers() -> None:
    found = views(WORKFLOW)
    assert [[c.name for c in view.containers()] for view in found] == [
        ["setup", "main", "side"],
        ["one", "two"],
        ["written"],
        ["deep"],
    ]
    assert {view.at("hostNetwork") for view in found} == {True}
    assert [view.at("serviceAccountName") for view in found] == ["own", "all", "all", "all"]


def test_every_part_of_a_spread_pod_leads_to_where_it_stands() -> None:
    value = value_of(WORKFLOW)
    for view in views(WORKFLOW):
        for container in view.containers():
            assert at(value, container.where()) == container.value
        for index, volume in enumerate(view.spec["volumes"]):
            assert at(value, view.where("volumes", index)) == volume
        assert at(value, view.where("hostNetwork")) is True
        assert at(value, view.where("securityContext", "runAsNonRoot")) is True


DEFAULTS = """
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
spec:
  serviceAccountName: workflow
  templateDefaults:
    securityContext: {runAsNonRoot: true}
    serviceAccountName: defaults
  templates:
    - name: plain
      container: {name: main}
    - name: own
      securityContext: {runAsNonRoot: false}
      container: {name: main}
"""


def test_templates_have_what_their_defaults_say() -> None:
    plain, own = views(DEFAULTS)
    assert plain.at("serviceAccountName") == "defaults"
    where = plain.where("securityContext", "runAsNonRoot")
    assert where == ("spec", "templateDefaults", "securityContext", "runAsNonRoot")
    assert own.at("securityContext", "runAsNonRoot") is False
    assert not plain.patched
    container = DEFAULTS.replace("templateDefaults:", "templateDefaults:\n    container: {name: a}")
    assert all(view.patched for view in views(container))


TASK_RUN = """
apiVersion: tekton.dev/v1
kind: TaskRun
spec:
  podTemplate:
    hostNetwork: true
    volumes: [{name: around}]
  taskSpec:
    volumes: [{name: own}]
    stepTemplate:
      image: common
      securityContext: {runAsUser: 0, privileged: true}
    steps:
      - {name: one, securityContext: {privileged: false}}
      - {name: two, image: other}
    sidecars: [{name: side}]
"""


def test_a_step_has_what_the_template_of_steps_says() -> None:
    (view,) = views(TASK_RUN)
    one, two, side = view.containers()
    assert one.at("image") == "common"
    assert one.where("image") == ("spec", "taskSpec", "stepTemplate", "image")
    assert one.at("securityContext", "privileged") is False
    assert one.where("securityContext", "privileged")[:4] == ("spec", "taskSpec", "steps", 0)
    assert one.where("securityContext", "runAsUser")[2] == "stepTemplate"
    assert two.at("image") == "other"
    assert two.where("securityContext", "privileged")[2] == "stepTemplate"
    assert side.where("image") == ("spec", "taskSpec", "sidecars", 0, "image")
    assert view.where("hostNetwork") == ("spec", "podTemplate", "hostNetwork")
    assert [v["name"] for v in view.spec["volumes"]] == ["around", "own"]


def test_each_task_of_a_pipeline_is_a_pod() -> None:
    tasks = "tasks: [{taskSpec: {steps: [{name: a}]}}], finally: [{taskSpec: {steps: [{name: b}]}}]"
    run = f"{{taskRunTemplate: {{podTemplate: {{hostPID: true}}}}, pipelineSpec: {{{tasks}}}}}"
    pipeline = views(f"apiVersion: tekton.dev/v1\nkind: Pipeline\nspec: {{{tasks}}}\n")
    assert [[c.name for c in view.containers()] for view in pipeline] == [["a"], ["b"]]
    runs = views(f"apiVersion: tekton.dev/v1\nkind: PipelineRun\nspec: {run}\n")
    assert [view.at("hostPID") for view in runs] == [True, True]
    (action,) = views("apiVersion: tekton.dev/v1\nkind: StepAction\nspec: {image: a}\n")
    assert [c.where("image") for c in action.containers()] == [("spec", "image")]
