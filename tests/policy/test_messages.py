"""What an error message says of values of every kind, and what a policy's page says of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packlint.document import Document
from packlint.evaluate.scope import Scope
from packlint.explain import markdown, page
from packlint.files import Files
from packlint.parse import parse
from packlint.policy.message import MOST, rendered, shown
from packlint.policy.read import read
from packlint.policy.rule import PolicyRule, rules_of
from packlint.rule import Bad, Good
from packlint.syntax import Expression
from packlint.value import NULL, NUMBER, STRING, Known, Unknown, Value


def text(data: str) -> Known:
    return Known(data, STRING)


SELF: dict[str, Value] = {
    "region": text("us-east-1"),
    "count": Known(3, NUMBER),
    "flag": Known(True),
    "nothing": NULL,
    "later": Unknown("depends on a build"),
    "empty": Known("", STRING, default_of="empty"),
    "secret": Known("hunter2", STRING, sensitive=True),
    "list": Known((text("a"), Known(1, NUMBER), NULL)),
    "mixed": Known((text("a"), Unknown("later"), Known("hunter2", STRING, sensitive=True))),
    "tags": Known({"owner": text('m"e'), "pin": Known("hunter2", STRING, sensitive=True)}),
    "secrets": Known((text("hunter2"),), sensitive=True),
    "hidden": Known(True, sensitive=True),
    "lines": text("one\n  two\r\n\x85three"),
    "control": text("\x1b[31mred"),
    "long": text("x" * 5000),
}


def expression(written: str) -> Expression:
    file, problems = parse(Document("a.hcl", f"x = {written}\n"))
    assert not problems
    return file.body.attributes[0].expression


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"Region ${self.region} is not approved."', "Region us-east-1 is not approved."),
        ('"${self.count} ${self.flag} ${self.nothing}"', "3 true null"),
        ('"${self.count}"', "3"),
        ("self.list", '["a", 1, null]'),
        ('"${self.list} of ${self.tags}"', '["a", 1, null] of {"owner": "m\\"e", "pin": (sensitive)}'),
        ('"${self.mixed}"', '["a", (not known), (sensitive)]'),
        ('"is ${self.later}"', "is (not known)"),
        ('"is ${self.empty}"', "is (not known)"),
        ('"is ${self.secret}"', "is (sensitive)"),
        ('"is ${upper(self.secret)} ${self.secrets}"', "is (sensitive) (sensitive)"),
        ('join(", ", self.secrets)', "(sensitive)"),
        ('"is ${self.tags.missing}"', "is (no value)"),
        ('"is ${upper(self.nothing)}!"', "is (no value)!"),
        ('upper("a")', "A"),
        ('format("%s!", self.region)', "us-east-1!"),
        ('"%{ if self.flag }yes%{ else }no%{ endif }"', "yes"),
        ('"%{ if self.later }yes%{ else }no%{ endif }"', "(not known)"),
        ('"%{ if self.hidden }yes%{ else }no%{ endif }"', "(sensitive)"),
        ('"a%{ for k, v in self.tags } ${k}=${v}%{ endfor }"', 'a owner=m"e pin=(sensitive)'),
        ('"a%{ for v in self.list } ${v}%{ endfor }"', "a a 1 null"),
        ('"a%{ for v in self.later } ${v}%{ endfor }"', "a(not known)"),
        ('"a%{ for v in self.secrets } ${v}%{ endfor }"', "a(sensitive)"),
        ('"a%{ for v in self.nothing } ${v}%{ endfor }"', "a(no value)"),
        ('self.flag ? "x ${self.later}" : "y"', "x (not known)"),
        ('"${self.nothing == null ? "none" : self.nothing}"', "none"),
        ('"${self.lines}"', "one two three"),
        ("<<-EOT\n    one\n    ${self.region}\n  EOT", "one us-east-1"),
        ('"${template.path} ${param.a} ${local.b}"', "p 1 2"),
    ],
)  # fmt: skip
def test_no_value_keeps_a_message_from_being_told(written: str, said: str) -> None:
    roots: dict[str, Value] = {
        "self": Known(SELF),
        "template": Known({"path": text("p")}),
        "param": Known({"a": Known(1, NUMBER)}),
        "local": Known({"b": text("2")}),
    }
    assert rendered(expression(written), Scope(roots)).text == said


@pytest.mark.parametrize("written", ['"${self.long}"', '"%{ for a in range(1000) }${self.long}%{ endfor }"'])
def test_a_message_is_bounded(written: str) -> None:
    said = rendered(expression(written), Scope({"self": Known(SELF)})).text
    assert len(said) == MOST
    assert said.endswith("x…")


def test_a_value_is_shown_up_to_a_length() -> None:
    assert shown(Known((text("abc"),) * 100), 12) == '["abc", "ab…'
    assert shown(Known({}), 12) == "{}"


POLICIES = """
param "regions" {
  type        = list(string)
  default     = ["eu-west-1"]
  description = "Where images may be built."
}
param "other" {
  default = 1
}
locals {
  approved = param.regions
}
policy "approved-regions" {
  description   = <<-EOT
    Images are built in the EU.

    Data stays there.
  EOT
  severity      = "error"
  target        = source
  when          = startswith(self.type, "amazon-")
  condition = contains(
    local.approved,
    self.region,
  )
  error_message = "Region ${self.region} is not approved; use an EU region."
  benchmarks    = ["A Benchmark v1, 2.2"]
}
policy "tags" {
  target        = source
  schema        = { required = ["tags"] }
  error_message = "Images of ${self.name} carry tags."
}
test "approved-regions" {
  template = <<-EOT
    source "amazon-ebs" "a" { region = "us-east-1" }
  EOT
  finds    = ["Region us-east-1"]
}
test "approved-regions" {
  files = { "a.pkr.hcl" = "source \\"qemu\\" \\"a\\" {}", "b.pkr.hcl" = "build {\\u001b}" }
}
"""


def rules(policies: str) -> tuple[type[PolicyRule], ...]:
    document = Document("policies/p.policy.hcl", policies)
    sheet = read(document, name="p", files=Files(Path()), directory="policies", foreign=False)
    return rules_of(sheet, {})


def test_a_page_says_what_a_policy_is_about_and_demands() -> None:
    regions, tags = rules(POLICIES)
    assert regions.summary() == "Images are built in the EU"
    assert regions.page().splitlines() == [
        "Images are built in the EU.",
        "",
        "Data stays there.",
        "",
        "It is about each source for which this is true:",
        "",
        '    startswith(self.type, "amazon-")',
        "",
        "Of such a one this has to be true:",
        "",
        "    contains(",
        "      local.approved,",
        "      self.region,",
        "    )",
        "",
        "Parameters of `p`:",
        "",
        '- `regions` (list(string)): Where images may be built; here ["eu-west-1"]',
        "",
        "References:",
        "",
        "- A Benchmark v1, 2.2",
    ]
    assert tags.summary() == "Images of … carry tags"
    assert "Of each source the body has to be as this JSON Schema says:" in tags.page()
    assert '    { required = ["tags"] }' in tags.page()


@pytest.mark.parametrize(
    ("condition", "params"),
    [
        ("self.name == param.a", ["a"]),
        ("contains([for it in param.b : it], self.name)", ["b"]),
        ("self.name == local.b", ["b"]),
        ('self.name == local["b"]', ["b"]),
        ("length(param) > 1", ["a", "b"]),
        ("length([for it in [1] : local]) > 0", ["b"]),
        ("anytrue([for param in [self] : param.a == 1])", []),
        ('self.name == "param.a"', []),
    ],
)
def test_a_page_lists_the_parameters_that_a_policy_needs(condition: str, params: list[str]) -> None:
    (rule,) = rules(
        'param "a" {}\nparam "b" {}\nlocals {\n  b = local.c\n  c = param.b\n}\n'
        f'policy "p" {{\n  target = source\n  condition = {condition}\n  error_message = "m"\n}}\n'
    )
    assert re.findall(r"^- `(\w+)`", rule.page(), re.MULTILINE) == params


def test_tests_are_examples_of_one_file_or_several() -> None:
    regions, tags = rules(POLICIES)
    bad, good = regions.examples
    assert isinstance(bad, Bad)
    assert isinstance(good, Good)
    assert not tags.examples
    assert 'Bad:\n\n    source "amazon-ebs" "a" { region = "us-east-1" }\n' in page(regions)
    assert "Good:\n\n  a.pkr.hcl\n" in page(regions)
    assert "`b.pkr.hcl`" in markdown(regions)
    assert "\x1b" not in page(regions)
    assert "\x1b" not in markdown(regions)


def test_nothing_in_a_policy_steers_a_terminal() -> None:
    (rule,) = rules(
        'policy "p" {\n  description = "a\\u001b[31m\\nb\\u202e"\n  target = source\n'
        '  condition = self.name == "\x9b" # \x1b\n  error_message = "m"\n}\n'
    )
    for said in (rule.summary(), rule.page(), page(rule)):
        assert not set("\x1b\x9b\u202e") & set(said)
    assert rule.summary() == "a\\x1b[31m"
