"""A token that stands where it must not → a sentence for the user at a tight range, with a hint if one helps.

What is in quotes may be a secret and is never shown.
"""

from __future__ import annotations

from packlint.parse.problem import Problem
from packlint.parse.token import CLOSING, NEWLINE, OPENING, STRING, STRINGS, Token, ends_operand

_CLOSES = {"(": ")", "[": "]", "${": "}", "%{": "}"}
_WORDS = dict.fromkeys(
    ("if", "else", "elif", "elseif"),
    "HCL has no statements: choose a value with `condition ? then : otherwise`",
)
_WORDS |= {"for": "HCL has no statements: write `[for … in … : …]` for a list, or a `dynamic` block"}
_OPERATORS = {"and": "&&", "or": "||", "is": "==", "eq": "==", "ne": "!=", "mod": "%"}
_SIGNS = frozenset(("DOUBLE_PIPE", "DOUBLE_AMP", "DOUBLE_EQ", "NEQ", "LT", "GT", "LEQ", "GEQ"))
_SIGNS |= {"PLUS", "SLASH", "QMARK", "COLON"}
_TEXT = frozenset(("NAME", "INT_LITERAL", "FLOAT_LITERAL"))
_STEPS = frozenset(("DOT", "LSQB", "LPAR"))
_COMPARISONS = frozenset(("LT", "GT", "LEQ", "GEQ", "DOUBLE_EQ", "NEQ"))
_RENDERED = "if another program is to fill this in, check the file that it writes"


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
    if token.type == "ASTERISK" and len(tokens) > 1 and tokens[1].type == "SLASH":
        return _at(token, "this `*/` ends no comment", "remove it, or begin the comment with `/*`")
    if token.type in _SIGNS:
        hint = "put the operator at the end of the line before, and the expression in parentheses"
        return _at(token, f"an argument or a block must begin here, not {_shown(token)}", hint)
    return _at(token, f"an argument or a block must begin here, not {_shown(token)}")


def _brace_first(tokens: list[Token], begins_file: bool) -> Problem:
    token, following = tokens[0], [token for token in tokens[1:] if token.type != NEWLINE]
    if following and following[0].start_pos == token.end_pos and following[0].type in ("LBRACE", "PERCENT"):
        message = f"`{token.value}{following[0].value}` is not HCL but another template language"
        return Problem(token.start_pos, following[0].end_pos, message, _RENDERED, foreign=True)
    if begins_file and following and following[0].type == STRING:
        hint = "give a file in JSON a name that ends in `.pkr.json` or `.json`"
        message = "this is JSON in a file that is read as HCL"
        return Problem(token.start_pos, token.end_pos, message, hint, hides_all=True)
    message = "a block needs a type before its `{`"
    if following and following[0].type == STRING:
        hint = "keep JSON in a file of its own, with a name that ends in `.pkr.json` or `.json`"
        return _at(token, message, hint)
    return _at(token, message)


def after_block(token: Token) -> Problem:
    """Something on the line on which a block ends."""
    hint = _WORDS.get(token.value) if token.type == "NAME" else None
    if token.type == "COMMA":
        hint = "remove the comma"
    hint = hint or f"put {_shown(token)} on the next line"
    return _at(token, "a block must be followed by a line break", hint)


def repeated(start: int, end: int, name: str, first: tuple[int, int]) -> Problem:
    """An argument that its body has already."""
    place = (*first, "it is set here first")
    return Problem(start, end, f"the argument `{_cut(name)}` is set twice", "keep one of the two", place)


def unclosed_block(start: int, end: int) -> Problem:
    """The `{` of a block that has no `}`."""
    return Problem(start, end, "the block that begins here is never closed", "end it with `}`")


def on_one_line(token: Token) -> Problem:
    """More than one argument, or a line break, in a block that begins on the line of its `{`."""
    return _at(
        token,
        "a block that begins on the line of its `{` holds one argument and ends there",
        "begin a new line after `{` and before `}`",
    )


def bad_header(item: Token, tokens: list[Token], labels: int) -> Problem:
    """A name, and so many labels, that neither `=` nor `{` follows; `tokens` begin with the last of these."""
    last, token = tokens[:2]
    name, value = token.type, _cut(item.value)
    if name == "DBLQUOTE":
        return _at(token, "the label of a block must be plain text", "write it without `${…}` and `%{…}`")
    brace_below = len(tokens) > 2 and tokens[2].type == "LBRACE"
    if name == NEWLINE and not brace_below and labels == 1:
        hint = f"write `{value} = …` for an argument, or put the `{{` of a block at the end of this line"
        return Problem(item.start_pos, item.end_pos, f"`{value}` has neither `=` nor `{{` on its line", hint)
    if name == NEWLINE and (brace_below or labels):
        message = f"the block `{value}` has no `{{` on the line of its type and labels"
        return Problem(item.start_pos, item.end_pos, message, "put the `{` at the end of this line")
    if name == "EQ":
        return _at(token, "a block has no `=`", "remove it, or the labels before it")
    if name in ("COLON", "COLONS", "DOUBLE_EQ", "FOR_OBJECT_ARROW"):
        return _at(token, f"`{value}` is followed by `{token.value}` in place of `=`", f"write `{value} = …`")
    if name in _STEPS and labels == 1 and last.type == "NAME" and item.value not in _WORDS:
        what = f"no `=` stands between `{value}` and its value"
        return Problem(item.start_pos, item.end_pos, what, f"write `{value} = …`")
    if name == "DOT" and labels == 0:
        return _at(token, "the name of an argument has no dots")
    hint = _WORDS.get(item.value) or f"write `{value} = …` for an argument or `{value} {{ … }}` for a block"
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


def no_newline(token: Token, before: Token | None) -> Problem:
    """The next thing on the line on which an argument ends."""
    quote = _inner_quote(before, token)
    if quote is not None:
        return quote
    hint = None
    if token.type == "NAME" and token.value in _OPERATORS:
        hint = f"did you mean `{_OPERATORS[token.value]}`?"
    elif before is not None and before.type == "NAME" and before.value == "not":
        hint = "did you mean `!`?"
    elif token.type == "NAME" and token.value == "in":
        hint = "did you mean `contains(…, …)`, which takes the list first?"
    elif before is not None and before.type in _TEXT and token.type in _TEXT:
        hint = "put text in double quotes"
    return _at(token, f"a line break is missing before {_shown(token)}", hint)


def no_key(token: Token) -> Problem:
    """A line in an object that begins with what must stand on the line before."""
    if token.type == "COMMA":
        return _at(token, "a line of an object begins with a comma", "put it at the end of the line before")
    hint = "put the expression in parentheses to go on with it on the next line"
    return _at(token, f"a line of an object begins with {_shown(token)}", hint)


def no_separator(token: Token, before: Token | None) -> Problem:
    """The next item of an object straight after the last."""
    missing = _at(token, f"a comma or a line break is missing before {_shown(token)}")
    return _inner_quote(before, token) or missing


def _inner_quote(before: Token | None, token: Token) -> Problem | None:
    """A quote that ends a string, but by the text right behind it was to stand within it."""
    if before is None or token.type not in _TEXT or token.start_pos != before.end_pos:
        return None
    if before.type not in (STRING, "TEMPLATE_STRING") and before.value != '"':
        return None
    hint = r"write a quote within a string as `\"`"
    if before.value.rfind("{{") > before.value.rfind("}}"):
        hint = "quote with backticks within `{{…}}`"
    # What follows is not named: it may be a part of a password that has a quote in it.
    return _at(token, "the quote before this text ends the string", hint)


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
        return Problem(outer.start_pos, opener.end_pos, message, _RENDERED, foreign=True)
    place = (opener.start_pos, opener.end_pos, "it is opened here") if opener is not None else None
    kind = str(opener.detail or opener.value[:2]) if opener is not None else ""
    close = _CLOSES.get(kind, "}")
    if before is not None and before.type in ("DIRECTIVE_START", "ELSE"):
        return _bad_directive(before, token)
    unclosed = token.type in CLOSING and opener is not None and token.value != close
    items_end = before is opener or (before is not None and before.type == "COMMA")
    if not ends_operand(before) and not (unclosed and items_end and kind in ("(", "[")):
        return _no_operand(tokens, token, before)
    if unclosed and opener is not None:
        if kind in ("block", "object") and token.type == "RBRACE":
            return _at(token, "the last item of this object has no value", "write `key = value`")
        message = f"the `{opener.value}` is not closed before this `{token.value}`"
        return Problem(token.start_pos, token.end_pos, message, f"put `{close}` before it", place)
    if token.type in CLOSING:
        if kind == "object":
            return _at(token, "the last item of this object has no value", "write `key = value`")
        return _at(token, f"this `{token.value}` closes nothing")
    if token.type == "EQ" and kind != "object":
        return _at(token, "`=` does not belong in an expression", "did you mean `==`?")
    if kind == "object":
        return _at(token, f"{_shown(token)} does not belong in this object", "write `key = value`")
    return _inner_quote(before, token) or _no_end(token, kind, place)


def _no_end(token: Token, kind: str, place: tuple[int, int, str] | None) -> Problem:
    """Something behind an expression in brackets of a kind that neither ends them nor goes on in them."""
    close = _CLOSES.get(kind, "}")
    if kind in ("(", "["):
        message = f"`,` or `{close}` is missing before {_shown(token)}"
        hint = "put a comma between the items" if token.type in STRINGS else None
        return Problem(token.start_pos, token.end_pos, message, hint, place)
    if kind in ("${", "%{"):
        message = f"`}}` is missing before {_shown(token)}"
        hint = "end the sequence with `}`"
        if token.type not in STRINGS and token.type != "NAME":
            hint += f"; for `{kind}` itself, as a shell has it, write `{kind[0]}{kind}`"
        return Problem(token.start_pos, token.end_pos, message, hint, place)
    return _at(token, f"{_shown(token)} does not belong here")


def _no_operand(tokens: list[Token], token: Token, before: Token | None) -> Problem:
    if before is not None and before.type == "DOT":
        return _at(token, f"a name must follow the dot, not {_shown(token)}")
    after = f" after {_shown(before)}" if before is not None else ""
    hint = None
    if before is not None and before.type == "ASTERISK" and _follows(before, token, "SLASH"):
        message = "this `*/` ends no comment"
        return Problem(before.start_pos, token.end_pos, message, "remove it, or begin the comment with `/*`")
    if token.type == "LT" and any(_follows(token, other, "LT") for other in tokens):
        hint = "write the marker of a heredoc without quotes right behind `<<`, and end the line there"
    elif token.type == "DOT":
        hint = "write a digit before the point of a number"
    elif before is not None and before.type == token.type == "EQ":
        hint = "keep one of the two"
    elif before is not None and before.type == "EQ" and token.type in _COMPARISONS:
        hint = "put text in double quotes"
    elif before is not None and before.type == token.type == "COMMA":
        hint = "remove one of the two commas"
    return _at(token, f"an expression is missing{after}, before {_shown(token)}", hint)


def _follows(token: Token, other: Token, name: str) -> bool:
    return other.type == name and other.start_pos == token.end_pos


def _bad_directive(before: Token, token: Token) -> Problem:
    """A `%{` that no keyword follows, or an `else` with more than itself."""
    if before.type == "ELSE" or token.value in ("elif", "elseif", "elsif"):
        hint = "put another `%{if …}` with its `%{endif}` between `%{else}` and `%{endif}`"
        return _at(token, f"no condition can follow an `else` of a template: {_shown(token)}", hint)
    if token.value == "end":
        return _at(token, "`end` ends no directive", "write `endif` or `endfor`")
    hint = "write `%%{` for the text `%{`; directives are `if`, `else`, `endif`, `for` and `endfor`"
    return _at(token, f"no directive begins with {_shown(token)}", hint)


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


def ended(tokens: list[Token], end: int, what_ends: str) -> Problem:
    """A text that ends, at the offset `end`, before all that was begun; `what_ends`: the file or a line."""
    before, opener, _ = _surroundings(tokens, Token("$END", "", end + 1, end + 1))
    if before is not None and before.type == "EQ":
        return _at(before, "no value follows this `=` on its line")
    if opener is None or before is None:
        return Problem(end, end, f"the {what_ends} ends before the last argument or block does")
    kind = {"block": "block", "object": "object"}.get(str(opener.detail))
    if before.type not in (NEWLINE, "COMMA") and not ends_operand(before) and before is not opener:
        return Problem(end, end, f"the {what_ends} ends after {_shown(before)}, before the expression does")
    if opener.type == "LSQB" and not ends_operand(before) and what_ends == "file":
        place = (opener.start_pos, opener.end_pos, "it is opened here")
        return Problem(end, end, "the file ends before the `[` is closed", "end it with `]`", place)
    what = f"the {kind} that begins here" if kind else f"this {_shown(opener)}"
    close = _CLOSES.get(str(opener.detail or opener.value[:2]), "}")
    hint = (
        f"end it with `{close}`; where one seems to be there, look for another that is missing further down"
    )
    message = f"{what} is never closed"
    return Problem(opener.start_pos, opener.end_pos, message, hint, at_end=kind == "block")


def cut_short(item: Token, what_ends: str) -> Problem:
    """A file or a line that ends after the name that was to begin an argument or a block."""
    message = f"the {what_ends} ends after `{_cut(item.value)}`, before the argument or block does"
    return Problem(item.start_pos, item.end_pos, message)
