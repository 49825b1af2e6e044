"""`packlint check --build` with the real Packer: order, limits, failures, interrupts, and what is left alone.

QEMU is a stand-in that notes when its machine runs; the builder that starts it is Packer's own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from packlint.cli import cli

PACKER = shutil.which("packer")
pytestmark = pytest.mark.skipif(PACKER is None or os.name == "nt", reason="Packer is not installed")

CHAIN = {
    "base/base.pkr.hcl": """
    source "file" "base" {
      content = "base"
      target  = "output/base.txt"
    }
    build {
      sources = ["source.file.base"]
      post-processor "shell-local" {
        script = "../scripts/base.sh"
      }
    }
    """,
    "app/app.pkr.hcl": """
    source "file" "one" {
      source = "../base/output/base.txt"
      target = "output/one.txt"
    }
    source "file" "two" {
      source = "../base/output/base.txt"
      target = "output/two.txt"
    }
    build {
      sources = ["source.file.one", "source.file.two"]
      post-processor "shell-local" {
        script = "../scripts/app.sh"
      }
    }
    """,
    "web/web.pkr.hcl": """
    source "file" "web" {
      source = "../app/output/one.txt"
      target = "output/web.txt"
    }
    build {
      sources = ["source.file.web"]
      post-processor "shell-local" {
        script = "../scripts/web.sh"
      }
    }
    """,
    **{f"scripts/{name}.sh": f'#!/bin/sh\necho "{name}" >> ../done\n' for name in ("base", "app", "web")},
}
"""A base, an application with two branches on it, and what starts from one of these."""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
        if name.endswith(".sh"):
            path.chmod(0o755)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "packlint", "check", ".", "--build", *arguments]


def check(
    folder: Path, *arguments: str, code: int = 0, environment: dict[str, str] | None = None
) -> tuple[str, str]:
    """What a build says on standard output and on standard error."""
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


def report(folder: Path) -> dict[str, tuple[str, str]]:
    """The state of every image and why, by its name."""
    said = json.loads((folder / "report.json").read_text())
    return {it["name"]: (it["state"], it["because"]) for job in said["jobs"] for it in job["images"]}


def states(folder: Path) -> dict[str, str]:
    return {name: state for name, (state, _) in report(folder).items()}


def test_a_chain_is_built_in_order_once_and_again_where_a_script_has_changed(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    names = ("base:file.base", "app:file.one", "app:file.two", "web:file.web")
    check(tmp_path, "--build-report", "report.json")
    assert states(tmp_path) == dict.fromkeys(names, "built")
    assert (tmp_path / "done").read_text().split() == ["base", "app", "app", "web"]
    assert (tmp_path / "web/output/web.txt").read_text() == "base"

    said, _ = check(tmp_path, "--build-report", "report.json")
    assert states(tmp_path) == dict.fromkeys(names, "unchanged")
    assert (tmp_path / "done").read_text().split() == ["base", "app", "app", "web"]
    assert "4 unchanged" in said

    (tmp_path / "scripts/app.sh").write_text('#!/bin/sh\necho "changed" >> ../done\n')
    said, _ = check(tmp_path, "--build-report", "report.json")
    assert states(tmp_path) == {**dict.fromkeys(names, "built"), "base:file.base": "unchanged"}
    assert (tmp_path / "done").read_text().split()[4:] == ["changed", "changed", "web"]
    assert "`scripts/app.sh` has changed" in said

    said, _ = check(tmp_path, "--rebuild", "--build-report", "report.json")
    assert states(tmp_path) == dict.fromkeys(names, "built")


def test_a_dry_run_says_what_would_be_done_and_leaves_no_trace(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    before = sorted(tmp_path.rglob("*"))
    said, _ = check(tmp_path, "--dry-run", environment={"PATH": os.devnull})
    assert "4 images in 3 waves" in said
    assert "(cd web && packer build .)" in said
    assert sorted(tmp_path.rglob("*")) == before


HERE = """
source "null" "it" {
  communicator = "none"
}
build {
  sources = ["source.null.it"]
  provisioner "shell-local" {
    inline = ["pwd > here"]
  }
}
"""


def test_packer_runs_where_the_settings_say_with_what_is_passed_through(tmp_path: Path) -> None:
    settings = 'working-directory = "work"\n'
    write(tmp_path, {"work/images/t.pkr.hcl": HERE, "packlint.toml": settings})
    options = ("--force", "--on-error", "abort", "--except", "nothing", "--build-report", "report.json")
    said, _ = check(tmp_path, *options)
    assert (tmp_path / "work/here").read_text().strip() == os.path.realpath(tmp_path / "work")
    (job,) = json.loads((tmp_path / "report.json").read_text())["jobs"]
    validated, built = job["commands"]
    assert (validated[:2], validated[-2:]) == (["packer", "validate"], ["-except=nothing", "images"])
    passed = ["-machine-readable", "-except=nothing", "-on-error=abort", "-force"]
    assert built == ["packer", "build", *passed, "images"]
    assert f"{' '.join(built)} (in `work`)" in said


def test_what_cannot_be_seen_is_built_again_unless_its_stamp_is_trusted(tmp_path: Path) -> None:
    write(tmp_path, {"t.pkr.hcl": HERE})
    reasons = []
    for options in ((), (), ("--trust-stamps",)):
        check(tmp_path, *options, "--build-report", "report.json")
        (said,) = report(tmp_path).values()
        reasons.append(said)
    (first, _), (second, _), (third, why) = reasons
    assert (first, second, third) == ("built", "built", "unchanged")
    assert why.startswith("unchanged since ")


SIX = """
source "null" "it" {
  communicator = "none"
}
build {
  SOURCES
  provisioner "shell-local" {
    inline = ["echo start $(date +%s.%N) >> times", "sleep 1", "echo end $(date +%s.%N) >> times"]
  }
}
""".replace("SOURCES", "\n".join(f'source "null.it" {{\n name = "n{number}"\n }}' for number in range(6)))


def most_at_once(times: Path) -> int:
    """How many were between their start and their end at the same moment."""
    moments = [line.split()[:2] for line in times.read_text().splitlines()]
    now = most = 0
    for kind, _ in sorted(moments, key=lambda it: float(it[1])):
        now += 1 if kind == "start" else -1
        most = max(most, now)
    return most


@pytest.mark.parametrize(("options", "most"), [((), 4), (("--max-parallel", "2"), 2)])
def test_no_more_images_than_the_limit_are_built_at_once(
    tmp_path: Path, options: Sequence[str], most: int
) -> None:
    write(tmp_path, {"six.pkr.hcl": SIX})
    check(tmp_path, *options)
    assert (tmp_path / "times").read_text().count("start") == 6
    assert most_at_once(tmp_path / "times") == most


MACHINE = """
source "qemu" "it" {
  accelerator      = "none"
  boot_wait        = "1ms"
  communicator     = "none"
  disable_vnc      = true
  iso_checksum     = "sha256:e0e4548df88a35d5854d052281c5deedad16f286f82cb2c23f2f9dea494834ac"
  iso_url          = "tiny.iso"
  memory           = 2000
  output_directory = "output-%s"
  vm_name          = "disk"
}
build {
  sources = ["source.qemu.it"]
  provisioner "shell-local" {
    inline = ["true"]
  }
}
"""
QEMU = """\
#!/bin/sh
case "$1" in -version) echo "QEMU emulator version 5.2.0"; exit 0 ;; esac
echo "start $(date +%s.%N)" >> "$TIMES"
sleep 1.5
echo "end $(date +%s.%N)" >> "$TIMES"
"""
QEMU_IMG = '#!/bin/sh\nfor it; do case "$it" in output-*) echo disk > "$it" ;; esac; done\n'


def with_machines(folder: Path) -> dict[str, str]:
    """The environment in which QEMU is a stand-in."""
    programs = folder / "programs"
    write(programs, {"qemu.sh": QEMU, "img.sh": QEMU_IMG})
    (programs / "qemu.sh").rename(programs / "qemu-system-x86_64")
    (programs / "img.sh").rename(programs / "qemu-img")
    return {"PATH": f"{programs}:{os.environ['PATH']}", "TIMES": str(folder / "times")}


def test_a_machine_is_built_again_in_place_of_the_earlier_one_with_force(tmp_path: Path) -> None:
    write(tmp_path, {"m/m.pkr.hcl": MACHINE % 0})
    (tmp_path / "m/tiny.iso").write_text("iso")
    environment = with_machines(tmp_path)
    build = ("--fail-on", "error", "--memory", "4500", "--cpus", "64", "--build-report", "report.json")
    check(tmp_path, *build, environment=environment)
    template = tmp_path / "m/m.pkr.hcl"
    before = template.read_text()
    template.write_text(before.replace("2000", "2001"))
    said, _ = check(tmp_path, *build, code=3, environment=environment)
    assert "Output directory 'output-0' already exists" in said
    assert "hint: `--force` has Packer delete" in said
    template.write_text(before)
    check(tmp_path, *build, environment=environment)
    assert states(tmp_path) == {"m:qemu.it": "unchanged"}, "nothing was built in between"
    template.write_text(before.replace("2000", "2001"))
    check(tmp_path, *build, "--force", environment=environment)
    assert states(tmp_path) == {"m:qemu.it": "built"}


def test_machines_take_no_more_memory_at_once_than_the_budget(tmp_path: Path) -> None:
    write(tmp_path, {f"m{number}/m.pkr.hcl": MACHINE % number for number in range(4)})
    for number in range(4):
        (tmp_path / f"m{number}/tiny.iso").write_text("iso")
    environment = with_machines(tmp_path)
    check(tmp_path, "--fail-on", "error", "--memory", "4500", "--cpus", "64", environment=environment)
    assert (tmp_path / "times").read_text().count("start") == 4
    assert most_at_once(tmp_path / "times") <= 2


MIDDLE = {
    "first/t.pkr.hcl": """
    source "file" "first" {
      content = "x"
      target  = "first.txt"
    }
    build {
      sources = ["source.file.first"]
    }
    """,
    "second/t.pkr.hcl": """
    source "null" "second" {
      communicator = "none"
    }
    source "null" "sibling" {
      communicator = "none"
    }
    build {
      sources = ["source.null.second", "source.null.sibling"]
      provisioner "shell-local" {
        inline = ["echo fine"]
      }
      provisioner "shell-local" {
        only   = ["null.second"]
        inline = ["echo hopeless >&2; exit 3"]
      }
      provisioner "shell-local" {
        only   = ["null.sibling"]
        inline = ["sleep 0.5; touch finished"]
      }
    }
    """,
    "third/t.pkr.hcl": """
    source "file" "third" {
      content = "x"
      target  = "third.txt"
    }
    build {
      sources = ["source.file.third"]
    }
    """,
    "packlint.toml": """
    [[chain]]
    from = "first"
    to = "second"

    [[chain]]
    from = "second:null.second"
    to = "third"
    """,
}


def test_what_starts_from_a_failure_is_skipped_and_its_siblings_are_finished(tmp_path: Path) -> None:
    write(tmp_path, MIDDLE)
    said, _ = check(tmp_path, "--build-report", "report.json", code=3)
    assert report(tmp_path)["third:file.third"] == (
        "skipped",
        "it starts from `second:null.second`, which failed",
    )
    assert states(tmp_path) == {
        "first:file.first": "built",
        "second:null.second": "failed",
        "second:null.sibling": "built",
        "third:file.third": "skipped",
    }
    assert (tmp_path / "second/finished").exists()
    assert not (tmp_path / "third/third.txt").exists()
    jobs = json.loads((tmp_path / "report.json").read_text())["jobs"]
    (failed,) = [it for job in jobs for it in job["images"] if it["state"] == "failed"]
    assert (failed["failed_at"]["file"], failed["failed_at"]["line"]) == ("second/t.pkr.hcl", 12)
    assert "second/t.pkr.hcl:12" in said
    assert "Script exited with non-zero exit status: 3" in said
    stamps = [it.name for it in (tmp_path / ".packlint/stamps").iterdir()]
    assert not any("second-null-second" in name or "third" in name for name in stamps)


def slow(script: str) -> dict[str, str]:
    """A chain whose first build takes long."""
    return {
        "base/t.pkr.hcl": """
        source "null" "slow" {
          communicator = "none"
        }
        build {
          sources = ["source.null.slow"]
          provisioner "shell-local" {
            inline = ["SCRIPT"]
          }
        }
        """.replace("SCRIPT", script),
        "next/t.pkr.hcl": MIDDLE["third/t.pkr.hcl"],
        "packlint.toml": '[[chain]]\nfrom = "base"\nto = "next"\n',
    }


def is_alive(process: psutil.Process) -> bool:
    """Whether a process runs still; one that nobody has asked how it ended does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """A build that has come to its script, and the processes that it has by then."""
    write(tmp_path, slow("touch started; sleep 60 & sleep 61"))
    with subprocess.Popen(
        command("--build-report", "report.json"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        family: list[psutil.Process] = []
        try:
            started = tmp_path / "base/started"
            for _ in range(600):
                if started.exists() or running.poll() is not None:
                    break
                time.sleep(0.1)
            assert started.exists()
            family.extend(psutil.Process(running.pid).children(recursive=True))
            assert len(family) > 1
            yield running, family
        finally:
            for process in (*left(family), running):
                process.kill()


def left(family: Sequence[psutil.Process]) -> list[psutil.Process]:
    return [it for it in family if is_alive(it)]


@pytest.mark.parametrize("whole_group", [False, True])
def test_an_interrupt_ends_packer_and_leaves_nothing(
    tmp_path: Path, begun: tuple[subprocess.Popen[str], list[psutil.Process]], whole_group: bool
) -> None:
    """Of a terminal the whole foreground group gets it; of `kill` packlint alone."""
    running, family = begun
    (os.killpg if whole_group else os.kill)(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Cleanly cancelled builds after being interrupted" in said
    assert not left(family), said
    assert states(tmp_path) == {"base:null.slow": "stopped", "next:file.third": "stopped"}
    assert not list((tmp_path / ".packlint/stamps").glob("*.json"))
    assert not (tmp_path / "next/third.txt").exists()


def test_a_build_that_takes_too_long_is_stopped_and_said_so(tmp_path: Path) -> None:
    write(tmp_path, slow("sleep 60"))
    said, _ = check(tmp_path, "--timeout", "2s", "--build-report", "report.json", code=3)
    assert report(tmp_path)["base:null.slow"] == ("failed", "it took longer than 2s")
    assert states(tmp_path)["next:file.third"] == "skipped"
    assert "it took longer than 2s" in said


def test_nothing_is_built_while_an_error_stands(tmp_path: Path) -> None:
    wrong = MIDDLE["first/t.pkr.hcl"].replace('content = "x"', "content = var.nowhere")
    write(tmp_path, {"t.pkr.hcl": wrong})
    said, _ = check(tmp_path, code=1)
    assert "error: not built: 1 error stands\n  t.pkr.hcl:2: " in said
    assert "(undeclared-variable)" in said
    assert not (tmp_path / "first.txt").exists()
    waived = "# packlint: ignore[undeclared-variable] it is given elsewhere\n"
    write(tmp_path, {"t.pkr.hcl": wrong.replace("      content", f"      {waived}      content")})
    said, _ = check(tmp_path, code=3)
    assert "not built" not in said


def test_one_template_that_holds_a_chain_is_built_link_by_link(tmp_path: Path) -> None:
    """To start all of it together is an error, which the plan does not make."""
    write(
        tmp_path,
        {
            "t.pkr.hcl": """
            source "file" "base" {
              content = "base"
              target  = "base.txt"
            }
            source "file" "next" {
              source = "base.txt"
              target = "next.txt"
            }
            build {
              sources = ["source.file.base", "source.file.next"]
            }
            """
        },
    )
    said, _ = check(tmp_path, "--build-report", "report.json", code=1)
    assert "error[chain-in-single-run]" in said
    assert states(tmp_path) == {".:file.base": "built", ".:file.next": "built"}
    assert (tmp_path / "next.txt").read_text() == "base"
    assert json.loads((tmp_path / "report.json").read_text())["exit"] == 1


PLUGIN = """
packer {
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.0"
    }
  }
}
source "docker" "one" {
  image  = "debian:12"
  commit = true
}
source "docker" "two" {
  image  = "debian:11"
  commit = true
}
build {
  sources = ["source.docker.one", "source.docker.two"]
  provisioner "shell" {
    inline = ["true"]
  }
}
"""


def test_another_version_of_a_plugin_is_a_reason_to_build_again(tmp_path: Path) -> None:
    fake = Path(__file__).parent / "fakes" / "packer.py"
    write(tmp_path, {"t/t.pkr.hcl": PLUGIN, "t/FAKE": "well\ndocker.one\ndocker.two"})
    write(tmp_path, {"packer.sh": f'#!/bin/sh\nexec "{sys.executable}" -S "{fake}" "$@"\n'})

    def built(version: str) -> tuple[str, int]:
        """What is said, and how often Packer is asked for plugins."""
        calls = tmp_path / f"calls-{version}"
        told = (
            f'docker github.com/hashicorp/docker "~> 1.0" /p/packer-plugin-docker_v{version}_x5.0_linux_amd64'
        )
        environment = {"FAKE_PLUGINS": told if version else "", "FAKE_CALLS": str(calls)}
        options = ("--packer", "./packer.sh", "--trust-stamps", "--fail-on", "error")
        said, _ = check(tmp_path, *options, environment=environment)
        return said, sum(
            json.loads(line)[1:3] == ["begin", "plugins"] for line in calls.read_text().splitlines()
        )

    said, asked = built("")
    assert "2 built" in said
    assert asked == 2  # before, when none is there, and once after the plugin should be
    said, asked = built("1.0.9")
    assert "plugin `github.com/hashicorp/docker` is new" in said
    assert asked == 1
    assert "2 unchanged" in built("1.0.9")[0]
    said, _ = built("1.0.10")
    assert "it was built with plugin `github.com/hashicorp/docker` 1.0.9" in said
    assert "2 built" in said


def test_a_report_tells_also_that_nothing_was_begun(tmp_path: Path) -> None:
    write(tmp_path, {"t.pkr.hcl": MIDDLE["first/t.pkr.hcl"], "report.json": '{"jobs": "of yesterday"}'})
    check(tmp_path, "--packer", "nowhere", "--build-report", "report.json", code=3)
    said = json.loads((tmp_path / "report.json").read_text())
    assert (said["exit"], said["jobs"], said["packer"]) == (3, [], None)
    write(tmp_path, {"t.pkr.hcl": MIDDLE["first/t.pkr.hcl"].replace('"x"', "var.nowhere")})
    check(tmp_path, "--build-report", "report.json", code=1)
    said = json.loads((tmp_path / "report.json").read_text())
    assert (said["exit"], said["jobs"]) == (1, [])


def test_a_secret_of_the_command_line_is_in_no_list_log_or_stamp(tmp_path: Path) -> None:
    template = """
    variable "token" {
      type      = string
      sensitive = true
    }
    source "null" "it" {
      communicator = "none"
    }
    build {
      sources = ["source.null.it"]
      provisioner "shell-local" {
        environment_vars = ["TOKEN=${var.token}"]
        inline = [
          "ps -eo args > processes",
          "printf %s \\"$TOKEN\\" > given",
          "printf 'it is %s' \\"$TOKEN\\"",
        ]
      }
    }
    """
    write(tmp_path, {"t.pkr.hcl": template})
    secret = 'gr4pe"f${x}ruit\\n'
    said, errors = check(tmp_path, "--var", f"token={secret}", "--build-report", "report.json")
    assert (tmp_path / "given").read_text() == secret
    # What Packer hands to a shell, and how, is Packer's; what it was started with is ours.
    listed = [it for it in (tmp_path / "processes").read_text().splitlines() if "packer build" in it]
    assert listed
    everything = [*listed, said, errors, (tmp_path / "report.json").read_text()]
    everything += [it.read_text() for it in (tmp_path / ".packlint").rglob("*") if it.is_file()]
    assert not [text for text in everything if "gr4pe" in text]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fix",), "`--build` builds what is there"),
        (("--changed-since", "HEAD"), "`--changed-since` hides errors"),
        (("--timeout", "soon"), "`--timeout soon` is no span of time"),
        (("--packer", "/nowhere/packer"), "`/nowhere/packer`"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, arguments: Sequence[str], message: str) -> None:
    write(tmp_path, {"t.pkr.hcl": MIDDLE["first/t.pkr.hcl"]})
    _, errors = check(tmp_path, *arguments, code=3 if "--packer" in arguments else 2)
    assert message in errors
    assert not (tmp_path / "first.txt").exists()


BUILDING = (
    ("--dry-run",),
    ("--rebuild",),
    ("--trust-stamps",),
    ("--timeout", "3s"),
    ("--build-report", "report.json"),
    ("--on-error", "abort"),
    ("--force",),
    ("--max-parallel", "3"),
    ("--memory", "3"),
    ("--cpus", "2"),
)


@pytest.mark.parametrize("options", BUILDING, ids=lambda it: it[0])
def test_how_to_build_is_not_said_where_nothing_is_built(options: Sequence[str]) -> None:
    result = CliRunner().invoke(cli, ["check", *options, os.devnull])
    assert result.exit_code == 2
    assert f"`{options[0]}` says how to build, and nothing is built" in result.stderr
