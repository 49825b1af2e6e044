"""Go templates → their text or why there is none; the same as Packer's `file` builder makes of them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.gotemplate.execute import Later, render
from packlint.gotemplate.sdk import NAMES, VARIABLES_ONLY
from packlint.gotemplate.tree import Refused, Unsure, parse
from packlint.gotemplate.worth import failing

RENDERED = {
    "no action": "no action",
    "{{upper `a`}}": "A",
    "{{ `a` | upper | lower }}": "a",
    "a {{- upper `b` -}} c": "aBc",
    "a{{/* b */}}c": "ac",
    "a {{- /* b */ -}} c": "ac",
    '{{"\\x41\\u0042\\"\\\\"}}': 'AB"\\',
    "{{`\\x41`}}": "\\x41",
    "{{`{{`}} foo }}": "{{ foo }}",
    "{{if eq `a` `a`}}y{{else}}n{{end}}": "y",
    "{{if eq `a` `b`}}y{{else if true}}m{{else}}n{{end}}": "m",
    "{{if false}}y{{else if false}}m{{else}}n{{end}}": "n",
    "{{if ``}}y{{end}}": "",
    "{{if 0}}y{{else}}n{{end}}": "n",
    "{{if true}} {{if true}}a{{end}} {{end}}": " a ",
    "{{with ``}}x{{else}}y{{end}}": "y",
    "{{if $x := `v`}}{{$x}}{{end}}": "v",
    "{{if false}}{{user `a`}}{{end}}": "",
    "{{and false (user `x`)}}": "false",
    "{{or `a` (user `x`)}}": "a",
    "{{and true `b`}}": "b",
    "{{or `` `b`}}": "b",
    "{{and 0}}": "0",
    "{{not `a`}}": "false",
    "{{len `a\u00e9`}}": "3",
    "{{`` | len}}": "0",
    "{{eq 1 1}} {{ne 1 2}} {{lt `a` `b`}}": "true true true",
    "{{ge 2 2}} {{le 3 2}} {{gt `b` `a`}}": "true false true",
    "{{print 1 2 `a` `b` 3}}": "1 2ab3",
    "{{print true false}}": "true false",
    "{{print}}": "",
    "{{println 1 `a` true}}": "1 a true\n",
    "{{printf `%s-%d-%v` `x` 3 true}}": "x-3-true",
    "{{printf `plain`}}": "plain",
    "{{print 1 -2}}": "1 -2",
    "{{replace `a` `b` 1 `caa`}}": "cba",
    "{{replace `a` `b` -1 `aaa`}}": "bbb",
    "{{replace `` `-` 2 `abc`}}": "-a-bc",
    "{{replace_all `` `-` `ab`}}": "-a-b-",
    "{{`a-b` | replace_all `-` `_`}}": "a_b",
    "{{split `a,b` `,` 1}}": "b",
    "{{1 | split `a,b` `,`}}": "b",
    "{{split `abc` `` 1}}": "b",
    "{{upper `stra\u00dfe`}} {{lower `\u00c0\u00c9`}}": "STRA\u00dfE \u00e0\u00e9",
    "{{$x := `a`}}{{upper $x}}{{$x}}": "Aa",
    "{{$x:=1}}{{$x}}": "1",
    "{{true}} {{0}} {{-1}} {{+1}}": "true 0 -1 1",
    "{{(`a`)}} {{upper (lower `A` | print `b`)}}": "a BA",
    "{{build_name}}-{{build_type}}": "vm-file",
    "{{(upper `a`) | lower}}": "a",
    "} {{`b`}} {": "} b {",
}

LATER = (
    *("{{.Foo}}", "{{ .Vars }} {{ .Path }}", "{{.}}", "{{$}}", "{{$.Foo}}", "{{(.Foo)}}", "{{.Foo.Bar}}"),
    *("{{isotime}}", "{{isotime `2006`}}", "{{timestamp}}", "{{uuid}}", "{{pwd}}", "{{strftime `%Y`}}"),
    *(
        "{{if .X}}a{{end}}",
        "{{range .X}}a{{else}}b{{end}}",
        "{{with .A}}{{.B}}{{end}}",
        "{{1.50}}",
        "{{'a'}}",
    ),
    *("{{0x10}}", "{{'a'}}", "{{html `<`}}", "{{index `abc` 1}}", "{{printf `%q` `a`}}"),
    *("{{print nil}}", "{{print .Foo}}", "{{$x := 1}}{{$x = 2}}{{$x}}", "{{if and .A (not .B)}}x{{end}}"),
    *("{{define `x`}}a{{end}}{{template `x`}}", "{{range .X}}{{break}}{{end}}", "{{printf `%s %s` `a`}}"),
    *("{{printf `100%%`}}", "{{010}}", "{{upper `a`}} {{.Foo}}", "{{with `a`}}{{.}}{{end}}"),
)
"""What Packer renders, and only it."""

REFUSED = {
    "{{foo}}": "`foo`",
    "{{ json . }}": "`json`",
    "{{if false}}{{foo}}{{end}}": "`foo`",
    "{{with .A}}{{foo}}{{end}}": "`foo`",
    "{{foo.bar}}": "`foo`",
    "{{$x}}": "`$x`",
    "{{if true}}{{$x := 1}}{{end}}{{$x}}": "`$x`",
    "{{if $x := true}}{{$x}}{{end}}{{$x}}": "`$x`",
    "{{user `a`}}": "user",
    "{{user `a` | upper}}": "user",
    "{{env `A`}}": "env",
    "{{template_dir}}": "template_dir",
    "{{build `ID`}}": "build",
    "{{sed `a` `b`}}": "sed",
    "{{vault `a` `b`}}": "vault",
    "{{consul_key `a`}}": "consul_key",
    "{{aws_secretsmanager `a`}}": "aws_secretsmanager",
    "{{.Foo}}{{user `a`}}": "user",
    "{{.Foo}}{{upper 1}}": "a string",
    "{{split `a` `b` 3}}": "1 part",
    "{{split `a-b` `-` -1}}": "2 parts",
    "{{split `a,b` `,` `1`}}": "a whole number",
    "{{upper 1}}": "a string",
    "{{upper true}}": "a string",
    "{{upper nil}}": "a string",
    "{{upper (len `a`)}}": "a string",
    "{{$x := 1}}{{upper $x}}": "a string",
    "{{upper}}": "1 argument, not 0",
    "{{upper `a` `b`}}": "1 argument, not 2",
    "{{build_name 1}}": "no arguments, not 1",
    "{{`a` | build_name}}": "no arguments, not 1",
    "{{isotime `2006` `01`}}": "one argument at most",
    "{{isotime 1}}": "a string",
    "{{printf 1}}": "a string",
    "{{printf}}": "format",
    "{{len 3}}": "a string",
    '{{"a" "b"}}': "not a function",
    "{{(`a` `b`)}}": "not a function",
    "{{(upper `a`) `b`}}": "not a function",
    "{{true false}}": "not a function",
    "{{1 2}}": "not a function",
    "{{. `a`}}": "not a function",
    "{{nil}}": "`nil`",
    "{{nil | print}}": "`nil`",
    '{{"a" | "b"}}': "not a function",
    "{{`a` | .}}": "not a function",
    "{{`a`.b}}": "cannot stand there",
    '{{"a""b"}}': "cannot stand there",
    '{{upper"a"}}': "cannot stand there",
    "{{upper(`a`)}}": "cannot stand there",
    "{{upper `a`, `b`}}": "cannot stand there",
    "{{upper `a`)}}": "cannot stand there",
    "{{if`a`}}{{end}}": "cannot stand there",
    "{{.a-b}}": "`-` cannot stand between",
    "{{upper if}}": "cannot stand there",
    "{{a b}}": "`a`",
    "{{()}}": "missing",
    "{{(`a`}}": "`(`",
    "{{| `a`}}": "missing",
    "{{`a` || `b`}}": "missing",
    "{{if}}{{end}}": "missing after `if`",
    "{{range}}{{end}}": "missing after `range`",
    "{{end}}": "belongs to nothing",
    "{{else}}": "belongs to nothing",
    "{{if true}}{{else}}{{else}}{{end}}": "belongs to nothing",
    "{{if true}}x": "not closed by `{{end}}`",
    "{{if true}}{{else if true}}x{{end}}{{end}}": "belongs to nothing",
    "{{break}}": "outside",
    "{{end `x`}}": "belongs to nothing",
    "{{if true}}{{else `x`}}{{end}}": "followed",
    "{{}}": "nothing stands",
    "{{": "not closed",
    "{{ .Foo": "not closed",
    '{{"a}}': "not closed",
    "{{!x}}": "`!` cannot stand",
    "{{a@b}}": "`@` cannot stand",
    "{{`}}": "not closed",
}

UNDECIDED = (
    "{{1_000}}",
    "{{1a}}",
    "{{`a` |}}",
    "{{len .Foo}}",
    "{{clean_resource_name `a`}}",
    "{{ '\u00e9' }}",
    '{{"\\400"}}',
)
"""What depends on the version of Go, or on the component."""

CONTEXT: dict[str, Callable[..., str]] = {
    "build_name": lambda: "vm",
    "build_type": lambda: "file",
    **{name: failing(f"`{name}` fails here") for name in ("build", "template_dir", "user", *VARIABLES_ONLY)},
}


def made(text: str) -> str | Later:
    """What is made of a text where a builder `file` with the name `vm` renders it."""
    return render(text, parse(text, NAMES), CONTEXT)


@pytest.mark.parametrize("text", RENDERED)
def test_what_is_known_is_rendered(text: str) -> None:
    assert made(text) == RENDERED[text]


@pytest.mark.parametrize("text", LATER)
def test_what_only_a_run_knows_is_left_to_it(text: str) -> None:
    try:
        assert isinstance(made(text), Later)
    except Unsure:
        assert "define" in text or "$x =" in text or "break" in text


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_is_in_doubt_is_neither_refused_nor_known(text: str) -> None:
    with contextlib.suppress(Unsure):
        assert isinstance(made(text), Later)


@pytest.mark.parametrize("text", REFUSED)
def test_what_go_refuses_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        made(text)
    assert REFUSED[text] in refused.value.reason
    assert 0 <= refused.value.start < refused.value.end <= len(text)


def test_the_place_is_the_word() -> None:
    with pytest.raises(Refused) as refused:
        made("{{ upper `a` }} {{ lower (foo 1) }}")
    assert (refused.value.start, refused.value.end) == (26, 29)


def test_the_reason_shows_the_action() -> None:
    assert made("http://{{ .HTTPIP }}/") == Later("`{{ .HTTPIP }}` is known only when the build runs")


HOSTILE = {
    "opened": "{{" * 200_000,
    "empty": "{{}}" * 100_000,
    "many": "{{upper `a`}}" * 20_000,
    "parentheses": "{{" + "(" * 100_000,
    "closed parentheses": "{{" + "(" * 20_000 + "1" + ")" * 20_000 + "}}",
    "side by side": "{{print " + "(1) " * 20_000 + "}}",
    "nested": "{{if true}}" * 20_000 + "{{end}}" * 20_000,
    "else if": "{{if false}}" + "{{else if false}}" * 20_000 + "{{end}}",
    "assigned": "{{$x := 1}}" * 20_000,
    "pipes": "{{`a`" + " | upper" * 20_000 + "}}",
    "fields": "{{" + ".a" * 50_000 + "}}",
    "commas": "{{print 1" + ", 1" * 50_000 + "}}",
    "quotes": "{{`" * 100_000,
    "number": "{{" + "9" * 200_000 + "}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hangs(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Refused, Unsure):
        made(HOSTILE[name])
    assert time.process_time() - started < 10


class Spent(Exception):  # noqa: N818
    """The budget is spent."""


@pytest.mark.parametrize(
    "text",
    [
        "{{$x := `aaaaaaaa`}}" + "{{$x := print $x $x}}" * 60,
        "{{$x := `aaaaaaaa`}}" + "{{$x := replace_all `a` $x $x}}" * 20,
        "{{$x := `" + "a" * 100_000 + "`}}" + "{{$x}}" * 100_000,
        "{{$x := `" + "a" * 100_000 + "`}}{{print" + " $x" * 100_000 + "}}",
    ],
)
def test_what_grows_is_told_to_the_budget(text: str) -> None:
    left = 2_000_000

    def spend(characters: int) -> None:
        nonlocal left
        left -= characters
        if left < 0:
            raise Spent

    with contextlib.suppress(Spent):
        assert isinstance(render(text, parse(text, NAMES), CONTEXT, spend), Later)


def packer(folder: Path, command: str, contents: list[str]) -> str:
    """What Packer prints for a template with a source of the builder `file` for each content."""
    lines = []
    for number, content in enumerate(contents):
        quoted = json.dumps(content).replace("${", "$${").replace("%{", "%%{")
        lines.append(f'source "file" "s{number}" {{\n  content = {quoted}\n  target = "{number}.txt"\n}}')
    names = ", ".join(f'"file.s{number}"' for number in range(len(contents)))
    uses = f"  sources = [{names}]\n"
    (folder / "t.pkr.hcl").write_text("\n".join([*lines, f"build {{\n{uses}}}\n"]), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(folder)}
    done = subprocess.run(
        ["packer", command, "t.pkr.hcl"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env=environment,
        timeout=120,
    )
    return done.stdout + done.stderr


NO_PACKER = pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")

IN_NEWER = {"{{build_name}}-{{build_type}}"}
"""Packer 1.6.6 calls the build by another name here."""


@NO_PACKER
def test_packer_renders_the_same(tmp_path: Path) -> None:
    texts = [text for text in RENDERED if text not in IN_NEWER]
    packer(tmp_path, "build", texts)
    theirs = {text: (tmp_path / f"{number}.txt").read_bytes().decode() for number, text in enumerate(texts)}
    assert theirs == {text: RENDERED[text] for text in texts}


@NO_PACKER
def test_packer_takes_what_is_known_only_later(tmp_path: Path) -> None:
    out = packer(tmp_path, "build", list(LATER))
    made = [text for number, text in enumerate(LATER) if (tmp_path / f"{number}.txt").exists()]
    assert made == list(LATER), out


@NO_PACKER
def test_packer_refuses_the_same(tmp_path: Path) -> None:
    texts = list(REFUSED)
    out = packer(tmp_path, "validate", texts)
    lines = {int(line) // 4 for line in re.findall(r"t\.pkr\.hcl line (\d+)", out)}
    assert [text for number, text in enumerate(texts) if number not in lines] == [], out
