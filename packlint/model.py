"""Nouns for what a template means: Packer's blocks with their arguments, whichever syntax they came from.

The grammar is that of Packer's `hcl2template` (reference: hashicorp/packer). Model objects are compared by
identity.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from packlint.document import Range
from packlint.files import Files
from packlint.record import field, record
from packlint.syntax import Expression, File, Traversal
from packlint.typed import overload
from packlint.value import Failure, Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from packlint.value import T

_PENDING = Unknown("not evaluated")


@record
class Template:
    """What Packer would be given: a directory with its `*.pkr.hcl` and `*.pkr.json` files, or one file.

    `path` is the directory or the file, `documents` the template's files and `var_files` the variable files
    that Packer loads with a directory. A variable file that it loads only by name has no documents beside it.
    `unread` names files of the template that packlint may not read: links that leave the checked root.
    `working_directory` is where Packer is run, None where nobody has said.
    """

    path: str
    documents: tuple[str, ...]
    files: Files
    var_files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    working_directory: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is a template: a variable file by itself is read as one is, and is none."""
        return bool(self.documents or self.unread)

    @property
    def directory(self) -> str:
        """The directory that `path.root` stands for."""
        if self.path in (*self.documents, *self.var_files, *self.unread):
            return self.path.rpartition("/")[0] or "."
        return self.path


@record(eq=False)
class Argument:
    """An attribute seen from the model: what it says and what that is worth.

    `value` is what the template gives the component. `rendered` is what the component makes of it, which
    renders every string as a template of Go; None where it is the same. `worth` is the one that counts.
    """

    name: str
    expression: Expression
    value: Value
    range: Range
    name_range: Range
    rendered: Value | None = None

    @property
    def worth(self) -> Value:
        """What the component takes it for."""
        return self.value if self.rendered is None else self.rendered


@record(eq=False)
class Dynamic:
    """A `dynamic` block: it makes a block of `type` for each element of `for_each`, which `iterator` names.

    `has_content` tells that it has a `content` to make them of. After evaluation `complete` tells that all
    blocks it makes are known, and `failure` why Packer refuses it, where `for_each` itself has a value.
    """

    type: str
    iterator: str
    for_each: Argument | None
    labels: Argument | None
    has_content: bool
    range: Range
    header_range: Range
    complete: bool = False
    failure: Failure | None = None


@record(eq=False)
class NestedBlock:
    """A block inside a component, as in `disk { … }`.

    One that `dynamic` makes has the ranges of that block; several may. Where it is not known what a `dynamic`
    block goes through, one stands for all that it may make.
    """

    type: str
    labels: tuple[str, ...]
    arguments: Arguments
    range: Range
    header_range: Range
    dynamic: Dynamic | None = None


@record(eq=False)
class Arguments:
    """What a component is configured with; `open` tells that there may be blocks which are not seen.

    One of the `dynamics`, its `dynamic` blocks, may add them, where it is not known what they go through; and
    of a component that packlint does not know, JSON does not tell what is one.
    """

    by_name: Mapping[str, Argument]
    blocks: tuple[NestedBlock, ...] = ()
    open: bool = False
    dynamics: tuple[Dynamic, ...] = ()

    def get(self, name: str) -> Argument | None:
        """The argument of that name."""
        return self.by_name.get(name)

    def value(self, name: str) -> Value | None:
        """The value of an argument, or None where it is not given."""
        return argument.value if (argument := self.by_name.get(name)) else None

    def worth(self, name: str) -> Value | None:
        """What the component takes an argument for, or None where it is not given."""
        return argument.worth if (argument := self.by_name.get(name)) else None

    def may_set(self, name: str) -> bool:
        """Whether an argument is given, or may be, and is not certainly null, empty, 0 or false."""
        return (worth := self.worth(name)) is not None and not worth.zero

    @overload
    def known(self, name: str, wanted: type[str]) -> str | None: ...
    @overload
    def known(self, name: str, wanted: type[bool]) -> bool | None: ...
    @overload
    def known(self, name: str, wanted: type[int]) -> int | None: ...
    @overload
    def known(self, name: str, wanted: type[float]) -> float | None: ...
    def known(self, name: str, wanted: type[T]) -> str | bool | int | float | None:
        """The data of an argument, where it is given, known and of that type."""
        return value.known(wanted) if (value := self.value(name)) else None

    def blocks_of(self, type_: str) -> tuple[NestedBlock, ...]:
        """The nested blocks of a type, in order."""
        return tuple(block for block in self.blocks if block.type == type_)

    def with_more(self, more: Arguments) -> Arguments:
        """These arguments and those of `more`, which win where both give one."""
        if not (more.by_name or more.blocks or more.open or more.dynamics):
            return self
        blocks, dynamics = self.blocks + more.blocks, self.dynamics + more.dynamics
        return Arguments({**self.by_name, **more.by_name}, blocks, self.open or more.open, dynamics)

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[Argument]:
        return iter(self.by_name.values())


@record(eq=False)
class RequiredPlugin:
    """One entry of `required_plugins`; `source` and `version` are None where they are not literal strings."""

    name: str
    source: str | None
    version: str | None
    argument: Argument


@record(eq=False)
class Validation:
    """A `validation` block of a variable; the value of `condition` is its answer in this run."""

    condition: Argument | None
    error_message: Argument | None
    range: Range
    header_range: Range


@record
class Origin:
    """Where the value of a variable comes from; `range` is the place there, None where nothing gives one.

    That of the command line and of the environment lies in a document which holds nothing but the value.
    """

    kind: Literal["default", "environment", "var-file", "settings", "var", "unset"]
    range: Range | None = None


@record
class Misfit:
    """A value given to a variable that Packer cannot take; `because` says why, in words for the user."""

    origin: Origin
    because: str


@record(eq=False)
class Variable:
    """An input variable, from a `variable` block or from `variables`.

    `constraint` is its `type` as it is written, and `refusal` why Packer takes no type from it. `value` is
    what it is worth in this run, which `origin` says where it comes from. `misfits` are those among all
    values given that do not convert to the type, which is that of the default where there is no constraint.
    The value of `default` is its own, whatever else is given.
    """

    name: str
    name_range: Range
    range: Range
    constraint: Expression | None
    default: Argument | None
    sensitive: bool
    value: Value
    validations: tuple[Validation, ...] = ()
    origin: Origin = Origin("unset")
    misfits: tuple[Misfit, ...] = ()
    refusal: Failure | None = None

    def named_by(self, traversal: Traversal) -> bool:
        """Whether a reference is one to this variable; `var["x"]` is none (hcl2template/addrs)."""
        return traversal.root == "var" and bool(traversal.steps) and traversal.steps[0].name == self.name


@record(eq=False)
class Local:
    """A local value, from `locals` or from a `local` block."""

    name: str
    name_range: Range
    range: Range
    expression: Expression | None
    sensitive: bool
    value: Value


@record(eq=False)
class DataSource:
    """A `data` block; `value` is what references to it see, which only a run knows."""

    type: str
    name: str
    arguments: Arguments
    range: Range
    header_range: Range
    value: Value = _PENDING

    @property
    def key(self) -> str:
        """`type.name`, as references have it."""
        return f"{self.type}.{self.name}"


@record(eq=False)
class Source:
    """A `source` block: a builder and its configuration."""

    type: str
    name: str
    arguments: Arguments
    range: Range
    header_range: Range

    @property
    def key(self) -> str:
        """`type.name`, as references have it."""
        return f"{self.type}.{self.name}"


@record(eq=False)
class SourceUse:
    """A source in a build: one image that Packer makes (the catalogue's *source instance*).

    `type` and `name` come from the reference; `source` is None where nothing of that name is declared.
    `local_name` is what `only`, `except` and `override` know it by. `arguments` are those of the source and
    of the build's own `source` block together; `own` are the latter alone. `written` is what `only` and
    `except` call it in a template that does not use keys. `dynamic` is the block that makes it.
    """

    reference: str
    type: str
    name: str
    local_name: str
    source: Source | None
    arguments: Arguments
    own: Arguments
    range: Range
    written: str | None = None
    dynamic: Dynamic | None = None

    @property
    def key(self) -> str:
        """`type.name` with the local name: what `only` and `except` compare with."""
        return f"{self.type}.{self.local_name}"


def referred(reference: str) -> tuple[str, str]:
    """Type and name of a reference to a source, an empty type for one that has none.

    Of three parts or more the first says nothing (hcl2template/types.build.from.go).
    """
    parts = reference.split(".")
    if len(parts) < 2:
        return "", reference
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[1], parts[2])


class NameLists:
    """Lists of names, each read once however often it is asked for a name."""

    __slots__ = ("_read",)

    def __init__(self) -> None:
        # The list is kept beside its names, so that no other one is given its id.
        self._read: dict[int, tuple[tuple[Value, ...], frozenset[str | None]]] = {}

    def holds(self, listed: tuple[Value, ...], name: str) -> bool | None:
        """Whether the name is in a list; None where it might be one that is not known."""
        if id(listed) not in self._read:
            self._read[id(listed)] = listed, frozenset(value.known(str) for value in listed)
        _, names = self._read[id(listed)]
        if name in names:
            return True
        return None if None in names else False


@record(eq=False)
class Step:
    """A provisioner or post-processor: a component that a build runs for each of its sources, or some.

    `meta` holds what Packer itself reads (`only`, `except`, `pause_before`…), `arguments` what the component
    does. Where they speak of the source, that is unknown in `arguments`, and `by_source` has them for each
    source by its key. `dynamics` are the `dynamic` blocks that make it, outer ones first; it is not `certain`
    where it is not known whether they make any. `cut` has the keys of sources for which the choice of the
    command line takes it away: for certain, or perhaps. `lists` reads `only` and `except`, which many steps
    may take from one local.
    """

    type: str
    arguments: Arguments
    meta: Arguments
    range: Range
    header_range: Range
    type_range: Range
    by_source: Mapping[str, Arguments] = field(default_factory=dict)
    dynamics: tuple[Dynamic, ...] = ()
    certain: bool = True
    cut: Mapping[str, bool] = field(default_factory=dict)
    lists: NameLists = field(default_factory=NameLists, repr=False)

    @property
    def name(self) -> Argument | None:
        """`name`."""
        return self.meta.get("name")

    @property
    def only(self) -> Argument | None:
        """`only`."""
        return self.meta.get("only")

    @property
    def exclude(self) -> Argument | None:
        """`except`."""
        return self.meta.get("except")

    def runs_on(self, use: SourceUse) -> bool | None:
        """Whether `only` and `except` let the step run for a source; None where that cannot be known.

        Names are compared exactly with `type.name` (hcl2template/types.build.provisioners.go, OnlyExcept).
        """
        allowed, cut = self._allowed(use), self.cut.get(use.key)
        if allowed and cut:
            return False
        return None if allowed and (cut is False or not self.certain) else allowed

    def _allowed(self, use: SourceUse) -> bool | None:
        only = self.only.value.items if self.only is not None else ()
        if only != ():
            return None if only is None else self.lists.holds(only, use.key)
        excluded = self.exclude.value.items if self.exclude is not None else ()
        found = None if excluded is None else self.lists.holds(excluded, use.key)
        return None if found is None else not found


@record(eq=False)
class Provisioner(Step):
    """A `provisioner` or `error-cleanup-provisioner` block."""

    @property
    def override(self) -> Argument | None:
        """`override`: what is different for a source, by its local name."""
        return self.meta.get("override")


@record(eq=False)
class PostProcessor(Step):
    """A `post-processor` block."""


@record(eq=False)
class Build:
    """A `build` block.

    `sources` is its list as it is written, `uses` what came of it and of the nested `source` blocks. `open`
    tells that more sources may come from what is not known; `open_steps` the same of provisioners and
    post-processors. `chains` holds each `post-processors` block; a lone `post-processor` is a chain of one.
    `dynamics` are the `dynamic` blocks that make sources and steps. `unchosen` are the sources that the
    choice of the command line leaves out of `uses`. What is done for each source, step by step,
    `packlint.effective.instances` tells.
    """

    name: Argument | None
    sources: Argument | None
    uses: tuple[SourceUse, ...]
    open: bool
    provisioners: tuple[Provisioner, ...]
    error_cleanup: tuple[Provisioner, ...]
    chains: tuple[tuple[PostProcessor, ...], ...]
    open_steps: bool
    range: Range
    header_range: Range
    dynamics: tuple[Dynamic, ...] = ()
    unchosen: tuple[SourceUse, ...] = ()

    @property
    def post_processors(self) -> tuple[PostProcessor, ...]:
        """The post-processors of all chains, in order."""
        return tuple(step for chain in self.chains for step in chain)


@record(eq=False)
class Configuration:
    """A template lowered: everything in it under Packer's own names.

    Declarations come in the order of the files and may name a thing twice. `complete` is false where a part
    could not be read, or may stand there under a name that Packer does not know: a rule about what is absent
    has to stay silent then. `cycles` are locals and data sources that need one another, in the order in which
    each needs the next and the last needs the first.
    """

    template: Template
    syntax: tuple[File, ...]
    required_version: tuple[Argument, ...] = ()
    required_plugins: tuple[RequiredPlugin, ...] = ()
    variables: tuple[Variable, ...] = ()
    locals: tuple[Local, ...] = ()
    data_sources: tuple[DataSource, ...] = ()
    sources: tuple[Source, ...] = ()
    builds: tuple[Build, ...] = ()
    complete: bool = True
    cycles: tuple[tuple[Local | DataSource, ...], ...] = ()
    _kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    @property
    def files(self) -> Files:
        """The reader of the checked root."""
        return self.template.files

    @property
    def legacy(self) -> bool:
        """Whether it is a legacy JSON template."""
        return any(file.legacy for file in self.syntax)

    @property
    def is_part(self) -> bool:
        """Whether it has no build or no source: a part of other templates, which link or copy its files."""
        return not (self.builds and self.sources)

    @property
    def has_build(self) -> bool:
        """Whether it has a build, be it one that the command line leaves out."""
        blocks = (block for file in self.syntax for block in file.body.blocks)
        return bool(self.builds) or any(block.type == "build" for block in blocks)

    def locate(self, path: str) -> str | None:
        """The file or directory of the checked root that a relative path of the template means.

        Packer looks from where it is run. Where nobody has said, that is the template's directory or one
        above it: the nearest that has such a path wins. None where there is none, or the path is absolute.
        """
        located: dict[str, str | None] = self._kept.setdefault("located", {})
        if path not in located:
            located[path] = self._located(path)
        return located[path]

    def _located(self, path: str) -> str | None:
        if not path or path.startswith(("/", "~")) or ":" in path[:3]:
            return None
        directory = self.template.directory
        if self.template.working_directory is not None:
            # What begins with `path.root` is named from the checked root, like the directory itself.
            rooted = path.startswith(f"{directory}/")
            start = "." if rooted else self.template.working_directory
            name = posixpath.normpath(posixpath.join(start, path))
            return name if self.files.exists(name) else None
        while True:
            name = posixpath.normpath(posixpath.join(directory, path))
            if self.files.exists(name):
                return name
            if directory in ("", "."):
                return None
            directory = posixpath.dirname(directory)
