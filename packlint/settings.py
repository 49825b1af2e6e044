"""Noun for how a run is to go in one place, as settings files and the command line ask for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from packlint.diagnostic import Severity
from packlint.limits import Limits
from packlint.record import field, record, replace
from packlint.waiver import Demands, PathWaiver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from packlint.ignore import Pattern
    from packlint.inputs import Given
    from packlint.project import Declared
    from packlint.rule import Rule

VENDORED = (".*", "node_modules", "vendor", "venv", "packer_cache", "__pycache__")
"""Directories, by glob on their name, that hold what others wrote or what tools made."""


UNREAD = frozenset({"syntax-error", "unreadable-file"})
"""Rules that say what could not be checked at all."""

PresetName: TypeAlias = 'Literal["default", "strict", "security", "all"]'
PRESETS: tuple[PresetName, ...] = ("default", "strict", "security", "all")
"""The choices of rules that have a name: those of `Preset`, and what `strict` has on security alone."""

_WIDTH = {"default": 0, "strict": 1, "all": 2}
"""How much each value of `Preset` has."""


@record
class RuleSetting:
    """What is asked of one rule: whether it runs, how severe it is, and options by their fields."""

    runs: bool | None = None
    severity: Severity | None = None
    options: Mapping[str, object] = field(default_factory=dict)

    def over(self, other: RuleSetting) -> RuleSetting:
        """What is said here, and where nothing is, what another says."""
        runs = other.runs if self.runs is None else self.runs
        severity = self.severity or (other.severity if self.runs is None else None)
        return RuleSetting(runs, severity, {**other.options, **self.options})


@record
class Paths:
    """Paths by patterns as `.gitignore` has them, `lines`, relative to the directory `base`."""

    base: Path
    lines: tuple[str, ...]
    patterns: tuple[Pattern, ...]

    def has(self, path: Path, directory: bool = False) -> bool:
        """Whether a path, or a directory above it, is like the last pattern that says anything about it."""
        from packlint.ignore import matched

        relative = os.path.relpath(path, self.base).replace(os.sep, "/")
        return not relative.startswith("..") and matched(
            f"{relative}/" if directory else relative, self.patterns
        )


@record
class Override:
    """What is asked for in some paths; `said` are the keys that it has, each with where that stands."""

    paths: Paths
    ignore: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    variables: Mapping[str, Given] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    working_directory: Path | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    def adding_none(self) -> Override:
        """The override with the rules that it leaves out, and none of those that it adds."""
        rules = {name: replace(it, runs=None) if it.runs else it for name, it in self.rules.items()}
        return replace(self, extend_select=frozenset(), rules=rules)


@record
class Settings:
    """How a run is to go in one place.

    `preset` says which rules run, unless `select` names them, and `extend_select` adds some; `ignore` leaves
    some of them out. All hold names of rules and of categories, which stand for all their rules. `rules` has
    what is asked of single rules, which counts more; what is `refused` is left out whatever else is said.
    `strangers` are names of the command line that may be those of policies, or nothing. A search leaves out
    what is `excluded`. `schemas` are folders of schemas of components; a later one goes before an earlier
    one. `variables` and `var_files` are given to the templates, and relative paths start from
    `working_directory`, where that is known. `waivers` excuse findings in some paths, `demands` are what is
    asked of every waiver, and `baseline` is the file of what is accepted. `chains` are what is said of
    links between builds that cannot be seen, and `limits` what the machine bears that runs Packer.
    `policies` are the organisation's own rules here, which run with every preset. `overrides` hold in some
    paths alone. `said` tells for each key of a settings file where it stands.
    """

    preset: PresetName = "default"
    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    fail_on: Severity = Severity.WARNING
    excluded: tuple[Paths, ...] = ()
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()
    variables: Mapping[str, Given] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    working_directory: Path | None = None
    baseline: Path | None = None
    demands: Demands = field(default_factory=Demands)
    waivers: tuple[tuple[Paths, PathWaiver], ...] = ()
    chains: tuple[Declared, ...] = ()
    limits: Limits = field(default_factory=Limits)
    policies: tuple[type[Rule], ...] = ()
    overrides: tuple[Override, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    def at(self, path: Path) -> Settings:
        """The settings for a file, with the overrides that hold there."""
        found = self
        holding = [it for it in self.overrides if it.paths.has(path)]
        variables, var_files, said = dict(self.variables), [*self.var_files], dict(self.said)
        for it in holding:  # of which there may be thousands, so that nothing is copied for each
            if it.extend_select or it.ignore or it.rules:
                found = found.choosing(it.extend_select, it.ignore, it.rules)
            variables |= it.variables
            var_files += it.var_files
            said |= _later(said, it.said)
        if not holding:
            return self
        directories = (it.working_directory for it in reversed(holding) if it.working_directory)
        return replace(
            found,
            variables=variables,
            var_files=tuple(var_files),
            working_directory=next(directories, self.working_directory),
            said=said,
        )

    def choosing(
        self, extend_select: frozenset[str], ignore: frozenset[str], rules: Mapping[str, RuleSetting]
    ) -> Settings:
        """These settings with a later word on rules, which takes an earlier one on the same back."""
        wanted = extend_select | {name for name, it in rules.items() if it.runs}
        return replace(
            self,
            extend_select=(self.extend_select - ignore) | extend_select,
            ignore=(self.ignore - wanted) | ignore,
            rules=merged(self.rules, rules),
        )

    def excludes(self, path: Path, directory: bool = False) -> bool:
        """Whether a file or directory is left out of a search by a settings file."""
        return any(it.has(path, directory) for it in self.excluded)

    def granted(self, path: Path) -> tuple[PathWaiver, ...]:
        """The waivers for a file."""
        return tuple(waiver for paths, waiver in self.waivers if paths.has(path))

    def selects(self, rule: type[Rule]) -> bool:
        """Whether findings of a rule are wanted.

        What could not be read can be ignored but not left out by selecting other rules, and packlint's own
        failures cannot even be ignored: what was not checked must not look checked. Who demands a reason of
        waivers is told of those without.
        """
        name = rule.name()
        if name == "internal-error":
            return True
        called = {name, rule.category.value}
        if called & self.refused:
            return False
        setting = self.rules.get(name)
        if setting is not None and setting.runs is not None:
            return setting.runs and name not in self.ignore
        demanded = name == "waiver-without-reason" and self.demands.reasons
        selected = self._has(rule) or demanded if self.select is None else bool(called & self.select)
        selected = selected or name in UNREAD or bool(called & self.extend_select)
        return selected and not called & self.ignore

    def policy(self, name: str) -> type[Rule]:
        """The policy of that name, which has to be one of these settings."""
        return next(rule for rule in self.policies if rule.name() == name)

    def severity(self, rule: type[Rule]) -> Severity:
        """How severe a rule's findings are, before softening."""
        setting = self.rules.get(rule.name())
        return rule.severity if setting is None or setting.severity is None else setting.severity

    def rule(self, rule: type[Rule]) -> Rule:
        """The rule with the options that are asked for."""
        setting = self.rules.get(rule.name())
        return rule(rule.Options(**setting.options)) if setting is not None and setting.options else rule()

    def _has(self, rule: type[Rule]) -> bool:
        """Whether the preset has a rule."""
        if rule in self.policies:
            return True
        if self.preset == "security":
            return rule.category.value == "security" and rule.preset.value != "all"
        return _WIDTH[rule.preset.value] <= _WIDTH[self.preset]


@record
class Flags:
    """What the command line and the environment ask for, None where they say nothing."""

    preset: PresetName | None = None
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    fail_on: Severity | None = None
    force_exclude: bool = False
    schemas: tuple[Path, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)

    def over(self, settings: Settings) -> Settings:
        """The settings of a file where these say nothing.

        Who selects gets nothing else, and all of it but where an override leaves it out.
        """
        if self.preset is not None:
            settings = replace(settings, preset=self.preset, select=None)
        if self.select is not None:
            nothing: frozenset[str] = frozenset()
            settings = replace(
                settings,
                select=self.select,
                extend_select=nothing,
                ignore=nothing,
                rules={name: replace(it, runs=None) for name, it in settings.rules.items()},
                overrides=tuple(it.adding_none() for it in settings.overrides),
            )
        return replace(
            settings,
            refused=settings.refused | self.ignore,
            strangers=self.strangers,
            fail_on=self.fail_on or settings.fail_on,
            force_exclude=self.force_exclude or settings.force_exclude,
            schemas=(*settings.schemas, *self.schemas),
            said=joined(settings.said, self.said),
        )


Choose: TypeAlias = Callable[[Path, Path], Settings]
"""The settings for a directory, overrides not yet applied; the second path is the checked root above it."""


def everywhere(settings: Settings) -> Choose:
    """The same settings for every directory."""
    return lambda directory, root: settings


ADDED = frozenset({"extend-select", "ignore", "exclude", "schemas", "plugins", "var-files", "waive", "chain"})
"""Keys of which all that is said counts, not the last word."""


def joined(earlier: Mapping[str, str], later: Mapping[str, str]) -> Mapping[str, str]:
    """Where each key stands, where a later word counts more or is added."""
    return {**earlier, **_later(earlier, later)}


def _later(earlier: Mapping[str, str], later: Mapping[str, str]) -> Mapping[str, str]:
    """Where the keys of the later word stand, after those of the earlier one where they are added."""
    added = ADDED & earlier.keys()
    return {key: f"{earlier[key]}, {place}" if key in added else place for key, place in later.items()}


def merged(earlier: Mapping[str, RuleSetting], later: Mapping[str, RuleSetting]) -> Mapping[str, RuleSetting]:
    """What is asked of each rule where a later word counts more."""
    nothing = RuleSetting()
    return {**earlier, **{name: it.over(earlier.get(name, nothing)) for name, it in later.items()}}
