"""What asks packlint to stop while it asks Packer something, and readers that go away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are not sent on Windows")

TEMPLATE = """
source "null" "it" {
  communicator = "none"
}
build {
  sources = ["source.null.it"]
  provisioner "shell-local" {
    inline = ["true"]
  }
}
"""


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_packer_that_is_asked_for_its_version_is_not_left_behind(tmp_path: Path, number: str) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    asked, packer = tmp_path / "asked", tmp_path / "packer"
    packer.write_text(f'#!/bin/sh\necho $$ > "{asked}.new"; mv "{asked}.new" "{asked}"; exec sleep 600\n')
    packer.chmod(0o755)
    command = [sys.executable, "-m", "packlint", "check", "--build", "--packer", str(packer), "a.pkr.hcl"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + 60
    while not asked.exists() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert running.poll() is None
    process = psutil.Process(int(asked.read_text()))
    running.send_signal(getattr(signal, number))
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 130, said
    _, left = psutil.wait_procs([process], timeout=5)
    assert not left
    assert not list(temporary.iterdir())


PACKER = """\
#!/bin/sh
case $1 in
version) echo 1,,version,1.12.0 ;;
build)
  # Until then the reader is gone.
  sleep 1
  echo "1,,ui,say,==> null.it: working"
  echo "1,,ui,say,Build 'null.it' finished after 1 second."
  echo "1,null.it,artifact,0,id,it" ;;
esac
"""


REPORTED = "--format text:report.txt"


@pytest.mark.parametrize(
    ("options", "how"),
    [
        (REPORTED, ">&-"),
        (REPORTED, "| head -1"),
        (REPORTED, ">&- 2>&-"),
        (REPORTED, ">/dev/full"),
        ("--format json", "2>&-"),
    ],
)
def test_builds_go_on_where_nobody_reads(tmp_path: Path, options: str, how: str) -> None:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE)
    packer = tmp_path / "packer"
    packer.write_text(PACKER)
    packer.chmod(0o755)
    asked = f"check {options} --build --build-report built.json --packer ./packer a.pkr.hcl"
    shell = f"({sys.executable} -m packlint {asked}; echo $? > code) {how}"
    ran = subprocess.run(shell, cwd=tmp_path, shell=True, check=False, capture_output=True, timeout=60)
    assert (tmp_path / "code").read_text() == "0\n", ran
    built = json.loads((tmp_path / "built.json").read_text())
    assert [it["state"] for it in built["jobs"]] == ["built"]
    assert list((tmp_path / ".packlint/stamps").glob("*.json"))
    assert not ran.stderr
    if options == "--format json":
        assert json.loads(ran.stdout)
