"""What stands where it must not → a sentence for the user at a tight range, with a hint where one helps.

What is in quotes may be a secret and is never shown.
"""

from __future__ import annotations

from packlint.parse.problem import Problem
from packlint.parse.token import NEWLINE, OPENING, STRING, STRINGS, Token, ends_operand

_CHARACTERS = {
    "'": "quote text with double quotes",
    "`": "quote text with double quotes",
    "\u201c": "quote text with straight double quotes",
    "\u201d": "quote text with straight double quotes",
    ";": "end an argument with a line break",
    "&": "did you mean `&&`?",
    "|": "did you mean `||`?",
    "\r": "end lines with a line feed, or with a carriage return and a line feed",
    "\u00a0": "put a plain space in its place",
    "\\": "a backslash has a meaning only in quotes",
    "$": "refer to a value without `${` and `}`, or quote the whole",
}
_CLOSES = {"(": ")", "[": "]", "${": "}", "%{": "}"}
_RENDERED = "if another program is to fill this in, check the file that it writes"


def invalid_character(text: str, at: int) -> Problem:
    """A character, outside of strings, that HCL has no use for."""
    character = text[at]
    end = at + 1
    if character == "'":
        line_end = text.find("\n", at)
        close = text.find("'", at + 1, line_end if line_end >= 0 else len(text))
        end = close + 1 if close >= 0 else end
    if character == "'":
        message = "text stands in single quotes"
    elif character.isprintable() and character != "\u00a0":
        message = (
            f"`{character}` has no meaning here" if character != "`" else "a backtick has no meaning here"
        )
    else:
        message = f"the character U+{ord(character):04X} has no meaning here"
    return Problem(at, end, message, _CHARACTERS.get(character))


def invalid_escape(text: str, start: int, end: int) -> Problem:
    """A backslash that begins none of HCL's escapes."""
    if text[start + 1] in "uU":
        return Problem(start, end, f"`{text[start:end]}` is not followed by enough hexadecimal digits")
    shown = text[start:end] if text[start:end].isprintable() else "\\"
    return Problem(start, end, f"`{shown}` is no escape sequence", "for a backslash, write `\\\\`")


def unclosed_comment(start: int, end: int) -> Problem:
    """`/*` without `*/`."""
    return Problem(start, end, "the comment is never closed", "end it with `*/`", hides_rest=True)


def unclosed_string(text: str, start: int, end: int) -> Problem:
    """A quote that the line, or the file, ends before it is closed; `end` is where it ends."""
    hint = 'close it with `"`, and write a line break as `\\n` or in a heredoc'
    message = "the string is not closed on its line"
    if "\n" not in text[start:end]:
        return Problem(start, end, message, hint)
    return Problem(end, end, message, hint, (start, start + 1, "the string begins here"))


def unclosed_heredoc(start: int, end: int, marker: str) -> Problem:
    """A heredoc that the file ends; `end` is where its first line ends."""
    hint = f"end it with a line that holds nothing but `{_cut(marker)}`"
    return Problem(start, end, f"the heredoc `{_cut(marker)}` is never closed", hint, hides_rest=True)


def _at(token: Token, message: str, hint: str | None = None) -> Problem:
    return Problem(token.start_pos, token.end_pos, message, hint)


def _shown(token: Token) -> str:
    if token.type == NEWLINE:
        return "the end of the line"
    if token.value.startswith("<<"):
        return "a heredoc"
    if token.type in STRINGS:
        return "a string"
    if token.type == "INTERP_START":
        return "`${`"
    return f"`{_cut(token.value)}`"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def no_item(tokens: list[Token], begins_file: bool) -> Problem:
    """The first of `tokens` stands where the name of an argument or a block must."""
    token = tokens[0]
    if token.type == "RBRACE":
        return _at(token, "this `}` closes nothing", "remove it, or look above for one too many")
    if token.type == "LBRACE":
        return _brace_first(tokens, begins_file)
    if token.type in STRINGS:
        return _at(token, "an argument or a block begins with a name, not with a string", "remove the quotes")
    return _at(token, f"an argument or a block must begin here, not {_shown(token)}")


def _brace_first(tokens: list[Token], begins_file: bool) -> Problem:
    token, following = tokens[0], [token for token in tokens[1:] if token.type != NEWLINE]
    if following and following[0].start_pos == token.end_pos and following[0].type in ("LBRACE", "PERCENT"):
        message = f"`{token.value}{following[0].value}` is not HCL but another template language"
        return Problem(token.start_pos, following[0].end_pos, message, _RENDERED)
    if begins_file and following and following[0].type == STRING:
        hint = "give a file in JSON a name that ends in `.pkr.json` or `.json`"
        return _at(token, "this is JSON in a file that is read as HCL", hint)
    return _at(token, "a block needs a type before its `{`")


def after_block(token: Token) -> Problem:
    """Something on the line on which a block ends."""
    return _at(token, "a block must be followed by a line break", f"put {_shown(token)} on the next line")


def repeated(token: Token, first: Token) -> Problem:
    """An argument that its body has already."""
    hint = "keep one of the two"
    place = (first.start_pos, first.end_pos, "it is set here first")
    return Problem(
        token.start_pos, token.end_pos, f"the argument `{_cut(token.value)}` is set twice", hint, place
    )


def on_one_line(token: Token) -> Problem:
    """More than one argument, or a line break, in a block that begins on the line of its `{`."""
    return _at(
        token,
        "a block that begins on the line of its `{` holds one argument and ends there",
        "begin a new line after `{` and before `}`",
    )


def bad_header(item: Token, token: Token, alone: bool) -> Problem:
    """A name, and labels unless it is `alone`, that neither `=` nor `{` follows."""
    name, value = token.type, _cut(item.value)
    if name == "DBLQUOTE":
        return _at(token, "the label of a block must be plain text", "write it without `${…}` and `%{…}`")
    if name == NEWLINE and not alone:
        message = f"the block `{value}` has no `{{` on the line of its type and labels"
        return Problem(item.start_pos, item.end_pos, message, "put the `{` at the end of this line")
    if name == "EQ":
        return _at(token, "a block has no `=`", "remove it, or the labels before it")
    if name in ("COLON", "COLONS"):
        return _at(token, f"`{value}` is followed by `{token.value}` in place of `=`", f"write `{value} = …`")
    if name == "DOT":
        return _at(token, "the name of an argument has no dots")
    hint = f"write `{value} = …` for an argument or `{value} {{ … }}` for a block"
    if name in (NEWLINE, "RBRACE"):
        message = f"`{value}` is neither an argument nor a block"
        return Problem(item.start_pos, item.end_pos, message, hint)
    return _at(token, f"`{value}` is followed by {_shown(token)} in place of `=` or `{{`", hint)


def no_expression(before: Token, token: Token) -> Problem:
    """A line that ends before its expression does."""
    if before.type in ("EQ", "COLON"):
        return _at(before, f"no value follows this `{before.value}` on its line")
    hint = "put the expression in parentheses to go on with it on the next line"
    return _at(before, f"the line ends after {_shown(before)}, before the expression does", hint)


def no_otherwise(token: Token) -> Problem:
    """A line that ends between the `?` and the `:` of a conditional expression."""
    hint = "put the expression in parentheses to go on with it on the next line"
    return _at(token, "the line ends before the `:` that belongs to a `?`", hint)


def comma_in_body(token: Token, one_line: bool) -> Problem:
    """A comma after an argument."""
    if one_line:
        return on_one_line(token)
    return _at(token, "arguments are not separated by commas", "remove it, and begin a new line")


def no_newline(token: Token) -> Problem:
    """The next thing on the line on which an argument ends."""
    return _at(token, f"a line break is missing before {_shown(token)}")


def no_key(token: Token) -> Problem:
    """A line in an object that begins with what must stand on the line before."""
    if token.type == "COMMA":
        return _at(token, "a line of an object begins with a comma", "put it at the end of the line before")
    hint = "put the expression in parentheses to go on with it on the next line"
    return _at(token, f"a line of an object begins with {_shown(token)}", hint)


def no_separator(token: Token) -> Problem:
    """The next item of an object straight after the last."""
    return _at(token, f"a comma or a line break is missing before {_shown(token)}")


def for_as_key(start: int, end: int) -> Problem:
    """An object whose first key is `for`."""
    message = "`for` at the start of an object begins a `for` expression"
    return Problem(start, end, message, "write the key in quotes")


def huge_number(token: Token) -> Problem:
    """A number with an exponent that nobody can mean."""
    return _at(token, "the exponent of this number is out of range")


def stray_directive(start: int, end: int, keyword: str) -> Problem:
    """An `else` or an end outside of its directive, or a second `else`."""
    opener = "for" if keyword == "endfor" else "if"
    return Problem(start, end, f"this `{keyword}` has no `%{{{opener}}}` that it belongs to")


def unclosed_directive(start: int, end: int, keyword: str) -> Problem:
    """A directive that its string ends before."""
    hint = f"end it with `%{{end{keyword}}}`"
    return Problem(start, end, f"this `%{{{keyword}}}` is not ended before its string is", hint)


def unexpected(tokens: list[Token], token: Token) -> Problem:
    """A token at which the grammar has no way to go on."""
    before, opener, outer = _surroundings(tokens, token)
    if opener is not None and outer is not None and _is_foreign(opener, outer):
        message = f"`{outer.value}{opener.value}` is not HCL but another template language"
        return Problem(outer.start_pos, opener.end_pos, message, _RENDERED)
    place = (opener.start_pos, opener.end_pos, "it is opened here") if opener is not None else None
    kind = str(opener.detail or opener.value[:2]) if opener is not None else ""
    close = _CLOSES.get(kind, "}")
    if not ends_operand(before):
        return _no_operand(token, before)
    if token.type in ("RPAR", "RSQB", "RBRACE") and opener is not None and token.value != close:
        if kind in ("block", "object") and token.type == "RBRACE":
            return _at(token, "the last item of this object has no value", "write `key = value`")
        message = f"the `{opener.value}` is not closed before this `{token.value}`"
        return Problem(token.start_pos, token.end_pos, message, f"put `{close}` before it", place)
    if token.type in ("RPAR", "RSQB", "RBRACE"):
        if kind == "object":
            return _at(token, "the last item of this object has no value", "write `key = value`")
        return _at(token, f"this `{token.value}` closes nothing")
    if token.type == "EQ" and kind != "object":
        return _at(token, "`=` does not belong in an expression", "did you mean `==`?")
    if kind == "object":
        return _at(token, f"{_shown(token)} does not belong in this object", "write `key = value`")
    if kind in ("(", "["):
        message = f"`,` or `{close}` is missing before {_shown(token)}"
        return Problem(token.start_pos, token.end_pos, message, None, place)
    if kind in ("${", "%{"):
        message = f"`}}` is missing before {_shown(token)}"
        return Problem(token.start_pos, token.end_pos, message, None, place)
    return _at(token, f"{_shown(token)} does not belong here")


def _no_operand(token: Token, before: Token | None) -> Problem:
    if before is not None and before.type == "DOT":
        return _at(token, f"a name must follow the dot, not {_shown(token)}")
    after = f" after {_shown(before)}" if before is not None else ""
    return _at(token, f"an expression is missing{after}, before {_shown(token)}")


def _is_foreign(opener: Token, outer: Token) -> bool:
    return opener.type == outer.type == "LBRACE" and outer.end_pos == opener.start_pos


def _surroundings(tokens: list[Token], token: Token) -> tuple[Token | None, Token | None, Token | None]:
    """The token before one, and the innermost two brackets that are open there."""
    before = None
    openers: list[Token] = []
    for current in tokens:
        if current.start_pos >= token.start_pos:
            break
        if current.type in OPENING or (current.type == "DBLQUOTE" and current.detail != "end"):
            openers.append(current)
        elif openers and (current.type in ("RPAR", "RSQB", "RBRACE") or current.detail == "end"):
            openers.pop()
        before = current
    return before, openers[-1] if openers else None, openers[-2] if len(openers) > 1 else None


def ended(tokens: list[Token], end: int) -> Problem:
    """A file that ends, at the offset `end`, before all that was begun."""
    before, opener, _ = _surroundings(tokens, Token("$END", "", end + 1, end + 1))
    if opener is None or before is None:
        return Problem(end, end, "the file ends before the last argument or block does")
    if before.type != NEWLINE and not ends_operand(before) and before is not opener:
        return Problem(end, end, f"the file ends after {_shown(before)}, before the expression does")
    if opener.type == "LSQB" and not ends_operand(before):
        place = (opener.start_pos, opener.end_pos, "it is opened here")
        return Problem(end, end, "the file ends before the `[` is closed", None, place)
    kind = {"block": "block", "object": "object"}.get(str(opener.detail))
    what = f"the {kind} that begins here" if kind else f"this {_shown(opener)}"
    close = _CLOSES.get(str(opener.detail or opener.value[:2]), "}")
    hint = (
        f"end it with `{close}`; where one seems to be there, look for another that is missing further down"
    )
    return Problem(opener.start_pos, opener.end_pos, f"{what} is never closed", hint)


def cut_short(item: Token) -> Problem:
    """A file that ends after the name that was to begin an argument or a block."""
    message = f"the file ends after `{_cut(item.value)}`, before the argument or block does"
    return Problem(item.start_pos, item.end_pos, message)
