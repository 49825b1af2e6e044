"""The source of a plugin → schemas: what is read of Go, what becomes of what was known, what is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from packlint.schemas import refresh
from packlint.schemas.compose import text
from packlint.schemas.golang import read, statements, written

PLUGIN = Path(__file__).parent / "plugin"
ADDRESS = "github.com/acme/orchard"
STRING, WHOLE = {"type": "string"}, {"type": "integer"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the plugin that a test may change."""
    return Path(shutil.copytree(PLUGIN, tmp_path / "checkout"))


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of schemas as they ship, with those of the plugin's first release, which a test may change."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "index.json").write_text('{"core": {}, "plugins": {}, "moved": {}}', encoding="utf-8")
    monkeypatch.setattr(refresh, "SHIPPED", folder)
    assert run(PLUGIN, "--version", "v0.1.0", "--output", str(folder)).exit_code == 0
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(refresh.command, [str(argument) for argument in arguments])


def refreshed(tree: Path, kind: str = "builder", type_: str = "orchard") -> Any:
    output = tree.parent / "output"
    result = run(tree, "--output", output)
    assert result.exit_code == 0, result.output
    return json.loads((output / kind / f"{type_}.json").read_text(encoding="utf-8"))


def change(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def know(folder: Path, path: str, **facts: Any) -> None:
    """Adds facts to an argument of a shipped schema, or to the schema itself."""
    file, _, name = path.partition("#")
    target = folder / file
    schema = json.loads(target.read_text(encoding="utf-8"))
    (schema["properties"][name] if name else schema).update(facts)
    target.write_text(text(schema), encoding="utf-8")


def config(tree: Path) -> Path:
    return tree / "builder" / "orchard" / "config.hcl2spec.go"


def attribute(name: str, type_: str = "cty.String", required: str = "false") -> str:
    return f'"{name}": &hcldec.AttrSpec{{Name: "{name}", Type: {type_}, Required: {required}}},'


def block(name: str, type_: str) -> str:
    nested = f"hcldec.ObjectSpec((*{type_})(nil).HCL2Spec())"
    return f'"{name}": &hcldec.BlockSpec{{TypeName: "{name}", Nested: {nested}}},'


def test_the_arguments_of_a_new_plugin(tree: Path) -> None:
    schema = refreshed(tree)
    band = {"type": "object", "properties": {"depth": WHOLE}, "additionalProperties": False}
    pest = {"name": STRING, "legs": WHOLE}
    note = {"name": STRING, "value": STRING}
    assert schema["properties"] == {
        "grid": {"type": "array", "items": {"type": "array", "items": STRING}},
        "labels": {"type": "object", "additionalProperties": STRING},
        "note": blocks({"type": "object", "properties": note, "additionalProperties": False}),
        "organic": {"type": "boolean"},
        "packer_debug": {"type": "boolean", "x-internal": True},
        "pest": blocks({"type": "object", "properties": pest, "additionalProperties": False}),
        "plot": STRING,
        "rows": WHOLE,
        "seed": {"type": "array", "items": {"type": "number"}, "x-undocumented": True},
        "soil": {
            "type": "object",
            "x-block": "single",
            "properties": {"acid": {"type": "boolean"}, "layer": blocks(band)},
            "additionalProperties": False,
        },
        "spacing": {"type": "number"},
        "species": {"type": "string", "x-documented-required": True},
        "years": {"type": "array", "items": WHOLE},
    }
    assert schema["required"] == ["plot"]
    assert schema["additionalProperties"] is False
    Draft202012Validator.check_schema(schema)


def blocks(body: Any) -> Any:
    return {"type": "array", "x-block": "list", "items": body}


def test_a_component_says_where_it_is_from(tree: Path) -> None:
    assert refreshed(tree, "provisioner", "orchard-graft")["x-component"] == {
        "kind": "provisioner",
        "type": "orchard-graft",
        "plugin": ADDRESS,
        "repository": "acme/packer-plugin-orchard",
        "version": "v0.2.0",
        "date": None,
        "commit": None,
        "first_version": "v0.2.0",
    }


def test_every_form_in_which_a_component_gives_its_spec_is_read(tree: Path) -> None:
    assert refreshed(tree, "builder", "orchard-clone")["properties"] == {"mother": STRING}
    assert refreshed(tree, "provisioner", "orchard-graft")["properties"] == {"knife": STRING}
    packed = refreshed(tree, "post-processor", "orchard-pack")["properties"]
    assert packed == {"anything": {}, "crates": {"type": "number"}}
    assert refreshed(tree, "data-source", "orchard-tree")["x-outputs"] == {
        "age": "number",
        "fruits": "list(string)",
    }


def test_what_is_in_comments_and_strings_is_not_registered(tree: Path) -> None:
    refreshed(tree)
    assert sorted(path.stem for path in (tree.parent / "output" / "builder").iterdir()) == [
        "orchard",
        "orchard-clone",
    ]


def test_the_index_learns_of_a_new_plugin(tree: Path) -> None:
    refreshed(tree)
    index = json.loads((tree.parent / "output" / "index.json").read_text(encoding="utf-8"))
    assert index["plugins"][ADDRESS] == {
        "repository": "acme/packer-plugin-orchard",
        "version": "v0.2.0",
        "date": None,
        "path": "",
        "components": {
            "builder": ["orchard", "orchard-clone"],
            "data-source": ["orchard-tree"],
            "post-processor": ["orchard-pack"],
            "provisioner": ["orchard-graft"],
        },
    }
    assert "github.com/hashicorp/qemu" in index["plugins"]


def test_an_unchanged_plugin_keeps_its_schemas_to_the_letter(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json#species", enum=["apple", "pear"], default="apple")
    result = run(tree, "--version", "v0.1.0", "--output", tree.parent / "output")
    assert [line.rpartition(": ")[2] for line in result.output.splitlines()[1:-1]] == ["unchanged"] * 5
    for path in (tree.parent / "output").rglob("*.json"):
        assert path.read_text(encoding="utf-8") == (
            shipped / path.relative_to(tree.parent / "output")
        ).read_text(encoding="utf-8")


def test_new_arguments_and_blocks_say_since_when(tree: Path, shipped: Path) -> None:
    change(
        config(tree), '"rows":  ', attribute("shade", "cty.Bool") + block("fence", "FlatPest") + '"rows":  '
    )
    change(config(tree), '"legs": &', attribute("wings", "cty.Number") + '"legs": &')
    schema = refreshed(tree)
    assert schema["properties"]["shade"] == {"type": "boolean", "x-since": "v0.2.0"}
    assert schema["properties"]["pest"]["items"]["properties"]["wings"] == {
        "type": "number",
        "x-since": "v0.2.0",
    }
    fence = schema["properties"]["fence"]
    assert fence["x-since"] == "v0.2.0"
    assert "x-since" not in fence["properties"]["name"]
    assert schema["x-component"]["version"] == "v0.2.0"
    assert [*schema["properties"]] == sorted(schema["properties"])


def test_arguments_that_are_gone_say_which_version_had_them(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json#species", **{"x-replaced-by": "organic"})
    rule = {"x-rule": {"kind": "conflicts", "arguments": ["rows", "organic"]}, "not": {"required": ["rows"]}}
    kept = {"x-rule": {"kind": "conflicts", "arguments": ["rows", "years"]}, "not": {"required": ["years"]}}
    know(shipped, "builder/orchard.json", allOf=[rule, kept])
    source = config(tree).read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if '"organic"' not in line and '"name": ' not in line]
    config(tree).write_text("\n".join(lines), encoding="utf-8")
    result = run(tree, "--output", tree.parent / "output")
    schema = refreshed(tree)
    assert schema["x-removed"] == {"organic": "v0.1.0", "pest.name": "v0.1.0"}
    assert schema["allOf"] == [kept]
    assert "x-replaced-by" not in schema["properties"]["species"]
    assert "builder orchard: - `organic`" in result.output
    assert "dropped the rule `conflicts` about `rows`, `organic`: `organic` is gone" in result.output


def test_what_comes_back_is_not_gone_any_more(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json", **{"x-removed": {"shade": "v0.0.9", "bark": "v0.0.8"}})
    change(config(tree), '"rows":  ', attribute("shade", "cty.Bool") + '"rows":  ')
    assert refreshed(tree)["x-removed"] == {"bark": "v0.0.8"}


def test_an_argument_of_another_type_keeps_what_suits_every_type(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json#rows", minimum=1, deprecated=True)
    change(config(tree), 'Name: "rows", Type: cty.Number', 'Name: "rows", Type: cty.String')
    assert refreshed(tree)["properties"]["rows"] == {"x-type": "string", "deprecated": True}


def test_numbers_that_need_no_longer_be_whole(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json#rows", minimum=1)
    change(config(tree), "Rows        *int ", "Rows        *float64 ")
    assert refreshed(tree)["properties"]["rows"] == {"type": "number", "minimum": 1}


def test_what_newly_is_required_was_not_before(tree: Path, shipped: Path) -> None:
    change(
        config(tree),
        'Name: "rows", Type: cty.Number, Required: false',
        'Name: "rows", Type: cty.Number, Required: true',
    )
    schema = refreshed(tree)
    assert schema["required"] == ["plot"]
    assert schema["allOf"] == [
        {"x-rule": {"kind": "required", "arguments": ["rows"], "since_after": "v0.1.0"}, "required": ["rows"]}
    ]


def test_what_checks_require_stays_required(tree: Path, shipped: Path) -> None:
    know(shipped, "builder/orchard.json", required=["plot", "species"])
    assert refreshed(tree)["required"] == ["plot", "species"]


def test_a_block_becomes_an_argument(tree: Path, shipped: Path) -> None:
    start = config(tree).read_text(encoding="utf-8")
    change(config(tree), next(line for line in start.splitlines() if '"soil": ' in line), attribute("soil"))
    assert refreshed(tree)["properties"]["soil"] == {"type": "string", "x-since": "v0.2.0"}


def test_several_blocks_become_one(tree: Path, shipped: Path) -> None:
    change(config(tree), 'BlockListSpec{TypeName: "pest"', 'BlockSpec{TypeName: "pest"')
    assert refreshed(tree)["properties"]["pest"] == {
        "type": "object",
        "x-block": "single",
        "properties": {"legs": WHOLE, "name": STRING},
        "additionalProperties": False,
    }


def test_between_releases_what_is_new_is_unreleased(tree: Path, shipped: Path) -> None:
    change(tree / "version" / "version.go", 'VersionPrerelease = ""', 'VersionPrerelease = "dev"')
    change(config(tree), '"rows":  ', attribute("shade") + '"rows":  ')
    schema = refreshed(tree)
    assert schema["properties"]["shade"]["x-since"] == "unreleased"
    assert schema["x-component"]["version"] == "v0.1.0"


def test_a_component_that_is_not_registered_any_more_stays(tree: Path, shipped: Path) -> None:
    change(tree / "main.go", 'set.RegisterDatasource("tree", new(tree.Datasource))', "")
    result = run(tree, "--output", tree.parent / "output")
    assert "data-source orchard-tree: not registered any more, left as it is" in result.output
    index = json.loads((tree.parent / "output" / "index.json").read_text(encoding="utf-8"))
    assert index["plugins"][ADDRESS]["components"]["data-source"] == ["orchard-tree"]


def test_an_older_checkout_is_refused(tree: Path, shipped: Path) -> None:
    change(tree / "version" / "version.go", '"0.2.0"', '"0.0.9"')
    result = run(tree, "--output", tree.parent / "output")
    assert result.exit_code == 2
    assert "is v0.0.9, and the schemas are of v0.1.0" in result.output
    assert not (tree.parent / "output").exists()


def test_the_shipped_schemas_are_not_touched_unasked(
    tree: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in shipped.rglob("*.json")}
    change(config(tree), '"rows":  ', attribute("shade") + '"rows":  ')
    monkeypatch.chdir(tree.parent)
    result = run(tree)
    assert result.output.splitlines()[-1] == "wrote 6 files to `refreshed-schemas`"
    assert {path: path.read_bytes() for path in shipped.rglob("*.json")} == before


def test_a_type_of_another_plugin_lies_beside_it(tree: Path) -> None:
    change(tree / "main.go", "set.RegisterBuilder(plugin.DEFAULT_NAME", 'set.RegisterBuilder("iso"')
    (tree / "go.mod").write_text("module github.com/acme/packer-plugin-virtualbox\n", encoding="utf-8")
    for path in tree.rglob("*.go"):
        content = path.read_text(encoding="utf-8")
        path.write_text(
            content.replace("packer-plugin-orchard", "packer-plugin-virtualbox"), encoding="utf-8"
        )
    refreshed(tree, "alternates/acme/builder", "virtualbox-iso")


# What is broken, or of a form that nobody has seen yet.


@pytest.mark.parametrize(
    ("member", "note"),
    [
        ('"odd": (*Oddity)(nil).HCL2Spec(),', '`"odd":(*Oddity)(nil).HCL2Spec()` is not understood'),
        ('"odd": &hcldec.BlockMapSpec{TypeName: "odd", Nested: other},', "BlockMapSpec"),
        ("odd(),", "`odd()` is not understood"),
        (block("odd", "Gone"), "`orchard.Gone` has no method `HCL2Spec` in the tree"),
        (block("odd", "FlatConfig"), "`orchard.FlatConfig` holds itself"),
        (
            block("odd", "hcldec.X"),
            "of a package that is not in the tree: `github.com/hashicorp/hcl/v2/hcldec`",
        ),
    ],
)
def test_what_is_not_understood_is_said_and_left_open(tree: Path, member: str, note: str) -> None:
    change(config(tree), '"rows":  ', member + '"rows":  ')
    result = run(tree, "--output", tree.parent / "output")
    assert result.exit_code == 0
    assert note in next(line for line in result.output.splitlines() if "not understood:" in line)
    schema = refreshed(tree)
    assert schema["properties"]["rows"] == WHOLE
    if '"odd"' in member:
        Draft202012Validator(schema["properties"]["odd"]).validate({"what": "ever"})


def test_what_is_not_understood_stays_as_it_was(tree: Path, shipped: Path) -> None:
    before = json.loads((shipped / "builder" / "orchard.json").read_text(encoding="utf-8"))["properties"]
    change(config(tree), "(*FlatPest)(nil)", "(*FlatPests)(nil)")
    change(config(tree), '&hcldec.AttrSpec{Name: "grid"', 'special{Name: "grid"')
    after = refreshed(tree)["properties"]
    assert (after["pest"], after["grid"]) == (before["pest"], before["grid"])


def test_a_component_that_cannot_be_read_keeps_its_schema(tree: Path, shipped: Path) -> None:
    (tree / "builder" / "clone" / "builder.go").unlink()
    result = run(tree, "--output", tree.parent / "output")
    assert result.exit_code == 0
    assert "builder orchard-clone: not read" in result.output
    assert not (tree.parent / "output" / "builder" / "orchard-clone.json").exists()
    index = json.loads((tree.parent / "output" / "index.json").read_text(encoding="utf-8"))
    assert index["plugins"][ADDRESS]["components"]["builder"] == ["orchard", "orchard-clone"]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "\x00\xff",
        "package",
        "package orchard\nfunc",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec {",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec { return }",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec { s := s; return s }",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec { return b.ConfigSpec() }",
        "package orchard\nfunc (b *Builder) ConfigSpec() hcldec.ObjectSpec { return b.a.b.c.HCL2Spec() }",
        "package orchard\nfunc (b *Builder) ConfigSpec() T { return " + "(" * 5000 + ")" * 5000 + " }",
        "package orchard\nfunc (b *Builder) ConfigSpec() T { return "
        + "hcldec.ObjectSpec(" * 500
        + ")" * 500
        + "}",
        "package orchard\ntype Builder Builder\ntype Other = Builder",
        "package orchard\ntype Builder struct { Builder }",
        "package orchard\nimport (\n" + "{[(" * 3000,
        'package orchard\nvar x = "unfinished\ntype Builder struct {',
        "package orchard\n/* never closed",
    ],
)
def test_broken_source_never_raises(tree: Path, broken: str) -> None:
    (tree / "builder" / "orchard" / "builder.go").write_text(broken, encoding="utf-8")
    result = run(tree, "--output", tree.parent / "output")
    assert result.exit_code == 0, result.output
    assert "builder orchard: not read" in result.output
    assert "not understood: " in result.output


def test_a_name_that_is_not_understood_says_nothing_of_what_is_gone(tree: Path, shipped: Path) -> None:
    change(tree / "main.go", '"tree", new', "names[0], new")
    result = run(tree, "--output", tree.parent / "output")
    assert "not understood: main.go:23: the name `names[0]` is not understood" in result.output
    assert "not registered" not in result.output


def test_a_folder_that_is_no_plugin_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "go.mod` names no module" in result.output
    (tmp_path / "go.mod").write_text("module github.com/acme/packer-plugin-orchard\n", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "registers no component that is understood" in result.output


def test_a_module_that_tells_no_address_needs_one(tree: Path) -> None:
    (tree / "go.mod").write_text("module packer-plugin-scaffolding\n", encoding="utf-8")
    for path in tree.rglob("*.go"):
        content = path.read_text(encoding="utf-8")
        path.write_text(
            content.replace("github.com/acme/packer-plugin-orchard", "packer-plugin-scaffolding"),
            encoding="utf-8",
        )
    result = run(tree, "--output", tree.parent / "output")
    assert result.exit_code == 2
    assert "give it with `--plugin`" in result.output
    result = run(tree, "--plugin", ADDRESS, "--output", tree.parent / "output")
    assert result.exit_code == 0
    assert (tree.parent / "output" / "builder" / "orchard.json").is_file()


def test_what_goes_with_one_checkout_goes_with_no_more() -> None:
    assert run(PLUGIN, PLUGIN, "--version", "v1.0.0").exit_code == 2
    assert run(PLUGIN, "--version", "soon").exit_code == 2
    assert run().exit_code == 2


def test_no_link_out_of_the_checkout_is_followed(tree: Path) -> None:
    source = tree / "provisioner" / "graft" / "provisioner.hcl2spec.go"
    outside = tree.parent / "elsewhere.go"
    source.rename(outside)
    source.symlink_to(outside)
    assert "provisioner orchard-graft: not read" in run(tree, "--output", tree.parent / "output").output


def test_vendored_packages_are_read(tree: Path) -> None:
    change(
        config(tree), "github.com/hashicorp/packer-plugin-sdk/template/config", "example.com/far/away/config"
    )
    assert refreshed(tree)["properties"]["note"]["items"] == {"type": "object"}
    vendored = tree / "vendor" / "example.com" / "far" / "away" / "config"
    vendored.mkdir(parents=True)
    spec = 'return map[string]hcldec.Spec{"text": &hcldec.AttrSpec{Name: "text", Type: cty.String}}'
    (vendored / "note.go").write_text(
        f"package config\nfunc (*FlatNameValue) HCL2Spec() map[string]hcldec.Spec {{ {spec} }}\n",
        encoding="utf-8",
    )
    assert refreshed(tree)["properties"]["note"]["items"]["properties"] == {"text": STRING}


def test_packer_itself_lists_its_components(tmp_path: Path) -> None:
    tree = tmp_path / "packer"
    (tree / "command").mkdir(parents=True)
    (tree / "provisioner" / "sleep").mkdir(parents=True)
    (tree / "go.mod").write_text("module github.com/hashicorp/packer\n", encoding="utf-8")
    (tree / "command" / "execute.go").write_text(
        "package command\n"
        'import nap "github.com/hashicorp/packer/provisioner/sleep"\n'
        'var Provisioners = map[string]packersdk.Provisioner{\n\t"sleep": new(nap.Provisioner),\n}\n',
        encoding="utf-8",
    )
    spec = f"return map[string]hcldec.Spec{{{attribute('duration')}}}"
    (tree / "provisioner" / "sleep" / "sleep.go").write_text(
        "package sleep\n"
        "func (p *Provisioner) ConfigSpec() hcldec.ObjectSpec { return new(Flat).HCL2Spec() }\n"
        f"func (*Flat) HCL2Spec() map[string]hcldec.Spec {{ {spec} }}\n",
        encoding="utf-8",
    )
    schema = refreshed(tree, "provisioner", "sleep")
    assert schema["properties"]["duration"] == {"type": "string", "format": "go-duration"}
    assert schema["x-component"]["plugin"] is None


def test_go_is_read_by_its_declarations() -> None:
    file = read(
        "a.go",
        "package a\n"
        'import x "x.y/z"\n'
        'const (\n\tOne = "1" // "2"\n\tTwo, Three = 2, 3\n)\n'
        'type (\n\tShort = long.Name\n\tPair struct {\n\t\tA, B *int `hcl:"a"`\n\t\tx.Inner\n\t}\n)\n'
        "func (p Pair) Sum(f func(int) int) interface{ Get() int } { return f(p.A) }\n"
        "func assembled(n int) int\n\nvar after = 1\n\nfunc plain() {}\n",
    )
    assert (file.package, file.imports, file.strings) == ("a", [("x", "x.y/z")], {"One": "1"})
    assert written(file.types["Short"]) == "long.Name"
    fields = [(known.name, written(known.type), known.embedded) for known in file.structs["Pair"]]
    assert fields == [("A", "*int", False), ("B", "*int", False), ("Inner", "x.Inner", True)]
    assert [(known.name, known.receiver, known.variable) for known in file.functions] == [
        ("Sum", "Pair", "p"),
        ("plain", None, None),
    ]
    assert [written(part) for part in statements(file.functions[0].body)] == ["returnf(p.A)"]
