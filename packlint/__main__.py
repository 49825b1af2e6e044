"""`packlint` and `python -m packlint`."""

import atexit
import gc
import os
import sys


def main() -> None:
    """The program `packlint`; what takes time is imported where an interruption is heard."""
    gc.disable()  # a run keeps what it makes; looking for garbage costs a third of the time of a large one
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell says it: 128 and the number of the signal


def _run() -> int:
    """Do what the arguments ask for, or say again what came of it; gives the exit code."""
    from packlint.answers import answered

    if (code := answered(sys.argv[1:])) is not None:
        os._exit(code)  # all is written, and there is nothing that an orderly end could do
    from packlint import compiled

    kept = compiled.use()
    try:
        code = _done()
    finally:
        kept.keep()
    os._exit(code)


def _done() -> int:
    """Do what the arguments ask for, by way of click where they are not plain; gives the exit code."""
    from packlint.commands.plain import plain, tolerate_few_characters

    asked = plain(sys.argv[1:], os.environ)
    if asked is None:
        from packlint.cli import cli

        cli.main()
    tolerate_few_characters()
    try:
        code = asked()
        atexit._run_exitfuncs()  # for others: packlint asks for nothing to be done at the end
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        return code
    except (Exception, KeyboardInterrupt) as error:
        from packlint.cli import ended

        ended(error)


def _distrust_working_directory() -> None:
    """Import nothing from a repository that is to be checked: `python -m` would look there first.

    Until this is done, only what Python has loaded anyhow may be imported.
    """
    home = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120
    if not sys.flags.safe_path and os.path.realpath(sys.path[0]) != home:
        del sys.path[0]


if __name__ == "__main__":
    _distrust_working_directory()
    main()
