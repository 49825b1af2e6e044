"""Policies that cannot work → an error before any template is seen; those that may → none."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from packlint.catalog import Catalog
from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files
from packlint.policy.examine import examine
from packlint.policy.read import read

AMAZON = 'startswith(self.type, "amazon-")'
BLOCKS = "self.launch_block_device_mappings"


def policy(
    condition: str = "",
    *,
    target: str = "source",
    when: str = "",
    message: str = '"Say."',
    schema: str = "",
    at: str = "",
) -> str:
    says = {"when": when, "condition": condition, "error_message": message, "schema": schema, "at": at}
    lines = "".join(f"  {name} = {it}\n" for name, it in says.items() if it)
    return f'policy "p" {{\n  target = {target}\n{lines}}}\n'


def look(text: str, root: Path = Path(), catalog: Catalog | None = None) -> None:
    document = Document("policies/x.policy.hcl", text)
    sheet = read(document, name="x", files=Files(root), directory="policies", foreign=False)
    examine(sheet, *([catalog] if catalog else []))


def refused(text: str, root: Path = Path()) -> tuple[str, str, str]:
    """The text at the place of the error, its message and its hint."""
    with pytest.raises(PolicyError) as raised:
        look(text, root)
    error = raised.value
    assert error.range is not None
    return error.range.text, str(error), error.hint or ""


class TestNamesOfSelf:
    def test_an_argument_that_no_targeted_component_has(self) -> None:
        place, message, hint = refused(policy("self.regoin == 1", when=AMAZON))
        assert (place, message) == ("self.regoin", "there is no argument `self.regoin`")
        assert hint.startswith("did you mean `self.region`?")
        assert "packlint schema show builder/amazon-" in hint
        assert len(hint) < 300

    def test_one_that_a_component_has_which_when_leaves_out(self) -> None:
        place, _, hint = refused(policy("self.iso_checksum == 1", when='self.type == "amazon-ebs"'))
        assert place == "self.iso_checksum"
        assert "has it, which `when` leaves out" in hint
        assert "packlint schema show builder/amazon-ebs" in hint

    @pytest.mark.parametrize(
        "when",
        [
            "",
            'self.type == "qemu"',
            'contains(["qemu"], self.type)',
            'self.type != "amazon-ebs"',
            'can(regex("^qe", self.type))',
            # Whether these hold depends on more than the type.
            'self.type == "amazon-ebs" || self.headless == true',
            "template.path == self.type",
            "contains(param.types, self.type)",
        ],
    )
    def test_one_component_that_has_it_is_enough(self, when: str) -> None:
        types = 'param "types" { default = [] }\n'
        look(types + policy("self.iso_checksum != null", when=when))

    def test_a_failing_when_is_false(self) -> None:
        when = "{ amazon-ebs = true }[self.type]"
        assert refused(policy("self.iso_checksum == 1", when=when))[0] == "self.iso_checksum"

    def test_components_that_nobody_knows_may_have_any_names(self) -> None:
        look(policy("self.anything.at.all == 1", when='startswith(self.type, "ours-")'))

    def test_components_whose_schemas_somebody_brings_may_too(self, tmp_path: Path) -> None:
        (tmp_path / "builder").mkdir()
        (tmp_path / "builder/ours.json").write_text("{}", encoding="utf-8")
        look(policy("self.anything == 1"), catalog=Catalog((tmp_path,)))
        with pytest.raises(PolicyError, match=r"self\.anything"):
            look(policy("self.anything == 1", when=AMAZON), catalog=Catalog((tmp_path,)))

    @pytest.mark.parametrize(
        "name", ["type", "name", "arguments.anything", 'arguments["x"]', "region", "tags.any.thing"]
    )
    def test_names_that_there_are(self, name: str) -> None:
        look(policy(f"self.{name} != null", when=AMAZON))

    @pytest.mark.parametrize(
        "condition",
        [
            f"{BLOCKS}[0].encryptd != null",
            f"length({BLOCKS}[*].encryptd) == 1",
            f"length({BLOCKS}.*.encryptd) == 1",
            f"alltrue([for it in {BLOCKS} : it.encryptd])",
            f"alltrue([for at, it in {BLOCKS} : try(it.encryptd, at)])",
            f'"%{{for it in {BLOCKS}}}${{it.encryptd}}%{{endfor}}" == ""',
        ],
    )
    def test_names_within_nested_blocks(self, condition: str) -> None:
        place, message, hint = refused(policy(condition, when=AMAZON))
        assert (place, "encryptd" in message) == (".encryptd", True)
        assert "launch_block_device_mappings[0].encrypted`?" in hint
        look(policy(condition.replace("encryptd", "encrypted"), when=AMAZON))

    def test_a_nested_block_is_a_list(self) -> None:
        place, message, hint = refused(policy(f"{BLOCKS}.encrypted", when=AMAZON))
        assert (place, "is a list" in message) == (f"{BLOCKS}.encrypted", True)
        assert f"`{BLOCKS}[0].encrypted`" in hint
        look(policy(f"try({BLOCKS}.encrypted, true)", when=AMAZON))

    def test_lookup_names_an_argument_too(self) -> None:
        place, said, _ = refused(policy('lookup(self, "regoin", "eu") == "eu"', when=AMAZON))
        assert (place, said) == ('self, "regoin"', "there is no argument `self.regoin`")
        look(policy('lookup(self, "region", "eu") == lookup(self.tags, "owner", "x")', when=AMAZON))
        look(policy("lookup(self, param.x, 1) == 1", when=AMAZON) + 'param "x" {}')

    def test_names_that_a_loop_binds_are_its_own(self) -> None:
        look(policy("alltrue([for self in [{ x = true }] : self.x])"))
        look(policy("alltrue([for name, var in self.tags : var == name])", when=AMAZON))

    @pytest.mark.parametrize("part", ["when", "message", "at"])
    def test_wherever_it_stands(self, part: str) -> None:
        written = {"when": "self.regoin == 1", "message": '"${self.regoin}"', "at": "self.regoin"}[part]
        assert refused(policy("true", **{part: written}))[0] == "self.regoin"

    @pytest.mark.parametrize(
        ("target", "wrong", "right"),
        [
            ("variable", "sensitve", "sensitive"),
            ("required_plugin", "versions", "version"),
            ("build", "instance", "instances"),
            ("template", "varables", "variables"),
            ("provisioner", "run_on", "runs_on"),
            ("post_processor", "keep_input_artefact", "keep_input_artifact"),
            ("data", "argument", "arguments"),
        ],
    )
    def test_each_target_has_its_own(self, target: str, wrong: str, right: str) -> None:
        place, _, hint = refused(policy(f"self.{wrong} != null", target=target))
        assert (place, f"did you mean `self.{right}`?" in hint) == (f"self.{wrong}", True)
        look(policy(f"self.{right} != null", target=target))

    @pytest.mark.parametrize(
        ("target", "condition", "wrong", "meant"),
        [
            ("build", '[for i in self.instances : i.comunicator == "ssh"]', ".comunicator", "communicator"),
            ("build", "self.instances[*].comunicator", ".comunicator", "communicator"),
            ("build", "[for i in self.instances : i.ami_grups == null]", ".ami_grups", "ami_groups"),
            ("build", '[for s in self.provisioners : s.typ == "shell"]', ".typ", "type"),
            ("build", "[for s in self.post_processors : s.outpt == null]", ".outpt", "output"),
            ("template", '[for s in self.sources : s.regoin == "x"]', ".regoin", "region"),
            ("source", '[for s in template.data : s.ownrs == "x"]', ".ownrs", "owners"),
            (
                *("build", "flatten([for i in self.instances : [for s in i.provisioners : s.scrpt]]) == []"),
                *(".scrpt", "script"),
            ),
        ],
    )
    def test_components_in_lists_have_names_too(
        self, target: str, condition: str, wrong: str, meant: str
    ) -> None:
        place, _, hint = refused(policy(f"alltrue({condition})", target=target))
        assert place == wrong
        assert f"{meant}`?" in hint

    @pytest.mark.parametrize(
        "condition",
        [
            "alltrue([for i in self.instances : i.ami_groups == null || i.arguments.x == i.guest])",
            "alltrue([for i in self.instances : i.vm_name == i.address && i.tags.owner != null])",
            "alltrue([for s in self.provisioners : s.script == s.override.x || s.inline == null])",
            'alltrue([for s in self.sources : s == "qemu.a"])',
        ],
    )
    def test_what_components_in_lists_may_have(self, condition: str) -> None:
        look(policy(condition, target="build"))

    def test_the_rest_of_the_template_has_names_too(self) -> None:
        place, _, hint = refused(policy("template.varables == 1"))
        assert (place, "`template.variables`" in hint) == ("template.varables", True)
        loop = "alltrue([for it in template.variables : it.sensitve])"
        place, _, hint = refused(policy(loop))
        assert (place, "`template.variables[0].sensitive`" in hint) == (".sensitve", True)


class TestOtherNames:
    HEAD = 'param "regions" { default = [] }\nlocals {\n  clouds = []\n}\n'

    @pytest.mark.parametrize(
        ("condition", "place", "hint"),
        [
            ("contains(var.x, 1)", "var", "`self`, `template`, `param` and `local`"),
            ("contains(params.regions, 1)", "params", "did you mean `param`?"),
            ("path.root == 1", "path", "a policy sees"),
            ("contains(regions, 1)", "regions", "in quotes"),
            ("contains(param.regoins, 1)", "param.regoins", "did you mean `param.regions`?"),
            ("contains(param.x, 1)", "param.x", "there are `regions`"),
            ('contains(param["x"], 1)', 'param["x"]', "there are `regions`"),
            ("contains(local.cluods, 1)", "local.cluods", "did you mean `local.clouds`?"),
            ("try(var.x, true)", "var", "a policy sees"),
            ("startwith(self.type, 1)", "startwith", "did you mean `startswith`?"),
            ("can(nope(1))", "nope", "functions of Packer"),
            ('env("X") == ""', "env", "param"),
        ],
    )
    def test_what_there_is_instead(self, condition: str, place: str, hint: str) -> None:
        where, _, advice = refused(self.HEAD + policy(condition))
        assert (where, hint in advice) == (place, True), (where, advice)

    @pytest.mark.parametrize(
        "text",
        [
            policy("true") + "locals {\n  a = self.x\n}\n",
            policy("true") + "locals {\n  a = template.path\n}\n",
            policy(schema="{ const = self.type }"),
        ],
    )
    def test_what_is_the_same_for_every_block_sees_none(self, text: str) -> None:
        place, message, hint = refused(text)
        assert place in ("self", "template")
        assert message == f"there is no `{place}` here"
        assert "`param` and `local`" in hint

    def test_a_local_names_the_others(self) -> None:
        assert refused("locals {\n  a = keys(local)\n}\n")[0] == "local"

    def test_the_type_of_convert_is_no_name(self) -> None:
        look(policy("length(convert(self.tags, map(string))) > 1", when=AMAZON))


class TestTypes:
    @pytest.mark.parametrize(
        ("condition", "place"),
        [
            ('self.type + "a" == 1', '"a"'),
            ("self.type", "self.type"),
            ('"x-${self.type}"', '"x-${self.type}"'),
            ("self.region + 1", "self.region + 1"),
            ("length(self.region, 1) > 1", "length(self.region, 1)"),
            ("[for it in self.tags : it]", "[for it in self.tags : it]"),
            ("{}", "{}"),
            ("(1)", "(1)"),
            ("null", "null"),
            ('"maybe"', '"maybe"'),
            ("param.most", "param.most"),
            ("true ? 1 : 2", "true ? 1 : 2"),
            ("upper(null) == self.region", "null"),
        ],
    )
    def test_what_is_wrong_for_every_block(self, condition: str, place: str) -> None:
        head = 'param "most" {\n  type = number\n  default = 1\n}\n'
        where, message, _ = refused(head + policy(condition))
        assert where == place, message

    @pytest.mark.parametrize(
        "condition",
        [
            "self.region",
            "self.region + 1 > 2",
            'self.region == null ? true : self.type + "a" == 1',
            'try(self.type + "a", true)',
            'can(self.type + "a")',
            "lookup(self.tags, 1, false)",
            "self.tags.owner.name",
            'self.region == "x" || self.region[0]',
            "alltrue(self.tags)",
            "self.disk_size < 10 && length(self.region) > 1",
            'self[self.type] == "x"',
            "alltrue([for k, v in self : v != null])",
            'contains(keys(self), "region")',
            "anytrue([for it in template.builds : anytrue([for p in it.sources : p == self.type])])",
            "!self.arguments && [] > 1",
            "param.none[0] == self.region",
            "param.none.x",
            "contains(param.strings, self.region)",
            "local.first == self.region",
            "length(template.variables) > 0",
            'lower("TRUE")',
            'coalesce(self.name, "true")',
        ],
    )
    def test_what_may_work_for_some_block(self, condition: str) -> None:
        head = """
        param "none" { default = null }
        param "strings" {
          type    = list(string)
          default = null
        }
        locals { first = param.strings[0] }
        """
        look(head + policy(condition))

    @pytest.mark.parametrize("call", ['regex("^eu-", self.name)', '(regexall("^eu-", self.name))'])
    def test_what_a_pattern_finds_is_no_answer(self, call: str) -> None:
        place, said, hint = refused(policy(call))
        assert (place, said) == (call, "`condition` has to be true or false, not what a pattern finds")
        assert hint == "ask whether it matches at all: `can(regex(…))`"
        look(policy(f"can({call})"))

    def test_when_is_a_condition_too(self) -> None:
        assert refused(policy("true", when="[self.type]"))[:2] == (
            "[self.type]",
            "`when` has to be true or false, not a collection",
        )

    @pytest.mark.parametrize(
        ("message", "place"),
        [
            ("self.sources", "self.sources"),
            ('"Not ${self.sources}."', "self.sources"),
            ('""', '""'),
            ('"  "', '"  "'),
            ("null", "null"),
            ('"${upper(self.name, 1)}"', "upper(self.name, 1)"),
            ("[self.name]", "[self.name]"),
        ],
    )
    def test_a_message_is_a_text(self, message: str, place: str) -> None:
        assert refused(policy("false", target="build", message=message))[0] == place

    def test_values_of_a_test_fit_the_parameters(self) -> None:
        head = 'param "most" { type = number }\n' + policy("self.cpus < param.most")
        look(head + 'test "p" {\n  template = ""\n  params   = { most = 3 }\n}\n')
        for params, said in (("{ most = [] }", "does not fit"), ("{ mots = 3 }", "no parameter `mots`")):
            test = f'test "p" {{\n  template = ""\n  params   = {params}\n}}\n'
            assert said in refused(head + test)[1]
        place, said, hint = refused(head + 'test "p" {\n  template = ""\n}\n')
        assert (place, "no value in this test" in said, "`params = {" in hint) == ('test "p"', True, True)


class TestSchemas:
    @pytest.mark.parametrize(
        ("schema", "place", "message"),
        [
            ('["tags"]', '["tags"]', "has to be an object"),
            ("{ required = 1 }", "{ required = 1 }", "`required` in it"),
            ('{ "$ref" = "https://example.com" }', '{ "$ref" = "https://example.com" }', "leads elsewhere"),
            ('{ required = ["tgas"] }', '"tgas"', "no property `tgas`"),
            ("{ properties = { regoin = {} } }", "regoin", "no property `regoin`"),
            ('{ properties = { region = { pattern = "(a+)+$" } } }', '"(a+)+$"', "take too long"),
            ('{ patternProperties = { "(x*)*y" = {} } }', '"(x*)*y"', "take too long"),
            ('{ properties = { region = { pattern = "(" } } }', None, "("),
            ("file(1)", "file(1)", "cannot be read"),
            # JSON Schema itself takes what it does not know for a remark.
            ('{ require = ["tags"] }', "require", "no keyword `require`"),
            ("{ tags = { required = [] } }", "tags", "no keyword `tags`"),
            ("{ properties = { tags = { requires = [] } } }", "requires", "no keyword `requires`"),
            ("{ dependencies = {} }", "dependencies", "no keyword `dependencies`"),
        ],
    )
    def test_what_cannot_be_judged_by(self, schema: str, place: str | None, message: str) -> None:
        where, said, _ = refused(policy(schema=schema, when=AMAZON))
        assert message in said
        assert place is None or where == place

    @pytest.mark.parametrize(
        "schema",
        [
            '{ required = ["tags"], properties = { tags = { required = ["owner", "cost-centre"] } } }',
            "{ properties = { region = { enum = param.regions }, type = {}, arguments = {} } }",
            "{ required = param.unset }",
            "merge({ required = param.unset }, { minProperties = 1 })",
            '{ properties = { ami_name = { pattern = "^[a-z]+-.*-v[0-9]{1,3}$" } } }',
            '{ "$defs" = { x = {} }, title = "t", "$comment" = "c", not = { if = {}, then = {} } }',
            "{ properties = { tags = { properties = { requires = { const = 1 } }, minProperties = 1 } } }",
        ],
    )
    def test_what_can(self, schema: str) -> None:
        head = 'param "regions" { default = ["eu-west-1"] }\nparam "unset" {}\n'
        look(head + policy(schema=schema, when=AMAZON))


class TestGivenUp:
    @pytest.mark.parametrize(
        ("condition", "message"),
        [
            ('contains(split(",", file("/etc/passwd")), self.region)', "outside the checked root"),
            ('contains(split(",", file("../../x")), self.region)', "cannot be read"),
            ('contains(split(",", file("none.txt")), self.region)', "cannot be read"),
            ('alltrue([for it in self.tags : file("none.txt") == it])', "cannot be read"),
            ("length([for a in range(1000) : [for b in range(1000) : self.region]]) > 1", "too large"),
            ('can(regex("(a|a)*$", self.region))', "take too long"),
            ('can(regexall("([a-z]+)*x", self.region))', "take too long"),
            ('regex_replace(self.region, "(a*)*", "") == ""', "take too long"),
            ('can(regex("a(?=b)", self.region))', "look around"),
        ],
    )
    def test_where_it_shows_without_a_block(self, condition: str, message: str) -> None:
        assert message in refused(policy(condition, when=AMAZON))[1]

    def test_names_that_a_loop_binds_are_worth_nothing_outside(self) -> None:
        look(policy("alltrue([for it in self.tags : upper(it) == lower(it)])", when=AMAZON))

    def test_a_file_that_is_there_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "policies").mkdir()
        (tmp_path / "policies/regions.txt").write_text("a\nb\n", encoding="utf-8")
        look(policy('contains(split("\\n", file("regions.txt")), self.region)', when=AMAZON), tmp_path)


GOOD = (
    'param "regions" {\n  type = list(string)\n  default = ["eu"]\n}\n'
    'locals {\n  clouds = [for it in ["amazon-ebs"] : lower(it)]\n}\n'
    + policy(
        'contains(param.regions, self.region) || can(regex("^eu-", self.region))',
        when="contains(local.clouds, self.type)",
        message='"Region ${self.region}: %{if self.region == null}none%{endif}."',
        at="self.region",
    )
    + policy(schema='{ required = ["tags"] }', when=AMAZON).replace('"p"', '"q"')
    + policy(f"alltrue([for it in {BLOCKS} : it.encrypted]) && {BLOCKS}[*].iops != []").replace('"p"', '"r"')
    + 'test "p" {\n  template = <<-EOT\n    build {}\n  EOT\n'
    + '  params = { regions = [] }\n  finds = ["x"]\n}\n'
)


def only_policy_errors(text: str) -> bool:
    """Whether there is none; whatever else is raised fails the test."""
    try:
        look(text)
    except PolicyError as error:
        assert error.range is not None
        return False
    return True


def test_no_prefix_raises_anything_else() -> None:
    assert only_policy_errors(GOOD)
    found = [only_policy_errors(GOOD[:end]) for end in range(0, len(GOOD), 3)]
    assert found.count(False) > 250


def test_no_mutation_raises_anything_else() -> None:
    chance = random.Random(9)
    words = re.findall(r"\w+|\s+|.", GOOD, re.DOTALL)
    odd = [
        *words,
        "${",
        "%{",
        "...",
        "null",
        "1e999",
        "\0",
        "\u202e",
        "((",
        "[*]",
        "[0]",
        "self",
        "local",
        "=",
    ]
    refusals = 0
    for _ in range(400):
        text = words[:]
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.randrange(len(text))
            text[at : at + chance.randrange(2)] = [chance.choice(odd)]
        refusals += not only_policy_errors("".join(text))
    assert refusals > 200


@pytest.mark.parametrize(
    "text",
    [
        policy("contains([" + "self.region, " * 20_000 + "1], 1)"),
        policy("alltrue([" + 'file("x") == "", ' * 15_000 + "1])"),
        policy("alltrue([" + "length(range(500)) > 3, " * 10_000 + "true])"),
        policy("self.x" + ".y" * 100_000 + " == 1", when='self.type == "ours"'),
        policy(
            "alltrue([for it in self.x" + ".y" * 50_000 + " : [" + "it.a, " * 20_000 + "]])", when="false"
        ),
        policy(schema="{ allOf = [" + "{}, " * 50_000 + "] }"),
        policy("true", message='"' + "${self.type} " * 20_000 + '"'),
    ],
    ids=["names", "files", "calls", "steps", "loops", "schema", "message"],
)
def test_large_files_end_soon(text: str) -> None:
    before = time.process_time()
    only_policy_errors(text)
    assert time.process_time() - before < 20


class TestNeverEqual:
    @pytest.mark.parametrize(
        ("target", "when", "condition", "place", "message"),
        [
            (
                "source",
                "",
                'self.headless != "true"',
                '"true"',
                "is true or false, and never equal to a text",
            ),
            ("source", 'self.type == "virtualbox-iso"', '"2048" == self.memory', '"2048"', "is a number"),
            (
                "source",
                'self.type == "virtualbox-iso"',
                '!contains(["1", "2"], self.memory)',
                '"1"',
                "is a number, and never equal to a text",
            ),
            ("source", 'self.type == "qemu"', "self.disk_size == 40960", "40960", "is a text"),
            (
                "source",
                'self.type == "vsphere-iso"',
                'self.storage[0].disk_size == "4"',
                '"4"',
                "is a number",
            ),
            ("source", 'self.type == "qemu"', 'self.arguments.headless == "true"', '"true"', "true or false"),
            ("required_plugin", "", '(self.pinned) == ("true")', '"true"', "is true or false"),
            ("build", "", "self.name == 3", "3", "is a text, and never equal to a number"),
        ],
    )
    def test_what_is_of_another_type_is_refused(
        self, target: str, when: str, condition: str, place: str, message: str
    ) -> None:
        found, said, hint = refused(policy(condition, target=target, when=when))
        assert found == place
        assert message in said
        assert hint

    def test_it_says_how_to_write_it(self) -> None:
        assert "without quotes" in refused(policy('self.headless == "true"'))[2]
        qemu = 'self.type == "virtualbox-iso"'
        assert refused(policy('self.memory == "2048"', when=qemu))[2] == "write it without quotes"
        assert "`null`" in refused(policy('self.memory != ""', when=qemu))[2]
        assert "a number" in refused(policy('self.memory == "much"', when=qemu))[2]

    @pytest.mark.parametrize(
        ("when", "condition"),
        [
            # Of some builders it is a text.
            ("", "self.disk_size == 40960"),
            ("", 'self.disk_size == "40960"'),
            ('self.type == "qemu"', 'self.disk_size == "40960"'),
            ('self.type == "qemu"', "self.headless == true && self.headless != null"),
            ('self.type == "qemu"', 'contains(["40960", 40960], self.memory) || self.memory > "10"'),
            ('self.type == "qemu"', "contains([], self.memory)"),
            ('self.type == "acme"', 'self.headless == "true"'),
            (AMAZON, 'self.tags.cost == "4711"'),
            (AMAZON, 'self.name == "3" && "${self.encrypt_boot}" == "true"'),
        ],
    )
    def test_what_may_be_equal_is_not(self, when: str, condition: str) -> None:
        look(policy(condition, when=when))

    def test_nested_blocks_are_never_null(self) -> None:
        only = 'self.type == "amazon-ebs"'
        place, message, hint = refused(policy("self.source_ami_filter != null", when=only))
        assert place == "null"
        assert message == "`self.source_ami_filter` is a list of nested blocks, and never null"
        assert hint == "`length(self.source_ami_filter) > 0` tells whether there is one"
        # To sources that cannot have one it is null.
        look(policy("self.source_ami_filter == null || length(self.source_ami_filter) > 0"))
        look(policy("try(self.source_ami_filter[0], null) != null && self.tags != null", when=only))

    @pytest.mark.parametrize(("call", "type_"), [("tonumber(1)", "number"), ("toset([1])", "set(any)")])
    def test_conversions_of_terraform_lead_to_convert(self, call: str, type_: str) -> None:
        place, message, hint = refused(policy(f"{call} != null"))
        assert message == f"there is no function `{place}`"
        assert hint == f"in Packer that is `convert(…, {type_})`"
