"""What a policy asks of `self` and `template` → an error for the first name that nothing has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packlint.document import Range
from packlint.errors import PolicyError
from packlint.policy.names import FIXED, KINDS, TEMPLATE
from packlint.policy.policy import Policy, Target
from packlint.policy.references import Reference
from packlint.policy.targeted import Targeted
from packlint.policy.unknown_name import shortened, unknown_name
from packlint.suggest import suggest
from packlint.syntax import Step
from packlint.value import Type

_WITHIN: Mapping[str, Target] = {
    "variables": "variable",
    "required_plugins": "required_plugin",
    "builds": "build",
}
"""The lists of a template whose elements have names that are fixed, and the target that these are."""


def refuse_names(policy: Policy, found: Iterable[Reference], targeted: Targeted | None) -> None:
    """Raises PolicyError for a name of `self` or `template` that there is not.

    `targeted` has the components that the policy may be about, None where it is about no components.
    """
    for reference in found:
        if not reference.steps:
            continue
        if reference.root == "template":
            _fixed(reference, TEMPLATE, reference.steps, "template.")
        elif reference.root == "self" and targeted is None:
            _fixed(reference, FIXED[policy.target], reference.steps, "self.")
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


def _fixed(reference: Reference, names: Mapping[str, Type], steps: tuple[Step, ...], prefix: str) -> None:
    """Looks at the first step, and at what follows an index where the elements have names of their own."""
    first = steps[0].key
    if not isinstance(first, str):
        return
    if first not in names:
        place = reference.place if steps is reference.steps else steps[0].range
        raise unknown_name("value", first, names, place, prefix=prefix)
    further = steps[2:]
    if first in _WITHIN and further and isinstance(steps[1].key, int):
        _fixed(reference, FIXED[_WITHIN[first]], further, f"{prefix}{first}[{steps[1].key}].")


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
