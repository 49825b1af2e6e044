"""Calls of functions → values: what Packer 1.6.6 has not, what is not known, files, and where a call fails.

Every function that Packer 1.6.6 has is held against it by `console/functions_*.txt`; the values here are
those of the libraries that Packer 1.16 is made of, or follow from its documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from packlint.evaluate.functions import NAMES, UNEVALUATED, call, find
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.functions import SINCE
from packlint.parse import parse_template
from packlint.value import ANY, BOOL, NUMBER, STRING, Failure, Known, Type, Unknown, Value

Evaluate = Callable[..., Value]
Plain = Callable[[Value], Any]
CONSOLE = Path(__file__).parent / "console"
FACTS = Path(__file__).resolve().parents[3] / "shared" / "reference" / "packer-facts.json"
LISTS = Type("list", STRING)
OBJECT = Type("object", attributes=(("a", STRING), ("b", NUMBER)))
UNKNOWNS: dict[str, Value] = {
    "any": Unknown("?"),
    "word": Unknown("?", STRING),
    "number": Unknown("?", NUMBER),
    "on": Unknown("?", BOOL),
    "texts": Unknown("?", LISTS),
    "numbers": Unknown("?", Type("list", NUMBER)),
    "set": Unknown("?", Type("set", STRING)),
    "map": Unknown("?", Type("map", STRING)),
    "pair": Unknown("?", Type("tuple", elements=(STRING, NUMBER))),
    "object": Unknown("?", OBJECT),
}

NEW = [
    ("alltrue([true, true])", True),
    ('alltrue(["true", true])', True),
    ("alltrue([])", True),
    ("alltrue([true, null])", False),
    ("anytrue([false, true])", True),
    ("anytrue([null, true])", True),
    ("anytrue([null])", False),
    ("anytrue([])", False),
    ('sum([1, "2", 0.5])', Decimal("3.5")),
    ("sum(convert([1, 1, 2], set(number)))", 3),
    ('startswith("abc", "ab")', True),
    ('startswith("abc", "abcd")', False),
    ('endswith("abc", "ab")', False),
    ("endswith(1, 1)", True),
    ('strcontains("abc", "b")', True),
    ('strcontains("", "a")', False),
    ('regex("[a-z]+", "12abc3")', "abc"),
    ('regex("(\\\\d+)-(\\\\d+)", "10-20")', ["10", "20"]),
    ('regex("(?P<a>\\\\d+)-(?P<b>x)?", "10-")', {"a": "10", "b": None}),
    ('regex("(?i)ABC$", "xabc")', "abc"),
    ('regex("", "abc")', ""),
    ('regexall("[a-z]", "a1b2")', ["a", "b"]),
    ('regexall("x", "y")', []),
    ('regexall("a*", "baac")', ["", "aa", ""]),
    ('regexall("\\\\B", "")', [""]),
    ('regexall("(?m)^#.*$", "#a\\nb\\n#c")', ["#a", "#c"]),
    ('regexall("[[:alpha:]_]+", "a_1-B")', ["a_", "B"]),
    ('regexall("\\\\Qa.\\\\E", "a.ab")', ["a."]),
    ('regexall("\\\\x61|\\\\x{e9}", "a\u00e9")', ["a", "\u00e9"]),
    ('regexall("(?P<k>\\\\w)=(?P<v>\\\\w)", "a=1")', [{"k": "a", "v": "1"}]),
    ('textencodebase64("ab", "UTF-16LE")', "YQBiAA=="),
    ('textencodebase64("\u00e9\u20ac", "UTF-16BE")', "AOkgrA=="),
    ('textencodebase64("\u00e9", "ISO-8859-1")', "6Q=="),
    ('textdecodebase64("YQBiAA==", "UTF-16LE")', "ab"),
    ('textdecodebase64("6Q==", "ISO-8859-1")', "\u00e9"),
    ('rfc3339_parse("2024-12-30 23:05:06+02:00").iso_week', 1),
    ('rfc3339_parse("2024-12-30 23:05:06+02:00").weekday_name', "Monday"),
    ('rfc3339_parse("1970-01-01T00:00:01Z").unix', 1),
    ('rfc3339_parse("1969-12-31T23:59:59.5Z").unix', -1),
    ('rfc3339_parse("2023-07-25T5:43:16,5Z").hour', 5),
    ("unix_timestamp_parse(0).rfc3339", "1970-01-01T00:00:00Z"),
    ("unix_timestamp_parse(-1).rfc3339", "1969-12-31T23:59:59Z"),
    ('unix_timestamp_parse("1700000000").weekday_name', "Tuesday"),
    ('index([1, "1"], "1")', 1),
    ("merge({a = 1}, null)", {"a": 1}),
    ('yamlencode({a = ["x\\n", null]})', '"a":\n- |\n  x\n- null\n'),
    ('yamldecode("a: &x [1, yes]\\nb: *x\\n")', {"a": [1, True], "b": [1, True]}),
]


@pytest.mark.parametrize(("text", "expected"), NEW)
def test_function(text: str, expected: object, value: Evaluate, plain: Plain) -> None:
    found = plain(value(text))
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    "text",
    [
        "alltrue([1])",
        'alltrue("x")',
        "anytrue({})",
        "sum([])",
        "sum([true])",
        "sum([1, null])",
        "sum({a = 1})",
        'startswith(null, "a")',
        'startswith("a")',
        'regex("x", "y")',
        'regex("(a", "a")',
        'regex("(?P<a>\\\\d+)-(x)?", "10-")',
        'regex("a**", "a")',
        'regex("(?=a)", "a")',
        'regex("(a)\\\\1", "aa")',
        'regex("a{1001}", "a")',
        'regex("[[:nope:]]", "a")',
        'textencodebase64("\u20ac", "ISO-8859-1")',
        'textdecodebase64("/w==", "UTF-8")',
        'textdecodebase64("77+9", "UTF-8")',
        'rfc3339_parse("2023-02-30T00:00:00Z")',
        'rfc3339_parse("2023-07-25t23:43:16z")',
        "unix_timestamp_parse(1.5)",
        "unix_timestamp_parse(99999999999999999999)",
        "base64gzip(null)",
        "filebase64()",
        "index([], 1)",
        "index({a = 1}, 1)",
    ],
)
def test_function_refuses(text: str, value: Evaluate) -> None:
    assert isinstance(value(text), Failure)


@pytest.mark.parametrize(
    ("text", "type_", "because"),
    [
        ('vault("a", "b")', STRING, "`vault` asks Vault"),
        ('consul_key("a")', STRING, "`consul_key` asks Consul"),
        ('aws_secretsmanager("a", "b")', STRING, "`aws_secretsmanager` asks AWS Secrets Manager"),
        ('aws_secretsmanager_raw("a")', STRING, "`aws_secretsmanager_raw` asks AWS Secrets Manager"),
        ("timestamp()", STRING, "`timestamp` is the time of the build"),
        ("legacy_isotime()", STRING, "`legacy_isotime` is the time at which Packer starts"),
        ('legacy_strftime("%Y")', STRING, "`legacy_strftime` is the time at which Packer starts"),
        ("uuidv4()", STRING, "`uuidv4` makes a value up by chance"),
        ('bcrypt("a", 10)', STRING, "`bcrypt` adds a salt by chance"),
        (
            'rsadecrypt("eA==", "-----BEGIN x")',
            STRING,
            "`rsadecrypt` is not computed: packlint uses no private keys",
        ),
        ('base64gzip("a")', STRING, "the bytes of `base64gzip` are those of Go's compressor"),
        ('abspath("a")', STRING, "`abspath` starts from the directory in which Packer runs"),
        ('filebase64("a")', STRING, "`filebase64` starts from the directory in which Packer runs"),
        ('pathexpand("~/a")', STRING, "`pathexpand` asks for the home of who runs the build"),
        ('templatefile("a", {})', ANY, "no files can be read here"),
        ('fileset(".", "*")', Type("set", STRING), "no files can be read here"),
        ('fileexists("a")', BOOL, "no files can be read here"),
        ('regex("a\\\\pL", "a")', ANY, "a regular expression that is not computed"),
        ("log(50, 10)", NUMBER, "the last digit of `log` depends on the processor"),
        ('format("%s", null)', ANY, "the type of null is not known"),
        ('yamldecode("null")', ANY, "Packer takes a document that is null for a value it does not know"),
        ("upper(timestamp())", STRING, "`timestamp` is the time of the build"),
    ],
)
def test_what_is_left_to_the_build(text: str, type_: Type, because: str, value: Evaluate) -> None:
    found = value(text)
    assert found == Unknown(because, type_)
    assert not isinstance(found, Failure)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("upper(any)", "string"),
        ("abs(any)", "number"),
        ("chunklist(texts, 2)", "list(list(string))"),
        ('chunklist(["a"], number)', "list(list(string))"),
        ('coalesce(number, "a")', "string"),
        ('coalesce(any, "a")', "string"),
        ('coalescelist(texts, ["a"])', "any"),
        ("compact(texts)", "list(string)"),
        ("concat(texts, numbers)", "list(string)"),
        ('concat(pair, ["a"])', "tuple([string, number, string])"),
        ('concat(texts, ["a"])', "any"),
        ('contains(texts, "a")', "bool"),
        ('contains(any, "a")', "any"),
        ("distinct(texts)", "list(string)"),
        ("element(texts, 0)", "string"),
        ("element(pair, 3)", "number"),
        ("element(pair, number)", "any"),
        ("flatten(texts)", "any"),
        ('index(texts, "a")', "number"),
        ("keys(map)", "list(string)"),
        ("values(map)", "list(string)"),
        ("values(object)", "tuple([string, number])"),
        ("length(word)", "number"),
        ("length(any)", "number"),
        ('lookup(map, "a", 1)', "string"),
        ('lookup(object, "b", "x")', "number"),
        ('lookup(object, "c", "x")', "string"),
        ("merge(map, map)", "map(string)"),
        ("merge(object, {c = 1})", "object({a=string, b=number, c=number})"),
        ("merge(map, {a = 1})", "any"),
        ("reverse(set)", "list(string)"),
        ("reverse(pair)", "tuple([number, string])"),
        ("slice(pair, 0, 1)", "tuple([string])"),
        ("slice(texts, number, 1)", "list(string)"),
        ("sort(texts)", "list(string)"),
        ('zipmap(["a", "b"], pair)', "object({a=string, b=number})"),
        ("zipmap(texts, numbers)", "map(number)"),
        ("zipmap(texts, pair)", "any"),
        ("setunion(numbers, set)", "set(string)"),
        ('setproduct(set, ["a"])', "set(tuple([string, string]))"),
        ("setproduct(pair, pair)", "list(tuple([string, string]))"),
        ("jsonencode([word])", "string"),
        ("jsondecode(word)", "any"),
        ("csvdecode(word)", "any"),
        ("yamlencode({a = word})", "string"),
        ("yamldecode(word)", "any"),
        ('regex("a", word)', "string"),
        ('regex("(a)(b)", word)', "tuple([string, string])"),
        ('regexall("(?P<x>a)", word)', "list(object({x=string}))"),
        ('regexall(word, "a")', "list(any)"),
        ('format("%s", word)', "string"),
        ('formatlist("%s", texts)', "list(string)"),
        ("rfc3339_parse(word).year", "number"),
        ("unix_timestamp_parse(number).rfc3339", "string"),
        ("range(number)", "list(number)"),
        ("split(word, word)", "list(string)"),
        ("alltrue([true, on])", "bool"),
        ("fileset(word, word)", "set(string)"),
        ("templatefile(word, {})", "any"),
        ("cidrsubnets(word, 1)", "list(string)"),
    ],
)
def test_an_unknown_has_the_type_that_packer_gives_it(text: str, type_: str, value: Evaluate) -> None:
    found = value(text, **UNKNOWNS)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)
    assert str(found.type) == type_


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("length(pair)", 2),
        ("length([word])", 1),
        ("keys(object)", ["a", "b"]),
        ("anytrue([on, true])", True),
        ("alltrue([on, false])", False),
        ("alltrue([on, null])", False),
        ('contains(["a", word], "a")', True),
        ('element(["a", word], 0)', "a"),
        ('lookup({a = 1}, "a", any)', 1),
        ('slice([word, "b"], 1, 2)', ["b"]),
    ],
)
def test_what_is_known_all_the_same(text: str, expected: object, value: Evaluate, plain: Plain) -> None:
    assert plain(value(text, **UNKNOWNS)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("upper(texts)", 'join(",", word)', "keys(word)", "length(number)", "concat(word, [1])"),
        *("merge(word, {})", "element(map, 0)", "reverse(word)", "setproduct(word, [1])"),
        *("range(any, null)", "max(number, null)", 'max(any, "x")', "upper(on...)"),
    ],
)
def test_an_unknown_of_the_wrong_type_fails(text: str, value: Evaluate) -> None:
    assert isinstance(value(text, **UNKNOWNS), Failure)


@pytest.mark.parametrize(
    ("text", "place", "because"),
    [
        ("upper([1])", "[1]", "an argument of `upper` does not fit: a string is required"),
        ('replace("a", null, "b")', "null", "an argument of `replace` is null"),
        ('jsondecode("{")', '"{"', "`jsondecode` failed: the text is not JSON"),
        (
            'cidrsubnet("10.0.0.0/16", 20, 0)',
            "20",
            "`cidrsubnet` failed: the range cannot be divided by 20 bits",
        ),
        ('concat(["a"], "b")', '"b"', "`concat` failed: a list is required"),
        (
            'formatdate("q", "2024-01-01T00:00:00Z")',
            '"q"',
            '`formatdate` failed: "q" is not a part of a date',
        ),
        ('format("%d %d", "a"...)', '"a"', "`...` cannot expand a string"),
        ('max(["1", "x"]...)', '["1", "x"]', "an argument of `max` does not fit: a number is required"),
        ("upper()", "upper()", "`upper` takes 1 argument, not 0"),
        ("length([upper(1, 2)])", "upper(1, 2)", "`upper` takes 1 argument, not 2"),
    ],
)
def test_a_failure_stands_where_the_fault_is(text: str, place: str, because: str, value: Evaluate) -> None:
    found = value(text)
    assert isinstance(found, Failure)
    assert found.range is not None
    assert (found.range.text, found.because, found.fault) == (place, because, "value")


@pytest.mark.parametrize("text", ["nowhere(1)", 'env("HOME")'])
def test_a_function_that_is_not_there_is_a_fault_of_its_own(text: str, value: Evaluate) -> None:
    found = value(text)
    assert isinstance(found, Failure)
    assert found.range is not None
    assert (found.range.text, found.fault) == (text.partition("(")[0], "function")


def test_the_environment_is_a_secret(value: Evaluate) -> None:
    default = frozenset({"env"})
    scope = Scope({}, functions=default, environment={"USER": "me"})
    assert value('env("USER")', scope) == Known("me", STRING, sensitive=True)
    assert value('env("NOBODY")', scope) == Known("", STRING, sensitive=True)
    without = value('env("USER")', Scope({}, functions=default))
    assert without == Unknown("`env` reads `USER` from the environment", STRING)


@pytest.mark.parametrize(
    "text",
    [
        *("jsondecode(secret)", 'timeadd(secret, "1h")', "cidrhost(secret, 1)", "parseint(secret, 10)"),
        *("uuidv5(secret, 1)", 'formatdate(secret, "2024-01-01T00:00:00Z")', "yamldecode(secret)"),
        *("file(secret)", "templatefile(secret, {})", 'format("a", secret)', "format(secret)"),
    ],
)
def test_no_message_spells_out_a_secret(text: str, value: Evaluate, tmp_path: Path) -> None:
    names = {"secret": Known("*q %s3: [cret", STRING, sensitive=True)}
    found = value(text, Scope(names, Files(tmp_path)))
    assert isinstance(found, Unknown)
    assert found.sensitive
    assert "cret" not in found.because


def test_marks_are_kept(value: Evaluate) -> None:
    marked = {"x": Known("a", STRING, sensitive=True), "y": Known("b", STRING, default_of="y")}
    assert value("join(x, [y, y])", **marked) == Known("bab", STRING, sensitive=True, default_of="y")
    assert value("length([x])", **marked) == Known(1, NUMBER)
    failure = value("abs(y)", **marked)
    assert (type(failure), failure.default_of) == (Failure, "y")
    empty = Known("", STRING, default_of="z")
    assert value("upper(z)", z=empty).type == STRING
    assert isinstance(value("upper(z)", z=empty), Unknown)


@pytest.fixture
def files(tmp_path: Path) -> Scope:
    root = tmp_path / "root"
    texts = {
        "images/motd": "hello\n",
        "images/scripts/10-a.sh": "a",
        "images/scripts/20-b.sh": "b",
        "images/scripts/deep/30-c.sh": "c",
        "images/scripts/.hidden.sh": "d",
        "images/stand-in.sh": "",
        "images/hello.tpl": "%{ for x in names ~}\n${upper(x)}\n  ${~ suffix ~}  \n%{ endfor ~}\n",
        "images/number.tpl": "${n}",
        "images/nested.tpl": '${templatefile("number.tpl", {n = 1})}',
        "images/broken.tpl": "${",
        "images/branch.tpl": "%{ if false }${missing}%{ endif }",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "images" / "picture").write_bytes(b"\xff\xfe")
    (tmp_path / "outside").write_text("no", encoding="utf-8")
    return Scope({"later": Unknown("?", STRING)}, Files(root), "images", parse_template=parse_template)


def test_a_path_that_begins_with_the_root_of_the_template(files: Scope, value: Evaluate) -> None:
    """`path.root` is `.` where Packer is started in the directory of the template."""
    assert value('file("images/motd")', files) == Known("hello\n", STRING)
    assert value('file("images/./motd")', files) == Known("hello\n", STRING)
    assert value('fileset("images", "m*")', files).items == (Known("motd", STRING),)
    assert isinstance(value('file("image/motd")', files), Unknown)


def test_files(files: Scope, value: Evaluate) -> None:
    assert value('file("motd")', files) == Known("hello\n", STRING)
    assert value('file("./motd")', files) == Known("hello\n", STRING)
    assert value('fileexists("motd")', files) == Known(True, BOOL)
    assert value('fileexists("stand-in.sh")', files) == Known(True, BOOL)
    assert value('file("stand-in.sh")', files) == Unknown('"stand-in.sh" is empty', STRING)
    assert value('file("absent")', files) == Unknown('"absent" cannot be read', STRING)
    assert value('file("../../outside")', files) == Unknown('"../../outside" cannot be read', STRING)
    assert value('file("/etc/hostname")', files).because == '"/etc/hostname" lies outside the checked root'
    assert value('file("~/x")', files).because == '"~/x" lies outside the checked root'
    assert isinstance(value('file("picture")', files), Failure)
    assert isinstance(value('file("scripts")', files), Failure)
    assert isinstance(value('fileexists("scripts")', files), Failure)
    assert isinstance(value('fileexists("../../outside")', files), Unknown)
    assert value('fileexists("absent")', files) == Unknown('"absent" does not exist yet', BOOL)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('"scripts", "*.sh"', [".hidden.sh", "10-a.sh", "20-b.sh"]),
        ('"scripts", "[12]*.sh"', ["10-a.sh", "20-b.sh"]),
        ('"scripts", "[^.]*.sh"', ["10-a.sh", "20-b.sh"]),
        ('"scripts", "?0-[a-b].sh"', ["10-a.sh", "20-b.sh"]),
        ('"scripts", "{10-a,{20-b,x}}.sh"', ["10-a.sh", "20-b.sh"]),
        ('"scripts", "**/*-?.sh"', ["10-a.sh", "20-b.sh", "deep/30-c.sh"]),
        ('"scripts", "deep/**"', ["deep/30-c.sh"]),
        ('"./scripts/", "../motd"', ["../motd"]),
        ('".", "*/*/*"', ["scripts/deep/30-c.sh"]),
        ('".", "motd"', ["motd"]),
    ],
)
def test_file_sets(arguments: str, expected: list[str], files: Scope, value: Evaluate, plain: Plain) -> None:
    found = value(f"fileset({arguments})", files)
    assert found.type == Type("set", STRING)
    assert plain(found) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        '".", "*.none"',
        '"nowhere", "*"',
        '"../..", "*"',
        '".", "[a"',
        '".", "{a"',
        '".", "a\\\\b"',
        '"/", "*"',
    ],
)
def test_a_file_set_that_is_not_known(arguments: str, files: Scope, value: Evaluate) -> None:
    found = value(f"fileset({arguments})", files)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)


def test_a_link_may_lead_anywhere(files: Scope, value: Evaluate, tmp_path: Path) -> None:
    (tmp_path / "root" / "images" / "link").symlink_to(tmp_path)
    assert isinstance(value('fileset(".", "*")', files), Unknown)
    assert isinstance(value('fileset("scripts", "*")', files), Known)


@pytest.mark.parametrize(
    ("call_", "expected"),
    [
        ('templatefile("hello.tpl", {names = ["a", "b"], suffix = "!"})', "A\n!B\n!"),
        ('templatefile("number.tpl", {n = [1, "a"]})', [1, "a"]),
        ('upper(templatefile("number.tpl", {n = "a"}))', "A"),
        ('templatefile("motd", {})', "hello\n"),
    ],
)
def test_templates(call_: str, expected: object, files: Scope, value: Evaluate, plain: Plain) -> None:
    assert plain(value(call_, files)) == expected


@pytest.mark.parametrize(
    ("call_", "because"),
    [
        (
            'templatefile("hello.tpl", {names = [1]})',
            "the template refers to `suffix`, which it is not given",
        ),
        ('templatefile("branch.tpl", {})', "the template refers to `missing`, which it is not given"),
        (
            'templatefile("hello.tpl", {names = 1, suffix = 1})',
            "the template cannot be rendered: `for` cannot",
        ),
        (
            'templatefile("nested.tpl", {})',
            "the template cannot be rendered: `templatefile` cannot be called",
        ),
        ('templatefile("number.tpl", [1])', "a map is required"),
        ('templatefile("number.tpl", {"a b" = 1})', "`a b` cannot be the name of a variable"),
    ],
)
def test_templates_that_packer_refuses(call_: str, because: str, files: Scope, value: Evaluate) -> None:
    found = value(call_, files)
    assert isinstance(found, Failure)
    assert found.because.startswith(f"`templatefile` failed: {because}")
    assert found.range is not None
    assert found.range.document.path == "t.pkr.hcl"


def test_templates_that_are_not_known(files: Scope, value: Evaluate) -> None:
    assert value('templatefile("broken.tpl", {})', files) == Unknown(
        '"broken.tpl" cannot be read as a template'
    )
    assert value('templatefile("absent", {})', files) == Unknown('"absent" cannot be read')
    assert isinstance(value('templatefile("number.tpl", {n = later})', files), Unknown)
    assert value('try(templatefile("branch.tpl", {}), "x")', files) == Known("x", STRING)


def test_a_family_is_found_by_any_of_its_names() -> None:
    assert call("upper", (Known("a"),), Scope({})) == Known("A", STRING)
    assert call("nowhere", (), Scope({})) == Failure("there is no function `nowhere`", fault="function")


def test_a_sensitive_key_makes_the_whole_map_sensitive(value: Evaluate) -> None:
    names = {
        "secret": Known("hunter2", STRING, sensitive=True),
        "given": Known("b", STRING, default_of="given"),
    }
    assert value('zipmap([secret], ["x"])', **names).sensitive
    assert value('zipmap(["a", given], ["x", "y"])', **names).default_of == "given"
    assert not value('zipmap(["a"], ["x"])', **names).sensitive


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


def test_every_function_of_packer_1_6_6_is_held_against_it() -> None:
    """Those that ask others are, too, with arguments that they refuse."""
    text = "\n".join(path.read_text("utf-8") for path in CONSOLE.glob("functions_*.txt"))
    called = set(re.findall(r"\b([a-z0-9_]+)\(", text))
    old = {name for name, since in SINCE.items() if tuple(map(int, since.split("."))) <= (1, 6, 6)}
    assert len(old) == 86
    assert old <= called


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('startswith("web-${it}", "web")', True),
        ('startswith("web-${it}", "acme-")', False),
        ('startswith("web-${it}", "web-1")', None),
        ('startswith("${it}-web", "web")', None),
        ('startswith(["web-${it}"][0], "web-")', True),
        ('startswith("${"web-${it}"}!", "web-")', True),
        ('startswith("{{timestamp}}-${it}", "web")', None),
        ('startswith("web {{- timestamp}}-${it}", "web ")', None),
        *(
            (f'startswith({name}("web-${{it}}"), "web")', None)
            for name in ("upper", "strrev", "title", "chomp")
        ),
        ('startswith(substr("web-${it}", 1, 2), "w")', None),
        ('startswith(replace("web-${it}", "w", "x"), "w")', None),
        ('can(regex("^acme-", "web-${it}"))', False),
        ('can(regex("^(?:acme-.*)$", "web-${it}"))', False),
        ('can(regex("^web-[0-9]+$", "web-${it}"))', None),
        ('can(regex("acme", "web-${it}"))', None),
        ('can(regex("^(acme-)?web", "web-${it}"))', None),
        ('can(regex("^(acme|web)", "web-${it}"))', None),
        ('can(regex("^wes?", "we-${it}"))', None),
        ('can(regex("(?i)^WEB", "web-${it}"))', None),
        ('length(regexall("^acme", "web-${it}"))', 0),
        ('"web-${it}" == null', False),
        ('"web-${it}" == "acme"', False),
        ('"web" == "web-${it}"', False),
        ('"web-${it}" != "web-1"', None),
        ('"web-${it}" == "acme-${it}"', False),
        ('"web-${it}" == "web-1${it}"', None),
        ('"web-${it}" == it', None),
        ('"${it}-web" == "acme"', None),
        ('length(regexall("e", "web-${it}"))', None),
    ],
)
def test_how_an_unknown_text_begins_may_be_enough(text: str, expected: object, value: Evaluate) -> None:
    found = value(text, it=Unknown("later", STRING))
    assert (found.data if isinstance(found, Known) else None) == expected


def test_how_a_secret_begins_is_not_told(value: Evaluate) -> None:
    found = value('startswith("web-${it}", "acme")', it=Unknown("later", STRING, sensitive=True))
    assert isinstance(found, Unknown)
    assert found.sensitive
