"""Policies that compute without end, or read what is not theirs: an error with a place, and soon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from packlint import pipeline
from packlint.configure import Nearest
from packlint.conform import conform
from packlint.diagnostic import Finding
from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files
from packlint.outcome import Outcome
from packlint.pipeline import understand
from packlint.policy.examine import examine
from packlint.policy.read import read
from packlint.policy.rule import STEPS, rules_of
from packlint.settings import Settings

Run = Callable[..., list[Finding]]

SECONDS = 10
"""Of the processor, for one template: far above what is needed, and far below without end."""

TEMPLATE = f'''
source "amazon-ebs" "a" {{
  region   = "us-east-1"
  ami_name = "{"a" * 5000}"
  tags     = {{ a = "b" }}
}}
'''


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Examines policies and looks with the first at a template, some `times`, in bounded time."""

    def looked(policies: str, template: str = TEMPLATE, times: int = 1) -> list[Finding]:
        root = tmp_path / "root"
        (root / "policies").mkdir(parents=True, exist_ok=True)
        (tmp_path / "secret.txt").write_text("a secret")
        (root / "link.txt").unlink(missing_ok=True)
        (root / "link.txt").symlink_to(tmp_path / "secret.txt")
        bomb = "%{ for a in [1,2,3,4,5,6,7,8,9,10] }" * 8 + "${r}" + "%{ endfor }" * 8
        (root / "policies" / "bomb.tpl").write_text(bomb)
        (root / "policies" / "again.tpl").write_text('${templatefile("again.tpl", { r = r })}')
        (root / "t.pkr.hcl").write_text(template)
        before = process_time()
        try:
            document = Document("policies/p.policy.hcl", policies)
            sheet = read(document, name="p", files=Files(root), directory="policies", foreign=False)
            examine(sheet)
            rule = rules_of(sheet, {})[0]()
            understood = understand([root / "t.pkr.hcl"], Settings(), root=root)
            (configuration,) = understood.configurations
            components = conform(configuration)
            return [it for _ in range(times) for it in rule.check_components(components, configuration)]
        finally:
            assert process_time() - before < SECONDS

    return looked


def policy(condition: str | None = None, before: str = "", message: str = '"m"', **more: str) -> str:
    arguments = {"condition": condition, "error_message": message, **more}
    said = "\n".join(f"  {name} = {value}" for name, value in arguments.items() if value is not None)
    return f'{before}policy "p" {{\n  target = source\n{said}\n}}\n'


HUGE = 'length([for a in range(1000) : [for b in range(1000) : "${a}${b}${self.region}"]]) > 0'
DOUBLED = "\n".join(
    f'd{i} = {{ allOf = [{{ "$ref" = "#/$defs/d{i + 1}" }}, {{ "$ref" = "#/$defs/d{i + 1}" }}] }}'
    for i in range(40)
)
DEFINITIONS = f'"$ref" = "#/$defs/d0", "$defs" = {{\n{DOUBLED}\nd40 = {{ required = ["zz"] }}\n}}'
LOCALS = "\n".join(f"  l{i} = [local.l{i - 1}, local.l{i - 1}]" for i in range(1, 40))

HOSTILE = {
    "a huge for": policy(HUGE),
    "a huge for in when": policy("true", when=HUGE),
    "for in for in for": policy(
        "length([for a in range(99) : [for b in range(99) : [for c in range(99) : a == self.region]]]) > 0"
    ),
    "the block over and over": policy(
        'jsonencode([for a in range(999) : [for b in range(999) : self]]) == ""'
    ),
    "a pattern without end": policy('can(regex("(a+)+$", self.ami_name))'),
    "a pattern of the template": policy('can(regex(self.ami_name, "aaaa"))'),
    "a text that grows": policy(
        'length(replace(replace(self.ami_name, "a", self.ami_name), "a", self.ami_name)) > 0'
    ),
    "locals in a circle": policy("local.a == self.region", "locals {\n  a = local.b\n  b = local.a\n}\n"),
    "locals that double": policy("length(local.l39) == 2", f'locals {{\n  l0 = ["x"]\n{LOCALS}\n}}\n'),
    "a template file that grows": policy('templatefile("bomb.tpl", { r = self.region }) == ""'),
    "an absolute path": policy('file("/etc/passwd") == self.region'),
    "a path with what the template says": policy('file("/etc/${self.region}") == "x"'),
    "a path above the root that the template makes": policy('file("../../${self.region}") == "x"'),
    "a path above the root": policy('file("../../secret.txt") == self.region'),
    "a link out of the root": policy('file("../link.txt") == self.region'),
    "another's home": policy('file("~/.ssh/id_rsa") == self.region'),
    "a message of a huge for": policy(
        "false",
        message='"%{ for a in range(1000) }%{ for b in range(1000) }%{ if a == self.region }x%{ endif }'
        '%{ endfor }%{ endfor }"',
    ),
    "a huge value in a message": policy(
        "false",
        message='"${join("", [for a in range(999) : join("", [for b in range(999) : self.region])])}"',
    ),
    "a schema that doubles": policy(schema=f"{{ {DEFINITIONS} }}"),
    "a schema that doubles, unevaluated": policy(
        schema=f"{{ unevaluatedProperties = false, {DEFINITIONS.replace('required', 'enum')} }}"
    ),
    "a schema that is itself": policy(schema='{ allOf = [{ "$ref" = "#" }, { "$ref" = "#" }] }'),
    "a schema that is not itself": policy(schema='{ not = { anyOf = [{ "$ref" = "#" }] } }'),
    "a schema with a pattern without end": policy(
        schema='{ properties = { ami_name = { pattern = "(a+)+$" } } }'
    ),
    "a schema from elsewhere": policy(schema='jsondecode(file("/etc/passwd"))'),
    "a schema that asks the network": policy(schema='{ "$ref" = "https://example.com/schema.json" }'),
    "parentheses": policy("(" * 3000 + "true" + ")" * 3000),
    "negations": policy("!" * 3000 + "true"),
    "branches": policy("false", message='"' + "%{ if true }" * 2000 + "x" + "%{ endif }" * 2000 + '"'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_policy_ends_in_an_error_with_a_place(run: Run, name: str) -> None:
    with pytest.raises(PolicyError) as raised:
        run(HOSTILE[name])
    assert raised.value.range is not None
    assert raised.value.range.document.path == "policies/p.policy.hcl"
    assert "secret" not in str(raised.value).replace("secret.txt", "")


def test_the_error_names_policy_block_and_reason(run: Run) -> None:
    with pytest.raises(PolicyError) as raised:
        run(policy('file("/etc/${self.region}") == "x"'))
    assert str(raised.value) == (
        "policy `p` cannot be decided for source `amazon-ebs.a` at t.pkr.hcl:2: "
        '"/etc/us-east-1" lies outside the checked root'
    )
    assert raised.value.range is not None
    assert raised.value.range.text == 'file("/etc/${self.region}") == "x"'
    assert raised.value.hint is not None
    assert "files of the repository" in raised.value.hint


def test_all_that_a_policy_computes_in_a_run_is_bounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each block alone is cheap enough; so many of them are too much."""
    monkeypatch.setattr("packlint.policy.rule.STEPS", STEPS // 10)
    much = "length([for a in range(100) : [for b in range(40) : [a, self.region] == [b, self.type]]]) > 0"
    assert not run(policy(much))
    with pytest.raises(PolicyError, match="computes too much"):
        run(policy(much), times=1000)


def test_a_message_may_not_compute_without_end_in_many_small_steps(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packlint.policy.rule.STEPS", STEPS // 10)
    slow = (
        '"%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }'
        '%{ if self.region == a }x%{ endif }%{ endfor }%{ endfor }%{ endfor }"'
    )
    with pytest.raises(PolicyError):
        run(policy("self.region == self.type", message=slow))


def test_honest_policies_of_many_blocks_are_not_too_much(run: Run) -> None:
    cheap = 'contains([for a in range(100) : "r${a}"], self.region)'
    blocks = "".join(f'source "amazon-ebs" "s{i}" {{\n  region = "r1"\n}}\n' for i in range(300))
    assert STEPS <= 5_000_000
    assert not run(policy(cheap), blocks, times=5)


def test_what_the_template_gives_up_is_not_the_policys_fault(run: Run) -> None:
    template = 'source "amazon-ebs" "a" {\n  region = file("/etc/hostname")\n}\n'
    assert not run(policy('self.region == "x"'), template)
    (finding,) = run(policy('self.region == "x"', on_unknown='"warn"'), template)
    assert "lies outside the checked root" in finding.message


def test_a_schema_may_refer_to_itself_in_what_a_value_holds(run: Run) -> None:
    deep = '{ additionalProperties = { "$ref" = "#" }, type = ["object", "string"], maxLength = 3 }'
    nested = 'source "null" "a" {\n  x = { a = { b = { c = "long" } } }\n}\n'
    findings = run(policy(schema=deep), nested)
    assert [it.hint for it in findings] in ([], ["`x.a.b.c` has to have at most 3 characters"])


@pytest.mark.parametrize("depth", [60, 400])
def test_deep_bodies_do_not_end_the_run(run: Run, depth: int) -> None:
    value = "[" * depth + '"x"' + "]" * depth
    template = f'source "amazon-ebs" "a" {{\n  region = "r"\n  ami_users = {value}\n}}\n'
    it = '{ items = { "$ref" = "#/$defs/it" }, not = { const = "y" } }'
    everywhere = (
        f'{{ properties = {{ ami_users = {{ "$ref" = "#/$defs/it" }} }}, "$defs" = {{ it = {it} }} }}'
    )
    try:
        assert not run(policy(schema=everywhere), template)
    except PolicyError as error:
        pytest.fail(str(error))


def test_all_that_policies_compute_together_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each alone is cheap enough; so many of them are too much, and the dearest is named."""
    sources = "".join(f'source "null" "s{i}" {{\n  communicator = "none"\n}}\n' for i in range(20))
    counts = {"cheap-0": 100, "dear": 300, **{f"cheap-{i}": 100 for i in range(1, 9)}}
    policies = "".join(
        f'policy "{name}" {{\n  target = source\n  error_message = "x"\n'
        f'  condition = length([for a in range({count}) : "${{a}}${{self.name}}"]) > 0\n}}\n'
        for name, count in counts.items()
    )
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/p.policy.hcl").write_text(policies)
    (tmp_path / "a.pkr.hcl").write_text(sources)

    def checked() -> Outcome:
        return pipeline.run([tmp_path], Nearest({}), tmp_path)

    assert all(it.rule not in counts for it in checked().diagnostics)
    monkeypatch.setattr("packlint.policy.pool.STEPS", 100_000)
    with pytest.raises(PolicyError, match="compute too much together, and `dear` the most of it"):
        checked()
