"""The name of a component → what is known of it: its nested blocks; a builder's platform and arguments.

The facts come from the sources of the plugins (`.ci/generate_schemas.py`) and are data of the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from packlint.catalog import Catalog, Schema, is_block, offering, properties, read, shipped
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

HOST_SIDE = frozenset({"shell-local", "breakpoint", "sleep", "hcp-sbom"})
"""Provisioners that do nothing to the image."""

WINDOWS = {
    "powershell": ("execute_command", "elevated_execute_command", "use_pwsh"),
    "windows-shell": ("execute_command",),
    "windows-restart": ("restart_command",),
    "windows-update": (),
}
"""Provisioners for Windows, with the arguments that may make them fit for another system."""

WITHOUT_IMAGE = frozenset({"file", "null"})
"""Builders that make no image of a machine."""


Blocks: TypeAlias = Mapping[str, "Blocks"]
"""The names of nested blocks, and what each may hold of its own."""


@record
class Builder:
    """A builder; `local` tells that it works on the machine that Packer runs on.

    `platform` is cloud, hypervisor, container, local or meta. `communicator` is what it uses by itself, None
    where it has none; `communicator_settable` whether a template may choose. `provisions` is False where
    there is no guest, and nothing that a provisioner sends goes anywhere. `guest_os`, `base` and `iso` name
    the arguments that tell the guest's operating system, that name what the build starts from, and that
    have to do with install media.
    """

    type: str
    platform: str
    provider: str
    local: bool
    communicator: str | None
    communicator_settable: bool = True
    provisions: bool = True
    guest_os: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    iso: tuple[str, ...] = ()


@record
class GuestIds:
    """The names by which one hypervisor knows guest operating systems, in its argument `attribute`.

    `families` maps each name that is known, in lower case, to windows, linux, bsd, solaris, macos or other;
    `patterns` say the same of names that are not, in the order in which they are to be tried.
    """

    hypervisor: str
    attribute: str
    names: frozenset[str]
    families: Mapping[str, str]
    patterns: tuple[tuple[str, str], ...]

    def family(self, name: str) -> str | None:
        """The family of a guest, None where the name says nothing."""
        found = self.families.get(name.lower())
        return found or next((family for family, known in self.patterns if re.search(known, name)), None)

    def has(self, name: str) -> bool:
        """Whether the name is listed, in whatever case."""
        return name.lower() in self.families


def builder(type_: str) -> Builder | None:
    """The builder of that name, or of that older name; None where nothing is known of it."""
    type_ = _facts("builders")["aliases"].get(type_, type_)
    return _builder(type_) if type_ in _facts("builders")["builders"] else None


@cache
def nested_blocks(kind: str, type_: str) -> Blocks | None:
    """The nested blocks of a component and, within each, its own; None where nothing is known of it.

    `kind` is builder, provisioner, post-processor or data-source. JSON writes blocks and arguments alike, so
    that only the schema of a plugin (its `*.hcl2spec.go`) tells which is which. Of components of one name,
    such as those of forks, the blocks are told together.
    """
    if kind == "builder":
        type_ = _facts("builders")["aliases"].get(type_, type_)
    schemas = [*_schemas(kind, type_)]
    found: dict[str, Any] = {}
    for schema in schemas:
        _merge_blocks(found, schema)
    return found if schemas else None


def _merge_blocks(found: dict[str, Any], schema: Schema) -> None:
    for name, inner in properties(schema).items():
        if is_block(inner):
            _merge_blocks(found.setdefault(name, {}), inner)


def _schemas(kind: str, type_: str) -> Iterator[Schema]:
    """The schemas there are of components of that name, those of forks last."""
    own = shipped(kind, type_)
    if own is not None:
        yield own
    for plugin in offering(kind, type_):
        fork = Catalog().schema(kind, type_, plugin) if plugin.folder else None
        if fork is not None:
            yield fork


@record
class Outputs:
    """What a data source gives: names and types, as in `{"tags": "map(string)"}`.

    They are `complete` where Packer itself has the data source; a plugin may get further ones.
    """

    types: Mapping[str, str]
    complete: bool


@cache
def outputs(type_: str) -> Outputs | None:
    """What a data source of that type gives; None where nothing is known of it.

    Of components of one name those outputs are left out that are not of one type in all of them.
    """
    schemas = [*_schemas("data-source", type_)]
    found: dict[str, str] = {}
    for schema in schemas:
        types: Mapping[str, str] = schema["x-outputs"]
        found = {name: kind for name, kind in {**found, **types}.items() if found.get(name, kind) == kind}
    core = all(schema["x-component"]["plugin"] is None for schema in schemas)
    return Outputs(found, core) if schemas else None


def guest_ids(type_: str) -> GuestIds | None:
    """How the builder's hypervisor names guests; None where packlint has no list of them."""
    type_ = _facts("builders")["aliases"].get(type_, type_)
    return next(
        (
            _guest_ids(name)
            for name, ids in _facts("builders")["guest_ids"].items()
            if type_ in ids["builders"]
        ),
        None,
    )


def hypervisors_naming(guest: str) -> tuple[str, ...]:
    """The hypervisors that list exactly this name of a guest."""
    return tuple(name for name in _facts("builders")["guest_ids"] if guest in _guest_ids(name).names)


def _facts(name: str) -> Any:
    return read(f"facts/{name}.json")


@cache
def _builder(type_: str) -> Builder:
    traits: dict[str, Any] = _facts("builders")["builders"][type_]
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in traits.items()}
    return Builder(type_, **values)


@cache
def _guest_ids(hypervisor: str) -> GuestIds:
    facts = _facts("builders")["guest_ids"][hypervisor]
    return GuestIds(
        hypervisor,
        facts["attribute"],
        frozenset(name for names in facts["values"].values() for name in names),
        {name.lower(): family for family, names in facts["values"].items() for name in names},
        tuple((family, pattern) for family, pattern in facts["patterns"]),
    )
