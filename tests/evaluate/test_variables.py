"""Variables: by precedence, as their types have them, with validations; compared with a real Packer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from packlint.discover import discover
from packlint.evaluate import evaluate
from packlint.gather import gather
from packlint.load import load
from packlint.lower import lower
from packlint.model import Configuration, Variable
from packlint.options import Asked
from packlint.parse import parse
from packlint.record import replace
from packlint.settings import Settings, everywhere
from packlint.value import Failure, Known, Unknown, Value

PACKER = shutil.which("packer")
NOTHING = Asked()
ERROR = "error"
STRINGS = "type = list(string)"
NUMBER, BOOL, STRING = "type = number", "type = bool", "type = string"
OBJECT = "type = object({ a = string, b = number })"
OPTIONAL = "type = object({ a = string, b = optional(number, 7), c = optional(bool) })"

CASES: tuple[tuple[str, str, str, str], ...] = (
    # body of the variable, who gives the value, what is given, its JSON or an error
    (STRING, "default", '"a"', '"a"'),
    (STRING, "default", "5", '"5"'),
    (STRING, "default", "true", '"true"'),
    (STRING, "default", "null", "null"),
    (STRING, "default", '["a"]', ERROR),
    (NUMBER, "default", '"5"', "5"),
    (NUMBER, "default", '"1e3"', "1000"),
    (NUMBER, "default", '"five"', ERROR),
    (NUMBER, "default", '""', ERROR),
    (NUMBER, "default", "true", ERROR),
    (BOOL, "default", '"true"', "true"),
    (BOOL, "default", '"1"', "true"),
    (BOOL, "default", "1", ERROR),
    (BOOL, "default", '"yes"', ERROR),
    (STRINGS, "default", '["a", 1, true]', '["a","1","true"]'),
    (STRINGS, "default", "[]", "[]"),
    (STRINGS, "default", '"a"', ERROR),
    (STRINGS, "default", '["a", ["b"]]', ERROR),
    (STRINGS, "default", "{ a = 1 }", ERROR),
    ("type = set(string)", "default", '["b", "a", "b"]', '["a","b"]'),
    ("type = map(number)", "default", '{ a = "1", b = 2 }', '{"a":1,"b":2}'),
    ("type = map(number)", "default", '{ a = "x" }', ERROR),
    ("type = map(string)", "default", "[]", ERROR),
    ("type = tuple([string, number])", "default", "[1, 2]", '["1",2]'),
    ("type = tuple([string, number])", "default", "[1]", ERROR),
    (OBJECT, "default", '{ a = 1, b = "2", z = 3 }', '{"a":"1","b":2}'),
    (OBJECT, "default", "{ a = 1 }", ERROR),
    (OBJECT, "default", "[]", ERROR),
    (STRING, "var", "a b", '"a b"'),
    (STRING, "var", "[1]", '"[1]"'),
    (STRING, "var", '"a"', r'"\"a\""'),
    (STRING, "var", "${1 + 1}", '"${1 + 1}"'),
    (STRING, "var", "", '""'),
    (NUMBER, "var", "5", "5"),
    (NUMBER, "var", "five", ERROR),
    (NUMBER, "var", "1 + 1", ERROR),
    (BOOL, "var", "true", "true"),
    (BOOL, "var", "yes", ERROR),
    (BOOL, "var", "1 == 1", "true"),
    (BOOL, "var", "", ERROR),
    (STRINGS, "var", '["a", 1]', '["a","1"]'),
    (STRINGS, "var", '[\n"a",\n1]', '["a","1"]'),
    (STRINGS, "var", 'a', ERROR),
    (STRINGS, "var", '["a"', ERROR),
    (STRINGS, "var", '[upper("a")]', ERROR),
    (STRINGS, "var", '["a"] ["b"]', ERROR),
    (STRINGS, "var", '(["a"])', '["a"]'),
    (STRINGS, "var", "[for n in [1, 2] :\n n * 2]", '["2","4"]'),
    ("type = map(string)", "var", "{ a = 1 }", '{"a":"1"}'),
    (OBJECT, "var", '{ a = "x", b = 1 }', '{"a":"x","b":1}'),
    (OBJECT, "var", '{ a = "x" }', ERROR),
    ("", "var", "[1]", '"[1]"'),
    ("default = 1", "var", "5", "5"),
    ("default = 1", "var", "x", ERROR),
    ("default = true", "var", "false", "false"),
    ("default = true", "var", "no", ERROR),
    ('default = "a"', "var", "[1]", '"[1]"'),
    ('default = ["a"]', "var", '["b"]', '["b"]'),
    ('default = ["a"]', "var", "[2]", '["2"]'),
    ('default = ["a"]', "var", '["b", "c"]', ERROR),
    ("default = { a = 1 }", "var", "{ a = 2, b = 3 }", '{"a":2}'),
    ("default = { a = 1 }", "var", "{ b = 3 }", ERROR),
    ("default = []", "var", "[1]", '"[1]"'),
    ("default = {}", "var", "{ a = 1 }", '"{ a = 1 }"'),
    ("default = null", "var", "x", '"x"'),
    (STRING, "env", "a b", '"a b"'),
    (NUMBER, "env", "5", "5"),
    (NUMBER, "env", "five", ERROR),
    (BOOL, "env", "true", "true"),
    (BOOL, "env", "on", ERROR),
    (STRINGS, "env", '["a"]', '["a"]'),
    (STRINGS, "env", "a", ERROR),
    ("default = 1", "env", "x", ERROR),
    (STRING, "hcl", "5", '"5"'),
    (NUMBER, "hcl", '"5"', "5"),
    (NUMBER, "hcl", '"five"', ERROR),
    (BOOL, "hcl", '"false"', "false"),
    (BOOL, "hcl", '"${true}"', "true"),
    (STRING, "hcl", 'upper("a")', ERROR),
    (STRING, "hcl", "local.a", ERROR),
    (STRINGS, "hcl", '["a", 1]', '["a","1"]'),
    (STRINGS, "hcl", '"a"', ERROR),
    (OBJECT, "hcl", "{ a = 1 }", ERROR),
    ('default = ["a"]', "hcl", '["b", "c"]', ERROR),
    ("default = []", "hcl", '["b", "c"]', '["b","c"]'),
    ("default = null", "hcl", "[1]", "[1]"),
    ("", "hcl", "{ a = 1 }", '{"a":1}'),
    (STRING, "json", "5", '"5"'),
    (NUMBER, "json", '"5"', "5"),
    (STRING, "json", '"${1 + 1}"', '"${1 + 1}"'),
    (STRING, "hcl", '"${1 + 1}"', '"2"'),
    (STRINGS, "json", '["a", 1]', '["a","1"]'),
    (STRINGS, "json", '{"a": 1}', ERROR),
    (OBJECT, "json", '{"a": "x", "b": "1"}', '{"a":"x","b":1}'),
    (NUMBER, "auto.hcl", '"5"', "5"),
    (NUMBER, "auto.hcl", '"five"', ERROR),
    (STRINGS, "auto.json", "[1]", '["1"]'),
    (STRINGS, "auto.json", '"a"', ERROR),
    (OPTIONAL, "default", '{ a = "x" }', '{"a":"x","b":7,"c":null}'),
    (OPTIONAL, "hcl", '{ a = "x", b = 1, c = "true" }', '{"a":"x","b":1,"c":true}'),
    (OPTIONAL, "var", "{ b = 1 }", ERROR),
    ("type = any\ndefault = 1", "var", "x", ERROR),
    ("type = any\ndefault = 1", "var", "2", "2"),
    ("type = any", "var", "[1]", '"[1]"'),
    ("type = list(any)", "default", '["a", 1]', '["a","1"]'),
)  # fmt: skip

DIFFERENT = {
    "`jsonencode` of 1.6.6 takes no null": {(STRING, "default", "null"): ERROR},
    "Packer 1.16 takes what is given to a variable of no type for text; 1.6.6 reads it as an expression": {
        ("default = []", "var", "[1]"): ERROR,
        ("default = {}", "var", "{ a = 1 }"): "{}",
        ("default = null", "var", "x"): ERROR,
    },
    "an empty default says nothing of the type since 1.7; for 1.6.6 it is the type of an empty tuple": {
        ("default = []", "hcl", '["b", "c"]'): ERROR,
    },
    "`optional` came with 1.16, and `any` with it: before, a type had to be exact": {
        (body, giver, text): ERROR for body, giver, text, _ in CASES if "optional" in body or "any" in body
    },
}
"""Where Packer 1.6.6 answers otherwise, and what, by the reason."""


def written(folder: Path, body: str, giver: str, text: str) -> list[str]:
    """Writes a directory with the variable and what is given to it; the option that gives it, if one does."""
    default = f"default = {text}" if giver == "default" else ""
    (folder / "t.pkr.hcl").write_text(f'variable "x" {{\n{body}\n{default}\n}}\n', encoding="utf-8")
    name = {"hcl": "v.hcl", "json": "v.json", "auto.hcl": "a.auto.pkrvars.hcl"}.get(
        giver, "a.auto.pkrvars.json"
    )
    if giver.endswith("hcl"):
        (folder / name).write_text(f"x = {text}\n", encoding="utf-8")
    elif giver.endswith("json"):
        (folder / name).write_text(f'{{"x": {text}}}', encoding="utf-8")
    return ["var", f"x={text}"] if giver == "var" else ["var-file", name] if giver in ("hcl", "json") else []


def configuration(folder: Path, asked: Asked = NOTHING, environment: Mapping[str, str] = {}) -> Configuration:
    """The template of a directory, evaluated."""
    inputs = gather(asked, environment, [folder], None)
    (template,) = discover([folder], everywhere(Settings())).templates
    (found,), _ = lower(template, [parse(document)[0] for document in load(template)[0]])
    return evaluate(found, replace(inputs, unchecked=inputs.paths - {*template.var_files}))


def variables(folder: Path, asked: Asked = NOTHING, **environment: str) -> dict[str, Variable]:
    """The variables of a directory's template by their names."""
    return {it.name: it for it in configuration(folder, asked, environment).variables}


def plain(value: Value) -> Any:
    """The data all the way down; an unknown stays one."""
    if isinstance(value, Unknown):
        return value
    data = value.data
    if isinstance(data, tuple):
        return [plain(item) for item in data]
    if isinstance(data, Mapping):
        return {name: plain(item) for name, item in data.items()}
    return float(data) if isinstance(data, Decimal) else data


@pytest.mark.parametrize(("body", "giver", "text", "expected"), CASES)
def test_values_are_converted(tmp_path: Path, body: str, giver: str, text: str, expected: str) -> None:
    option = written(tmp_path, body, giver, text)
    asked = Asked(
        variables=(option[1],) if option[:1] == ["var"] else (),
        var_files=(tmp_path / option[1],) if option[:1] == ["var-file"] else (),
        environment=True,
    )
    found = variables(tmp_path, asked, **({"PKR_VAR_x": text} if giver == "env" else {}))["x"]
    if expected != ERROR:
        assert not found.misfits
        assert json.dumps(plain(found.value), sort_keys=True, separators=(",", ":")) == expected
        return
    assert isinstance(found.value, Failure)
    assert found.value.range is not None
    assert [it.origin for it in found.misfits] == [found.origin]


@pytest.mark.skipif(PACKER is None, reason="there is no packer to compare with")
@pytest.mark.parametrize(("body", "giver", "text", "expected"), CASES)
def test_packer_agrees(tmp_path: Path, body: str, giver: str, text: str, expected: str) -> None:
    option = written(tmp_path, body, giver, text)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PKR_VAR_")}
    if giver == "env":
        environment["PKR_VAR_x"] = text
    command = [str(PACKER), "console", "--config-type=hcl2"]
    command += [f"-{option[0]}", option[1]] if option else []
    done = subprocess.run(
        [*command, "."], cwd=tmp_path, input="jsonencode(var.x)\n", capture_output=True, text=True,
        check=False, env=environment | {"CHECKPOINT_DISABLE": "1"},
    )  # fmt: skip
    answer = ERROR if done.returncode or "Error:" in done.stdout + done.stderr else done.stdout.strip()
    assert answer == next(
        (table[body, giver, text] for table in DIFFERENT.values() if (body, giver, text) in table), expected
    )


def put(folder: Path, **files: str) -> None:
    """Files by their names, in which `__` stands for a dot."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(cleandoc(text) + "\n", encoding="utf-8")


def test_the_last_that_is_given_wins(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl="\n".join(f'variable "v{number}" {{\n  default = "default"\n}}' for number in range(8)),
        b__auto__pkrvars__hcl='v2 = "b"\nv3 = "b"\nv4 = "b"\nv5 = "b"\nv6 = "b"\nv7 = "b"',
        c__auto__pkrvars__hcl='v3 = "c"\nv4 = "c"\nv5 = "c"\nv6 = "c"\nv7 = "c"',
        a__auto__pkrvars__json='{"v4": "a", "v5": "a", "v6": "a", "v7": "a"}',
        first__json='{"v5": "first", "v6": "first", "v7": "first"}',
        second__hcl='v6 = "second"\nv7 = "second"',
    )
    asked = Asked(
        variables=("v7=first", "v7=last"),
        var_files=(tmp_path / "first.json", tmp_path / "second.hcl"),
        environment=True,
    )
    environment = {f"PKR_VAR_v{number}": "environment" for number in range(1, 8)}
    found = variables(tmp_path, asked, **environment, PKR_VAR_nobody="x")
    expected = ["default", "environment", "b", "c", "a", "first", "second", "last"]
    assert [plain(found[f"v{number}"].value) for number in range(8)] == expected
    kinds = ["default", "environment", *["var-file"] * 5, "var"]
    assert [found[f"v{number}"].origin.kind for number in range(8)] == kinds
    ranges = [found[f"v{number}"].origin.range for number in range(8)]
    assert [it.document.path for it in ranges if it] == [
        *("t.pkr.hcl", "environment variable PKR_VAR_v1", "b.auto.pkrvars.hcl", "c.auto.pkrvars.hcl"),
        *("a.auto.pkrvars.json", "first.json", "second.hcl", "--var v7"),
    ]
    assert [it.text.strip('"') for it in ranges if it] == expected
    marks = [found[f"v{number}"].value for number in range(8)]
    assert [it.default_of for it in marks] == ["v0"] + [None] * 7
    assert [it.sensitive for it in marks] == [False, True] + [False] * 6


@pytest.mark.skipif(PACKER is None, reason="there is no packer to compare with")
def test_the_order_of_variable_files_is_not_that_of_1_6_6(tmp_path: Path) -> None:
    """It takes all of them in HCL before any in JSON; since 1.13 the order is that of the command line."""
    put(tmp_path, t__pkr__hcl='variable "x" {}', a__auto__pkrvars__json='{"x": "auto"}', b__hcl='x = "named"')
    command = [str(PACKER), "console", "--config-type=hcl2", "-var-file", "b.hcl", "."]
    done = subprocess.run(command, cwd=tmp_path, input="var.x\n", capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "auto"
    assert plain(variables(tmp_path, Asked(var_files=(tmp_path / "b.hcl",)))["x"].value) == "named"


def test_the_environment_is_nobodys_business_unless_asked_for(tmp_path: Path) -> None:
    put(tmp_path, t__pkr__hcl='variable "x" {\n  default = "a"\n}')
    assert plain(variables(tmp_path, PKR_VAR_x="b")["x"].value) == "a"
    found = variables(tmp_path, Asked(environment=True), PKR_VAR_x="b")["x"].value
    assert (plain(found), found.sensitive) == ("b", True)


def test_env_in_a_default(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl="""
            variable "x" {
              default = env("TOKEN")
            }
            variable "y" {
              type    = number
              default = env("N")
            }
        """,
    )
    found = variables(tmp_path, TOKEN="t", N="4")
    assert all(isinstance(it.value, Unknown) and not it.misfits for it in found.values())
    assert [str(it.value.type) for it in found.values() if isinstance(it.value, Unknown)] == [
        "string",
        "number",
    ]
    found = variables(tmp_path, Asked(environment=True), TOKEN="t", N="4")
    assert [plain(it.value) for it in found.values()] == ["t", 4]
    assert all(it.value.sensitive for it in found.values())


def test_a_variable_that_nobody_sets_has_its_type(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl='variable "x" {\n  type = list(number)\n}\nvariable "y" {}\nlocals {\n  n = var.x\n}',
    )
    found = configuration(tmp_path)
    x, y = (it.value for it in found.variables)
    assert isinstance(x, Unknown) and isinstance(y, Unknown)
    assert (str(x.type), str(y.type)) == ("list(number)", "any")
    assert x.because == "`var.x` has no default"
    assert [it.origin.kind for it in found.variables] == ["unset", "unset"]


def test_variables_without_blocks_have_the_type_even_of_an_empty_default(tmp_path: Path) -> None:
    put(tmp_path, t__pkr__hcl="variables {\n  x = []\n  y = 1\n  z = null\n}")
    found = variables(tmp_path, Asked(variables=("x=[1]", "y=2", "z=[1]")))
    assert isinstance(found["x"].value, Failure)
    assert [plain(found[name].value) for name in "yz"] == [2, "[1]"]


def test_every_value_given_has_to_fit(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl='variable "x" {\n  type    = number\n  default = "a"\n}',
        v__auto__pkrvars__hcl='x = "b"',
    )
    found = variables(tmp_path, Asked(variables=("x=3",)))["x"]
    assert plain(found.value) == 3
    assert [(it.origin.kind, it.because) for it in found.misfits] == [
        ("default", "a number is required"),
        ("var-file", "a number is required"),
    ]


def test_what_cannot_be_taken_is_nobody_elses_fault(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl='variable "x" {\n  type    = number\n  default = "a"\n}\nlocals {\n  y = var.x + 1\n}',
    )
    found = configuration(tmp_path)
    assert isinstance(found.variables[0].value, Failure)
    y = found.locals[0].value
    assert isinstance(y, Unknown) and not isinstance(y, Failure)


def test_a_type_that_is_none_refuses_nothing(tmp_path: Path) -> None:
    put(tmp_path, t__pkr__hcl='variable "x" {\n  type    = strng\n  default = ["a"]\n}')
    assert not variables(tmp_path)["x"].misfits
    found = variables(tmp_path, Asked(variables=("x=1",)))["x"]
    assert isinstance(found.value, Unknown) and not found.misfits


def test_a_file_that_cannot_be_read_in_full_may_set_anything(tmp_path: Path) -> None:
    put(
        tmp_path,
        t__pkr__hcl="variables {\n  x = 1\n  y = 2\n  z = 3\n}",
        a__auto__pkrvars__hcl="x = 2\ny = = 3",
    )
    put(tmp_path, later__hcl="z = 4")
    found = variables(tmp_path, Asked(var_files=(tmp_path / "later.hcl",)))
    assert [plain(found[name].value) for name in "xz"] == [2, 4]
    assert isinstance(found["y"].value, Unknown)


def test_a_single_file_has_no_variable_files(tmp_path: Path) -> None:
    put(
        tmp_path,
        a__pkr__hcl="variables {\n  x = 1\n}\nbuild {\n  sources = [var.x]\n}",
        b__pkr__hcl="variables {\n  x = 1\n}\nbuild {\n  sources = [var.x]\n}",
        v__auto__pkrvars__hcl="x = 2",
    )
    (template,) = discover([tmp_path], everywhere(Settings())).templates
    alone, _ = lower(template, [parse(document)[0] for document in load(template)[0]])
    assert [plain(evaluate(it).variables[0].value) for it in alone] == [1, 1]


LEGACY = '{"variables": {"x": "d", "y": null, "z": "{{user `x`}}"}, "builders": [{"type": "null"}]}'


def legacy(folder: Path, *asked: str, var_file: str = "{}") -> dict[str, Variable]:
    """The variables of a legacy template."""
    put(folder, t__json=LEGACY, v__json=var_file)
    (template,) = discover([folder / "t.json"], everywhere(Settings())).templates
    (found,), _ = lower(template, [parse(document)[0] for document in load(template)[0]])
    given = Asked(variables=asked, var_files=(folder / "v.json",), environment=True)
    return {
        it.name: it for it in evaluate(found, gather(given, {"PKR_VAR_x": "e"}, [folder], None)).variables
    }


def test_a_legacy_template_takes_flat_files_and_texts(tmp_path: Path) -> None:
    found = legacy(tmp_path, "y=[1]", var_file='{"x": "${1}", "y": "f", "nobody": "n"}')
    assert {name: plain(it.value) for name, it in found.items()} == {"x": "${1}", "y": "[1]", "z": "${1}"}
    assert [it.origin.kind for it in found.values()] == ["var-file", "var", "default"]
    found = legacy(tmp_path, var_file='{"x": 5, "y": null}')
    assert [it.because for it in found["x"].misfits] == ["a string is required"]
    assert plain(found["y"].value) == ""
    assert isinstance(found["z"].value, Unknown) and not isinstance(found["z"].value, Failure)
    assert isinstance(legacy(tmp_path, "x={{user `y`}}")["x"].value, Unknown)


FLAT = (
    # a variable file, what comes of `x` and `z`
    ('{"x": "${1}"}', "${1} ${1}"),
    ('{"x": "%{if}"}', "%{if} %{if}"),
    ('{"x": 5}', None),
    ('{"x": true}', None),
    ('{"x": ["a"]}', None),
    ('{"x": null}', " "),
    ('{"x": "", "nobody": "n"}', " "),
    ('{"//": "c"}', "d d"),
)


@pytest.mark.parametrize(("var_file", "expected"), FLAT)
def test_flat_files(tmp_path: Path, var_file: str, expected: str | None) -> None:
    found = legacy(tmp_path, var_file=var_file)
    assert bool(found["x"].misfits) is (expected is None)
    if expected is not None:
        assert f"{plain(found['x'].value)} {plain(found['z'].value)}" == expected


@pytest.mark.skipif(PACKER is None, reason="there is no packer to compare with")
@pytest.mark.parametrize(("var_file", "expected"), FLAT)
def test_packer_agrees_on_flat_files(tmp_path: Path, var_file: str, expected: str | None) -> None:
    put(tmp_path, t__json=LEGACY.replace("null,", '"",'), v__json=var_file)
    done = subprocess.run(
        [str(PACKER), "console", "-var-file", "v.json", "t.json"], cwd=tmp_path, check=False,
        input="{{user `x`}} {{user `z`}}\n", capture_output=True, text=True,
    )  # fmt: skip
    assert (done.stdout.rstrip("\n") if not done.returncode else None) == expected


CONDITIONS = (
    # the default, the condition, its answer
    ("5", "var.x > 3", True),
    ("5", "var.x > 7", False),
    ('"ami-1"', 'can(regex("^ami-", var.x))', True),
    ('"img-1"', 'can(regex("^ami-", var.x))', False),
    ('["a", "b"]', "length(var.x) == 2 && contains(var.x, \"b\")", True),
    ('{ a = "" }', 'var.x.a != ""', None),
    ('""', 'var.x != ""', None),
    ("null", "var.x != null", None),
    ("5", "var.x > local.y", None),
    ("5", 'var.x > 3 && file("x") == ""', None),
    ("5", '"true"', None),
    ("5", 'var.x > 3 ? "true" : "false"', True),
)  # fmt: skip


@pytest.mark.parametrize(("default", "condition", "answer"), CONDITIONS)
def test_validations_are_answered(tmp_path: Path, default: str, condition: str, answer: bool | None) -> None:
    block = f'validation {{\n condition = {condition}\n error_message = "No."\n }}'
    put(tmp_path, t__pkr__hcl=f'variable "x" {{\n default = {default}\n {block}\n}}\nlocals {{\n y = 1\n}}')
    (validation,) = variables(tmp_path)["x"].validations
    assert validation.condition is not None
    found = validation.condition.value
    assert found.known(bool) is answer
    assert not isinstance(found, Failure)


@pytest.mark.parametrize("condition", ["[var.x]", "var.x.y", 'var.x == 5 ? "yes" : "no"'])
def test_a_condition_that_answers_neither_yes_nor_no_is_a_failure(tmp_path: Path, condition: str) -> None:
    block = f'validation {{\n condition = {condition}\n error_message = "No."\n }}'
    put(tmp_path, t__pkr__hcl=f'variable "x" {{\n default = 5\n {block}\n}}')
    (validation,) = variables(tmp_path)["x"].validations
    assert validation.condition is not None
    assert isinstance(validation.condition.value, Failure)
    assert validation.condition.value.range is not None


def test_validations_look_at_the_value_that_wins(tmp_path: Path) -> None:
    block = 'validation {\n condition = var.x > 3\n error_message = "No."\n }'
    put(tmp_path, t__pkr__hcl=f'variable "x" {{\n type = number\n default = 5\n {block}\n}}', a__hcl="x = 1")
    for asked, answer in ((Asked(), True), (Asked(var_files=(tmp_path / "a.hcl",)), False)):
        (validation,) = variables(tmp_path, asked)["x"].validations
        assert validation.condition is not None
        assert validation.condition.value.known(bool) is answer


def test_validations_in_json(tmp_path: Path) -> None:
    body = {"default": 1, "validation": {"condition": "${var.x > 3}", "error_message": "No."}}
    put(tmp_path, t__pkr__json=json.dumps({"variable": {"x": body}}))
    (validation,) = variables(tmp_path)["x"].validations
    assert validation.condition is not None
    assert validation.condition.value == Known(False, validation.condition.value.type, default_of="x")
