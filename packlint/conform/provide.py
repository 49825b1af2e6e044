"""The type of a component and the required plugins → who brings it, and under which name of its own.

A required plugin registers its components as `<name of the entry>-<component>`, or as the entry alone for its
default one (packer/plugin.go; the name of the entry is the key in `required_plugins`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packlint import catalog
from packlint.catalog import Plugin
from packlint.model import RequiredPlugin
from packlint.record import record


@record
class Provider:
    """Who brings a component, and what it is called there.

    `bundled` tells that it is a part of Packer; `entry` is the required plugin that brings it; `plugin` what
    is known of the plugin that does or would.
    """

    name: str
    bundled: bool = False
    entry: RequiredPlugin | None = None
    plugin: Plugin | None = None


class Providers:
    """Who brings the components of a template that has some required plugins."""

    def __init__(self, entries: Sequence[RequiredPlugin]) -> None:
        self._by_name: dict[str, list[RequiredPlugin]] = {}
        self._by_plugin: dict[str, RequiredPlugin] = {}
        for entry in entries:
            self._by_name.setdefault(entry.name, []).append(entry)
            plugin = _plugin(entry)
            if plugin is not None:
                self._by_plugin.setdefault(plugin.source, entry)
        self._lengths = sorted({len(name) for name in self._by_name}, reverse=True)
        self._found: dict[tuple[str, str], Provider] = {}

    def of(self, kind: str, type_: str) -> Provider:
        """Who brings a component: Packer, which has its own first, a required plugin, or one that would."""
        key = kind, type_
        if key not in self._found:
            own = type_ in catalog.core(kind)
            self._found[key] = Provider(type_, bundled=True) if own else self._required(kind, type_)
        return self._found[key]

    def _required(self, kind: str, type_: str) -> Provider:
        unknown: RequiredPlugin | None = None
        for entry in self._named(type_):
            plugin = _plugin(entry)
            if plugin is None:
                unknown = unknown or entry
                continue
            name = plugin.name + type_[len(entry.name) :]
            if plugin.offers(kind, name) or catalog.unread(kind, name):
                return Provider(name, entry=entry, plugin=plugin)
        if unknown is not None:
            own = (unknown.source or unknown.name).rpartition("/")[2]
            return Provider(own + type_[len(unknown.name) :], entry=unknown)
        return self._offered(kind, type_)

    def _named(self, type_: str) -> Iterator[RequiredPlugin]:
        """The entries whose components may have that name, the longest name first."""
        for length in self._lengths:
            if length == len(type_) or type_[length : length + 1] == "-":
                yield from self._by_name.get(type_[:length], ())

    def _offered(self, kind: str, type_: str) -> Provider:
        """Who is known to have a component of that name; an entry for it may have another name."""
        offering = catalog.offering(kind, type_)
        if not offering:
            return Provider(type_)
        sources = {plugin.source for plugin in offering}
        entry = next((it for source, it in self._by_plugin.items() if source in sources), None)
        return Provider(type_, entry=entry, plugin=_plugin(entry) or offering[0])


def _plugin(entry: RequiredPlugin | None) -> Plugin | None:
    return catalog.plugin(entry.source) if entry is not None and entry.source else None
