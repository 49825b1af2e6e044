"""The command lines of a template → the passwords that are written in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint.document import Range
from packlint.model import Arguments, Configuration, SourceUse
from packlint.once import once
from packlint.pattern import pattern
from packlint.record import record
from packlint.secrets.formats import keys
from packlint.secrets.names import is_stand_in
from packlint.secrets.places import Slot, machines_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from packlint.shell.command import Command, Word
    from packlint.shell.steps import StepScript

_LINES = ("execute_command", "shutdown_command")
_WORTH = pattern(r"sudo|passw|\s-p|-u\b", re.IGNORECASE)
"""A text without any of it holds no such password."""

_ACTION = pattern(r"\{\{[^{}]*\}\}")
_VARS = pattern(r"\{\{-?\s*\.Vars\s*-?\}\}")
_OPTION = pattern(r"(--(?:[a-z-]+-)?password=)(.+)", re.DOTALL)
_JOINED = frozenset({"mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "sshpass"})
"""Commands that take a password right behind `-p`."""

_APART = {
    "sshpass": frozenset({"-p"}),
    "docker": frozenset({"-p", "--password"}),
    "podman": frozenset({"-p", "--password"}),
}
"""Commands with the options whose next word is a password."""

_STDIN = pattern(r"-[a-zA-RT-Z]*S[a-zA-Z]*|--stdin")


@record(eq=False)
class InCommand:
    """A password that is written in a command; `program` is who takes it.

    `slot` is the command line as one that takes the password of the machines it runs on.
    """

    text: str
    range: Range
    program: str
    slot: Slot


@once
def in_commands(configuration: Configuration) -> tuple[InCommand, ...]:
    """The passwords in `execute_command`, `shutdown_command` and `inline`, in the order of the template.

    Only what stands there literally is one, not the value of a variable that is put in.
    """
    return tuple(_in_commands(configuration))


def _in_commands(configuration: Configuration) -> Iterator[InCommand]:
    for build in configuration.builds:
        for use in build.uses:
            names = _users(use)
            for given in (use.own, use.source.arguments) if use.source is not None else (use.own,):
                yield from _in_lines(given, use.type, (use.type,), names)
        machines = machines_of(build)
        names = frozenset[str]().union(*map(_users, build.uses))
        for step in (*build.provisioners, *build.error_cleanup):
            yield from _in_lines(step.arguments, step.type, machines, names)
            inline = step.arguments.get("inline")
            if step.type in ("shell", "shell-local") and inline is not None:
                from packlint.shell.steps import scripts

                slot = Slot(inline, step.type, machines, names)
                for script in scripts(step.arguments, configuration):
                    if script.file is None and _WORTH.search(script.text or ""):
                        yield from _in_script(script, slot)


def _users(use: SourceUse) -> frozenset[str]:
    names = (use.arguments.known(it, str) for it in ("ssh_username", "winrm_username"))
    return frozenset(name for name in names if name)


def _in_lines(
    arguments: Arguments, type_: str, machines: tuple[str, ...], users: frozenset[str]
) -> Iterator[InCommand]:
    for name in _LINES:
        argument = arguments.get(name)
        if argument is not None:
            yield from _in_line(Slot(argument, type_, machines, users))


def _in_line(slot: Slot) -> Iterator[InCommand]:
    known = slot.argument.value.known(str)
    if known is not None and not _WORTH.search(known):
        return
    from packlint.shell.steps import UNKNOWN, StepScript
    from packlint.spelling import spelled

    spelling = spelled(slot.argument.expression, slot.argument.value, UNKNOWN)
    if not _WORTH.search(spelling.text):
        return
    # What an action gives is read as a variable of the shell of its own length, those of a step as one that
    # is assigned.
    text = _VARS.sub(lambda it: "V=".ljust(len(it[0]), "x"), spelling.text)
    text = _ACTION.sub(lambda it: "$".ljust(len(it[0]), "x"), text)
    yield from _in_script(StepScript(text, slot.argument, None, ((0, spelling),)), slot)


def _in_script(script: StepScript, slot: Slot) -> Iterator[InCommand]:
    for command in script.commands():
        for program, text, word in _passwords(command):
            place = script.range(word.start, word.end)
            at = place.text.find(text)
            if at < 0 or is_stand_in(text, "") or next(keys(text), None) is not None:
                continue  # it comes from somewhere else
            start = place.start + at
            yield InCommand(text, Range(place.document, start, start + len(text)), program, slot)


def _passwords(command: Command) -> Iterator[tuple[str, str, Word]]:
    """The program that takes a password, the password, and the word that it is in."""
    name, fed = command.name or "", command.fed_by
    asks = "sudo" in command.wrappers and any(_STDIN.fullmatch(it.text or "") for it in command.outer)
    given = _echoed(fed) if fed is not None else None
    if given is not None and given.text is not None:
        text = given.text.removesuffix("\\n")
        if name == "chpasswd":
            yield name, text.partition(":")[2], given
        elif asks:
            yield "sudo", text, given
        elif name == "passwd" and "--stdin" in command.texts:
            yield name, text, given
    for number, word in enumerate(command.words[1:], 1):
        following = command.words[number + 1] if number + 1 < len(command.words) else None
        option = _OPTION.fullmatch(word.text) if word.text and word.text.startswith("--") else None
        if option is not None:
            yield name, option[2], word
        elif name in _JOINED and (word.text or "").startswith("-p") and len(word.text or "") > 2:
            yield name, (word.text or "")[2:], word
        elif word.text in _APART.get(name, ()) and following is not None and following.text:
            if name == "sshpass" or command.words[1].text == "login":
                yield name, following.text, following
        elif name == "curl" and word.text in ("-u", "--user") and following is not None:
            yield name, (following.text or "").partition(":")[2], following


def _echoed(command: Command) -> Word | None:
    """The only word that `echo` or `printf` gives."""
    if command.name not in ("echo", "printf"):
        return None
    words = [it for it in command.words[1:] if not (it.text or "").startswith("-") and it.text != "%s\\n"]
    return words[0] if len(words) == 1 else None
