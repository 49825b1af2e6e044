"""What a function of the template language is: its parameters, its result and the code that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from packlint.evaluate.budget import LARGEST_TEXT
from packlint.evaluate.convert import convert, to_be_supplied
from packlint.evaluate.failure import Failed, NotKnown, TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.texts import normal
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

Result = Value | str | int | Decimal | bool
LIST = Type("list", ANY)
SET = Type("set", ANY)
STRINGS = Type("list", STRING)
_INTEGER_BITS = 63


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an argument is converted to; whether it may be null, or not known."""

    type: Type
    nullable: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of Packer's.

    `body` gets the data of string, number and bool parameters and the Known of all others, and returns data
    of the type `returns` or a Value. It may raise Failed, NotKnown and TooLarge. With `scoped` it gets the
    scope first. `shallow` tells that elements pass through with their own marks.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: Callable[..., Result]
    returns: Type
    rest: Parameter | None = None
    most: int | None = None
    shallow: bool = False
    scoped: bool = False

    def call(self, arguments: tuple[Value, ...], scope: Scope) -> Value:
        """The value of a call with these arguments."""
        wrong = self._wrong_count(len(arguments))
        if wrong:
            return Failure(f"`{self.name}` {wrong}", self.returns)
        scope.budget.weigh(*arguments)
        ready = [self._ready(*pair) for pair in zip(arguments, self._parameters(), strict=False)]
        marks: Value = Known(None)
        for value in arguments:
            marks = _marks(marks, value, self.shallow)
        missing = [value for value in ready if isinstance(value, Unknown)]
        failures = [value for value in missing if isinstance(value, Failure)]
        if missing:
            return replace((failures or missing)[0], type=self.returns, sensitive=marks.sensitive)
        result = self._computed([value for value in ready if not isinstance(value, Unknown)], scope)
        return result.marked(marks.sensitive, marks.default_of)

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

    def _ready(self, value: Value, parameter: Parameter) -> object:
        """An argument as the body takes it, or the Unknown that keeps the call from being computed."""
        if isinstance(value, Known) and value.to_be_supplied:
            return to_be_supplied(value)
        if isinstance(value, Unknown):
            return _Passed(value) if parameter.unknown and not isinstance(value, Failure) else value
        converted = convert(value, parameter.type)
        if isinstance(converted, Failure):
            return Failure(f"an argument of `{self.name}` does not fit: {converted.because}", self.returns)
        if isinstance(converted, Unknown):
            return converted
        if converted.data is None and not parameter.nullable:
            return Failure(f"an argument of `{self.name}` is null", self.returns)
        return converted.data if parameter.type in (STRING, NUMBER, BOOL) else converted

    def _computed(self, ready: list[object], scope: Scope) -> Value:
        given = [value.value if isinstance(value, _Passed) else value for value in ready]
        try:
            result = self.body(scope, *given) if self.scoped else self.body(*given)
            if isinstance(result, str):
                scope.budget.read(len(sized(result)))
                return Known(normal(result), STRING)
            value = _value(result)
            scope.budget.weigh(value)
        except Failed as failed:
            return Failure(f"`{self.name}` failed: {failed.reason}", self.returns)
        except NotKnown as missing:
            return replace(missing.unknown, type=self.returns)
        except TooLarge:
            if scope.budget.left < 0:
                raise
            return Unknown(f"`{self.name}` is too large to compute", self.returns)
        except UnicodeEncodeError:  # half of a surrogate pair, from a file name that is not UTF-8
            return Unknown(f"an argument of `{self.name}` is not text", self.returns)
        return value


@dataclass(frozen=True, slots=True)
class _Passed:
    """An unknown argument that the body is to see."""

    value: Unknown


def _value(result: Value | int | Decimal | bool) -> Value:
    if isinstance(result, Known | Unknown):
        return result
    return Known(result, BOOL if isinstance(result, bool) else NUMBER)


def _marks(marks: Value, value: Value, shallow: bool) -> Value:
    """The marks so far and those of a value; of all that it holds, unless `shallow`."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        marks = marks.marked(current.sensitive, current.default_of)
        if shallow or not isinstance(current, Known):
            continue
        if isinstance(current.data, tuple):
            waiting.extend(reversed(current.data))
        elif isinstance(current.data, Mapping):
            waiting.extend(current.data.values())
    return marks


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
    ) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        """Registers the decorated code as the body of a function."""

        def register(body: Callable[..., Result]) -> Callable[..., Result]:
            fixed = tuple(map(_parameter, parameters))
            rest_parameter = _parameter(rest) if rest else None
            self[name] = Function(name, fixed, body, returns, rest_parameter, most, shallow, scoped)
            return body

        return register


def _parameter(given: Type | Parameter) -> Parameter:
    return given if isinstance(given, Parameter) else Parameter(given)


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
    if isinstance(number, Decimal) or number.bit_length() > _INTEGER_BITS:
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
