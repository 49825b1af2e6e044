"""Sets → sets (`cty/function/stdlib`, set.go and `setproduct`)."""

from __future__ import annotations

from itertools import product
from math import prod

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import convert
from packlint.evaluate.functions.function import SET, Family, Result, Wrong, items, whole
from packlint.evaluate.giving_up import Failed, TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.sets import key_of, ordered
from packlint.evaluate.types import tuple_type, type_of, unify
from packlint.value import ANY, Known, Type, Value

FAMILY = Family()
function = FAMILY.function


def _common(*values: Value) -> Type:
    """The type that the sets have in common; an empty one of no type has no say."""
    types = [type_of(value) for value in values]
    common = unify(type_ for type_ in types if type_.element != ANY)
    if common is None:
        common = types[0]
        if any(type_.element != ANY for type_ in types):
            raise Failed("the sets have no type in common")
    return common


def _alike(values: tuple[Known, ...]) -> tuple[list[tuple[Value, ...]], Type]:
    """The elements of the sets, converted to one type."""
    common = _common(*values)
    converted = [convert(whole(value), common) for value in values]
    return [value.data if isinstance(value.data, tuple) else () for value in map(whole, converted)], common


@function("setunion", SET, returns=SET, rest=SET, typed=_common)
def _setunion(*values: Known) -> Result:
    found, type_ = _alike(values)
    return Known(ordered(item for group in found for item in group), type_)


@function("setintersection", SET, returns=SET, rest=SET, typed=_common)
def _setintersection(*values: Known) -> Result:
    found, type_ = _alike(values)
    common = set.intersection(*({key_of(item) for item in group} for group in found))
    return Known(tuple(item for item in found[0] if key_of(item) in common), type_)


def _product(*values: Value) -> Type:
    types = [type_of(value) for value in values]
    for number, type_ in enumerate(types):
        if type_.kind not in ("any", "list", "set", "tuple"):
            raise Wrong(number, "a list is required")
    if ANY in types:
        return ANY
    inner = [unify(type_.elements) if type_.kind == "tuple" else type_.element for type_ in types]
    element = Type("tuple", elements=tuple(each or ANY for each in inner))
    return Type("set" if any(type_.kind == "set" for type_ in types) else "list", element)


@function("setproduct", rest=ANY, shallow=True, scoped=True, typed=_product)
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
    type_ = _product(*values)
    return Known(ordered(tuples) if type_.kind == "set" else tuples, type_)


def _one_type(group: tuple[Value, ...]) -> tuple[Value, ...]:
    common = unify(map(type_of, group)) if group else ANY
    if common is None:
        raise Failed("the elements of an argument have no type in common")
    return tuple(convert(item, common) for item in group)
