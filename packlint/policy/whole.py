"""A template → all blocks that policies look at, each made once and only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from packlint.components import Component
from packlint.document import Document, Range
from packlint.model import Argument, Configuration
from packlint.policy.bodies import PART
from packlint.policy.builds import Builds, listed
from packlint.policy.components import Components
from packlint.policy.declarations import Blocks, required_plugins, required_version, variables
from packlint.policy.policy import Target
from packlint.policy.subject import Subject
from packlint.value import STRING, Known, Unknown, Value


class Whole:
    """The blocks of one configuration."""

    def __init__(self, configuration: Configuration, components: Sequence[Component]) -> None:
        self.configuration = configuration
        self._components = Components(configuration, components)
        self._builds: dict[bool, list[Subject]] = {}

    def of(self, target: Target, mentions: AbstractSet[str]) -> Iterable[Subject]:
        """The blocks of a target, with what is mentioned of them."""
        match target:
            case "source":
                return self.sources
            case "data":
                return self.data
            case "provisioner":
                return self.provisioners
            case "post_processor":
                return self.post_processors
            case "build":
                return self.builds(bool({"", "instances"} & mentions))
            case "variable":
                return self.variables
            case "required_plugin":
                return self.required_plugins
            case "template":
                return [self.template] if self.configuration.syntax else []

    @cached_property
    def sources(self) -> list[Subject]:
        """Each source, with what builds add to it."""
        return self._components.top("builder")

    @cached_property
    def data(self) -> list[Subject]:
        """The data sources."""
        return self._components.top("data-source")

    @cached_property
    def provisioners(self) -> list[Subject]:
        """The provisioners, each in all forms that sources have it in."""
        return [*self.steps.forms("provisioner")]

    @cached_property
    def post_processors(self) -> list[Subject]:
        """The post-processors, each in all forms that sources have it in."""
        return [*self.steps.forms("post_processor")]

    @cached_property
    def variables(self) -> list[Subject]:
        """The input variables."""
        return [*variables(self.configuration, self._blocks)]

    @cached_property
    def required_plugins(self) -> list[Subject]:
        """The entries of `required_plugins`."""
        return [*required_plugins(self.configuration)]

    @cached_property
    def steps(self) -> Builds:
        """The builds with their steps."""
        found = self.configuration
        return Builds(found.builds, self._components, self._blocks, found.complete)

    def builds(self, with_instances: bool) -> list[Subject]:
        """The builds, perhaps with their instances."""
        if with_instances not in self._builds:
            self._builds[with_instances] = self.steps.subjects(with_instances)
        return self._builds[with_instances]

    @cached_property
    def template(self) -> Subject:
        """The template with all its blocks."""
        path = self.configuration.template.path
        inner: Mapping[str, Sequence[Subject]] = {
            "required_plugins": self.required_plugins,
            "variables": self.variables,
            "data": self.data,
            "sources": self.sources,
            "builds": self.builds(with_instances=True),
        }
        part = None if self.configuration.complete else Unknown(PART)
        value: dict[str, Value] = {
            "path": Known(path, STRING),
            "required_version": part or required_version(self.configuration),
            **{name: part or listed(its) for name, its in inner.items()},
        }
        written: dict[str, Range | Argument] = {name: its[0].header for name, its in inner.items() if its}
        for argument in self.configuration.required_version[:1]:
            written["required_version"] = argument
        return Subject(f"template `{path}`", Known(value), self._header, written=written, inner=inner)

    @cached_property
    def _blocks(self) -> Blocks:
        return Blocks(self.configuration)

    @property
    def _header(self) -> Range:
        """Where a finding about the whole template stands: its block `packer`, else what comes first."""
        files = self.configuration.syntax
        blocks = [block for file in files for block in file.body.blocks]
        found = next((it for it in blocks if it.type == "packer"), blocks[0] if blocks else None)
        if found is not None:
            return found.header_range
        document = files[0].document if files else Document(self.configuration.template.path, "")
        start = len(document.text) - len(document.text.lstrip())
        return Range(document, start, min(start + 1, len(document.text)))
