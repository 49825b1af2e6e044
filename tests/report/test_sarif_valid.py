"""SARIF: Microsoft's validator, where it is installed, finds nothing; it minds the schema too."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import PLAIN, Look, render
from packlint.rule import Category, Rule

CHECKER = Path(__file__).resolve().parents[3] / "shared/tools/sarifcheck.sh"


class KeyInTheOpen(Rule):
    """Flags keys that all can see."""

    category = Category.SECURITY
    severity = Severity.ERROR
    security_severity = 8.0
    cwe = (798, 9999)
    former = ("open-key",)


class TalksTooMuch(Rule):
    """Notes what is long."""

    category = Category.STYLE
    severity = Severity.NOTE


DOCUMENT = Document("images/a b+ü/x.pkr.hcl", 'source "qemu" "x" {\r\n  key = "😀"\r\n}\r\n')
KEY, TYPE, VALUE = Range(DOCUMENT, 23, 26), Range(DOCUMENT, 0, 6), Range(DOCUMENT, 29, 32)
FIX = Fix("take `key` away", (Edit(VALUE, "var.key\n"), Edit(Range(DOCUMENT, 0, 0), "\n")), safe=False)
ERROR = Diagnostic("key-in-the-open", Severity.ERROR, "`key` is 1", KEY, (Related(TYPE, "in this"),), FIX)
NOTE = Diagnostic("talks-too-much", Severity.NOTE, "it is long", TYPE, hint="be brief")
GONE = replace(ERROR, message="it is gone", range=Range(Document("gone", ""), 0, 0), fix=None)
OWN = replace(NOTE, rule="internal-error", message="rule `x` failed here")
EXCUSED = (
    replace(NOTE, message="one", suppression=Suppression("waiver", "it must be", KEY)),
    replace(NOTE, message="two", suppression=Suppression("settings")),
    replace(NOTE, message="three", suppression=Suppression("baseline")),
)


@pytest.mark.skipif(
    "SARIF_MULTITOOL_DIR" not in os.environ or not CHECKER.exists(),
    reason="the SARIF Multitool is not there: SARIF_MULTITOOL_DIR names its folder",
)
@pytest.mark.parametrize(
    ("diagnostics", "look"),
    [
        pytest.param((), PLAIN, id="empty"),
        pytest.param((ERROR, NOTE, GONE), PLAIN, id="findings"),
        pytest.param((NOTE, OWN), PLAIN, id="failure"),
        pytest.param((ERROR, NOTE, GONE), Look(suppressed=True, category="packer"), id="excused"),
        pytest.param((ERROR, OWN, GONE), Look(suppressed=True, limit=2), id="left-out"),
    ],
)
def test_the_validator_finds_nothing(tmp_path: Path, diagnostics: tuple[Diagnostic, ...], look: Look) -> None:
    outcome = Outcome(diagnostics, (KeyInTheOpen, TalksTooMuch), 1, 1, suppressed=EXCUSED)
    file = tmp_path / "out.sarif"
    file.write_text(render("sarif", outcome, look))
    done = subprocess.run([str(CHECKER), str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
