"""What a settings file says of policies → the rules that these are where the settings hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from packlint import witness
from packlint.configure.params import Chosen, given, lacking, toml, unbound
from packlint.configure.read import Table
from packlint.errors import PolicyError
from packlint.policy import Library, PolicyFile, PolicyRule, refuse_another
from packlint.policy.policy import SUFFIX
from packlint.request import FOLDER
from packlint.rule import Rule
from packlint.suggest import suggest

Packs: TypeAlias = Callable[[], Mapping[str, tuple[Path, str]]]
"""The policy files that installed packages bring, each with its plugin, by the names of the packs."""


class Policies:
    """Finds the policies that settings speak of, each file read once.

    `schemas` are folders of schemas of components, beside those that the settings name.
    """

    def __init__(self, rules: Mapping[str, type[Rule]], packs: Packs, schemas: Iterable[Path] = ()) -> None:
        self.library = Library(schemas)
        self.known = rules
        self.packs = packs

    @cached_property
    def brought(self) -> Mapping[str, tuple[Path, str]]:
        """The packs, for which installed packages are asked when the first is named."""
        return self.packs()

    def below(self, folder: Path, root: Path) -> tuple[type[PolicyRule], ...]:
        """Those of a folder without settings; raises PolicyError for one that cannot be used."""
        chosen: Chosen = {sheet: {} for sheet in self.library.within(folder, root)}
        for sheet, param in unbound(chosen):
            header, line = toml(sheet, param)
            hint = f"write a `packlint.toml` with `{header}`, and below it `{line}`"
            raise PolicyError(
                f"`{param.name}` of the policies `{sheet.name}` has no value", hint, param.name_range
            )
        return self.rules(chosen)

    def chosen(self, table: Table, root: Path, extended: Chosen, schemas: Iterable[Path]) -> Chosen:
        """The policies of a settings file, whose part on them is well formed, and of those it extends.

        `schemas` are the folders of schemas of what it extends. Raises SettingsError for what is not there,
        and PolicyError for a policy that cannot be used.
        """
        said = table.content.get("policies", {})
        folders = {*schemas, *(it for it in _schemas(table) if it.is_relative_to(root))}
        paths = self._paths(table, said, root)
        files = [it for path in paths for it in self.library.within(path, root, schemas=folders)]
        # A file that is reached in several ways is there once, by its first name.
        sheets: dict[int, PolicyFile] = {}
        for sheet in (*extended, *files, *self._packs(table, said, folders)):
            sheets.setdefault(id(sheet.document), sheet)
        values = given(table, said, tuple(sheets.values()), lambda: self.brought)
        return {sheet: {**extended.get(sheet, {}), **values[sheet]} for sheet in sheets.values()}

    def demand(self, table: Table, chosen: Chosen) -> None:
        """Raises SettingsError for the first parameter that has to be given and is not."""
        for sheet, param in unbound(chosen):
            raise lacking(table, sheet, param)

    def rules(self, chosen: Chosen) -> tuple[type[PolicyRule], ...]:
        """What these policies are as rules; raises PolicyError for a name that is taken."""
        found: dict[str, type[PolicyRule]] = {}
        for sheet, values in chosen.items():
            for rule in self.library.rules(sheet, values):
                refuse_another(rule, self.known.get(rule.name(), rule))
                refuse_another(rule, found.setdefault(rule.name(), rule))
        return tuple(found.values())

    def _paths(self, table: Table, said: Mapping[str, Any], root: Path) -> Iterator[Path]:
        if "paths" not in said:
            # Links are followed where it is read, which refuses those that leave the root.
            if witness.noted(folder := table.path.parent / FOLDER).is_dir():
                yield folder
            return
        for number, name in enumerate(said["paths"]):
            keys = ("policies", "paths", number)
            path = table.relative(name)
            if not path.is_relative_to(root):
                raise table.error(
                    keys, f"`{name}` lies outside the checked root", "name something within the repository"
                )
            if not witness.noted(path).is_dir() and not (path.is_file() and name.endswith(SUFFIX)):
                hint = (
                    f"name a folder, or a file that ends in `{SUFFIX}`; paths start from this file's folder"
                )
                raise table.error(keys, f"there are no policies at `{name}`", hint)
            yield path

    def _packs(self, table: Table, said: Mapping[str, Any], schemas: Iterable[Path]) -> Iterator[PolicyFile]:
        for number, name in enumerate(said.get("packs", ())):
            known = self.brought
            if name not in known:
                raise table.error(
                    ("policies", "packs", number), f"there is no pack `{name}`", _near(name, known)
                )
            path, plugin = known[name]
            try:
                yield from self.library.within(path, path.parent, foreign=True, schemas=schemas)
            except PolicyError as error:
                message = f"plugin `{plugin}` brings the pack `{name}`, which cannot be used: {error}"
                raise PolicyError(message, error.hint, error.range) from error


def _schemas(table: Table) -> Iterator[Path]:
    """The folders of schemas that settings name, which nobody has looked at yet."""
    named = table.content.get("schemas", ())
    for it in named if isinstance(named, list) else ():
        if isinstance(it, str):
            yield table.relative(it)


def _near(name: str, known: Iterable[str]) -> str:
    if near := suggest(name, known):
        return f"did you mean `{near}`?"
    listed = ", ".join(sorted(known))
    return f"there are {listed}" if listed else "no package that is installed brings one"
