"""What an invocation names and no template has → an error of the invocation."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.errors import UsageError
from packlint.inputs import Inputs
from packlint.model import Configuration


def refuse_unmatched(inputs: Inputs, configurations: Sequence[Configuration]) -> None:
    """Raises UsageError for a variable that none declares, or a choice that leaves no build."""
    _refuse_undeclared(inputs, configurations)
    _refuse_empty_choice(inputs, configurations)


def _refuse_undeclared(inputs: Inputs, configurations: Sequence[Configuration]) -> None:
    """Raises UsageError for a variable of the command line that no template has.

    A legacy template takes any; one that could not be read in full may have any.
    """
    templates = [it for it in configurations if it.template.documents]
    legacy = any(file.legacy for it in templates for file in it.syntax)
    if legacy or not templates or not all(it.complete for it in templates):
        return
    declared = {variable.name for it in templates for variable in it.variables}
    for given in inputs.variables:
        if given.name not in declared:
            from packlint.suggest import suggest

            near = suggest(given.name, declared)
            raise UsageError(
                f"no template declares the variable `{given.name}` of `--var`",
                f"did you mean `{near}`?" if near else "`packer build` refuses what is not declared",
            )


def _refuse_empty_choice(inputs: Inputs, configurations: Sequence[Configuration]) -> None:
    """Raises UsageError where `--only` and `--except` leave no build of those that there are."""
    chosen = any(build.uses or build.open for it in configurations for build in it.builds)
    if not (inputs.only or inputs.exclude) or chosen:
        return
    files = [file for it in configurations for file in it.syntax]
    if any(file.legacy or any(block.type == "build" for block in file.body.blocks) for file in files):
        raise UsageError(
            "no build is left by `--only` and `--except`",
            "a build is called `[NAME.]TYPE.SOURCE`, as `packlint inspect` shows it",
        )
