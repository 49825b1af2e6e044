"""YAML → a value, by Packer's rules for what a scalar means (go-cty-yaml v1.0.1)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.convert import convert
from packlint.evaluate.functions.function import known
from packlint.evaluate.functions.moments import moment, written
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.numbers import Number, parse_number
from packlint.evaluate.texts import normal
from packlint.evaluate.types import object_type, tuple_type
from packlint.value import BOOL, NULL, NUMBER, STRING, Known, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Event: TypeAlias = Any
    """An event of PyYAML's parser, which has no types."""

_DEEPEST = 64
_PREFIX = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset({"", "str", "bool", "int", "float", "null", "timestamp", "binary"})
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
}
_INFINITE = re.compile(r"[+-]?\.(inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")
_BINARY_EXPONENT = re.compile(r"[+-]?[0-9._]+[pP][+-]?[0-9]+")
_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?P<t>[Tt ])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2}):(?P<second>[0-9]{1,2})"
    r"(?:[.,](?P<fraction>[0-9]+))?(?P<zone>Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?)?"
)
_WHOLE = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[0-9]+)")
_LARGEST_WHOLE = 1 << 64


def decoded_yaml(text: str) -> Value:
    """The value of a document of YAML; raises Failed where it is none, TooLarge where it is too deep."""
    value = _Decoder(text).document()
    if value.data is None:
        raise NotKnown(Unknown("Packer takes a document that is null for a value it does not know"))
    return value


class _Decoder:
    """Goes through the events of a document."""

    def __init__(self, text: str) -> None:
        self.events = _events(text)
        self.anchors: dict[str, Known] = {}
        self.open: list[str] = []  # the anchors of what is being read

    def document(self) -> Known:
        from yaml import events

        next(self.events)
        start = next(self.events)
        if not isinstance(start, events.DocumentStartEvent):
            raise Failed("there is no document")
        if start.version not in (None, (1, 1)):
            raise Failed("only YAML 1.1 is read")
        value = self.value(next(self.events), 0)
        next(self.events)
        if not isinstance(next(self.events), events.StreamEndEvent):
            raise Failed("there is more than one document")
        return value

    def value(self, event: Event, depth: int) -> Known:
        from yaml import events

        if depth > _DEEPEST:
            raise TooLarge
        if isinstance(event, events.AliasEvent):
            if event.anchor in self.open or event.anchor not in self.anchors:
                raise Failed(f"there is no anchor `{event.anchor}` before its alias")
            return self.anchors[event.anchor]
        if event.anchor:
            self.open.append(event.anchor)
        if isinstance(event, events.ScalarEvent):
            value = _scalar(event)
            if event.style and not event.tag:  # it has been taken for a string before it was looked at
                value = known(convert(value, STRING))
        elif isinstance(event, events.MappingStartEvent):
            value = self.mapping(event, depth)
        else:
            value = self.sequence(event, depth)
        if event.anchor:
            self.open.pop()
            self.anchors[event.anchor] = value
        return value

    def mapping(self, event: Event, depth: int) -> Known:
        from yaml import events

        _check_tag(event, "map")
        entries: dict[str, Value] = {}
        while not isinstance(key := next(self.events), events.MappingEndEvent):
            if not isinstance(key, events.ScalarEvent):
                raise Failed("only strings are keys")
            merges = not _tag(key) and key.value == "<<"
            name = None if merges else _name(key)
            value = self.value(next(self.events), depth + 1)
            if name is not None:
                entries[name] = value
            elif isinstance(value.data, dict):
                entries.update(value.data)
            else:
                raise Failed("`<<` takes a mapping")
            if len(entries) > LARGEST_COLLECTION:
                raise TooLarge
        return Known(entries, object_type(entries))

    def sequence(self, event: Event, depth: int) -> Known:
        from yaml import events

        _check_tag(event, "seq")
        items: list[Value] = []
        while not isinstance(item := next(self.events), events.SequenceEndEvent):
            items.append(self.value(item, depth + 1))
            if len(items) > LARGEST_COLLECTION:
                raise TooLarge
        return Known(tuple(items), tuple_type(items))


def _events(text: str) -> Iterator[Event]:
    """The events of a document; where PyYAML refuses it, so does Packer but for tabs and byte order marks."""
    import yaml

    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        if "\t" in text or "\ufeff" in text:
            raise NotKnown(Unknown("YAML that is not computed")) from None
        raise Failed("the text is not YAML") from None


def _tag(event: Event) -> str:
    """The tag without what all tags of YAML's own begin with; others keep a mark."""
    tag = str(event.tag or "")
    if tag == "!":
        raise NotKnown(Unknown("YAML that is not computed"))
    return tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) or not tag else f"!{tag}"


def _check_tag(event: Event, wanted: str) -> None:
    if _tag(event) not in ("", wanted):
        raise Failed(f"`{event.tag}` is not a tag that Packer knows")


def _name(event: Event) -> str:
    """The name that a key is, whatever it means as a scalar."""
    found = _scalar(event)
    name = convert(found, STRING)
    if found.data is None or not isinstance(name, Known):
        raise Failed("a key is null")
    return str(name.data)


def _scalar(event: Event) -> Known:
    text, tag = event.value, _tag(event)
    if tag not in _SCALAR_TAGS:
        raise Failed(f"`{event.tag}` is not a tag that Packer knows")
    if tag not in ("str", "binary"):
        if event.style in ("'", '"'):
            return Known(normal(text), STRING)
        if text in _WORDS:
            answer = _WORDS[text]
            return NULL if answer is None else Known(answer, BOOL)
        guess = _guessed(text, tag)
        if guess is not None:
            return guess
    return _tagged(text, tag)


def _guessed(text: str, tag: str) -> Known | None:
    """What a scalar is by its looks: a number or a timestamp."""
    if _INFINITE.fullmatch(text) or _BINARY_EXPONENT.fullmatch(text):
        raise NotKnown(Unknown("a number that is not computed", NUMBER))
    if not tag and _NOT_A_NUMBER.fullmatch(text):
        raise Failed("it holds what is not a number")
    number: Number | None = None
    if text[0] == ".":
        number = parse_number(text)
    elif text[0] in "+-0123456789":
        at = _timestamp(text) if tag in ("", "timestamp") else None
        if at is not None:
            return Known(at, STRING)
        plain = text.replace("_", "")
        number = parse_number(plain)
        if number is None and plain.startswith(("0b", "-0b")):
            return _tagged(text, "int")
    return None if number is None else Known(number, NUMBER)


def _tagged(text: str, tag: str) -> Known:
    """What a scalar is by its tag."""
    if tag == "null":
        return NULL
    if tag in ("int", "float"):
        plain = text.replace("_", "")
        number = parse_number(plain)
        if number is None:
            number = _whole(plain)
        if number is not None:
            return Known(number, NUMBER)
    elif tag == "timestamp":
        at = _timestamp(text)
        if at is not None:
            return Known(at, STRING)
    elif tag != "bool":
        if tag == "binary":
            _check_base64(text)
        return Known(normal(text), STRING)
    raise Failed(f"a scalar is no `{tag}`")


def _check_base64(text: str) -> None:
    try:
        base64.b64decode(re.sub(r"[\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        raise Failed("a scalar is no `binary`") from None


def _whole(text: str) -> int | None:
    """A whole number as Go reads it, with the base by its prefix."""
    if not _WHOLE.fullmatch(text):
        return None
    digits = text.lstrip("+-")
    octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
    number = int(digits, 8 if octal else 0)
    negative, signed = text[0] == "-", text[0] in "+-"
    largest = _LARGEST_WHOLE // 2 if negative else _LARGEST_WHOLE // 2 - 1 if signed else _LARGEST_WHOLE - 1
    if number > largest:
        return None
    return -number if negative else number


def _timestamp(text: str) -> str | None:
    """A timestamp in one of four forms as RFC 3339 has it."""
    match = _TIMESTAMP.fullmatch(text)
    if not match or (match["t"] in ("T", "t")) != (match["zone"] is not None):
        return None
    at = moment(match)
    return None if at is None else written(at)
