"""What a line of Packer's machine-readable output tells."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packlint.packer.event import Event, Failed, Garbled, Made, Noted, Said
from packlint.packer.hear.machine import read

TRANSCRIPTS = Path(__file__).with_name("transcripts")

LINES: list[tuple[str, Event]] = [
    ("1,,ui,say,==> null.a: Connected to SSH!", Said("say", "null.a", "Connected to SSH!", header=True)),
    ("1,,ui,message,    null.a: fine", Said("message", "null.a", "fine")),
    ("1,,ui,error,==> null.a: bad", Said("error", "null.a", "bad", header=True)),
    ("1,,ui,say,==> null.a (manifest): fine", Said("say", "null.a (manifest)", "fine", header=True)),
    ("1,,ui,say,==> null.a: one%!(PACKER_COMMA) two: 3", Said("say", "null.a", "one, two: 3", header=True)),
    ("1,,ui,message,    b%!(PACKER_COMMA) c: d: fine", Said("message", "b, c", "d: fine")),
    ("1,,ui,say,==> null.a:", Said("say", "null.a", "", header=True)),
    (r"1,,ui,say,==> a: one\n==> a: \n==> a:   two", Said("say", "a", "one\n\n  two", header=True)),
    (r"1,,ui,message,    a: \n    a: two", Said("message", "a", "\ntwo")),
    (r"1,,ui,say,==> a: Writing C:\new\node.txt", Said("say", "a", r"Writing C:\new\node.txt", header=True)),
    (r"1,,ui,error,1 error:\n\n* one\r\n", Said("error", "", "1 error:\n\n* one\r\n")),
    (
        "1,,ui,say,2024-04-08T14:15:51Z: ==> virtualbox-ovf.vm: Provisioning with shell script: a.sh",
        Said("say", "virtualbox-ovf.vm", "Provisioning with shell script: a.sh", header=True),
    ),
    ("1,,ui,message,2024-04-08T14:15:51+02:00:     a: fine", Said("message", "a", "fine")),
    ("1,,ui,say,\x1b[1;32m==> a: \x1b[31mred\x1b[0m", Said("say", "a", "\x1b[31mred\x1b[0m", header=True)),
    (
        "1,,ui,error,Build 'a, b' errored: Post: EOF".replace(", ", "%!(PACKER_COMMA) "),
        Said("error", "a, b", "Build 'a, b' errored: Post: EOF"),
    ),
    (
        "1,,ui,error,Build 'it's' errored after 2 seconds: no: way",
        Said("error", "it's", "Build 'it's' errored after 2 seconds: no: way"),
    ),
    ("1,,ui,say,Build 'x' finished.", Said("say", "x", "Build 'x' finished.")),
    ("1,,ui,say,--> null.a: VM files: output", Said("say", "null.a", "VM files: output")),
    (r"1,,ui,say,\n==> Wait completed after 3: s", Said("say", "", "Wait completed after 3: s", header=True)),
    ("1,,ui,say,", Said("say", "", "")),
    ("1,,ui,say", Said("say", "", "")),
    ("1,,ui,shout,hello", Noted("ui", "", ("shout", "hello"))),
    ("1,null.a,error,no%!(PACKER_COMMA) never", Failed("null.a", "no, never")),
    ("1,b, c: d,error,no", Failed("b, c: d", "no")),
    ("1,a,b,artifact,0,nil", Made("a,b", 0, "nil", ())),
    ("1,a,artifact,2,file,0,out/a%!(PACKER_COMMA)b.txt", Made("a", 2, "file", ("0", "out/a,b.txt"))),
    ("1,a,artifact,x,file,0,out", Noted("artifact", "a", ("x", "file", "0", "out"))),
    ("1,a,artifact-count,2", Noted("artifact-count", "a", ("2",))),
    ("1,,error-count,1", Noted("error-count", "", ("1",))),
    ("1,a,artifact," + "9" * 5000 + ",nil", Noted("artifact", "a", ("9" * 5000, "nil"))),
    ("1,,version,1.16.0", Noted("version", "", ("1.16.0",))),
    ("1,,version-prelease,", Noted("version-prelease", "", ("",))),
    ("1,,template-builder,null (x),null", Noted("template-builder", "", ("null (x)", "null"))),
    ("panic: runtime error", Garbled("panic: runtime error")),
    ("2025/01/15 14:11:36 [INFO] found external", Garbled("2025/01/15 14:11:36 [INFO] found external")),
    ("", Garbled("")),
    ("1,2", Garbled("1,2")),
    ("\u0661,,ui,say,x", Garbled("\u0661,,ui,say,x")),
    ("x,,ui,say,hello", Garbled("x,,ui,say,hello")),
]


@pytest.mark.parametrize(("line", "event"), LINES, ids=range(len(LINES)))
def test_a_line_tells_an_event(line: str, event: Event) -> None:
    assert read(line) == event
    assert read(line + "\r\n") == event


@given(st.text() | st.text(alphabet="1,uisay=>- :\\n\r\n'()%!#\x1b[0m", max_size=60))
def test_no_text_is_refused(text: str) -> None:
    for line in (text, f"1,,ui,say,{text}", f"1,,ui,message,    {text}", f"1,{text}", f"1,a,artifact,{text}"):
        read(line)


@given(
    st.text(alphabet="abc.-_() '", min_size=1).filter(lambda name: name.strip() == name),
    st.lists(st.text(alphabet="ab ,:=>\x1b[0m'", min_size=1).map(str.rstrip).filter(bool), min_size=1),
    st.sampled_from(["==> ", "    "]),
)
def test_what_packer_writes_is_read_back(name: str, lines: list[str], arrow: str) -> None:
    # `TargetedUI.prefixLines` and `MachineReadableUi.Machine` (packer/ui.go).
    text = "\n".join(f"{arrow}{name}: {line}" for line in lines)
    written = text.replace(",", "%!(PACKER_COMMA)").replace("\r", "\\r").replace("\n", "\\n")
    kind = "say" if arrow == "==> " else "message"
    event = read(f"1,,ui,{kind},{written}")
    assert event == Said("say" if arrow == "==> " else "message", name, "\n".join(lines), arrow == "==> ")


def test_long_lines_take_no_longer_than_they_are_long() -> None:
    begun = time.process_time()
    for start in ("==> ", "    ", "Build '", "--> ", "\\n", "\x1b[0m", "a: b\\n", "1,"):
        line = "1,,ui,message," + start * 100_000
        assert isinstance(read(line), Said)
        read("1," + start * 100_000)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_transcripts_are_understood(path: Path) -> None:
    events = [read(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert events
    assert not [event for event in events if isinstance(event, Garbled)]


def test_the_version_is_told() -> None:
    events = [read(line) for line in (TRANSCRIPTS / "version.txt").read_text(encoding="utf-8").splitlines()]
    assert events[0] == Noted("version", "", ("1.6.6",))


def test_the_packer_that_is_installed_speaks_so(tmp_path: Path) -> None:
    if (packer := shutil.which("packer")) is None:
        pytest.skip("Packer is not installed")
    told = subprocess.run(
        [packer, "version", "-machine-readable"],
        capture_output=True,
        text=True,
        check=True,
        env={"CHECKPOINT_DISABLE": "1", "HOME": str(tmp_path), "PATH": ""},
    )
    events = [read(line) for line in told.stdout.splitlines()]
    assert any(isinstance(event, Noted) and event.type == "version" for event in events)
    assert not [event for event in events if isinstance(event, Garbled)]
