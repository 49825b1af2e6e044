"""What the command line and the environment say of variables and builds → the inputs of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packlint import witness
from packlint.errors import UsageError
from packlint.files import Files, Gone, Unsaved, reason
from packlint.inputs import NOTHING, Given, Inputs
from packlint.options import Asked
from packlint.request import base, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from packlint.diagnostic import Diagnostic
    from packlint.document import Document
    from packlint.syntax import File

PREFIX = "PKR_VAR_"
"""What begins the names of environment variables that set a variable (hcl2template/types.variables.go)."""

SUFFIXES = (".hcl", ".json")
"""What Packer tells the syntax of a variable file by (hcl2template/parser.go)."""


def gather(
    asked: Asked,
    environment: Mapping[str, str],
    paths: Sequence[Path | Unsaved],
    root: Path | None,
    texts: Sequence[Unsaved] = (),
) -> Inputs:
    """What every template of a run is given; raises UsageError for what cannot be read or understood.

    A variable file may lie anywhere: who names it wants it read. Its name is relative to what the names of
    templates are relative to, which `paths` and `root` tell. What is wrong with its syntax is found in
    `Inputs.diagnostics`. `texts` are read in the place of files that are there.
    """
    if asked == Asked():
        return NOTHING
    from packlint.parse import parse

    where = base({request(path, root).root for path in paths}) if asked.var_files else None
    files: list[File] = []
    diagnostics: list[Diagnostic] = []
    for path in asked.var_files:
        document = _document(path, where, texts)
        file, told = parse(document, values=True)
        if file.body.blocks:
            raise UsageError(
                f"the variable file `{path}` holds blocks", "it may have nothing but lines of `name = value`"
            )
        files.append(file)
        diagnostics += told
    return Inputs(
        environment=environment if asked.environment else None,
        from_environment=_from_environment(environment) if asked.environment else (),
        var_files=tuple(files),
        variables=tuple(map(_variable, asked.variables)),
        only=_globs("--only", asked.only),
        exclude=_globs("--except", asked.exclude),
        diagnostics=tuple(diagnostics),
    )


def _document(path: Path, where: Path | None, texts: Sequence[Unsaved]) -> Document:
    """The text of a variable file under the name that it has in reports."""
    from packlint.load import load
    from packlint.model import Template

    if not path.name.endswith(SUFFIXES):
        raise UsageError(
            f"the format of the variable file `{path}` cannot be told",
            "its name has to end in `.hcl` or `.json`",
        )
    try:
        real = Path(witness.real(path))
        witness.status(real)
    except FileNotFoundError:
        raise UsageError(
            f"there is no variable file `{path}`", "relative paths start from the working directory"
        ) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"the variable file `{path}` cannot be read: {reason(error)}") from None
    # One that is named is read, even for the time before it was made.
    files = Files(real.parent, where, (it for it in texts if not isinstance(it, Gone)))
    name = files.name(real)
    documents, told = load(Template(name, (), files, var_files=(name,)))
    if told:
        raise UsageError(told[0].message, told[0].hint)
    return documents[0]


def _from_environment(environment: Mapping[str, str]) -> tuple[Given, ...]:
    return tuple(
        _given(name.removeprefix(PREFIX), value, f"environment variable {name}", "environment")
        for name, value in sorted(environment.items())
        if name.startswith(PREFIX)
    )


def _variable(text: str) -> Given:
    name, equals, value = text.partition("=")
    if not equals or not name:
        # The text is not shown: it may be a secret whose name was forgotten.
        raise UsageError(
            "`--var` takes `NAME=VALUE`", "write `--var name=value`, and `--var name=` for an empty text"
        )
    return _given(name, value, f"--var {name}")


def _given(name: str, text: str, path: str, by: Literal["environment", "var"] = "var") -> Given:
    from packlint.document import Document, Range
    from packlint.parse import parse_expression

    document = Document(path, text)
    return Given(name, text, parse_expression(document), Range(document, 0, len(text)), by)


def _globs(option: str, values: Iterable[str]) -> tuple[str, ...]:
    """The patterns of an option, which commas part (command/flag-slice)."""
    from packlint.glob import InvalidPatternError, compiled

    globs = tuple(filter(None, (glob.strip() for value in values for glob in value.split(","))))
    if not globs and tuple(values):
        raise UsageError(f"`{option}` names no build", "leave the option out")
    for glob in globs:
        try:
            compiled(glob)
        except InvalidPatternError as error:
            raise UsageError(f"`{option}` has the pattern `{glob}`, in which {error}") from None
    return globs
