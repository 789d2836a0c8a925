"""What the secret scan can find."""

from __future__ import annotations

from gitops_ci.model.rule import Rule
from gitops_ci.model.severity import Severity
from gitops_ci.secrets.bandit_rules import BANDIT_RULES
from gitops_ci.secrets.formats import FORMATS

_SECRETS = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
_SOPS = "https://getsops.io/docs/"
_ROTATE = (
    "Whoever can read the repository, or any copy of it, can use it. Replace it first: removing "
    "the line does not remove it from the history."
)

KUBERNETES_SECRET = Rule(
    "secret/kubernetes-secret",
    "A Secret manifest with its values in plain text or base64",
    Severity.ERROR,
    "base64 is no encryption. " + _ROTATE,
    _SECRETS,
)
SECRET_GENERATOR = Rule(
    "secret/secret-generator",
    "A secretGenerator that takes its values from plain text in the repository",
    Severity.ERROR,
    _ROTATE,
    "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/",
)
UNSEALED = Rule(
    "secret/unsealed",
    "A SealedSecret with an entry that is not sealed",
    Severity.ERROR,
    "The controller cannot unseal the entry, and the value stands in the repository as it is.",
    "https://github.com/bitnami-labs/sealed-secrets#readme",
)
EXTERNAL_SECRET_LITERAL = Rule(
    "secret/external-secret-literal",
    "A secret value written into the template of an ExternalSecret",
    Severity.ERROR,
    _ROTATE,
    "https://external-secrets.io/latest/guides/templating/",
)
REGISTRY_CREDENTIALS = Rule(
    "secret/registry-credentials",
    "The login to a container registry in plain text or base64",
    Severity.ERROR,
    _ROTATE,
    "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
)
KUBECONFIG = Rule(
    "secret/kubeconfig",
    "A kubeconfig with a client key, token or password",
    Severity.ERROR,
    _ROTATE,
    "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
)
PRIVATE_KEY = Rule("secret/private-key", "A private key", Severity.ERROR, _ROTATE)
ENCRYPTED_PRIVATE_KEY = Rule(
    "secret/encrypted-private-key",
    "A private key that only its passphrase protects",
    Severity.WARNING,
    "A passphrase can be guessed offline by everybody who has a copy of the key.",
)
CREDENTIAL = Rule(
    "secret/credential",
    "A value that its name calls a credential",
    Severity.WARNING,
    _ROTATE + " It is an error where the value was clearly made by a generator.",
)
URL_CREDENTIALS = Rule(
    "secret/url-credentials", "An address that holds a password", Severity.ERROR, _ROTATE
)
TOKEN = Rule(
    "secret/token", "A credential that a detect-secrets plugin recognises", Severity.ERROR, _ROTATE
)
UNENCRYPTED_FILE = Rule(
    "secret/unencrypted-file",
    "A file that git-crypt ought to have encrypted and has not",
    Severity.ERROR,
    _ROTATE,
)

SOPS_PLAINTEXT = Rule(
    "sops/plaintext-value",
    "A value in a SOPS file that ought to be encrypted and is not",
    Severity.ERROR,
    "SOPS encrypts when a file is saved through it. A value that was added by hand stays readable.",
    _SOPS,
)
SOPS_NOT_ENCRYPTED = Rule(
    "sops/not-encrypted",
    "A file that .sops.yaml says is encrypted and that is not",
    Severity.ERROR,
    _ROTATE,
    _SOPS,
)
SOPS_METADATA = Rule(
    "sops/incomplete-metadata",
    "A SOPS file whose own metadata is incomplete",
    Severity.ERROR,
    "Without the recipients nobody can decrypt it, without the MAC nobody notices a change.",
    _SOPS,
)
SOPS_CIPHERTEXT = Rule(
    "sops/broken-ciphertext", "An encrypted value that is damaged", Severity.ERROR, "", _SOPS
)
SOPS_NOT_COVERED = Rule(
    "sops/secret-not-covered",
    "A Secret in a SOPS file whose settings leave its data out",
    Severity.ERROR,
    "The expression that selects what is encrypted matches neither data nor stringData.",
    _SOPS,
)
SOPS_RECIPIENTS = Rule(
    "sops/stale-recipients",
    "A SOPS file that is encrypted for other recipients than .sops.yaml says",
    Severity.WARNING,
    "Whoever was removed from the rule can still read the file; whoever was added cannot.",
    _SOPS,
)
SOPS_RULES = Rule(
    "sops/invalid-rules", "A .sops.yaml that SOPS cannot use", Severity.ERROR, "", _SOPS
)

OWN_RULES = (
    KUBERNETES_SECRET,
    SECRET_GENERATOR,
    UNSEALED,
    EXTERNAL_SECRET_LITERAL,
    REGISTRY_CREDENTIALS,
    KUBECONFIG,
    PRIVATE_KEY,
    ENCRYPTED_PRIVATE_KEY,
    CREDENTIAL,
    URL_CREDENTIALS,
    TOKEN,
    UNENCRYPTED_FILE,
    SOPS_PLAINTEXT,
    SOPS_NOT_ENCRYPTED,
    SOPS_METADATA,
    SOPS_CIPHERTEXT,
    SOPS_NOT_COVERED,
    SOPS_RECIPIENTS,
    SOPS_RULES,
)
RULES = (*OWN_RULES, *(item.rule for item in FORMATS), *BANDIT_RULES)
