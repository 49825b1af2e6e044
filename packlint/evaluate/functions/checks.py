"""Arguments → whether they are lists or maps, known or not."""

from __future__ import annotations

from collections.abc import Callable

from packlint.evaluate.functions.function import Wrong
from packlint.evaluate.giving_up import Failed
from packlint.evaluate.types import type_of
from packlint.value import Type, Value


def listed(value: Value) -> Type:
    """The type of a list or tuple; raises Failed for any other."""
    type_ = type_of(value)
    if type_.kind not in ("any", "list", "tuple"):
        raise Failed("a list is required")
    return type_


def mapped(value: Value) -> Type:
    """The type of a map or object; raises Failed for any other."""
    type_ = type_of(value)
    if type_.kind not in ("any", "map", "object"):
        raise Failed("a map is required")
    return type_


def blamed(number: int, check: Callable[[Value], Type], value: Value) -> Type:
    """What `check` finds of an argument, which is to blame where it fails."""
    try:
        return check(value)
    except Failed as failed:
        raise Wrong(number, failed.reason) from None
