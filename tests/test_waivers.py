"""Waivers in whole runs: JSON, scripts, variable files, several templates, the corpus, and the command."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Unsaved
from packlint.fix import fix
from packlint.outcome import Outcome
from packlint.parse import parse
from packlint.parse.json import read
from packlint.pipeline import run
from packlint.report import FORMATS, Look, render
from packlint.settings import Settings
from packlint.syntax import Attribute, Block, File, Object, Text, Tuple, walk
from packlint.waiver import Demands
from packlint.waivers import waivers
from packlint.waivers.script import script_waivers

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
TODAY = "2030-06-15"
STRICT = Settings(preset="strict")


def check(root: Path, files: Mapping[str, str], settings: Settings = STRICT, path: str = ".") -> Outcome:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")
    return run([root / path], settings, root, today=TODAY)


def said(outcome: Outcome, *rules: str) -> list[str]:
    return [
        f"{it.range.document.path}:{it.range.first.line} {it.rule}"
        for it in outcome.diagnostics
        if not rules or it.rule in rules
    ]


LEGACY = {
    "variables": {"user": "packer", "spare": "x", "other": "y"},
    "builders": [
        {
            "type": "null",
            "ssh_host": "192.0.2.1",
            "ssh_username": "{{user `user`}}",
            "ssh_password": "hunter22",
        },
        {
            "type": "null",
            "name": "two",
            "ssh_host": "192.0.2.2",
            "ssh_username": "b",
            "ssh_password": "swordfish9",
        },
    ],
}


def legacy(*waived: str) -> str:
    return json.dumps({f"_packlint_{n}": it for n, it in enumerate(waived)} | LEGACY, indent=2)


class TestLegacy:
    RULES = ("secret-literal", "unused-variable", "unknown-waiver", "unused-waiver")

    def found(self, root: Path, *waived: str) -> list[str]:
        outcome = check(root, {"a.json": legacy(*waived)})
        lines = (root / "a.json").read_text(encoding="utf-8").splitlines()
        return [
            f"{it.rule} {lines[it.range.first.line - 1].strip().partition(':')[0]}"
            for it in outcome.diagnostics
            if it.rule in self.RULES
        ]

    def test_without_waivers_there_are_four_findings(self, tmp_path: Path) -> None:
        assert self.found(tmp_path) == [
            'unused-variable "spare"',
            'unused-variable "other"',
            'secret-literal "ssh_password"',
            'secret-literal "ssh_password"',
        ]

    @pytest.mark.parametrize(
        ("waived", "left"),
        [
            ("ignore[secret-literal, unused-variable] all of it", 0),
            ("ignore-file[secret-literal, unused-variable] all of it", 0),
            ("ignore[secret-literal] builders[0]: a throw-away account", 3),
            ("ignore[secret-literal] builders[1].ssh_password: a throw-away account", 3),
            ("ignore[secret-literal] builders: throw-away accounts", 2),
            ("ignore[secret-literal] until=2030-12-31 builders[0]: they move", 3),
            ("ignore[secret-literal] builders[0]: until=2030-12-31 they move", 3),
            ("ignore[secret-literal] builders[0] they move", 3),
            ("packlint: ignore[secret-literal] builders[0]: they move", 3),
            ("ignore[unused-variable] variables.spare: the pipeline reads it", 3),
            ("ignore[unused-variable] variables: the pipeline reads them", 2),
            ("ignore[secret-literal] see https://example.com/1", 2),
            ("ignore[secret-literal] https://example.com/1", 2),
        ],
    )
    def test_a_place_says_what_is_excused(self, tmp_path: Path, waived: str, left: int) -> None:
        found = self.found(tmp_path, waived)
        assert len(found) == left
        assert not [it for it in found if "waiver" in it]

    @pytest.mark.parametrize(
        "waived",
        [
            "ignore[secret-literal] builders[2]: no such builder",
            "ignore[secret-literal] builder[0]: no such key",
            "ignore[secret-literal] builders[0].password: no such argument",
            "ignore[secret-literal] todo: no such key",
            "ignore[secret-literal] builders.null: no such builder",
            "ignore secret-literal",
            "off",
            "",
        ],
    )
    def test_what_is_no_place_excuses_nothing(self, tmp_path: Path, waived: str) -> None:
        found = self.found(tmp_path, waived)
        assert found[0].startswith("unknown-waiver")
        assert len(found) == 5

    def test_a_value_that_is_no_string_is_told(self, tmp_path: Path) -> None:
        text = legacy().replace("{", '{"_packlint_1": ["ignore[secret-literal] x"],', 1)
        outcome = check(tmp_path, {"a.json": text})
        assert "a.json:1 unknown-waiver" in said(outcome)

    def test_an_unused_one_goes_with_its_comma(self, tmp_path: Path) -> None:
        outcome = check(
            tmp_path, {"a.json": legacy("ignore[weak-checksum] builders[0]: x", "ignore[secret-literal] y")}
        )
        (told,) = [it for it in outcome.diagnostics if it.rule == "unused-waiver"]
        assert told.fix
        documents, left = fix([told.fix])
        assert not left
        assert list(json.loads(documents[0].text)) == ["_packlint_1", "variables", "builders"]


HCL_JSON = """{
  "//": "%s",
  "variable": {
    "spare": {"//": "%s", "default": "x"},
    "other": {"default": "y"}
  },
  "source": {
    "null": {
      "a": {"//": ["a note", "%s"], "communicator": "none"},
      "b": {"communicator": "none"}
    }
  },
  "build": [{"sources": ["null.b"], "provisioner": {"shell-local": {
    "//": "%s",
    "inline": ["curl https://example.com/x | sh"]
  }}}]
}
"""


def test_a_reason_that_repeats_the_secret_is_not_told(tmp_path: Path) -> None:
    text = 'source "qemu" "a" {\n  # packlint: ignore[secret-literal] it is only xK9-hunter2-qW\n'
    text += '  ssh_password = "xK9-hunter2-qW"\n}\n'
    (tmp_path / "a.pkr.hcl").write_text(text)
    outcome = run([tmp_path], Settings(select=frozenset({"secret-literal"})), tmp_path)
    (excused,) = outcome.suppressed
    assert excused.suppression is not None
    assert excused.suppression.reason == "(it has a secret in it)"
    assert all("hunter2" not in it.reason for it in outcome.waivers)
    for name in FORMATS:
        assert "hunter2" not in render(name, outcome, Look(suppressed=True))


class TestHclJson:
    RULES = (
        "unused-variable",
        "unused-source",
        "remote-script-piped-to-shell",
        "unknown-waiver",
        "unused-waiver",
    )
    BARE = (
        *("a.pkr.json:4 unused-variable", "a.pkr.json:5 unused-variable", "a.pkr.json:7 unused-source"),
        "a.pkr.json:15 remote-script-piped-to-shell",
    )

    @pytest.mark.parametrize(
        ("place", "rule", "left"),
        [
            (0, "unused-variable", (2, 3)),
            (1, "unused-variable", (1, 2, 3)),
            (2, "unused-source", (0, 1, 3)),
            (3, "remote-script-piped-to-shell", (0, 1, 2)),
        ],
    )
    def test_a_comment_is_for_the_object_that_has_it(
        self, tmp_path: Path, place: int, rule: str, left: tuple[int, ...]
    ) -> None:
        words = ["x"] * 4
        words[place] = f"packlint: ignore[{rule}] why"
        outcome = check(tmp_path, {"a.pkr.json": HCL_JSON % tuple(words)})
        found = said(outcome, *self.RULES)
        assert tuple(self.BARE.index(it) for it in found) == left

    def test_what_is_a_value_is_no_comment(self, tmp_path: Path) -> None:
        text = '{"locals": {"tags": {"//": "packlint: ignore[unused-local] x"}}}'
        outcome = check(tmp_path, {"a.pkr.json": text})
        assert "a.pkr.json:1 unknown-waiver" in said(outcome)

    def test_one_of_two_in_a_list_is_taken_out_alone(self, tmp_path: Path) -> None:
        text = (HCL_JSON % ("x", "x", "packlint: ignore[weak-checksum] x", "x")).replace("a note", "b note")
        outcome = check(tmp_path, {"a.pkr.json": text})
        (told,) = [it for it in outcome.diagnostics if it.rule == "unused-waiver"]
        assert told.fix
        (after,), _ = fix([told.fix])
        assert '"//": ["b note"]' in after.text


@pytest.mark.skipif(shutil.which("packer") is None, reason="needs packer")
class TestPacker:
    """Packer takes what is written for packlint."""

    def validates(self, path: Path) -> bool:
        command = ["packer", "validate", "-syntax-only", str(path)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def test_a_legacy_template_with_waivers(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_text(legacy("ignore[secret-literal] builders[0]: x"), encoding="utf-8")
        assert self.validates(path)
        path.write_text(path.read_text(encoding="utf-8").replace("_packlint", "packlint"), encoding="utf-8")
        assert not self.validates(path)

    def test_json_of_hcl_with_waivers(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pkr.json"
        path.write_text(HCL_JSON % (("packlint: ignore[unused-variable] x",) * 4), encoding="utf-8")
        assert self.validates(path)


class TestScripts:
    def test_a_comment_in_a_script_is_for_its_line_or_the_next(self, tmp_path: Path) -> None:
        template = """
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["null.a"]
  provisioner "shell" {
    scripts = ["a.sh", "b.sh"]
  }
}
"""
        script = (
            "#!/bin/sh\n"
            "curl -fsS https://example.com/1 | sh # packlint: ignore[remote-script-piped-to-shell] ours\n"
            "# packlint: ignore[remote-script-piped-to-shell] ours, too\n"
            "# which is why\n"
            "curl -fsS \\\n"
            "  https://example.com/2 | sh\n"
            "curl -fsS https://example.com/3 | sh\n"
        )
        whole = "#!/bin/sh\n# packlint: ignore-file[remote-script-piped-to-shell] ours\n" + script
        outcome = check(tmp_path, {"a.pkr.hcl": template, "a.sh": script, "b.sh": whole})
        assert said(outcome, "remote-script-piped-to-shell", "unknown-waiver") == [
            "a.sh:7 remote-script-piped-to-shell"
        ]
        assert len(outcome.suppressed) == 5

    @pytest.mark.parametrize(
        "line",
        [
            'echo "see # packlint: ignore[x]"',
            "echo 'a # packlint: ignore[x]'",
            "# read packlint: ignore[x]",
            "packlint:",
        ],
    )
    def test_text_is_no_comment(self, line: str) -> None:
        sheet = script_waivers(Document("a.sh", f"{line}\n"))
        assert not (sheet.waivers or sheet.unreadable)

    def test_what_cannot_be_read_is_told(self) -> None:
        sheet = script_waivers(
            Document("a.ps1", "Write-Host x\n# packlint: ignore-file[unix-script-crlf] x\n# packlint:\n")
        )
        assert [it.range.first.line for it in sheet.unreadable] == [2, 3]

    def test_removing_one_leaves_the_command(self) -> None:
        document = Document(
            "a.sh", "a  # packlint: ignore[secret-literal] x\r\n# packlint: ignore[secret-literal] x\nb\n"
        )
        edits = [it.removal for it in script_waivers(document).waivers]
        text = document.text
        for edit in reversed(edits):
            assert edit
            text = text[: edit.range.start] + edit.replacement + text[edit.range.end :]
        assert text == "a\r\nb\n"


class TestRuns:
    SHARED = 'variable "a" { # packlint: ignore[unused-variable] some images use it\n  default = "x"\n}\n'
    BODY = (
        'source "null" "%s" {\n  communicator = "none"\n}\n'
        'build {\n  name = "%s"\n  sources = ["null.%s"]\n}\n'
    )

    def test_a_variable_file(self, tmp_path: Path) -> None:
        files = {
            "a.pkr.hcl": self.BODY % ("a", "a", "a"),
            "a.auto.pkrvars.hcl": "nothing = 1 # packlint: ignore[undeclared-variable-in-var-file] x\n",
        }
        assert said(check(tmp_path, files), "undeclared-variable-in-var-file", "unused-waiver") == []

    def test_a_file_with_a_syntax_error_has_no_unused_waivers(self, tmp_path: Path) -> None:
        body = self.BODY % ("a", "a", "a")
        waived = f"# packlint: ignore[unused-local] x\n{body}"
        assert said(check(tmp_path, {"a.pkr.hcl": waived}), "unused-waiver") == ["a.pkr.hcl:1 unused-waiver"]
        broken = check(tmp_path, {"a.pkr.hcl": f"{waived}x =\n"})
        assert said(broken, "unused-waiver", "syntax-error") == ["a.pkr.hcl:9 syntax-error"]

    def test_a_syntax_error_can_be_waived(self, tmp_path: Path) -> None:
        text = self.BODY % ("a", "a", "a") + "# packlint: ignore[syntax-error] made whole by a tool\nx =\n"
        assert said(check(tmp_path, {"a.pkr.hcl": text}), "syntax-error") == []

    def test_a_rule_that_compares_templates_has_to_see_all_of_them(self, tmp_path: Path) -> None:
        waived = "# packlint: ignore[unused-local] x\n"
        files = {
            "one/a.pkr.hcl": waived + self.BODY % ("a", "a", "a"),
            "two/b.pkr.hcl": self.BODY % ("b", "b", "b"),
        }
        assert said(check(tmp_path, files), "unused-waiver") == ["one/a.pkr.hcl:1 unused-waiver"]
        assert said(check(tmp_path, files, path="one"), "unused-waiver") == []

    def test_a_rule_that_is_not_selected_leaves_its_waivers_alone(self, tmp_path: Path) -> None:
        text = f"# packlint: ignore[unused-local] x\n{self.BODY % ('a', 'a', 'a')}"
        chosen = Settings(select=frozenset({"unused-waiver", "unused-source"}))
        assert said(check(tmp_path, {"a.pkr.hcl": text}, chosen)) == []

    def test_waivers_in_files_that_were_not_asked_for_count_but_are_not_judged(self, tmp_path: Path) -> None:
        files = {
            "a.pkr.hcl": self.BODY % ("a", "a", "a"),
            "b.pkr.hcl": "# packlint: nonsense\n" + self.SHARED,
        }
        outcome = check(tmp_path, files, path="a.pkr.hcl")
        assert said(outcome, "unknown-waiver", "unused-variable") == []
        assert outcome.waivers == ()

    def test_who_demands_reasons_is_told_of_waivers_without_whatever_the_preset(self, tmp_path: Path) -> None:
        waived = self.SHARED.replace(" some images use it", "")
        files = {"a.pkr.hcl": waived + self.BODY % ("a", "a", "a")}
        rules = ("unused-variable", "waiver-without-reason")
        assert said(check(tmp_path, files, Settings()), *rules) == []
        demanding = Settings(demands=Demands(reasons=True))
        assert said(check(tmp_path, files, demanding), *rules) == [
            "a.pkr.hcl:1 unused-variable",
            "a.pkr.hcl:1 waiver-without-reason",
        ]

    def test_what_is_excused_fails_no_run(self, tmp_path: Path) -> None:
        files = {"a.pkr.hcl": self.SHARED + self.BODY % ("a", "a", "a")}
        chosen = Settings(select=frozenset({"unused-variable"}))
        outcome = check(tmp_path, files, chosen)
        assert (outcome.failing, len(outcome.suppressed)) == (0, 1)
        bare = {"a.pkr.hcl": files["a.pkr.hcl"].replace("packlint:", "")}
        assert check(tmp_path, bare, chosen).failing == 1


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the corpus")
class TestCorpus:
    """One waiver above the argument, or for the place, silences what is found in it, and nothing else."""

    SAMPLE = 40
    LEFT_OUT = ("not-canonical-format", "legacy-json-template", "unused-waiver", "syntax-error")

    def test_native(self) -> None:
        tried = 0
        for path in sorted(CORPUS.rglob("*.pkr.hcl"))[::3]:
            if tried >= self.SAMPLE:
                break
            for finding, before in _first(path, tried, self.LEFT_OUT):
                file = parse(finding.range.document)[0]
                if not file.complete:
                    continue
                line, covered = _statement(file, finding)
                start = file.document.line_starts[line - 1]
                text = file.document.text
                added = f"# packlint: ignore[{finding.rule}] x\n"
                self.holds(path, before, finding, text[:start] + added + text[start:], covered)
                tried += 1
        assert tried >= self.SAMPLE // 2

    def test_legacy(self) -> None:
        tried = 0
        for path in sorted(CORPUS.rglob("*.json"))[::3]:
            if tried >= self.SAMPLE:
                break
            if path.stat().st_size == 0 or path.name.endswith(".pkr.json"):
                continue
            for finding, before in _first(path, tried, self.LEFT_OUT):
                text = finding.range.document.text
                root = read(finding.range.document).value
                if not isinstance(root, Object) or "builders" not in _keys(root):
                    continue
                place, covered = _element(root, finding)
                at = text.index("{") + 1
                added = f'"_packlint_1": "ignore[{finding.rule}] {place}: x",'
                self.holds(path, before, finding, text[:at] + added + text[at:], covered)
                tried += 1
        assert tried >= self.SAMPLE // 2

    def holds(
        self, path: Path, before: Outcome, finding: Diagnostic, text: str, covered: tuple[int, int]
    ) -> None:
        after = run([path], STRICT, path.parent, texts=[Unsaved(text.encode(), path)], today=TODAY)
        assert "internal-error" not in {it.rule for it in after.diagnostics}
        gone = Counter(map(_said, before.diagnostics)) - Counter(map(_said, after.diagnostics))
        expected = Counter(
            _said(it)
            for it in before.diagnostics
            if it.rule == finding.rule
            and it.range.document.path == finding.range.document.path
            and covered[0] <= it.range.start < covered[1]
        )
        ours = {said: count for said, count in gone.items() if said[0] == finding.rule}
        assert ours == expected, f"{path}: {finding}"
        others = {said[0] for said in gone} - {finding.rule}
        assert not others - {"not-canonical-format", "legacy-json-template"}, f"{path}: {others}"
        assert not [it for it in after.diagnostics if it.rule in ("unused-waiver", "unknown-waiver")]


def _said(it: Diagnostic) -> tuple[str, str, str]:
    return it.rule, it.range.document.path, re.sub(r"line \d+", "line", it.message)


def _first(path: Path, number: int, left_out: tuple[str, ...]) -> Iterator[tuple[Diagnostic, Outcome]]:
    """One finding in a template, a different one each time."""
    before = run([path], STRICT, path.parent, today=TODAY)
    ours = [
        it
        for it in before.diagnostics
        if it.rule not in left_out and it.range.document.path == path.name and it.range.end > 0
    ]
    if ours:
        yield ours[number * 7 % len(ours)], before


def _statement(file: File, finding: Diagnostic) -> tuple[int, tuple[int, int]]:
    """The line and the extent of the innermost argument or block around a finding that begins its line."""
    document, at = file.document, finding.range.start
    found = [
        node.range
        for node in walk(file.body)
        if isinstance(node, Attribute | Block)
        and node.range.start <= at < node.range.end
        and not document.text[document.line_starts[node.range.first.line - 1] : node.range.start].strip()
    ]
    if not found:
        line = finding.range.first.line
        return line, (document.line_starts[line - 1], document.line_starts[line])
    inner = min(found, key=lambda it: it.end - it.start)
    last = inner.last.line
    end = document.line_starts[last] if last < document.line_count else len(document.text) + 1
    # What stands behind it on its first line is covered too.
    first = inner.first.line
    behind = document.line_starts[first] if first < document.line_count else end
    return first, (inner.start, max(inner.end, behind) if first == last else inner.end)


def _keys(root: Object) -> set[str]:
    return {item.key.value for item in root.items if isinstance(item.key, Text)}


def _element(root: Object, finding: Diagnostic) -> tuple[str, tuple[int, int]]:
    """The place of the root's list or object that a finding is in, and its extent."""
    at = finding.range.start
    for item in root.items:
        if not item.key.range.start <= at < item.value.range.end:
            continue
        name = item.key.value if isinstance(item.key, Text) else ""
        if isinstance(item.value, Tuple):
            for number, element in enumerate(item.value.items):
                if element.range.start <= at < element.range.end:
                    return f"{name}[{number}]", (element.range.start, element.range.end)
        return name, (item.key.range.start, item.value.range.end)
    return "", (0, len(finding.range.document.text) + 1)


def test_a_file_without_a_word_for_packlint_is_not_read() -> None:
    document = Document("a.pkr.hcl", "# a comment\na = 1\n")
    assert waivers([parse(document)[0]], [Document("a.sh", "# x\n")]) == ()


@pytest.mark.parametrize(
    "text", ["packlint:" * 5000, "# packlint: ignore[" * 3000, "/* packlint: " + "*" * 20000]
)
@pytest.mark.parametrize("name", ["a.pkr.hcl", "a.json", "a.pkr.json", "a.sh"])
def test_hostile_text_is_read_in_no_time(text: str, name: str) -> None:
    for made in (text, f"# {text}\na = 1", json.dumps({"_packlint": text, "//": text, "builders": []})):
        document = Document(name, made)
        waivers([parse(document)[0]] if name != "a.sh" else [], [document])
