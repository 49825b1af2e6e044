"""A text → the tree of its Go template, as text/template/parse reads it.

Names of functions and variables are looked up while parsing, in branches that never run as well.
"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise

from packlint.gotemplate import lexer
from packlint.gotemplate.lexer import Action, Word
from packlint.named import NamedTuple
from packlint.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, TypeAlias

DEEPEST = 50
"""How deep actions and parentheses may lie in each other; no template needs as much."""

_WHOLE = pattern(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_NUMBER = pattern(
    r"""[+-]?(?:[0-9]+|[0-9]*\.[0-9]+|[0-9]+\.)(?:[eE][+-]?[0-9]+)?|[+-]?0[xX][0-9a-fA-F]+|'.*""", re.DOTALL
)


class Refused(Exception):  # noqa: N818 - it is caught by who asks
    """Go cannot parse or execute the template: where in the text, and why."""

    def __init__(self, start: int, end: int, reason: str) -> None:
        super().__init__(reason)
        self.start, self.end, self.reason = start, end, reason


class Unsure(Exception):  # noqa: N818
    """Whether Go takes the template depends on its version, or is more than is looked at here."""


class Constant(NamedTuple):
    """A string, a whole number or a bool; `value` is None for a number that is not worked out."""

    value: str | int | bool | None
    start: int
    end: int


class Nil(NamedTuple):
    """`nil`."""

    start: int
    end: int


class Data(NamedTuple):
    """`.`, `.Field` or what follows from something by a field: what the component has at run."""

    start: int
    end: int
    dot: bool


class Variable(NamedTuple):
    """`$name`."""

    name: str
    start: int
    end: int


class Function(NamedTuple):
    """The name of a function."""

    name: str
    start: int
    end: int


class Pipeline(NamedTuple):
    """Commands joined by `|`; `variable` takes the value, which is not printed then."""

    commands: tuple[tuple[Operand, ...], ...]
    variable: str | None
    start: int
    end: int


Operand: TypeAlias = Constant | Nil | Data | Variable | Function | Pipeline


class Control(NamedTuple):
    """`if`, `with` or `range`."""

    keyword: str
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Node: TypeAlias = str | Pipeline | Control


def parse(text: str, functions: Container[str]) -> tuple[Node, ...]:
    """The nodes of a template; raises Refused where no version of Go parses it, Unsure where some do."""
    actions = lexer.actions(text)
    if actions is None:
        fault = lexer.fault(text)
        if fault is None:
            raise Unsure
        raise Refused(fault.start, min(fault.at + 1, len(text)), lexical(text, fault))
    parser = _Parser(text, actions, functions)
    nodes, ended = parser.nodes("", 0)
    if ended is not None:
        raise Refused(ended.start, ended.end, f"`{{{{{ended.words[0].value}}}}}` belongs to nothing")
    return nodes


def lexical(text: str, fault: lexer.Fault) -> str:
    """What is wrong where Go cannot tell the words of an action."""
    at = text[fault.at : fault.at + 1]
    if at in ("", "}") and not text.startswith("}}", fault.at):
        return "`{{` is not closed by `}}`"
    if at == "}":
        return "nothing stands between `{{` and `}}`"
    if at in ('"', "`", "'"):
        return "a string between `{{` and `}}` is not closed"
    shown = f"`{at}`" if at.isprintable() else f"the character U+{ord(at):04X}"
    return f"{shown} cannot stand between `{{{{` and `}}}}`"


class _Parser:
    def __init__(self, text: str, actions: tuple[Action, ...], functions: Container[str]) -> None:
        self.text = text
        self.actions = actions
        self.functions = functions
        self.variables: list[str] = ["$"]
        self.at = 0

    def nodes(self, within: str, depth: int) -> tuple[tuple[Node, ...], Action | None]:
        """What comes up to the `end` or `else` of the control around it, and that action."""
        if depth > DEEPEST:
            raise Unsure
        found: list[Node] = []
        while True:
            found.append(self._text())
            if self.at == len(self.actions):
                return tuple(found), None
            action = self.actions[self.at]
            self.at += 1
            if not action.words:
                continue
            self._check_parted(action.words)
            first = action.words[0]
            keyword = first.value if first.kind == "name" and first.value in lexer.CONTROL else ""
            if keyword in ("end", "else"):
                return tuple(found), action
            if keyword in ("if", "with", "range"):
                found.append(self._control(action, action.words, within, depth))
            elif keyword in ("break", "continue"):
                if "range" not in within.split():
                    self._refuse(action, f"`{{{{{keyword}}}}}` stands outside of `{{{{range}}}}`")
                raise Unsure
            elif keyword:
                raise Unsure
            else:
                found.append(_Words(self, action, action.words).pipeline())

    def _text(self) -> str:
        """The text before the next action, without what trim markers take away."""
        before = self.actions[self.at - 1] if self.at else None
        after = self.actions[self.at] if self.at < len(self.actions) else None
        text = self.text[before.end if before else 0 : after.start if after else len(self.text)]
        if before and before.trims_after:
            text = text.lstrip(lexer.SPACE)
        return text.rstrip(lexer.SPACE) if after and after.trims_before else text

    def _check_parted(self, words: tuple[Word, ...]) -> None:
        """Names and fields end at a blank or one of some signs (`atTerminator`)."""
        for word, following in pairwise(words):
            at = following.start
            if word.kind in ("name", "field") and word.end == at and self.text[at] not in ".,|:()=":
                raise Refused(at, following.end, f"`{self.text[at]}` cannot stand there")

    def _control(self, action: Action, words: tuple[Word, ...], within: str, depth: int) -> Control:
        keyword = words[0].value
        known = len(self.variables)
        pipeline = _Words(self, action, words[1:], keyword).pipeline()
        body, ended = self.nodes(f"{within} {keyword}", depth + 1)
        otherwise: tuple[Node, ...] = ()
        if ended and ended.words[0].value == "else":
            rest = ended.words[1:]
            if rest and rest[0].value == keyword in ("if", "with"):
                otherwise = (self._control(ended, rest, within, depth + 1),)
                del self.variables[known:]
                return Control(keyword, pipeline, body, otherwise)
            if rest:
                self._refuse(ended, "`{{else}}` is followed by something")
            otherwise, ended = self.nodes(f"{within} {keyword}", depth + 1)
        if ended is None:
            self._refuse(action, f"`{{{{{keyword}}}}}` is not closed by `{{{{end}}}}`")
        if ended.shape != ("end",):
            self._refuse(ended, f"`{{{{{ended.words[0].value}}}}}` belongs to nothing")
        del self.variables[known:]
        return Control(keyword, pipeline, body, otherwise)

    def _refuse(self, action: Action, reason: str) -> NoReturn:
        raise Refused(action.start, action.end, reason)


class _Words:
    """The words of one action, read from left to right."""

    def __init__(self, parser: _Parser, action: Action, words: tuple[Word, ...], keyword: str = "") -> None:
        self.parser, self.action, self.words, self.keyword = parser, action, words, keyword
        self.assigns = any(word.kind == "other" and word.value in (":=", "=") for word in words)
        self.at = 0
        self.depth = 0

    def pipeline(self) -> Pipeline:
        """All the words as a pipeline."""
        variable = self._declared()
        commands = self._commands()
        if self.at < len(self.words):
            self._unexpected()
        if variable:
            self.parser.variables.append(variable)
        return Pipeline(commands, variable, self.action.start, self.action.end)

    def _declared(self) -> str | None:
        """The variable that `:=` or `=` gives the value to; of `range`, which has two, none is looked at."""
        signs = [word.value for word in self.words if word.kind == "other" and word.value in (":=", "=")]
        first = self.words[0] if self.words else None
        if not signs or first is None or first.kind != "field" or not first.value.startswith("$"):
            return None
        if (
            len(signs) == 1
            and len(self.words) > 1
            and self.words[1].value == ":="
            and self.keyword != "range"
        ):
            self.at = 2
            return first.value
        raise Unsure

    def _commands(self) -> tuple[tuple[Operand, ...], ...]:
        commands = [self._command()]
        while self._is("|"):
            self.at += 1
            commands.append(self._command())
            piped = commands[-1][0]
            if isinstance(piped, Constant | Nil) or (isinstance(piped, Data) and piped.dot):
                raise Refused(piped.start, piped.end, "what follows `|` is not a function")
        return tuple(commands)

    def _command(self) -> tuple[Operand, ...]:
        operands: list[Operand] = []
        while self.at < len(self.words) and not (self._is("|") or self._is(")")):
            operands.append(self._operand())
            if self.at < len(self.words) and self._adjacent() and not (self._is("|") or self._is(")")):
                if self.words[self.at].value == "=":
                    raise Unsure
                self._unexpected()
        if not operands and self.at and self._before("|") and self.at == len(self.words):
            raise Unsure  # older versions of Go take a `|` at the end
        if not operands:
            name = f" after `{self.keyword}`" if self.keyword and not self.at else ""
            raise Refused(self.action.start, self.action.end, f"a value is missing{name}")
        return tuple(operands)

    def _operand(self) -> Operand:
        word = self.words[self.at]
        operand = self._term(word)
        while self.at < len(self.words) and self._adjacent() and self._is_field():
            if not isinstance(operand, Data | Variable | Function | Pipeline) or self._is("."):
                self._unexpected()
            operand = Data(word.start, self.words[self.at].end, dot=False)
            self.at += 1
        return operand

    def _term(self, word: Word) -> Operand:  # noqa: RET503 - `_unexpected` does not return
        if word.value == "(" and word.kind == "other":
            return self._parenthesis(word)
        self.at += 1
        if word.kind == "text":
            return Constant(word.value, word.start, word.end)
        if word.kind == "name":
            return self._named(word)
        if word.kind == "field":
            if word.value[1:2].isdigit():
                return self._number(word)
            if word.value[0] == ".":
                return Data(word.start, word.end, dot=word.value == ".")
            if word.value not in self.parser.variables:
                raise Refused(word.start, word.end, f"there is no variable `{word.value}`")
            return Variable(word.value, word.start, word.end)
        if word.value[0] in "'+-.0123456789":
            return self._number(word)
        self._unexpected(word)

    def _number(self, word: Word) -> Constant:
        if _WHOLE.fullmatch(word.value):
            return Constant(int(word.value), word.start, word.end)
        if not _NUMBER.fullmatch(word.value):
            raise Unsure
        return Constant(None, word.start, word.end)

    def _named(self, word: Word) -> Operand:
        if word.value in ("true", "false"):
            return Constant(word.value == "true", word.start, word.end)
        if word.value == "nil":
            return Nil(word.start, word.end)
        if word.value in lexer.CONTROL:
            self._unexpected(word)
        if word.value not in self.parser.functions:
            raise Refused(word.start, word.end, f"there is no template function `{word.value}`")
        return Function(word.value, word.start, word.end)

    def _parenthesis(self, opening: Word) -> Pipeline:
        self.at += 1
        self.depth += 1
        if self.depth > DEEPEST or self.assigns:
            raise Unsure
        commands = self._commands()
        if not self._is(")"):
            raise Refused(opening.start, opening.end, "`(` is not closed by `)`")
        self.at += 1
        self.depth -= 1
        return Pipeline(commands, None, opening.start, self.words[self.at - 1].end)

    def _is(self, sign: str) -> bool:
        word = self.words[self.at] if self.at < len(self.words) else None
        return word is not None and word.kind in ("other", "field") and word.value == sign

    def _is_field(self) -> bool:
        word = self.words[self.at]
        return word.kind == "field" and word.value[0] == "."

    def _adjacent(self) -> bool:
        """Whether no blank parts the word from the one before it."""
        return self.at > 0 and self.words[self.at].start == self.words[self.at - 1].end

    def _before(self, sign: str) -> bool:
        word = self.words[self.at - 1]
        return word.kind == "other" and word.value == sign

    def _unexpected(self, word: Word | None = None) -> NoReturn:
        word = word or self.words[self.at]
        shown = self.parser.text[word.start : word.end][:40]
        raise Refused(word.start, word.end, f"`{shown}` cannot stand there")
