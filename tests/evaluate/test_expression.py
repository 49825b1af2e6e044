"""Expressions → values, by tables written from HCL's specification."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from packlint.document import Document, Range
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.syntax import Expression, Parentheses, Tuple
from packlint.value import ANY, BOOL, NULL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

Evaluate = Callable[..., Value]
Plain = Callable[[Value], Any]
Names = dict[str, Value]

KNOWN = [
    # literals and templates
    ("1", 1),
    ("1.0", 1),
    ("1e3", 1000),
    ("0.1", Decimal("0.1")),
    ("null", None),
    ('"a${1}b${true}"', "a1btrue"),
    ('"${0.1}/${1.50}/${1e30}"', "0.1/1.5/1000000000000000000000000000000"),
    ('"${[1]}"', [1]),
    ('"%{if true}yes%{else}no%{endif}"', "yes"),
    ('"%{if false}yes%{endif}"', ""),
    ('"%{for i, x in ["a", "b"]}${i}${x} %{endfor}"', "0a 1b "),
    ('"cafe\u0301"', "caf\u00e9"),
    # operators
    ("1 + 2 * 3", 7),
    ("0.1 + 0.2 == 0.3", True),
    ('"1" + 2', 3),
    ("10 % 3", 1),
    ("-10 % 3", -1),
    ('-"5"', -5),
    ("!true", False),
    ('"2" < 10', True),
    ('1 == "1"', False),
    ("null == null", True),
    ('null == ""', False),
    ("[1, {a = 2}] == [1, {a = 2}]", True),
    ("[1] == convert([1], list(number))", False),
    # conditionals give both results one type
    ('true ? 1 : "a"', "1"),
    ("true ? [1] : []", [1]),
    ("false ? 1 : null", None),
    ('"true" ? 1 : 2', 1),
    # access
    ("[1, 2][1]", 2),
    ("[1, 2].1", 2),
    ('[1, 2]["1"]', 2),
    ("{a = 1}.a", 1),
    ('{"1" = 2}[1]', 2),
    ('{a = 1}[upper("a") == "A" ? "a" : "b"]', 1),
    # splats
    ("[{a = 1}, {a = 2}].*.a", [1, 2]),
    ("[{a = [1]}, {a = [2]}][*].a[0]", [1, 2]),
    ("null[*]", []),
    ("{a = 1}[*].a", [1]),
    # for
    ("[for x in [1, 2, 3]: x * 2 if x > 1]", [4, 6]),
    ('{for i, x in ["a", "b", "a"]: x => i...}', {"a": [0, 2], "b": [1]}),
    ('[for k, v in {b = 1, a = 2}: "${k}${v}"]', ["a2", "b1"]),
    ('[for x in convert(["b", "a", "b"], set(string)): x]', ["a", "b"]),
    # objects
    ('{a = 1, "b" = 2, (upper("c")) = 3, 4 = 5}', {"a": 1, "b": 2, "C": 3, "4": 5}),
    ("{a = 1, a = 2}", {"a": 2}),
    # calls
    ("max([1, 5, 3]...)", 5),
    ("try({}.a, [][0], 3)", 3),
    ("can({}.a)", False),
    ('can(convert("5", number))', True),
]


@pytest.mark.parametrize(("text", "expected"), KNOWN)
def test_value(text: str, expected: object, value: Evaluate, plain: Plain) -> None:
    found = plain(value(text))
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


FAILURES = [
    ("[1, 2][2]", "index 2 is out of range: there are 2 elements"),
    ("[1][-1]", "index -1 is out of range: there is 1 element"),
    ("[1][0.5]", "an index must be a whole number"),
    ('{a = 1}["b"]', 'there is no element "b"'),
    ("null.a", "asks for an attribute of null"),
    ('"abc".a', "asks for an attribute of a string"),
    ('"a${null}"', "null cannot stand in a string"),
    ('"a${[1]}"', "a tuple cannot stand in a string"),
    ('"a" < 2', "a number is required"),
    ("null + 1", "null is not a value to compute with"),
    ("true ? 1 : [1]", "have no type in common"),
    ("null ? 1 : 2", "the condition is null"),
    ("[for x in null: x]", "`for` cannot go through null"),
    ('{for x in ["a", "a"]: x => 1}', 'two elements give the key "a"'),
    ("{(null) = 1}", "null is not a key"),
    ("nowhere", "there is no `nowhere` here"),
    ("tostring(1)", "there is no function `tostring`"),
    ('env("HOME")', "`env` cannot be called here"),
    ('upper("a", "b")', "`upper` takes 1 argument, not 2"),
    ("join()", "`join` takes at least 1 argument, not 0"),
    ("range(1, 2, 3, 4)", "`range` takes at most 3 arguments, not 4"),
    ("upper([1])", "an argument of `upper` does not fit: a string is required"),
    ("upper(null)", "an argument of `upper` is null"),
    ('regex("a", "b")', "`regex` failed: the pattern does not match"),
    ("var.missing", "`var.missing` is not declared"),
    ("var.missing.deeper", "`var.missing` is not declared"),
    ("data.amazon-ebs.x", "`data.amazon-ebs` is not declared"),
    ("max({}...)", "`...` cannot expand an object"),
]


@pytest.mark.parametrize(("text", "reason"), FAILURES)
def test_what_packer_refuses(text: str, reason: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert reason in found.because


UNKNOWNS = [
    ("data.amazon-ami.base.id", "not known"),
    ("build.ID", "depends on `build.ID`"),
    ('build["ID"]', 'depends on `build["ID"]`'),
    ("[for x in [build.ID]: x][0]", "depends on `build.ID`"),
    ('"a-${build.ID}"', "depends on `build.ID`"),
    ("upper(build.ID)", "depends on `build.ID`"),
    ("var.region", "`var.region` has no default"),
    ("build.ID ? 1 : 2", "depends on `build.ID`"),
    ("try(build.ID, 1)", "depends on `build.ID`"),
    ("can(build.ID)", "depends on `build.ID`"),
    ("1 / 0", "division by zero"),
]


@pytest.mark.parametrize(("text", "reason"), UNKNOWNS)
def test_what_only_a_build_knows(text: str, reason: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert found.because == reason


CERTAIN = [
    ("convert(build.x, string).a", "`….a` asks for an attribute of a string"),
    ("convert(build.x, list(string)).a", "`….a` asks for an attribute of a list of string"),
    ("convert(build.x, number)[0]", "a number has no elements to choose by index"),
    ('convert(build.x, list(string))["a"]', "a number is required"),
    ("[for x in convert(build.x, string): x]", "`for` cannot go through a string"),
    ("convert(build.x, list(string)) + 1", "a number is required"),
    ("convert(build.x, string)[*].a", "`….a` asks for an attribute of a string"),
    ("[for x in convert(build.x, list(string)): x if 5]", "a bool is required"),
    ("convert(convert(null, string), list(string))", "`convert` failed: a list of string is required"),
    ("null && convert(null, list(string))", "a bool is required"),
]


@pytest.mark.parametrize(("text", "reason"), CERTAIN)
def test_a_type_may_be_enough_to_fail(text: str, reason: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert found.because == reason


LENIENT = [
    '"a${convert(build.x, list(string))}"',
    "convert(build.x, list(string)) ? 1 : 2",
    "convert(build.x, object({a = string})).b",
    "{for x in [1]: convert(build.x, list(string)) => x}",
    "convert(build.x, string)[build.y]",
    "build.x || nowhere",
    "build.x && nowhere",
    "build.x ? nowhere : 1",
    "try(build.x, nowhere)",
    "[for x in []: x if x.a]",
    "true || 1 == [for x in [1]: nowhere]",
    "build.x ? 0 : [for x in {a = 1}.*.n: x]",
    "build.x ? split(build.x, build.y) : [convert([nowhere], list(number))]",
    "build.x ? convert(null, string) : 1",
]


@pytest.mark.parametrize("text", LENIENT)
def test_what_packer_does_not_refuse_is_no_failure(text: str, value: Evaluate, names: Names) -> None:
    assert not isinstance(value(text, **names), Failure)


HIDDEN = [
    "length([nowhere])",
    "[nowhere, 1][1]",
    "{a = nowhere, b = 1}.b",
    "[for x in [nowhere]: 1]",
    '"${[1, nowhere][0]}"',
    "true && length([nowhere]) == 1",
    "length([nowhere]) == 1 && true",
    "false ? 1 : [1, nowhere][0]",
    "length([nowhere]) == 1 ? 1 : 2",
    "[nowhere][*]",
    "[{a = 1}, {a = nowhere}].*.a",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_what_fails_on_the_way_fails_as_a_whole(text: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert found.because == "there is no `nowhere` here"
    assert value(f"can({text})", **names) == Known(False, BOOL)
    assert value(f"try({text}, 5)", **names) == Known(5, NUMBER)
    assert value(f"length([true ? null : {text}])", **names) == Known(1, NUMBER)


PLACES = [
    ('1 + "x" * 2', '"x"'),
    ("null + 1", "null"),
    ("!(1 + 1)", "(1 + 1)"),
    ("-[1]", "[1]"),
    ('true && (1 + "x" == 2)', '"x"'),
    ('"a${[1]}b"', "[1]"),
    ('"a${null}b${1}"', "null"),
    ('"%{ if "x" }a%{ endif }"', '"x"'),
    ('"%{ for x in 1 }a%{ endfor }"', "1"),
    ('[1, "x" ? 1 : 2]', '"x"'),
    ("true ? [1] : 2", "[1] : 2"),
    ("[1, 2][1 + 1]", "1 + 1"),
    ("var.list[7].a.b", "var.list[7]"),
    ("var.missing.deeper", "var.missing"),
    ('var["missing"].deeper', 'var["missing"]'),
    ("data.amazon-ebs.x.id", "data.amazon-ebs"),
    ("nowhere.a.b", "nowhere"),
    ("upper(nowhere)", "nowhere"),
    ("upper([1])", "[1]"),
    ("convert([1], string)", "[1]"),
    ("convert(1, strin)", "strin"),
    ("max(null...)", "null"),
    ("{ (null) = 1 }", "(null)"),
    ("{ local.a = 1 }", "local.a"),
    ("[for x in 5: x]", "5"),
    ("[for x in [1]: x if 5]", "5"),
    ("[for x in []: x if 5]", "5"),
    ('{for x in ["a", "a"]: x => 1}', "x"),
    ("{for x in [[]]: x => 1}", "x"),
    ("convert(null, list(string))[*]", "convert(null, list(string))"),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_failure_is_where_the_fault_is(text: str, place: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    failures = [found] if isinstance(found, Failure) else [*found.items]
    ranges = [failure.range for failure in failures if isinstance(failure, Failure) and failure.range]
    assert [range_.text for range_ in ranges] == [place]


FAULTS = [
    ("nowhere", "reference"),
    ("var.missing", "reference"),
    ('var["missing"]', "reference"),
    ("var.missing.deeper + 1", "reference"),
    ("data.amazon-ebs", "reference"),
    ("upper(var.missing)", "reference"),
    ("var.list[9]", "value"),
    ("var.name.x", "value"),
    ("{a = 1}.b", "value"),
    ("1 + null", "value"),
    ("nofunction()", "function"),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_fault(text: str, fault: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert found.fault == fault


BLAMED = [
    ("var.name + 1", "name"),
    ("1 < var.name", "name"),
    ("!var.name", "name"),
    ("-var.name", "name"),
    ("var.name && true", "name"),
    ("var.name ? 1 : 2", "name"),
    ('"x${var.list}"', "list"),
    ("var.list[9]", "list"),
    ("[1][var.name]", "name"),
    ("var.name.x", "name"),
    ("[for x in var.name: x]", "name"),
    ("[for x in [1]: x if var.name]", "name"),
    ("{(var.list) = 1}", "list"),
    ("convert(var.name, number)", "name"),
    ("convert(var.list, number)", "list"),
    ("convert([var.name], list(number))", "name"),
    ("true ? convert(var.name, number) : 1", "name"),
    ("nowhere", None),
    ("1 + null", None),
]


@pytest.mark.parametrize(("text", "variable"), BLAMED)
def test_a_failure_names_the_default_that_led_to_it(
    text: str, variable: str | None, value: Evaluate, names: Names
) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert found.default_of == variable


SECRETS = [
    "{a = 1}[var.secret]",
    "{for x in [1, 2]: var.secret => x}",
    "[1][var.secret]",
    "var.secret + 1",
    "convert(var.secret, number)",
    '{a = 1}["${var.secret}"]',
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_failure_keeps_secrets(text: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Failure)
    assert "s3cret" not in found.because
    assert found.sensitive


def test_an_unknown_element_leaves_its_collection_known(value: Evaluate, plain: Plain, names: Names) -> None:
    tuple_, object_ = value("[1, build.ID]", **names), value("{a = 1, b = build.ID}", **names)
    assert plain(tuple_)[0] == 1
    assert isinstance(plain(tuple_)[1], Unknown)
    assert plain(object_)["a"] == 1
    assert isinstance(plain(object_)["b"], Unknown)
    assert plain(value("[1, build.ID][0]", **names)) == 1
    assert plain(value("length([1, build.ID])", **names)) == 2
    assert plain(value("concat([1], [build.ID])", **names))[0] == 1
    assert plain(value("{a = 1, b = build.ID}.a", **names)) == 1
    assert plain(value("[for x in [1, build.ID]: x]", **names))[0] == 1


SHORT_CIRCUITS = [
    ("build.x || true", True),
    ("true || build.x", True),
    ("build.x && false", False),
    ("false && build.x", False),
    ("nowhere || true", True),
    ("true || upper([])", True),
    ("build.x || false", None),
    ("true && build.x", None),
    ("build.x && build.y", None),
    ("null && build.x", False),
    ("build.x && null", False),
    ("build.x || null", None),
    ("nowhere && false", False),
    ("false && 1 + null > 1", False),
    ("true || length([nowhere]) == 1", True),
]


@pytest.mark.parametrize(("text", "expected"), SHORT_CIRCUITS)
def test_one_side_may_decide(text: str, expected: bool | None, value: Evaluate, names: Names) -> None:
    assert value(text, **names).known(bool) is expected


def test_equality_with_an_unknown(value: Evaluate, names: Names) -> None:
    assert isinstance(value("build.x == 1", **names), Unknown)
    assert isinstance(value("[build.x] == [1]", **names), Unknown)
    assert value("[build.x, 1] == [1, 2]", **names) == Known(False, BOOL)


TYPES = [
    ("1", NUMBER),
    ("null", ANY),
    ('["a", 1]', Type("tuple", elements=(STRING, NUMBER))),
    ('{b = 1, a = "x"}', Type("object", attributes=(("a", STRING), ("b", NUMBER)))),
    ('true ? ["a", "b"] : ["c"]', Type("list", STRING)),
    ('split(",", "a")', Type("list", STRING)),
    ("convert({}, map(string))", Type("map", STRING)),
    ('build.x ? "a" : 1', STRING),
    ("upper(build.x)", STRING),
    ("build.x + 1", NUMBER),
    ("-build.x", NUMBER),
    ("!build.x", BOOL),
    ("build.x < 1", BOOL),
    ("build.x == 1", BOOL),
    ("build.x && build.y", BOOL),
    ('"a${build.x}"', STRING),
    ('"%{ if build.x }a%{ endif }"', STRING),
    ('"%{ for x in build.x }a%{ endfor }"', STRING),
    ("build.x ? 1 : 2", NUMBER),
    ("build.x ? 1 : null", NUMBER),
    ("build.x ? [1] : []", Type("list", NUMBER)),
    ("build.x ? build.y : 1", ANY),
    ("true ? build.x : 1", ANY),
    ("[build.x, 1]", Type("tuple", elements=(ANY, NUMBER))),
    ("{a = build.x}", Type("object", attributes=(("a", ANY),))),
    ("{(build.x) = 1}", ANY),
    ("[for x in build.x: x]", ANY),
    ("[for x in [1]: x if build.x]", ANY),
    ("{for x in [1]: build.x => x}", ANY),
    ("build.x[*]", ANY),
    ("[1, build.x][*]", Type("tuple", elements=(NUMBER, ANY))),
    ("[1, 2][build.x]", ANY),
    ('split(",", "a")[build.x]', ANY),
    ('split(",", "a")[convert(build.x, number)]', STRING),
    ("split(build.x, build.y)", Type("list", STRING)),
    ("split(build.x, build.y)[0]", STRING),
    ("split(build.x, build.y)[*]", Type("list", STRING)),
    ("convert(build.x, list(string))", Type("list", STRING)),
    ("convert([build.x], list(string))", Type("list", STRING)),
    ('convert([build.x, "a"], list(any))', Type("list", STRING)),
    ("convert(build.x, map(number)).k", NUMBER),
    ("convert(build.x, tuple([string, bool]))[1]", BOOL),
    ("convert(build.x, object({a = string})).a", STRING),
    ("try(build.x, 1)", ANY),
    ("can(build.x)", BOOL),
    ("[for x in []: x][*]", Type("tuple")),
    ("convert([], list(object({a = number})))[*].a", Type("list", NUMBER)),
]


@pytest.mark.parametrize(("text", "type_"), TYPES)
def test_type(text: str, type_: Type, value: Evaluate, names: Names) -> None:
    assert value(text, **names).type == type_


SENSITIVE = [
    '"a-${var.secret}"',
    "upper(var.secret)",
    "[var.secret][0]",
    'var.secret == "x"',
    'var.secret == "s3cret" ? 1 : 2',
    "[for x in [var.secret]: x][0]",
    '"%{for x in [var.secret]}${x}%{endfor}"',
    "{(var.secret) = 1}",
    'join(",", ["a", var.secret])',
    "try(var.secret)",
    "length(var.secret)",
    'format("%s", var.secret)',
    "jsonencode({a = [var.secret]})",
    '"${var.secret}${build.ID}"',
]


@pytest.mark.parametrize("text", SENSITIVE)
def test_sensitive_spreads(text: str, value: Evaluate, names: Names) -> None:
    assert value(text, **names).sensitive


DEFAULTED = [
    ('"a-${var.name}"', "name"),
    ("upper(var.name)", "name"),
    ('var.name == "web"', "name"),
    ("var.on ? 1 : 2", "on"),
    ("true ? var.name : 1", "name"),
    ("var.list[0]", "list"),
    ("[for x in var.list: x]", "list"),
    ('join(",", var.list)', "list"),
    ('join(",", [var.name, "x"])', "name"),
    ('"${var.name}${var.list[0]}"', "name"),
    ("(var.name)", "name"),
    ('"${var.name}"', "name"),
    ("!var.on", "on"),
    ("true ? 1 : var.name", None),
    ('"a"', None),
    ("[var.name]", None),
]


@pytest.mark.parametrize(("text", "variable"), DEFAULTED)
def test_default_spreads(text: str, variable: str | None, value: Evaluate, names: Names) -> None:
    assert value(text, **names).default_of == variable


PASSED_ON = [
    "var.empty",
    "(var.empty)",
    '"${var.empty}"',
    'true ? var.empty : "x"',
    "[var.empty][0]",
    "{a = var.empty}.a",
    "var.nothing",
    "var.none",
]


@pytest.mark.parametrize("text", PASSED_ON)
def test_an_empty_default_is_passed_on(text: str, value: Evaluate, names: Names) -> None:
    assert value(text, **names).to_be_supplied


OPERATIONS = [
    ('"x${var.empty}"', "empty"),
    ('"x%{if true}${var.empty}%{endif}"', "empty"),
    ('var.empty == ""', "empty"),
    ("var.nothing == null", "nothing"),
    ('[var.empty] == [""]', "empty"),
    ("var.nothing ? 1 : 2", "nothing"),
    ("upper(var.empty)", "empty"),
    ("length(var.none)", "none"),
    ('coalesce(var.empty, "x")', "empty"),
    ('join(",", [var.empty])', "empty"),
    ("try(var.empty)", "empty"),
    ("convert(var.empty, number)", "empty"),
    ("[for x in var.none: x]", "none"),
    ("var.none[*]", "none"),
    ("var.none[0]", "none"),
    ("{a = 1}[var.empty]", "empty"),
    ("var.nothing + 1", "nothing"),
    ("-var.nothing", "nothing"),
    ("max(var.none...)", "none"),
    ("var.nothing.x", "nothing"),
]


@pytest.mark.parametrize(("text", "variable"), OPERATIONS)
def test_no_operation_on_an_empty_default(text: str, variable: str, value: Evaluate, names: Names) -> None:
    found = value(text, **names)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert found.because == f"the default of `var.{variable}` leaves it empty: a value is to be supplied"


def test_an_empty_default_does_not_keep_the_other_side_from_deciding(value: Evaluate, names: Names) -> None:
    assert value("var.nothing || true", **names).known(bool) is True


def test_functions_may_be_limited(value: Evaluate) -> None:
    none, some = Scope({}, functions=False), Scope({}, functions=frozenset({"env"}))
    assert value('upper("a")', none).because == "`upper` cannot be called here"
    assert value('upper("a")', some).because == "`upper` cannot be called here"
    assert not isinstance(value('env("A")', some), Failure)


def test_names_of_a_for_hide_others(value: Evaluate, plain: Plain) -> None:
    assert plain(value("[for var in [1]: var]", var=NULL)) == [1]
    assert plain(value("[for x in [1, 2]: [for x in [x * 10]: x]]", x=NULL)) == [[10], [20]]


HOSTILE = [
    "range(0, 1e9)",
    "pow(10, 1e9)",
    'format("%1000000000s", "")',
    'format("%.1000000000f", 1)',
    'indent(1e9, "a\\nb")',
    "[for a in range(1000): [for b in range(1000): [for c in range(1000): 1]]]",
    '"%{for a in range(1000)}%{for b in range(1000)}x%{endfor}%{endfor}"',
    "setproduct(range(1000), range(1000), range(1000))",
    "jsonencode([for i in range(1000): range(1000)])",
    'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
    "1e4000 * 1e4000",
    'replace(join("", [for i in range(1000): "aaaaaaaaaa"]), "a", join("", range(999)))',
    'parseint(join("", [for i in range(1000): "999999999"]), 10)',
    'jsondecode(join("", [for i in range(1000): "[[[[[["]))',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_expressions_end_soon(text: str, value: Evaluate) -> None:
    started = time.process_time()
    assert isinstance(value(text), Unknown)
    assert time.process_time() - started < 10


def test_values_that_share_their_parts_stop_growing(value: Evaluate) -> None:
    grown: Value = Known("ab", STRING)
    for _ in range(60):
        grown = value("[x, x]", x=grown)
        if isinstance(grown, Unknown):
            break
    assert grown == Unknown("too large to compute")


def test_deep_trees_do_not_raise() -> None:
    place = Range(Document("t.pkr.hcl", ""), 0, 0)
    tree: Expression = Tuple(place, ())
    for _ in range(100):
        tree = Parentheses(place, Tuple(place, (tree,)))
    assert isinstance(value_of(tree, Scope({})), Known)
    for _ in range(5000):
        tree = Parentheses(place, tree)
    assert value_of(tree, Scope({})) == Unknown("nested too deeply to compute")
