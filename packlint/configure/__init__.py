"""Directories and what the command line asks for → the settings in force there, from the nearest file."""

from packlint.configure.nearest import Nearest

__all__ = ["Nearest"]
