"""A directory and what a command line asks for → the policies that are in force there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from packlint.errors import UsageError
from packlint.record import record

if TYPE_CHECKING:
    from packlint.configure import Nearest
    from packlint.plugins import PluginManager
    from packlint.policy import PolicyFile, PolicyRule
    from packlint.settings import Settings


@record
class InForce:
    """Reads settings and policies, each file once; within `root`, links followed, where one is named."""

    nearest: Nearest
    plugins: PluginManager
    root: Path | None = None

    @classmethod
    def by_default(cls) -> InForce:
        """For a command that takes no word on settings; raises PluginError for a plugin that is broken."""
        from packlint.configure import Nearest
        from packlint.plugins import by_name, installed, load_packs, load_plugins, load_rules, load_schemas

        plugins = load_plugins()
        file = os.environ.get("PACKLINT_SETTINGS")
        nearest = Nearest(
            by_name(load_rules(plugins)),
            file=Path(file) if file else None,
            plugins=installed,
            packs=partial(load_packs, plugins),
            schemas=partial(load_schemas, plugins),
        )
        return cls(nearest, plugins)

    def root_of(self, directory: Path) -> Path:
        """The checked root of a directory; raises UsageError where `--root` does not hold that.

        A folder of policies that nothing makes a root is part of what is checked here.
        """
        from packlint.request import root_of, settings_in

        if self.root is None:
            found = root_of(directory)
            if found == directory and not (os.path.lexists(found / ".git") or settings_in(found)):
                outer = root_of(here())
                return outer if directory.is_relative_to(outer) else found
            return found
        if not directory.is_relative_to(self.root):
            message = f"`{directory}` lies outside the root `{self.root}`"
            raise UsageError(message, "choose a root that holds every path")
        return self.root

    def settings(self, directory: Path) -> Settings:
        """The settings in force in a directory; raises SettingsError and PolicyError."""
        return self.nearest(directory, self.root_of(directory))

    def policies(self, directory: Path) -> tuple[type[PolicyRule], ...]:
        """The policies in force in a directory, in the order in which they are read; raises as `settings`."""
        found = self.settings(directory).policies
        if not found:
            return ()
        from packlint.policy import PolicyRule

        return tuple(it for it in found if issubclass(it, PolicyRule))

    def sheets(self, path: Path, schemas: Iterable[Path]) -> tuple[PolicyFile, ...]:
        """The policy files at and below a path, links followed; `schemas` are those that settings name.

        Raises UsageError where there are none, and PolicyError for one that cannot be used.
        """
        from packlint.policy.policy import SUFFIX

        is_folder = os.path.isdir(path)  # noqa: PTH112
        if not is_folder and not os.path.isfile(path):  # noqa: PTH113
            raise UsageError(
                f"there is no file or directory `{path}`", "relative paths start in this directory"
            )
        if not is_folder and not path.name.endswith(SUFFIX):
            raise UsageError(f"`{path}` is no policy file", f"the names of policy files end in `{SUFFIX}`")
        place = Path(os.path.realpath(path))
        library, root = self.nearest.policies.library, self.root_of(folder_of(path))
        found = tuple(library.within(place, root, schemas=schemas))
        if not found:
            hint = f"their files end in `{SUFFIX}`; `packlint policy new NAME` writes one"
            raise UsageError(f"there are no policies in `{path}`", hint)
        return found


def folder_of(path: Path) -> Path:
    """The directory that a path is or lies in, links followed."""
    place = Path(os.path.realpath(path))
    return place if os.path.isdir(place) else place.parent  # noqa: PTH112 - Path.is_dir raises for a long name


def here() -> Path:
    """The current directory, links followed; raises UsageError where it is gone."""
    try:
        return Path(os.path.realpath(Path.cwd()))
    except OSError:
        raise UsageError("the current directory is gone", "change to another one") from None
