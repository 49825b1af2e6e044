"""The live view, replayed on a terminal that knows three controls and refuses any other."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packlint.packer.event import Garbled, Said
from packlint.packer.hear.follow import Progress
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.show.live import Live, suits
from packlint.packer.show.picture import Size
from packlint.record import replace

HOSTILE = (
    "\x1b[2J\x1b[H\x1b]0;title\x07\r✓ base:qemu.debian built in 1s",
    "x" * 5000 + "✓ base:qemu.debian built in 1s",
    "\x9b5A\x08\x08\u202eforged\u2066\u2028next\x0b\x0c",
    "👩‍👩‍👧🇩🇪❤️日本語é" * 90,
    "a\n✓ base:qemu.debian built in 1s\n\n\x1b[1A",
    "\x1b[31mred\x1b[0m\x1b[5A\x1bM\x1b7\x1bc",
    "\ud800\udcff\ufeff\u200b",
)

WIDE = frozenset("👩👧🇩🇪日本語")
"""Characters above that a terminal may give two columns; it may give one to a sign that combines."""


class Terminal(io.StringIO):
    """What a terminal shows: text in cells, `A` up, `K` erase to the end of the line, `m` colors."""

    encoding = "utf-8"

    def __init__(self, width: int, height: int, *, encoding: str = "utf-8") -> None:
        super().__init__()
        self.encoding = encoding
        self.size = Size(width, height)
        self.rows: list[str] = [""]
        self.row = self.column = 0
        self.colors = 0
        self.pictures = 0
        self.widest = 0

    def write(self, text: str) -> int:
        text.encode(self.encoding)
        self.pictures += 1
        for control, up, style, other in re.findall(r"(\x1b\[(?:(\d+)A|0K|([\d;]*m)))|([\s\S])", text):
            if other:
                self._character(other)
            elif up:
                assert int(up) <= self.row, "above what it has ever drawn"
                self.row -= int(up)
            elif style:
                self.colors += 1
            else:
                assert control == "\x1b[0K"
                self.rows[self.row] = self.rows[self.row][: self.column]
        return len(text)

    def _character(self, character: str) -> None:
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row, self.column = self.row + 1, 0
            if self.row == len(self.rows):
                self.rows.append("")
        else:
            assert character.isprintable(), repr(character)
            line = self.rows[self.row]
            self.rows[self.row] = line[: self.column] + character + line[self.column + 1 :]
            self.column += 1
            most = sum(2 if it in WIDE else 1 for it in self.rows[self.row][: self.column])
            self.widest = max(self.widest, most)
            assert self.widest < self.size.width, "it reaches the edge"

    def fold(self, width: int) -> None:
        """Become narrower, as most terminals do it: what has no room goes on in the next line."""
        rows: list[str] = []
        for number, line in enumerate(self.rows):
            if number == self.row:
                self.row = len(rows)
            rows += [line[at : at + width] for at in range(0, max(len(line), 1), width)]
        self.rows, self.size = rows, Size(width, self.size.height)

    @property
    def shown(self) -> list[str]:
        assert (self.column, self.row) == (0, len([*filter(None, self.rows)]))
        return [*filter(None, self.rows)]


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def on(played: Any, clock: Clock) -> Callable[..., tuple[Live, Terminal]]:
    def opened(
        width: int = 120,
        height: int = 24,
        *,
        colored: bool = False,
        encoding: str = "utf-8",
        plan: Any = None,
    ) -> tuple[Live, Terminal]:
        terminal = Terminal(width, height, encoding=encoding)
        live = Live(plan or played.plan, terminal, colored=colored, now=clock, size=lambda: terminal.size)
        return live, terminal

    return opened


def test_each_image_that_runs_has_a_row(played: Any, clock: Clock, on: Any) -> None:
    live, terminal = on()
    live.started(played.base, ["packer", "init", "."])
    assert terminal.shown == [
        "Building 0s · 0 of 3 jobs done · wave 1 of 3",
        "• base:qemu.debian  packer init                        0s  ",
        "  2 jobs waiting",
    ]
    live.started(played.base, ["/usr/bin/packer", "build", "."])
    follower = played.follower()
    (debian,) = played.base.images
    follower.far[debian] = Progress("provisioning", played.step("base:qemu.debian"), "Setting up nginx")
    clock.seconds += 185
    live.heard(played.base, Said("message", "qemu.debian", "Setting up nginx"), follower)
    assert terminal.shown == [
        "Building 3m 05s · 0 of 3 jobs done · wave 1 of 3",
        "• base:qemu.debian  shell base.pkr.hcl:8           3m 05s  Setting up nginx",
        "  2 jobs waiting",
    ]


def test_what_is_over_goes_above(played: Any, clock: Clock, on: Any) -> None:
    live, terminal = on()
    built, failed, skipped = played.all_states()
    live.started(played.base, ["packer", "build", "."])
    clock.seconds += 723
    live.ended(built)
    live.started(played.site, ["packer", "build", "."])
    assert terminal.shown == [
        "✓ base:qemu.debian built in 12m 03s",
        "Building 12m 03s · 1 of 3 jobs done · wave 2 of 3",
        "• site:docker.web   starting                           0s  ",
        "• site:null.db      starting                           0s  ",
        "  1 job waiting",
    ]
    live.heard(played.site, Garbled("what is not Packer's"), played.follower())
    for number in range(20):
        live.heard(played.site, Said("message", "null.db", f"line {number}"), played.follower())
    live.ended(failed)
    live.ended(skipped)
    live.__exit__(None, None, None)
    assert terminal.shown == [
        "✓ base:qemu.debian built in 12m 03s",
        "= site:docker.web unchanged: unchanged since 2027-01-14 17:05",
        "✗ site:null.db failed after 1m 02s: Script exited with non-zero exit status: 3."
        " Allowed exit codes are: [0]",
        *(f"  │     null.db: line {number}" for number in range(5, 20)),
        "- last:null.last skipped: it starts from `site:null.db`, which failed",
    ]


def test_a_wide_terminal_has_the_stage_beside_the_step(played: Any, on: Any) -> None:
    live, terminal = on(160)
    follower = played.follower()
    web, db = played.site.images
    follower.far = {
        web: Progress("provisioning", played.step("site:docker.web"), "deploying"),
        db: Progress("cleaning up", None, "Deleting"),
    }
    follower.made.add(db)
    live.heard(played.site, Said("say", "docker.web", "deploying"), follower)
    assert terminal.shown[1:3] == [
        "• site:docker.web   provisioning    shell-local site.pkr.hcl:12        0s  deploying",
        "• site:null.db      cleaning up                                        0s  Deleting",
    ]


def test_the_clock_of_an_image_that_is_made_stands_still(played: Any, clock: Clock, on: Any) -> None:
    live, terminal = on()
    follower = played.follower()
    web, db = played.site.images
    follower.far = {web: Progress("exporting"), db: Progress("finished")}
    live.started(played.site, ["packer", "build", "."])
    clock.seconds += 5
    follower.made.add(db)
    live.heard(played.site, Said("say", "null.db", "done"), follower)
    clock.seconds += 5
    live.tick()
    assert [line.split()[-1] for line in terminal.shown[1:3]] == ["10s", "5s"]


def test_images_that_are_built_one_after_the_other_wait(played: Any, clock: Clock, on: Any) -> None:
    one = replace(played.site, parallel=1)
    plan = replace(played.plan, jobs=(one,))
    live, terminal = on(plan=plan)
    follower = played.follower()
    follower.far[one.images[0]] = Progress("booting")
    live.started(one, ["packer", "build", "-parallel-builds=1", "."])
    clock.seconds += 0.5
    live.heard(one, Said("say", "docker.web", "Booting"), follower)
    assert [line.split() for line in terminal.shown[1:3]] == [
        ["•", "site:docker.web", "booting", "0s"],
        ["•", "site:null.db", "waiting"],
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 140, 200])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_packer_says_leaves_its_place(
    played: Any, clock: Clock, on: Any, width: int, text: str
) -> None:
    live, terminal = on(width, colored=True)
    follower = played.follower()
    _, db = played.site.images
    follower.far = dict.fromkeys(played.site.images, Progress(text, None, text))
    live.started(played.site, ["packer", "build", text])
    for event in (Said("say", text, text, True), Garbled(text), Said("error", "null.db", text)):
        clock.seconds += 1
        live.heard(played.site, event, follower)
    assert len(terminal.shown) == 4
    live.told(text)
    failed = ImageResult(db, State.FAILED, text, played.step("site:null.db"))
    live.ended(JobResult(played.site, (failed,), (), "", 1.0, 1.0, 1))
    assert not [line for line in terminal.shown if line.startswith("✓")]


def test_the_most_rows_that_there_is_room_for(played: Any, on: Any) -> None:
    jobs = tuple(replace(played.base, name=f"base{number}") for number in range(40))
    live, terminal = on(60, 12, plan=replace(played.plan, jobs=jobs))
    for job in jobs[:39]:
        live.started(job, ["packer", "build", "."])
    assert len(terminal.shown) == 10
    assert terminal.shown[-1] == "  31 more running · 1 job waiting"


def test_a_terminal_that_becomes_narrower_keeps_what_is_over(played: Any, clock: Clock, on: Any) -> None:
    live, terminal = on(100)
    built, *_ = played.all_states()
    live.ended(built)
    follower = played.follower()
    follower.far = dict.fromkeys(played.site.images, Progress("provisioning", None, "x" * 200))
    live.started(played.site, ["packer", "build", "."])
    live.heard(played.site, Said("say", "", ""), follower)
    clock.seconds += 1
    live.tick()
    assert max(map(len, terminal.shown)) == 99
    terminal.fold(60)
    assert len(terminal.shown) == 7
    terminal.widest = 0
    clock.seconds += 1
    live.tick()
    assert [line[:20] for line in terminal.shown] == [
        "✓ base:qemu.debian b",
        "Building 2s · 1 of 3",
        "• site:docker.web   ",
        "• site:null.db      ",
        "  1 job waiting",
    ]


def test_a_picture_is_drawn_only_where_something_differs(played: Any, clock: Clock, on: Any) -> None:
    live, terminal = on()
    live.started(played.base, ["packer", "build", "."])
    for _ in range(100):
        clock.seconds += 0.009
        live.heard(played.base, Said("message", "qemu.debian", "the same"), played.follower())
        live.tick()
    assert terminal.pictures == 1
    clock.seconds += 0.2
    live.tick()
    assert terminal.pictures == 2


def test_colors_are_only_there_where_they_are_wanted(played: Any, on: Any) -> None:
    for colored in (False, True):
        live, terminal = on(colored=colored)
        for result in played.all_states():
            live.ended(result)
        assert bool(terminal.colors) == colored


def test_signs_that_cannot_be_written_are_others(played: Any, on: Any) -> None:
    live, terminal = on(encoding="ascii")
    follower = played.follower()
    follower.far[played.base.images[0]] = Progress("booting", None, "größer " * 20)
    live.heard(played.base, Said("say", "", ""), follower)
    live.tick()
    assert terminal.shown[0] == "Building 0s - 0 of 3 jobs done - wave 1 of 3"
    assert terminal.shown[1].startswith("* base:qemu.debian  booting")
    assert "gr\\xf6\\xdfer" in terminal.shown[1]
    assert terminal.shown[1].endswith("...")
    live.ended(played.all_states()[1])
    assert terminal.shown[1].startswith("x site:null.db")


def test_the_rows_are_gone_whatever_ends_it(played: Any, on: Any) -> None:
    live, terminal = on()
    with pytest.raises(KeyboardInterrupt), live:
        live.started(played.site, ["packer", "build", "."])
        live.told("stopping")
        raise KeyboardInterrupt
    assert terminal.shown == ["stopping"]


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(5, "gone"), ValueError("I/O on closed file")])
def test_a_terminal_that_is_gone_stops_nothing(played: Any, clock: Clock, error: Exception) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise error

    with Live(played.plan, Gone(), colored=True, now=clock) as live:
        for result in played.all_states():
            live.started(result.job, ["packer", "build", "."])
            live.ended(result)
        live.told("done")


def test_only_a_terminal_that_can_shows_what_moves() -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert suits(Tty(), {"TERM": "xterm", "NO_COLOR": "1"})
    assert not suits(Tty(), {"TERM": "dumb"})
    assert not suits(io.StringIO(), {"TERM": "xterm"})
    assert not suits(None, {})


PROGRAM = """
import sys, time
from packlint.limits import Limits
from packlint.packer.job import Job, Plan
from packlint.packer.show.live import Live, suits
import os
job = Job("base", (), "base", ".")
assert suits(sys.stdout, os.environ)
with Live(Plan((job,), Limits()), sys.stdout, colored=True) as live:
    live.started(job, ["packer", "build", "."])
    live.told("x" * 90)
    os._exit(0) if "killed" in sys.argv else None
print("after")
"""


@pytest.mark.parametrize("how", ["", "killed"])
def test_a_real_terminal_is_left_as_it_was(how: str) -> None:
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 70, 0, 0))
    before = termios.tcgetattr(theirs)
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    subprocess.run(
        [sys.executable, "-c", PROGRAM, how], stdout=theirs, env=environment, check=True, timeout=60
    )
    assert termios.tcgetattr(theirs) == before
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 4096):
            told += part
    except OSError:  # the terminal is gone with the last who had it
        pass
    os.close(ours)
    terminal = Terminal(70, 20)
    terminal.write(told.decode().replace("\r\n", "\n"))
    assert terminal.colors
    kept = ["x" * 69, "x" * 21]
    assert terminal.shown == [*kept, *(["Building 0s · 0 of 1 job done"] if how else ["after"])]
