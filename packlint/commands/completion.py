"""`packlint completion`: a shell → the script that completes what is typed there, and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from packlint.deliver import to_standard_output
from packlint.errors import PacklintError

if TYPE_CHECKING:
    from packlint.rule import Rule

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PACKLINT_COMPLETE"
"""The environment variable by which the scripts ask; click makes its name of the program's."""

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
"""What click calls for the values of a parameter: context, parameter, what is typed → what is offered."""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> int:
    """Print what makes a SHELL complete commands, options and rules.

    For bash, put `eval "$(packlint completion bash)"` into ~/.bashrc; for zsh, the same with `zsh` into
    ~/.zshrc after `compinit`; for fish, write the script into ~/.config/fish/completions/packlint.fish.
    """
    root = context.find_root()
    known = get_completion_class(shell)
    assert known is not None
    # Its own method for bash starts a bash to ask for the version.
    script = ShellComplete.source(known(root.command, {}, "packlint", VARIABLE))
    if shell == "fish":
        # A value with a comma, as `--select` takes them, would end at the comma.
        script = script.replace('string split ","', 'string split --max 1 ","')
    to_standard_output(script, "never")
    return 0


def _completing(listed: Callable[[], Iterable[CompletionItem]]) -> Complete:
    """Completes the last of the names between commas, from what is listed at the time."""

    def complete(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
        before, comma, start = typed.rpartition(",")
        try:
            found = [item for item in listed() if item.value.startswith(start)]
        except PacklintError:
            return []  # where a plugin is broken, the command itself will say so
        return [CompletionItem(before + comma + item.value, help=item.help) for item in found]

    return complete


def _rules() -> list[CompletionItem]:
    from packlint.plugins import load_rules

    return [CompletionItem(rule.name(), help=rule.summary()) for rule in (*load_rules(), *_policies())]


def _policies() -> tuple[type[Rule], ...]:
    """Those in force in the current directory; none where that cannot be told."""
    from packlint.commands.in_force import InForce, here

    with suppress(Exception):  # whatever a repository holds must not disturb the line that is typed
        return InForce.by_default().policies(here())
    return ()


def _categories() -> list[CompletionItem]:
    from packlint.rule import Category

    return [CompletionItem(it.value, help="all rules of this category") for it in Category]


def _formats() -> list[CompletionItem]:
    from packlint.report import FORMATS

    return [CompletionItem(name) for name in sorted(FORMATS)]


def _kinds() -> list[CompletionItem]:
    from packlint.catalog import KINDS

    return [CompletionItem(kind) for kind in KINDS]


def _components() -> list[CompletionItem]:
    """Each by its type, or as `KIND/TYPE` where several kinds have that."""
    from packlint.catalog import KINDS, SHIPPED

    kinds: dict[str, list[str]] = {}
    for kind in KINDS:
        for name in SHIPPED.types(kind):
            kinds.setdefault(name, []).append(kind)
    names = [name for name, of in kinds.items() if len(of) == 1]
    names += [f"{kind}/{name}" for name, of in kinds.items() if len(of) > 1 for kind in of]
    return [CompletionItem(name) for name in sorted(names)]


complete_rule = _completing(_rules)
complete_category = _completing(_categories)
complete_rules = _completing(lambda: [*_categories(), *_rules()])
complete_format = _completing(_formats)
complete_kind = _completing(_kinds)
complete_component = _completing(_components)
