"""Policy files that say what they may not → one error each, at its place, with what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files
from packlint.policy.policy import PolicyFile
from packlint.policy.read import read
from packlint.value import NUMBER, STRING, Type

ALL = """
param "regions" {
  type        = list(string)
  default     = ["eu-west-1"]
  description = "Where."
}
param "most" { type = number }
param "any" {}
locals { a = 1 }
policy "one" {
  description   = "One."
  severity      = "error"
  target        = post_processor
  when          = true
  condition     = true
  error_message = "Say."
  at            = self.name[0]
  on_unknown    = "warn"
  waivable      = false
  benchmarks    = ["A 1.2"]
}
policy "two" {
  target        = source
  schema        = {}
  error_message = "Say."
}
test "two" {
  template = <<-EOT
    a = "$${var.x}"
  EOT
}
test "one" {
  files  = { "a.pkr.hcl" = "x", "b/c.json" = "{}" }
  params = { regions = [] }
  finds  = ["3: Say"]
}
"""


def policy(more: str = "", without: str = "") -> str:
    lines = ["  target = source", "  condition = true", '  error_message = "Say."']
    kept = [it for it in lines if not (without and it.strip().startswith(without))]
    return 'policy "p" {\n' + "\n".join([*kept, more]) + "\n}\n"


def given(text: str, root: Path = Path()) -> PolicyFile:
    document = Document("policies/x.policy.hcl", text)
    return read(document, name="x", files=Files(root), directory="policies", foreign=False)


def refused(text: str, root: Path = Path()) -> tuple[str, str, str]:
    """The text at the place of the error, its message and its hint."""
    with pytest.raises(PolicyError) as raised:
        given(text, root)
    error = raised.value
    assert error.range is not None
    assert error.range.document.path == "policies/x.policy.hcl"
    return error.range.text, str(error), error.hint or ""


def test_reads_all_that_a_file_may_say() -> None:
    sheet = given(ALL)
    assert (sheet.name, sheet.directory, list(sheet.params), list(sheet.locals)) == (
        "x",
        "policies",
        ["regions", "most", "any"],
        ["a"],
    )
    regions, most, untyped = sheet.params.values()
    assert (regions.type, most.type, untyped.type.kind) == (Type("list", STRING), NUMBER, "any")
    assert regions.default is not None
    assert [it.known(str) for it in regions.default.items or ()] == ["eu-west-1"]
    assert (regions.description, most.default) == ("Where.", None)
    one, two = sheet.policies
    assert (one.name, one.severity.value, one.target, one.warns, one.waivable, one.benchmarks) == (
        "one",
        "error",
        "post_processor",
        True,
        False,
        ("A 1.2",),
    )
    assert one.at is not None
    assert one.at.range.text == "self.name[0]"
    assert (two.severity.value, two.warns, two.waivable, two.description) == ("warning", False, True, "")
    first, second = sheet.tests
    assert dict(first.files) == {"template.pkr.hcl": 'a = "${var.x}"\n'}
    assert (first.finds, second.finds) == ((), ("3: Say",))
    assert set(second.files) == {"a.pkr.hcl", "b/c.json"}
    assert set(second.params) == {"regions"}


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ('policy "p" {', "{", "never closed", "}"),
        ("x = 1", "x", "outside of a block", "`policy`, `test`, `param` and `locals`"),
        ('polcy "p" {}', "polcy", "no block `polcy`", "did you mean `policy`?"),
        ('variable "p" {}', "variable", "no block `variable`", "did you mean `param`?"),
        ("policy {}", "policy", "takes one name in quotes", ""),
        ('locals "x" {}', 'locals "x"', "takes no name", ""),
        ('policy "a" "b" {}', 'policy "a" "b"', "takes one name", ""),
        ('policy "No_Name" {}', '"No_Name"', "no name for a policy", "small letters"),
        ('policy "security" {}', '"security"', "name of a category", "another name"),
        (f'policy "{"a" * 81}" {{}}', f'"{"a" * 81}"', "at most 80 characters", ""),
        ('param "a b" {}', '"a b"', "no name for a parameter", "variable"),
        (policy("  messge = 1"), "messge", "`policy` has no argument `messge`", "`error_message`"),
        (policy("  conditon = 1"), "conditon", "no argument `conditon`", "did you mean `condition`?"),
        (policy("  schema {\n  }"), "schema", "holds no blocks", "write `schema = { … }`"),
        (policy(without="condition"), 'policy "p"', "demands nothing", "`condition`"),
        (policy(without="error_message"), 'policy "p"', "no `error_message`", 'error_message = "…"'),
        (policy(without="target"), 'policy "p"', "no `target`", "target = source"),
        (policy("  target = sources", "target"), "sources", "none of source, build", "mean `source`?"),
        (policy('  target = "build"', "target"), '"build"', "none of", "without quotes: `target = build`"),
        (policy("  severity = error"), "error", "has to be one of", '`severity = "error"`'),
        (policy('  severity = "errr"'), '"errr"', 'none of "note", "warning", "error"', 'mean "error"?'),
        (policy('  on_unknown = "tell"'), '"tell"', 'none of "silent", "warn"', ""),
        (policy("  waivable = param.x"), "param", "has to be true or false", "write it out"),
        (policy("  waivable = [1]"), "[1]", "has to be true or false", "a bool is required"),
        (policy("  waivable = null"), "null", "not null", "leave it out"),
        (policy('  benchmarks = "CIS"'), '"CIS"', "has to be a list of texts", ""),
        (policy("  description = {}"), "{}", "has to be a text", ""),
        (policy("  at = region"), "region", "part of `self`", "at = self.region"),
        (policy("  at = self"), "self", "part of `self`", ""),
        (policy() + policy(), '"p"', "there twice, first in line 1", "take one away"),
        (policy("  when = 1\n  when = 2"), "when", "set twice", ""),
        ('param "a" {}\nparam "a" {}', '"a"', "there twice", ""),
        ("locals {\n  a = 1\n}\nlocals {\n  a = 2\n}", "a", "there twice, first in line 2", ""),
        ('param "a" {\n  type = strin\n}', "strin", "no type `strin`", "list(string)"),
        ('param "a" {\n  type = "string"\n}', '"string"', "no type", ""),
        ('param "a" {\n  typ = string\n}', "typ", "`param` has no argument `typ`", "mean `type`?"),
        (
            'param "a" {\n  type = list(string)\n  default = "x"\n}',
            '"x"',
            "not of its type: a list of string",
            "",
        ),
        ('param "a" {\n  default = var.x\n}', "var", "has no value: there is no `var`", "write it out"),
        ('param "a" {\n  default = nope(1)\n}', "nope", "no function `nope`", ""),
        (
            'param "a" {\n  default = file("/etc/passwd")\n}',
            'file("/etc/passwd")',
            "outside the checked root",
            "",
        ),
        ('param "a" {\n  default = range(9999)\n}', "9999", "`range` failed", ""),
        ('test "p" {\n  template = "x"\n}', 'test "p"', "no policy `p`", "in the file of its policy"),
        (policy() + 'test "q" {\n  template = "x"\n}', 'test "q"', "no policy `q`", ""),
        (policy() + 'test "p" {}', 'test "p"', "either `template` or `files`", ""),
        (policy() + 'test "p" {\n  template = "${var.x}!"\n}', "var", "has to be a text", "`$${`"),
        (
            policy() + f'test "p" {{\n  files = {{ "{"d/" * 100}a" = "" }}\n}}',
            f'{{ "{"d/" * 100}a" = "" }}',
            "at most 200 characters",
            "",
        ),
        (
            policy() + 'test "p" {\n  files = { "../a" = "" }\n}',
            '{ "../a" = "" }',
            "texts by their paths",
            "",
        ),
        (policy() + 'test "p" {\n  template = "x"\n  params = [1]\n}', "[1]", "has to be an object", ""),
        (policy() + 'test "p" {\n  template = "x"\n  finds = "x"\n}', '"x"', "list of texts", ""),
        (policy() + 'test "p" {\n  template = "x"\n  find = []\n}', "find", "`test` has no", "`finds`"),
    ],
)
def test_an_error_is_one_place_and_what_to_do(text: str, place: str, message: str, hint: str) -> None:
    where, said, advice = refused(text)
    assert (where, message in said, hint in advice) == (place, True, True), (where, said, advice)
    assert re.match(r"[a-z`\"]", said)
    assert not said.endswith(".")


def test_a_default_may_read_a_file_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/list.txt").write_text("a,b", encoding="utf-8")
    sheet = given('param "a" {\n  default = split(",", file("list.txt"))\n}', tmp_path)
    default = sheet.params["a"].default
    assert default is not None
    assert [it.known(str) for it in default.items or ()] == ["a", "b"]
    assert "cannot be read" in refused('param "a" {\n  default = file("none.txt")\n}', tmp_path)[1]


def test_optional_attributes_have_their_defaults() -> None:
    text = (
        'param "a" {\n  type = object({ n = optional(number, 3), m = optional(string) })\n  default = {}\n}'
    )
    default = given(text).params["a"].default
    assert default is not None
    entries = default.entries or {}
    assert entries["n"].known(int) == 3
    assert entries["m"].known(str) is None


def test_names_as_long_as_a_file_are_not_repeated() -> None:
    for text in (f'policy "{"A" * 9999}" {{}}', f'{"a" * 9999} "x" {{}}', f'test "{"a" * 9999}" {{}}'):
        with pytest.raises(PolicyError) as raised:
            given(text)
        assert len(f"{raised.value}{raised.value.hint}") < 300


def test_more_policies_than_a_file_may_have() -> None:
    text = "".join(policy().replace('"p"', f'"p{number}"') for number in range(201))
    place, message, hint = refused(text)
    assert (place, "more than 200" in message, "another" in hint) == ('policy "p200"', True, True)
