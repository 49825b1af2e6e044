"""What a run says again where nothing has changed is what it would say, whatever is done to the files."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from packlint import answers, cache

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="runs are made by splitting a process in two")

MANY = 12
"""Of so many templates each is looked at by itself."""

ROOT = Path(__file__).resolve().parents[1]

SERVER = """
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
import packlint.answers, packlint.commands.checking, packlint.gather, packlint.pipeline, packlint.deliver
import packlint.report.json, packlint.plugins, packlint.configure.build, packlint.policy, packlint.apart
from packlint.__main__ import main
from packlint.plugins import load_rules
load_rules()
packlint.answers.SETTLED = -10**18
marks = packlint.answers._code()
packlint.answers._code = lambda: marks  # others may be at work on it
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        if asked["day"]:
            then = time.strptime(asked["day"], "%Y-%m-%d")
            time.localtime = lambda *_: then
        told = packlint.answers.answered
        def answered(arguments):
            code = told(arguments)
            os.write(2, b"" if code is None else b"ANSWERED")
            return code
        packlint.answers.answered = answered
        packlint.pipeline.MANY = asked["many"]
        kept = packlint.looked.Looked.keep
        def keep(looked):
            os.write(2, b"LOOKS%d;" % len(looked.looks))
            kept(looked)
        packlint.looked.Looked.keep = keep
        sys.argv = ["packlint", *asked["arguments"]]
        code = 99
        try:
            main()
        except SystemExit as error:
            code = error.code or 0
        except BaseException as error:
            os.write(2, repr(error).encode())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A process that has all loaded and splits in two for each run: none of the tests is among what runs load."""


class Said(NamedTuple):
    """What a run has said, and whether it was an answer of an earlier one."""

    code: int
    output: bytes
    errors: bytes
    answered: bool
    looks: int = 0
    """How many looks at templates were those of an earlier run."""

    @property
    def told(self) -> tuple[int, bytes, bytes]:
        """What users see."""
        return self.code, self.output, self.errors


class Runs:
    """Runs packlint."""

    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        self._server = server
        self._folder = folder
        self.cache = folder / "cache"

    def __call__(
        self,
        cwd: Path,
        *arguments: str,
        day: str = "",
        environment: dict[str, str] | None = None,
        cache: Path | None = None,
        many: int = MANY,
    ) -> Said:
        """What `packlint check` says with these arguments; so `many` templates are looked at apart."""
        out, err = self._folder / "out", self._folder / "err"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        asked: dict[str, Any] = {
            "cwd": str(cwd),
            "arguments": ["check", *arguments],
            "environment": {
                **inherited,
                "PACKLINT_CACHE_DIR": str(cache or self.cache),
                **(environment or {}),
            },
            "out": str(out),
            "err": str(err),
            "day": day,
            "many": many,
        }
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        errors = err.read_bytes()
        looks = sum(map(int, re.findall(rb"LOOKS(\d+);", errors)))
        errors = re.sub(rb"LOOKS\d+;", b"", errors)
        answered = errors.endswith(b"ANSWERED")
        return Said(code, out.read_bytes(), errors.removesuffix(b"ANSWERED"), answered, looks)


@contextmanager
def running() -> Iterator[Runs]:
    """Runs of packlint, which share a cache."""
    with tempfile.TemporaryDirectory() as folder:
        command: Sequence[str] = (sys.executable, "-P", "-c", SERVER, str(ROOT))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            try:
                yield Runs(server, Path(os.path.realpath(folder)))
            finally:
                if server.stdin is not None:
                    server.stdin.close()


TEMPLATE = """\
packer {{
  required_plugins {{
    docker = {{
      source  = "github.com/hashicorp/docker"
      version = ">= 1.0.0"
    }}
  }}
}}
variable "image" {{
  type    = string
  default = "{image}"
}}
variable "unused" {{ default = "" }}
source "docker" "base" {{
  image  = var.image
  commit = true
}}
build {{
  sources = ["source.docker.base"]
  provisioner "shell" {{
    scripts = ["${{path.root}}/scripts/one.sh", "../scripts/two.sh", "/etc/hostname"]
  }}
  provisioner "file" {{
    source      = "files/"
    destination = "/tmp"
  }}
  provisioner "shell" {{ inline = [file("notes.txt"), join(",", fileset("files", "**"))] }}
}}
"""

FILES = {
    "packlint.toml": 'extend = "base.toml"\nexclude = ["old/"]\n'
    '[policies]\nparams.size.most = 2\npacks = ["approved-base-images"]\n',
    "base.toml": 'preset = "all"\nvar-files = ["common.pkrvars.hcl"]\nbaseline = "accepted.json"\n'
    'schemas = ["schemas"]\n',
    "policies/size.policy.hcl": 'param "most" { type = number }\n'
    'policy "no-x" {\n  target = source\n  condition = self.image != "x"\n  error_message = "not x"\n}\n',
    "common.pkrvars.hcl": 'image = "x"\n',
    "accepted.json": '{"schema_version": 1, "findings": []}\n',
    "a.pkr.hcl": TEMPLATE.format(image="x"),
    "notes.txt": "echo hello\n",
    "values.auto.pkrvars.hcl": 'image = "y"\n',
    "other.pkrvars.hcl": 'unknown = "y"\n',
    "scripts/one.sh": "apt-get install curl\n",
    "files/a/b.txt": "1\n",
    "sub/b.pkr.hcl": TEMPLATE.format(image="y"),
    "sub/scripts/one.sh": "rm -rf /\n",
    "sub/c.json": '{"builders": [{"type": "docker", "image": "x", "commit": true}]}\n',
    "sub/.gitignore": "ignored*\n",
    "sub/ignored.pkr.hcl": TEMPLATE.format(image="z"),
    "old/d.pkr.hcl": "source {\n",
    ".gitignore": "vendor/\n",
    "data.json": "{}\n",
    "schemas/builder/own.json": (ROOT / "schemas/builder/null.json").read_text(encoding="utf-8"),
}

TEXTS = (
    *(
        "",
        "\n",
        "{}",
        "x = 1\n",
        "# packlint: ignore\n",
        "*\n",
        "!*\n",
        '[tool.packlint]\npreset = "strict"\n',
    ),
    *(TEMPLATE.format(image="x"), TEMPLATE.format(image="new"), '{"builders": []}', "root = true\n"),
    *('preset = "security"\n', 'ignore = ["style"]\n', 'select = ["unused-variable"]\n', "nonsense = 1\n"),
    *('image = "z"\n', "curl http://x | sh\n", '{"schema_version": 1, "findings": []}\n', "\xff\0"),
    'variable "unused" { default = "" } # packlint: ignore unused-variable until=2026-06-01\n',
)

NAMES = (
    *(
        "a.pkr.hcl",
        "new.pkr.hcl",
        "x.pkr.json",
        "e.json",
        "packlint.toml",
        ".packlint.toml",
        "pyproject.toml",
    ),
    *(
        ".gitignore",
        ".git",
        "v.auto.pkrvars.hcl",
        "one.sh",
        "two.sh",
        "notes.txt",
        "b.txt",
        "policies",
        "scripts",
    ),
    *("size.policy.hcl", "files", "base.toml", "README.md", "sub"),
)

ARGUMENTS = (
    (".",),
    (".", "--format", "json"),
    ("sub",),
    ("a.pkr.hcl",),
    ("sub/c.json", "other.pkrvars.hcl"),
    (".", "--var-file", "other.pkrvars.hcl", "--env"),
    (".", "--root", ".", "--no-settings", "--format", "json:report.json"),
    (".", "--baseline", "accepted.json", "--show-suppressed"),
)


def repository(above: Path) -> Path:
    """A repository in a folder, with something of each kind that a run looks at."""
    folder = above / "repository"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / ".git").mkdir()
    (folder / "linked.pkr.hcl").symlink_to("sub/b.pkr.hcl")
    (folder / "sub/scripts/two.sh").symlink_to("../../scripts/one.sh")
    (folder / "files/link").symlink_to("../sub")
    (above / "scripts").mkdir()
    (above / "scripts/two.sh").write_text("yum install x\n")
    return folder


def change(dice: random.Random, above: Path) -> None:
    """Do something to a file or a folder."""
    kept = above / "repository"
    every = [it for it in sorted(above.rglob("*")) if it != kept and it.parent != kept / ".git"]
    # Not the methods of Path, some of which raise where a folder is closed.
    folders = [above, *filter(os.path.isdir, (kept, *every))]
    there = [it for it in every if os.path.isfile(it) or os.path.isdir(it)]  # noqa: PTH112, PTH113
    path, folder = dice.choice(there), dice.choice(folders)
    new = folder / dice.choice(NAMES)

    def write(where: Path, text: str) -> None:
        where.write_text(text, encoding="utf-8")

    def replaced_by(make: Callable[[], None]) -> None:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        make()

    doing: list[Callable[[], object]] = [
        lambda: write(path, dice.choice(TEXTS)),
        lambda: write(path, path.read_text() + dice.choice(TEXTS)),
        lambda: write(path, path.read_text()),
        lambda: write(path, path.read_text().replace("x", "y", 1)),
        lambda: write(new, dice.choice(TEXTS)),
        lambda: write(new, dice.choice(TEXTS)),
        new.mkdir,
        lambda: new.symlink_to(dice.choice([path, "/etc", "..", "nowhere"])),
        lambda: path.rename(new),
        lambda: path.rename(path.with_name(dice.choice(NAMES))),
        lambda: replaced_by(lambda: None),
        lambda: replaced_by(lambda: path.symlink_to(dice.choice(every))),
        lambda: replaced_by(path.mkdir),
        lambda: path.chmod(dice.choice([0o000, 0o444, 0o644, 0o755])),
        lambda: os.utime(path),
        lambda: os.mkfifo(new),
    ]
    try:
        dice.choice(doing)()
    except (OSError, ValueError):  # there is a folder, or no text
        return


def remove(above: Path) -> None:
    """Take all away, whatever nobody may do with it."""
    for folder, folders, _ in os.walk(above):
        for inner in (Path(folder, name) for name in folders):
            if not inner.is_symlink():
                inner.chmod(0o700)
    for path in above.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with running() as them:
        yield them


@pytest.fixture
def above(tmp_path: Path) -> Path:
    return Path(os.path.realpath(tmp_path))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_changes_the_answer_is_that_of_a_run(runs: Runs, above: Path, seed: int) -> None:
    dice = random.Random(seed)
    folder = repository(above)
    answered = 0
    for step in range(30):
        if step % 15 == 14:
            remove(above)
            folder = repository(above)
        for _ in range(dice.randrange(3)):
            change(dice, above)
        arguments = dice.choice(ARGUMENTS[: 1 + seed % len(ARGUMENTS)] if step % 2 else ARGUMENTS)
        day = dice.choice(["2026-01-01", "2027-01-01"])
        environment = dice.choice([{}, {"PKR_VAR_image": "w"}, {"NO_COLOR": "1"}])
        report = folder / "report.json"
        found = []
        for switch in ((), (), ("--no-cache",), ()):
            said = runs(folder, *arguments, *switch, day=day, environment=environment)
            found.append((said.told, report.read_bytes() if report.is_file() else b""))
            assert not (said.answered and switch)
        answered += said.answered
        assert found == [found[0]] * 4, (seed, step, arguments)
    assert answered


PARTS = {
    "packlint.toml": 'preset = "all"\n[[overrides]]\npaths = ["sub/**"]\nignore = ["unused-variable"]\n',
    "a/a.pkr.hcl": TEMPLATE.format(image="x"),
    "a/scripts/one.sh": "apt-get install curl\n",
    "a/notes.txt": "echo hello\n",
    "a/files/a/b.txt": "1\n",
    "sub/b.pkr.hcl": TEMPLATE.format(image="y"),
    "sub/v.auto.pkrvars.hcl": 'image = "y"\nunused = "y"\n',
    "sub/c/c.pkr.hcl": TEMPLATE.format(image="y").replace('variable "unused" { default = "" }', ""),
    "scripts/two.sh": "yum install x\n",
    "d.json": '{"builders": [{"type": "docker", "image": "x", "commit": true}]}\n',
    "e/variables.pkr.hcl": 'variable "image" {}\nvariable "other" {}\n',
    "e/e.pkr.hcl": 'source "null" "a" {}\nbuild { sources = ["source.null.a", "source.null.b"] }\n',
    "f/f.pkr.hcl": 'source "qemu" "f" {\n  disk_image = true\n  iso_url = "../g/out/g"\n}\nbuild {\n'
    '  sources = ["qemu.f"]\n  provisioner "shell" { script = "../scripts/two.sh" }\n}\n',
    "g/g.pkr.hcl": 'source "qemu" "g" {\n  output_directory = "out"\n  vm_name = "g"\n}\nbuild {\n'
    '  sources = ["qemu.g"]\n  provisioner "shell" { script = "../scripts/two.sh" }\n}\n',
    "h/h.pkr.hcl": "build {\n",
    "image.pkrvars.hcl": 'image = "z"\n',
}
"""Templates that share steps and scripts, start from each other and have parts; there are no policies."""


@pytest.mark.parametrize("seed", range(int(os.environ.get("PACKLINT_TEST_SEEDS", "4"))))
def test_whatever_changes_looks_that_are_kept_are_those_of_a_run(runs: Runs, above: Path, seed: int) -> None:
    dice = random.Random(seed)
    looks = 0
    for step in range(30):
        if step % 10 == 0:
            remove(above)
            for name, text in PARTS.items():
                path = above / "repository" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            (above / "repository/.git").mkdir()
        else:
            for _ in range(dice.randrange(1, 3)):
                change(dice, above)
        arguments = dice.choice([(".",), (".", "--format", "json")])
        folder = above / "repository"
        kept = runs(folder, *arguments, many=1)
        anew = runs(folder, *arguments, "--no-cache", many=10**9)
        assert kept.told == anew.told, (seed, step, arguments)
        looks += kept.looks
    assert looks > 40


def test_a_second_run_is_answered(runs: Runs, above: Path) -> None:
    folder = repository(above)
    first, second = runs(folder, "."), runs(folder, ".")
    assert first.told == second.told
    assert first.code == 1 and b"packlint" not in first.errors
    assert (first.answered, second.answered) == (False, True)


def test_it_answers_without_loading_anything(above: Path) -> None:
    folder = repository(above)
    code = (
        "import sys; sys.argv[1:] = ['check', '.']; from packlint import answers, __main__; import os\n"
        "answers.SETTLED = -10**18; answers._code = lambda: [('', 0, 0, 0)]\n"
        "run = os._exit\n"
        "os._exit = lambda code: (print(*sys.modules, file=sys.stderr), sys.stderr.flush(), run(code))\n"
        "__main__.main()"
    )
    command = [sys.executable, "-P", "-c", code]
    environment = {**os.environ, "PACKLINT_CACHE_DIR": str(above / "cache")}
    for _ in range(2):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    ours = {it for it in done.stderr.split() if it.startswith("packlint")}
    names = ("", ".__main__", ".answers", ".cache", ".recall", ".witness")
    assert ours == {f"packlint{name}" for name in names}
    assert not {"click", "re", "json", "hashlib", "dataclasses"} & set(done.stderr.split()) - {"re"}


@pytest.mark.parametrize(
    "arguments",
    [
        (".", "--no-cache"),
        (".", "--statistics"),
        (".", "--debug"),
        (".", "--diff"),
        (".", "--select", "no-such-rule"),
        ("policies",),
        (".", "--changed-since", "HEAD"),
    ],
    ids=" ".join,
)
def test_no_answer_is_kept_of_such_a_run(runs: Runs, above: Path, arguments: tuple[str, ...]) -> None:
    folder = repository(above)
    own = above / "cache"
    for _ in range(2):
        assert not runs(folder, *arguments, cache=own).answered
    assert not [*own.glob("answers/*")]


def test_no_answer_of_a_text_that_is_not_saved(runs: Runs, above: Path) -> None:
    assert not runs(repository(above), "-", cache=above / "cache").answered
    assert not [*above.glob("cache/answers/*")]


def test_the_environment_asks_for_a_run(runs: Runs, above: Path) -> None:
    folder = repository(above)
    runs(folder, ".")
    assert not runs(folder, ".", environment={"PACKLINT_NO_CACHE": "1"}).answered
    for _ in range(2):
        said = runs(folder, ".", environment={"PACKLINT_NO_CACHE": "0"})
    assert said.answered


def test_a_report_in_a_file_is_written_again(runs: Runs, above: Path) -> None:
    folder = repository(above)
    report = above / "report.json"
    arguments = (".", "--format", f"json:{report}", "--format", "text")
    for _ in range(3):
        said = runs(folder, *arguments)
    assert said.answered
    whole = report.read_bytes()
    report.unlink()
    assert runs(folder, *arguments).told == said.told
    assert report.read_bytes() == whole


def test_a_report_that_cannot_be_written_is_told(runs: Runs, above: Path) -> None:
    folder = repository(above)
    arguments = (".", "--format", f"json:{above / 'reports/r.json'}")
    (above / "reports").mkdir()
    for _ in range(3):
        assert runs(folder, *arguments).code == 1
    shutil.rmtree(above / "reports")
    assert runs(folder, *arguments).code == 2


def _kept(folder: Path) -> Path:
    (path,) = (folder / "answers").iterdir()
    return path


@pytest.mark.parametrize(
    "damage", ["truncated", "changed", "empty", "nonsense", "of all", "a link", "a folder"]
)
def test_a_damaged_answer_is_none(runs: Runs, above: Path, damage: str) -> None:
    folder, own = repository(above), above / "cache"
    first = runs(folder, ".", cache=own)
    path = _kept(own)
    data = path.read_bytes()
    if damage == "of all":
        path.chmod(0o666)
    elif damage == "of another":
        if os.getuid():
            pytest.skip("only root can give files away")
        os.chown(path, 65534, 65534)
    elif damage == "a link":
        path.rename(above / "elsewhere")
        path.symlink_to(above / "elsewhere")
    elif damage == "a folder":
        path.unlink()
        path.mkdir()
    else:
        damaged = {"truncated": data[:-9], "changed": data.replace(b"image", b"imaje"), "empty": b""}
        path.write_bytes(damaged.get(damage, b"nonsense"))
    again = runs(folder, ".", cache=own)
    assert again.told == first.told
    assert not again.answered


def test_a_blob_that_is_no_answer_is_none(runs: Runs, above: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, own = repository(above), above / "cache"
    first = runs(folder, ".", cache=own)
    monkeypatch.setenv(cache.VARIABLE, str(own))
    for blob in (b"", b"nonsense", b"i\0\0\0\0", b")\0"):
        cache.write(f"answers/{_kept(own).name}", blob)
        again = runs(folder, ".", cache=own)
        assert (again.told, again.answered) == (first.told, False)


def test_a_cache_that_cannot_be_made_is_done_without(runs: Runs, above: Path) -> None:
    folder = repository(above)
    (above / "file").touch()
    for _ in range(2):
        said = runs(folder, ".", cache=above / "file")
        assert (said.code, said.answered) == (1, False)
        assert not said.errors


def test_processes_at_once_do_not_disturb_one_another(above: Path) -> None:
    folder = repository(above)
    environment = {**os.environ, "PACKLINT_CACHE_DIR": str(above / "cache")}
    command = [sys.executable, "-P", "-m", "packlint", "check", "."]
    for _ in range(2):
        them = [
            subprocess.Popen(command, cwd=folder, env=environment, stdout=-1, stderr=-1) for _ in range(4)
        ]
        said = [(*it.communicate(), it.returncode) for it in them]
        assert said == [said[0]] * 4
        assert said[0][2] == 1


def test_nothing_of_the_environment_or_of_a_file_is_kept_but_hashes(runs: Runs, above: Path) -> None:
    folder, own = repository(above), above / "cache"
    (folder / "secret.txt").write_text("hunter2")
    (folder / "e.pkr.hcl").write_text('locals { password = file("secret.txt") }\n')
    runs(folder, ".", "--var", "image=swordfish", "--env", cache=own, environment={"TOKEN": "opensesame"})
    kept = _kept(own).read_bytes()
    assert not any(word in kept for word in (b"hunter2", b"swordfish", b"opensesame"))


def test_what_is_old_or_too_much_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    then = time.time()
    for number in range(5):
        cache.write(f"answers/{number}", b"x" * 68)
        os.utime(tmp_path / f"answers/{number}", (then - number * 3600, then - number * 3600))
    cache.bound("answers", 3.5 / 24, 9, 10_000)
    assert sorted(it.name for it in (tmp_path / "answers").iterdir()) == ["0", "1", "2", "3"]
    cache.bound("answers", 1, 3, 10_000)
    assert sorted(it.name for it in (tmp_path / "answers").iterdir()) == ["0", "1", "2"]
    cache.bound("answers", 1, 3, 200)
    assert sorted(it.name for it in (tmp_path / "answers").iterdir()) == ["0", "1"]


def test_code_that_has_just_changed_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_code", lambda: [("x.py", 0, time.time_ns(), 0)])
    assert answers._name(["check"]) is None
