"""A configuration → the same configuration with a value for every argument, known or honestly unknown."""

from packlint.evaluate.configuration import evaluate

__all__ = ["evaluate"]
