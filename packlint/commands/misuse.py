"""A command line that click does not take → what is wrong with it, and what to type instead."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import click

from packlint.errors import UsageError
from packlint.suggest import suggest

_COMMAND = re.compile(r"No such command '(.*)'\.", re.DOTALL)
_CHOICE = re.compile(r"(['\"])(.*?)\1 is not one of ", re.DOTALL)

MEANT = {
    **dict.fromkeys(("analyze", "lint", "run", "scan", "test", "validate"), "check"),
    "config": "settings",
    "fix": "check --fix",
    "fmt": "check --fix --select not-canonical-format",
    "format": "check --fix --select not-canonical-format",
    "help": "--help",
    "list": "rules",
    "show": "inspect",
    "version": "--version",
}
"""What the words of other programs are called here."""

MEANT_OPTIONS = {
    "-V": "--version",
    "-f": "--format",
    "-o": "--format NAME:FILE",
    "--autofix": "--fix",
    "--config": "--settings",
    "--disable": "--ignore",
    "--enable": "--select",
    "--exit-zero": "--fail-on",
    "--output": "--format NAME:FILE",
    "--rules": "--select",
    "--severity": "--fail-on",
}


def help_of(error: click.ClickException) -> str | None:
    """The help that click shows of a group without a command, as an error; None for other errors."""
    context = getattr(error, "ctx", None)
    # A class of its own since click 8.2, which 8.1 does not have.
    alone = context is not None and type(error).__name__ == "NoArgsIsHelpError"
    return error.format_message() if alone else None


def misuse(error: click.ClickException) -> UsageError:
    """The message and the hint for an error of click's."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.BadOptionUsage):
        return _no_value(error)
    if context is None:
        return UsageError(_plain(error))
    if isinstance(error, click.NoSuchOption):
        return _no_option(error.option_name, context)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        usage = " ".join((context.command_path, *context.command.collect_usage_pieces(context)))
        return UsageError(f"`{context.command_path}` needs more to go on", f"write `{usage}`")
    if isinstance(error, click.BadParameter) and isinstance(getattr(error.param, "type", None), click.Choice):
        return _no_choice(error, context)
    if match := _COMMAND.fullmatch(error.message):
        return _no_command(match[1], context)
    return UsageError(_plain(error), _more(context))


def _no_command(name: str, context: click.Context) -> UsageError:
    path = context.command_path
    known = _commands(context)
    message = f"`{path}` has no command `{name}`"
    if "check" in known and (os.path.exists(name) or "*" in name):  # noqa: PTH110 - it takes any text
        return UsageError(message, f"`{path} check {name}` checks the templates there")
    meant = MEANT.get(name.lower()) if "check" in known else None
    meant = meant or suggest(name, known)
    return UsageError(message, f"did you mean `{path} {meant}`?" if meant else _more(context))


def _no_option(name: str, context: click.Context) -> UsageError:
    path = context.command_path
    message = f"`{path}` has no option `{name}`"
    known = _options(context.command, context)
    near = suggest(name.lstrip("-"), (it.lstrip("-") for it in known))
    for candidate in (MEANT_OPTIONS.get(name), near and f"--{near}"):
        if candidate and candidate.split()[0] in known:
            return UsageError(message, f"did you mean `{candidate}`?")
    for command in _commands(context).values():
        if name in _options(command, context):
            return UsageError(message, f"did you mean `{path} {command.name} {name}`?")
    return UsageError(message, _more(context))


def _no_value(error: click.BadOptionUsage) -> UsageError:
    """An option without its value, or a flag with one; click does not tell of which command."""
    name = error.option_name
    wants = "requires" in error.message
    return UsageError(
        f"`{name}` {'needs a value' if wants else 'takes no value'}",
        f"`packlint COMMAND --help` tells of `{name}`",
    )


def _no_choice(error: click.BadParameter, context: click.Context) -> UsageError:
    assert error.param is not None
    name = error.param.opts[0] if isinstance(error.param, click.Option) else context.command_path
    choices = [str(it) for it in getattr(error.param.type, "choices", ())]
    match = _CHOICE.match(error.message)
    value = match[2] if match else ""
    near = suggest(value, choices)
    return UsageError(
        f"`{name}` does not take `{value}`",
        f"did you mean `{near}`?" if near else f"choose one of {', '.join(choices)}",
    )


def _commands(context: click.Context) -> Mapping[str, click.Command]:
    return getattr(context.command, "commands", {})


def _options(command: click.Command, context: click.Context) -> frozenset[str]:
    return frozenset(
        name
        for it in command.get_params(context)
        if isinstance(it, click.Option)
        for name in (*it.opts, *it.secondary_opts)
    )


def _more(context: click.Context) -> str:
    return f"`{context.command_path} --help` says more"


def _plain(error: click.ClickException) -> str:
    """What click says, as a sentence of ours."""
    message = error.format_message()
    return message[:1].lower() + message[1:].rstrip(".")
