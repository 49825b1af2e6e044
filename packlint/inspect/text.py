"""Configurations → what packlint sees in them, for people: a section a kind of thing, a line a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from packlint.document import Range
from packlint.effective import EffectiveStep, Instance, instances
from packlint.inspect.addresses import build_address, step_addresses
from packlint.inspect.awaited import Awaited, awaited
from packlint.inspect.show import USUAL_NOTE, Screen, cut, fitted, lack, line, origin, quoted, reason
from packlint.model import Argument, Arguments, Build, Configuration, Step, Variable
from packlint.value import Failure, Value
from packlint.visible import columns, visible

WIDEST_NAME = 36
WIDEST_VALUE = 24
"""Columns that names and values take at most so that what comes after them is aligned."""

MOST_STEPS = 10_000
"""Steps of one template that are shown, each as often as sources differ in what is done for them."""

Steps = Sequence[EffectiveStep]
Row = tuple[str, Value, str, Value | None]
"""A name, its value, a note on it, and what a component makes of the value, where that is something else."""

_TELLING = (
    *("inline", "script", "scripts", "source", "sources", "content", "command", "playbook_file"),
    *("playbook_files", "manifest_file", "run_list", "output", "outputs", "destination"),
)
"""The arguments that say best what a step does, the best first."""

_NAME = re.compile(r"[\w][\w.-]*")


def to_text(configurations: Sequence[Configuration], screen: Screen) -> str:
    """Every template with its sections, as wide as the screen; nothing that is sensitive.

    Nothing of a template reaches the terminal as a control character, and no line begins with what it holds.
    """
    templates = (_Template(configuration, screen).lines() for configuration in configurations)
    text = "\n\n".join("\n".join(lines) for lines in templates)
    return text + "\n" if text else ""


class _Template:
    """The lines of one template."""

    def __init__(self, configuration: Configuration, screen: Screen) -> None:
        self.configuration = configuration
        self.screen = screen
        self.style = screen.style
        self.awaited = awaited(configuration)
        self.steps_left = MOST_STEPS

    def lines(self) -> Iterator[str]:
        """The heading and the sections that have anything to show."""
        it = self.configuration
        heading = self.style(f"template {visible(it.template.path)}", bold=True)
        yield heading + ("" if it.complete else self._note("not all of it could be read"))
        yield from self._section("variables", self._variables())
        yield from self._section("locals", self._locals())
        yield from self._section("data sources", self._data_sources())
        yield from self._section("sources", self._sources())
        yield from self._section("builds", self._builds())

    def _section(self, title: str, lines: Iterator[str]) -> Iterator[str]:
        for count, line_ in enumerate(lines):
            if not count:
                yield self.style(title, fg="cyan", bold=True)
            yield line_

    def _note(self, text: str) -> str:
        return self.style(f"  # {text}", dim=True)

    def _rows(self, indent: str, rows: Sequence[Row]) -> Iterator[str]:
        """Values below each other, their names padded to one width."""
        pad = min(WIDEST_NAME, max((columns(name) for name, *_ in rows), default=0))
        room = self.screen.width - columns(indent) - pad - 3
        noted = [columns(fitted(value, note, room)) for _, value, note, _ in rows if note]
        notes = (columns(note) + 4 for _, _, note, _ in rows if len(note) <= USUAL_NOTE)
        column = min(WIDEST_VALUE, max(noted, default=0), room - max(notes, default=0))
        for name, value, note, rendered in rows:
            yield line(f"{indent}{padded(name, pad)}", value, note, self.screen, column=column)
            if rendered is not None:
                lead = indent + " " * pad
                yield line(
                    lead, rendered, reason(rendered, self.awaited), self.screen, column=column, sign="→"
                )

    def _variables(self) -> Iterator[str]:
        variables = self.configuration.variables
        rows = [(f"var.{shown_name(v.name)}", v.value, self._origin(v), None) for v in variables]
        return self._rows("  ", rows)

    def _origin(self, variable: Variable) -> str:
        told, place = origin(variable.origin, variable.value, self.awaited), variable.origin.range
        named = variable.origin.kind == "var-file" and place is not None
        return f"{self._place(place)}{told.removeprefix('variable file')}" if named and place else told

    def _locals(self) -> Iterator[str]:
        locals_ = self.configuration.locals
        rows = [
            (f"local.{shown_name(it.name)}", it.value, reason(it.value, self.awaited), None) for it in locals_
        ]
        return self._rows("  ", rows)

    def _data_sources(self) -> Iterator[str]:
        for data in self.configuration.data_sources:
            yield self._heading(f"data.{data.key}", data.header_range)
            yield from self._arguments("    ", data.arguments)

    def _sources(self) -> Iterator[str]:
        for source in self.configuration.sources:
            yield self._heading(f"source.{source.key}", source.header_range)
            yield from self._arguments("    ", source.arguments)

    def _heading(self, address: str, range_: Range) -> str:
        return f"  {self.style(visible(address), bold=True)}{self._note(self._place(range_))}"

    def _place(self, range_: Range) -> str:
        """File and line; the file without the directory of the template."""
        path = range_.document.path
        path = path.removeprefix(f"{self.configuration.template.directory}/")
        return f"{visible(path)}:{range_.first.line}"

    def _arguments(self, indent: str, arguments: Arguments) -> Iterator[str]:
        yield from self._rows(indent, [argument_row(argument, self.awaited) for argument in arguments])
        counts: dict[str, int] = {}
        for block in arguments.blocks:
            position = counts[block.type] = counts.get(block.type, -1) + 1
            yield f"{indent}{shown_name(block.type)}.{position}"
            yield from self._arguments(f"{indent}  ", block.arguments)
        if arguments.open:
            yield indent + self.style("# there may be more blocks", dim=True)

    def _builds(self) -> Iterator[str]:
        for position, build in enumerate(self.configuration.builds):
            address = build_address(build, position)
            yield self._heading(address, build.header_range)
            for use in build.uses:
                if use.own.by_name or use.own.blocks:
                    yield f"    source.{visible(use.key)}"
                    yield from self._arguments("      ", use.own)
            tails = {step: it[len(address) + 1 :] for step, it in step_addresses(build, address).items()}
            for title, steps, chains in grouped(build):
                yield f"    for {cut(visible(title), self.screen.width - 8)}"
                self.steps_left -= len(steps) + len(chains)
                if self.steps_left < 0:
                    yield "      " + self.style("# too many steps to show", dim=True)
                    continue
                yield from self._steps(steps, chains, tails)
            if build.open:
                yield "    " + self.style("# there may be more sources", dim=True)

    def _steps(self, steps: Steps, chains: Sequence[Steps], tails: Mapping[Step, str]) -> Iterator[str]:
        """Provisioners and chains of post-processors, with the argument that says best what each does."""
        rows = [(tails[it.step], it.step.type, it) for it in steps]
        for chain in chains:
            rows.append((tails[chain[0].step], " → ".join(it.step.type for it in chain), chain[0]))
        tail = max((columns(row[0]) for row in rows), default=0)
        kind = min(WIDEST_NAME, max((columns(visible(it.step.type)) for *_, it in rows), default=0))
        for address, types, step in rows:
            lead = f"      {padded(address, tail)}  {padded(visible(types), kind)}"
            alone = step.step.type == types
            argument = telling(step.arguments) if alone else None
            note = "" if step.certain else "it may be left out"
            if argument is None:
                yield (lead + self._note(note) if note else lead).rstrip()
                continue
            notes = ", ".join(filter(None, (reason(argument.value, self.awaited), note)))
            lead = f"{lead}  {shown_name(argument.name)}"
            yield line(lead, argument.value, notes, self.screen)


def argument_row(argument: Argument, names: Awaited) -> Row:
    """An argument; what its component makes of it by itself only where that is known, or an error."""
    value, rendered = argument.value, argument.rendered
    told = rendered is not None and (not lack(rendered, names) or isinstance(rendered, Failure))
    note = reason(value, names) or (lack(rendered, names) if rendered is not None and not told else "")
    return shown_name(argument.name), value, note, rendered if told else None


def shown_name(name: str) -> str:
    """A name as it is, or in quotes where it may be anything: no line is to begin with what a file holds."""
    return name if _NAME.fullmatch(name) else cut(quoted(name), WIDEST_NAME)


def padded(text: str, width: int) -> str:
    """The text with blanks up to so many columns."""
    return text + " " * (width - columns(text))


def telling(arguments: Arguments) -> Argument | None:
    """The argument that says best what a step does."""
    known = (arguments.get(name) for name in _TELLING)
    return next(filter(None, known), None) or next(iter(arguments), None)


def grouped(build: Build) -> Iterator[tuple[str, Steps, Sequence[Steps]]]:
    """The instances of a build, those with the same steps together: their addresses, steps and chains.

    Without an instance the steps are those of whatever source there may be.
    """
    groups: dict[tuple[object, ...], list[Instance]] = {}
    for instance in instances(build):
        lists = (instance.provisioners, instance.error_cleanup, *instance.chains)
        key = tuple(tuple((it.step, id(it.arguments), it.certain) for it in steps) for steps in lists)
        groups.setdefault(key, []).append(instance)
    for group in groups.values():
        first = group[0]
        title = ", ".join(it.address or it.use.key for it in group)
        yield title, (*first.provisioners, *first.error_cleanup), first.chains
    if not groups:
        chains = [_as_they_are(chain) for chain in build.chains if chain]
        yield "no source that is known", _as_they_are((*build.provisioners, *build.error_cleanup)), chains


def _as_they_are(steps: Sequence[Step]) -> Steps:
    return tuple(EffectiveStep(step, step.arguments, True) for step in steps)
