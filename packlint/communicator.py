"""A builder's arguments → the communicator by which Packer reaches the guest."""

from __future__ import annotations

from packlint.model import Arguments, SourceUse
from packlint.traits import builder
from packlint.value import Known


def communicator_of(use: SourceUse) -> str | None:
    """The communicator that Packer uses for a source, None where it cannot be known or there is none."""
    return communicator(use.type, use.arguments) if use.source is not None else None


def communicator(type_: str, arguments: Arguments) -> str | None:
    """The communicator of a builder with these arguments, None where it cannot be known or there is none.

    A builder that has its own takes no other; an empty value is none (hashicorp/packer-plugin-sdk,
    communicator/config.go, `Prepare`).
    """
    known = builder(type_)
    if known is None or arguments.blocks_of("communicator"):
        return None
    value = arguments.value("communicator") if known.communicator_settable else None
    if value is not None and not (isinstance(value, Known) and value.data in ("", None)):
        return value.known(str)
    if value is not None and value.to_be_supplied:
        return None
    if known.type == "docker":
        return _of_docker(arguments)
    return known.communicator


def _of_docker(arguments: Arguments) -> str | None:
    """hashicorp/packer-plugin-docker, builder/docker/config.go: the default follows `windows_container`."""
    if "windows_container" not in arguments:
        return "docker"
    windows = arguments.known("windows_container", bool)
    return None if windows is None else "dockerWindowsContainer" if windows else "docker"
