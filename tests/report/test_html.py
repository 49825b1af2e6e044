"""The HTML report: one page that is well-formed, needs nothing, runs nothing and gives away nothing."""

from __future__ import annotations

import hashlib
import re
import time
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity, Suppression
from packlint.document import Document, Range
from packlint.files import Files
from packlint.model import Argument, Arguments, Build, Configuration, Source, SourceUse, Template
from packlint.outcome import Outcome
from packlint.project import Link
from packlint.record import replace
from packlint.report import Look, render
from packlint.rule import Category, Rule
from packlint.syntax import Literal
from packlint.value import Known

SVG = "{http://www.w3.org/2000/svg}"

DOCUMENT = Document(
    "images/web.pkr.hcl",
    """\
variable "password" {
  default   = "correct-horse"
}

source "qemu" "web" {
\tssh_username = "root"
  ssh_password = var.password
}

build {
  sources = ["source.qemu.wbe"]
}
""",
)


def of(text: str, document: Document = DOCUMENT) -> Range:
    start = document.text.index(text)
    return Range(document, start, start + len(text))


def found(
    place: Range, message: str = "it is wrong", severity: Severity = Severity.WARNING, rule: str = "a-rule"
) -> Diagnostic:
    return Diagnostic(rule, severity, message, place)


def outcome(*diagnostics: Diagnostic, **more: object) -> Outcome:
    return replace(Outcome(diagnostics, (), templates=2, documents=3), **more)  # type: ignore[arg-type]


def page(*diagnostics: Diagnostic, look: Look | None = None, **more: object) -> ET.Element:
    return ET.fromstring(render("html", outcome(*diagnostics, **more), look or Look()).encode())


def text(element: ET.Element | None) -> str:
    assert element is not None
    return "".join(element.itertext())


def by_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [it for it in root.iter() if name in it.get("class", "").split()]


def code(element: ET.Element) -> list[str]:
    """The lines of the first frame: number, and the text with the marks in brackets."""
    (frame, *_) = by_class(element, "code")
    lines = []
    for line in frame:
        marked = "".join(f"[{mark.text or ''}]{mark.tail or ''}" for mark in line)
        lines.append(f"{line.get('data-n', '')}|{((line.text or '') + marked).rstrip()}")
    return lines


# what a page has


def test_the_lines_around_a_range_are_shown_and_the_range_is_marked() -> None:
    (finding,) = by_class(page(found(of('"source.qemu.wbe"'))), "finding")
    assert code(finding) == [
        "10|build {",
        '11|  sources = ["source.qemu.wbe"]'.replace('"source.qemu.wbe"', '["source.qemu.wbe"]'),
        "12|}",
    ]


def test_a_range_of_several_lines_is_marked_in_each_of_them() -> None:
    place = of('source "qemu" "web" {\n\tssh_username = "root"')
    (finding,) = by_class(page(found(place)), "finding")
    assert code(finding) == [
        "3|}",
        "4|",
        '5|[source "qemu" "web" {]',
        '6|    [ssh_username = "root"]',
        "7|  ssh_password = var.password",
        "8|}",
    ]


def test_the_middle_of_a_long_range_is_left_out() -> None:
    document = Document("a.pkr.hcl", "".join(f"line{number}\n" for number in range(1, 100)))
    place = Range(document, document.line_starts[9], document.line_starts[89])
    (finding,) = by_class(page(found(place)), "finding")
    assert code(finding) == [
        *("8|line8", "9|line9", "10|[line10]", "11|[line11]", "12|[line12]", "13|[line13]", "14|[line14]"),
        *("|…", "89|[line89]", "90|line90", "91|line91"),
    ]


def test_a_place_between_two_characters_is_marked() -> None:
    (finding,) = by_class(page(found(Range(DOCUMENT, 8, 8))), "finding")
    assert code(finding)[0] == '1|variable[] "password" {'


def test_an_empty_file_has_no_frame() -> None:
    (finding,) = by_class(page(found(Range(Document("a.pkr.hcl", ""), 0, 0))), "finding")
    assert not by_class(finding, "code")
    assert "a.pkr.hcl:1:1" in text(finding)


def test_a_finding_tells_all_that_is_known() -> None:
    diagnostic = replace(
        found(of('"source.qemu.wbe"'), "source `qemu.wbe` is not declared"),
        related=(Related(of('source "qemu" "web"'), "this one is"),),
        hint="did you mean `source.qemu.web`?",
        fix=Fix("write `web`", (Edit(of("wbe"), "web"),)),
    )
    (finding,) = by_class(page(diagnostic), "finding")
    said = " ".join(text(finding).split())
    assert "source qemu.wbe is not declared" in said
    assert [it.text for it in finding.iter("code")] == ["qemu.wbe", "source.qemu.web", "web"]
    assert "this one is images/web.pkr.hcl:5:1" in said
    assert "Hint: did you mean source.qemu.web?" in said
    assert "Fix: write web" in said
    assert [(it.get("class"), it.text) for it in by_class(finding, "code")[2]] == [
        ("l kept", "build {\n"),
        ("l old", '  sources = ["source.qemu.wbe"]\n'),
        ("l new", '  sources = ["source.qemu.web"]\n'),
        ("l kept", "}\n"),
    ]


def test_a_fix_of_another_file_names_it() -> None:
    other = Document("images/variables.pkr.hcl", "a = 1\nb = 2\n")
    fix = Fix("move it", (Edit(of("b = 2\n", other), ""), Edit(Range(DOCUMENT, 0, 0), "b = 2\n")), safe=False)
    (finding,) = by_class(page(replace(found(of("build")), fix=fix)), "finding")
    _, there, here = by_class(finding, "code")
    assert [it.text for it in here] == ["b = 2\n", 'variable "password" {\n']
    assert [(it.get("class"), it.text) for it in there] == [("l kept", "a = 1\n"), ("l old", "b = 2\n")]
    assert "images/variables.pkr.hcl" in text(finding)
    assert "Unsafe fix:" in text(finding)


def test_edits_that_are_apart_are_shown_apart() -> None:
    fix = Fix("rename it", (Edit(of("password"), "secret"), Edit(of("root"), "admin")))
    (finding,) = by_class(page(replace(found(of("build")), fix=fix)), "finding")
    rows = [(it.get("class"), (it.text or "").strip()) for it in by_class(finding, "code")[1]]
    assert rows == [
        ("l old", 'variable "password" {'),
        ("l new", 'variable "secret" {'),
        ("l kept", 'default   = "correct-horse"'),
        ("l gap", "…"),
        ("l kept", 'source "qemu" "web" {'),
        ("l old", 'ssh_username = "root"'),
        ("l new", 'ssh_username = "admin"'),
        ("l kept", "ssh_password = var.password"),
    ]


def test_an_enormous_fix_is_told_and_not_shown() -> None:
    fix = Fix("lay it out", (Edit(of("root"), "x\n" * 10_000),))
    (finding,) = by_class(page(replace(found(of("build")), fix=fix)), "finding")
    assert len(by_class(finding, "code")) == 1
    assert "lay it out" in text(finding)


def test_counts_and_both_views() -> None:
    other = Document("b.pkr.hcl", "x\n")
    root = page(
        found(of("build")),
        found(of("root"), severity=Severity.NOTE, rule="b-rule"),
        found(of("x", other), severity=Severity.ERROR, rule="b-rule"),
    )
    headline = text(by_class(root, "headline")[0])
    assert headline == "Found 1 error, 1 warning and 1 note in 2 of 3 files (2 templates)"
    facts = {text(it.find("dt")): text(it.find("dd")) for it in by_class(root, "facts")[0]}
    assert facts["errors"] == facts["warnings"] == facts["notes"] == "1"
    rules = by_class(root, "rule")
    assert [it.get("id") for it in rules] == ["rule-b-rule", "rule-a-rule"]
    assert [text(it) for it in by_class(rules[0], "badge")] == ["1 error", "1 note"]
    assert [it.get("href") for it in rules[0].iter("a")] == ["#finding-1", "#finding-2"]
    paths = [text(it.find("header/h3")) for it in by_class(root, "file")]
    assert paths == ["b.pkr.hcl", "images/web.pkr.hcl"]


def test_nothing_found_is_said() -> None:
    root = page()
    assert text(by_class(root, "headline")[0]) == "No findings in 3 files (2 templates)"
    assert not by_class(root, "finding")


def test_what_is_excused_is_shown_with_its_reason_where_that_is_wanted() -> None:
    excused = replace(
        found(of("root")), suppression=Suppression("waiver", "only in the <lab>", of('source "qemu" "web"'))
    )
    assert not by_class(page(found(of("build")), suppressed=(excused,)), "excuse")
    root = page(found(of("build")), suppressed=(excused,), look=Look(suppressed=True))
    assert text(by_class(root, "excuse")[0]) == "Excused by a waiver in line 5: only in the <lab>"
    assert [it.get("id") for it in by_class(root, "finding")] == ["finding-1", "excused-1"]


def test_a_traceback_keeps_its_lines() -> None:
    diagnostic = replace(found(of("build"), rule="internal-error"), hint="Traceback:\n  File <x>\nError")
    (finding,) = by_class(page(diagnostic), "finding")
    (trace,) = by_class(finding, "trace")
    assert text(trace).split("\n")[:-1] == ["Traceback:", "  File <x>", "Error"]


class BuiltIn(Rule):
    """Flags a thing with `code`."""

    category = Category.STYLE
    severity = Severity.WARNING


BuiltIn.__module__ = "packlint.rules.style.built_in"


class Foreign(Rule):
    """Flags another thing."""

    category = Category.STYLE
    severity = Severity.WARNING


def test_only_rules_of_packlint_have_a_page_among_its_documents() -> None:
    root = page(
        found(of("build"), rule="built-in"), found(of("root"), rule="foreign"), rules=(BuiltIn, Foreign)
    )
    addresses = [it.get("href", "") for it in root.iter("a") if not it.get("href", "").startswith("#")]
    assert [re.sub(r"^https://[\w./-]+?/blob/", "…/", it) for it in addresses] == [
        "…/main/docs/rules/built-in.md"
    ]
    assert "Flags another thing" in text(root)


# chains


def links(artifact: str = "output/base.qcow2", *, sensitive: bool = False) -> dict[str, object]:
    place = of('source "qemu" "web"')
    nothing = Arguments({})
    base, web = (Source("qemu", name, nothing, place, place) for name in ("base", "web"))
    use = SourceUse("source.qemu.base", "qemu", "base", "base", base, nothing, nothing, place)
    argument = Argument("iso_url", Literal(place, "x"), Known("x", sensitive=sensitive), place, place)
    build = Build(None, None, (use,), False, (), (), (), False, place, place)
    template = Template("images", (DOCUMENT.path,), Files(Path()))
    return {
        "links": (Link(use, web, argument, artifact),),
        "configurations": (Configuration(template, (), sources=(base, web), builds=(build,)),),
    }


def test_chains_are_drawn_and_told() -> None:
    root = page(found(of("build")), **links())
    (picture,) = by_class(root, "chain")
    assert [it.text for it in picture.iter(f"{SVG}text") if it.get("class") == "label"] == [
        "output/base.qcow2"
    ]
    said = " ".join(text(by_class(root, "chains")[0]).split())
    assert "qemu.web in images starts from output/base.qcow2, which qemu.base in images makes" in said


def test_a_run_without_chains_has_no_picture() -> None:
    assert not by_class(page(found(of("build"))), "chains")


@pytest.mark.parametrize("how", ["declared", "written"])
def test_a_secret_name_of_an_artifact_is_not_told(how: str) -> None:
    more = links("correct-horse", sensitive=how == "declared")
    if how == "written":
        more["sensitive"] = (of("correct-horse"),)
    root = page(found(of("build")), **more)
    assert by_class(root, "chain")
    assert "correct-horse" not in text(by_class(root, "chains")[0])


def test_a_word_that_is_a_secret_of_another_template_may_be_a_name_here() -> None:
    elsewhere = Document("other/a.pkr.hcl", "correct-horse\n")
    root = page(found(of("build")), **links("correct-horse"), sensitive=(of("correct-horse", elsewhere),))
    assert "correct-horse" in text(by_class(root, "chains")[0])


# secrets


def test_secrets_are_masked_on_every_line_that_is_shown() -> None:
    diagnostic = replace(
        found(of('variable "password"')),
        related=(Related(of('default   = "correct-horse"'), "its default"),),
        fix=Fix("declare it sensitive", (Edit(of("  default"), "  sensitive = true\n  default"),)),
    )
    written = render("html", outcome(diagnostic, sensitive=(of("correct-horse"),)))
    assert "correct-horse" not in written
    assert "*************" in written
    assert "sensitive = true" in written


def test_a_fix_that_writes_a_secret_again_is_not_shown() -> None:
    fix = Fix("quote it", (Edit(of('"correct-horse"'), 'trim("correct-horse")'),))
    diagnostic = replace(found(of("build")), fix=fix)
    written = render("html", outcome(diagnostic, sensitive=(of("correct-horse"),)))
    assert "correct-horse" not in written
    assert "it writes a secret, which is not shown" in written


# what a template must not do

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><a href='javascript:alert(1)'>x</a>",
    "' onmouseover='alert(1)",
    "]]><!-- --><style>*{display:none}</style>",
    "</pre></code></details></title></svg>",
    "{{ 7*7 }}{% raw %}{# x #}",
    "&lt;b&gt; &#60;b&#62;",
    "\x00\x07\x1b[2J\x7f\x85",
    "\u202eright\u2066to\u200bleft\ufeff",
    "\ud800 \udfff \uffff \ufdd0 \U0010ffff",
    "a\u2028b\u2029c\x0bd\x0ce",
    "``` `x` `",
    "世界 é 🦎",
)

OWN_TAGS = frozenset(
    {
        *("a", "article", "b", "body", "code", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "head", "header", "html", "input", "label", "legend"),
        *("li", "main", "mark", "meta", "nav", "p", "pre", "section", "span", "style", "summary", "title"),
        *("ul", f"{SVG}svg", f"{SVG}title", f"{SVG}desc", f"{SVG}g", f"{SVG}path", f"{SVG}rect"),
        *(f"{SVG}text", "svg", "rect"),
    }
)


def hostile(evil: str) -> str:
    document = Document(f"x/{evil}.pkr.hcl", f"{evil}\n{evil} = {evil}\n{evil}\n")
    place = Range(document, len(evil) + 1, 2 * len(evil) + 1)
    diagnostic = Diagnostic(
        f"rule{evil}",
        Severity.ERROR,
        f"{evil} and `{evil}`",
        place,
        (Related(place, evil),),
        Fix(evil, (Edit(place, evil + evil),)),
        evil,
    )
    excused = replace(diagnostic, suppression=Suppression("baseline", evil))
    more = links(evil)
    return render(
        "html", outcome(diagnostic, suppressed=(excused,), **more), Look(suppressed=True, statistics=True)
    )


class Reader(HTMLParser):
    """Reads as a browser does, and keeps the tags and their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_template_is_markup(evil: str) -> None:
    written = hostile(evil)
    written.encode()
    root = ET.fromstring(written.encode())
    assert {it.tag for it in root.iter()} <= OWN_TAGS
    tame = ET.fromstring(hostile("tame").encode())
    # Backticks, which are ours as well, make names of what is between them.
    assert [it.tag for it in root.iter() if it.tag != "code"] == [
        it.tag for it in tame.iter() if it.tag != "code"
    ]
    reader = Reader()
    reader.feed(written)
    assert [tag for tag, _ in reader.tags] == [it.tag.removeprefix(SVG) for it in root.iter()]
    for _, attributes in reader.tags:
        assert not any(name.startswith("on") or name in ("style", "src", "xlink:href") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_template_hides_or_steers(evil: str) -> None:
    written = hostile(evil)
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", written
    )
    assert not re.search("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", written)


def addresses(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        yield from (it for name, it in element.attrib.items() if name in ("href", "src", "action", "data"))
        yield from (element.get("aria-labelledby") or "").split()


def full() -> Outcome:
    diagnostic = replace(
        found(of("build")),
        related=(Related(of("root"), "there"),),
        fix=Fix("write it", (Edit(of("root"), "admin"),)),
        hint="do it",
    )
    excused = replace(found(of("root"), rule="b-rule"), suppression=Suppression("settings", "why not"))
    others = (found(of("x", Document(f"{name}.pkr.hcl", "x\n"))) for name in "abcdef")
    return outcome(diagnostic, *others, suppressed=(excused,), **links())


def test_ids_are_unique_and_every_link_has_its_target() -> None:
    root = ET.fromstring(render("html", full(), Look(suppressed=True)))
    ids = [it.get("id", "") for it in root.iter() if it.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][\w-]*", it) for it in ids)
    inner = {it.get("href", "")[1:] for it in root.iter("a") if it.get("href", "").startswith("#")}
    inner |= {name for it in root.iter() for name in (it.get("aria-labelledby") or "").split()}
    assert inner and inner <= set(ids)


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    written = render("html", full(), Look(suppressed=True))
    root = ET.fromstring(written)
    tags = {it.tag for it in root.iter()}
    assert tags <= OWN_TAGS
    css = root.findtext("head/style")
    assert css is not None
    assert not re.search(r"url\(|@import|@font-face|expression", css)
    (policy,) = (it.get("content", "") for it in root.iter("meta") if it.get("http-equiv"))
    hashed = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    assert not any("style" in it.attrib for it in root.iter())
    names_of_namespaces = {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r"https?://[^\s\"'<]+", written)) <= names_of_namespaces


def test_headings_go_down_by_one() -> None:
    root = ET.fromstring(render("html", full(), Look(suppressed=True)))
    levels = [int(it.tag[1]) for it in root.iter() if re.fullmatch("h[1-6]", it.tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_texts_have_the_contrast_that_wcag_aa_asks_for(scheme: int) -> None:
    css = ET.fromstring(render("html", full())).findtext("head/style") or ""
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colors = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))
    pairs = [(ink, ground) for ink in ("ink", "soft", "link") for ground in ("page", "card", "code")]
    pairs += [(it, f"{it}-tint") for it in ("error", "warning", "note")]
    pairs += [(it, "card") for it in ("error", "warning", "note")]
    pairs += [("ink", ground) for ground in ("old", "new", "error-tint", "warning-tint", "note-tint")]
    assert {pair: value for pair in pairs if (value := contrast(*(colors[it] for it in pair))) < 4.5} == {}


def test_the_same_outcome_gives_the_same_page() -> None:
    assert render("html", full()) == render("html", full())


# sizes


def test_of_too_many_findings_the_mildest_are_left_out_and_counted() -> None:
    document = Document("a.pkr.hcl", "x\n" * 4000)
    findings = [
        found(Range(document, 2 * at, 2 * at + 1), severity=Severity.NOTE if at % 2 else Severity.ERROR)
        for at in range(4000)
    ]
    started = time.process_time()
    written = render("html", outcome(*findings))
    assert time.process_time() - started < 20
    assert len(written) < 6_000_000
    root = ET.fromstring(written)
    shown = [it.get("class", "") for it in by_class(root, "finding")]
    assert (shown.count("finding error"), shown.count("finding note")) == (2000, 1000)
    assert "Not in this report: 1000 more findings" in text(root)
    assert "and 1000 that are not in this report" in text(root)


def test_a_line_of_megabytes_costs_little() -> None:
    document = Document("a.pkr.json", "x" * 2_000_000)
    findings = [found(Range(document, 1000 * at, 1000 * at + 1)) for at in range(1500)]
    started = time.process_time()
    written = render("html", outcome(*findings))
    assert time.process_time() - started < 20
    assert len(written) < 6_000_000


def test_many_related_places_are_cut() -> None:
    diagnostic = replace(found(of("build")), related=(Related(of("root"), "there"),) * 1000)
    (finding,) = by_class(page(diagnostic), "finding")
    assert "and 990 more places" in text(finding)
    assert len(by_class(finding, "also")) == 11
