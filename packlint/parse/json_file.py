"""A document in JSON → the file that Packer would make of it, told by the document's name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from packlint import syntax
from packlint.document import Document, Range
from packlint.parse import json_message as message
from packlint.parse.depth import deepest
from packlint.parse.embedded import Embedded
from packlint.parse.hcl_json import Bodies, Items
from packlint.parse.json import Parsed, read
from packlint.parse.problem import TOLD, Problem, bounded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.parse.native import NativeParser

_LARGEST = Decimal("1.797693134862315807e308")  # the largest float64, and what is rounded down to it


def parse_json(
    document: Document, parser: Callable[[], NativeParser], values: bool = False
) -> tuple[syntax.File, list[Problem]]:
    """A legacy template, a variable file or an HCL template; `parser` is for the templates in its strings."""
    parsed = read(document)
    values = values or document.path.endswith(".pkrvars.json")
    legacy = not (values or document.path.endswith(".pkr.json"))
    items, problems = _legacy(parsed) if legacy else _hcl(document, parsed, parser, values)
    body = syntax.Body(items, Range(document, 0, len(document.text)))
    return syntax.File(document, body, (), not problems, legacy, parsed.whole), bounded(problems)


def _hcl(
    document: Document, parsed: Parsed, parser: Callable[[], NativeParser], values: bool
) -> tuple[Items, list[Problem]]:
    """What HCL makes of it; nothing of a legacy template, which has a key that no HCL template has."""
    root, problems, whole = parsed.value, parsed.problems, parsed.whole
    strings = Embedded(document, parser, problems, whole)
    bodies = Bodies(document, strings, problems, whole)
    items: Items = ()
    if isinstance(root, syntax.Object):
        builders = None if values else _key(root, "builders")
        if builders is not None:
            return (), [message.legacy_template(builders.start, builders.end)]
        items = bodies.values(root) if values else bodies.template(root)
    elif isinstance(root, syntax.Tuple) and not values:
        items = bodies.template(root)
    elif not problems and root is not None:
        problems.append(message.no_object(root.range.start, root.range.end))
    deep = deepest(items) if strings.any else None
    return (items, problems) if deep is None else ((), [*problems, deep])


def _key(root: syntax.Object, name: str) -> Range | None:
    """Where a key stands."""
    return next(
        (i.key.range for i in root.items if isinstance(i.key, syntax.Text) and i.key.value == name), None
    )


def _legacy(parsed: Parsed) -> tuple[Items, list[Problem]]:
    """The root's keys; what Packer's reader of legacy templates refuses, beyond bad JSON, is a problem."""
    root, problems = parsed.value, parsed.problems
    if not isinstance(root, syntax.Object):
        is_null = isinstance(root, syntax.Literal) and root.value is None  # a template that says nothing
        if not problems and root is not None and not is_null:
            problems.append(message.no_object(root.range.start, root.range.end))
        return (), problems
    waiting: list[syntax.Expression] = [root]
    while waiting and len(problems) <= TOLD:
        node = waiting.pop()
        if isinstance(node, syntax.Object):
            if parsed.whole:
                problems.extend(_repeated(node))
            waiting.extend(item.value for item in node.items)
        elif isinstance(node, syntax.Tuple):
            waiting.extend(node.items)
        elif isinstance(node, syntax.Literal) and _is_too_large(node.value):
            problems.append(message.too_large(node.range.start, node.range.end))
    return tuple(_attribute(item) for item in root.items), problems


def _repeated(node: syntax.Object) -> list[Problem]:
    """Keys that are set twice (packer-plugin-sdk, template/parse.go: checkForDuplicateFields)."""
    first: dict[str, syntax.Text] = {}
    return [
        message.repeated(key, first[key.value])
        for item in node.items
        if isinstance(key := item.key, syntax.Text) and first.setdefault(key.value, key) is not key
    ]


def _is_too_large(value: int | Decimal | bool | None) -> bool:
    return isinstance(value, int | Decimal) and Decimal(value).copy_abs() >= _LARGEST


def _attribute(item: syntax.ObjectItem) -> syntax.Attribute:
    key = item.key
    assert isinstance(key, syntax.Text)
    return syntax.Attribute(key.value, key.range, item.value, key.range.to(item.value.range))
