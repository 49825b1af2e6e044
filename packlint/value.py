"""Nouns for what an expression is worth: HCL's values and types, and honest unknowns.

The type system is go-cty's, as Packer uses it (reference: hashicorp/hcl, zclconf/go-cty).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.document import Range
from packlint.record import field, record, replace
from packlint.typed import overload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Literal, TypeAlias, TypeVar

    T = TypeVar("T", str, int, float, bool)
    Wanted: TypeAlias = type[T]
    """A Python type asked for by name: str, int, float or bool."""

Kind: TypeAlias = 'Literal["any", "string", "number", "bool", "list", "set", "map", "tuple", "object"]'


@record(eq=False)
class Type:
    """A type of HCL.

    `element` belongs to list, set and map; `elements` to tuple; `attributes` to object, whose `optional`
    names the attributes that may be left out. The hash is kept: types are as large as the values they are of,
    and are compared at every level of them.
    """

    kind: Kind
    element: Type | None = None
    elements: tuple[Type, ...] = ()
    attributes: tuple[tuple[str, Type], ...] = ()
    optional: frozenset[str] = frozenset()
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self._parts()))

    def _parts(self) -> tuple[object, ...]:
        return (self.kind, self.element, self.elements, self.attributes, self.optional)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Type) or self._hash != other._hash:
            return False
        return self._parts() == other._parts()

    def __str__(self) -> str:
        if self.kind in ("list", "set", "map"):
            return f"{self.kind}({self.element})"
        if self.kind == "tuple":
            return f"tuple([{', '.join(map(str, self.elements))}])"
        if self.kind == "object":
            return f"object({{{', '.join(f'{name}={type_}' for name, type_ in self.attributes)}}})"
        return self.kind


ANY = Type("any")
STRING = Type("string")
NUMBER = Type("number")
BOOL = Type("bool")


@record
class Known:
    """A value that is known without running anything.

    `data` is a str, bool, int or Decimal, None for null, a tuple of values for a list, set or tuple, and a
    dict of values for a map or object. `default_of` names the variable whose default gave the value: a var
    file or `-var` may replace it.
    """

    data: str | int | Decimal | bool | tuple[Value, ...] | Mapping[str, Value] | None
    type: Type = ANY
    sensitive: bool = False
    default_of: str | None = None

    @property
    def to_be_supplied(self) -> bool:
        """Whether this is the empty default of a variable: a place for a value that only a build has."""
        return self.default_of is not None and self.data in ("", None, (), {})

    @property
    def zero(self) -> bool:
        """Whether this is certainly one of Go's zero values, which components take for one not given."""
        return self.data in ("", None, 0, False, (), {}) and not self.to_be_supplied

    @property
    def text(self) -> str | None:
        """A string, or the digits of a whole number, which Packer's decoder takes for one."""
        number = self.known(int)
        return self.known(str) if number is None else str(number)

    @overload
    def known(self, wanted: Wanted[str]) -> str | None: ...
    @overload
    def known(self, wanted: Wanted[bool]) -> bool | None: ...
    @overload
    def known(self, wanted: Wanted[int]) -> int | None: ...
    @overload
    def known(self, wanted: Wanted[float]) -> float | None: ...
    def known(self, wanted: Wanted[T]) -> str | bool | int | float | None:
        """The data, if it is of the Python type asked for.

        None stands for everything else: another type, null, and an empty default that is to be supplied.
        `float` admits every number, `int` whole ones.
        """
        data = self.data
        if self.to_be_supplied or isinstance(data, bool) is not (wanted is bool):
            return None
        if wanted is float and data is not None and not isinstance(data, str | tuple | Mapping):
            return float(data)
        return data if isinstance(data, str | bool | int) and isinstance(data, wanted) else None

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The elements of a list, set or tuple that is not to be supplied."""
        return self.data if isinstance(self.data, tuple) and not self.to_be_supplied else None

    @property
    def entries(self) -> Mapping[str, Value] | None:
        """The entries of a map or object that is not to be supplied."""
        return self.data if isinstance(self.data, Mapping) and not self.to_be_supplied else None

    def marked(self, sensitive: bool = False, default_of: str | None = None) -> Known:
        """The same value with further marks; marks are never taken away."""
        if not (sensitive or default_of) or (self.sensitive >= sensitive and self.default_of):
            return self
        return Known(self.data, self.type, self.sensitive or sensitive, self.default_of or default_of)


@record
class Unknown:
    """A value that only a build can know; `because` says why, in words for the user.

    `begins` is how a text certainly begins; `replace` leaves it out, so that nothing made of this has it.
    """

    because: str
    type: Type = ANY
    sensitive: bool = False
    default_of: str | None = None
    begins: str = field(init=False, default="", compare=False)

    to_be_supplied = False
    zero = False
    text = None
    items = None
    entries = None

    def known(self, wanted: Wanted[T]) -> None:
        """None: nothing is known."""

    def beginning(self, text: str) -> Unknown:
        """The same as a text that begins so, up to what a component would render; not for a sensitive one."""
        written, rendered, _ = text.partition("{{")
        made = replace(self)
        if not self.sensitive:
            object.__setattr__(made, "begins", written.rstrip() if rendered else written)
        return made

    def marked(self, sensitive: bool = False, default_of: str | None = None) -> Unknown:
        """The same unknown, sensitive if either is."""
        return replace(self, sensitive=True) if sensitive and not self.sensitive else self


Fault: TypeAlias = 'Literal["value", "reference", "function", "template"]'
"""What is wrong where Packer would stop: a value that does not fit, a name that is not there, a function that
is not, a string that is no Go template."""


@record
class Failure(Unknown):
    """An unknown because Packer itself would stop here with an error: `try` and `can` see it as one.

    `range` is the innermost expression that cannot be evaluated; `default_of` names a variable whose default
    had a part in it.
    """

    range: Range | None = None
    fault: Fault = "value"

    def marked(self, sensitive: bool = False, default_of: str | None = None) -> Failure:
        """The same failure with further marks; marks are never taken away."""
        if not (sensitive or default_of) or (self.sensitive >= sensitive and self.default_of):
            return self
        return replace(self, sensitive=self.sensitive or sensitive, default_of=self.default_of or default_of)


Value = Known | Unknown


def held_by(values: Iterable[Value]) -> Iterator[Value]:
    """Some values and all that these hold, in order, each once."""
    seen: set[int] = set()
    for value in values:
        waiting = [value]
        while waiting:
            current = waiting.pop()
            if id(current) in seen:
                continue
            seen.add(id(current))
            yield current
            data = current.data if isinstance(current, Known) else None
            inner = tuple(data.values()) if isinstance(data, Mapping) else data
            waiting += reversed(inner) if isinstance(inner, tuple) else ()


_LEAVES = (str, int, bool)


def failures_in(values: Iterable[Value]) -> Iterator[Failure]:
    """The failures among some values and all that these hold, in order, each once."""
    # Most values are texts and numbers, which hold nothing.
    holding = (it for it in values if not (type(it) is Known and type(it.data) in _LEAVES))
    return (it for it in held_by(holding) if isinstance(it, Failure))


NULL = Known(None)

OTHERS = "\0others"
"""The key, which no template has, of what any further entry of an object is, where not all are seen."""


def others(value: Value) -> Unknown | None:
    """What any entry is worth that is not seen of an object; None where all of them are."""
    found = value.data.get(OTHERS) if isinstance(value, Known) and isinstance(value.data, Mapping) else None
    return found if isinstance(found, Unknown) else None
