"""A document in TOML and the keys that lead to something in it → where that is written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

from packlint.document import Document, Range

_PART = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([A-Za-z0-9_-]+)")

Key = str | int


def place(document: Document, path: Sequence[Key]) -> Range:
    """The key of the last table entry that a path leads to, or the element of an array that it ends in.

    As much of the path as can be found counts; of nothing that is found, the beginning.
    """
    places = _places(document.text)
    known = (
        places[tuple(path[:length])] for length in range(len(path), 0, -1) if tuple(path[:length]) in places
    )
    return Range(document, *next(known, (0, 0)))


@lru_cache(maxsize=4)
def _places(text: str) -> Mapping[tuple[Key, ...], tuple[int, int]]:
    """Where keys and elements are written, the first time each; made once for all that is asked of a file."""
    found: dict[tuple[Key, ...], tuple[int, int]] = {}
    for keys, node in _entries(_tree(text)):
        found.setdefault(keys, (node.start_byte, node.end_byte))
    if text.isascii():
        return found
    starts = [0, *accumulate(len(it.encode(errors="surrogatepass")) for it in text)]
    return {
        keys: (bisect_left(starts, start), bisect_left(starts, end)) for keys, (start, end) in found.items()
    }


def _tree(text: str) -> Any:
    return _parser().parse(text.encode(errors="surrogatepass")).root_node


@cache
def _parser() -> Any:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_toml.language()))


def _entries(root: Any) -> Iterator[tuple[tuple[Key, ...], Any]]:
    """Every key and every element of an array with the keys that lead there."""
    counts: dict[tuple[Key, ...], int] = {}
    waiting: list[tuple[tuple[Key, ...], Any]] = []
    for node in root.children:
        if node.type == "pair":
            waiting.append(((), node))
        elif node.type in ("table", "table_array_element"):
            name = node.named_children[0]
            keys = _resolved(_keys(name), counts)
            if node.type == "table_array_element":
                number = counts.get(keys, -1) + 1
                counts[keys] = number
                yield keys, name
                keys = (*keys, number)
            yield keys, name
            waiting += ((keys, child) for child in node.children if child.type == "pair")
    while waiting:
        above, node = waiting.pop()
        if node.type == "pair":
            name, value = node.named_children[0], node.named_children[-1]
            above = (*above, *_keys(name))
            yield above, name
            waiting.append((above, value))
        elif node.type == "inline_table":
            waiting += ((above, child) for child in node.children if child.type == "pair")
        elif node.type == "array":
            elements = [child for child in node.named_children if child.type != "comment"]
            for number, child in enumerate(elements):
                yield (*above, number), child
                waiting.append(((*above, number), child))


def _resolved(keys: tuple[Key, ...], counts: dict[tuple[Key, ...], int]) -> tuple[Key, ...]:
    """Keys below an array of tables mean its last element."""
    found: tuple[Key, ...] = ()
    for key in keys[:-1]:
        found = (*found, key)
        if found in counts:
            found = (*found, counts[found])
    return (*found, *keys[-1:])


def _keys(node: Any) -> tuple[str, ...]:
    """The parts of a key; escapes in a quoted one stay as they are written."""
    text = node.text.decode(errors="replace")
    return tuple(next(filter(None, it.groups()), "") for it in _PART.finditer(text))
