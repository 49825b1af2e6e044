"""Wall time of `packlint check --build`, beside the same commands of Packer run by hand, one after the other.

Run `python benchmarks/build.py [IMAGES]`: a chain of so many templates for the `file` builder, 5 unless a
number is given. Times differ from machine to machine: compare the ratios.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SOURCE = """
source "file" "it" {{
  {made_of}
  target = "output.txt"
}}

build {{
  sources = ["source.file.it"]
}}
"""


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest time of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    packer = shutil.which("packer")
    if packer is None:
        print("packer is not installed: nothing to measure", file=sys.stderr)
        return 2
    count = int(arguments[0]) if arguments else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(count):
            below = folder / f"t{number}"
            below.mkdir()
            made_of = f'source = "../t{number - 1}/output.txt"' if number else 'content = "base"'
            (below / "t.pkr.hcl").write_text(SOURCE.format(made_of=made_of))
        (folder / "packlint.toml").write_text("")
        python = [sys.executable, "-P", "-m", "packlint", "check", "--no-settings"]

        def by_hand(*commands: str) -> None:
            for number in range(count):
                for command in commands:
                    run([packer, command, "."], folder / f"t{number}")

        theirs = best(lambda: by_hand("validate", "build"))
        print(f"packer validate and build, {count} times: {theirs:.2f} s")
        alone = best(lambda: by_hand("build"))
        print(f"packer build alone, {count} times: {alone:.2f} s")
        checked = best(lambda: run([*python, "."], folder))
        print(f"packlint check: {checked:.2f} s")
        ours = best(lambda: run([*python, "--build", "--rebuild", "."], folder))
        print(f"packlint check --build --rebuild: {ours:.2f} s")
        unchanged = best(lambda: run([*python, "--build", "."], folder))
        print(f"packlint check --build, all unchanged: {unchanged:.2f} s")
    print(f"building takes {ours / theirs:.2f} times as long as the same commands by hand")
    print(f"without it {(ours - checked) / theirs:.2f} times; unchanged {unchanged / theirs:.2f} times")
    return 0


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command in a folder; it has to succeed."""
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
