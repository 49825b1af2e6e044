"""A schema and an instance with unknowns → violations, compared with jsonschema over all completions."""

from __future__ import annotations

import itertools
import json
import socket
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packlint.schema import Judge, Open, OpenList, Quick, Violation, refused
from packlint.value import Unknown

ROOT = Path(__file__).resolve().parents[1]
U = Unknown("a test")
DIALECT = "https://json-schema.org/draft/2020-12/schema"
DURATION = "go-duration"
SET = {"not": {"enum": ["", 0, False, None, [], {}]}}


def violations(schema: Any, instance: Any) -> tuple[Violation, ...]:
    assert refused(schema) is None
    return Judge(schema).violations(instance)


def verdict(schema: Any, instance: Any) -> bool | None:
    """True if all completions are certainly valid, False if none is, else None."""
    wrong = bool(violations(schema, instance))
    shared = {"$defs": schema["$defs"]} if isinstance(schema, dict) and "$defs" in schema else {}
    right = bool(violations({"not": schema, **shared}, instance))
    assert not (wrong and right)
    return False if wrong else True if right else None


@pytest.mark.parametrize(
    ("schema", "instance", "expected"),
    [
        # An unknown satisfies everything, and violates nothing under `not` either.
        ({"type": "string"}, U, None),
        ({"title": "of no weight", "x-since": "v1"}, U, True),
        ({"not": {"type": "string"}}, U, None),
        ({"oneOf": [{"type": "string"}, {"type": "number"}]}, U, None),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, U, None),
        ({"anyOf": [{"type": "string"}, {}]}, U, True),
        ({"oneOf": [{}, {"title": "as well"}]}, U, False),
        ({"oneOf": [{}, {"type": "string"}]}, U, None),
        ({"oneOf": [False, {"type": "string"}]}, U, None),
        ({"properties": {"a": False}}, {"a": U}, False),
        ({"additionalProperties": False}, {"a": U}, False),
        ({"required": ["a"]}, {"a": U}, True),
        ({"required": ["a"]}, {}, False),
        ({"required": ["a"]}, Open(), None),
        ({"required": ["a"]}, Open(a=U), True),
        # enum and const compare element by element.
        ({"enum": ["a", 1]}, U, None),
        ({"enum": [["a", 1]]}, ["a", U], None),
        ({"enum": [["a", 1]]}, ["b", U], False),
        ({"enum": [["a", 1]]}, ["a", 1], True),
        ({"const": {"a": 1, "b": 2}}, {"a": 1, "b": U}, None),
        ({"const": {"a": 1, "b": 2}}, {"a": 2, "b": U}, False),
        ({"const": {"a": 1, "b": 2}}, {"a": 1}, False),
        ({"const": {"a": 1, "b": 2}}, Open(a=1), None),
        ({"const": {"a": 1, "b": 2}}, Open(c=1), False),
        ({"const": [1]}, OpenList([1]), None),
        ({"const": [1]}, OpenList([1, 2]), False),
        ({"enum": [1, 2]}, True, False),
        ({"enum": [1, 2]}, Decimal("1"), True),
        ({"enum": [1.0]}, 1, True),
        ({"const": 0.1}, Decimal("0.1"), True),
        ({"const": [True]}, [1], False),
        ({"const": {"a": False}}, {"a": 0}, False),
        # uniqueItems: a pair that is certainly equal.
        ({"uniqueItems": True}, [1, U], None),
        ({"uniqueItems": True}, [1, U, 1], False),
        ({"uniqueItems": True}, [U], True),
        ({"uniqueItems": True}, [1, True, "1"], True),
        ({"uniqueItems": True}, [1, Decimal("1.0")], False),
        ({"uniqueItems": True}, [{"a": 1, "b": U}, {"a": 1, "b": U}], None),
        ({"uniqueItems": True}, [{"a": 1, "b": [None]}, {"b": [None], "a": 1}], False),
        ({"uniqueItems": True}, OpenList([1]), None),
        ({"uniqueItems": True}, OpenList([1, 1]), False),
        # contains and its bounds count what is certain and what is possible.
        ({"contains": {"const": 1}}, [2, U], None),
        ({"contains": {"const": 1}}, [1, U], True),
        ({"contains": {"const": 1}}, [2], False),
        ({"contains": {"const": 1}}, OpenList([2]), None),
        ({"contains": {"const": 1}, "minContains": 2}, [1, 2, U], None),
        ({"contains": {"const": 1}, "minContains": 3}, [1, 2, U], False),
        ({"contains": {"const": 1}, "minContains": 0}, [2], True),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, U], None),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1, U], False),
        ({"contains": {"const": 1}, "maxContains": 1}, OpenList([1]), None),
        # Sizes of what is open.
        ({"minItems": 2}, OpenList([1]), None),
        ({"minItems": 1}, OpenList([1]), True),
        ({"maxItems": 1}, OpenList([1]), None),
        ({"maxItems": 1}, OpenList([1, U]), False),
        ({"minProperties": 1}, Open(), None),
        ({"minProperties": 1}, Open(a=U), True),
        ({"maxProperties": 1}, Open(a=U), None),
        ({"maxProperties": 1}, Open(a=U, b=U), False),
        # Places of what is open.
        ({"items": {"type": "string"}}, OpenList(["a"]), None),
        ({"items": {"type": "string"}}, OpenList([1]), False),
        ({"items": False}, OpenList(), None),
        ({"items": False}, [U], False),
        ({"prefixItems": [{"const": 1}]}, OpenList([2]), None),
        ({"prefixItems": [{"const": 1}]}, [2], False),
        ({"prefixItems": [True], "items": {"const": 1}}, OpenList([3, 2]), False),
        ({"properties": {"a": {"const": 1}}}, Open(), None),
        ({"properties": {"a": {"const": 1}}}, Open(a=1), True),
        ({"properties": {"a": {"const": 1}}}, Open(a=2), False),
        ({"patternProperties": {"^a": {"const": 1}}}, Open(), None),
        ({"patternProperties": {"^a": {"const": 1}}}, Open(ab=2), False),
        ({"propertyNames": {"pattern": "^a"}}, Open(a=U), None),
        ({"propertyNames": {"pattern": "^a"}}, {"a": U}, True),
        ({"propertyNames": {"pattern": "^a"}}, {"b": U}, False),
        ({"additionalProperties": {"type": "string"}}, Open(a=1), False),
        ({"additionalProperties": {"type": "string"}}, Open(a="b"), None),
        ({"dependentRequired": {"a": ["b"]}}, {"a": U}, False),
        ({"dependentRequired": {"a": ["b"]}}, {"a": U, "b": U}, True),
        ({"dependentRequired": {"a": ["b"]}}, Open(a=U), None),
        ({"dependentRequired": {"a": ["b"]}}, Open(), None),
        ({"dependentSchemas": {"a": {"minProperties": 2}}}, {"a": U}, False),
        ({"dependentSchemas": {"a": {"minProperties": 2}}}, Open(b=U), None),
        # Conditions that are open matter only where both sides agree.
        ({"if": {"const": 1}, "then": {"type": "string"}}, 1, False),
        ({"if": {"type": "string"}, "then": False}, U, None),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
            {"a": U},
            None,
        ),
        (
            {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
            {"a": U, "b": U},
            True,
        ),
        (
            {
                "if": {"properties": {"a": {"const": 1}}},
                "then": {"required": ["b"]},
                "else": {"required": ["c"]},
            },
            {"a": U},
            False,
        ),
        # Numbers as they are written.
        ({"type": "integer"}, Decimal("5"), True),
        ({"type": "integer"}, Decimal("5.00"), True),
        ({"type": "integer"}, Decimal("5.5"), False),
        ({"type": "integer"}, 5.0, True),
        ({"type": "integer"}, Decimal("1e999999"), True),
        ({"type": "integer"}, True, False),
        ({"type": "number"}, Decimal("5.5"), True),
        ({"type": ["string", "null"]}, None, True),
        ({"minimum": 0.1}, Decimal("0.1"), True),
        ({"maximum": 0.3}, Decimal("0.3"), True),
        ({"exclusiveMaximum": 0.3}, Decimal("0.3"), False),
        ({"exclusiveMinimum": 1}, Decimal("1.5"), True),
        ({"maximum": 5}, Decimal("1e999999"), False),
        ({"multipleOf": 0.1}, Decimal("0.3"), True),
        ({"multipleOf": 512}, Decimal("1024"), True),
        ({"multipleOf": 512}, 1000, False),
        ({"multipleOf": 3}, Decimal("1e999999"), None),
        ({"unevaluatedProperties": False}, {"a": U}, None),
        ({"properties": {"a": True}, "unevaluatedProperties": False}, {"a": 1}, True),
        ({"properties": {"a": True}, "unevaluatedProperties": False}, {"a": 1, "b": 2}, False),
        ({"prefixItems": [True], "unevaluatedItems": False}, [1, 2], False),
    ],
    ids=lambda value: str(value)[:60].partition("Unknown(")[0],
)
def test_three_verdicts(schema: Any, instance: Any, expected: bool | None) -> None:
    assert verdict(schema, instance) is expected
    opposite = None if expected is None else not expected
    assert verdict({"not": schema}, instance) is opposite
    assert verdict({"oneOf": [schema]}, instance) is expected
    assert verdict({"anyOf": [False, schema]}, instance) is expected
    assert verdict({"allOf": [True, schema]}, instance) is expected
    assert verdict({"if": schema, "else": False}, instance) is expected
    assert verdict({"$ref": "#/$defs/a", "$defs": {"a": schema}}, instance) is expected
    assert verdict({"properties": {"m": schema}}, {"m": instance}) is expected
    assert verdict({"items": {"x-of": 1, **schema}}, [instance]) is expected
    assert verdict({"dependentSchemas": {"m": {"properties": {"m": schema}}}}, {"m": instance}) is expected


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        *[
            (text, True)
            for text in ("0", "+0", "-1.5h30m", "300ms", "1h", ".5s", "5.s", "10µs", "10μs", "1m1m")
        ],
        *[(text, True) for text in ("2562047h47m16.854775807s", "-2562047h47m16.854775808s", "10μs", "01s")],
        *[(text, False) for text in ("", "5", "-", ".s", "1", "1 h", "1d", "h", "1h ", "1,5h", "٣s", "1M")],
        *[(text, False) for text in ("2562048h", "2562047h47m16.854775808s", "9" * 9999 + "s", "0.", "00")],
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_duration_is_what_go_parses(text: str, valid: bool) -> None:
    assert verdict({"format": DURATION}, text) is valid


def test_other_formats_are_not_judged() -> None:
    assert verdict({"format": "email"}, "nobody") is True
    assert verdict({"format": DURATION}, 5) is True
    assert verdict({"format": DURATION}, U) is None


def test_where_and_what_a_violation_is() -> None:
    disk = {
        "type": "object",
        "properties": {"size": {"type": "integer", "minimum": 1}, "id": {"type": "string"}},
        "required": ["size", "id"],
        "additionalProperties": False,
    }
    schema = {"properties": {"disk": {"type": "array", "items": disk}, "tags": {"enum": ["a"]}}}
    found = violations(schema, {"disk": [{"size": 0, "id": U}, {"wrong": 1, "sizes": 2}], "tags": U})
    assert [(each.keyword, each.path, each.names, each.limit) for each in found] == [
        ("minimum", ("disk", 0, "size"), (), 1),
        ("required", ("disk", 1), ("size", "id"), ["size", "id"]),
        ("additionalProperties", ("disk", 1), ("wrong", "sizes"), False),
    ]
    assert found[0].schema == {"type": "integer", "minimum": 1}
    assert found[0].instance == 0
    assert found[1].schema is disk


def test_the_schema_of_a_violation_at_the_root_is_the_one_given() -> None:
    schema = {"$schema": DIALECT, "required": ["a"]}
    (found,) = violations(schema, {})
    assert found.schema is schema


def test_a_rule_is_told_as_one() -> None:
    rule = {"x-rule": {"kind": "required_if"}, "if": {"required": ["a"]}, "then": {"required": ["b", "c"]}}
    block = {"properties": {"inner": {"type": "array", "items": {"allOf": [True, rule]}}}}
    (found,) = violations({"allOf": [{"allOf": [block]}]}, {"inner": [{"a": U}]})
    assert (found.keyword, found.path, found.names) == ("x-rule", ("inner", 0), ())
    assert found.limit == {"kind": "required_if"}
    assert found.schema is rule
    assert not violations({"allOf": [rule]}, Open(a=U))


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_alternatives_are_told_as_one(keyword: str) -> None:
    part = [{"properties": {"a": {"const": 1}}}, {"properties": {"a": {"const": 2}}}]
    (found,) = violations({keyword: part}, {"a": 3})
    assert (found.keyword, found.path, found.limit) == (keyword, (), part)


def test_an_undecided_condition_with_two_failing_sides_is_told_as_one() -> None:
    schema = {"if": {"properties": {"a": {"const": 1}}}, "then": False, "else": False}
    (found,) = violations({"properties": {"m": schema}}, {"m": {"a": U}})
    assert (found.keyword, found.path, found.limit) == ("if", ("m",), schema["if"])


def test_a_decided_condition_tells_what_fails_within() -> None:
    schema = {"if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}}
    (found,) = violations(schema, {"a": U, "b": 1})
    assert (found.keyword, found.path) == ("type", ("b",))


def test_set_means_given_and_not_empty() -> None:
    given_and_set = {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/set"}}, "$defs": {"set": SET}}
    for empty in ("", 0, Decimal("0"), False, None, [], {}):
        assert verdict(given_and_set, {"a": empty}) is False
    for full in ("a", 1, Decimal("0.5"), True, [U], {"k": U}):
        assert verdict(given_and_set, {"a": full}) is True
    for open_ in (U, Open(), OpenList()):
        assert verdict(given_and_set, {"a": open_}) is None


def test_references_lead_anywhere_within_the_schema() -> None:
    tree = {"type": "object", "properties": {"left": {"$ref": "#"}}, "required": ["name"]}
    (found,) = violations(tree, {"name": 1, "left": {"name": 1, "left": {}}})
    assert found.path == ("left", "left")
    anchored = {"$defs": {"a": {"$anchor": "text", "type": "string"}}, "items": {"$ref": "#text"}}
    assert violations(anchored, ["a", 1])
    dynamic = {"$dynamicAnchor": "node", "properties": {"n": {"$dynamicRef": "#node"}}, "maxProperties": 1}
    assert violations(dynamic, {"n": {"n": {"a": 1, "b": 2}}})
    by_place = {"properties": {"a/b": {"type": "string"}, "c": {"$ref": "#/properties/a~1b"}}}
    assert violations(by_place, {"c": 1})


def test_nesting_without_end_is_silent() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert (
        Judge({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}).violations(deep) == ()
    )
    assert Judge({"$ref": "#"}).violations(1) == ()


def test_a_hundred_levels_are_followed() -> None:
    inner: Any = {"wrong": 1}
    for _ in range(99):
        inner = {"next": [inner]}
    schema = {
        "properties": {"next": {"type": "array", "items": {"$ref": "#"}}},
        "additionalProperties": False,
    }
    (found,) = violations(schema, inner)
    assert found.names == ("wrong",)


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ([], "not an object"),
        ("{}", "not an object"),
        (True, "not an object"),
        ({"type": "text"}, "`type`"),
        ({"properties": {"a": {"required": "b"}}}, "`properties/a/required`"),
        ({"properties": {"a": 5}}, "`properties/a`"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "draft 2020-12"),
        ({"properties": {"a": {"$id": "https://example.com/a"}}}, "`$id`"),
        ({"properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}}, "`$schema`"),
        ({"items": {"$ref": "https://example.com/schema.json"}}, "elsewhere"),
        ({"items": {"$ref": "other.json#/$defs/a"}}, "elsewhere"),
        ({"items": {"$dynamicRef": "https://json-schema.org/draft/2020-12/schema"}}, "elsewhere"),
        ({"items": {"$ref": "#/$defs/absent"}}, "nowhere"),
        ({"items": {"$ref": "#absent"}}, "nowhere"),
        ({"items": {"$ref": "#/allOf/first"}, "allOf": [True]}, "nowhere"),
        ({"items": {"$ref": "#/x-text"}, "x-text": 5}, "no schema"),
        ({"items": {"$ref": "#/x-part"}, "x-part": {"pattern": "("}}, "regular expression"),
        ({"pattern": "(?<name>a)"}, "regular expression"),
        ({"not": {"patternProperties": {"[": True}}}, "regular expression"),
    ],
    ids=str,
)
def test_refused(schema: Any, text: str) -> None:
    assert text in str(refused(schema))


def test_not_refused() -> None:
    assert refused({}) is None
    assert (
        refused({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/a"})
        is None
    )
    assert refused({"properties": {"$id": {"type": "string"}, "$ref": {"type": "string"}}}) is None
    assert refused({"enum": [{"$ref": "https://example.com"}], "x-note": {"$ref": 5}}) is None
    assert refused({"properties": {"next": {"$ref": "#"}}}) is None


def test_a_schema_without_end_is_refused() -> None:
    schema: dict[str, Any] = {}
    for _ in range(50_000):
        schema = {"not": schema}
    assert refused(schema) == "it is nested too deeply"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket is opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    schema = {"properties": {"a": {"$ref": "http://example.com/a.json"}}}
    assert "elsewhere" in str(refused(schema))
    with pytest.raises(Exception, match=r"example\.com"):
        Judge(schema).violations({"a": 1})


SHIPPED = sorted((ROOT / "schemas").glob("*/*.json")) + sorted(
    (ROOT / "schemas").glob("alternates/*/*/*.json")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_schemas_are_usable(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    if "$schema" in schema:
        assert refused(schema) is None


# --- compared with jsonschema itself ---------------------------------------------------------------------

SCALARS = [None, True, False, 0, 1, 2, "", "a", "ab"]
NAMES = ["a", "b", "c"]
DOMAIN = [*SCALARS, [], [1], ["a", 1], {}, {"a": 1}, {"b": "a"}]
"""What an unknown may turn out to be."""
FURTHER = [0, "a", [1]]
"""Members and elements that may join those of what is open."""

scalars = st.sampled_from(SCALARS)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=5,
)


def _holey(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=3)
    objects = st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)
    return lists | objects | lists.map(OpenList) | objects.map(Open)


holey = st.recursive(scalars | st.just(U), _holey, max_leaves=4)

counts = st.integers(0, 3)
types = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
leaves = st.fixed_dictionaries(
    {},
    optional={
        "type": types | st.lists(types, min_size=1, max_size=3, unique=True),
        "enum": st.lists(st.sampled_from(DOMAIN), min_size=1, max_size=3),
        "const": st.sampled_from(DOMAIN),
        "minimum": counts,
        "maximum": counts,
        "exclusiveMinimum": counts,
        "exclusiveMaximum": counts,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": counts,
        "maxLength": counts,
        "pattern": st.sampled_from(["^a", "b$", ""]),
        "minItems": counts,
        "maxItems": counts,
        "uniqueItems": st.booleans(),
        "minProperties": counts,
        "maxProperties": counts,
        "required": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
        "dependentRequired": st.dictionaries(
            st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=2, unique=True), max_size=2
        ),
    },
)
LEAVES = st.one_of(
    st.booleans(), *[leaves.map(lambda made, n=n: dict(itertools.islice(made.items(), n))) for n in (1, 2)]
)


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=2)
    one = st.one_of(
        *[st.fixed_dictionaries({word: some}) for word in ("allOf", "anyOf", "oneOf", "prefixItems")],
        *[st.fixed_dictionaries({word: inner}) for word in ("not", "items", "propertyNames")],
        *[st.fixed_dictionaries({word: named}) for word in ("properties", "dependentSchemas")],
        st.fixed_dictionaries({"patternProperties": named, "additionalProperties": inner}),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
        st.fixed_dictionaries({"contains": inner}, optional={"minContains": counts, "maxContains": counts}),
        st.fixed_dictionaries({"properties": named, "additionalProperties": inner}),
        st.fixed_dictionaries({"prefixItems": some, "items": inner}),
        st.fixed_dictionaries({"allOf": some, "unevaluatedProperties": inner}),
        st.fixed_dictionaries({"anyOf": some, "unevaluatedItems": inner}),
        st.just({"$ref": "#/$defs/a"}),
    )
    return one | st.tuples(one, one).map(lambda both: both[0] | both[1])


SCHEMAS = st.builds(
    lambda schema, target: {
        **(schema if isinstance(schema, dict) else {"allOf": [schema]}),
        "$defs": {"a": target},
    },
    st.recursive(LEAVES, _joined, max_leaves=6),
    leaves,
)


def completions(instance: Any) -> Iterator[Any]:
    """Every completion of an instance from the small domain."""
    if isinstance(instance, Unknown):
        yield from DOMAIN
    elif isinstance(instance, list):
        joining = FURTHER if isinstance(instance, OpenList) else []
        for elements in itertools.product(*map(completions_of, instance)):
            yield [*elements]
            for each in joining:
                yield [*elements, each]
                yield [each, *elements]
    elif isinstance(instance, dict):
        for members in itertools.product(*map(completions_of, instance.values())):
            made = dict(zip(instance, members, strict=True))
            yield made
            if isinstance(instance, Open):
                yield from (
                    {**made, name: each} for name in (*NAMES, "abc") if name not in made for each in FURTHER
                )
    else:
        yield instance


def completions_of(instance: Any) -> list[Any]:
    return list(itertools.islice(completions(instance), 60))


def written(data: Any) -> Any:
    """The same data with its numbers as Decimals."""
    if isinstance(data, list):
        return [*map(written, data)]
    if isinstance(data, dict):
        return {name: written(member) for name, member in data.items()}
    return Decimal(data) if type(data) is int else data


relaxed = settings(
    deadline=None,
    max_examples=400,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@relaxed
@given(SCHEMAS, holey)
def test_what_fits_at_once_violates_nothing(schema: Any, instance: Any) -> None:
    schema = {"allOf": [schema]} if isinstance(schema, bool) else schema
    if Quick(schema).fits(instance):
        assert Judge(schema).violations(instance) == ()


@relaxed
@given(SCHEMAS, holey)
def test_a_verdict_holds_for_every_completion(schema: Any, instance: Any) -> None:
    found = verdict(schema, instance)
    if found is not None:
        validator = jsonschema.Draft202012Validator(schema)
        for completion in itertools.islice(completions(instance), 500):
            assert validator.is_valid(completion) is found, completion


@relaxed
@given(SCHEMAS, plain)
def test_what_is_known_is_judged_as_jsonschema_does(schema: Any, instance: Any) -> None:
    valid = jsonschema.Draft202012Validator(schema).is_valid(instance)
    assert verdict(schema, instance) is valid
    assert verdict(schema, written(instance)) is valid


@relaxed
@given(
    st.fixed_dictionaries(
        {}, optional={"properties": st.dictionaries(st.sampled_from(NAMES), leaves), "items": leaves}
    ),
    leaves,
    plain,
)
def test_keywords_and_places_are_those_of_jsonschema(below: Any, beside: Any, instance: Any) -> None:
    schema = below | beside
    expected = {
        (error.validator, tuple(error.path))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(instance)
    }
    assert {(each.keyword, each.path) for each in violations(schema, instance)} == expected
