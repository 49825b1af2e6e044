"""The text of a shell script → its commands; the one door to tree-sitter and its grammar of bash."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from itertools import zip_longest

from packlint.pattern import pattern
from packlint.shell.command import Command, Script, Substitution, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from tree_sitter import Node, Parser

LONGEST = 256 * 1024
"""Bytes; a longer script is not read."""

MOST_PIPES = 2000
"""Pipes in a script; the time that the parser takes for one pipeline grows with the square of them."""

DEEPEST = 100
"""How deep commands may stand in one another; below that nothing is read."""

_ASKING = frozenset({"if_statement", "elif_clause", "while_statement"})
_ANSWERING = frozenset({"then", "do_group"})
_REPEATING = frozenset({"while_statement", "for_statement", "c_style_for_statement"})
_ESCAPE = pattern(r"\\(.)", re.DOTALL)
_QUOTED_ESCAPE = pattern(r'\\([$`"\\\n])')


@lru_cache(maxsize=1024)
def parse(text: str) -> Script:
    """The commands of a script of sh, bash and their like."""
    data = text.encode("utf-8", "replace")
    if len(data) > LONGEST or "\0" in text or text.count("|") > MOST_PIPES:
        return Script(text, (), whole=False)
    root = _parser().parse(data).root_node
    reader = _Reader(text, data)
    whole = root.type != "ERROR"
    for child, around in _Around().below(root) if whole else ():
        if child.type == "ERROR":
            # What follows may belong to what could not be read.
            whole = False
            break
        if child.has_error:
            whole = False
        else:
            reader.read(child, around)
    return Script(text, tuple(reader.commands), whole)


@cache
def _parser() -> Parser:
    library, grammar = _compiled("tree_sitter"), _compiled("tree_sitter_bash")
    parser: Parser = library.Parser(library.Language(grammar.language()))
    return parser


def _compiled(package: str) -> Any:
    """A package, or the compiled part of it alone: the rest imports for 6 ms what nobody needs here."""
    name = f"{package}._binding"
    if name not in sys.modules:
        try:
            found: Any = PathFinder.find_spec(package)
            spec: Any = PathFinder.find_spec(name, found.submodule_search_locations)
            module = spec.loader.create_module(spec)
            spec.loader.exec_module(module)
        except (ImportError, AttributeError):  # another release has other parts
            return import_module(package)
        sys.modules[name] = module
    return sys.modules[name]


class _Around:
    """What a command stands in."""

    __slots__ = ("asked", "background", "depth", "repeated")

    def __init__(self, depth: int = 0, asked: bool = False, repeated: bool = False, background: bool = False):
        self.depth, self.asked, self.repeated, self.background = depth, asked, repeated, background

    def below(self, node: Node) -> Iterator[tuple[Node, _Around]]:
        """The named children of a node, each with what it stands in."""
        children = node.children
        asking = node.type in _ASKING
        repeated = self.repeated or node.type in _REPEATING
        for child, following in zip_longest(children, children[1:]):
            if child.type in _ANSWERING:
                asking = False
            if child.is_named:
                left = self.background or (following is not None and following.type == "&")
                yield child, _Around(self.depth + 1, self.asked or asking, repeated, left)


class _Reader:
    """Collects the commands of one script."""

    def __init__(self, text: str, data: bytes) -> None:
        self.data = data
        self.commands: list[Command] = []
        self._offsets: list[int] | None = None
        if len(data) != len(text):
            self._offsets = [0] * (len(data) + 1)
            at = 0
            for number, character in enumerate(text):
                width = len(character.encode("utf-8", "replace"))
                self._offsets[at : at + width] = [number] * width
                at += width
            self._offsets[at] = len(text)

    def read(
        self, node: Node, around: _Around | None = None, fed_by: Command | None = None
    ) -> Command | None:
        """Adds the commands of a node; returns the one whose output the node gives."""
        around = around or _Around()
        if around.depth > DEEPEST:
            return None
        match node.type:
            case "command":
                return self._command(node, around, fed_by)
            case "pipeline":
                return self._pipeline(node, around, fed_by)
            case "redirected_statement":
                return self._redirected(node, around, fed_by)
            case "comment" | "heredoc_body" | "word":
                return None
        last: Command | None = None
        for child, inner in around.below(node):
            last = self.read(child, inner, fed_by) or last
        return last

    def _pipeline(self, node: Node, around: _Around, fed_by: Command | None) -> Command | None:
        for child, inner in around.below(node):
            fed_by = self.read(child, inner, fed_by) or fed_by
        return fed_by

    def _redirected(self, node: Node, around: _Around, fed_by: Command | None) -> Command | None:
        text = next(filter(None, map(self._input, node.named_children)), None)
        last: Command | None = None
        for child, inner in around.below(node):
            if child.type == "heredoc_redirect":
                # What stands behind the marker on its line goes on with the command.
                for below, within in inner.below(child):
                    if below.type == "pipeline":
                        last = self._pipeline(below, within, last) or last
                    elif not below.type.startswith("heredoc_"):
                        self.read(below, within)
            elif child.type == "command":
                last = self._command(child, inner, fed_by, text)
            else:
                last = self.read(child, inner, fed_by) or last
        return last

    def _input(self, redirect: Node) -> str | None:
        """What a redirection gives to read, as it is written; None for one that gives nothing."""
        if redirect.type == "heredoc_redirect":
            bodies = (it for it in redirect.named_children if it.type == "heredoc_body")
            return next(map(self._text, bodies), None)
        written = self._text(redirect)
        if redirect.type == "herestring_redirect":
            return written.removeprefix("<<<").strip()
        reads = redirect.type == "file_redirect" and written.startswith("<")
        return written if reads and "/dev/null" not in written else None

    def _command(
        self, node: Node, around: _Around, fed_by: Command | None, text: str | None = None
    ) -> Command:
        words: list[Word] = []
        assignments: list[tuple[str, Word | None]] = []
        for child in node.named_children:
            if child.type == "variable_assignment":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None:
                    given = self._word(value, around) if value is not None else None
                    assignments.append((self._text(name), given))
            elif child.type == "command_name":
                words += [self._word(child.named_children[0] if child.named_children else child, around)]
            elif child.type in ("file_redirect", "herestring_redirect", "heredoc_redirect"):
                list(self._substitutions(child, around))
                text = text or self._input(child)
            else:
                words.append(self._word(child, around))
        start, end = self._place(node)
        command = Command(
            tuple(words),
            start,
            end,
            tuple(assignments),
            fed_by,
            around.asked,
            around.repeated,
            around.background,
            text,
        )
        self.commands.append(command)
        return command

    def _word(self, node: Node, around: _Around) -> Word:
        start, end = self._place(node)
        return Word(
            self._text(node), self._meaning(node), start, end, tuple(self._substitutions(node, around))
        )

    def _substitutions(self, node: Node, around: _Around) -> Iterator[Substitution]:
        """The commands within a word; they belong to the script as well."""
        waiting = [node]
        while waiting:
            current = waiting.pop()
            if current.type in ("command_substitution", "process_substitution"):
                before = len(self.commands)
                inner = _Around(around.depth + 1, around.asked, around.repeated, around.background)
                for child in current.named_children:
                    self.read(child, inner)
                kind: Literal["$", "<", ">"] = "$"
                if current.type == "process_substitution":
                    kind = "<" if self._text(current).startswith("<") else ">"
                yield Substitution(kind, tuple(self.commands[before:]))
            else:
                waiting += reversed(current.named_children)

    def _meaning(self, node: Node) -> str | None:
        """What a word means without quotes; None where it depends on anything."""
        match node.type:
            case "word" | "number":
                return None if node.named_children else _unescaped(_ESCAPE, self._text(node))
            case "raw_string":
                return self._text(node)[1:-1]
            case "string":
                if any(child.type != "string_content" for child in node.named_children):
                    return None
                return _unescaped(_QUOTED_ESCAPE, self._text(node)[1:-1])
            case "concatenation":
                parts = [self._meaning(child) for child in node.named_children]
                return None if None in parts else "".join(part for part in parts if part is not None)
        return None

    def _text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _place(self, node: Node) -> tuple[int, int]:
        if self._offsets is None:
            return node.start_byte, node.end_byte
        return self._offsets[node.start_byte], self._offsets[node.end_byte]


def _unescaped(escapes: re.Pattern[str], raw: str) -> str:
    return escapes.sub(lambda escape: "" if escape[1] == "\n" else escape[1], raw)
