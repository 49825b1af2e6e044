"""What the scanner can make nothing of → a sentence for the user, with a hint for the common slips.

What is in quotes may be a secret and is never shown.
"""

from __future__ import annotations

import re

from packlint.parse.problem import Problem

_QUOTE = "quote text with double quotes"
_CHARACTERS = {
    "'": _QUOTE,
    "`": _QUOTE,
    "\u2018": "quote text with straight double quotes",
    "\u2019": "quote text with straight double quotes",
    "\u201c": "quote text with straight double quotes",
    "\u201d": "quote text with straight double quotes",
    ";": "end an argument with a line break",
    "&": "did you mean `&&`?",
    "|": "did you mean `||`?",
    "\r": "end lines with a line feed, or with a carriage return and a line feed",
    "\u00a0": "put a plain space in its place",
    "\u3000": "put a plain space in its place",
    "\u200b": "remove it: it is a blank without width",
    "\ufeff": "remove it: a byte-order mark belongs at the very beginning of a file",
    "\\": "a backslash has a meaning only in quotes",
    "$": _QUOTE,
    "~": _QUOTE,
    "@": _QUOTE,
    "^": "HCL has no operator of that name; `pow` raises to a power",
}
_BROKEN_LINE = "write a text of several lines as a heredoc, and an argument on one line or within brackets"
_LINE = re.compile(r"[^\n]*")
_REFERENCE = re.compile(r"[^\W\d][\w-]*+(?>(?:\.[^\W\d][\w-]*+)*)")


def invalid_character(text: str, at: int) -> Problem:
    """A character, outside of strings, that HCL has no use for."""
    character, end, hint = text[at], at + 1, _CHARACTERS.get(text[at])
    if character == "'":
        found = _LINE.match(text, end)
        close = text.find("'", end, found.end() if found else end)
        end = close + 1 if close >= 0 else end
        message = "text stands in single quotes"
    elif character == "`":
        message = "a backtick has no meaning here"
    elif character.isprintable() and character != "\u00a0":
        message = f"`{character}` has no meaning here"
    else:
        message = f"the character U+{ord(character):04X} has no meaning here"
    if character == "\\" and text[end : end + 1] in ("\n", "\r"):
        hint = _BROKEN_LINE
    elif character == "$":
        hint = _of_dollar(text, at)
    return Problem(at, end, message, hint)


def _of_dollar(text: str, at: int) -> str | None:
    """The hint for a `$` outside of strings."""
    before = text[max(0, at - 1)]
    if before == "{":
        return "a sequence begins with `${`, not with `{$`, and stands in quotes"
    if before == '"':
        return r"write a quote within a string as `\"`"
    if text.startswith("{", at + 1):
        return "refer to a value without `${` and `}`, or quote the whole"
    name = _REFERENCE.match(text, at + 1)
    return f"write `{name[0]}`" if name is not None and len(name[0]) <= 60 else _CHARACTERS["$"]


def character(digits: str) -> str | None:
    """The character of a number in hexadecimal; None where Unicode has none that may stand by itself."""
    code = int(digits, 16)
    return None if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def invalid_escape(text: str, start: int, end: int) -> Problem:
    """A backslash that begins none of HCL's escapes, or one with the number of no character."""
    if end - start > 2:
        return Problem(
            start,
            end,
            f"`{text[start:end]}` is the number of no character",
            "write the character itself, or its number in Unicode as `\\U` and eight hexadecimal digits",
        )
    if text[start + 1] in "uU":
        return Problem(start, end, f"`{text[start:end]}` is not followed by enough hexadecimal digits")
    shown = text[start:end] if text[start:end].isprintable() else "\\"
    hint = "for a backslash, write `\\\\`"
    if shown in ("\\'", "\\`", "\\$", "\\%"):
        hint = {"\\$": "for `${` itself, write `$${`", "\\%": "for `%{` itself, write `%%{`"}.get(
            shown, "it needs no backslash"
        )
    return Problem(start, end, f"`{shown}` is no escape sequence", hint)


def unclosed_comment(start: int, end: int) -> Problem:
    """`/*` without `*/`."""
    return Problem(start, end, "the comment is never closed", "end it with `*/`", hides_rest=True)


def unclosed_string(text: str, start: int, end: int, sequence: tuple[int, int] | None) -> Problem:
    """A quote that the line, or the file, ends before it is closed; `end` is where it ends.

    `sequence` is where a `${` or `%{` on the same line begins and ends that the quote stands in.
    """
    hint = 'close it with `"`, and write a line break as `\\n` or in a heredoc'
    message = "the string is not closed on its line"
    if "\n" in text[start:end]:
        return Problem(end, end, message, hint, (start, start + 1, "the string begins here"))
    if not text[start + 1 : end].strip(" \t,]})"):
        if sequence is not None:
            sign = text[sequence[0] : sequence[0] + 2]
            closed = f"end the sequence with `}}`; for `{sign}` itself, write `{sign[0]}{sign}`"
            place = (*sequence, "it is opened here")
            return Problem(start, end, f"the `{sign}` is not closed before the string ends", closed, place)
        if text[max(0, start - 1)].isalnum():
            hint = "if it ends a text, a quote is missing where the text begins"
    return Problem(start, end, message, hint)


def unclosed_heredoc(text: str, start: int, end: int, marker: str) -> Problem:
    """A heredoc that the file ends; `end` is where its first line ends.

    A line that only seems to end it explains why, and what stands behind that line can be read on.
    """
    shown = marker if len(marker) <= 60 else f"{marker[:59]}…"
    message = f"the heredoc `{shown}` is never closed"
    near = near_marker(text, end, marker)
    if near is None:
        hint = f"end it with a line that holds nothing but `{shown}`"
        return Problem(start, end, message, hint, hides_rest=True)
    if near[1] == len(text):
        place = (*near, f"`{shown}` stands here, but no line break follows it")
        return Problem(start, end, message, "end the file with a line break", place)
    place = (*near, f"`{shown}` stands here, but not alone on its line")
    return Problem(start, end, message, f"put what follows `{shown}` on the next line", place)


def near_marker(text: str, at: int, marker: str) -> tuple[int, int] | None:
    """Where, from `at` on, a line begins with the marker of a heredoc that no line ends."""
    found = re.compile(rf"^[ \t]*+({re.escape(marker)})(?![\w-])", re.MULTILINE).search(text, at)
    return found.span(1) if found else None
