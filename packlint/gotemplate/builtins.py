"""Functions of Go's templates that need nothing but their arguments → what they give."""

from __future__ import annotations

import operator
from collections.abc import Callable

from packlint.gotemplate.worth import Plain, Wrong

LARGEST = 1024 * 1024
"""The longest text that is made."""


def _print(*arguments: Plain) -> str:
    """Blanks part operands of which neither is a string (fmt, `Sprint`)."""
    text = ""
    for before, argument in zip((None, *arguments), arguments, strict=False):
        if before is not None and not isinstance(before, str) and not isinstance(argument, str):
            text += " "
        text += _text(argument)
    return text


def _println(*arguments: Plain) -> str:
    return " ".join(map(_text, arguments)) + "\n"


def _text(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _printf(*arguments: Plain) -> str | None:
    """Only the plainest of formats: `%s`, `%d` and `%v` with what belongs to them."""
    if not arguments:
        raise Wrong("`printf` takes a format")
    form, *rest = arguments
    if not isinstance(form, str):
        raise Wrong("`printf` takes a string there")
    pieces = form.split("%")
    if len(pieces) != len(rest) + 1:
        return None
    text = pieces[0]
    for piece, value in zip(pieces[1:], rest, strict=True):
        wanted = {"s": str, "d": int, "v": type(value)}.get(piece[:1])
        if type(value) is not wanted:
            return None
        text += _text(value) + piece[1:]
    return text


def _and(*arguments: Plain) -> Plain | None:
    return next((value for value in arguments if not value), arguments[-1] if arguments else None)


def _or(*arguments: Plain) -> Plain | None:
    return next((value for value in arguments if value), arguments[-1] if arguments else None)


def _not(*arguments: Plain) -> bool | None:
    return not arguments[0] if len(arguments) == 1 else None


def _len(*arguments: Plain) -> int | None:
    if len(arguments) != 1:
        return None
    if not isinstance(arguments[0], str):
        raise Wrong("`len` takes a string there")
    return len(arguments[0].encode("utf-8", "replace"))


def _compared(compare: Callable[[Plain, Plain], bool]) -> Callable[..., bool | None]:
    def body(*arguments: Plain) -> bool | None:
        if len(arguments) != 2:
            return None
        one, other = arguments
        # Bools have no order, and what is of two types is not compared in each version of Go.
        if type(one) is not type(other) or isinstance(one, bool):
            return None
        return compare(one, other)

    return body


def upper(text: str) -> str:
    """The text in capitals, character by character as Go's `strings.ToUpper` does."""
    return text.upper() if text.isascii() else "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def lower(text: str) -> str:
    """The text in small letters, character by character as Go's `strings.ToLower` does."""
    return text.lower() if text.isascii() else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def replace(old: str, new: str, most: int, text: str) -> str | None:
    """The text with the first `most` of `old` replaced, with all where that is negative; None if too long."""
    found = text.count(old) if most < 0 else min(text.count(old), most)
    if len(text) + found * (len(new) - len(old)) > LARGEST:
        return None
    return text.replace(old, new, most)


def _replace_all(old: str, new: str, text: str) -> str | None:
    return replace(old, new, -1, text)


def _split(text: str, separator: str, at: int) -> str:
    parts = text.split(separator) if separator else list(text)
    if not 0 <= at < len(parts):
        raise Wrong(f"`split` gives {len(parts)} part{'s' if len(parts) != 1 else ''}, and none is at {at}")
    return parts[at]


def _sed(expression: str, text: str) -> str:
    raise Wrong("`sed` was removed from Packer: `replace` and `replace_all` do what it did")


def _isotime(*layout: str) -> None:
    if len(layout) > 1:
        raise Wrong(f"`isotime` takes one argument at most, not {len(layout)}")


BUILTINS: dict[str, Callable[..., Plain | None]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "len": _len,
    "print": _print,
    "println": _println,
    "printf": _printf,
    "eq": _compared(operator.eq),
    "ne": _compared(operator.ne),
    "lt": _compared(operator.lt),
    "le": _compared(operator.le),
    "gt": _compared(operator.gt),
    "ge": _compared(operator.ge),
    "upper": upper,
    "lower": lower,
    "replace": replace,
    "replace_all": _replace_all,
    "split": _split,
    "sed": _sed,
    "isotime": _isotime,
}
"""Each gives None for what is not computed."""
