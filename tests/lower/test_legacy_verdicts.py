"""Legacy templates that Packer refuses and that it accepts: ours is the verdict of the real Packer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse

BUILDERS = [{"type": "null", "communicator": "none"}]
TWO = [*BUILDERS, {"type": "null", "name": "other", "communicator": "none"}]
CLEANUP = "error-cleanup-provisioner"

Root = dict[str, Any]


def root(**keys: Any) -> Root:
    """A template with a builder; `_` in names of keys stands for `-` where Packer writes that."""
    names = {"post_processors": "post-processors", "sensitive": "sensitive-variables", "cleanup": CLEANUP}
    return {"builders": BUILDERS, **{names.get(name, name): value for name, value in keys.items()}}


def step(**keys: Any) -> Root:
    """A template with one provisioner."""
    return root(provisioners=[{"type": "shell-local", "command": "true", **keys}])


def cleanup(**keys: Any) -> Root:
    """A template with an error-cleanup-provisioner."""
    return root(cleanup={"type": "shell-local", "command": "true", **keys})


def after(**keys: Any) -> Root:
    """A template with one post-processor."""
    return root(post_processors=[{"type": "manifest", **keys}])


ACCEPTED: dict[str, Root] = {
    "the least": root(),
    "a key in another case": {"Builders": BUILDERS},
    "a comment": root(_comment="text"),
    "comments": root(comments=[{"a": "b"}, None]),
    "push": root(push={"name": "x"}),
    "nulls": root(description=None, variables=None, provisioners=None, post_processors=None, cleanup=None),
    "variables": root(variables={"a": "b", "empty": "", "my-name.x": "{{user `a`}}"}),
    "a sensitive variable that there is not": root(variables={"a": "b"}, sensitive=["a", "b", None]),
    "an undeclared variable": step(command="echo {{user `a`}}"),
    "a version": root(min_packer_version="1.0.0"),
    "a version with v": root(min_packer_version="v1.2"),
    "a version of four parts": root(min_packer_version="1.2.3.4"),
    "a prerelease": root(min_packer_version="1.2.3-beta.1+x"),
    "an empty version": root(min_packer_version=""),
    "a name that is a number": {"builders": [{"type": "null", "name": 7, "communicator": "none"}]},
    "two builders": {"builders": TWO},
    "only": step(only=["null"]),
    "only as a string": step(only="null"),
    "only as an empty object": step(only={}),
    "only as null": step(only=None),
    "only beside an empty except": step(**{"only": ["null"], "except": []}),
    "override": step(override={"null": {"command": "false"}}),
    "override as an array": step(override=[{"null": {"command": "false"}}]),
    "override as null": step(override={"null": None}),
    "a pause": step(pause_before="1m30s"),
    "a pause in nanoseconds": step(pause_before=5),
    "a timeout": step(timeout="1.5h"),
    "retries": step(max_retries=3),
    "retries in quotes": step(max_retries="3"),
    "retries from a variable": {**step(max_retries="{{user `n`}}"), "variables": {"n": "3"}},
    "a cleanup": cleanup(),
    "a cleanup for nobody": cleanup(only=["nobody"], override={"nobody": {}}),
    "a post-processor as a string": root(post_processors=["manifest"]),
    "a chain": root(post_processors=[["manifest", {"type": "manifest", "name": "second"}]]),
    "an empty chain": root(post_processors=[[]]),
    "a post-processor for a builder": after(only=["null"]),
    "a post-processor for all": after(only=None, keep_input_artifact=None),
    "a post-processor that keeps": after(keep_input_artifact=True),
}

REFUSED: dict[str, tuple[Root, str, str]] = {
    "no builder": ({}, "a legacy template needs at least one builder", ""),
    "builders empty": ({"builders": []}, "a legacy template needs at least one builder", '"builders"'),
    "builders null": ({"builders": None}, "a legacy template needs at least one builder", '"builders"'),
    "builders no array": (
        {"builders": {"type": "null"}},
        "`builders` must be an array of objects, not an object",
        "{",
    ),
    "builder no object": ({"builders": ["null"]}, "builder 1 must be an object, not a string", '"null"'),
    "builder null": ({"builders": [None]}, "builder 1 must be an object, not null", "null"),
    "builder an array": ({"builders": [BUILDERS]}, "builder 1 must be an object, not an array", "["),
    "builder without type": ({"builders": [{"communicator": "none"}]}, "builder 1 has no `type`", "{"),
    "builder with type null": ({"builders": [{"type": None}]}, "builder 1 has no `type`", "null"),
    "builder with type array": (
        {"builders": [{"type": []}]},
        "`type` of builder 1 must be a string, not an array",
        "[",
    ),
    "builder with name object": (
        {"builders": [{"type": "null", "name": {}}]},
        "`name` of builder 1 must be a string, not an object",
        "{",
    ),
    "builder with config": (
        {"builders": [{"type": "null", "config": "x"}]},
        "`config` of builder 1 must be an object, not a string",
        '"x"',
    ),
    "builder twice": (
        {"builders": [*TWO, *BUILDERS]},
        'builder 3 has the name "null" of builder 1',
        '"null"',
    ),
    "key unknown": (root(provisoners=[]), "`provisoners` is no key of a legacy template", '"provisoners"'),
    "comment a number": (root(_note=1), "the comment `_note` must be a string, not a number", "1"),
    "comment null": (root(_note=None), "the comment `_note` must be a string, not null", "null"),
    "comments no array": (
        root(comments={"a": "b"}),
        "`comments` must be an array of objects, not an object",
        "{",
    ),
    "comments of numbers": (root(comments=[{"a": 1}]), "a comment must be a string, not a number", "1"),
    "description a number": (root(description=1), "`description` must be a string, not a number", "1"),
    "push an array": (root(push=[]), "`push` must be an object, not an array", "["),
    "variables an array": (root(variables=[]), "`variables` must be an object, not an array", "["),
    "variable a number": (
        root(variables={"a": 1}),
        "the default of variable `a` must be a string, not a number",
        "1",
    ),
    "variable a boolean": (
        root(variables={"a": True}),
        "the default of variable `a` must be a string, not a boolean",
        "true",
    ),
    "variable an object": (
        root(variables={"a": {}}),
        "the default of variable `a` must be a string, not an object",
        "{",
    ),
    "sensitive a string": (
        root(sensitive="a"),
        "`sensitive-variables` must be an array of strings, not a string",
        '"a"',
    ),
    "sensitive of numbers": (
        root(sensitive=[1]),
        "an element of `sensitive-variables` must be a string, not a number",
        "1",
    ),
    "version a number": (
        root(min_packer_version=1.2),
        "`min_packer_version` must be a string, not a number",
        "1.2",
    ),
    "version a constraint": (
        root(min_packer_version=">= 1.0"),
        "`min_packer_version` is not a version",
        '">= 1.0"',
    ),
    "version with a letter": (
        root(min_packer_version="1.x"),
        "`min_packer_version` is not a version",
        '"1.x"',
    ),
    "version with a blank": (
        root(min_packer_version=" 1.2"),
        "`min_packer_version` is not a version",
        '" 1.2"',
    ),
    "version with a plus": (
        root(min_packer_version="1.2+"),
        "`min_packer_version` is not a version",
        '"1.2+"',
    ),
    "provisioners an object": (
        root(provisioners={"type": "shell-local"}),
        "`provisioners` must be an array of objects, not an object",
        "{",
    ),
    "provisioner a string": (root(provisioners=["shell"]), "provisioner 1 must be an object", '"shell"'),
    "provisioner null": (root(provisioners=[None]), "provisioner 1 must be an object", "null"),
    "provisioner without type": (
        root(provisioners=[{"command": "true"}]),
        "provisioner 1 has no `type`",
        "{",
    ),
    "provisioner with type array": (
        root(provisioners=[{"type": ["shell-local"]}]),
        "`type` of provisioner 1 must be a string, not an array",
        "[",
    ),
    "provisioner with config": (
        step(config="x"),
        "`config` of provisioner 1 must be an object, not a string",
        '"x"',
    ),
    "only unknown": (
        step(only=["web"]),
        '`only` of provisioner 1 names "web", but no builder is called so',
        '"web"',
    ),
    "only a key": (
        step(only=["null.null"]),
        '`only` of provisioner 1 names "null.null", but no builder is called so',
        '"null.null"',
    ),
    "only a number": (step(only=5), '`only` of provisioner 1 names "5", but no builder is called so', "5"),
    "only empty": (step(only=""), '`only` of provisioner 1 names "", but no builder is called so', '""'),
    "only of null": (
        step(only=[None]),
        '`only` of provisioner 1 names "", but no builder is called so',
        "null",
    ),
    "only an object": (
        step(only={"a": 1}),
        "an element of `only` of provisioner 1 must be a string, not an object",
        "{",
    ),
    "only of arrays": (
        step(only=[["null"]]),
        "an element of `only` of provisioner 1 must be a string, not an array",
        "[",
    ),
    "except unknown": (
        step(**{"except": ["web"]}),
        '`except` of provisioner 1 names "web", but no builder is called so',
        '"web"',
    ),
    "only and except": (
        step(**{"only": ["null"], "except": ["null"]}),
        "provisioner 1 has both `only` and `except`",
        '"except"',
    ),
    "override unknown": (
        step(override={"web": {}}),
        '`override` of provisioner 1 names "web", but no builder is called so',
        '"web"',
    ),
    "override a string": (
        step(override="x"),
        "`override` of provisioner 1 must be an object, not a string",
        '"x"',
    ),
    "override of strings": (
        step(override=["null"]),
        "`override` of provisioner 1 must be an object, not a string",
        '"null"',
    ),
    "pause without unit": (
        step(pause_before="5"),
        "`pause_before` of provisioner 1 is not a duration",
        '"5"',
    ),
    "pause empty": (step(pause_before=""), "`pause_before` of provisioner 1 is not a duration", '""'),
    "pause from a variable": (
        step(pause_before="{{user `x`}}"),
        "`pause_before` of provisioner 1 is not a duration",
        '"{{user `x`}}"',
    ),
    "pause an array": (
        step(pause_before=[]),
        "`pause_before` of provisioner 1 must be a duration, not an array",
        "[",
    ),
    "timeout a word": (step(timeout="soon"), "`timeout` of provisioner 1 is not a duration", '"soon"'),
    "retries a word": (step(max_retries="x"), "`max_retries` of provisioner 1 is not a whole number", '"x"'),
    "retries a fraction": (
        step(max_retries=1.5),
        "`max_retries` of provisioner 1 is not a whole number",
        "1.5",
    ),
    "retries an array": (
        step(max_retries=[]),
        "`max_retries` of provisioner 1 must be a whole number, not an array",
        "[",
    ),
    "cleanup an array": (
        root(cleanup=[{"type": "shell-local"}]),
        "`error-cleanup-provisioner` must be an object",
        "[",
    ),
    "cleanup without type": (root(cleanup={}), "`error-cleanup-provisioner` has no `type`", "{"),
    "post-processors an object": (
        root(post_processors={"type": "manifest"}),
        "`post-processors` must be an array, not an object",
        "{",
    ),
    "post-processor a number": (
        root(post_processors=[1]),
        "post-processor 1 must be a string, an object or an array of these",
        "1",
    ),
    "post-processor null": (
        root(post_processors=[None]),
        "post-processor 1 must be a string, an object or an array of these",
        "null",
    ),
    "post-processor empty": (root(post_processors=[""]), "post-processor 1 has no `type`", '""'),
    "post-processor without type": (root(post_processors=[{}]), "post-processor 1 has no `type`", "{"),
    "post-processor with type number": (
        root(post_processors=[{"type": 5}]),
        "`type` of post-processor 1 must be a string, not a number",
        "5",
    ),
    "chain of numbers": (
        root(post_processors=[["manifest", 1]]),
        "post-processor 1.2 must be a string or an object",
        "1",
    ),
    "chain of chains": (
        root(post_processors=[[["manifest"]]]),
        "post-processor 1.1 is an array within an array",
        "[",
    ),
    "post-processor only a string": (
        after(only="null"),
        "`only` of post-processor 1 must be an array of strings, not a string",
        '"null"',
    ),
    "post-processor only of numbers": (
        after(only=[1]),
        "an element of `only` of post-processor 1 must be a string, not a number",
        "1",
    ),
    "post-processor only an object": (
        after(only={}),
        "`only` of post-processor 1 must be an array of strings, not an object",
        "{",
    ),
    "post-processor only unknown": (
        after(only=["web"]),
        '`only` of post-processor 1 names "web", but no builder is called so',
        '"web"',
    ),
    "post-processor only and except": (
        after(**{"only": ["null"], "except": ["null"]}),
        "post-processor 1 has both `only` and `except`",
        '"except"',
    ),
    "post-processor keeps a string": (
        after(keep_input_artifact="true"),
        "`keep_input_artifact` of post-processor 1 must be `true` or `false`, not a string",
        '"true"',
    ),
    "post-processor name a number": (
        after(name=5),
        "`name` of post-processor 1 must be a string, not a number",
        "5",
    ),
    "post-processor with config": (
        after(config="x"),
        "`config` of post-processor 1 must be an object, not a string",
        '"x"',
    ),
}


def told(template: Root) -> tuple[Diagnostic, ...]:
    """What lowering says of a template."""
    file, problems = parse(Document("t.json", json.dumps(template, indent=2)))
    assert problems == ()
    (configuration,), diagnostics = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    assert configuration.complete is not bool(diagnostics)
    return diagnostics


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_packer_accepts_is_accepted(name: str) -> None:
    assert told(ACCEPTED[name]) == ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_packer_refuses_is_told_where_it_stands(name: str) -> None:
    template, message, place = REFUSED[name]
    (diagnostic,) = told(template)
    assert (diagnostic.rule, diagnostic.severity.value) == ("invalid-legacy-template", "error")
    assert (diagnostic.message, diagnostic.range.text) == (message, place)


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
@pytest.mark.parametrize("name", [*ACCEPTED, *REFUSED])
def test_the_verdict_is_that_of_packer(name: str, tmp_path: Path) -> None:
    template = ACCEPTED.get(name) or REFUSED[name][0]
    path = tmp_path / "t.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(tmp_path)}
    command = ["packer", "validate", str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=60
    )
    assert (done.returncode == 0) is (name in ACCEPTED), done.stdout + done.stderr


def test_what_is_wrong_is_told_together() -> None:
    template = {**step(only=["web"], pause_before="5"), "variables": {"a": 1}, "foo": 1}
    assert [d.message for d in sorted(told(template), key=lambda d: d.range.order)] == [
        '`only` of provisioner 1 names "web", but no builder is called so',
        "`pause_before` of provisioner 1 is not a duration",
        "the default of variable `a` must be a string, not a number",
        "`foo` is no key of a legacy template",
    ]


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        (root(provisoners=[]), "did you mean `provisioners`?"),
        (root(variable={"a": "b"}), "did you mean `variables`?"),
        ({"builders": [{"tpye": "null"}]}, "did you mean `type` where it says `tpye`?"),
        (root(provisioners=[{"types": "shell"}]), "did you mean `type` where it says `types`?"),
        (root(source={}), "blocks of HCL belong in a file whose name ends in `.pkr.json`"),
        (root(min_packer_version="~> 1.7"), 'write the lowest version alone, such as `"1.7.0"`'),
        (
            step(only=["nul"]),
            "did you mean `null`? a builder is known by its `name`, or by its `type` where it has none",
        ),
        (
            {**step(only=["null.other"]), "builders": TWO},
            "did you mean `other`? a builder is known by its `name`, or by its `type` where it has none",
        ),
    ],
)
def test_hints_say_what_was_meant(template: Root, hint: str) -> None:
    (diagnostic,) = told(template)
    assert diagnostic.hint == hint


def test_hcl_in_a_file_without_builders_is_told_by_its_name() -> None:
    assert [d.hint for d in told({"variable": {"a": "b"}})] == [
        "blocks of HCL belong in a file whose name ends in `.pkr.json`"
    ]


@pytest.mark.parametrize("key", ["vm_type", "os_type"])
def test_a_key_that_has_type_in_its_name_is_not_meant_as_the_type(key: str) -> None:
    (diagnostic,) = told({"builders": [{key: "x"}]})
    assert diagnostic.hint is None


WRONG = """\
{
  "variables": {
    "size": 1,
    "name": "x"
  },
  "builders": [
    {
      "type": "null",
      "communicator": "none"
    },
    {
      "name": "other",
      "communicator": "none"
    }
  ],
  "provisioners": [
    {
      "type": "shell-local",
      "only": ["web"],
      "inline": ["true"]
    }
  ],
  "foo": []
}
"""
"""A template with four faults."""


def told_of_text(text: str) -> list[str]:
    """The messages about a text with a syntax error."""
    file, problems = parse(Document("t.json", text))
    assert problems
    (configuration,), diagnostics = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    assert not configuration.complete
    return [diagnostic.message for diagnostic in diagnostics]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{\n  ", "  "),
        ("    {\n", ""),
        ("    },\n", ""),
        ("  ],\n", ""),
        ("  },\n", "  }},\n"),
        ('"x"', "{{env `A`}}"),
        ('"x"', '2"'),
        ('"x"', '"a "b" c"'),
        ('  ],\n  "foo": []\n}\n', ""),
        ('"foo": []\n}\n', '"foo": []\n}\n}\n'),
    ],
)
def test_nothing_is_refused_where_a_slip_may_have_moved_things(old: str, new: str) -> None:
    assert WRONG.count(old)
    assert told_of_text(WRONG.replace(old, new, 1)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "x"\n', '"name": "x",\n'),
        ("  },\n", "  }\n"),
        ('"x"\n', '"x" // the name\n'),
        ('["true"]', '["true",]'),
    ],
)
def test_a_comma_or_a_comment_hides_nothing(old: str, new: str) -> None:
    assert sorted(told_of_text(WRONG.replace(old, new, 1))) == [
        "`foo` is no key of a legacy template",
        "builder 2 has no `type`",
        "the default of variable `size` must be a string, not a number",
    ]
