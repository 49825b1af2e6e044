"""Checkouts of plugins → their components' schemas brought up to date, and what changed, on standard output.

`python -m packlint.schemas.refresh CHECKOUT…` reads the Go files and the `go.mod` of each folder and runs
nothing. It learns the names and types of arguments and blocks; what a plugin's own checks demand it does not
see. Refresh release by release, for what is new counts as new in the version of the tree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from packlint.errors import PacklintError
from packlint.version import Version

from . import index as indexes
from .compose import text
from .conditions import Schema
from .gotree import Tree
from .hcl2spec import Body, Reader, UnclearError
from .merge import merged
from .registered import CORE, Registered, registered, version

SHIPPED = Path(__file__).parent
OUTPUT = "refreshed-schemas"


@dataclass
class Plugin:
    """A plugin as its tree has it; `address` is `None` for Packer itself, `tag` between its releases.

    `complete` says whether all of its registrations were understood.
    """

    tree: Tree
    address: str | None
    tag: str | None
    reader: Reader
    components: list[Registered]
    complete: bool

    @property
    def title(self) -> str:
        """How the report names it."""
        return f"{self.address or 'Packer'} {self.tag or 'between releases'}"

    def type(self, component: Registered) -> str:
        """The type of a component as templates write it."""
        plugin = (self.address or "").rpartition("/")[2]
        return "-".join(part for part in (plugin, component.name) if part)


@dataclass
class Refreshed:
    """The files to write, by their path in the output, and the lines of the report."""

    files: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def refresh(checkouts: Sequence[Path], plugin: str | None = None, tag: str | None = None) -> Refreshed:
    """What becomes of the shipped schemas; raises PacklintError where a folder is not a plugin's source."""
    found = Refreshed()
    index = json.loads((SHIPPED / "index.json").read_text(encoding="utf-8"))
    before = index
    for checkout in checkouts:
        index = _plugin(found, _read(checkout, index, plugin, tag), index)
    if index != before:
        found.files["index.json"] = indexes.text(index)
    return found


def _read(checkout: Path, index: indexes.Index, plugin: str | None, tag: str | None) -> Plugin:
    tree = Tree(checkout)
    address = None if tree.module == CORE else plugin or indexes.address(index, tree.module)
    reader = Reader(tree)
    components = registered(tree, reader)
    if not components:
        why = f": {reader.notes[0]}" if reader.notes else ""
        raise PacklintError(f"`{checkout}` registers no component that is understood{why}")
    said = tag or version(tree)
    read = Version.parse(said) if said else None
    return Plugin(
        tree, address, said if read and not read.prerelease else None, reader, components, not reader.notes
    )


def _plugin(found: Refreshed, plugin: Plugin, index: indexes.Index) -> indexes.Index:
    """Adds a plugin's files and lines; the index with it."""
    known = index["plugins"].get(plugin.address, {}) if plugin.address else {"components": index["core"]}
    folder = _folder(plugin, known)
    found.lines.append(plugin.title)
    types: dict[str, list[str]] = {}
    for component in plugin.components:
        type_ = plugin.type(component)
        path = f"{folder}{component.kind}/{type_}.json"
        try:
            schema, changes = _component(plugin, component, path)
        except UnclearError as unclear:
            plugin.reader.notes.append(str(unclear))
            found.lines.append(f"  {component.kind} {type_}: not read")
            continue
        types.setdefault(component.kind, []).append(type_)
        found.files[path] = text(schema)
        found.lines += [f"  {component.kind} {type_}: {change}" for change in changes or ("unchanged",)]
    if plugin.complete:
        found.lines += [f"  {name}: not registered any more, left as it is" for name in _gone(plugin, known)]
    found.lines += [f"  not understood: {note}" for note in dict.fromkeys(plugin.reader.notes)]
    about = _entry(plugin, known) | {"path": folder.rstrip("/")}
    return indexes.refreshed(index, plugin.address, about, types) if types else index


def _entry(plugin: Plugin, known: dict[str, Any]) -> dict[str, Any]:
    """What the index says of a plugin, but for its components."""
    about = {"repository": indexes.repository(plugin.tree.module), "version": None, "date": None}
    about |= {key: known[key] for key in about if key in known}
    if plugin.tag and plugin.tag != about["version"]:
        about |= {"version": plugin.tag, "date": None}
    return about


def _folder(plugin: Plugin, known: dict[str, Any]) -> str:
    """Where the schemas of a plugin lie; one that has a type of another's lies beside it."""
    if known or plugin.address is None:
        return f"{known['path']}/" if known.get("path") else ""
    for component in plugin.components:
        if (SHIPPED / component.kind / f"{plugin.type(component)}.json").is_file():
            return f"alternates/{plugin.address.split('/')[1]}/"
    return ""


def _component(plugin: Plugin, component: Registered, path: str) -> tuple[Schema, tuple[str, ...]]:
    body = plugin.reader.body(component.type)
    outputs: Body | None = None
    if component.kind == "data-source":
        try:
            outputs = plugin.reader.body(component.type, "OutputSpec")
        except UnclearError as unclear:
            plugin.reader.notes.append(str(unclear))
    shipped = SHIPPED / path
    old = json.loads(shipped.read_text(encoding="utf-8")) if shipped.is_file() else None
    if old and old["x-component"]["plugin"] != plugin.address:
        raise UnclearError(f"`{path}` is the schema of another plugin")
    about = _about(plugin, component, old)
    result = merged(old, body, about, outputs, plugin.tag)
    return result.schema, ("new", *result.changes) if old is None else result.changes


def _about(plugin: Plugin, component: Registered, old: Schema | None) -> Schema:
    """The `x-component` of a refreshed schema, without the date and commit of another version."""
    if old is None:
        tag = plugin.tag
        about = {"kind": component.kind, "type": plugin.type(component), "plugin": plugin.address}
        about |= {
            "repository": indexes.repository(plugin.tree.module),
            "version": tag,
            "date": None,
            "commit": None,
        }
        return about | ({"first_version": tag} if tag else {})
    about = dict(old["x-component"])
    if plugin.tag is None or plugin.tag == about["version"]:
        return about
    if _older(plugin.tag, about["version"]):
        raise PacklintError(
            f"`{plugin.tree.root}` is {plugin.tag}, and the schemas are of {about['version']}",
            "check out a newer release of the plugin",
        )
    return about | {"version": plugin.tag, "date": None, "commit": None}


def _older(tag: str, than: str | None) -> bool:
    ours, theirs = Version.parse(tag), Version.parse(than or "")
    return ours is not None and theirs is not None and ours < theirs


def _gone(plugin: Plugin, known: dict[str, Any]) -> Iterator[str]:
    """The components there were that the tree does not register; older releases have them."""
    there = {(component.kind, plugin.type(component)) for component in plugin.components}
    for kind, types in known.get("components", {}).items():
        yield from (f"{kind} {type_}" for type_ in types if (kind, type_) not in there)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument(
    "checkouts", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--output",
    default=OUTPUT,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
@click.option("--plugin", help="Address of the plugin, where the module does not tell.")
@click.option("--version", "tag", help="Release that the checkout is, where its Go files do not tell.")
def command(checkouts: tuple[Path, ...], output: Path, plugin: str | None, tag: str | None) -> None:
    """Bring schemas up to date with the source of plugins."""
    if len(checkouts) > 1 and (plugin or tag):
        raise click.UsageError("`--plugin` and `--version` go with one checkout")
    if tag is not None and Version.parse(tag) is None:
        raise click.UsageError(f'"{tag}" is no version')
    try:
        found = refresh(checkouts, plugin, tag)
        for path, content in found.files.items():
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
    except (PacklintError, OSError) as error:
        hint = f"\nhint: {error.hint}" if isinstance(error, PacklintError) and error.hint else ""
        click.echo(f"error: {error}{hint}", err=True)
        raise SystemExit(2) from error
    files = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
    click.echo("\n".join([*found.lines, f"wrote {files} to `{output}`"]))


if __name__ == "__main__":
    command()
