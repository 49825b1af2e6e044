"""A build → what is done for each source; a step → the sources that it runs on, and words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from packlint import notation
from packlint.model import (
    Argument,
    Arguments,
    Build,
    Provisioner,
    SourceUse,
    Step,
)
from packlint.record import record, replace
from packlint.value import Known, Unknown, Value

MOST_LISTED = 10
"""How many sources a hint lists."""


@record(eq=False)
class EffectiveStep:
    """A step as one source has it: `arguments` are those after `override`, with `source` known.

    `certain` is False where it cannot be known whether the step runs for that source.
    """

    step: Step
    arguments: Arguments
    certain: bool


@record(eq=False)
class Instance:
    """One source of a build with what is done for it, in order (Packer's *core build*).

    `address` is Packer's name of it, `[<name of the build>.]<type>.<local name>`; None where the build has a
    name that is not known, or not to be shown. A chain of which no step is left is left out.
    """

    use: SourceUse
    address: str | None
    provisioners: tuple[EffectiveStep, ...]
    error_cleanup: tuple[EffectiveStep, ...]
    chains: tuple[tuple[EffectiveStep, ...], ...]

    @property
    def post_processors(self) -> tuple[EffectiveStep, ...]:
        """The post-processors of all chains, in order."""
        return tuple(step for chain in self.chains for step in chain)


@lru_cache(maxsize=16)
def instances(build: Build) -> tuple[Instance, ...]:
    """Each source of a build with the steps that run for it, in order (`CoreBuild` of Packer)."""
    return tuple(
        Instance(
            use,
            address(build, use),
            _effective(build.provisioners, use),
            _effective(build.error_cleanup, use),
            tuple(steps for chain in build.chains if (steps := _effective(chain, use))),
        )
        for use in build.uses
    )


def address(build: Build, use: SourceUse) -> str | None:
    """What Packer calls a source of a build: `[<name of the build>.]<type>.<local name>`.

    None where the build's name is not known, or sensitive. A builder of a legacy template that has its type
    for a name is called by it alone (packer/build.go, `Name`; packer/core.go).
    """
    if use.written is not None:
        return use.written if use.written == use.type else use.key
    if build.name is None:
        return use.key
    value = build.name.value
    name = None if value.sensitive else value.known(str)
    return None if name is None else f"{name}.{use.key}" if name else use.key


def arguments_for(step: Step, use: SourceUse) -> Arguments:
    """The arguments of a step for one source: `source` known, `override` applied.

    The component decodes what `override` has for the local name of the source after its own arguments, into
    the same fields: elements of lists are replaced by their position, entries of maps by their key, and null
    changes nothing (hcl2template/types.hcl2_provisioner.go, github.com/mitchellh/mapstructure).
    """
    arguments = step.by_source.get(use.key, step.arguments)
    override = step.override if isinstance(step, Provisioner) else None
    if override is None:
        return arguments
    entries = override.value.entries
    given = override.value if entries is None else entries.get(use.local_name)
    if given is None:
        return arguments
    if (changes := given.entries) is None:
        because = f"`override` for `{use.key}` is not known"
        unknown = {name: _changed(a, Unknown(because)) for name, a in arguments.by_name.items()}
        return replace(arguments, by_name=unknown, open=True)
    changed = dict(arguments.by_name)
    for name, value in changes.items():
        before = changed.get(name)
        if before is not None:
            changed[name] = _changed(before, _over(before.value, value))
        elif not (isinstance(value, Known) and value.data is None):
            changed[name] = Argument(name, override.expression, value, override.range, override.name_range)
    hidden = any(block.type in changes for block in arguments.blocks)
    return replace(arguments, by_name=changed, open=arguments.open or hidden)


def _changed(argument: Argument, value: Value) -> Argument:
    return replace(argument, value=value, rendered=None)


def _over(before: Value, value: Value) -> Value:
    """What a field holds that had a value before and is given another one."""
    if isinstance(value, Unknown):
        return value
    if value.data is None:
        return before
    if not isinstance(value.data, tuple | Mapping):
        return value
    if before.to_be_supplied:
        before = Unknown(f"depends on the default of `var.{before.default_of}`", sensitive=before.sensitive)
    if isinstance(before, Unknown):
        return Unknown(before.because, sensitive=before.sensitive or value.sensitive)
    marks = (before.sensitive or value.sensitive, before.default_of or value.default_of)
    if isinstance(value.data, Mapping):
        return Known({**(before.entries or {}), **value.data}).marked(*marks)
    return Known((*value.data, *(before.items or ())[len(value.data) :])).marked(*marks)


def _effective(steps: Sequence[Step], use: SourceUse) -> tuple[EffectiveStep, ...]:
    runs = ((step, step.runs_on(use)) for step in steps)
    return tuple(
        EffectiveStep(step, arguments_for(step, use), run is True) for step, run in runs if run is not False
    )


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
