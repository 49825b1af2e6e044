"""What a repository has already → the files that `packlint init` adds, and what is left to be pasted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files as package_files

from packlint.model import Template
from packlint.record import record
from packlint.start.look import GITLAB_CI, HOOKS, WORKFLOWS, Repository

SETTINGS = "packlint.toml"
WORKFLOW = f"{WORKFLOWS}/packlint.yml"

_PLAIN = re.compile(r"[\w.+-]+(?:/[\w.+-]+)*")
"""Names that can stand in a comment and in a string of TOML as they are; others are not spelled out."""


@record
class Plan:
    """What is to be done: texts of new files by name, files that are there already, snippets by file."""

    new: dict[str, str]
    kept: tuple[str, ...]
    snippets: dict[str, str]


def plan(repository: Repository, templates: Sequence[Template]) -> Plan:
    """The files that make packlint part of a repository with these templates."""
    new: dict[str, str] = {}
    kept: list[str] = []
    snippets: dict[str, str] = {}

    if repository.settings:
        kept.append(repository.settings)
    else:
        new[SETTINGS] = _settings(templates)
    if repository.hooks:
        kept.append(repository.hooks)
    elif repository.has_hooks:
        kept.append(HOOKS)
        snippets[HOOKS] = _entry(templates)
    elif repository.git:
        new[HOOKS] = f"repos:\n{_entry(templates)}"
    if repository.workflow:
        kept.append(repository.workflow)
    elif repository.github:
        new[WORKFLOW] = shipped("github.yml")
    if repository.pipeline:
        kept.append(repository.pipeline)
    elif repository.gitlab:
        kept += [GITLAB_CI] if repository.has_pipeline else []
        snippets[GITLAB_CI] = shipped("gitlab.yml")
    return Plan(new, tuple(kept), snippets)


def shipped(name: str) -> str:
    """The text of a file that comes with packlint."""
    return package_files("packlint.start").joinpath("files", name).read_text(encoding="utf-8")


def _settings(templates: Sequence[Template]) -> str:
    """Settings that change nothing, and show how to say what only the user knows."""
    text = shipped("packlint.toml")
    given = next(filter(None, map(_given, templates)), None)
    if given is None:
        return text
    folder, var_file = given
    return text + (
        "\n# Which variable file a template is built with: Packer is told when it is called, packlint here.\n"
        f'# [[overrides]]\n# paths = ["{folder}"]\n# var-files = ["{var_file}"]\n'
    )


def _given(template: Template) -> tuple[str, str] | None:
    """A variable file that Packer is given by name, and the files it stands beside."""
    if template.documents or not template.var_files:
        return None
    name = template.var_files[0]
    folder = name.rpartition("/")[0]
    return (f"{folder}/**" if folder else "/*.pkr.hcl", name) if _PLAIN.fullmatch(name) else None


def _entry(templates: Sequence[Template]) -> str:
    """The entry for pre-commit; it is told of JSON files where there are legacy templates."""
    entry = shipped("pre-commit.yaml").removeprefix("repos:\n")
    if any(_is_legacy(template) for template in templates):
        entry += "        files: '(\\.(pkr|pkrvars)\\.hcl|\\.json)$'\n"
    return entry


def _is_legacy(template: Template) -> bool:
    return any(not name.endswith((".pkr.hcl", ".pkr.json")) for name in template.documents)
