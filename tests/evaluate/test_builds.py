"""Builds → what is done for each source, and what `--only` and `--except` leave; the oracle is Packer."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.effective import Instance, instances
from packlint.glob import InvalidPatternError, compiled
from packlint.inputs import Inputs
from packlint.model import Arguments, Build, Configuration
from packlint.value import STRING, Unknown

Configured = Callable[..., Configuration]

PACKER = pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")


def packer(folder: Path, name: str, text: str, *options: str) -> str:
    """What Packer prints when it builds a template."""
    (folder / name).write_text(text, encoding="utf-8")
    command = ["packer", "build", "-color=false", *options, name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def inline(arguments: Arguments) -> list[str | None]:
    value = arguments.value("inline")
    assert value is not None
    assert value.items is not None
    return [item.known(str) for item in value.items]


def test_a_build_names_its_sources(configured: Configured) -> None:
    builds = configured(
        """
        variable "x" {}
        variable "y" {
          default   = "why"
          sensitive = true
        }
        source "null" "a" {}
        build {
          sources = ["null.a"]
          source "null.a" {
            name = "b"
          }
        }
        build {
          name    = "img"
          sources = ["null.a"]
        }
        build {
          name    = ""
          sources = ["null.a"]
        }
        build {
          name    = "with-${var.x}"
          sources = ["null.a"]
        }
        build {
          name    = var.y
          sources = ["null.a"]
        }
        """
    ).builds
    found = [[instance.address for instance in instances(build)] for build in builds]
    assert found == [["null.a", "null.b"], ["img.null.a"], ["null.a"], [None], [None]]


def test_a_legacy_builder_is_shown_with_its_type_where_its_name_is_another(configured: Configured) -> None:
    text = '{"builders": [{"type": "null"}, {"type": "null", "name": "web"}]}'
    (build,) = configured(text, "t.json").builds
    assert [instance.address for instance in instances(build)] == ["null", "null.web"]


STEPS = """
    variable "x" {}
    source "null" "a" {
      communicator = "none"
    }
    source "null" "b" {
      communicator = "none"
    }
    build {
      sources = ["null.a", "null.b"]
      provisioner "shell" {
        only = ["null.a"]
      }
      provisioner "shell-local" {
        except = [var.x]
      }
      provisioner "file" {
        except = ["null.a", "null.b"]
      }
      error-cleanup-provisioner "breakpoint" {}
      post-processors {
        post-processor "compress" {
          only = ["null.b"]
        }
      }
      post-processors {
        post-processor "checksum" {}
        post-processor "manifest" {
          except = ["null.b"]
        }
      }
    }
"""


def test_the_steps_of_each_source(configured: Configured) -> None:
    one, other = instances(configured(STEPS).builds[0])
    assert [(it.step.type, it.certain) for it in one.provisioners] == [
        ("shell", True),
        ("shell-local", False),
    ]
    assert [(it.step.type, it.certain) for it in other.provisioners] == [("shell-local", False)]
    assert [it.step.type for it in one.error_cleanup] == ["breakpoint"]
    assert [[it.step.type for it in chain] for chain in one.chains] == [["checksum", "manifest"]]
    assert [[it.step.type for it in chain] for chain in other.chains] == [["compress"], ["checksum"]]
    assert [it.step.type for it in other.post_processors] == ["compress", "checksum"]


OVERRIDE = """
source "null" "x" {
  communicator = "none"
}
build {
  name    = "all"
  sources = ["null.x"]
  source "null.x" {
    name = "y"
  }
  dynamic "provisioner" {
    for_each = { p = ["echo =$ONE-$TWO=", "echo =p="], q = ["echo =q="] }
    labels   = ["shell-local"]
    content {
      only             = provisioner.key == "q" ? ["null.y"] : []
      inline           = concat(provisioner.value, ["echo =${build.name}.${source.type}.${source.name}="])
      environment_vars = ["ONE=1", "TWO=2"]
      override = {
        y = {
          inline           = ["echo =$ONE/$TWO="]
          environment_vars = ["ONE=one"]
        }
        z = { inline = [] }
      }
    }
  }
}
"""
"""Commands that say what they are when they run."""

SAID = {
    "all.null.x": ["1-2", "p", "all.null.x"],
    "all.null.y": ["one/2", "p", "all.null.y", "one/2", "all.null.y"],
}
"""What each source hears: lists in `override` take the place of the first elements."""


@PACKER
def test_packer_says_the_same(tmp_path: Path) -> None:
    told = packer(tmp_path, "t.pkr.hcl", OVERRIDE)
    assert {name: re.findall(rf"{re.escape(name)}: =(.*)=", told) for name in SAID} == SAID


def said(instance: Instance) -> list[str]:
    """What the commands print, as the shell would do it."""
    found = []
    for step in instance.provisioners:
        variables = step.arguments.value("environment_vars")
        assert variables is not None
        environment = dict(str(item.known(str)).split("=") for item in variables.items or ())
        for command in inline(step.arguments):
            text = str(command).removeprefix("echo =").removesuffix("=")
            for name, value in environment.items():
                text = text.replace(f"${name}", value)
            found.append(text)
    return found


def test_a_step_is_overridden_for_a_source(configured: Configured) -> None:
    (build,) = configured(OVERRIDE).builds
    assert {str(instance.address): said(instance) for instance in instances(build)} == SAID


@pytest.mark.parametrize(
    ("override", "script", "is_open"),
    [
        ("override = { a = { script = null } }", "s.sh", False),
        ('override = { a = { script = "t.sh" } }', "t.sh", False),
        ('override = { b = { script = "t.sh" } }', "s.sh", False),
        ("override = { a = { script = var.x } }", None, False),
        ("override = { a = var.x }", None, True),
        ("override = var.x", None, True),
        ("override = { b = var.x }", "s.sh", False),
    ],
)
def test_what_is_not_known_of_an_override(
    override: str, script: str | None, is_open: bool, configured: Configured
) -> None:
    (build,) = configured(
        f"""
        variable "x" {{}}
        build {{
          sources = ["null.a"]
          provisioner "shell" {{
            script = "s.sh"
            {override}
          }}
        }}
        """
    ).builds
    (step,) = instances(build)[0].provisioners
    assert step.arguments.known("script", str) == script
    assert step.arguments.open is is_open


def test_an_override_may_add_an_argument_and_keeps_what_is_not_known(configured: Configured) -> None:
    (build,) = configured(
        """
        variable "x" {}
        build {
          sources = ["null.a"]
          provisioner "shell" {
            inline = var.x
            env    = { A = "1", B = "2" }
            override = {
              a = { inline = ["one"], env = { B = "3" }, execute_command = "run" }
            }
          }
        }
        """
    ).builds
    arguments = instances(build)[0].provisioners[0].arguments
    assert isinstance(arguments.value("inline"), Unknown)  # what follows the first command is not known
    env = arguments.value("env")
    assert env is not None
    assert {name: value.known(str) for name, value in (env.entries or {}).items()} == {"A": "1", "B": "3"}
    assert arguments.known("execute_command", str) == "run"


NAMES = ("a", "b", "ab", "abc", "abcd", "a-b", "a_b", "x1", "c", "web-1", "web-12", "B")

SOURCES = (
    "".join(f'source "null" "{name}" {{\n  communicator = "none"\n}}\n' for name in NAMES)
    + "build {\n  sources = ["
    + ", ".join(f'"null.{name}"' for name in NAMES)
    + ']\n}\nbuild {\n  name    = "img"\n  sources = ["null.a", "null.web-1"]\n}\n'
)

PATTERNS = (
    *("null.*", "img.*", "*.a", "a", "null.?", "null.[ab]", "null.[!ab]", "null.[!a-c]", "null.a*b*"),
    *("*.**.a", r"null.\a", "null.[a-", "null.[a", "null.[]", "null.[]a]", "null.[a-cx]", "null.a[_-]b"),
    *(
        "null.{a}",
        "null.a}",
        r"null.[\]a]",
        "null.[b-a]",
        "NULL.*",
        "null.web-*?",
        "null.[^a]",
        "null.*[!12]",
    ),
    *("[n]*.a", "null.[!]", "img.*.[!a]*", r"*\.a", "?*.a?*"),
)
"""Left out is `{}`, which packlint takes for nothing, and Packer 1.6.6 for what no text is like."""


@PACKER
def test_patterns_mean_what_they_mean_to_packer(tmp_path: Path, configured: Configured) -> None:
    differing = []
    for pattern in PATTERNS:
        told = packer(tmp_path, "t.pkr.hcl", SOURCES, f"-only={pattern}")
        expected = None if "Invalid -only" in told else set(re.findall(r"Build '(.*)' finished", told))
        if expected != addresses(pattern, configured):
            differing.append((pattern, expected))
    assert differing == []


def addresses(pattern: str, configured: Configured) -> set[str | None] | None:
    """The names that are chosen; None for an invalid pattern."""
    try:
        compiled(pattern)
    except InvalidPatternError:
        return None
    builds = configured(SOURCES, inputs=Inputs(only=(pattern,))).builds
    assert all(build.uses for build in builds)
    return {instance.address for build in builds for instance in instances(build)}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[a", "a `[` is not closed"),
        ("[]", "a `[]` is empty"),
        ("[a-c", "a range such as `[a-c]` is not closed"),
        ("[c-a]", '"a" comes before "c"'),
    ],
)
def test_why_a_pattern_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(InvalidPatternError) as caught:
        compiled(pattern)
    assert str(caught.value) == reason


def test_a_pattern_takes_no_longer_than_its_length_times_that_of_the_name() -> None:
    assert not compiled("*a" * 100 + "b").matches("a" * 2000)
    assert compiled("*a" * 100 + "*").matches("a" * 2000)


@pytest.mark.parametrize(
    ("only", "exclude", "expected"),
    [
        ((), (), [["null.a", "null.b"], ["img.null.a"]]),
        (("null.*",), (), [["null.a", "null.b"]]),
        (("null.b", "img.*"), (), [["null.b"], ["img.null.a"]]),
        ((), ("*.a",), [["null.b"]]),
        (("*",), ("null.a",), [["null.b"], ["img.null.a"]]),
        (("nothing",), (), []),
    ],
)
def test_sources_and_builds_are_chosen(
    only: tuple[str, ...], exclude: tuple[str, ...], expected: list[list[str]], configured: Configured
) -> None:
    text = """
        source "null" "a" {}
        source "null" "b" {}
        build {
          sources = ["null.a", "null.b"]
        }
        build {
          name    = "img"
          sources = ["null.a"]
        }
    """
    builds = configured(text, inputs=Inputs(only=only, exclude=exclude)).builds
    assert [[instance.address for instance in instances(build)] for build in builds] == expected


def test_what_is_not_known_may_be_chosen(configured: Configured) -> None:
    text = """
        variable "x" {}
        build {
          name    = var.x
          sources = ["null.a"]
        }
        build {
          sources = var.x
        }
    """
    builds = configured(text, inputs=Inputs(only=("null.b",))).builds
    assert [len(build.uses) for build in builds] == [1, 0]


def test_legacy_names_are_compared_as_they_are(configured: Configured) -> None:
    text = '{"builders": [{"type": "null"}, {"type": "null", "name": "web"}, {"type": "null", "name": "w*"}]}'
    for only, expected in (("web", ["web"]), ("null.web", []), ("w*", ["w*"]), ("null", ["null"])):
        builds = configured(text, "t.json", Inputs(only=(only,))).builds
        assert [use.written for build in builds for use in build.uses] == expected


CHAINS = """
    source "null" "a" {
      communicator = "none"
    }
    source "null" "b" {
      communicator = "none"
    }
    build {
      sources = ["null.a", "null.b"]
      post-processors {
        post-processor "shell-local" {
          inline = ["echo '<1>'"]
        }
        post-processor "shell-local" {
          name   = "mark"
          only   = ["null.a"]
          inline = ["echo '<2>'"]
        }
        post-processor "shell-local" {
          name   = "last"
          inline = ["echo '<3>'"]
        }
      }
      post-processor "shell-local" {
        name   = "mark"
        inline = ["echo '<4>'"]
      }
    }
"""

EXCEPT = {
    "mark": {"null.a": "1", "null.b": "13"},
    "m*": {"null.a": "1", "null.b": "13"},
    "last": {"null.a": "124", "null.b": "14"},
    "shell-local": {"null.a": "4", "null.b": "4"},  # a step that has a name is not known by its type
    "nothing": {"null.a": "1234", "null.b": "134"},
}


@PACKER
@pytest.mark.parametrize("pattern", EXCEPT)
def test_packer_ends_chains_there(pattern: str, tmp_path: Path) -> None:
    told = packer(tmp_path, "t.pkr.hcl", CHAINS, f"-except={pattern}")
    found = {name: "".join(sorted(re.findall(rf"{name} .*: <(.)>", told))) for name in ("null.a", "null.b")}
    assert found == EXCEPT[pattern]


@pytest.mark.parametrize("pattern", EXCEPT)
def test_a_chain_ends_where_a_step_is_excluded(pattern: str, configured: Configured) -> None:
    (build,) = configured(CHAINS, inputs=Inputs(exclude=(pattern,))).builds
    found = {
        str(instance.address): "".join(str(inline(it.arguments)[0])[-3] for it in instance.post_processors)
        for instance in instances(build)
    }
    assert found == EXCEPT[pattern]


def left(build: Build) -> list[str]:
    return [step.name.value.known(str) or "" if step.name else "" for step in build.post_processors]


def test_a_step_that_is_excluded_everywhere_is_gone(configured: Configured) -> None:
    (build,) = configured(CHAINS, inputs=Inputs(exclude=("mark",))).builds
    assert left(build) == ["", "last"]
    (build,) = configured(CHAINS, inputs=Inputs(exclude=("last",))).builds
    assert left(build) == ["", "mark", "mark"]


def test_a_step_with_a_name_that_is_not_known_may_end_a_chain(configured: Configured) -> None:
    text = """
        variable "x" {}
        build {
          sources = ["null.a"]
          post-processors {
            post-processor "compress" {
              name = var.x
            }
            post-processor "manifest" {}
          }
        }
    """
    (build,) = configured(text, inputs=Inputs(exclude=("mark",))).builds
    assert [step.runs_on(build.uses[0]) for step in build.post_processors] == [None, None]


MANY = "\n".join(f'a{number} = "${{source.name}}"' for number in range(200))
"""Arguments that are another thing for every source."""


def test_sources_with_too_much_to_evaluate_again_are_none(configured: Configured) -> None:
    uses = "\n".join(f'source "null.a" {{\nname = "b{number}"\n}}' for number in range(500))
    (build,) = configured(f'source "null" "a" {{\n{MANY}\n}}\nbuild {{\n{uses}\n}}').builds
    assert build.open
    assert build.uses == ()


def test_a_step_with_too_much_to_evaluate_again_is_not_known_for_any_source(configured: Configured) -> None:
    listed = ", ".join(f'"null.s{number}"' for number in range(500))
    (build,) = configured(f'build {{\nsources = [{listed}]\nprovisioner "shell" {{\n{MANY}\n}}\n}}').builds
    assert len(build.uses) == 500
    assert build.provisioners[0].by_source == {}
    (step,) = instances(build)[7].provisioners
    assert step.arguments.value("a0") == Unknown("depends on `source.name`", STRING)
