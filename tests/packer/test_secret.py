"""Variables are handed over as `-var` would, and no secret is left in what is told."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from packlint.chain.images import artifact_graph
from packlint.configure import Nearest
from packlint.errors import PackerError
from packlint.limits import Limits
from packlint.packer.event import Failed, Garbled, Made, Noted, Said
from packlint.packer.job import Job, Passed
from packlint.packer.plan import plan
from packlint.packer.run.process import Line
from packlint.packer.run.secret import Handed, Secrets, secrets_of, variable_file
from packlint.pipeline import understand
from packlint.settings import Flags

TYPES = {
    "text": "type = string",
    "untyped": "",
    "number": "type = number",
    "bool": "type = bool",
    "list": "type = list(string)",
    "numbers": "type = list(number)",
    "set": "type = set(string)",
    "map": "type = map(string)",
    "object": "type = object({ a = string, b = list(number) })",
    "tuple": "type = tuple([string, bool])",
    "of_default": 'default = "x"',
    "flag_of_default": "default = true",
    "list_of_default": 'default = ["a", "b"]',
}
GIVEN = {
    "text": [
        'plain "and" quoted',
        "a\\b\\n",
        "${not} %{read}",
        "żółć 日本 \U0001f600",
        "",
        "01",
        "null",
        "a=b,c",
    ],
    "untyped": ["text", '["a"]', "12", "true", "${x}"],
    "number": ["5", "0.1", "-12345678901234567890", "1e3"],
    "bool": ["true", "false", "null"],
    "list": ['["a", "b\\"c", "$${d}"]', "[]", "[1, true]", "null"],
    "numbers": ["[1, 2.5, 12345678901234567890]"],
    "set": ['["b", "a", "b"]'],
    "map": ['{ a = "x", "b c" = "y", "$${q}" = 1 }', "{}"],
    "object": ['{ a = "x", b = [1, 2] }'],
    "tuple": ['["a", true]'],
    "of_default": ["y", '["a"]', "5"],
    "flag_of_default": ["false"],
    "list_of_default": ['["c", "d"]'],
}


def job_of(folder: Path, text: str, name: str = "a.pkr.hcl") -> Job:
    (folder / name).write_text(text)
    found = understand([folder], Nearest({}, Flags()), folder)
    return plan(artifact_graph(found.configurations, ()), Limits()).jobs[0]


def template(*names: str, declared: str = "") -> str:
    """A template whose artifact holds the values of variables."""
    variables = "".join(f'variable "{name}" {{\n  {TYPES[name]}\n  {declared}\n}}\n' for name in names)
    values = ", ".join(f"{name} = [var.{name}]" for name in names)
    return (
        variables
        + f"""
source "file" "a" {{
  content = jsonencode({{ {values} }})
  target  = "out.json"
}}
build {{
  sources = ["source.file.a"]
}}
"""
    )


@pytest.mark.skipif(shutil.which("packer") is None, reason="Packer is not installed")
def test_packer_gets_what_it_gets_by_var(tmp_path: Path) -> None:
    job = job_of(tmp_path, template(*TYPES))
    path, out = tmp_path / "last.pkrvars.json", tmp_path / "out.json"
    for number in range(max(map(len, GIVEN.values()))):
        values = [f"{name}={texts[number % len(texts)]}" for name, texts in GIVEN.items()]
        overridden = [f"{name}=[" for name in GIVEN]
        path.write_text(variable_file(job.images[0].configuration, [*overridden, *values]))
        made = []
        for options in ([f"-var={value}" for value in values], [f"-var-file={path}"]):
            out.unlink(missing_ok=True)
            command = ["packer", "build", "-machine-readable", *options, "."]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert out.exists(), done.stdout
            made.append(json.loads(out.read_text()))
        assert made[0] == made[1]


def test_legacy_templates_get_texts(tmp_path: Path) -> None:
    legacy = {
        "variables": {"a": "x", "b": "[]"},
        "builders": [{"type": "file", "content": "x", "target": "y"}],
    }
    job = job_of(tmp_path, json.dumps(legacy), "a.json")
    text = variable_file(job.images[0].configuration, ["a={{user `b`}}", 'b=["x"]', "a=last=one"])
    assert json.loads(text) == {"a": "last=one", "b": '["x"]'}


def test_what_does_not_fit_is_left_to_packer(tmp_path: Path) -> None:
    job = job_of(tmp_path, template("list"))
    text = variable_file(job.images[0].configuration, ["list=[", "undeclared=[1]"])
    assert json.loads(text) == {"list": "[", "undeclared": "[1]"}


def test_the_file_is_private_and_gone_in_the_end(tmp_path: Path) -> None:
    job = job_of(tmp_path, template("text"))
    given = Passed(variables=("text=hush",), var_files=(Path("own.pkrvars.hcl"),), force=True)
    with Handed() as handed:
        passed, again = handed.passed(job, given), handed.passed(job, given)
        assert passed.variables == ()
        assert passed.force
        first, path = passed.var_files
        assert first == Path("own.pkrvars.hcl")
        assert again.var_files[-1] != path
        assert path.name.endswith(".json")
        assert not path.name.endswith((".auto.pkrvars.json", ".pkr.json"))
        assert json.loads(path.read_text()) == {"text": "hush"}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not path.parent.exists()


def test_it_is_gone_after_an_exception_too(tmp_path: Path) -> None:
    job = job_of(tmp_path, template("text"))
    with pytest.raises(KeyboardInterrupt), Handed() as handed:
        path = handed.passed(job, Passed(variables=("text=hush",))).var_files[0]
        raise KeyboardInterrupt
    assert not path.parent.exists()


def test_without_variables_there_is_no_file(tmp_path: Path) -> None:
    job = job_of(tmp_path, template("text", declared='default = ""'))
    with Handed() as handed:
        assert handed.passed(job, Passed(exclude=("x",))) == Passed(exclude=("x",))


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = job_of(tmp_path, template("text"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with (
        Handed() as handed,
        pytest.raises(PackerError, match="variables cannot be handed to Packer: No such"),
    ):
        handed.passed(job, Passed(variables=("text=hush",)))


DECLARED = """
variable "open" {}
variable "declared" {
  sensitive = true
  default   = "of the default"
}
variable "several" {
  type      = list(string)
  sensitive = true
  default   = []
}
variable "api_token" {}
variable "ssh_password" {}
local "derived" {
  expression = "kept-${upper("back")}"
  sensitive  = true
}
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["source.null.a"]
}
"""


def test_what_is_secret(tmp_path: Path) -> None:
    job = job_of(tmp_path, DECLARED)
    given = ("open=debian", 'several=["one one", "two two"]', "api_token=0xf00", "ssh_password=vagrant")
    found = set(secrets_of(job, Passed(variables=given)))
    assert {"of the default", "kept-BACK", "one one", "two two", "0xf00"} <= found
    assert not found & {"debian", "vagrant"}
    assert "later" in set(secrets_of(job, Passed(variables=("declared=later",))))
    key = "ghp_" + "kJ3nV9qL2xWc8RtY5mZbD7sF4hGa1pE6uQoT"
    assert key in set(secrets_of(job, Passed(variables=(f"open=a {key} b",))))


def test_secrets_are_hidden_wherever_they_come() -> None:
    secrets = Secrets(['s3cr"t', "one\ntwo words", "it's me"])
    assert secrets.hidden('x s3cr"t y s3cr\\"t s3cr%22t') == "x <sensitive> y <sensitive> <sensitive>"
    assert secrets.hidden("one two words") == "one <sensitive>"  # three characters are no secret
    assert secrets.hidden("A='it'\"'\"'s me'") == "A='<sensitive>'"


def test_the_longest_of_two_secrets_is_hidden_as_a_whole() -> None:
    assert Secrets(["password", "password1"]).hidden("password1 password") == "<sensitive> <sensitive>"


def test_a_short_value_is_not_hidden() -> None:
    assert Secrets(["abc", ""]).hidden("abc") == "abc"


def test_no_event_tells_a_secret_and_images_keep_their_names() -> None:
    secrets = Secrets(["null.a"])
    hidden = "<sensitive>"
    assert secrets.without(Said("say", "null.a", "null.a")) == Said("say", "null.a", hidden)
    assert secrets.without(Failed("null.a", "null.a")) == Failed("null.a", hidden)
    assert secrets.without(Garbled("null.a")) == Garbled(hidden)
    assert secrets.without(Made("null.a", 0, "id", ("null.a",))) == Made("null.a", 0, "id", (hidden,))
    assert secrets.without(Noted("t", "null.a", ("null.a",))) == Noted("t", "null.a", (hidden,))


def test_a_line_that_is_cut_does_not_end_in_half_a_secret() -> None:
    secrets = Secrets(["0123456789"])
    assert "01" not in secrets.whole(Line("x" * 500 + "01234", cut=True))
    assert secrets.whole(Line("x01234")) == "x01234"
    assert secrets.whole(Line("x" * 500, cut=True)) == "x" * 340
