"""Page and severity of what keeps a file from being read at all."""

from packlint import Category, Precision, Rule, Severity


class UnreadableFile(Rule):
    """Flags files of a template that cannot be read as text.

    The file is UTF-16 or binary, may not be opened, is not a regular file, is larger than 16 MiB, or is a
    link that leaves the checked root. packlint goes on without it; rules about things that are absent stay
    silent for its template.
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
