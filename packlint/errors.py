"""What the user, the settings, a plugin or Packer got wrong → one message with a hint, on standard error."""

from __future__ import annotations

from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.document import Range


class PacklintError(Exception):
    """A failure that is not the template's; `hint` says what to do about it, and `code` is the exit code."""

    code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(PacklintError):
    """The command line asks for something that cannot be done."""


class SettingsError(PacklintError):
    """A settings file cannot be used; `range` is the place in it, if there is one."""

    def __init__(self, message: str, hint: str | None = None, place: Range | None = None) -> None:
        super().__init__(message, hint)
        self.range = place


class PolicyError(PacklintError):
    """A policy cannot be used; `range` is the place in its file, if there is one."""

    def __init__(self, message: str, hint: str | None = None, place: Range | None = None) -> None:
        super().__init__(message, hint)
        self.range = place


class PluginError(PacklintError):
    """An installed plugin is broken or claims what it may not."""


class PackerError(PacklintError):
    """Packer cannot be run, or has failed."""

    code = 3


class CatalogError(PacklintError):
    """A schema of a component that somebody brings is of no use."""


def unknown(noun: str, name: str, known: Iterable[str], otherwise: str) -> UsageError:
    """What is to be said of a name that there is not; `otherwise` is the hint where no other is like it."""
    from packlint.suggest import suggest

    near = suggest(name, known)
    return UsageError(f"there is no {noun} `{name}`", f"did you mean `{near}`?" if near else otherwise)
