"""python-hcl2's grammar → an LALR parser of ours, from the cache where it was built before.

Of the grammar file all rules are used and the names and the punctuation of its terminals. Where a terminal's
pattern differs from HCL, `_CORRECTED` replaces it when the grammar is loaded; patterns that need HCL's modes
are those of `scan.py`. python-hcl2's `PostLexer` is left out: it joins a line break with the operator
behind it, which HCL does not.

One difference is left: a variable or function that is called `in` or `if` is taken for the keyword where
the grammar allows both.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import marshal
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Tree, UnexpectedToken
from lark.grammar import NonTerminal, Rule, RuleOptions, Terminal
from lark.lexer import Lexer, PatternStr, TerminalDef
from lark.parse_tree_builder import ParseTreeBuilder
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift
from lark.parsers.lalr_parser_state import ParseConf, ParserState

from packlint import cache
from packlint.parse.scan import Scanner
from packlint.parse.token import LABEL, STRING, Token

START = "start"
_CORRECTED = {"EQ": "=", "COLON": ":"}
_MODAL = frozenset(("DBLQUOTE", "INTERP_START", "DIRECTIVE_START", "STRIP_MARKER", "FULL_SPLAT_START"))
_KEYWORDS = {
    word: word.upper() for word in ("if", "in", "for", "else", "endif", "endfor", "null", "true", "false")
}

Compact = tuple[Any, ...]
"""The grammar in plain tuples: punctuation, symbols, rules, actions, rows, start and end state."""


class _NoLexer(Lexer):
    """Lark's place for a lexer; the tokens come from `scan.py`."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        return iter(())


class Parser:
    """The LALR parser with the callbacks of a tree builder.

    `builder` has a method for each rule of the grammar that it wants to see reduced.
    """

    def __init__(self, compact: Compact, builder: object) -> None:
        punctuation, rules, table = _expanded(compact)
        tree_builder = ParseTreeBuilder(rules, Tree)  # type: ignore[no-untyped-call]
        callbacks = tree_builder.create_callback(builder)  # type: ignore[no-untyped-call]
        self._configuration = ParseConf(table, callbacks, START)
        self.scanner = Scanner(punctuation)

    def parse(self, tokens: Iterable[Token]) -> Any:
        """What the builder makes of the start rule; raises `UnexpectedTokenError` where it cannot go on."""
        state: ParserState[int] = ParserState(self._configuration, None)  # type: ignore[arg-type]
        states, feed, stack = self._configuration.states, state.feed_token, state.state_stack
        last = 0
        try:
            for token in tokens:
                name = token.type
                if name == "NAME":
                    keyword = _KEYWORDS.get(token.value)
                    if keyword is not None and keyword in states[stack[-1]]:
                        token.type = keyword
                elif name == STRING:
                    token.type = "TEMPLATE_STRING"
                elif name == LABEL:
                    for piece in _unpacked(token):
                        feed(piece)  # type: ignore[arg-type]
                    continue
                feed(token)  # type: ignore[arg-type]
                last = token.end_pos
            return feed(Token("$END", "", last, last), True)  # type: ignore[arg-type]
        except UnexpectedToken as error:
            raise UnexpectedTokenError(error.token) from None


class UnexpectedTokenError(Exception):
    """A token that the grammar does not allow where it stands."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.type)
        self.token = token


def _unpacked(token: Token) -> Iterator[Token]:
    start, end = token.start_pos, token.end_pos
    yield Token("DBLQUOTE", '"', start, start + 1)
    if end - start > 2:
        yield Token("STRING_CHARS", token.value[1:-1], start + 1, end - 1)
    yield Token("DBLQUOTE", '"', end - 1, end)


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


def _correct(terminal: TerminalDef) -> None:
    text = _CORRECTED.get(terminal.name)
    if text is not None:
        terminal.pattern = PatternStr(text)


def _build() -> Compact:
    grammar = _grammar_file().read_text(encoding="utf-8")
    lark = Lark(grammar, parser="lalr", lexer=_NoLexer, start=START, edit_terminals=_correct)
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
    expansion = tuple(
        (symbol.name, symbol.is_term, getattr(symbol, "filter_out", False)) for symbol in rule.expansion
    )
    options = rule.options
    return (
        str(rule.origin.name),
        expansion,
        rule.order,
        rule.alias,
        options.keep_all_tokens,
        options.expand1,
    )


class _Rule(Rule):
    """A rule that is compared by identity: Lark looks it up at every reduction."""

    __slots__ = ()

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def _rule(form: tuple[Any, ...]) -> Rule:
    origin, expansion, order, alias, keep, expand = form
    symbols = [Terminal(name, out) if is_term else NonTerminal(name) for name, is_term, out in expansion]
    return _Rule(NonTerminal(origin), symbols, order, alias, RuleOptions(keep, expand))


def _expanded(compact: Compact) -> tuple[dict[str, str], list[Rule], IntParseTable]:
    punctuation, symbols, columns, rows, forms, start, end = compact
    rules = [_rule(form) for form in forms]
    shifts = [(Shift, state) for state in range(len(rows))]
    reduces = [(Reduce, rule) for rule in rules]
    named = [tuple(symbols[number] for number in column) for column in columns]
    states = {
        state: dict(
            zip(
                named[column],
                [shifts[action] if action >= 0 else reduces[-1 - action] for action in actions],
                strict=True,
            )
        )
        for state, (column, actions) in enumerate(rows)
    }
    table = IntParseTable(states, {START: start}, {START: end})  # type: ignore[no-untyped-call]
    return dict(punctuation), rules, table
