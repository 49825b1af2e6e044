"""Names, values and types → how TOML writes a key, a value, and some value of a type."""

from __future__ import annotations

import json
import re

from packlint.value import STRING, Type, Value

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def key(*names: str) -> str:
    """A key of these parts, those in quotes that need them."""
    parts = (name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False) for name in names)
    return ".".join(parts)


def written(value: Value) -> str | None:
    """A value in one line; None for one that is not known, and for null, which TOML has not."""
    if value.items is not None:
        return f"[{', '.join(filter(None, map(written, value.items)))}]"
    if value.entries is not None:
        entries = {name: written(it) for name, it in value.entries.items()}
        inner = ", ".join(f"{key(name)} = {text}" for name, text in entries.items() if text is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if (text := value.known(str)) is not None:
        return json.dumps(text, ensure_ascii=False)
    if (switch := value.known(bool)) is not None:
        return json.dumps(switch)
    number, decimal = value.known(int), value.known(float)
    return None if decimal is None else json.dumps(decimal if number is None else number)


def sample(wanted: Type) -> str:
    """A value of a type, to be written over."""
    if wanted.kind in ("list", "set"):
        return f"[{sample(wanted.element or STRING)}]"
    if wanted.kind == "tuple":
        return f"[{', '.join(map(sample, wanted.elements))}]"
    if wanted.kind == "map":
        return f"{{ name = {sample(wanted.element or STRING)} }}"
    if wanted.kind == "object":
        needed = (it for it in wanted.attributes if it[0] not in wanted.optional)
        inner = ", ".join(f"{key(name)} = {sample(of)}" for name, of in needed)
        return f"{{ {inner} }}" if inner else "{}"
    return {"number": "1", "bool": "true"}.get(wanted.kind, '"…"')
