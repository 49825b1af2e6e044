"""A command → those that it runs in the end: behind `sudo` and its like, or in the text for `sh -c`."""

from __future__ import annotations

from collections.abc import Iterator

from packlint.pattern import pattern
from packlint.record import replace
from packlint.shell.command import Command, Script, Word
from packlint.shell.parse import parse

SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})

_WITH_VALUE = {
    "sudo": frozenset("ugpCrtTUhDR"),
    "doas": frozenset("uC"),
    "env": frozenset("uCS"),
    "nice": frozenset("n"),
    "ionice": frozenset("cnp"),
    "timeout": frozenset("ks"),
    "chroot": frozenset(),
    "time": frozenset("of"),
    "xargs": frozenset("adEIiLlnPs"),
    "nohup": frozenset(),
    "exec": frozenset("a"),
    "command": frozenset(),
    "setsid": frozenset(),
    "stdbuf": frozenset("ioe"),
    "retry": frozenset("td"),
}
"""Commands that run another one, with their options of one letter that take a value."""

_LONG_WITH_VALUE = frozenset(
    {
        "--user",
        "--group",
        "--prompt",
        "--host",
        "--chdir",
        "--unset",
        "--adjustment",
        "--signal",
        "--kill-after",
    }
)
_OPERANDS = {"timeout": 1, "chroot": 1}
"""How many words of its own a command has before the one that it runs."""

_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)=")
_DEEPEST = 3


def run_by(script: Script) -> Iterator[Command]:
    """Every command that a script runs, without what it is wrapped in, in order.

    Those of a text given to a shell have their place in the script, or that of the whole text where it is
    not written as it is read.
    """
    for command in script.commands:
        yield from _run(command, _DEEPEST)


def unwrapped(command: Command) -> Command:
    """The command behind `sudo`, `env` and their like; their variables and its own are its assignments."""
    words = command.words
    assignments = list(command.assignments)
    wrappers: list[str] = []
    first = 0
    while first < len(words) and (name := _name(words[first])) in _WITH_VALUE:
        at = _behind_options(words, first, name)
        while at < len(words) and (given := _ASSIGNMENT.match(words[at].raw)):
            assignments.append((given[1], None))
            at += 1
        at += _OPERANDS.get(name, 0)
        if at >= len(words):
            break  # `sudo -v` and `env` alone run nothing
        wrappers.append(name)
        first = at
    if not wrappers:
        return command
    return replace(
        command,
        words=words[first:],
        assignments=tuple(assignments),
        wrappers=(*command.wrappers, *wrappers),
        outer=command.words,
    )


def _run(command: Command, depth: int) -> Iterator[Command]:
    inner = unwrapped(command)
    text = _text_for_shell(inner)
    if text is None or text.text is None or not depth:
        yield inner
        return
    script = parse(text.text)
    plain = text.raw[1:-1] == text.text
    for found in script.commands:
        moved = _moved(found, text.start + 1) if plain else replace(found, start=text.start, end=text.end)
        around = replace(
            moved,
            wrappers=inner.wrappers,
            assignments=(*inner.assignments, *moved.assignments),
            fed_by=moved.fed_by or inner.fed_by,
            asked=found.asked or inner.asked,
            repeated=found.repeated or inner.repeated,
            background=found.background or inner.background,
        )
        yield from _run(around, depth - 1)


def _text_for_shell(command: Command) -> Word | None:
    """The word that `sh -c` runs."""
    if command.name not in SHELLS:
        return None
    for word, following in zip(command.words[1:], command.words[2:], strict=False):
        text = word.text or ""
        if text.startswith("-") and not text.startswith("--") and text.endswith("c"):
            return following
        if not text.startswith("-"):
            return None
    return None


def _moved(command: Command, by: int) -> Command:
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in command.words)
    return replace(command, words=words, start=command.start + by, end=command.end + by)


def _name(word: Word) -> str:
    return (word.text or "").rpartition("/")[2]


def _behind_options(words: tuple[Word, ...], first: int, name: str) -> int:
    """Where the words after the options of a command begin, which is the word at `first`."""
    at = first + 1
    while at < len(words):
        text = words[at].text or ""
        if not text.startswith("-") or text == "-":
            break
        at += 1
        if text == "--":
            break
        if text in _LONG_WITH_VALUE or (not text.startswith("--") and text[-1] in _WITH_VALUE[name]):
            at += 1
    return at
