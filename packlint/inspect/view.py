"""Configurations → what packlint sees in them, as JSON; `schemas/inspect.schema.json` says what is what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from packlint.effective import EffectiveStep, Instance, instances
from packlint.inspect.addresses import build_address, step_addresses
from packlint.inspect.awaited import Awaited, awaited
from packlint.inspect.sizes import Allowance
from packlint.inspect.values import Teller, range_json
from packlint.inspect.write import Json, JsonObject, written
from packlint.model import Arguments, Build, Configuration, DataSource, Local, Source, Step, Variable

SCHEMA_VERSION = 1

D = TypeVar("D", Variable, Local)

MOST_REPEATED = 50_000
"""Arguments of a template's instances that are told, with the members of their values; a hundred sources may
share a thousand steps."""

MOST_STEPS = 100_000
"""Steps of a template's instances that are told at all."""


def to_json(configurations: Sequence[Configuration]) -> str:
    """The templates in their order; nothing that is sensitive."""
    return written({"schema_version": SCHEMA_VERSION, "templates": [*map(_template, configurations)]})


def _template(configuration: Configuration) -> JsonObject:
    template = configuration.template
    names = awaited(configuration)
    told = Teller(Allowance(), names)
    instances_of = _Instances(names)
    return {
        "path": template.path,
        "files": [*template.documents, *template.var_files],
        "complete": configuration.complete,
        "variables": {v.name: told.variable(v) for v in _first(configuration.variables)},
        "locals": {local.name: told.local(local) for local in _first(configuration.locals)},
        "data_sources": [_component(data, f"data.{data.key}", told) for data in configuration.data_sources],
        "sources": [_component(source, f"source.{source.key}", told) for source in configuration.sources],
        "builds": [
            instances_of.build(build, build_address(build, position))
            for position, build in enumerate(configuration.builds)
        ],
    }


def _first(declared: Iterable[D]) -> Iterable[D]:
    """What is declared, each name once: the first of several is the one that counts."""
    by_name: dict[str, D] = {}
    for it in declared:
        by_name.setdefault(it.name, it)
    return by_name.values()


def _component(component: DataSource | Source, address: str, told: Teller) -> JsonObject:
    return {
        "type": component.type,
        "name": component.name,
        "address": address,
        **told.arguments(component.arguments),
        "range": range_json(component.range),
    }


class _Instances:
    """Tells the builds of one template; arguments, and then steps, no more when that would be too much."""

    def __init__(self, names: Awaited) -> None:
        self.told = Teller(Allowance(MOST_REPEATED), names)
        self.steps_left = MOST_STEPS

    def build(self, build: Build, address: str) -> JsonObject:
        """A build with its instances."""
        name = build.name.value if build.name else None
        addresses = step_addresses(build, address)
        found: JsonObject = {
            "name": name.known(str) if name and not name.sensitive else None,
            "address": address,
            "instances": [self._instance(it, addresses) for it in instances(build)],
            "range": range_json(build.range),
        }
        if build.open:
            found["open"] = True
        if build.open_steps or self.steps_left < 0:
            found["open_steps"] = True
        return found

    def _instance(self, instance: Instance, addresses: Mapping[Step, str]) -> JsonObject:
        use = instance.use
        found: JsonObject = {"address": instance.address, "source": f"source.{use.type}.{use.name}"}
        if use.own.by_name or use.own.blocks:
            found |= self._arguments(use.arguments)
        steps = self._steps
        found["provisioners"] = steps(instance.provisioners, addresses)
        found["error_cleanup_provisioners"] = steps(instance.error_cleanup, addresses)
        found["post_processors"] = [steps(chain, addresses) for chain in instance.chains]
        return found

    def _steps(self, steps: Sequence[EffectiveStep], addresses: Mapping[Step, str]) -> list[Json]:
        found: list[Json] = []
        for effective in steps[: max(0, self.steps_left)]:
            step = effective.step
            told: JsonObject = {"type": step.type, "address": addresses[step]}
            if not effective.certain:
                told["certain"] = False
            spent = self.told.allowance.spent
            told["meta"] = {} if spent else {it.name: self.told.argument(it) for it in step.meta}
            found.append(told | self._arguments(effective.arguments))
        self.steps_left -= len(steps)
        return found

    def _arguments(self, arguments: Arguments) -> JsonObject:
        return {} if self.told.allowance.spent else self.told.arguments(arguments)
