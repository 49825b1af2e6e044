"""A variable with its value → whether that passes the variable's own validations."""

from __future__ import annotations

from packlint.evaluate.convert import convert
from packlint.evaluate.expression import computed
from packlint.evaluate.scope import Scope
from packlint.model import Argument, Validation, Variable
from packlint.record import replace
from packlint.syntax import traversals
from packlint.value import BOOL, Failure, Known, Unknown, Value


def validated(variable: Variable, scope: Scope) -> Variable:
    """The variable with the answers of its conditions.

    A condition sees nothing but the variable, and files from where Packer runs, which nobody knows
    (hcl2template/types.variables.go, validateValue).
    """
    if not variable.validations:
        return variable
    inner = Scope({"var": Known({variable.name: seen(variable)})}, total=scope.total)
    answered = tuple(_answered(validation, variable, inner) for validation in variable.validations)
    return replace(variable, validations=answered)


def seen(variable: Variable) -> Value:
    """The value of a variable for those that refer to it."""
    value = variable.value
    if isinstance(value, Failure):
        return Unknown(f"`var.{variable.name}` has a value that Packer refuses", value.type, value.sensitive)
    return value


def _answered(validation: Validation, variable: Variable, scope: Scope) -> Validation:
    condition = validation.condition
    if condition is None:
        return validation
    references = list(traversals(condition.expression))
    if references and all(map(variable.named_by, references)):
        answer = scope.bounded(lambda inner: _answer(condition, inner))
    else:
        answer = Unknown(f"the condition refers to something else than `var.{variable.name}`", BOOL)
    return replace(validation, condition=replace(condition, value=answer))


def _answer(condition: Argument, scope: Scope) -> Value:
    value = computed(condition.expression, scope)
    place = condition.expression.range
    if value.to_be_supplied:
        return Unknown("the answer depends on a value that is to be supplied", BOOL)
    if isinstance(value, Known) and value.data is None:
        return Failure("a condition has to be true or false, not null", BOOL, value.sensitive, range=place)
    answer = convert(value, BOOL)
    if isinstance(answer, Failure) and not isinstance(value, Failure):
        return replace(answer, range=place, default_of=value.default_of)
    return answer
