"""Three neighbours on a line → whether a blank stands behind the one in the middle."""

from __future__ import annotations

from functools import cache

from packlint.format.pieces import CLOSING_QUOTE, OPENING_MARKER, OPENING_QUOTE, SEQUENCE_END, TEXT
from packlint.parse.token import OPENING

CLOSING = frozenset(("RPAR", "RSQB", "RBRACE", SEQUENCE_END))
NOTHING = ""
"""Stands for the neighbour before the first piece of a cell."""

_NAMES = frozenset(("NAME", "IN"))
_INDEXED = _NAMES | CLOSING | {"NUMBER"}
_GLUED_AFTER = frozenset((TEXT, OPENING_QUOTE, OPENING_MARKER))
_GLUED_BEFORE = frozenset((TEXT, CLOSING_QUOTE))
_SEQUENCES = frozenset(("INTERP_START", "DIRECTIVE_START"))
_BEFORE_SIGN = frozenset(
    (
        *(NOTHING, "LPAR", "LBRACE", "LSQB", "EQ", "COLON", "COMMA", "QMARK"),
        *("PLUS", "ASTERISK", "SLASH", "PERCENT", "MINUS"),
        *("DOUBLE_EQ", "NEQ", "GT", "GEQ", "LT", "LEQ", "DOUBLE_AMP", "DOUBLE_PIPE", "NOT"),
    )
)
"""Behind these a minus is a sign; behind `${` and `=>` HCL takes it for a subtraction all the same."""


@cache
def parted(before: str, kind: str, after: str) -> bool:
    """Whether a blank stands between a piece and the next, by their kinds and that of the piece before them.

    The order of the questions matters, as in hashicorp/hcl's `hclwrite/format.go`, `spaceAfterToken`.
    """
    if (
        (kind in _NAMES and after in ("LPAR", "COLONS"))
        or (kind == "COLONS" and after in _NAMES)
        or "DOT" in (kind, after)
        or after in ("BREAK", "COMMA", "ELLIPSIS")
    ):
        return False
    if kind == "COMMA":
        return True
    if kind in _GLUED_AFTER or after in _GLUED_BEFORE:
        return False
    if kind == "IN" and before in _NAMES:
        return True  # `for x in [y]`
    if after == "LSQB" and kind in _INDEXED:
        return False
    if kind == "NOT":
        return False
    if kind == "MINUS":
        return before not in _BEFORE_SIGN
    return _parted_by_bracket(kind, after)


def _parted_by_bracket(kind: str, after: str) -> bool:
    """Blanks stand within braces, even those of an object in a sequence, and within no other brackets."""
    if kind == "LBRACE" or after == "RBRACE":
        return (kind, after) != ("LBRACE", "RBRACE")
    if kind in _SEQUENCES and after == "LBRACE":
        return True
    if kind == "RBRACE" and after == SEQUENCE_END:
        return True
    if kind == SEQUENCE_END and after in _SEQUENCES:
        return False
    return kind not in OPENING and after not in CLOSING
