"""Tables of a grammar, and its terminals → the quick patterns of `line.py` that they bear out.

A pattern takes several tokens at once. That is sound if the parser, given them one by one, comes to stand
where it stands when it is given the rule that they make. Here the tables are driven through both, in every
state and before every token. Besides, a pattern is tied to the exact text of the terminals it was written
for: if another grammar has another text, the pattern is off until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from packlint.parse.tables import Tables

Tokens = tuple[str, ...]
Stack = tuple[int, ...]

TERMINALS = {
    "NAME": "[a-zA-Z_][a-zA-Z0-9_-]*",
    "STRING_CHARS": r"(?:(?!\$\$\{)(?!\$\{)(?!%%\{)(?!%\{)" + r'[^"\\]|\\.|(?:\$(?!\$?\{))|(?:%(?!%?\{)))+',
    "INT_LITERAL": r"(?:\-[0-9])?(?:[0-9])+",
    "NL_OR_COMMENT": r"(?:\/\*(.|" + "\n" + r")*?(\*\/)|\/\/.*" + "\n" + r"|#.*" + "\n|\n[ \t]*)",
    "EQ": "[ \t]*=(?!=|>)",
    "COLON": "[ \t]*:(?!:)",
    "INTERP_START": r"\$\{",
}

_TEXT = ("TEMPLATE_STRING",)
_EMPTY = ("DBLQUOTE", "DBLQUOTE")
_PLAIN = ("DBLQUOTE", "STRING_CHARS", "DBLQUOTE")
_WRAP = ("DBLQUOTE", "INTERP_START", "NAME", "RBRACE", "DBLQUOTE")
_STEP = ("DOT", "NAME")
_WORDS = (("NAME",), ("NAME", *_STEP), ("NAME", *_STEP, *_STEP), ("TRUE",), ("FALSE",), ("NULL",))
_BRACED = _WRAP[1:-1]
_MIXED = (
    _WRAP,
    ("DBLQUOTE", "INTERP_START", "NAME", *_STEP, "RBRACE", "DBLQUOTE"),
    ("DBLQUOTE", *_BRACED, "STRING_CHARS", "DBLQUOTE"),
    ("DBLQUOTE", "STRING_CHARS", *_BRACED, "DBLQUOTE"),
    ("DBLQUOTE", "STRING_CHARS", *_BRACED, *_BRACED, "STRING_CHARS", "DBLQUOTE"),
)
_VALUES = (_TEXT, *_MIXED, *_WORDS, ("INT_LITERAL",))
_ENDS_ITEM = ("COMMA", "NL_OR_COMMENT", "RBRACE")
_KEYS = (("NAME",), _TEXT)


def proved(tables: Tables, terminals: Mapping[str, str]) -> list[str]:
    """The names of the patterns; `terminals` has the pattern of each terminal in the grammar."""
    machine = _Machine(tables)
    lists = [
        ("LSQB", *(*one, "COMMA") * many, *last, "RSQB")
        for one in (_TEXT, *_MIXED, *_WORDS)
        for many in range(3)
        for last in ((), one)
    ]
    items = [(*key, sign, *value) for key in _KEYS for sign in ("EQ", "COLON") for value in _VALUES]
    claims: dict[str, tuple[Tokens, Callable[[], bool]]] = {
        "bare_call": (("NAME",), lambda: machine.is_rule("function_call", [("NAME", "LPAR", "RPAR")])),
        "block": (("NAME", "STRING_CHARS"), lambda: machine.holds_lines(_blocks())),
        "integer": (("INT_LITERAL",), lambda: machine.is_rule("expr_term", [("INT_LITERAL",)])),
        "item": (
            ("NAME", "STRING_CHARS", "EQ", "COLON"),
            lambda: machine.is_rule("object_elem", items, _ENDS_ITEM),
        ),
        "list": (("STRING_CHARS", "NAME", "INTERP_START"), lambda: machine.is_rule("tuple", lists)),
        "lines": (("NAME", "EQ", "NL_OR_COMMENT"), lambda: machine.holds_lines([("NAME", "EQ", *_TEXT)])),
        "mixed": (
            ("STRING_CHARS", "NAME", "INTERP_START"),
            lambda: machine.is_rule("expr_term", _MIXED),
        ),
        "object": (
            ("NAME", "STRING_CHARS", "EQ", "COLON", "NL_OR_COMMENT"),
            lambda: machine.is_rule("object", _objects()),
        ),
        "string": (("STRING_CHARS",), lambda: machine.is_rule("expr_term", [_TEXT])),
        "text": (
            ("STRING_CHARS", "INTERP_START"),
            lambda: machine.is_rule("expr_term", [_EMPTY, _PLAIN, _WRAP]),
        ),
        "word": (("NAME",), lambda: machine.is_rule("expr_term", _WORDS, machine.no_call)),
        "wrap": (("NAME", "INTERP_START"), lambda: machine.is_rule("expr_term", [_WRAP])),
    }
    return [
        name
        for name, (needed, holds) in claims.items()
        if all(terminals.get(terminal) == TERMINALS[terminal] for terminal in needed) and holds()
    ]


def _objects() -> list[Tokens]:
    """Objects of up to three simple items, with all that may part them and stand before them."""
    parts: list[Tokens] = [("COMMA",), ("NL_OR_COMMENT",), ("COMMA", "NL_OR_COMMENT")]
    item = (*_KEYS[0], "EQ", *_TEXT)
    inner: list[Tokens] = [(), item]
    inner += [(*item, *part) for part in parts]
    inner += [(*item, *part, *item, *last) for part in parts for last in ((), *parts)]
    inner += [(*item, *one, *item, *other, *item) for one in parts for other in parts]
    return [("LBRACE", *begin, *it, "RBRACE") for begin in ((), ("NL_OR_COMMENT",)) for it in inner]


def _blocks() -> list[Tokens]:
    """Blocks with a label of each kind, with and without something in them."""
    bodies: list[Tokens] = [(), ("NL_OR_COMMENT",), ("NAME", "EQ", *_TEXT)]
    line = (*bodies[2], "NL_OR_COMMENT")
    bodies += [line, ("NL_OR_COMMENT", *line), ("NL_OR_COMMENT", *line, *line)]
    labels: list[Tokens] = [(), ("NAME",), _PLAIN, _EMPTY, (*_PLAIN, *_PLAIN), (*_PLAIN, "NAME")]
    return [("NAME", *label, "LBRACE", *body, "RBRACE") for label in labels for body in bodies]


class _Machine:
    """The tables without anything to build."""

    def __init__(self, tables: Tables) -> None:
        self.rows = [tables.row(state) for state in range(tables.states)]
        self.tables = tables
        self.terminals = {symbol for row in self.rows for symbol in row if symbol.isupper()}
        self.no_call = self.terminals - {"LPAR"}  # what may follow a name that is an operand

    def is_rule(self, rule: str, forms: Iterable[Tokens], before: Collection[str] = ()) -> bool:
        """Whether each of the forms makes the rule, wherever that and the form's first token may stand.

        It has to do so before all that may follow the rule, or `before` some of it.
        """
        unseen = forms = set(forms)
        for state, row in enumerate(self.rows):
            after = row.get(rule)
            if after is None:
                continue
            followers = [name for name in before or self.terminals if name in self.rows[after]]
            passing: set[Stack] = set()
            for form in forms:
                if row.get(form[0], -1) < 0:
                    continue  # something else is reduced first, or the form cannot begin here
                stack = self.driven((state,), form)
                if stack is None:
                    return False
                if stack not in passing:
                    if not all(self.passes(stack, name, (state, after)) for name in followers):
                        return False
                    passing.add(stack)
                unseen = unseen - {form}
        return not unseen

    def passes(self, stack: Stack, lookahead: str, through: Stack) -> bool:
        """Whether reductions before a token lead through a stack."""
        while stack != through:
            action = self.rows[stack[-1]].get(lookahead)
            reduced = self.reduced(stack, action) if action is not None and action < 0 else None
            if reduced is None:
                return False
            stack = reduced
        return True

    def reduced(self, stack: Stack, action: int) -> Stack | None:
        """The stack after one rule; None where that takes more than the stack has."""
        origin, _, size, _, _ = self.tables.rule(-1 - action)
        if size >= len(stack):
            return None
        stack = stack[: len(stack) - size]
        return (*stack, self.rows[stack[-1]][origin])

    def driven(self, stack: Stack, tokens: Tokens) -> Stack | None:
        """The stack after some tokens; None where they cannot stand."""
        for token in tokens:
            while True:
                action = self.rows[stack[-1]].get(token)
                if action is None:
                    return None
                if action >= 0:
                    stack = (*stack, action)
                    break
                found = self.reduced(stack, action)
                if found is None:
                    return None
                stack = found
        return stack

    def holds_lines(self, items: Iterable[Tokens]) -> bool:
        """Whether a body, of the file or of a block, may be any number of lines with an item each.

        There are but a few places between lines; from each of them each item leads to one of them.
        """
        forms = [*items, ("NAME", "EQ", *_TEXT)]
        file: Stack = (self.tables.start,)
        block = self.driven(file, ("NAME", "LBRACE"))
        return block is not None and all(
            self._closed(body, end, forms) for body, end in ((file, ()), (block, ("RBRACE",)))
        )

    def _closed(self, body: Stack, end: Tokens, forms: list[Tokens]) -> bool:
        begun = self.driven(body, ("NL_OR_COMMENT",))
        waiting = [body, begun]
        known: set[Stack | None] = set(waiting)
        while waiting:
            place = waiting.pop()
            if place is None or len(place) > len(body) + 2:
                return False
            if end and self.driven(place, end) is None:
                return False
            for form in forms:
                behind = self.driven(place, form)
                if behind is None or (end and self.driven(behind, end) is None):
                    return False
                after = self.driven(behind, ("NL_OR_COMMENT",))
                if after not in known:
                    known.add(after)
                    waiting.append(after)
        return True
