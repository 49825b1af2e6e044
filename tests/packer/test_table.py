"""The final table: written down by hand for several widths, and steered by nothing that it tells of."""

from __future__ import annotations

from typing import Any

import click
import pytest

from packlint.document import Range
from packlint.packer.event import Artifact
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.show.table import table
from packlint.packer.words import duration
from packlint.record import replace

FULL = """\
  image             state         time  artifacts
✓ base:qemu.debian  built      12m 03s  output-base/debian.qcow2
= site:docker.web   unchanged           sha256:0f9a4d4f5b5f4c1f…d4f5b5f4c1f8b2f9a4d4f5b
✗ site:null.db      failed      1m 02s
- last:null.last    skipped             it starts from `site:null.db`, which failed

error: `site:null.db` has failed
  --> site/site.pkr.hcl:12
   |
12 |   provisioner "shell-local" { inline = ["deploy *******"] }
   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   | Script exited with non-zero exit status: 3.
   | Allowed exit codes are: [0]
   = log: .packlint/logs/site.log

1 built, 1 unchanged, 1 failed, 1 skipped in 13m 05s
"""

NARROW = """\
  image             state         time  artifacts
+ base:qemu.debian  built      12m 03s  output-b...ian.qcow2
= site:docker.web   unchanged           sha256:0...f9a4d4f5b
x site:null.db      failed      1m 02s
- last:null.last    skipped             it starts from `s...
"""


def secret(played: Any) -> tuple[Range, ...]:
    document = played.step("site:null.db").document
    return tuple(
        Range(document, at, at + len("hunter2"))
        for at in range(len(document.text))
        if document.text.startswith("hunter2", at)
    )


def test_all_states_in_one_table(played: Any) -> None:
    assert table(played.all_states(), 87, False, sensitive=secret(played)) == FULL


def test_colors_change_nothing_else(played: Any) -> None:
    colored = table(played.all_states(), 87, True, sensitive=secret(played))
    assert click.unstyle(colored) == FULL
    assert colored != FULL


def test_a_narrow_table_without_other_signs(played: Any) -> None:
    told = table(played.all_states(), 60, False, sensitive=secret(played), encoding="ascii")
    assert told.startswith(NARROW)
    assert told.isascii()
    assert max(map(len, told.splitlines())) <= 60


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_it_is_as_wide_as_there_is_room(played: Any, width: int) -> None:
    failed = played.all_states()[1]
    images = [replace(failed.images[1], because=f"{'word ' * 40}\n{'x' * 300}", place=None)]
    told = table([replace(failed, images=(*images, *failed.images[:1]))], width, False)
    assert max(map(len, told.splitlines())) <= max(width, 50)
    assert told.replace("\n  | ", "").count("x" * 300) == 1


def built(played: Any, *artifacts: Artifact) -> str:
    result = replace(
        played.all_states()[0], images=(ImageResult(played.base.images[0], State.BUILT, "", None, artifacts),)
    )
    return table([result], 80, False).splitlines()[1].partition("12m 03s")[2].strip()


def test_artifacts_are_files_or_else_ids_or_else_words(played: Any) -> None:
    assert built(played) == ""
    assert built(played, Artifact("b", "id", "words", ("a.box",)), Artifact("b", "id")) == "a.box, id"
    assert built(played, Artifact("b", "", "words")) == "words"
    assert built(played, Artifact("b")) == ""


def test_a_long_list_of_artifacts_ends_in_a_count(played: Any) -> None:
    many = Artifact("b", "", "", tuple(f"out/disk{number}.vmdk" for number in range(50)))
    assert built(played, many) == "out/disk0.vmdk, out/disk1.vmdk and 48 more"
    long = Artifact("b", "", "", (f"out/{'x' * 100}.vmdk", "b", "c"))
    assert built(played, long) == "out/xxxxxxxxxxxx…xxxxxxxxxxx.vmdk and 2 more"


def test_a_long_error_is_cut_with_a_count(played: Any) -> None:
    failed = played.all_states()[1]
    image = replace(failed.images[1], because="\n".join(f"line {number}" for number in range(50)))
    told = table([replace(failed, images=(image,))], 80, False)
    assert "   | line 11\n   | and 38 more lines\n" in told


def test_what_went_wrong_beside_packer_is_told(played: Any) -> None:
    ran = replace(played.all_states()[0], troubles=("the log `x` is not whole: no space left",))
    assert table([ran], 50, False).endswith(
        "\n\nwarning: `base`: the log `x` is not whole: no\n         space left\n\n1 built in 12m 03s\n"
    )


def test_a_failure_of_which_little_is_known(played: Any) -> None:
    image = ImageResult(played.base.images[0], State.FAILED)
    told = table([JobResult(played.base, (image,))], 80, False)
    assert told.endswith("\n\nerror: `base:qemu.debian` has failed\n\n1 failed\n")


def test_no_image_no_table() -> None:
    assert table([], 80, False) == ""


HOSTILE = (
    "\x1b[2J\r✓ base:qemu.debian  built",
    "a\n✓ base:qemu.debian  built\n::error::x\n\r\n",
    "\u202e\u2066\x9b1A" * 50,
    "👩‍👩‍👧日本語" * 100,
    "##[error]x",
    "\udcff",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [1, 60, 100])
def test_nothing_steers_it(played: Any, text: str, width: int) -> None:
    artifact = Artifact(text, text, text, (text,))
    _, db = played.site.images
    images = [ImageResult(db, state, text, played.step("site:null.db"), (artifact,)) for state in State]
    results = [
        JobResult(played.site, tuple(images), ((text,),), text, 1.0, 2.0, 3, (text,)),
        JobResult(replace(played.base, name=text), (replace(images[3], artifacts=()),)),
    ]
    told = table(results, width, False)
    lines = told.splitlines()
    assert all(line.isprintable() for line in lines)
    assert not [line for line in lines if line.strip().startswith("::")]
    assert "##[" not in told
    assert len([line for line in lines if line.startswith("✓")]) == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *((0, "0s"), (-1, "0s"), (float("nan"), "0s"), (float("inf"), "0s")),
        *((0.95, "950ms"), (0.9999, "999ms"), (1, "1s"), (12.9, "12s"), (59.99, "59s")),
        *((60, "1m 00s"), (185, "3m 05s"), (3599, "59m 59s"), (3600, "1h 00m"), (7620, "2h 07m")),
        (360_000, "100h 00m"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    "because",
    [
        "`packer validate` failed: Output directory 'output' already exists. It must not exist",
        "Output directory exists: output\n\nUse the force flag to delete it prior to building.",
    ],
)
def test_what_an_earlier_build_left_in_the_way_has_a_hint(played: Any, because: str) -> None:
    failed = played.all_states()[1]
    told = table([replace(failed, images=(replace(failed.images[1], because=because),))], 100, False)
    assert "   = hint: `--force` has Packer delete what an earlier build has left\n   = log: " in told
    other = replace(failed.images[1], because="mkdir: cannot create directory 'a': File exists")
    assert "--force" not in table([replace(failed, images=(other,))], 100, False)
