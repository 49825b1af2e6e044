"""Arguments → the same arguments with their values."""

from __future__ import annotations

from dataclasses import replace

from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.model import Argument, Arguments


def evaluated(arguments: Arguments, scope: Scope) -> Arguments:
    """Every argument of a component and of its nested blocks with its value."""
    return Arguments(
        by_name={name: valued(argument, scope) for name, argument in arguments.by_name.items()},
        blocks=tuple(replace(b, arguments=evaluated(b.arguments, scope)) for b in arguments.blocks),
        open=arguments.open,
    )


def valued(argument: Argument, scope: Scope) -> Argument:
    """An argument with its value."""
    return replace(argument, value=value_of(argument.expression, scope))
