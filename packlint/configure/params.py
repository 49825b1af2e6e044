"""What a settings file gives to the parameters of policies → their values, or what is wrong at its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from packlint.configure.read import Table
from packlint.configure.toml import key, sample
from packlint.document import Range
from packlint.errors import SettingsError
from packlint.policy import PolicyFile
from packlint.policy.left_out import value_of_json
from packlint.policy.policy import Param
from packlint.policy.values import params_of
from packlint.suggest import suggest
from packlint.value import Unknown, Value

Values: TypeAlias = dict[str, Value]

Chosen: TypeAlias = Mapping[PolicyFile, Mapping[str, Value]]
"""Policy files that are in force, each with what is given to its parameters."""


def given(
    table: Table, said: Mapping[str, Any], sheets: Sequence[PolicyFile], packs: Callable[[], Container[str]]
) -> dict[PolicyFile, Values]:
    """For each policy file the values that settings give; raises SettingsError for what no file takes.

    Files of one name have those of their parameters. `packs` tells which packs there are.
    """
    found: dict[PolicyFile, Values] = {sheet: {} for sheet in sheets}
    for name, values in said.get("params", {}).items():
        keys = ("policies", "params", name)
        meant = [sheet for sheet in sheets if sheet.name == name]
        if not meant:
            if name in packs():
                hint = f'add it to them: `packs = ["{name}"]` in `[{key(*table.prefix, "policies")}]`'
                raise table.error(keys, f"the pack `{name}` is not among the `packs` in force", hint)
            raise _missing(table, keys, "policy file", name, (sheet.name for sheet in sheets))
        for param, data in values.items():
            takers = [sheet for sheet in meant if param in sheet.params]
            if not takers:
                known = (it for sheet in meant for it in sheet.params)
                raise _missing(table, (*keys, param), "parameter", param, known)
            value = _value(data, table, (*keys, param))
            for sheet in takers:
                _fits(sheet, param, value, table, (*keys, param))
                found[sheet][param] = value
    return found


def unbound(chosen: Chosen) -> Iterator[tuple[PolicyFile, Param]]:
    """The parameters of files in force that have neither a default nor a value."""
    for sheet, values in chosen.items():
        for param in sheet.params.values():
            if param.default is None and param.name not in values:
                yield sheet, param


def lacking(table: Table, sheet: PolicyFile, param: Param) -> SettingsError:
    """What is to be said of a parameter without a value: where it could stand, and what to write there."""
    said = table.content.get("policies", {})
    packs = said.get("packs", ())
    header, line = toml(sheet, param, table.prefix)
    if sheet.name in said.get("params", {}):
        keys: tuple[str | int, ...] = ("policies", "params", sheet.name)
        hint = f"add `{line}` below `{header}`"
    else:
        in_pack = sheet.foreign and sheet.name in packs
        keys = ("policies", "packs", packs.index(sheet.name)) if in_pack else ("policies",)
        hint = f"add `{header}`, and below it `{line}`"
    message = f"`{param.name}` of the policies `{sheet.name}` has no value"
    if said:
        return table.error(keys, message, hint)
    end = len(table.document.text.rstrip())
    return SettingsError(message, hint, Range(table.document, end, end))


def toml(sheet: PolicyFile, param: Param, prefix: Iterable[str] = ()) -> tuple[str, str]:
    """The header of a table and a line in it that give a parameter some value of its type."""
    return f"[{key(*prefix, 'policies', 'params', sheet.name)}]", f"{param.name} = {sample(param.type)}"


def _fits(sheet: PolicyFile, param: str, value: Value, table: Table, keys: tuple[str, ...]) -> None:
    converted = params_of(sheet, {param: value})[param]
    if isinstance(converted, Unknown):
        raise table.error(keys, f"`{param}` has to be {sheet.params[param].type}: {converted.because}")


def _missing(
    table: Table, keys: tuple[str, ...], noun: str, name: str, known: Iterable[str]
) -> SettingsError:
    names = sorted(set(known))
    near = suggest(name, names)
    listed = f"there are {', '.join(names)}" if names else "there is none"
    return table.error(keys, f"there is no {noun} `{name}`", f"did you mean `{near}`?" if near else listed)


def _value(data: Any, table: Table, keys: tuple[str, ...]) -> Value:
    """A value of TOML as HCL has it; dates are texts already. Raises SettingsError for no number at all."""
    waiting = [data]
    while waiting:
        part = waiting.pop()
        if isinstance(part, float) and not math.isfinite(part):
            raise table.error(keys, f"`{keys[-1]}` has a number in it that is none: `{part}`", "write digits")
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return value_of_json(data)
