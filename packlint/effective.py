"""A step of a build → the sources that it runs on for certain, and words for them."""

from __future__ import annotations

from collections.abc import Sequence

from packlint import notation
from packlint.model import Build, Provisioner, SourceUse, Step

MOST_LISTED = 10
"""How many sources a hint lists."""


def runs_on(step: Step, build: Build) -> tuple[SourceUse, ...]:
    """The sources that a step runs on; one for which that cannot be known is left out."""
    return tuple(use for use in build.uses if step.runs_on(use))


def overridden(step: Provisioner, use: SourceUse) -> bool:
    """Whether `override` may give the step other arguments for a source (hcl2template, `override[name]`)."""
    if step.override is None:
        return False
    entries = step.override.value.entries
    return entries is None or use.local_name in entries


def names(uses: Sequence[SourceUse]) -> str:
    """The sources for a message: `` `qemu.a`, `qemu.b` and `qemu.c` ``; of many, the first three.

    In a legacy template they are called what it calls its builders.
    """
    shown = [f"`{use.written or use.key}`" for use in uses[:3]]
    if len(uses) > 3:
        return f"{', '.join(shown)} and {len(uses) - 3} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def keep_from(step: Step, wrong: Sequence[SourceUse], build: Build) -> str | None:
    """The hint that keeps a step from some sources; None where it would run on none that is left.

    Of many sources it lists the first `MOST_LISTED`.
    """
    unwanted = {id(use) for use in wrong}
    if all(id(use) in unwanted for use in runs_on(step, build)):
        return None
    if step.only is not None:
        return f"take {names(wrong)} out of its `only`"
    listed = ", ".join(f'"{use.written or use.key}"' for use in wrong[:MOST_LISTED])
    filter_ = notation.argument(step.range.document, "except", f"[{listed}]")
    more = f" and {len(wrong) - MOST_LISTED} more" if len(wrong) > MOST_LISTED else ""
    return f"leave {'them' if len(wrong) > 1 else 'it'} out: {filter_}{more}"
