"""A name that a component has none of, where it stands → what was probably meant, or where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

from packlint import catalog
from packlint.blocks import ROOT
from packlint.catalog import KINDS, SHIPPED, Schema, is_block, properties, walk
from packlint.components import Component, noun
from packlint.faults import Path, schema_at, standing
from packlint.misplaced import FOREIGN
from packlint.model import Argument
from packlint.named import NamedTuple
from packlint.suggest import MOST_GUESSES, suggest, unabbreviated
from packlint.wording import listed

MOST_HOMES = 3
"""A name that belongs in more places than these is too common for a hint."""

MOST_RELATIVES = 12
"""How many other components are asked for the name."""

STEPS = {
    type_: frozenset(it.arguments)
    for type_, it in ROOT.blocks["build"].blocks.items()
    if it.component is not None and it.most is None
}
"""What Packer itself reads of provisioners and post-processors."""


class Meant(NamedTuple):
    """A hint, and the name of the place that should stand there where it is no more than misspelled."""

    hint: str | None = None
    near: str | None = None


class Meanings:
    """What the unknown names of a template's components were probably meant to be.

    Only the first ones are looked into: a template with more was not misspelled.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, Path, str, bool], Meant] = {}

    def of(self, component: Component, path: Path, name: str, as_block: bool) -> Meant:
        """What somebody meant who wrote an argument, or a block, of that name in the block at a path."""
        names = tuple(part for part in path if isinstance(part, str))
        key = (id(component.schema), names, name, as_block)
        if key not in self._found and len(self._found) < MOST_GUESSES:
            self._found[key] = _meant(component, names, name, as_block)
        found = self._found.get(key, Meant())
        again = found.near is not None and _is_argument(component, path, found.near)
        return Meant() if again else found


def _meant(component: Component, path: tuple[str, ...], name: str, as_block: bool) -> Meant:
    known = properties(schema_at(component, path))
    of_packer = STEPS.get(component.kind, ()) if not path else ()
    candidates = (*(it for it in known if _fits(known[it])), *of_packer)
    near = unabbreviated(name, candidates) or suggest(name, candidates)
    of_other_number = near in (f"{name}s", name.removesuffix("s"))
    if not of_other_number and (home := _home(component, path, name)):
        return Meant(f"`{name}` belongs {home}")
    if name in FOREIGN:
        return Meant(FOREIGN[name])
    if not path and name in (component.schema or {}).get("x-legacy-only", ()):
        other = f"; did you mean `{near}`?" if near is not None else ""
        return Meant(f"only a legacy JSON template can give `{name}`{other}")
    if near is not None:
        same_form = component.legacy or is_block(known.get(near, {})) is as_block
        return Meant(f"did you mean `{near}`?", near if same_form else None)
    others = [*_relatives(component, name)] if not path else []
    if 0 < len(others) <= MOST_HOMES:
        return Meant(f"`{name}` is an argument of {listed(others, 'or')}")
    return Meant()


def _fits(schema: Schema) -> bool:
    return not (schema.get("deprecated") or schema.get("x-internal") or schema.get("x-forbidden"))


def _is_argument(component: Component, path: Path, name: str) -> bool:
    """Whether an argument of that name stands there already."""
    if any(isinstance(it, Argument) for it in standing(component, path, name)):
        return True
    return not path and component.meta is not None and name in component.meta


def _home(component: Component, here: tuple[str, ...], name: str) -> str | None:
    """The places within the component, or the steps of a build, that know the name."""
    homes = [it[:-1] for it, _ in walk(component.schema or {}) if it[-1] == name and it[:-1] != here]
    below = [it for it in homes if it[: len(here)] == here]
    below = below or [it for it in homes if here[: len(it)] == it] or homes
    if 0 < len(below) <= MOST_HOMES:
        inside = [f"in `{'.'.join(it)}`" if it else f"directly in {component.noun}" for it in below]
        return listed(inside, "or")
    steps = [f"in a `{type_}`" for type_, names in STEPS.items() if name in names]
    return f"{listed(steps, 'or')} of the build" if steps and not here else None


def _relatives(component: Component, name: str) -> Iterator[str]:
    """Other components that have the argument: of the same name, of the same plugin, of Packer itself."""
    for kind in KINDS:
        another = kind != component.kind and component.name in _types(component, kind)
        if another and _has(component, kind, component.name, name):
            yield f"{noun(kind)} `{component.type}`"
    kin = [it for it in _types(component, component.kind) if it != component.name]
    for type_ in kin[:MOST_RELATIVES]:
        if _has(component, component.kind, type_, name):
            yield f"{noun(component.kind)} `{type_}`"


def _types(component: Component, kind: str) -> tuple[str, ...]:
    own = component.plugin.components.get(kind, ()) if component.plugin is not None else ()
    return (*own, *catalog.core(kind))


def _has(component: Component, kind: str, type_: str, name: str) -> bool:
    plugin = component.plugin if component.plugin and component.plugin.offers(kind, type_) else None
    schema = SHIPPED.schema(kind, type_, plugin)
    return schema is not None and name in properties(schema)
