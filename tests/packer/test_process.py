"""A running command: its lines, its end, and that nothing of it is left."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Self

import pytest

from packlint.packer.run.process import LONGEST, QUIET, Ended, Line, Message, Process, answer, environment

MARK = "PACKLINT_TEST_MARK"
Start = Callable[..., tuple[Process, SimpleQueue[Message]]]


@pytest.fixture
def mark(tmp_path: Path) -> str:
    """A text that all processes of a test have in their environment."""
    return str(tmp_path)


@pytest.fixture
def start(tmp_path: Path, mark: str) -> Iterator[Start]:
    """Starts a script of Python; what it says goes into a queue."""
    processes: list[Process] = []

    def started(script: str) -> tuple[Process, SimpleQueue[Message]]:
        messages: SimpleQueue[Message] = SimpleQueue()

        def tell(process: Process, message: Message) -> None:
            process.heard()
            messages.put(message)

        variables = {**os.environ, MARK: mark}
        processes.append(Process([sys.executable, "-S", "-c", script], tmp_path, variables, tell))
        return processes[-1], messages

    yield started
    for process in processes:
        process.kill()


def to_the_end(messages: SimpleQueue[Message]) -> tuple[list[Line], int]:
    lines = []
    while not isinstance(message := messages.get(timeout=20), Ended):
        lines.append(message)
    return lines, message.code


def alive(mark: str) -> list[int]:
    """The processes with the mark, zombies left out: nobody reaps an orphan where there is no init."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                marked = f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if marked:
                found.append(int(entry.name))
    return found


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < until:
        time.sleep(0.02)
    return holds


def test_lines_of_both_kinds_are_told_and_then_the_end(start: Start) -> None:
    script = (
        "import sys; print('one'); print(); print('two', file=sys.stderr); print('end', end=''); sys.exit(3)"
    )
    lines, code = to_the_end(start(script)[1])
    assert [it.text for it in lines if not it.error] == ["one", "", "end"]
    assert [it.text for it in lines if it.error] == ["two"]
    assert code == 3


def test_what_is_no_text_is_replaced(start: Start) -> None:
    lines, _ = to_the_end(start(r"import sys; sys.stdout.buffer.write(b'a\xffb\r\n\xc3')")[1])
    assert [it.text for it in lines] == ["a\ufffdb", "\ufffd"]


def test_standard_input_is_empty(start: Start) -> None:
    assert to_the_end(start("import sys; print(len(sys.stdin.read()))")[1]) == ([Line("0")], 0)


def test_a_line_without_an_end_takes_no_memory(start: Start) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    script = "import sys\nfor _ in range(300): sys.stdout.write('x' * (1 << 20))\nprint(); print('next')"
    lines, _ = to_the_end(start(script)[1])
    assert [(len(it.text), it.cut) for it in lines] == [(LONGEST, True), (4, False)]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes


def test_a_line_of_exactly_the_greatest_length_is_whole(start: Start) -> None:
    lines, _ = to_the_end(start(f"print('x' * {LONGEST}); print('y' * {LONGEST - 1})")[1])
    assert [(it.text[0], len(it.text), it.cut) for it in lines] == [
        ("x", LONGEST, False),
        ("y", LONGEST - 1, False),
    ]


def test_who_says_more_than_is_heard_has_to_wait(tmp_path: Path) -> None:
    messages: SimpleQueue[Message] = SimpleQueue()
    script = "while True: print('x' * 1000)"
    process = Process(
        [sys.executable, "-c", script], tmp_path, dict(os.environ), lambda _, it: messages.put(it)
    )
    try:
        assert eventually(lambda: messages.qsize() >= 256)
        time.sleep(0.2)
        assert messages.qsize() == 256
    finally:
        process.kill()
        for _ in range(100_000):
            process.heard()


WRAPPED = """
import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as the first of Packer's processes up to 1.8
print(subprocess.run([sys.executable, "-S", "-c", '''
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    print("ready", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("clean", flush=True)
''']).returncode)
"""


def test_an_interrupt_reaches_the_whole_group(start: Start) -> None:
    process, messages = start(WRAPPED)
    assert messages.get(timeout=20) == Line("ready")
    process.interrupt()
    lines, code = to_the_end(messages)
    assert ([it.text for it in lines], code) == (["clean", "0"], 0)


def test_a_killed_command_is_gone_with_all_that_it_began(start: Start, mark: str) -> None:
    process, messages = start(WRAPPED)
    messages.get(timeout=20)
    assert len(alive(mark)) == 2
    process.kill()
    assert to_the_end(messages)[1] == -9
    assert eventually(lambda: not alive(mark))


BEARS = """
import subprocess, sys
subprocess.Popen([sys.executable, "-S", "-c", "import time; print('held', flush=True); time.sleep(600)"], {})
print("over")
"""


@pytest.mark.parametrize("how", ["", "process_group=0"], ids=["same group", "own group"])
def test_a_child_in_the_background_is_ended_with_its_parent(start: Start, mark: str, how: str) -> None:
    lines, code = to_the_end(start(BEARS.replace("{}", how) if how else BEARS.replace(", {}", ""))[1])
    assert ("over" in [it.text for it in lines], code) == (True, 0)
    assert eventually(lambda: not alive(mark))


class Late:
    """A pipe from which everything comes a little late, as on a machine that is busy."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.pipe = pipe

    def readline(self, most: int) -> bytes:
        line = self.pipe.readline(most)
        time.sleep(0.2)
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipe.close()


def test_the_last_words_after_a_long_silence_are_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.stdout = Late(self.stdout)  # type: ignore[assignment, arg-type]

    monkeypatch.setattr(subprocess, "Popen", Busy)
    _, messages = start(f"import time; print('first', flush=True); time.sleep({QUIET} + 0.5); print('last')")
    lines, code = to_the_end(messages)
    assert ([line.text for line in lines], code) == (["first", "last"], 0)


def test_nobody_waits_for_the_pipes_of_a_daemon(start: Start, mark: str) -> None:
    begun = time.monotonic()
    lines, code = to_the_end(start(BEARS.replace("{}", "start_new_session=True"))[1])
    assert ("over" in [it.text for it in lines], code) == (True, 0)
    assert time.monotonic() - begun < 15  # and not 600
    for pid in alive(mark):
        os.kill(pid, 9)


def test_nor_for_a_daemon_that_goes_on_to_speak(start: Start, mark: str) -> None:
    flood = BEARS.replace("time.sleep(600)", "[print('flood') for _ in iter(int, 1)]")
    _, code = to_the_end(start(flood.replace("{}", "start_new_session=True"))[1])
    assert code == 0
    for pid in alive(mark):
        os.kill(pid, 9)


def test_an_end_by_a_signal_is_told(start: Start) -> None:
    assert to_the_end(start("import os; os.kill(os.getpid(), 11)")[1])[1] == -11


def test_to_signal_what_is_over_hurts_nobody(start: Start) -> None:
    process, messages = start("pass")
    to_the_end(messages)
    process.interrupt()
    process.kill()


def test_a_program_that_is_none_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Process([str(tmp_path / "none")], tmp_path, {}, lambda *_: None)


def test_a_short_answer_is_waited_for_only_so_long(tmp_path: Path, mark: str) -> None:
    command = [sys.executable, "-S", "-c", "import time; print('so', flush=True); time.sleep(600)"]
    assert answer(command, tmp_path, {**os.environ, MARK: mark}, 0.5) in ((None, (Line("so"),)), (None, ()))
    assert eventually(lambda: not alive(mark))


def test_packer_gets_the_users_environment_and_asks_nobody_for_news(tmp_path: Path) -> None:
    given = environment({"HOME": "/x", "PKR_VAR_a": "1"}, tmp_path)
    assert given["CHECKPOINT_DISABLE"] == "1"
    assert (given["HOME"], given["PKR_VAR_a"], given["PWD"]) == ("/x", "1", str(tmp_path))
    assert "PACKER_LOG" not in given
    assert environment({"PACKER_LOG": "1"}, tmp_path)["PACKER_LOG"] == "1"
