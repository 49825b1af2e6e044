"""The parameters and locals of a policy file, and what the settings give → what each is worth."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.circles import circle, components
from packlint.errors import PolicyError
from packlint.evaluate.constraints import with_defaults
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.parse import parse_template
from packlint.policy.given_up import unusable, what_to_do
from packlint.policy.policy import Param, PolicyFile
from packlint.policy.references import Reference, references
from packlint.value import Failure, Known, Unknown, Value, held_by

MOST_SHOWN = 8
"""How many names of a circle a message lists."""


def params_of(sheet: PolicyFile, given: Mapping[str, Value]) -> Mapping[str, Value]:
    """Every parameter with its value, that which is given or its default.

    One that has neither is Unknown. A given value is a Failure where it is not of the parameter's type.
    """
    return {it.name: _worth(it, given.get(it.name, it.default)) for it in sheet.params.values()}


def open_params(sheet: PolicyFile) -> Mapping[str, Value]:
    """Every parameter as a value of its type that is not known: settings may give any."""
    return {it.name: _worth(it, None) for it in sheet.params.values()}


def as_param(value: Value, param: Param) -> Value:
    """A value as one of the parameter's type; a Failure where it is of another."""
    if param.constraint is not None:
        value = with_defaults(value, param.constraint, lambda default: value_of(default, Scope({})))
    return convert(value, param.type)


def _worth(param: Param, value: Value | None) -> Value:
    if value is None:
        return Unknown(f"nothing gives `param.{param.name}` a value", param.type)
    return as_param(value, param)


def scope_of(sheet: PolicyFile, params: Mapping[str, Value]) -> Scope:
    """What the expressions of a file see beside the block that they are about: `param` and `local`.

    Raises PolicyError for a local that has no value, or that needs itself.
    """
    values: dict[str, Value] = {}
    roots = {"param": Known(dict(params)), "local": Known(values)}
    scope = Scope(roots, sheet.files, sheet.directory, parse_template=parse_template)
    for name in _in_order(sheet):
        expression = sheet.locals[name].expression
        values[name] = value_of(expression, scope)
        for part in held_by([values[name]]):
            if isinstance(part, Failure) or (isinstance(part, Unknown) and unusable(part)):
                place = part.range if isinstance(part, Failure) else None
                message = f"`local.{name}` has no value: {part.because}"
                hint = None if isinstance(part, Failure) else what_to_do(part)
                raise PolicyError(message, hint, place or expression.range)
    return scope


def _in_order(sheet: PolicyFile) -> list[str]:
    """The locals, each after those that it needs."""
    needed: dict[str, list[str]] = {}
    for name, attribute in sheet.locals.items():
        found = (it for it in references(attribute.expression) if isinstance(it, Reference))
        needs = (it.steps[0].key for it in found if it.root == "local" and it.steps)
        needed[name] = [it for it in dict.fromkeys(map(str, needs)) if it in sheet.locals]
    order: list[str] = []
    number = {name: at for at, name in enumerate(needed)}
    for together in components(needed):
        together.sort(key=number.__getitem__)
        if around := circle(together, needed):
            names = [*around[:MOST_SHOWN], *(["…"] if len(around) > MOST_SHOWN else ()), around[0]]
            way = " → ".join(names)
            place = sheet.locals[around[0]].name_range
            raise PolicyError(f"a local needs itself: `{way}`", "take one of them out of the circle", place)
        order += together
    return order
