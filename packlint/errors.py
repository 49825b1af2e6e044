"""What the user, the settings or a plugin got wrong → one message with a hint, on standard error, exit 2."""


class PacklintError(Exception):
    """A failure that is not the template's; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(PacklintError):
    """The command line asks for something that cannot be done."""


class PluginError(PacklintError):
    """An installed plugin is broken or claims what it may not."""
