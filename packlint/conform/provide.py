"""The type of a component and the required plugins → who brings it, and under which name of its own.

A required plugin registers its components as `<name of the entry>-<component>`, or as the entry alone for its
default one (packer/plugin.go; the name of the entry is the key in `required_plugins`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packlint import catalog
from packlint.catalog import Catalog, Plugin
from packlint.model import RequiredPlugin


@dataclass(frozen=True, slots=True)
class Provider:
    """Who brings a component, and what it is called there.

    `bundled` tells that it is a part of Packer; `entry` is the required plugin that brings it; `plugin` what
    is known of the plugin that does or would.
    """

    name: str
    bundled: bool = False
    entry: RequiredPlugin | None = None
    plugin: Plugin | None = None


def provider(kind: str, type_: str, entries: Sequence[RequiredPlugin], known: Catalog) -> Provider:
    """Who brings a component: Packer, which registers its own first, a required plugin, or one that would."""
    if type_ in catalog.core(kind):
        return Provider(type_, bundled=True)
    unknown: RequiredPlugin | None = None
    for entry in _by_name(type_, entries):
        plugin = catalog.plugin(entry.source) if entry.source else None
        if plugin is None:
            unknown = unknown or entry
            continue
        name = plugin.name + type_[len(entry.name) :]
        if plugin.offers(kind, name) or catalog.unread(kind, name):
            return Provider(name, entry=entry, plugin=plugin)
    if unknown is not None:
        own = (unknown.source or unknown.name).rpartition("/")[2]
        return Provider(own + type_[len(unknown.name) :], entry=unknown)
    offering = catalog.offering(kind, type_)
    if not offering:
        return Provider(type_)
    other = _of(offering, entries)
    return Provider(type_, entry=other, plugin=_plugin(other) or offering[0])


def _by_name(type_: str, entries: Iterable[RequiredPlugin]) -> list[RequiredPlugin]:
    """The entries whose components may have that name, the longest name first."""
    fitting = [it for it in entries if type_ == it.name or type_.startswith(f"{it.name}-")]
    return sorted(fitting, key=lambda it: -len(it.name))


def _of(offering: Sequence[Plugin], entries: Iterable[RequiredPlugin]) -> RequiredPlugin | None:
    """The entry for one of some plugins, whatever name it has."""
    sources = {plugin.source for plugin in offering}
    for entry in entries:
        plugin = _plugin(entry)
        if plugin is not None and plugin.source in sources:
            return entry
    return None


def _plugin(entry: RequiredPlugin | None) -> Plugin | None:
    return catalog.plugin(entry.source) if entry is not None and entry.source else None
