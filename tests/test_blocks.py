"""Packer's block grammar, against the reference that was read off Packer's source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from packlint.blocks import (
    DYNAMIC,
    ROOT,
    VALUES,
    ArgumentType,
    BlockType,
    Context,
    constants,
    places,
    refused,
)
from packlint.document import Document
from packlint.parse import parse
from packlint.record import replace

FACTS = Path(__file__).resolve().parents[1].parent / "shared" / "reference" / "packer-facts.json"

CONTEXTS = {
    "literal-only": Context.LITERAL,
    "only function env()": Context.ENV,
    "type constraint": Context.TYPE,
    "all general functions": Context.SELF,
}

KINDS = {
    "string": "string",
    "bool": "bool",
    "number": "number",
    "list(string)": "list(string)",
    "map(string)": "map(string)",
    "object": "object",
    "type": "type",
    "any": "any",
    "iterable": "collection",
    "bare": "identifier",
}
"""How a type begins in the reference, and what the table calls it."""

REQUIRED = {
    "local.expression",  # Packer does not ask for it and breaks down without it
    "dynamic.labels",  # where the block that is made has labels
}

PATHS = {
    "root": ROOT,
    "packer": ROOT.blocks["packer"],
    "packer.required_plugins": ROOT.blocks["packer"].blocks["required_plugins"],
    "variable": ROOT.blocks["variable"],
    "variable.validation": ROOT.blocks["variable"].blocks["validation"],
    "variables": ROOT.blocks["variables"],
    "locals": ROOT.blocks["locals"],
    "local": ROOT.blocks["local"],
    "data": ROOT.blocks["data"],
    "source": ROOT.blocks["source"],
    "build": ROOT.blocks["build"],
    "build.source": ROOT.blocks["build"].blocks["source"],
    "build.provisioner": ROOT.blocks["build"].blocks["provisioner"],
    "build.error-cleanup-provisioner": ROOT.blocks["build"].blocks["error-cleanup-provisioner"],
    "build.post-processor": ROOT.blocks["build"].blocks["post-processor"],
    "build.post-processors": ROOT.blocks["build"].blocks["post-processors"],
    "hcp_packer_registry": ROOT.blocks["hcp_packer_registry"],
    "dynamic": DYNAMIC,
}


def grammar() -> dict[str, Any]:
    """The reference's block grammar; a test is skipped where the reference is absent."""
    if not FACTS.exists():
        pytest.skip("the reference about Packer lies beside the project's checkout, and is absent here")
    facts: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))["block_grammar"]
    for name, fact in facts.items():
        if "same_as" in fact:
            facts[name] = {**facts[fact["same_as"]], **fact}
    return facts


def types(below: BlockType, path: str) -> Iterator[tuple[str, BlockType]]:
    """Every block type of the table by its path from the root."""
    yield path, below
    for name, inner in below.blocks.items():
        yield from types(inner, f"{path}.{name}")


def same(name: str, argument: ArgumentType, fact: Mapping[str, Any], rest: str | None) -> None:
    """An argument of the table says what the reference says of it."""
    assert argument.kind == next(KINDS[word] for word in KINDS if fact["type"].startswith(word)), name
    assert argument.required == (fact["required"] or name in REQUIRED), name
    said = fact.get("eval", rest or "")
    wanted = next((context for words, context in CONTEXTS.items() if words in said), Context.FULL)
    assert argument.context is (Context.NAME if argument.kind == "identifier" else wanted), name
    assert set(argument.keys) == set(fact.get("keys", {})), name
    for key, inner in argument.keys.items():
        assert inner.kind == fact["keys"][key]["type"], name
        assert inner.required == fact["keys"][key]["required"], name


@pytest.mark.parametrize("path", PATHS)
def test_arguments_are_those_of_the_reference(path: str) -> None:
    fact, block = grammar()[path], PATHS[path]
    wanted = fact["attributes"]
    if wanted == "plugin schema":
        assert block.component and not block.arguments
        return
    if block.declares is not None:
        assert [*wanted] in (["<name>"], ["<accessor>"])
        assert not block.arguments and not block.blocks
        same(path, block.declares, *wanted.values(), fact.get("eval"))
        return
    assert set(block.arguments) == set(wanted)
    for name, argument in block.arguments.items():
        same(f"{path}.{name}", argument, wanted[name], fact.get("eval"))


@pytest.mark.parametrize("path", PATHS)
def test_blocks_are_those_of_the_reference(path: str) -> None:
    fact, block = grammar()[path], PATHS[path]
    wanted = fact.get("blocks", {})
    if wanted == "plugin schema":
        assert not block.blocks
        return
    assert set(block.blocks) == set(wanted)
    for name, inner in block.blocks.items():
        assert list(inner.labels) == wanted[name]["labels"], f"{path}.{name}"
        assert inner.ignored == wanted[name].get("ignored", False), f"{path}.{name}"
        once = wanted[name].get("repeatable") is False or wanted[name].get("max") == 1
        assert inner.most == (1 if once else None), f"{path}.{name}"


@pytest.mark.parametrize("path", PATHS)
def test_the_rest_of_a_body_is_whose_the_reference_says(path: str) -> None:
    fact, block = grammar()[path], PATHS[path]
    assert block.lenient == ("IGNORED" in fact.get("unknown", "")), path
    assert (block.component is not None) == ("rest" in fact or fact["attributes"] == "plugin schema"), path


def test_dynamic_is_expanded_where_the_reference_says() -> None:
    facts = grammar()
    for path, block in PATHS.items():
        if path != "dynamic":
            expected = facts[path].get("dynamic", path == "build.error-cleanup-provisioner")
            assert block.dynamic == expected, path
    assert set(facts["dynamic"]["allowed_in"]) == {"build", "build.*", "source"}


def test_the_table_has_no_block_that_the_reference_lacks() -> None:
    known = {id(block) for block in PATHS.values()}
    ignored = {"root.communicator", "root.build.from"}
    for path, block in types(ROOT, "root"):
        assert id(block) in known or path in ignored, path


def test_identifiers_are_asked_of_what_the_reference_says() -> None:
    """Its "Identifier rule (labels of `variable`, `local`, `data`)"."""
    asked = {path for path, block in types(ROOT, "root") if block.identifiers}
    assert asked == {"root.variable", "root.local", "root.data"}


def test_a_variable_file_holds_literal_values_only() -> None:
    assert VALUES.declares is not None
    assert VALUES.declares.context is Context.LITERAL
    assert not VALUES.blocks


def paths(text: str, name: str = "template.pkr.hcl") -> list[str]:
    """The paths of all places of a file, in order."""
    file, _ = parse(Document(name, text))
    return ["/".join(place.path) for place in places(file)]


def test_the_places_of_a_file() -> None:
    text = """
        variable "a" {
          validation {}
        }
        locals {}
        source "null" "b" {
          disk {
            dynamic "part" {
              content {
                inner {}
              }
            }
          }
        }
        build {
          dynamic "provisioner" {
            content {}
          }
          dynamic "unheard_of" {
            content {}
          }
          post-processors {
            post-processor "c" {}
          }
          from "d" {
            validation {}
          }
          unheard_of {
            locals {}
          }
        }
        communicator "e" "f" {
          locals {}
        }
        """
    assert paths(text) == [
        "",
        "variable",
        "variable/validation",
        "locals",
        "source",
        "source/disk",
        "source/disk/dynamic",
        "source/disk/part",
        "source/disk/part/inner",
        "build",
        "build/dynamic",
        "build/provisioner",
        "build/post-processors",
        "build/post-processors/post-processor",
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('build {\n  dynamic "provisioner" {}\n}\n', True),
        ('build {\n  dynamic "post-processors" {}\n}\n', None),
        ('source "a" "b" {\n  dynamic "disk" {}\n}\n', False),
    ],
)
def test_dynamic_asks_for_labels_where_the_made_block_has_some(text: str, labels: bool | None) -> None:
    file, _ = parse(Document("a.pkr.hcl", text))
    (dynamic,) = (place for place in places(file) if place.path[-1:] == ("dynamic",))
    argument = dynamic.type.arguments.get("labels")
    assert (argument and argument.required) == labels


def test_a_variable_file_is_a_place_of_values() -> None:
    assert paths("a = 1\n", "x.auto.pkrvars.hcl") == [""]
    file, _ = parse(Document("x.auto.pkrvars.hcl", "a = 1\n"))
    assert [place.type for place in places(file)] == [VALUES]


def test_a_legacy_template_has_no_places() -> None:
    file, _ = parse(Document("template.pkr.hcl", "a = 1\n"))
    assert not [*places(replace(file, legacy=True))]


def test_places_know_the_iterators_around_them() -> None:
    text = """
        build {
          dynamic "source" {
            content {
              dynamic "disk" {
                iterator = it
                content {}
              }
            }
          }
          source "a.b" {}
        }
        """
    file, _ = parse(Document("template.pkr.hcl", text))
    assert [("/".join(place.path), sorted(place.iterators)) for place in places(file)] == [
        ("", []),
        ("build", []),
        ("build/dynamic", []),
        ("build/source", ["source"]),
        ("build/source/dynamic", ["source"]),
        ("build/source/disk", ["it", "source"]),
        ("build/source", []),
    ]


def test_what_is_refused_of_a_body() -> None:
    text = """
        name = "a"
        only = []
        source "a.b" {}
        source "a" "b" {}
        from "a" {}
        provisoner "a" {}
        dynamic "provisioner" {}
        dynamic "provisoner" {}
        """
    file, _ = parse(Document("template.pkr.hcl", text))
    found = [item.range.text for item in refused(file.body, ROOT.blocks["build"])]
    assert found == ["only = []", 'source "a" "b" {}', 'provisoner "a" {}', 'dynamic "provisoner" {}']
    assert not [*refused(file.body, ROOT.blocks["hcp_packer_registry"])]
    assert [item.range.text for item in refused(file.body, VALUES)][:1] == ['source "a.b" {}']


def test_constants_are_what_packer_reads_before_it_knows_any_value() -> None:
    text = """
        variable "a" {
          type        = string
          default     = 1
          description = "a"
        }
        build {
          name = "a"
          source "a.b" {
            name = "c"
          }
        }
        """
    file, _ = parse(Document("template.pkr.hcl", text))
    assert [attribute.range.text for _, attribute, _ in constants(file)] == [
        *("default     = 1", 'description = "a"', 'name = "c"'),
    ]
