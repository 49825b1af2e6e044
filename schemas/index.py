"""The shipped index and what a plugin's tree registers → the index brought up to date, and its text."""

from __future__ import annotations

import json
import re
from typing import Any

from packlint.errors import PacklintError

_REPOSITORY_RE = re.compile(r"packer-(?:plugin|builder|provisioner|post-processor|datasource)-(?P<name>.+)")
_VERSIONED_RE = re.compile(r"/v\d+$")

Index = dict[str, Any]
"""`plugins` by their addresses, Packer's own components as `core`, what became of addresses and types."""


def text(index: Index) -> str:
    """JSON with a line for each entry of the first two levels, so that a change shows as its lines."""
    parts = []
    for key, value in sorted(index.items()):
        lines = (
            f"  {json.dumps(name)}: {json.dumps(inner, sort_keys=True)}"
            for name, inner in sorted(value.items())
        )
        parts.append(f' "{key}": {{\n' + ",\n".join(lines) + "\n }" if value else f' "{key}": {{}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def repository(module: str) -> str:
    """`owner/name` of a module's path, which may end in the number of a later major version."""
    return "/".join(_VERSIONED_RE.sub("", module).split("/")[1:3])


def address(index: Index, module: str) -> str:
    """The address from which templates require the plugin of a module, as in `github.com/hashicorp/qemu`.

    Raises PacklintError where the module's path does not tell.
    """
    path = _VERSIONED_RE.sub("", module)
    for known, plugin in index["plugins"].items():
        if plugin["repository"].lower() == repository(module).lower():
            return str(known)
    host, _, rest = path.partition("/")
    owner, _, name = rest.partition("/")
    match = _REPOSITORY_RE.fullmatch(name)
    if match is None or "." not in host:
        raise PacklintError(
            f"the module `{module}` does not tell the address of its plugin",
            "give it with `--plugin`, as in `--plugin github.com/hashicorp/qemu`",
        )
    found = f"{host}/{owner}/{match['name']}"
    moved = {old.lower(): new for old, new in {**index["moved"], **index.get("also", {})}.items()}
    return str(moved.get(found.lower(), found))


def refreshed(index: Index, plugin: str | None, about: dict[str, Any], types: dict[str, list[str]]) -> Index:
    """The index with the components of a plugin, or of Packer itself where `plugin` is `None`.

    What the tree does not register any more stays, since older releases have it.
    """
    known = index["core"] if plugin is None else index["plugins"].get(plugin, {}).get("components", {})
    components = {
        kind: [*known.get(kind, ()), *sorted({*types.get(kind, ())} - {*known.get(kind, ())})]
        for kind in sorted({*known, *types})
    }
    if plugin is None:
        return index | {"core": components}
    entry = index["plugins"].get(plugin, {}) | about | {"components": components}
    return index | {"plugins": index["plugins"] | {plugin: entry}}
