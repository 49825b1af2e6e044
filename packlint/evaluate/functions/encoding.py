"""Values ↔ text in JSON, CSV, Base64 and URLs (`cty/json`, `cty/function/stdlib`, go-cty-funcs)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote_plus

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.functions.csv_rows import csv_rows
from packlint.evaluate.functions.function import Family, Parameter, Result, Wrong, known, sized
from packlint.evaluate.functions.yaml_decode import decoded_yaml
from packlint.evaluate.functions.yaml_encode import yaml_text
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.numbers import number_text, parse_number
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import object_type, tuple_type
from packlint.value import ANY, BOOL, NULL, NUMBER, STRING, Known, Type, Unknown, Value

FAMILY = Family()
function = FAMILY.function

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_CODECS = {
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
}
_REPLACEMENT = "\ufffd"
_DEEPEST = 64
_TEXT_PER_STEP = 8
_SHORT_NUMBER = 16
"""Digits of a number that Python's own reading is exact and quick for."""
"""Characters that are read in a step: every few of them may be a value."""


def json_string(text: str) -> str:
    """A string as Go's `encoding/json` writes it, with what is special in HTML escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    for character, escape in _ESCAPED.items():
        quoted = quoted.replace(character, escape)
    return quoted


def json_text(value: Value) -> str:
    """A value as compact JSON, the keys sorted; raises NotKnown where a part is not known."""
    data = known(value).data
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | Decimal):
        return number_text(data)
    if isinstance(data, str):
        return json_string(data)
    if isinstance(data, Mapping):
        pairs = (f"{json_string(name)}:{json_text(data[name])}" for name in sorted(data))
        return sized("{" + ",".join(pairs) + "}")
    return sized("[" + ",".join(map(json_text, data)) + "]")


@function("jsonencode", Parameter(ANY, nullable=True), returns=STRING)
def _jsonencode(value: Known) -> Result:
    return json_text(value)


@function("jsondecode", STRING, scoped=True)
def _jsondecode(scope: Scope, text: str) -> Result:
    def refused(name: str) -> object:
        raise ValueError(name)

    scope.budget.spend(len(text) // _TEXT_PER_STEP)
    try:
        data = json.loads(text, parse_float=parse_number, parse_int=_whole_number, parse_constant=refused)
    except ValueError:
        raise Failed("the text is not JSON") from None
    except (RecursionError, ArithmeticError):
        raise TooLarge from None
    return _from_json(data, 0)


def _whole_number(digits: str) -> int | Decimal | None:
    return int(digits) if len(digits) <= _SHORT_NUMBER else parse_number(digits)


def _from_json(data: object, depth: int) -> Known:
    if depth > _DEEPEST:
        raise TooLarge
    if isinstance(data, dict):
        entries: dict[str, Value] = {
            _character_text(name): _from_json(item, depth + 1) for name, item in data.items()
        }
        return Known(entries, object_type(entries))
    if isinstance(data, list):
        if len(data) > LARGEST_COLLECTION:
            raise TooLarge
        items: tuple[Value, ...] = tuple(_from_json(item, depth + 1) for item in data)
        return Known(items, tuple_type(items))
    if isinstance(data, str):
        return Known(_character_text(data), STRING)
    if isinstance(data, bool):
        return Known(data, BOOL)
    return Known(data, NUMBER) if isinstance(data, int | Decimal) else NULL


def _character_text(text: str) -> str:
    """A string of JSON; half of a surrogate pair is no character: Go puts the replacement character there."""
    return normal(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


@function("csvdecode", STRING, scoped=True)
def _csvdecode(scope: Scope, text: str) -> Result:
    scope.budget.spend(len(text) // _TEXT_PER_STEP)
    rows = csv_rows(text)
    names = [normal(name) for name in next(rows, [])]
    if not names:
        raise Failed("the text has no header")
    if len(set(names)) < len(names):
        raise Failed("a column is named twice")
    element = Type("object", attributes=tuple((name, STRING) for name in sorted(names)))
    records: list[Value] = []
    for row in rows:
        if len(row) != len(names):
            raise Failed("a row has more or fewer columns than the header")
        cells: dict[str, Value] = {
            name: Known(normal(cell), STRING) for name, cell in zip(names, row, strict=True)
        }
        records.append(Known(cells, element))
        if len(records) * len(names) > LARGEST_COLLECTION:
            raise TooLarge
    return Known(tuple(records), Type("list", element))


def decoded_base64(text: str) -> bytes:
    """Base64 as Go's standard encoding reads it: padded, line breaks ignored."""
    try:
        return base64.b64decode(text.replace("\r", "").replace("\n", "").encode(), validate=True)
    except (binascii.Error, ValueError):
        raise Failed("the text is not Base64") from None


@function("base64decode", STRING, returns=STRING)
def _base64decode(text: str) -> Result:
    try:
        return decoded_base64(text).decode()
    except UnicodeDecodeError:
        raise Failed("the decoded bytes are not UTF-8") from None


@function("base64encode", STRING, returns=STRING)
def _base64encode(text: str) -> Result:
    return base64.b64encode(text.encode()).decode()


@function("base64gzip", STRING, returns=STRING)
def _base64gzip(text: str) -> Result:
    raise NotKnown(Unknown("the bytes of `base64gzip` are those of Go's compressor", STRING))


def _codec(name: str) -> str:
    codec = _CODECS.get(name.lower())
    if codec is None:
        raise NotKnown(Unknown(f'the encoding "{name}" is not computed', STRING))
    return codec


@function("textencodebase64", STRING, STRING, returns=STRING)
def _textencodebase64(text: str, encoding: str) -> Result:
    codec = _codec(encoding)
    try:
        return base64.b64encode(text.encode(codec)).decode()
    except UnicodeEncodeError:
        raise Wrong(0, f'a character does not exist in "{encoding}"') from None


@function("textdecodebase64", STRING, STRING, returns=STRING)
def _textdecodebase64(text: str, encoding: str) -> Result:
    codec = _codec(encoding)
    try:
        decoded = decoded_base64(text).decode(codec)
    except UnicodeDecodeError:
        decoded = _REPLACEMENT
    if _REPLACEMENT in decoded:
        raise Wrong(0, f'the bytes are not "{encoding}"')
    return decoded


@function("urlencode", STRING, returns=STRING)
def _urlencode(text: str) -> Result:
    return quote_plus(text)


@function("yamldecode", STRING, scoped=True)
def _yamldecode(scope: Scope, text: str) -> Result:
    scope.budget.spend(len(text))
    return decoded_yaml(text)


@function("yamlencode", Parameter(ANY, nullable=True), returns=STRING, scoped=True)
def _yamlencode(scope: Scope, value: Known) -> Result:
    return yaml_text(value, scope.budget)
