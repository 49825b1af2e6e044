"""Arguments and a path as policies have it, where blocks are lists → where that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packlint.catalog import Schema, is_block, properties
from packlint.document import Range
from packlint.model import Argument, Arguments, NestedBlock
from packlint.syntax import Tuple, bare
from packlint.written import inside


def place_in(
    arguments: Arguments, path: Sequence[str | int], schema: Schema | None, legacy: bool
) -> Range | None:
    """The place of the longest part of a path that is written; None where nothing of it is."""
    place: Range | None = None
    while path and isinstance(path[0], str):
        known = properties(schema) if schema is not None else {}
        name, inner = path[0], known.get(path[0])
        argument = _argument(arguments, name, legacy)
        if argument is not None:
            return inside(argument, _past(argument, path[1:], inner)).range
        blocks = _blocks(arguments, name, legacy)
        if not blocks:
            return place
        index = path[1] if len(path) > 1 else None
        if not isinstance(index, int) or not 0 <= index < len(blocks):
            return blocks[0].header_range
        block = blocks[index]
        place, arguments, path, schema = block.header_range, block.arguments, path[2:], inner
    return place


def _past(argument: Argument, path: Sequence[str | int], schema: Schema | None) -> Sequence[str | int]:
    """The path within an argument that JSON has for a single block, which is no list there."""
    if not path or not isinstance(path[0], int) or isinstance(bare(argument.expression), Tuple):
        return path
    alone = argument.value.entries is not None or argument.value.items is None
    return path[1:] if alone and (schema is None or is_block(schema) or not argument.value.items) else path


def _argument(arguments: Arguments, name: str, legacy: bool) -> Argument | None:
    return arguments.get(name) or _folded(arguments.by_name, name, legacy)


def _folded(by_name: Mapping[str, Argument], name: str, legacy: bool) -> Argument | None:
    """The argument of a legacy template in another letter case."""
    if not legacy:
        return None
    return next((it for key, it in by_name.items() if key.lower() == name.lower()), None)


def _blocks(arguments: Arguments, name: str, legacy: bool) -> Sequence[NestedBlock]:
    found = arguments.blocks_of(name)
    if found or not legacy:
        return found
    return [it for it in arguments.blocks if it.type.lower() == name.lower()]
