"""Rules of the grammar, reduced one by one → the nodes of `syntax.py`, built from the leaves upward."""

from __future__ import annotations

from collections.abc import Iterable

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse import template
from packlint.parse.chain import Chain, finished
from packlint.parse.number import number
from packlint.parse.problem import Problem
from packlint.parse.token import LABEL, Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    _Several: TypeAlias = tuple[Any, ...]

_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_WORDS = {True: "true", False: "false", None: "null"}
_EMPTY = Document("", "")


class Builder:
    """Lark calls the methods with the children of a reduced rule: tokens, and what the methods returned.

    A rule of `grammar.UNCHANGED` has none.

    A finished expression is a node; a name and what follows it (`.x`, `[0]`, `[*]`) is a `Chain`
    until something else than a further step follows. `problems` collects what only a tree shows.
    """

    def __init__(self) -> None:
        self.document = _EMPTY
        self.problems: list[Problem] = []

    def begin(self, document: Document) -> None:
        """Forgets the last document."""
        self.document = document
        self.problems = []

    def _range(self, start: int, end: int) -> Range:
        return Range(self.document, start, end)

    def _expressions(self, children: Iterable[Any]) -> list[syntax.Expression]:
        """The children that are expressions, in order: all but tokens and line breaks."""
        return [
            finished(child, self.document)
            for child in children
            if child is not None and not isinstance(child, Token)
        ]

    # bodies

    def start(self, children: list[Any]) -> _Several:
        return children[0]  # type: ignore[no-any-return]

    def body(self, children: list[Any]) -> _Several:
        return tuple(child for child in children if child is not None)

    def new_line_or_comment(self, children: list[Any]) -> None:
        return None

    def attribute(self, children: list[Any]) -> syntax.Attribute:
        name, _, value = children
        expression = finished(value, self.document)
        start = name.start_pos
        return syntax.Attribute(
            name.value,
            self._range(start, name.end_pos),
            expression,
            self._range(start, expression.range.end),
        )

    def block(self, children: list[Any]) -> syntax.Block:
        first, close, items = children[0], children[-1], children[-2]
        opening = children[-3]
        labels = []
        for child in children[1:-3]:
            if isinstance(child, Token):
                value = template.cooked(child.value[1:-1]) if child.type == LABEL else child.value
                labels.append(syntax.Label(value, self._range(child.start_pos, child.end_pos)))
        start = first.start_pos
        body = syntax.Body(items, self._range(opening.end_pos, close.start_pos))
        return syntax.Block(
            first.value,
            self._range(start, first.end_pos),
            tuple(labels),
            self._range(start, labels[-1].range.end if labels else first.end_pos),
            body,
            self._range(start, close.end_pos),
        )

    # literals

    def int_lit(self, children: list[Any]) -> syntax.Literal:
        token = children[0]
        value = number(token.value)
        if value is None:
            from packlint.parse.message import huge_number

            self.problems.append(huge_number(token))
        return syntax.Literal(self._range(token.start_pos, token.end_pos), 0 if value is None else value)

    float_lit = int_lit

    # templates

    def template_string(self, children: list[Any]) -> syntax.Template:
        return template.plain(children[0], self.document)

    def string(self, children: list[Any]) -> syntax.Expression:
        expression, problem = template.assembled(children, self.document)
        if problem is not None:
            self.problems.append(problem)
        return expression

    def interpolation(self, children: list[Any]) -> template.Sequence:
        return template.Sequence("", children[0], children[-1], finished(children[1], self.document))

    def template_if_start(self, children: list[Any]) -> template.Sequence:
        return template.Sequence("if", children[0], children[-1], finished(children[2], self.document))

    def template_else(self, children: list[Any]) -> template.Sequence:
        return template.Sequence("else", children[0], children[-1])

    def template_endif(self, children: list[Any]) -> template.Sequence:
        return template.Sequence("endif", children[0], children[-1])

    def template_for_start(self, children: list[Any]) -> template.Sequence:
        names = tuple(child.value for child in children[2:-3] if child.type != "COMMA")
        return template.Sequence(
            "for", children[0], children[-1], finished(children[-2], self.document), names
        )

    def template_endfor(self, children: list[Any]) -> template.Sequence:
        return template.Sequence("endfor", children[0], children[-1])

    # expressions

    def expr_term(self, children: list[Any]) -> Any:
        if len(children) > 1:
            inner = next(child for child in children[1:-1] if child is not None)
            place = self._range(children[0].start_pos, children[-1].end_pos)
            return syntax.Parentheses(place, finished(inner, self.document))
        term = children[0]
        if not isinstance(term, Token):
            return term
        if term.type in _CONSTANTS:
            return syntax.Literal(self._range(term.start_pos, term.end_pos), _CONSTANTS[term.type])
        return Chain(term)

    def conditional(self, children: list[Any]) -> syntax.Conditional:
        condition, then, otherwise = self._expressions(children)
        place = self._range(condition.range.start, otherwise.range.end)
        return syntax.Conditional(place, condition, then, otherwise)

    def binary_term(self, children: list[Any]) -> _Several:
        return children[0], finished(children[-1], self.document)

    def binary_op(self, children: list[Any]) -> syntax.Binary:
        left = finished(children[0], self.document)
        operator, right = children[1]
        place = self._range(left.range.start, right.range.end)
        return syntax.Binary(place, operator.value, left, right)

    def unary_op(self, children: list[Any]) -> syntax.Expression:
        token, operand = children
        expression = finished(operand, self.document)
        end = expression.range.end
        places = token.detail or [token.start_pos]
        for at, sign in zip(reversed(places), reversed(token.value), strict=True):
            expression = syntax.Unary(self._range(at, end), "-" if sign == "-" else "!", expression)
        return expression

    def tuple(self, children: list[Any]) -> syntax.Tuple:
        place = self._range(children[0].start_pos, children[-1].end_pos)
        return syntax.Tuple(place, (*self._expressions(children),))

    def object(self, children: list[Any]) -> syntax.Object:
        items = tuple(child for child in children if isinstance(child, syntax.ObjectItem))
        if children[0].detail == "for":
            from packlint.parse.message import for_as_key

            place = items[0].key.range
            self.problems.append(for_as_key(place.start, place.end))
        return syntax.Object(self._range(children[0].start_pos, children[-1].end_pos), items)

    def object_elem(self, children: list[Any]) -> syntax.ObjectItem:
        return syntax.ObjectItem(children[0], finished(children[-1], self.document))

    def object_elem_key(self, children: list[Any]) -> syntax.Expression:
        key = children[0]
        if isinstance(key, Chain) and not key.steps and isinstance(key.base, Token):
            key = key.base
        if isinstance(key, syntax.Traversal) and not key.steps:
            return syntax.Text(key.range, key.root)
        if isinstance(key, Token):
            return syntax.Text(self._range(key.start_pos, key.end_pos), key.value)
        if isinstance(key, syntax.Literal) and (key.value is None or isinstance(key.value, bool)):
            return syntax.Text(key.range, _WORDS[key.value])
        return finished(key, self.document)

    def function_call(self, children: list[Any]) -> syntax.Call:
        name, close = children[0], children[-1]
        arguments, expands = next((child for child in children if isinstance(child, tuple)), ((), False))
        return syntax.Call(
            self._range(name.start_pos, close.end_pos),
            name.value,
            self._range(name.start_pos, name.end_pos),
            arguments,
            expands,
        )

    def arguments(self, children: list[Any]) -> _Several:
        last = children[-1]
        expands = isinstance(last, Token) and last.type == "ELLIPSIS"
        return (*self._expressions(children),), expands

    # steps

    def get_attr(self, children: list[Any]) -> Any:
        return ("attribute", *children)

    def short_index(self, children: list[Any]) -> Any:
        return ("number", *children)

    def braces_index(self, children: list[Any]) -> Any:
        inner = next(child for child in children[1:-1] if child is not None)
        return ("index", children[0], children[-1], finished(inner, self.document))

    def attr_splat(self, children: list[Any]) -> Any:
        return [("attribute splat", children[0]), *children[1:]]

    def full_splat(self, children: list[Any]) -> Any:
        return [("full splat", children[0]), *children[1:]]

    def get_attr_expr_term(self, children: list[Any]) -> Chain:
        base, step = children
        chain = base if isinstance(base, Chain) else Chain(base)
        if isinstance(step, list):
            chain.steps.extend(step)
        else:
            chain.steps.append(step)
        return chain

    index_expr_term = attr_splat_expr_term = full_splat_expr_term = get_attr_expr_term

    # for

    def for_intro(self, children: list[Any]) -> _Several:
        names = [child.value for child in children[1:] if isinstance(child, Token) and child.type == "NAME"]
        return names, self._expressions(children)[0]

    def for_cond(self, children: list[Any]) -> list[syntax.Expression]:
        return self._expressions(children)

    def _for(self, children: list[Any]) -> syntax.For:
        names, collection = next(child for child in children if isinstance(child, tuple))
        condition = next((child[0] for child in children if isinstance(child, list)), None)
        results = self._expressions(child for child in children if not isinstance(child, list | tuple))
        return syntax.For(
            self._range(children[0].start_pos, children[-1].end_pos),
            names[0] if len(names) > 1 else None,
            names[-1],
            collection,
            results[0] if len(results) > 1 else None,
            results[-1],
            condition,
            any(isinstance(child, Token) and child.type == "ELLIPSIS" for child in children),
        )

    for_tuple_expr = for_object_expr = _for
