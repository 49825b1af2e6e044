"""Components that fit their schemas are seen to without jsonschema; all others are left to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packlint.components import Component
from packlint.conform import conform
from packlint.discover import discover
from packlint.evaluate import evaluate
from packlint.load import load
from packlint.lower import lower
from packlint.parse import parse, parse_template
from packlint.schema import Judge, Quick
from packlint.settings import Settings

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

LOADED = """
import sys
from pathlib import Path
from packlint.conform import conform
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse

file, _ = parse(Document("t.pkr.hcl", sys.argv[1]))
(configuration,), _ = lower(Template("t", ("t.pkr.hcl",), Files(Path.cwd())), [file])
(component,) = conform(evaluate(configuration))
print(len(component.problems), "jsonschema" in sys.modules, "referencing" in sys.modules)
"""


COMPILED = """
import re
import sys

made, compiled = [], re.compile


def noted(*asked, **options):
    made.append(sys._getframe(1).f_globals["__name__"])
    return compiled(*asked, **options)


re.compile = noted
import packlint.conform, packlint.system, packlint.traits, packlint.version, packlint.wording
own = ("conform", "schema", "catalog", "components", "system", "traits", "version", "wording")
print([name for name in made if name.startswith(tuple(f"packlint.{it}" for it in own))])
"""

TEMPLATE = """
source "null" "a" {{
  communicator = "ssh"
  ssh_host     = "h"
  ssh_password = "p"
  ssh_timeout  = "5m"
  ssh_username = "u"
  {}
}}

build {{
  sources = ["source.null.a"]
}}
"""


@pytest.mark.parametrize(("more", "told"), [("", "0 False False"), ("nonsense = 1", "1 True True")])
def test_jsonschema_is_loaded_for_what_does_not_fit_alone(more: str, told: str) -> None:
    asked = [sys.executable, "-c", LOADED, TEMPLATE.format(more)]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == told


def test_no_pattern_is_compiled_before_a_template_is_seen() -> None:
    asked = [sys.executable, "-c", COMPILED]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def components() -> list[Component]:
    """Those of the corpus."""
    found: list[Component] = []
    for template in discover([CORPUS], lambda *_: Settings(), CORPUS).templates:
        files = [parse(document)[0] for document in load(template)[0]]
        for configuration in lower(template, files)[0]:
            found += conform(evaluate(configuration, parse_template=parse_template))
    return found


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_what_fits_at_once_in_the_corpus_has_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    original = Judge.violations

    def fits(self: Quick, data: Any, original: Any = Quick.fits) -> bool:
        seen.append(original(self, data))
        return False  # so that jsonschema is asked in every case

    def violations(self: Judge, data: Any) -> Any:
        found = original(self, data)
        if seen:
            assert seen[-1] == (not found)
        return found

    monkeypatch.setattr(Quick, "fits", fits)
    monkeypatch.setattr(Judge, "violations", violations)
    assert len(components()) > 2000
    assert seen.count(True) > 0.9 * len(seen) > 1800
