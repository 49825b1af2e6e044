"""A new file's name and text → the file, whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
from pathlib import Path

from packlint.write import write


def create(root: Path, name: str, text: str) -> None:
    """Write a file below a folder, with the folders that it lies in.

    Raises FileExistsError where something has that name already, be it a link that leads nowhere, and other
    OSErrors where it cannot be written; a link on the way is not followed: it may lead out of the folder.
    """
    *folders, last = name.split("/")
    folder = root
    for part in folders:
        folder /= part
        if folder.is_symlink():
            raise OSError(f"`{folder.relative_to(root).as_posix()}` is a link")
        folder.mkdir(exist_ok=True)
    target = folder / last
    if os.path.lexists(target):
        raise FileExistsError(target)
    write(target, text.encode())
