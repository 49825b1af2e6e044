"""Packer's own blocks as data; a file's syntax → the bodies that it reads, each with its grammar.

What a component reads (the body of a `source`, most of a provisioner's) is its plugin's affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from packlint.once import once
from packlint.record import field, record
from packlint.syntax import Attribute, Block, Body, File, Traversal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

Kind: TypeAlias = (
    'Literal["any", "string", "bool", "number", "list(string)", "map(string)", "object", "collection", '
    '"type", "identifier"]'
)
"""What Packer decodes an argument to; a `collection` is anything that `for_each` goes through."""

Component: TypeAlias = 'Literal["builder", "provisioner", "post-processor", "data-source"]'


class Context(Enum):
    """What an argument may speak of where Packer evaluates it."""

    LITERAL = "literal"
    """No reference and no function: HCL's evaluation without a context."""
    ENV = "env"
    """The function `env` and nothing else."""
    SELF = "self"
    """Functions, and of references only `var.<the variable itself>`."""
    TYPE = "type"
    """A type constraint: `list(string)` is no call there."""
    NAME = "name"
    """A bare identifier that names something new."""
    FULL = "full"
    """Whatever there is."""


@record(eq=False)
class ArgumentType:
    """An argument that Packer itself reads; `keys` are those that an object may have, if they are fixed."""

    kind: Kind
    context: Context = Context.FULL
    required: bool = False
    keys: Mapping[str, ArgumentType] = field(default_factory=dict)


@record(eq=False)
class BlockType:
    """What Packer reads of the blocks of one type in one place.

    - `labels`: what each label is, as in `("type", "name")`; `identifiers`: they must be identifiers;
    - `arguments`, `blocks`: what Packer itself reads of the body;
    - `component`: whose affair the rest of the body is; None where there is no rest;
    - `declares`: what every attribute is, where each declares something of its own, as in `locals`; such a
      body takes no blocks;
    - `most`: how many of them the body around may hold (at the root: all files of the template together);
    - `ignored`: Packer accepts the block and never reads it;
    - `lenient`: Packer accepts and never reads what else stands in the body;
    - `dynamic`: Packer expands `dynamic` blocks in the body.
    """

    labels: tuple[str, ...] = ()
    identifiers: bool = False
    arguments: Mapping[str, ArgumentType] = field(default_factory=dict)
    blocks: Mapping[str, BlockType] = field(default_factory=dict)
    component: Component | None = None
    declares: ArgumentType | None = None
    most: int | None = None
    ignored: bool = False
    lenient: bool = False
    dynamic: bool = False


_CONSTANT = ArgumentType("string", Context.LITERAL)
_FLAG = ArgumentType("bool", Context.LITERAL)
_REQUIRED_TEXT = ArgumentType("string", Context.LITERAL, required=True)
_TEXT = ArgumentType("string")
_TEXTS = ArgumentType("list(string)")
_MAP = ArgumentType("map(string)")
_ANY = ArgumentType("any")
_DEFAULT = ArgumentType("any", Context.ENV)

# hcl2template/parser.go: packerBlockSchema; types.required_plugins.go
_PACKER = BlockType(
    arguments={"required_version": _CONSTANT},
    blocks={
        "required_plugins": BlockType(
            declares=ArgumentType(
                "object", Context.LITERAL, keys={"source": _REQUIRED_TEXT, "version": _REQUIRED_TEXT}
            )
        )
    },
)

# hcl2template/types.variables.go: variableBlockSchema, decodeVariableValidationBlock
_VARIABLE = BlockType(
    labels=("name",),
    identifiers=True,
    arguments={
        "description": _CONSTANT,
        "type": ArgumentType("type", Context.TYPE),
        "default": _DEFAULT,
        "sensitive": _FLAG,
    },
    blocks={
        "validation": BlockType(
            arguments={
                "condition": ArgumentType("bool", Context.SELF, required=True),
                "error_message": _REQUIRED_TEXT,
            }
        )
    },
)

# hcl2template/types.variables.go: localBlockSchema; without an expression Packer breaks down (parser.go)
_LOCAL = BlockType(
    labels=("name",),
    identifiers=True,
    arguments={"expression": ArgumentType("any", required=True), "sensitive": _FLAG},
)

# hcl2template/types.build.hcp_packer_registry.go
_REGISTRY = BlockType(
    arguments={
        "bucket_name": _TEXT,
        "description": _TEXT,
        "labels": _MAP,
        "bucket_labels": _MAP,
        "build_labels": _MAP,
        "channels": _TEXTS,
    },
    most=1,
    lenient=True,
)

# hcl2template/types.build.provisioners.go
_PROVISIONER_ARGUMENTS = {
    "name": _TEXT,
    "pause_before": _TEXT,
    "max_retries": ArgumentType("number"),
    "timeout": _TEXT,
    "continue_on_error": ArgumentType("bool"),
    "only": _TEXTS,
    "except": _TEXTS,
    "override": ArgumentType("object"),
}

# hcl2template/types.build.post-processor.go
_POST_PROCESSOR = BlockType(
    labels=("type",),
    arguments={
        "name": _TEXT,
        "only": _TEXTS,
        "except": _TEXTS,
        "keep_input_artifact": ArgumentType("bool"),
    },
    component="post-processor",
    dynamic=True,
)

# hcl2template/types.build.go: buildSchema, postProcessorsSchema; types.source.go
_BUILD = BlockType(
    arguments={"name": _TEXT, "description": _TEXT, "sources": _TEXTS},
    blocks={
        "source": BlockType(
            labels=("reference",), arguments={"name": _CONSTANT}, component="builder", dynamic=True
        ),
        "from": BlockType(labels=("type",), ignored=True),
        "provisioner": BlockType(
            labels=("type",), arguments=_PROVISIONER_ARGUMENTS, component="provisioner", dynamic=True
        ),
        "error-cleanup-provisioner": BlockType(
            labels=("type",),
            arguments=_PROVISIONER_ARGUMENTS,
            component="provisioner",
            most=1,
            dynamic=True,
        ),
        "post-processor": _POST_PROCESSOR,
        "post-processors": BlockType(blocks={"post-processor": _POST_PROCESSOR}, dynamic=True),
        "hcp_packer_registry": _REGISTRY,
    },
    dynamic=True,
)

# hcl2template/parser.go: configSchema
DECLARED = {"var": 1, "local": 1, "data": 2}
"""Roots of references to what a template declares, and in how many steps they name it."""

ROOT = BlockType(
    blocks={
        "packer": _PACKER,
        "variable": _VARIABLE,
        "variables": BlockType(declares=_DEFAULT),
        "locals": BlockType(declares=_ANY),
        "local": _LOCAL,
        "data": BlockType(labels=("type", "name"), identifiers=True, component="data-source"),
        "source": BlockType(labels=("type", "name"), component="builder", dynamic=True),
        "build": _BUILD,
        "hcp_packer_registry": _REGISTRY,
        "communicator": BlockType(labels=("type", "name"), ignored=True),
    }
)
"""A template's file."""

VALUES = BlockType(declares=ArgumentType("any", Context.LITERAL))
"""A variable file."""

_ITERATION = {
    "for_each": ArgumentType("collection", required=True),
    "iterator": ArgumentType("identifier", Context.NAME),
}

_CONTENT = {"content": BlockType(most=1)}

DYNAMIC = BlockType(
    labels=("block type",),
    arguments={**_ITERATION, "labels": ArgumentType("list(string)", required=True)},
    blocks=_CONTENT,
)
"""A `dynamic` block, where one is expanded, that makes blocks with labels (hcl/ext/dynblock/schema.go)."""

_WITHOUT_LABELS = BlockType(DYNAMIC.labels, arguments=_ITERATION, blocks=_CONTENT)

_ANY_LABELS = BlockType(DYNAMIC.labels, arguments={**_ITERATION, "labels": _TEXTS}, blocks=_CONTENT)
"""One that makes a component's blocks: whether they have labels is the plugin's affair."""

_COMPONENTS: tuple[Component, ...] = ("builder", "provisioner", "post-processor", "data-source")

_COMPONENT_BLOCKS = {
    (component, dynamic): BlockType(component=component, dynamic=dynamic)
    for component in _COMPONENTS
    for dynamic in (True, False)
}


@record(eq=False)
class Place:
    """A body and its grammar; `block` is the block around it, None for the body of a whole file.

    `path` has the types of the blocks around it, as in `("build", "provisioner")`; `iterators` are the names
    that the `dynamic` blocks around it bind, which every expression there may refer to, literal ones too.
    """

    body: Body
    type: BlockType
    path: tuple[str, ...] = ()
    block: Block | None = None
    iterators: frozenset[str] = frozenset()

    @property
    def where(self) -> str:
        """The place in words: "in `build`"."""
        if self.path:
            return f"in `{self.path[-1]}`"
        return "in a variable file" if self.type is VALUES else "at the root of a template"


def grammar(file: File) -> BlockType:
    """What may stand in a file, by its name."""
    return VALUES if file.document.path.endswith((".pkrvars.hcl", ".pkrvars.json")) else ROOT


@once
def places(file: File) -> tuple[Place, ...]:
    """All bodies of a file of which something is known, outer ones first; none of a legacy template.

    The bodies of unknown and of ignored blocks are left out. Blocks of a component are in, since `dynamic`
    may stand there. `content` of a `dynamic` block is a body of the type that is made.
    """
    found: list[Place] = []
    waiting = [] if file.legacy else [Place(file.body, grammar(file))]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += reversed(tuple(_below(place)))
    return tuple(found)


def _below(place: Place) -> Iterator[Place]:
    if place.type.blocks is _CONTENT:
        return  # `_dynamic` has looked into it, and knows what `content` stands for
    for block in place.body.blocks:
        if block.type == "dynamic" and place.type.dynamic:
            yield from _dynamic(place, block)
        else:
            inner = _inner(place.type, block.type)
            if inner is not None and not inner.ignored:
                yield Place(block.body, inner, (*place.path, block.type), block, place.iterators)


def _inner(type_: BlockType, name: str) -> BlockType | None:
    """The grammar of a block of that name in a body."""
    if name in type_.blocks:
        return type_.blocks[name]
    return _COMPONENT_BLOCKS[type_.component, type_.dynamic] if type_.component else None


def _dynamic(place: Place, block: Block) -> Iterator[Place]:
    """A `dynamic` block, and its `content`; nothing where it makes blocks that nobody knows."""
    made = block.labels[0].value if block.labels else ""
    inner = _inner(place.type, made)
    if inner is None:
        return
    grammar = DYNAMIC if inner.labels else _WITHOUT_LABELS
    if made not in place.type.blocks:
        grammar = _ANY_LABELS
    yield Place(block.body, grammar, (*place.path, "dynamic"), block, place.iterators)
    iterators = place.iterators | {_iterator(block, made)}
    for content in block.body.blocks:
        if content.type == "content" and not inner.ignored:
            yield Place(content.body, inner, (*place.path, made), content, iterators)


def _iterator(block: Block, made: str) -> str:
    """The name of a `dynamic` block's iterator: its own, or the type of the blocks that it makes."""
    attribute = block.body.attribute("iterator")
    named = attribute.expression if attribute else None
    return named.root if isinstance(named, Traversal) else made


@once
def constants(file: File) -> tuple[tuple[Place, Attribute, ArgumentType], ...]:
    """The arguments of a file that Packer reads before it knows any value, and where they stand."""
    return tuple(
        (place, attribute, type_)
        for place in places(file)
        if place.type.declares or place.type.arguments
        for attribute in place.body.attributes
        for type_ in (place.type.declares or place.type.arguments.get(attribute.name),)
        if type_ is not None and type_.context in (Context.LITERAL, Context.ENV)
    )


def refused(body: Body, type_: BlockType) -> Iterator[Attribute | Block]:
    """What of a body is lost: names that Packer does not know there, blocks with other labels than theirs.

    The rest of a component's body is its plugin's affair.
    """
    for item in body.items:
        if not (type_.lenient or _reads(type_, item)):
            yield item


def _reads(type_: BlockType, item: Attribute | Block) -> bool:
    if isinstance(item, Attribute):
        return bool(type_.declares or type_.component or item.name in type_.arguments)
    if item.type == "dynamic" and type_.dynamic:
        return bool(item.labels) and _inner(type_, item.labels[0].value) is not None
    own = type_.blocks.get(item.type)
    return len(item.labels) == len(own.labels) if own else type_.component is not None
