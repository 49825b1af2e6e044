"""The expression of `type = …` → the type it stands for, and the defaults of its optional attributes.

The grammar is HCL's type constraints (`ext/typeexpr`): names of types, and calls of `list`, `set`, `map`,
`tuple`, `object` and `optional`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from packlint import syntax
from packlint.evaluate.types import is_null, object_type, tuple_type
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NUMBER, STRING, Known, Type, Value

_NAMES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_BARE = {"list": Type("list", ANY), "set": Type("set", ANY), "map": Type("map", ANY)}


def type_of_expression(expression: Expression) -> Type | None:
    """The type that a type constraint stands for; None where it is not one.

    A bare `list`, `set` or `map` is taken as one of `any`; Packer 1.6 to 1.16 refuse it.
    """
    while isinstance(expression, syntax.Parentheses):
        expression = expression.inner
    if isinstance(expression, syntax.Traversal):
        return None if expression.steps else _NAMES.get(expression.root) or _BARE.get(expression.root)
    if isinstance(expression, syntax.Call) and len(expression.arguments) == 1 and not expression.expands:
        return _constructed(expression.name, expression.arguments[0])
    return None


def _constructed(name: str, argument: Expression) -> Type | None:
    if name in _BARE:
        element = type_of_expression(argument)
        return Type(_BARE[name].kind, element) if element else None
    if name == "tuple" and isinstance(argument, syntax.Tuple):
        elements = [type_of_expression(item) for item in argument.items]
        known = tuple(element for element in elements if element)
        return Type("tuple", elements=known) if len(known) == len(elements) else None
    return _object(argument) if name == "object" and isinstance(argument, syntax.Object) else None


def with_defaults(value: Value, constraint: Expression, evaluate: Callable[[Expression], Value]) -> Value:
    """The value with what `optional(type, default)` gives to attributes that are left out or null.

    To be called before the value is converted to the type; `evaluate` gives the value of a default.
    """
    while isinstance(constraint, syntax.Parentheses):
        constraint = constraint.inner
    if not (isinstance(value, Known) and isinstance(constraint, syntax.Call) and constraint.arguments):
        return value
    inner = constraint.arguments[0]
    if isinstance(value.data, Mapping):
        entries = dict(value.data)
        if constraint.name == "object" and isinstance(inner, syntax.Object):
            for name, (type_, default, _) in attributes_of(inner).items():
                if default is not None and (name not in entries or is_null(entries[name])):
                    entries[name] = evaluate(default)
                if name in entries:
                    entries[name] = with_defaults(entries[name], type_, evaluate)
        elif constraint.name == "map":
            entries = {name: with_defaults(item, inner, evaluate) for name, item in entries.items()}
        return replace(value, data=entries, type=object_type(entries)) if entries != value.data else value
    if not isinstance(value.data, tuple):
        return value
    wanted = inner.items if isinstance(inner, syntax.Tuple) else (inner,) * len(value.data)
    pairs = zip(value.data, wanted, strict=False)
    items = tuple(with_defaults(item, type_, evaluate) for item, type_ in pairs)
    return replace(value, data=items, type=tuple_type(items)) if items != value.data else value


def attributes_of(node: syntax.Object) -> dict[str, tuple[Expression, Expression | None, bool]]:
    """The attributes of an object constraint: name → type, default, whether it is optional."""
    found: dict[str, tuple[Expression, Expression | None, bool]] = {}
    for item in node.items:
        name = item.key.value if isinstance(item.key, syntax.Text) else None
        if name is None and isinstance(item.key, syntax.Template):
            name = item.key.literal
        if name is None:
            continue
        value = item.value
        if isinstance(value, syntax.Call) and value.name == "optional" and 1 <= len(value.arguments) <= 2:
            default = value.arguments[1] if len(value.arguments) == 2 else None
            found[name] = (value.arguments[0], default, True)
        else:
            found[name] = (value, None, False)
    return found


def _object(node: syntax.Object) -> Type | None:
    table = attributes_of(node)
    attributes = []
    for name, (expression, _default, _optional) in sorted(table.items()):
        inner = type_of_expression(expression)
        if inner is None:
            return None
        attributes.append((name, inner))
    if len(table) != len(node.items):
        return None
    optional = frozenset(name for name, (_, _, is_optional) in table.items() if is_optional)
    return Type("object", attributes=tuple(attributes), optional=optional)
