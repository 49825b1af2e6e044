"""The tree of a plugin → which components it registers under which names, and of which version it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .golang import GoFile, Tokens, inside, split, unquoted, written
from .gotree import Named, Package, Tree
from .hcl2spec import Reader, UnclearError

KINDS = {
    "Builder": "builder",
    "Provisioner": "provisioner",
    "PostProcessor": "post-processor",
    "Datasource": "data-source",
}
CORE = "github.com/hashicorp/packer"
"""The module of Packer itself, which lists its components (command/execute.go) and registers none."""


class Registered(NamedTuple):
    """A component by its name in the plugin's set; the name is `None` for the one called as the plugin is."""

    kind: str
    name: str | None
    type: Named


def registered(tree: Tree, reader: Reader) -> list[Registered]:
    """The components of a tree; what is not understood goes to the reader's notes."""
    packages = [tree.package(f"{CORE}/command")] if tree.module == CORE else tree.mains()
    found: dict[tuple[str, str | None], Registered] = {}
    for package in packages:
        for file in package.files if package else ():
            for kind, name, value in _listed(file) if tree.module == CORE else _calls(file):
                try:
                    assert package is not None
                    known = _name(tree, package, file, name)
                    component = Registered(kind, known, reader.type_of(value, package, file))
                except UnclearError as unclear:
                    reader.notes.append(str(unclear))
                else:
                    found.setdefault(component[:2], component)
    return [*found.values()]


def version(tree: Tree) -> str | None:
    """The version that the tree says it is, `v1.2.0` or `v1.2.0-dev`; `None` where no Go file says it."""
    places = [tree.package(f"{tree.module}/version"), *tree.mains()]
    for package in places:
        number = package.string("Version") if package else None
        if package and number:
            prerelease = package.string("VersionPrerelease")
            return f"v{number.removeprefix('v')}" + (f"-{prerelease}" if prerelease else "")
    return None


def _calls(file: GoFile) -> Iterator[tuple[str, Tokens, Tokens]]:
    """The kind, the name and the value of each `.RegisterBuilder(NAME, VALUE)` and the like."""
    for at, token in enumerate(file.tokens[:-1]):
        kind = KINDS.get(token.text.removeprefix("Register"))
        if kind and token.text.startswith("Register") and file.tokens[at + 1].text == "(":
            parts = [*split(inside(file.tokens, at + 1))]
            if len(parts) == 2:
                yield kind, parts[0], parts[1]


def _listed(file: GoFile) -> Iterator[tuple[str, Tokens, Tokens]]:
    """The kind, the name and the value of each entry of `map[string]packersdk.Builder{…}` and the like."""
    for at, token in enumerate(file.tokens):
        opened = at + 1 < len(file.tokens) and file.tokens[at + 1].text == "{"
        if (
            token.text in KINDS
            and opened
            and written(file.tokens[max(at - 6, 0) : at - 1]).startswith("map[string]")
        ):
            for entry in split(inside(file.tokens, at + 1)):
                if len(entry) > 2 and entry[1].text == ":":
                    yield KINDS[token.text], entry[:1], entry[2:]


def _name(tree: Tree, package: Package, file: GoFile, name: Tokens) -> str | None:
    if name[-1].text == "DEFAULT_NAME":
        return None
    found: str | None = None
    if len(name) == 1:
        found = unquoted(name[0]) if name[0].kind == "string" else package.string(name[0].text)
    elif len(name) == 3 and name[1].text == ".":
        path = tree.imported(file, name[0].text)
        other = tree.package(path) if path else None
        found = other.string(name[2].text) if other else None
    if found is None:
        raise UnclearError(f"{file.path}:{name[0].line}: the name `{written(name)}` is not understood")
    return found
