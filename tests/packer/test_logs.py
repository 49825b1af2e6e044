"""Where the logs of a run go, and how long they stay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from packlint.packer.run.logs import FOLDER, KEPT, folder_for

NOW = datetime(2027, 1, 31, 12, 0, 5)


def runs(base: Path, count: int) -> list[Path]:
    """The logs of so many runs, oldest first."""
    found = []
    for number in range(count):
        folder = base / FOLDER / f"20260101-{number:06}-77"
        folder.mkdir(parents=True)
        (folder / "01-base.log").write_text("well")
        found.append(folder)
    return found


def test_each_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert folder_for(tmp_path, NOW, 42) == tmp_path / ".packlint/logs/20270131-120005-42"
    assert folder_for(tmp_path, NOW, 43) != folder_for(tmp_path, NOW, 42)
    assert not (tmp_path / ".packlint").exists()


def test_the_newest_logs_are_kept(tmp_path: Path) -> None:
    old = runs(tmp_path, KEPT + 5)
    (tmp_path / FOLDER / "mine").mkdir()
    (tmp_path / FOLDER / "20250101-000000-1").write_text("a file")
    folder_for(tmp_path, NOW, 42)
    assert [it.exists() for it in old] == [False] * 6 + [True] * (KEPT - 1)
    assert (tmp_path / FOLDER / "mine").exists()
    assert (tmp_path / FOLDER / "20250101-000000-1").exists()


def test_nothing_is_removed_behind_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    old = runs(elsewhere, KEPT + 5)
    for link, target in (
        ("one/.packlint", elsewhere / ".packlint"),
        ("two/.packlint/logs", elsewhere / FOLDER),
    ):
        (tmp_path / link).parent.mkdir(parents=True)
        (tmp_path / link).symlink_to(target)
        folder_for(tmp_path / Path(link).parts[0], NOW, 42)
    base = tmp_path / "three"
    (base / FOLDER).mkdir(parents=True)
    for folder in old:
        (base / FOLDER / folder.name).symlink_to(folder)
    folder_for(base, NOW, 42)
    assert all(it.exists() for it in old)
