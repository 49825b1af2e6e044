"""Variables with their values → a file that only Packer reads, and texts in which no secret is left."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from packlint.document import Document, Range
from packlint.errors import PackerError
from packlint.evaluate import evaluate
from packlint.inputs import Given, Inputs
from packlint.model import Configuration
from packlint.packer.event import Event, Failed, Garbled, Made, Noted, Said
from packlint.packer.job import Job, Passed
from packlint.packer.run.process import Line
from packlint.parse import parse_expression
from packlint.record import replace
from packlint.secrets.formats import keys
from packlint.secrets.names import is_of_secret, is_throw_away
from packlint.value import Known, Value, held_by

SHORTEST = 4
"""Characters of a secret that is hidden; a shorter one is in every other line by chance."""

HIDDEN = "<sensitive>"
"""What stands for a secret, as where Packer itself hides one (packer/ui.go)."""

_WRITTEN = 16
"""Characters that one of a secret may take in a line of Packer: a comma is `%!(PACKER_COMMA)`."""


class Handed:
    """Hands variables over to Packer: in a file of a directory that nobody else may open, not as arguments.

    The directory is there until the end of a `with` statement.
    """

    def __init__(self) -> None:
        self._directory: Path | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        import shutil

        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)

    def passed(self, job: Job, passed: Passed) -> Passed:
        """The same for a job, with its variables in the last of the variable files.

        That beats all others, as a variable does: before 1.13 Packer reads those in JSON after those in HCL,
        and in the order of the command line since. Raises PackerError where it cannot be written.
        """
        if not passed.variables:
            return passed
        try:
            if self._directory is None:
                import tempfile

                self._directory = Path(tempfile.mkdtemp(prefix="packlint-"))
            self._count += 1
            path = self._directory / f"{self._count}.pkrvars.json"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(variable_file(job.images[0].configuration, passed.variables))
        except OSError as error:
            raise PackerError(
                f"variables cannot be handed to Packer: {error.strerror or error}",
                "see to the folder for temporary files, which TMPDIR names",
            ) from None
        return replace(passed, variables=(), var_files=(*passed.var_files, path))


def variable_file(configuration: Configuration, variables: Iterable[str]) -> str:
    """A variable file in JSON that gives what `-var` would with each `NAME=VALUE`, the last of a name.

    A string, a number and a variable without a type take the text as it stands, any other type an expression
    (hcl2template/types.variables.go); strings in such a file are no templates. Legacy templates know strings
    only. Where a value cannot be made out here the text is given, at which Packer stops as at the variable.
    """
    texts = _parted(variables)
    values: Mapping[str, Value] = {}
    if not configuration.legacy:
        values = _values(configuration, texts)
    written = (
        f"{json.dumps(name)}: {_as_json(values.get(name), text)}" for name, text in sorted(texts.items())
    )
    return "{" + ", ".join(written) + "}\n"


class Secrets:
    """Knows the secrets of a run, and hides them in what Packer says."""

    def __init__(self, texts: Iterable[str]) -> None:
        forms = {form for text in texts for form in _forms(text) if len(form) >= SHORTEST}
        self._longest = max(map(len, forms), default=0)
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def hidden(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def whole(self, line: Line) -> str:
        """What is to be read of a line: one that is cut may end in the first half of a secret."""
        return line.text[: -self._longest * _WRITTEN] if line.cut and self._longest else line.text

    def without(self, event: Event) -> Event:
        """An event as it may be told; the images that it is about keep their names."""
        if self._pattern is None:
            return event
        match event:
            case Said() | Failed() | Garbled():
                return replace(event, text=self.hidden(event.text))
            case Made():
                return replace(event, values=tuple(map(self.hidden, event.values)))
            case Noted():
                return replace(event, data=tuple(map(self.hidden, event.data)))


def secrets_of(job: Job, passed: Passed) -> Iterator[str]:
    """The texts that are secret in a job: of what is declared sensitive, and of variables meant for secrets.

    A value of `--var` is one if the variable is sensitive or named as one that holds a secret, or if it has
    the form of a key. What everybody knows, such as `vagrant`, is hidden only if it is declared so.
    """
    configuration = job.images[0].configuration
    sensitive = {it.name for it in configuration.variables if it.sensitive}
    declared = [(it.sensitive, it.value) for it in configuration.variables]
    declared += [(it.sensitive, it.value) for it in configuration.locals]
    for hidden, value in declared:
        if hidden:
            yield from _strings(value)
    texts = _parted(passed.variables)
    values = {} if configuration.legacy else _values(configuration, texts)
    for name, text in texts.items():
        if name in sensitive or (is_of_secret(name) and not is_throw_away(text)):
            yield text
            if name in values:
                yield from _strings(values[name])
        else:
            yield from (text[key.start : key.end] for key in keys(text))


def _parted(variables: Iterable[str]) -> dict[str, str]:
    parted = (variable.partition("=") for variable in variables)
    return {name: text for name, _, text in parted}


def _values(configuration: Configuration, texts: Mapping[str, str]) -> Mapping[str, Value]:
    """What variables are worth by these texts, as each one's type has it."""
    declared = tuple(it for it in configuration.variables if it.name in texts)
    alone = replace(configuration, variables=declared, locals=(), data_sources=(), sources=(), builds=())
    given = tuple(_given(name, text) for name, text in texts.items())
    return {it.name: it.value for it in evaluate(alone, Inputs(variables=given)).variables}


def _given(name: str, text: str) -> Given:
    document = Document(f"--var {name}", text)
    return Given(name, text, parse_expression(document), Range(document, 0, len(text)))


def _as_json(value: Value | None, text: str) -> str:
    """What stands for a text: for a string and a number the text itself, which Packer converts."""
    if not isinstance(value, Known) or (
        isinstance(value.data, str | int | Decimal) and not isinstance(value.data, bool)
    ):
        return json.dumps(text)
    return _json(value) or json.dumps(text)


def _json(value: Value) -> str | None:
    """A value in JSON; None where a part of it is not known."""
    if not isinstance(value, Known):
        return None
    data = value.data
    if isinstance(data, Decimal):
        return format(data, "f")
    if isinstance(data, tuple):
        items = [_json(item) for item in data]
        return None if None in items else "[" + ", ".join(filter(None, items)) + "]"
    if isinstance(data, Mapping):
        entries = {name: _json(item) for name, item in data.items()}
        if None in entries.values():
            return None
        return "{" + ", ".join(f"{json.dumps(name)}: {item}" for name, item in entries.items()) + "}"
    return json.dumps(data)


def _strings(value: Value) -> Iterator[str]:
    """The strings in a value, each of which Packer hides (hcl2template/parser.go)."""
    for current in held_by((value,)):
        if isinstance(current, Known) and isinstance(current.data, str):
            yield current.data


def _forms(text: str) -> Iterator[str]:
    """A secret as it may come: its lines one by one, in quotes, in an address, in a shell's quotes."""
    from urllib.parse import quote

    for line in {text, *(line.strip() for line in text.splitlines())}:
        yield line
        yield json.dumps(line)[1:-1]
        yield json.dumps(line, ensure_ascii=False)[1:-1]
        yield quote(line, safe="", errors="replace")
        yield line.replace("'", "'\"'\"'")
