"""Values and types → conversions, unification and type constraints, by the rules of go-cty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from packlint.evaluate.convert import convert, type_of_expression, unify, with_defaults
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.syntax import Expression
from packlint.value import ANY, BOOL, NULL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

LIST = Type("list", STRING)
Parse = Callable[[str], Expression]

CONVERSIONS = [
    ('"5"', "number", 5),
    ('"1e3"', "number", 1000),
    ('".5"', "number", Decimal("0.5")),
    ("5", "string", "5"),
    ("0.1", "string", "0.1"),
    ("true", "string", "true"),
    ('"true"', "bool", True),
    ('"0"', "bool", False),
    ("[1, true]", "list(string)", ["1", "true"]),
    ('["b", "a", "b"]', "set(string)", ["a", "b"]),
    ("[10, 9, 1, 9]", "set(number)", [1, 9, 10]),
    ("[true, false]", "set(bool)", [False, True]),
    ("{a = 1}", "map(string)", {"a": "1"}),
    ("{a = 1, b = 2}", "object({a = string})", {"a": "1"}),
    ("{a = 1}", "object({a = string, b = optional(string)})", {"a": "1", "b": None}),
    ('[1, "2"]', "tuple([string, number])", ["1", 2]),
    ("null", "list(string)", None),
    ("[]", "list(string)", []),
    ('[1, "a"]', "list(any)", ["1", "a"]),
    ("1", "any", 1),
]


@pytest.mark.parametrize(("text", "type_", "expected"), CONVERSIONS)
def test_convert(
    text: str, type_: str, expected: object, expression: Parse, plain: Callable[[Value], Any]
) -> None:
    wanted = type_of_expression(expression(type_))
    assert wanted is not None
    assert plain(convert(value_of(expression(text), Scope({})), wanted)) == expected


REFUSED = [
    ('"x"', "number", "a number is required"),
    ('""', "number", "a number is required"),
    ('"True"', "bool", "a bool is required"),
    ("1", "bool", "a bool is required"),
    ("true", "number", "a number is required"),
    ('"a"', "list(string)", "a list of string is required"),
    ("[[1]]", "list(string)", "a string is required"),
    ("{}", "object({a = string})", 'attribute "a" is required'),
    ("[1]", "tuple([string, string])", "a tuple of 2 elements is required"),
    ("[1, [2]]", "list(any)", "all elements must have the same type"),
]


@pytest.mark.parametrize(("text", "type_", "reason"), REFUSED)
def test_convert_refuses(text: str, type_: str, reason: str, expression: Parse) -> None:
    wanted = type_of_expression(expression(type_))
    assert wanted is not None
    found = convert(value_of(expression(text), Scope({})), wanted)
    assert isinstance(found, Failure)
    assert found.because == reason


def test_convert_keeps_marks_and_unknowns() -> None:
    marked = Known(5, NUMBER, sensitive=True, default_of="size")
    assert convert(marked, STRING) == Known("5", STRING, sensitive=True, default_of="size")
    unknown = Unknown("why")
    assert convert(unknown, NUMBER) == Unknown("why", NUMBER)
    found = convert(Known((Known(1, NUMBER), unknown)), LIST)
    assert found == Known((Known("1", STRING), Unknown("why", STRING)), LIST)


def test_an_empty_default_that_does_not_fit_is_to_be_supplied() -> None:
    empty = Known("", STRING, default_of="size")
    found = convert(Known((empty,)), Type("list", NUMBER))
    assert isinstance(found, Known)
    assert found.items == (Unknown("`var.size` has an empty default: its value is to be supplied"),)
    assert convert(Known((), default_of="names"), LIST).to_be_supplied


def _object(**attributes: Type) -> Type:
    return Type("object", attributes=tuple(sorted(attributes.items())))


UNIFIED = [
    ((STRING, NUMBER), STRING),
    ((BOOL, STRING), STRING),
    ((NUMBER, BOOL), None),
    ((STRING, LIST), None),
    ((ANY, STRING), ANY),
    ((LIST, Type("list", NUMBER)), LIST),
    ((Type("tuple", elements=(STRING,)), Type("tuple")), LIST),
    ((Type("tuple", elements=(STRING,)), Type("list", NUMBER)), LIST),
    ((_object(a=STRING), _object(b=NUMBER)), Type("map", STRING)),
    ((_object(a=STRING), _object(a=NUMBER)), _object(a=STRING)),
    ((_object(a=STRING), Type("map", NUMBER)), Type("map", STRING)),
    ((_object(), Type("tuple")), None),
    ((NUMBER, NUMBER), NUMBER),
    ((), None),
]


@pytest.mark.parametrize(("types", "expected"), UNIFIED)
def test_unify(types: tuple[Type, ...], expected: Type | None) -> None:
    assert unify(types) == expected
    assert unify(reversed(types)) == expected


CONSTRAINTS = [
    ("string", STRING),
    ("any", ANY),
    ("list(string)", LIST),
    ("map(list(number))", Type("map", Type("list", NUMBER))),
    ("tuple([string, bool])", Type("tuple", elements=(STRING, BOOL))),
    ('object({b = number, "a" = string})', _object(a=STRING, b=NUMBER)),
    ("(set(any))", Type("set", ANY)),
    (
        "object({a = optional(string), b = optional(number, 5)})",
        Type("object", attributes=(("a", STRING), ("b", NUMBER)), optional=frozenset({"a", "b"})),
    ),
    ("strings", None),
    ('"string"', None),
    ("list", Type("list", ANY)),
    ("list(string, number)", None),
    ("object(string)", None),
    ("optional(string)", None),
    ("var.x", None),
]


@pytest.mark.parametrize(("text", "expected"), CONSTRAINTS)
def test_type_constraint(text: str, expected: Type | None, expression: Parse) -> None:
    assert type_of_expression(expression(text)) == expected


def test_defaults_of_optional_attributes(expression: Parse, plain: Callable[[Value], Any]) -> None:
    constraint = expression("list(object({a = string, b = optional(number, 5), c = optional(string)}))")
    given = value_of(expression('[{a = "x"}, {a = "y", b = null, c = "z"}, {a = "w", b = 1}]'), Scope({}))
    filled = with_defaults(given, constraint, lambda default: value_of(default, Scope({})))
    wanted = type_of_expression(constraint)
    assert wanted is not None
    assert plain(convert(filled, wanted)) == [
        {"a": "x", "b": 5, "c": None},
        {"a": "y", "b": 5, "c": "z"},
        {"a": "w", "b": 1, "c": None},
    ]
    assert with_defaults(NULL, constraint, lambda default: NULL) is NULL
