"""The wheel, the sdist and an editable install each carry the rules and the schemas, and run."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]

PLUGIN = {
    "pyproject.toml": """
        [build-system]
        requires = ["setuptools>=77"]
        build-backend = "setuptools.build_meta"

        [project]
        name = "packlint-acme"
        version = "1.0"

        [project.entry-points.packlint]
        acme = "acme"

        [tool.setuptools]
        py-modules = ["acme"]
        """,
    "acme.py": '''
        """Rules of the Acme company."""

        from packlint import Category, Finding, Rule, Severity, hookimpl


        class AcmeBuildName(Rule):
            """Flags builds without a name."""

            category = Category.STRUCTURE
            severity = Severity.WARNING

            def check_build(self, build, configuration):
                if build.name is None:
                    yield Finding(build.header_range, "Acme's builds have names")


        @hookimpl
        def packlint_rules():
            return [AcmeBuildName]
        ''',
}

TEMPLATE = """
source "null" "here" {
  communicator = "none"
}

build {
  sources = ["source.null.here"]
}
"""


def folders(mapped: str, package: str) -> set[str]:
    """The packages that a mapped folder holds."""
    found = (path.parent.relative_to(ROOT / mapped) for path in (ROOT / mapped).rglob("__init__.py"))
    return {".".join((package, *path.parts)) for path in found}


def test_the_package_list_names_every_folder() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    wanted = folders("packlint", "packlint") | folders("rules", "packlint.rules")
    assert set(listed["packages"]) == wanted | folders("schemas", "packlint.schemas")


def shipped() -> set[str]:
    """Every file that an installed packlint needs, by the path it is imported under."""
    mapped = {"packlint": "packlint", "rules": "packlint/rules", "schemas": "packlint/schemas"}
    return {
        f"{target}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, target in mapped.items()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".css", ".hcl", ".jinja", ".json", ".py", ".toml", ".txt", ".yaml", ".yml")
        or path.name == "py.typed"
    }


def test_the_wheel_holds_every_rule_and_schema(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == shipped()


def test_the_sdist_holds_what_the_wheel_is_made_from(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("packlint", "rules", "schemas"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py")}
        files |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.json")}
        assert files <= names
    assert {"LICENSE", "README.md"} <= names


def test_the_wheel_runs_in_a_new_environment(installed: Any, tmp_path: Path) -> None:
    (tmp_path / "build.pkr.hcl").write_text(TEMPLATE.replace("null.here", "null.her"), encoding="utf-8")
    checked = installed.run("packlint", "check", cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    assert "unknown-source-reference" in checked.stdout
    assert "did you mean `source.null.here`?" in checked.stdout


def test_the_packs_come_with_the_wheel(installed: Any, tmp_path: Path) -> None:
    (tmp_path / "packlint.toml").write_text('policies.packs = ["naming", "network"]\n', encoding="utf-8")
    tried = installed.run("packlint", "policy", "test", cwd=tmp_path)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "passed  pack naming:" in tried.stdout


def test_the_sdist_runs_in_a_new_environment(
    built: Path, new_environment: Callable[[], Any], tmp_path: Path
) -> None:
    environment = new_environment()
    environment.install(*map(str, built.glob("*.tar.gz")))
    listed = environment.run("packlint", "rules", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert "missing-provisioners" in listed.stdout


def test_an_editable_install_runs(
    clean_copy: Path, new_environment: Callable[[], Any], tmp_path: Path
) -> None:
    environment = new_environment()
    environment.install("--editable", str(clean_copy))
    (tmp_path / "build.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    checked = environment.run("packlint", "check", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_strangers_plugin_is_installed_and_its_rule_runs(installed: Any, tmp_path: Path) -> None:
    plugin = tmp_path / "plugin"
    plugin.mkdir()
    for name, text in PLUGIN.items():
        (plugin / name).write_text(dedent(text), encoding="utf-8")
    installed.install(str(plugin))
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "build.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    checked = installed.run("packlint", "check", cwd=templates)
    assert checked.returncode == 1, checked.stderr
    assert "acme-build-name" in checked.stdout
    assert "Acme's builds have names" in checked.stdout
    explained = installed.run("packlint", "explain", "acme-build-name")
    assert "Flags builds without a name" in explained.stdout


@pytest.mark.parametrize("command", [["check", "."], ["rules"], ["--version"]])
def test_the_library_can_be_run_as_a_module(installed: Any, tmp_path: Path, command: list[str]) -> None:
    done = installed.run("python", "-m", "packlint", *command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
