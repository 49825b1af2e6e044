"""What a JSON document has wrong at a place → a sentence for the user, with a hint where one helps.

What is in quotes may be a secret and is never shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from packlint.document import Range
from packlint.parse.problem import Problem
from packlint.record import replace
from packlint.syntax import Label, Text

CLOSES = {"{": "}", "[": "]"}
_KINDS = {"{": "object", "[": "array"}
_WORDS = {
    "True": "true",
    "TRUE": "true",
    "yes": "true",
    "on": "true",
    "False": "false",
    "FALSE": "false",
    "no": "false",
    "off": "false",
    "None": "null",
    "NULL": "null",
    "Null": "null",
    "nil": "null",
    "undefined": "null",
}
_NAMES = {"\t": "tab", "\n": "line break", "\r": "carriage return"}
_WRITTEN = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def comment(start: int, end: int) -> Problem:
    """`//`, `#` or `/*` outside of a string."""
    hint = (
        'HCL in JSON (`*.pkr.json`) may have a property `"//"`, '
        "a legacy template keys at its root that begin with `_`"
    )
    return Problem(start, end, "JSON has no comments", hint)


def bad_number(text: str, start: int) -> Problem:
    """Digits that are no number in JSON."""
    end = start + len(text)
    if "Infinity" in text:
        return Problem(start, end, "JSON has no infinite numbers")
    if text.startswith("+"):
        return Problem(start, end, "a number in JSON has no `+` before it", "remove the `+`")
    if text.startswith((".", "-.")):
        return Problem(start, end, "a number in JSON has a digit before its point", "write a `0` before it")
    if text.lstrip("-").startswith("0") and text.lstrip("-").isdigit():
        return Problem(start, end, "a number in JSON does not begin with `0`", "remove the `0`, or quote it")
    return Problem(start, end, "this is no number in JSON", "quote what is not a decimal number")


def wrong_quotes(start: int, end: int) -> Problem:
    """Text in single quotes, backticks or curly quotes."""
    return Problem(start, end, 'JSON quotes text with `"` only', 'write `"…"`')


def bad_character(text: str, at: int) -> Problem:
    """A backslash, or a control character, that a string may not hold."""
    found = text[at]
    if found != "\\":
        name = _NAMES.get(found, f"character U+{ord(found):04X}")
        written = _WRITTEN.get(found, f"\\u{ord(found):04x}")
        return Problem(at, at + 1, f"a string in JSON cannot hold a {name} as it is", f"write `{written}`")
    letter = text[at + 1 : at + 2]
    if letter == "u":
        return Problem(at, at + 2, "`\\u` is not followed by four hexadecimal digits")
    shown = f"`\\{letter}`" if letter.isprintable() and letter else "this backslash"
    return Problem(at, at + 2, f"{shown} is no escape sequence in JSON", "for a backslash, write `\\\\`")


def broken_string(start: int, end: int) -> Problem:
    """A string that goes on over the end of its line, which is at `end`."""
    return Problem(start, end, "a string in JSON ends on its line", "write a line break as `\\n`")


def unclosed_string(start: int, end: int, escaped: int) -> Problem:
    """A string that is not closed on its line; `escaped` is that of its last escaped quote, or negative."""
    hint = 'close it with `"`'
    if escaped >= 0:
        hint = '`\\"` is a quote within the string: for a backslash before the closing quote, write `\\\\"`'
    return Problem(start, end, "the string is not closed on its line", hint)


def shown(kind: str, text: str) -> str:
    """A token, as it is called in a sentence."""
    if kind == "end":
        return "the end of the file"
    if kind in ("string", "quoted"):
        return "a string"
    if len(text) == 1 and not text.isprintable():
        return f"the character U+{ord(text):04X}"
    return f"`{_cut(text)}`"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def opened(bracket: str, at: int) -> tuple[int, int, str]:
    """The related place of what is wrong within brackets."""
    return at, at + 1, f"the {_KINDS[bracket]} begins here"


def trailing_comma(at: int, bracket: str, opening: int) -> Problem:
    """A comma straight before the end of an object or array."""
    what = f"no item follows this comma before the {_KINDS[bracket]} ends"
    return Problem(at, at + 1, what, "remove the comma", opened(bracket, opening))


def extra_comma(at: int) -> Problem:
    """A comma with nothing before it."""
    return Problem(at, at + 1, "nothing stands before this comma", "remove it")


def missing_comma(before: int, found: str) -> Problem:
    """Two items without a comma; `before` is where the first ends."""
    return Problem(before, before, f"a comma is missing here, before {found}", "separate items with `,`")


def no_comma(start: int, end: int, found: str, bracket: str, opening: int) -> Problem:
    """Something behind an item that neither goes on nor ends what it is in."""
    what = f"`,` or `{CLOSES[bracket]}` must follow an item, not {found}"
    return Problem(start, end, what, None, opened(bracket, opening))


def inner_quote(at: int, before: str) -> Problem:
    """A quote that is no end of a string by what follows it; `before` is the string up to it."""
    hint = r"write a quote within a string as `\"`, or a comma behind the string"
    if before.rfind("{{") > before.rfind("}}"):
        hint = "quote with backticks within `{{…}}`"
    return Problem(at, at + 1, "this quote ends the string", hint)


def no_opening_quote(start: int, end: int) -> Problem:
    """A word with a quote at its end only."""
    return Problem(start, end, "a quote is missing where this text begins", 'write `"…"`')


def separator(start: int, end: int, found: str) -> Problem:
    """`;` between two items."""
    return Problem(start, end, f"items are separated by commas, not by {found}", "write `,`")


def not_a_colon(start: int, end: int, found: str) -> Problem:
    """`=` or `=>` between a key and its value."""
    return Problem(start, end, f"a colon, not {found}, stands between a key and its value", "write `:`")


def missing_colon(before: int) -> Problem:
    """A key and a value with nothing between them; `before` is where the key ends."""
    return Problem(before, before, "a colon is missing here, between a key and its value", "write `:`")


def no_colon(start: int, end: int, found: str) -> Problem:
    """Something behind a key that begins no value."""
    return Problem(start, end, f"`:` and a value must follow a key, not {found}")


def huge_number(start: int, end: int) -> Problem:
    """A number with more digits than anybody can mean."""
    return Problem(start, end, "this number is out of range")


def other_language(start: int, end: int, marks: str) -> Problem:
    """`{{` or `{%`."""
    hint = "if another program is to fill this in, check the file that it writes"
    return Problem(start, end, f"`{marks}` is not JSON but another template language", hint)


def no_value(start: int, end: int, opening: int) -> Problem:
    """A key that a comma or a closing bracket follows."""
    hint = 'write `"key": value`; values without keys stand in `[` and `]`'
    return Problem(start, end, "this key has no value", hint, opened("{", opening))


def no_key(start: int, end: int, found: str, opening: int) -> Problem:
    """What stands where a key must."""
    hint = 'write `"key": value`; values without keys stand in `[` and `]`'
    return Problem(
        start, end, f"a key in double quotes must stand here, not {found}", hint, opened("{", opening)
    )


def unquoted_key(start: int, end: int, name: str) -> Problem:
    """A key without quotes."""
    return Problem(start, end, "a key in JSON stands in double quotes", f'write `"{name}"`')


def key_in_array(start: int, end: int, opening: int) -> Problem:
    """A colon in an array."""
    hint = "write an object in `{` and `}`"
    return Problem(start, end, "an array holds values without keys", hint, opened("[", opening))


def bad_word(start: int, end: int, word: str) -> Problem:
    """A word that is no value."""
    meant = _WORDS.get(word)
    if meant is not None:
        return Problem(start, end, f"`{word}` is no value in JSON", f"did you mean `{meant}`?")
    if word in ("NaN", "Infinity"):
        return Problem(start, end, f"`{word}` is no number in JSON")
    return Problem(start, end, f"{shown('word', word)} is no value in JSON", "quote text with double quotes")


def bad_start(start: int, end: int, found: str) -> Problem:
    """What begins no value, where one must stand."""
    return Problem(start, end, f"a value must stand here, not {found}")


def unclosed(bracket: str, at: int, found: str, start: int, end: int) -> Problem:
    """An object or array that is open where something follows that cannot be in it."""
    what = f"the {_KINDS[bracket]} is not closed before {found}"
    return Problem(start, end, what, f"put `{CLOSES[bracket]}` before it", opened(bracket, at))


def wrong_bracket(start: int, bracket: str, opening: int) -> Problem:
    """An object that ends with `]`, or an array that ends with `}`."""
    closing = CLOSES[bracket]
    what = f"the {_KINDS[bracket]} ends with the wrong bracket"
    return Problem(start, start + 1, what, f"write `{closing}`", opened(bracket, opening))


def never_closed(bracket: str, at: int, suspect: tuple[int, int] | None) -> Problem:
    """An object or array that the file ends in.

    `suspect` is a bracket that ends it, although by its indentation it should end another.
    """
    hint = f"end it with `{CLOSES[bracket]}`"
    related = None
    if suspect is not None:
        related = (*suspect, "this ends it, but is indented as the end of what is around it")
    return Problem(at, at + 1, f"this `{bracket}` is never closed", hint, related)


def no_opening(start: int, found: str) -> Problem:
    """A closing bracket behind the end of the document."""
    return Problem(
        start, start + 1, f"this {found} closes nothing", "remove it, or look above for one too many"
    )


def second_value(start: int, end: int, found: str) -> Problem:
    """What follows the value that is the document."""
    hint = "keep one JSON value in the file; several objects can stand in an array, or in files of their own"
    return Problem(start, end, f"the file goes on with {found} after its JSON has ended", hint)


def byte_order_mark() -> Problem:
    """U+FEFF at the start: neither of Packer's JSON readers skips it."""
    return Problem(0, 1, "JSON cannot begin with a byte-order mark", "save the file as UTF-8 without one")


def no_document(end: int) -> Problem:
    """A file with nothing in it."""
    return Problem(0, end, "the file is empty", "write `{}` for a file that says nothing")


def native_syntax(start: int, end: int) -> Problem:
    """A file in HCL's native syntax with a name that ends in `.json`."""
    hint = "give a file in HCL a name that ends in `.pkr.hcl`, or `.pkrvars.hcl` if it holds values"
    return Problem(start, end, "this is HCL in a file that is read as JSON", hint)


def no_object(start: int, end: int) -> Problem:
    """A root that is another value."""
    return Problem(start, end, "the root of this file must be an object", "write it in `{` and `}`")


def repeated(key: Text, first: Text) -> Problem:
    """A key that its object has already."""
    place, other = key.range, first.range
    what = f"the key {shown('word', key.value)} is set twice"
    related = (other.start, other.end, "it is set here first")
    return Problem(place.start, place.end, what, "keep one of the two", related)


def too_large(start: int, end: int) -> Problem:
    """A number that the reader of legacy templates has no place for."""
    return Problem(start, end, "this number is too large", "quote it")


def no_expression(place: Range, text: str) -> Problem:
    """A string that is to hold a type or a name as HCL writes it, and holds none."""
    hint = "leave out `${` and `}`" if text.startswith("${") else None
    return Problem(place.start, place.end, "this must be a single HCL expression", hint)


def within_string(problem: Problem, end: int) -> Problem:
    """A problem of the HCL in a string that ends at an offset: what ends there is no line."""
    if problem.start < end:
        return problem
    return replace(problem, message=problem.message.replace("the end of the line", "the end of the string"))


def no_members(place: Range, block: str, label: str | None) -> Problem:
    """What is no object where one must be, with the properties of a block or with labels as its keys."""
    if label is not None:
        what = f"an object must stand here, with the {label} of a `{block}` block as its key"
    else:
        what = f"an object must stand here, as the body of {f'a `{block}` block' if block else 'the file'}"
    hint = f'list {block}s as `"{block}s": ["TYPE.NAME"]`' if label == "reference" else None
    return Problem(place.start, place.end, what, hint)


def type_as_property(place: Range, block: str, names: tuple[str, ...], type_: str) -> Problem:
    """A block's type as a property of its body, as a legacy template has it."""
    labels = (_cut(type_), *(name.upper() for name in names[1:]))
    what = f"the type of a `{block}` block must be the key of its body, not a property in it"
    hint = f'write `"{block}": {_behind(labels)}`'
    return Problem(place.start, place.end, what, hint)


def no_label(place: Range, block: str, label: str) -> Problem:
    """An object without a key, or null, where a key has to be the label of a block."""
    hint = f'write `"{block}": {{"{label.upper()}": {{ … }}}}`, or leave `{block}` out'
    return Problem(place.start, place.end, f"the {label} of a `{block}` block is missing", hint)


def no_body(place: Range, block: str, names: tuple[str, ...], labels: tuple[Label, ...]) -> Problem:
    """What is neither an object nor an array where the body of a block must stand."""
    if labels and labels[-1].value == "//":
        what = f'`"//"` stands where the {names[-1]} of a `{block}` block does, and is no comment there'
        return Problem(place.start, place.end, what, "put the comment into the body of the block")
    hint = f'write `"{block}": {_behind([name.upper() for name in names])}`'
    return Problem(place.start, place.end, f"the body of a `{block}` block must be an object", hint)


def _behind(labels: Sequence[str]) -> str:
    """A body behind the labels of its block."""
    return "".join(f'{{"{label}": ' for label in labels) + "{ … }" + "}" * len(labels)


def legacy_template(start: int, end: int) -> Problem:
    """The key `builders` at the root of a `.pkr.json` file."""
    what = "this is a legacy template in a file that Packer reads as HCL"
    hint = (
        "rename the file so that it ends in `.json` but not in `.pkr.json`, or convert it with "
        "`packer hcl2_upgrade`"
    )
    return Problem(start, end, what, hint)
