"""The expression of `type = …` → the type it stands for, why it may be none, and its attributes' defaults.

The grammar is HCL's type constraints (`ext/typeexpr`): names of types, and calls of `list`, `set`, `map`,
`tuple`, `object` and `optional`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packlint import syntax
from packlint.document import Range
from packlint.evaluate.types import is_null, object_type, tuple_type
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Value

_NAMES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_BARE = {"list": Type("list", ANY), "set": Type("set", ANY), "map": Type("map", ANY)}
_CONSTRUCTED = {
    **dict.fromkeys(_BARE, "the type of its elements"),
    "tuple": "a list of types",
    "object": "its attributes with their types",
}


def type_of_expression(expression: Expression) -> Type | None:
    """The type that a type constraint stands for; None where it is not one.

    What Packer refuses and yet means a type is taken for it: a bare `list`, `set` or `map` as one of `any`,
    a type in parentheses, a quoted name of an attribute. `refusal` tells of those.
    """
    expression = syntax.unwrapped(expression)
    if isinstance(expression, syntax.Traversal) and not expression.steps:
        return _NAMES.get(expression.root) or _BARE.get(expression.root)
    if isinstance(expression, syntax.Call) and len(expression.arguments) == 1:
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


def refusal(expression: Expression, defaults: bool = True) -> Failure | None:
    """Why Packer takes no type from an expression, at the innermost place; None where it takes one.

    Without `defaults` an attribute that is optional has no default, as where `convert` is told a type
    (`Invalid type specification`, ext/typeexpr/get_type.go).
    """
    if isinstance(expression, syntax.Traversal) and not expression.steps:
        if expression.root in _CONSTRUCTED:
            return _refused(f"`{expression.root}` needs {_CONSTRUCTED[expression.root]}", expression.range)
        known = expression.root in _NAMES
        return None if known else _refused(f"there is no type `{expression.root}`", expression.range)
    if not isinstance(expression, syntax.Call):
        return _refused("this is no type", expression.range)
    name = expression.name
    if name in _NAMES:
        return _refused(f"`{name}` takes no arguments", expression.range)
    if name not in _CONSTRUCTED:
        because = "is only for attributes of `object`" if name == "optional" else "makes no type"
        return _refused(f"`{name}` {because}", expression.name_range)
    if len(expression.arguments) != 1:
        return _refused(f"`{name}` needs {_CONSTRUCTED[name]}, and nothing else", expression.range)
    (inner,) = expression.arguments
    if name in _BARE:
        return refusal(inner, defaults)
    if name == "tuple" and isinstance(inner, syntax.Tuple):
        return next(filter(None, (refusal(item, defaults) for item in inner.items)), None)
    if name == "object" and isinstance(inner, syntax.Object):
        return _refused_object(inner, defaults)
    return _refused(f"`{name}` needs {_CONSTRUCTED[name]}", inner.range)


def _refused_object(node: syntax.Object, defaults: bool) -> Failure | None:
    most = 2 if defaults else 1
    names: set[str] = set()
    for item in node.items:
        if not isinstance(item.key, syntax.Text):
            return _refused("the name of an attribute is a plain word", item.key.range)
        if item.key.value in names:
            return _refused(f"the attribute `{item.key.value}` is there already", item.key.range)
        names.add(item.key.value)
        type_ = item.value
        if isinstance(type_, syntax.Call) and type_.name == "optional":
            if not 1 <= len(type_.arguments) <= most:
                wanted = "a type and perhaps a default" if defaults else "a type and no default"
                return _refused(f"`optional` needs {wanted}", type_.range)
            type_ = type_.arguments[0]
        found = refusal(type_, defaults)
        if found is not None:
            return found
    return None


def _refused(because: str, range_: Range) -> Failure:
    return Failure(because, range=range_)


def with_defaults(value: Value, constraint: Expression, evaluate: Callable[[Expression], Value]) -> Value:
    """The value with what `optional(type, default)` gives to attributes that are left out or null.

    To be called before the value is converted to the type; `evaluate` gives the value of a default.
    """
    constraint = syntax.unwrapped(constraint)
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
