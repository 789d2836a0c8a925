"""What other files say about a file: that a generator takes it in, that something encrypts it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from gitops_ci.repo.files import Files
from gitops_ci.secrets.generators import Taken
from gitops_ci.secrets.repository_files import CryptedPaths
from gitops_ci.secrets.sops.creation_rules import CreationRule, CreationRules
from gitops_ci.secrets.taken import taken_by_generators


class Surroundings(Struct, frozen=True):
    """`rules` are those of every `.sops.yaml`, `taken` the files that a secretGenerator takes in,
    `crypted` those of git-crypt. `sealed` are files that SOPS encrypts in another state of the
    repository, with what it encrypts there."""

    rules: CreationRules
    taken: Mapping[str, Taken]
    crypted: CryptedPaths
    sealed: Mapping[str, CreationRule] = field(default_factory=dict)

    def rule_for(self, path: str) -> CreationRule | None:
        """How SOPS ought to encrypt the file; None when nothing says so."""
        return self.sealed.get(path) or self.rules.rule_for(path)


def surroundings_of(files: Files) -> Surroundings:
    """What the files of a tree say about each other."""
    return Surroundings(CreationRules(files), taken_by_generators(files), CryptedPaths(files.tree))
