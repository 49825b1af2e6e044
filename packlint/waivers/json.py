"""The waivers in JSON: root keys of legacy templates, `"//"` properties elsewhere → what each is good for.

Packer takes root keys of legacy templates that begin with `_` where their values are strings
(hashicorp/packer-plugin-sdk, template/parse.go), and a property `"//"` where HCL has a body (hashicorp/hcl,
json/structure.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.diagnostic import Edit, Finding
from packlint.document import Document, Range
from packlint.json_text import decoded
from packlint.parse.json import read
from packlint.syntax import Block, Expression, File, Object, ObjectItem, Template, Text, Tuple, walk
from packlint.waiver import Sheet, Waiver
from packlint.waivers.comments import whole
from packlint.waivers.directive import Directive, directive, reason_and_day

PREFIX = "_packlint"
"""What the keys of waivers in legacy templates begin with."""

_MEANT = re.compile(r"\s*+packlint\s*:", re.IGNORECASE)
_PLACE = re.compile(
    r"[\s:,;-]*+(?P<day>(?>(?:until[\s=:]*+[\d-]++[\s:,;]*+)?))(?P<place>[A-Za-z_][\w-]*+(?P<steps>(?>(?:\[\d+\]|\.[^\s.\[\]:]+)*)))(?P<colon>\s*+:(?!\S))?"
)
_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
_BLANKS = " \t\r\n"

Found = Waiver | Finding


def legacy_waivers(document: Document) -> Sheet:
    """The waivers in the root of a legacy template, each for the place that it names, or for the file."""
    root = read(document).value
    if not isinstance(root, Object):
        return Sheet(document.path, ())
    places = _Places(root)
    keys = (it for it in root.items if isinstance(it.key, Text) and it.key.value.lower().startswith(PREFIX))
    return _sheet(document, [_legacy(item, places) for item in keys])


def property_waivers(file: File) -> Sheet:
    """The waivers in the `"//"` properties of HCL in JSON, each for the block, or the file, that has it."""
    document = file.document
    root = read(document).value
    blocks = {it.body.range.start - 1: it.range for it in walk(file.body) if isinstance(it, Block)}
    for top in root.items if isinstance(root, Tuple) else (root,):
        if top is not None:
            blocks[top.range.start] = whole(document)
    return _sheet(document, [it for node in (walk(root) if root else ()) for it in _properties(node, blocks)])


def _sheet(document: Document, found: list[Found]) -> Sheet:
    waivers = tuple(it for it in found if isinstance(it, Waiver))
    return Sheet(document.path, waivers, tuple(it for it in found if isinstance(it, Finding)))


class _Places:
    """Finds what the places of a legacy template name, each object being gone through once."""

    def __init__(self, root: Object) -> None:
        self._root = root
        self._items: dict[int, dict[str, ObjectItem]] = {}  # by ids: the nodes live as long as the root

    def named(self, node: Expression, name: str) -> ObjectItem | None:
        """The item of an object; where none has the very name, one that has it in lower case."""
        if id(node) not in self._items:
            found = self._items[id(node)] = {}
            for item in node.items if isinstance(node, Object) else ():
                if isinstance(item.key, Text):
                    found.setdefault(item.key.value, item)
                    found.setdefault(item.key.value.lower(), item)
        items = self._items[id(node)]
        return items.get(name) or items.get(name.lower())

    def range(self, place: str) -> Range | None:
        """What `builders[0].iso_url` names, with its key; None where there is no such thing."""
        current: Expression = self._root
        found = None
        for number, name in _STEP.findall(place):
            if name:
                item = self.named(current, name)
                if item is None:
                    return None
                current, found = item.value, item.key.range.to(item.value.range)
                continue
            # A number of more digits is that of nothing, and would take long to read.
            if not isinstance(current, Tuple) or len(number) > 9 or int(number) >= len(current.items):
                return None
            current = current.items[int(number)]
            found = current.range
        return found

    def meant(self, found: re.Match[str]) -> bool:
        """Whether a first word is meant for a place: it has a colon, or steps from a root key."""
        if found["colon"] is not None:
            return True
        first = found["place"][: len(found["place"]) - len(found["steps"])]
        return bool(found["steps"]) and self.named(self._root, first) is not None


def _legacy(item: ObjectItem, places: _Places) -> Found:
    inner = _inner(item.value)
    if inner is None:
        return Finding(
            item.key.range.to(item.value.range),
            f"the value of a root key that begins with `{PREFIX}` has to be a string",
            hint=f'write `"{PREFIX}_1": "ignore[rule] builders[0]: reason"`',
        )
    words = directive(inner.document, inner.start, inner.end)
    if isinstance(words, Finding):
        return words
    rest, scope = words.rest.text, whole(inner.document)
    place = None if words.file else _PLACE.match(rest)
    if place is not None and places.meant(place):
        named = places.range(place["place"])
        if named is None:
            start = words.rest.start + place.start("place")
            where = Range(inner.document, start, start + len(place["place"]))
            hint = "name a place such as `builders[0]` or `variables.x`, and leave it out for the whole file"
            return Finding(where, f"`{place['place']}` is no place of this template", hint=hint)
        scope, rest = named, place["day"] + rest[place.end() :]
    return _waiver(words, rest, scope, _member(item), file=scope.end > len(inner.document.text))


def _properties(node: object, blocks: dict[int, Range]) -> Iterator[Found]:
    for item in node.items if isinstance(node, Object) else ():
        if isinstance(node, Object) and isinstance(item.key, Text) and item.key.value == "//":
            scope = blocks.get(node.range.start)
            values = item.value.items if isinstance(item.value, Tuple) else (item.value,)
            for position, value in enumerate(values):
                assert isinstance(value, Expression)
                removal = _member(item) if len(values) == 1 else _element(values, position)
                yield from _property(value, scope, removal)


def _property(value: Expression, scope: Range | None, removal: Edit) -> Iterator[Found]:
    inner = _inner(value)
    if inner is None or not _MEANT.match(inner.text):
        return
    words = directive(inner.document, inner.start, inner.end)
    if isinstance(words, Finding):
        yield words
    elif scope is None:
        hint = "put it into the object of a block, or into the root for the whole file"
        yield Finding(words.range, 'a property `"//"` is no comment here', hint=hint)
    elif words.file and scope.end <= len(inner.document.text):
        hint = "move it to the root, or write `ignore` for this block"
        yield Finding(words.range, "`ignore-file` has to stand in the root of the file", hint=hint)
    else:
        of_file = scope.end > len(inner.document.text)
        yield _waiver(words, words.rest.text, scope, removal, file=of_file)


def _waiver(words: Directive, rest: str, scope: Range, removal: Edit, *, file: bool) -> Found:
    meant = reason_and_day(decoded(rest), words.range)
    if isinstance(meant, Finding):
        return meant
    return Waiver(words.names, *meant, scope, words.range, removal, file)


def _inner(value: Expression) -> Range | None:
    """What stands between the quotes of a string; None for anything else."""
    if not isinstance(value, Template):
        return None
    return Range(value.range.document, value.range.start + 1, max(value.range.start + 1, value.range.end - 1))


def _member(item: ObjectItem) -> Edit:
    """No such item, and no comma for it."""
    return _without(item.key.range.to(item.value.range))


def _element(values: tuple[Expression, ...], position: int) -> Edit:
    return _without(values[position].range)


def _without(range_: Range) -> Edit:
    """Without an item, the comma after it and the blanks up to the next one, or those before it."""
    text, start, end = range_.document.text, range_.start, range_.end
    after = _skipped(text, end)
    if text[after : after + 1] == ",":
        return Edit(Range(range_.document, start, _skipped(text, after + 1)), "")
    before = start
    while before and text[before - 1] in _BLANKS:
        before -= 1
    return Edit(Range(range_.document, before - 1 if text[before - 1 : before] == "," else start, end), "")


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at
