"""What the native engine does, feature by feature. The documentation's table is made from this."""

from __future__ import annotations

from msgspec import Struct

NATIVE = "native"
PARTLY = "partly"
MODELLED = "modelled"
REFERENCE = "reference"
SUPPORT = {
    NATIVE: "built natively, byte for byte like the reference",
    PARTLY: "built natively except for what the remark names, which the reference decides",
    MODELLED: "the plugin is never run; its result is known except for the secret values",
    REFERENCE: "the reference binary decides",
}
"""The words for the degree of support, and what they mean."""


class Feature(Struct, frozen=True):
    """One feature: its name (a field of the kustomization where there is one), the degree of
    support, and a remark for people. `UnsupportedError.feature` is one of the names."""

    name: str
    support: str
    remark: str = ""


FEATURES = (
    Feature("resources", NATIVE, "files, directories, Lists; web and git addresses need --network"),
    Feature("bases", NATIVE, "the older name of resources"),
    Feature("components", NATIVE),
    Feature("namePrefix", NATIVE, "names in other resources follow"),
    Feature("nameSuffix", NATIVE, "names in other resources follow"),
    Feature("namespace", NATIVE, "with subjects of role bindings, webhooks and API services"),
    Feature("labels", PARTLY, "keys that YAML reads as something else than a string"),
    Feature("commonLabels", PARTLY, "keys that YAML reads as something else than a string"),
    Feature("commonAnnotations", PARTLY, "keys that YAML reads as something else than a string"),
    Feature("patches", NATIVE, "strategic merge and JSON patches, inline and in files"),
    Feature("patch-targets", PARTLY, "expressions that Go and Python may read differently"),
    Feature("patchesStrategicMerge", NATIVE),
    Feature("patchesJson6902", NATIVE),
    Feature("images", PARTLY, "names that are unusual regular expressions"),
    Feature("imageTags", NATIVE, "the older name of images"),
    Feature("replicas", NATIVE),
    Feature("configMapGenerator", NATIVE, "with hash suffix, merge and replace"),
    Feature("secretGenerator", NATIVE, "with hash suffix, merge and replace"),
    Feature("generatorOptions", NATIVE),
    Feature("replacements", PARTLY, "sources that are fractions, unusual regular expressions"),
    Feature("vars", PARTLY, "values that are fractions, lists or mappings"),
    Feature("configurations", NATIVE),
    Feature("crds", NATIVE),
    Feature("openapi", PARTLY, "a schema in the kustomization that is built; not in a base"),
    Feature("sortOptions", NATIVE),
    Feature("buildMetadata", PARTLY, "managedByLabel; not the annotations for origins"),
    Feature("load-restrictor", NATIVE, "root-only first, then none with a note"),
    Feature("generators", PARTLY, "builtin kinds and KSOPS"),
    Feature("transformers", PARTLY, "builtin kinds"),
    Feature("validators", REFERENCE, "they are programs, which are never run"),
    Feature("plugins", REFERENCE, "exec, container and Go plugins, KRM functions"),
    Feature("ksops", MODELLED, "Secrets with their names and keys, values unknown"),
    Feature("helmCharts", PARTLY, "through the helm binary; not helmChartInflationGenerator"),
    Feature("yaml-tags", REFERENCE, "values with a tag of their own, such as !vault"),
    Feature("unknown-field", REFERENCE, "fields that kustomize 5.5 does not know"),
    Feature("depth", REFERENCE, "values nested deeper than manifests are"),
)
