"""Variable declarations and what is given to them → what each variable is worth in this run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from packlint.evaluate.assignments import Assignment, Assignments, flat_assignments
from packlint.evaluate.constraints import refusal, type_of_expression, with_defaults
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import computed
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import article, type_of
from packlint.evaluate.validations import seen, validated
from packlint.inputs import Inputs
from packlint.model import Argument, Configuration, Misfit, Origin, Variable
from packlint.named import NamedTuple
from packlint.record import replace
from packlint.syntax import Expression, Template, is_null
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Type, Unknown, Value, failures_in

DEFAULT = frozenset({"env"})
"""The functions that the default of a variable may call; a variable file may call none."""

_VERBATIM = (STRING, NUMBER, ANY)
"""Types for which a text on a command line is the value, not the expression of it."""

_EMPTY = (Type("tuple"), Type("object"))
"""Types of defaults that say nothing of what else a variable may be."""


def variable_values(
    configuration: Configuration, scope: Scope, names: Mapping[str, Value], inputs: Inputs
) -> tuple[Variable, ...]:
    """The variables with their values, of which the last that is given wins, and their validations.

    In a legacy template the default of a variable may speak of other ones and of what `names` has.
    """
    scope = scope.seeing(inputs.environment)
    if configuration.legacy:
        return _legacy_values(configuration, scope.having(names), inputs)
    assignments, scopes = Assignments(configuration, inputs), _Scopes.of(scope)
    return tuple(
        validated(_Fitting(variable, scopes).fitted(assignments.of(variable.name)), scope)
        for variable in configuration.variables
    )


def in_scope(variables: Sequence[Variable]) -> Known:
    """What `var` stands for; of a name that is declared twice, the first.

    Packer stops at a value that it cannot take, and so it is nobody's fault who refers to it.
    """
    return Known({variable.name: seen(variable) for variable in reversed(variables)})


class _Scopes(NamedTuple):
    """What a default sees, and what any other value of a variable does: nothing but literals."""

    default: Scope
    literal: Scope

    @classmethod
    def of(cls, scope: Scope) -> _Scopes:
        """Those of all variables of a template."""
        return cls(scope.calling(DEFAULT), scope.calling(functions=False))


class _Fitting:
    """Makes the values given to one variable fit its type, which may be that of the default.

    `type` is None where it is not known. The rules are those of hcl2template/types.variables.go
    (decodeVariableBlock, collectInputVariableValues).
    """

    def __init__(self, variable: Variable, scopes: _Scopes) -> None:
        self.variable = variable
        self.constraint = variable.constraint
        self.type = ANY if self.constraint is None else type_of_expression(self.constraint)
        self.scopes = scopes
        self.misfits: list[Misfit] = []

    def fitted(self, assignments: Iterable[Assignment]) -> Variable:
        """The variable with its value, where it comes from, and what is given and does not fit."""
        variable = self.variable
        value: Value
        default = variable.default
        if default is not None:
            origin = Origin("default", default.expression.range)
            value = self._default(default.expression, Assignment(origin))
            value = value.marked(sensitive=variable.sensitive)
            default = _with_value(default, value)
            value = value.marked(default_of=variable.name)
        else:
            origin = Origin("unset")
            value = Unknown(f"`var.{variable.name}` has no default", self.type or ANY)
        for assignment in assignments:
            value, origin = self._assigned(assignment), assignment.origin
        return replace(
            variable,
            default=default,
            value=value.marked(sensitive=variable.sensitive),
            origin=origin,
            misfits=tuple(self.misfits),
            refusal=None if self.constraint is None else refusal(self.constraint),
        )

    def _default(self, expression: Expression, assignment: Assignment) -> Value:
        value = self._fit(lambda inner: computed(expression, inner), self.scopes.default, assignment)
        if self.type == ANY:
            self._adopt(value)
        return value

    def _adopt(self, value: Value) -> None:
        """Takes the type of the default. What stands in `variables` has it even if that is empty."""
        type_ = type_of(value)
        default = self.variable.default
        gathered = default is not None and default.range == self.variable.range
        if isinstance(value, Unknown) and type_ == ANY:
            self.type = None
        elif gathered or type_ not in _EMPTY:
            self.type = type_

    def _assigned(self, assignment: Assignment) -> Value:
        name, given, expression = self.variable.name, assignment.given, assignment.expression
        if assignment.unread is not None:
            because = f"`{assignment.unread}`, which is not read, may set `var.{name}`"
            return Unknown(because, self.type or ANY)
        literal = self.scopes.literal
        if given is None:
            return self._fit(lambda inner: _computed(expression, inner), literal, assignment)
        if self.type is None:
            return Unknown(f"the type of `var.{name}` is not known")
        if self.type in _VERBATIM:
            text = Known(normal(given.text), STRING)
            value = self._fit(lambda _: text, literal, assignment)
        else:
            value = self._fit(lambda inner: _computed(given.expression, inner), literal, assignment)
        return value.marked(sensitive=assignment.origin.kind == "environment")

    def _fit(self, compute: Callable[[Scope], Value], scope: Scope, assignment: Assignment) -> Value:
        """A value as the type of the variable has it; unchecked, one that cannot be evaluated is a misfit."""
        failed = False

        def fitted(inner: Scope) -> Value:
            nonlocal failed
            value = compute(inner)
            failure = next(failures_in([value]), None) if assignment.unchecked else value
            failed = isinstance(failure, Failure)
            return failure if isinstance(failure, Failure) else self._converted(value, inner)

        value = scope.bounded(fitted)
        if isinstance(value, Failure):
            value = value if value.range else replace(value, range=assignment.origin.range)
            if failed and assignment.given is not None and self.type is not None:
                # The failure may quote the text, which may be a secret.
                value = Failure(f"{article(self.type)} is required", self.type, range=assignment.origin.range)
            if assignment.unchecked or not failed:
                self.misfits.append(Misfit(assignment.origin, value.because))
        return value

    def _converted(self, value: Value, scope: Scope) -> Value:
        if self.type is None:
            return value
        scope.budget.weigh_conversion(value, self.type)
        if self.constraint is not None:
            literal = scope.calling(functions=False)
            value = with_defaults(value, self.constraint, lambda default: computed(default, literal))
        return convert(value, self.type)


def _with_value(default: Argument, value: Value) -> Argument:
    """The default with its value, of which nothing is rendered."""
    return Argument(default.name, default.expression, value, default.range, default.name_range)


def _computed(expression: Expression | None, scope: Scope) -> Value:
    return Failure("an expression is required") if expression is None else computed(expression, scope)


def _legacy_values(configuration: Configuration, scope: Scope, inputs: Inputs) -> tuple[Variable, ...]:
    """Each after those that it depends on (hashicorp/packer, packer/core.go, `renderVarsRecursively`)."""
    by_name = {variable.name: variable for variable in configuration.variables}
    given = flat_assignments(inputs)
    defaults = {
        name: variable.default.expression if variable.default and name not in given else None
        for name, variable in by_name.items()
    }
    fitted: dict[str, Variable] = {}
    values: dict[str, Value] = {}
    scopes = _Scopes.of(scope.having({"var": Known(values)}))
    from packlint.evaluate.order import in_order

    for name, cyclic in in_order(defaults, "var"):
        variable = by_name[name]
        if cyclic:
            because = f"variable `{name}` depends on itself"
            variable = replace(variable, value=Unknown(because, STRING, variable.sensitive))
        elif name in given:
            variable = _given_flat(variable, given[name])
        else:
            variable = _Fitting(variable, scopes).fitted(())
        fitted[name] = variable
        values[name] = seen(variable)
    return tuple(fitted[variable.name] for variable in configuration.variables)


def _given_flat(variable: Variable, assignment: Assignment) -> Variable:
    """A variable with a text as it stands, which Packer renders once more where it has actions in it."""
    expression, origin = assignment.expression, assignment.origin
    text = assignment.given.text if assignment.given else None
    if isinstance(expression, Template):
        text = expression.literal
    elif expression is not None and is_null(expression):
        text = ""  # encoding/json leaves a string empty
    misfits: tuple[Misfit, ...] = ()
    value: Value
    if text is None:
        value = Failure("a string is required", STRING, range=origin.range)
        misfits = (Misfit(origin, value.because),)
    elif "{{" in text:
        value = Unknown(f"the value of `var.{variable.name}` is a template of its own", STRING)
    else:
        value = Known(text, STRING)
    return replace(variable, value=value.marked(sensitive=variable.sensitive), origin=origin, misfits=misfits)
