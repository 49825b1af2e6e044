"""Lines for a log: written down by hand, and obeyed by no runner, whatever Packer says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from packlint.packer.event import Artifact, Failed, Garbled, Made, Noted, Said
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.show.plain import Plain
from packlint.record import replace

NINE = 1_800_003_600.0
"""Nine o'clock of a day in UTC."""


class Written(list[str]):
    """What was written, as lines; each came by itself and whole."""

    def __call__(self, text: str) -> None:
        assert text.endswith("\n")
        assert "\n" not in text[:-1]
        self.append(text[:-1])


@pytest.fixture
def written() -> Written:
    return Written()


def test_everything_is_a_line(played: Any, written: Written) -> None:
    built, failed, skipped = played.all_states()
    follower = played.follower()
    with Plain(played.plan, written, now=lambda: NINE) as plain:
        plain.started(played.base, ["packer", "build", "-only=a b", "."])
        plain.heard(played.base, Said("say", "qemu.debian", "Starting VM", header=True), follower)
        plain.heard(played.base, Said("message", "qemu.debian", "one\ntwo\n"), follower)
        plain.heard(played.base, Garbled("2027/01/15 a log line"), follower)
        plain.heard(played.base, Said("say", "", "Builds finished.", header=True), follower)
        plain.tick()
        plain.ended(built)
        plain.told("Packer cleans up")
        plain.ended(failed)
        plain.ended(skipped)
    assert written == [
        "[09:00:00Z] base: packer build '-only=a b' . (in `base`)",
        "base: ==> qemu.debian: Starting VM",
        "base:     qemu.debian: one",
        "base:     qemu.debian: two",
        "base:     2027/01/15 a log line",
        "base: ==> Builds finished.",
        "[09:00:00Z] base:qemu.debian built in 12m 03s",
        "[09:00:00Z] Packer cleans up",
        "[09:00:00Z] site:docker.web unchanged: unchanged since 2027-01-14 17:05",
        "[09:00:00Z] site:null.db failed after 1m 02s: Script exited with non-zero exit status: 3."
        " Allowed exit codes are: [0]",
        "[09:00:00Z] last:null.last skipped: it starts from `site:null.db`, which failed",
    ]


def test_a_job_by_itself_needs_no_prefix(played: Any, written: Written) -> None:
    job = replace(played.base, directory=".")
    plain = Plain(replace(played.plan, jobs=(job,)), written, now=lambda: NINE)
    plain.started(job, ["packer", "init", "."])
    plain.heard(job, Said("say", "qemu.debian", "Starting VM", header=True), played.follower())
    plain.heard(job, Garbled("[09:00:00Z] base:qemu.debian built in 1s"), played.follower())
    assert written == [
        "[09:00:00Z] base: packer init .",
        "==> qemu.debian: Starting VM",
        "    [09:00:00Z] base:qemu.debian built in 1s",
    ]


def test_what_is_said_elsewhere_is_not_said_again(played: Any, written: Written) -> None:
    plain = Plain(played.plan, written)
    for event in (
        Failed("null.db", "it failed"),
        Made("null.db", 0, "id", ("x",)),
        Noted("error-count", "", ("1",)),
        Noted("version", "", ("1.6.6",)),
    ):
        plain.heard(played.site, event, played.follower())
    assert written == []


def test_github_gets_a_group_for_each_job(played: Any, written: Written) -> None:
    built, *_ = played.all_states()
    with Plain(played.plan, written, github=True, now=lambda: NINE) as plain:
        plain.started(played.base, ["packer", "init", "."])
        plain.started(played.base, ["packer", "build", "."])
        plain.ended(built)
        plain.started(played.site, ["packer", "build", "."])
        plain.told("interrupt")
    assert written == [
        "::group::base",
        "[09:00:00Z] base: packer init . (in `base`)",
        "[09:00:00Z] base: packer build . (in `base`)",
        "::endgroup::",
        "[09:00:00Z] base:qemu.debian built in 12m 03s",
        "::group::site",
        "[09:00:00Z] site: packer build . (in `site`)",
        "[09:00:00Z] interrupt",
        "::endgroup::",
    ]


def test_jobs_side_by_side_have_no_groups(played: Any, written: Written) -> None:
    plan = played.side_by_side()
    plain = Plain(plan, written, github=True)
    plain.started(plan.jobs[0], ["packer", "build", "."])
    assert not [line for line in written if line.startswith("::")]


COMMANDS = (
    "::set-output name=a::b",
    "::error file=a::b",
    " \t\u00a0\u3000::stop-commands::x",
    "::endgroup::",
    "##[error]no",
    "a ##[command]no",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStop]",
    "a\n::add-mask::x\r\n::debug::y",
    "\x1b[0m::error::x",
    "#\x1b[0m#[error]no",
    "section_start:1:x\r\x1b[0K",
    "\u202e::error::x",
)


@pytest.mark.parametrize("text", COMMANDS, ids=range(len(COMMANDS)))
@pytest.mark.parametrize("alone", [True, False])
def test_no_runner_obeys_packer(played: Any, written: Written, text: str, alone: bool) -> None:
    job = replace(played.base, name="a" if alone else f"{text}a")
    plan = replace(played.plan, jobs=(job,) if alone else (job, played.site))
    plain = Plain(plan, written, now=lambda: NINE)
    for event in (
        Garbled(text),
        Said("say", "", text),
        Said("say", "", text, True),
        Said("error", text, text),
    ):
        plain.heard(job, event, played.follower())
    plain.started(job, ["packer", text])
    plain.told(text)
    image = ImageResult(job.images[0], State.FAILED, text, None, (Artifact(text, text, text, (text,)),))
    plain.ended(JobResult(job, (image,)))
    assert len(written) >= 7
    for line in written:
        assert not line.strip().startswith("::"), line
        assert not re.search(r"##(vso|teamcity)?\[", line), line
        assert line.isprintable() or "\u00a0" in line or "\u3000" in line, ascii(line)
    assert [line for line in written if "x3a:" in line or "x5b" in line or "x23" in line or "\\" in line]


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "full"), ValueError("closed")])
def test_nobody_who_reads_is_no_reason_to_stop(played: Any, error: Exception) -> None:
    def write(text: str) -> None:
        raise error

    with Plain(played.plan, write, github=True) as plain:
        plain.started(played.base, ["packer", "build", "."])
        plain.heard(played.base, Said("say", "", "text"), played.follower())
        plain.ended(played.all_states()[0])
        plain.told("done")
