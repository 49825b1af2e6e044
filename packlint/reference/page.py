"""A component's schema → the page about it: where it comes from, its arguments, rules and outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from packlint.catalog import Schema
from packlint.inspect.show import Screen
from packlint.reference.find import NOBODY, PACKER, Entry
from packlint.reference.rows import rows
from packlint.reference.rules import rules
from packlint.reference.table import table
from packlint.report.frame import wrapped
from packlint.visible import columns, visible

_About: TypeAlias = Mapping[str, str | None]
_RELEASE_RE = re.compile(r"v?(\d+)\.(\d+)")


def page(entry: Entry, screen: Screen, others: Sequence[Entry] = ()) -> str:
    """All there is to know of a component; `others` are those of the same name that other plugins bring."""
    schema = entry.schema
    removed, outputs = schema.get("x-removed", {}), schema.get("x-outputs", {})
    legacy = [f"  {visible(name)}" for name in schema.get("x-legacy-only", ())]
    sections = [
        _heading(entry, schema.get("x-component", {}), others, screen),
        [*_requirement(entry, schema.get("x-component", {}))],
        _titled("Arguments", table([*rows(schema)], screen), screen),
        _titled("Rules", _rule_lines(schema, screen), screen),
        _titled("Removed", _pairs(removed, "last in {}"), screen),
        _titled("Only in JSON templates", legacy, screen),
        _titled("Outputs", _pairs(outputs, "{}"), screen),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _heading(entry: Entry, about: _About, others: Sequence[Entry], screen: Screen) -> list[str]:
    """The name, and where what is told of it comes from."""
    commit = about.get("commit")
    release = about.get("version") or (f"commit {commit}" if commit else "")
    facts = {
        "plugin": entry.origin,
        "source": about.get("repository"),
        "read at": " of ".join(filter(None, (release, about.get("date")))),
        "since": about.get("first_version"),
        "also": ", ".join(f"{other.origin}/{other.name}" for other in others),
    }
    return [
        screen.style(visible(f"{entry.kind} {entry.type}"), bold=True),
        *(f"  {name:<8} {visible(fact)}" for name, fact in facts.items() if fact),
    ]


def _requirement(entry: Entry, about: _About) -> Iterator[str]:
    """The block to copy, for a component that is no part of Packer."""
    if entry.origin in (PACKER, NOBODY):
        return
    name = visible(entry.origin.rpartition("/")[2])
    release = _RELEASE_RE.match(about.get("version") or "")
    constraint = f"~> {release[1]}.{release[2]}" if release else ">= 0.0.0"
    yield "  packer {"
    yield "    required_plugins {"
    yield f"      {name} = {{"
    yield f'        source  = "{visible(entry.origin)}"'
    yield f'        version = "{constraint}"'
    yield "      }"
    yield "    }"
    yield "  }"


def _titled(title: str, lines: list[str], screen: Screen) -> list[str]:
    return [screen.style(title, bold=True), *lines] if lines else []


def _rule_lines(schema: Schema, screen: Screen) -> list[str]:
    lines: list[str] = []
    block = ""
    for told in rules(schema):
        depth = bool(told.block)
        if told.block != block:
            lines += _at(0, f"{told.block}:", screen)
            block = told.block
        if told.condition:
            lines += _at(depth, f"when {told.condition}:", screen)
        for clause in told.clauses:
            lines += _at(depth + bool(told.condition), clause, screen)
    return lines


def _at(depth: int, text: str, screen: Screen) -> list[str]:
    """A text, indented so deep and what does not fit of it deeper still."""
    pad = "  " * (depth + 1)
    return wrapped(text, pad, f"{pad}    ", screen.width)


def _pairs(facts: Mapping[str, str], said: str) -> list[str]:
    width = max((columns(visible(name)) for name in facts), default=0)
    return [
        f"  {visible(name)}{' ' * (width - columns(visible(name)))}  {visible(said.format(fact))}"
        for name, fact in sorted(facts.items())
    ]
