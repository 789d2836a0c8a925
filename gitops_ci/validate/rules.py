"""What schema validation can find."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity

_STRICT = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"
_CRD = (
    "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/"
    "custom-resource-definitions/#validation"
)
_GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"

UNKNOWN_FIELD = Rule(
    "schema/unknown-field",
    "A field that the kind does not have",
    Severity.ERROR,
    "The API server refuses the object under strict field validation, and drops the field without "
    "it: what was meant never takes effect.",
    _STRICT,
)
WRONG_TYPE = Rule(
    "schema/wrong-type",
    "A value of another type than the field has",
    Severity.ERROR,
    "The API server cannot decode the object and refuses it.",
    _STRICT,
)
MISSING_FIELD = Rule(
    "schema/missing-field",
    "A required field is not there",
    Severity.ERROR,
    "The API server refuses an object without its required fields. A null value counts as absent.",
    _STRICT,
)
INVALID_VALUE = Rule(
    "schema/invalid-value",
    "A value outside of what the field allows",
    Severity.ERROR,
    "The API server checks enumerations, patterns, formats and limits and refuses the object.",
    _CRD,
)
UNKNOWN_KIND = Rule(
    "schema/unknown-kind",
    "A kind or API version that does not exist",
    Severity.ERROR,
    "No API server can take the object. In the API groups of Kubernetes itself an unknown kind is "
    "a slip, not a missing definition.",
)
MISSING_API_VERSION = Rule(
    "schema/missing-api-version",
    "An object without apiVersion",
    Severity.ERROR,
    "Nothing can tell what the object is, so it is refused.",
)
MISSING_KIND = Rule(
    "schema/missing-kind",
    "An object without kind",
    Severity.ERROR,
    "Nothing can tell what the object is, so it is refused.",
)
MISSING_NAME = Rule(
    "schema/missing-name",
    "An object without a name",
    Severity.ERROR,
    "The API server needs metadata.name, or metadata.generateName for objects that are created.",
)
REMOVED_API = Rule(
    "schema/removed-api",
    "An API version that Kubernetes no longer serves",
    Severity.ERROR,
    "The API server of that version does not know the kind any more; the object cannot be applied.",
    _GUIDE,
)
DEPRECATED_API = Rule(
    "schema/deprecated-api",
    "An API version that is going away",
    Severity.WARNING,
    "It still works, and a later version of Kubernetes or of the operator stops serving it.",
    _GUIDE,
)
NO_SCHEMA = Rule(
    "schema/no-schema",
    "A kind whose structure is not known",
    Severity.NOTE,
    "Objects of the kind are not checked against a schema. A CustomResourceDefinition in the "
    "repository, or `gitops-ci schemas add`, makes it known.",
)
BROKEN_CRD = Rule(
    "schema/broken-crd",
    "A CustomResourceDefinition that cannot be used",
    Severity.ERROR,
    "The API server refuses the definition, or the kind that it defines cannot be checked.",
    _CRD,
)
ENGINE_FAILED = Rule(
    "schema/engine-failed",
    "The schema engine did not give a verdict",
    Severity.ERROR,
    "Without a verdict for every object nobody can say that the change is good.",
)

RULES = (
    UNKNOWN_FIELD,
    WRONG_TYPE,
    MISSING_FIELD,
    INVALID_VALUE,
    UNKNOWN_KIND,
    MISSING_API_VERSION,
    MISSING_KIND,
    MISSING_NAME,
    REMOVED_API,
    DEPRECATED_API,
    NO_SCHEMA,
    BROKEN_CRD,
    ENGINE_FAILED,
)
