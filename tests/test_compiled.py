"""The file of compiled modules: it gives what Python's own files give, or is done without."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packlint import compiled

ROOT = Path(__file__).parents[1]

PROGRAM = """
import json, os, sys
from packlint import __main__, cache, named, record
cache.SETTLED = {settled}
def told(code):
    from packlint import pattern
    ours = [it for name, it in sys.modules.items() if name.startswith("packlint.")]
    loaders = [type(it.__spec__.loader).__name__ for it in ours]
    told = {{"code": code, "kept": loaders.count("_Loader"), "others": loaders.count("SourceFileLoader")}}
    told["patterns"] = len(pattern.USED), len(pattern.MAKERS), set(pattern.USED) <= set(pattern.MAKERS)
    json.dump(told, sys.stderr)
    sys.stderr.flush()
    run(code)
run, os._exit = os._exit, told
sys.argv = ["packlint", "check", "--no-cache", "a.pkr.hcl"]
__main__.main()
"""
TEMPLATE = """
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["source.null.a"]
  provisioner "shell-local" {
    inline       = ["true"]
    pause_before = "ten"
  }
}
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with packlint as a wheel has it, beside a template."""
    ignored = shutil.ignore_patterns("__pycache__", "data")
    shutil.copytree(ROOT / "packlint", tmp_path / "site/packlint", ignore=ignored)
    for name in ("rules", "schemas"):
        shutil.copytree(ROOT / name, tmp_path / "site/packlint" / name)
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE)
    return tmp_path


def run(installed: Path, settled: int = -(10**18), *options: str) -> tuple[str, dict[str, Any]]:
    """What a check says, and how its modules were loaded."""
    environment = {**os.environ, "PYTHONPATH": str(installed / "site")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-P", *options, "-c", PROGRAM.format(settled=settled)]
    done = subprocess.run(
        command, cwd=installed, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("{"), done.stderr
    told: dict[str, Any] = json.loads(done.stderr)
    return done.stdout, told


def kept(installed: Path) -> list[Path]:
    """The files that modules are kept in, and what is left of their making."""
    folder = installed / "site/packlint/__pycache__"
    return [*folder.glob("all.*"), *folder.glob("~*")]


def test_the_next_run_loads_all_from_one_file(installed: Path) -> None:
    first, how = run(installed)
    assert "invalid-duration" in first
    assert how["kept"] == 0 and how["patterns"][1] == 0
    assert len(kept(installed)) == 1
    for _ in range(2):
        written = kept(installed)[0].stat()
        second, how = run(installed)
        assert second == first
        assert how["kept"] > 100
        assert how["others"] <= 10  # what finds the file, and what that needs
        assert how["patterns"][0] > 5 and how["patterns"][2]
        assert kept(installed)[0].stat().st_mtime_ns == written.st_mtime_ns, "nothing was new"


def test_a_changed_module_is_loaded_as_it_is(installed: Path) -> None:
    first, _ = run(installed)
    assert " duration" in first
    rule = next((installed / "site/packlint").rglob("invalid_duration.py"))
    rule.write_text(rule.read_text().replace(" duration", " DURATION"))
    second, how = run(installed)
    assert "DURATION" in second
    assert how["kept"] > 100
    third, _ = run(installed)
    assert third == second


@pytest.mark.parametrize("damage", [b"", b"x", None, "path"], ids=["empty", "nonsense", "cut", "another's"])
def test_a_file_that_is_not_its_own_is_done_without(installed: Path, damage: bytes | str | None) -> None:
    first, _ = run(installed)
    [file] = kept(installed)
    data = file.read_bytes()
    if isinstance(damage, str):
        data = data.replace(str(file).encode(), str(file).encode()[:-1] + b"x", 1)
        assert data != file.read_bytes()
    else:
        data = data[: len(data) // 2] if damage is None else damage
    file.write_bytes(data)
    second, how = run(installed)
    assert second == first
    assert how["kept"] == 0
    assert run(installed)[1]["kept"] > 100, "it was made anew"


def test_code_that_a_disk_has_damaged_is_that_of_python(installed: Path) -> None:
    first, _ = run(installed)
    [file] = kept(installed)
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    assert run(installed)[0] == first


def test_what_fills_records_is_made_anew_where_that_is_made_otherwise(installed: Path) -> None:
    first, _ = run(installed)
    module = installed / "site/packlint/record.py"
    text = module.read_text()
    assert text.count('"g": "a{n}"') == 1
    module.write_text(
        text.replace('"g": "a{n}"', '"g": "same(a{n})"')
        + "\n\nimport builtins\nbuiltins.same = lambda it: it\n"
    )
    assert run(installed)[0] == run(installed)[0] == first
    module.write_text(text)
    assert run(installed)[0] == first, "nothing knows `same` any more"


def test_compiled_files_that_go_by_hashes_are_taken(installed: Path) -> None:
    first, _ = run(installed, -(10**18), "-B")
    site = str(installed / "site")
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", site]
    subprocess.run(command, check=True)
    run(installed)
    again, how = run(installed)
    assert again == first
    assert how["kept"] > 100


@pytest.mark.skipif(os.name == "nt", reason="modes are those of Unix")
def test_nobody_else_may_write_it(installed: Path) -> None:
    before = os.umask(0)
    try:
        run(installed)
    finally:
        os.umask(before)
    assert kept(installed)[0].stat().st_mode & 0o777 == 0o644


def test_what_others_have_asked_for_is_done_at_the_end(tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from packlint import __main__; sys.argv = ['packlint', '--version']\n"
        "atexit.register(print, 'bye'); __main__.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("bye\n")


def test_none_is_made_where_python_keeps_none(installed: Path) -> None:
    first, _ = run(installed, -(10**18), "-B")
    assert not kept(installed)
    assert run(installed)[0] == first


def test_modules_that_were_just_written_are_not_kept(installed: Path) -> None:
    run(installed, 3600 * 10**9)
    run(installed, 3600 * 10**9)
    told = run(installed)[1]
    assert told["kept"] == 0


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="whoever may write everywhere is not refused"
)
def test_a_folder_that_must_not_be_written_is_left(installed: Path) -> None:
    run(installed, 3600 * 10**9)
    folder = installed / "site/packlint/__pycache__"
    folder.chmod(0o500)
    try:
        run(installed)
        assert not kept(installed)
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("a(?P<name>b)|(c)+?", re.VERBOSE),
        (b"a[\xff-\xfe]?"[:1], 0),
        ("(?i)ß|[^\\W\\d]\\w*+", 0),
        ("", re.DOTALL),
    ],
)
def test_a_pattern_of_its_parts_is_that_which_python_compiles(text: Any, flags: int) -> None:
    made = re.compile(text, flags)
    parts = compiled._parts((text, int(flags)), made)
    assert parts is not None
    again = compiled._pattern(text, parts)
    assert (again, again.groupindex, again.groups) == (made, made.groupindex, made.groups)
    assert compiled._parts((text, int(flags)), re.compile("another")) is None
