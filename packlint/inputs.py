"""Nouns for what an invocation gives beside the files: environment, variables, a choice of builds."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.diagnostic import Diagnostic
from packlint.document import Range
from packlint.record import record
from packlint.syntax import Expression, File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@record
class Given:
    """A value for a variable that is text, as the environment, the settings and `--var` give it.

    `expression` is the text read as an expression, for variables that are neither strings nor untyped; None
    where it is none. `range` is the text in a document of its own, which is named for its place. `by` is who
    gives it.
    """

    name: str
    text: str
    expression: Expression | None
    range: Range
    by: Literal["environment", "settings", "var"] = "var"


@record
class Inputs:
    """What an invocation gives every template.

    `environment` is None unless it was asked for; its values are those of `PKR_VAR_…` and what `env()` sees.
    `var_files` are the parsed files of `--var-file` in their order, `variables` those of `--var`. `only` and
    `exclude` are Packer's globs for the names of builds. `diagnostics` tell what is wrong with the syntax of
    the files, and `unchecked` names those which are checked for nothing else, since no template has them.
    """

    environment: Mapping[str, str] | None = None
    from_environment: tuple[Given, ...] = ()
    var_files: tuple[File, ...] = ()
    variables: tuple[Given, ...] = ()
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unchecked: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[str]:
        """The names of the variable files in reports."""
        return frozenset(file.document.path for file in self.var_files)


NOTHING = Inputs()
