"""`packlint policy`: try the tests of policies, write a first one, and print the rulebook that they make."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packlint.commands.in_force import InForce, folder_of, here
from packlint.commands.paths import CLEAN, FOUND
from packlint.commands.sections import Sectioned
from packlint.commands.wanted import Wanted, debug_option, place_options, root_option
from packlint.deliver import is_colored, to_standard_output
from packlint.errors import PacklintError, PolicyError, SettingsError, UsageError
from packlint.files import reason
from packlint.options import color_option
from packlint.quantity import count
from packlint.record import record
from packlint.rule import Category
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.policy import PolicyFile, PolicyRule
    from packlint.policy.policy import Policy, Target
    from packlint.settings import Settings
    from packlint.trial import Trial

FILES = click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))

TARGETS = (
    *("source", "build", "provisioner", "post_processor", "variable", "data", "required_plugin"),
    "template",
)
"""As the nouns of policies have them, which take their time to load."""

MOST_LINES, MOST_AGREED = 100, 20
"""Lines of one diff that are shown; a policy may find something in thousands of blocks."""

_Line = tuple[str, str | None]
"""A text and its color."""


@click.group()
def policy() -> None:
    """Write rules of your own in HCL, and test them.

    A policy is a block in a file below `policies/` beside the settings, and `packlint check` looks at
    templates with it as with every other rule. `packlint policy new` writes one to start from.
    """


@policy.command(cls=Sectioned)
@FILES
@color_option
@root_option
@place_options
@debug_option
def test(*, paths: tuple[Path, ...], color: str, root: Path | None, wanted: Wanted, debug: bool) -> int:
    """Run the tests of the policies at and below each PATH.

    A test is right where its policy finds in its template what its `finds` says, and nothing else. A wrong
    one is shown as a diff: what is expected and not there after `-`, what is there and not expected after
    `+`. Nothing is written.

    PATH is a policy file, or a directory with some. The default are the policies in force in the current
    directory, those of packs among them.

    Exits with 1 if a test failed, 2 if a policy or a test cannot be used, else with 0.
    """
    from packlint.trial import trials

    force = _force(wanted, root)
    told = _Told(color)
    for asked in _asked(force, paths):
        library = force.nearest.policies.library
        for it in trials(asked.sheet, library, force.plugins, asked.settings.schemas):
            told.tell(asked.sheet, it)
        told.tell_untested(asked.sheet)
    return told.end()


def _force(wanted: Wanted, root: Path | None) -> InForce:
    """What the command line asks for; raises PacklintError for what cannot be had."""
    if root is not None and not os.path.isdir(root):  # noqa: PTH112 - Path.is_dir raises for a long name
        raise UsageError(f"the root `{root}` is not a directory")
    return InForce(*wanted.chosen(), Path(os.path.realpath(root)) if root else None)


@record
class _Asked:
    """A policy file, the settings that hold for it, and the rules that it is where it is in force."""

    sheet: PolicyFile
    settings: Settings
    rules: tuple[type[PolicyRule], ...]

    @classmethod
    def of(cls, sheet: PolicyFile, settings: Settings, rules: Iterable[type[PolicyRule]]) -> _Asked:
        """With those of the rules that the file is."""
        return cls(sheet, settings, tuple(it for it in rules if it.sheet is sheet))


def _asked(force: InForce, paths: tuple[Path, ...]) -> list[_Asked]:
    """The policy files at and below these paths, or those in force here, each once."""
    found: dict[int, _Asked] = {}
    for path in paths:
        settings, rules = _in_force_beside(path, force)
        in_force = {id(it.sheet.document): it.sheet for it in rules}
        for sheet in force.sheets(path, settings.schemas):
            key = id(sheet.document)
            found.setdefault(key, _Asked.of(in_force.get(key, sheet), settings, rules))
    if not paths:
        settings, rules = force.settings(here()), force.policies(here())
        sheets = dict.fromkeys(it.sheet for it in rules)
        found = {id(it.document): _Asked.of(it, settings, rules) for it in sheets}
        if not found:
            click.echo("no policies are in force here", err=True)
            click.echo("hint: `packlint policy new NAME` writes one to start from", err=True)
    return list(found.values())


def _in_force_beside(path: Path, force: InForce) -> tuple[Settings, tuple[type[PolicyRule], ...]]:
    """The settings and policies in force where a path is.

    Those that cannot be used do not keep one from being looked at that is named.
    """
    from packlint.settings import Settings

    directory = folder_of(path)
    try:
        return force.settings(directory), force.policies(directory)
    except (PolicyError, SettingsError) as error:
        where = f"{error.range.document.path}:{error.range.first.line}: " if error.range else ""
        click.echo(visible(f"note: the settings are left aside: {where}{error}"), err=True)
        return Settings(), ()


class _Told:
    """Tells how tests went, one after the other, and sums up."""

    def __init__(self, color: str) -> None:
        self.color = color
        plain: Callable[..., str] = lambda text, **_: text  # noqa: E731
        self.style = click.style if is_colored(color, sys.stdout) else plain
        self.passed = 0
        self.failed = 0
        self.untested: list[str] = []

    def tell(self, sheet: PolicyFile, trial: Trial) -> None:
        """A line for a test, and below it what is wrong."""
        test = trial.test
        place = f"{_place(sheet)}:{test.header_range.first.line}"
        if trial.passed:
            self.passed += 1
            self._say(f"{self.style('passed', fg='green')}  {visible(f'{place}  {test.policy}')}")
            return
        self.failed += 1
        head = self.style(visible(f"{place}  {test.policy}"), bold=True)
        self._say(f"{self.style('failed', fg='red', bold=True)}  {head}")
        for text, color in _lines(trial):
            shown = f"  {visible(text)}"
            self._say(self.style(shown, fg=color) if color else shown)

    def tell_untested(self, sheet: PolicyFile) -> None:
        """Keep in mind the policies of a file that no test is about; those of packs are others' concern."""
        tested = {it.policy for it in sheet.tests}
        if not sheet.foreign:
            self.untested += (_where(sheet, it) for it in sheet.policies if it.name not in tested)

    def end(self) -> int:
        """Sum up; gives the exit code."""
        for it in self.untested:
            self._say(f"{self.style('note', fg='cyan')}: no test is about {visible(it)}")
        if self.failed:
            told = f"{self.failed} of {count(self.passed + self.failed, 'test')} failed"
            self._say(self.style(told, fg="red", bold=True))
        elif self.passed:
            self._say(self.style(f"{count(self.passed, 'test')} passed", fg="green"))
        return FOUND if self.failed else CLEAN

    def _say(self, line: str) -> None:
        to_standard_output(f"{line}\n", self.color)


def _lines(trial: Trial) -> Iterator[_Line]:
    """The lines that tell what is wrong with a test, each with its color."""
    if trial.unread:
        yield "its template cannot be looked at:", None
        yield from _some([(f"  {it}", None) for it in trial.unread])
        return
    yield "--- finds", "red"
    yield "+++ found", "green"
    yield from _some([(f" {it}", None) for it in trial.agreed], MOST_AGREED)
    missing = [(f"-{it}", "red") for it in trial.missing]
    yield from _some([*missing, *((f"+{it}", "green") for it in trial.surplus)])
    yield from ((f"note: {it}", None) for it in trial.why)


def _some(lines: Sequence[_Line], most: int = MOST_LINES) -> Iterator[_Line]:
    yield from lines[:most]
    if len(lines) > most:
        yield f" … and {len(lines) - most} more", None


def _place(sheet: PolicyFile) -> str:
    return f"pack {sheet.name}" if sheet.foreign else sheet.document.path


def _where(sheet: PolicyFile, it: Policy) -> str:
    return f"policy `{it.name}` ({_place(sheet)}:{it.name_range.first.line})"


@policy.command()
@click.argument("name")
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default="source",
    show_default=True,
    help="What the policy looks at.",
)
@place_options
def new(*, name: str, target: Target, wanted: Wanted) -> int:
    """Write a policy to start from, with its tests.

    It goes to `policies/NAME.policy.hcl` beside the settings, or where these say that policies are; a file
    that is there already stays as it is.
    """
    from packlint.policy.policy import SUFFIX
    from packlint.sketch import sketch
    from packlint.start.create import create

    force = InForce(*wanted.chosen())
    _refuse_name(name, force)
    folder, root = _folder(force)
    file = folder / f"{name}{SUFFIX}"
    shown = os.path.relpath(file, here())
    try:
        create(root, file.relative_to(root).as_posix(), sketch(name, target))
    except FileExistsError:
        if not os.path.lexists(file):
            raise UsageError(f"`{Path(shown).parent}` is no folder", "give that file another name") from None
        raise UsageError(f"`{shown}` is there already", "choose another name, or edit that file") from None
    except OSError as error:
        raise UsageError(f"`{shown}` cannot be written: {reason(error)}", "choose another name") from None
    click.echo(f"wrote {visible(shown)}")
    _say_what_next(name, file, wanted)
    return CLEAN


def _refuse_name(name: str, force: InForce) -> None:
    """Raises UsageError for a name that no policy can have, or that something has already."""
    from packlint.policy.policy import SUFFIX
    from packlint.policy.read import LONGEST_NAME, NAME

    if not NAME.fullmatch(name):
        near = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "-", Path(name.removesuffix(SUFFIX)).name)
        near = near.strip("-").lower()
        hint = f"write it as `{near}`" if near else "as in `approved-regions`"
        raise UsageError(f"`{name}` is no name for a policy: small letters, digits and dashes make one", hint)
    if len(name) > LONGEST_NAME:
        message = f"the name of a policy has at most {LONGEST_NAME} characters"
        raise UsageError(message, "choose a shorter one, and say more in the `description`")
    if name in (it.value for it in Category):
        raise UsageError(f"`{name}` is the name of a category of rules already", "choose another name")
    if name in force.nearest.rules:
        raise UsageError(f"there is a rule `{name}` already", "choose another name")
    with suppress(PolicyError, SettingsError):  # of others, which are not what this is about
        for it in force.policies(here()):
            if it.name() == name:
                where = f"{_place(it.sheet)}:{it.policy.name_range.first.line}"
                message = f"there is a policy `{name}` already: {where}"
                raise UsageError(message, "edit that one, or choose another name")


def _folder(force: InForce) -> tuple[Path, Path]:
    """The folder for policies of the current directory, and the checked root; raises SettingsError."""
    from packlint.configure.read import read
    from packlint.request import FOLDER, settings_in

    directory = here()
    root = force.root_of(directory)
    if force.nearest.isolated:
        return root / FOLDER, root
    above = (it for it in (directory, *directory.parents) if it == root or it.is_relative_to(root))
    found = next(((it / name) for it in above if (name := settings_in(it))), None)
    file = Path(os.path.realpath(force.nearest.file)) if force.nearest.file else found
    if file is None:
        return root / FOLDER, root
    root = root if file.is_relative_to(root) else file.parent
    table = read(file, root)
    said = table.content.get("policies", {})
    paths = said.get("paths", ()) if isinstance(said, Mapping) else ()
    folders = (table.relative(it) for it in paths if isinstance(it, str))
    within = (it for it in folders if it.is_dir() and it.is_relative_to(root))
    return next(within, file.parent / FOLDER), root


def _say_what_next(name: str, file: Path, wanted: Wanted) -> None:
    """Tell how to go on, and what is to be written into the settings if these do not look there."""
    test, check = "packlint policy test", "packlint check"
    with suppress(PacklintError):
        if all(it.name() != name for it in InForce(*wanted.chosen()).policies(here())):
            click.echo("hint: the settings do not look there; name it in `paths` of `[policies]`", err=True)
            test += f" {visible(shlex.quote(os.path.relpath(file, here())))}"
    click.echo("\nmake it yours; then")
    steps = {test: "tries its tests", check: "looks at your templates with it"}
    width = max(map(len, steps))
    for command, meaning in steps.items():
        click.echo(f"  {command:{width}}  {meaning}")


@policy.command(cls=Sectioned)
@FILES
@root_option
@place_options
@debug_option
def docs(*, paths: tuple[Path, ...], root: Path | None, wanted: Wanted, debug: bool) -> int:
    """Print the policies at and below each PATH as a page in Markdown.

    It has what each policy is about, what it demands, its parameters with the values that the settings give
    them, and its tests as examples.

    PATH is a policy file, or a directory with some. The default are the policies in force in the current
    directory, those of packs among them.
    """
    from packlint.rulebook import Entry, rulebook

    force = _force(wanted, root)
    entries = []
    for it in _asked(force, paths):
        settings = it.settings
        for rule in it.rules:
            entries.append(Entry(rule, settings.severity(rule), rule.values(), settings.selects(rule)))
        if not it.rules:
            rules = force.nearest.policies.library.rules(it.sheet, {})
            entries += (Entry(rule, rule.severity) for rule in rules)
    if entries:
        to_standard_output(rulebook(entries), "never")
    return CLEAN
