"""Expressions → values as a real Packer has them: a differential test against `packer console`.

Every `console/<topic>.txt` has one expression a line; empty lines and lines that start with `#` are left out.
Expressions may use what `console/template.pkr.hcl` declares. To add some, write them into a file there, a new
one if need be, and run

    PACKLINT_UPDATE=1 pytest tests/evaluate/test_console.py

with Packer 1.6.6 installed, which asks it for all expressions that `console/answers.json` does not have yet
and writes there what it says:
- `json`: the value as its `jsonencode` writes it;
- `text`: what it prints for a value that has no JSON, one that is infinite or unknown;
- `error`: the first line of its message, where `can` makes false of it;
- `syntax`: the same where nothing does.
Nobody edits that file: wherever Packer 1.6.6 is installed, everything in it is asked again.

The answers are those of 1.6.6, and packlint evaluates as 1.16 does. What may differ is listed in `ACCEPTED`,
by its reason and with packlint's answer, and has to differ.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.evaluate.expression import value_of
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse
from packlint.value import Failure, Known, Unknown, Value

CONSOLE = Path(__file__).parent / "console"
TEMPLATE = CONSOLE / "template.pkr.hcl"
ANSWERS = CONSOLE / "answers.json"
UPDATE = "PACKLINT_UPDATE" in os.environ
UNKNOWN, ERROR = "<unknown>", "<error>"
CHUNK = 1500
"""Characters of the expressions that are asked together."""
Answer = Mapping[str, str]

LOGIC = "HCL 2.24 lets one side of `&&` and `||` decide, whatever the other is, and takes a null for `false`"
NULLS = "go-cty 1.13 compares values that hold a null; before, such a comparison was unknown"
SPLATS = "HCL 2.24 makes an empty tuple of a null without a type; before, a splat of it was unknown"
INFINITE = "packlint does not compute with infinite numbers"
ACCEPTED: dict[str, dict[str, str]] = {
    LOGIC: {
        "null && true": "false",
        "true && null": "false",
        "false && null": "false",
        "null && false": "false",
        "null || true": "true",
        "true || null": "true",
        "null && null": "false",
        "local.no_bool && false": "false",
        "local.no_bool || true": "true",
        "true || nowhere": "true",
        "false && nowhere": "false",
        "nowhere || true": "true",
        "true || local.missing": "true",
        "false && local.tuple[9]": "false",
        "can(false && nowhere)": "true",
    },
    NULLS: {
        "[null] == [null]": "true",
        "[null] == [1]": "false",
        "{ a = null } == {}": "false",
        "{ a = null } == { a = null }": "true",
        "[null, 1] == [null, 1]": "true",
        "[1, null] == [2, null]": "false",
    },
    SPLATS: {
        "null[*]": "[]",
        "null.*": "[]",
        "null[*].a": "[]",
        "null.*.a": "[]",
        "local.nothing[*]": "[]",
        "length(null[*])": "0",
    },
    INFINITE: {
        "1 / 0": UNKNOWN,
        "-1 / 0": UNKNOWN,
        '1 / "0"': UNKNOWN,
        '"inf" + 1': UNKNOWN,
        '"Inf" + 1': UNKNOWN,
        "{ a = 1 / 0 }": UNKNOWN,
        "try(1 / 0, 2)": UNKNOWN,
        "can(1 / 0)": UNKNOWN,
    },
    "go-cty 1.13 makes one list of a list and tuples, objects one map, before it looks for a common type": {
        'true ? local.rows : [{ n = "1" }]': '[{"n": "1"}, {"n": "2"}]',
        "true ? local.rows : [{ m = 1 }]": '[{"n": 1}, {"n": 2}]',
        'true ? (false ? [] : [1]) : ["x"]': '["1"]',
        "true ? local.rows : [{}]": '[{"n": 1}, {"n": 2}]',
        'true ? local.by_name : { x = { n = "1" } }': '{"w": {"n": "2"}, "x": {"n": "1"}}',
        "true ? local.by_name : { x = { m = 1 } }": '{"w": {"n": 2}, "x": {"n": 1}}',
        "true ? local.objects : local.rows": '[{"n": "1", "m": "x"}, {"n": "2", "m": "y"}]',
        "false ? local.objects : local.rows": '[{"n": "1"}, {"n": "2"}]',
        'true ? local.numbers : ["a"]': '["3", "1", "2"]',
        'convert([local.rows, [{ n = "1" }]], list(any))': '[[{"n": "1"}, {"n": "2"}], [{"n": "1"}]]',
    },
    "go-cty 1.13 refuses to make an object of a map that lacks an attribute": {
        "convert(local.map, object({ missing = string }))": ERROR,
    },
    "go-cty 1.13 does not make a list of a null without a type and of what is no text, number or bool": {
        "convert([null, [1]], list(any))": ERROR,
    },
    "HCL 2.24 refuses the type of an object that names an attribute twice": {
        "convert({ a = 1 }, object({ a = string, a = number }))": ERROR,
    },
    "HCL 2.24 has a node for parentheses, and takes no type from within": {
        "convert(1, (string))": ERROR,
    },
    "go-cty 1.13 keeps the precision of a remainder": {
        "1e30 % 7": "1",
        "0.3 % 0.1": "0",
    },
    "what is known of an object without a value may be less than all of its attributes": {
        "convert([], list(object({ a = string })))[*].b": "[]",
    },
    "go-cty 1.13 rounds numbers beyond 64 bits; before, they became the smallest one": {
        "ceil(1e30)": "1000000000000000000000000000000",
        "floor(12345678901234567890.5)": "12345678901234567890",
        "floor(1e20)": "100000000000000000000",
    },
    "go-cty 1.13 and go-cidr 1.1 refuse a negative position": {
        'cidrsubnet("10.0.0.0/16", 8, -1)': ERROR,
        'element(["a"], -1)': ERROR,
    },
    "go-cty 1.13 computes nothing with a null that has no type": {
        'format("%#v", null)': UNKNOWN,
        'format("%d", null)': UNKNOWN,
        'format("%s", null)': UNKNOWN,
        'format("%v", null)': UNKNOWN,
        'formatlist("%s", null)': UNKNOWN,
    },
    "go-cty 1.13 keeps what is quoted in the format of a date, and checks the offset of a timestamp": {
        """formatdate("'abc'", "2024-02-03T04:05:06Z")""": '"abc"',
        """formatdate("'it''s'", "2024-02-03T04:05:06Z")""": '"it\'s"',
        'formatdate("hh", "2024-02-03T04:05:06+25:00")': ERROR,
    },
    "`index` finds the position of a value since Packer 1.7; before, the element at one": {
        'index(["a", "b"], "b")': "1",
        'index(["a", "b"], 0)': ERROR,
        'index(["a", "b"], 1)': ERROR,
    },
    "go-cty 1.13 takes nulls for empty maps, and writes one as JSON": {
        "jsonencode(null)": '"null"',
        "merge()": "{}",
        "merge(null)": "{}",
        "merge(null, null)": "{}",
    },
    "go-cty 1.13 finds the type that sets of lists and objects have in common": {
        "setunion([[1]], [[2]])": "[[1], [2]]",
        'setunion([{a = 1}], [{a = "x"}])': '[{"a": "1"}, {"a": "x"}]',
    },
    "the last digit of Go's logarithms depends on the processor": {
        f"log({arguments})": UNKNOWN for arguments in ("100, 10", "1024, 2", "16, 4", "50, 10", "8, 2")
    },
    "packlint does not compute with infinite numbers, either when a function makes them": {
        "log(0, 10)": UNKNOWN,
        "log(10, 1)": UNKNOWN,
        "pow(10, 400)": UNKNOWN,
        'yamldecode("[.inf]")': UNKNOWN,
    },
    "packlint has no zero with a sign": {
        "jsonencode(-0)": '"0"',
        '"a${-0}"': '"a0"',
        '"a${0 * -1}"': '"a0"',
        '"a${-(1 - 1)}"': '"a0"',
    },
    "packlint looks nothing up that needs all of Unicode's tables": {
        'length("\U0001f468\u200d\U0001f469\u200d\U0001f467")': UNKNOWN,
        'strrev("\U0001f468\u200d\U0001f469\u200d\U0001f467x")': UNKNOWN,
        'regex_replace("p\u00e4ck", "\\\\pL", "x")': UNKNOWN,
        'regex_replace("p\u00e4ck", "\\\\p{Greek}", "x")': UNKNOWN,
    },
    "packlint takes no value from what the clock and chance make, not even its length": {
        """formatdate("''", timestamp())""": UNKNOWN,
        "length(timestamp())": UNKNOWN,
        "length(uuidv4())": UNKNOWN,
    },
    "packlint's calendar begins with the year 1": {
        'formatdate("YYYY", "0000-01-01T00:00:00Z")': UNKNOWN,
        'timeadd("0000-01-01T00:00:00Z", "-1h")': UNKNOWN,
    },
    "Packer's answer is a slip of its library, which a later one may mend": {
        'cidrhost("::ffff:10.0.0.0/120", 1)': UNKNOWN,
        'cidrsubnet("10.0.0.0/16", -1, 0)': UNKNOWN,
    },
    "PyYAML and Go's libyaml differ in where a tab may stand: packlint tells of no error there": {
        'yamldecode("\\ta: 1")': UNKNOWN,
        'yamldecode("a:\\n\\t- 1")': UNKNOWN,
    },
}
"""Why packlint evaluates otherwise than Packer 1.6.6 → expressions, each with the JSON of its value in 1.16.

Those answers are what HCL 2.24.0 says with Packer's fork of go-cty 1.13.3.
"""


@cache
def expressions() -> tuple[str, ...]:
    """All expressions of all files, each once."""
    lines = (line for path in sorted(CONSOLE.glob("*.txt")) for line in path.read_text("utf-8").splitlines())
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip() and not line.startswith("#")))


@cache
def answers() -> Mapping[str, Answer]:
    """What Packer 1.6.6 said."""
    recorded: Mapping[str, Answer] = json.loads(ANSWERS.read_text("utf-8")) if ANSWERS.exists() else {}
    return recorded


@cache
def packer() -> str | None:
    """The program, where it is the version that the answers are from."""
    found = shutil.which("packer")
    if found is None:
        return None
    version = subprocess.run([found, "version"], capture_output=True, text=True, check=False).stdout
    return found if "v1.6.6" in version else None


def typed(line: str) -> subprocess.CompletedProcess[str]:
    """What Packer's console does with one line."""
    return subprocess.run(
        [str(packer()), "console", "--config-type=hcl2", str(TEMPLATE)],
        input=line + "\n",
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def asked(expression: str) -> Answer:
    """Packer's answer for one expression: why it has no value, else the value's JSON."""
    alone = typed(expression)
    said = re.search(r"^(?:Error|panic): (.*)$", alone.stdout + alone.stderr, re.MULTILINE)
    if alone.returncode and said:
        return {"error" if typed(f"can({expression})").stdout.strip() == "false" else "syntax": said[1]}
    encoded = typed(f"jsonencode([{expression}])")
    text = encoded.stdout.strip()
    return {"json": text[1:-1]} if text.startswith("[") else {"text": alone.stdout.strip()}


def asked_together(kind: str, chunk: tuple[str, ...]) -> dict[str, Answer]:
    """Packer's answers for expressions that all had the same kind of answer: at once if they still have."""
    if kind in ("json", "error"):
        form = "jsonencode([{}])" if kind == "json" else "can({})"
        done = typed(f"jsonencode([{', '.join(map(form.format, chunk))}])")
        found = json.loads(done.stdout) if done.returncode == 0 else ()
        if kind == "json" and len(found) == len(chunk):
            return {each: {"json": text[1:-1]} for each, text in zip(chunk, found, strict=True)}
        if found == [False] * len(chunk):
            return {each: answers()[each] for each in chunk}
    return {expression: asked(expression) for expression in chunk}


def all_asked(wanted: Iterable[str]) -> dict[str, Answer]:
    """Packer's answers; the record only tells which expressions may be asked together."""
    chunks: list[tuple[str, list[str]]] = []
    kinds = {each: next(iter(answers().get(each, {"": ""}))) for each in wanted}
    for expression, kind in sorted(kinds.items(), key=itemgetter(1)):
        if not chunks or chunks[-1][0] != kind or sum(map(len, chunks[-1][1])) > CHUNK:
            chunks.append((kind, []))
        chunks[-1][1].append(expression)
    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(asked_together, kind, tuple(chunk)) for kind, chunk in chunks]
        return dict(sorted(pair for answered in asking for pair in answered.result().items()))


@cache
def scope() -> Scope:
    """What the template declares, evaluated by packlint."""
    text = TEMPLATE.read_text("utf-8")
    file, problems = parse(Document(TEMPLATE.name, text))
    assert problems == ()
    files = Files(CONSOLE)
    (configuration,), told = lower(Template(".", (TEMPLATE.name,), files), [file])
    assert told == ()
    found = evaluate(configuration)
    names: dict[str, Value] = {
        "var": Known({variable.name: variable.value for variable in found.variables}),
        "local": Known({local.name: local.value for local in found.locals}),
    }
    return Scope(names, files)


def ours(expression: str) -> Any:
    """Packlint's value as data; `Failure` and `Unknown` where that is what anything in it is."""
    file, problems = parse(Document("t.pkr.hcl", f"x = {expression}\n"))
    if problems:
        return Failure
    value = value_of(file.body.attributes[0].expression, scope())
    kinds = {type(inner) for inner in within(value)}
    return next((kind for kind in (Failure, Unknown) if kind in kinds), None) or data(value)


def within(value: Value) -> Iterator[Value]:
    """The value and all that it holds."""
    yield value
    inner = value.data if isinstance(value, Known) else None
    held = inner.values() if isinstance(inner, Mapping) else inner if isinstance(inner, tuple) else ()
    for item in held:
        yield from within(item)


def data(value: Value) -> Any:
    """A known value as plain data, in which `1` and `true` differ."""
    assert isinstance(value, Known)
    inner = value.data
    if isinstance(inner, Mapping):
        return {name: data(item) for name, item in sorted(inner.items())}
    if isinstance(inner, tuple):
        return [data(item) for item in inner]
    return Decimal(inner) if isinstance(inner, int) and not isinstance(inner, bool) else inner


def agree(expression: str, answer: Answer) -> bool:
    """Whether packlint's value is Packer's, or both have none."""
    found = ours(expression)
    if "json" not in answer:
        return found is (Unknown if answer.get("text") == UNKNOWN else None if "text" in answer else Failure)
    theirs = json.loads(answer["json"], parse_int=Decimal, parse_float=Decimal)
    return found == theirs and shape(found) == shape(theirs)


def shape(found: Any) -> Any:
    """The types of plain data: Python takes `1` and `True` for equal."""
    if isinstance(found, dict):
        return {name: shape(item) for name, item in found.items()}
    return [shape(item) for item in found] if isinstance(found, list) else type(found)


def test_every_expression_has_an_answer() -> None:
    if UPDATE:
        assert packer(), "the answers are Packer's 1.6.6, which is not installed"
        found = {**answers(), **all_asked(each for each in expressions() if each not in answers())}
        kept = {expression: found[expression] for expression in sorted(expressions())}
        lines = (f"{json.dumps(expression)}: {json.dumps(answer)}" for expression, answer in kept.items())
        ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        answers.cache_clear()
    assert sorted(answers()) == sorted(expressions())
    assert len(expressions()) >= 600


def test_values_are_those_of_packer() -> None:
    accepted = {each: answer for listed in ACCEPTED.values() for each, answer in listed.items()}
    differing = {each for each in expressions() if not agree(each, answers()[each])}
    told = [f"{each}: {answers()[each]} but {ours(each)}"[:500] for each in sorted(differing - set(accepted))]
    assert not told, "\n".join(told)
    assert set(accepted) == differing, "a difference that is listed is none"
    kinds = {UNKNOWN: {"text": UNKNOWN}, ERROR: {"error": ""}}
    others = [each for each, text in accepted.items() if not agree(each, kinds.get(text, {"json": text}))]
    assert others == [], "a difference is not the one that is listed"


@pytest.mark.parametrize(
    ("expression", "answer", "expected"),
    [
        ("1", {"json": "1"}, True),
        ("1", {"json": "1.0"}, True),
        ("1", {"json": "2"}, False),
        ("1", {"json": '"1"'}, False),
        ("true", {"json": "1"}, False),
        ("[1, {a = 2}]", {"json": '[1,{"a":2}]'}, True),
        ("[1, {a = 2}]", {"json": '[1,{"a":true}]'}, False),
        ("nowhere", {"error": "Unknown variable"}, True),
        ("[nowhere]", {"error": "Unknown variable"}, True),
        ("1 +", {"syntax": "Invalid expression"}, True),
        ("1", {"error": "Invalid expression"}, False),
        ("nowhere", {"json": "1"}, False),
        ("timestamp()", {"json": "1"}, False),
        ("timestamp()", {"error": "Invalid expression"}, False),
    ],
)
def test_differences_are_seen(expression: str, answer: Answer, expected: bool) -> None:
    assert agree(expression, answer) is expected


def test_the_answers_are_those_of_packer() -> None:
    if packer() is None:
        pytest.skip("packer 1.6.6 is not installed")
    again = all_asked(expressions())
    assert [each for each in expressions() if again[each] != answers()[each]] == []
