"""Page and severity of what keeps a file from being read at all."""

from packlint import Category, Precision, Rule, Severity


class UnreadableFile(Rule):
    """Flags files of a template that cannot be read as text.

    The file is not UTF-8, may not be opened, is not a regular file, is larger than a template can
    sensibly be, or is a link that leaves the checked root. Packer reads UTF-8 and nothing else.
    packlint goes on without the file; rules about things that are absent stay silent for its template.
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
