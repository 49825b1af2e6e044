"""The table of a settings file, and the settings that it extends → the settings that it makes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from packlint import witness
from packlint.configure.read import Table
from packlint.diagnostic import Severity
from packlint.document import Document, Range
from packlint.errors import CatalogError
from packlint.foreign import distrusted
from packlint.ignore import patterns_of
from packlint.inputs import Given
from packlint.limits import Limits
from packlint.parse import parse_expression
from packlint.project import Declared, Named
from packlint.record import replace
from packlint.rule import Rule
from packlint.settings import Override, Paths, RuleSetting, Settings, joined
from packlint.waiver import Demands, PathWaiver

Path_ = tuple[str | int, ...]

OFF = "off"
HINT = "relative paths start from the folder of this file"


def build(table: Table, extended: Settings, root: Path, rules: Mapping[str, type[Rule]]) -> Settings:
    """The settings of a file over those it extends; raises SettingsError for paths that leave the root.

    `rules` are by name, also by the names that they had.
    """
    says = _Says(table, root, rules)
    content = table.content
    forbidden = extended.demands.unwaivable | says.names("waivers", "forbidden")
    settings = replace(
        extended.choosing(says.names("extend-select"), says.names("ignore"), says.rules(())),
        excluded=(*extended.excluded, *says.paths(("exclude",))),
        schemas=(*extended.schemas, *says.schemas()),
        variables={**extended.variables, **says.variables(())},
        var_files=(*extended.var_files, *says.var_files()),
        working_directory=says.directory() or extended.working_directory,
        baseline=says.file("baseline") or extended.baseline,
        demands=Demands(
            reasons=extended.demands.reasons or bool(says.at(("waivers", "require-reason"))),
            unwaivable=forbidden,
            firm=extended.demands.firm,
        ),
        waivers=(*extended.waivers, *says.waivers(forbidden, extended.demands.firm)),
        chains=(*extended.chains, *says.chains()),
        limits=says.limits().over(extended.limits),
        overrides=(*extended.overrides, *says.overrides()),
        said=joined(extended.said, says.said(())),
    )
    if "preset" in content:
        settings = replace(settings, preset=content["preset"], select=None)
    if "select" in content:
        settings = replace(settings, select=says.names("select"))
    if "fail-on" in content:
        settings = replace(settings, fail_on=Severity(content["fail-on"]))
    return settings


class _Says:
    """What a table says, read as what it means."""

    def __init__(self, table: Table, root: Path, rules: Mapping[str, type[Rule]]) -> None:
        self.table = table
        self.root = root
        self.known = rules

    def at(self, path: Path_) -> Any:
        """The value that keys lead to; None where there is none."""
        found: Any = self.table.content
        for key in path:
            if isinstance(found, dict) and key not in found:
                return None
            found = found[key]
        return found

    def name(self, name: str) -> str:
        """What a rule is called today; categories stay as they are."""
        return self.known[name].name() if name in self.known else name

    def names(self, *path: str | int) -> frozenset[str]:
        """Rules and categories."""
        return frozenset(map(self.name, self.at(path) or ()))

    def rules(self, path: Path_) -> dict[str, RuleSetting]:
        """What is asked of single rules."""
        return {
            self.name(name): self._rule(self.known[name], setting)
            for name, setting in (self.at((*path, "rules")) or {}).items()
        }

    def _rule(self, rule: type[Rule], setting: Any) -> RuleSetting:
        said = {"severity": setting} if isinstance(setting, str) else setting
        options = {key.replace("-", "_"): value for key, value in said.items() if key != "severity"}
        level = said.get("severity")
        if level is None:
            return RuleSetting(options=options)
        return RuleSetting(level != OFF, None if level == OFF else Severity(level), options)

    def paths(self, path: Path_) -> tuple[Paths, ...]:
        """Patterns for paths."""
        lines = tuple(self.at(path) or ())
        return (Paths(self.table.path.parent, lines, patterns_of(lines)),) if lines else ()

    def files(self, *path: str | int) -> tuple[Path, ...]:
        """Paths of files and folders."""
        return tuple(self._within((*path, number), it) for number, it in enumerate(self.at(path) or ()))

    def schemas(self) -> tuple[Path, ...]:
        """Folders of schemas; raises SettingsError for one that is of no use."""
        found = self.files("schemas")
        for number, folder in enumerate(found):
            try:
                distrusted(folder, self.root)
            except CatalogError as error:
                raise self.table.error(("schemas", number), str(error), error.hint) from error
        return found

    def var_files(self, *path: str | int) -> tuple[Path, ...]:
        """Paths of variable files; raises SettingsError for one that is not there."""
        keys = (*path, "var-files")
        found = self.files(*keys)
        for number, (file, name) in enumerate(zip(found, self.at(keys) or (), strict=True)):
            if not witness.noted(file).is_file():
                raise self.table.error((*keys, number), f"there is no file `{name}`", HINT)
        return found

    def directory(self, *path: str | int) -> Path | None:
        """The directory that Packer is run in; raises SettingsError for one that is not there."""
        keys = (*path, "working-directory")
        found = self.file(*keys)
        if found is not None and not witness.noted(found).is_dir():
            raise self.table.error(keys, f"there is no directory `{self.at(keys)}`", HINT)
        return found

    def file(self, *path: str | int) -> Path | None:
        """The path of a file or folder."""
        name = self.at(path)
        return None if name is None else self._within(path, name)

    def _within(self, keys: Path_, name: str) -> Path:
        """A path from the file's folder; one that leaves the root is refused: a stranger may have set it."""
        path = self.table.relative(name)
        if not path.is_relative_to(self.root):
            raise self.table.error(
                keys, f"`{name}` lies outside the checked root", "name something within the repository"
            )
        return path

    def variables(self, path: Path_) -> dict[str, Given]:
        """Values for variables; each text is a document of its own, as that of `--var` is."""
        keys = (*path, "variables")
        found = {}
        for name, value in (self.at(keys) or {}).items():
            text = value if isinstance(value, str) else json.dumps(value)
            document = Document(f"{self.table.where((*keys, name))} ({name})", text)
            place = Range(document, 0, len(text))
            found[name] = Given(name, text, parse_expression(document), place, "settings")
        return found

    def overrides(self) -> Iterable[Override]:
        """What holds in some paths alone."""
        for number in range(len(self.at(("overrides",)) or ())):
            path: Path_ = ("overrides", number)
            for paths in self.paths((*path, "paths")):
                yield Override(
                    paths,
                    ignore=self.names(*path, "ignore"),
                    extend_select=self.names(*path, "extend-select"),
                    rules=self.rules(path),
                    variables=self.variables(path),
                    var_files=self.var_files(*path),
                    working_directory=self.directory(*path),
                    said=self.said(path),
                )

    def waivers(self, forbidden: frozenset[str], firm: frozenset[str]) -> Iterable[tuple[Paths, PathWaiver]]:
        """What is accepted in some paths; raises SettingsError for a rule that may not be waived."""
        for number, said in enumerate(self.at(("waive",)) or ()):
            for name in sorted(self.names("waive", number, "rules") & (forbidden | firm)):
                who, hint = "`waivers.forbidden` says", "take it out of one of the two"
                if name not in forbidden:
                    who, hint = (
                        "the policy says itself",
                        "mend what it finds, or ask those who keep the policy",
                    )
                message = f"`{name}` may not be waived, as {who}"
                raise self.table.error(("waive", number, "rules"), message, hint)
            until = said.get("until")
            waiver = PathWaiver(
                self.names("waive", number, "rules"),
                tuple(said["paths"]),
                self.table.range(("waive", number)),
                said.get("reason", ""),
                None if until is None else self._day(until, number),
            )
            yield from ((paths, waiver) for paths in self.paths(("waive", number, "paths")))

    def chains(self) -> Iterable[Declared]:
        """The links that are not to be seen; raises SettingsError for a template that is not there."""
        for number in range(len(self.at(("chain",)) or ())):
            yield Declared(self._images("chain", number, "from"), self._images("chain", number, "to"))

    def _images(self, *keys: str | int) -> Named:
        name: str = self.at(keys)
        place, colon, label = name.partition(":")
        path = self._within(keys, place)
        if not witness.noted(path).exists():
            raise self.table.error(keys, f"there is no template `{place}`", HINT)
        return Named(path, label if colon else None, self.table.range(keys))

    def limits(self) -> Limits:
        """What the machine bears."""
        said = self.at(("limits",)) or {}
        return Limits(said.get("max-parallel"), said.get("memory"), said.get("cpus"))

    def _day(self, text: str, number: int) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            keys = ("waive", number, "until")
            raise self.table.error(keys, f"`{text}` is no date", "write it as `2027-01-31`") from None

    def said(self, path: Path_) -> dict[str, str]:
        """Where each key stands, those of tables by their own names."""
        found: dict[str, str] = {}
        for key, value in self.at(path).items():
            if key in ("rules", "variables", "waivers", "limits", "policies"):
                found |= {f"{key}.{name}": self.table.where((*path, key, name)) for name in value}
            elif key not in ("extend", "overrides", "paths"):
                found[key] = self.table.where((*path, key))
        for file, params in (self.at(("policies", "params")) or {}).items() if not path else ():
            for name in params:
                keys = ("policies", "params", file, name)
                found[".".join(keys)] = self.table.where(keys)
        return found
