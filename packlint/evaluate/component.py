"""Arguments → the same arguments with their values, and the blocks that `dynamic` makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packlint.evaluate.budget import size_of
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.model import Argument, Arguments, NestedBlock
from packlint.record import replace
from packlint.syntax import Expression
from packlint.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.evaluate.dynamic import Expansion


def evaluated(arguments: Arguments, scope: Scope, around: Scope | None = None) -> Arguments:
    """Every argument of a component and of its nested blocks with its value.

    Packer expands `dynamic` blocks before it looks at components: their `for_each` and `labels` see what is
    `around` the component, where that is not the same. It is `open` where it is not known what they make.
    """
    around = around or scope
    by_name = {name: valued(argument, scope) for name, argument in arguments.by_name.items()}
    if not arguments.dynamics:
        blocks = tuple(replace(b, arguments=evaluated(b.arguments, scope, around)) for b in arguments.blocks)
        return Arguments(by_name, blocks, arguments.open)
    from packlint.evaluate.dynamic import expanded

    sizes = {id(b.dynamic): size_of(b.arguments) for b in arguments.blocks if b.dynamic is not None}
    expansions = {id(d): expanded(d, around, sizes.get(id(d), 0)) for d in arguments.dynamics}
    dynamics = tuple(expansion.dynamic for expansion in expansions.values())
    return Arguments(
        by_name,
        tuple(_blocks(arguments.blocks, expansions, scope, around)),
        arguments.open or not all(dynamic.complete for dynamic in dynamics),
        dynamics,
    )


def _blocks(
    blocks: tuple[NestedBlock, ...], expansions: Mapping[int, Expansion], scope: Scope, around: Scope
) -> Iterator[NestedBlock]:
    from packlint.evaluate.dynamic import uncertain

    for block in blocks:
        if block.dynamic is None:
            yield replace(block, arguments=evaluated(block.arguments, scope, around))
            continue
        expansion = expansions[id(block.dynamic)]
        for names, labels, certain in expansion.rounds:
            made = evaluated(block.arguments, scope.bound(names), around.bound(names))
            made = made if certain else uncertain(made)
            known = tuple(label for label in labels if label is not None)
            yield replace(
                block,
                labels=known if len(known) == len(labels) else (),
                arguments=made,
                dynamic=expansion.dynamic,
            )


def valued(argument: Argument, scope: Scope) -> Argument:
    """An argument with its value, and with what a component renders of it."""
    expression = argument.expression
    value = value_of(expression, scope)
    made = _rendered(value, expression, scope)
    # `replace` takes three times as long, and this is the most frequent thing of all.
    return Argument(argument.name, expression, value, argument.range, argument.name_range, made)


def _rendered(value: Value, expression: Expression, scope: Scope) -> Value | None:
    """What the scope's component renders of a value; None where no string in it is a template."""
    if scope.component is None or not _has_actions(value):
        return None
    from packlint.evaluate.rendering import rendered

    return rendered(value, expression, scope.component, scope)


def _has_actions(value: Value) -> bool:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        data = current.data if isinstance(current, Known) else None
        if isinstance(data, str):
            if "{{" in data:
                return True
        elif isinstance(data, tuple):
            waiting.extend(data)
        elif isinstance(data, Mapping):
            if any("{{" in key for key in data):
                return True
            waiting.extend(data.values())
    return False
