"""An entry of `required_plugins` → what is written there, and whether its names are names of plugins."""

from __future__ import annotations

import re

from packlint.model import RequiredPlugin
from packlint.syntax import Expression, Object

_NAME = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def may_be_name(text: str, *, small: bool = False) -> bool:
    """Whether Packer may take a text for the name of a plugin, of an entry only a `small` one.

    It asks golang.org/x/net/idna (hcl2template/addrs/plugin.go), which takes letters of all languages; of
    these nothing is known here.
    """
    return not text.isascii() or bool(_NAME.fullmatch(text) and not (small and text != text.lower()))


def written(plugin: RequiredPlugin, key: str) -> Expression | None:
    """The value of `source` or `version`; None where the entry has none."""
    entry = plugin.argument.expression
    items = entry.items if isinstance(entry, Object) else ()
    return next((item.value for item in items if item.name == key), None)
