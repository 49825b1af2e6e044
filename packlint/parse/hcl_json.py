"""The value of a JSON document → the blocks and attributes that HCL's JSON syntax makes of it.

The rules are those of hashicorp/hcl, `json/structure.go`: (*body).Content, unpackBlock, collectDeepAttrs.
Which property is a block, and how many labels it has, is told by Packer's schema and by the plugin's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from packlint import syntax
from packlint.blocks import DYNAMIC, ROOT, VALUES, ArgumentType, BlockType, Context
from packlint.document import Document, Range
from packlint.model import referred
from packlint.parse import json_message as message
from packlint.parse.embedded import Embedded
from packlint.parse.problem import Problem
from packlint.record import field, record, replace
from packlint.traits import Blocks, nested_blocks

Items = tuple[syntax.Attribute | syntax.Block, ...]
Members = Sequence[syntax.ObjectItem]

_COMMENT = "//"
_CONTENT = "content"


@record
class _Schema:
    """What may stand in a body: Packer's own arguments and blocks, the blocks of a plugin among the rest.

    `content` is what `content` of a `dynamic` block holds.
    """

    type: BlockType
    nested: Blocks = field(default_factory=dict)
    content: _Schema | None = None

    def labels(self, name: str) -> tuple[str, ...] | None:
        """What the labels of a block of that name are; None where a property of that name is no block."""
        if name in self.type.blocks:
            return self.type.blocks[name].labels
        if name == "dynamic" and self.type.dynamic:
            return DYNAMIC.labels
        return () if name in self.nested or (self.content and name == _CONTENT) else None

    def body(self, name: str, labels: Sequence[str], of_made: Sequence[str] = ()) -> _Schema:
        """The schema of a block's body; `of_made` are the labels of what a `dynamic` block makes."""
        if name in self.type.blocks:
            inner = self.type.blocks[name]
            return _Schema(inner, _of_component(inner, labels))
        if name == "dynamic" and self.type.dynamic:
            made = labels[0]
            unknown = BlockType(component=self.type.component, dynamic=True)
            content = self.body(made, of_made) if self.labels(made) is not None else _Schema(unknown)
            of_content = replace(content, type=_iterated(content.type))
            return _Schema(BlockType(arguments=DYNAMIC.arguments), content=of_content)
        if self.content is not None:
            return self.content
        inner = BlockType(component=self.type.component, dynamic=self.type.dynamic)
        return _Schema(inner, self.nested[name])

    def argument(self, name: str) -> ArgumentType | None:
        """How Packer or a plugin reads an argument of that name; None where none does."""
        if self.type.declares is not None:
            return self.type.declares
        own = self.type.arguments.get(name)
        return _ANY if own is None and self.type.component is not None else own


_ANY = ArgumentType("any")


@lru_cache(maxsize=64)
def _iterated(type_: BlockType) -> BlockType:
    """What a `dynamic` block makes: its literals may speak of the iterator (hcl/ext/dynblock, exprWrap)."""
    arguments = {
        name: replace(argument, context=Context.FULL) if argument.context is Context.LITERAL else argument
        for name, argument in type_.arguments.items()
    }
    blocks = {name: _iterated(block) for name, block in type_.blocks.items()}
    return replace(type_, arguments=arguments, blocks=blocks)


def _of_component(type_: BlockType, labels: Sequence[str]) -> Blocks:
    """The nested blocks of the component that a block configures, so far as they are known."""
    if type_.component is None or not labels:
        return {}
    name = labels[0]
    if type_.labels == ("reference",):
        name = referred(name)[0]
    return nested_blocks(type_.component, name) or {}


class Bodies:
    """Makes blocks and attributes of the values of one document.

    `whole` tells that the document's syntax hides nothing.
    """

    def __init__(self, document: Document, strings: Embedded, problems: list[Problem], whole: bool) -> None:
        self._document = document
        self._strings = strings
        self._problems = problems
        self._whole = whole

    def template(self, root: syntax.Expression) -> Items:
        """What a template's file holds."""
        return self._items(self._members(root), _Schema(ROOT))

    def values(self, root: syntax.Object) -> Items:
        """What a variable file holds."""
        return self._items(root.items, _Schema(VALUES))

    def _tell(self, problem: Problem) -> None:
        """Notes what may only seem wrong where a part of the document is hidden."""
        if self._whole:
            self._problems.append(problem)

    def _items(self, members: Members, schema: _Schema) -> Items:
        items: list[syntax.Attribute | syntax.Block] = []
        first: dict[str, syntax.Text] = {}
        for member in members:
            key = member.key
            assert isinstance(key, syntax.Text)
            if key.value == _COMMENT:
                continue
            labels = schema.labels(key.value) if self._is_block(member, schema) else None
            if labels is not None:
                items.extend(self._blocks(member.value, key, labels, schema))
                continue
            read = schema.argument(key.value)
            if read is not None and first.setdefault(key.value, key) is not key:
                self._tell(message.repeated(key, first[key.value]))
            attribute = self._attribute(member, key, read)
            if attribute is not None:
                items.append(attribute)
        return tuple(items)

    def _is_block(self, member: syntax.ObjectItem, schema: _Schema) -> bool:
        """A plugin's own blocks may be another version's arguments: their values have to be a block's."""
        assert isinstance(member.key, syntax.Text)
        name = member.key.value
        if schema.type.declares is not None or name in schema.type.arguments:
            return False
        if name not in schema.nested or name in schema.type.blocks:
            return True
        values = member.value.items if isinstance(member.value, syntax.Tuple) else (member.value,)
        return all(syntax.is_null(value) or isinstance(value, syntax.Object) for value in values)

    def _attribute(
        self, member: syntax.ObjectItem, key: syntax.Text, read: ArgumentType | None
    ) -> syntax.Attribute | None:
        if read is None:
            value: syntax.Expression | None = self._strings.unread(member.value)
        elif read.keys:
            value = member.value  # keys and values are looked up one by one (hcl.ExprMap)
        else:
            value = self._strings.value(member.value, read.context)
        if value is None:
            return None
        return syntax.Attribute(key.value, key.range, value, key.range.to(member.value.range))

    def _members(
        self, value: syntax.Expression, block: str = "", names: tuple[str, ...] = ()
    ) -> list[syntax.ObjectItem]:
        """The properties of an object, or of all objects in an array; the keys are the first of `names`."""
        members: list[syntax.ObjectItem] = []
        if syntax.is_null(value):
            return members
        for element in value.items if isinstance(value, syntax.Tuple) else (value,):
            if not isinstance(element, syntax.Object):
                self._tell(message.no_members(element.range, block, names[0] if names else None))
            elif (typed := _typed(element) if names[:1] == ("type",) else None) is not None:
                place, type_ = typed
                self._tell(message.type_as_property(place, block, names, type_))
            else:
                members.extend(element.items)
        return members

    def _blocks(
        self, value: syntax.Expression, key: syntax.Text, names: tuple[str, ...], schema: _Schema
    ) -> Iterator[syntax.Block]:
        """The blocks that a property makes: an object level a label, arrays at any level."""
        for labels, start, body in self._labelled(value, key, names, (), key.range.start):
            yield from self._block(body, key, labels, start, schema)

    def _labelled(
        self,
        value: syntax.Expression,
        key: syntax.Text,
        names: tuple[str, ...],
        labels: tuple[syntax.Label, ...],
        start: int,
    ) -> Iterator[tuple[tuple[syntax.Label, ...], int, syntax.Expression]]:
        """The values behind the labels; a block after the first begins where it differs from that before."""
        if not names:
            yield labels, start, value
            return
        count = len(self._problems)
        members = self._members(value, key.value, names)
        if not members and count == len(self._problems):
            self._tell(message.no_label(value.range, key.value, names[0]))
        for position, member in enumerate(members):
            label = member.key
            assert isinstance(label, syntax.Text)
            inner = (*labels, syntax.Label(label.value, label.range))
            begin = label.range.start if position else start
            yield from self._labelled(member.value, key, names[1:], inner, begin)

    def _block(
        self,
        value: syntax.Expression,
        key: syntax.Text,
        labels: tuple[syntax.Label, ...],
        start: int,
        schema: _Schema,
    ) -> Iterator[syntax.Block]:
        """One block, or one for each element of an array; none of null."""
        if syntax.is_null(value):
            return
        if not isinstance(value, syntax.Object | syntax.Tuple):
            self._tell(message.no_body(value.range, key.value, schema.labels(key.value) or (), labels))
            return
        header_end = labels[-1].range.end if labels else key.range.end
        for position, content in enumerate(value.items if isinstance(value, syntax.Tuple) else (value,)):
            assert isinstance(content, syntax.Expression)
            place = content.range
            begin = place.start if position else start
            header = Range(self._document, begin, max(header_end, begin + 1))
            members = self._members(content, key.value)
            inner = schema.body(key.value, [label.value for label in labels], _made(members))
            if inner.type.declares is not None and not isinstance(content, syntax.Object):
                self._tell(message.no_members(place, key.value, None))
            body = syntax.Body(self._items(members, inner), _within(content))
            whole = Range(self._document, begin, place.end)
            yield syntax.Block(key.value, key.range, labels, header, body, whole)


def _within(value: syntax.Expression) -> Range:
    """What is between the brackets of an object or array; one that is never closed ends anywhere."""
    place = value.range
    if not isinstance(value, syntax.Object | syntax.Tuple):
        return place
    return Range(place.document, place.start + 1, max(place.start + 1, place.end - 1))


def _typed(value: syntax.Object) -> tuple[Range, str] | None:
    """Where an object has a property `type` with a name in it, and the name."""
    for item in value.items:
        if isinstance(item.key, syntax.Text) and item.key.value == "type":
            name = item.value.literal if isinstance(item.value, syntax.Template) else None
            return (item.key.range.to(item.value.range), name) if name is not None else None
    return None


def _made(members: Members) -> list[str]:
    """The labels that a `dynamic` block gives, as far as they are literal."""
    for member in members:
        if isinstance(member.key, syntax.Text) and member.key.value == "labels":
            given = member.value.items if isinstance(member.value, syntax.Tuple) else ()
            return [label.literal or "" for label in given if isinstance(label, syntax.Template)]
    return []
