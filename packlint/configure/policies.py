"""What a settings file says of policies → the rules that these are where the settings hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from packlint.configure.read import Table
from packlint.errors import SettingsError
from packlint.policy import Library, PolicyFile, refuse_another
from packlint.policy.policy import SUFFIX
from packlint.policy.values import params_of
from packlint.request import FOLDER
from packlint.rule import Rule
from packlint.suggest import suggest
from packlint.value import BOOL, NULL, NUMBER, STRING, Known, Unknown, Value

Packs: TypeAlias = Callable[[], Mapping[str, Path]]
"""The policy files that installed packages bring, by the names of the packs."""


class Policies:
    """Finds the policies that settings speak of, each file read once."""

    def __init__(self, rules: Mapping[str, type[Rule]], packs: Packs) -> None:
        self.library = Library()
        self.rules = rules
        self.packs = packs

    def below(self, folder: Path, root: Path) -> tuple[type[Rule], ...]:
        """Those of a folder without settings."""
        return self._bound(self._all([folder], root), {})

    def of(self, table: Table, root: Path, extended: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
        """Those of a settings file, whose part on policies is well formed, and of those it extends.

        Raises SettingsError for what is not there, and PolicyError for a policy that cannot be used.
        """
        said = table.content.get("policies", {})
        sheets = [*self._all(self._paths(table, said, root), root), *self._packs(table, said)]
        given = _given(table, said, sheets)
        return _distinct((*extended, *self._bound(sheets, given)))

    def _paths(self, table: Table, said: Mapping[str, Any], root: Path) -> Iterator[Path]:
        if "paths" not in said:
            if (folder := table.relative(FOLDER)).is_dir():
                yield folder
            return
        for number, name in enumerate(said["paths"]):
            keys = ("policies", "paths", number)
            path = table.relative(name)
            if not path.is_relative_to(root):
                raise table.error(
                    keys, f"`{name}` lies outside the checked root", "name something within the repository"
                )
            if not path.is_dir() and not (path.is_file() and name.endswith(SUFFIX)):
                hint = (
                    f"name a folder, or a file that ends in `{SUFFIX}`; paths start from this file's folder"
                )
                raise table.error(keys, f"there are no policies at `{name}`", hint)
            yield path

    def _all(self, paths: Iterable[Path], root: Path) -> list[PolicyFile]:
        return [sheet for path in paths for sheet in self.library.within(path, root)]

    def _packs(self, table: Table, said: Mapping[str, Any]) -> Iterator[PolicyFile]:
        for number, name in enumerate(said.get("packs", ())):
            known = self.packs()
            if name not in known:
                near = suggest(name, known)
                hint = f"did you mean `{near}`?" if near else f"there are {', '.join(sorted(known))}"
                raise table.error(("policies", "packs", number), f"there is no pack `{name}`", hint)
            yield from self.library.within(known[name], known[name].parent, foreign=True)

    def _bound(
        self, sheets: Iterable[PolicyFile], given: Mapping[str, Mapping[str, Value]]
    ) -> tuple[type[Rule], ...]:
        found = [rule for sheet in sheets for rule in self.library.rules(sheet, given.get(sheet.name, {}))]
        for rule in found:
            refuse_another(rule, self.rules.get(rule.name(), rule))
        return _distinct(found)


def _given(table: Table, said: Mapping[str, Any], sheets: list[PolicyFile]) -> dict[str, dict[str, Value]]:
    """The values of parameters by file and name; raises SettingsError for what no file takes."""
    found: dict[str, dict[str, Value]] = {}
    files = {sheet.name: sheet for sheet in sheets}
    for name, values in said.get("params", {}).items():
        keys = ("policies", "params", name)
        if name not in files:
            raise _missing(table, keys, "policy file", name, files)
        sheet = files[name]
        for param in values:
            if param not in sheet.params:
                raise _missing(table, (*keys, param), f"parameter of `{name}`", param, sheet.params)
        found[name] = {param: _value(value) for param, value in values.items()}
        for param, value in params_of(sheet, found[name]).items():
            if param in values and isinstance(value, Unknown):
                raise table.error((*keys, param), f"`{param}` does not fit: {value.because}")
    for sheet in sheets:
        for param in sheet.params.values():
            if param.default is None and param.name not in found.get(sheet.name, {}):
                hint = f"`[policies.params.{sheet.name}]` gives it one"
                message = f"`{param.name}` of the policies `{sheet.name}` has no value"
                raise SettingsError(message, hint, table.range(("policies",)))
    return found


def _missing(
    table: Table, keys: tuple[str, ...], noun: str, name: str, known: Iterable[str]
) -> SettingsError:
    names = sorted(known)
    near = suggest(name, names)
    listed = f"there are {', '.join(names)}" if names else "there is none"
    return table.error(keys, f"there is no {noun} `{name}`", f"did you mean `{near}`?" if near else listed)


def _distinct(rules: Iterable[type[Rule]]) -> tuple[type[Rule], ...]:
    """The policies, a later one in the place of the same with other values; raises for two of one name."""
    found: dict[str, type[Rule]] = {}
    for rule in rules:
        refuse_another(rule, found.get(rule.name(), rule))
        found[rule.name()] = rule
    return tuple(found.values())


def _value(data: Any) -> Value:
    """A value of TOML as HCL has it."""
    if isinstance(data, dict):
        return Known({key: _value(it) for key, it in data.items()})
    if isinstance(data, list):
        return Known(tuple(map(_value, data)))
    if isinstance(data, bool):
        return Known(data, BOOL)
    if isinstance(data, int | float):
        return Known(data if isinstance(data, int) else Decimal(str(data)), NUMBER)
    return NULL if data is None else Known(str(data), STRING)
