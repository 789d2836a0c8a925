"""Kustomizations through the reference binary: `kustomize build`, else `kubectl kustomize`.

It never runs plugins or functions, never reaches the network unless that is allowed, and never sees
a kustomization that names a path outside the repository."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from gitops_ci.documents.manifests import unfold
from gitops_ci.model.finding import found
from gitops_ci.render import rules
from gitops_ci.render.closure import Closure, Mention, place, walk
from gitops_ci.render.kustomize_errors import failure
from gitops_ci.render.kustomize_origins import OriginFinder
from gitops_ci.render.objects import RenderedObject
from gitops_ci.render.options import RenderOptions
from gitops_ci.render.output import parsed, plain_words
from gitops_ci.render.programs import Programs, confined
from gitops_ci.render.result import Result, failed, left_out
from gitops_ci.render.workspace import Workspace
from gitops_ci.repo.files import Files
from gitops_ci.tools.run import MissingProgramError, Outcome

_UNRESTRICTED = ("--load-restrictor", "LoadRestrictionsNone")
_OUTSIDE_ROOT = "is not in or below"
_PLUGIN_SIGNS = ("external plugins disabled", "function disabled", "must specify --enable-")
MISSING = "neither kustomize nor kubectl was found: run `gitops-ci tools install kustomize`"


class KustomizeBinary(Struct, frozen=True):
    """Builds directories of `files` with the binary; `workspace` holds them on disk."""

    files: Files
    workspace: Workspace
    programs: Programs
    options: RenderOptions

    def command(self) -> tuple[str | Path, ...] | None:
        """The words that build a directory, without the directory; None if there is no binary."""
        kustomize = self.programs.find("kustomize")
        if kustomize is not None:
            return (kustomize, "build")
        kubectl = self.programs.find("kubectl")
        return (kubectl, "kustomize") if kubectl is not None else None

    def is_there(self) -> bool:
        """Whether there is a binary at all."""
        return self.command() is not None

    def build(self, directory: str) -> Result:
        """What the binary gives for `directory`, with origins as good as they can be guessed."""
        closure = walk(self.files, directory)
        obstacle = self._obstacle(closure, directory)
        if obstacle is not None:
            return obstacle
        command = self.command()
        if command is None:
            return left_out(directory or ".", "missing-tool", MISSING, closure.used)
        root = self.workspace.root()
        outcome = self._run(command, closure, root / directory, root)
        if isinstance(outcome, Result):
            return outcome
        return self._result(outcome, closure, directory, root)

    def build_folder(self, folder: Path, closure: Closure, directory: str) -> Result:
        """What the binary gives for a kustomization in `folder`, which is not in the repository,
        on top of the one in `directory`, whose closure is given."""
        obstacle = self._obstacle(closure, directory)
        if obstacle is not None:
            return obstacle
        command = self.command()
        if command is None:
            return left_out(directory or ".", "missing-tool", MISSING, closure.used)
        root = self.workspace.root()
        outcome = self._run(command, closure, folder, root)
        if isinstance(outcome, Result):
            return outcome
        return self._result(outcome, closure, directory, root, str(folder))

    def _obstacle(self, closure: Closure, directory: str) -> Result | None:
        """Why the binary must not be started, if so."""
        if closure.outside:
            first = closure.outside[0]
            message = f"'{first.text}' leads out of the repository"
            location = place(self.files, first)
            return failed(found(rules.KUSTOMIZE_OUTSIDE, message, location), closure.used)
        if closure.remote and not self.options.network:
            first = closure.remote[0]
            detail = f"{self._words(first)} has to be fetched: allow it with --network"
            return left_out(directory or ".", "remote-base", detail, closure.used)
        if closure.absent_charts and not self.options.network:
            detail = f"{self._words(closure.absent_charts[0])} is not in the repository"
            return left_out(directory or ".", "remote-chart", detail, closure.used)
        return None

    def _words(self, mention: Mention) -> str:
        return f"'{mention.text}' ({mention.file}:{place(self.files, mention).line})"

    def _run(
        self, command: tuple[str | Path, ...], closure: Closure, target: Path, root: Path
    ) -> Outcome | Result:
        words = [*command, target, *self._helm(closure)]
        unrestricted = [*words, *_UNRESTRICTED]
        attempts = {"auto": (words, unrestricted), "none": (unrestricted,)}
        outcome: Outcome | None = None
        with self.workspace.scratch() as home:
            env = confined(home, network=self.options.network)
            for attempt in attempts.get(self.options.load_restrictor, (words,)):
                try:
                    outcome = self.programs.run(
                        attempt, cwd=root, timeout=self.options.timeout, env=env
                    )
                except MissingProgramError as error:
                    return left_out(str(target), "missing-tool", str(error), closure.used)
                if outcome.ok or _OUTSIDE_ROOT not in outcome.stderr:
                    break
        assert outcome is not None
        return outcome

    def _helm(self, closure: Closure) -> tuple[str | Path, ...]:
        wanted = (closure.charts or closure.absent_charts) and self.options.helm
        helm = self.programs.find("helm") if wanted else None
        if helm is None:
            return ()
        version = ("--helm-kube-version", self.options.kube_version)
        return ("--enable-helm", "--helm-command", helm, *version)

    def _result(
        self, outcome: Outcome, closure: Closure, directory: str, root: Path, extra: str = ""
    ) -> Result:
        used, shown = closure.used, directory or "."
        if outcome.timed_out:
            detail = f"kustomize did not finish within {self.options.timeout:g} s"
            return left_out(shown, "timeout", detail, used)
        if outcome.truncated:
            return left_out(shown, "too-large", "kustomize printed more than fits", used)
        if not outcome.ok:
            if any(sign in outcome.stderr for sign in _PLUGIN_SIGNS):
                words = plain_words(outcome.stderr, (str(root), extra))
                return left_out(shown, "plugin", words, used)
            text = outcome.stderr
            if extra:
                text = text.replace(extra, str(root / directory))
            return failed(failure(text, closure, str(root)), used)
        finder = OriginFinder(closure)
        source = parsed(outcome.stdout)
        objects = tuple(
            RenderedObject(manifest.value, finder.origin(manifest.value))
            for document in source.documents
            for manifest in unfold(document.value, document.index, ())
        )
        return Result(objects, used=used)
