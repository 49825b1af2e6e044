"""The grammar of the python-hcl2 that is installed → its LALR tables.

They come with packlint. Where another python-hcl2 is installed, whose grammar differs, its own are derived
and kept in the user's cache.
"""

from __future__ import annotations

import sys
from functools import lru_cache

from packlint.parse.tables import Tables
from packlint.witness import digest

_SHIPPED = "tables.txt"
_GRAMMAR = "hcl2/hcl2.lark"


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of the installed grammar, or, if there is none to be found, those that came along."""
    shipped = Tables(_read(f"{__file__.removesuffix('grammar.py')}{_SHIPPED}").decode("utf-8"))
    grammar = installed()
    return shipped if grammar is None or _is_of(shipped, grammar) else _others(grammar)


def installed() -> bytes | None:
    """The grammar of python-hcl2, which is looked for but not imported: the package takes long to load."""
    for folder in sys.path:
        try:
            return _read(f"{folder or '.'}/{_GRAMMAR}")
        except OSError:
            continue
    return None


def _read(path: str) -> bytes:
    return __loader__.get_data(path)  # type: ignore[name-defined, no-any-return]


def _is_of(found: Tables, grammar: bytes) -> bool:
    """Whether tables were made of a grammar."""
    return found.made_of["blake2b"] == digest(grammar, 16).hex()


def _others(grammar: bytes) -> Tables:
    """The tables of another python-hcl2, derived once for each version of ours."""
    from packlint import cache

    folder = __file__.removesuffix("grammar.py")
    makers = (_read(f"{folder}{name}.py") for name in ("derive", "proof", "tables"))
    kind = digest(b"\0".join((grammar, *makers)), 16).hex()
    name = f"tables-{kind}.txt"
    kept = cache.read(name)
    if kept is not None:
        try:
            found = Tables(kept.decode("utf-8"))
            if _is_of(found, grammar):
                return found
        except (ValueError, IndexError, KeyError):  # it is sound, but no table
            pass
    from packlint.parse.derive import derived

    text = derived(grammar)
    cache.write(name, text.encode("utf-8"))
    return Tables(text)
