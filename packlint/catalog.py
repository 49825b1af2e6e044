"""The name of a component → the plugin that brings it and the schema of its arguments.

The facts come from the sources of the plugins (`.ci/generate_schemas.py`) and are data of the package; a file
is read when something in it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module

from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Literal, TypeAlias

Kind: TypeAlias = 'Literal["builder", "provisioner", "post-processor", "data-source"]'
KINDS: tuple[Kind, ...] = ("builder", "provisioner", "post-processor", "data-source")

Schema: TypeAlias = "Mapping[str, Any]"
"""A JSON Schema of the arguments of one component; what `x-` annotations say is in docs/schemas.md."""


@record
class Plugin:
    """A plugin of Packer: `source` is its address, `folder` where its schemas lie.

    `version` is the newest release that packlint has read, None where it has none; `date` is that of the
    commit. `components` maps kinds to the types that it registers under its own name. `bundled_until` is the
    last Packer that brought it along, `external_since` the next one.
    """

    source: str
    repository: str
    version: str | None
    date: str
    components: Mapping[str, tuple[str, ...]]
    folder: str = ""
    bundled_until: str | None = None
    external_since: str | None = None

    @property
    def name(self) -> str:
        """The last part of the address: the name that its components begin with."""
        return self.source.rpartition("/")[2]

    def offers(self, kind: str, type_: str) -> bool:
        """Whether it has a component of that type."""
        return type_ in self.components.get(kind, ())


@record
class Rename:
    """What became of an argument: `new` is its name or path now, None where there is nothing in its place.

    The value changes too where one of the others is set: `values` maps old values, as JSON writes them, to
    new ones; it stands in a `wrap`, a list; or is a part of the new one, which `merge` shows: `TYPE:VALUE`,
    `file:URL` or `md5:VALUE`.
    """

    new: str | None
    values: Mapping[str, str] | None = None
    wrap: str | None = None
    merge: str | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing but the name changes."""
        return self.new is not None and "." not in self.new and not (self.values or self.wrap or self.merge)


@record
class Catalog:
    """The components that packlint knows: its own, and those whose schemas lie in further `folders`.

    A folder is laid out as packlint's own: `builder/NAME.json`, `provisioner/NAME.json` and so on.
    """

    folders: tuple[Path, ...] = ()

    def schema(
        self, kind: str, type_: str, plugin: Plugin | None, source: str | None = None
    ) -> Schema | None:
        """The schema of a component that a plugin, or Packer itself, brings; None where there is none.

        `source` is the address of a plugin that packlint may not know. Raises CatalogError for a schema of
        the folders that is of no use.
        """
        brought = self.brought(kind, type_, plugin.source if plugin else source)
        if brought is not None:
            return brought
        if plugin is None:
            return shipped(kind, type_) if source is None and type_ in core(kind) else None
        if not plugin.offers(kind, type_):
            return None
        path = f"{kind}/{type_}.json"
        found: Schema = read(f"{plugin.folder}/{path}" if plugin.folder else path)
        return found

    def brought(self, kind: str, type_: str, source: str | None = None) -> Schema | None:
        """The schema that one of the folders has, the last of them first, of the plugin at `source`."""
        if not self.folders:
            return None
        from packlint.foreign import foreign

        for folder in reversed(self.folders):
            schema = foreign(folder, kind, type_)
            if schema is not None and _may_be_of(schema, source):
                return schema
        return None

    def brings(self, kind: str, type_: str) -> bool:
        """Whether one of the folders has a schema of such a component; it is not read."""
        return type_ in self._in_folders(kind)

    def types(self, kind: str) -> tuple[str, ...]:
        """All types of a kind, sorted; those of Packer itself too."""
        found = set(core(kind))
        for plugin in plugins():
            found |= {*plugin.components.get(kind, ())}
        return tuple(sorted(found | self._in_folders(kind)))

    def _in_folders(self, kind: str) -> frozenset[str]:
        if not self.folders:
            return frozenset()
        from packlint.foreign import types

        return frozenset[str]().union(*(types(folder, kind) for folder in self.folders))


SHIPPED = Catalog()
"""What packlint brings itself."""


@cache
def core(kind: str) -> tuple[str, ...]:
    """The types that Packer itself brings."""
    return tuple(_index()["core"].get(kind, ()))


def plugins() -> tuple[Plugin, ...]:
    """Every plugin, by its address."""
    return tuple(map(_plugin, _index()["plugins"]))


def plugin(address: str) -> Plugin | None:
    """The plugin at an address, or at the one that it moved to; None where packlint knows none.

    Addresses are compared without regard to case, as GitHub does. Some plugins are known by the name of
    their repository too.
    """
    folded = address.lower()
    to = _index()["also"].get(folded) or moved(address)
    source = _addresses().get(folded) or (_addresses().get(to.lower()) if to else None)
    return _plugin(source) if source is not None else None


def moved(address: str) -> str | None:
    """The address that a plugin has moved to."""
    return _moved().get(address.lower())


def offering(kind: str, type_: str) -> tuple[Plugin, ...]:
    """The plugins that have a component of that type; forks come last."""
    return tuple(map(_plugin, _offering().get((kind, type_), ())))


def renamed(kind: str, type_: str) -> str | None:
    """What Packer calls a component now that had another name once (`packer fix`)."""
    found: str | None = _index()["renamed"].get(kind, {}).get(type_)
    return found


def retired(kind: str, type_: str) -> str | None:
    """The last Packer that had a component which is gone, as in `v1.7.2`."""
    found: str | None = _index()["retired"].get(kind, {}).get(type_)
    return found


def renamed_argument(kind: str, type_: str, path: str) -> Rename | None:
    """What `packer fix` makes of an argument that a component may have had once; dots lead into blocks.

    The table is that of fix/ of Packer and knows no versions: whether the component has the argument, or the
    new one, only its schema tells.
    """
    from fnmatch import fnmatchcase

    for entry in _index()["arguments"].get(path, ()):
        if entry["kind"] == kind and fnmatchcase(type_, entry["types"]):
            return Rename(entry["new"], entry.get("values"), entry.get("wrap"), entry.get("merge"))
    return None


def unread(kind: str, type_: str) -> bool:
    """Whether a plugin has such a component and packlint has no schema of it."""
    return type_ in _index()["unread"].get(kind, ())


@cache
def shipped(kind: str, type_: str) -> Schema | None:
    """The schema that packlint has of a component, whichever plugin brings it, but no fork's."""
    known = type_ in core(kind) or any(not it.folder for it in offering(kind, type_))
    return read(f"{kind}/{type_}.json") if known else None


def is_own(schema: Schema) -> bool:
    """Whether packlint brings a schema itself, this very object."""
    return _READ.get(id(schema)) is schema


def properties(schema: Schema) -> Mapping[str, Schema]:
    """The arguments and nested blocks that a schema of an object, or of a list of objects, has by name."""
    found: Mapping[str, Schema] = within(schema).get("properties", {})
    return found


def within(schema: Schema) -> Schema:
    """The schema of what one block holds: that of the items, where there may be several blocks."""
    items = schema.get("items")
    return items if schema.get("x-block") == "list" and isinstance(items, Mapping) else schema


def is_block(schema: Schema) -> bool:
    """Whether HCL writes it as a nested block."""
    return "x-block" in schema


def at(schema: Schema, path: Iterable[str | int]) -> Schema | None:
    """The argument or block to which names lead through blocks, past indices among them."""
    found: Schema | None = schema
    for name in path:
        if isinstance(name, str):
            found = properties(found).get(name) if found is not None else None
    return found


def walk(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Every argument and block of a component by its path, blocks before what they hold."""
    for name, inner in properties(schema).items():
        yield (*path, name), inner
        if is_block(inner):
            yield from walk(inner, (*path, name))


def _may_be_of(schema: Schema, source: str | None) -> bool:
    """Whether a schema is of a component of the plugin at that address, for all that both say."""
    address = schema.get("x-component", {}).get("plugin")
    return address is None or source is None or address.lower() == source.lower()


@cache
def _index() -> Any:
    return read("index.json")


@cache
def _plugin(source: str) -> Plugin:
    facts = _index()["plugins"][source]
    return Plugin(
        source,
        facts["repository"],
        facts["version"],
        facts["date"],
        {kind: tuple(types) for kind, types in facts["components"].items()},
        facts.get("path", ""),
        facts.get("bundled_until"),
        facts.get("external_since"),
    )


@cache
def _addresses() -> dict[str, str]:
    """The address of every plugin by the same in lower case."""
    return {source.lower(): source for source in _index()["plugins"]}


@cache
def _offering() -> dict[tuple[str, str], list[str]]:
    """The addresses of the plugins that have a component, by its kind and type; forks come last."""
    found: dict[tuple[str, str], list[str]] = {}
    for source, facts in sorted(_index()["plugins"].items(), key=lambda it: bool(it[1].get("path"))):
        for kind, types in facts["components"].items():
            for type_ in types:
                found.setdefault((kind, type_), []).append(source)
    return found


@cache
def _moved() -> dict[str, str]:
    return {old.lower(): new for old, new in _index()["moved"].items()}


_READ: dict[int, Any] = {}
"""What has been read of packlint's own, by its id."""


class _Plain:
    """What the scanner of `json` asks for, with the values that it has by default."""

    strict, object_hook, object_pairs_hook = True, None, None
    parse_float, parse_int, parse_constant = float, int, None


def _parsed(data: bytes) -> Any:
    try:
        from _json import make_scanner  # all of `json` takes longer to load than most of these files to read
    except ImportError:
        from json import loads

        return loads(data)
    default: Any = _Plain
    return make_scanner(default)(data.decode(), 0)[0]


@cache
def read(name: str) -> Any:
    """What a file of `packlint.schemas` says, which is asked of what has loaded that package."""
    package: Any = import_module("packlint.schemas")
    found = _parsed(package.__loader__.get_data(f"{package.__path__[0]}/{name}"))
    _READ[id(found)] = found
    return found
