"""The documents, taken at their word: commands are run, options exist, links lead on, the site builds."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from packlint.cli import cli
from packlint.commands.paths import FAILED

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"

PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
    if path.relative_to(ROOT).parts[:2] not in {("docs", "rules"), ("docs", "decisions")}
)
"""What is written by hand; the pages of rules are generated, and decisions tell of a day that is gone."""

RUN_ELSEWHERE = {"formats.md": "test_formats_page.py", "schemas.md": "test_schemas_page.py"}
"""Pages whose commands another test runs, with the files that they need."""

WALKED_ELSEWHERE = {"policies.md": "policy/test_walk.py"}
"""Pages that another test walks through, since they need more than a new user has."""

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$", re.DOTALL | re.MULTILINE
)
TITLE = re.compile(r'title="([^"]+)"')
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s:]+)(?:#[^)\s]*)?\)")


COMMAND = re.compile(r"(?:^\s*(?:\$ |- |- run: |run: |entry: )?|[;&|(] *|/bin/)packlint ([^#;&|`)\n]+)")
"""Where a line says what to run, and what it says then."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `line` is that of its beginning, from 1."""

    language: str
    file: str | None
    text: str
    line: int


@dataclass(frozen=True)
class Run:
    """A command that a page shows, and what it says that the command prints."""

    command: str
    output: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks, in their order."""
    for match in FENCE.finditer(text):
        language, _, rest = match["info"].strip().partition(" ")
        title = TITLE.search(rest)
        lines = [line.removeprefix(match["indent"]) for line in match["text"].splitlines(keepends=True)]
        yield Block(
            language, title[1] if title else None, "".join(lines), text.count("\n", 0, match.start()) + 1
        )


def runs(block: Block) -> Iterator[Run]:
    """The commands of a block, each after `$ `, with the lines up to the next."""
    found: list[list[str]] = []
    starts: list[int] = []
    for number, line in enumerate(block.text.splitlines(keepends=True), block.line + 1):
        if line.startswith("$ "):
            found.append([line.removeprefix("$ ").rstrip()])
            starts.append(number)
        else:
            assert found, f"line {number}: a console block begins with `$ `"
            found[-1].append(line)
    for start, (command, *output) in zip(starts, found, strict=True):
        yield Run(command, "".join(output), start)


def is_like(output: str, shown: str) -> bool:
    """Whether an output is what a page shows: `...` stands for some of a line, and alone for some lines."""
    pattern = ""
    for line in shown.rstrip().splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += "".join(
                ".*?" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", line.rstrip())
            )
            pattern += r"[ ]*\n"
    return re.fullmatch(pattern, output.rstrip() + "\n" if output.strip() else "") is not None


@pytest.mark.parametrize(
    ("output", "shown", "like"),
    [
        ("a\nb\n", "a\nb\n\n", True),
        ("a\nb\n", "a\n", False),
        ("a\nb\nc\n", "a\n...\n", True),
        ("a\nb\nc\n", "...\nc", True),
        ("a\nb\nc\n", "...\nb", False),
        ("took 12 s\n", "took ... s", True),
        ("took 12 m\n", "took ... s", False),
        ("", "", True),
        ("a", "", False),
        ("a(b)\n", "a(b)", True),
    ],
)
def test_outputs_are_compared(output: str, shown: str, like: bool) -> None:
    assert is_like(output, shown) is like


SHOWN = [
    page
    for page in PAGES
    if page.name not in WALKED_ELSEWHERE
    and any(it.language == "console" for it in blocks(page.read_text(encoding="utf-8")))
]


def environment(home: Path, here: Path) -> dict[str, str]:
    """What a new user has: packlint, git, and nothing set; and what lies in the folder is installed."""
    kept = {name: os.environ[name] for name in ("PACKLINT_CACHE_DIR", "TMPDIR") if name in os.environ}
    for who in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{who}_NAME": "you", f"GIT_{who}_EMAIL": "you@example.com"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    config = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LANG": "C.UTF-8"}
    return {**kept, **config, "PATH": path, "HOME": str(home), "PYTHONPATH": str(here)}


def install(here: Path) -> None:
    """Make what a `pyproject.toml` in a folder says of entry points true, as pip does."""
    project = tomllib.loads((here / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    folder = here / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    folder.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (folder / "METADATA").write_text(metadata, encoding="utf-8")
    groups = project.get("entry-points", {}).items()
    lines = [line for group, it in groups for line in (f"[{group}]", *(f"{n} = {m}" for n, m in it.items()))]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def save(block: Block, path: Path) -> None:
    """Write a block into its file; a `diff` block says in which lines that changes."""
    text = block.text
    if block.language == "diff":
        lines = text.splitlines(keepends=True)
        old, new = ("".join(line[1:] for line in lines if line[0] in marks) for marks in (" -", " +"))
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{path.name} has {old!r} {before.count(old)} times"
        text = before.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def rewrite(page: Path, outputs: dict[Run, str]) -> None:
    """Put what commands print today into their page."""
    lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
    for run, output in sorted(outputs.items(), key=lambda it: it[0].line, reverse=True):
        new = [line.rstrip() + "\n" for line in output.rstrip().splitlines()]
        lines[run.line : run.line + run.output.count("\n")] = new
    page.write_text("".join(lines), encoding="utf-8")


def walk(page: Path, home: Path, more: Mapping[str, str]) -> None:
    """Do what a page says: blocks with a title are files, or changes to files, written before what is below.

    `more` is what the environment has besides what a new user's has.
    """
    here = home / "here"
    here.mkdir(exist_ok=True)
    outputs: dict[Run, str] = {}
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.file:
            save(block, here / block.file)
            if block.file == "pyproject.toml":
                install(here)
        for run in runs(block) if block.language == "console" else ():
            program = run.command.split()[0]
            if not shutil.which(program, path=environment(home, here)["PATH"]):
                pytest.skip(f"there is no `{program}` here")
            done = subprocess.run(
                ["sh", "-c", run.command],
                cwd=here,
                env={**environment(home, here), **more},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            )
            if os.environ.get("PACKLINT_UPDATE") and not is_like(done.stdout, run.output):
                outputs[run] = done.stdout
                continue
            where = f"{page.name}:{run.line}: {run.command}"
            assert is_like(done.stdout, run.output), f"{where}\n{done.stdout}"
            assert done.returncode < FAILED or "error: " in run.output, f"{where}\n{done.stdout}"
    if outputs:
        rewrite(page, outputs)


@pytest.mark.skipif(sys.platform == "win32", reason="the pages show a POSIX shell")
@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.stem)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    walk(page, tmp_path, {})


def test_pages_walked_elsewhere_are() -> None:
    for page, test in WALKED_ELSEWHERE.items():
        assert [it.name for it in PAGES].count(page) == 1
        assert (ROOT / "tests" / test).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="the pages show a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_without_output_can_be_run(page: Path, tmp_path: Path) -> None:
    """Lines of `sh` blocks that begin with `packlint`, where the examples lie; they may find something."""
    if page.name in RUN_ELSEWHERE:
        assert (ROOT / "tests" / RUN_ELSEWHERE[page.name]).is_file()
        pytest.skip("another test does so")
    here = tmp_path / "here"
    shutil.copytree(ROOT / "examples", here / "examples")
    for block in blocks(page.read_text(encoding="utf-8")):
        text = block.text.replace("\\\n", " ") if block.language == "sh" else ""
        for line in text.splitlines():
            if not line.startswith("packlint ") or "~" in line:  # which is not ours to write to
                continue
            done = subprocess.run(
                ["sh", "-c", line],
                cwd=here,
                env=environment(tmp_path, here),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert done.returncode < FAILED, f"{page.name}: {line}\n{done.stderr}"


def mentioned(text: str) -> Iterator[str]:
    """What pages have of command lines that begin with `packlint`, in fences and between backticks."""
    for block in blocks(text):
        if block.language == "python":
            continue
        for line in block.text.replace("\\\n", " ").splitlines():
            if block.language != "console" or line.startswith("$ "):
                yield from COMMAND.findall(line)
    prose = FENCE.sub("", text)
    yield from re.findall(r"`(?:\S+=\S+ )?packlint ([^`]+)`", prose)


def complaint(line: str) -> str | None:
    """What is wrong with the arguments of a command line: a command or an option that there is not."""
    command: click.Command = cli
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            choices = word.split("|")
            if unknown := [it for it in choices if it not in command.commands]:
                return f"there is no command `{unknown[0]}`"
            command = command.commands[choices[0]]
        elif word.startswith("-") and len(word) > 1:
            name = word.partition("=")[0].rstrip(",.")
            # Help has the same names as in a run: click keeps the option that is asked for first.
            context = click.Context(command, help_option_names=["-h", "--help"])
            known = {name for it in command.get_params(context) for name in (*it.opts, *it.secondary_opts)}
            if name not in known:
                return f"`packlint {command.name}` has no option `{name}`"
    return None


def test_a_complaint_is_made_of_what_there_is_not() -> None:
    assert complaint("check --preset strict") is None
    assert complaint("check --prest strict") == "`packlint check` has no option `--prest`"
    assert complaint("chek") == "there is no command `chek`"
    assert complaint("schema list builder") is None
    assert [*mentioned("a `packlint check .` b\n```yaml\n- run: packlint rules  # all\n```\n")] == [
        "rules  ",
        "check .",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_exist(page: Path) -> None:
    found = {line: complaint(line) for line in mentioned(page.read_text(encoding="utf-8"))}
    assert not {line: what for line, what in found.items() if what}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning of mkdocs is a failure."""
    pytest.importorskip("material", reason="the extra `docs` is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).with_suffix("")
        folder = name.parent if name.name in ("index", "README") else name
        assert (site / folder / "index.html").is_file(), name
    for name in ("architecture", "changelog", "contributing"):
        assert (site / name / "index.html").is_file(), name


def test_lists_keep_their_code(site: Path) -> None:
    """Python's Markdown ends a list at a block that is indented as GitHub takes it."""
    page = (site / "contributing" / "index.html").read_text(encoding="utf-8")
    (steps,) = page.split("<ol>")[1:]
    assert steps.partition("</ol>")[0].count("<li>") == 6


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    loading = re.compile(
        r"<(?:script|img|iframe|link(?![^>]*rel=\"?canonical))\b[^>]*?(?:src|href)=\"?(?:https?:)?//[^>]*"
    )
    for page in site.rglob("*.html"):
        assert not loading.search(page.read_text(encoding="utf-8")), page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", style.read_text(encoding="utf-8")), style
