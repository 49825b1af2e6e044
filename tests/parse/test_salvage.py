"""A file with several mistakes → one message for each, at its place, and every block that has none."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse
from packlint.parse.problem import TOLD

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

TEMPLATE = """\
packer {
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1"
    }
  }
}

variable "size" {
  type    = string
  default = "40G"
}

locals {
  stamp = formatdate("YYYY", timestamp())
  tags = {
    Name  = "base"
    Owner = var.size
  }
}

source "qemu" "base" {
  disk_size    = var.size
  boot_command = ["<esc>", "<enter>"]
  user_data    = <<-EOT
    #cloud-config
    packages = [
  EOT
  net {
    bridge = "br0"
  }
}

build {
  sources = ["source.qemu.base"]

  provisioner "shell" {
    inline = [
      "echo ${local.stamp}",
      "true",
    ]
  }

  post-processor "manifest" {
    output = "m.json"
  }
}
"""

ONE_MISTAKE: dict[str, tuple[str, str, str]] = {
    "a colon for the equals sign": ("disk_size    =", "disk_size    :", "disk_size"),
    "a missing value": ('= "40G"', "=", "default"),
    "no closing quote": ('"40G"', '"40G', '"40G'),
    "no opening quote": ('"40G"', '40G"', "40G"),
    "single quotes": ('"br0"', "'br0'", "'br0'"),
    "a doubled comma": ('"<esc>",', '"<esc>",,', '"<esc>",,'),
    "a missing comma": ('"<esc>",', '"<esc>"', '"<esc>"'),
    "a comma behind an argument": ('"m.json"', '"m.json",', '"m.json",'),
    "a semicolon": ('"m.json"', '"m.json";', '"m.json";'),
    "a missing equals sign": ("output =", "output", "output"),
    "a missing bracket": ('"<enter>"]', '"<enter>"', "user_data"),
    "another bracket": ('"<enter>"]', '"<enter>")', '"<enter>")'),
    "a sequence that is not closed": ("{local.stamp}", "{local.stamp", "{local.stamp"),
    "a heredoc whose marker is not alone": ("  EOT\n", "  EOT,\n", "<<-EOT"),
    "a label without its closing quote": ('"manifest"', '"manifest', '"manifest'),
    "a brace on the next line": ('"manifest" {', '"manifest"\n  {', '"manifest"'),
    "no opening brace": ('"manifest" {', '"manifest"', '"manifest"'),
    "a curly quote": ('"m.json"', "\u201cm.json\u201d", "output"),
    "a bad escape": ('"m.json"', '"\\m.json"', "output"),
    "a template of another kind": ('"m.json"', "{{ name }}", "output"),
    "an operator on the next line": ("= var.size\n  boot", "= var.size\n    + 1\n  boot", "    + 1"),
}
"""What is replaced in the template, and what the line of the message holds."""


def marks(body: syntax.Body) -> Counter[tuple[str, ...]]:
    """The blocks of a body and their items, as far as they are told by type, labels and names."""
    found: Counter[tuple[str, ...]] = Counter()
    for block in body.blocks:
        head = (block.type, *(label.value for label in block.labels))
        found[head] += 1
        found.update((*head, *inner) for inner in marks(block.body))
        found.update((*head, "=", attribute.name) for attribute in block.body.attributes)
    return found


@pytest.mark.parametrize("name", ONE_MISTAKE)
def test_one_mistake_is_one_message_and_hides_nothing_else(name: str) -> None:
    old, new, line = ONE_MISTAKE[name]
    text = TEMPLATE.replace(old, new, 1)
    assert text != TEMPLATE
    file, diagnostics = parse(Document("t.pkr.hcl", text))
    assert [line in file.document.text.split("\n")[d.range.first.line - 1] for d in diagnostics] == [True], (
        diagnostics
    )
    assert not file.complete
    whole, touched = parse(Document("t.pkr.hcl", TEMPLATE))[0], TEMPLATE.index(old)
    sound = [block for block in whole.body.blocks if not block.range.start <= touched < block.range.end]
    saved = [block for block in file.body.blocks if block.complete]
    assert [block.range.text for block in saved] == [block.range.text for block in sound]


def test_several_mistakes_are_as_many_messages_in_order() -> None:
    text = TEMPLATE
    chosen = ["a colon for the equals sign", "no closing quote", "a missing equals sign"]
    for name in chosen:
        text = text.replace(ONE_MISTAKE[name][0], ONE_MISTAKE[name][1], 1)
    file, diagnostics = parse(Document("t.pkr.hcl", text))
    told = [
        file.document.text.split("\n")[diagnostic.range.first.line - 1].split()[0]
        for diagnostic in diagnostics
    ]
    assert told == ["default", "disk_size", "output"]
    assert [block.type for block in file.body.blocks] == ["packer", "locals", "build"]


def test_two_mistakes_in_one_block_are_two_messages() -> None:
    _, diagnostics = parse(Document("t.pkr.hcl", 'source "a" "b" {\n  x : 1\n  y = 2\n  z = = 3\n}\n'))
    assert [diagnostic.range.first.line for diagnostic in diagnostics] == [2, 4]


def test_a_broken_block_is_kept_only_where_its_items_stand_for_themselves() -> None:
    file, _ = parse(Document("t.pkr.hcl", TEMPLATE.replace("output =", "output", 1)))
    build = file.body.blocks[-1]
    assert (build.type, build.complete) == ("build", False)
    assert [block.type for block in build.body.blocks] == ["provisioner"], "not the half of a post-processor"
    assert build.header_range.text == build.type_range.text == "build"
    assert build.range.text.startswith("build {") and build.range.text.endswith("}\n}")
    file, _ = parse(Document("t.pkr.hcl", TEMPLATE.replace("disk_size    =", "disk_size", 1)))
    assert "source" not in [block.type for block in file.body.blocks], "its communicator may be what is lost"


def test_a_missing_brace_is_told_once_and_the_other_blocks_are_saved() -> None:
    cut = TEMPLATE.replace('"br0"\n  }', '"br0"', 1)
    file, diagnostics = parse(Document("t.pkr.hcl", cut))
    (found,) = diagnostics
    assert "never closed" in found.message
    assert [related.range.first.line for related in found.related] == [30], (
        "the `{` that has none by its looks"
    )
    assert [block.type for block in file.body.blocks] == ["packer", "variable", "locals", "build"]


def test_a_brace_too_many_spoils_what_it_may_have_cut_short() -> None:
    text = TEMPLATE.replace("var.size\n  boot", "var.size\n}\n  boot", 1)
    file, diagnostics = parse(Document("t.pkr.hcl", text))
    assert [diagnostic.message for diagnostic in diagnostics] == ["this `}` closes nothing"]
    assert [block.type for block in file.body.blocks] == ["packer", "variable", "locals", "build"]
    assert not file.body.attributes, "those of the source have not become the file's"


def test_an_argument_that_may_go_on_is_not_taken_for_whole() -> None:
    file, diagnostics = parse(Document("t.pkr.hcl", "a = b\n  || c\nd = 1\n"))
    assert len(diagnostics) == 1
    assert [attribute.name for attribute in file.body.attributes] == ["d"]


def test_indentation_that_says_nothing_breaks_nothing() -> None:
    flat = "\n".join(line.lstrip() for line in TEMPLATE.splitlines()) + "\n"
    assert parse(Document("t.pkr.hcl", flat))[1] == ()
    file, diagnostics = parse(Document("t.pkr.hcl", flat.replace("default =", "default :", 1)))
    assert [diagnostic.range.first.line for diagnostic in diagnostics] == [12]
    assert [block.type for block in file.body.blocks] == ["packer", "locals", "source", "build"]


def test_the_text_of_a_heredoc_never_becomes_a_block() -> None:
    inner = 'variable "no" {\n  default = 1\n}\n'
    for opening in ("<<EOT", "<< EOT", '<<"EOT"'):
        text = f'variable "a" {{\n  default = {opening}\n{inner}EOT;\n}}\nvariable "b" {{\n}}\n'
        file, diagnostics = parse(Document("t.pkr.hcl", text))
        assert len(diagnostics) == 1, diagnostics
        assert "no" not in [block.labels[0].value for block in file.body.blocks]
    file, _ = parse(Document("t.pkr.hcl", f"a = 1\nb = <<EOT\n{inner}"))
    assert [type(item) for item in file.body.items] == [syntax.Attribute]


def test_another_template_language_is_told_of_once() -> None:
    text = "{% if x %}\na = {{ b }}\n{% endif %}\nc = {{ d }}\n"
    _, diagnostics = parse(Document("t.pkr.hcl", text))
    assert len(diagnostics) == 1 and "another template language" in diagnostics[0].message


def test_arguments_set_twice_are_told_beside_other_mistakes() -> None:
    _, diagnostics = parse(
        Document("t.pkr.hcl", "a = 1\nb : 2\na = 3\nlocals {\n  c = 1\n  c = 2\n  d : 1\n}\n")
    )
    assert [diagnostic.range.first.line for diagnostic in diagnostics] == [2, 3, 6, 7]


def test_the_messages_of_a_file_are_bounded() -> None:
    for line in ("a : 1\n", "a = 1\n"):
        _, diagnostics = parse(Document("t.pkr.hcl", line * (3 * TOLD)))
        assert len(diagnostics) == TOLD + 1
        assert f"than the {TOLD} that are shown" in diagnostics[-1].message


def test_the_end_of_a_value_without_its_brace_is_no_mistake_of_its_own() -> None:
    text = 'locals {\n  a =\n    b = "c"\n  }\n  d = 1\n}\nlocals {\n  e = 1\n  }\n}\n'
    file, diagnostics = parse(Document("t.pkr.hcl", text))
    assert [(it.range.first.line, it.range.text) for it in diagnostics] == [(2, "="), (9, "}")]
    names = [[attribute.name for attribute in block.body.attributes] for block in file.body.blocks]
    assert ["d"] in names, "`b` belongs to the value of `a`"


def test_only_a_structure_in_doubt_makes_a_file_less_than_whole() -> None:
    def whole(path: str, text: str) -> bool:
        return parse(Document(path, text))[0].whole

    assert whole("a.pkr.hcl", "a = 1\n")
    assert not whole("a.pkr.hcl", "a = [1\n")
    for path in ("a.json", "a.pkr.json", "a.pkrvars.json"):
        assert whole(path, '{"a": 1}')
        assert whole(path, '{"a": [1, 2,], "b": 1}')
        assert not whole(path, '{"a": [1, "b": 1}')
        assert not whole(path, '{"a": {"b": 1, "c": 2')


Edit = tuple[int, int, str]


def _of_string(attribute: syntax.Attribute) -> tuple[int, int] | None:
    place, node = attribute.expression.range, attribute.expression
    plain = isinstance(node, syntax.Template) and not node.heredoc and "\n" not in place.text
    return (place.start, place.end) if plain else None


def _no_end(attribute: syntax.Attribute) -> Edit | None:
    found = _of_string(attribute)
    return (found[1] - 1, found[1], "") if found else None


def _no_begin(attribute: syntax.Attribute) -> Edit | None:
    found = _of_string(attribute)
    return (found[0], found[0] + 1, "") if found and attribute.expression.range.text != '""' else None


def _colon(attribute: syntax.Attribute) -> Edit:
    at = attribute.range.start + attribute.range.text.index("=")
    return (at, at + 1, ":")


def _no_value(attribute: syntax.Attribute) -> Edit | None:
    place = attribute.expression.range
    return (place.start, place.end, "") if "\n" not in place.text else None


def _commas(attribute: syntax.Attribute) -> Edit | None:
    node = attribute.expression
    if not isinstance(node, syntax.Tuple) or len(node.items) < 2:
        return None
    return (node.items[0].range.end, node.items[0].range.end, ",,")


def _comma(attribute: syntax.Attribute) -> Edit | None:
    node = attribute.expression
    heredoc = isinstance(node, syntax.Template) and node.heredoc
    return None if heredoc else (node.range.end, node.range.end, ",")


def _dollar(attribute: syntax.Attribute) -> Edit | None:
    place = attribute.expression.range
    return (place.start, place.start, "$") if isinstance(attribute.expression, syntax.Traversal) else None


SLIPS: dict[str, Callable[[syntax.Attribute], Edit | None]] = {
    "no closing quote": _no_end,
    "no opening quote": _no_begin,
    "a colon": _colon,
    "no value": _no_value,
    "two commas": _commas,
    "a comma": _comma,
    "a dollar sign": _dollar,
}


@cache
def corpus() -> list[syntax.File]:
    """The sound files of the corpus."""
    found = []
    for path in sorted(CORPUS.rglob("*.pkr.hcl")):
        text = path.read_bytes().decode("utf-8-sig")
        file, diagnostics = parse(Document(path.name, text))
        if text and not diagnostics:
            found.append(file)
    return found


def attributes(block: syntax.Block) -> Iterator[syntax.Attribute]:
    yield from block.body.attributes
    for inner in block.body.blocks:
        yield from attributes(inner)


def broken(file: syntax.File, slip: str, count: int, chance: random.Random) -> tuple[str, list[Edit]]:
    """The text with a slip in each of `count` blocks, and the edits; none where that cannot be."""
    choices = []
    for block in file.body.blocks:
        edits = [edit for attribute in attributes(block) if (edit := SLIPS[slip](attribute))]
        if edits:
            choices.append(chance.choice(edits))
    if len(choices) < count:
        return "", []
    edits = sorted(chance.sample(choices, count))
    text = file.document.text
    for start, end, replacement in reversed(edits):
        text = text[:start] + replacement + text[end:]
    return text, edits


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("slip", SLIPS)
def test_slips_in_real_templates_are_told_one_by_one(slip: str) -> None:
    """Lines do not move, as no edit holds a line break."""
    chance = random.Random(slip)
    tried = told = 0
    for file in corpus()[::10]:
        for count in (1, 2, 3):
            text, edits = broken(file, slip, count, chance)
            if not edits:
                continue
            damaged, diagnostics = parse(Document(file.document.path, text))
            places = {file.document.position(start).line for start, _, _ in edits}
            tried += 1
            alike = {diagnostic.range.first.line for diagnostic in diagnostics} == places
            told += alike and len(diagnostics) == count
            untouched = [
                block.range.text
                for block in file.body.blocks
                if not any(block.range.start <= start <= block.range.end for start, _, _ in edits)
            ]
            saved = [block.range.text for block in damaged.body.blocks if block.complete]
            assert saved == untouched, (file.document.path, edits)
    assert tried > 25
    assert told / tried >= 0.95


def test_a_file_of_another_template_language_is_told_once() -> None:
    text = (
        'source "qemu" "a" {\n  disk_size = {{ size }}\n}\n\n{% if kvm %}\n'
        'source "qemu" "b" {\n  cpus = {{ cpus | int }}\n}\n{% endif %}\n'
    )
    _, diagnostics = parse(Document("a.pkr.hcl", text))
    assert [(d.message, d.range.first.line) for d in diagnostics] == [
        ("`{{` is not HCL but another template language", 2)
    ]
