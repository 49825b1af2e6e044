"""What policies cost over the corpus, beside the rules, and how often each finds something.

Run `python benchmarks/policies.py [FOLDER]`; the folder is `../shared/corpus` unless one is named. Times
differ from machine to machine: compare the ratios.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
POLICIES = Path(__file__).resolve().parent / "ten.policy.hcl"


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    corpus = Path(arguments[0]) if arguments else CORPUS
    if not corpus.is_dir():
        print(f"there is no folder {corpus}: nothing to measure", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        without, _ = checked(corpus, Path(folder))
        shutil.copy(POLICIES, folder)
        ten, found = checked(corpus, Path(folder), 'policies.paths = ["."]\n')
    print(f"without policies              {without:6.2f} s")
    print(f"with the ten of {POLICIES.name}  {ten:6.2f} s, {ten / without:.2f} times as long")
    for name, count in sorted(found.items()):
        print(f"  {name:28} {count:5} findings")
    return 0


def checked(corpus: Path, folder: Path, settings: str = "") -> tuple[float, Counter[str]]:
    """With settings in a folder: the shortest of three runs in seconds, and the findings of each policy."""
    file = folder / "packlint.toml"
    file.write_text(settings, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "packlint", "check", str(corpus), "--root", str(corpus)]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [*command, "--settings", str(file), "--format", "json"], check=False, capture_output=True
        )
        times.append(time.perf_counter() - start)
    found = json.loads(done.stdout)["findings"]
    return min(times), Counter(it["rule"] for it in found if it["category"] == "policy")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
