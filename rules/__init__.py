"""The built-in rules: every module of every folder here holds one, and nothing else has to name it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import walk_packages

from packlint import Rule, hookimpl


@hookimpl
def packlint_rules() -> Iterable[type[Rule]]:
    """The rule class of each module below this folder."""
    for module in walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            yield _rule_of(module.name)


def _rule_of(name: str) -> type[Rule]:
    wanted = name.rpartition(".")[2].replace("_", "-")
    found = [
        thing
        for thing in vars(import_module(name)).values()
        if isinstance(thing, type) and issubclass(thing, Rule) and thing.name() == wanted
    ]
    if len(found) != 1:
        raise TypeError(f"{name} has to define one rule, named `{wanted}`")
    return found[0]
