"""How often the files and sources of a run are looked at, however often templates name them."""

from __future__ import annotations

import sys
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.chain.content import Contents
from packlint.chain.steps import steps_of
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Arguments, Configuration, Template
from packlint.parse import parse
from packlint.project import Link, Project
from packlint.testing import findings


def configuration_of(text: str, files: Files) -> Configuration:
    file, _ = parse(Document("t.pkr.hcl", cleandoc(text) + "\n"))
    (configuration,), _ = lower(Template(".", ("t.pkr.hcl",), files), [file])
    return evaluate(configuration)


def test_a_script_is_read_once_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [f'source "docker" "s{i}" {{\n  image = "debian:12"\n}}' for i in range(20)]
    names = ", ".join(f'"docker.s{i}"' for i in range(20))
    steps = 'provisioner "shell" {\n  scripts = ["setup.sh", "./setup.sh"]\n}\n' * 3
    other = 'provisioner "shell" {{\n  inline = ["{}"]\n}}'
    builds = [f"build {{\n  sources = [{names}]\n{steps}{other.format(name)}\n}}" for name in "ab"]
    read = []
    original = Files.read

    def counted(self: Files, name: str) -> bytes:
        read.append(name)
        return original(self, name)

    monkeypatch.setattr(Files, "read", counted)
    found = findings(
        "unchained-duplicate-steps",
        {"t.pkr.hcl": "\n".join([*sources, *builds]) + "\n", "setup.sh": "install\n"},
    )
    assert ["the first 6 steps" in finding.message for finding in found] == [True]
    assert read.count("setup.sh") == 1


def test_what_a_step_does_is_worked_out_once_for_all_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [f'source "docker" "s{i}" {{\n  image = "debian:{i % 2}"\n}}' for i in range(20)]
    names = ", ".join(f'"docker.s{i}"' for i in range(20))
    step = 'provisioner "shell" {\n  except = ["docker.s0"]\n  inline = ["install"]\n}'
    said = []

    def counted(arguments: Arguments) -> tuple[str, ...]:
        said.append(arguments)
        return ()

    monkeypatch.setattr("packlint.chain.steps._scripts", counted)
    findings(
        "unchained-duplicate-steps",
        {"t.pkr.hcl": "\n".join([*sources, f"build {{\n  sources = [{names}]\n{step}\n}}"]) + "\n"},
    )
    assert len(said) == 1


def test_signatures_do_not_repeat_what_their_scripts_share(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("a\n")
    text = """
    source "null" "a" {{}}
    build {{
      sources = ["null.a"]
      provisioner "shell" {{
        execute_command = "{}"
        scripts         = ["a.sh", "b.sh"]
      }}
    }}
    """
    signatures = []
    for command in ("x" * 5000, "x" * 5000, "y" * 5000):
        configuration = configuration_of(text.format(command), Files(tmp_path))
        (build,) = configuration.builds
        steps = steps_of(build, build.uses[0], configuration, Contents())
        assert max(len(step.signature) + len(step.written) for step in steps) < 500
        signatures.append([step.signature for step in steps])
    assert signatures[0] == signatures[1]
    assert not set(signatures[0]) & set(signatures[2])
    assert len(set(signatures[0])) == 2


def test_a_source_is_consumed_where_a_link_starts_from_it(tmp_path: Path) -> None:
    text = """
    source "null" "a" {
      ssh_host = "x"
    }
    build {
      sources = ["null.a", "null.a"]
    }
    """
    configuration = configuration_of(text, Files(tmp_path))
    (source,), (first, second) = configuration.sources, configuration.builds[0].uses
    link = Link(first, source, source.arguments.by_name["ssh_host"], "x")
    project = Project((configuration,), (link, link))
    assert project.consumed(first)
    assert not project.consumed(second)
    assert not Project((configuration,)).consumed(first)


def test_parts_are_above_a_template_or_beside_what_is_above(tmp_path: Path) -> None:
    whole = 'source "null" "a" {}\nbuild {\n  sources = ["null.a"]\n}\n'
    places = (
        "x/y/z",
        "x/y/z",
        "x/y",
        "x",
        "other",
        "x/w",
        "x/y/v",
        "x/y/z/deep",
        "x/w/deep",
        "other/deep",
        ".",
    )

    def at(directory: str, text: str) -> Configuration:
        name = f"{directory}/t.pkr.hcl"
        (configuration,), _ = lower(
            Template(directory, (name,), Files(tmp_path)), [parse(Document(name, text))[0]]
        )
        return configuration

    template, *parts = (at(place, "" if number else whole) for number, place in enumerate(places))
    project = Project((*parts[:4], template, *parts[4:]))
    assert [part.template.directory for part in project.parts(template)] == [
        *("x/y/z", "x/y", "x", "other"),
        *("x/w", "x/y/v", "x/y/z/deep", "."),
    ]
    assert parts[0] not in project.parts(parts[0])


def test_parts_elsewhere_are_not_looked_at(tmp_path: Path) -> None:
    def calls(count: int) -> int:
        everything = [
            Configuration(Template(f"p{i}/q{j}", (), Files(tmp_path)), ())
            for i in range(count)
            for j in range(2)
        ]
        counted = 0

        def count_call(_frame: object, event: str, _argument: object) -> None:
            nonlocal counted
            counted += event.endswith("call")

        sys.setprofile(count_call)
        try:
            project = Project(tuple(everything))
            found = [len(list(project.parts(configuration))) for configuration in everything]
        finally:
            sys.setprofile(None)
        assert found == [1] * len(everything)
        return counted

    assert calls(200) < 15 * calls(20)
