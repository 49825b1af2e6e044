"""A class of annotated names → frozen data in slots, with methods that are made when they are first called.

What `dataclasses` offers, as far as nouns need it, without what that costs at start: it compiles half a dozen
methods for each class when a module is imported, and a run makes objects of few of them (decision 0019).
"""

from __future__ import annotations

from _operator import attrgetter
from collections.abc import Callable

from packlint.typed import dataclass_transform, overload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    C = TypeVar("C")

_MISSING: Any = object()
_GIVEN = "__record_given__"
"""Where a class has its names, each with what the text says of it: a default, a `Field` or nothing."""

_FIELDS = "__record_fields__"
_VALUES = {"g": "a{n}", "m": "given{n}() if a{n} is missing else a{n}", "M": "given{n}()", "s": "given{n}"}

CODES: dict[tuple[str, bool, bool], Any] = {}
"""What was compiled to fill objects, by the sorts of their fields; it may be kept between runs."""


class Field:
    """One name of a record: how it is given, and whether it counts where two are compared or shown."""

    __slots__ = ("compare", "default", "factory", "init", "name", "repr", "type")

    def __init__(self, default: Any, factory: Any, init: bool, repr: bool, compare: bool) -> None:  # noqa: A002
        self.name = self.type = ""
        self.default, self.factory = default, factory
        self.init, self.repr, self.compare = init, repr, compare


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
    return tuple(_every(thing if isinstance(thing, type) else type(thing)).values())


def is_record(thing: object) -> bool:
    """Whether it is a record, or the class of some."""
    return hasattr(thing, _GIVEN)


def replace(thing: C, /, **changes: Any) -> C:
    """Another one of the same class, with some values changed."""
    kind: Any = type(thing)
    for name in kind.__match_args__:
        if name not in changes:
            changes[name] = getattr(thing, name)
    made: C = kind(**changes)
    return made


@overload
def record(kind: type[C], /) -> type[C]: ...
@overload
def record(*, frozen: bool = True, eq: bool = True, guarded: bool = True) -> Callable[[type[C]], type[C]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    kind: type[C] | None = None, /, *, frozen: bool = True, eq: bool = True, guarded: bool = True
) -> type[C] | Callable[[type[C]], type[C]]:
    """The class with its annotated names as slots.

    Objects compare by their values, or by identity without `eq`; without `frozen` they can be changed, and
    have no hash where they compare by values. Where objects are made by the million, those that are not
    `guarded` take half the time: only the type checker then refuses to change them.
    """
    if kind is None:
        return lambda it: _made(it, frozen, eq, guarded)
    made: type[C] = _made(kind, frozen, eq, guarded)
    return made


def _made(kind: Any, frozen: bool, eq: bool, guarded: bool) -> Any:
    names = dict(vars(kind))
    inherited: dict[str, Any] = {}
    for base in kind.__mro__[-2:0:-1]:
        inherited |= vars(base).get(_GIVEN, {})
    said = names.get("__annotations__", {})
    own = {name: names.pop(name, _MISSING) for name, it in said.items() if not str(it).startswith("ClassVar")}
    every = inherited | own
    names.pop("__dict__", None)
    names.pop("__weakref__", None)
    names["__qualname__"] = kind.__qualname__
    plain = Field not in map(type, every.values())
    names["__slots__"] = tuple(name for name in own if name not in inherited) if inherited else tuple(own)
    names["__match_args__"] = tuple(
        every if plain else (name for name, it in every.items() if it.__class__ is not Field or it.init)
    )
    names[_GIVEN] = every
    names["__init__"] = _first
    names["__reduce__"] = _reduced
    names.setdefault("__repr__", _shown)
    if eq:
        compared = (
            every
            if plain
            else [name for name, it in every.items() if it.__class__ is not Field or it.compare]
        )
        names["_record_values"] = staticmethod(attrgetter(*compared) if compared else lambda _: ())
        names.setdefault("__eq__", _equal)
        if names.get("__hash__") is None:  # Python puts None there where a class has an `__eq__` alone
            names["__hash__"] = _hashed if frozen else None
    if frozen and guarded:
        names["__setattr__"], names["__delattr__"] = _refuse_setting, _refuse_deleting
    return type(kind)(kind.__name__, kind.__bases__, names)


def _every(kind: Any) -> dict[str, Field]:
    """The fields of a class by their names, made when somebody asks for them."""
    kept: dict[str, Field] | None = vars(kind).get(_FIELDS)
    if kept is None:
        types: dict[str, Any] = {}
        for base in reversed(kind.__mro__):
            types |= vars(base).get("__annotations__", {})
        kept = {}
        for name, given in getattr(kind, _GIVEN).items():
            kept[name] = it = given if isinstance(given, Field) else Field(given, _MISSING, True, True, True)
            it.name, it.type = name, str(types[name])
        setattr(kind, _FIELDS, kept)
    return kept


def _first(self: Any, *args: Any, **kwargs: Any) -> None:
    """Stands for what fills an object of a class, until the first one is made."""
    kind: Any = next(it for it in type(self).__mro__ if vars(it).get("__init__") is _first)
    kind.__init__ = made = _init(kind)
    made(self, *args, **kwargs)


def _init(kind: Any) -> Callable[..., None]:
    """The code for such fields, with the names of these: to compile it for each class takes far longer."""
    guarded = kind.__setattr__ is not object.__setattr__
    known: dict[str, Any] = {"missing": _MISSING}
    shape, renamed, parameters, defaults = "", {}, ["self"], []
    for name, given in getattr(kind, _GIVEN).items():
        sort, value = _sort_of(given) if given.__class__ is Field else ("g", given)
        n = len(shape)
        shape += sort
        if sort and guarded:  # the slot itself: past what refuses to change an object
            known[f"set{n}"] = getattr(kind, name).__set__
        elif sort:
            renamed[f"a{n}"] = name
        if sort == "g":
            parameters.append(name)
            if value is not _MISSING:
                defaults.append(value)
            elif defaults:
                raise TypeError(
                    f"{kind.__qualname__}: a field that must be given, {name}, follows one that need not"
                )
            continue
        known[f"given{n}"] = value
        if sort == "m":
            parameters.append(name)
            defaults.append(_MISSING)
    code = _code(shape, guarded, hasattr(kind, "__post_init__"))
    named = code.replace(
        co_varnames=tuple(parameters),
        co_names=tuple(renamed.get(it, it) for it in code.co_names),
        co_qualname=f"{kind.__qualname__}.__init__",
    )
    function: Any = type(_first)
    made: Callable[..., None] = function(named, known, "__init__", tuple(defaults))
    return made


def _sort_of(field: Field) -> tuple[str, Any]:
    """A letter with what it is given or made by: given, given or made, made, or always the same.

    There is no letter for what `__post_init__` gives.
    """
    if field.factory is not _MISSING:
        return "m" if field.init else "M", field.factory
    if field.init:
        return "g", field.default
    return "" if field.default is _MISSING else "s", field.default


def _code(shape: str, guarded: bool, more: bool) -> Any:
    """What fills an object with fields of these sorts."""
    key = shape, guarded, more
    if key not in CODES:
        lines = []
        for n, sort in enumerate(shape):
            value = _VALUES[sort].format(n=n)
            lines.append(f" set{n}(self, {value})" if guarded else f" self.a{n} = {value}")
        if more:
            lines.append(" self.__post_init__()")
        parameters = ("self", *(f"a{n}" for n, sort in enumerate(shape) if sort in "gm"))
        known: dict[str, Any] = {}
        exec("\n".join((f"def __init__({', '.join(parameters)}):", *(lines or [" pass"]))), known)
        CODES[key] = known["__init__"].__code__
    return CODES[key]


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


def _reduced(self: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _restored, (type(self), *(getattr(self, name) for name in getattr(self, _GIVEN)))


def _restored(kind: Any, *values: Any) -> Any:
    """The object that was pickled, as it was: nothing is worked out again."""
    made = object.__new__(kind)
    for name, value in zip(getattr(kind, _GIVEN), values, strict=True):
        getattr(kind, name).__set__(made, value)
    return made


def _refuse_setting(self: object, name: str, value: object) -> None:
    raise AttributeError(f"cannot assign to `{name}` of a {type(self).__name__}")


def _refuse_deleting(self: object, name: str) -> None:
    raise AttributeError(f"cannot delete `{name}` of a {type(self).__name__}")
