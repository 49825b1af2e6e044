"""An argument and what is to become of it → the edits of its file that do it, in HCL and in JSON."""

from __future__ import annotations

from packlint.diagnostic import Edit
from packlint.document import Range
from packlint.model import Argument
from packlint.pattern import pattern
from packlint.syntax import Call, Expression, Literal, Traversal

_BLANK = " \t\r\n"
_ALONE = pattern(r"[ \t]*(?:(?:#|//)[^\n]*)?(?:\r?\n|\Z)")
"""What may follow an attribute on its line: nothing, or a comment about it."""


_EMPTY = pattern(r"[ \t]*\r?\n")


def renamed(argument: Argument, name: str) -> Edit:
    """Another name for an argument; what follows keeps its column where that can be."""
    old = argument.name_range
    if _in_json(argument):
        return Edit(old, f'"{name}"')
    blanks = _blanks(argument)
    return Edit(Range(old.document, old.start, old.end + len(blanks)), _padded(argument, name))


def rewritten(argument: Argument, name: str, value: str) -> Edit:
    """Another name and value in the place of an argument; the value is written as its file has it."""
    if _in_json(argument):
        return Edit(argument.range, f'"{name}": {value}')
    return Edit(argument.range, f"{_padded(argument, name)}= {value}")


def removed(argument: Argument) -> Edit:
    """No such argument: in JSON its comma goes too, in HCL its line and the comment at the end of that."""
    range_ = argument.range
    start, end = _member(range_) if _in_json(argument) else _line(range_)
    return Edit(Range(range_.document, start, end), "")


def added(after: Argument, name: str, value: str) -> Edit | None:
    """A further argument on the line below another one; None where that does not have its lines for itself.

    The value is written as its file has it.
    """
    range_ = after.range
    text = range_.document.text
    before = _stepped_back(text, range_.start, " \t")
    indent = text[before : range_.start]
    if before and text[before - 1] != "\n":
        return None
    if _in_json(after):
        comma = text[range_.end : range_.end + 1] == ","
        at = range_.end + comma
        new = f'\n{indent}"{name}": {value},' if comma else f',\n{indent}"{name}": {value}'
        return Edit(Range(range_.document, at, at), new)
    rest = _ALONE.match(text, range_.end)
    if rest is None:
        return None
    padded = f"{name} " if "\n" in range_.text else _padded(after, name)
    at = range_.end + len(rest[0].rstrip("\r\n"))
    return Edit(Range(range_.document, at, at), f"\n{indent}{padded}= {value}")


def deleted(range_: Range) -> Edit | None:
    """No such block or attribute of HCL: its lines go, and one of two blank lines around it; None in JSON."""
    document = range_.document
    if document.is_json:
        return None
    text, (start, end) = document.text, _line(range_)
    blank = _EMPTY.match(text, end)
    before = text[:start].rstrip(" \t\r\n")
    opens = not before or before.endswith("{") or text[len(before) : start].count("\n") > 1
    if blank is not None and opens:
        end = blank.end()
    elif end == len(text) and before and text[start - 1] == "\n":
        start = _stepped_back(text, start, _BLANK) + 1
    return Edit(Range(document, start, end), "")


def quoted(expression: Expression) -> str | None:
    """How an expression is written between quotes; None where there is no short way.

    The text of a string stands there as it is, its `${…}` or `{{…}}` included.
    """
    text = expression.range.text
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return text[1:-1]
    if isinstance(expression, Traversal | Call) and '"' not in text and "\n" not in text:
        return f"${{{text}}}"
    return text if isinstance(expression, Literal) and not isinstance(expression.value, bool | None) else None


def _padded(argument: Argument, name: str) -> str:
    """A name and the blanks up to the equals sign."""
    blanks = _blanks(argument)
    return name.ljust(max(len(argument.name_range.text + blanks), len(name) + len(blanks[:1])))


def _blanks(argument: Argument) -> str:
    """What stands between a name and the equals sign."""
    text, at = argument.range.document.text, argument.name_range.end
    return text[at : _skipped(text, at, " \t")]


def _in_json(argument: Argument) -> bool:
    return argument.name_range.text.startswith('"')


def _member(range_: Range) -> tuple[int, int]:
    """A member of an object with the comma after it and the blanks up to the next, or with that before it."""
    text = range_.document.text
    after = _skipped(text, range_.end, _BLANK)
    if text[after : after + 1] == ",":
        return range_.start, _skipped(text, after + 1, _BLANK)
    before = _stepped_back(text, range_.start, _BLANK)
    return (before - 1 if text[before - 1 : before] == "," else range_.start), range_.end


def _line(range_: Range) -> tuple[int, int]:
    """The whole lines of an attribute that has them for itself, else it with the blanks before it."""
    text = range_.document.text
    before = _stepped_back(text, range_.start, " \t")
    rest = _ALONE.match(text, range_.end)
    if rest is not None and (before == 0 or text[before - 1] == "\n"):
        return before, rest.end()
    return before, range_.end


def _skipped(text: str, at: int, blanks: str) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


def _stepped_back(text: str, at: int, blanks: str) -> int:
    while at and text[at - 1] in blanks:
        at -= 1
    return at
