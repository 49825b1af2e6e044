"""Hostile names, messages and paths: every format stays what it is, and no terminal or runner is steered."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import partial
from importlib.resources import files
from xml.etree import ElementTree

import click
import jsonschema
import junitparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.report import FORMATS, Look, render

SCHEMA = json.loads(files("packlint.schemas").joinpath("report.schema.json").read_text(encoding="utf-8"))
EVIL = (
    "\x1b[2J",
    "\x07\x9b\r\n\u202e\u2028\x7f\x00",
    "\ud800\udcff\ufffe\uffff\U0001ffff",
    "::error::x",
    "\n::stop-commands::x\n",
    "\u00a0::add-mask::x",
    "##[add-mask]x",
    "##vso[task.complete]x",
    "###[error]",
    "]]><!--&amp;<a b='",
    '"\\u0041\\',
    "%0A::error::,line=1",
    "",
)
texts = st.lists(st.sampled_from(EVIL) | st.text(), max_size=4).map("".join)
REPORTS = sorted(FORMATS)


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    def diagnostic() -> Diagnostic:
        text = draw(texts)
        document = Document(draw(texts), text)
        place = Range(document, *sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text))))))
        return Diagnostic(
            rule=draw(st.sampled_from(["a-rule", "internal-error", "b\x1b\ud800##[x]"])),
            severity=draw(st.sampled_from(Severity)),
            message=draw(texts),
            range=place,
            related=(Related(place, draw(texts)),) * draw(st.integers(0, 2)),
            fix=draw(st.none() | st.builds(partial(Fix, edits=(Edit(place, draw(texts)),)), texts)),
            hint=draw(st.none() | texts),
            suppression=draw(st.none() | st.builds(Suppression, st.just("waiver"), texts, st.just(place))),
        )

    told = [diagnostic() for _ in range(draw(st.integers(0, 3)))]
    return Outcome(
        tuple(it for it in told if not it.suppression),
        (),
        1,
        1,
        suppressed=tuple(it for it in told if it.suppression),
    )


@settings(max_examples=150, deadline=None)
@given(outcome=outcomes(), look=st.builds(Look, statistics=st.booleans(), suppressed=st.booleans()))
def test_nothing_steers_a_terminal_or_a_runner(outcome: Outcome, look: Look) -> None:
    for name in ("text", "concise", "github", "gitlab", "json", "junit", "checkstyle"):
        text = render(name, outcome, look)
        assert render(name, outcome, look) == text
        assert not text or text.endswith("\n")
        odd = {it for it in text if it != "\n" and unicodedata.category(it) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert odd == set(), name
        assert "##[" not in text and "##vso[" not in text, name
        ours = r"::(error|warning|notice) file=" if name == "github" else r"(?!\s*(::(?!: )|##))"
        assert [line for line in text.splitlines() if not re.match(ours, line)] == [], name


@settings(max_examples=150, deadline=None)
@given(outcome=outcomes(), look=st.builds(Look, statistics=st.booleans(), suppressed=st.booleans()))
def test_foreign_parsers_read_every_report(outcome: Outcome, look: Look) -> None:
    shown = len(outcome.diagnostics) + (len(outcome.suppressed) if look.suppressed else 0)
    report = json.loads(render("json", outcome, look))
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert len(report["findings"]) == shown
    json.dumps(report, ensure_ascii=False).encode()  # no lone surrogate, which other parsers refuse
    issues = json.loads(render("gitlab", outcome, look))
    assert len({it["fingerprint"] for it in issues}) == len(outcome.diagnostics)
    json.dumps(issues, ensure_ascii=False).encode()
    checkstyle = ElementTree.fromstring(render("checkstyle", outcome, look))
    assert len([*checkstyle.iter("error")]) == len(outcome.diagnostics)
    junit = junitparser.JUnitXml.fromstring(render("junit", outcome, look))
    assert junit.tests == max(1, shown) == sum(len(suite) for suite in junit)


@pytest.mark.parametrize(
    ("path", "json_path", "line_path"),
    [
        ("a b/ü.pkr.hcl", "a b/ü.pkr.hcl", "a b/ü.pkr.hcl"),
        ("a\udcff.pkr.hcl", r"a\udcff.pkr.hcl", r"a\udcff.pkr.hcl"),
        ("a\x1b\n.pkr.hcl", "a\x1b\n.pkr.hcl", r"a\x1b\x0a.pkr.hcl"),
        ("::error::.pkr.hcl", "::error::.pkr.hcl", "./::error::.pkr.hcl"),
        (" ::error::.pkr.hcl", " ::error::.pkr.hcl", "./ ::error::.pkr.hcl"),
        ("##[error].pkr.hcl", "##[error].pkr.hcl", r"./##\x5berror].pkr.hcl"),
        ("a##[error].pkr.hcl", "a##[error].pkr.hcl", r"a##\x5berror].pkr.hcl"),
    ],
)
def test_a_path_is_whole_where_the_format_can_carry_it(path: str, json_path: str, line_path: str) -> None:
    diagnostic = Diagnostic("a-rule", Severity.ERROR, "m", Range(Document(path, "x\n"), 0, 1))
    outcome = Outcome((diagnostic,), (), 1, 1)
    (finding,) = json.loads(render("json", outcome))["findings"]
    (issue,) = json.loads(render("gitlab", outcome))
    assert (finding["path"], issue["location"]["path"]) == (json_path, json_path)
    assert render("concise", outcome).splitlines()[0] == f"{line_path}:1:1: error[a-rule] m"
    (file,) = ElementTree.fromstring(render("checkstyle", outcome))
    assert file.get("name") == json_path.replace("\x1b", r"\x1b")


def test_only_the_reports_for_people_are_colored() -> None:
    diagnostic = Diagnostic("a-rule", Severity.ERROR, "m", Range(Document("a", "x\n"), 0, 1))
    outcome = Outcome((diagnostic,), (), 1, 1)
    for name in REPORTS:
        plain, colored = render(name, outcome), render(name, outcome, Look(color=True))
        assert click.unstyle(colored) == plain
        assert (colored != plain) is (name in ("text", "concise")), name
