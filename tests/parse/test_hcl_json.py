"""JSON in HCL's form → blocks and attributes, as Packer's schema and the plugins' tell them apart."""

from __future__ import annotations

import pytest

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse
from packlint.syntax import Attribute, Block, Body

_TYPE = "the type of a `{}` block must be the key of its body, not a property in it"


def read(text: str, path: str = "x.pkr.json") -> Body:
    file, diagnostics = parse(Document(path, text))
    assert diagnostics == ()
    assert file.complete
    assert not file.legacy
    assert file.body.range.text == text
    return file.body


def said(text: str, path: str = "x.pkr.json") -> list[tuple[str, str]]:
    """What stands at each diagnostic, and its message."""
    file, diagnostics = parse(Document(path, text))
    assert file.complete is not bool(diagnostics)
    return [(diagnostic.range.text, diagnostic.message) for diagnostic in diagnostics]


def outline(body: Body) -> list[object]:
    """Names of attributes; type, labels and outline of blocks."""
    return [
        item.name
        if isinstance(item, Attribute)
        else (item.type, *(label.value for label in item.labels), outline(item.body))
        for item in body.items
    ]


def value(body: Body, *path: str) -> syntax.Expression:
    """The value of an attribute below blocks of those types."""
    for name in path[:-1]:
        body = next(block.body for block in body.blocks if block.type == name)
    attribute = body.attribute(path[-1])
    assert attribute is not None
    return attribute.expression


def test_a_property_is_a_block_where_packer_has_one_of_that_name() -> None:
    body = read(
        """{
          "packer": {"required_version": ">= 1.9", "required_plugins": {"a": {"source": "b/c/a"}}},
          "variable": {"size": {"type": "number", "validation": {"condition": true, "error_message": "No."}}},
          "variables": {"variable": {"default": 1}},
          "locals": {"build": {"name": "x"}},
          "build": {"name": "b", "sources": [], "hcp_packer_registry": {"bucket_labels": {"a": "b"}}}
        }"""
    )
    assert outline(body) == [
        ("packer", ["required_version", ("required_plugins", ["a"])]),
        ("variable", "size", ["type", ("validation", ["condition", "error_message"])]),
        ("variables", ["variable"]),
        ("locals", ["build"]),
        ("build", ["name", "sources", ("hcp_packer_registry", ["bucket_labels"])]),
    ]


def test_labels_and_bodies_may_stand_in_arrays() -> None:
    body = read(
        """[
          {"source": [
            {"null": {"a": {}, "b": [{}, {"x": 1}]}},
            {"null": [{"c": {}}, {"d": [[{"y": 1}, {"z": 2}]]}]}
          ]},
          {"build": [{"name": "one"}, {"name": "two"}]}
        ]"""
    )
    assert outline(body) == [
        ("source", "null", "a", []),
        ("source", "null", "b", []),
        ("source", "null", "b", ["x"]),
        ("source", "null", "c", []),
        ("source", "null", "d", ["y", "z"]),
        ("build", ["name"]),
        ("build", ["name"]),
    ]


def test_null_and_empty_arrays_make_no_blocks() -> None:
    body = read('{"locals": null, "variable": {"a": null, "b": []}, "build": [null], "x": null}')
    assert outline(body) == [("build", []), "x"]


def test_comments_are_properties_of_bodies_and_of_nothing_else() -> None:
    body = read('{"//": 1, "locals": {"//": 2, "a": {"//": 3}}, "//": 4}')
    assert outline(body) == [("locals", ["a"])]
    assert value(body, "locals", "a").range.text == '{"//": 3}'


def test_ranges_of_a_block() -> None:
    text = '{"source": {"null": {"a": {"x": 1}}}, "build": {}}'
    (source, build) = read(text).blocks
    assert source.type_range.text == '"source"'
    assert [label.range.text for label in source.labels] == ['"null"', '"a"']
    assert source.header_range.text == '"source": {"null": {"a"'
    assert source.range.text == '"source": {"null": {"a": {"x": 1}'
    assert source.body.range.text == '"x": 1'
    (attribute,) = source.body.attributes
    assert (attribute.name_range.text, attribute.range.text) == ('"x"', '"x": 1')
    assert build.header_range.text == '"build"'
    assert build.range.text == '"build": {}'


def test_further_blocks_of_a_property_begin_where_they_differ() -> None:
    """So that no two blocks have the same place, and what is said of one is not taken for the other."""
    text = '{"source": {"null": {"a": {}, "b": [{}, {"x": 1}]}, "file": {"c": {}}}}'
    headers = [(block.header_range.text, block.range.text) for block in read(text).blocks]
    assert headers == [
        ('"source": {"null": {"a"', '"source": {"null": {"a": {}'),
        ('"b"', '"b": [{}'),
        ("{", '{"x": 1}'),
        ('"file": {"c"', '"file": {"c": {}'),
    ]


def test_blocks_of_a_component_are_told_by_its_schema() -> None:
    body = read(
        """{"source": {"amazon-ebs": {"a": {
          "tags": {"a": "b"},
          "tag": [{"key": "k"}, {"key": "l"}],
          "source_ami_filter": {"filters": {"name": "x"}},
          "subnet_filter": {"filter": {"name": "x"}, "random": true},
          "metadata_options": "not what this version takes",
          "never_heard_of": {"b": 1}
        }}}, "build": {"source": {"source.amazon-ebs.a": {"name": "z", "tag": {"key": "m"}}},
          "post-processor": {"amazon-import": {"name": "p", "tags": {"c": "d"}}}}}"""
    )
    assert outline(body) == [
        (
            "source",
            "amazon-ebs",
            "a",
            [
                "tags",
                ("tag", ["key"]),
                ("tag", ["key"]),
                ("source_ami_filter", ["filters"]),
                ("subnet_filter", [("filter", ["name"]), "random"]),
                "metadata_options",
                "never_heard_of",
            ],
        ),
        (
            "build",
            [
                ("source", "source.amazon-ebs.a", ["name", ("tag", ["key"])]),
                ("post-processor", "amazon-import", ["name", "tags"]),
            ],
        ),
    ]


def test_of_an_unknown_component_everything_is_an_attribute() -> None:
    body = read('{"source": {"nobodys": {"a": {"tag": {"key": "k"}, "list": [{"a": 1}]}}}}')
    assert outline(body) == [("source", "nobodys", "a", ["tag", "list"])]


def test_dynamic_blocks() -> None:
    body = read(
        """{"source": {"amazon-ebs": {"a": {"dynamic": {"tag": {
          "for_each": "${var.tags}", "iterator": "each", "content": {"key": "${each.key}"}}}}}},
        "build": {"dynamic": {"provisioner": [
          {"for_each": ["a"], "labels": ["shell"], "content": {"inline": ["true"], "override": {}}}]}}}"""
    )
    tags = ("dynamic", "tag", ["for_each", "iterator", ("content", ["key"])])
    steps = ("dynamic", "provisioner", ["for_each", "labels", ("content", ["inline", "override"])])
    assert outline(body) == [("source", "amazon-ebs", "a", [tags]), ("build", [steps])]
    (source, _) = body.blocks
    iterator = value(source.body, "dynamic", "iterator")
    assert isinstance(iterator, syntax.Traversal)
    assert iterator.root == "each"


def test_strings_are_templates_where_packer_evaluates_them() -> None:
    body = read(
        """{"locals": {"a": "${var.x}", "b": "plain", "c": "", "d": "a ${var.x} b",
          "e": {"${var.x}": ["%{if true}y%{endif}"]}}}"""
    )
    wrap = value(body, "locals", "a")
    assert isinstance(wrap, syntax.TemplateWrap)
    assert wrap.range.text == '"${var.x}"'
    assert wrap.wrapped.range.text == "var.x"
    plain = value(body, "locals", "b")
    assert isinstance(plain, syntax.Template)
    assert [part.range.text for part in plain.parts] == ["plain"]
    empty = value(body, "locals", "c")
    assert isinstance(empty, syntax.Template)
    assert empty.parts == ()
    mixed = value(body, "locals", "d")
    assert isinstance(mixed, syntax.Template)
    assert [part.range.text for part in mixed.parts] == ["a ", "var.x", " b"]
    assert mixed.range.text == '"a ${var.x} b"'
    inner = value(body, "locals", "e")
    assert isinstance(inner, syntax.Object)
    (item,) = inner.items
    assert isinstance(item.key, syntax.TemplateWrap)
    assert item.key.range.text == '"${var.x}"'
    assert isinstance(item.value, syntax.Tuple)
    assert isinstance(item.value.items[0], syntax.Template)
    assert isinstance(item.value.items[0].parts[0], syntax.TemplateIf)


@pytest.mark.parametrize(
    ("string", "reference"),
    [
        (r'"a\n\"${var.x}\""', "var.x"),
        (r'"\u0024{var.x}"', "var.x"),
        (r'"${\u0076ar.x}"', r"\u0076ar.x"),
        (r'"${upper(\"a\")}${var.x}"', "var.x"),
        (r'"\ud83d\ude00${var.x}"', "var.x"),
        (r'"\\${var.x}"', "var.x"),
        (r'"$${var.y}${var.x}"', "var.x"),
    ],
)
def test_ranges_within_strings_with_escapes(string: str, reference: str) -> None:
    body = read('{"locals": {"a": ' + string + "}}")
    (traversal,) = syntax.traversals(body)
    assert traversal.range.text == reference
    assert [step.key for step in traversal.steps] == ["x"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"packer": {"required_version": "${x"}}', ("packer", "required_version")),
        ('{"variable": {"a": {"description": "${x"}}}', ("variable", "description")),
        (
            '{"variable": {"a": {"validation": {"error_message": "${x"}}}}',
            ("variable", "validation", "error_message"),
        ),
        ('{"build": {"source": {"null.a": {"name": "${x"}}}}', ("build", "source", "name")),
        ('{"communicator": {"a": {"b": {"c": "${x"}}}}', ("communicator", "c")),
        ('{"variable": {"a": {"nonsense": "${x"}}}', ("variable", "nonsense")),
    ],
)
def test_strings_are_text_where_packer_evaluates_nothing(text: str, path: tuple[str, ...]) -> None:
    found = value(read(text), *path)
    assert isinstance(found, syntax.Template)
    assert found.literal == "${x"


def test_the_literals_of_what_a_dynamic_block_makes_may_hold_its_iterator() -> None:
    """So that the iterator is seen: without a `dynamic` block the name of a `source` block is plain text."""
    block = '{"for_each": ["a"], "labels": ["null.n"], "content": {"name": "x-${source.value}"}}'
    body = read('{"build": {"dynamic": {"source": ' + block + "}}}")
    (traversal,) = syntax.traversals(value(body, "build", "dynamic", "content", "name"))
    assert traversal.range.text == "source.value"


@pytest.mark.parametrize("quote", [r"\"", r"\u0022"])
def test_strings_within_strings(quote: str) -> None:
    written = f"{quote}a{quote}, {quote}{quote}, {quote}${{x}}{quote}"
    call = value(read('{"locals": {"a": "${f(' + written + ')}"}}'), "locals", "a")
    assert isinstance(call, syntax.TemplateWrap)
    assert isinstance(call.wrapped, syntax.Call)
    first, empty, wrap = call.wrapped.arguments
    assert isinstance(first, syntax.Template)
    assert isinstance(empty, syntax.Template)
    assert first.range.text == f"{quote}a{quote}"
    assert [part.range.text for part in first.parts] == ["a"]
    assert (empty.range.text, empty.parts) == (quote * 2, ())
    assert isinstance(wrap, syntax.TemplateWrap)
    assert wrap.range.text == f"{quote}${{x}}{quote}"


def test_variable_files_hold_plain_values() -> None:
    body = read('{"a": "${x", "b": [1, {"c": null}], "build": {}, "//": 1}', "x.auto.pkrvars.json")
    assert outline(body) == ["a", "b", "build"]
    found = value(body, "a")
    assert isinstance(found, syntax.Template)
    assert found.literal == "${x"


def test_types_are_expressions() -> None:
    body = read('{"variable": {"a": {"type": "list(string)"}, "b": {"type": "any"}}}')
    first, second = body.blocks
    call, word = value(first.body, "type"), value(second.body, "type")
    assert isinstance(call, syntax.Call)
    assert isinstance(word, syntax.Traversal)
    assert (call.range.text, word.range.text) == ("list(string)", "any")
    assert [attribute.range.text for attribute in first.body.attributes] == ['"type": "list(string)"']


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('{"variable": {}}', [("{}", "the name of a `variable` block is missing")]),
        ('{"variable": null}', [("null", "the name of a `variable` block is missing")]),
        ('{"local": 1}', [("1", "an object must stand here, with the name of a `local` block as its key")]),
        ('{"source": {"null": {"a": "b"}}}', [('"b"', "the body of a `source` block must be an object")]),
        (
            '{"variable": {"//": "c"}}',
            [('"c"', '`"//"` stands where the name of a `variable` block does, and is no comment there')],
        ),
        (
            '{"build": {"provisioner": {"type": "shell", "inline": ["x"]}}}',
            [('"type": "shell"', _TYPE.format("provisioner"))],
        ),
        (
            '{"build": {"post-processor": [{"type": "x", "a": {}}, {"manifest": {}}, {"type": {}}]}}',
            [('"type": "x"', _TYPE.format("post-processor"))],
        ),
        ('{"source": {"type": "null", "name": "n"}}', [('"type": "null"', _TYPE.format("source"))]),
        ('{"variable": {"type": "x"}}', [('"x"', "the body of a `variable` block must be an object")]),
        ('{"build": [1]}', [("1", "an object must stand here, as the body of a `build` block")]),
        ('{"locals": [[{}]]}', [("[{}]", "an object must stand here, as the body of a `locals` block")]),
        ("[1]", [("1", "an object must stand here, as the body of the file")]),
        ('"a"', [('"a"', "the root of this file must be an object")]),
        ('{"locals": {"a": 1, "a": 2}}', [('"a"', "the key `a` is set twice")]),
        ('{"locals": {"a": {"b": 1, "b": 2}}}', [('"b"', "the key `b` is set twice")]),
        ('{"locals": {"a": "${x y}"}}', [("y", "`}` is missing before `y`")]),
        ('{"locals": {"a": "\\n\\"${x \\"y\\"}"}}', [('\\"y\\"', "`}` is missing before a string")]),
        ('{"locals": {"a": "${x"}}', [("", "`}` is missing before the end of the string")]),
        ('{"variable": {"a": {"type": "${b}"}}}', [('"${b}"', "this must be a single HCL expression")]),
        ('{"variable": {"a": {"type": ""}}}', [('""', "this must be a single HCL expression")]),
        ('{"locals": {"a": "${upper("x")}", "b": 1}}', [('"', "this quote ends the string")]),
    ],
)  # fmt: skip
def test_what_hcl_refuses(text: str, messages: list[tuple[str, str]]) -> None:
    assert said(text) == messages


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            '{"build": {"provisioner": [{"type": "shell", "inline": []}]}}',
            'write `"provisioner": {"shell": { … }}`',
        ),
        ('{"source": {"type": "null", "name": "n"}}', 'write `"source": {"null": {"NAME": { … }}}`'),
        ('{"build": {"source": ["source.null.n"]}}', 'list sources as `"sources": ["TYPE.NAME"]`'),
        ('{"build": {"source": "null.n"}}', 'list sources as `"sources": ["TYPE.NAME"]`'),
    ],
)
def test_a_hint_shows_how_hcl_has_it(text: str, hint: str) -> None:
    (error,) = parse(Document("x.pkr.json", text))[1]
    assert error.hint == hint


def test_an_object_of_a_required_plugin_is_looked_up_key_by_key() -> None:
    assert said('{"packer": {"required_plugins": {"a": {"version": "1", "version": "2"}}}}') == []


def test_the_root_of_a_variable_file_is_an_object() -> None:
    assert said('[{"a": 1}]', "x.pkrvars.json") == [('[{"a": 1}]', "the root of this file must be an object")]


def test_a_legacy_template_in_an_hcl_file_is_one_error() -> None:
    text = '{"variables": {"a": null}, "builders": [{"type": "null"}], "min_packer_version": "1"}'
    (error,) = parse(Document("x.pkr.json", text))[1]
    assert error.range.text == '"builders"'
    assert error.message == "this is a legacy template in a file that Packer reads as HCL"
    assert "`packer hcl2_upgrade`" in str(error.hint)


def test_sound_blocks_around_an_error_are_kept() -> None:
    text = """{"locals": {"a": "${x y}", "b": 1},
      "variable": {"v": {"default": tru}, "w": {}}, "build": {"name": "n",}}"""
    file, diagnostics = parse(Document("x.pkr.json", text))
    assert [it.message for it in diagnostics] == [
        "`}` is missing before `y`",
        "`tru` is no value in JSON",
        "no item follows this comma before the object ends",
    ]
    assert outline(file.body) == [
        ("locals", ["b"]),
        ("variable", "v", []),
        ("variable", "w", []),
        ("build", ["name"]),
    ]


def test_what_an_error_hides_is_not_missed() -> None:
    assert len(said('{"variable": {"a": tru}, "locals": [nil]}')) == 2


def test_blocks_are_compared_with_their_ranges() -> None:
    """Every block lies in its file, header in block, body in block."""
    text = '{"build": [{"provisioner": {"shell": [{"inline": []}, {"inline": ["${a}"]}], "file": {}}}, null]}'
    for node in syntax.walk(parse(Document("x.pkr.json", text))[0]):
        if isinstance(node, Block):
            assert node.range.contains(node.header_range)
            assert node.range.contains(node.body.range)
