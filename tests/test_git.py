"""git in a hostile repository: what it answers, and that nothing of the repository is run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from packlint.errors import UsageError
from packlint.git import GitError, Repository, blame_dates, environment, find_git
from packlint.since import Since

posix = pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")

OLD = 'source "null" "a" {\n}\n\nbuild {\n}\n'
DAYS = {"GIT_AUTHOR_DATE": "2021-03-04T23:30:00 +0500", "GIT_COMMITTER_DATE": "2022-01-01T00:00:00 +0000"}


class Clone:
    """A repository with one commit, and git as its owner runs it."""

    def __init__(self, top: Path) -> None:
        self.top = top.resolve()
        self.top.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", ".")
        self.write("a.pkr.hcl", OLD)
        self.commit("one")

    def git(self, *arguments: str, **variables: str) -> str:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        identity = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgSign=false")
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.top,
            env=clean | {"GIT_CONFIG_NOSYSTEM": "1"} | DAYS | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def write(self, name: str, text: str) -> Path:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "repo")


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark, and then does what a filter does."""
    program = tmp_path / "trap"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {shlex.quote(str(tmp_path / "mark"))}\ncat 2>/dev/null\n')
    program.chmod(0o755)
    return program


def spring(clone: Clone, trap: Path) -> None:
    """Name the trap wherever a configuration, an attribute or a hook can name a program."""
    hooks = clone.top / ".git/hooks"
    for name in (
        "post-index-change",
        "reference-transaction",
        "pre-commit",
        "post-checkout",
        "fsmonitor-watchman",
    ):
        (hooks / name).write_text(trap.read_text())
        (hooks / name).chmod(0o755)
    program = str(trap)
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.gitProxy", "core.editor", "core.askPass"),
        *(
            "core.alternateRefsCommand",
            "diff.external",
            "diff.evil.textconv",
            "diff.evil.command",
            "gpg.program",
        ),
        *(
            "filter.evil.clean",
            "filter.evil.smudge",
            "filter.evil.process",
            "credential.helper",
            "pager.blame",
        ),
        *(
            "pager.ls-tree",
            "pager.config",
            "merge.evil.driver",
            "remote.origin.uploadpack",
            "sequence.editor",
        ),
    ):
        clone.git("config", key, program)
    clone.git("config", "alias.ls-tree", f"!{program}")
    clone.git("config", "log.showSignature", "true")
    clone.git("config", "core.untrackedCache", "true")
    clone.git("config", "core.hooksPath", str(hooks))
    (clone.top / ".gitattributes").write_text("* filter=evil diff=evil merge=evil text\n")


@posix
def test_the_trap_catches_git_as_people_run_it(clone: Clone, trap: Path, tmp_path: Path) -> None:
    spring(clone, trap)
    clone.write("a.pkr.hcl", OLD.replace("{\n}", "{ }"))
    subprocess.run(["git", "diff", "HEAD"], cwd=clone.top, capture_output=True, check=False)
    assert (tmp_path / "mark").exists()


@posix
def test_nothing_of_a_hostile_repository_is_run(
    clone: Clone, trap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = clone.git("rev-parse", "HEAD")
    clone.write("a.pkr.hcl", OLD + "# committed\n")
    clone.write("gone.pkr.hcl", "locals {\n}\n")
    clone.commit("two")
    spring(clone, trap)
    clone.write("a.pkr.hcl", OLD + "# committed\n# not committed\n")
    clone.write("new.pkr.hcl", "build {\n}\n")
    (clone.top / "gone.pkr.hcl").unlink()
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR"):
        monkeypatch.setenv(name, str(trap))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere/index"))

    since = Since(base, [clone.top])
    days = blame_dates(clone.top, "a.pkr.hcl")

    assert not (tmp_path / "mark").exists()
    assert {it.path.name for it in since.texts if it.path} == {"a.pkr.hcl", "new.pkr.hcl", ".gitattributes"}
    assert days is not None
    assert sorted(days) == [1, 2, 3, 4, 5, 6]


@posix
def test_a_missing_file_of_a_partial_clone_is_told_and_nothing_is_fetched(
    clone: Clone, trap: Path, tmp_path: Path
) -> None:
    clone.git("config", "uploadpack.allowFilter", "true")
    clone.write("a.pkr.hcl", OLD + "# new\n")
    clone.commit("two")
    partial = tmp_path / "partial"
    url = clone.top.as_uri()
    clone.git("clone", "--quiet", "--filter=blob:none", url, str(partial))
    subprocess.run(
        ["git", "config", "remote.origin.uploadpack", str(trap)], cwd=partial, check=True, capture_output=True
    )
    with pytest.raises(UsageError, match="lacks files of an earlier commit") as told:
        Since("HEAD~1", [partial])
    assert "--filter" in (told.value.hint or "")
    assert not (tmp_path / "mark").exists()


@posix
def test_a_program_named_git_in_the_repository_is_not_run(
    clone: Clone, trap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (clone.top, clone.top / "bin"):
        place.mkdir(exist_ok=True)
        (place / "git").write_text(trap.read_text())
        (place / "git").chmod(0o755)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/git").symlink_to(clone.top / "bin/git")
    true_path = os.environ["PATH"]
    ours = os.pathsep.join(["", ".", "bin", str(clone.top / "bin"), str(tmp_path / "outside")])
    monkeypatch.setenv("PATH", f"{ours}{os.pathsep}{true_path}")
    monkeypatch.chdir(clone.top)

    Repository(Path()).common("HEAD")

    assert not (tmp_path / "mark").exists()
    monkeypatch.setenv("PATH", ours)
    with pytest.raises(UsageError, match="no program `git`"):
        find_git(clone.top)


def test_variables_of_a_hook_are_not_inherited() -> None:
    inherited = {"GIT_DIR": "x", "GIT_WORK_TREE": "y", "GIT_CONFIG_PARAMETERS": "z", "GIT_TRACE": "1"}
    users = {"HOME": "/h", "GIT_CONFIG_GLOBAL": "g", "GIT_CONFIG_KEY_0": "safe.directory"}
    found = environment(inherited | users)
    assert found.keys() >= users.keys()
    assert not inherited.keys() & found.keys()
    assert (found["GIT_OPTIONAL_LOCKS"], found["GIT_TERMINAL_PROMPT"]) == ("0", "0")


def test_a_work_tree_elsewhere_is_refused(clone: Clone, tmp_path: Path) -> None:
    clone.git("config", "core.worktree", str(tmp_path))
    with pytest.raises(UsageError, match="work tree elsewhere"):
        Repository(clone.top)


def test_outside_of_git_there_is_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="is not in a repository of git"):
        Repository(tmp_path)
    assert blame_dates(tmp_path, "a.pkr.hcl") is None


def test_a_repository_of_somebody_else_is_told_as_such(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Repository, *_: object) -> str:
        raise GitError("fatal: detected dubious ownership in repository at '/x'")

    monkeypatch.setattr(Repository, "_text", refused)
    with pytest.raises(UsageError, match="does not trust") as told:
        Repository(clone.top)
    assert "safe.directory" in (told.value.hint or "")


@pytest.mark.parametrize("revision", ["--output=x", "-h", "", " ", "a\nb", "a\0b"])
def test_what_is_no_revision_never_reaches_git(clone: Clone, revision: str) -> None:
    with pytest.raises(UsageError, match="no name that git can have"):
        Repository(clone.top).common(revision)


@pytest.mark.parametrize("revision", ["nope", "HEAD..HEAD", "HEAD:a.pkr.hcl", "0" * 40])
def test_a_revision_that_is_not_there_is_told(clone: Clone, revision: str) -> None:
    with pytest.raises(UsageError, match="there is no revision") as told:
        Repository(clone.top).common(revision)
    assert "fetched" in (told.value.hint or "")


def test_changes_are_those_since_the_branch_left(clone: Clone) -> None:
    left = clone.git("rev-parse", "HEAD")
    clone.git("checkout", "--quiet", "-b", "topic")
    clone.git("checkout", "--quiet", "main")
    clone.write("a.pkr.hcl", "# of others\n" + OLD)
    clone.commit("of others")
    clone.git("checkout", "--quiet", "topic")
    assert Repository(clone.top).common("main") == left


def test_a_shallow_clone_says_how_to_get_the_history(clone: Clone, tmp_path: Path) -> None:
    first = clone.git("rev-parse", "HEAD")
    clone.write("a.pkr.hcl", OLD + "#\n")
    clone.commit("two")
    shallow = tmp_path / "shallow"
    clone.git("clone", "--quiet", "--depth=1", clone.top.as_uri(), str(shallow))
    with pytest.raises(UsageError, match="there is no revision") as told:
        Repository(shallow).common(first)
    assert "fetch-depth: 0" in (told.value.hint or "")
    assert blame_dates(shallow, "a.pkr.hcl") == {}


def test_histories_that_never_met_have_no_commit_in_common(clone: Clone) -> None:
    clone.git("checkout", "--quiet", "--orphan", "other")
    clone.commit("an own beginning")
    with pytest.raises(UsageError, match="no commit in common"):
        Repository(clone.top).common("main")


def test_names_that_no_checkout_would_make_are_left_out(clone: Clone) -> None:
    blob = clone.git("hash-object", "-w", "a.pkr.hcl")
    rows = "".join(f"100644 blob {blob}\t{name}\0" for name in ("..", "ok.pkr.hcl"))
    tree = subprocess.run(
        ["git", "mktree", "-z"], cwd=clone.top, input=rows.encode(), capture_output=True, check=True
    ).stdout.decode()
    commit = clone.git("commit-tree", tree.strip(), "-m", "hostile")
    found = Repository(clone.top).tree(commit, clone.top)
    assert [path.name for path in found] == ["ok.pkr.hcl"]


def test_lines_have_the_day_on_which_their_author_wrote_them(clone: Clone) -> None:
    clone.write("a.pkr.hcl", OLD.replace("\nbuild", "# later\nbuild"))
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "-m", "two", GIT_AUTHOR_DATE="2023-05-06T12:00:00 +0000")
    clone.write("a.pkr.hcl", "# not committed\n" + OLD.replace("\nbuild", "# later\nbuild"))
    old, new = date(2021, 3, 4), date(2023, 5, 6)
    assert blame_dates(clone.top, "a.pkr.hcl") == {2: old, 3: old, 4: new, 5: old, 6: old}


@posix
def test_an_answer_is_not_waited_for_longer_than_allowed(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(clone.top)
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(repository, "_git", slow)
    monkeypatch.setattr("packlint.git.SECONDS", 0.2)
    with pytest.raises(UsageError, match="took longer"):
        repository.tree("HEAD", clone.top)


@posix
def test_an_answer_without_end_is_not_kept(
    clone: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(clone.top)
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec yes\n")
    endless.chmod(0o755)
    monkeypatch.setattr(repository, "_git", endless)
    monkeypatch.setattr("packlint.git.MOST", 100_000)
    with pytest.raises(UsageError, match="larger than packlint looks into"):
        repository.tree("HEAD", clone.top)
