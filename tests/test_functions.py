"""The table of Packer's functions, against the facts and against what the evaluator computes."""

import json
from pathlib import Path

import pytest

from packlint.evaluate.functions import NAMES
from packlint.functions import SINCE

FACTS = Path(__file__).resolve().parents[2] / "shared" / "reference" / "packer-facts.json"


def test_the_evaluator_knows_exactly_these_functions() -> None:
    assert SINCE.keys() == NAMES


@pytest.mark.skipif(not FACTS.exists(), reason="the shared facts are not beside the project")
def test_the_table_is_that_of_the_facts() -> None:
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["functions"]
    assert {fact["name"]: fact["since"].removeprefix("<=") for fact in facts} == SINCE
