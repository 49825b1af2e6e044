"""What does not fit a component → whether Packer refuses it too: a differential test with `packer validate`.

`oracle/types.json` tells for arguments of some components what Packer 1.6.6 does with each of `VALUES`, a
letter for each: `x` where it refuses the value for its type, `-` where it takes it. The arguments are those
that both Packer 1.6.6 and packlint's schemas know. `oracle/cases.json` has Packer's errors for each of
`CASES`, which are whole components.

    PACKLINT_UPDATE=1 pytest tests/conform/test_oracle.py

asks Packer 1.6.6, where it is installed, and writes both; nobody edits them. Wherever it is installed, all is
asked again.

packlint knows the components of today and Packer 1.6.6 those of 2020. What they may judge otherwise is listed
with the reason: in `ACCEPTED` by values, and in `DIFFERENT` by cases, which have to differ.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from packlint import catalog
from packlint.components import Component, Problem

ORACLE = Path(__file__).parent / "oracle"
TYPES, ANSWERS = ORACLE / "types.json", ORACLE / "cases.json"
UPDATE = "PACKLINT_UPDATE" in os.environ

COMPONENTS = {
    "hcl": ("builder null", "builder docker", "builder lxd", "builder proxmox-clone"),
    "json": (
        *("builder null", "builder lxd", "builder proxmox-clone"),
        *("provisioner shell", "provisioner windows-restart", "provisioner chef-solo"),
        *("post-processor docker-tag", "post-processor vagrant", "post-processor manifest"),
    ),
}
"""Components of which each argument is tried. In HCL2 Packer tells only the first error of a step."""

VALUES = (
    *('"abc"', '""', '"3"', '"1e3"', '"0x10"', '" 3"', '"true"', '"True"', '"yes"', '"1"', '"a,b"'),
    *("3", "-1", "0", "true", "false", "null"),
    *("[]", '["abc"]', "[3]", '["3"]', "[true]", '[["abc"]]', '[{"a": "b"}]'),
    *("{}", '{"a": "b"}', '{"a": 1}', '{"a": null}', '{"a": ["b"]}', '{"a": {"b": "c"}}'),
)
"""JSON texts, which HCL reads as well."""

LEFT_OUT = re.compile(
    r"packer_|^(?:name|type|only|except|override|keep_input_artifact|pause_before|ssh_(?:private|public)_key)$"
)
"""Arguments that Packer sets or takes for itself, and bytes that nobody writes."""


class Case(NamedTuple):
    """One component: its kind and type, and its body as HCL or as JSON."""

    kind: str
    type: str
    body: str

    @property
    def language(self) -> str:
        return "json" if self.body.startswith("{") else "hcl"


COMMUNICATOR = 'ssh_host = "h"\nssh_username = "u"\nssh_password = "p"\n'
JSON_COMMUNICATOR = '{"ssh_host": "h", "ssh_username": "u", "ssh_password": "p", '
CLOUD = 'ami_name = "name"\ninstance_type = "t"\nregion = "us-east-1"\nssh_username = "u"\n'
QEMU = 'iso_url = "http://h/x.iso"\niso_checksum = "none"\nssh_username = "u"\n'


def _cases() -> Iterator[Case]:
    null = [
        *("", "bogus = 1\n", "bogus {\n}\n", "ssh_port {\n}\n", "ssh_port = 22.5\n", 'ssh_port = "22.5"\n'),
        *('ssh_port = "22"\n', "ssh_pty = 1\n", 'ssh_pty = "1"\n', "ssh_local_tunnels = [null]\n"),
        *('ssh_timeout = "5 min"\n', 'ssh_timeout = "5m"\n', 'ssh_timeout = "1h5m"\n', "ssh_timeout = 5\n"),
        *('ssh_file_transfer_method = "ftp"\n', 'ssh_file_transfer_method = "sftp"\n'),
        *("ssh_timeout = null\n", 'ssh_certificate_file = "f"\n', 'ssh_bastion_host = "b"\n'),
    ]
    yield from (Case("builder", "null", COMMUNICATOR + text) for text in null)
    yield Case("builder", "null", 'communicator = "none"\n')
    yield Case("builder", "null", 'communicator = "telnet"\n')
    yield Case("builder", "null", 'ssh_host = "h"\nssh_password = "p"\n')
    yield Case("builder", "null", 'communicator = "winrm"\nwinrm_host = "h"\nwinrm_password = "p"\n')
    legacy = [
        *(
            '"bogus": 1}',
            '"ssh_port": 22.5}',
            '"ssh_port": "22.5"}',
            '"ssh_port": "0x16"}',
            '"ssh_port": ""}',
        ),
        *('"ssh_timeout": 5}', '"ssh_timeout": "5"}', '"ssh_timeout": true}', '"SSH_Port": 22}'),
        *('"ssh_local_tunnels": "8080:h:80"}', '"ssh_local_tunnels": {"a": "b"}}', '"ssh_pty": "yes"}'),
        *('"ssh_pty": 1}', '"ssh_file_transfer_method": "ftp"}', '"ssh_ciphers": [null]}'),
    ]
    yield from (Case("builder", "null", JSON_COMMUNICATOR + text) for text in legacy)
    tags = [
        *("tags = {}\n", 'tags = ["a"]\n', "tags {\n}\n", 'tag {\nkey = "k"\nvalue = "v"\n}\n'),
        *('tag {\nkey = "k"\nvalue = "v"\n}\ntag {\nkey = "l"\nvalue = "v"\n}\n', 'tag = { key = "k" }\n'),
        *('tag {\nkey = "k"\nbogus = 1\n}\n', "tag {\nkey = [1]\n}\n", "ebs_optimized = 2\n"),
        *("source_ami_filter {\nmost_recent = true\n}\nsource_ami_filter {\n}\n", 'ami_users = "1"\n'),
    ]
    yield from (Case("builder", "amazon-ebs", f'{CLOUD}source_ami = "ami-1"\n{text}') for text in tags)
    yield Case("builder", "amazon-ebs", CLOUD)
    yield Case("builder", "amazon-ebs", f'{CLOUD}source_ami = "a"\nuser_data = "a"\nuser_data_file = "f"\n')
    for text in (
        "",
        "disk_size = 5\n",
        'qemuargs = [["-m", "2"]]\n',
        'qemuargs = ["-m"]\n',
        'format = "vdi"\n',
    ):
        yield Case("builder", "qemu", QEMU + text)
    yield Case("builder", "qemu", 'disk_interface = "floppy"\n' + QEMU)
    for one in (
        "",
        'image = "i"\n',
        'image = "i"\ncommit = true\n',
        'image = "i"\ncommit = true\ndiscard = true\n',
    ):
        yield Case("builder", "docker", one)
    for one in ("", 'content = "c"\n', 'target = "t"\n', 'source = "f"\ntarget = "t"\ncontent = "c"\n'):
        yield Case("builder", "file", one)
    inline = 'inline = ["echo"]\n'
    for one in (
        *(
            "",
            inline,
            "inline = []\n",
            'inline = "echo"\n',
            inline + 'script = "nowhere.sh"\n',
            inline + "bogus = 1\n",
        ),
        *(
            inline + "valid_exit_codes = [0, 1]\n",
            inline + 'valid_exit_codes = ["a"]\n',
            inline + "binary = 3\n",
        ),
        *(inline + 'start_retry_timeout = "soon"\n', inline + 'start_retry_timeout = "5s"\n'),
    ):
        yield Case("provisioner", "shell", one)
    for one in (
        "{}",
        '{"inline": "echo"}',
        '{"inline": ["a"], "bogus": 1}',
        '{"inline": ["a"], "valid_exit_codes": "0"}',
    ):
        yield Case("provisioner", "shell", one)
    for one in ("", 'restart_timeout = "5m"\n', 'restart_timeout = "five"\n', "restart_timeout = 5\n"):
        yield Case("provisioner", "windows-restart", one)
    for one in ("", 'pause = "5m"\n', "note = [1]\n", 'disable = "x"\n', 'note = "n"\n'):
        yield Case("provisioner", "breakpoint", one)
    for one in (
        "",
        'output = "o"\n',
        "strip_path = 7\n",
        'custom_data = { a = "b" }\n',
        "custom_data {\n}\n",
    ):
        yield Case("post-processor", "manifest", one)
    for one in (
        "",
        'repository = "r"\n',
        'repository = "r"\ntag = ["t"]\n',
        'repository = "r"\nforce = "no"\n',
    ):
        yield Case("post-processor", "docker-tag", one)
    for one in (
        "",
        'checksum_types = ["md5", "sha1"]\n',
        'checksum_types = "md5"\n',
        'output = "o"\nbogus = "b"\n',
    ):
        yield Case("post-processor", "checksum", one)
    for one in (
        'output = "o.tar.gz"\n',
        "compression_level = 6\n",
        'compression_level = "six"\n',
        'format = "rar"\n',
    ):
        yield Case("post-processor", "compress", one)


CASES = tuple(_cases())


def components(language: str, kind: str, type_: str, bodies: Sequence[str]) -> tuple[str, list[int]]:
    """A template with a component for each body, and the lines on which their headers stand (HCL)."""
    if language == "json":
        written = [json.loads(body) for body in bodies]
        found: dict[str, list[Any]] = {"builders": [], f"{kind}s": []}
        for index, body in enumerate(written):
            name = f"c{index}"
            if kind == "builder":
                found["builders"].append({"type": type_, "name": name, **body})
            else:
                found["builders"].append({"type": "null", "name": name, "communicator": "none"})
                found[f"{kind}s"].append({"type": type_, "only": [name], **body})
        return json.dumps(found, indent=1), []
    lines = ['source "null" "base" {', 'communicator = "none"', "}"]
    if kind != "builder":
        lines += ["build {", 'sources = ["source.null.base"]']
    headers = []
    for index, body in enumerate(bodies):
        label = f'source "{type_}" "c{index}"' if kind == "builder" else f'{kind} "{type_}"'
        lines.append(label + " {")
        headers.append(len(lines))
        lines += [*body.splitlines(), "}"]
        if kind == "builder":
            lines += ["build {", f'sources = ["source.{type_}.c{index}"]', "}"]
    return "\n".join([*lines, *(["}"] if kind != "builder" else [])]) + "\n", headers


@cache
def packer() -> str | None:
    """The program, where it is the version that the answers are from."""
    found = shutil.which("packer")
    if found is None:
        return None
    version = subprocess.run([found, "version"], capture_output=True, text=True, check=False).stdout
    return found if "v1.6.6" in version else None


def told(text: str, name: str, folder: Path) -> list[tuple[int, str]]:
    """Packer's errors for a template: the line, or the number of the build in JSON, and what it says."""
    (folder / name).write_text(text, "utf-8")
    done = subprocess.run(
        [str(packer()), "validate", name],
        cwd=folder,
        env={**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = []
    for part in re.split(r"^(?=Error: |Warning: )", done.stdout + done.stderr, flags=re.MULTILINE):
        place = re.search(r"^  on .* line (\d+)", part, re.MULTILINE) or re.match(r'.*build:? "c(\d+)"', part)
        if part.startswith("Error: ") and place:
            kept = re.sub(r"^  on .*\n  \(source.*\n", "", part, flags=re.MULTILINE).removeprefix("Error: ")
            kept = re.sub(r"0x[0-9a-f]{6,}", "0x", kept.replace(f"{folder}/", ""))
            found.append((int(place[1]), " ".join(kept.split())))
    return found


def answered(
    language: str, kind: str, type_: str, bodies: Sequence[str], folder: Path
) -> list[list[tuple[int, str]]]:
    """Packer's errors for every body: the line in it, 0 for its header or where there are no lines."""
    text, headers = components(language, kind, type_, bodies)
    found: list[list[tuple[int, str]]] = [[] for _ in bodies]
    for at, message in told(text, "t.pkr.hcl" if language == "hcl" else "t.json", folder):
        index = at if language == "json" else max(i for i, header in enumerate(headers) if header <= at)
        found[index].append((0 if language == "json" else at - headers[index], message))
    return found


def ours(
    conformed: Any, language: str, kind: str, type_: str, bodies: Sequence[str]
) -> list[tuple[Problem, ...]]:
    """Packlint's problems for every body; what HCL converts is none."""
    text, _ = components(language, kind, type_, bodies)
    made: dict[int, Component] = {}
    for component in conformed(text, "t.pkr.hcl" if language == "hcl" else "t.json"):
        if component.kind == kind and component.type == type_ and '"base"' not in component.header_range.text:
            made[component.range.start] = component
    assert len(made) == len(bodies)
    return [tuple(it for it in each.problems if it.fault != "convertible") for each in made.values()]


def body(language: str, names: Sequence[str], value: str) -> str:
    """All arguments with the same value, one a line in HCL."""
    if language == "hcl":
        return "".join(f"{name} = {value}\n" for name in names)
    return "{" + ", ".join(f'"{name}": {value}' for name in names) + "}"


def values(language: str) -> tuple[str, ...]:
    """What is tried; Packer tells of a null within a value of HCL only where there is no other error."""
    return tuple(each for each in VALUES if language == "json" or each != '{"a": null}')


def known_to_both(language: str, kind: str, type_: str, folder: Path) -> list[str]:
    """The arguments of a schema, without its blocks, that Packer knows."""
    schema = catalog.shipped(kind, type_)
    assert schema is not None
    known = catalog.properties(schema)
    names = [name for name in known if not LEFT_OUT.search(name) and not catalog.is_block(known[name])]
    (said,) = answered(language, kind, type_, [body(language, names, "null")], folder)
    strange = {names[line - 1] for line, text in said if line and "is not expected here" in text}
    for _, text in said:
        strange |= set(re.findall(r"unknown configuration key: '\"(.*?)\"'", text))
    return [name for name in names if name not in strange]


def refused(language: str, names: Sequence[str], said: Sequence[tuple[int, str]]) -> set[str]:
    """The arguments whose types Packer does not take."""
    if language == "hcl":
        return {names[line - 1] for line, text in said if line and "Inappropriate value" in text}
    text = " ".join(message for _, message in said).partition("decoding:")[2]
    found = {each.lower() for each in re.findall(r"'(\w+)[^']*'", text)}
    return {name for name in names if name.lower() in found}


def misfit(language: str, problems: Sequence[Problem]) -> set[str]:
    """The arguments whose types packlint does not take; a legacy template's decoder reads durations too."""
    faults = [it for it in problems if it.fault == "type" or (language == "json" and it.keyword == "format")]
    return {str(it.path[0]) for it in faults}


@cache
def recorded() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Language → component → argument → a letter for each value."""
    found: Mapping[str, Any] = json.loads(TYPES.read_text("utf-8"))
    return found


def asked_types(language: str, component: str, names: Sequence[str], folder: Path) -> dict[str, str]:
    """Packer's letters for the arguments of a component."""
    bodies = [body(language, names, value) for value in values(language)]
    said = answered(language, *component.split(), bodies, folder)
    no = [refused(language, names, each) for each in said]
    return {name: "".join("x" if name in each else "-" for each in no) for name in names}


EMPTY = "packlint judges no empty duration: whether the plugin takes it for none is not known"
ACCEPTED = {("json", '""'): EMPTY}
"""(language, value) → why packlint may say nothing where Packer refuses."""


def all_components() -> list[tuple[str, str]]:
    return [(language, name) for language, names in COMPONENTS.items() for name in names]


def _write(path: Path, found: Mapping[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")


@pytest.mark.skipif(not UPDATE, reason="PACKLINT_UPDATE is not set")
def test_update(tmp_path: Path) -> None:
    assert packer(), "the answers are Packer's 1.6.6, which is not installed"
    found: dict[str, dict[str, dict[str, str]]] = {"hcl": {}, "json": {}}
    for language, component in all_components():
        names = known_to_both(language, *component.split(), tmp_path)
        found[language][component] = asked_types(language, component, names, tmp_path)
    _write(TYPES, found)
    _write(ANSWERS, asked_cases(tmp_path))
    recorded.cache_clear()


@pytest.mark.parametrize(("language", "component"), all_components())
def test_types_are_refused_where_packer_refuses_them(language: str, component: str, conformed: Any) -> None:
    letters = recorded()[language][component]
    names = sorted(letters)
    assert all(len(each) == len(values(language)) for each in letters.values())
    problems = ours(
        conformed, language, *component.split(), [body(language, names, each) for each in values(language)]
    )
    wrong = []
    for index, (value, each) in enumerate(zip(values(language), problems, strict=True)):
        mine = misfit(language, each)
        theirs = {name for name in names if letters[name][index] == "x"}
        silent = set() if (language, value) not in ACCEPTED else theirs - mine
        wrong += [f"{name} = {value}: packlint {name in mine}" for name in sorted((mine ^ theirs) - silent)]
    assert not wrong, "\n".join(wrong)


def test_enough_is_compared() -> None:
    assert sum(len(names) for each in recorded().values() for names in each.values()) >= 350


@pytest.mark.parametrize(("language", "component"), all_components())
def test_the_types_are_those_of_packer(language: str, component: str, tmp_path: Path) -> None:
    if packer() is None:
        pytest.skip("packer 1.6.6 is not installed")
    letters = recorded()[language][component]
    assert asked_types(language, component, sorted(letters), tmp_path) == letters


def _grouped() -> Mapping[tuple[str, str, str], list[Case]]:
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in CASES:
        groups.setdefault((case.language, case.kind, case.type), []).append(case)
    return groups


def _key(case: Case) -> str:
    return f"{case.kind} {case.type}: {case.body}"


def asked_cases(folder: Path) -> dict[str, list[str]]:
    """Packer's errors for each case."""
    for name in ("f", "nowhere"):
        (folder / name).write_text("x", "utf-8")
    found: dict[str, list[str]] = {}
    for group, cases in _grouped().items():
        said = answered(*group, [case.body for case in cases], folder)
        found |= {_key(case): [text for _, text in each] for case, each in zip(cases, said, strict=True)}
    return found


CERTIFICATE = (
    'builder null: ssh_host = "h"\nssh_username = "u"\nssh_password = "p"\nssh_certificate_file = "f"\n'
)
DIFFERENT = {CERTIFICATE: "since Packer 1.7 a certificate asks for `ssh_private_key_file`"}
"""Cases of which packlint and Packer 1.6.6 judge otherwise → why both are right."""


def test_components_are_refused_where_packer_refuses_them(conformed: Any) -> None:
    answers = json.loads(ANSWERS.read_text("utf-8"))
    assert sorted(answers) == sorted(map(_key, CASES))
    wrong = {}
    for group, cases in _grouped().items():
        for case, problems in zip(cases, ours(conformed, *group, [it.body for it in cases]), strict=True):
            if bool(problems) != bool(answers[_key(case)]):
                wrong[_key(case)] = [(it.fault, it.keyword, it.path) for it in problems] or answers[
                    _key(case)
                ]
    assert {key: said for key, said in wrong.items() if key not in DIFFERENT} == {}
    assert set(DIFFERENT) == set(wrong), "a difference that is listed is none"


def test_the_cases_are_those_of_packer(tmp_path: Path) -> None:
    if packer() is None:
        pytest.skip("packer 1.6.6 is not installed")
    assert asked_cases(tmp_path) == json.loads(ANSWERS.read_text("utf-8"))
