"""What the name of a file says about it. Cheap: nothing is read.

The file names are those that the tools document: kustomize (`kustomization.yaml`, `.yml`,
`Kustomization`), Helm (the chart layout), the CI systems and the usual tools next to them.
"""

from __future__ import annotations

from functools import lru_cache

from gitops_ci.model.regex import regex
from gitops_ci.repo.kinds import FileKind, Verdict
from gitops_ci.repo.paths import name as name_of
from gitops_ci.repo.paths import parents, within

KUSTOMIZATION_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
CHART = "Chart.yaml"
YAML = (".yaml", ".yml")
_BINARY = regex(
    r"7z|bin|bmp|bz2|class|db|der|dll|docx|eot|exe|gif|gpg|gz|ico|jar|jks|jpe?g|keystore|mov|mp[34]|"
    r"ogg|otf|p12|pdf|pfx|png|pptx|pyc|so|sqlite|svgz|tar|tgz|ttf|war|webm|webp|woff2?|xlsx|xz|zip|zst"
)
_TEXT = regex(
    r"adoc|asc|bash|cc?|cel|cfg|conf|cpp|crt|css|csv|cue|dhall|diff|drawio|env|excalidraw|go|gotmpl|"
    r"graphql|h|html?|ini|ipynb|j2|java|jinja2?|js|json5|jsonc|jsonnet|jsx|just|key|kt|libsonnet|lock|"
    r"log|markdown|md|mermaid|mjs|mod|nix|patch|pem|php|pkl|properties|proto|ps1|pub|puml|py|rb|rego|"
    r"rs|rst|scss|sh|sql|star|sum|svg|tmpl|toml|tpl|tsx?|txt|xml|zsh"
)
_TERRAFORM = frozenset({"tf", "tfvars", "hcl", "tofu"})
_CI_DIRECTORIES = frozenset(
    {".github", ".gitlab", ".circleci", ".azure-pipelines", ".buildkite", ".tekton", ".gitea"}
    | {".forgejo", ".woodpecker", ".semaphore", ".ci"}
)
_TOOL_DIRECTORIES = frozenset(
    {".vscode", ".idea", ".devcontainer", ".gitops-ci", ".husky", ".config", ".taskfiles"}
    | {".renovate", ".git-hooks", "node_modules", ".terraform", ".claude", ".cursor"}
)
_CI_NAME = regex(
    r"(?:.*[.-])?\.?gitlab-ci\.ya?ml|\.?azure-pipelines[\w.-]*\.ya?ml|bitbucket-pipelines\.ya?ml|"
    r"cloudbuild[\w.-]*\.ya?ml|buildspec[\w.-]*\.ya?ml|appveyor\.ya?ml|action\.ya?ml|"
    r"jenkins-x[\w.-]*\.ya?ml|codecov\.ya?ml|renovate\.json|dependabot\.ya?ml"
)
_TOOL_NAME = regex(
    r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml|[Tt]askfile(?:\.[\w.-]+)?\.ya?ml|mkdocs\.ya?ml|"
    r"Pulumi(?:\.[\w-]+)?\.ya?ml|tfsec\.ya?ml|helmfile(?:[.-][\w.-]+)?\.ya?ml|skaffold\.ya?ml|"
    r"(?:package|package-lock|tsconfig|composer|jsconfig|renovate|angular|lerna|nx|turbo|biome)"
    r"(?:\.[\w-]+)?\.json|pnpm-(?:lock|workspace)\.ya?ml|catalog-info\.ya?ml|galaxy\.ya?ml|"
    r"ct(?:-[\w-]+)?\.ya?ml|cr\.ya?ml|chart-testing\.ya?ml|lintconf\.ya?ml|artifacthub-repo\.ya?ml|"
    r"kyverno-test\.ya?ml|chainsaw-test\.ya?ml|install-config\.ya?ml|conftest\.ya?ml|"
    r"mise\.ya?ml|lefthook\.ya?ml|sonar-project\.ya?ml|zarf\.ya?ml|devspace\.ya?ml|tilt_config\.json"
)
_VALUES_NAME = regex(r"values(?:[.-][\w.-]+)?\.ya?ml|[\w.-]+[.-]values\.ya?ml")
_PATCH_NAME = regex(r"(?:.*[-_.])?patch(?:es)?(?:[-_.].*)?\.(?:ya?ml|json)")
_ANSIBLE = regex(
    r"(?:^|/)(?:group_vars|host_vars)/|(?:^|/)roles/[^/]+/(?:tasks|handlers|defaults|vars|meta)/|"
    r"(?:^|/)playbooks?/[^/]+\.ya?ml\Z"
)
_CI = Verdict(FileKind.CI_FILE, "belongs to the CI system")


def is_kustomization(path: str) -> bool:
    """Whether kustomize reads the file when it is pointed at its directory."""
    return name_of(path) in KUSTOMIZATION_NAMES


def is_yaml(path: str) -> bool:
    """Whether the name is that of a YAML file."""
    return path.lower().endswith(YAML) or name_of(path) == "Kustomization"


def is_json(path: str) -> bool:
    """Whether the name is that of a JSON file."""
    return path.lower().endswith(".json")


def is_values_name(path: str) -> bool:
    """Whether the name is one that Helm users give to value files."""
    return _VALUES_NAME.fullmatch(name_of(path)) is not None


def is_patch_name(path: str) -> bool:
    """Whether the name says that the file is a patch."""
    return _PATCH_NAME.fullmatch(name_of(path).lower()) is not None


def chart_of(path: str, charts: frozenset[str]) -> str | None:
    """The directory of the innermost chart that `path` belongs to, or None."""
    return next((directory for directory in parents(path) if directory in charts), None)


def judge_name(path: str, charts: frozenset[str]) -> Verdict | None:
    """What the name alone decides, given the directories that are charts; None when the content
    has to be looked at."""
    chart = chart_of(path, charts) if charts else None
    if chart is not None:
        verdict = _in_chart(path, chart)
        if verdict is not None:
            return verdict
    if is_kustomization(path):
        return None
    return _tool(path) or _by_ending(path)


def _in_chart(path: str, chart: str) -> Verdict | None:
    inner = path[len(chart) + 1 :] if chart else path
    if within(inner, "templates"):
        return Verdict(FileKind.HELM_TEMPLATE, f"a template of the chart '{chart or '.'}'")
    if inner in (CHART, "Chart.lock", "requirements.yaml", "requirements.lock"):
        return Verdict(FileKind.HELM_CHART, "describes a chart")
    if inner == "values.schema.json":
        return Verdict(FileKind.DATA, "the schema of a chart's values")
    if "/" not in inner and is_yaml(path) and is_values_name(path):
        return Verdict(FileKind.VALUES, f"values of the chart '{chart or '.'}'")
    if within(inner, "ci") and is_yaml(path):
        return Verdict(FileKind.VALUES, f"test values of the chart '{chart or '.'}'")
    return None


def _tool(path: str) -> Verdict | None:
    directory, _, name = path.rpartition("/")
    if "." in directory or "node_modules" in directory:
        parts = directory.split("/")
        if not _CI_DIRECTORIES.isdisjoint(parts):
            return _CI
        if not _TOOL_DIRECTORIES.isdisjoint(parts):
            return Verdict(FileKind.TOOL_CONFIG, "belongs to a tool, not to a cluster")
    verdict = _tool_name(name)
    if verdict is None and "/" in path and _ANSIBLE.search(path) and is_yaml(path):
        return Verdict(FileKind.ANSIBLE, "lies where Ansible looks")
    return verdict


@lru_cache(4096)
def _tool_name(name: str) -> Verdict | None:
    """Cached, because a repository uses few names many times."""
    if _CI_NAME.fullmatch(name):
        return _CI
    if name.startswith(".argocd-source") and is_yaml(name):
        return Verdict(FileKind.VALUES, "overrides parameters of an Argo CD source")
    if (name.startswith(".") and (is_yaml(name) or is_json(name))) or _TOOL_NAME.fullmatch(name):
        return Verdict(FileKind.TOOL_CONFIG, "the configuration of a tool")
    return None


def _by_ending(path: str) -> Verdict | None:
    if is_yaml(path) or is_json(path):
        return None
    ending = name_of(path).rpartition(".")[2].lower()
    if ending in _TERRAFORM:
        return Verdict(FileKind.TERRAFORM, "Terraform")
    if _BINARY.fullmatch(ending):
        return Verdict(FileKind.BINARY, f"a .{ending} file")
    if _TEXT.fullmatch(ending):
        return Verdict(FileKind.NOT_YAML, f"a .{ending} file")
    return None
