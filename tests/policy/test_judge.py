"""When a policy finds something, by hand from the issue's text, and by Packer's own `validation`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.conform import conform
from packlint.diagnostic import Finding, Severity
from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files
from packlint.pipeline import understand
from packlint.policy.read import read
from packlint.policy.rule import PolicyRule, rules_of
from packlint.settings import Settings

Found = Callable[..., list[Finding]]

TEMPLATE = """
variable "later" {
  type = string
}
variable "empty" {
  default = ""
}
data "amazon-ami" "base" {
  region = "eu-west-1"
}
source "null" "a" {
  communicator = "none"
  ssh_host     = "h"
  ssh_username = var.later
  ssh_password = var.empty
}
build {
  sources = ["source.null.a"]
}
"""


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """What the first policy of a file finds in a template, with `rules` for the rule itself."""

    def find(
        policies: str,
        template: str = TEMPLATE,
        *,
        rules: list[PolicyRule] | None = None,
        foreign: bool = False,
    ) -> list[Finding]:
        (tmp_path / "t.pkr.hcl").write_text(template)
        document = Document("p.policy.hcl", policies)
        sheet = read(document, name="p", files=Files(tmp_path), directory=".", foreign=foreign)
        rule = rules_of(sheet, {})[0]()
        if rules is not None:
            rules.append(rule)
        understood = understand([tmp_path / "t.pkr.hcl"], Settings(), root=tmp_path)
        assert not understood.diagnostics
        (configuration,) = understood.configurations
        return list(rule.check_components(conform(configuration), configuration))

    return find


def policy(condition: str | None, when: str | None = None, message: str = '"m"', **more: str) -> str:
    arguments = {"target": "source", "when": when, "condition": condition, "error_message": message, **more}
    said = "\n".join(f"  {name} = {value}" for name, value in arguments.items() if value is not None)
    return f'policy "p" {{\n{said}\n}}\n'


TRUE, FALSE = 'self.ssh_host == "h"', 'self.ssh_host == "x"'
UNKNOWN = 'self.ssh_username == "u"'
EMPTY = 'self.ssh_password == ""'
FAILS = 'contains(["a"], self.ssh_private_key_file)'
NULL = "true ? null : true"

NOTHING, BROKEN, NOT_SHOWN = "nothing", "broken", "cannot be shown"


@pytest.mark.parametrize(
    ("when", "condition", "silent", "warned"),
    [
        (None, TRUE, NOTHING, NOTHING),
        (None, FALSE, BROKEN, BROKEN),
        (None, FAILS, BROKEN, BROKEN),
        (None, NULL, BROKEN, BROKEN),
        (None, UNKNOWN, NOTHING, NOT_SHOWN),
        (None, EMPTY, NOTHING, NOT_SHOWN),
        (None, '"true"', NOTHING, NOTHING),
        (None, '"false"', BROKEN, BROKEN),
        (None, '"yes"', BROKEN, BROKEN),
        (None, f"{UNKNOWN} || {TRUE}", NOTHING, NOTHING),
        (None, f"{UNKNOWN} && {FALSE}", BROKEN, BROKEN),
        (TRUE, TRUE, NOTHING, NOTHING),
        (TRUE, FALSE, BROKEN, BROKEN),
        (TRUE, UNKNOWN, NOTHING, NOT_SHOWN),
        (FALSE, FALSE, NOTHING, NOTHING),
        (FALSE, FAILS, NOTHING, NOTHING),
        (FALSE, UNKNOWN, NOTHING, NOTHING),
        (FAILS, FALSE, NOTHING, NOTHING),
        (NULL, FALSE, NOTHING, NOTHING),
        ('"true"', FALSE, BROKEN, BROKEN),
        (UNKNOWN, TRUE, NOTHING, NOTHING),
        (UNKNOWN, FALSE, NOTHING, NOT_SHOWN),
        (UNKNOWN, FAILS, NOTHING, NOT_SHOWN),
        (UNKNOWN, UNKNOWN, NOTHING, NOT_SHOWN),
    ],
)
def test_when_comes_first_and_what_is_not_known_is_silent(
    found: Found, when: str | None, condition: str, silent: str, warned: str
) -> None:
    def told(findings: list[Finding]) -> str:
        (message,) = [it.message for it in findings] or [NOTHING]
        return BROKEN if message == "m" else NOT_SHOWN if NOT_SHOWN in message else message

    assert told(found(policy(condition, when))) == silent
    assert told(found(policy(condition, when, on_unknown='"warn"'))) == warned


@pytest.mark.parametrize("when", [FALSE, FAILS])
def test_a_condition_is_not_computed_where_when_is_not_true(found: Found, when: str) -> None:
    """What would end the run in an error is not even looked at."""
    outside = 'file("/etc/${self.ssh_host}") == "x"'
    assert not found(policy(outside, when))
    with pytest.raises(PolicyError):
        found(policy(outside, TRUE))


def test_what_cannot_be_shown_says_why_and_is_a_warning_at_most(found: Found) -> None:
    (finding,) = found(policy(UNKNOWN, on_unknown='"warn"', severity='"error"'))
    assert finding.message == (
        "whether source `null.a` is as `p` demands cannot be shown: `var.later` has no default"
    )
    assert Severity.ERROR.softened(finding.softened) is Severity.WARNING
    (finding,) = found(policy(UNKNOWN, on_unknown='"warn"', severity='"note"'))
    assert Severity.NOTE.softened(finding.softened) is Severity.NOTE
    assert finding.hint is not None
    assert "excuse" in finding.hint
    (finding,) = found(policy(UNKNOWN, on_unknown='"warn"', waivable="false"))
    assert finding.hint is not None
    assert "excuse" not in finding.hint


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (FALSE, None),
        (FAILS, "the condition has no answer here: `ssh_private_key_file` is left out"),
        (
            'upper(self.ssh_keypair_name) == "A"',
            "the condition has no answer here: `ssh_keypair_name` is left out",
        ),
        (
            "self.ssh_keypair_name < self.ssh_private_key_file",
            "the condition has no answer here: `ssh_keypair_name` is left out",
        ),
        ("{ a = 1 }[self.ssh_host] == 1", 'the condition has no answer here: there is no element "h"'),
        (NULL, "the condition has no answer here: it has to be true or false, not null"),
        ("[self.ssh_host]", "the condition has no answer here: a bool is required"),
    ],
)
def test_a_condition_without_an_answer_says_why(found: Found, condition: str, hint: str | None) -> None:
    (finding,) = found(policy(condition))
    assert finding.hint == hint


def test_null_that_is_written_is_not_left_out(found: Found) -> None:
    template = TEMPLATE.replace('"h"', "null")
    (finding,) = found(policy('upper(self.ssh_host) == "A"'), template)
    assert finding.hint == "the condition has no answer here: `ssh_host` is null"


def test_a_value_that_packer_refuses_is_not_the_conditions_failure(found: Found) -> None:
    """Other rules tell of it; what it would be, nobody knows."""
    template = TEMPLATE.replace('"h"', "upper(null)")
    assert not found(policy(FALSE), template)


def test_where_it_points(found: Found) -> None:
    (finding,) = found(policy(FALSE))
    assert finding.range.text == 'source "null" "a"'
    (finding,) = found(policy(FALSE, at="self.ssh_host"))
    assert finding.range.text == '"h"'
    (finding,) = found(policy(FALSE, at="self.ssh_bastion_host"))
    assert finding.range.text == 'source "null" "a"'


def test_the_policy_is_shown_beside_unless_it_is_of_a_package(found: Found) -> None:
    (finding,) = found(policy(FALSE))
    (related,) = finding.related
    assert (related.range.text, related.message) == (FALSE, "what the policy demands")
    (finding,) = found(policy(FALSE), foreign=True)
    assert not finding.related


@pytest.mark.parametrize(("when", "applied"), [(None, True), (TRUE, True), (FALSE, False), (UNKNOWN, True)])
def test_it_is_known_whether_a_policy_may_have_held(found: Found, when: str | None, applied: bool) -> None:
    rules: list[PolicyRule] = []
    found(policy(TRUE, when), rules=rules)
    assert [it.applied for it in rules] == [applied]


HEADER = 'source "amazon-ebs" "a"'
EBS = """
variable "secret" {
  default   = { owner = "me" }
  sensitive = true
}
source "amazon-ebs" "a" {
  region = "eu-west-1"
  %s
}
"""


@pytest.mark.parametrize(
    ("schema", "body", "hints"),
    [
        ('{ required = ["tags"] }', "", {HEADER: "the block lacks `tags`"}),
        (
            '{ properties = { tags = { required = ["owner", "cost-centre"] } } }',
            'tags = { name = "x" }',
            {'{ name = "x" }': "`tags` lacks `owner` and `cost-centre`"},
        ),
        ('{ properties = { tags = { required = ["owner"] } } }', "", {}),
        ('{ properties = { tags = { required = ["owner"] } } }', "tags = data.null.a", {}),
        ('{ properties = { tags = { required = ["owner"] } } }', "tags = merge({}, data.x.y)", {}),
        (
            '{ properties = { region = { enum = ["a", "b"] }, encrypt_boot = { const = true } } }',
            "encrypt_boot = false",
            {'"eu-west-1"': '`region` has to be "a" or "b"', "false": "`encrypt_boot` has to be true"},
        ),
        (
            '{ properties = { launch_block_device_mappings = { items = { required = ["encrypted"] } } } }',
            "launch_block_device_mappings {\n    volume_size = 8\n  }",
            {"launch_block_device_mappings": "`launch_block_device_mappings[0]` lacks `encrypted`"},
        ),
        (
            "{ properties = { tags = { additionalProperties = false, properties = { a = {} } } } }",
            'tags = { a = "1", b = "2", c = "3" }',
            {'{ a = "1", b = "2", c = "3" }': "`tags` has what it may not have: `b` and `c`"},
        ),
        (
            '{ properties = { tags = { propertyNames = { pattern = "^[a-z]+$" } } } }',
            'tags = { Big = "1" }',
            {'{ Big = "1" }': "the name `Big` in `tags` has to match `^[a-z]+$`"},
        ),
        (
            '{ properties = { ami_name = { minLength = 5, pattern = "^x" } } }',
            'ami_name = "abc"',
            {'"abc"': "`ami_name` has to have at least 5 characters; `ami_name` has to match `^x`"},
        ),
        (
            "{ properties = { volume_size = { maximum = 10 } } }",
            "volume_size = 20",
            {"20": "`volume_size` has to be at most 10"},
        ),
        (
            '{ anyOf = [{ required = ["kms_key_id"] }, { required = ["encrypt_boot"] }] }',
            "",
            {
                HEADER: "the block has to have at least one of `kms_key_id` and `encrypt_boot`",
            },
        ),
        (
            '{ anyOf = [{ required = ["kms_key_id", "region"] }, { required = ["encrypt_boot"] }] }',
            "",
            {HEADER: None},
        ),
        (
            '{ not = { required = ["region"] } }',
            "",
            {HEADER: "the block must not have `region`"},
        ),
        (
            '{ properties = { region = { type = ["number", "null"] } } }',
            "",
            {'"eu-west-1"': "`region` has to be a number or null"},
        ),
        (
            '{ dependentRequired = { region = ["ami_name", "ami_users"] } }',
            'ami_name = "x"',
            {HEADER: "the block lacks `ami_users`"},
        ),
        (
            "{ properties = { tags = { additionalProperties = false } } }",
            "tags = var.secret",
            {},
        ),
    ],
)
def test_a_schema_says_what_is_wrong_where_it_is(
    found: Found, schema: str, body: str, hints: dict[str, str]
) -> None:
    findings = found(policy(None, schema=schema), EBS % body)
    assert {it.message for it in findings} <= {"m"}
    assert {it.range.text.partition(" {\n")[0]: it.hint for it in findings} == hints


def test_with_a_place_a_schema_has_one_finding(found: Found) -> None:
    schema = '{ properties = { region = { enum = ["a"] }, ami_name = { enum = ["b"] } } }'
    both = policy(None, schema=schema, at="self.region")
    (finding,) = found(both, EBS % 'ami_name = "x"')
    assert finding.range.text == '"eu-west-1"'
    assert finding.hint == '`region` has to be "a"; `ami_name` has to be "b"'


def test_what_a_schema_cannot_know_is_silent_or_told(found: Found) -> None:
    schema = '{ required = ["tags"], properties = { tags = { required = ["owner"] } } }'
    template = 'variable "later" {}\n' + EBS % "tags = var.later"
    assert not found(policy(None, schema=schema), template)
    (finding,) = found(policy(None, schema=schema, on_unknown='"warn"'), template)
    assert finding.message.endswith("cannot be shown: `var.later` has no default")


@pytest.mark.parametrize(
    "condition",
    [
        'convert(self.arguments, object({ ami = string })).ami == "x"',
        'merge({ ami = "x" }, self.arguments).ami == "y"',
        'merge(self.arguments, { ami = "x" }).size == "y"',
        'lookup(self.arguments, "ami", "x") == "y"',
        "length(self.arguments) == 1",
        'self.arguments == { region = "b" }',
    ],
)
def test_what_is_not_seen_of_a_component_without_a_schema_is_not_known(found: Found, condition: str) -> None:
    template = 'source "nobody-knows" "a" {\n  region = "b"\n}\n'
    assert not found(policy(condition), template)
    (finding,) = found(policy(condition, on_unknown='"warn"'), template)
    assert "cannot be shown: packlint has no schema of builder `nobody-knows`" in finding.message


def test_what_is_seen_of_one_is_known(found: Found) -> None:
    template = 'source "nobody-knows" "a" {\n  region = "b"\n}\n'
    for condition in ('merge(self.arguments, { ami = "x" }).ami == "y"', 'self.region == "c"'):
        assert len(found(policy(condition), template)) == 1


def test_a_policy_may_have_both(found: Found) -> None:
    both = policy('self.region == "x"', schema='{ required = ["tags"] }')
    assert [it.hint for it in found(both, EBS % "")] == [None, "the block lacks `tags`"]


def test_the_examples_of_the_issue(found: Found) -> None:
    regions = """
    policy "approved-regions" {
      description   = "Images are built in the EU."
      severity      = "error"
      target        = source
      when          = startswith(self.type, "amazon-")
      condition     = contains(["eu-west-1", "eu-central-1"], self.region)
      error_message = "Region ${self.region} is not approved; use an EU region."
      at            = self.region
    }
    """
    template = 'source "amazon-ebs" "a" {\n  region = "us-east-1"\n}\nsource "qemu" "b" {}\n'
    (finding,) = found(regions, template)
    assert finding.message == "Region us-east-1 is not approved; use an EU region."
    assert finding.range.text == '"us-east-1"'
    tags = """
    policy "tags" {
      target = source
      when   = startswith(self.type, "amazon-")
      schema = { required = ["tags"], properties = { tags = { required = ["owner", "cost-centre"] } } }
      error_message = "Images carry owner and cost centre."
    }
    """
    (finding,) = found(tags, template)
    assert finding.hint == "the block lacks `tags`"


VALUES = ['"a"', '"eu-west-1"', '"1"', '"true"', '"0"']
CONDITIONS = [
    'contains(["eu-west-1"], var.x)',
    'can(element(["a"], var.x))',
    "try(max(var.x, 2), 0) == 2",
    "length(var.x) > 3",
    "var.x",
    "!var.x",
    "var.x > 0",
    'var.x == "a" || var.x == "1"',
    "lookup({ a = true }, var.x, false)",
    "{ a = true }[var.x]",
    'var.x == "a" ? "true" : "no"',
    "[var.x]",
    'substr(var.x, 0, 2) == "eu" && !can(parseint(var.x, 10))',
    "upper(null) == var.x",
    'length([for c in ["a", "1"] : c if c == var.x]) == 0',
    'join("-", [var.x, "x"]) != "a-x"',
    'var.x == "0" && upper(null) == "A"',
]


@pytest.mark.skipif(shutil.which("packer") is None, reason="the real Packer is not installed")
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_what_packers_own_validation_is(found: Found, tmp_path: Path, condition: str) -> None:
    """A variable that Packer refuses for its validation breaks a policy with the same condition."""
    for value in VALUES:
        template = f"""
        variable "x" {{
          type    = string
          default = {value}
          validation {{
            condition     = {condition}
            error_message = "This value does not pass."
          }}
        }}
        source "null" "a" {{
          communicator = "none"
        }}
        build {{
          sources = ["source.null.a"]
        }}
        """
        path = tmp_path / "oracle" / "t.pkr.hcl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(template)
        asked = subprocess.run(["packer", "validate", path], capture_output=True, text=True, check=False)
        passes = asked.returncode == 0
        same = condition.replace("var.x", "self.value")
        plain = template[: template.index("validation")] + "}\n" + template[template.index("source ") :]
        findings = found(policy(same, target="variable"), plain)
        assert (not findings) == passes, (condition, value, asked.stdout)


MIXED = """
source "docker" "a" {
  image  = "debian"
  commit = true
}
data "http" "a" {
  url = "https://example.com"
}
build {
  sources = ["source.docker.a"]
  provisioner "file" {
    source      = "a"
    destination = "/b"
  }
  post-processor "manifest" {}
}
"""


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        ("build", "alltrue([for it in self.instances : it.ami_groups == null])"),
        ("build", "self.provisioners[length(self.provisioners) - 1].script == null"),
        ("build", "alltrue([for it in self.provisioners : it.inline == null])"),
        ("build", "alltrue([for it in self.post_processors : it.compression_level == null])"),
        (
            "build",
            "alltrue(flatten([for it in self.instances : [for s in it.provisioners : s.inline == null]]))",
        ),
        ("template", "alltrue([for it in self.sources : it.ami_groups == null])"),
        ("source", "alltrue([for it in template.data : it.owners == null])"),
        ("source", "alltrue([for it in template.builds[0].provisioners : it.inline == null])"),
    ],
)
def test_a_component_in_a_list_has_null_for_what_only_others_have(
    found: Found, target: str, condition: str
) -> None:
    assert found(policy(condition, target=target), MIXED) == []


def test_nothing_else_in_a_list_becomes_null(found: Found) -> None:
    for name in ("it.arguments.script", "it.made_up"):
        condition = f"alltrue([for it in concat(self.provisioners, []) : {name} == null])"
        assert "has no answer here" in (found(policy(condition, target="build"), MIXED)[0].hint or "")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ('"web-{{timestamp}}"', True),
        ('"web-${formatdate("YYYY", timestamp())}"', True),
        ('"acme-{{timestamp}}"', False),
        ('"{{timestamp}}"', False),
        ('"${var.team}-web"', False),
    ],
)
@pytest.mark.parametrize(
    "condition", ['startswith(self.ami_name, "acme-")', 'can(regex("^acme-", self.ami_name))']
)
def test_how_a_name_begins_may_be_enough(found: Found, condition: str, name: str, wrong: bool) -> None:
    template = f'variable "team" {{}}\nsource "amazon-ebs" "a" {{\n  ami_name = {name}\n}}\n'
    assert bool(found(policy(condition), template)) is wrong
