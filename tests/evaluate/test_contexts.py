"""What may be referred to where (docs of Packer, "Contextual variables"), and what it is worth there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from packlint.failures import failures
from packlint.model import Configuration, Local
from packlint.value import NUMBER, STRING, Failure, Known, Unknown, Value

Configured = Callable[..., Configuration]

PLACES = {
    "local": ("locals {{\n  x = {0}\n}}", lambda c: c.locals[0].value),
    "data": ('data "http" "d" {{\n  url = {0}\n}}', lambda c: c.data_sources[0].arguments.value("url")),
    "source": (
        'source "null" "s" {{\n  ssh_host = {0}\n}}',
        lambda c: c.sources[0].arguments.value("ssh_host"),
    ),
    "build": ("build {{\n  name = {0}\n}}", lambda c: c.builds[0].name.value),
    "for_each": (
        'source "qemu" "s" {{\n  dynamic "disk" {{\n    for_each = [{0}]\n    content {{}}\n  }}\n}}',
        lambda c: c.sources[0].arguments.dynamics[0].for_each.value.items[0],
    ),
    "meta": (
        'build {{\n  name = "all"\n  provisioner "shell" {{\n    pause_before = {0}\n  }}\n}}',
        lambda c: c.builds[0].provisioners[0].meta.value("pause_before"),
    ),
    "step": (
        'build {{\n  name = "all"\n  provisioner "shell" {{\n    script = {0}\n  }}\n}}',
        lambda c: c.builds[0].provisioners[0].arguments.value("script"),
    ),
    "post-processor": (
        'build {{\n  name = "all"\n  post-processor "manifest" {{\n    output = {0}\n  }}\n}}',
        lambda c: c.builds[0].post_processors[0].arguments.value("output"),
    ),
}

GENERAL = ("local", "data", "build", "for_each")
STEPS = ("step", "post-processor")


def at(place: str, text: str, configured: Configured) -> Value:
    template, find = PLACES[place]
    found = find(configured(template.format(text)))
    assert isinstance(found, Known | Unknown)
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ["path.module", "packer.nothing", "each.value", "self.id", "source.nothing"])
def test_what_there_is_nowhere(place: str, text: str, configured: Configured) -> None:
    found = at(place, text, configured)
    assert isinstance(found, Failure)
    assert found.fault == "reference"
    assert found.range is not None
    assert "there is no" in found.because


@pytest.mark.parametrize("place", [*GENERAL, "source"])
@pytest.mark.parametrize("text", ["build.name", "build.ID"])
def test_a_build_is_known_to_its_steps_only(place: str, text: str, configured: Configured) -> None:
    found = at(place, text, configured)
    assert isinstance(found, Failure)
    assert (found.fault, found.because) == ("reference", "there is no `build` here")


@pytest.mark.parametrize("place", PLACES)
def test_paths_and_versions_are_there_everywhere(place: str, configured: Configured) -> None:
    assert at(place, "path.root", configured).known(str) == "."
    for text in ("path.cwd", "packer.version", "packer.versionFingerprint"):
        assert at(place, text, configured) == Unknown(f"depends on `{text}`", STRING)


@pytest.mark.parametrize("place", [*GENERAL, "meta", *STEPS])
@pytest.mark.parametrize("text", ["source.name", "source.type"])
def test_a_source_is_not_yet_known(place: str, text: str, configured: Configured) -> None:
    assert at(place, text, configured) == Unknown(f"depends on `{text}`", STRING)


def test_a_source_knows_itself(configured: Configured) -> None:
    assert at("source", '"${source.type}-${source.name}"', configured).known(str) == "null-s"


def test_packer_itself_reads_nothing_of_a_build_but_its_name(configured: Configured) -> None:
    assert at("meta", "build.name", configured).known(str) == "all"
    found = at("meta", "build.ID", configured)
    assert isinstance(found, Failure)
    assert found.fault == "reference"


@pytest.mark.parametrize("place", STEPS)
def test_what_a_machine_says_of_itself(place: str, configured: Configured) -> None:
    assert at(place, "build.name", configured).known(str) == "all"
    assert at(place, "build.Host", configured) == Unknown("depends on `build.Host`", STRING)
    added = at(place, "build.SourceAMIName", configured)  # what a builder adds has any name
    assert isinstance(added, Unknown)
    assert not isinstance(added, Failure)
    computed = at(place, 'build[upper("id")]', configured)
    assert isinstance(computed, Unknown)
    assert not isinstance(computed, Failure)


def test_the_name_of_a_build_without_one_is_empty(configured: Configured) -> None:
    configuration = configured('build {\n  provisioner "shell" {\n    script = "a${build.name}"\n  }\n}')
    assert configuration.builds[0].provisioners[0].arguments.known("script", str) == "a"


def test_a_step_that_speaks_of_the_source_has_arguments_for_each(configured: Configured) -> None:
    configuration = configured(
        """
        source "null" "a" {}
        build {
          sources = ["null.a"]
          source "null.a" {
            name = "b"
          }
          provisioner "shell" {
            script = "${source.type}/${source.name}.sh"
          }
          provisioner "shell" {
            script = "all.sh"
          }
        }
        """
    )
    own, common = configuration.builds[0].provisioners
    assert own.arguments.known("script", str) is None
    scripts = {key: arguments.known("script", str) for key, arguments in own.by_source.items()}
    assert scripts == {"null.a": "null/a.sh", "null.b": "null/b.sh"}
    assert common.by_source == {}


def test_a_source_is_called_by_its_local_name_where_a_build_gives_it_one(configured: Configured) -> None:
    configuration = configured(
        """
        source "null" "a" {
          ssh_host = "${source.name}.example.com"
        }
        build {
          source "null.a" {
            name         = "b"
            ssh_username = source.name
          }
        }
        """
    )
    (use,) = configuration.builds[0].uses
    assert use.arguments.known("ssh_host", str) == "b.example.com"
    assert use.arguments.known("ssh_username", str) == "b"
    # Nobody can say what it is in the source itself, which another build may use as it is.
    assert isinstance(configuration.sources[0].arguments.value("ssh_host"), Unknown)


def test_a_source_under_several_names_has_the_values_of_each(configured: Configured) -> None:
    configuration = configured(
        """
        source "qemu" "a" {
          disk_size = { b = "1G", c = "2G" }[source.name]
        }
        build {
          sources = ["qemu.a"]
          source "qemu.a" {
            name = "b"
          }
          source "qemu.a" {
            name = "c"
          }
        }
        """
    )
    plain, *named = configuration.builds[0].uses
    assert [use.arguments.known("disk_size", str) for use in named] == ["1G", "2G"]
    assert isinstance(plain.arguments.value("disk_size"), Failure)
    assert [failure.because for failure in failures(configuration)] == ['there is no element "a"']


DATA = """
    data "amazon-ami" "base" {
      owners = [local.owner]
    }
    data "http" "key" {
      url = "https://example.com/${data.amazon-ami.base.id}"
    }
    data "nobody" "knows" {}
    data "null" "word" {
      input = "${local.owner}!"
    }
    data "null" "later" {
      input = data.amazon-ami.base.id
    }
    data "null" "rendered" {
      input = "{{ timestamp }}"
    }
    locals {
      owner = "self"
      x     = VALUE
    }
"""


def data_value(text: str, configured: Configured) -> Value:
    configuration = configured(DATA.replace("VALUE", text))
    return {local.name: local.value for local in configuration.locals}["x"]


@pytest.mark.parametrize(
    ("text", "because", "type_"),
    [
        ("data.amazon-ami.base.id", "depends on `data.amazon-ami.base`", "string"),
        ("data.amazon-ami.base.tags", "depends on `data.amazon-ami.base`", "map(any)"),
        ("data.amazon-ami.base.tags.os", "depends on `data.amazon-ami.base`", "any"),
        ("data.amazon-ami.base.added_by_a_later_release", "depends on `data.amazon-ami.base`", "any"),
        ("data.http.key.body", "depends on `data.http.key`", "string"),
        ("data.nobody.knows.id", "depends on `data.nobody.knows`", "any"),
        ("data.null.later.output", "depends on `data.null.later`", "string"),
        ("data.null.rendered.output", "depends on `data.null.rendered`", "string"),
    ],
)
def test_a_data_source_is_not_known_but_its_types_are(
    text: str, because: str, type_: str, configured: Configured
) -> None:
    found = data_value(text, configured)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert (found.because, str(found.type)) == (because, type_)


def test_the_data_source_null_gives_what_it_is_given(configured: Configured) -> None:
    assert data_value("data.null.word.output", configured).known(str) == "self!"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("data.amazon-ami.bass.id", "reference"),
        ("data.amazon.base.id", "reference"),
        ("data.http.key.text", "value"),  # Packer's own: its outputs are these and no others
    ],
)
def test_data_that_there_is_not(text: str, fault: str, configured: Configured) -> None:
    found = data_value(text, configured)
    assert isinstance(found, Failure)
    assert found.fault == fault


def test_data_sources_and_locals_are_evaluated_in_the_order_they_need(configured: Configured) -> None:
    configuration = configured(
        """
        locals {
          last  = "${data.null.b.output}."
          first = "a"
        }
        data "null" "b" {
          input = "${data.null.a.output}b"
        }
        data "null" "a" {
          input = local.first
        }
        """
    )
    assert configuration.locals[0].value.known(str) == "ab."
    assert configuration.data_sources[0].arguments.known("input", str) == "ab"


def cycles(configuration: Configuration) -> list[list[str]]:
    return [
        [member.name if isinstance(member, Local) else member.key for member in cycle]
        for cycle in configuration.cycles
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = local.b\nb = local.c\nc = local.a", [["a", "b", "c"]]),
        ("a = local.a", [["a"]]),
        ("a = [for local in [1]: local.a]", []),
        ("a = [for x in local.a: x]", [["a"]]),
        ('a = "%{ for local in local.b }${local.a}%{ endfor }"\nb = []', []),
        ("a = data.null.d.output", [["a", "null.d"]]),
        ("x = local.a\na = local.b\nb = local.a", [["a", "b"]]),
        ("a = local.b\nb = local.a\nc = local.d\nd = local.c", [["a", "b"], ["c", "d"]]),
        ("a = local.b\nb = [local.a, local.c]\nc = local.b", [["a", "b"]]),
    ],
)
def test_cycles_are_named(text: str, expected: list[list[str]], configured: Configured) -> None:
    configuration = configured(f'data "null" "d" {{\n  input = local.a\n}}\nlocals {{\n{text}\n}}')
    assert cycles(configuration) == expected


def test_what_is_part_of_a_cycle_says_which(configured: Configured) -> None:
    configuration = configured(
        """
        locals {
          a     = "${data.null.d.output}!"
          after = [local.a]
        }
        data "null" "d" {
          input = local.a
        }
        """
    )
    a, after = (local.value for local in configuration.locals)
    assert a == Unknown("depends on itself: `local.a → data.null.d → local.a`")
    assert after.items == (a,)
    output = configuration.data_sources[0].value.entries
    assert output == {"output": Unknown(a.because, STRING)}


def test_a_long_cycle_is_not_listed_whole(configured: Configured) -> None:
    text = "\n".join(f"a{i} = local.a{(i + 1) % 1000}" for i in range(1000))
    configuration = configured(f"locals {{\n{text}\n}}")
    assert len(configuration.cycles[0]) == 1000
    value = configuration.locals[500].value
    assert isinstance(value, Unknown)
    assert value.because.endswith("local.a7 → … → local.a0`")


def test_an_index_that_is_computed_may_mean_any_local(configured: Configured) -> None:
    """Packer 1.16 breaks down over such a reference in a local; nothing is claimed about it."""
    configuration = configured('locals {\n  a = local[upper("b")]\n  B = 1\n}')
    a = configuration.locals[0].value
    assert isinstance(a, Unknown)
    assert not isinstance(a, Failure)


def test_types_of_what_is_counted(configured: Configured) -> None:
    found = data_value("length(data.amazon-ami.base.tags)", configured)
    assert isinstance(found, Unknown)
    assert found.type == NUMBER
