"""`dynamic` blocks → what they make (hashicorp/hcl, `ext/dynblock`), in components and in builds."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from packlint.model import Arguments, Configuration
from packlint.value import Failure, Unknown

Configured = Callable[..., Configuration]

VARIABLES = """
    variable "set" {
      type    = set(string)
      default = ["b", "a", "b"]
    }
    variable "later" {
      default = []
    }
    variable "none" {}
    variable "secret" {
      default   = ["x"]
      sensitive = true
    }
"""


def source(body: str, configured: Configured) -> Arguments:
    configuration = configured(f'{VARIABLES}\nsource "qemu" "s" {{\n{body}\n}}')
    arguments: Arguments = configuration.sources[0].arguments
    return arguments


def disks(for_each: str, configured: Configured, content: str = "") -> Arguments:
    content = content or 'name = "${disk.key}=${disk.value}"'
    text = f'dynamic "disk" {{\nfor_each = {for_each}\ncontent {{\n{content}\n}}\n}}'
    return source(text, configured)


def names(arguments: Arguments) -> list[str | None]:
    return [block.arguments.known("name", str) for block in arguments.blocks]


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ('["a", "b"]', ["0=a", "1=b"]),
        ("[]", []),
        ('{ y = 2, x = "one" }', ["x=one", "y=2"]),
        ("{}", []),
        ("var.set", ["a=a", "b=b"]),
        ('[for n in ["a"]: upper(n)]', ["0=A"]),
        ('toset != null ? ["a"] : []', None),
    ],
)
def test_one_block_for_each_element(
    for_each: str, expected: list[str] | None, configured: Configured
) -> None:
    arguments = disks(for_each, configured)
    if expected is None:  # there is no `toset` here: Packer stops
        assert isinstance(arguments.dynamics[0].for_each and arguments.dynamics[0].for_each.value, Failure)
        assert arguments.open
        return
    assert names(arguments) == expected
    assert not arguments.open
    assert arguments.dynamics[0].complete
    for block in arguments.blocks:
        assert block.header_range.text == 'dynamic "disk"'
        assert block.dynamic is arguments.dynamics[0]


@pytest.mark.parametrize("for_each", ["var.none", "var.later", "timestamp()", "source.name"])
def test_one_block_stands_for_all_where_it_is_not_known_how_many(
    for_each: str, configured: Configured
) -> None:
    arguments = disks(for_each, configured, "name = disk.value\nsize = 5\nwrong = path.nothing")
    (block,) = arguments.blocks
    assert arguments.open
    assert block.arguments.known("size", int) == 5
    for name in ("name", "wrong"):  # what stands there may never be evaluated
        assert isinstance(block.arguments.value(name), Unknown)
        assert not isinstance(block.arguments.value(name), Failure)


@pytest.mark.parametrize(
    ("for_each", "because"), [("null", "null"), ('"a"', "a string"), ("5", "a number"), ("true", "a bool")]
)
def test_what_cannot_be_gone_through(for_each: str, because: str, configured: Configured) -> None:
    arguments = disks(for_each, configured)
    failure = arguments.dynamics[0].failure
    assert failure is not None
    assert failure.because == f"`for_each` cannot go through {because}"
    assert failure.range is not None
    assert failure.range.text == for_each
    assert arguments.open


def test_marks_go_from_the_collection_to_its_elements(configured: Configured) -> None:
    value = disks("var.secret", configured, "name = disk.value").blocks[0].arguments.value("name")
    assert value is not None
    assert value.sensitive
    assert value.default_of == "secret"


def test_an_iterator_has_its_own_name_and_nested_ones_see_it(configured: Configured) -> None:
    arguments = source(
        """
        disk {
          name = "first"
        }
        dynamic "disk" {
          for_each = { a = ["x", "y"], b = [] }
          iterator = it
          content {
            name = it.key
            dynamic "part" {
              for_each = it.value
              content {
                name = "${it.key}${part.value}"
              }
            }
          }
        }
        disk {
          name = "last"
        }
        """,
        configured,
    )
    assert names(arguments) == ["first", "a", "b", "last"]
    assert [names(block.arguments) for block in arguments.blocks] == [[], ["ax", "ay"], [], []]
    assert not arguments.open


def test_an_unknown_within_leaves_the_outer_one_closed(configured: Configured) -> None:
    arguments = source(
        """
        dynamic "disk" {
          for_each = ["a", "b"]
          content {
            dynamic "part" {
              for_each = var.none
              content {}
            }
          }
        }
        """,
        configured,
    )
    assert not arguments.open
    assert [block.arguments.open for block in arguments.blocks] == [True, True]


def test_without_content_nothing_is_known(configured: Configured) -> None:
    arguments = source('dynamic "disk" {\nfor_each = [1]\n}', configured)
    assert arguments.blocks == ()
    assert arguments.open


def test_a_block_may_get_labels(configured: Configured) -> None:
    arguments = source(
        'dynamic "tag" {\nfor_each = ["a"]\nlabels = [tag.value, "x"]\ncontent {}\n}', configured
    )
    assert arguments.blocks[0].labels == ("a", "x")


BUILD = """
    source "null" "a" {}
    source "null" "b" {}
    build {
      dynamic "source" {
        for_each = { a = "one", b = "two" }
        labels   = ["null.${source.key}"]
        content {
          name         = source.value
          ssh_username = source.value
        }
      }
      provisioner "shell-local" {
        script = "first.sh"
      }
      dynamic "provisioner" {
        for_each = ["shell", "file"]
        labels   = [provisioner.value]
        content {
          only   = ["null.one"]
          script = "${provisioner.key}-${source.name}-${build.name}.sh"
        }
      }
      dynamic "error-cleanup-provisioner" {
        for_each = [1]
        labels   = ["shell"]
        content {}
      }
      dynamic "post-processors" {
        for_each = ["x", "y"]
        iterator = chain
        content {
          post-processor "manifest" {
            output = chain.value
          }
          dynamic "post-processor" {
            for_each = [1, 2]
            labels   = ["checksum"]
            content {
              output = "${chain.value}${post-processor.value}"
            }
          }
        }
      }
      dynamic "post-processor" {
        for_each = []
        labels   = ["compress"]
        content {}
      }
    }
"""


def test_the_sources_and_steps_of_a_build(configured: Configured) -> None:
    (build,) = configured(BUILD).builds
    assert [(use.key, use.arguments.known("ssh_username", str)) for use in build.uses] == [
        ("null.one", "one"),
        ("null.two", "two"),
    ]
    assert [step.type for step in build.provisioners] == ["shell-local", "shell", "file"]
    assert [step.type_range.text for step in build.provisioners[1:]] == ["provisioner.value"] * 2
    second = build.provisioners[1]
    assert [second.runs_on(use) for use in build.uses] == [True, False]
    assert second.by_source["null.two"].known("script", str) == "0-two-.sh"
    assert [step.type for step in build.error_cleanup] == ["shell"]
    outputs = [[step.arguments.known("output", str) for step in chain] for chain in build.chains]
    assert outputs == [["x", "x1", "x2"], ["y", "y1", "y2"]]
    assert not build.open
    assert not build.open_steps
    assert all(dynamic.complete for dynamic in build.dynamics)


def dynamic(type_: str, for_each: str, labels: str = '["shell"]') -> str:
    return f'dynamic "{type_}" {{\nfor_each = {for_each}\nlabels = {labels}\ncontent {{}}\n}}'


@pytest.mark.parametrize("for_each", ["var.none", "var.later"])
def test_a_step_that_may_not_be_there_is_not_certain(for_each: str, configured: Configured) -> None:
    text = f'{VARIABLES}\nbuild {{\nsources = ["null.a"]\n{dynamic("provisioner", for_each)}\n}}'
    (build,) = configured(text).builds
    assert build.open_steps
    (step,) = build.provisioners
    assert step.runs_on(build.uses[0]) is None


def test_a_source_that_may_not_be_there_is_none(configured: Configured) -> None:
    text = f"{VARIABLES}\nbuild {{\n{dynamic('source', 'var.later', labels=QUOTED)}\n}}"
    (build,) = configured(text).builds
    assert build.uses == ()
    assert build.open


QUOTED = '["null.a"]'


@pytest.mark.parametrize("labels", ['["shell", "x"]', "[]", '"shell"'])
def test_a_step_has_one_label(labels: str, configured: Configured) -> None:
    (build,) = configured(f"build {{\n{dynamic('provisioner', '[1]', labels)}\n}}").builds
    failure = build.dynamics[0].failure
    assert failure is not None
    assert failure.because == "`labels` must be a list of 1 label"
    assert build.open_steps


def test_a_label_must_be_a_string(configured: Configured) -> None:
    (build,) = configured(f"build {{\n{dynamic('provisioner', '[1]', '[null]')}\n}}").builds
    failure = build.dynamics[0].failure
    assert failure is not None
    assert failure.because == "a label is null"
    assert build.provisioners == ()


def test_a_label_that_is_not_known_makes_no_step(configured: Configured) -> None:
    text = f'variable "x" {{}}\nbuild {{\n{dynamic("provisioner", "[1]", "[var.x]")}\n}}'
    (build,) = configured(text).builds
    assert build.provisioners == ()
    assert build.open_steps
    assert build.dynamics[0].failure is None


@pytest.mark.parametrize(
    "body",
    [
        'dynamic "disk" {\nfor_each = range(9000)\ncontent {\n'
        + "\n".join(f"a{i} = disk.value" for i in range(50))
        + "\n}\n}",
        'dynamic "disk" {\nfor_each = range(1000)\ncontent {\ndynamic "part" {\nfor_each = range(1000)\n'
        'content {\ndynamic "bit" {\nfor_each = range(1000)\ncontent {\na = bit.value\n}\n}\n}\n}\n}\n}',
    ],
)
def test_expansions_are_bounded(body: str, configured: Configured) -> None:
    start = process_time()
    arguments = source(body, configured)
    assert process_time() - start < 10

    def count(arguments: Arguments) -> int:
        return sum(1 + count(block.arguments) for block in arguments.blocks)

    assert count(arguments) < 50_000


def test_beyond_the_bound_one_block_stands_for_all(configured: Configured) -> None:
    content = "\n".join(f"a{i} = disk.value" for i in range(50))
    arguments = disks("range(9000)", configured, content)
    assert arguments.open
    assert len(arguments.blocks) == 1


def test_json_says_the_same(configured: Configured) -> None:
    text = """
        {"source": {"null": {"a": {}}},
         "build": {
           "sources": ["null.a"],
           "dynamic": {"provisioner": {
             "for_each": {"x": "1", "y": "2"}, "labels": ["shell"],
             "content": {"script": "${provisioner.key}${provisioner.value}.sh"}
           }}
         }}
    """
    (build,) = configured(text, "t.pkr.json").builds
    assert [step.arguments.known("script", str) for step in build.provisioners] == ["x1.sh", "y2.sh"]
    assert not build.open_steps
