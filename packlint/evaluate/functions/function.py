"""What a function of the template language is: its parameters, its result and the code that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from packlint.document import Range
from packlint.evaluate.budget import LARGEST_TEXT
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.giving_up import TOO_LARGE, Failed, NotKnown, TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.evaluate.types import type_of
from packlint.record import record, replace
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Unknown, Value, others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import TypeAlias

Evaluate = Callable[[Expression, Scope], Value]
"""What computes an expression in a scope, within its budget."""

Result: TypeAlias = "Value | str | int | Decimal | bool"
LIST = Type("list", ANY)
SET = Type("set", ANY)
STRINGS = Type("list", STRING)
_INTEGER_BITS = 63
_BARE_NULL = "the type of null is not known"


class Wrong(Failed):
    """One of several arguments does not fit; `argument` counts from 0."""

    def __init__(self, argument: int, reason: str) -> None:
        super().__init__(reason)
        self.argument = argument


@record
class Parameter:
    """What an argument is converted to; whether it may be null, or not known.

    `untyped` tells that Packer computes nothing while the type of the argument is not known.
    """

    type: Type
    nullable: bool = False
    unknown: bool = False
    untyped: bool = False


@record
class Function:
    """A function of Packer's.

    `body` gets the data of string, number and bool parameters and the Known of all others, and returns data
    of the type `returns` or a Value. It may raise Failed, Wrong, NotKnown and TooLarge. With `scoped` it gets
    the scope first, with `evaluating` before it what evaluates expressions. `shallow` tells that elements
    pass through with their own marks. `typed` gets the converted arguments, and tells the type of a result
    that is not known, or raises Failed.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[..., Result]
    returns: Type
    rest: Parameter | None = None
    most: int | None = None
    shallow: bool = False
    scoped: bool = False
    typed: Callable[..., Type] | None = None
    evaluating: bool = False

    def call(
        self,
        arguments: tuple[Value, ...],
        scope: Scope,
        places: Sequence[Range] = (),
        evaluate: Evaluate | None = None,
    ) -> Value:
        """The value of a call with these arguments; `places` tells where each of them stands."""
        if self.evaluating:
            if evaluate is None:
                return Unknown(f"`{self.name}` is not computed here", self.returns)
            ready_made = replace(self, body=partial(self.body, evaluate), evaluating=False)
            return ready_made.call(arguments, scope, places)
        wrong = self._wrong_count(len(arguments))
        if wrong:
            return Failure(f"`{self.name}` {wrong}", self.returns)
        scope.budget.weigh(*arguments)
        marks, failure = _surveyed(arguments, self.shallow)
        if failure:
            return replace(failure, type=self.returns).marked(marks.sensitive, marks.default_of)
        ready = [self._ready(*pair) for pair in zip(arguments, self._parameters(), strict=False)]
        result = self._result(ready, scope, places, marks.sensitive)
        return result.marked(marks.sensitive, marks.default_of)

    def _result(self, ready: list[Value], scope: Scope, places: Sequence[Range], secret: bool) -> Value:
        try:
            for number, value in enumerate(ready):
                if isinstance(value, Failure):
                    return replace(value, type=self.returns, range=value.range or _place(places, number))
            missing: Unknown | None = None
            for value, parameter in zip(ready, self._parameters(), strict=False):
                if parameter.untyped and type_of(value) == ANY:
                    return Unknown(value.because if isinstance(value, Unknown) else _BARE_NULL)
                if isinstance(value, Unknown) and not parameter.unknown:
                    missing = missing or value
            if missing:
                return replace(missing, type=self._type(ready))
            return self._computed(ready, scope, secret)
        except Failed as failed:
            blamed = failed.argument if isinstance(failed, Wrong) else 0 if len(ready) == 1 else None
            reason = "a sensitive argument does not fit" if secret else failed.reason
            place = None if blamed is None else _place(places, blamed)
            return Failure(f"`{self.name}` failed: {reason}", self.returns, range=place)

    def _type(self, ready: list[Value]) -> Type:
        """The type of a result that is not known."""
        return self.typed(*ready) if self.typed else self.returns

    def _wrong_count(self, count: int) -> str | None:
        least, most = len(self.parameters), self.most
        if self.rest is None:
            most = least
        if count < least or (most is not None and count > most):
            wanted = (
                f"{least}" if most == least else f"at least {least}" if count < least else f"at most {most}"
            )
            return (
                f"takes {wanted} argument{'' if wanted.endswith(' 1') or wanted == '1' else 's'}, not {count}"
            )
        return None

    def _parameters(self) -> Iterator[Parameter]:
        yield from self.parameters
        while self.rest:
            yield self.rest

    def _ready(self, value: Value, parameter: Parameter) -> Value:
        """An argument as its parameter takes it; a Failure where it does not fit."""
        if isinstance(value, Known) and value.to_be_supplied:
            value = replace(to_be_supplied(value), type=_lasting(type_of(value)))
        converted = convert(value, parameter.type)
        if parameter.unknown and isinstance(value, Unknown) and isinstance(converted, Unknown):
            converted = converted.beginning(value.begins) if value.begins else converted
        if isinstance(converted, Failure):
            return Failure(f"an argument of `{self.name}` does not fit: {converted.because}", self.returns)
        if isinstance(converted, Known) and converted.data is None and not parameter.nullable:
            return Failure(f"an argument of `{self.name}` is null", self.returns)
        return converted

    def _computed(self, ready: list[Value], scope: Scope, secret: bool) -> Value:
        given = [_given(*pair) for pair in zip(ready, self._parameters(), strict=False)]
        try:
            result = self.body(scope, *given) if self.scoped else self.body(*given)
            if isinstance(result, str):
                scope.budget.read(len(sized(result)))
                return Known(normal(result), STRING)
            value = _value(result)
            scope.budget.weigh(value)
        except NotKnown as missing:
            unknown = replace(missing.unknown, type=self._type(ready))
            return replace(unknown, because=f"`{self.name}` of a sensitive value") if secret else unknown
        except TooLarge:
            if scope.budget.left < 0:
                raise
            return Unknown(f"`{self.name}` is {TOO_LARGE}", self.returns)
        except UnicodeEncodeError:  # half of a surrogate pair, from a file name that is not UTF-8
            return Unknown(f"an argument of `{self.name}` is not text", self.returns)
        return value


def _place(places: Sequence[Range], number: int) -> Range | None:
    """Where an argument stands; what a list was expanded to stands where that does."""
    return places[min(number, len(places) - 1)] if places else None


def _lasting(type_: Type) -> Type:
    """The type that whatever is supplied in a value's place has: that of a literal tells nothing."""
    return ANY if type_.kind in ("tuple", "object") else type_


def _given(value: Value, parameter: Parameter) -> object:
    """An argument as the body takes it."""
    if isinstance(value, Known) and parameter.type in (STRING, NUMBER, BOOL):
        return value.data
    return value


def _value(result: Value | int | Decimal | bool) -> Value:
    if isinstance(result, Known | Unknown):
        return result
    return Known(result, BOOL if isinstance(result, bool) else NUMBER)


def _surveyed(arguments: Sequence[Value], shallow: bool) -> tuple[Value, Failure | None]:
    """The marks of the arguments, and of all that they hold unless `shallow`; the first failure in them."""
    marks: Value = Known(None)
    failure: Failure | None = None
    waiting = [*reversed(arguments)]
    outer = set(map(id, arguments)) if shallow else set()
    while waiting:
        current = waiting.pop()
        if not shallow or id(current) in outer:
            marks = marks.marked(current.sensitive, current.default_of)
        if isinstance(current, Failure):
            failure = failure or current
        elif isinstance(current, Known):
            waiting.extend(reversed(_held(current)))
    return marks, failure


def _held(value: Known) -> Sequence[Value]:
    if isinstance(value.data, tuple):
        return value.data
    return [*value.data.values()] if isinstance(value.data, Mapping) else ()


class Family(dict[str, Function]):
    """The functions of a family by name."""

    def function(
        self,
        name: str,
        *parameters: Type | Parameter,
        returns: Type = ANY,
        rest: Type | Parameter | None = None,
        most: int | None = None,
        shallow: bool = False,
        scoped: bool = False,
        typed: Callable[..., Type] | None = None,
        evaluating: bool = False,
    ) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        """Registers the decorated code as the body of a function."""

        def register(body: Callable[..., Result]) -> Callable[..., Result]:
            fixed = tuple(map(_parameter, parameters))
            rest_parameter = _parameter(rest) if rest else None
            self[name] = Function(
                name, fixed, body, returns, rest_parameter, most, shallow, scoped, typed, evaluating
            )
            return body

        return register


def _parameter(given: Type | Parameter) -> Parameter:
    return given if isinstance(given, Parameter) else Parameter(given, untyped=given == ANY)


def known(value: Value) -> Known:
    """A value that a computation needs; raises NotKnown."""
    if isinstance(value, Unknown):
        raise NotKnown(value)
    if value.to_be_supplied:
        raise NotKnown(to_be_supplied(value))
    return value


def whole(value: Value) -> Known:
    """A value that is known with all that it holds; raises NotKnown."""
    found = known(value)
    waiting: list[Value] = [found]
    while waiting:
        data = known(waiting.pop()).data
        if isinstance(data, tuple):
            waiting.extend(data)
        elif isinstance(data, Mapping):
            waiting.extend(data.values())
    return found


def seen(value: Value) -> Value:
    """A value of which all entries are seen; raises NotKnown for another one."""
    if (unseen := others(value)) is not None:
        raise NotKnown(unseen)
    return value


def items(value: Known, *kinds: str) -> tuple[Value, ...]:
    """The elements of a list, set or tuple; raises Failed for anything else, or for one not of `kinds`."""
    if not isinstance(value.data, tuple) or (kinds and value.type.kind not in (*kinds, "any")):
        raise Failed("a list is required")
    if value.type.kind == "set":
        whole(value)  # how many elements a set has depends on all of them
    return value.data


def entries(value: Known) -> Mapping[str, Value]:
    """The entries of a map or object; raises Failed for anything else."""
    if not isinstance(value.data, Mapping):
        raise Failed("a map is required")
    return value.data


def strings(value: Known) -> list[str]:
    """The elements of a list of strings; raises NotKnown, and Failed where one is null."""
    found: list[str] = []
    for item in items(value):
        data = known(item).data
        if not isinstance(data, str):
            raise Failed("an element is null")
        found.append(data)
    return found


def integer(number: int | Decimal) -> int:
    """A number that counts something; raises Failed where it is not whole."""
    if not isinstance(number, int) or number.bit_length() > _INTEGER_BITS:
        raise Failed("a whole number of 64 bits is required")
    return number


def sized(text: str) -> str:
    """A text that is not too large."""
    if len(text) > LARGEST_TEXT:
        raise TooLarge
    return text


def string_list(texts: list[str]) -> Known:
    """A list of strings."""
    return Known(tuple(Known(normal(text), STRING) for text in texts), STRINGS)
