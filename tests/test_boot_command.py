"""The grammar of boot commands; expectations are those of packer-plugin-sdk's own parser."""

from itertools import pairwise

import pytest

from packlint.boot_command import UNKNOWN, keys


def told(text: str) -> list[str]:
    return [f"{key.kind} {key.name}" for key in keys(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a<enter>b", ["text a", "press enter", "text b"]),
        ("<ENTER><PageUp><f12><F1>", ["press enter", "press pageup", "press f12", "press f1"]),
        ("<leftCtrlOn>c<LEFTCTRLOFF>", ["on leftctrl", "text c", "off leftctrl"]),
        ("<cOn><<oFF>", ["on c", "off <"]),
        ("<leftOn><left>", ["on left", "press left"]),
        (
            "<wait><wait5><wait1m20s><wait1.5h><wait300ms>",
            ["wait ", "wait 5", "wait 1m20s", "wait 1.5h", "wait 300ms"],
        ),
        ("<wait0><wait-1s>", ["wait 0", "wait -1s"]),
        ("<Wait><wait1.5><wait 5><wait05><wait-5>", ["text <Wait><wait1.5><wait 5><wait05><wait-5>"]),
        ("<f13><entr><enter", ["text <f13><entr><enter"]),
        ("<enter<wait>", ["text <enter", "wait "]),
        ("a{{ .HTTPIP }}<tab>", ["text a", "action {{ .HTTPIP }}", "press tab"]),
        ("{{ if <enter>", ["action {{ if <enter>"]),
        (f"<wait{UNKNOWN}>", ["text <wait", f"unknown {UNKNOWN}", "text >"]),
    ],
)
def test_keys(text: str, expected: list[str]) -> None:
    assert told(text) == expected
    found = [*keys(text)]
    assert "".join(text[key.start : key.end] for key in found) == text
    assert all(one.end == other.start for one, other in pairwise(found))


def test_time_is_linear() -> None:
    for part in ("<", "{{", "<wait1m", "<a"):
        assert [*keys(part * 200_000)]
