"""A value → its YAML, to the byte as Packer writes it (go-cty-yaml v1.0.1, a port of libyaml's emitter)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from packlint.evaluate.budget import Budget
from packlint.evaluate.functions.function import known, sized
from packlint.evaluate.numbers import number_text
from packlint.pattern import pattern
from packlint.value import STRING, Known, Value

_INDENT = 2
_WIDTH = 80
_LONGEST_KEY = 128
"""Bytes of a key that stands on the line of its value."""

_CHARACTERS_PER_STEP = 8
_BREAKS = "\r\n\x85\u2028\u2029"
_UNPRINTABLE = pattern(r"[^\n\x20-\x7e\xa0-\ufefe\uff00-\ufffd]")
_ESCAPES = {"\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}
_ESCAPES |= {"\x1b": "e", '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P"}


def yaml_text(value: Value, budget: Budget) -> str:
    """A value as a document of YAML; raises NotKnown where a part is not known, TooLarge where it is long.

    The keys of a map are sorted.
    """
    writer = _Writer(budget)
    writer.node(known(value), -1, root=True)
    writer.line(-1)
    if writer.open_ended:
        writer.indicator("...")
        writer.line(-1)
    return "".join(writer.written)


class _Writer:
    """Where the emitter stands: what it has written of the line, and whether that is indentation only."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.written: list[str] = []
        self.column = 0
        self.after_space = True
        self.indented = True
        self.open_ended = False

    def put(self, text: str) -> None:
        self.written.append(text)
        self.column += len(text)

    def line_break(self) -> None:
        self.written.append("\n")
        self.column = 0

    def line(self, indent: int) -> None:
        """Goes to a line's indentation, on a new line unless there is nothing else on this one."""
        indent = max(indent, 0)
        if not self.indented or self.column > indent or (self.column == indent and not self.after_space):
            self.line_break()
        self.put(" " * (indent - self.column))
        self.after_space = self.indented = True

    def indicator(self, text: str, apart: bool = True, spaced: bool = False, indents: bool = False) -> None:
        if apart and not self.after_space:
            self.put(" ")
        self.put(text)
        self.after_space = spaced
        self.indented = self.indented and indents
        self.open_ended = False

    def node(self, value: Known, indent: int, root: bool = False, mapped: bool = False) -> None:
        """Any value; `mapped` tells that it stands in a mapping."""
        self.budget.spend()
        data = value.data
        if isinstance(data, str):
            self.text(data, indent)
        elif isinstance(data, Mapping):
            self.mapping(data, indent)
        elif isinstance(data, tuple):
            self.sequence(data, indent, mapped)
        else:
            self.plain(_plain(data))
            self.open_ended = self.open_ended or root

    def sequence(self, items: tuple[Value, ...], indent: int, mapped: bool) -> None:
        if not items:
            self.empty("[]")
            return
        if not (mapped and not self.indented and indent >= 0):
            indent = indent + _INDENT if indent >= 0 else 0
        for item in items:
            self.line(indent)
            self.indicator("-", indents=True)
            self.node(known(item), indent)

    def mapping(self, entries: Mapping[str, Value], indent: int) -> None:
        if not entries:
            self.empty("{}")
            return
        indent = indent + _INDENT if indent >= 0 else 0
        for name in sorted(entries):
            self.line(indent)
            if _simple(name):
                self.text(name, indent, simple=True)
                self.indicator(":", apart=False)
            else:
                self.indicator("?", indents=True)
                self.node(Known(name, STRING), indent, mapped=True)
                self.line(indent)
                self.indicator(":", indents=True)
            self.node(known(entries[name]), indent, mapped=True)

    def empty(self, brackets: str) -> None:
        self.indicator(brackets[0], spaced=True)
        self.indicator(brackets[1], apart=False)

    def plain(self, text: str) -> None:
        if not self.after_space:
            self.put(" ")
        self.put(text)
        self.after_space = self.indented = False

    def text(self, text: str, indent: int, simple: bool = False) -> None:
        self.budget.spend(len(sized(text)) // _CHARACTERS_PER_STEP)
        indent = max(indent, 0) + _INDENT
        if "\n" in text and not simple and _may_be_literal(text):
            self.literal(text, indent)
        else:
            self.quoted(text, indent, folds=not simple)

    def literal(self, text: str, indent: int) -> None:
        hint = str(_INDENT) if text[0] in f" {_BREAKS}" else ""
        if text[-1] not in _BREAKS:
            hint += "-"
        elif len(text) == 1 or text[-2] in _BREAKS:
            hint += "+"
        self.indicator("|")
        self.put(hint)
        self.line_break()
        self.indented = self.after_space = True
        for line in re.findall(rf"[^{_BREAKS}]+|[{_BREAKS}]", text):
            if line in _BREAKS:
                self.written.append(line)
                self.column = 0
                self.indented = True
            else:
                self.line(indent)
                self.put(line)
                self.indented = False

    def quoted(self, text: str, indent: int, folds: bool) -> None:
        self.indicator('"')
        after_space, last = False, len(text) - 1
        strange = text.startswith("\ufeff")  # then libyaml's port takes every character for a byte order mark
        for at, character in enumerate(text):
            if character == " " and not strange:
                if folds and not after_space and self.column > _WIDTH and 0 < at < last:
                    self.line(indent)
                    self.put("\\" if text[at + 1] == " " else "")
                else:
                    self.put(" ")
                after_space = True
                continue
            after_space = False
            self.put(_escaped(character) if strange or _special(character) else character)
        self.indicator('"', apart=False)
        self.after_space = self.indented = False


def _plain(data: object) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    return number_text(data) if isinstance(data, int | Decimal) else ""


def _simple(name: str) -> bool:
    """Whether a key may stand before a colon: short, and on one line."""
    return len(name.encode()) <= _LONGEST_KEY and not any(each in name for each in _BREAKS)


def _may_be_literal(text: str) -> bool:
    """Whether the lines of a text may stand as they are."""
    return not (text.endswith(" ") or _UNPRINTABLE.search(text) or re.search(rf" [{_BREAKS}]", text))


def _special(character: str) -> bool:
    return character in f'"\\{_BREAKS}' or _UNPRINTABLE.match(character) is not None


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return f"\\{_ESCAPES[character]}"
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
