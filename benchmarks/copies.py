"""The corpus → copies of it that Debian's Packer 1.6.6 reads on, once or many times over."""

from __future__ import annotations

import shutil
from pathlib import Path

from packlint.document import Document
from packlint.legacy import is_legacy
from packlint.parse import parse
from packlint.syntax import Block

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def copied(corpus: Path, place: Path) -> list[Path]:
    """Copies the HCL corpus and gives the directories that have templates.

    `packer {}` blocks are taken out, for which Packer 1.6.6 stops before it has read anything else, and so
    are legacy templates, which are no HCL.
    """
    shutil.copytree(corpus, place, symlinks=True, ignore=_legacy, copy_function=_writable)
    directories = set()
    for path in sorted(place.rglob("*.pkr.hcl")):
        text = path.read_bytes().decode(errors="replace")
        if text.strip():
            path.write_text(_without_packer(path.name, text), newline="")
            directories.add(path.parent)
    return sorted(directories)


def times(count: int, place: Path) -> Path:
    """A folder with so many copies of a folder, beside it."""
    made = place.with_name(f"{place.name}-{count}")
    for number in range(count):
        shutil.copytree(place, made / f"copy{number}", symlinks=True)
    return made


def _writable(source: str, target: str) -> str:
    shutil.copyfile(source, target)
    Path(target).parent.chmod(0o755)  # the corpus may be for reading only
    return target


def _legacy(folder: str, names: list[str]) -> set[str]:
    found = (Path(folder, name) for name in names if name.endswith(".json"))
    return {path.name for path in found if path.is_file() and is_legacy(path.read_bytes())}


def _without_packer(name: str, text: str) -> str:
    file, _ = parse(Document(name, text))
    blocks = [it for it in file.body.items if isinstance(it, Block) and it.type == "packer"]
    for block in reversed(blocks):
        text = text[: block.range.start] + text[block.range.end :]
    return text
