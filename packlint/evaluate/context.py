"""A place in a template → the names that an expression there may refer to, beside `var`, `local` and `data`.

They are those of hcl2template/types.packer_config.go (`EvalContext`) and of what is added to it for sources
and for steps. A root that is missing, or an attribute that a root has not, is an error of Packer.

| where | `path`, `packer` | `source` | `build` |
|---|---|---|---|
| the default of a variable | no | no | no |
| a local, a data source, a build's own arguments, `for_each` | yes | not known | no |
| a source | yes | its own | no |
| what Packer itself reads of a step | yes | not known | `name` |
| what a step is configured with | yes | not known, or one for each source | all |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.model import Arguments
from packlint.pattern import pattern
from packlint.syntax import Expression, Traversal, traversals
from packlint.value import ANY, STRING, Known, Type, Unknown, Value

BUILD: Mapping[str, Type] = {
    "ID": ANY,
    "Host": STRING,
    "Port": ANY,
    "User": STRING,
    "Password": STRING,
    "ConnType": STRING,
    "PackerRunUUID": STRING,
    "PackerHTTPPort": STRING,
    "PackerHTTPIP": STRING,
    "PackerHTTPAddr": STRING,
    "SSHPublicKey": STRING,
    "SSHPrivateKey": STRING,
    "WinRMPassword": STRING,
}
"""What a machine says of itself (packer/provisioner.go, `BasicPlaceholderData`); its builder adds more."""

PACKER = ("version", "iterationID", "versionFingerprint")


def general(directory: str) -> dict[str, Value]:
    """What there is everywhere but in variables; `directory` is the template's."""
    return {
        "path": Known({"root": Known(directory, STRING), "cwd": _CWD}),
        "packer": _PACKER,
        "source": ANY_SOURCE,
    }


def source(type_: str, local_name: Value) -> Known:
    """`source` in the body of a source, and in a step for one source."""
    return Known({"type": Known(type_, STRING), "name": local_name})


def build_name(name: Value) -> Known:
    """`build` where Packer itself reads an argument of a step: nothing but the name."""
    return Known({"name": name})


def build(name: Value, mentioned: Iterable[Traversal] = ()) -> Value:
    """`build` in what a step is configured with; what its builder adds is what the step speaks of.

    Where it speaks of all of it, or of something in it that has to be computed, nothing is known.
    """
    entries: dict[str, Value] = {"name": name, **_BUILD}
    for traversal in mentioned:
        if traversal.root == "build":
            key = traversal.steps[0].key if traversal.steps else None
            if not isinstance(key, str):
                return Unknown("`build` is known only when the build runs")
            entries.setdefault(key, _depending(f"build.{key}", ANY))
    return Known(entries)


_MENTIONS = {root: pattern(rf"{root}[ \t]*[.\[,)\]}}\r\n]") for root in ("build", "source")}
"""What every such reference is like, and few other texts: most steps need not be walked.

Of one pattern for both the search would take ten times as long.
"""


def mentioned(arguments: Arguments, text: str) -> Iterator[Traversal]:
    """The references in arguments, whose text is this, to what differs between sources and builds."""
    if any(root in text and mention.search(text) for root, mention in _MENTIONS.items()):
        for expression in expressions(arguments):
            for traversal in traversals(expression):
                if traversal.root in ("build", "source"):
                    yield traversal


def expressions(arguments: Arguments) -> Iterator[Expression]:
    """Every expression of a component, those of its blocks among them."""
    waiting = [arguments]
    while waiting:
        current = waiting.pop()
        for argument in current:
            yield argument.expression
        for dynamic in current.dynamics:
            for attribute in (dynamic.for_each, dynamic.labels):
                if attribute is not None:
                    yield attribute.expression
        waiting += [block.arguments for block in current.blocks]


NO_ONE_NAME = Unknown("`source.name` is another one in another build", STRING)
"""The local name of a source that builds use under several."""


def _depending(name: str, type_: Type = STRING) -> Unknown:
    return Unknown(f"depends on `{name}`", type_)


_BUILD = {key: _depending(f"build.{key}", type_) for key, type_ in BUILD.items()}
_PACKER = Known({name: _depending(f"packer.{name}") for name in PACKER})
_CWD = _depending("path.cwd")

ANY_SOURCE = Known({"type": _depending("source.type"), "name": _depending("source.name")})
"""`source` where no source is spoken of yet."""
