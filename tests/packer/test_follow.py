"""How far images are, what they made and where they failed, by what Packer said of them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packlint.chain.artifacts import links
from packlint.chain.images import Image, artifact_graph
from packlint.configure import Nearest
from packlint.document import Range
from packlint.packer.event import Artifact, Made, Said
from packlint.packer.hear.follow import Follower, Progress
from packlint.packer.hear.machine import read
from packlint.pipeline import understand
from packlint.settings import Flags

TRANSCRIPTS = Path(__file__).with_name("transcripts")
EXIT = "Script exited with non-zero exit status: 3.Allowed exit codes are: [0]"
CLEANS = "Provisioning step had errors: Running the cleanup provisioner, if present..."


def images_of(folder: Path) -> tuple[Image, ...]:
    found = understand([folder], Nearest({}, Flags()), folder)
    return artifact_graph(found.configurations, links(found.configurations), found.declared).images


def template(folder: Path, name: str, text: str) -> tuple[Image, ...]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return images_of(folder)


class Told(NamedTuple):
    """A follower that has heard something, with the images by their labels."""

    follower: Follower
    images: dict[str, Image]

    def progress(self, label: str) -> Progress:
        return self.follower.progress(self.images[label])

    def stage(self, label: str) -> str:
        return self.progress(label).stage

    def line(self, label: str) -> int | None:
        """The line of the template of the step that runs."""
        return _line(self.progress(label).step)

    def failure(self, label: str) -> tuple[str, int | None] | None:
        found = self.follower.failure(self.images[label])
        return found and (found[0], _line(found[1]))

    def artifacts(self, label: str) -> tuple[Artifact, ...]:
        return self.follower.artifacts(self.images[label])


def _line(place: Range | None) -> int | None:
    return place.first.line if place is not None else None


def tell(images: Sequence[Image], lines: Iterable[str]) -> Told:
    follower = Follower(images)
    for line in lines:
        follower.hear(read(line))
    return Told(follower, {image.label: image for image in images})


def recorded(folder: Path, name: str, transcript: str) -> Told:
    text = (TRANSCRIPTS / name).read_text(encoding="utf-8")
    lines = (TRANSCRIPTS / transcript).read_text(encoding="utf-8").splitlines()
    return tell(template(folder, name, text), lines)


def build(*steps: str, type_: str = "null", rest: str = "") -> str:
    blocks = "\n".join(f"  provisioner {step}" for step in steps)
    return f'source "{type_}" "a" {{}}\nbuild {{\n  sources = ["source.{type_}.a"]\n{blocks}\n{rest}}}\n'


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., Told]:
    """What a follower of `null.a`, with some provisioners, knows of it after Packer said some lines of it."""

    def told(steps: Sequence[str], *said: str, type_: str = "null", rest: str = "") -> Told:
        images = template(tmp_path / "t", "a.pkr.hcl", build(*steps, type_=type_, rest=rest))
        return tell(images, [f"1,,ui,say,==> {type_}.a: {it}" if it[:1] != "1" else it for it in said])

    return told


def failed(text: str = EXIT, name: str = "null.a") -> str:
    return f"1,{name},error,{text}"


def test_a_real_run_that_fails_in_the_middle(tmp_path: Path) -> None:
    told = recorded(tmp_path, "failing.pkr.hcl", "failing.txt")
    assert told.stage("null.base") == "failed"
    assert told.failure("null.base") == (EXIT, 42)
    assert told.failure("first.file.notes") is None
    assert told.follower.finished(told.images["first.file.notes"])
    assert not told.follower.finished(told.images["null.base"])
    made = told.artifacts("first.file.notes")
    assert [it.builder_id for it in made] == ["packer.file"] * 2 + ["packer.post-processor.checksum"] * 2
    assert made[0] == Artifact("packer.file", "File", "Stored file: out/notes.txt", ("out/notes.txt",))
    assert made[3].files == ("out/notes.txt", "out/notes.sha256")


def test_a_real_run_with_time_stamps_that_aborts(tmp_path: Path) -> None:
    told = recorded(tmp_path, "failing.pkr.hcl", "stamped.txt")
    assert told.failure("null.base") == (EXIT, 42)
    assert told.stage("first.file.notes") == "waiting"


def test_real_steps_one_after_the_other(tmp_path: Path) -> None:
    images = template(tmp_path, "a.pkr.hcl", (TRANSCRIPTS / "failing.pkr.hcl").read_text(encoding="utf-8"))
    follower = Follower(images)
    seen: dict[str, list[tuple[str, int | None]]] = {image.label: [] for image in images}
    for line in (TRANSCRIPTS / "failing.txt").read_text(encoding="utf-8").splitlines():
        follower.hear(read(line))
        for image in images:
            progress = follower.progress(image)
            if seen[image.label][-1:] != [now := (progress.stage, _line(progress.step))]:
                seen[image.label].append(now)
    assert [stage for stage in seen["null.base"] if stage[0] != "waiting"] == [
        ("provisioning", 35),
        ("provisioning", 38),
        ("provisioning", 42),
        ("cleaning up", None),
        ("failed", None),
    ]
    assert [stage for stage in seen["first.file.notes"] if stage[0] != "waiting"] == [
        ("provisioning", 14),
        ("post-processing", 17),
        ("post-processing", 21),
        ("post-processing", 25),
        ("finished", None),
    ]


def test_a_real_run_of_a_legacy_template_with_odd_names(tmp_path: Path) -> None:
    told = recorded(tmp_path, "cleanup.json", "cleanup.txt")
    odd, plain, other = "null.b, c: d", "null", "null.null (x)"
    assert set(told.images) == {odd, plain, other}
    text, line = told.failure(odd) or ("", None)
    assert text.startswith("Cleanup failed: ")
    assert line == 9
    text, line = told.failure(plain) or ("", None)
    assert text.endswith(
        "* Post-processor failed: Script exited with non-zero exit status: 4.Allowed exit codes are: [0]"
    )
    assert line == 13
    assert told.follower.finished(told.images[other])
    assert told.artifacts(other)[0].id == "Null"


def test_a_real_run_that_is_interrupted(tmp_path: Path) -> None:
    told = recorded(tmp_path, "interrupted.pkr.hcl", "interrupted.txt")
    assert told.stage("null.quick") == "finished"
    # Packer itself says that it is finished.
    assert told.stage("null.slow") == "cancelled"
    assert not told.follower.finished(told.images["null.slow"])
    assert told.failure("null.slow") is None


def test_a_real_refusal(tmp_path: Path) -> None:
    told = recorded(tmp_path, "refused.pkr.hcl", "refused.txt")
    assert {(told.stage(it), told.failure(it)) for it in told.images} == {("waiting", None)}


def test_a_later_packer_says_everything_alike(tmp_path: Path) -> None:
    told = recorded(tmp_path, "modern.pkr.hcl", "modern.txt")
    web, base = "images.amazon-ebs.web", "images.qemu.base"
    assert told.failure(web) == ("Error executing Ansible: Non-zero exit status: exit status 2", 25)
    assert told.stage(base) == "finished"
    assert told.artifacts(base)[0].files == ("output-base/packer-base",)


def test_what_builders_do_is_told(tmp_path: Path) -> None:
    images = template(tmp_path, "a.pkr.hcl", (TRANSCRIPTS / "modern.pkr.hcl").read_text(encoding="utf-8"))
    told = tell(images, [])
    seen: dict[str, list[str]] = {"images.qemu.base": [], "images.amazon-ebs.web": []}
    for line in (TRANSCRIPTS / "modern.txt").read_text(encoding="utf-8").splitlines():
        told.follower.hear(read(line))
        for label, stages in seen.items():
            if stages[-1:] != [told.stage(label)]:
                stages.append(told.stage(label))
    assert [it for it in seen["images.qemu.base"] if it != "waiting"] == [
        *("fetching", "booting", "waiting for the guest", "typing the boot command", "waiting for SSH"),
        *("connected", "provisioning", "shutting down", "compacting", "post-processing", "finished"),
    ]
    assert [it for it in seen["images.amazon-ebs.web"] if it != "waiting"] == [
        *(
            "starting",
            "creating",
            "booting",
            "waiting for SSH",
            "connected",
            "provisioning",
            "cleaning up",
            "failed",
        ),
    ]


def test_the_last_line_is_the_last_that_says_something(say: Callable[..., Told]) -> None:
    told = say((), r"1,,ui,message,    null.a: one\n    null.a: two\n    null.a:")
    assert told.progress("null.a") == Progress("starting", None, "two")


INLINE = '"shell" { inline = ["true"] }'
LOCAL = '"shell-local" { inline = ["true"] }'
SHELL = "Provisioning with shell script: "
MADE = SHELL + "/tmp/packer-shell1"
FILE = '"file" {\n    source = "x"\n    destination = "/y"\n  }'
ANSIBLE = '"ansible" { playbook_file = "x.yml" }'
SCRIPTS = '"shell" { scripts = ["a.sh", "b.sh"] }'


@pytest.mark.parametrize(
    ("steps", "said", "text", "line"),
    [
        # One after the other, each in its own words.
        ([INLINE, INLINE, INLINE], [MADE, MADE], EXIT, 5),
        ([SCRIPTS, INLINE], [SHELL + "a.sh", SHELL + "b.sh", MADE], EXIT, 5),
        ([SCRIPTS, INLINE], [SHELL + "a.sh", SHELL + "b.sh"], EXIT, 4),
        ([INLINE, LOCAL], [MADE, "Running local shell script: /tmp/packer-shell2"], EXIT, 5),
        ([INLINE, FILE, INLINE], [MADE, "Uploading x => /y"], "stat x: no such file", 5),
        ([ANSIBLE, ANSIBLE], ["Provisioning with Ansible..."] * 2, "Error executing Ansible: no", 5),
        (
            [INLINE, '"windows-restart" {}'],
            [MADE, "Restarting Machine"],
            "Timeout waiting for machine to restart.",
            5,
        ),
        # `shell` and `windows-shell` name scripts in the same words.
        (
            ['"windows-shell" { script = "a.cmd" }', '"shell" { script = "a.cmd" }'],
            ["Provisioning with windows-shell...", SHELL + "a.cmd"],
            EXIT,
            4,
        ),
        # Before 1.5 PowerShell said `shell script` (hashicorp/packer issue 4916).
        (
            ['"powershell" { inline = ["x"] }', INLINE],
            [
                "Provisioning with Powershell...",
                SHELL + r"C:\Users\r\AppData\Local\Temp\packer-powershell-provisioner887540923",
            ],
            EXIT,
            4,
        ),
        # A path may have been turned, and Packer started elsewhere.
        ([INLINE, '"shell" { script = "${path.root}/s/a.sh" }'], [MADE, SHELL + "s/a.sh"], EXIT, 5),
        # A script that says what Packer says of a step that there is not.
        ([INLINE, FILE], [MADE, "Uploading other => /y"], EXIT, None),
        # Nothing was said of the second, which must come before the third.
        ([INLINE, FILE, LOCAL], [MADE, "Running local shell script: /tmp/packer-shell2"], EXIT, None),
        # What says nothing may have failed as well, but not in the words of another one.
        ([INLINE, '"unheard-of" {}', INLINE], [MADE], EXIT, 4),
        ([INLINE, '"unheard-of" {}', INLINE], [MADE], "it broke", None),
        ([INLINE, '"unheard-of" {}'], [], EXIT, None),
        ([INLINE, '"sleep" { duration = "1s" }', INLINE], [MADE], "it broke", 4),
        # An unknown plugin is heard where Packer waits for it.
        (
            [INLINE, '"unheard-of" { pause_before = "5s" }', INLINE],
            [MADE, "Pausing 5s before the next provisioner..."],
            "it broke",
            5,
        ),
        # An error that comes before the words.
        (
            [INLINE, '"shell" { environment_vars = ["A=1"] }'],
            [MADE],
            "Error preparing shell script: no",
            None,
        ),
        # A second attempt, of which there is one.
        (
            ['"shell" {\n    inline = ["x"]\n    max_retries = 1\n  }', INLINE],
            [MADE, 'Provisioner failed with "x", retrying with 1 trie(s) left', MADE, "retry limit reached."],
            EXIT,
            4,
        ),
        # 1.16 goes on after a failure where it is told to.
        (
            ['"shell" {\n    scripts = ["a", "b"]\n    continue_on_error = true\n  }', INLINE],
            [
                SHELL + "a",
                'Warning: Provisioner failed with "x", but continue_on_error is set; continuing the build.',
                MADE,
            ],
            EXIT,
            8,
        ),
    ],
)
def test_the_provisioner_that_failed(
    say: Callable[..., Told], steps: list[str], said: list[str], text: str, line: int | None
) -> None:
    assert say(steps, *said, CLEANS, failed(text)).failure("null.a") == (text, line)


DYNAMIC = """\
  dynamic "provisioner" {
    for_each = split(",", timestamp())
    labels   = ["shell"]
    content {
      CONTENT
    }
  }
  provisioner "shell" { script = "a.sh" }
  provisioner "shell" { inline = ["true"] }
"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ([MADE], None),
        ([MADE, MADE], None),
        ([MADE, SHELL + "a.sh"], 12),
        ([MADE, SHELL + "a.sh", MADE], None),
    ],
)
def test_steps_of_which_nobody_knows_how_many_there_are(
    say: Callable[..., Told], said: list[str], line: int | None
) -> None:
    made = DYNAMIC.replace("CONTENT", 'inline = ["true"]')
    assert say((), *said, CLEANS, failed(), rest=made).failure("null.a") == (EXIT, line)


def test_what_comes_after_the_provisioners_is_not_their_fault(say: Callable[..., Told]) -> None:
    text = "Error exporting virtual machine: no space left"
    said = (MADE, "Gracefully halting virtual machine...", "Exporting virtual machine...", CLEANS)
    told = say([INLINE], *said, failed(text, "virtualbox-iso.a"), type_="virtualbox-iso")
    assert told.failure("virtualbox-iso.a") == (text, None)


def test_the_last_provisioner_is_known_by_its_words(say: Callable[..., Told]) -> None:
    told = say([INLINE], MADE, CLEANS, failed(EXIT, "qemu.a"), type_="qemu")
    assert told.failure("qemu.a") == (EXIT, 4)
    upload = "1,,ui,error,==> qemu.a: Upload failed: broken pipe"
    told = say([FILE], "Uploading x => /y", upload, failed("broken pipe", "qemu.a"), type_="qemu")
    assert told.failure("qemu.a") == ("broken pipe", 4)


def test_what_cleans_up_is_not_to_blame(say: Callable[..., Told]) -> None:
    rest = '  error-cleanup-provisioner "shell" { inline = ["x"] }\n'
    told = say([INLINE, INLINE], MADE, CLEANS, MADE, rest=rest)
    assert (told.stage("null.a"), told.line("null.a")) == ("cleaning up", 6)
    told.follower.hear(read(failed()))
    assert told.failure("null.a") == (EXIT, 4)


def test_machines_are_not_believed(say: Callable[..., Told]) -> None:
    # Until 1.12 what a machine says is a message.
    told = say([INLINE, INLINE], MADE, f"1,,ui,message,    null.a: {MADE}", "1,,ui,error,==> null.a: " + MADE)
    assert told.line("null.a") == 4
    told = say([INLINE, INLINE], MADE, "Exporting nothing", "Creating image")
    assert told.stage("null.a") == "provisioning"


@pytest.mark.parametrize("how", ["finished after 1 second.", "errored after 1 second: no"])
def test_machines_do_not_end_a_build(say: Callable[..., Told], how: str) -> None:
    said = f"Build 'null.a' {how}"
    forged = (f"1,,ui,message,    null.a: {said}", f"1,,ui,error,==> null.a: {said}", said)
    told = say([INLINE], MADE, *forged)
    assert (told.stage("null.a"), told.failure("null.a")) == ("provisioning", None)
    told.follower.hear(read("1,,ui,error,Cancelling build after receiving interrupt"))
    told.follower.hear(read("1,,ui,say,Build 'null.a' finished after 2 seconds."))
    assert told.stage("null.a") == "cancelled"


POST = "\n".join(f'  post-processor "{it}" {{}}' for it in ("manifest", "compress", "shell-local")) + "\n"
RUNNING = "Running post-processor: "


@pytest.mark.parametrize(
    ("said", "text", "line"),
    [
        ([" (type manifest)"], "1 error(s) occurred:\n\n* Post-processor failed: no", 5),
        ([" (type manifest)", " (type compress)"], "* Post-processor failed: no", None),
        (
            [" (type manifest)", " (type compress)"],
            "* Post-processor failed: a\n* Post-processor failed: b",
            5,
        ),
        (["manifest", "compress", "shell-local"], f"* Post-processor failed: {EXIT}", 7),
        (["compress"], "* Post-processor failed: no", None),
        (["other (type manifest)"], "* Post-processor failed: no", None),
    ],
)
def test_the_post_processor_that_failed(
    say: Callable[..., Told], said: list[str], text: str, line: int | None
) -> None:
    written = text.replace("\n", "\\n")
    told = say([INLINE], MADE, *(RUNNING + it for it in said), failed(written), rest=POST)
    assert told.failure("null.a") == (text, line)


def test_the_first_words_stand_where_packer_does_not_sum_up(say: Callable[..., Told]) -> None:
    over = "1,,ui,error,Build 'null.a' errored after 2 seconds 1 millisecond: "
    assert say([INLINE, INLINE], MADE, over + EXIT).failure("null.a") == (EXIT, 4)
    old = "1,,ui,error,Build 'null.a' errored: Post: EOF"
    assert say([INLINE], old).failure("null.a") == ("Post: EOF", None)


def test_names_that_begin_alike(tmp_path: Path) -> None:
    text = "".join(f'source "null" "{name}" {{}}\n' for name in ("a", "ab", "a-b"))
    text += 'build {\n  sources = ["source.null.a", "source.null.ab", "source.null.a-b"]\n}\n'
    images = template(tmp_path, "a.pkr.hcl", text)
    told = tell(images, ["1,,ui,say,==> null.ab: Connected to SSH!", "1,,ui,say,Build 'null.a-b' finished."])
    assert [told.stage(it) for it in ("null.a", "null.ab", "null.a-b")] == [
        "waiting",
        "connected",
        "finished",
    ]


def test_a_legacy_name_is_printed_with_its_type_by_later_versions(tmp_path: Path) -> None:
    images = template(
        tmp_path, "a.json", '{"builders": [{"type": "null", "name": "x", "communicator": "none"}]}'
    )
    for name in ("x", "null.x"):
        assert (
            tell(images, [f"1,,ui,say,Build '{name}' finished after 1 second."]).stage("null.x") == "finished"
        )


def test_a_build_with_a_name_that_is_not_known(tmp_path: Path) -> None:
    text = (
        'source "null" "a" {}\nvariable "n" {}\nbuild {\n  name = var.n\n  sources = ["source.null.a"]\n}\n'
    )
    images = template(tmp_path, "a.pkr.hcl", text)
    told = tell(images, ["1,,ui,say,==> some.thing.null.a: Connected to SSH!"])
    assert told.stage(images[0].label) == "connected"


def test_images_of_one_name_are_told_apart_by_nobody(tmp_path: Path) -> None:
    block = f'build {{\n  sources = ["source.null.a"]\n  provisioner {INLINE}\n}}\n'
    images = template(tmp_path, "a.pkr.hcl", f'source "null" "a" {{}}\n{block}{block}')
    assert len(images) == 2
    told = tell(images, [f"1,,ui,say,==> null.a: {MADE}", "1,,ui,say,Build 'null.a' finished."])
    assert not told.follower.finished(images[0])
    told.follower.hear(read("1,,ui,say,Build 'null.a' finished."))
    assert told.follower.finished(images[0])
    assert told.follower.finished(images[1])
    told = tell(images, [f"1,,ui,say,==> null.a: {MADE}", failed()])
    assert told.follower.failure(images[0]) == (EXIT, None)


def test_a_flood_is_bounded(tmp_path: Path) -> None:
    images = template(tmp_path, "a.pkr.hcl", build(INLINE))
    follower = Follower(images)
    for number in range(20_000):
        follower.hear(Made("null.a", number, "file", ("0", "x")))
        follower.hear(Said("error", "", "no"))
        follower.hear(Said("say", "null.a", MADE, header=True))
    assert len(follower.artifacts(images[0])) <= 1000


WORDS = st.sampled_from(
    [
        MADE,
        SHELL + "a.sh",
        SHELL + "b.sh",
        "Uploading x => /y",
        CLEANS,
        RUNNING + "manifest",
        "retry limit reached.",
    ]
)
ABOUT = WORDS | st.text(max_size=30)


def lines_of(label: str, said: list[str]) -> list[str]:
    escaped = (it.replace(",", "%!(PACKER_COMMA)").replace("\r", "\\r").replace("\n", "\\n") for it in said)
    lines = [f"1,,ui,say,==> {label}: {it}" for it in escaped]
    return [*lines, f"1,,ui,error,Build '{label}' errored after 1 second: {EXIT}", failed(name=label)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Image, ...]:
    steps = "\n".join(f"  provisioner {step}" for step in (SCRIPTS, FILE, INLINE, '"unheard-of" {}', INLINE))
    text = 'source "null" "a" {}\nsource "qemu" "a" {}\n'
    text += 'build {\n  sources = ["source.null.a", "source.qemu.a"]\n'
    text += f'{steps}\n  post-processor "manifest" {{}}\n}}\n'
    return template(tmp_path_factory.mktemp("pair"), "a.pkr.hcl", text)


@given(st.lists(ABOUT, max_size=12), st.lists(ABOUT, max_size=12), st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_images_do_not_disturb_each_other(
    pair: tuple[Image, ...], one: list[str], other: list[str], random: st.random.Random
) -> None:
    each = {"null.a": lines_of("null.a", one), "qemu.a": lines_of("qemu.a", other)}
    turns = [label for label, lines in each.items() for _ in lines]
    random.shuffle(turns)
    left = {label: iter(lines) for label, lines in each.items()}
    together = tell(pair, [next(left[label]) for label in turns])
    for label, lines in each.items():
        alone = tell(pair, lines)
        assert together.progress(label) == alone.progress(label)
        assert together.failure(label) == alone.failure(label)
        assert together.artifacts(label) == alone.artifacts(label)


@given(st.lists(st.text() | st.sampled_from(lines_of("null.a", [MADE]))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_said_is_too_odd(pair: tuple[Image, ...], lines: list[str]) -> None:
    told = tell(pair, lines)
    for label in told.images:
        told.progress(label)
        told.failure(label)
        told.artifacts(label)


def test_the_packer_that_is_installed_is_followed(tmp_path: Path) -> None:
    """The recorded run again, by the Packer at hand."""
    if (packer := shutil.which("packer")) is None:
        pytest.skip("Packer is not installed")
    for name in ("failing.pkr.hcl", "one.sh", "two.sh"):
        shutil.copy(TRANSCRIPTS / name, tmp_path)
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    version = subprocess.run([packer, "version"], capture_output=True, text=True, check=True, env=environment)
    if not re.search(r"Packer v1\.[67]\.", version.stdout):
        pytest.skip("this Packer has `checksum` and `file` as plugins, or none of them")
    run = subprocess.run(
        [packer, "build", "-machine-readable", "failing.pkr.hcl"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert run.returncode == 1
    (tmp_path / "one").mkdir()
    text = (TRANSCRIPTS / "failing.pkr.hcl").read_text(encoding="utf-8")
    told = tell(template(tmp_path / "one", "failing.pkr.hcl", text), run.stdout.splitlines())
    assert told.failure("null.base") == (EXIT, 42)
    assert told.stage("first.file.notes") == "finished"
    assert told.artifacts("first.file.notes")[3].files == ("out/notes.txt", "out/notes.sha256")


def test_the_packer_that_is_installed_calls_an_interrupted_build_finished(tmp_path: Path) -> None:
    if (packer := shutil.which("packer")) is None:
        pytest.skip("Packer is not installed")
    text = (TRANSCRIPTS / "interrupted.pkr.hcl").read_text(encoding="utf-8")
    # The script gets the signal, too: if it ended sooner than Packer takes it, the build would have failed.
    text = text.replace('["echo begun", "exec sleep 20"]', '["trap \'\' INT", "echo begun", "exec sleep 3"]')
    assert "trap" in text
    images = template(tmp_path, "interrupted.pkr.hcl", text)
    run = subprocess.Popen(
        [packer, "build", "-machine-readable", "interrupted.pkr.hcl"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "CHECKPOINT_DISABLE": "1"},
        start_new_session=True,
    )
    assert run.stdout is not None
    follower = Follower(images)
    with run:
        for line in run.stdout:
            follower.hear(read(line))
            if line.rstrip().endswith("null.slow: begun"):
                os.killpg(run.pid, signal.SIGINT)
    slow = next(image for image in images if image.label == "null.slow")
    assert follower.progress(slow).stage == "cancelled"
