"""Nouns for a script of a Unix shell: its commands, in order, and the words of each."""

from __future__ import annotations

from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@record(eq=False)
class Substitution:
    """Commands whose output becomes a part of a word, `$(…)`, or a file that it names, `<(…)`."""

    kind: Literal["$", "<", ">"]
    commands: tuple[Command, ...]


@record(eq=False)
class Word:
    """A word of a command; `text` is what it means without quotes, None where only a shell can tell.

    `raw` is how it is written, from `start` to `end` of the script.
    """

    raw: str
    text: str | None
    start: int
    end: int
    substitutions: tuple[Substitution, ...] = ()


@record(eq=False)
class Command:
    """A simple command: its name and arguments are `words`, its own variables `assignments`.

    `fed_by` is the command whose output it reads through a pipe. `asked` tells that it is what an `if`, a
    `while` or `until` asks, and `repeated` that it stands in a loop. `background` tells that the shell does
    not wait for it. `input` is what it reads instead: the text of a here-document, or a redirection.
    `wrappers` are the commands that run it, such as `sudo`, outer ones first; `outer` are the words with
    them, where there are any.
    """

    words: tuple[Word, ...]
    start: int
    end: int
    assignments: tuple[tuple[str, Word | None], ...] = ()
    fed_by: Command | None = None
    asked: bool = False
    repeated: bool = False
    background: bool = False
    input: str | None = None
    wrappers: tuple[str, ...] = ()
    outer: tuple[Word, ...] = ()

    @property
    def name(self) -> str | None:
        """The first word, without the directory it lies in: `/usr/bin/curl` → `curl`."""
        text = self.words[0].text if self.words else None
        return text.rpartition("/")[2] if text is not None else None

    @property
    def texts(self) -> tuple[str | None, ...]:
        """What the words after the first mean."""
        return tuple(word.text for word in self.words[1:])


@record(eq=False)
class Script:
    """The commands of a script in the order of the text, those in substitutions before the one around.

    It is not `whole` where a part of it is no shell that packlint can read: nothing is known of that part.
    """

    text: str
    commands: tuple[Command, ...]
    whole: bool = True


UNREAD = Script("", (), whole=False)
"""What stands for a script that cannot be read."""
