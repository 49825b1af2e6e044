"""Nouns for what a file says: bodies, blocks, attributes and expressions, each knowing its exact place.

The vocabulary and the shapes are those of HCL's native syntax (hashicorp/hcl, `hclsyntax`). Nodes are
compared by identity: two equal texts in two places are two nodes.
"""

from __future__ import annotations

from _operator import attrgetter
from collections.abc import Callable, Iterator, Mapping

from packlint.document import Document, Range
from packlint.once import once
from packlint.record import field, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any
    from typing import Literal as OneOf


@record(eq=False, guarded=False)
class Comment:
    """A comment with its marker: `# …`, `// …` or `/* … */`, without the line break that ends it."""

    range: Range

    @property
    def text(self) -> str:
        """The comment as it is written."""
        return self.range.text


@record(eq=False, guarded=False)
class Expression:
    """Anything that has a value; `range` spans it without surrounding blanks."""

    range: Range


@record(eq=False, guarded=False)
class Literal(Expression):
    """A number, `true`, `false` or `null`."""

    value: int | Decimal | bool | None


def is_null(expression: Expression) -> bool:
    """Whether `null` is written there."""
    return isinstance(expression, Literal) and expression.value is None


@record(eq=False, guarded=False)
class Text(Expression):
    """Literal text of a template.

    `value` is what it means: escapes resolved, strip markers and a heredoc's indentation applied; `range`
    is how it is written.
    """

    value: str


@record(eq=False, guarded=False)
class Template(Expression):
    """A quoted string or a heredoc.

    `range` spans the quotes, or the heredoc from `<<` to the end of its closing marker. `parts` holds
    `Text` for literal text and any other expression for `${…}` and `%{…}`.
    """

    parts: tuple[Expression, ...]
    heredoc: bool = False

    @property
    def literal(self) -> str | None:
        """The text, where the template is nothing but text."""
        texts: list[str] = []
        for part in self.parts:
            if not isinstance(part, Text):
                return None
            texts.append(part.value)
        return texts[0] if len(texts) == 1 else "".join(texts)


@record(eq=False, guarded=False)
class TemplateWrap(Expression):
    """A quoted string that is nothing but one `${…}`: it has the value of `wrapped`, of whatever type."""

    wrapped: Expression


@record(eq=False, guarded=False)
class TemplateIf(Expression):
    """`%{if condition}…%{else}…%{endif}`."""

    condition: Expression
    then: tuple[Expression, ...]
    otherwise: tuple[Expression, ...]


@record(eq=False, guarded=False)
class TemplateFor(Expression):
    """`%{for key, value in collection}…%{endfor}`."""

    key: str | None
    item: str
    collection: Expression
    body: tuple[Expression, ...]


@record(eq=False, guarded=False)
class Tuple(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


@record(eq=False, guarded=False)
class ObjectItem:
    """One `key = value` of an object; a bare identifier as the key is a `Text` with its name."""

    key: Expression
    value: Expression

    @property
    def name(self) -> str | None:
        """The key, where it is literal."""
        if isinstance(self.key, Template):
            return self.key.literal
        return self.key.value if isinstance(self.key, Text) else None


@record(eq=False, guarded=False)
class Object(Expression):
    """`{ a = b }`."""

    items: tuple[ObjectItem, ...]


@record(eq=False, guarded=False)
class Step:
    """One step of a traversal: `.name`, `["name"]`, `[0]` or `.0`."""

    range: Range
    key: str | int
    attribute: bool

    @property
    def name(self) -> str | None:
        """The attribute's name, where the step is written `.name`."""
        return self.key if self.attribute and isinstance(self.key, str) else None


@record(eq=False, guarded=False)
class Traversal(Expression):
    """A reference: a root name and the steps from it, as in `var.disk.size` or `local.sizes[0]`.

    An index belongs to the traversal only where it is a literal; any other one makes an `Index`.
    """

    root: str
    root_range: Range
    steps: tuple[Step, ...]


@record(eq=False, guarded=False)
class Action(Expression):
    """What a legacy template has of Go's templates and HCL has not; `references` are the variables in it.

    `text` is what Go reads, one `{{…}}` or a string with several; it is None where it cannot be told what
    comes of it. `whole` tells that it stands in `variables`, which Packer renders before anything else.
    """

    references: tuple[Traversal, ...]
    text: str | None = None
    whole: bool = False


@record(eq=False, guarded=False)
class RelativeTraversal(Expression):
    """Steps from something that is not a name, as in `f(x).id`."""

    source: Expression
    steps: tuple[Step, ...]


@record(eq=False, guarded=False)
class Index(Expression):
    """`collection[key]` with a computed key."""

    collection: Expression
    key: Expression


@record(eq=False, guarded=False)
class SplatItem(Expression):
    """Stands for the current element inside the `each` of a `Splat`; its range is the splat's marker."""


@record(eq=False, guarded=False)
class Splat(Expression):
    """`source[*].each` or `source.*.each`; `each` is built upon one `SplatItem`.

    After `.*` only attribute steps belong to `each`; after `[*]` all that follow do.
    """

    source: Expression
    each: Expression
    full: bool


@record(eq=False, guarded=False)
class Call(Expression):
    """`name(arguments)`; `expands` tells that the last argument is followed by `...`."""

    name: str
    name_range: Range
    arguments: tuple[Expression, ...]
    expands: bool


@record(eq=False, guarded=False)
class Conditional(Expression):
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@record(eq=False, guarded=False)
class Binary(Expression):
    """`left operator right`."""

    operator: OneOf["||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"]
    left: Expression
    right: Expression


@record(eq=False, guarded=False)
class Unary(Expression):
    """`-operand` or `!operand`."""

    operator: OneOf["-", "!"]
    operand: Expression


@record(eq=False, guarded=False)
class Parentheses(Expression):
    """`(inner)`."""

    inner: Expression


@record(eq=False, guarded=False)
class For(Expression):
    """`[for key, item in collection : result if condition]`, or with `{…}` and a `result_key`.

    `grouped` tells that the result is followed by `...`.
    """

    key: str | None
    item: str
    collection: Expression
    result_key: Expression | None
    result: Expression
    condition: Expression | None
    grouped: bool


@record(eq=False, guarded=False)
class Attribute:
    """`name = expression`; `range` spans all of it."""

    name: str
    name_range: Range
    expression: Expression
    range: Range


@record(eq=False, guarded=False)
class Label:
    """A label of a block; `range` includes the quotes."""

    value: str
    range: Range


@record(eq=False, guarded=False)
class Block:
    """`type "label" { … }`.

    `header_range` spans type and labels, `range` everything to the closing brace. It is not `complete` where
    a syntax error hides some of its items.
    """

    type: str
    type_range: Range
    labels: tuple[Label, ...]
    header_range: Range
    body: Body
    range: Range
    complete: bool = True


@record(eq=False, guarded=False)
class Body:
    """What a file or a block holds; `range` spans what stands between its braces.

    `items` has attributes and blocks in the order of the text.
    """

    items: tuple[Attribute | Block, ...]
    range: Range

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes, in order; a name that is given twice appears twice."""
        return tuple([item for item in self.items if isinstance(item, Attribute)])

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The nested blocks, in order."""
        return tuple([item for item in self.items if isinstance(item, Block)])

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute of that name."""
        for item in self.items:
            if isinstance(item, Attribute) and item.name == name:
                return item
        return None


@record(eq=False, guarded=False)
class File:
    """A parsed file; `complete` is false where a syntax error hides a part of it.

    It is not `whole` where a syntax error leaves in doubt what belongs to what: a bracket that is never
    closed may have moved all that follows it to another place. The body of a `legacy` JSON template has an
    attribute for each key of its root.
    """

    document: Document
    body: Body
    comments: tuple[Comment, ...] = ()
    complete: bool = True
    legacy: bool = False
    whole: bool = True
    _kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)


def elements(expression: Expression, count: int) -> tuple[Expression, ...]:
    """Where each of the `count` elements of a list is written: the whole of it, where that cannot be told."""
    if isinstance(expression, Tuple) and len(expression.items) == count:
        return expression.items
    return (expression,) * count


def unwrapped(expression: Expression) -> Expression:
    """What stands in parentheses."""
    while isinstance(expression, Parentheses):
        expression = expression.inner
    return expression


def bare(expression: Expression) -> Expression:
    """What stands in parentheses, or in a string that is nothing but one `${…}`."""
    while isinstance(expression, Parentheses | TemplateWrap):
        expression = expression.inner if isinstance(expression, Parentheses) else expression.wrapped
    return expression


Node = File | Body | Block | Attribute | ObjectItem | Expression

_BELOW: Mapping[type, Callable[[Any], tuple[Node, ...]]] = {
    File: lambda node: (node.body,),
    Body: attrgetter("items"),
    Block: lambda node: (node.body,),
    Attribute: lambda node: (node.expression,),
    ObjectItem: attrgetter("key", "value"),
    Template: attrgetter("parts"),
    TemplateWrap: lambda node: (node.wrapped,),
    TemplateIf: lambda node: (node.condition, *node.then, *node.otherwise),
    TemplateFor: lambda node: (node.collection, *node.body),
    Tuple: attrgetter("items"),
    Object: attrgetter("items"),
    Action: attrgetter("references"),
    RelativeTraversal: lambda node: (node.source,),
    Index: attrgetter("collection", "key"),
    Splat: attrgetter("source", "each"),
    Call: attrgetter("arguments"),
    Conditional: attrgetter("condition", "then", "otherwise"),
    Binary: attrgetter("left", "right"),
    Unary: lambda node: (node.operand,),
    Parentheses: lambda node: (node.inner,),
    For: lambda node: tuple(
        it for it in (node.collection, node.result_key, node.result, node.condition) if it is not None
    ),
}
"""What lies directly below a node of each class that has anything below it."""


def _nothing(node: Node) -> tuple[Node, ...]:
    return ()


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one, in the order of the text."""
    return _BELOW.get(type(node), _nothing)(node)


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, in the order of the text."""
    waiting = [node]
    below = _BELOW.get
    while waiting:
        current = waiting.pop()
        yield current
        inner = below(type(current))
        if inner is not None:
            waiting += inner(current)[::-1]


def traversals(node: Node) -> Iterator[Traversal]:
    """Every reference in and below a node that its surroundings do not bind, in the order of the text.

    The names that a `for` introduces are references to nothing outside it and are left out.
    """
    waiting: list[Any] = [node]
    below = _BELOW.get
    while waiting:
        current = waiting.pop()
        kind = type(current)
        if kind is Traversal:
            yield current
        elif kind is For or kind is TemplateFor:
            yield from _unbound(current)
        elif (inner := below(kind)) is not None:
            waiting += inner(current)[::-1]


def _unbound(loop: For | TemplateFor) -> Iterator[Traversal]:
    """The references of a `for` that neither it nor one within it binds."""
    waiting: list[tuple[Node, frozenset[str | None]]] = [(loop, frozenset())]
    while waiting:
        current, bound = waiting.pop()
        if isinstance(current, Traversal):
            if current.root not in bound:
                yield current
        elif isinstance(current, For | TemplateFor):
            inner = bound | {current.key, current.item}
            below = children(current)
            waiting += ((it, bound if it is current.collection else inner) for it in reversed(below))
        else:
            waiting += ((it, bound) for it in reversed(children(current)))


@once
def _by_root(file: File) -> dict[str, tuple[Traversal, ...]]:
    found: dict[str, list[Traversal]] = {}
    for traversal in traversals(file.body):
        found.setdefault(traversal.root, []).append(traversal)
    return {root: tuple(those) for root, those in found.items()}


def mentioned(file: File, root: str) -> tuple[Traversal, ...]:
    """The references of a file to one root, as `traversals` has them."""
    return _by_root(file).get(root, ())
