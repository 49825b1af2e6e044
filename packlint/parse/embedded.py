"""The values of a JSON document → HCL's expressions: strings become templates where Packer evaluates them.

The rules are those of hashicorp/hcl, `json/structure.go`: (*expression).Value, AsTraversal and ExprCall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from packlint import syntax
from packlint.blocks import Context
from packlint.document import Document
from packlint.json_text import decoded, places
from packlint.parse import json_message as message
from packlint.parse.problem import Problem
from packlint.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.parse.native import NativeParser

_EXPRESSIONS = frozenset({Context.TYPE, Context.NAME})


class Embedded:
    """Reads the strings of one document; `any` tells that one of them held more than text.

    `whole` tells that the document's syntax hides nothing.
    """

    def __init__(
        self,
        document: Document,
        parser: Callable[[], NativeParser],
        problems: list[Problem],
        whole: bool,
    ) -> None:
        self.any = False
        self._document = document
        self._parser = parser
        self._problems = problems
        self._whole = whole

    def value(self, node: syntax.Expression, context: Context) -> syntax.Expression | None:
        """The expression for a value that Packer evaluates in a context; None where there is a problem."""
        if isinstance(node, syntax.Object):
            return self._object(node, context)
        if isinstance(node, syntax.Tuple):
            values = [self.value(item, context) for item in node.items]
            sound = tuple(value for value in values if value is not None)
            if len(sound) < len(values):
                return None
            return node if _same(sound, node.items) else syntax.Tuple(node.range, sound)
        if not isinstance(node, syntax.Template) or context is Context.LITERAL:
            return node
        return self._expression(node) if context in _EXPRESSIONS else self._template(node, node.literal or "")

    def unread(self, node: syntax.Expression) -> syntax.Expression:
        """The expression for a value that Packer does not read: as it is, where it makes no template."""
        count = len(self._problems)
        value = self.value(node, Context.FULL)
        del self._problems[count:]
        return node if value is None else value

    def _object(self, node: syntax.Object, context: Context) -> syntax.Object | None:
        items = []
        first: dict[str, syntax.Text] = {}
        for item in node.items:
            key, value = item.key, self.value(item.value, context)
            assert isinstance(key, syntax.Text)
            if first.setdefault(key.value, key) is not key and self._whole:
                self._problems.append(message.repeated(key, first[key.value]))
            named = key if context is Context.LITERAL else self._template(key, key.value)
            if named is None or value is None:
                return None
            same = named is key and value is item.value
            items.append(item if same else syntax.ObjectItem(named, value))
        return node if _same(items, node.items) else syntax.Object(node.range, tuple(items))

    def _template(self, node: syntax.Expression, text: str) -> syntax.Expression | None:
        if "${" not in text and "%{" not in text:
            return node
        return self._read(node, text, self._parser().template)

    def _expression(self, node: syntax.Template) -> syntax.Expression | None:
        text = node.literal or ""
        if not text.strip() or text.startswith("${"):
            self._problems.append(message.no_expression(node.range, text))
            return None
        return self._read(node, text, self._parser().expression)

    def _read(
        self,
        node: syntax.Expression,
        text: str,
        read: Callable[..., tuple[syntax.Expression | None, list[Problem]]],
    ) -> syntax.Expression | None:
        start = node.range.start + 1
        raw = self._document.text[start : node.range.end - 1]
        if decoded(raw) != text:  # it stands in quotes that are not JSON's
            return None
        self.any = True
        expression, problems = read(self._document, text, places(raw, start))
        if expression is None:
            found = [message.within_string(problem, node.range.end - 1) for problem in problems]
            self._problems.extend(found or [message.no_expression(node.range, text)])
        elif isinstance(expression, syntax.Template | syntax.TemplateWrap):
            return replace(expression, range=node.range)
        return expression


def _same(these: Iterable[object], those: Iterable[object]) -> bool:
    """Whether the elements of two sequences of one length are the same objects."""
    return all(this is that for this, that in zip(these, those, strict=True))
