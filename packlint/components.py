"""Nouns for the components of a template: the plugin each comes from, and what of its arguments does not fit.

The fit is that to the component's schema, a JSON Schema with annotations (docs/schemas.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from packlint.catalog import Kind, Plugin, Schema, properties, within
from packlint.document import Range
from packlint.model import Argument, Arguments, Configuration, NestedBlock, RequiredPlugin
from packlint.record import record
from packlint.syntax import Expression, Template
from packlint.value import Value
from packlint.version import ANY_VERSION, Constraints, Milestone, Reach, Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Fault: TypeAlias = (
    'Literal["unknown", "missing", "shape", "repeated", "type", "convertible", "value", "rule"]'
)
"""What is wrong: no argument of that name; one that is required is not there; an argument written as a block
or the other way round; a second block of one that stands once; a value of another type; one that HCL makes
that type of; one that is not admitted; arguments that do not go together."""


@record(eq=False)
class Problem:
    """One thing about a component that does not fit its schema.

    `range` is the place to point at and `path` the names (and indices) that lead there. `schema` is what is
    asked for: of the value itself, for `unknown` and `missing` of the block around, for `rule` the annotated
    one. `keyword` is the keyword of JSON Schema that says no, and `limit` what it says. `names` are the
    arguments that are missing, or that a rule is about. `value` is the value at fault, and `expression` what
    is written for it at `range`. `older` tells that some versions of the plugin which the template admits ask
    for no such thing.
    """

    fault: Fault
    range: Range
    path: tuple[str | int, ...]
    schema: Schema
    keyword: str = ""
    limit: Any = None
    names: tuple[str, ...] = ()
    value: Value | None = None
    given: Argument | NestedBlock | None = None
    expression: Expression | None = None
    older: bool = False

    @property
    def name(self) -> str:
        """The argument or block that it is about: the last name of the path."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")


@record(eq=False)
class Component:
    """A component that a template uses, with the arguments that it is given.

    `type` is what the template calls it and `name` what its plugin does, where that is another name. `meta`
    is what Packer itself reads of a provisioner or post-processor, None for other components. `entry`
    is the one of `required_plugins` that brings it, None where none does, and `plugin` what is known of the
    plugin; None too for one that is a part of Packer, `bundled`, and for one that nobody knows.
    `plugin_versions` are those of the plugin that the template admits, None where it says nothing of them,
    and `packer_versions` those of Packer. `runs` tells that a build uses it, and `beyond` that all
    these versions are newer than the one that the schema was read at. `legacy` templates convert more freely.
    """

    kind: Kind
    type: str
    name: str
    arguments: Arguments
    range: Range
    header_range: Range
    type_range: Range
    meta: Arguments | None = None
    bundled: bool = False
    entry: RequiredPlugin | None = None
    plugin: Plugin | None = None
    plugin_versions: Constraints | None = None
    packer_versions: Constraints = ANY_VERSION
    schema: Schema | None = None
    runs: bool = True
    beyond: bool = False
    legacy: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def noun(self) -> str:
        """Its kind and type as a sentence has them: "data source `amazon-ami`"."""
        return f"{noun(self.kind)} `{self.type}`"

    @property
    def dated(self) -> bool:
        """Whether the template says which versions it wants of who brings the component."""
        return self.packer_versions != ANY_VERSION if self.bundled else self.plugin_versions is not None

    def reach(self, milestone: str, passed: bool = False) -> Reach | None:
        """Whether the versions that the template admits lie before a milestone, or at and after it.

        A milestone is written as the facts have it, such as `v1.2.0`, `packer v1.5.0` or `unreleased`;
        with `passed` it is whatever came right after that version. None where it says nothing.
        """
        point = _point(milestone, self.plugin.version if self.plugin else None, passed)
        if point is None:
            return None
        plugin = self.packer_versions if self.bundled else self.plugin_versions
        return point.reach(plugin, self.packer_versions)


@lru_cache(maxsize=256)
def _point(milestone: str, newest: str | None, passed: bool) -> Milestone | None:
    """A milestone of a plugin whose newest version that is, or what came right after it."""
    point = Milestone.parse(milestone, Version.parse(newest) if newest else None)
    return point.passed if point is not None and passed else point


def noun(kind: str) -> str:
    """A kind of components as a sentence has it."""
    return kind.replace("data-source", "data source")


def packer_versions(configuration: Configuration) -> Constraints:
    """The versions of Packer that a template admits, which Packer reads before it knows any value."""
    written = (argument.expression for argument in configuration.required_version)
    texts = (it.literal for it in written if isinstance(it, Template))
    found = (Constraints.parse(text) for text in texts if text)
    return Constraints(tuple(bound for it in found if it is not None for bound in it.bounds))


@record(eq=False)
class Given:
    """An argument or block that a component is given.

    `schema` is that of it, None where there is none of the name, and `around` that of what it stands in.
    """

    path: tuple[str, ...]
    what: Argument | NestedBlock
    schema: Schema | None
    around: Schema

    @property
    def name(self) -> str:
        """Its name."""
        return self.path[-1]

    @property
    def name_range(self) -> Range:
        """Where the name stands."""
        return self.what.name_range if isinstance(self.what, Argument) else self.what.header_range


def given(component: Component) -> Iterator[Given]:
    """Everything that a component with a schema is given, blocks before what they hold."""
    if component.schema is not None:
        yield from _given(component.arguments, component.schema, ())


def _given(arguments: Arguments, schema: Schema, path: tuple[str, ...]) -> Iterator[Given]:
    known = properties(schema)
    for argument in arguments:
        yield Given((*path, argument.name), argument, known.get(argument.name), within(schema))
    for block in arguments.blocks:
        inner = known.get(block.type)
        yield Given((*path, block.type), block, inner, within(schema))
        if inner is not None:
            yield from _given(block.arguments, inner, (*path, block.type))
