"""The text of a Go file → its declarations, as far as a plugin's arguments hang on them; nothing is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_TOKEN_RE = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`)|(?P<rune>'(?:[^'\\\n]|\\.)+')"
    r"|(?P<name>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<mark>\S)",
    re.DOTALL,
)
_TAG_RE = re.compile(r"(?P<key>\w+):\"(?P<value>[^\"]*)\"")

_CLOSERS = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """A word, a literal or a mark of Go; `line` counts from 1, `end` is the line where a raw string stops."""

    kind: str
    text: str
    line: int
    end: int


Tokens = Sequence[Token]


class Field(NamedTuple):
    """A field of a struct; one that is embedded has its type's name. `tags` are those of its struct tag."""

    name: str
    type: Tokens
    tags: Mapping[str, str]
    embedded: bool


class Function(NamedTuple):
    """A function or method; `receiver` names its type and `variable` the value, if it has one."""

    name: str
    receiver: str | None
    variable: str | None
    body: Tokens


class Import(NamedTuple):
    """An import; `alias` is `None` where the package goes by its own name."""

    alias: str | None
    path: str


@dataclass
class GoFile:
    """What a file declares: `types` are the named types that are no structs, `strings` constants and more."""

    path: str
    tokens: Tokens
    package: str = ""
    imports: list[Import] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    structs: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    types: dict[str, Tokens] = field(default_factory=dict)
    strings: dict[str, str] = field(default_factory=dict)


def read(path: str, text: str) -> GoFile:
    """The declarations of a file; what is no Go that can be made out is passed over."""
    tokens = tuple(_tokens(text))
    found = GoFile(path, tokens)
    at = 0
    while at < len(tokens):
        word = tokens[at].text
        if word == "package" and at + 1 < len(tokens) and not found.package:
            found.package = tokens[at + 1].text
            at += 2
        elif word == "func":
            at = _function(found, at)
        elif word in _DECLARERS:
            at = _declaration(found, at)
        else:
            at = closing(tokens, at) + 1
    return found


def unquoted(token: Token) -> str:
    """The value of a string literal; escapes that JSON does not have are left as they are."""
    if token.text.startswith('"'):
        try:
            return str(json.loads(token.text))
        except ValueError:
            pass
    return token.text[1:-1]


def closing(tokens: Tokens, at: int) -> int:
    """Where the bracket at a place is closed, or the last place; the place itself for anything else."""
    if tokens[at].text not in _CLOSERS or tokens[at].kind != "mark":
        return at
    depth = 0
    for place in range(at, len(tokens)):
        if tokens[place].kind == "mark":
            depth += (tokens[place].text in "([{") - (tokens[place].text in ")]}")
            if depth == 0:
                return place
    return len(tokens) - 1


def inside(tokens: Tokens, at: int) -> Tokens:
    """What stands between the bracket at a place and the one that closes it."""
    return tokens[at + 1 : closing(tokens, at)]


def split(tokens: Tokens, mark: str = ",") -> Iterator[Tokens]:
    """The parts that a mark outside of brackets divides, empty ones left out."""
    start = at = 0
    while at < len(tokens):
        if tokens[at].text == mark and tokens[at].kind == "mark":
            if start < at:
                yield tokens[start:at]
            start = at + 1
        at = closing(tokens, at) + 1
    if start < len(tokens):
        yield tokens[start:]


def statements(tokens: Tokens) -> Iterator[Tokens]:
    """The parts that ends of lines outside of brackets divide, or semicolons."""
    start = 0
    while start < len(tokens):
        end = _statement_end(tokens, start)
        if tokens[start].text != ";":
            yield tokens[start:end]
        start = end


def written(tokens: Tokens) -> str:
    """The tokens without the space between them."""
    return "".join(token.text for token in tokens)


def _tokens(text: str) -> Iterator[Token]:
    line, seen = 1, 0
    for match in _TOKEN_RE.finditer(text):
        line += text.count("\n", seen, match.start())
        end = line + match.group().count("\n")
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "", match.group(), line, end)
        line, seen = end, match.end()


def _statement_end(tokens: Tokens, start: int) -> int:
    at = start
    while at < len(tokens):
        last = closing(tokens, at)
        at = last + 1
        if at >= len(tokens) or tokens[last].text == ";" or tokens[at].line > tokens[last].end:
            return at
    return at


def _function(found: GoFile, at: int) -> int:
    """Notes the function that begins at a place; where the next declaration may begin."""
    tokens = found.tokens
    at += 1
    receiver: Tokens = ()
    if at < len(tokens) and tokens[at].text == "(":
        receiver = inside(tokens, at)
        at = closing(tokens, at) + 1
    if at >= len(tokens):
        return at
    name, start = tokens[at].text, at
    at += 1
    while at < len(tokens) and (tokens[at].text != "{" or tokens[at - 1].text in ("interface", "struct")):
        if tokens[at].line > tokens[at - 1].end:
            return at  # a function without a body
        at = closing(tokens, at) + 1
    if at >= len(tokens):
        return start
    names = [token.text for token in receiver if token.kind == "name"]
    variable = names[0] if len(names) > 1 else None
    type_ = names[1] if len(names) > 1 else names[0] if names else None
    found.functions.append(Function(name, type_, variable, inside(tokens, at)))
    return closing(tokens, at) + 1


def _declaration(found: GoFile, at: int) -> int:
    """Notes what an import, type, const or var says; where the next declaration may begin."""
    tokens, word = found.tokens, found.tokens[at].text
    if at + 1 < len(tokens) and tokens[at + 1].text == "(":
        for entry in statements(inside(tokens, at + 1)):
            _DECLARERS[word](found, entry)
        return closing(tokens, at + 1) + 1
    end = _statement_end(tokens, at)
    _DECLARERS[word](found, tokens[at + 1 : end])
    return end


def _import(found: GoFile, entry: Tokens) -> None:
    if entry and entry[-1].kind == "string":
        found.imports.append(Import(entry[0].text if len(entry) > 1 else None, unquoted(entry[-1])))


def _type(found: GoFile, entry: Tokens) -> None:
    if len(entry) > 2 and entry[1].text == "struct" and entry[2].text == "{":
        found.structs[entry[0].text] = tuple(_fields(inside(entry, 2)))
    elif len(entry) > 1:
        found.types[entry[0].text] = entry[2:] if entry[1].text == "=" else entry[1:]


def _value(found: GoFile, entry: Tokens) -> None:
    if len(entry) > 2 and entry[-1].kind == "string" and entry[-2].text == "=":
        found.strings[entry[0].text] = unquoted(entry[-1])


def _fields(body: Tokens) -> Iterator[Field]:
    for line in statements(body):
        tagged = line[-1].kind == "string"
        tag = unquoted(line[-1]) if tagged else ""
        tags = {match["key"]: match["value"] for match in _TAG_RE.finditer(tag)}
        entry = line[:-1] if tagged else line
        if not entry:
            continue
        if len(entry) == 1 or entry[0].text == "*" or entry[1].text == ".":
            yield Field(entry[-1].text, entry, tags, embedded=True)
            continue
        *others, last = split(entry)
        for name in (*(other[0].text for other in others), last[0].text):
            yield Field(name, last[1:], tags, embedded=False)


_DECLARERS = {"import": _import, "type": _type, "const": _value, "var": _value}
