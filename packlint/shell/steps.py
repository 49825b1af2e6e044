"""A `shell` or `shell-local` step → the scripts that it runs, each with the places where it is written.

(hashicorp/packer, provisioner/shell/provisioner.go; hashicorp/packer-plugin-sdk, shell-local)
"""

from __future__ import annotations

import re
from _bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter

from packlint.document import Document, Range
from packlint.model import Argument, Arguments, Configuration
from packlint.once import once
from packlint.pattern import pattern
from packlint.record import field, record
from packlint.spelling import Spelling, spelled, spelled_items
from packlint.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from packlint.shell.command import Command, Script

UNKNOWN = "${unknown}"
"""What stands in a script for a part of it that is not known: a word of which only a shell can tell."""

_QUOTES = str.maketrans("", "", "\"'\\`")
_SHEBANG = pattern(r"\ufeff?#!\s*+(?>\S*/)?(?:env\s+(?:-S\s+)?)?(?>\S*/)?(\w+)")
_OTHER = pattern(r"\b(python[\d.]*|perl|ruby|node|pwsh|powershell|cmd)(\.exe)?\b", re.IGNORECASE)


@record(eq=False)
class StepScript:
    """A script that a step runs; `file` is its name below the checked root, None where it stands inline.

    `text` is None for one that cannot be read. `argument` is the one that holds or names it.
    """

    text: str | None
    argument: Argument
    file: Document | None
    _lines: tuple[tuple[int, Spelling], ...] = ()
    _kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    @property
    def script(self) -> Script:
        """The script with its commands, which are read when they are asked for."""
        from packlint.shell.command import UNREAD
        from packlint.shell.parse import parse

        return UNREAD if self.text is None else parse(self.text)

    def mentions(self, names: Iterable[str]) -> bool:
        """Whether the text has any of these names, quoted or not; else no command of it is called so."""
        text = _without_quotes(self)
        return any(name in text for name in names)

    def commands(self) -> Iterator[Command]:
        """What it runs, without `sudo` and its like."""
        from packlint.shell.unwrap import run_by

        return run_by(self.script)

    def range(self, start: int, end: int) -> Range:
        """Where a stretch of the script is written."""
        if self.file is not None:
            return Range(self.file, start, end)
        first, begin = self._line(start)
        last, final = self._line(max(start, end - 1))
        head = first.range(begin, begin + 1 if first is not last else begin + end - start)
        return head if first is last else head.to(last.range(final, final + 1))

    def _line(self, at: int) -> tuple[Spelling, int]:
        number = bisect_right(self._lines, at, key=itemgetter(0)) - 1
        start, spelling = self._lines[number]
        return spelling, min(at - start, len(spelling.text))


@lru_cache(maxsize=256)
def scripts(arguments: Arguments, configuration: Configuration) -> tuple[StepScript, ...]:
    """The scripts among the arguments of a step that a shell of Unix runs.

    One that cannot be read, or is empty, is not whole and has no commands. There are none where it is not
    sure that a shell runs them.
    """
    return tuple(_scripts(arguments, configuration))


def _scripts(arguments: Arguments, configuration: Configuration) -> Iterator[StepScript]:
    execute = arguments.get("execute_command")
    if execute is not None and _OTHER.search(" ".join(_texts(execute))):
        return
    inline = arguments.get("inline")
    shebang = arguments.get("inline_shebang")
    if inline is not None and (shebang is None or _is_shell(shebang.value.known(str))):
        yield from _inline(inline)
    for name in ("script", "scripts"):
        argument = arguments.get(name)
        if argument is not None:
            items = argument.value.items
            for value in (argument.value,) if items is None else items:
                yield _of_file(argument, value, configuration)


def command_line(argument: Argument) -> StepScript:
    """The text of an argument that is a command line, such as `shutdown_command`, as a script of one line."""
    spelling = spelled(argument.expression, argument.value, UNKNOWN)
    return StepScript(spelling.text, argument, None, ((0, spelling),))


@once
def _without_quotes(script: StepScript) -> str:
    return (script.text or "").replace("\\\n", "").translate(_QUOTES)


def _inline(argument: Argument) -> Iterator[StepScript]:
    value, expression = argument.value, argument.expression
    if value.known(str) is not None:
        lines = [spelled(expression, value, UNKNOWN)]
    else:
        lines = [*spelled_items(expression, value, UNKNOWN)]
    if not lines:
        return
    starts: list[tuple[int, Spelling]] = []
    at = 0
    for line in lines:
        starts.append((at, line))
        at += len(line.text) + 1
    yield StepScript("\n".join([line.text for line in lines]), argument, None, tuple(starts))


def _of_file(argument: Argument, value: Value, configuration: Configuration) -> StepScript:
    path = value.known(str)
    name = configuration.locate(path) if path else None
    text = _read(name, configuration) if name is not None else None
    if name is None or text is None:
        return StepScript(None, argument, None)
    return StepScript(text, argument, Document(name, text))


def _read(name: str, configuration: Configuration) -> str | None:
    """A script of a shell; None where there is nothing in it, or another program runs it."""
    from packlint.shell.parse import LONGEST

    try:
        data = configuration.files.read(name)
        text = data.decode("utf-8") if len(data) <= LONGEST else ""
    except (OSError, ValueError):
        return None
    first = text.partition("\n")[0].lstrip("\ufeff")
    return text if text.strip() and (not first.startswith("#!") or _is_shell(first[2:])) else None


def _is_shell(shebang: str | None) -> bool:
    """Whether a shell runs a script that begins with `#!` and this."""
    from packlint.shell.unwrap import SHELLS

    found = _SHEBANG.match(f"#!{shebang}") if shebang is not None else None
    return found is not None and found[1] in SHELLS


def _texts(argument: Argument) -> Iterator[str]:
    """The text of an argument, or those of its list."""
    items = argument.value.items
    for value in (argument.value,) if items is None else items:
        yield value.known(str) or ""
