"""The body of a component → its arguments and nested blocks, `dynamic` ones included."""

from __future__ import annotations

from collections.abc import Iterable

from packlint.model import Argument, Arguments, Dynamic, NestedBlock
from packlint.record import replace
from packlint.syntax import Attribute, Block, Body, Expression, Object, Template, Traversal, Tuple
from packlint.traits import nested_blocks
from packlint.value import Unknown

PENDING = Unknown("not evaluated")


def unevaluated(attribute: Attribute) -> Argument:
    """An attribute as an argument whose value is still to come."""
    return Argument(attribute.name, attribute.expression, PENDING, attribute.range, attribute.name_range)


def by_name(attributes: Iterable[Attribute]) -> dict[str, Argument]:
    """Attributes as arguments in their order; of a name given twice, the first."""
    arguments: dict[str, Argument] = {}
    for attribute in attributes:
        arguments.setdefault(attribute.name, unevaluated(attribute))
    return arguments


def component_arguments(
    kind: str, type_: str, body: Body, leave_out: frozenset[str] = frozenset()
) -> Arguments:
    """What a component is configured with, without the attributes that are somebody else's.

    Of a component that packlint does not know, JSON does not tell which attributes are blocks.
    """
    found = arguments_of(body, leave_out)
    if body.range.document.is_json and nested_blocks(kind, type_) is None:
        return replace(found, open=found.open or any(may_be_blocks(a.expression) for a in found))
    return found


def may_be_blocks(expression: Expression) -> bool:
    """Whether what JSON has as an argument may be one block or several."""
    items = expression.items if isinstance(expression, Tuple) else (expression,)
    return any(isinstance(item, Object) for item in items)


def arguments_of(body: Body, leave_out: frozenset[str] = frozenset()) -> Arguments:
    """The attributes and the nested blocks of a body; a `dynamic` block stands for what it will make."""
    blocks: list[NestedBlock] = []
    dynamics: list[Dynamic] = []
    for block in body.blocks:
        dynamic = dynamic_of(block) if block.type == "dynamic" and block.labels else None
        if dynamic is None:
            labels = tuple(label.value for label in block.labels)
            blocks.append(
                NestedBlock(block.type, labels, arguments_of(block.body), block.range, block.header_range)
            )
            continue
        dynamics.append(dynamic)
        content = content_of(block)
        if content is not None:
            made = arguments_of(content)
            blocks.append(NestedBlock(dynamic.type, (), made, block.range, block.header_range, dynamic))
    return Arguments(
        by_name=by_name(a for a in body.attributes if a.name not in leave_out),
        blocks=tuple(blocks),
        dynamics=tuple(dynamics),
    )


def dynamic_of(block: Block) -> Dynamic:
    """A `dynamic` block with a label; without an `iterator` that is a name it is called as what it makes."""
    given = by_name(block.body.attributes)
    named = given["iterator"].expression if "iterator" in given else None
    return Dynamic(
        type=block.labels[0].value,
        iterator=named.root if isinstance(named, Traversal) else block.labels[0].value,
        for_each=given.get("for_each"),
        labels=given.get("labels"),
        has_content=content_of(block) is not None,
        range=block.range,
        header_range=block.header_range,
    )


def content_of(block: Block) -> Body | None:
    """The `content` of a `dynamic` block."""
    return next((inner.body for inner in block.body.blocks if inner.type == "content"), None)


def literal(expression: Expression) -> str | None:
    """The text of a literal string; None for anything that has to be evaluated."""
    return expression.literal if isinstance(expression, Template) else None
