"""Values and types → conversions, unification and type constraints, by the rules of go-cty."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from packlint.evaluate.constraints import refusal, type_of_expression, with_defaults
from packlint.evaluate.convert import convert
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.evaluate.types import unify
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
    ('"1p4"', "number", 16),
    ('"-1.5p-1"', "number", Decimal("-0.75")),
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
    ("[null, [2]]", "list(any)", "all elements must have the same type"),
    ('"1p"', "number", "a number is required"),
]


@pytest.mark.parametrize(("text", "type_", "reason"), REFUSED)
def test_convert_refuses(text: str, type_: str, reason: str, expression: Parse) -> None:
    wanted = type_of_expression(expression(type_))
    assert wanted is not None
    found = convert(value_of(expression(text), Scope({})), wanted)
    assert isinstance(found, Failure)
    assert found.because == reason


def test_a_refused_value_leaves_its_marks_on_the_failure() -> None:
    marked = Known("x", STRING, sensitive=True, default_of="size")
    for given in (marked, Unknown("why", LIST, sensitive=True, default_of="size")):
        found = convert(given, NUMBER)
        assert isinstance(found, Failure)
        assert (found.sensitive, found.default_of) == (True, "size")


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
    assert found.items == (Unknown("the default of `var.size` leaves it empty: a value is to be supplied"),)
    assert convert(Known((), default_of="names"), LIST).to_be_supplied


def _object(**attributes: Type) -> Type:
    return Type("object", attributes=tuple(sorted(attributes.items())))


UNIFIED = [
    ((STRING, NUMBER), STRING),
    ((BOOL, STRING), STRING),
    ((NUMBER, BOOL), None),
    ((STRING, LIST), None),
    ((ANY, STRING), STRING),
    ((ANY, LIST), ANY),
    ((Type("set", STRING), Type("list", NUMBER)), Type("list", NUMBER)),
    ((Type("set", STRING), Type("tuple", elements=(NUMBER,))), Type("set", STRING)),
    ((_object(a=STRING), Type("map", _object())), None),
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


REFUSED = {
    "strng": ("strng", "there is no type `strng`"),
    "optional": ("optional", "there is no type `optional`"),
    "list": ("list", "`list` needs the type of its elements"),
    "list(map)": ("map", "`map` needs the type of its elements"),
    "list()": ("list()", "`list` needs the type of its elements, and nothing else"),
    "set(any, any)": ("set(any, any)", "`set` needs the type of its elements, and nothing else"),
    "tuple": ("tuple", "`tuple` needs a list of types"),
    "tuple(string)": ("string", "`tuple` needs a list of types"),
    "tuple([for k in [1] : k])": ("[for k in [1] : k]", "`tuple` needs a list of types"),
    "tuple([any, strng])": ("strng", "there is no type `strng`"),
    "object([string])": ("[string]", "`object` needs its attributes with their types"),
    "object({ a = string, a = any })": ("a", "the attribute `a` is there already"),
    'object({ "a" = string })': ('"a"', "the name of an attribute is a plain word"),
    "object({ (a) = string })": ("(a)", "the name of an attribute is a plain word"),
    "object({ a.b = string })": ("a.b", "the name of an attribute is a plain word"),
    'object({ a = "string" })': ('"string"', "this is no type"),
    "object({ a = optional() })": ("optional()", "`optional` needs a type and perhaps a default"),
    "object({ a = optional(any, 1, 2) })": (
        "optional(any, 1, 2)",
        "`optional` needs a type and perhaps a default",
    ),
    "object({ a = optional(optional(any)) })": ("optional", "`optional` is only for attributes of `object`"),
    "optional(string)": ("optional", "`optional` is only for attributes of `object`"),
    "array(string)": ("array", "`array` makes no type"),
    "array()": ("array", "`array` makes no type"),
    "string()": ("string()", "`string` takes no arguments"),
    "any(1)": ("any(1)", "`any` takes no arguments"),
    '"list(string)"': ('"list(string)"', "this is no type"),
    "(string)": ("(string)", "this is no type"),
    "[string]": ("[string]", "this is no type"),
    "null": ("null", "this is no type"),
    "true": ("true", "this is no type"),
    "var.x": ("var.x", "this is no type"),
}
"""What HCL 2.24.0's `typeexpr.TypeConstraintWithDefaults` refuses → the place, and why."""

TAKEN = (
    *("string", "any", "list(any)", "list(string...)", "tuple([])", "tuple([string, any])", "object({})"),
    *("object({ null = string, true = bool })", "map(object({ a-b = set(number) }))"),
    'object({ a = optional(string), b = optional(list(string), ["x"]) })',
)
"""What it takes."""


@pytest.mark.parametrize("text", REFUSED)
def test_what_packer_takes_no_type_from(text: str, expression: Parse) -> None:
    found = refusal(expression(text))
    assert found is not None
    assert found.range is not None
    assert (found.range.text, found.because) == REFUSED[text]


@pytest.mark.parametrize("text", TAKEN)
def test_what_packer_takes_a_type_from(text: str, expression: Parse) -> None:
    assert refusal(expression(text)) is None
    assert type_of_expression(expression(text)) is not None


def test_only_a_variable_has_defaults_in_its_type(expression: Parse) -> None:
    assert refusal(expression("object({ a = optional(string) })"), defaults=False) is None
    found = refusal(expression("object({ a = optional(string, 1) })"), defaults=False)
    assert found is not None
    assert found.because == "`optional` needs a type and no default"


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
