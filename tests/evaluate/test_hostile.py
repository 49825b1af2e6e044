"""Expressions made to take long, to take much or to break: each ends soon, and is unknown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from decimal import Decimal
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.evaluate.budget import LITTLE, Budget
from packlint.evaluate.expression import value_of
from packlint.evaluate.functions.pattern import translated
from packlint.evaluate.giving_up import TooLarge
from packlint.evaluate.scope import Scope
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse, parse_template
from packlint.syntax import Expression
from packlint.value import ANY, NUMBER, STRING, Failure, Known, Type, Unknown, Value

Evaluate = Callable[..., Value]
Plain = Callable[[Value], object]

TEXT = Known("x" * 1024 * 1024, STRING)
LIST = Known(tuple(Known(number, NUMBER) for number in range(9000)), Type("list", NUMBER))


def evaluated(text: str) -> Configuration:
    file, _ = parse(Document("t.pkr.hcl", cleandoc(text) + "\n"))
    template = Template(".", ("t.pkr.hcl",), Files(Path.cwd()))
    (configuration,), _ = lower(template, [file])
    return evaluate(configuration)


def locals_of(text: str) -> dict[str, Value]:
    return {local.name: local.value for local in evaluated(text).locals}


MANY = "[for i in range(1000): [for j in range(15): {}]]"


@pytest.mark.parametrize(
    "text",
    [
        "many == many",
        "true ? many : []",
        "setproduct(many, [])",
        "length(many)",
        "length(long)",
        'endswith(long, "y")',
        "md5(long)",
        '"${long}"',
        '{ (long) = 1 }["y"]',
        'try({}[long], "")',
        "many[long]",
        "try(many, 1)",
        "convert(many, set(string))",
        '"${"${many}"}"',
        "[for x in many: x if false]",
        'regex_replace("b", "a", long)',
        'regexall("", join("", range(1000)))',
        'formatdate(long, "2020-01-01T00:00:00Z")',
        "1e-900 * 1.5",
    ],
)
def test_what_is_done_again_and_again_costs_what_it_is_large(text: str, value: Evaluate) -> None:
    assert value(MANY.format(text), many=LIST, long=TEXT) == Unknown("too large to compute")


@pytest.mark.parametrize(
    "text",
    [
        '[for i in many: "${long}${i}"]',
        'formatlist("%1000000s", many)',
        'formatlist("%s%s", many, long)',
        'regex_replace(long, "^.+", dollars)',
        "[for i in many: timeadd(long, long)]",
        "setproduct([1, 2, 3, 4], [many, many, many, many])",
    ],
)
def test_what_would_be_large_is_not_made(text: str, value: Evaluate) -> None:
    dollars = Known("$0" * 100_000, STRING)
    found = value(text, many=LIST, long=TEXT, dollars=dollars)
    assert isinstance(found, Unknown)
    assert found.because.endswith("too large to compute")


@pytest.mark.parametrize(
    "text",
    [
        "[for i in many: nowhere]",
        "[for i in many: try(nowhere, i)]",
        "[for i in many: can(nowhere[i].x)]",
        "[for i in many: true || nowhere]",
        "[for i in many: true ? i : nowhere]",
        "try(many...)",
        "convert(many...)",
        "{{ {} }}".format(", ".join(f"(nowhere{i}) = {i}" for i in range(3000))),
        " || ".join(["true"] + ["nowhere"] * 90),
        " && ".join(["nowhere"] * 90),
        "try({})".format(", ".join(["nowhere"] * 3000)),
        "try(" * 60 + "nowhere" + ", nowhere)" * 60,
        "true ? " * 60 + "nowhere" + " : nowhere" * 60,
        "many" + "[*]" * 90,
        "un" + "[*]" * 90,
        'convert("1p999999999999", number)',
        'convert("1e999999999999", number)',
        'convert("1p-99999999999999999999", number)',
        "convert([{}], list(any))".format(
            ", ".join(f"{{a = [{', '.join('[1]' for _ in range(100))}], b{i} = 1}}" for i in range(16))
        ),
    ],
)
def test_what_fails_again_and_again_ends_soon(text: str, value: Evaluate) -> None:
    started = time.process_time()
    value(text, many=LIST, un=Unknown("?", Type("list", ANY)))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("a?" * 40 + "a" * 40, "a" * 40),
        ("(?:.|a|b)*c", "ab" * 32),
        ("(.|a)" * 36 + "b", "a" * 56),
        ("((((){999}){999}){999}){999}", "x"),
        ("(a*)*b", "a" * 30),
        ("(a+){30}b", "a" * 60),
        ("a*a*a*a*a*b", "a" * 200),
    ],
)
def test_patterns_that_may_be_matched_in_many_ways(pattern: str, text: str, value: Evaluate) -> None:
    found = value(f'regexall("{pattern}", "{text}")')
    assert isinstance(found, Unknown)
    assert found.because == "a regular expression that might take too long"


@pytest.mark.parametrize(
    ("pattern", "text", "result"),
    [
        ("[^a-zA-Z0-9]", "a." * 3000, ["."] * 3000),
        ("^(.+)-(.+)$", "ubuntu-server-22", [["ubuntu-server", "22"]]),
        ("^([0-9]{1,3}\\\\.){3}[0-9]{1,3}$", "192.168.12.1", [["12."]]),
        ("(ubuntu|debian)-[0-9]+(?:\\\\.[0-9]+)?", "ubuntu-22.04 debian-12", [["ubuntu"], ["debian"]]),
        ("a{2}", "aaaaa", ["aa", "aa"]),
        ("a{2,}b?", "aaab", ["aaab"]),
    ],
)
def test_common_patterns_are_matched(
    pattern: str, text: str, result: object, value: Evaluate, plain: Plain
) -> None:
    assert plain(value(f'regexall("{pattern}", "{text}")')) == result


def test_the_steps_of_a_pattern_grow_with_its_choices() -> None:
    anchored, free = translated("^a+-b+$", 100), translated("a+-b+$", 100)
    assert anchored.steps * 50 < free.steps
    assert translated("[ab]", 10_000).steps < 1000


@pytest.mark.parametrize(
    "text",
    [
        "pow(1e400, 0)",
        "pow(10, 400)",
        "md5(bad)",
        "urlencode(bad)",
        "base64encode(bad)",
        'timeadd("2020-01-01T00:00:00Z", "{}")'.format("1" * 100_000),
        "1." + "1" * 20_000,
        'jsondecode("{}")'.format("1" * 20_000),
        '"{}"'.format("a" + "\u0327\u0301" * 5000),
        "[{}]".format(", ".join(["1", *(f"{{ a{i} = 1 }}" for i in range(100))])) + "[*] == convert(x, any)",
    ],
)
def test_what_python_refuses_or_takes_long_over(text: str, value: Evaluate) -> None:
    assert isinstance(value(text, bad=Known("\ud800", STRING), x=Unknown("?")), Unknown)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join(['*' + chr(97 + at)] * 9)}]\n" for at in range(12)
)


@pytest.mark.parametrize(
    "text",
    [
        "yamldecode(bomb)",
        "yamldecode(brackets)",
        "yamldecode(long)",
        'yamldecode("- 1e999999999")',
        "yamldecode(zeros)",
        "yamlencode(long)",
        "[for i in many: yamlencode(many)]",
        "jsondecode(brackets)",
        'csvdecode("a,b\\n${join("", [for i in many: "1,2\\n"])}")',
        'format("%999999999d", 1)',
        'format("%.999999999f", 1)',
        'formatlist("%1000s", many)',
        "pow(2, 1e300)",
        "parseint(zeros, 2)",
        'fileset(".", "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}")',
        "setproduct(many, many)",
    ],
)
def test_functions_end_soon(text: str, value: Evaluate) -> None:
    names = {
        "many": LIST,
        "long": TEXT,
        "bomb": Known(BOMB, STRING),
        "brackets": Known("[" * 30_000 + "]" * 30_000, STRING),
        "zeros": Known("0" * 90_000, STRING),
    }
    started = time.process_time()
    found = value(text, **names)
    assert time.process_time() - started < 10
    assert isinstance(found, Unknown)
    assert not isinstance(found, Failure)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("for.tpl", "%{for a in x}%{for b in x}%{for c in x}${c}%{endfor}%{endfor}%{endfor}"),
        ("long.tpl", "x" * 500_000 + "${x}"),
        ("deep.tpl", "${" * 3000 + "x" + "}" * 3000),
    ],
)
def test_a_template_file_may_be_hostile(name: str, text: str, value: Evaluate, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    scope = Scope({"many": LIST}, Files(tmp_path), parse_template=parse_template)
    started = time.process_time()
    found = value(f'templatefile("{name}", {{x = many}})', scope)
    assert time.process_time() - started < 10
    assert isinstance(found, Unknown)


def test_a_walk_through_directories_is_bounded(value: Evaluate, tmp_path: Path) -> None:
    below = tmp_path
    for _ in range(30):
        below /= "d"
        below.mkdir()
        for number in range(5):
            (below / f"f{number}").touch()
    scope = Scope({}, Files(tmp_path))
    assert len(value('fileset(".", "**/f[1-3]")', scope).items or ()) == 90
    assert value('fileset(".", "**/**/**/**/**/**")', scope).because == "too large to compute"


def test_a_pattern_for_files_costs_what_comparing_it_takes(value: Evaluate, tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{'a' * 100}{number}").touch()
    pattern = "*a" * 30 + "b"
    assert value(f'fileset(".", "{pattern}")', Scope({}, Files(tmp_path))) == Unknown("too large to compute")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a*b*c", ["aXbYbZc", "abc"]),
        ("*ab", ["aab"]),
        ("a?*", ["aXbYbZc", "aab", "abc"]),
        ("*", ["a", "aXbYbZc", "aab", "abc"]),
        ("*[X-Z]c", ["aXbYbZc"]),
    ],
)
def test_a_star_takes_as_much_as_it_must(
    pattern: str, found: list[str], value: Evaluate, plain: Plain, tmp_path: Path
) -> None:
    for name in ("a", "aXbYbZc", "aab", "abc"):
        (tmp_path / name).touch()
    assert plain(value(f'fileset(".", "{pattern}")', Scope({}, Files(tmp_path)))) == found


def test_a_range_is_paid_for_while_it_is_made(value: Evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def add(one: int, other: int) -> int:
        nonlocal calls
        calls += 1
        return one + other

    monkeypatch.setattr("packlint.evaluate.functions.collections.add", add)
    assert value("range(1000)", Scope({}, total=Budget(0))) == Unknown("too large to compute")
    assert calls <= LITTLE


def test_rendering_costs_more_than_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    strings = ", ".join(['"{{ upper `x` }}"'] * 200)
    text = f'source "null" "a" {{\n  ssh_host = [{strings}]\n}}'
    (source,) = evaluated(text).sources
    rendered = source.arguments.by_name["ssh_host"].rendered
    assert rendered is not None
    assert {item.known(str) for item in rendered.items or ()} == {"X"}
    monkeypatch.setattr("packlint.evaluate.scope.TEMPLATE_STEPS", 3000)
    (source,) = evaluated(text).sources
    argument = source.arguments.by_name["ssh_host"]
    assert len(argument.value.items or ()) == 200
    assert argument.rendered == Unknown("too large to compute")


def test_numbers_of_json_are_exact_however_long(value: Evaluate, plain: Plain) -> None:
    read = plain(value('jsondecode("[-0, 9999999999999999, 12345678901234567890, 0.5]")'))
    assert read == [0, 9999999999999999, 12345678901234567890, Decimal("0.5")]


def test_half_a_surrogate_pair_is_no_character_in_keys_either(value: Evaluate, plain: Plain) -> None:
    decoded = value(r'jsondecode("{\"\\ud800\":\"\\ud800\"}")')
    assert plain(decoded) == {"\ufffd": "\ufffd"}


def test_short_runs_of_combining_characters_are_composed(value: Evaluate, plain: Plain) -> None:
    assert plain(value('"e\u0301\u0327"')) == "\u0229\u0301"
    assert plain(value('"{}"'.format("\u6f22" * 500))) == "\u6f22" * 500


def test_mixed_types_are_not_held_each_against_each(value: Evaluate) -> None:
    objects = ", ".join(f"{{ a{i} = 1 }}" for i in range(100))
    assert value(f'convert(["a", {objects}], list(any))') == Unknown("too large to compute")


def test_unknowns_do_not_hide_types_that_double(value: Evaluate) -> None:
    grown: Value = Known("ab", STRING)
    for _ in range(60):
        grown = value("[y ? [x, x] : [x, x]]", x=grown, y=Unknown("?"))
        if isinstance(grown, Unknown):
            break
    assert grown == Unknown("too large to compute")


def test_values_may_not_lie_in_each_other_without_end(value: Evaluate) -> None:
    nested: Value = Known("ab", STRING)
    for _ in range(200):
        nested = value("[x]", x=nested)
        if isinstance(nested, Unknown):
            break
    assert nested == Unknown("too large to compute")


def test_optional_attributes_may_not_multiply(value: Evaluate) -> None:
    names = ", ".join(f"a{i} = optional(string)" for i in range(2000))
    objects = ", ".join(["{}"] * 2000)
    assert value(f"convert([{objects}], list(object({{{names}}})))") == Unknown("too large to compute")
    (variable,) = evaluated(
        f'variable "v" {{\n  type    = list(object({{{names}}}))\n  default = [{objects}]\n}}'
    ).variables
    assert variable.value == Unknown("too large to compute")


def test_a_template_has_a_budget_for_all_its_expressions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packlint.evaluate.scope.TEMPLATE_STEPS", 20_000)
    text = "\n".join(f"l{i} = length(range(500))" for i in range(30))
    values = locals_of(f"locals {{\n{text}\nsmall = [1, 2, 3]\n}}")
    assert values["l0"] == Known(500, NUMBER)
    assert values["l29"] == Unknown("too large to compute")
    assert values["small"].items is not None


def test_a_file_is_not_read_when_the_budget_is_spent(expression: Callable[[str], Expression]) -> None:
    class Unreadable(Files):
        def read(self, name: str) -> bytes:
            raise AssertionError(name)

    scope = Scope({}, Unreadable(Path.cwd()), total=Budget(0))
    assert value_of(expression('file("x")'), scope) == Unknown("too large to compute")


def test_a_budget_counts_elements_texts_and_keys() -> None:
    budget = Budget(1000)
    assert budget.weigh(Known(1)) == 1
    assert budget.weigh(Known((Known(1), Known((Known("x"),))))) == 4
    assert budget.weigh(Known("x" * 640)) == 11
    assert budget.weigh(Known({"x" * 640: Known(1)})) == 12
    assert budget.weigh(Unknown("?", Type("tuple", elements=(NUMBER,) * 5))) == 6
    with pytest.raises(TooLarge):
        budget.weigh(LIST)


def test_a_variable_is_found_by_index_without_a_look_at_the_others() -> None:
    variables = "\n".join(f'variable "v{i}" {{\n  default = "a"\n}}' for i in range(500))
    values = locals_of(f'{variables}\nlocals {{\n  a = [for i in range(1000): var["v1"]]\n}}')
    assert values["a"].items is not None


def test_many_cycles_of_locals() -> None:
    pairs = "\n".join(f"a{i} = local.b{i}\nb{i} = local.a{i}\nc{i} = [local.b{i}]" for i in range(500))
    values = locals_of(f"locals {{\n{pairs}\n}}")
    assert values["a7"] == Unknown("depends on itself: `local.a7 → local.b7 → local.a7`")
    assert values["c499"].items is not None


def test_a_long_chain_of_locals() -> None:
    chain = "\n".join(f"a{i} = local.a{i + 1}" for i in range(3000))
    assert locals_of(f"locals {{\n{chain}\na3000 = 5\n}}")["a0"].known(int) == 5


def test_cycles_that_share_a_local_and_what_only_uses_them() -> None:
    values = locals_of(
        """
        locals {
          user   = "${local.shared}!"
          one    = local.shared
          shared = [local.one, local.two]
          two    = local.shared
          far    = [local.user]
        }
        """
    )
    for name in ("one", "two", "shared"):
        assert values[name] == Unknown("depends on itself: `local.one → local.shared → local.one`")
    user = values["user"]
    assert isinstance(user, Unknown)
    assert user.because == values["one"].because
    assert values["far"].items is not None


def test_equal_types_are_equal_however_they_were_made() -> None:
    one, other = (Type("tuple", elements=(Type("list", STRING), NUMBER)) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Type("tuple", elements=(Type("list", NUMBER), NUMBER))
    assert one != "tuple"


def test_names_that_many_steps_share_are_read_once() -> None:
    names = ", ".join(f'"null.s{i}"' for i in range(1000))
    steps = "\n".join(f'provisioner "shell" {{\n  {f} = local.o\n}}' for f in ["only", "except"] * 20)
    sources = ", ".join(f'"null.s{i}"' for i in range(980, 1020))
    (build,) = evaluated(
        f"locals {{\n  o = [{names}]\n}}\nbuild {{\n  sources = [{sources}]\n{steps}\n}}"
    ).builds
    calls = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event.endswith("call")

    sys.setprofile(count_call)
    try:
        answers = [step.runs_on(use) for use in build.uses for step in build.provisioners]
    finally:
        sys.setprofile(None)
    assert answers == [True, False] * 400 + [False, True] * 400
    assert calls < 60_000


@pytest.mark.parametrize(
    ("names", "listed", "missing"),
    [
        ('["null.a"]', True, False),
        ('["null.a", var.x]', True, None),
        ("[]", True, True),
        ("var.x", None, None),
    ],
)
def test_names_that_are_not_known_may_be_any(names: str, listed: bool | None, missing: bool | None) -> None:
    (build,) = evaluated(
        f"""
        variable "x" {{}}
        build {{
          sources = ["null.a", "null.b"]
          provisioner "shell" {{
            only = {names}
          }}
        }}
        """
    ).builds
    (step,) = build.provisioners
    assert [step.runs_on(use) for use in build.uses] == [listed, missing]


@pytest.mark.parametrize("step", ["provisioner", "error-cleanup-provisioner", "post-processor"])
def test_a_build_with_too_many_pairs_has_no_sources(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packlint.evaluate.build.MOST_PAIRS", 5)
    for count, uses in ((2, 2), (3, 0)):
        steps = f'{step} "shell" {{}}\n' * count
        (build,) = evaluated(f'build {{\n  sources = ["null.a", "null.b"]\n{steps}}}').builds
        assert (len(build.uses), build.open) == (uses, not uses)


def test_the_builds_of_a_template_share_a_bound_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packlint.evaluate.build.MOST_USES", 5)
    listed = 'build {\n  sources = local.all\n  source "null.c" {}\n}\n'
    builds = evaluated(f'locals {{\n  all = ["null.a"]\n}}\n{listed * 3}').builds
    assert [(len(build.uses), build.open) for build in builds] == [(2, False), (2, False), (0, True)]


def test_arguments_are_copied_where_a_build_adds_some_and_only_so_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("packlint.evaluate.build.MOST_ARGUMENTS", 5)
    source = 'source "null" "a" {\n  communicator = "none"\n  ssh_host = "b"\n}\n'
    plain = 'build {\n  source "null.a" {\n    name = "b"\n  }\n}\n'
    more = 'build {\n  source "null.a" {\n    ssh_port = 1\n  }\n}\n'
    configuration = evaluated(source + plain * 9 + more * 3)
    assert all(
        use.arguments is configuration.sources[0].arguments
        for build in configuration.builds[:9]
        for use in build.uses
    )
    added = [[sorted(use.arguments.by_name) for use in build.uses] for build in configuration.builds]
    names = ["communicator", "ssh_host", "ssh_port"]
    assert added == [[names[:2]]] * 9 + [[names]] * 2 + [[]]
    assert [build.open for build in configuration.builds] == [False] * 11 + [True]
