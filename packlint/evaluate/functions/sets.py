"""Sets → sets (`cty/function/stdlib`, set.go and `setproduct`)."""

from __future__ import annotations

from itertools import product
from math import prod

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import convert
from packlint.evaluate.failure import Failed, TooLarge
from packlint.evaluate.functions.function import SET, Family, Result, items, whole
from packlint.evaluate.scope import Scope
from packlint.evaluate.sets import key_of, ordered
from packlint.evaluate.types import tuple_type, type_of, unify
from packlint.value import ANY, Known, Type, Value

FAMILY = Family()
function = FAMILY.function


def _alike(values: tuple[Known, ...]) -> tuple[list[tuple[Value, ...]], Type]:
    """The elements of the sets, converted to one type."""
    common = (
        unify(value.type for value in values if value.data or value.type.element != ANY) or values[0].type
    )
    if common.kind != "set":
        raise Failed("the sets have no type in common")
    converted = [convert(whole(value), common) for value in values]
    return [value.data if isinstance(value.data, tuple) else () for value in map(whole, converted)], common


@function("setunion", SET, returns=SET, rest=SET)
def _setunion(*values: Known) -> Result:
    found, type_ = _alike(values)
    return Known(ordered(item for group in found for item in group), type_)


@function("setintersection", SET, returns=SET, rest=SET)
def _setintersection(*values: Known) -> Result:
    found, type_ = _alike(values)
    common = set.intersection(*({key_of(item) for item in group} for group in found))
    return Known(tuple(item for item in found[0] if key_of(item) in common), type_)


@function("setproduct", rest=ANY, shallow=True, scoped=True)
def _setproduct(scope: Scope, *values: Known) -> Result:
    if len(values) < 2:
        raise Failed("at least two sets are required")
    groups = [_one_type(items(value)) for value in values]
    count = prod(map(len, groups))
    if count * len(groups) > LARGEST_COLLECTION:
        raise TooLarge
    for group in groups:
        if count:
            scope.budget.spend(scope.budget.weigh(*group) * count // len(group))
    tuples = tuple(Known(row, tuple_type(row)) for row in product(*groups))
    element = Type("tuple", elements=tuple(type_of(group[0]) if group else ANY for group in groups))
    if any(value.type.kind == "set" for value in values):
        return Known(ordered(tuples), Type("set", element))
    return Known(tuples, Type("list", element))


def _one_type(group: tuple[Value, ...]) -> tuple[Value, ...]:
    common = unify(map(type_of, group)) if group else ANY
    if common is None:
        raise Failed("the elements of an argument have no type in common")
    return tuple(convert(item, common) for item in group)
