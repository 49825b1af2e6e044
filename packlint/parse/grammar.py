"""python-hcl2's grammar → an LALR parser of ours, from the cache where it was built before.

Of the grammar file all rules are used and the names and the punctuation of its terminals. Where a terminal's
pattern differs from HCL, `_CORRECTED` replaces it when the grammar is loaded; patterns that need HCL's modes
are those of `scan.py`. python-hcl2's `PostLexer` is left out: it joins a line break with the operator
behind it, which HCL does not.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import marshal
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from packlint import cache
from packlint.parse.scan import Scanner
from packlint.parse.token import LABEL, STRING, Token

if TYPE_CHECKING:
    from lark.grammar import Rule
    from lark.parsers.lalr_analysis import IntParseTable

START = "start"
_CORRECTED = {"EQ": "=", "COLON": ":"}
UNCHANGED = frozenset(("identifier", "keyword", "literal_value", "string_part", "binary_operator"))
"""Rules that stand for the one thing that they are made of."""

_MODAL = frozenset(("DBLQUOTE", "INTERP_START", "DIRECTIVE_START", "STRIP_MARKER", "FULL_SPLAT_START"))
_KEYWORDS = {word: word.upper() for word in ("for", "else", "endif", "endfor", "null", "true", "false")}
"""Names that are keywords wherever the grammar has these; `in` and `if` are told apart by the scanner."""

Compact = tuple[Any, ...]
"""The grammar in plain tuples: punctuation, symbols, rules, actions, rows, start and end state."""


class _Reduction(NamedTuple):
    """A rule to apply: how many values it takes, which of them it keeps, and what makes one of them.

    `keeps` has positions, and whether the value is a list that is to be spliced in; None keeps all. A `unit`
    takes one value and gives it back.
    """

    size: int
    origin: str
    keeps: tuple[tuple[int, bool], ...] | None
    expands_one: bool
    make: Callable[[list[Any]], Any]
    unit: bool


_Row = dict[str, Any]
"""What to do in a state: for a token, the state to go to or the rule to apply; for a rule, the state."""


class Parser:
    """The LALR parser; `builder` has a method for each rule of the grammar that it wants to see reduced."""

    def __init__(self, compact: Compact, builder: object) -> None:
        punctuation, self._rows, self._start, self._end = _expanded(compact, builder)
        self._passed: dict[tuple[int, int, str], int] = {}
        self.scanner = Scanner(punctuation)

    def parse(self, tokens: Iterable[Token]) -> Any:
        """What the builder makes of the start rule; raises `UnexpectedTokenError` where it cannot go on."""
        rows = self._rows
        states = [self._start]
        values: list[Any] = []
        last = 0
        for token in tokens:
            name = token.type
            if name == "NAME":
                keyword = _KEYWORDS.get(token.value)
                if keyword is not None and token.detail is None and keyword in rows[states[-1]]:
                    token.type = name = keyword
            elif name == STRING:
                token.type = name = "TEMPLATE_STRING"
            elif name == LABEL:
                self._reduced(states, values, token, "DBLQUOTE")
                states.append(rows[states[-1]]["string"])  # a label is a string, and nothing in it matters
                values.append(token)
                continue
            action = rows[states[-1]].get(name)
            if type(action) is not int:
                action = self._reduced(states, values, token, name)
            states.append(action)
            values.append(token)
            last = token.end_pos
        self._reduced(states, values, Token("$END", "", last, last), "$END")
        return values[-1]

    def _reduced(self, states: list[int], values: list[Any], token: Token, name: str) -> int:
        """Applies rules until the token can be shifted, or the end is reached; gives the state behind it."""
        rows, passed = self._rows, self._passed
        while True:
            state = states[-1]
            action = rows[state].get(name)
            if action is None:
                raise UnexpectedTokenError(token, values)
            if isinstance(action, int):
                return action
            size, origin, keeps, expands_one, make, unit = action
            if unit:
                key = (states[-2], state, name)
                after = passed.get(key)
                if after is None:
                    after = passed[key] = self._behind_units(*key)
                states[-1] = after
                continue
            children: list[Any] = []
            if size:
                children = values[-size:]
                del states[-size:], values[-size:]
                if keeps is not None:
                    children = _kept(children, keeps)
            values.append(children[0] if expands_one and len(children) == 1 else make(children))
            after = rows[states[-1]][origin]
            states.append(after)
            if after == self._end and name == "$END":
                return self._end

    def _behind_units(self, below: int, state: int, name: str) -> int:
        """The state to which rules lead that change no value: a ladder of precedences has many of them."""
        while True:
            action = self._rows[state].get(name)
            if action is None or type(action) is int or not action.unit:
                return state
            state = self._rows[below][action.origin]


def _kept(children: list[Any], keeps: tuple[tuple[int, bool], ...]) -> list[Any]:
    kept: list[Any] = []
    for position, spliced in keeps:
        if not spliced:
            kept.append(children[position])
        elif kept:
            kept += children[position]
        else:  # a list that grows to the right stays the same one
            kept = children[position]
    return kept


class UnexpectedTokenError(Exception):
    """A token that the grammar does not allow where it stands; `values` is what was read before it."""

    def __init__(self, token: Token, values: list[Any]) -> None:
        super().__init__(token.type)
        self.token = token
        self.values = values


def load(builder: object) -> Parser:
    """The parser; building it takes seconds, so that it is kept in the user's cache."""
    name = _cache_name()
    blob = cache.read(name)
    if blob is not None:
        try:
            return Parser(marshal.loads(blob), builder)
        except Exception:
            pass
    compact = _build()
    cache.write(name, marshal.dumps(compact))
    return Parser(compact, builder)


@lru_cache(maxsize=1)
def _grammar_file() -> Path:
    """Where python-hcl2 keeps its grammar; the package itself is not imported."""
    spec = importlib.util.find_spec("hcl2")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "hcl2.lark"


def _cache_name() -> str:
    versions = "-".join(map(_version, ("packlint", "python-hcl2", "lark")))
    parts = (
        _grammar_file().read_bytes(),
        Path(__file__).read_bytes(),
        repr(sorted(_CORRECTED.items())).encode(),
    )
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return f"grammar-{versions}-{sys.implementation.cache_tag}-{digest}.bin"


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:  # run from its source
        return "0"


def _build() -> Compact:
    from lark import Lark
    from lark.lexer import Lexer, PatternStr, TerminalDef

    class NoLexer(Lexer):
        """Lark's place for a lexer; the tokens come from `scan.py`."""

        def __init__(self, lexer_conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
            return iter(())

    def correct(terminal: TerminalDef) -> None:
        text = _CORRECTED.get(terminal.name)
        if text is not None:
            terminal.pattern = PatternStr(text)

    grammar = _grammar_file().read_text(encoding="utf-8")
    lark = Lark(grammar, parser="lalr", lexer=NoLexer, start=START, edit_terminals=correct)
    punctuation = tuple(
        (terminal.pattern.value, terminal.name)
        for terminal in lark.terminals
        if isinstance(terminal.pattern, PatternStr)
        and terminal.name not in _MODAL
        and not terminal.pattern.value.isidentifier()
    )
    return _compacted(punctuation, lark.rules, lark.parser.parser._parse_table)


def _compacted(punctuation: tuple[tuple[str, str], ...], rules: list[Rule], table: IntParseTable) -> Compact:
    """Tuples of numbers: they load several times faster than Lark's own form."""
    from lark.parsers.lalr_analysis import Shift

    symbols: dict[str, int] = {}
    for row in table.states.values():
        for symbol in row:
            symbols.setdefault(symbol, len(symbols))
    numbers = {id(rule): number for number, rule in enumerate(rules)}
    by_rule = {rule: numbers[id(rule)] for rule in rules}
    columns: dict[tuple[int, ...], int] = {}
    rows = []
    for state in range(len(table.states)):
        row = table.states[state]
        names = columns.setdefault(tuple(symbols[symbol] for symbol in row), len(columns))
        actions = tuple(arg if action is Shift else -1 - by_rule[arg] for action, arg in row.values())
        rows.append((names, actions))
    return (
        punctuation,
        tuple(symbols),
        tuple(columns),
        tuple(rows),
        tuple(_rule_to_tuple(rule) for rule in rules),
        table.start_states[START],
        table.end_states[START],
    )


def _rule_to_tuple(rule: Rule) -> tuple[Any, ...]:
    """Size, origin, what is kept of the children (None: all), whether one child stands for the rule, a name.

    As Lark's tree builder has it: a token that is no more than punctuation is left out unless the rule keeps
    all, and a rule whose name begins with `_` gives its children to the rule above.
    """
    keeps = tuple(
        (position, not symbol.is_term and symbol.name.startswith("_"))
        for position, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not getattr(symbol, "filter_out", False)
    )
    size, origin = len(rule.expansion), str(rule.origin.name)
    all_kept = len(keeps) == size and not any(spliced for _, spliced in keeps)
    expands_one = bool(rule.options.expand1) and not rule.alias
    return size, origin, None if all_kept else keeps, expands_one, str(rule.alias or origin)


def _itself(children: list[Any]) -> list[Any]:
    return children


def _expanded(compact: Compact, builder: object) -> tuple[dict[str, str], list[_Row], int, int]:
    punctuation, symbols, columns, rows, forms, start, end = compact
    reductions = []
    for size, origin, keeps, expands_one, name in forms:
        make = getattr(builder, name, _itself)
        one = expands_one or name in UNCHANGED
        reductions.append(_Reduction(size, origin, keeps, one, make, one and size == 1 and keeps is None))
    named = [tuple(symbols[number] for number in column) for column in columns]
    table: list[_Row] = [
        dict(
            zip(
                named[column],
                [action if action >= 0 else reductions[-1 - action] for action in actions],
                strict=True,
            )
        )
        for column, actions in rows
    ]
    return dict(punctuation), table, start, end
