"""A piece of a document: what the scanner makes and the grammar reads."""

from __future__ import annotations


class Token:
    """The name of a terminal of the grammar, and the offsets of its text.

    Shaped as Lark wants its tokens. `detail` is the kind of an opening bracket: itself, or "block", "object"
    or "for" for a brace; "end" for the closing quote or marker of a template; and the list of the
    offsets of the signs, which make the `value`, that a run of unary operators is fused from; and "name" for
    what is no keyword although it looks like one.
    """

    __slots__ = ("detail", "end_pos", "start_pos", "type", "value")

    line = column = end_line = end_column = 0

    def __init__(self, name: str, value: str, start: int, end: int, detail: object = None) -> None:
        self.type = name
        self.value = value
        self.start_pos = start
        self.end_pos = end
        self.detail = detail


NEWLINE = "NL_OR_COMMENT"
"""One or more line breaks, where they count."""

STRING = "STRING"
"""A quoted string without `${` and `%{`, in one piece."""

LABEL = "LABEL"
"""The same, where it is a block's label."""

STRINGS = frozenset((STRING, LABEL, "DBLQUOTE", "STRING_CHARS", "TEMPLATE_STRING"))
OPENING = frozenset(("LPAR", "LSQB", "LBRACE", "INTERP_START", "DIRECTIVE_START"))
CLOSING = frozenset(("RPAR", "RSQB", "RBRACE"))

_ENDS = CLOSING | STRINGS - {"DBLQUOTE", "STRING_CHARS"}
_ENDS |= {"NAME", "INT_LITERAL", "FLOAT_LITERAL", "ATTR_SPLAT", "FULL_SPLAT_START", "TRUE", "FALSE", "NULL"}


def ends_operand(token: Token | None) -> bool:
    """Whether an expression may be complete after a token."""
    return token is not None and (token.type in _ENDS or token.detail == "end")
