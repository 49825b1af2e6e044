"""Settings → the lines that say what is in force, and where that comes from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packlint.configure.build import OFF
from packlint.configure.toml import key as toml_key
from packlint.configure.toml import written
from packlint.document import Range
from packlint.project import Named
from packlint.record import fields
from packlint.settings import RuleSetting, Settings
from packlint.waiver import PathWaiver

if TYPE_CHECKING:
    from packlint.policy import PolicyFile

DEFAULT = "default"


def show(settings: Settings, root: Path, file: Path) -> str:
    """A line of TOML for each key, with its place as a comment; paths are relative to the checked root.

    What an override says of the file is among them, and so are the waivers that it has. Values of variables
    are left out: they may be secret.
    """
    said = settings.said
    rows = [(f"{key} = {value}", said.get(key, DEFAULT)) for key, value in _rows(settings, root)]
    rows += _policies(settings)
    rows += [(f"waive = {_waiver(it)}", _where(it)) for it in settings.granted(file)]
    width = max(len(line) for line, _ in rows)
    return "".join(f"{line:{width}}  # {where}\n" for line, where in rows)


def _where(waiver: PathWaiver) -> str:
    return f"{waiver.range.document.path}:{waiver.range.first.line}"


def _rows(settings: Settings, root: Path) -> Iterator[tuple[str, str]]:
    yield "preset", _text(settings.preset)
    if settings.select is not None:
        yield "select", _text(sorted(settings.select))
    lists: Mapping[str, Any] = {
        "extend-select": sorted(settings.extend_select),
        "ignore": sorted(settings.ignore | settings.refused),
        "exclude": [line for paths in settings.excluded for line in paths.lines],
        "schemas": [_path(it, root) for it in settings.schemas],
        "var-files": [_path(it, root) for it in settings.var_files],
    }
    yield "fail-on", _text(settings.fail_on.value)
    for key, values in lists.items():
        if values:
            yield key, _text(values)
    if settings.baseline is not None:
        yield "baseline", _text(_path(settings.baseline, root))
    if settings.working_directory is not None:
        yield "working-directory", _text(_path(settings.working_directory, root))
    for name in sorted(settings.variables):
        yield f"variables.{name}", '"…"'
    if settings.demands.reasons:
        yield "waivers.require-reason", "true"
    if settings.demands.unwaivable:
        yield "waivers.forbidden", _text(sorted(settings.demands.unwaivable))
    for field in fields(settings.limits):
        if (value := getattr(settings.limits, field.name)) is not None:
            yield f"limits.{field.name.replace('_', '-')}", _text(value)
    if settings.chains:
        said = [
            {"from": _images(it.producer, root), "to": _images(it.consumer, root)} for it in settings.chains
        ]
        yield "chain", f"[{', '.join(map(_table, said))}]"
    policies = {rule.name() for rule in settings.policies}
    for name in sorted(settings.rules.keys() - policies):
        yield f"rules.{name}", _rule(settings.rules[name])


def _policies(settings: Settings) -> Iterator[tuple[str, str]]:
    """The policies in force, and the values of their parameters, each with its place."""
    if not settings.policies:
        return
    from packlint.policy import PolicyRule

    rules = [it for it in settings.policies if issubclass(it, PolicyRule)]
    for sheet, rule in {it.sheet: it for it in rules}.items():
        for name, value in rule.values().items():
            key = f"policies.params.{sheet.name}.{name}"
            said = settings.said.get(key) or _in(sheet, sheet.params[name].name_range)
            if (text := written(value)) is not None:
                yield f"policies.params.{toml_key(sheet.name, name)} = {text}", said
    for rule in rules:
        name = rule.name()
        level = settings.severity(rule).value if settings.selects(rule) else OFF
        said = settings.said.get(f"rules.{name}") or _in(rule.sheet, rule.policy.name_range)
        yield f"rules.{name} = {_text(level)}", said


def _in(sheet: PolicyFile, place: Range) -> str:
    """A place in a file of policies, as people name it."""
    where = f"{place.document.path}:{place.first.line}"
    return f"{where} of an installed package" if sheet.foreign else where


def _images(named: Named, root: Path) -> str:
    return _path(named.path, root) + ("" if named.label is None else f":{named.label}")


def _rule(setting: RuleSetting) -> str:
    level = "off" if setting.runs is False else setting.severity.value if setting.severity else None
    options = {key.replace("_", "-"): value for key, value in setting.options.items()}
    if not options:
        return _text(level)
    return _table({**({"severity": level} if level else {}), **options})


def _waiver(waiver: PathWaiver) -> str:
    until = waiver.until.isoformat() if waiver.until else ""
    said = {"rules": sorted(waiver.rules), "until": until, "reason": waiver.reason}
    return _table({key: value for key, value in said.items() if value})


def _path(path: Path, root: Path) -> str:
    relative = os.path.relpath(path, root)
    return str(path) if relative.startswith("..") else relative.replace(os.sep, "/")


def _table(entries: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_text(value)}" for key, value in entries.items()) + " }"


def _text(value: Any) -> str:
    """A value as both JSON and TOML write it."""
    return json.dumps(value, ensure_ascii=False)
