"""Clauses to programs: every expression once, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from msgspec import Struct

from gitops_ci.cel.engine import CompileError, Environment, Problem, Program
from gitops_ci.cel.libraries.native import AUTHORIZER, RESOURCE_CHECK
from gitops_ci.cel.optionals import BOUND
from gitops_ci.cel.syntax import Form, Node
from gitops_ci.policy.admission.admission import SMALL, UNKNOWN_FIELDS
from gitops_ci.policy.admission.model import (
    AdmissionPolicy,
    Clause,
    Expression,
    Named,
    Unknown,
    Validation,
)
from gitops_ci.policy.admission.unanswered import asks_the_cluster
from gitops_ci.policy.admission.variables import PREFIX, bound

_ANY = "dyn"
_BASE = {
    "object": _ANY,
    "oldObject": _ANY,
    "request": _ANY,
    "namespaceObject": _ANY,
    "authorizer": AUTHORIZER,
    "authorizer.requestResource": RESOURCE_CHECK,
}
_ASKED = ("authorizer", "authorizer.requestResource")
_TOO_DEEP = Unknown("an expression is nested deeper than the evaluator takes", limit=True)
_OPTIONAL_SELECT = "_?._"


class Fault(Struct, frozen=True):
    """An expression that does not compile."""

    expression: Expression
    problem: Problem


class Compiled(Struct, frozen=True, dict=True):
    """A program and the expression that it was made of."""

    expression: Expression
    program: Program

    @cached_property
    def is_small(self) -> bool:
        """Whether it names nothing but the object and what it binds itself."""
        return self.program.names.isdisjoint(_BASE.keys() - SMALL | {"params"})

    @cached_property
    def names_namespace(self) -> bool:
        """Whether all that it asks of the namespace is the name, which an object states."""
        return 0 < self._count(_is_namespace) == self._count(_is_name_of_namespace)

    def _count(self, test: Callable[[Node], bool]) -> int:
        return sum(map(test, self.program.tree.walk()))

    @cached_property
    def reads_place(self) -> bool:
        """Whether it reads the namespace that an object or the request states."""
        return any(map(_is_place, self.program.tree.walk()))

    @cached_property
    def reads_unknown(self) -> bool:
        """Whether it reads a field that is always left out."""
        return any(True for _ in self._unknown_reads())

    @cached_property
    def tests_unknown(self) -> bool:
        """Whether it asks if such a field is there: the answer would be wrong, not missing."""
        return any(self._unknown_reads())

    def _unknown_reads(self) -> Iterator[bool]:
        for node in self.program.tree.walk():
            if not node.parts or node.parts[0].form is not Form.IDENT:
                continue
            fields = UNKNOWN_FIELDS.get(node.parts[0].name, frozenset())
            if node.form is Form.SELECT and node.name in fields:
                yield node.test
            elif node.name == _OPTIONAL_SELECT and node.parts[1].value in fields:
                yield True


def _is_place(node: Node) -> bool:
    if node.form is Form.SELECT:
        named = node.name == "namespace"
    else:
        named = node.name == _OPTIONAL_SELECT and node.parts[1].value == "namespace"
    if not named:
        return False
    owner = node.parts[0]
    if owner.form is Form.IDENT:
        return owner.name == "request" or owner.name.startswith(BOUND)
    return "metadata" in (owner.name, *(part.value for part in owner.parts[1:]))


def _is_namespace(node: Node) -> bool:
    return node.form is Form.IDENT and node.name == "namespaceObject"


def _is_name_of_namespace(node: Node) -> bool:
    """Whether it is `namespaceObject.metadata.name`."""
    for name in ("name", "metadata"):
        if node.form is not Form.SELECT or node.test or node.name != name:
            return False
        node = node.parts[0]
    return _is_namespace(node)


class CompiledValidation(Struct, frozen=True):
    """A validation with its programs."""

    validation: Validation
    compiled: Compiled
    message: Compiled | None = None


class CompiledClause(Struct, frozen=True):
    """A clause with its programs. `unknown` says why it cannot be evaluated at all."""

    clause: Clause
    conditions: tuple[Compiled, ...] = ()
    validations: tuple[CompiledValidation, ...] = ()
    unknown: Unknown | None = None


def compile_clause(clause: Clause, policy: AdmissionPolicy) -> CompiledClause | tuple[Fault, ...]:
    """The clause with programs, or everything in it that does not compile."""
    work = _Work(clause, policy)
    made = work.compiled()
    if work.faults:
        return tuple(work.faults)
    unknown = clause.never or work.unknown
    return CompiledClause(clause, unknown=unknown) if unknown else made


class _Work:
    def __init__(self, clause: Clause, policy: AdmissionPolicy) -> None:
        self.faults: list[Fault] = []
        self.unknown: Unknown | None = None
        self._clause = clause
        self._policy = policy
        self._variables: dict[str, str] = {}
        self._names = dict(_BASE)
        if clause.has_params:
            self._names["params"] = _ANY

    def compiled(self) -> CompiledClause:
        """The programs; what is at fault is left out and in `faults`."""
        clause = self._clause
        conditions = [self._one(item.expression, "bool") for item in clause.conditions]
        for item in clause.variables:
            self._variable(item)
        validations = [self._validation(item) for item in clause.validations]
        return CompiledClause(
            clause,
            tuple(item for item in conditions if item),
            tuple(item for item in validations if item),
        )

    def _variable(self, item: Named) -> None:
        """Checked once by itself, so that its faults are found even where nobody uses it."""
        self._one(item.expression, _ANY)
        self._variables[item.name] = item.expression.text

    def _validation(self, item: Validation) -> CompiledValidation | None:
        made = self._one(item.expression, "bool")
        said = item.message_expression
        message = self._one(said, "string", asks=False) if said else None
        return CompiledValidation(item, made, message) if made else None

    def _one(self, expression: Expression, wanted: str, *, asks: bool = True) -> Compiled | None:
        names = {name: kind for name, kind in self._names.items() if asks or name not in _ASKED}
        try:
            known = {f"{PREFIX}{name}": _ANY for name in self._variables}
            program = Environment({**names, **known}).compile(expression.text)
            if known:
                text = bound(expression.text, self._variables)
                program = Environment(names).compile(text) if text != expression.text else program
        except CompileError as error:
            if error.unsupported:
                self.unknown = _TOO_DEEP
            else:
                self._blame(expression, error.problems)
            return None
        if wanted != _ANY and program.result.lower() not in (wanted, _ANY):
            message = f"must evaluate to {wanted}, not to {program.result.lower()}"
            self._blame(expression, (Problem(message, 1, 1),))
            return None
        return Compiled(expression, program)

    def _blame(self, expression: Expression, problems: tuple[Problem, ...]) -> None:
        asked = asks_the_cluster(problems, self._policy.library)
        if asked:
            self.unknown = Unknown(asked)
        else:
            self.faults += [Fault(expression, problem) for problem in problems]
