"""python-hcl2's grammar → LALR tables as text, by Lark: for the package, or for another python-hcl2's user.

Of the grammar all rules are used and the names and the punctuation of its terminals. Where a terminal's
pattern differs from HCL, `_CORRECTED` replaces it; patterns that need HCL's modes are those of `scan.py`.
python-hcl2's `PostLexer` is left out: it joins a line break with the operator behind it, which HCL does not.

The same grammar gives the same text: states are numbered breadth first, and everything else is sorted.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from packlint.parse.proof import proved
from packlint.parse.tables import Tables
from packlint.witness import digest

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule

START = "start"
_CORRECTED = {"EQ": "=", "COLON": ":"}
_MODAL = frozenset(("DBLQUOTE", "INTERP_START", "DIRECTIVE_START", "STRIP_MARKER", "FULL_SPLAT_START"))
_ABOUT = "# python-hcl2's grammar as LALR tables, made by .ci/derive_tables.py; not for editing."


def derived(grammar: bytes) -> str:
    """The tables of a grammar, and the quick patterns that they bear out."""
    lark, terminals = loaded(grammar.decode("utf-8"))
    punctuation = [
        f"{terminal.pattern.value} {terminal.name}"
        for terminal in sorted(lark.terminals, key=lambda terminal: str(terminal.name))
        if terminal.pattern.type == "str"
        and terminal.name not in _MODAL
        and not terminal.pattern.value.isidentifier()
    ]
    made_of = [
        *("python-hcl2", _version("python-hcl2"), "lark", _version("lark")),
        *("bytes", str(len(grammar)), "blake2b", digest(grammar, 16).hex()),
        *("sha256", hashlib.sha256(grammar).hexdigest()),
    ]
    body = [" ".join(punctuation), *_numbered(lark)]
    unproved = "\n".join([_ABOUT, " ".join(made_of), "", *body])
    quick = proved(Tables(unproved), terminals)
    return "\n".join([_ABOUT, " ".join(made_of), " ".join(quick), *body]) + "\n"


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def loaded(grammar: str, transformer: object = None) -> tuple[Lark, dict[str, str]]:
    """The grammar with our terminals, and the patterns of the terminals as they were."""
    from lark import Lark
    from lark.lexer import Lexer, PatternStr, TerminalDef

    class NoLexer(Lexer):
        """Lark's place for a lexer; the tokens come from `scan.py`."""

        def __init__(self, lexer_conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
            return iter(())

    terminals: dict[str, str] = {}

    def correct(terminal: TerminalDef) -> None:
        terminals[terminal.name] = terminal.pattern.to_regexp()
        text = _CORRECTED.get(terminal.name)
        if text is not None:
            terminal.pattern = PatternStr(text)

    lark = Lark(
        grammar, parser="lalr", lexer=NoLexer, start=START, edit_terminals=correct, transformer=transformer
    )
    return lark, terminals


def _numbered(lark: Lark) -> list[str]:
    """Lines: the first and the last state, the counts of what follows; then rules, columns, and states."""
    table = lark.parser.parser._parse_table
    rules = sorted(set(map(_rule_line, lark.rules)))
    by_rule = {rule: rules.index(_rule_line(rule)) for rule in lark.rules}
    states = _breadth_first(table)
    numbers = {state: number for number, state in enumerate(states)}
    columns = sorted({tuple(sorted(table.states[state])) for state in states})
    by_column = {column: number for number, column in enumerate(columns)}
    rows = []
    for state in states:
        row = table.states[state]
        column = tuple(sorted(row))
        actions = [
            -1 - by_rule[argument] if argument in by_rule else numbers[argument]
            for _, argument in map(row.__getitem__, column)
        ]
        if len(set(actions)) == 1:
            del actions[1:]
        rows.append(" ".join(map(str, (by_column[column], *actions))))
    first, last = numbers[table.start_states[START]], numbers[table.end_states[START]]
    return [
        " ".join(map(str, (first, last, len(rules), len(columns), len(rows)))),
        *rules,
        *map(" ".join, columns),
        *rows,
    ]


def _breadth_first(table: Any) -> list[int]:
    states = [table.start_states[START]]
    seen = set(states)
    for state in states:
        row = table.states[state]
        for symbol in sorted(row):
            argument = row[symbol][1]
            if isinstance(argument, int) and argument not in seen:
                seen.add(argument)
                states.append(argument)
    return states


def _rule_line(rule: Rule) -> str:
    """Origin, name, size, whether one child stands for the rule, and what is kept of the children.

    As Lark's tree builder has it: a token that is no more than punctuation is left out unless the rule keeps
    all, and a rule whose name begins with `_` gives its children (`*`) to the rule above.
    """
    keeps = [
        f"{position}*" if not symbol.is_term and symbol.name.startswith("_") else str(position)
        for position, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not getattr(symbol, "filter_out", False)
    ]
    size, origin = len(rule.expansion), str(rule.origin.name)
    if keeps == [str(position) for position in range(size)]:
        keeps = ["all"]
    one = "one" if rule.options.expand1 and not rule.alias else "each"
    return " ".join((origin, str(rule.alias or origin), str(size), one, *keeps))
