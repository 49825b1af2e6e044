"""Page and severity of packlint's own failures."""

from packlint import Category, Precision, Rule, Severity


class InternalError(Rule):
    """Reports that packlint itself, or a plugin, failed at this place.

    It is never the template's fault. The rest of the run goes on, and the exit code is 2, so that a
    check which was not done is not taken for one that passed. `--debug` adds the traceback; please send
    it in with the smallest template that shows it. The rule cannot be ignored.
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
