"""A template → its words and signs, by which it can be told at a glance that a rule finds nothing there.

Words are all that stand in its texts, in names, keys and strings alike, so that no argument, block, function
or component can be there without its word; only what is escaped by number could hide one. Signs stand for
what has no word: they are in angle brackets, and `SIGNS` has them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packlint.catalog import Schema, properties
from packlint.components import Component
from packlint.failures import failures
from packlint.model import Arguments, Build, Configuration
from packlint.once import once
from packlint.ordinary import is_ordinary
from packlint.pattern import pattern
from packlint.project import Project
from packlint.record import record
from packlint.secrets.trace import may_have_key, may_name_secret
from packlint.syntax import File, mentioned
from packlint.traits import HOST_SIDE

LONGEST = 1_000_000
"""Characters of a text; the words of a longer one are not looked for."""

_MARKS = {"deprecated": "<deprecated>", "x-forbidden": "<forbidden>"}
"""Keywords in the schemas of what components are given."""

_FAULTS = ("unknown", "missing", "shape", "repeated", "type", "convertible", "value", "rule")

SIGNS = frozenset(
    {
        *_MARKS.values(),
        *(f"<problem: {fault}>" for fault in _FAULTS),
        "<no schema>",  # a component of which nothing is known
        "<not required>",  # a component of a plugin that no entry of `required_plugins` names
        "<failure>",  # a value at which Packer would stop
        "<misfit>",  # a value that does not fit the type of its variable
        "<cycle>",  # declarations that need one another
        "<variable file>",
        "<unusual>",  # something in a block of Packer's own, or in a variable file
        "<declared twice>",
        "<not declared>",  # a variable that something refers to
        "<not used>",  # a variable or source, perhaps
        "<name of a secret>",  # perhaps
        "<key>",  # of a known form, perhaps
        "<post-processor>",
        "<build without sources>",
        "<source that is not there>",  # a build names it
        "<arguments of a build>",  # that add to those of a source
        "<several uses>",  # of sources, in one build or more
        "<no build>",
        "<no provisioner>",  # that is certain to work on the image of each source of a build
        "<link>",  # of a chain
        "<call>",  # of a function, perhaps
        "<swapped brace>",
    }
)

# An escape is no part of a word. A number ends before a dash, and a word begins after it.
_WORD = pattern(r"\\.|[0-9][0-9A-Za-z_]*|[A-Za-z_][0-9A-Za-z_-]*", re.DOTALL)
_BY_NUMBER = frozenset({"\\u", "\\U"})


@record(eq=False)
class Glance:
    """What stands in a template or in several: words and signs, None where anything may.

    `uses` counts how often builds name sources.
    """

    words: frozenset[str] | None
    uses: int = 0

    def shows(self, wanted: Iterable[str]) -> bool:
        """Whether any of these words and signs is there, or may be."""
        return self.words is None or not self.words.isdisjoint(wanted)


def glance(configuration: Configuration, components: Iterable[Component]) -> Glance:
    """What stands in a template that has these components."""
    uses = sum(len(build.uses) for build in configuration.builds)
    found = set(_signs(configuration, uses))
    for file in configuration.syntax:
        words = _words(file)
        if words is None:
            return Glance(None, uses)
        found |= words
    for component in components:
        found.update(_of_component(component))
    return Glance(frozenset(found), uses)


def of_all(seen: Iterable[Glance], project: Project) -> Glance:
    """What stands in all templates of a run together."""
    seen = tuple(seen)
    uses = sum(it.uses for it in seen)
    found: set[str] = set()
    for it in seen:
        if it.words is None:
            return Glance(None, uses)
        found |= it.words
    found |= {"<several uses>"} if uses > 1 else set()
    found |= {"<link>"} if project.links else set()
    found |= {"<variable file>"} if project.var_files else set()
    return Glance(frozenset(found), uses)


@once
def _words(file: File) -> frozenset[str] | None:
    text = file.document.text
    if len(text) > LONGEST:
        return None
    words = set(_WORD.findall(text))
    if not words.isdisjoint(_BY_NUMBER):
        return None
    if file.legacy or file.document.is_json:  # Packer folds the keys of legacy templates
        words.update(_WORD.findall(text.lower()))
    if "(" in text or file.legacy:
        words.add("<call>")
    if "{$" in text:
        words.add("<swapped brace>")
    if not is_ordinary(file):
        words.add("<unusual>")
    if may_name_secret(text):
        words.add("<name of a secret>")
    if may_have_key(text):
        words.add("<key>")
    return frozenset(words)


def _signs(configuration: Configuration, uses: int) -> Iterator[str]:
    it = configuration
    yield from {name for build in it.builds for name in _of_build(build)}
    yield from (source.type for source in it.sources)
    yield from (data.type for data in it.data_sources)
    if uses > 1:
        yield "<several uses>"
    if not it.builds:
        yield "<no build>"
    if it.template.var_files:
        yield "<variable file>"
    if it.cycles:
        yield "<cycle>"
    if any(variable.misfits for variable in it.variables):
        yield "<misfit>"
    if failures(it):
        yield "<failure>"
    if any(variable.refusal for variable in it.variables):
        yield "<unusual>"
    yield from _of_declarations(it)
    if not all(map(_is_provisioned, it.builds)):
        yield "<no provisioner>"


def _is_provisioned(build: Build) -> bool:
    steps = [step for step in build.provisioners if step.type not in HOST_SIDE]
    return all(any(step.runs_on(use) is not False for step in steps) for use in build.uses)


def _of_declarations(it: Configuration) -> Iterator[str]:
    """What is said of names that the template declares; too much rather than too little."""
    variables, sources = ([one.name for one in it.variables], [one.key for one in it.sources])
    others = ([one.name for one in it.locals], [(one.type, one.name) for one in it.data_sources])
    if any(len({*names}) < len(names) for names in (variables, sources, *others)):
        yield "<declared twice>"
    referred = {key.name for file in it.syntax for one in mentioned(file, "var") for key in one.steps[:1]}
    if not referred.issubset(variables):
        yield "<not declared>"
    used = {use.source.key for build in it.builds for use in build.uses if use.source is not None}
    # A validation may refer to its own variable alone, and a `dynamic` block calls its own iterator `var`.
    doubtful = any(variable.validations for variable in it.variables) or any(
        "dynamic" in file.document.text for file in it.syntax
    )
    if doubtful or not (referred.issuperset(variables) and used.issuperset(sources)):
        yield "<not used>"


def _of_build(build: Build) -> Iterator[str]:
    if not build.uses:
        yield "<build without sources>"
    for use in build.uses:
        yield use.type
        if use.source is None:
            yield "<source that is not there>"
        if use.own.by_name or use.own.blocks:
            yield "<arguments of a build>"
    yield from (step.type for step in (*build.provisioners, *build.error_cleanup))
    for step in build.post_processors:
        yield "<post-processor>"
        yield step.type


def _of_component(component: Component) -> Iterator[str]:
    """Its names, in the template and in its plugin, and what is to be said of its arguments."""
    yield component.type
    yield component.name
    yield from (f"<problem: {problem.fault}>" for problem in component.problems)
    if component.plugin is not None and component.entry is None:
        yield "<not required>"
    if component.schema is None:
        yield "<no schema>"
    else:
        yield from _marks(component.arguments, component.schema)


def _marks(arguments: Arguments, schema: Schema) -> Iterator[str]:
    known = properties(schema)
    given = [*arguments.by_name, *(block.type for block in arguments.blocks)]
    for its in (known[name] for name in given if name in known):
        yield from (sign for keyword, sign in _MARKS.items() if keyword in its)
    for block in arguments.blocks:
        if block.type in known:
            yield from _marks(block.arguments, known[block.type])
