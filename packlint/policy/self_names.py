"""What a policy asks of `self` and `template` → an error for the first name that nothing has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from packlint.catalog import Kind
from packlint.document import Range
from packlint.errors import PolicyError
from packlint.policy.names import FIXED, INSTANCE, KINDS, TEMPLATE
from packlint.policy.policy import Policy
from packlint.policy.references import Reference
from packlint.policy.targeted import Targeted
from packlint.policy.unknown_name import shortened, unknown_name
from packlint.suggest import suggest
from packlint.syntax import Step
from packlint.value import Type

_WITHIN: Mapping[str, tuple[Kind | None, Mapping[str, Type]]] = {
    "variables": (None, FIXED["variable"]),
    "required_plugins": (None, FIXED["required_plugin"]),
    "builds": (None, FIXED["build"]),
    "data": ("data-source", FIXED["data"]),
    "provisioners": ("provisioner", FIXED["provisioner"]),
    "post_processors": ("post-processor", FIXED["post_processor"]),
    "instances": ("builder", INSTANCE),
}
"""The lists of templates, builds and instances: what components their elements are, and their own names."""

_SOURCES: tuple[Kind, Mapping[str, Type]] = ("builder", FIXED["source"])
"""The same for the `sources` of a template; those of a build are texts."""

Every: TypeAlias = Callable[[Kind], Targeted]
"""All known components of a kind."""


def refuse_names(policy: Policy, found: Iterable[Reference], targeted: Targeted | None, every: Every) -> None:
    """Raises PolicyError for a name of `self` or `template` that there is not.

    `targeted` has the components that the policy may be about, None where it is about no components, and
    `every` has all of a kind.
    """
    for reference in found:
        if not reference.steps:
            continue
        if reference.root == "template":
            _fixed(reference, TEMPLATE, reference.steps, "template.", every=every)
        elif reference.root == "self" and targeted is None:
            _fixed(reference, FIXED[policy.target], reference.steps, "self.", every=every)
        elif reference.root == "self" and targeted is not None:
            _argument(policy, reference, targeted)


def refuse_members(policy: Policy, names: Iterable[tuple[str, Range]], targeted: Targeted | None) -> None:
    """Raises PolicyError for a property of the policy's schema that no body can have."""
    for name, place in names:
        if name in FIXED[policy.target]:
            continue
        if targeted is None:
            raise unknown_name("property", name, FIXED[policy.target], place)
        if any(True for _ in targeted) and not targeted.has((name,)):
            raise _missing(policy, (name,), place, targeted, asked=False)


def _fixed(
    reference: Reference,
    names: Mapping[str, Type],
    steps: tuple[Step, ...],
    prefix: str,
    *,
    every: Every,
    kind: Kind | None = None,
) -> None:
    """Looks at the first step, and at what follows an index where the elements have names of their own.

    Components of a `kind` have their arguments, too.
    """
    first = steps[0].key
    if not isinstance(first, str):
        return
    if first not in names:
        if kind is None or not every(kind).has((first,)):
            place = reference.place if steps is reference.steps else steps[0].range
            raise _nothing(first, names, place, prefix, kind and every(kind))
        return
    within = _SOURCES if first == "sources" and names is TEMPLATE else _WITHIN.get(first)
    further = steps[2:]
    if within is not None and further and isinstance(steps[1].key, int):
        inner, own = within
        _fixed(reference, own, further, f"{prefix}{first}[{steps[1].key}].", every=every, kind=inner)


def _nothing(
    name: str, own: Mapping[str, Type], place: Range, prefix: str, components: Targeted | None
) -> PolicyError:
    """The error about what is no name of a block, nor an argument of any of the components that it may be."""
    if components is None:
        return unknown_name("value", name, own, place, prefix=prefix)
    first = next(iter(components))[0]
    listing = f"`packlint schema show {components.kind}/{first}` lists those of one component"
    known = {**components.names(()), **own}
    return unknown_name("argument", name, known, place, prefix=prefix, listing=listing)


def _argument(policy: Policy, reference: Reference, targeted: Targeted) -> None:
    first = reference.steps[0]
    if not isinstance(first.key, str) or first.key in FIXED[policy.target]:
        return
    path: tuple[str, ...] = ()
    for step in reference.steps:
        if isinstance(step.key, int):
            continue
        path = (*path, step.key)
        if not targeted.has(path):
            if len(path) == 1 and not any(True for _ in targeted):
                return  # only components that nobody knows
            place = reference.place if len(path) == 1 else step.range
            raise _missing(policy, path, place, targeted)
    _refuse_list(reference, targeted)


def _refuse_list(reference: Reference, targeted: Targeted) -> None:
    """Raises PolicyError where a nested block is asked for a name as if it could stand only once."""
    keys = [step.key for step in reference.steps]
    for at, step in enumerate(reference.steps[1:], start=1):
        if isinstance(keys[at - 1], str) and isinstance(step.key, str):
            path = tuple(key for key in keys[:at] if isinstance(key, str))
            if reference.tried or not targeted.is_block(path):
                return
            block = f"self.{'.'.join(path)}"
            message = f"`{block}` is a list: a nested block may stand there several times"
            hint = (
                f"`{block}[0].{step.key}` is that of the first one, `{block}[*].{step.key}` are those of all"
            )
            raise PolicyError(message, hint, reference.range.to(step.range))


def _missing(
    policy: Policy, path: tuple[str, ...], place: Range, targeted: Targeted, *, asked: bool = True
) -> PolicyError:
    """The error about the last name of a path, which no component has that the policy may be about."""
    above, name = path[:-1], path[-1]
    known = targeted.names(above)
    own = FIXED[policy.target] if not above else {}
    kind = KINDS[policy.target]
    first = next(iter(targeted))[0] if not above else next(iter(known.values()), "")
    listing = f"`packlint schema show {kind}/{first}` lists those of one component"
    if len(path) == 1 and (elsewhere := targeted.elsewhere(name)):
        listing = f"`{elsewhere}` has it, which `when` leaves out; {listing}"
    elif len(path) == 1 and asked and suggest(name, known) is None:
        own_plugin = f"`try(self.arguments.{shortened(name)}, null)` asks for one of a plugin of your own"
        listing = f"{listing}; {own_plugin}"
    prefix = "".join(["self.", *(f"{it}[0]." for it in above)]) if asked else ""
    what = "argument" if asked else "property"
    return unknown_name(what, name, {**known, **own}, place, prefix=prefix, listing=listing)
