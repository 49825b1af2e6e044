"""Templates checked apart, and again with those that they touch: the findings are those of all together."""

from __future__ import annotations

import marshal
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import pytest

from packlint import company as stage
from packlint.chain.artifacts import links
from packlint.check import check, over_projects
from packlint.company import COVERED, Company, companies, covered
from packlint.diagnostic import Diagnostic, in_order
from packlint.discover import discover
from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.inputs import NOTHING
from packlint.load import load
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.outlook import Outlook, outlook
from packlint.parse import parse, parse_template
from packlint.plugins import load_rules
from packlint.project import Market, Project
from packlint.record import fields, replace
from packlint.rule import Rule
from packlint.settings import Settings, everywhere

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
NOWHERE = Path("/nowhere/of/packlint")

Unit = tuple[Configuration, ...]
Found = tuple[Diagnostic, ...]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules over all templates, each of them wherever it is off unless asked for."""
    return tuple(rule() for rule in load_rules() if over_projects(rule))


def checked(configurations: Sequence[Configuration], market: Market | None = None) -> Found:
    """What rules over all templates find."""
    project = Project(tuple(configurations), links(configurations), market=market)
    nothing: list[tuple[()]] = [()] * len(configurations)
    return check(lambda it: rules() if it is None else (), project, nothing, debug=True)


def together(units: Sequence[Unit]) -> Found:
    """What is found in all units together."""
    return checked([it for unit in units for it in unit])


def of_company(company: Company, units: Sequence[Unit]) -> Iterator[Diagnostic]:
    """What is found in the files of the members of a company."""
    numbers = sorted({*company.members, *company.context})
    asked = {path for number in company.members for path in paths(units[number])}
    found = checked([it for number in numbers for it in units[number]], company.market)
    return (it for it in found if it.range.document.path in asked)


def paths(unit: Unit) -> set[str]:
    """The files of a unit."""
    return {file.document.path for it in unit for file in it.syntax}


class Apart:
    """Units that are looked at one by one, each once; `change` is made of their outlooks."""

    def __init__(self, change: Callable[[Outlook], Outlook] = lambda it: it) -> None:
        self.known: dict[int, tuple[Unit, Found, Outlook]] = {}
        self.change = change

    def looked(self, unit: Unit) -> tuple[Unit, Found, Outlook]:
        """A unit with what it shows by itself."""
        if id(unit) not in self.known:
            alone = checked(unit)
            self.known[id(unit)] = unit, alone, outlook(unit, alone)
        return self.known[id(unit)]

    def check(self, units: Sequence[Unit]) -> Found:
        """What is found in units apart, and where they touch."""
        found: list[Diagnostic] = []
        met: set[int] = set()
        for it in companies([self.change(self.looked(unit)[2]) for unit in units]):
            assert not met.intersection(it.members)
            assert not {*it.members}.intersection(it.context)
            met.update(it.members)
            found += of_company(it, units)
        for number, unit in enumerate(units):
            found += () if number in met else self.looked(unit)[1]
        return in_order(found)


def made(path: str, texts: Mapping[str, str], root: Path = NOWHERE) -> Unit:
    """A unit of files by their paths: variable files are those that are called so."""
    names = tuple(texts)
    values = tuple(name for name in names if ".pkrvars." in name)
    template = Template(path, tuple(name for name in names if name not in values), Files(root), values)
    syntax = [parse(Document(name, texts[name]))[0] for name in (*template.documents, *values)]
    return tuple(evaluate(it, NOTHING, parse_template) for it in lower(template, syntax)[0])


def single(path: str, text: str) -> Unit:
    """A unit of one file."""
    return made(path, {path: text})


NULL = 'source "null" "here" {\n  communicator = "none"\n}\n'
BUILD = 'build {\n  name    = "%s"\n  sources = ["source.null.here"]\n}\n'
WHOLE = NULL + BUILD % "x"


def using(reference: str) -> str:
    """A whole template that refers to something."""
    return NULL + BUILD % f"${{{reference}}}"


def steps(*commands: str) -> str:
    """Provisioners, one for each command."""
    return "".join(f'  provisioner "shell" {{\n    inline = ["{it}"]\n  }}\n' for it in commands)


def qemu(name: str, *commands: str, more: str = 'iso_url = "https://example.com/debian.iso"') -> str:
    """A template of one source of QEMU."""
    source = f'source "qemu" "{name}" {{\n  vm_name = "{name}"\n  iso_checksum = "none"\n  {more}\n}}\n'
    return f'{source}build {{\n  sources = ["source.qemu.{name}"]\n{steps(*commands)}}}\n'


def declared(names: Iterable[str]) -> str:
    """Declarations of variables."""
    return "".join(f'variable "{it}" {{\n  default = 1\n}}\n' for it in names)


def clones(letters: str) -> str:
    """Sources that start from images whose names are misspelt, and one that is made."""
    made = "".join(f'source "proxmox-iso" "{it}" {{\n  template_name = "image-{it}"\n}}\n' for it in letters)
    made += "".join(f'source "proxmox-clone" "{it}" {{\n  clone_vm = "image_{it}"\n}}\n' for it in letters)
    sources = ", ".join(f'"proxmox-iso.{it}"' for it in letters)
    return f"{made}build {{\n  sources = [{sources}]\n}}\n"


def clone(type_: str, argument: str, value: str, name: str = "web") -> str:
    """A template of one source that starts from something."""
    source = f'source "{type_}" "{name}" {{\n  {argument} = "{value}"\n}}\n'
    return f'{source}build {{\n  sources = ["source.{type_}.{name}"]\n{steps("install-web")}}}\n'


MAKES = (
    'source "virtualbox-iso" "base" {\n  vm_name = "debian"\n}\n'
    'build {\n  sources = ["virtualbox-iso.base"]\n}\n'
)
OLD = 'variable "old" {\n  default = 1\n}\nlocals {\n  aged = 1\n}\n'
PLUGIN = (
    "packer {\n  required_plugins {\n    ansible = {\n"
    '      source  = "github.com/hashicorp/ansible"\n      version = "1.1.1"\n    }\n  }\n}\n'
)
ANSIBLE = '  provisioner "ansible" {\n    playbook_file = "x.yml"\n  }\n'
MANY = [f"disk_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]

CASES: dict[str, tuple[Unit, ...]] = {
    "declared var": (
        single("a/p1.pkr.hcl", 'variable "user" {\n  default = "u"\n}\n'),
        single("a/b/t1.pkr.hcl", using("var.user")),
        single("a/b/t2.pkr.hcl", 'variable "usr" {\n  default = "u"\n}\n' + using("var.usr}-${var.user")),
        # More names than anybody guesses at: each that is declared lets another one be guessed.
        single("a/p0.pkr.hcl", declared(MANY[5:15:2])),
        single(
            "a/b/t0.pkr.hcl",
            declared(f"{it}s" for it in MANY) + using("}${".join(f"var.{it}" for it in MANY)),
        ),
    ),
    "declared local": (
        single("p2.pkr.hcl", "locals {\n  arch = 1\n}\n"),
        single("a/b/t3.pkr.hcl", using("local.arch")),
    ),
    "declared data": (
        single("common/p3.pkr.hcl", 'data "http" "page" {\n  url = "https://example.com"\n}\n'),
        single("a/t4.pkr.hcl", using("data.http.page.body")),
    ),
    "declared source": (
        single("a/p4.pkr.hcl", 'source "null" "far" {\n  communicator = "none"\n}\n'),
        single("a/b/t5.pkr.hcl", NULL + 'build {\n  sources = ["source.null.far", "source.null.here"]\n}\n'),
    ),
    "variables": (
        single("p5.pkr.hcl", declared(MANY)),
        made("a/e", {"a/e/t6.pkr.hcl": WHOLE, "a/e/x.auto.pkrvars.hcl": "disk_b = 1\ndisc_c = 1\n"}),
    ),
    "version": (
        single("a/p6.pkr.hcl", 'packer {\n  required_version = ">= 1.9.0"\n}\n'),
        single("a/b/t7.pkr.hcl", WHOLE),
        single("a/b/t8.pkr.hcl", 'packer {\n  required_version = ">= 1.9.0"\n}\n' + WHOLE),
    ),
    "used var": (
        single("a/p7.pkr.hcl", "locals {\n  x = var.size\n}\n"),
        single("a/b/t9.pkr.hcl", 'variable "size" {\n  default = 1\n}\n' + WHOLE),
    ),
    "used local": (
        single("p8.pkr.hcl", 'source "null" "p" {\n  ssh_host = local.note\n}\n'),
        single("a/b/t10.pkr.hcl", "locals {\n  note = 1\n}\n" + WHOLE),
    ),
    "used data": (
        single("a/p9.pkr.hcl", "locals {\n  x = data.http.used.body\n}\n"),
        single("a/b/t11.pkr.hcl", 'data "http" "used" {\n  url = "https://example.com"\n}\n' + WHOLE),
    ),
    "used source": (
        single("a/p10.pkr.hcl", 'build {\n  sources = ["source.null.spare"]\n}\n'),
        single("a/b/t12.pkr.hcl", 'source "null" "spare" {\n  communicator = "none"\n}\n' + WHOLE),
    ),
    "used plugin": (
        single("a/p11.pkr.hcl", f"build {{\n{ANSIBLE}}}\n"),
        single("a/b/t13.pkr.hcl", PLUGIN + WHOLE),
    ),
    "used anything": (
        single("a/p12.pkr.hcl", "locals {\n  everything = jsonencode(var)\n}\n"),
        single("a/b/t14.pkr.hcl", 'variable "size" {\n  default = 1\n}\n' + WHOLE),
    ),
    "beside": (
        single("a/b/t15.pkr.hcl", "locals {\n  both = 1\n}\n" + WHOLE),
        single("a/b/t16.pkr.hcl", using("local.both")),
        single("d/t17.pkr.hcl", "locals {\n  both = 1\n}\n" + WHOLE),
        single("d/t18.pkr.hcl", "bild {\n}\n" + WHOLE),
    ),
    "text": (
        made("c/one", {"c/one/o.pkr.hcl": OLD, "c/one/t.pkr.hcl": WHOLE}),
        made("c/two", {"c/two/o.pkr.hcl": OLD, "c/two/t.pkr.hcl": using("var.old}${local.aged")}),
        made("c/three", {"c/three/o.pkr.hcl": OLD, "c/three/t.pkr.hcl": using("var.old")}),
        made("c/four", {"c/four/o.pkr.hcl": OLD, "c/four/t.pkr.hcl": WHOLE}),
        made("c/five", {"c/five/p.pkr.hcl": PLUGIN, "c/five/t.pkr.hcl": WHOLE}),
        made(
            "c/six",
            {
                "c/six/p.pkr.hcl": PLUGIN,
                "c/six/t.pkr.hcl": f'{NULL}build {{\n  sources = ["null.here"]\n{ANSIBLE}}}\n',
            },
        ),
    ),
    "assigned": (
        single("a/b/t19.pkr.hcl", 'variable "given" {\n  default = 1\n}\n' + WHOLE),
        single("a/vars/more/prod.pkrvars.hcl", "given = 2\n"),
        single("a/vars/test.pkrvars.hcl", "given = 3\n"),
        made(
            "d", {"d/t20.pkr.hcl": 'variable "given" {\n}\n' + WHOLE, "d/x.auto.pkrvars.hcl": "given = 1\n"}
        ),
    ),
    "built": (
        single("a/p13.pkr.hcl", 'source "qemu" "part" {\n  iso_url = "x.iso"\n}\n'),
        single("a/b/t21.pkr.hcl", NULL + 'build {\n  sources = ["source.null.here", "qemu.part"]\n}\n'),
        single("d/t22.pkr.hcl", NULL + 'build {\n  sources = ["source.null.here", "qemu.part"]\n}\n'),
    ),
    "files": (
        made("f/one", {"f/one/t.pkr.hcl": WHOLE, "f/s.pkr.hcl": OLD, "f/s.auto.pkrvars.hcl": "aged = 1\n"}),
        made("f/two", {"f/two/t.pkr.hcl": using("var.old"), "f/s.pkr.hcl": OLD}),
        made(
            "f/three",
            {
                "f/three/t.pkr.hcl": 'variable "aged" {\n  default = 1\n}\n' + using("local.aged"),
                "f/s.auto.pkrvars.hcl": "aged = 1\n",
            },
        ),
    ),
    "steps": (
        single("g/t1.pkr.hcl", qemu("one", "apt-get update", "harden", "install", "agent", "web")),
        single("g/t2.pkr.hcl", qemu("two", "apt-get update", "harden", "install", "agent", "java")),
        single("h/t3.pkr.hcl", qemu("three", "apt-get update", "harden", "install", "agent", "web")),
        single("h/t4.pkr.hcl", qemu("four", "apt-get update", "other", "agent", "web")),
        single("h/t5.pkr.hcl", qemu("five", more='disk_image = true\n  iso_url = "output-one/one"')),
    ),
    "links": (
        single("base/t1.pkr.hcl", qemu("base")),
        single("web/t2.pkr.hcl", qemu("web", "x", more='iso_url = "../base/output-base/base"')),
        single("app/t3.pkr.hcl", qemu("app", "x", more='iso_url = "base/output-base/base"')),
        single("base/t4.pkr.hcl", MAKES),
        single("web/t5.pkr.hcl", clone("virtualbox-ovf", "source_path", "../base/output-base/debian.ova")),
        single("base/t6.pkr.hcl", clone("amazon-ebs", "ami_name", "base-${timestamp()}").replace("web", "w")),
        single(
            "web/t7.pkr.hcl",
            'source "amazon-ebs" "ami" {\n  ami_name = "base-web"\n'
            '  source_ami_filter {\n    filters = { name = "base-*" }\n    owners  = ["self"]\n  }\n}\n'
            'build {\n  sources = ["amazon-ebs.ami"]\n}\n',
        ),
        single(
            "base/t8.pkr.hcl",
            'source "docker" "w" {\n  image = "debian"\n  commit = true\n}\n'
            'build {\n  sources = ["docker.w"]\n'
            '  post-processor "docker-tag" {\n    repository = "example/base"\n  }\n}\n',
        ),
        single("web/t9.pkr.hcl", clone("docker", "image", "example/base")),
        single("base/t10.json", '{"builders": [{"type": "googlecompute", "image_family": "ours"}]}'),
        single("web/t11.json", '{"builders": [{"type": "googlecompute", "source_image_family": "ours"}]}'),
    ),
    "market": (
        single("base/m1.pkr.hcl", MAKES),
        single("web/m2.pkr.hcl", clone("virtualbox-ovf", "source_path", "../base/output-bse/debian.ovf")),
        single("web/m3.pkr.hcl", clone("virtualbox-ovf", "source_path", "../other/output-other/debian.ovf")),
        single("base/m4.pkr.hcl", clone("proxmox-iso", "template_name", "debian12-cloud")),
        single("web/m5.pkr.hcl", clone("proxmox-clone", "clone_vm", "debian12_cloud")),
        single("base/m6.pkr.hcl", clone("proxmox-iso", "template_name", "debian12_cloud")),
        single("base/m7.pkr.hcl", 'variable "v" {\n}\n' + MAKES.replace('"debian"', "var.v")),
        single("web/m8.pkr.hcl", "bild {\n}\n" + WHOLE),
        single(
            "web/m9.pkr.hcl",
            clone("virtualbox-ovf", "source_path", "../base/output-x/debian.ovf").replace("web", "debian"),
        ),
    ),
}
"""For each way in which templates touch some that do."""


def without(kind: str) -> Callable[[Outlook], Outlook]:
    """An outlook that leaves one kind of key out."""
    left_out = tuple("*" if part == "anything" else part for part in kind.split())

    def matches(key: tuple[str, ...]) -> bool:
        if left_out[-1] == "*":
            return key[-1] == "*"
        return key[: len(left_out)] == left_out

    def change(it: Outlook) -> Outlook:
        if kind in ("files", "steps"):
            return replace(it, **{{"files": "files", "steps": "shared"}[kind]: frozenset[str]()})
        pins = frozenset(pin for pin in it.pins if not matches(pin[1]))
        return replace(it, pins=pins, looks=frozenset(key for key in it.looks if not matches(key)))

    return change


APART = Apart()


def choices(units: tuple[Unit, ...]) -> Iterator[tuple[Unit, ...]]:
    """Some of the units, in their order: few at a time, and all."""
    for count in range(1, min(len(units), 5)):
        yield from combinations(units, count)
    yield units


@pytest.mark.parametrize("kind", CASES)
def test_every_choice_of_templates_has_the_findings_of_all_together(kind: str) -> None:
    for some in choices(CASES[kind]):
        assert APART.check(some) == together(some), [it.template.path for unit in some for it in unit]


@pytest.mark.parametrize("kind", CASES)
def test_without_a_kind_of_key_findings_are_wrong(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Apart(without(kind))
    if kind == "links":
        monkeypatch.setattr(stage, "_linked", lambda outlooks: ())
    if kind == "market":
        monkeypatch.setattr(stage, "market", lambda trades: Market({}))
    assert any(apart.check(some) != together(some) for some in choices(CASES[kind]))


DIRECTORIES = (".", "a", "a/b", "a/c", "a/b/c", "d", "d/common", "d/e")
NAMES = ("one", "two")
SHARED = {
    "s/one.pkr.hcl": 'variable "one" {\n  default = 1\n}\nlocals {\n  two = var.two\n}\n',
    "s/two.pkr.hcl": 'source "qemu" "one" {\n  iso_url = "one.iso"\n}\nvariable "two" {\n  default = 1\n}\n',
    "s/s.auto.pkrvars.hcl": "one = 1\nthree = 3\n",
}
COPIED = 'variable "one" {\n  default = 2\n}\nlocals {\n  one = 1\n}\n'


def invented(number: int) -> Unit:
    """A template made by chance, of few names in few directories."""
    chance = random.Random(number)
    directory = chance.choice(DIRECTORIES)
    here = "" if directory == "." else f"{directory}/"
    path = f"{here}t{number}"
    kind = chance.random()
    if kind < 0.08:
        return single(f"{path}.pkrvars.hcl", "".join(f"{it} = 1\n" for it in NAMES if chance.random() < 0.7))
    if kind < 0.16:
        return single(f"{path}.json", legacy(chance))
    if kind < 0.22:
        return single(f"{path}.pkr.json", hcl_json(chance))
    if kind < 0.28:  # a clash: each of the files is a template of its own
        files = {f"{path}/{it}.pkr.hcl": 'variable "one" {\n}\n' + written(chance, True) for it in "xy"}
        return made(path, {**files, f"{path}/z.pkr.hcl": written(chance, False)})
    if kind < 0.6:
        return single(f"{path}.pkr.hcl", written(chance, chance.random() < 0.6))
    files = {f"{path}/t.pkr.hcl": written(chance, chance.random() < 0.7)}
    if chance.random() < 0.4:
        files[f"{path}/c.pkr.hcl"] = COPIED
    if chance.random() < 0.4:
        files[f"{path}/x.auto.pkrvars.hcl"] = "".join(f"{it} = 1\n" for it in (*NAMES, "tow"))
    files |= {name: text for name, text in SHARED.items() if chance.random() < 0.2}
    return made(path, files)


def written(chance: random.Random, whole: bool) -> str:
    """Blocks made by chance, with a source and a build in a `whole` template."""

    def some(*texts: str, share: float = 0.3) -> str:
        return "".join(text for text in texts if chance.random() < share)

    name, other = chance.sample(NAMES, 2)
    text = some(f'variable "{name}" {{\n  default = 1\n}}\n', f"locals {{\n  {other} = 1\n}}\n")
    text += some(f'data "http" "{name}" {{\n  url = "https://example.com"\n}}\n')
    text += some('packer {\n  required_version = ">= 1.9.0"\n}\n', PLUGIN, share=0.15)
    text += some("bild {\n}\n", share=0.05)
    used = [f"var.{other}", f"local.{name}", f"data.http.{other}.body", f"var.{name}", "var.tow"]
    text += "".join(f"locals {{\n  u{at} = {it}\n}}\n" for at, it in enumerate(used) if chance.random() < 0.2)
    source = chance.choice(
        [
            f'source "qemu" "{name}" {{\n  iso_url = "https://example.com/x.iso"\n  vm_name = "{name}"\n}}\n',
            f'source "qemu" "{name}" {{\n  iso_url = "output-{other}/{other}"\n  disk_image = true\n}}\n',
            f'source "qemu" "{name}" {{\n  iso_url = "../a/output-onne/{other}"\n  disk_image = true\n}}\n',
            f'source "proxmox-clone" "{name}" {{\n  clone_vm = "image_{other}"\n}}\n',
            f'source "proxmox-iso" "{name}" {{\n  template_name = "image-{other}"\n}}\n',
            f'source "amazon-ebs" "{name}" {{\n  ami_name = "i-{name}"\n  source_ami = "ami-1"\n}}\n',
        ]
    )
    kind = source.split('"')[1]
    text += source if whole else some(source)
    did = chance.choice([(), ("x",), ("apt-get update", "a", "b", "c"), ("apt-get update", "a", "b", "d")])
    build = f'build {{\n  sources = ["source.{kind}.{chance.choice((name, name, other))}"]\n{steps(*did)}}}\n'
    return text + (build if whole else some(build, share=0.2))


def legacy(chance: random.Random) -> str:
    """A legacy template made by chance."""
    name, other = chance.sample(NAMES, 2)
    url = chance.choice(["https://example.com/x.iso", f"output-{other}/{other}"])
    values = f'"{name}": "1"' if chance.random() < 0.7 else ""
    builder = (
        f'{{"type": "qemu", "name": "{name}", "vm_name": "{name}", "iso_url": "{url}", "disk_image": true}}'
    )
    step = f'{{"type": "shell", "inline": ["{{{{user `{other}`}}}}", "a", "b"]}}'
    return f'{{"variables": {{{values}}}, "builders": [{builder}], "provisioners": [{step}]}}'


def hcl_json(chance: random.Random) -> str:
    """A template in HCL's JSON made by chance."""
    name, other = chance.sample(NAMES, 2)
    source = f'"source": {{"null": {{"{name}": {{"ssh_host": "${{var.{other}}}"}}}}}}'
    build = f', "build": {{"sources": ["source.null.{other}"]}}' if chance.random() < 0.6 else ""
    return f'{{"variable": {{"{name}": {{"default": 1}}}}, {source}{build}}}'


@lru_cache(maxsize=1)
def pool() -> tuple[Unit, ...]:
    """Many templates: those of the cases, and more made by chance."""
    return (*(unit for units in CASES.values() for unit in units), *map(invented, range(160)))


@pytest.mark.parametrize("seed", range(12))
def test_templates_by_chance_have_the_findings_of_all_together(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        some = chance.sample(pool(), chance.randint(2, 14))
        assert APART.check(some) == together(some), [it.template.path for unit in some for it in unit]


def test_all_templates_at_once() -> None:
    assert APART.check(pool()) == together(pool())
    assert APART.check(pool()[::-1]) == together(pool()[::-1])


def test_templates_of_one_directory_share_what_is_guessed() -> None:
    units = (
        single("app/one.pkr.hcl", clones("abcdefghijklm")),
        single("app/two.pkr.hcl", clones("nopqrstuvwxyz")),
    )
    assert len(together(units)) < sum(len(together([unit])) for unit in units)
    for some in (units, units[::-1]):
        assert APART.check(some) == together(some)


def test_an_outlook_is_plain_data() -> None:
    for unit in pool():
        it = APART.looked(unit)[2]
        values = tuple(getattr(it, field.name) for field in fields(it))
        assert Outlook(*marshal.loads(marshal.dumps(values))) == it


def test_a_company_of_many_that_want_one_thing_is_read_once() -> None:
    """The templates that are read again are at most a few times as many as there are."""
    parts = [single(f"a/p{n}.pkr.hcl", 'variable "x" {\n}\n') for n in range(30)]
    templates = [single(f"a/b{n}/t.pkr.hcl", using("var.x")) for n in range(30)]
    copies = [made(f"c{n}", {f"c{n}/o.pkr.hcl": OLD, f"c{n}/t.pkr.hcl": WHOLE}) for n in range(30)]
    found = companies([APART.looked(unit)[2] for unit in (*parts, *templates, *copies)])
    assert sum(len(it.members) + len(it.context) for it in found) <= 90


def test_templates_that_do_not_touch_are_in_no_company() -> None:
    units = [single(f"x{n}/t.pkr.hcl", qemu(f"q{n}", f"do-{n}")) for n in range(3)]
    assert companies([APART.looked(unit)[2] for unit in units]) == ()


def test_every_rule_over_all_templates_is_covered() -> None:
    """One that is new has a reason in the table why companies are enough for it, and cases above."""
    own = {rule.name() for rule in load_rules() if over_projects(rule)}
    assert own == COVERED.keys()
    assert covered(rules())


def test_rules_of_others_and_those_that_count_nothing_are_not_covered() -> None:
    class DuplicateBuild(Rule):
        """Bears the name of another."""

        def check_project(self, project: Project) -> Iterator[object]:  # type: ignore[override]
            yield from ()

    assert not covered([DuplicateBuild()])
    (counting,) = (it for it in load_rules() if it.name() == "duplicate-build")
    assert covered([counting(counting.Options(min_steps=1))])
    assert not covered([counting(counting.Options(min_steps=0))])


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_the_corpus_apart_has_the_findings_of_all_together() -> None:
    units = []
    for template in discover([CORPUS], everywhere(Settings()), CORPUS).templates:
        syntax = [parse(document)[0] for document in load(template)[0]]
        units.append(tuple(evaluate(it, NOTHING, parse_template) for it in lower(template, syntax)[0]))
    found = APART.check(units)
    assert len(found) > 200
    assert found == together(units)
