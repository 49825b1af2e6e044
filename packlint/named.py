"""A class of annotated names → a tuple with names, as `typing.NamedTuple` makes one, in a tenth of its time.

What `typing` makes is compiled for each class when a module is imported. Here the code that takes so
many values is compiled once, and has its names replaced.
"""

from __future__ import annotations

__all__ = ["NamedTuple"]

CODES: dict[int, Any] = {}
"""What was compiled to take so many values; it may be kept between runs."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:
    from collections import _tuplegetter as getter

    class Named(tuple):
        """What all of them have."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        def __repr__(self) -> str:
            shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(shown)})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _replace(self, **changes: Any) -> Named:
            """Another one, with some values changed."""
            return type(self)(**(dict(zip(self._fields, self, strict=True)) | changes))

    class Maker(type):
        """Makes the class of what is written in its body."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            """A plain class: it is made once, and has no bases of its own."""
            names = tuple(body.get("__annotations__", ()))
            given = [it for it in names if it in body]
            if bases != (_Body,) or given != list(names[len(names) - len(given) :]):
                raise TypeError(f"{name}: other bases, or a name without a default after one that has it")
            defaults = tuple(body[it] for it in given)
            body |= {it: getter(n, "") for n, it in enumerate(names)}
            body |= {"__slots__": (), "_fields": names, "__match_args__": names}
            body["__new__"] = _maker(f"{body['__qualname__']}.__new__", names, defaults)
            return type(name, (Named,), body)

    def _maker(name: str, names: tuple[str, ...], defaults: tuple[Any, ...]) -> Any:
        """The function that takes these names."""
        code = CODES.get(len(names))
        if code is None:
            taken = "".join(f"a{n}, " for n in range(len(names)))
            code = CODES[len(names)] = eval(f"lambda cls, {taken}: new(cls, ({taken}))").__code__
        named = code.replace(co_name="__new__", co_qualname=name, co_varnames=("_cls", *names))
        return type(_maker)(named, {"new": tuple.__new__}, "__new__", defaults)

    _Body = type.__new__(Maker, "NamedTuple", (), {})

    class NamedTuple:
        """What a class names as its base; it is none of its bases afterwards."""

        def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
            """Hands the body to the maker."""
            return (_Body,)

    NamedTuple = NamedTuple()
