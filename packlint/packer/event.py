"""Nouns for what Packer says, line by line, in its machine-readable output."""

from __future__ import annotations

from typing import Literal, TypeAlias

from packlint.record import record


@record
class Said:
    """A line for people. `build` is the image that it is about, "" for none; `text` is without its prefix.

    `kind` is Packer's: say, message or error. `header` tells that Packer marks it as the beginning of
    something (`==>`).
    """

    kind: Literal["say", "message", "error"]
    build: str
    text: str
    header: bool = False


@record
class Failed:
    """A build has failed, and why (`error`)."""

    build: str
    text: str


@record
class Made:
    """A fact of an artifact (`artifact`): `key` is builder-id, id, string, files-count, file, nil or end."""

    build: str
    index: int
    key: str
    values: tuple[str, ...]


@record
class Noted:
    """A line of another type, such as `version`, with its data."""

    type: str
    target: str
    data: tuple[str, ...]


@record
class Garbled:
    """A line that is not machine-readable: of Packer's own crash, or of something that it has started."""

    text: str


Event: TypeAlias = Said | Failed | Made | Noted | Garbled


@record
class Artifact:
    """Something that a build made: `id` and `string` are Packer's, `files` paths as Packer tells them."""

    builder_id: str = ""
    id: str = ""
    string: str = ""
    files: tuple[str, ...] = ()
