"""What a rule is: metadata, a docstring that is its page, examples that are its tests, and check methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache

from packlint.diagnostic import Finding, Severity
from packlint.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from packlint.components import Component
    from packlint.model import (
        Build,
        Configuration,
        DataSource,
        Local,
        PostProcessor,
        Provisioner,
        RequiredPlugin,
        Source,
        Variable,
    )
    from packlint.project import Project
    from packlint.syntax import File


class Category(Enum):
    """What a rule is about; the value is the folder it lives in, with dashes."""

    LANGUAGE = "language"
    STRUCTURE = "structure"
    SOURCES = "sources"
    PROVISIONERS = "provisioners"
    POST_PROCESSORS = "post-processors"
    CHAINING = "chaining"
    SECURITY = "security"
    STYLE = "style"
    LEGACY = "legacy"
    WAIVERS = "waivers"
    POLICY = "policy"


class Precision(Enum):
    """How often a finding is true; the values are SARIF's `precision` as GitHub reads it."""

    VERY_HIGH = "very-high"
    HIGH = "high"
    MEDIUM = "medium"


class Preset(Enum):
    """The smallest preset that has a rule; each one has all of those before it.

    `default` is for what is likely a defect or a risk, `strict` for good advice that not everybody takes,
    `all` for what is a matter of taste.
    """

    DEFAULT = "default"
    STRICT = "strict"
    ALL = "all"


class Fixable(Enum):
    """Whether a rule offers fixes: `safe` if some of them are safe, `unsafe` if none is."""

    NO = "no"
    UNSAFE = "unsafe"
    SAFE = "safe"


def _by_path(files: str | Mapping[str, str]) -> dict[str, str]:
    """Files with their margins removed."""
    from inspect import cleandoc

    named = {"template.pkr.hcl": files} if isinstance(files, str) else files
    return {path: cleandoc(text) + "\n" for path, text in named.items()}


@record
class Example:
    """A template, as text or as files by path, that shows what a rule does."""

    files: str | Mapping[str, str]

    @property
    def by_path(self) -> dict[str, str]:
        """The files with their margins removed; a lone text is `template.pkr.hcl`."""
        return _by_path(self.files)


@record
class Bad(Example):
    """A template with findings: `# finding: text` marks the line where one starts, and quotes its message.

    `finds` maps `path:line` to the text where a comment cannot stand. `fixed` is what all fixes of the
    findings make of it, without these comments: the file of a lone text, or those files that change.
    """

    finds: Mapping[str, str] | None = None
    fixed: str | Mapping[str, str] | None = None

    @property
    def fixed_by_path(self) -> dict[str, str]:
        """The files that the fixes change, as `by_path` has those of the example."""
        return {} if self.fixed is None else _by_path(self.fixed)


@record
class Good(Example):
    """A template in which the rule finds nothing."""


class Rule:
    """Base of every rule; a subclass's docstring is its page, its name in kebab-case its identity.

    Override the narrowest check method that serves: each is called once for every thing of its kind and
    yields findings. Options are the fields of a nested frozen dataclass `Options`. `security_severity` is a
    CVSS-like score from 0.1 to 10, `cwe` has the numbers of the weaknesses that the rule is about, and
    `former` the names that the rule had, which stay good for it.

    `looks_for` has words of which one has to stand in a template for the rule to find anything there: names
    of arguments, blocks, functions and types of components, which nothing computes, and the signs of
    `packlint.glance`. A rule that has none always looks, and so does one with options.
    """

    category: ClassVar[Category]
    severity: ClassVar[Severity]
    precision: ClassVar[Precision] = Precision.HIGH
    preset: ClassVar[Preset] = Preset.DEFAULT
    fixable: ClassVar[Fixable] = Fixable.NO
    security_severity: ClassVar[float | None] = None
    cwe: ClassVar[tuple[int, ...]] = ()
    former: ClassVar[tuple[str, ...]] = ()
    looks_for: tuple[str, ...] = ()
    examples: ClassVar[tuple[Example, ...]] = ()

    @record
    class Options:
        """What the settings may change about the rule."""

    def __init__(self, options: Any = None) -> None:
        self.options = self.Options() if options is None else options
        if options is not None:
            self.looks_for = ()

    @classmethod
    def name(cls) -> str:
        """The class's name in kebab-case: `PluginVersionUnpinned` → `plugin-version-unpinned`."""
        return _kebab_case(cls.__name__)

    @classmethod
    def summary(cls) -> str:
        """The docstring's first line, without the final stop."""
        return cls.page().partition("\n")[0].rstrip(".")

    @classmethod
    def page(cls) -> str:
        """The docstring: what the rule flags, why, what to do, when to leave it."""
        from inspect import cleandoc

        return cleandoc(cls.__doc__ or "")

    @classmethod
    def methods(cls) -> tuple[str, ...]:
        """The check methods that the rule has of its own."""
        return tuple(name for name in CHECKS if getattr(cls, name) is not getattr(Rule, name))

    def awake(self) -> Rule:
        """The rule that looks: itself, but for one that has not been imported yet."""
        return self

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        """Called for each file of a template, with its syntax."""
        yield from ()

    def check_required_plugin(
        self, plugin: RequiredPlugin, configuration: Configuration
    ) -> Iterator[Finding]:
        """Called for each entry of `required_plugins`."""
        yield from ()

    def check_variable(self, variable: Variable, configuration: Configuration) -> Iterator[Finding]:
        """Called for each input variable."""
        yield from ()

    def check_local(self, local: Local, configuration: Configuration) -> Iterator[Finding]:
        """Called for each local value."""
        yield from ()

    def check_data_source(self, data: DataSource, configuration: Configuration) -> Iterator[Finding]:
        """Called for each `data` block."""
        yield from ()

    def check_source(self, source: Source, configuration: Configuration) -> Iterator[Finding]:
        """Called for each `source` block, used or not."""
        yield from ()

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        """Called for each `provisioner` and `error-cleanup-provisioner` of each build."""
        yield from ()

    def check_post_processor(
        self, post_processor: PostProcessor, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        """Called for each `post-processor` of each build."""
        yield from ()

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        """Called for each `build` block."""
        yield from ()

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        """Called for each builder, provisioner, post-processor and data source that a template uses."""
        yield from ()

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        """Called for each template, with all components that it uses."""
        yield from ()

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        """Called for each template."""
        yield from ()

    def check_project(self, project: Project) -> Iterator[Finding]:
        """Called once, with all templates of the run and the links between them."""
        yield from ()


CHECKS = tuple(name for name in vars(Rule) if name.startswith("check_"))
"""The names of the check methods."""


@cache
def _kebab_case(name: str) -> str:
    import re

    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def types_of(rule: type[Rule]) -> dict[str, Any]:
    """The types of the options of a rule, by name; it may import `Literal` for type checkers alone."""
    from typing import Literal, get_type_hints

    return get_type_hints(rule.Options, localns={"Literal": Literal})
