"""Legacy JSON templates → configurations: what stands where, and what no template may break."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from packlint.check import check
from packlint.conform import conform
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.lower.component import literal
from packlint.model import Configuration, Template
from packlint.parse import parse
from packlint.plugins import load_rules
from packlint.project import Project
from packlint.syntax import traversals

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

TEMPLATE = """
{
  "min_packer_version": "1.7.0",
  "variables": {
    "image": "debian",
    "token": null
  },
  "sensitive-variables": ["token"],
  "builders": [
    {
      "image": "{{user `image`}}:{{user `tag`}}",
      "type": "docker"
    },
    {"type": "amazon-ebs", "name": "web", "source_ami_filter": {"owners": ["self"]},
     "run_tag": [{"key": "a"}, {"key": "b"}]}
  ],
  "provisioners": [
    {"only": ["web"], "type": "shell", "inline": ["true"]}
  ],
  "post-processors": ["manifest", [{"type": "checksum"}]]
}
"""


def lowered(text: str) -> Configuration:
    """The configuration of a text, not yet evaluated."""
    file, _ = parse(Document("t.json", cleandoc(text) + "\n"))
    (configuration,), _ = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    return configuration


def test_everything_knows_its_place() -> None:
    configuration = lowered(TEMPLATE)
    (version,) = configuration.required_version
    assert version.range.text == '"min_packer_version": "1.7.0"'
    assert literal(version.expression) == ">= 1.7.0"
    assert [(v.name, v.name_range.text, v.range.text) for v in configuration.variables] == [
        ("image", '"image"', '"image": "debian"'),
        ("token", '"token"', '"token": null'),
        ("tag", "`tag`", "{{user `tag`}}"),
    ]
    docker, web = configuration.sources
    assert docker.header_range.text == '"type": "docker"'
    assert docker.range.text.startswith("{\n") and docker.range.text.endswith("}")
    (image,) = docker.arguments
    assert (image.name_range.text, image.range.text[:9]) == ('"image"', '"image": ')
    assert [block.range.text for block in web.arguments.blocks] == [
        '"source_ami_filter": {"owners": ["self"]}',
        '{"key": "a"}',
        '{"key": "b"}',
    ]
    assert {block.header_range.text for block in web.arguments.blocks_of("run_tag")} == {'"run_tag"'}
    (build,) = configuration.builds
    assert build.header_range.text == '"builders"'
    (shell,) = build.provisioners
    assert (shell.header_range.text, shell.type_range.text) == ('"type": "shell"', '"shell"')
    manifest, checksum = build.post_processors
    assert (manifest.range.text, manifest.type_range.text) == ('"manifest"', '"manifest"')
    assert checksum.header_range.text == '"type": "checksum"'


def test_a_filter_has_keys_at_the_places_of_the_names() -> None:
    (build,) = evaluate(lowered(TEMPLATE)).builds
    (shell,) = build.provisioners
    assert shell.only is not None
    assert [item.known(str) for item in shell.only.value.items or ()] == ["amazon-ebs.web"]
    assert shell.only.expression.range.text == '["web"]'
    assert [(use.key, use.local_name, shell.runs_on(use)) for use in build.uses] == [
        ("docker.docker", "docker", False),
        ("amazon-ebs.web", "web", True),
    ]


def test_the_cleanup_runs_for_all() -> None:
    (build,) = evaluate(
        lowered(
            """
            {
              "builders": [{"type": "null", "communicator": "none"}],
              "error-cleanup-provisioner": {"type": "shell-local", "only": ["nobody"], "command": "true"}
            }
            """
        )
    ).builds
    (step,) = build.error_cleanup
    assert [step.runs_on(use) for use in build.uses] == [True]


def test_a_filter_that_packer_refuses_is_not_known() -> None:
    (build,) = evaluate(
        lowered('{"builders": [{"type": "null"}], "post-processors": [{"type": "manifest", "only": "null"}]}')
    ).builds
    (step,) = build.post_processors
    assert [step.runs_on(use) for use in build.uses] == [None]


def test_a_component_that_nobody_knows_may_have_blocks() -> None:
    configuration = lowered('{"builders": [{"type": "of-ours", "disk": {"size": 1}, "nic": [{}]}]}')
    (source,) = configuration.sources
    assert source.arguments.open
    assert set(source.arguments.by_name) == {"disk", "nic"}
    assert source.arguments.blocks == ()


def test_what_is_no_object_is_no_block() -> None:
    text = '{"builders": [{"type": "amazon-ebs", "source_ami_filter": "x", "run_tag": [{}, 1], "tag": []}]}'
    (source,) = lowered(text).sources
    assert set(source.arguments.by_name) == {"source_ami_filter", "run_tag"}
    assert source.arguments.blocks == ()


def test_builders_alone_are_a_part_of_a_template() -> None:
    """Such files are merged with others before Packer sees them; the tell-tale are the variables."""
    part = '{"builders": [{"type": "docker", "image": "{{user `image`}}", "commit": true}]}'
    (build,) = lowered(part).builds
    assert build.open_steps
    for text in (part.replace("{{user `image`}}", "debian"), part[:-1] + ', "variables": {"image": "x"}}'):
        (build,) = lowered(text).builds
        assert not build.open_steps


def test_the_second_of_two_builders_of_a_name_is_left_out() -> None:
    configuration = lowered('{"builders": [{"type": "null"}, {"type": "null"}, {"type": "x", "name": "y"}]}')
    assert [source.key for source in configuration.sources] == ["null.null", "x.y"]
    assert not configuration.complete


def test_references_are_in_the_syntax_of_the_configuration() -> None:
    (file,) = lowered(TEMPLATE).syntax
    assert [str(t.steps[0].key) for t in traversals(file.body)] == ["image", "tag"]


# ── whatever the input ──

SEEDS = [
    json.loads(TEMPLATE),
    {
        "variables": {"a": "{{user `b`}}", "b": "{{env `X`}}", "c": None},
        "sensitive-variables": ["a"],
        "comments": [{"x": "y"}],
        "push": {"name": "x"},
        "builders": [
            {"type": "qemu", "name": "vm", "qemuargs": [["-m", "{{user `a`}}"]], "disk_image": True}
        ],
        "provisioners": [
            {
                "type": "shell",
                "only": ["vm"],
                "except": [],
                "override": {"vm": {"inline": []}},
                "pause_before": "5s",
                "max_retries": "{{user `c`}}",
                "timeout": "1m",
                "environment_vars": ["A={{ .Vars }}"],
            }
        ],
        "error-cleanup-provisioner": {"type": "shell-local", "inline": ["true"]},
        "post-processors": [
            "manifest",
            {"type": "vagrant", "keep_input_artifact": True, "override": {"x": {"y": 1}}},
            [{"type": "compress", "name": "c", "only": ["vm"]}, "checksum"],
        ],
    },
]

STRANGE: list[Any] = [
    *(None, True, False, 0, -1.5, 10**400, 1e308, "", "x", "{{user `a`}}", "{{", "{{user `", "\ud800", "é\0"),
    *([], {}, [[]], [{}], [None], {"type": None}, {"": ""}, {"{{user `k`}}": 1}, ["only"], {"type": ["x"]}),
    [{"type": "null", "name": "null"}] * 3,
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a value: what holds it, and its key or index there."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = range(len(holder)) if isinstance(holder, list) else list(holder)
        for key in keys:
            yield holder, key
            if isinstance(holder[key], list | dict):
                waiting.append(holder[key])


RULES = [rule() for rule in load_rules()]


def understood(text: str) -> Configuration:
    """A text through the stages and all rules; nothing raises, nothing crashes."""
    file, _ = parse(Document("t.json", text))
    (configuration,), diagnostics = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    configuration = evaluate(configuration)
    found = check(lambda _: RULES, Project((configuration,)), [conform(configuration)], debug=True)
    assert not [d.hint for d in found if d.rule == "internal-error"]
    for diagnostic in diagnostics:
        assert 0 <= diagnostic.range.start <= diagnostic.range.end <= len(text)
    return configuration


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_any_value_may_be_anything(number: int) -> None:
    count = sum(1 for _ in places(SEEDS[number]))
    for at in range(count):
        for strange in STRANGE:
            mutant = json.loads(json.dumps(SEEDS[number]))
            holder, key = [*places(mutant)][at]
            holder[key] = strange
            understood(json.dumps(mutant))


@pytest.mark.parametrize("root", [*map(json.dumps, STRANGE), "", "{", "[", "nul", '{"builders": [{"type": '])
def test_any_root_may_stand_there(root: str) -> None:
    understood(root)


def test_depth_and_size_are_bounded() -> None:
    for text in (
        '{"builders": [{"type": "null", "a": ' + "[" * 5_000 + "]" * 5_000 + "}]}",
        '{"builders": [{"type": "null", "a": ' + '{"a": ' * 5_000 + "1" + "}" * 5_000 + "}]}",
        '{"post-processors": ' + "[" * 5_000,
        '{"builders": [' + '{"type": "null"}, ' * 5_000 + '{"type": "x"}]}',
        '{"builders": [{"type": "null"}], "provisioners": [' + '{"only": ["x"]}, ' * 5_000 + "1]}",
        '{"variables": {' + ", ".join(f'"v{n}": "{{{{user `v{n + 1}`}}}}"' for n in range(3_000)) + "}}",
        '{"builders": [{"type": "null", "a": "' + "{{user `x`}}" * 5_000 + '"}]}',
        json.dumps(
            {
                "builders": [{"type": "null", "name": f"{'n' * 60}{at}"} for at in range(200)],
                "provisioners": [{"type": "shell", "only": [f"{'n' * 60}x{at}" for at in range(2_000)]}],
            }
        ),
    ):
        understood(text)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_the_corpus_with_values_exchanged() -> None:
    """Every template, and mutants of it at random places, by a fixed seed."""
    chance = random.Random(20)
    seen = 0
    for path in sorted(CORPUS.rglob("*.json")):
        text = path.read_text(encoding="utf-8")
        if not text or path.name.endswith((".pkr.json", ".pkrvars.json")):
            continue
        seen += 1
        understood(text)
        try:
            template = json.loads(text)
        except ValueError:
            continue
        for _ in range(3):
            mutant = json.loads(json.dumps(template))
            for holder, key in chance.sample([*places(mutant)], 2):
                if isinstance(holder, list) or key in holder:
                    holder[key] = chance.choice(STRANGE)
            understood(json.dumps(mutant))
    assert seen == 207


def test_a_number_in_place_of_a_name_is_written_as_go_does() -> None:
    for number, name in (("7", "7"), ("0.5", "0.5"), ("1e21", "1" + "0" * 21), ("1e-2000000000", "0")):
        (source,) = lowered(f'{{"builders": [{{"type": "null", "name": {number}}}]}}').sources
        assert source.name == name
