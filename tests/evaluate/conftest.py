"""Expressions as text → their values, for the tests of this stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.inputs import NOTHING, Inputs
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse
from packlint.syntax import Expression
from packlint.value import Known, Unknown, Value


def _parsed(text: str) -> Expression:
    file, diagnostics = parse(Document("t.pkr.hcl", f"x = {text}\n"))
    assert not diagnostics, (text, [diagnostic.message for diagnostic in diagnostics])
    return file.body.attributes[0].expression


def _plain(value: Value) -> Any:
    """The data all the way down; an unknown stays one."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value.data, tuple):
        return [_plain(item) for item in value.data]
    if isinstance(value.data, Mapping):
        return {name: _plain(item) for name, item in value.data.items()}
    return value.data


@pytest.fixture(scope="session")
def expression() -> Callable[[str], Expression]:
    """Text → the expression it is."""
    return _parsed


@pytest.fixture(scope="session")
def value() -> Callable[..., Value]:
    """Text and what it may refer to → its value."""

    def evaluated(text: str, scope: Scope | None = None, **names: Value) -> Value:
        return value_of(_parsed(text), scope or Scope(names))

    return evaluated


@pytest.fixture(scope="session")
def plain() -> Callable[[Value], Any]:
    """A value → its data all the way down."""
    return _plain


@pytest.fixture(scope="session")
def names() -> dict[str, Value]:
    """A scope with unknowns and with every mark."""
    variables: dict[str, Value] = {
        "name": Known("web", default_of="name"),
        "secret": Known("s3cret", sensitive=True),
        "empty": Known("", default_of="empty"),
        "nothing": Known(None, default_of="nothing"),
        "none": Known((), default_of="none"),
        "list": Known((Known("a"), Known("b")), default_of="list"),
        "region": Unknown("`var.region` has no default"),
        "on": Known(True, default_of="on"),
    }
    data: dict[str, Value] = {"amazon-ami": Unknown("not known")}
    return {"var": Known(variables), "data": Known(data), "build": Unknown("a build makes it")}


@pytest.fixture(scope="session")
def configured() -> Callable[..., Configuration]:
    """A template as text, and what the invocation gives → its configuration with values."""

    def evaluated(text: str, path: str = "t.pkr.hcl", inputs: Inputs = NOTHING) -> Configuration:
        file, diagnostics = parse(Document(path, cleandoc(text) + "\n"))
        assert not diagnostics, [diagnostic.message for diagnostic in diagnostics]
        (configuration,), _ = lower(Template(path, (path,), Files(Path.cwd())), [file])
        return evaluate(configuration, inputs)

    return evaluated
