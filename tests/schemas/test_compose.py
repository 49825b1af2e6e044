"""The facts about single arguments and blocks → their schemas, as the format of the schemas has it."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from packlint.schemas.arguments import any_case, typed
from packlint.schemas.compose import compose, text

PLUGIN = {
    "repo": "example/packer-plugin-example",
    "source": "github.com/example/example",
    "version_snapshot": "2026-01-02 (0123456789ab, latest tag v1.2.3)",
}


def facts(kind: str = "builder", **members: Any) -> dict[str, Any]:
    base = {"kind": kind, "type": "example", "plugin": PLUGIN, "attributes": {}, "blocks": {}}
    return base | members


def argument(type_: str = "string", **members: Any) -> Any:
    members = {"type": type_, "required": False, "deprecated": False} | members
    return compose(facts(attributes={"it": members}))["properties"]["it"]


def test_a_component() -> None:
    assert compose(facts(first_version="v1.0.0", compared_with="v1.1.0")) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "builder example",
        "x-component": {
            "kind": "builder",
            "type": "example",
            "plugin": "github.com/example/example",
            "repository": "example/packer-plugin-example",
            "version": "v1.2.3",
            "date": "2026-01-02",
            "commit": "0123456789ab",
            "first_version": "v1.0.0",
            "compared_with": "v1.1.0",
        },
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }


def test_a_component_of_packer_itself_and_one_without_a_release() -> None:
    core = PLUGIN | {"bundled": True, "source": None, "version_snapshot": "2026-01-02 (0123456789ab)"}
    about = compose(facts(plugin=core))["x-component"]
    assert (about["plugin"], about["version"], about["commit"]) == (None, None, "0123456789ab")


def test_what_was_and_what_only_json_may_say() -> None:
    made = compose(facts(removed_attributes={"b": "v1.0.0", "a": "v0.9.0"}, legacy_json_only=["json"]))
    assert made["x-removed"] == {"a": "v0.9.0", "b": "v1.0.0"}
    assert made["x-legacy-only"] == ["json"]


def test_the_outputs_of_a_data_source() -> None:
    made = compose(facts("data-source", outputs={"tags": {"type": "map(string)"}, "id": {"type": "string"}}))
    assert made["x-outputs"] == {"id": "string", "tags": "map(string)"}
    assert compose(facts("data-source"))["x-outputs"] == {}
    assert "x-outputs" not in compose(facts())


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("string", {"type": "string"}),
        ("bool", {"type": "boolean"}),
        ("number", {"type": "number"}),
        ("list(number)", {"type": "array", "items": {"type": "number"}}),
        ("map(string)", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("list(list(string))", {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        (
            "list(map(string))",
            {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}},
        ),
        ("any", {}),
    ],
)
def test_a_type(type_: str, expected: object) -> None:
    assert typed(type_) == expected


@pytest.mark.parametrize(
    ("type_", "members", "expected"),
    [
        ("number", {"integer": True}, {"type": "integer"}),
        ("list(number)", {"integer": True, "minimum": 0}, {"items": {"type": "integer", "minimum": 0}}),
        ("number", {"minimum": 1, "maximum": 9}, {"minimum": 1, "maximum": 9}),
        ("number", {"exclusive_minimum": 1, "exclusive_maximum": 9}, {"exclusiveMinimum": 1}),
        ("number", {"multiple_of": 60}, {"multipleOf": 60}),
        ("string", {"min_len": 3, "max_len": 128}, {"minLength": 3, "maxLength": 128}),
        ("list(string)", {"max_len": 1}, {"maxItems": 1}),
        ("map(string)", {"max_len": 50}, {"maxProperties": 50}),
        ("string", {"format": "duration"}, {"format": "go-duration"}),
        ("string", {"enum": ["a", "b"]}, {"enum": ["a", "b"]}),
        ("list(string)", {"items_enum": ["a"]}, {"items": {"type": "string", "enum": ["a"]}}),
        ("string", {"not_allowed": ["a"]}, {"not": {"enum": ["a"]}}),
        ("string", {"prefix": "/dev/"}, {"pattern": "^/dev/"}),
        ("string", {"suffix": ".iso"}, {"pattern": r"\.iso$"}),
        ("string", {"pattern": ["^a", "b$"]}, {"allOf": [{"pattern": "^a"}, {"pattern": "b$"}]}),
        ("string", {"default": "x"}, {"default": "x"}),
        ("bool", {"default_doc": False}, {"x-default-documented": False}),
        ("string", {"default_computed": True}, {"x-default-computed": True}),
        ("string", {"default_when_conditional": ["x"]}, {"x-default-sometimes": ["x"]}),
        ("string", {"deprecated": True, "replaced_by": "b"}, {"deprecated": True, "x-replaced-by": "b"}),
        ("string", {"since": "v1.1.0", "env": ["A"]}, {"x-since": "v1.1.0", "x-env": ["A"]}),
        ("string", {"internal": True, "undocumented": True}, {"x-internal": True, "x-undocumented": True}),
        ("string", {"enum_doc": ["a"]}, {"x-enum-documented": ["a"]}),
        ("string", {"forbidden": True, "removed": True}, {"x-forbidden": True}),
        ("string", {"required": True, "required_src": "tag"}, {"x-documented-required": True}),
    ],
)
def test_what_is_known_of_an_argument(type_: str, members: dict[str, Any], expected: dict[str, Any]) -> None:
    made = argument(type_, **members)
    assert {key: made.get(key) for key in expected} == expected


def test_nothing_is_said_without_need() -> None:
    assert argument() == {"type": "string"}


def test_an_argument_of_uncertain_type_is_left_open() -> None:
    made = argument("number", type_before="string", integer=True, minimum=19, default=21)
    assert made == {"x-type": "number", "default": 21}


@pytest.mark.parametrize("pattern", [r"^[\p{Han}]+$", "(?i)^a$", "^[[:alpha:]]$", r"^\d+$", r"\Aa\z"])
def test_a_pattern_that_others_read_otherwise_is_not_told(pattern: str) -> None:
    assert argument(pattern=[pattern]) == {"type": "string"}
    assert argument(pattern=[pattern, "^(?:a)$"])["pattern"] == "^(?:a)$"


def test_values_in_any_case() -> None:
    made = argument(enum=["Linux", "a.b"], enum_ignore_case=True)
    assert made["x-values"] == ["Linux", "a.b"]
    valid = Draft202012Validator(made).is_valid
    assert all(map(valid, ("linux", "LINUX", "A.b")))
    assert not any(map(valid, ("linux2", "axb", "linu")))
    assert any_case(["x1"]) == "^(?:[Xx]1)$"


def test_values_that_leave_out_the_default_are_only_told() -> None:
    made = argument(enum=[".pdf", ".txt"], default="pdf")
    assert "enum" not in made
    assert made["x-enum-documented"] == [".pdf", ".txt"]
    assert argument(enum=["PUBLIC"], enum_ignore_case=True, default="Public")["x-values"] == ["PUBLIC"]


@pytest.mark.parametrize(
    ("members", "required"),
    [
        ({"required_src": "code"}, True),
        ({"required_src": "code+tag"}, True),
        ({"required_src": "manual"}, True),
        ({"required_src": "tag"}, False),
        ({"required_src": "code", "env": ["A"]}, False),
        ({"required_src": "code", "default": "x"}, False),
        ({"required_src": "code", "default_computed": True}, False),
    ],
)
def test_what_is_required(members: dict[str, Any], required: bool) -> None:
    made = compose(facts(attributes={"it": {"type": "string", "required": True} | members}))
    assert made.get("required", []) == (["it"] if required else [])


def test_what_is_required_only_since_a_release() -> None:
    known = {
        "type": "string",
        "required": True,
        "required_src": "code",
        "required_since_after": "v1.0.0",
        "enum": ["a"],
        "enum_since_after": "v1.1.0",
    }
    made = compose(facts(attributes={"it": known}))
    assert "required" not in made and made["properties"]["it"] == {"type": "string"}
    assert made["allOf"] == [
        {
            "x-rule": {"kind": "required", "arguments": ["it"], "since_after": "v1.0.0"},
            "required": ["it"],
        },
        {
            "x-rule": {"kind": "enum", "arguments": ["it"], "since_after": "v1.1.0"},
            "properties": {"it": {"enum": ["a"]}},
        },
    ]


def test_blocks() -> None:
    inner = {"attributes": {"a": {"type": "string", "required": True, "required_src": "code"}}, "blocks": {}}
    made = compose(
        facts(
            blocks={
                "one": inner | {"nesting": "single", "required": False, "since": "v1.1.0"},
                "many": inner | {"nesting": "list", "required": True, "required_src": "code"},
            }
        )
    )
    body = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert made["properties"] == {
        "many": {"type": "array", "x-block": "list", "items": body},
        "one": body | {"x-block": "single", "x-since": "v1.1.0"},
    }
    assert made["required"] == ["many"]


def test_a_replacement_in_a_block_is_named_as_it_is_there() -> None:
    old = {"type": "string", "required": False, "replaced_by": "many.new"}
    inner = {"attributes": {"old": old}, "blocks": {}, "nesting": "list", "required": False}
    made = compose(facts(attributes={"old": old}, blocks={"many": inner}))["properties"]
    assert made["old"]["x-replaced-by"] == "many.new"
    assert made["many"]["items"]["properties"]["old"]["x-replaced-by"] == "new"


def test_the_text_has_a_line_for_each_argument() -> None:
    block = {
        "nesting": "list",
        "required": False,
        "attributes": {"b": {"type": "bool", "required": False}},
        "blocks": {},
    }
    made = compose(facts(attributes={"a": {"type": "string", "required": False}}, blocks={"c": block}))
    written = text(made)
    assert json.loads(written) == made
    assert written.splitlines()[4:] == [
        ' "type": "object",',
        ' "properties": {',
        '  "a": {"type": "string"},',
        '  "c": {',
        '   "type": "array",',
        '   "x-block": "list",',
        '   "items": {',
        '    "type": "object",',
        '    "properties": {',
        '     "b": {"type": "boolean"}',
        "    },",
        '    "additionalProperties": false',
        "   }",
        "  }",
        " },",
        ' "additionalProperties": false',
        "}",
    ]
