"""A class of annotated names → frozen data in slots, with methods that are made when they are first called.

What `dataclasses` offers, as far as nouns need it, without what that costs at start: it compiles half a dozen
methods for each class when a module is imported, and a run makes objects of few of them (decision 0019).
"""

from __future__ import annotations

from _operator import attrgetter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, dataclass_transform, overload

C = TypeVar("C")

_MISSING: Any = object()
_FIELDS = "__record_fields__"


class Field:
    """One name of a record: how it is given, and whether it counts where two are compared or shown."""

    __slots__ = ("compare", "default", "factory", "init", "name", "repr", "type")

    def __init__(self, default: Any, factory: Any, init: bool, repr: bool, compare: bool) -> None:  # noqa: A002
        self.name = self.type = ""
        self.default, self.factory = default, factory
        self.init, self.repr, self.compare = init, repr, compare

    @property
    def required(self) -> bool:
        """Whether an object cannot be made without a value for it."""
        return self.default is _MISSING and self.factory is _MISSING


def field(
    *,
    default: Any = _MISSING,
    default_factory: Callable[[], Any] = _MISSING,
    init: bool = True,
    repr: bool = True,  # noqa: A002
    compare: bool = True,
) -> Any:
    """What is special about a name; the words are those of `dataclasses.field`."""
    return Field(default, default_factory, init, repr, compare)


def fields(thing: object) -> tuple[Field, ...]:
    """The fields of a record or of its class, those of its bases first."""
    found: dict[str, Field] = getattr(thing, _FIELDS)
    return tuple(found.values())


def is_record(thing: object) -> bool:
    """Whether it is a record, or the class of some."""
    return hasattr(thing, _FIELDS)


def replace(thing: C, /, **changes: Any) -> C:
    """Another one of the same class, with some values changed."""
    kind = type(thing)
    for it in getattr(kind, _FIELDS).values():
        if it.init and it.name not in changes:
            changes[it.name] = getattr(thing, it.name)
    return kind(**changes)


@overload
def record(kind: type[C], /) -> type[C]: ...
@overload
def record(*, frozen: bool = True, eq: bool = True) -> Callable[[type[C]], type[C]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    kind: type[C] | None = None, /, *, frozen: bool = True, eq: bool = True
) -> type[C] | Callable[[type[C]], type[C]]:
    """The class with its annotated names as slots.

    Objects compare by their values, or by identity without `eq`; without `frozen` they can be changed, and
    have no hash where they compare by values.
    """
    if kind is None:
        return lambda it: _made(it, frozen, eq)
    made: type[C] = _made(kind, frozen, eq)
    return made


def _made(kind: Any, frozen: bool, eq: bool) -> Any:
    names = dict(vars(kind))
    inherited: dict[str, Field] = {}
    for base in reversed(kind.__mro__[1:]):
        inherited |= vars(base).get(_FIELDS, {})
    own = _own_fields(names)
    every = inherited | own
    for name in ("__dict__", "__weakref__", *own):
        names.pop(name, None)
    names["__slots__"] = tuple(name for name in own if name not in inherited)
    names["__match_args__"] = tuple(name for name, it in every.items() if it.init)
    names[_FIELDS] = every
    names.setdefault("__repr__", _shown)
    if eq:
        names |= _comparing(names, [name for name, it in every.items() if it.compare], frozen)
    if frozen:
        names |= {"__setattr__": _refuse_setting, "__delattr__": _refuse_deleting}
    made = type(kind)(kind.__name__, kind.__bases__, names)
    made.__qualname__ = kind.__qualname__
    made.__init__ = _first(made)
    return made


def _own_fields(names: Mapping[str, Any]) -> dict[str, Field]:
    found = {}
    for name, type_ in names.get("__annotations__", {}).items():
        if not str(type_).startswith("ClassVar"):
            given = names.get(name, _MISSING)
            it = given if isinstance(given, Field) else Field(given, _MISSING, True, True, True)
            it.name, it.type = name, str(type_)
            found[name] = it
    return found


def _comparing(names: Mapping[str, Any], compared: list[str], frozen: bool) -> dict[str, Any]:
    values = attrgetter(*compared) if compared else lambda _: ()
    found: dict[str, Any] = {"_record_values": staticmethod(values)}
    if "__eq__" not in names:
        found["__eq__"] = _equal
    if names.get("__hash__") is None:  # Python puts None there where a class has an `__eq__` alone
        found["__hash__"] = _hashed if frozen else None
    return found


def _first(kind: Any) -> Callable[..., None]:
    """What makes the method that fills an object, when the first one of a class is made."""

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        kind.__init__ = made = _init(kind)
        made(self, *args, **kwargs)

    return first


def _init(kind: Any) -> Callable[..., None]:
    every: dict[str, Field] = getattr(kind, _FIELDS)
    known: dict[str, Any] = {"missing": _MISSING}
    parameters, body = [], []
    for name, it in every.items():
        if not it.init and it.required:
            continue  # `__post_init__` gives it
        value = name
        known[f"set_{name}"], known[f"default_{name}"], known[f"make_{name}"] = (
            getattr(kind, name).__set__,  # the slot itself: past what refuses to change an object
            it.default,
            it.factory,
        )
        if not it.init or it.factory is not _MISSING:
            value = f"make_{name}()" if it.factory is not _MISSING else f"default_{name}"
        if it.init and it.factory is not _MISSING:
            value += f" if {name} is missing else {name}"
            parameters.append(f"{name}=missing")
        elif it.init:
            parameters.append(name if it.required else f"{name}=default_{name}")
        body.append(f" set_{name}(self, {value})")
    if hasattr(kind, "__post_init__"):
        body.append(" self.__post_init__()")
    text = "\n".join((f"def __init__({', '.join(('self', *parameters))}):", *(body or [" pass"])))
    exec(text, known)  # the names are those of our own classes
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made


def _shown(self: Any) -> str:
    shown = (f"{it.name}={getattr(self, it.name)!r}" for it in fields(self) if it.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = self._record_values
    return values(self) == values(other)


def _hashed(self: Any) -> int:
    return hash(self._record_values(self))


def _refuse_setting(self: object, name: str, value: object) -> None:
    raise AttributeError(f"cannot assign to `{name}` of a {type(self).__name__}")


def _refuse_deleting(self: object, name: str) -> None:
    raise AttributeError(f"cannot delete `{name}` of a {type(self).__name__}")
