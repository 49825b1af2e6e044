"""Rules and the settings of each place → the rules that look at a template, and what counts of findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from packlint.check import over_projects
from packlint.diagnostic import Diagnostic, in_order
from packlint.errors import unknown
from packlint.model import Configuration, Template
from packlint.project import Declared
from packlint.record import replace
from packlint.rule import Category, Rule
from packlint.settings import Choose, Settings
from packlint.waiver import Demands, PathWaiver


class Choice:
    """What the settings say of the files of a run, which are named relative to `base` and lie in a root."""

    def __init__(
        self, rules: Sequence[type[Rule]], choose: Choose, base: Path, roots: Iterable[Path]
    ) -> None:
        self._rules = rules
        self._by_name = {rule.name(): rule for rule in rules}
        self._choose = choose
        self._base = base
        self._roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._settings: dict[str, Settings] = {}
        self._distinct: dict[int, Settings] = {}
        self._over_all: tuple[int, tuple[Rule, ...]] = (-1, ())
        self._made: dict[type[Rule], list[tuple[object, Rule]]] = {}
        self._selected: dict[int, tuple[Settings, tuple[Rule, ...], frozenset[str]]] = {}

    def settings(self, path: str) -> Settings:
        """The settings in force for a file; those of a root for what is no file of a root."""
        if path not in self._settings:
            place = self._base / path
            root = next((it for it in self._roots if place.is_relative_to(it)), None)
            if root is None:
                self._settings[path] = self.widest()
            else:
                directory = place if place == root else place.parent
                self._settings[path] = self._choose(directory, root).at(place)
            self._distinct[id(self._settings[path])] = self._settings[path]
        return self._settings[path]

    def widest(self) -> Settings:
        """The settings for all templates together: those of the outermost root."""
        return self._choose(self._roots[-1], self._roots[-1]) if self._roots else Settings()

    def of(self, template: Template) -> Settings:
        """The settings in force for a template: those of its first file."""
        files = (*template.documents, *template.var_files, *template.unread)
        return self.settings(files[0] if files else template.path)

    def rules(self, configuration: Configuration | None) -> tuple[Rule, ...]:
        """The rules that look at a template, with their options; for None those at all templates together.

        The latter have the options of the outermost root, and run wherever one of the files wants them.
        """
        if configuration is not None:
            return self._selection(self.of(configuration.template))[0]
        if self._over_all[0] != len(self._distinct):
            everywhere = (self.widest(), *self._distinct.values())
            wide = (rule for rule in self._rules if over_projects(rule))
            wanted = (rule for rule in wide if any(settings.selects(rule) for settings in everywhere))
            self._over_all = len(self._distinct), tuple(self._instance(it, everywhere[0]) for it in wanted)
        return self._over_all[1]

    def known(self) -> tuple[type[Rule], ...]:
        """All rules of the run by name, the policies of every settings file among them.

        Raises PolicyError where two policies have one name.
        """
        found = dict(self._by_name)
        for settings in (self.widest(), *self._distinct.values()):
            for rule in settings.policies:
                other = found.setdefault(rule.name(), rule)
                if other is not rule:
                    from packlint.policy import refuse_another

                    refuse_another(rule, other)
        return tuple(found[name] for name in sorted(found))

    def ran(self) -> Iterator[Rule]:
        """The rules that have looked at something, with their options."""
        return (rule for made in self._made.values() for _, rule in made)

    @property
    def policies(self) -> bool:
        """Whether policies are in force anywhere."""
        return any(settings.policies for settings in self._distinct.values())

    def renamed(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """The diagnostics with policy files, which have names from their own roots, named from the base."""
        if not self.policies:
            return diagnostics
        from packlint.policy import renamed

        return in_order(renamed(diagnostics, self.ran(), self._base))

    def refuse_strangers(self) -> None:
        """Raises UsageError for a rule that the command line names and that no settings know."""
        if strangers := self.widest().strangers:
            refuse_strangers(strangers, self.known())

    def wants(self, diagnostic: Diagnostic) -> bool:
        """Whether the settings of its file want a diagnostic."""
        return diagnostic.rule in self.wanted(diagnostic.range.document.path)

    def wanted(self, path: str) -> frozenset[str]:
        """The rules that the settings of a file want, by name."""
        return self._selection(self.settings(path))[1]

    def judged(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The diagnostics that are wanted, each as severe as its settings say, softened as it was."""
        for it in diagnostics:
            if not self.wants(it):
                continue
            settings = self.settings(it.range.document.path)
            rule = self._by_name.get(it.rule) or settings.policy(it.rule)
            severity = settings.severity(rule)
            if severity is not rule.severity and it.rule != "internal-error":
                yield replace(it, severity=severity.softened(rule.severity.rank - it.severity.rank))
            else:
                yield it

    def demands(self, path: str) -> Demands:
        """What the settings of a file ask of the waivers in it."""
        return self.settings(path).demands

    def granted(self, path: str) -> tuple[PathWaiver, ...]:
        """The waivers that the settings of a file have for it."""
        return self.settings(path).granted(self._base / path)

    def stated(self) -> tuple[PathWaiver, ...]:
        """The waivers of all settings that were asked for, each once."""
        found = {id(it): it for settings in self._distinct.values() for _, it in settings.waivers}
        return tuple(found.values())

    def declared(self, templates: Iterable[Template]) -> tuple[Declared, ...]:
        """What the settings of these templates say of chains that cannot be seen, each once."""
        found = {id(said): said for template in templates for said in self.of(template).chains}
        return tuple(found.values())

    def fails(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is severe enough for its settings to fail the run."""
        return diagnostic.severity >= self.settings(diagnostic.range.document.path).fail_on

    def _selection(self, settings: Settings) -> tuple[tuple[Rule, ...], frozenset[str]]:
        """The rules that settings select, with their options, and their names; worked out once for each."""
        if id(settings) not in self._selected:
            selected = (it for it in (*self._rules, *settings.policies) if settings.selects(it))
            rules = tuple(self._instance(it, settings) for it in selected)
            # The settings are kept, too: else others could come to have their id.
            self._selected[id(settings)] = settings, rules, frozenset(it.name() for it in rules)
        return self._selected[id(settings)][1:]

    def _instance(self, rule: type[Rule], settings: Settings) -> Rule:
        """A rule with its options, one object for equal ones."""
        setting = settings.rules.get(rule.name())
        options = setting.options if setting else {}
        made = self._made.setdefault(rule, [])
        for known, instance in made:
            if known == options:
                return instance
        made.append((options, settings.rule(rule)))
        return made[-1][1]


def refuse_strangers(strangers: Iterable[str], rules: Iterable[type[Rule]]) -> None:
    """Raises UsageError for a name of the command line that is that of no rule."""
    names = {rule.name() for rule in rules}
    for name in sorted(set(strangers) - names):
        known = {*names, *(category.value for category in Category)}
        raise unknown("rule", name, known, "`packlint rules` lists the rules")
