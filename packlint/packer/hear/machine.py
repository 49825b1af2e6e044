"""A line of Packer's machine-readable output → the event that it tells.

The lines, `<seconds>,<target>,<type>,<data>…`, are of `MachineReadableUi` and `TargetedUI` (packer/ui.go).
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, cast

from packlint.packer.event import Event, Failed, Garbled, Made, Noted, Said

_TYPES = frozenset({"ui", "version", "version-prelease", "version-commit", "error-count", "error"}) | {
    *("artifact", "artifact-count", "template-variable", "template-builder", "template-provisioner")
}
_LINE = re.compile(r"[0-9]{1,19},([^,]*),([a-z][a-z0-9-]{0,63}),(.*)", re.DOTALL)
_NAMED = re.compile(
    r"[0-9]{1,19},((?>(?:(?!,(?:error|artifact|artifact-count),).)*)),([a-z-]*),(.*)", re.DOTALL
)
"""A line of a build: with commas in its name, up to the first of the types that such lines have."""
_COMMA = "%!(PACKER_COMMA)"

_Kind: TypeAlias = Literal["say", "message", "error"]

_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[-+][0-9]{2}:[0-9]{2}): ")
"""What `-timestamp-ui` puts before a text (`TimestampedUi`)."""
_COLOR = re.compile(r"(?:\x1b\[[0-9;]{0,16}m)+")
_PREFIX = re.compile(r"(==> |    )([^ ](?:(?!: ).)*?)(?:: |:\Z)", re.DOTALL)
_OVER = re.compile(r"Build '(.+?)' (?:errored|finished|failed to acquire semaphore)\b", re.DOTALL)
_RESULT = re.compile(r"--> (.+?): ", re.DOTALL)
_ABOUT_ALL = re.compile(r"(?:\n)+(?:==> )?")


def read(line: str) -> Event:
    r"""The event that a line tells, in the words of Packer 1.6 and later ones alike.

    What is no such line is `Garbled`. Names are not escaped in Packer's output: the name of a build ends at
    the first `: ` of a text for people, and in other lines before the first type that is known.

    A text for people has each of its lines after the same name, so a `\n` that no name follows is what a
    template or a machine has written, as in `C:\new`, and stays. `\r` cannot be told apart.
    """
    line = line.rstrip("\r\n")
    found = _LINE.fullmatch(line)
    if found is None or found[2] not in _TYPES:
        found = _NAMED.fullmatch(line) or found
    if found is None:
        return Garbled(line)
    target, type_, rest = found.groups()
    fields = rest.split(",")
    match type_:
        case "ui" if fields[0] in ("say", "message", "error"):
            return _said(cast("_Kind", fields[0]), target, rest[len(fields[0]) + 1 :])
        case "error":
            return Failed(target, _decoded(rest))
        case "artifact" if len(fields) > 1 and (index := _number(fields[0])) is not None:
            return Made(target, index, fields[1], tuple(map(_decoded, fields[2:])))
    return Noted(type_, target, tuple(map(_decoded, fields)))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _decoded(text: str) -> str:
    return _lines(text.replace(_COMMA, ","))


def _lines(text: str) -> str:
    return text.replace("\\r", "\r").replace("\\n", "\n")


def _said(kind: _Kind, target: str, text: str) -> Said:
    text = _COLOR.sub("", text, count=1) if _COLOR.match(text) else text
    text = text.replace(_COMMA, ",")
    if stamp := _STAMP.match(text):
        text = text[stamp.end() :]
    prefix = _PREFIX.match(text)
    if prefix is not None and (prefix[1] == "==> " or kind == "message"):
        return Said(kind, prefix[2], _without(text, prefix), prefix[1] == "==> ")
    text = _lines(text)
    if over := _OVER.match(text):
        return Said(kind, over[1], text)
    if result := _RESULT.match(text):
        return Said(kind, result[1], text[result.end() :])
    if about_all := _ABOUT_ALL.match(text):
        return Said(kind, target, text[about_all.end() :], about_all[0].endswith("> "))
    return Said(kind, target, text)


def _without(text: str, prefix: re.Match[str]) -> str:
    """The lines of a text without what each of them begins with; Packer strips the end of the whole."""
    before = f"{prefix[1]}{prefix[2]}:"
    body = text[len(before) :].replace(f"\\n{before} ", "\n ").replace(f"\\n{before}", "\n")
    return re.sub(r"(^|\n) ", r"\1", body).replace("\\r", "\r")
