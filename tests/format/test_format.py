"""Layout of texts: what is written by hand from the rules, what `packer fmt` writes, what stays as it is."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from packlint.document import Document
from packlint.format import formatted, respacings
from packlint.format.columns import columns
from packlint.parse import parse, tokens

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
PACKER = pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
READ = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

LAYOUTS = {
    "indentation": ("b {\nc {\n   x = 1\n    }\n}\n", "b {\n  c {\n    x = 1\n  }\n}\n"),
    "brackets opened together indent once": ("x = f([{\na = 1\n}])\n", "x = f([{\n  a = 1\n}])\n"),
    "brackets closed one by one": ("x = f([\n1\n]\n)\n", "x = f([\n  1\n  ]\n)\n"),
    "equals signs": ("a=1\nlong  =  2\n", "a    = 1\nlong = 2\n"),
    "a blank line parts columns": ("a = 1\n\nlong = 2\n", "a = 1\n\nlong = 2\n"),
    "a comment line parts columns": ("a =  1\n# c\nlong = 2\n", "a = 1\n# c\nlong = 2\n"),
    "a bracket that stays open parts columns": ("a = 1\nlong = [\n]\n", "a = 1\nlong = [\n]\n"),
    "comments": ("a = 1 # x\nlong = 22 // y\n", "a    = 1  # x\nlong = 22 // y\n"),
    "comments without assignments": ("x = [\n1, # a\n222, # b\n]\n", "x = [\n  1,   # a\n  222, # b\n]\n"),
    "comment before the end of a line": ("a = /* x */ 1\n", "a = /* x */ 1\n"),
    "comment of several lines": ("b {\n/* x\n  y */\n}\n", "b {\n  /* x\n  y */\n}\n"),
    "tabs": ("b {\n\tx\t=\t1\n}\n", "b {\n  x = 1\n}\n"),
    "blanks at the end of lines": ("b {  \n   \n  x = 1  \n}\t\n", "b {\n\n  x = 1\n}\n"),
    "line breaks of Windows": (
        "b {\r\nx=1 # c\r\n\r\ny  = 2\r\n}\r\n",
        "b {\r\n  x = 1 # c\r\n\r\n  y = 2\r\n}\r\n",
    ),
    "no line break at the end": ("a=1", "a = 1"),
    "blanks behind the last line break": ("a = 1\n\t ", "a = 1\n  "),
    "comment at the very end": ("a=1 # x  ", "a = 1 # x  "),
    "nothing": ("", ""),
    "blocks": ('b   "x"{}\nc{x=1}\nd {  }\n', 'b "x" {}\nc { x = 1 }\nd {}\n'),
    "collections": ("x = [ 1,2 ]\ny = {a=1,b:2}\n", "x = [1, 2]\ny = { a = 1, b : 2 }\n"),
    "calls": ("x = f ( 1 , g( )... )\n", "x = f(1, g()...)\n"),
    "steps": ("x = a . b [ 0 ] [ * ] . c\n", "x = a.b[0][*].c\n"),
    "operators": ("x = a+b -1*-c==-2&&d\n", "x = a + b - 1 * -c == -2 && d\n"),
    "condition": ("x = a?b:c\n", "x = a ? b : c\n"),
    "loops": ("x = [for a,b in [1]:a if b]\n", "x = [for a, b in [1] : a if b]\n"),
    "loops of objects": ("x = {for a in b:a=>a...}\n", "x = { for a in b : a => a... }\n"),
    "sequences": ('x = "a ${ b } ${c}${ d }"\n', 'x = "a ${b} ${c}${d}"\n'),
    "directives": ('x = "%{ if a  ~}b%{ endif }"\n', 'x = "%{if a~}b%{endif}"\n'),
    "an object in a sequence": ('x = "${{a=1}}"\n', 'x = "${ { a = 1 } }"\n'),
    "a minus that HCL misreads": ('x = "${-a}"\n', 'x = "${- a}"\n'),
    "heredoc": ("b {\nx=<<-E\n\t a  ${ y }\n  E\n}\n", "b {\n  x = <<-E\n\t a  ${y}\n  E\n}\n"),
    "heredoc with a sequence of lines": ("x = <<E\n${ f(\n1) } =  z\nE\n", "x = <<E\n${f(\n1)} =  z\nE\n"),
    "strings": ('x = "a  =  b # c"\n', 'x = "a  =  b # c"\n'),
    "wide letters": ('éé = "é" # x\na = "abc" # y\n', 'éé = "é"   # x\na  = "abc" # y\n'),
}
NEWER = {
    "not": ("x = ! a\n", "x = !a\n"),
    "not not": ("x = ! ! a\n", "x = !!a\n"),
    "sequence and directive": ('x = "${a}%{ if b }%{ endif }"\n', 'x = "${a}%{if b}%{endif}"\n'),
    "namespaces": ("x = a :: b ( 1 )\n", "x = a::b(1)\n"),
}
"""What Packer 1.6 lays out otherwise, or does not know."""


@pytest.mark.parametrize(("text", "canonical"), (LAYOUTS | NEWER).values(), ids=(LAYOUTS | NEWER).keys())
def test_layout(text: str, canonical: str) -> None:
    assert formatted(text) == canonical
    assert formatted(canonical) == canonical


@PACKER
def test_packer_lays_them_out_alike(tmp_path: Path) -> None:
    files = {tmp_path / f"{number}.pkr.hcl": texts for number, texts in enumerate(LAYOUTS.values())}
    assert by_packer({path: text for path, (text, _) in files.items()}) == {
        path: canonical for path, (_, canonical) in files.items()
    }


def by_packer(files: dict[Path, str]) -> dict[Path, str]:
    """The files, all of one folder, as `packer fmt` leaves them."""
    for path, text in files.items():
        path.write_bytes(text.encode("utf-8"))
    (folder,) = {path.parent for path in files}
    subprocess.run(["packer", "fmt", str(folder)], capture_output=True, check=False)
    return {path: path.read_bytes().decode("utf-8") for path in files}


def in_corpus() -> list[Document]:
    """The documents without syntax errors, which Packer formats."""
    paths = [path for name in ("*.pkr.hcl", "*.pkrvars.hcl") for path in sorted(CORPUS.rglob(name))]
    texts = {
        path: path.read_bytes().decode("utf-8-sig", errors="replace") for path in paths if path.is_file()
    }
    documents = [Document(path.name, text) for path, text in texts.items() if "\ufffd" not in text]
    return [document for document in documents if document.text and parse(document)[0].complete]


@PACKER
@READ
def test_packer_lays_the_corpus_out_alike(tmp_path: Path) -> None:
    documents = in_corpus()
    assert len(documents) > 400
    files = {
        tmp_path / f"{number:04}{''.join(Path(document.path).suffixes[-2:])}": document.text
        for number, document in enumerate(documents)
    }
    for path, canonical in by_packer(files).items():
        assert as_before(formatted(files[path])) == as_before(canonical), path


def as_before(text: str) -> str:
    """Packer 1.6 puts a blank behind `!`."""
    return re.sub(r"! ", "!", text)


GAPS = ("", " ", "  ", "     ", "\t", " \t ")
LINES = ("\n", "  \n", "\n\n", "\t# note\n", "#\n", "// note  \n", "/* note */\n", "/* two\n lines */\n")
MUTANTS = 60
"""Texts that are made with each seed."""


def mutant(text: str, chance: random.Random) -> str:
    """The text with other blanks between its tokens and other lines between its lines."""
    text = text.replace("\r\n", "\n")
    rate = chance.choice((0.05, 0.3, 0.9))
    parts: list[str] = []
    at = 0
    for token in tokens(text) or ():
        gap, written = text[at : token.start_pos], text[token.start_pos : token.end_pos]
        if chance.random() < rate and not gap.strip(" \t"):
            gap = chance.choice(GAPS)
        parts += gap, written
        if written.endswith("\n") and chance.random() < rate / 4:
            parts.append(chance.choice(LINES))
        at = token.end_pos
    mutated = "".join((*parts, text[at:]))
    if chance.random() < 0.1:
        mutated = mutated.rstrip()
    return mutated.replace("\n", "\r\n") if chance.random() < 0.2 else mutated


@PACKER
@pytest.mark.parametrize("seed", range(6))
def test_packer_lays_mutants_out_alike(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    texts = [text for text, _ in LAYOUTS.values() if text.endswith("\n")]
    if CORPUS.is_dir():
        texts += [it.text for it in in_corpus() if len(it.text) < 20_000]
    files: dict[Path, str] = {}
    while len(files) < MUTANTS:
        # A text is small or of a real template; blanks that are taken away may join two names.
        text = mutant(chance.choice(texts), chance)
        if parse(Document("a.pkr.hcl", text))[0].complete:
            files[tmp_path / f"{len(files):04}.pkr.hcl"] = text
    for path, canonical in by_packer(files).items():
        assert as_before(formatted(files[path])) == as_before(canonical), path
        assert respacings(formatted(files[path])) == ()


@READ
def test_what_is_laid_out_stays_so() -> None:
    for document in in_corpus():
        assert respacings(formatted(document.text)) == ()


@pytest.mark.parametrize("seed", range(20))
def test_layout_does_not_depend_on_the_blanks_that_were_there(seed: int) -> None:
    canonical = "".join(
        canonical for _, canonical in (*LAYOUTS.values(), *NEWER.values()) if canonical[-1:] == "\n"
    )
    canonical = formatted(canonical.replace("\r", ""))
    chance = random.Random(seed)
    parts: list[str] = []
    at = 0
    for token in tokens(canonical) or ():
        gap = canonical[at : token.start_pos]
        if gap == " ":
            gap = chance.choice((" ", "  ", "\t", " \t "))
        parts += (gap, canonical[token.start_pos : token.end_pos])
        at = token.end_pos
    assert formatted("".join((*parts, canonical[at:]))) == canonical


@pytest.mark.parametrize("text", ['x = "a\n', "x = 'a'\n", "x = <<E\n", "a = 1 /*", "x = \x00\n"])
def test_what_cannot_be_cut_into_tokens_stays(text: str) -> None:
    assert respacings(text) == ()
    assert formatted(text) == text


@pytest.mark.parametrize(
    "text", ["}}}\n  x = 1\n", "x = )(\n", "a = = b\n", "[" * 300, "{\n" * 300, "/*\n*/ " * 9]
)
def test_what_makes_no_sense_raises_nothing(text: str) -> None:
    assert "".join(formatted(text).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("plain", 5),
        ("a\r\nb", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 2),
        ("👩\u200d👩\u200d👧", 1),
        ("👍🏽", 1),
        ("🇫🇷🇩🇪🇮🇹", 3),
        ("\u1112\u1161\u11ab", 1),
        ("é\r\nb", 3),
        ("", 0),
    ],
)
def test_columns_are_what_a_reader_takes_for_characters(text: str, number: int) -> None:
    assert columns(text) == number
