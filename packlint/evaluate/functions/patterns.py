"""Text and regular expressions → matches (`cty/function/stdlib`, regexp.go and string_replace.go).

Go's RE2 is translated into Python's `re` where both mean the same; whatever else, and whatever might take
long to match, is not computed.
"""

from __future__ import annotations

import re

from packlint.evaluate.budget import LARGEST_COLLECTION
from packlint.evaluate.functions.function import Family, Parameter, Result, sized
from packlint.evaluate.functions.pattern import translated
from packlint.evaluate.giving_up import Failed, NotKnown, TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import object_type, tuple_type
from packlint.named import NamedTuple
from packlint.value import ANY, STRING, Known, Type, Unknown, Value

FAMILY = Family()
function = FAMILY.function

_NO_GROUP = 1000
_NULL = Known(None, STRING)


class _Ready(NamedTuple):
    pattern: re.Pattern[str]
    named: bool


def _compiled(scope: Scope, text: str, subject: str) -> _Ready:
    scope.budget.spend(len(text))
    pattern = translated(text, len(subject))
    scope.budget.spend(pattern.steps)
    compiled = re.compile(pattern.text, pattern.flags)
    if compiled.groupindex and len(compiled.groupindex) != compiled.groups:
        raise Failed("named and unnamed groups cannot be mixed")
    return _Ready(compiled, bool(compiled.groupindex))


def _captured(ready: _Ready, match: re.Match[str]) -> Known:
    """The whole match, or what the groups have matched."""
    if not ready.pattern.groups:
        return Known(normal(match[0]), STRING)
    values: list[Value] = [_NULL if text is None else Known(normal(text), STRING) for text in match.groups()]
    if ready.named:
        entries = {name: values[number - 1] for name, number in ready.pattern.groupindex.items()}
        return Known(entries, object_type(entries))
    return Known(tuple(values), tuple_type(values))


def _type_of(pattern: Value, *_: object) -> Type:
    """The type of a match, which the groups of the pattern tell."""
    text = pattern.data if isinstance(pattern, Known) else None
    if not isinstance(text, str):
        return ANY
    try:
        translation = translated(text, 0)
    except NotKnown:
        return ANY
    compiled = re.compile(translation.text, translation.flags)
    if not compiled.groups:
        return STRING
    if compiled.groupindex:
        return Type("object", attributes=tuple((name, STRING) for name in sorted(compiled.groupindex)))
    return Type("tuple", elements=(STRING,) * compiled.groups)


def _types_of(pattern: Value, *_: object) -> Type:
    return Type("list", _type_of(pattern))


_LITERAL = re.compile(r"\^(?:\((?:\?:)?)*((?:[A-Za-z0-9_ /:@-]|\\\.)+)([*?{+]?)")
"""How a pattern begins that matches at the beginning of a text alone, with what stands there."""


_UNSURE = re.compile(r"\||\)[*?{]")
"""What makes a beginning one of several, or none."""


def _matches_never(pattern: str, begins: str) -> bool:
    """Whether no text that begins so has a match, as far as the beginning of the pattern tells."""
    found = None if _UNSURE.search(pattern) else _LITERAL.match(pattern)
    if found is None or not begins:
        return False
    literal = found[1].replace("\\", "")
    literal = literal[:-1] if found[2] else literal  # of what is repeated there may be none
    return not (literal.startswith(begins) or begins.startswith(literal))


@function("regex", STRING, Parameter(STRING, unknown=True), scoped=True, typed=_type_of)
def _regex(scope: Scope, pattern: str, text: str | Unknown) -> Result:
    if isinstance(text, Unknown):
        if _matches_never(pattern, text.begins):
            raise Failed("the pattern does not match")
        raise NotKnown(text)
    ready = _compiled(scope, pattern, text)
    match = ready.pattern.search(text)
    if not match:
        raise Failed("the pattern does not match")
    return _captured(ready, match)


@function("regexall", STRING, Parameter(STRING, unknown=True), scoped=True, typed=_types_of)
def _regexall(scope: Scope, pattern: str, text: str | Unknown) -> Result:
    if isinstance(text, Unknown):
        if _matches_never(pattern, text.begins):
            return Known((), _types_of(Known(pattern, STRING)))
        raise NotKnown(text)
    ready = _compiled(scope, pattern, text)
    found = [_captured(ready, match) for match in _matches(scope, ready, text)]
    element = _type_of(Known(pattern, STRING)) if ready.pattern.groups else STRING
    return Known(tuple(found), Type("list", element))


def _matches(scope: Scope, ready: _Ready, text: str) -> list[re.Match[str]]:
    """The matches that do not overlap; Go allows no empty one right after another one."""
    found: list[re.Match[str]] = []
    at, end = 0, -1
    while at <= len(text):
        scope.budget.spend(1 + ready.pattern.groups)
        match = ready.pattern.search(text, at)
        if not match:
            break
        if match.end() > at or match.start() != end:
            found.append(match)
        end = match.end()
        at = end if end > at else at + 1
        if len(found) > LARGEST_COLLECTION:
            raise TooLarge
    return found


@function("regex_replace", STRING, STRING, STRING, returns=STRING, scoped=True)
def _regex_replace(scope: Scope, text: str, pattern: str, by: str) -> Result:
    ready = _compiled(scope, pattern, text)
    parts, at = [], 0
    for match in _matches(scope, ready, text):
        parts.append(text[at : match.start()] + _expanded(ready, match, by, scope))
        at = match.end()
        scope.budget.read(len(parts[-1]))
    return sized("".join([*parts, text[at:]]))


def _expanded(ready: _Ready, match: re.Match[str], by: str, scope: Scope) -> str:
    """The replacement with `$1`, `${1}` and `$name` filled in; a group that is not there is empty."""
    if "$" in by and not by.isascii():
        raise NotKnown(Unknown("the replacement is not computed", STRING))

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        number = int(name[:9]) if name.isdigit() else ready.pattern.groupindex.get(name, _NO_GROUP)
        found = (match[number] or "") if number <= ready.pattern.groups else ""
        scope.budget.spend()
        scope.budget.read(len(found))
        return found

    return re.sub(r"\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})?", group, by)
