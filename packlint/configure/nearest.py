"""A directory → its settings: those of the nearest file, of what that extends, and of the command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from packlint import witness
from packlint.errors import SettingsError, UsageError
from packlint.record import record, replace
from packlint.request import FOLDER, settings_in
from packlint.settings import Flags, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.configure.params import Chosen
    from packlint.configure.policies import Packs, Policies
    from packlint.configure.read import Table
    from packlint.policy import PolicyRule
    from packlint.rule import Rule
    from packlint.waiver import Demands

MOST_EXTENDED = 10
"""Files that extend one another."""

_NONE: Chosen = {}


@record
class _File:
    """A settings file as it is read: its settings, how many others it extends, and policy files in force."""

    table: Table
    settings: Settings
    depth: int
    chosen: Chosen


class Nearest:
    """Finds settings; each file is read once, when something is first asked of it.

    `rules` are by name, or what gives them when a file asks for them.
    `file` is in force everywhere in the place of those that would be found; with `isolated` none is.
    `plugins` gives the names of the installed packages that bring something, `packs` the policies that they
    bring, and `schemas` the folders of schemas. Raises SettingsError, when asked, for a file that cannot be
    used, PolicyError for a policy.
    """

    def __init__(
        self,
        rules: Mapping[str, type[Rule]] | Callable[[], Mapping[str, type[Rule]]],
        flags: Flags = Flags(),  # noqa: B008 - it is frozen
        file: Path | None = None,
        *,
        isolated: bool = False,
        plugins: Callable[[], Collection[str]] = tuple,
        packs: Packs = dict,
        schemas: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        self._rules = rules
        self.flags = flags
        self.file = file
        self.isolated = isolated
        self.plugins = plugins
        self.packs = packs
        self.schemas = schemas
        self._by_directory: dict[Path, Settings] = {}
        self._by_file: dict[Path, Settings] = {}
        self._files: dict[tuple[Path, Path], _File] = {}

    @cached_property
    def rules(self) -> Mapping[str, type[Rule]]:
        """The rules that there are, by name."""
        return self._rules() if callable(self._rules) else self._rules

    @cached_property
    def policies(self) -> Policies:
        """What reads policies."""
        from packlint.configure.policies import Policies

        return Policies(self.rules, self.packs, (*self.schemas(), *self.flags.schemas))

    def __call__(self, directory: Path, root: Path) -> Settings:
        """The settings for a directory of a checked root, without its overrides."""
        if directory not in self._by_directory:
            self._by_directory[directory] = self._found(directory, root)
        return self._by_directory[directory]

    def _found(self, directory: Path, root: Path) -> Settings:
        if self.isolated:
            return self.flags.over(Settings())
        if self.file is not None:
            path = Path(witness.real(self.file))
            if not witness.is_file(path):
                raise UsageError(f"there is no settings file `{self.file}`")
            return self._of_file(path, root if path.is_relative_to(root) else path.parent)
        name = settings_in(directory)
        if name is not None:
            return self._of_file(directory / name, root)
        if directory in (root, directory.parent):
            if not witness.is_folder(root / FOLDER):
                return self.flags.over(Settings())
            policies = self.policies.below(root / FOLDER, root)
            return self.flags.over(Settings(policies=policies, demands=_demands(Settings(), policies)))
        return self(directory.parent, root)

    def _of_file(self, path: Path, root: Path) -> Settings:
        if path not in self._by_file:
            file = self._read(path, root, ())
            if file.chosen:
                self.policies.demand(file.table, file.chosen)
            self._by_file[path] = self.flags.over(file.settings)
        return self._by_file[path]

    def _read(self, path: Path, root: Path, above: tuple[Path, ...]) -> _File:
        """What a file says, and what it extends; a file that many extend is read once."""
        if (path, root) not in self._files:
            self._files[path, root] = self._built(path, root, above)
        return self._files[path, root]

    def _built(self, path: Path, root: Path, above: tuple[Path, ...]) -> _File:
        from packlint.configure.build import build
        from packlint.configure.read import examine, read
        from packlint.configure.schema import policies_schema, settings_schema

        table = read(path, root)
        if table.content.keys() & {"extend", "policies"}:
            # Policies that the settings speak of have to be known before these are looked at.
            examine(table, policies_schema())
        extended, depth, chosen = Settings(), 0, _NONE
        if "extend" in table.content:
            other = self._extended(table, root, above)
            extended, depth, chosen = other.settings, other.depth + 1, other.chosen
        rules: Mapping[str, type[Rule]] = self.rules
        policies: tuple[type[PolicyRule], ...] = ()
        if chosen or "policies" in table.content or witness.is_folder(path.parent / FOLDER):
            chosen = self.policies.chosen(table, root, chosen, extended.schemas)
            policies = self.policies.rules(chosen)
            rules = {**rules, **{rule.name(): rule for rule in policies}}
        examine(table, settings_schema(rules.values()))
        self._demand(table)
        extended = replace(extended, policies=policies, demands=_demands(extended, policies))
        return _File(table, build(table, extended, root, rules), depth, chosen)

    def _extended(self, table: Table, root: Path, above: tuple[Path, ...]) -> _File:
        """The file that another one extends."""
        name = table.content["extend"]
        other = table.relative(name)
        if other in (table.path, *above) or len(above) >= MOST_EXTENDED:
            raise _circle(table)
        if not other.is_relative_to(root):
            raise table.error(
                ["extend"], f"`{name}` lies outside the checked root", "name a file of the repository"
            )
        if not witness.noted(other).is_file():
            raise table.error(["extend"], f"there is no file `{name}`", "paths start from this file's folder")
        file = self._read(other, root, (table.path, *above))
        if len(above) + file.depth >= MOST_EXTENDED:
            raise _circle(table)
        return file

    def _demand(self, table: Table) -> None:
        for number, name in enumerate(table.content.get("plugins", ())):
            if name.lower().replace("_", "-") not in self.plugins():
                raise table.error(
                    ["plugins", number],
                    f"the plugin `{name}` is not installed",
                    f"`pip install {name}` brings it",
                )


def _demands(settings: Settings, policies: Iterable[type[PolicyRule]]) -> Demands:
    """What settings ask of waivers, with what the policies say of themselves."""
    firm = frozenset(rule.name() for rule in policies if not rule.policy.waivable)
    return replace(settings.demands, firm=firm) if firm else settings.demands


def _circle(table: Table) -> SettingsError:
    return table.error(["extend"], "the settings extend themselves", "take one `extend` away")
