"""Baselines: what was accepted stays accepted wherever it moves, what is new shows, and what is gone goes."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from packlint.baseline import Baseline, Entry, accept, match, to_json
from packlint.baseline_file import empty, gone, read_baseline
from packlint.cli import cli
from packlint.errors import UsageError
from packlint.identity import Identity, fingerprints, identities
from packlint.pipeline import run
from packlint.settings import Settings

SCHEMA = json.loads(files("packlint.schemas").joinpath("baseline.schema.json").read_text(encoding="utf-8"))

ONE = """
source "null" "base" {
  communicator = "none"
  nonsense     = 1
}

build {
  name    = "web"
  sources = ["source.null.base"]
  provisioner "shell-local" {
    inline = ["echo"]
    wrong  = true
  }
}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = tmp_path.resolve() / "repo"
    (top / ".git").mkdir(parents=True)
    (top / "a.pkr.hcl").write_text(ONE)
    monkeypatch.chdir(top)
    return top


def packlint(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments])


def accepted(top: Path, name: str = "packlint-baseline.json") -> list[dict[str, str]]:
    said = json.loads((top / name).read_text())
    jsonschema.validate(said, SCHEMA)
    found: list[dict[str, str]] = said["findings"]
    return found


def new(*arguments: str) -> list[str]:
    """The findings that a check with the baseline tells: line and rule."""
    done = packlint("check", "--baseline", "packlint-baseline.json", "--format", "concise", *arguments)
    assert done.exit_code in (0, 1), done.output
    lines = [line for line in done.output.splitlines() if ": " in line and "[" in line]
    assert bool(lines) == bool(done.exit_code)
    return [line.split(" ")[0].rstrip(":") + " " + line.split("[")[1].split("]")[0] for line in lines]


def test_what_is_written_is_accepted(repo: Path) -> None:
    assert packlint("check").exit_code == 1
    done = packlint("baseline", "write")
    assert done.exit_code == 0
    assert "accepts 2 findings: 2 added, 0 removed" in done.output
    assert [(it["path"], it["address"], it["rule"]) for it in accepted(repo)] == [
        ("a.pkr.hcl", "build.web.provisioner.shell-local.wrong", "unknown-argument"),
        ("a.pkr.hcl", "source.null.base.nonsense", "unknown-argument"),
    ]
    assert new() == []


def test_accepted_findings_survive_moved_lines_and_new_ones_show(repo: Path) -> None:
    packlint("baseline", "write")
    text = ONE.replace("source", "# a comment\n\n\nsource", 1).replace("= 1", "=     1")
    (repo / "a.pkr.hcl").write_text(text)
    assert new() == []
    (repo / "a.pkr.hcl").write_text(text.replace('"none"\n', '"none"\n  other = 1\n'))
    assert new() == ["a.pkr.hcl:7:3 unknown-argument"]


def test_a_finding_on_a_copy_is_new(repo: Path) -> None:
    packlint("baseline", "write")
    step = ONE[ONE.index("  provisioner") : -2]
    (repo / "a.pkr.hcl").write_text(ONE[:-2] + step + "}\n")
    (told,) = new()
    assert told.endswith("unknown-argument")


def test_a_file_that_is_renamed_keeps_what_was_accepted(repo: Path) -> None:
    packlint("baseline", "write")
    (repo / "a.pkr.hcl").rename(repo / "b.pkr.hcl")
    assert new() == []
    packlint("baseline", "prune")
    assert {it["path"] for it in accepted(repo)} == {"b.pkr.hcl"}


def test_a_copy_of_a_file_is_new(repo: Path) -> None:
    packlint("baseline", "write")
    (repo / "copy").mkdir()
    (repo / "copy/a.pkr.hcl").write_text(ONE)
    assert [it.split(":")[0] for it in new()] == ["copy/a.pkr.hcl", "copy/a.pkr.hcl"]


def test_reasons_and_days_stay_when_it_is_written_again(repo: Path) -> None:
    packlint("baseline", "write")
    entries = accepted(repo)
    entries[0] |= {"reason": "waits for \u2603", "since": "2020-01-02"}
    (repo / "packlint-baseline.json").write_text(json.dumps({"schema_version": 1, "findings": entries}))
    (repo / "a.pkr.hcl").write_text(ONE.replace('"none"\n', '"none"\n  other = 1\n'))
    assert "accepts 3 findings: 1 added, 0 removed" in packlint("baseline", "write").output
    first, *_ = accepted(repo)
    assert (first["reason"], first["since"]) == ("waits for \u2603", "2020-01-02")
    done = packlint("check", "--baseline", "packlint-baseline.json", "--format", "json", "--show-suppressed")
    assert "waits for" in done.output


def test_what_is_gone_is_pruned(repo: Path) -> None:
    packlint("baseline", "write")
    (repo / "a.pkr.hcl").write_text(ONE.replace("    wrong  = true\n", ""))
    assert "accepts 1 finding: 1 removed" in packlint("baseline", "prune").output
    assert [it["address"] for it in accepted(repo)] == ["source.null.base.nonsense"]
    before = (repo / "packlint-baseline.json").read_bytes()
    assert "0 removed" in packlint("baseline", "prune").output
    assert (repo / "packlint-baseline.json").read_bytes() == before


@pytest.mark.parametrize("command", ["write", "prune"])
def test_what_was_not_looked_at_stays(repo: Path, command: str) -> None:
    for name in ("one", "two"):
        (repo / name).mkdir()
        (repo / name / "a.pkr.hcl").write_text(ONE)
    (repo / "a.pkr.hcl").unlink()
    packlint("baseline", "write")
    for name in ("one", "two"):
        (repo / name / "a.pkr.hcl").write_text(ONE.replace("    wrong  = true\n", ""))
    packlint("baseline", command, "one")
    assert [it["path"] for it in accepted(repo)] == ["one/a.pkr.hcl", "two/a.pkr.hcl", "two/a.pkr.hcl"]
    packlint("baseline", command, "--select", "unused-variable")
    assert len(accepted(repo)) == 3
    (repo / "two/a.pkr.hcl").write_text(ONE.replace('"shell-local" {', '"shell-local" {{'))
    packlint("baseline", command)
    assert len(accepted(repo)) == 3
    (repo / "two/a.pkr.hcl").unlink()
    packlint("baseline", command, "one")
    assert len(accepted(repo)) == 3
    packlint("baseline", command)
    assert [it["path"] for it in accepted(repo)] == ["one/a.pkr.hcl"]


def test_who_writes_one_that_nothing_names_is_told_how_to_use_it(repo: Path) -> None:
    assert 'hint: write `baseline = "packlint-baseline.json"`' in packlint("baseline", "write").stderr
    (repo / "packlint.toml").write_text('baseline = "packlint-baseline.json"')
    assert packlint("baseline", "write").stderr == ""


@pytest.mark.parametrize("command", ["write", "prune"])
@pytest.mark.parametrize("asked", ["one", "one/a.pkr.hcl"])
def test_templates_that_are_only_looked_at_for_others_stay(repo: Path, command: str, asked: str) -> None:
    # An unused variable is looked for in all templates of the repository, whichever were asked for.
    (repo / "a.pkr.hcl").unlink()
    for name in ("one", "two"):
        (repo / name).mkdir()
        (repo / name / "a.pkr.hcl").write_text(ONE)
    (repo / "one/b.pkr.hcl").write_text('variable "idle" {\n  default = 1\n}\n')
    packlint("baseline", "write")
    assert len(accepted(repo)) == 5
    result = packlint("baseline", command, asked)
    assert "0 removed" in result.output
    assert len(accepted(repo)) == 5


def test_settings_in_a_folder_have_a_baseline_of_their_own(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / "one").mkdir()
    (repo / "one/a.pkr.hcl").write_text(ONE)
    (repo / "one/packlint.toml").write_text('baseline = "own.json"')
    assert "own.json` accepts 2" in packlint("baseline", "write", "one").output
    assert [it["path"] for it in accepted(repo, "one/own.json")] == ["a.pkr.hcl"] * 2
    assert packlint("check", "one").exit_code == 0
    found = packlint("check", "--format", "concise", "--select", "structure").output
    assert [line.split(":")[0] for line in found.splitlines() if "[" in line] == ["a.pkr.hcl"] * 2
    packlint("baseline", "write")
    (repo / "packlint.toml").write_text('baseline = "packlint-baseline.json"')
    assert packlint("check").exit_code == 0
    monkeypatch.chdir(repo / "one")
    assert packlint("check").exit_code == 0
    assert "own.json` accepts 2 findings: 0 removed" in packlint("baseline", "prune").output


def test_what_could_not_be_read_is_never_accepted(repo: Path) -> None:
    (repo / "a.pkr.hcl").write_text("source {{{\n")
    done = packlint("baseline", "write")
    assert done.exit_code == 0
    assert "cannot be accepted" in done.output
    assert accepted(repo) == []
    by_hand = {"rule": "syntax-error", "path": "a.pkr.hcl", "message": "x"}
    outcome = run([repo], Settings())
    by_hand["message"] = outcome.diagnostics[0].message
    (repo / "packlint-baseline.json").write_text(json.dumps({"schema_version": 1, "findings": [by_hand]}))
    assert any("syntax-error" in it for it in new())


def test_no_text_of_a_template_is_written_but_names(repo: Path) -> None:
    (repo / "a.pkr.hcl").write_text(ONE.replace("nonsense     = 1", 'password = "hunter2hunter2"'))
    packlint("baseline", "write", "--preset", "all")
    assert accepted(repo)
    assert "hunter2" not in (repo / "packlint-baseline.json").read_text()


def test_an_entry_is_a_line_and_branches_merge(repo: Path) -> None:
    (repo / ".git").rmdir()

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=n", "-c", "user.email=n@example.com")
        subprocess.run(["git", *identity, *arguments], cwd=repo, check=True, capture_output=True)

    (repo / "z.pkr.hcl").write_text('variable "z" {\n}\n\nvariable "y" {\n}\n')
    (repo / "b.pkr.hcl").write_text('variable "b" {\n}\n')
    git("init", "--quiet", "--initial-branch=main", ".")
    for branch, change in (("main", ""), ("left", "a.pkr.hcl"), ("right", "z.pkr.hcl")):
        git("checkout", "--quiet", *(("-B", branch) if not change else ("-b", branch, "main")))
        if change:
            path = repo / change
            path.write_text(
                path.read_text().replace("nonsense     = 1", "").replace('variable "y" {\n}\n', "")
            )
        packlint("baseline", "write")
        git("add", "--all")
        git("commit", "--quiet", "--message", branch, "--allow-empty")
    git("merge", "left")
    assert len(accepted(repo)) == 3
    assert new() == []


def test_paths_are_those_from_the_file_of_the_baseline(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo / "ci").mkdir()
    packlint("baseline", "write", "--output", "ci/accepted.json")
    assert accepted(repo, "ci/accepted.json")[0]["path"] == "../a.pkr.hcl"
    monkeypatch.chdir(repo / "ci")
    assert packlint("check", "--baseline", "accepted.json", "..").exit_code == 0
    assert packlint("check", "--baseline", "accepted.json", "--root", str(repo.parent), "..").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no JSON: line 1, column 1"),
        ('{"schema_version": 1,\n"findings": [\n}', "is no JSON: line 3, column 1"),
        ("[" * 100_000, "is no JSON"),
        ("\xff", "is no JSON"),
        ("[]", "is no baseline"),
        ('{"builders": []}', "is no baseline"),
        ('{"schema_version": 2, "findings": []}', "of a version"),
        ('{"schema_version": true, "findings": []}', "of a version"),
        ('{"schema_version": 1, "findings": {}}', "are no list"),
        ('{"schema_version": 1, "findings": [3]}', "finding 1 of"),
        ('{"schema_version": 1, "findings": [{}]}', "finding 1 of"),
        ('{"schema_version": 1, "findings": [{"rule": 1}]}', "`rule` of finding 1"),
        ('{"schema_version": 1, "findings": [{"rule":"r","path":"p","message":"m","x":1}]}', "a key `x`"),
        ('{\n"findings": [\n<<<<<<< HEAD\n=======\n>>>>>>> x\n]}', "conflict of a merge in line 3"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_baseline_is_told_with_its_place(repo: Path, text: str, message: str) -> None:
    path = repo / "packlint-baseline.json"
    path.write_bytes(text.encode("latin-1"))
    for arguments in (("check", "--baseline", str(path)), ("baseline", "write"), ("baseline", "prune")):
        done = packlint(*arguments)
        assert done.exit_code == 2
        assert message in done.output
        assert "Traceback" not in done.output
    assert path.read_bytes() == text.encode("latin-1")


def test_a_baseline_that_is_not_there_is_told(repo: Path) -> None:
    for arguments in (("check", "--baseline", "no.json"), ("baseline", "prune", "--baseline", "no.json")):
        done = packlint(*arguments)
        assert done.exit_code == 2
        assert "there is no baseline `no.json`" in done.output


def test_a_baseline_never_replaces_a_template(repo: Path) -> None:
    assert packlint("baseline", "write", "--output", "new.pkr.hcl").exit_code == 2
    assert not (repo / "new.pkr.hcl").exists()
    (repo / "legacy.json").write_text('{"builders": []}')
    assert packlint("baseline", "write", "--output", "legacy.json").exit_code == 2
    assert (repo / "legacy.json").read_text() == '{"builders": []}'


def test_settings_may_not_name_a_baseline_elsewhere(repo: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"schema_version": 1, "findings": []}')
    with pytest.raises(UsageError, match="outside the checked root"):
        read_baseline(outside, repo, repo)
    assert read_baseline(outside, repo) is not None


def test_paths_of_a_hostile_baseline_are_not_looked_for_elsewhere(repo: Path) -> None:
    is_gone = gone(repo, empty(repo / "packlint-baseline.json", repo))
    assert is_gone("b.pkr.hcl")
    assert not is_gone("a.pkr.hcl")
    for path in ("../b", "/b", "//server/share", "\\\\server\\share", "C:/b", "a/../../b"):
        assert not is_gone(path), path


def test_a_link_under_the_usual_name_leads_nowhere_else(repo: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    Path("packlint-baseline.json").symlink_to(outside)
    for command in ("write", "prune"):
        done = packlint("baseline", command)
        assert done.exit_code == 2
        assert "outside the checked root" in done.output
    assert not outside.exists()
    # Whoever names the file wants what is behind it.
    assert packlint("baseline", "write", "--output", "packlint-baseline.json").exit_code == 0
    assert outside.exists()


def test_a_path_that_no_disk_has_is_gone_and_takes_no_time(repo: Path) -> None:
    baseline = Baseline(directory=str(repo), base=str(repo))
    assert gone(repo, baseline)("a/" * 4_000_000)


def test_addresses_of_a_legacy_template_name_what_its_lists_hold(repo: Path) -> None:
    (repo / "a.pkr.hcl").unlink()
    template = {
        "variables": {"never": "x"},
        "builders": [{"type": "null", "name": "base", "communicator": "none", "nonsense": 1}],
        "post-processors": [[{"type": "compress", "wrong": 1}]],
    }
    (repo / "t.json").write_text(json.dumps(template, indent=1))
    outcome = run([repo / "t.json"], Settings(preset="all"))
    found = {(it.rule, it.address) for it in identities(outcome.diagnostics, outcome.syntax)}
    assert ("unknown-argument", "builders.null.base.nonsense") in found
    assert ("unknown-argument", "post-processors.compress.wrong") in found
    assert ("unused-variable", "variables.never") in found


def test_json_and_native_syntax_give_the_same_addresses(repo: Path) -> None:
    body = {"source": {"null": {"base": {"communicator": "none", "nonsense": 1}}}}
    (repo / "a.pkr.hcl").unlink()
    (repo / "a.pkr.json").write_text(json.dumps(body))
    outcome = run([repo], Settings(select=frozenset({"unknown-argument"})))
    assert [it.address for it in identities(outcome.diagnostics, outcome.syntax)] == [
        "source.null.base.nonsense"
    ]


def test_equal_findings_have_fingerprints_of_their_own(repo: Path) -> None:
    step = ONE[ONE.index("  provisioner") : -2]
    (repo / "a.pkr.hcl").write_text(ONE[:-2] + step + "}\n")
    outcome = run([repo], Settings())
    found = fingerprints(identities(outcome.diagnostics, outcome.syntax))
    assert len(set(found)) == len(found) == 3
    assert [it.split(":")[1] for it in found] == ["1", "1", "2"]
    (repo / "a.pkr.hcl").write_text("\n\n" + ONE)
    moved = run([repo], Settings())
    assert fingerprints(identities(moved.diagnostics, moved.syntax)) == found[:2]


def test_what_is_accepted_is_suppressed_with_its_reason_and_does_not_fail(repo: Path) -> None:
    outcome = run([repo], Settings())
    known = identities(outcome.diagnostics, outcome.syntax)
    baseline = Baseline(tuple(Entry(it, "2020-01-01", "because") for it in known))
    left = run([repo], Settings(), finish=lambda it, _: accept(it, baseline, lambda path: False))
    assert left.diagnostics == ()
    assert left.failing == 0
    assert [it.suppression.reason for it in left.suppressed if it.suppression] == ["because", "because"]


def test_an_entry_under_a_former_name_of_the_rule_holds(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = run([repo], Settings())
    rule = next(it for it in outcome.rules if it.name() == "unknown-argument")
    monkeypatch.setattr(rule, "former", ("odd-argument",))
    known = identities(outcome.diagnostics, outcome.syntax)
    baseline = Baseline(tuple(Entry(it._replace(rule="odd-argument")) for it in known))
    assert match(outcome, baseline, lambda path: False).new == ()


def test_the_text_of_a_baseline_is_ascii_and_in_order() -> None:
    entries = [Entry(Identity("r", path, "\u202e", "m\ud800")) for path in ("b", "a")]
    text = to_json(Baseline(tuple(entries)))
    assert text.isascii()
    assert [it["path"] for it in json.loads(text)["findings"]] == ["a", "b"]
    assert json.loads(to_json(Baseline())) == {"schema_version": 1, "findings": []}
