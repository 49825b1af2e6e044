"""Calls of Packer's functions → values: hand-written tables, and the installed Packer as the judge."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from packlint.evaluate.functions import NAMES, UNEVALUATED, find
from packlint.evaluate.functions.encoding import json_text
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.value import BOOL, STRING, Failure, Known, Type, Unknown, Value

Evaluate = Callable[..., Value]
Plain = Callable[[Value], Any]
FACTS = Path(__file__).resolve().parents[3] / "shared" / "reference" / "packer-facts.json"

OLD = [
    # what Packer 1.6 has, too
    ("abs(-1.5)", Decimal("1.5")),
    ("ceil(1.2)", 2),
    ("floor(-1.2)", -2),
    ("signum(-7)", -1),
    ("pow(2, 10)", 1024),
    ("pow(2.5, 2)", Decimal("6.25")),
    ('parseint("FF", 16)', 255),
    ('parseint("zZ", 62)', 2231),
    ("min(3, 1, 2)", 1),
    ('max(3, "10", 2)', 10),
    ('upper("stra\u00dfe")', "STRA\u00dfE"),
    ('lower("ABC")', "abc"),
    ('title("hello world-foo bar_baz")', "Hello World-Foo Bar_baz"),
    ('chomp("a\\r\\n\\n")', "a"),
    ('indent(2, "a\\nb\\n")', "a\n  b\n  "),
    ('join(",", ["a", "b"], ["c"])', "a,b,c"),
    ('split(",", "a,b,")', ["a", "b", ""]),
    ('split("", "abc")', ["a", "b", "c"]),
    ('replace("a.b.c", ".", "-")', "a-b-c"),
    ('strrev("abc")', "cba"),
    ('substr("hello", 1, 3)', "ell"),
    ('substr("hello", -3, 2)', "ll"),
    ('substr("hello", 1, -1)', "ello"),
    ('substr("hello", 9, 2)', ""),
    ('trim("xxaxx", "x")', "a"),
    ('trimprefix("abc", "ab")', "c"),
    ('trimsuffix("abc", "bc")', "a"),
    ('trimspace("  a\\t\\n")', "a"),
    ('format("%s-%05d|%-5d|%+d", "a", 42, 7, 3)', "a-00042|7    |+3"),
    ('format("%.2f %8.3f| %g", 2.676, 3.14159, 0.5)', "2.68    3.142| 0.5"),
    ('format("%v %v %v", 1234567, [1, "a"], true)', '1.234567e+06 [1,"a"] true'),
    ('format("%[2]s %[1]q %%", "a", "b")', 'b "a" %'),
    ('format("%5.1s|%x|%t", "abc", 255, "true")', "    a|ff|true"),
    ('formatlist("%s-%s", ["a", "b"], "c")', ["a-c", "b-c"]),
    ('regex_replace("hello", "(l+)", "<$1>")', "he<ll>o"),
    ('regex_replace("abc", "", "-")', "-a-b-c-"),
    ('regex_replace("baac", "a*", "-")', "-b-c-"),
    ('chunklist(["a", "b", "c"], 2)', [["a", "b"], ["c"]]),
    ('coalesce("", "a")', "a"),
    ('coalescelist([], ["a"])', ["a"]),
    ('compact(["a", "", "b"])', ["a", "b"]),
    ('concat(["a"], [1])', ["a", 1]),
    ('contains(["a", "b"], "b")', True),
    ('contains([1], "1")', False),
    ('distinct(["a", "b", "a"])', ["a", "b"]),
    ('element(["a", "b"], 3)', "b"),
    ('flatten([["a"], ["b", ["c"]]])', ["a", "b", "c"]),
    ('index(["a", "b"], "b")', 1),
    ("keys({b = 1, a = 2})", ["a", "b"]),
    ("values({b = 1, a = 2})", [2, 1]),
    ('length("abc")', 3),
    ("length({a = 1})", 1),
    ('lookup({a = 1}, "b", 2)', 2),
    ('merge({a = 1}, {a = "x", b = 2})', {"a": "x", "b": 2}),
    ("range(1, 10, 3)", [1, 4, 7]),
    ("range(3, 0)", [3, 2, 1]),
    ("range(0, 1, 0.25)", [0, Decimal("0.25"), Decimal("0.5"), Decimal("0.75")]),
    ('reverse(["a", "b"])', ["b", "a"]),
    ('slice(["a", "b", "c"], 1, 2)', ["b"]),
    ('sort(["b", "a", "C"])', ["C", "a", "b"]),
    ('zipmap(["a", "b"], [1, "x"])', {"a": 1, "b": "x"}),
    ('setunion(["b"], ["b", "a"])', ["a", "b"]),
    ('setintersection(["a", "b"], ["b", "c"])', ["b"]),
    ('setproduct(["a", "b"], [1])', [["a", 1], ["b", 1]]),
    (
        'jsonencode({b = 1.5, a = [true, null, "<\u00e9>"]})',
        '{"a":[true,null,"\\u003c\u00e9\\u003e"],"b":1.5}',
    ),
    ('jsondecode("{\\"a\\": [1, 2.50, null]}")', {"a": [1, Decimal("2.5"), None]}),
    ('csvdecode("a,b\\n1,\\"x,y\\"\\n")', [{"a": "1", "b": "x,y"}]),
    ('base64encode("h\u00e9llo")', "aMOpbGxv"),
    ('base64decode("aMOpbGxv")', "h\u00e9llo"),
    ('urlencode("a b/c?\u00e9~")', "a+b%2Fc%3F%C3%A9~"),
    ('md5("a")', "0cc175b9c0f1b6a831c399e269772661"),
    ('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
    ('sha256("")', "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ('substr(sha512("a"), 0, 8)', "1f40fc92"),
    ('uuidv5("dns", "example.com")', "cfbff0d1-9375-5685-968c-48ce8b15ae17"),
    ('formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2024-02-03T04:05:06Z")', "Sat, 03 Feb 2024 04:05:06 UTC"),
    ('formatdate("YYYYMMDD\'T\'HHAA Z", "2024-02-03T14:05:06+02:00")', "20240203T02PM +02:00"),
    ('timeadd("2024-12-31T23:59:59Z", "1.5h")', "2025-01-01T01:29:59Z"),
    ('cidrhost("10.0.0.0/24", -1)', "10.0.0.255"),
    ('cidrnetmask("10.0.0.0/20")', "255.255.240.0"),
    ('cidrsubnet("10.0.0.0/16", 8, 2)', "10.0.2.0/24"),
    ('cidrsubnets("10.0.0.0/16", 4, 4, 8)', ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/24"]),
    ('basename("a/b/")', "b"),
    ('dirname("a//b/c.txt")', "a/b"),
    ('dirname("c.txt")', "."),
    ('try([][0], "x")', "x"),
    ("can([][0])", False),
    ('convert(["b", "a"], set(string))', ["a", "b"]),
]
NEW = [
    ("alltrue([true, true])", True),
    ("alltrue([])", True),
    ("anytrue([false, true])", True),
    ("anytrue([])", False),
    ('sum([1, "2", 0.5])', Decimal("3.5")),
    ('startswith("abc", "ab")', True),
    ('endswith("abc", "ab")', False),
    ('strcontains("abc", "b")', True),
    ('regex("[a-z]+", "12abc3")', "abc"),
    ('regex("(\\\\d+)-(\\\\d+)", "10-20")', ["10", "20"]),
    ('regex("(?P<a>\\\\d+)-(?P<b>x)?", "10-")', {"a": "10", "b": None}),
    ('regex("(?i)ABC$", "xabc")', "abc"),
    ('regexall("[a-z]", "a1b2")', ["a", "b"]),
    ('regexall("x", "y")', []),
    ('textencodebase64("ab", "UTF-16LE")', "YQBiAA=="),
    ('textdecodebase64("YQBiAA==", "UTF-16LE")', "ab"),
    ('rfc3339_parse("2024-12-30 23:05:06+02:00").iso_week', 1),
    ('rfc3339_parse("1970-01-01T00:00:01Z").unix', 1),
    ("unix_timestamp_parse(0).rfc3339", "1970-01-01T00:00:00Z"),
]


@pytest.mark.parametrize(("text", "expected"), OLD + NEW)
def test_function(text: str, expected: object, value: Evaluate, plain: Plain) -> None:
    found = plain(value(text))
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


REFUSED = [
    "min()",
    "sum([])",
    'join(",")',
    'split(",")',
    'indent(-1, "a")',
    'parseint("8", 8)',
    "parseint(5, 10)",
    "signum(1.5)",
    'format("%d", 1.5)',
    'format("%s")',
    'format("a", "b")',
    'format("%z", 1)',
    'format("%")',
    'formatlist("%s%s", ["a"], ["b", "c"])',
    'coalesce("", null)',
    "coalescelist([], [])",
    "element([], 0)",
    'element(["a"], -1)',
    'index(["a"], "c")',
    "range(0, 10, 0)",
    "range(2000)",
    'slice(["a"], 0, 2)',
    'zipmap(["a"], [1, 2])',
    "merge({}, [])",
    "keys([])",
    "length(5)",
    'jsondecode("{")',
    'jsondecode("NaN")',
    'csvdecode("a,b\\n1\\n")',
    'base64decode("!!")',
    'base64decode("/w==")',
    'formatdate("YYY", "2024-02-03T04:05:06Z")',
    'formatdate("YYYY", "2024-02-30T00:00:00Z")',
    'timeadd("2024-02-03T04:05:06Z", "1d")',
    'cidrhost("10.0.0.0/24", 256)',
    'cidrsubnet("10.0.0.0/16", 8, 256)',
    'cidrnetmask("nowhere")',
    'uuidv5("nope", "x")',
    'regex("(a", "a")',
    'lookup([1], "a", 1)',
    'sort(["a", null])',
]


@pytest.mark.parametrize("text", REFUSED)
def test_function_refuses(text: str, value: Evaluate) -> None:
    assert isinstance(value(text), Failure)


NOT_COMPUTED = [
    ('vault("a", "b")', STRING),
    ('consul_key("a")', STRING),
    ("uuidv4()", STRING),
    ('bcrypt("a")', STRING),
    ("legacy_isotime()", STRING),
    ('legacy_strftime("%Y")', STRING),
    ('abspath("a")', STRING),
    ('pathexpand("~/a")', STRING),
    ('templatefile("a", {})', STRING),
    ('fileset(".", "*")', Type("set", STRING)),
    ('filebase64("a")', STRING),
    ('fileexists("a")', BOOL),
    ('regex("[[:alpha:]]", "a")', None),
    ('regex("a\\\\pL", "a")', None),
]


@pytest.mark.parametrize(("text", "type_"), NOT_COMPUTED)
def test_what_is_left_to_the_build(text: str, type_: Type | None, value: Evaluate) -> None:
    found = value(text)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert type_ is None or found.type == type_


def test_files(tmp_path: Path, value: Evaluate) -> None:
    root = tmp_path / "root"
    (root / "images").mkdir(parents=True)
    (root / "images" / "motd").write_text("hello\n", encoding="utf-8")
    (root / "images" / "stand-in.sh").write_bytes(b"")
    (root / "images" / "picture").write_bytes(b"\xff\xfe")
    (tmp_path / "outside").write_text("no", encoding="utf-8")
    scope = Scope({}, Files(root), "images")
    assert value('file("motd")', scope) == Known("hello\n", STRING)
    assert value('file("./motd")', scope) == Known("hello\n", STRING)
    assert value('fileexists("motd")', scope) == Known(True, BOOL)
    assert value('fileexists("stand-in.sh")', scope) == Known(True, BOOL)
    assert value('file("stand-in.sh")', scope) == Unknown('"stand-in.sh" is empty', STRING)
    assert value('file("absent")', scope) == Unknown('"absent" cannot be read', STRING)
    assert value('file("../../outside")', scope) == Unknown('"../../outside" cannot be read', STRING)
    assert value('file("/etc/hostname")', scope).because == '"/etc/hostname" lies outside the checked root'
    assert value('file("~/x")', scope).because == '"~/x" lies outside the checked root'
    assert isinstance(value('file("picture")', scope), Failure)
    assert isinstance(value('fileexists("../../outside")', scope), Unknown)
    assert value('fileexists("absent")', scope) == Unknown('"absent" does not exist yet', BOOL)


def test_every_function_takes_as_many_arguments_as_in_packer() -> None:
    if not FACTS.is_file():
        pytest.skip("the facts of Packer are not beside the project")
    facts = {fact["name"]: fact for fact in json.loads(FACTS.read_text(encoding="utf-8"))["functions"]}
    assert facts.keys() == NAMES
    for name in NAMES - UNEVALUATED:
        function, fact = find(name), facts[name]
        assert function is not None
        fixed = len(fact["declared_fixed_params"])
        assert len(function.parameters) == fixed, name
        most = fixed if function.rest is None else function.most
        assert most == fact["max_args"], name


def test_packer_agrees(value: Evaluate) -> None:
    """One run of Packer for the whole table: every value as JSON, by its own `jsonencode`."""
    packer = shutil.which("packer")
    if packer is None:
        pytest.skip("packer is not installed")
    texts = [text for text, _ in OLD + OPERATORS]
    parts = ", ".join(f'try(jsonencode({text}), "refused")' for text in texts)
    command = [packer, "console", "--config-type=hcl2"]
    line = f"jsonencode([{parts}])\n"
    run = subprocess.run(command, input=line, capture_output=True, text=True, timeout=60, check=False)
    theirs = json.loads(run.stdout)
    ours = [json_text(value(text)) for text in texts]
    differing = {
        text: found for text, *found in zip(texts, ours, theirs, strict=True) if found[0] != found[1]
    }
    assert differing.keys() <= CHANGED_SINCE, differing


CHANGED_SINCE = {'index(["a", "b"], "b")'}
"""Packer 1.6 looks an element up by its key; since 1.7 `index` finds the position of a value."""

OPERATORS: list[tuple[str, object]] = [
    (text, None)
    for text in [
        '"${1/3}"',
        "0.1 + 0.2",
        "-10 % 3",
        "10.5 % 3",
        '"${1.1 * 1.1}"',
        "1 / 3 * 3 == 1",
        '1 == "1"',
        'true ? 1 : "a"',
        'true ? [1, 2] : ["a"]',
        "true ? {a = 1} : {b = 2}",
        "[{a = 1}, {a = 2}][*].a",
        '{for i, x in ["a", "b", "a"]: x => i...}',
        '[for k, v in {b = 1, a = 2}: "${k}${v}"]',
        '"%{for x in [1, 2]}${x},%{endfor}"',
        "[1] == [1]",
        '{"1" = 2}[1]',
        'convert([10, "9", 1], set(any))',
        'convert({a = 1, b = "x"}, map(string))',
        "1.50",
        "123456789012345678901234567890",
    ]
]
