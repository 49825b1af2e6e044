"""What people call a component → the one that is meant, among all that there are schemas of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packlint import catalog
from packlint.catalog import KINDS, Catalog, Plugin, Schema
from packlint.errors import UsageError, unknown
from packlint.foreign import foreign
from packlint.record import record
from packlint.wording import listed

PACKER = "Packer itself"
NOBODY = "-"
"""Stands for what a schema does not say."""

HINT = "`packlint schema list` lists the components"
BLOCKS = {"source": "builder", "data": "data-source"}
"""Kinds as the blocks of HCL call them."""


@record
class Entry:
    """A component with a schema: of a `plugin` that is known, of one at `source`, or of Packer."""

    kind: str
    type: str
    known: Catalog
    plugin: Plugin | None = None
    source: str | None = None

    @property
    def name(self) -> str:
        """What people call it: `builder/qemu`."""
        return f"{self.kind}/{self.type}"

    @property
    def schema(self) -> Schema:
        """Its schema; raises CatalogError for one of a folder that is of no use."""
        schema = self.known.schema(self.kind, self.type, self.plugin, self.source)
        assert schema is not None, "there is an entry only for what has a schema"
        return schema

    @property
    def origin(self) -> str:
        """The address of its plugin."""
        if self.plugin is not None:
            return self.plugin.source
        return self.source or (PACKER if self.type in catalog.core(self.kind) else NOBODY)

    @property
    def release(self) -> str:
        """The version of its plugin that the schema is of, else the date."""
        brought = self.known.brought(self.kind, self.type, self.plugin.source if self.plugin else self.source)
        if self.plugin is not None and brought is None:
            return self.plugin.version or self.plugin.date or NOBODY
        about: Mapping[str, Any] = self.schema.get("x-component", {})
        return about.get("version") or about.get("date") or NOBODY


def entries(known: Catalog) -> Iterator[Entry]:
    """Every component that has a schema, by kind and type; those of forks after the plugin's own."""
    for kind in KINDS:
        for type_ in known.types(kind):
            own = [Entry(kind, type_, known)] if type_ in catalog.core(kind) else []
            own += [Entry(kind, type_, known, plugin) for plugin in catalog.offering(kind, type_)]
            yield from own
            yield from _added(kind, type_, known, own)


def _added(kind: str, type_: str, known: Catalog, own: list[Entry]) -> Iterator[Entry]:
    """Those of the folders that are no packlint's schema replaced."""
    sources = {entry.origin.lower() for entry in own}
    for folder in known.folders:
        schema = foreign(folder, kind, type_)
        if schema is None:
            continue
        source: str | None = schema.get("x-component", {}).get("plugin")
        if (source or NOBODY).lower() not in sources and (source or not sources):
            sources.add((source or NOBODY).lower())
            yield Entry(kind, type_, known, None, source)


def find(name: str, known: Catalog) -> Entry:
    """The component that `KIND/TYPE`, `TYPE` or `PLUGIN/KIND/TYPE` names.

    Raises UsageError where it names none, or more than one.
    """
    above, _, type_ = name.rpartition("/")
    address, _, kind = above.rpartition("/")
    kind = BLOCKS.get(kind, kind)
    if kind and kind not in KINDS:
        raise unknown("kind", kind, KINDS, f"the kinds of components are {_quoted(KINDS)}")
    every = [*entries(known)]
    same = [it for it in every if it.type == type_]
    found = [it for it in same if kind in ("", it.kind) and address.lower() in ("", it.origin.lower())]
    names = dict.fromkeys(it.name for it in found)
    if len(names) > 1:
        raise UsageError(f"there are {len(names)} components `{type_}`", f"name one of {_quoted(names)}")
    if found:
        return found[0]
    raise _missing(kind, type_, address, same, every)


def _missing(kind: str, type_: str, address: str, same: list[Entry], every: list[Entry]) -> UsageError:
    """What is to be said of a component that there is not."""
    title = f"{kind or 'component'} `{type_}`"
    if same:
        of = f" of `{address}`" if address and any(it.kind == kind for it in same) else ""
        others = dict.fromkeys(f"{it.origin}/{it.name}" if of else it.name for it in same)
        return UsageError(f"there is no {title}{of}", f"did you mean {_quoted(others)}?")
    for one in KINDS:
        if kind not in ("", one):
            continue
        if now := catalog.renamed(one, type_):
            return UsageError(f"the {one} `{type_}` is called `{now}` now", f"ask for `{one}/{now}`")
        if last := catalog.retired(one, type_):
            return UsageError(f"there is no {title} any more", f"Packer {last} was the last that had it")
        if catalog.unread(one, type_):
            return UsageError(
                f"packlint has no schema of {title}", "the documentation of its plugin tells more"
            )
    return unknown(kind or "component", type_, {it.type for it in every if kind in ("", it.kind)}, HINT)


def _quoted(names: Iterable[str]) -> str:
    return listed((f"`{name}`" for name in names), "or")
