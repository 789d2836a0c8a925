"""One clause of a policy on one object: the verdict of the API server."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gitops_ci.cel.engine import EvaluationError, Scope, scope
from gitops_ci.policy.admission.admission import OPEN_NAMESPACE, UNKNOWN_NAMES, Admission
from gitops_ci.policy.admission.compiled import Compiled, CompiledClause, CompiledValidation
from gitops_ci.policy.admission.model import Unknown, all_of, any_of
from gitops_ci.policy.admission.params import NO_PARAMS, params_of


class Status(Enum):
    """What became of an object."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    ERROR = "error"
    SKIP = "skip"
    UNKNOWN = "unknown"


class Outcome(Struct, frozen=True):
    """A verdict. `message` is the policy's for FAIL, the error for ERROR, the reason for UNKNOWN,
    and `limit` as there. `validation` and `trial` tell what was evaluated, to find the field at
    fault."""

    status: Status
    message: str = ""
    limit: bool = False
    validation: CompiledValidation | None = None
    trial: Trial | None = None


PASSED = Outcome(Status.PASS)
SKIPPED = Outcome(Status.SKIP)


class Trial:
    """The values for one clause, object and parameter."""

    def __init__(self, admission: Admission, params: Any) -> None:
        self.admission = admission
        self._params = params

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values by name."""
        return self._with_params(self.admission.values)

    def _with_params(self, values: dict[str, Any]) -> dict[str, Any]:
        return values if self._params is NO_PARAMS else {**values, "params": self._params}

    @cached_property
    def _scope(self) -> Scope:
        return self.admission.scope if self._params is NO_PARAMS else scope(self.values)

    def _scope_of(self, compiled: Compiled) -> Scope:
        if compiled.is_small:
            return self.admission.small_scope
        if compiled.names_namespace and self.admission.namespace:
            return scope(self._with_params(self.admission.named_values))
        return self._scope

    def value(self, compiled: Compiled) -> Any:
        """The value in Python's types. Raises EvaluationError, or UnansweredError."""
        if compiled.tests_unknown:
            raise UnansweredError(Unknown(_WHO))
        if compiled.reads_place and self.admission.is_open:
            raise UnansweredError(OPEN_NAMESPACE)
        try:
            return compiled.program(self._scope_of(compiled))
        except EvaluationError as error:
            reason = self._reason(compiled)
            if error.unsupported or reason:
                unknown = Unknown(reason) if reason else Unknown(str(error), limit=True)
                raise UnansweredError(unknown) from None
            raise

    def _reason(self, compiled: Compiled) -> str:
        """Why an expression may have no value through nobody's fault; empty for no such reason."""
        if compiled.reads_unknown:
            return _WHO
        for name in sorted(compiled.program.names & UNKNOWN_NAMES.keys()):
            reason = UNKNOWN_NAMES[name](self.admission)
            if reason:
                return reason
        return ""


_WHO = "it asks who makes the request"


class UnansweredError(Exception):
    """There is no value that anybody could rely on; `unknown` says why."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def judge(clause: CompiledClause, admission: Admission) -> Iterator[Outcome]:
    """The outcomes for one object: nothing when the clause is not about it."""
    answer = all_of(clause.clause.matchers, admission)
    if answer is False:
        return
    exempt = any_of(clause.clause.exemptions, admission)
    if exempt is True:
        yield SKIPPED
        return
    answer = exempt or answer
    unknown = answer if isinstance(answer, Unknown) else clause.unknown
    if unknown is not None:
        yield _open(unknown)
        return
    found = params_of(clause.clause, admission)
    if isinstance(found, Unknown):
        yield _open(found)
        return
    for params in found:
        yield from _with_params(clause, Trial(admission, params))


def _open(unknown: Unknown) -> Outcome:
    return Outcome(Status.UNKNOWN, unknown.reason, unknown.limit)


def _with_params(clause: CompiledClause, trial: Trial) -> Iterator[Outcome]:
    held = _conditions(clause.conditions, trial)
    if held is not PASSED:
        yield held
        return
    for validation in clause.validations:
        yield _validated(validation, trial)


def _conditions(conditions: tuple[Compiled, ...], trial: Trial) -> Outcome:
    """PASSED when all hold. One that does not hold decides, whatever becomes of the others."""
    result = PASSED
    for compiled in conditions:
        outcome = _truth(compiled, trial, what="condition")
        if outcome.status is Status.FAIL:
            return SKIPPED
        if outcome.status is not Status.PASS and result.status is not Status.ERROR:
            result = outcome
    return result


def _validated(validation: CompiledValidation, trial: Trial) -> Outcome:
    outcome = _truth(validation.compiled, trial, what="expression")
    if outcome.status is Status.PASS:
        return outcome
    message = _message(validation, trial) if outcome.status is Status.FAIL else outcome.message
    return replace(outcome, message=message, validation=validation, trial=trial)


def _truth(compiled: Compiled, trial: Trial, what: str) -> Outcome:
    try:
        value = trial.value(compiled)
    except UnansweredError as error:
        return _open(error.unknown)
    except EvaluationError as error:
        return Outcome(Status.ERROR, str(error))
    if value is True:
        return PASSED
    if value is False:
        return Outcome(Status.FAIL)
    return Outcome(Status.ERROR, f"the {what} gives {type(value).__name__} and no bool")


def _message(validation: CompiledValidation, trial: Trial) -> str:
    """The message as the API server chooses it: that of the expression if it is a text of one
    line, then the fixed one, then the failed expression."""
    if validation.message is not None:
        try:
            said = trial.value(validation.message)
        except (EvaluationError, UnansweredError):
            said = ""
        if isinstance(said, str) and said.strip() and "\n" not in said.strip():
            return said.strip()
    text = " ".join(validation.validation.expression.text.split())
    return validation.validation.message.strip() or f"failed expression: {text}"
