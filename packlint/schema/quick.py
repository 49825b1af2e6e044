"""A JSON Schema and an instance with unknowns → whether nothing is certainly wrong, without jsonschema.

It says so or nothing: whatever it has no exact rule for, and all that may be wrong, is for the `Judge`. The
verdicts are those of the same keywords there. A part of a schema is read when an instance first comes to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packlint.schema import scalars
from packlint.schema.instance import OF_TYPE, Open, OpenList, equal, every, some, types_of
from packlint.schema.verdict import LOGICAL, says_nothing
from packlint.value import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

Check: TypeAlias = "Callable[[Any], bool | None]"
"""An instance → whether it is certainly valid (True), certainly not (False) or neither (None)."""


FEW = 8
"""Fewer properties than these are looked for in an instance, and not its members among them."""


class _Doubt(Exception):  # noqa: N818
    """There is no rule here for what would have to be told."""


class Quick:
    """Looks at instances by one schema of draft 2020-12 which is not `refused`."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._check = _Reading(schema).checked(schema)

    def fits(self, instance: Any) -> bool:
        """Whether a `Judge` would certainly find no violation; if not, it has to be asked."""
        try:
            return self._check(instance) is not False
        except (_Doubt, RecursionError):
            return False


class _Checks(dict[str, Check]):
    """The checks of subschemas by their names, made when they are first asked for."""

    def __init__(self, reading: _Reading, schemas: Mapping[str, Any]) -> None:
        super().__init__()
        self.reading, self.schemas = reading, schemas

    def __missing__(self, name: str) -> Check:
        self[name] = self.reading.checked(self.schemas[name])
        return self[name]


class _Reading:
    """Makes checks of a schema and of the parts of it."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.targets: dict[str, Check] = {}

    def checked(self, schema: Any) -> Check:
        """The check of a schema: of all its keywords."""
        if isinstance(schema, bool):
            return _always if schema else _never
        if len(schema) == 2 and (name := _demanded(schema)) is not None:
            return _given(name, self.checked(schema["properties"][name]))
        logical: list[Check] = []
        plain: list[Check] = []
        for word, value in schema.items():
            if word not in _SILENT and not word.startswith("x-"):
                (logical if word in LOGICAL else plain).append(self._keyword(word, value, schema))
        if len(plain) + len(logical) == 1 and (logical or "type" in schema or "enum" in schema):
            return (*plain, *logical)[0]
        return _together(plain, logical) if plain or logical else _always

    def _keyword(self, word: str, value: Any, schema: Mapping[str, Any]) -> Check:
        if word in _OWN:
            made: Check = _OWN[word](self, value, schema)
            return made
        if word not in DIRECT:
            return _doubt
        verdict = scalars.DECIDED[word]
        return lambda instance: verdict(None, value, instance, schema)

    def properties(self, parts: Any, schema: Mapping[str, Any]) -> Check:
        checks = _Checks(self, parts)
        few = len(parts) < FEW

        def check(instance: Any) -> bool | None:
            if not isinstance(instance, dict):
                return True
            verdict: bool | None = True
            for name in parts if few else instance:
                if name not in (instance if few else parts):
                    continue
                found = checks[name](instance[name])
                if found is False:
                    return False
                verdict = verdict and found
            if verdict and isinstance(instance, Open):
                unseen = (part for name, part in parts.items() if name not in instance)
                return True if all(map(says_nothing, unseen)) else None
            return verdict

        return check

    def additional(self, part: Any, schema: Mapping[str, Any]) -> Check:
        named = schema.get("properties", {}).keys()
        inner = self.checked(part)
        if "patternProperties" in schema:
            return _doubt

        def check(instance: Any) -> bool | None:
            if not isinstance(instance, dict):
                return True
            verdict: bool | None = True
            if not instance.keys() <= named:
                verdict = every(inner(member) for name, member in instance.items() if name not in named)
            return None if verdict and isinstance(instance, Open) and not says_nothing(part) else verdict

        return check

    def required(self, names: Any, schema: Mapping[str, Any]) -> Check:
        def check(instance: Any) -> bool | None:
            if isinstance(instance, dict):
                for name in names:
                    if name not in instance:
                        return None if isinstance(instance, Open) else False
            return True

        return check

    def items(self, part: Any, schema: Mapping[str, Any]) -> Check:
        inner = self.checked(part)
        if "prefixItems" in schema:
            return _doubt

        def check(instance: Any) -> bool | None:
            if not isinstance(instance, list):
                return True
            verdict = every(map(inner, instance))
            return None if verdict and isinstance(instance, OpenList) and not says_nothing(part) else verdict

        return check

    def contains(self, part: Any, schema: Mapping[str, Any]) -> Check:
        inner = self.checked(part)
        if "minContains" in schema or "maxContains" in schema:
            return _doubt

        def check(instance: Any) -> bool | None:
            if not isinstance(instance, list):
                return True
            verdict = some(map(inner, instance))
            return None if verdict is False and isinstance(instance, OpenList) else verdict

        return check

    def type(self, wanted: Any, schema: Mapping[str, Any]) -> Check:
        names = {wanted} if isinstance(wanted, str) else {*wanted}
        known = {kind: not names.isdisjoint(of) for kind, of in OF_TYPE.items()}

        def check(instance: Any) -> bool | None:
            found = known.get(type(instance))
            if found is None:
                return None if isinstance(instance, Unknown) else not names.isdisjoint(types_of(instance))
            return found

        return check

    def enum(self, values: Any, schema: Mapping[str, Any]) -> Check:
        texts = frozenset(value for value in values if isinstance(value, str))
        alike = {
            kind: [value for value in values if isinstance(value, of)]
            for kind, of in ((bool, bool), (list, list), (OpenList, list), (dict, dict), (Open, dict))
        }

        def check(instance: Any) -> bool | None:
            if isinstance(instance, str):
                return instance in texts
            if isinstance(instance, Unknown):
                return None
            return some(equal(instance, value) for value in alike.get(type(instance), values))

        return check

    def all_of(self, parts: Any, schema: Mapping[str, Any]) -> Check:
        checks = [self.checked(part) for part in parts]

        def check(instance: Any) -> bool | None:
            verdict: bool | None = True
            for each in checks:
                found = each(instance)
                if found is False:
                    return False
                verdict = verdict and found
            return verdict

        return check

    def any_of(self, parts: Any, schema: Mapping[str, Any]) -> Check:
        checks = [self.checked(part) for part in parts]

        def check(instance: Any) -> bool | None:
            verdict: bool | None = False
            for each in checks:
                found = each(instance)
                if found:
                    return True
                verdict = None if found is None else verdict
            return verdict

        return check

    def one_of(self, parts: Any, schema: Mapping[str, Any]) -> Check:
        checks = [self.checked(part) for part in parts]

        def check(instance: Any) -> bool | None:
            verdicts = [each(instance) for each in checks]
            sure = verdicts.count(True)
            possible = len(verdicts) - verdicts.count(False)
            if sure > 1 or not possible:
                return False
            return True if sure == possible else None

        return check

    def denied(self, part: Any, schema: Mapping[str, Any]) -> Check:
        inner = self.checked(part)

        def check(instance: Any) -> bool | None:
            verdict = inner(instance)
            return None if verdict is None else not verdict

        return check

    def condition(self, part: Any, schema: Mapping[str, Any]) -> Check:
        asked, then, otherwise = map(self.checked, (part, schema.get("then", True), schema.get("else", True)))

        def check(instance: Any) -> bool | None:
            verdict = asked(instance)
            if verdict is not None:
                return (then if verdict else otherwise)(instance)
            one, other = then(instance), otherwise(instance)
            return one if one is other else None

        return check

    def reference(self, reference: Any, schema: Mapping[str, Any]) -> Check:
        """Only a plain way through objects is followed, each once: a schema may refer to itself."""
        if not reference.startswith("#/") or any(letter in reference for letter in "~%"):
            return _doubt

        def check(instance: Any) -> bool | None:
            if reference not in self.targets:
                target: Any = self.root
                for name in reference[2:].split("/"):
                    if not isinstance(target, Mapping) or name not in target:
                        raise _Doubt
                    target = target[name]
                self.targets[reference] = self.checked(target)
            return self.targets[reference](instance)

        return check


_OWN: Mapping[str, Callable[[_Reading, Any, Mapping[str, Any]], Check]] = {
    "properties": _Reading.properties,
    "additionalProperties": _Reading.additional,
    "required": _Reading.required,
    "items": _Reading.items,
    "contains": _Reading.contains,
    "type": _Reading.type,
    "enum": _Reading.enum,
    "allOf": _Reading.all_of,
    "anyOf": _Reading.any_of,
    "oneOf": _Reading.one_of,
    "not": _Reading.denied,
    "if": _Reading.condition,
    "$ref": _Reading.reference,
}
"""Keywords, and what makes the checks of them here."""

DIRECT = frozenset(
    {
        *("const", "format", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties"),
        *("maxProperties", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    }
)
"""Keywords whose verdict asks jsonschema nothing."""

_SILENT = frozenset(
    {"$schema", "$comment", "$defs", "title", "description", "default", "deprecated", "then", "else"}
)
"""Words that ask nothing by themselves; those that begin with `x-` are packlint's own annotations."""


def _always(instance: Any) -> bool | None:
    return True


def _never(instance: Any) -> bool | None:
    return False


def _doubt(instance: Any) -> bool | None:
    raise _Doubt


def _demanded(schema: Mapping[str, Any]) -> str | None:
    """The one argument of which a schema says that it is there, and what it is; most conditions do that."""
    names, parts = schema.get("required", ()), schema.get("properties", ())
    return names[0] if len(names) == len(parts) == 1 and names[0] in parts else None


def _given(name: str, inner: Check) -> Check:
    """The check of an argument that has to be there."""

    def check(instance: Any) -> bool | None:
        if not isinstance(instance, dict):
            return None if isinstance(instance, Unknown) else True
        if name not in instance:
            return None if isinstance(instance, Open) else False
        return inner(instance[name])

    return check


def _together(plain: list[Check], logical: list[Check]) -> Check:
    """The check of several keywords; those that ask about an instance itself tell nothing of an unknown."""

    def check(instance: Any) -> bool | None:
        verdict: bool | None = True
        if isinstance(instance, Unknown):
            verdict = None if plain else True
        else:
            for each in plain:
                found = each(instance)
                if found is False:
                    return False
                verdict = verdict and found
        for each in logical:
            found = each(instance)
            if found is False:
                return False
            verdict = verdict and found
        return verdict

    return check
