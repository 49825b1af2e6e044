"""The patterns that take a whole line of a body, or a word or sign of an expression, in one match.

They know nothing of HCL but its most common forms, in ASCII: what none of them takes is left to the scanner.
No part of a pattern gives back what it took, so that each is linear.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from packlint.pattern import pattern

NAME = r"[A-Za-z_][A-Za-z0-9_-]*+"
REFERENCE = rf"{NAME}(?>(?:\.{NAME})*)"
TEXT = r'[^"\\$%\r\n]*+'
INTEGER = r"[0-9]{1,15}+"
END = r"[ \t\r]*+(?:\n[ \t\r\n]*+|(?=\#|//)|\Z)"
"""The end of a line with the blank lines and blanks behind it; a comment is left for the next match."""

LABEL = pattern(rf'"({TEXT})"|{NAME}')

CHARACTERS = r'[^"\\$%\r\n]++|\\["\\nrt]|\$\$\{|%%\{|\$(?!\{)|%(?!\{)'
"""What stands in quotes and begins no sequence, with the common escapes."""

QUOTED = rf"(?>(?:{CHARACTERS}|\$\{{{REFERENCE}\}}){{0,1000}})"
"""Such text, and references within `${` and `}`; of more pieces each would take memory until the last."""

_SPACE = r"[ \t\r\n]*+"
_MEMBER = rf'(?:"{QUOTED}"|{REFERENCE}){_SPACE}'
_LIST = rf"\[{_SPACE}(?>(?:{_MEMBER},{_SPACE})*)(?:{_MEMBER})?\]"
_REMARK = r"\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/"
_FORMS = {
    "string": rf'"({TEXT})"',
    "wrap": rf'"\$\{{({REFERENCE})\}}"',
    "word": rf"({REFERENCE})",
    "integer": rf"({INTEGER})",
    "list": rf"({_LIST})",
    "mixed": rf'"({QUOTED})"',
    "bare_call": rf"({NAME})\(\)",
}

STRING_VALUE, WRAP_VALUE, WORD_VALUE, INTEGER_VALUE, LIST_VALUE, MIXED_VALUE = range(2, 8)
ARGUMENT, LABELS, BLOCK, EMPTY_BLOCK, INNER_NAME, ONE_LINE_BLOCK, CLOSE, COMMENT, BLANK = range(8, 17)


def line_pattern(quick: Collection[str]) -> re.Pattern[str]:
    """What a line of a body begins with, by the last group."""
    labels = rf'(?>(?:[ \t]*+"{TEXT}"|[ \t]++{NAME})*)' if "block" in quick else "(?!)"
    values = _quick(quick, "string", "wrap", "word", "integer", "list", "mixed")
    return pattern(
        rf"""({NAME})(?:
            [ \t]*+=[ \t]*+(?:{values}){END}
          | [ \t]*+(=)(?![=>])
          | ({labels})[ \t]*+\{{(?:{END}()|[ \t]*+\}}{END}()|[ \t]*+({NAME})[ \t]*+(=)(?![=>])))
        | (\}}){END}
        | ({_REMARK}){_SPACE}
        | ([ \t\r\n]++)""",
        re.VERBOSE,
    )


KEY, QUOTED_KEY, STRING_ITEM, WRAP_ITEM, WORD_ITEM, INTEGER_ITEM, MIXED_ITEM, COMMA, LINE_END = range(1, 10)


def item_pattern(quick: Collection[str]) -> re.Pattern[str]:
    """A simple item of an object with the comma or the end of the line behind it."""
    values = _quick(quick if "item" in quick else (), "string", "wrap", "word", "integer", "mixed")
    return pattern(
        rf"""(?:({NAME})|"({TEXT})")[ \t]*+(?:=(?![=>])|:(?!:))[ \t]*+(?:{values})
        [ \t\r]*+(?=[,\n}}])(,?+)[ \t\r]*+(\n?+){_SPACE}""",
        re.VERBOSE,
    )


def _quick(quick: Collection[str], *names: str) -> str:
    """The forms of these names, a group for each; one that is not to be quick is never found."""
    return "|".join(_FORMS[name] if name in quick else "((?!))" for name in names)


LIST, SIGN, WORD, STRING, NEWLINE, BARE_CALL, CALL, WRAP, MIXED = range(1, 10)
QUOTE, NUMBER, REMARK, HEREDOC, FINISH = range(10, 15)


def piece_pattern(quick: Collection[str]) -> re.Pattern[str]:
    """A piece of an expression, behind the blanks before it, by the last group."""
    return pattern(
        rf"""[ \t\r]*+(?:
        {_quick(quick, "list")}
      | ([,\])}}\[({{?+*%-]|=[=>]?+|:(?!:)|!=?+|\.(?:\.\.)?|&&|\|\||[<>]=|<(?!<)|>|/(?![/*])|~\}})
      | ({REFERENCE})(?![ \t]*+(?:\(|::))
      | "({TEXT})"
      | (\n){_SPACE}
      | {_quick(quick, "bare_call")}
      | ({NAME})[ \t]*+\(
      | {_quick(quick, "wrap")}
      | {_quick(quick, "mixed")}
      | (")
      | ([0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
      | ({_REMARK})
      | <<(-?{NAME})\r?\n
      | (\Z))""",
        re.VERBOSE,
    )
