"""What the quick road says where it does not know the way."""

from __future__ import annotations


class DoubtError(Exception):
    """The quick road does not know what this is; the slow one does."""
