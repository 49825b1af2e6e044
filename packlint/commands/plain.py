"""Plain arguments of `packlint check` → what click would make of them, without what its import costs.

Whatever is not plain is left to click: other commands and options, `--help`, what has to be refused,
variables of the environment that stand for options, completion.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

FLAG, TEXT, TEXTS, PATH, NAME, NUMBER = "flag", "text", "texts", "path", "name", "number"
"""What options take: nothing, a text, one each time they are there, a path, that as a text, a number."""

CHOICES = {
    "color": ("auto", "always", "never"),
    "fail_on": ("error", "warning", "note"),
    "preset": ("default", "strict", "security", "all"),
}
"""The texts that some parameters take."""

OPTIONS = {
    "--color": ("color", TEXT),
    "--diff": ("diff", FLAG),
    "--fail-on": ("fail_on", TEXT),
    "--fix": ("fix", FLAG),
    "--force-exclude": ("force_exclude", FLAG),
    "--format": ("formats", TEXTS),
    "--ignore": ("ignore", TEXTS),
    "--jobs": ("jobs", NUMBER),
    "--no-cache": ("no_cache", FLAG),
    "--no-settings": ("isolated", FLAG),
    "--preset": ("preset", TEXT),
    "--root": ("root", PATH),
    "--select": ("select", TEXTS),
    "--settings": ("settings", PATH),
    "--show-suppressed": ("suppressed", FLAG),
    "--statistics": ("statistics", FLAG),
    "--stdin-filename": ("stdin_filename", NAME),
    "--unsafe-fixes": ("unsafe", FLAG),
}
"""The options that are plain: the parameter that each of them gives, and what it takes."""

SWITCHES = frozenset({"", "0", "1", "f", "t", "n", "y", "no", "on", "off", "yes", "false", "true"})
HARMLESS = {"PACKLINT_CACHE_DIR": None, "PACKLINT_NO_CACHE": SWITCHES}
"""Variables of the environment that only others have to see, and what they may be."""

OURS = ("PACKLINT_", "_PACKLINT_")

EXPANDED = frozenset("*?[~$%")
"""What click reads in an argument on Windows, whose shells leave that to programs."""


def plain(arguments: Sequence[str], environment: Mapping[str, str]) -> Callable[[], int] | None:
    """What does what plain arguments ask for, and gives the exit code; None where click has to read them."""
    if arguments == ["--version"]:
        return _say_version
    asked = parsed(arguments, environment)
    if asked is None:
        return None
    from functools import partial

    from packlint.commands.checking import checked

    return partial(checked, **asked)


def tolerate_few_characters() -> None:
    """Have the streams write an escape for a character that they lack: a console of Windows may know few."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def parsed(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any] | None:
    """What `checked` is to be given; None where that is not plain."""
    ours = (name for name in environment if name.startswith(OURS))
    if arguments[:1] != ["check"] or not all(_is_harmless(name, environment[name]) for name in ours):
        return None
    if os.name == "nt" and any(EXPANDED & set(it) for it in arguments):
        return None
    read = _read(arguments[1:])
    if read is None:
        return None
    paths, said, options = read
    said.pop("no_cache", None)  # whoever might have answered has seen it
    from packlint.commands.fixing import Fixing
    from packlint.commands.wanted import KEYS, PLACE, RULES, Wanted

    fixing = {name: said.pop(name) for name in ("fix", "unsafe", "diff") if name in said}
    wanted = {name: said.pop(name) for name in (*RULES, *PLACE) if name in said}
    keys = {name.replace("_", "-"): options[name] for name in wanted}
    by_key = {key: option for key, option in keys.items() if key in KEYS}
    return {"paths": paths, "fixing": Fixing(**fixing), "wanted": Wanted(**wanted, said=by_key), **said}


def _is_harmless(name: str, value: str) -> bool:
    known = HARMLESS.get(name, frozenset())
    return known is None or value.lower() in known


def _read(arguments: Sequence[str]) -> tuple[tuple[str, ...], dict[str, Any], dict[str, str]] | None:
    """Paths, parameters, and the options that gave these; None for what is not plain."""
    paths: list[str] = []
    said: dict[str, Any] = {}
    options: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if argument == "-" or not argument.startswith("-"):
            if argument != "-" and not os.access(argument, os.R_OK):
                return None
            paths.append(argument)
            continue
        option, equals, text = argument.partition("=")
        name, takes = OPTIONS.get(option, ("", ""))
        if not takes or (takes == FLAG and equals) or (takes != TEXTS and name in said):
            return None
        value = True if takes == FLAG else _value(name, takes, text if equals else next(rest, ""))
        if value is None:
            return None
        said[name] = (*said.get(name, ()), value) if takes == TEXTS else value
        options[name] = option
    return tuple(paths), said, options


def _value(name: str, takes: str, text: str) -> object:
    """What the text of an option means; None for what is not plain."""
    if not text or text.startswith("-") or text not in CHOICES.get(name, (text,)):
        return None
    if takes == NUMBER:
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) else None
    if takes in (PATH, NAME) and not os.access(text, os.R_OK):
        return None
    if takes != PATH:
        return text
    from pathlib import Path

    return Path(text)


def _say_version() -> int:
    from packlint import __version__

    print(f"packlint {__version__}", flush=True)
    return 0
