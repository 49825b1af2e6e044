"""Templates written to a directory of their own, as `packlint inspect` sees them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from packlint.inputs import NOTHING, Inputs
from packlint.inspect.show import Screen
from packlint.inspect.text import to_text
from packlint.inspect.view import to_json
from packlint.inspect.why import why
from packlint.model import Configuration
from packlint.pipeline import understand
from packlint.settings import Settings

PLAIN = Screen(100, lambda text, **_: text)

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

Files = Mapping[str, str]
Understood = Callable[..., tuple[Configuration, ...]]


@pytest.fixture(scope="session")
def corpus() -> tuple[Configuration, ...]:
    """Real templates of public repositories."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the project")
    return understand([CORPUS], Settings())[0]


@pytest.fixture
def understood(tmp_path: Path) -> Understood:
    """The configurations of a template given as text, or of several files."""

    def understand_(files: str | Files, inputs: Inputs = NOTHING) -> tuple[Configuration, ...]:
        for name, text in ({"t.pkr.hcl": files} if isinstance(files, str) else files).items():
            (tmp_path / name).write_text(cleandoc(text) + "\n", encoding="utf-8")
        return understand([tmp_path], Settings(), inputs=inputs)[0]

    return understand_


@pytest.fixture
def as_json(understood: Understood) -> Callable[..., Any]:
    """The only template of the JSON."""

    def view(files: str | Files, inputs: Inputs = NOTHING) -> Any:
        (template,) = json.loads(to_json(understood(files, inputs)))["templates"]
        return template

    return view


@pytest.fixture
def as_text(understood: Understood) -> Callable[..., str]:
    """The text, 100 columns wide and without colors."""
    return lambda files, inputs=NOTHING: to_text(understood(files, inputs), PLAIN)


@pytest.fixture
def told(understood: Understood) -> Callable[..., str]:
    """The answer to `--why`."""
    return lambda files, address, inputs=NOTHING: why(understood(files, inputs), address, PLAIN)
