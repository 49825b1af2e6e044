"""docs/formats.md, taken at its word: every example is what the program prints, and every format has one."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from packlint.report import FORMATS

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\npacklint (check --format \w+)\n```\n\n```\w+\n(.+?)```\n", PAGE, re.DOTALL)


@pytest.mark.parametrize(("arguments", "expected"), EXAMPLES, ids=lambda it: it.rpartition(" ")[2])
def test_an_example_is_what_the_program_prints(arguments: str, expected: str, tmp_path: Path) -> None:
    ((name, text),) = re.findall(r"^`(\S+)`\n\n```hcl\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "packlint", *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == re.sub(
        r'("packlint",\s+"version": )"[^"]*"', rf'\1"{version("packlint")}"', expected
    )


def test_every_format_has_its_place() -> None:
    listed = re.findall(r"^\| \[`(\w+)`\]\(#[\w-]+\) \|", PAGE, re.MULTILINE)
    assert set(FORMATS) <= set(listed)
    assert {arguments.rpartition(" ")[2] for arguments, _ in EXAMPLES} >= {
        *("text", "concise", "json", "github", "gitlab", "junit", "checkstyle")
    }
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\(#([\w-]+)\)", PAGE)) <= headings


def test_every_schema_of_something_written_is_named_on_a_page() -> None:
    root = Path(__file__).resolve().parents[1]
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    schemas = {path.name for path in (root / "schemas").glob("*.schema.json")}
    assert len(schemas) >= 8
    assert not [name for name in sorted(schemas) if name not in text]
