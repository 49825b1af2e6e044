"""The keywords about the elements of an array."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.schema.instance import OpenList, key_of
from packlint.schema.verdict import (
    Errors,
    Keyword,
    Verdict,
    decide,
    descend,
    says_nothing,
    undecided,
    unseen,
    violated,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _items(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    first = len(schema.get("prefixItems", ()))
    if not isinstance(instance, list):
        return ()
    if part is False and len(instance) > first:
        return violated("items", part, instance, schema)
    errors: list[Any] = []
    for index in range(first, len(instance)):
        errors += descend(validator, instance[index], part, index)
    return errors or unseen(OpenList, instance, part)


def _prefix_items(validator: Any, parts: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, list):
        return ()
    if isinstance(instance, OpenList):  # where an element stands is open as well
        return () if all(map(says_nothing, parts)) else undecided()
    errors: list[Any] = []
    for index, (element, part) in enumerate(zip(instance, parts, strict=False)):
        errors += descend(validator, element, part, index)
    return errors


def _contains(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, list):
        return ()
    verdicts = [decide(validator, element, part) for element in instance]
    sure = verdicts.count(True)
    possible = len(verdicts) - verdicts.count(False)
    further = isinstance(instance, OpenList)
    least, most = schema.get("minContains", 1), schema.get("maxContains")
    if most is not None and sure > most:
        return violated("maxContains", most, instance, schema)
    if possible < least and not further:
        keyword = "minContains" if possible else "contains"
        return violated(keyword, schema.get(keyword, least), instance, schema)
    return undecided() if sure < least or (most is not None and (further or possible > most)) else ()


def _unique_items(validator: Any, wanted: Any, instance: Any, schema: Mapping[str, Any]) -> bool | None:
    if not wanted or not isinstance(instance, list):
        return True
    keys = [key_of(element) for element in instance]
    known = [key for key in keys if key is not None]
    if len(set(known)) < len(known):
        return False
    decided = len(known) == len(keys) or len(keys) < 2
    return True if decided and not isinstance(instance, OpenList) else None


DESCENDING: dict[str, Keyword] = {
    "items": _items,
    "prefixItems": _prefix_items,
    "contains": _contains,
}

DECIDED: dict[str, Verdict] = {"uniqueItems": _unique_items}
