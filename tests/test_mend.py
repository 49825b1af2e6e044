"""Rounds of fixes: what is applied, in which order, what is refused, and how often a request is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Severity
from packlint.document import Document, Range
from packlint.errors import UsageError
from packlint.files import Files, Unsaved
from packlint.mend import MOST_RUNS, Mended, mend
from packlint.model import Configuration, Template
from packlint.outcome import Outcome
from packlint.pipeline import run as pipeline_run
from packlint.settings import Settings


@dataclass
class Request:
    """Files of `name = value` lines in a folder, checked by `judge`, with a count of the runs."""

    folder: Path
    judge: Callable[[Document, dict[str, str]], Iterable[Diagnostic]]
    runs: int = 0
    seen: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, texts: Sequence[Unsaved]) -> Outcome:
        self.runs += 1
        files = Files(self.folder, None, texts)
        names = sorted(
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )
        read = {name: files.read(name).decode("utf-8-sig") for name in names}
        self.seen.append(read)
        found = [it for name in names for it in self.judge(Document(name, read[name]), read)]
        configurations = tuple(Configuration(Template(name, (name,), files), ()) for name in names)
        return Outcome(tuple(sorted(found, key=lambda it: it.order)), (), 1, 1, configurations=configurations)

    def mend(self, **options: object) -> Mended:
        return mend(self, self(()), **options)  # type: ignore[arg-type]


def said(
    rule: str,
    document: Document,
    start: int,
    end: int,
    new: str,
    *,
    safe: bool = True,
    severity: Severity = Severity.WARNING,
    also: Sequence[Edit] = (),
) -> Diagnostic:
    place = Range(document, start, end)
    return Diagnostic(
        rule, severity, f"{rule} {place.text}", place, fix=Fix("", (Edit(place, new), *also), safe)
    )


def words(
    pattern: str, new: str, rule: str = "word", **options: object
) -> Callable[[Document, dict[str, str]], list[Diagnostic]]:
    """A judge that finds each match of a pattern, and would put another text there."""

    def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
        return [
            said(rule, document, *found.span(), found.expand(new), **options)  # type: ignore[arg-type]
            for found in re.finditer(pattern, document.text)
        ]

    return judge


def after(result: Mended) -> dict[str, bytes]:
    return {it.new.path: it.after for it in result.changes}


def test_all_that_do_not_touch_are_proven_in_one_run(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.pkr.hcl").write_text("# bad1 bad2 bad3\n")
    request = Request(tmp_path, words(r"bad(\d)", r"good\1"))
    result = request.mend()
    assert after(result) == {f"{number}.pkr.hcl": b"# good1 good2 good3\n" for number in range(20)}
    assert len(result.applied) == 60
    assert request.runs == 2
    assert result.outcome.diagnostics == ()
    assert (tmp_path / "0.pkr.hcl").read_text() == "# bad1 bad2 bad3\n", "nothing is written"


def test_nothing_to_fix_takes_one_run(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("fine\n")
    request = Request(tmp_path, words("bad", "good"))
    assert request.mend().changes == ()
    assert request.runs == 1


def test_what_touches_the_same_text_waits_for_the_next_round(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("abc\n")

    def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
        outer = words("abc", "x c", rule="outer")(document, {})
        return outer + words("c", "d", rule="inner")(document, {})

    result = Request(tmp_path, judge).mend()
    assert after(result) == {"a": b"x d\n"}
    assert [it.rule for it in result.applied] == ["outer", "inner"]


def test_only_bytes_of_edits_change(tmp_path: Path) -> None:
    data = "\ufeffé bad\r\n\tline\u2028 \x0b 🦀\x00\r\nno end".encode()
    (tmp_path / "a.pkr.hcl").write_bytes(data)
    result = Request(tmp_path, words("bad", "better\nworse")).mend()
    assert after(result) == {"a.pkr.hcl": data.replace(b"bad", b"better\r\nworse")}
    assert result.changes[0].before == data
    assert result.changes[0].path == tmp_path / "a.pkr.hcl"


def test_a_bom_that_is_part_of_the_text_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_bytes("\ufeff#!/bin/sh\n".encode())

    def judge(document: Document, read: dict[str, str]) -> list[Diagnostic]:
        text = Document(document.path, ("" if fixed else "\ufeff") + document.text)
        return [] if fixed else [said("bom", text, 0, 1, "")]

    fixed = False

    class Scripts(Request):
        def __call__(self, texts: Sequence[Unsaved]) -> Outcome:
            nonlocal fixed
            fixed = bool(texts)
            return super().__call__(texts)

    assert after(Scripts(tmp_path, judge).mend()) == {"a.sh": b"#!/bin/sh\n"}


class TestRefusals:
    def test_of_many_only_the_bad_one_is_refused(self, tmp_path: Path) -> None:
        for number in range(40):
            (tmp_path / f"{number:02}").write_text(f"bad{number}\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            new = "good" if "bad17" not in document.text else "worse"
            found = words(r"bad\d+", new)(document, {})
            return found + words("worse", "bad", rule="worse")(document, {})

        request = Request(tmp_path, judge)
        result = request.mend()
        assert len(result.applied) == 39
        assert [(it.range.document.path, why) for it, why in result.refused] == [
            ("17", "there would be a new finding in `17`: worse worse (worse)")
        ]
        assert "17" not in after(result)
        assert request.runs < 20

    def test_folders_do_not_wait_for_one_another(self, tmp_path: Path) -> None:
        for folder in range(30):
            (tmp_path / f"{folder:02}").mkdir()
            for number in range(4):
                (tmp_path / f"{folder:02}/{number}").write_text(f"bad{number}\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            new = "worse" if document.path.endswith("/2") else "good"
            return words(r"bad\d", new)(document, {}) + words("worse", "bad", rule="w")(document, {})

        request = Request(tmp_path, judge)
        result = request.mend()
        assert len(result.applied) == 90
        assert len(result.refused) == 30
        assert request.runs < 12

    def test_one_that_does_not_help_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            return [said("word", document, 0, 3, "bad")]

        result = Request(tmp_path, judge).mend()
        assert [why for _, why in result.refused] == ["the finding is still there: word bad"]
        assert result.changes == ()

    @pytest.mark.parametrize("new", ["\ud800", "x"])
    def test_one_that_cannot_be_applied_at_all(self, tmp_path: Path, new: str) -> None:
        (tmp_path / "a").write_text("abcdef\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            also = () if new != "x" else (Edit(Range(document, 1, 4), "y"),)
            return [said("word", document, 0, 3, new, also=also)]

        result = Request(tmp_path, judge).mend()
        assert [why for _, why in result.refused] == ["its edits overlap, or have no place"]

    def test_a_run_that_cannot_be_done_speaks_against_a_fix(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad\n")

        class Strict(Request):
            def __call__(self, texts: Sequence[Unsaved]) -> Outcome:
                if texts:
                    raise UsageError("`--only` names nothing")
                return super().__call__(texts)

        result = Strict(tmp_path, words("bad", "good")).mend()
        assert [why for _, why in result.refused] == ["`--only` names nothing"]

    def test_the_number_of_runs_is_bounded(self, tmp_path: Path) -> None:
        for number in range(300):
            (tmp_path / f"{number:03}").write_text("bad\n")
        request = Request(tmp_path, words("bad", "bad"))
        result = request.mend()
        assert request.runs == MOST_RUNS
        assert result.changes == ()
        assert len(result.refused) == 300

    def test_fixes_that_undo_one_another_come_to_an_end(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("ab\n")
        request = Request(tmp_path, words("(a)(b)|(b)(a)", r"\2\1\4\3"))
        request.mend()
        assert request.runs <= MOST_RUNS

    def test_one_over_two_files_is_applied_to_both_or_to_none(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad\n")
        (tmp_path / "b").write_text("bad\n")

        def judge(document: Document, read: dict[str, str]) -> list[Diagnostic]:
            if document.path != "a" or document.text != "bad\n":
                return []
            other = Document("b", read["b"])
            return [said("word", document, 0, 3, "good", also=(Edit(Range(other, 0, 3), "good"),))]

        assert after(Request(tmp_path, judge).mend()) == {"a": b"good\n", "b": b"good\n"}
        result = Request(tmp_path, judge).mend(
            barrier=lambda path: "it is read-only" if path.name == "b" else None
        )
        assert result.changes == ()
        assert [why for _, why in result.refused] == ["`b` is not changed: it is read-only"]
        assert result.barred == (("b", "it is read-only"),)


class TestKinds:
    def test_others_than_safe_ones_only_if_they_are_wanted(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad\n")
        judge = words("bad", "good", safe=False)
        assert Request(tmp_path, judge).mend().changes == ()
        assert Request(tmp_path, judge).mend().unsafe == 1
        result = Request(tmp_path, judge).mend(unsafe=True)
        assert after(result) == {"a": b"good\n"}
        assert result.unsafe == 0

    def test_the_layout_comes_last_and_mends_what_others_spoil(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad_\nlonger  =  1\n")
        (tmp_path / "b").write_text("bad_\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            found = words("bad_", "good  =  2")(document, {})
            return found + words("  =  ", " = ", rule="not-canonical-format")(document, {})

        result = Request(tmp_path, judge).mend()
        assert after(result) == {"a": b"good = 2\nlonger = 1\n", "b": b"good = 2\n"}
        assert [it.rule for it in result.applied][:2] == ["word", "word"]

    def test_only_findings_that_are_asked_for(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("bad  =  1\n")
        (tmp_path / "b").write_text("bad  =  1\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            layout = words("  =  ", " = ", rule="not-canonical-format")
            return words("bad", "good")(document, {}) + layout(document, {})

        result = Request(tmp_path, judge).mend(asked=lambda it: it.range.document.path == "a")
        assert after(result) == {"a": b"good = 1\n"}
        assert {it.range.document.path for it in result.outcome.diagnostics} == {"b"}


class TestFilesThatAreLeftAlone:
    def test_outside_of_the_root(self, tmp_path: Path) -> None:
        (tmp_path / "root").mkdir()
        (tmp_path / "root/a").write_text("x\n")
        (tmp_path / "out").write_text("bad\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            return [said("word", Document("../out", "bad\n"), 0, 3, "good")]

        result = Request(tmp_path / "root", judge).mend()
        assert [why for _, why in result.refused] == [
            "`../out` is not changed: it lies outside the checked root"
        ]
        assert result.changes == ()

    def test_those_of_git(self, tmp_path: Path) -> None:
        (tmp_path / ".git/hooks").mkdir(parents=True)
        (tmp_path / ".git/hooks/x").write_text("bad\n")
        result = Request(tmp_path, words("bad", "good")).mend()
        assert [why for _, why in result.refused] == ["`.git/hooks/x` is not changed: it belongs to git"]

    def test_those_that_are_not_what_was_read(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("other\n")

        def judge(document: Document, _: dict[str, str]) -> list[Diagnostic]:
            return [said("word", Document("a", "bad\n"), 0, 3, "good")]

        result = Request(tmp_path, judge).mend()
        assert [why for _, why in result.refused] == ["`a` is not changed: it has changed meanwhile"]


SPLIT = {
    "a.pkr.hcl": 'build {\n  sources = ["source.null.x"]\n}\n',
    "b.pkr.hcl": 'source "null" "x" {\n  communicator="none"\n}\n',
}


def test_real_templates(tmp_path: Path) -> None:
    for name, text in SPLIT.items():
        (tmp_path / name).write_text(text)
    settings = Settings(select=frozenset({"not-canonical-format"}))

    def run(texts: Sequence[Unsaved]) -> Outcome:
        return pipeline_run([tmp_path], settings, tmp_path, texts=texts)

    result = mend(run, run(()))
    assert after(result) == {"b.pkr.hcl": b'source "null" "x" {\n  communicator = "none"\n}\n'}
