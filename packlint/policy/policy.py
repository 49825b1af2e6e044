"""Nouns for what a policy file says: policies, the parameters and locals they share, and their tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from packlint.diagnostic import Severity
from packlint.document import Document, Range
from packlint.files import Files
from packlint.record import field, record
from packlint.syntax import Attribute, Expression, Traversal
from packlint.value import Type, Value

Target: TypeAlias = Literal[
    "source", "build", "provisioner", "post_processor", "variable", "data", "required_plugin", "template"
]
TARGETS: tuple[Target, ...] = get_args(Target)

SUFFIX = ".policy.hcl"


@record(eq=False)
class Param:
    """A value that the settings may give; `default` is what it is otherwise, None where they have to.

    `constraint` is what is written for its type, None where that is left out.
    """

    name: str
    type: Type
    default: Value | None
    description: str
    name_range: Range
    range: Range
    constraint: Expression | None = None


@record(eq=False)
class PolicyTest:
    """A template, as files by path, and the texts of which each is to be in one finding of a policy in it.

    `params` are values in the place of those that the settings give; `params_range` says where they stand.
    """

    policy: str
    files: Mapping[str, str]
    finds: tuple[str, ...]
    params: Mapping[str, Value]
    params_range: Range | None
    range: Range
    header_range: Range


@record(eq=False)
class Policy:
    """A rule of the user's organisation: each block of the `target` that `when` is true of is as it says.

    What that is, `condition` says of the block's values, and `schema`, a JSON Schema, of its body; one of
    them is there. `at` is what to point at, None for the block's header. `warns` tells that what cannot be
    known is told; `waivable` that it may be excused where it is broken. `benchmarks` names published demands
    that it is about.
    """

    name: str
    description: str
    severity: Severity
    target: Target
    when: Expression | None
    condition: Expression | None
    schema: Expression | None
    error_message: Expression
    at: Traversal | None
    warns: bool
    waivable: bool
    benchmarks: tuple[str, ...]
    name_range: Range
    range: Range
    header_range: Range


@record(eq=False)
class PolicyFile:
    """A file of policies; `name` is what settings call it: its path in its folder, without the suffix.

    Functions read `files` and start from `directory`. It is `foreign` where an installed package brings it:
    then it is no file of the repository.
    """

    name: str
    document: Document
    files: Files
    directory: str
    foreign: bool
    params: Mapping[str, Param] = field(default_factory=dict)
    locals: Mapping[str, Attribute] = field(default_factory=dict)
    policies: tuple[Policy, ...] = ()
    tests: tuple[PolicyTest, ...] = ()
