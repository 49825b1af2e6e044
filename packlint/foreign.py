"""Folders that somebody brings → the schemas in them, those that are of no use refused in words.

A folder is laid out as packlint's own: `builder/NAME.json`, `provisioner/NAME.json` and so on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from packlint import witness
from packlint.errors import CatalogError
from packlint.files import reason

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1024 * 1024
"""Bytes of one schema."""

MOST = 1000
"""Schemas in a folder that settings name."""

FOLDERS = ("builder", "provisioner", "post-processor", "data-source")
HINT = "`packlint schema show --format json KIND/TYPE` prints one as it has to be"


def foreign(folder: Path, kind: str, type_: str) -> Mapping[str, Any] | None:
    """The schema of a component in a folder, None where there is none.

    Raises CatalogError for one that cannot be read, that is no JSON Schema, or whose annotations are not
    those of `component.schema.json`.
    """
    # A name from a template becomes no path: it may be anything.
    return _read(folder / kind / f"{type_}.json") if type_ in types(folder, kind) else None


@cache
def types(folder: Path, kind: str) -> frozenset[str]:
    """The components of a kind that a folder has schemas of."""
    try:
        names = witness.names(folder / kind)
    except (OSError, ValueError):
        return frozenset()
    return frozenset(name.removesuffix(".json") for name in names if name.endswith(".json"))


def folders_of(named: Iterable[Path]) -> tuple[Path, ...]:
    """Folders of schemas, made sure of; raises CatalogError for one that has none."""
    folders = tuple(named)
    for folder in folders:
        if not any(types(folder, kind) for kind in FOLDERS):
            kinds = ", ".join(f"`{kind}/`" for kind in FOLDERS)
            what = "holds no schemas" if witness.is_folder(folder) else "is not a folder"
            raise CatalogError(f"`{folder}` {what}", f"schemas lie in it as NAME.json, in {kinds}")
    return folders


def distrusted(folder: Path, root: Path) -> None:
    """Make sure of a folder that a stranger may have written.

    Raises CatalogError for schemas that lie outside the root, and for a `pattern`, which can take for ever.
    """
    from pathlib import Path

    from packlint.schema import subschemas

    folders_of([folder])
    found = [folder / kind / f"{type_}.json" for kind in FOLDERS for type_ in sorted(types(folder, kind))]
    if len(found) > MOST:
        raise CatalogError(f"`{folder}` holds more than {MOST} schemas", "name it with `--schemas`")
    for path in found:
        if not Path(witness.real(path)).is_relative_to(root):
            raise CatalogError(
                f"schema `{path}` lies outside the checked root", "keep a copy in the repository"
            )
        if any(key in part for part in subschemas(_read(path)) for key in ("pattern", "patternProperties")):
            raise CatalogError(
                f"schema `{path}` has a `pattern`, which settings of a repository may not bring",
                "take it away, or name the folder with `--schemas`",
            )


@cache
def _read(path: Path) -> Mapping[str, Any]:
    try:
        if not witness.noted(path).is_file():
            raise CatalogError(f"schema `{path}` is not a file", HINT)
        if path.stat().st_size > LARGEST:
            witness.give_up()
            raise CatalogError(f"schema `{path}` is larger than {LARGEST // 1024 // 1024} MiB", HINT)
        schema = json.loads(_text(path))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"schema `{path}` cannot be read: {reason(error)}", HINT) from error
    except (ValueError, RecursionError) as error:
        raise CatalogError(f"schema `{path}` is not JSON: {_place(error)}", HINT) from error
    if wrong := _wrong(schema):
        raise CatalogError(f"schema `{path}` is of no use: {wrong}", HINT)
    checked: Mapping[str, Any] = schema
    return checked


def _text(path: Path) -> str:
    data = path.read_bytes()
    witness.contents(witness.real(path), data)
    return data.decode().replace("\r\n", "\n").replace("\r", "\n")


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg[:1].lower()}{error.msg[1:]} in line {error.lineno}, column {error.colno}"
    deep = isinstance(error, RecursionError)
    return "it is nested too deeply" if deep else "a number in it has too many digits"


def _wrong(schema: Any) -> str | None:
    """Why a schema is of no use."""
    from packlint.schema import refused, subschemas

    if (why := refused(schema)) is not None:
        return why
    violations = _form().violations(schema)
    if not violations:
        rules = (part for part in subschemas(schema) if "x-rule" in part)
        odd = any(_form("entry").violations(rule) for rule in rules)
        return "an `x-rule` in it is not what packlint has there" if odd else None
    first = min(violations, key=lambda it: (len(it.path), it.path != ()))
    place = "/".join(map(str, first.path))
    missing = f" lacks `{'`, `'.join(first.names)}`" if first.names else " is not what packlint has there"
    return (f"`{place}` in it" if place else "it") + missing


@cache
def _form(part: str = "") -> Any:
    """The judge of schemas, or of a part of them that the form has under that name."""
    from importlib.resources import files

    from packlint.schema import Judge

    text = files("packlint.schemas").joinpath("component.schema.json").read_text(encoding="utf-8")
    form = json.loads(text)
    return Judge({"$ref": f"#/$defs/{part}", "$defs": form["$defs"]} if part else form)
