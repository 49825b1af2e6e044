"""An argument that its component does not have → what became of it, where the component had it once."""

from __future__ import annotations

from packlint.catalog import Rename, Schema, at, renamed_argument, shipped
from packlint.components import Component, Problem
from packlint.record import record
from packlint.version import Reach


@record
class Gone:
    """An argument that is gone: `last` is the last version that had it, as the facts have versions.

    It is None for one that no version had since Packer 1.5. `rename` is what `packer fix` makes of it, where
    the component has that.
    """

    last: str | None
    rename: Rename | None


def gone(component: Component, problem: Problem) -> Gone | None:
    """What became of an unknown argument; None where the component never had one of the name."""
    if problem.fault != "unknown" or component.schema is None:
        return None
    path = [part for part in problem.path if isinstance(part, str)]
    last = problem.schema.get("x-removed", {}).get(problem.name)
    rename = renamed_argument(component.kind, component.name, ".".join(path))
    if rename is not None and rename.new is not None and at(component.schema, rename.new.split(".")) is None:
        rename = None
    return Gone(last, rename) if last or rename else None


def lacking(component: Component, last: str | None) -> Reach | None:
    """On which sides of the end of something that is gone the admitted versions lie.

    Between the last version that had it and the newest that packlint has read nobody here knows which had
    it: a template that admits the former and not the latter is taken to stay on this side. Without a `last`
    version it ended before HCL was there, so that only a legacy template may be for one that had it.
    """
    if last is None:
        return Reach(before=component.legacy and not component.dated, since=True)
    reach = component.reach(last, passed=True)
    if reach is None or not (reach.before and reach.since):
        return reach
    newest = component.reach(_newest(component, last))
    return reach if newest is not None and newest.since else Reach(before=True, since=False)


def _newest(component: Component, last: str) -> str:
    """The newest version read of the plugin, or of Packer where the history is its own."""
    if last.startswith("packer ") or component.bundled:
        prefix = "" if component.bundled else "packer "
        return f"{prefix}{_version(shipped('builder', 'null'))}"
    return _version(component.schema)


def _version(schema: Schema | None) -> str:
    return str((schema or {}).get("x-component", {}).get("version"))


def since(schema: Schema, path: str) -> str | None:
    """The milestone since which there is an argument or block at a path; None where the facts name none."""
    names, found = path.split("."), None
    for end in range(1, len(names) + 1):
        inner = at(schema, names[:end]) or {}
        found = inner.get("x-since", found)
    return found
