"""What connects packlint to GitHub, GitLab, containers and editors, tried as these would use it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLE = ROOT / "examples" / "ci" / "github.yml"
GITLAB = ROOT / "examples" / "ci" / "gitlab.yml"
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
PROGRAM = Path(sysconfig.get_path("scripts"), "packlint")

GOOD = """\
source "null" "here" {
  communicator = "none"
}

build {
  sources = ["source.null.here"]
  provisioner "shell-local" {
    inline = ["true"]
  }
}
"""
BAD = GOOD.replace("source.null.here", "source.null.there")

needs_bash = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="no bash as on the runners' Linux"
)


def loaded(path: Path) -> Any:
    """A YAML file; the key `on` of a workflow is True there, which nobody asks for."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    """Runs a linter of somebody else's; skips where it is not installed."""
    found = shutil.which(command[0], path=os.pathsep.join((str(PROGRAM.parent), os.environ["PATH"])))
    if found is None:
        pytest.skip(f"no {command[0]} on the path")
    return subprocess.run([found, *command[1:]], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (ACTION, "vendor.github-actions"),
        *((path, "vendor.github-workflows") for path in (*WORKFLOWS, EXAMPLE)),
        (GITLAB, "vendor.gitlab-ci"),
        (DEPENDABOT, "vendor.dependabot"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_files_of_ci_fit_the_schemas_of_their_platforms(path: Path, schema: str) -> None:
    done = tool("check-jsonschema", "--builtin-schema", schema, str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing_in_the_action_and_the_workflows() -> None:
    done = tool(
        "zizmor", "--offline", "--quiet", "--persona", "auditor", *map(str, (ACTION, *WORKFLOWS, DEPENDABOT))
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = tool("hadolint", str(ROOT / "Dockerfile"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS, EXAMPLE], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit_and_name_their_version(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    foreign = [it for it in used if not it[0].startswith(("./", "packlint/packlint@"))]
    assert foreign
    for action, comment in foreign:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


def scripts(node: Any) -> Iterator[str]:
    """Every `run` of a workflow or an action."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "run" and isinstance(value, str))
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from scripts(value)


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS, EXAMPLE], ids=lambda path: path.name)
def test_no_script_is_made_of_what_a_stranger_may_write(path: Path) -> None:
    assert not [script for script in scripts(loaded(path)) if "${{" in script]


# --- the action, step by step ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """How a step went: its exit code, its log and its outputs."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str = ""


def expanded(text: str, context: Mapping[str, str]) -> str:
    """The few expressions that the action uses, as the runner works them out."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: context[found[1]], text)


def run_step(name: str, context: Mapping[str, str], workspace: Path, runner: Path) -> Step:
    """One `run` step of action.yml, by bash as the runner calls it, with its files beside the workspace."""
    (step,) = (step for step in loaded(ACTION)["runs"]["steps"] if step["name"] == name)
    output, summary = runner / "output", runner / "summary"
    output.write_text("")
    summary.write_text("")
    environment = {
        **os.environ,
        **{key: expanded(value, context) for key, value in step["env"].items()},
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTION_PATH": context["action"],
    }
    script = runner / "step.sh"
    script.write_text(step["run"])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    done = subprocess.run(
        command,
        cwd=workspace,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return Step(done.returncode, done.stdout, outputs, summary.read_text())


HOSTILE_MODULE = "import pathlib\npathlib.Path(__file__).parent.joinpath('pwned').touch()\n"
HOSTILE_MODULES = ("venv", "pip", "ensurepip", "packlint", "secrets", "click", "sitecustomize", "argparse")


def with_modules(folder: Path) -> Path:
    """A repository with files that would run if Python took its working directory for a place of modules."""
    for name in HOSTILE_MODULES:
        (folder / f"{name}.py").write_text(HOSTILE_MODULE)
    (folder / ".git").mkdir()
    return folder


@pytest.fixture(scope="module")
def context(clean_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the steps after the installation know, with the defaults of the inputs."""
    given = {f"inputs.{name}": it["default"] for name, it in loaded(ACTION)["inputs"].items()}
    given |= {"steps.python.outputs.python-path": sys.executable, "action": str(clean_copy)}
    workspace = with_modules(tmp_path_factory.mktemp("hostile"))
    step = run_step("Install packlint", given, workspace, tmp_path_factory.mktemp("runner temp"))
    assert step.code == 0, step.log
    assert not (workspace / "pwned").exists()
    return given | {f"steps.install.outputs.{name}": value for name, value in step.outputs.items()}


def check(context: Mapping[str, str], workspace: Path, runner: Path, **inputs: str) -> Step:
    """The step that checks, with reports in a folder of its own."""
    folder = runner / "reports"
    folder.mkdir(exist_ok=True)
    given = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    here = {"steps.install.outputs.folder": str(folder)}
    return run_step("Check", {**context, **here, **given}, workspace, runner)


def runner_commands(log: str) -> list[tuple[str, str]]:
    """The commands that a runner takes from a log, found as in `ActionCommand.cs` of actions/runner."""
    found: list[tuple[str, str]] = []
    stopped = ""
    for line in log.splitlines():
        if stopped:
            if line.strip() == f"::{stopped}::":
                stopped = ""
            continue
        match = re.match(r"\s*::([\w-]+)(?: .*?)?::(.*)", line) or re.search(
            r"##\[([\w-]+)[^\]]*\](.*)", line
        )
        if match and match[1] == "stop-commands":
            stopped = match[2]
        elif match:
            found.append((match[1], match[2]))
    assert not stopped, "commands are not taken any more"
    return found


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A workspace and the runner's folder for temporary files."""
    for name in ("workspace", "runner temp"):
        (tmp_path / name).mkdir()
    return with_modules(tmp_path / "workspace"), tmp_path / "runner temp"


@needs_bash
@pytest.mark.parametrize(("template", "code"), [(GOOD, "0"), (BAD, "1")])
def test_the_action_checks(
    template: str, code: str, context: dict[str, str], places: tuple[Path, Path]
) -> None:
    workspace, runner = places
    (workspace / "image web").mkdir()
    (workspace / "image web" / "a.pkr.hcl").write_text(template)
    step = check(context, workspace, runner, paths="image web\n")
    assert (step.code, step.outputs["exit-code"]) == (0, code), step.log
    log = json.loads(Path(step.outputs["sarif"]).read_text())
    found = [result["ruleId"] for result in log["runs"][0]["results"]]
    assert found == ([] if code == "0" else ["unknown-source-reference"])
    assert log["runs"][0]["automationDetails"]["id"].startswith("packlint")
    assert [command for command, _ in runner_commands(step.log)] == (["error"] if found else [])
    assert ("unknown-source-reference" in step.summary) is bool(found)
    verdict = run_step(
        "Fail where there are findings", {**context, "steps.check.outputs.exit-code": code}, *places
    )
    assert verdict.code == int(code)
    assert not (workspace / "pwned").exists()


@needs_bash
def test_the_action_passes_every_input_on(context: dict[str, str], places: tuple[Path, Path]) -> None:
    workspace, runner = places
    (workspace / "images").mkdir()
    (workspace / "images" / "a.pkr.hcl").write_text(GOOD.replace("build {", "build  {"))
    step = check(
        context,
        workspace,
        runner,
        working_directory="images",
        preset="all",
        fail_on="note",
        args="--ignore unnamed-builds\n  --root .",
        annotations="false",
        summary="false",
        category="images",
    )
    assert step.outputs["exit-code"] == "1", step.log
    log = json.loads(Path(step.outputs["sarif"]).read_text())["runs"][0]
    assert "not-canonical-format" in {result["ruleId"] for result in log["results"]}
    assert "unnamed-builds" not in {result["ruleId"] for result in log["results"]}
    assert log["automationDetails"]["id"].startswith("images")
    assert (runner_commands(step.log), step.summary) == ([], "")


HOSTILE = "$(touch pwned) `touch pwned` ; touch pwned\n| touch pwned\n&& touch pwned\n> pwned\n'\""


@needs_bash
@pytest.mark.parametrize(
    "name", ["paths", "working-directory", "preset", "fail-on", "args", "category", "annotations", "summary"]
)
def test_an_input_is_never_run(name: str, context: dict[str, str], places: tuple[Path, Path]) -> None:
    workspace, runner = places
    (workspace / "a.pkr.hcl").write_text(GOOD)
    step = check(context, workspace, runner, **{name: HOSTILE})
    assert not list(workspace.rglob("pwned")) + list(runner.rglob("pwned"))
    assert runner_commands(step.log) == []
    if name not in ("annotations", "summary", "category"):
        assert step.outputs.get("exit-code", "1") != "0"


@needs_bash
def test_a_path_that_looks_like_an_option_is_a_path(
    context: dict[str, str], places: tuple[Path, Path]
) -> None:
    step = check(context, *places, paths="--version\n")
    assert step.outputs["exit-code"] == "2"
    assert "sarif" not in step.outputs


@needs_bash
def test_a_template_gives_no_commands_to_the_runner(
    context: dict[str, str], places: tuple[Path, Path]
) -> None:
    workspace, runner = places
    quoted = BAD.replace('"]', '"] # ##[add-matcher]m.json ::warning::z', 1)
    commands = ["::add-mask::x", "##[add-mask]x", "::stop-commands::y", "##[error]w"]
    lines = [f'variable "v{at}" {{\n  type = "{line}"\n  {line}\n}}\n' for at, line in enumerate(commands)]
    (workspace / "a.pkr.hcl").write_text(quoted)
    (workspace / "broken").mkdir()
    (workspace / "broken" / "b.pkr.hcl").write_text("\n".join(lines))
    folder = workspace / "##[add-mask]q"
    folder.mkdir()
    (folder / "::error::b.pkr.hcl").write_text(BAD)
    step = check(context, workspace, runner, args="--preset all")
    assert step.outputs["exit-code"] == "1"
    assert "add-matcher]m.json" in step.log, "nothing is tried"
    found = runner_commands(step.log)
    assert {command for command, _ in found} <= {"error", "warning", "notice"}
    assert not [told for _, told in found if told in ("z", "w")]


# --- GitLab -------------------------------------------------------------------------------------------------


@needs_bash
@pytest.mark.parametrize(("template", "code"), [(BAD, 1)])
def test_the_gitlab_job_runs(template: str, code: int, clean_copy: Path, places: tuple[Path, Path]) -> None:
    workspace, temporary = places
    (workspace / "a.pkr.hcl").write_text(template)
    job = loaded(GITLAB)["packlint"]
    lines = "\n".join(job["script"])
    assert lines.count("/tmp/packlint") == 3
    lines = lines.replace("/tmp/packlint", f"'{temporary / 'packlint'}'")
    variables = {**os.environ, **job["variables"], "PACKLINT": str(clean_copy)}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", lines],
        cwd=workspace,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    reports = job["artifacts"]["reports"]
    (issue,) = json.loads((workspace / reports["codequality"]).read_text())
    assert issue["check_name"] == "unknown-source-reference"
    assert issue["location"]["path"] == "a.pkr.hcl"
    assert "unknown-source-reference" in (workspace / reports["junit"]).read_text()
    assert not (workspace / "pwned").exists()


# --- editors ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def concise(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a finding of each severity, and what the program says of it."""
    folder = tmp_path_factory.mktemp("con:cise")
    (folder / "web image.pkr.hcl").write_text(BAD.replace("build {", 'variable "unused" {}\n\nbuild {'))
    command = [PROGRAM, "check", "--format", "concise", "--color", "never", "--preset", "all"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return folder, done.stdout


WANTED = [
    ("web image.pkr.hcl", "error", "unknown-source-reference"),
    ("web image.pkr.hcl", "warning", "unused-variable"),
    ("web image.pkr.hcl", "note", "required-version-missing"),
]


def findings(said: str) -> int:
    """How many lines are not the summary."""
    return sum(line.startswith("web image.pkr.hcl:") for line in said.splitlines())


def matched(matcher: Mapping[str, Any], text: str) -> dict[tuple[str, str, str], str]:
    """File, severity and rule of every line that a matcher takes, with its message."""
    pattern = matcher["pattern"]
    pattern = pattern[0] if isinstance(pattern, list) else pattern
    found = {}
    for line in text.splitlines():
        if match := re.search(pattern["regexp"], line):
            assert match[pattern["line"]].isdigit()
            assert match[pattern["column"]].isdigit()
            severity = match[pattern["severity"]] or matcher["severity"]
            found[match[pattern["file"]], severity, match[pattern["code"]]] = match[pattern["message"]]
    return found


def test_the_problem_matcher_of_github_takes_every_severity(concise: tuple[Path, str]) -> None:
    (matcher,) = json.loads((ROOT / ".github" / "problem-matcher.json").read_text())["problemMatcher"]
    found = matched(matcher, concise[1])
    assert {(file, {"note": "notice"}.get(kind, kind), rule) for file, kind, rule in WANTED} <= found.keys()
    assert all("[" not in file for file, _, _ in found)
    assert len(found) == findings(concise[1]), "all lines but the summary"


def page_block(language: str) -> str:
    """The first block of a language in the page on editors."""
    page = (ROOT / "docs" / "how-to" / "editors.md").read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", page, re.S)
    assert found
    return found[1]


def test_the_task_of_vs_code_takes_every_severity(concise: tuple[Path, str]) -> None:
    (task,) = json.loads(page_block("json"))["tasks"]
    assert set(WANTED) <= matched(task["problemMatcher"], concise[1]).keys()
    done = subprocess.run(
        [PROGRAM, *task["args"]], cwd=concise[0], capture_output=True, text=True, check=False
    )
    assert ("web image.pkr.hcl", "error", "unknown-source-reference") in matched(
        task["problemMatcher"], done.stdout
    )


@pytest.mark.skipif(shutil.which("vim") is None, reason="no vim on the path")
def test_vim_reads_every_severity(concise: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text(concise[1])
    (tmp_path / "settings.vim").write_text(page_block("vim"))
    shown = "{_, it -> bufname(it.bufnr) .. '|' .. it.type .. '|' .. it.lnum}"
    listing = f"call writefile(map(getqflist(), {shown}), 'list')"
    steps = ["-c", "source settings.vim", "-c", "cgetfile said.txt", "-c", listing, "-c", "qa!"]
    subprocess.run(
        ["vim", "-u", "NONE", "-es", *steps], cwd=tmp_path, check=True, timeout=60, stdin=subprocess.DEVNULL
    )
    listed = (tmp_path / "list").read_text().splitlines()
    assert {line.split("|")[0] for line in listed} == {"web image.pkr.hcl"}
    assert {line.split("|")[1] for line in listed} == {"e", "w", "n"}
    assert len(listed) == findings(concise[1])


# --- the image ----------------------------------------------------------------------------------------------


@needs_bash
def test_the_steps_of_the_image_make_a_packlint_that_runs(clean_copy: Path, tmp_path: Path) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    places = {"/src": tmp_path / "src", "/opt": tmp_path / "opt", "/work": tmp_path / "work"}
    for folder in places.values():
        folder.mkdir()
    for name in re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.M):
        source = clean_copy / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, places["/src"] / name)
    (script,) = re.findall(r"^RUN ((?:.*\\\n)*.*)$", dockerfile, re.M)
    script = re.sub(r"/(?:src|opt)\b", lambda found: str(places[found[0]]), script.replace("\\\n", ""))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["sh", "-ec", script], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (places["/work"] / "a.pkr.hcl").write_text(BAD)
    entry, command = (json.loads(text) for text in re.findall(r"^(?:ENTRYPOINT|CMD) (.+)$", dockerfile, re.M))
    programs = places["/opt"] / "packlint" / "bin"
    done = subprocess.run(
        [*entry, *command],
        executable=programs / entry[0],
        cwd=places["/work"],
        env={"PATH": str(programs), **dict(re.findall(r"\b(PACKLINT_\w+)=(\S+)", dockerfile))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "unknown-source-reference" in done.stdout
    assert done.stderr == ""


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\d+)", (ROOT / "Dockerfile").read_text(), re.M)
    assert users
    assert users[-1] != "0"


# --- the schema store ---------------------------------------------------------------------------------------


def test_the_entry_for_the_schema_store_is_complete() -> None:
    entry = json.loads((ROOT / "docs" / "schemastore.json").read_text())
    assert entry.keys() == {"name", "description", "fileMatch", "url"}
    assert entry["fileMatch"] == ["packlint.toml", ".packlint.toml"]
    address, _, path = entry["url"].partition("/main/")
    assert address.startswith("https://")
    assert (ROOT / path).is_file()
    assert len(entry["description"]) < 100


def test_workflows_cover_the_oldest_python_that_is_supported() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    oldest = re.findall(r'requires-python = ">=(.+)"', project)
    (tests,) = (
        job["strategy"]["matrix"] for name, job in loaded(WORKFLOWS[0])["jobs"].items() if name == "tests"
    )
    assert tests["python"][:1] == oldest
    assert {system.partition("-")[0] for system in tests["system"]} == {"ubuntu", "macos", "windows"}
