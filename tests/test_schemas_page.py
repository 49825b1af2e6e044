"""docs/schemas.md, taken at its word: its files are written, its command lines run, its tables compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from packlint import plugins
from packlint.catalog import SHIPPED, walk, within
from packlint.plugins import load_schemas
from packlint.reference.find import entries

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.+?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page's reader is: its files, and the source of a plugin."""
    folder = tmp_path_factory.mktemp("reader")
    for name, text in re.findall(r"^`(\S+)`\n\n```\w+\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "tests" / "schemas" / "plugin", folder / "packer-plugin-orchard")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(
    shutil.which("packlint", path=str(Path(sys.executable).parent)) is None,
    reason="packlint is not installed",
)
def test_the_command_lines_do_what_the_page_says(folder: Path) -> None:
    assert len(COMMANDS) == 13
    for command in COMMANDS:
        done = run(command, folder)
        assert done.returncode == (1 if " check " in command else 0), (command, done.stderr)
        assert done.stdout, command
        assert not done.stderr, command
    (message,) = re.findall(r"```text\n(.+?)```", PAGE, re.DOTALL)
    assert run("packlint check --schemas own box.pkr.hcl", folder).stdout.startswith(message)


def test_the_hook_works_as_it_is_written(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (code,) = re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL)
    package = ModuleType("packlint_acme")
    package.__file__ = str(folder / "packlint_acme" / "__init__.py")
    exec(code, vars(package))
    (folder / "packlint_acme").mkdir()
    shutil.copytree(folder / "own", folder / "packlint_acme" / "schemas")
    real = plugins.entry_points

    class EntryPoint:
        value = "packlint_acme"

        @staticmethod
        def load() -> ModuleType:
            return package

    def found(group: str) -> list[Any]:
        return [*real(group=group), EntryPoint]

    monkeypatch.setattr(plugins, "entry_points", found)
    assert load_schemas() == (folder / "packlint_acme" / "schemas",)


def annotations(heading: str) -> set[str]:
    """The names in the first column of a table."""
    (table,) = re.findall(rf"^\| {heading} \| \|\n(.+?)\n\n", PAGE, re.DOTALL | re.MULTILINE)
    return {name for row in table.splitlines() for name in re.findall(r"`(\S+?)`", row.split("|")[1])}


def test_the_tables_name_every_annotation_and_no_other() -> None:
    components, arguments, rules, kinds = set[str](), set[str](), set[str](), set[str]()
    for entry in entries(SHIPPED):
        components |= {name for name in entry.schema if name.startswith("x-")}
        found = [schema for _, schema in walk(entry.schema)]
        arguments |= {name for schema in found for name in schema if name.startswith("x-")}
        for body in map(within, (entry.schema, *found)):
            about = [it["x-rule"] for it in body.get("allOf", ()) if "x-rule" in it]
            rules |= {name for it in about for name in it}
            kinds |= {it["kind"] for it in about}
    assert annotations("of the component") == components
    assert annotations("of an argument or block") == arguments
    assert annotations("of a rule") >= rules
    (told,) = re.findall(r"^\| `kind` \| (.+) \|$", PAGE, re.MULTILINE)
    assert {*re.findall(r"`(\w+)`", told)} == kinds


def test_the_form_of_schemas_knows_the_same_annotations() -> None:
    form = files("packlint.schemas").joinpath("component.schema.json").read_text(encoding="utf-8")
    for heading in ("of the component", "of an argument or block", "of a rule"):
        for name in annotations(heading):
            assert f'"{name}"' in form
