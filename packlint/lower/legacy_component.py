"""A JSON object of a legacy template → a component's arguments and nested blocks.

JSON writes both alike: which is which is the plugin's affair.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from packlint.lower.component import PENDING, may_be_blocks
from packlint.lower.decode import entries, key_of
from packlint.model import Argument, Arguments, NestedBlock
from packlint.syntax import Expression, Object, ObjectItem, Text, Tuple
from packlint.traits import Blocks, nested_blocks


def argument_of(item: ObjectItem, name: str | None = None, expression: Expression | None = None) -> Argument:
    """An item as an argument whose value is still to come; under another name or with another expression."""
    said = item.value if expression is None else expression
    range_ = item.key.range.to(item.value.range)
    return Argument(name or key_of(item), said, PENDING, range_, item.key.range)


def component_arguments(
    kind: str, type_: str, item: Object, leave_out: Collection[str] = frozenset()
) -> Arguments:
    """What a component is configured with; `open` where some of it may be blocks, for all that is known."""
    blocks = nested_blocks(kind, type_)
    found = _arguments(item, {} if blocks is None else blocks, leave_out)
    hidden = blocks is None and any(may_be_blocks(argument.expression) for argument in found)
    return Arguments(found.by_name, found.blocks, open=hidden)


def _arguments(item: Object, blocks: Blocks, leave_out: Collection[str] = frozenset()) -> Arguments:
    by_name: dict[str, Argument] = {}
    nested: list[NestedBlock] = []
    for name, entry in entries(item):
        if not isinstance(entry.key, Text) or name.lower() in leave_out:
            continue
        bodies = _bodies(entry.value) if name in blocks else None
        if bodies is None:
            by_name[name] = argument_of(entry)
            continue
        nested += [_nested(entry, body, blocks[name]) for body in bodies]
    return Arguments(by_name, tuple(nested))


def _bodies(value: Expression) -> Sequence[Object] | None:
    """The blocks that an object or an array of objects stands for; None for anything else."""
    items = value.items if isinstance(value, Tuple) else (value,)
    bodies = [item for item in items if isinstance(item, Object)]
    return bodies if len(bodies) == len(items) else None


def _nested(entry: ObjectItem, body: Object, blocks: Blocks) -> NestedBlock:
    whole = entry.key.range.to(body.range) if body is entry.value else body.range
    return NestedBlock(key_of(entry), (), _arguments(body, blocks), whole, entry.key.range)
