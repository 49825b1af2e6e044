"""The parameters and locals of a policy file, and what the settings give → what each is worth."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.circles import circle, components
from packlint.errors import PolicyError
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.policy.policy import PolicyFile
from packlint.syntax import traversals
from packlint.value import Failure, Known, Unknown, Value


def params_of(sheet: PolicyFile, given: Mapping[str, Value]) -> Mapping[str, Value]:
    """Every parameter with its value, that which is given or its default.

    One that has neither is Unknown. A given value is a Failure where it is not of the parameter's type.
    """
    found: dict[str, Value] = {}
    for param in sheet.params.values():
        value = given.get(param.name, param.default)
        none = Unknown(f"nothing gives `param.{param.name}` a value", param.type)
        found[param.name] = none if value is None else convert(value, param.type)
    return found


def scope_of(sheet: PolicyFile, params: Mapping[str, Value]) -> Scope:
    """What the expressions of a file see beside the block that they are about: `param` and `local`.

    Raises PolicyError for a local that has no value, or that needs itself.
    """
    scope = Scope({"param": Known(dict(params))}, sheet.files, sheet.directory)
    values: dict[str, Value] = {}
    scope = scope.having({"local": Known(values)})
    for name in _in_order(sheet):
        expression = sheet.locals[name].expression
        value = value_of(expression, scope)
        if isinstance(value, Failure):
            raise PolicyError(value.because, None, value.range or expression.range)
        values[name] = value
    return scope


def _in_order(sheet: PolicyFile) -> list[str]:
    """The locals, each after those that it needs."""
    needed: dict[str, list[str]] = {
        name: [
            str(it.steps[0].key)
            for it in traversals(attribute.expression)
            if it.root == "local" and it.steps and it.steps[0].key in sheet.locals
        ]
        for name, attribute in sheet.locals.items()
    }
    found: list[str] = []
    for together in components(needed):
        if around := circle(together, needed):
            way = " → ".join([*around, around[0]])
            raise PolicyError(f"a local needs itself: `{way}`", None, sheet.locals[around[0]].name_range)
        found += together
    return found
