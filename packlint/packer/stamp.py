"""What a stamp holds ↔ the bytes of its file; bytes that say anything else are no stamp."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from packlint.packer.event import Artifact
from packlint.record import record, replace
from packlint.visible import visible

LARGEST = 4 * 1024 * 1024
"""Bytes; a larger file is no stamp."""

_VERSION = 1
_HEX = re.compile(r"[0-9a-f]{32}")

FileState: TypeAlias = tuple[str, int, int]
"""The name of a file below the common base, its size in bytes and when it was changed, in nanoseconds."""


@record
class Output:
    """An artifact, with its files as they were; `files` is None where some cannot be seen from here."""

    artifact: Artifact
    files: tuple[FileState, ...] | None


@record
class Stamp:
    """What an image was made from, and what came of it.

    `identity` is different for each build, and `bases` has those of the stamps of what the image was made
    from, "" where there was none. `built` is in seconds since the epoch. With `salt` the secrets among the
    ingredients are sealed. `tools` are versions by the names of programs.
    """

    image: str
    identity: str
    built: float
    salt: str
    ingredients: Mapping[str, str]
    tools: Mapping[str, str]
    bases: Mapping[str, str]
    outputs: tuple[Output, ...]

    @property
    def when(self) -> str:
        """The time of the build where people are: `2026-11-23 03:10`."""
        return datetime.fromtimestamp(self.built).astimezone().strftime("%Y-%m-%d %H:%M")


def encoded(stamp: Stamp) -> bytes:
    """The file of a stamp."""
    outputs = [
        {
            "builder": output.artifact.builder_id,
            "id": output.artifact.id,
            "string": output.artifact.string,
            "files": list(output.artifact.files),
            "states": None if output.files is None else [list(state) for state in output.files],
        }
        for output in stamp.outputs
    ]
    data = {
        "version": _VERSION,
        "image": stamp.image,
        "identity": stamp.identity,
        "built": stamp.built,
        "salt": stamp.salt,
        "ingredients": dict(stamp.ingredients),
        "tools": dict(stamp.tools),
        "bases": dict(stamp.bases),
        "outputs": outputs,
    }
    return (json.dumps(data, indent=1) + "\n").encode()


def decoded(data: bytes) -> Stamp | None:
    """The stamp that a file holds; None for whatever is none, however it was made."""
    if len(data) > LARGEST:
        return None
    try:
        said = json.loads(data)
        if said["version"] != _VERSION:
            return None
        stamp = Stamp(
            image=_text(said["image"]),
            identity=_of(_HEX, said["identity"]),
            built=_number(said["built"]),
            salt=_of(_HEX, said["salt"]),
            ingredients=_texts(said["ingredients"]),
            tools=_texts(said["tools"]),
            bases=_texts(said["bases"]),
            outputs=tuple(_output(it) for it in said["outputs"]),
        )
        if any(visible(label) != label for label in stamp.ingredients):
            return None
        stamp.when  # noqa: B018 - there are times that no calendar has
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None
    return stamp


def _output(said: Any) -> Output:
    files = tuple(_text(it) for it in said["files"])
    artifact = Artifact(_text(said["builder"]), _text(said["id"]), _text(said["string"]), files)
    states = said["states"]
    return Output(artifact, None if states is None else tuple(_state(it) for it in states))


def _state(said: Any) -> FileState:
    name, size, changed = said
    if type(size) is not int or type(changed) is not int:
        raise TypeError
    return _text(name), size, changed


def _text(said: object) -> str:
    if not isinstance(said, str) or "\0" in said:
        raise TypeError
    said.encode()  # a lone surrogate is no text
    return said


def _of(pattern: re.Pattern[str], said: object) -> str:
    if not pattern.fullmatch(text := _text(said)):
        raise ValueError
    return text


def _number(said: object) -> float:
    if type(said) not in (int, float) or not math.isfinite(number := float(said)):  # type: ignore[arg-type]
        raise ValueError
    return number


def _texts(said: Any) -> Mapping[str, str]:
    return {_text(name): _text(value) for name, value in said.items()}


def without(artifact: Artifact, secrets: frozenset[str]) -> Artifact:
    """An artifact without the words of Packer that have a secret in them."""

    def clean(text: str) -> str:
        return "" if any(secret in text for secret in secrets if len(secret) > 3) else text

    files = tuple(name for name in artifact.files if clean(name))
    return replace(artifact, id=clean(artifact.id), string=clean(artifact.string), files=files)
