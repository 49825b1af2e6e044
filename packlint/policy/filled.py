"""Components in lists of builds and templates → the same with null for what only others of a kind have."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache

from packlint.catalog import SHIPPED, Kind, properties, shipped
from packlint.policy.policy import Target
from packlint.record import field, record
from packlint.value import NULL, OTHERS, Known, Value


@record
class _Inner:
    """What the objects of a list are: components of a `kind`, and the lists that they have themselves."""

    kind: Kind | None
    lists: Mapping[str, _Inner] = field(default_factory=dict)


_STEPS = {"provisioners": _Inner("provisioner"), "post_processors": _Inner("post-processor")}
_BUILD = {**_STEPS, "instances": _Inner("builder", _STEPS)}
_TEMPLATE = {"sources": _Inner("builder"), "data": _Inner("data-source"), "builds": _Inner(None, _BUILD)}
_LISTS: Mapping[Target, Mapping[str, _Inner]] = {"build": _BUILD, "template": _TEMPLATE}


def filled(value: Known, target: Target, names: AbstractSet[str]) -> Known:
    """The value of a build or a template with null for each of the `names` that a component in it lacks.

    So a policy may ask a list of steps of all types for a `script`. What is in no schema of the kind stays
    away, and so does what may be in an object of which not all is known.
    """
    lists = _LISTS.get(target)
    return _object(value, _Inner(None, lists), names) if lists and names else value


def _object(value: Known, what: _Inner, names: AbstractSet[str]) -> Known:
    if not isinstance(value.data, Mapping) or OTHERS in value.data:
        return value
    changed: dict[str, Value] = {}
    if what.kind is not None:
        changed |= dict.fromkeys(sorted((names & _names(what.kind)) - value.data.keys()), NULL)
    for name, inner in what.lists.items():
        before = value.data.get(name)
        after = _list(before, inner, names)
        if after is not None and after is not before:
            changed[name] = after
    return Known({**value.data, **changed}).marked(value.sensitive) if changed else value


def _list(value: Value | None, what: _Inner, names: AbstractSet[str]) -> Value | None:
    if not isinstance(value, Known) or not isinstance(value.data, tuple):
        return value
    items = tuple(_object(it, what, names) if isinstance(it, Known) else it for it in value.data)
    same = all(before is after for before, after in zip(value.data, items, strict=True))
    return value if same else Known(items).marked(value.sensitive)


@cache
def _names(kind: Kind) -> frozenset[str]:
    """The arguments that any known component of a kind has."""
    schemas = (shipped(kind, type_) for type_ in SHIPPED.types(kind))
    return frozenset(name for schema in schemas if schema is not None for name in properties(schema))
