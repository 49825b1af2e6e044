"""Packer is run along a plan, and nothing is left behind."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from packlint.packer.run.logs import Log

FAKES = Path(__file__).parent / "fakes"
MARK = "PACKLINT_TEST_MARK"
REAL = shutil.which("packer")
needs_packer = pytest.mark.skipif(REAL is None, reason="Packer is not installed")

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where templates are; all processes of the test have its name in their environment."""
    monkeypatch.setenv(MARK, str(tmp_path))
    monkeypatch.setenv("FAKE_CALLS", str(tmp_path / "calls"))
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def fake(tmp_path: Path) -> str:
    """The path of the program that misbehaves."""
    path = tmp_path / "packer"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "{FAKES / "packer.py"}" "$@"\n')
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def run(folder: Path, fake: str) -> Run:
    """Builds what is in the folder."""
    inner = runpy.run_path(str(FAKES / "run_build.py"))["run"]
    return lambda **asked: inner({"folder": str(folder), "packer": fake, **asked})


def write(folder: Path, ways: Mapping[str, str], chain: str = "", sources: str = "a") -> None:
    """Templates, each with the way in which the fake behaves there, and who starts from whom: `a>b b>c`."""
    for name, way in ways.items():
        place = folder / name
        place.mkdir()
        blocks = "".join(f'source "null" "{it}" {{\n  communicator = "none"\n}}\n' for it in sources)
        uses = ", ".join(f'"source.null.{it}"' for it in sources)
        (place / "t.pkr.hcl").write_text(f"{blocks}build {{\n  sources = [{uses}]\n}}\n")
        (place / "FAKE").write_text("\n".join([way, *(f"null.{it}" for it in sources)]))
    lines = (link.partition(">") for link in chain.split())
    said = [f'[[chain]]\nfrom = "{one}"\nto = "{other}"\n' for one, _, other in lines]
    (folder / "packlint.toml").write_text("".join(said))


def calls(tmp_path: Path) -> list[list[Any]]:
    """What the fake was called with: the name of the directory, what happened, and when."""
    path = tmp_path / "calls"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def builds(tmp_path: Path) -> list[str]:
    return [place for place, *words, _ in calls(tmp_path) if words[:2] == ["begin", "build"]]


def alive(mark: Path) -> list[int]:
    """The processes of a test, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return holds


def states(result: dict[str, Any]) -> dict[str, str]:
    return {name.partition(":")[0]: state for name, (state, *_) in result["images"].items()}


def reasons(result: dict[str, Any]) -> dict[str, str]:
    return {name.partition(":")[0]: because for name, (_, because, *_) in result["images"].items()}


def test_each_job_is_validated_and_built_after_what_it_needs(folder: Path, run: Run) -> None:
    write(folder, {"c": "well", "b": "well", "a": "well"}, "a>b b>c")
    result = run()
    assert states(result) == {"a": "built", "b": "built", "c": "built"}
    happened = [it for it in result["happened"] if " says " not in it]
    assert happened[:5] == [
        "a: packer validate .",
        "forgot a:null.a",
        "a: packer build -machine-readable .",
        "stamped a:null.a",
        "a ended",
    ]
    assert [it for it in happened if it.startswith("stamped")] == [
        "stamped a:null.a",
        "stamped b:null.a",
        "stamped c:null.a",
    ]
    assert [code for _, code, *_ in result["jobs"]] == [0, 0, 0]
    assert result["images"]["a:null.a"][3] == 1  # artifact


def test_a_failure_stops_what_follows_and_nothing_else(folder: Path, run: Run) -> None:
    ways = {"a": "well", "b": "failing", "c": "well", "d": "well", "e": "well"}
    write(folder, ways, "a>b b>c c>d a>e")
    result = run()
    assert states(result) == {"a": "built", "b": "failed", "c": "skipped", "d": "skipped", "e": "built"}
    assert reasons(result)["b"] == "`packer build` failed: no such thing: at all"
    assert reasons(result)["c"] == "it starts from `b:null.a`, which failed"
    assert reasons(result)["d"] == "it starts from `c:null.a`, which was skipped"
    assert "stamped b:null.a" not in result["happened"]


def test_of_a_job_that_fails_in_part_the_rest_goes_on(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "half", "b": "well"}, sources="xy")
    (folder / "packlint.toml").write_text('[[chain]]\nfrom = "a:null.x"\nto = "b:null.x"\n' * 1)
    with (folder / "packlint.toml").open("a") as settings:
        settings.write('[[chain]]\nfrom = "a:null.y"\nto = "b:null.y"\n')
    result = run()
    assert {name: it[0] for name, it in result["images"].items()} == {
        "a:null.x": "built",
        "a:null.y": "failed",
        "b:null.x": "built",
        "b:null.y": "skipped",
    }
    assert result["images"]["a:null.y"][1] == "it is broken"
    assert result["images"]["b:null.y"][1] == "it starts from `a:null.y`, which failed"
    assert ["b", "begin", "build", "-machine-readable", "-only=null.x", "."] in [
        it[:-1] for it in calls(tmp_path)
    ]


@pytest.mark.parametrize(
    ("way", "because"),
    [
        ("validate-fails", "`packer validate` failed: validate does not like it: and tells why"),
        ("crashing", "`packer build` crashed: panic: runtime error: index out of range [3]"),
        ("killed", "`packer build` was ended by the signal SIGSEGV"),
        (
            "noisy",
            "`packer build` ended without an error, and does not speak as Packer does: "
            "\ufffd\ufffd\\x00\\x1b[2J\\x07garbage",
        ),
        ("silent", "`packer build` ended without an error, but has not built this"),
    ],
)
def test_each_misfortune_has_its_words(folder: Path, run: Run, way: str, because: str) -> None:
    write(folder, {"a": way})
    result = run()
    assert result["images"]["a:null.a"][:2] == ["failed", because]
    assert not any(it.startswith("stamped") for it in result["happened"])
    # What an earlier build made is untouched as long as nothing is built.
    assert way != "validate-fails" or "forgot a:null.a" not in result["happened"]


def test_plugins_are_installed_once_for_a_template(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "well", "b": "well"}, sources="xy")
    (folder / "packlint.toml").write_text('[[chain]]\nfrom = "a:null.x"\nto = "a:null.y"\n')
    (folder / "a" / "p.pkr.hcl").write_text(REQUIRED)
    run()
    verbs = [(place, words[1]) for place, *words, _ in calls(tmp_path) if words[0] == "begin"]
    assert [verb for place, verb in verbs if place == "a"] == [
        "init",
        "validate",
        "build",
        "validate",
        "build",
    ]
    assert [verb for place, verb in verbs if place == "b"] == ["validate", "build"]


def test_plugins_that_cannot_be_installed_fail_the_job(folder: Path, run: Run) -> None:
    write(folder, {"a": "init-fails"})
    (folder / "a" / "p.pkr.hcl").write_text(REQUIRED)
    assert reasons(run()) == {"a": "`packer init` failed: init does not like it: and tells why"}


def test_never_more_than_so_many_run_at_once(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, dict.fromkeys("abcdef", "slow"))
    assert set(states(run(most=2)).values()) == {"built"}
    assert most_at_once(calls(tmp_path)) == 2


def test_two_that_want_the_same_never_run_at_once(folder: Path, run: Run, tmp_path: Path) -> None:
    """They need nothing of each other, and no wave holds them back."""
    write(folder, dict.fromkeys("abc", "slow"))
    for name in "ab":
        source = f'source "file" "{name}" {{\n  content = "x"\n  target  = "../same.txt"\n}}\n'
        build = f'build {{\n  sources = ["source.file.{name}"]\n}}\n'
        (folder / name / "t.pkr.hcl").write_text(source + build)
        (folder / name / "FAKE").write_text(f"slow\nfile.{name}")
    assert set(states(run()).values()) == {"built"}
    assert most_at_once([it for it in calls(tmp_path) if it[0] in "ab"]) == 1


REQUIRED = """
packer {
  required_plugins {
    q = {
      source  = "github.com/example/q"
      version = "1.0.0"
    }
  }
}
"""


def most_at_once(happened: list[list[Any]]) -> int:
    changes = sorted(
        (when, 1 if words[0] == "begin" else -1)
        for _, *words, when in happened
        if words[0] in ("begin", "end") and words[1] == "build"
    )
    count = most = 0
    for _, change in changes:
        count += change
        most = max(most, count)
    return most


def test_variables_reach_packer_and_nobody_else(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "telling"})
    variables = 'variable "token" {}\nvariable "keys" {\n  type = map(string)\n}\n'
    (folder / "a" / "v.pkr.hcl").write_text(variables)
    result = run(variables=["token=hush,hush", 'keys={ secret = "open" }'])
    assert states(result) == {"a": "built"}
    told = [words[1:] for _, *words, _ in calls(tmp_path) if words[0] == "file"]
    path, mode, directory = told[0][:3]
    assert stat.S_IMODE(int(mode, 8)) == 0o600
    assert stat.S_IMODE(int(directory, 8)) == 0o700
    assert not Path(path).exists()
    assert not Path(path).parent.exists()
    log = Path(result["jobs"][0][2]).read_text()
    assert "null.a: <sensitive> " in log
    for text in (log, json.dumps(result), (tmp_path / "calls").read_text()):
        assert "hush" not in text


def test_the_log_is_what_a_person_would_read(folder: Path, run: Run) -> None:
    write(folder, {"a": "well"})
    log = Path(run()["jobs"][0][2])
    assert log.name == "01-a.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700
    lines = log.read_text().splitlines()
    assert lines[0] == f"{folder / 'a'}$ packer validate ."
    assert "==> null.a: making it" in lines


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_stops_nothing_and_is_told(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"a": "well"})
    path = f"{folder}/logs/01-a.log"
    monkeypatch.setattr(
        "packlint.packer.run.launch.log", lambda *_: Log(path, os.open("/dev/full", os.O_WRONLY))
    )
    result = run()
    assert states(result) == {"a": "built"}
    trouble = f"the log `{path}` is not whole: No space left on device"
    assert result["jobs"][0][3:] == [trouble]
    assert result["happened"].count(f"told: {trouble}") == 1


def test_a_log_that_cannot_be_begun_is_told(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "well"})
    (folder / "file").write_text("")
    result = run(logs=str(folder / "file" / "logs"))
    assert states(result) == {"a": "built"}
    assert result["jobs"][0][2:] == [
        "",
        f"the log `{folder}/file/logs/01-a.log` cannot be written: Not a directory",
    ]
    (tmp_path / "elsewhere").mkdir()
    (folder / ".packlint").symlink_to(tmp_path / "elsewhere")
    result = run(logs=str(folder / ".packlint" / "logs"))
    assert "a link leads its folder elsewhere" in result["jobs"][0][3]
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_stamp_that_cannot_be_written_is_told(folder: Path, run: Run) -> None:
    write(folder, {"a": "well"})
    result = run(stamps="it is full")
    assert states(result) == {"a": "built"}
    assert result["jobs"][0][3:] == ["the stamp of `a:null.a` cannot be written: it is full"]


def test_an_endless_line_and_noise_are_taken_in(folder: Path, run: Run) -> None:
    write(folder, {"a": "endless"})
    result = run()
    assert states(result) == {"a": "built"}
    assert Path(result["jobs"][0][2]).stat().st_size < 1_000_000


def test_standard_input_of_packer_is_empty(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "asking"})
    assert states(run()) == {"a": "built"}
    assert ["a", "stdin", ""] in [it[:3] for it in calls(tmp_path)]


@pytest.mark.parametrize("way", ["child", "child-apart"])
def test_a_background_child_holds_nobody_up(folder: Path, run: Run, tmp_path: Path, way: str) -> None:
    write(folder, {"a": way, "b": "well"}, "a>b")
    assert states(run()) == {"a": "built", "b": "built"}
    if way == "child":
        assert eventually(lambda: not alive(tmp_path))
    for pid in alive(tmp_path):  # one that has made a session of its own is nobody's any more
        os.kill(pid, signal.SIGKILL)


def test_a_job_that_takes_too_long_is_stopped(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "cleaning", "b": "well", "c": "well"}, "a>b")
    result = run(timeout=3)
    assert states(result) == {"a": "failed", "b": "skipped", "c": "built"}
    assert reasons(result)["a"] == "it took longer than 3s"
    assert [it[1] for it in calls(tmp_path) if it[1] in ("interrupted", "cleaned")] == [
        "interrupted",
        "cleaned",
    ]
    assert not alive(tmp_path)


def test_a_job_that_does_not_stop_then_is_killed(folder: Path, run: Run, tmp_path: Path) -> None:
    write(folder, {"a": "deaf"})
    result = run(timeout=3, grace=0.3)
    assert reasons(result) == {"a": "it took longer than 3s"}
    assert result["jobs"][0][1] == -signal.SIGKILL
    assert not alive(tmp_path)


def test_handlers_are_as_before_in_the_end(folder: Path, run: Run) -> None:
    write(folder, {"a": "well"})
    before = [signal.getsignal(it) for it in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    run()
    assert [signal.getsignal(it) for it in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_a_watcher_that_breaks_leaves_no_process(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"a": "hanging"})

    def broken(*_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("packlint.packer.run.guarded.Guarded.heard", broken)
    (folder / "a" / "FAKE").write_text("cleaning")
    monkeypatch.setattr(
        "packlint.packer.run.guarded.Guarded.tick",
        lambda _: broken() if (folder / "a" / "begun").exists() else None,
    )
    with pytest.raises(RuntimeError, match="a bug"):
        run()
    assert not alive(tmp_path)
    assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("packlint-*/*.pkrvars.json"))


class Child:
    """A program that builds, in a process group of its own as in a terminal."""

    def __init__(self, folder: Path, packer: str, **asked: Any) -> None:
        given = json.dumps({"folder": str(folder), "packer": packer, **asked})
        self._process = subprocess.Popen(
            [sys.executable, str(FAKES / "run_build.py"), given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        if group:
            os.killpg(self._process.pid, number)
        else:
            self._process.send_signal(number)

    def result(self) -> dict[str, Any]:
        out, err = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, err
        found = json.loads(out)
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def child(folder: Path, fake: str) -> Iterator[Callable[..., Child]]:
    children: list[Child] = []

    def begun(packer: str = fake, **asked: Any) -> Child:
        children.append(Child(folder, packer, **asked))
        return children[-1]

    yield begun
    for each in children:
        each.close()


@pytest.mark.parametrize(
    ("number", "group"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGHUP, False)],
)
def test_the_first_signal_has_packer_clean_up(
    folder: Path, child: Callable[..., Child], tmp_path: Path, number: signal.Signals, group: bool
) -> None:
    write(folder, {"a": "cleaning", "b": "well", "c": "well"}, "a>b")
    running = child(most=1)
    assert eventually((folder / "a" / "begun").exists)
    running.signal(number, group=group)
    result = running.result()
    assert (
        states(result) == {"a": "stopped", "b": "stopped", "c": "stopped"} or states(result)["c"] == "built"
    )
    assert reasons(result)["a"] == "the run was stopped"
    assert reasons(result)["b"] == "the run was stopped before"
    happened = [it[1:3] for it in calls(tmp_path) if it[0] == "a" and it[1] in ("interrupted", "cleaned")]
    assert [it[0] for it in happened] == ["interrupted", "cleaned"]
    assert happened[0][1] == signal.SIGINT  # whatever we got
    assert any(it.startswith("told: stopping: ") for it in result["happened"])
    assert "stamped a:null.a" not in result["happened"]
    assert not alive(tmp_path)


def test_a_signal_is_heeded_however_late_it_is_taken(folder: Path, child: Callable[..., Child]) -> None:
    write(folder, {"a": "cleaning"})
    running = child(busy=True)
    assert eventually((folder / "a" / "begun").exists)
    running.signal(signal.SIGINT)
    assert states(running.result()) == {"a": "stopped"}


def test_the_second_signal_kills(folder: Path, child: Callable[..., Child], tmp_path: Path) -> None:
    write(folder, {"a": "deaf"})
    running = child()
    assert eventually((folder / "a" / "begun").exists)
    running.signal(signal.SIGINT)
    assert eventually(lambda: any(it[1] == "interrupted" for it in calls(tmp_path)))
    time.sleep(0.5)
    assert alive(tmp_path)
    running.signal(signal.SIGINT)
    result = running.result()
    assert states(result) == {"a": "stopped"}
    assert [it[1] for it in calls(tmp_path)].count("interrupted") == 1
    assert not alive(tmp_path)


def file_source(name: str, text: str, step: str = "echo {}") -> str:
    return f"""
source "file" "{name}" {{
  {text}
  target = "{name}.txt"
}}
build {{
  sources = ["source.file.{name}"]
  provisioner "shell-local" {{
    inline = ["{step.format(name)}"]
  }}
}}
"""


def chain(folder: Path, step: str = "echo {}") -> None:
    """Three templates, each of which starts from the file of the one before; beside the second, another."""
    texts = {
        "one": file_source("one", 'content = "1"'),
        "two": file_source("two", 'source = "../one/one.txt"', step),
        "three": file_source("three", 'source = "../two/two.txt"'),
        "side": file_source("side", 'source = "../one/one.txt"'),
    }
    for name, text in texts.items():
        (folder / name).mkdir()
        (folder / name / "t.pkr.hcl").write_text(text)


@needs_packer
def test_packer_builds_a_chain_in_order(folder: Path, run: Run) -> None:
    chain(folder)
    result = run(packer=REAL)
    assert states(result) == dict.fromkeys(("one", "two", "three", "side"), "built")
    assert [(folder / it / f"{it}.txt").read_text() for it in ("one", "two", "three", "side")] == ["1"] * 4
    assert all(count == 1 for *_, count in result["images"].values())


@needs_packer
def test_what_packer_does_not_like_is_told_and_not_how_many(folder: Path, run: Run) -> None:
    write(folder, {"a": "well"})
    template = 'source "null" "a" {}\nbuild {\n  sources = ["source.null.a"]\n}\n'
    (folder / "a/t.pkr.hcl").write_text(template)
    assert reasons(run(packer=REAL))["a"] == "`packer validate` failed: An ssh_username must be specified"


@needs_packer
def test_a_provisioner_of_packer_that_fails_is_named(folder: Path, run: Run) -> None:
    chain(folder, "exit 3")
    result = run(packer=REAL)
    assert states(result) == {"one": "built", "two": "failed", "three": "skipped", "side": "built"}
    assert result["images"]["two:file.two"][2].startswith('provisioner "shell-local"')
    assert "exit status: 3" in reasons(result)["two"]


@needs_packer
@pytest.mark.parametrize("group", [False, True], ids=["process", "group"])
def test_ctrl_c_reaches_packer_and_its_scripts(
    folder: Path, child: Callable[..., Child], tmp_path: Path, group: bool
) -> None:
    chain(folder, "touch begun; sleep 600 & sleep 600")
    running = child(REAL, most=1)
    assert eventually((folder / "two" / "begun").exists)
    running.signal(signal.SIGINT, group=group)
    result = running.result()
    assert states(result)["two"] == "stopped"
    assert states(result)["three"] == "stopped"
    assert "stamped two:file.two" not in result["happened"]
    assert "stamped one:file.one" in result["happened"]
    assert "Cleanly cancelled builds" in Path(result["jobs"][1][2]).read_text()
    assert not alive(tmp_path)


@needs_packer
def test_what_a_script_of_packer_leaves_running_is_ended(folder: Path, run: Run, tmp_path: Path) -> None:
    chain(folder, "sleep 600 > /dev/null 2>&1 & echo {}")
    assert set(states(run(packer=REAL)).values()) == {"built"}
    assert not alive(tmp_path)
