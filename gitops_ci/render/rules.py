"""The rules about rendering itself."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

_KUSTOMIZE = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"
_HELM = "https://helm.sh/docs/chart_template_guide/"
_FLUX = "https://fluxcd.io/flux/components/kustomize/kustomizations/"
_HELMRELEASE = "https://fluxcd.io/flux/components/helm/helmreleases/"
_ARGOCD = "https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/"
_APPSET = "https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/"

KUSTOMIZE_BUILD = Rule(
    "kustomize/build-failed",
    "The kustomization cannot be built",
    Severity.ERROR,
    "The controller runs the same build and applies nothing when it fails.",
    _KUSTOMIZE,
)
KUSTOMIZE_OUTSIDE = Rule(
    "kustomize/outside-repository",
    "The kustomization names a path outside the repository",
    Severity.ERROR,
    "A controller checks out the repository alone: what lies beside it does not exist there.",
    _KUSTOMIZE,
)
ENGINE_DIFFERENCE = Rule(
    "kustomize/engine-difference",
    "The native engine and the reference binary render different objects",
    Severity.ERROR,
    "The reference decides. A difference is a fault of the native engine or of the binary's "
    "version, and `--engine kustomize` avoids it.",
    _KUSTOMIZE,
)
HELM_FAILED = Rule(
    "helm/template-failed",
    "The chart cannot be rendered with the values that deploy it",
    Severity.ERROR,
    "The controller renders the chart with the same values and applies nothing when that fails.",
    _HELM,
)
HELM_OUTPUT = Rule(
    "helm/invalid-output",
    "A template renders something that is not a well-formed object",
    Severity.ERROR,
    "Strict decoders refuse such output and lenient ones drop a part of it silently.",
    _HELM,
)
HELM_MISSING_VALUES = Rule(
    "helm/missing-values-file",
    "A values file does not exist",
    Severity.ERROR,
    "Rendering stops at a values file that is not there, and nothing is applied.",
    _HELM,
)
HELM_MISMATCH = Rule(
    "helm/chart-mismatch",
    "A remote chart is not what it is pinned to",
    Severity.ERROR,
    "Somebody replaced the chart under the same version, and a controller would deploy that.",
    "https://helm.sh/docs/topics/chart_repository/",
)
FLUX_PATH = Rule(
    "flux/path-not-found",
    "spec.path of a Flux Kustomization leads nowhere",
    Severity.ERROR,
    "The controller reports that the path does not exist and applies nothing.",
    _FLUX,
)
FLUX_VARIABLE = Rule(
    "flux/undefined-variable",
    "A variable of the post-build substitution has no value",
    Severity.WARNING,
    "Flux replaces an undefined variable by nothing, which rarely is what the author wants.",
    _FLUX,
)
FLUX_SUBSTITUTION = Rule(
    "flux/invalid-substitution",
    "The post-build substitution fails or leaves something that is not YAML",
    Severity.ERROR,
    "The controller stops at the first expression that it cannot substitute.",
    _FLUX,
)
FLUX_CYCLE = Rule(
    "flux/cycle",
    "Flux Kustomizations deploy each other in a circle",
    Severity.ERROR,
    "Each one would own the other: deleting or suspending one takes its own definition away.",
    _FLUX,
)
FLUX_SOURCE = Rule(
    "flux/chart-not-found",
    "The chart of a HelmRelease does not exist in the repository",
    Severity.ERROR,
    "The controller cannot find the chart in the source that the release names.",
    _HELMRELEASE,
)
ARGOCD_PATH = Rule(
    "argocd/path-not-found",
    "source.path of an Argo CD Application leads nowhere",
    Severity.ERROR,
    "Argo CD reports that the path does not exist and applies nothing.",
    _ARGOCD,
)
ARGOCD_CYCLE = Rule(
    "argocd/app-cycle",
    "Argo CD Applications deploy each other in a circle",
    Severity.ERROR,
    "Each one would own the other: deleting or pruning one takes its own definition away.",
    _ARGOCD,
)
ARGOCD_SOURCE = Rule(
    "argocd/invalid-source",
    "The source of an Argo CD Application cannot work",
    Severity.ERROR,
    "Argo CD refuses the Application and applies nothing.",
    _ARGOCD,
)
APPSET_TEMPLATE = Rule(
    "argocd/applicationset-template",
    "The template of an ApplicationSet cannot be filled in",
    Severity.ERROR,
    "The controller reports an error and generates no Application from these parameters.",
    _APPSET,
)
ARGOCD_DEPTH = Rule(
    "argocd/too-deep",
    "Deployers that deploy deployers are nested too deeply",
    Severity.WARNING,
    "Nobody can follow more than ten levels, and such nesting is a circle in most cases.",
    _ARGOCD,
)

RULES = (
    KUSTOMIZE_BUILD,
    KUSTOMIZE_OUTSIDE,
    ENGINE_DIFFERENCE,
    HELM_FAILED,
    HELM_OUTPUT,
    HELM_MISSING_VALUES,
    HELM_MISMATCH,
    FLUX_PATH,
    FLUX_VARIABLE,
    FLUX_SUBSTITUTION,
    FLUX_CYCLE,
    FLUX_SOURCE,
    ARGOCD_PATH,
    ARGOCD_CYCLE,
    ARGOCD_SOURCE,
    APPSET_TEMPLATE,
    ARGOCD_DEPTH,
)
