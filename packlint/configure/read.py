"""A settings file → its table, made sure of; what is wrong with it is an error that points at the place."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packlint import witness
from packlint.configure.shown import shown
from packlint.document import Document, Range
from packlint.errors import SettingsError
from packlint.files import Files, reason
from packlint.record import record
from packlint.request import PYPROJECT
from packlint.suggest import suggest

if TYPE_CHECKING:
    from packlint.schema import Violation

PREFIX = ("tool", "packlint")
LARGEST = 256 * 1024
"""Bytes; the parser takes long for what is large and hostile."""

MANY = 12
"""Choices; fewer are listed in a hint."""

MOST_DOTS = 100
"""Dots of a line; keys of more parts cost the parser their square."""

MOST_LEVELS = 100
"""Tables and arrays within one another."""

LARGEST_NUMBER = 2**63
"""What a number has to be below, and may be above with a minus sign: TOML's are of 64 bits."""

LONGEST_PATH = 4096
"""Characters of a path; no system has a longer one."""

_QUOTED = re.compile(r"\"(?>(?:[^\"\\]|\\.)*)\"|'[^']*+'")


@record
class Table:
    """What a settings file says, and the document that says it; `prefix` leads to our part of it."""

    path: Path
    document: Document
    prefix: tuple[str, ...]
    content: Mapping[str, Any]

    def relative(self, name: str) -> Path:
        """What a path in the file means, links followed; what can be no path is as good as nothing."""
        if len(name) > LONGEST_PATH:
            return Path(os.devnull)
        try:
            path = Path(witness.real(self.path.parent / name))
            with suppress(FileNotFoundError, NotADirectoryError):
                witness.own_status(path)  # a name may be too long for the disk, or not be ours to look up
        except (OSError, ValueError):
            return Path(os.devnull)
        return path

    def error(self, keys: Iterable[str | int], message: str, hint: str | None = None) -> SettingsError:
        """What is wrong at the place that keys lead to."""
        return SettingsError(message, hint, shown(self.range(keys)))

    def range(self, keys: Iterable[str | int]) -> Range:
        """Where keys lead to."""
        from packlint.configure.places import place

        return place(self.document, (*self.prefix, *keys))

    def where(self, keys: Iterable[str | int]) -> str:
        """The same for people: `packlint.toml:3`."""
        return f"{self.document.path}:{self.range(keys).first.line}"


def read(path: Path, root: Path) -> Table:
    """The table of a settings file within a root; raises SettingsError where it is not one."""
    files = Files(root)
    name = files.name(path)
    try:
        data = files.read(name)
        if len(data) > LARGEST:
            raise OSError(f"it is larger than {LARGEST // 1024} KiB")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"the settings `{name}` are not UTF-8", "save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"the settings `{name}` cannot be read: {reason(error)}",
            "make it a readable, regular file within the checked root",
        ) from None
    document = Document(name, text)
    table: Any = _parsed(document)
    prefix = PREFIX if path.name == PYPROJECT else ()
    for key in prefix:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    return Table(path, document, prefix, _plain(table, document.path))


def _parsed(document: Document) -> dict[str, Any]:
    if any(_dots(line) > MOST_DOTS for line in document.text.split("\n")):
        raise SettingsError(f"the settings `{document.path}` have a key of too many parts")
    try:
        return tomllib.loads(document.text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        said, _, where = message.partition(" (at ")
        raise SettingsError(
            f"the settings `{document.path}` are not TOML: {said[:1].lower()}{said[1:]}",
            "mend the line; https://toml.io tells how TOML is written",
            shown(Range(document, *[_offset(document, where)] * 2)),
        ) from None
    except ValueError:
        raise _too_many_digits(document.path) from None
    except RecursionError:
        raise _too_deep(document.path) from None


def _offset(document: Document, where: str) -> int:
    """The offset of "line 2, column 3)"; the end of the document for anything else."""
    numbers = [int(word.strip(",)")) for word in where.split() if word.strip(",)").isdigit()]
    if len(numbers) != 2 or not 0 < numbers[0] <= document.line_count:
        return len(document.text)
    return min(document.offset(*numbers), len(document.text))


def _dots(line: str) -> int:
    """How many dots of a line may be in keys; where texts of several lines begin or end, all of them."""
    if line.count(".") <= MOST_DOTS or line.lstrip().startswith("#"):
        return 0
    several = '"""' in line or "'''" in line
    return (line if several else _QUOTED.sub("", line)).count(".")


def _plain(value: Any, name: str, levels: int = MOST_LEVELS) -> Any:
    """The value with dates as texts, which JSON Schema knows.

    Raises SettingsError for what is nested deeply and for numbers that TOML has not.
    """
    if not levels:
        raise _too_deep(name)
    if isinstance(value, dict):
        return {key: _plain(inner, name, levels - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, name, levels - 1) for inner in value]
    if isinstance(value, int) and not -LARGEST_NUMBER <= value < LARGEST_NUMBER:
        raise _too_many_digits(name)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _too_deep(name: str) -> SettingsError:
    return SettingsError(f"the settings `{name}` are nested too deeply")


def _too_many_digits(name: str) -> SettingsError:
    return SettingsError(f"a number in the settings `{name}` has too many digits")


def examine(table: Table, schema: Mapping[str, Any]) -> None:
    """Raises SettingsError for the first thing in it that the schema does not admit."""
    from packlint.schema import Judge

    violations = Judge(schema).violations(table.content)
    if not violations:
        return
    told = [
        (table.range((*it.path, *it.names[:1] * (it.keyword == "additionalProperties"))), it)
        for it in violations
    ]
    place, first = min(told, key=lambda pair: (pair[0].start, len(pair[1].path)))
    message, hint = _worded(first)
    raise SettingsError(message, hint, shown(place))


def _keys(violation: Violation) -> tuple[str | int, ...]:
    """What leads to the fault: for a key that there is not, to that key."""
    names = violation.names[:1] if violation.keyword == "additionalProperties" else ()
    return (*violation.path, *names)


def _worded(violation: Violation) -> tuple[str, str | None]:
    """What a violation of the schema is, and what to do."""
    name = _name(violation.path)
    if violation.keyword == "additionalProperties":
        unknown = str(violation.names[0])
        known = list(violation.schema.get("properties", ()))
        noun = "rule" if violation.path[-1:] == ("rules",) else "setting"
        near = suggest(unknown, known)
        listed = "`packlint rules` lists the rules" if noun == "rule" else f"choose one of {', '.join(known)}"
        return f"there is no {noun} `{unknown}`{_of(name)}", f"did you mean `{near}`?" if near else listed
    if violation.keyword == "enum":
        known = list(map(str, violation.limit))
        near = suggest(str(violation.instance), known)
        few = f"choose one of {', '.join(known)}" if len(known) < MANY else "`packlint rules` lists the rules"
        hint = f"did you mean `{near}`?" if near else few
        return f"`{violation.instance}` is nothing that {name} can be", hint
    if violation.keyword == "type":
        wanted = violation.limit if isinstance(violation.limit, list) else [violation.limit]
        return f"{name} has to be {' or '.join(_TYPES[it] for it in wanted)}", None
    if violation.keyword == "required":
        return f"{name} lacks `{'`, `'.join(violation.names)}`", None
    if violation.keyword == "pattern":
        return f"{name} is no date", "write it as `2027-01-31`"
    if violation.keyword == "minimum":
        return f"{name} may not be less than {violation.limit}", None
    return f"{name} may not be empty", None


_TYPES = {
    "string": "a text",
    "object": "a table",
    "array": "an array",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
}


def _name(path: tuple[str | int, ...]) -> str:
    """What a path leads to: "`rules.x`", or "the file"."""
    keys = ".".join(str(key) for key in path if isinstance(key, str))
    return f"`{keys}`" if keys else "the file"


def _of(name: str) -> str:
    return "" if name == "the file" else f" in {name}"
