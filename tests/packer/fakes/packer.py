"""A program that speaks as Packer does, and misbehaves as the variable or the file FAKE tells it to.

The file lies in the working directory; its first line is the way to behave, and the others are the names of
the images that it makes. What it is called with goes into the file that FAKE_CALLS names, a line each.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def way() -> list[str]:
    """How to behave, and the images."""
    if Path("FAKE").exists():
        return Path("FAKE").read_text(encoding="utf-8").split("\n")
    return [os.environ.get("FAKE", "well")]


def note(*words: object) -> None:
    """Leave a line behind in the file of calls, in one piece."""
    if path := os.environ.get("FAKE_CALLS"):
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, (json.dumps([Path.cwd().name, *words, time.time()]) + "\n").encode())


def say(*fields: str) -> None:
    """A line for machines."""
    escaped = (field.replace(",", "%!(PACKER_COMMA)").replace("\n", "\\n") for field in fields)
    print(1700000000, *escaped, sep=",", flush=True)


def version() -> None:
    """`packer version -machine-readable`."""
    say("", "version", os.environ.get("FAKE_VERSION", "1.12.0"))
    say("", "version-prelease", os.environ.get("FAKE_PRERELEASE", ""))
    say("", "ui", "say", "Packer v1.12.0")


def made(image: str, *, file: str = "") -> None:
    """What Packer tells of an image that is made, in the end."""
    say(image, "artifact-count", "1")
    say(image, "artifact", "0", "builder-id", "fake")
    say(image, "artifact", "0", "string", f"made {image}")
    say(image, "artifact", "0", "files-count", "1" if file else "0")
    if file:
        say(image, "artifact", "0", "file", "0", file)
    say(image, "artifact", "0", "end")


def linger(seconds: float = 600) -> None:
    """Do nothing for longer than any test takes."""
    Path("begun").touch()
    time.sleep(seconds)


def build(images: list[str]) -> int:
    """Makes all images, or those of `-only`."""
    only = [word[6:].split(",") for word in sys.argv if word.startswith("-only=")]
    images = [it for it in images if it] or ["null.a"]
    images = [it for it in images if not only or it in only[0]]
    for image in images:
        say("", "ui", "say", f"==> {image}: making it")
    for image in images:
        say("", "ui", "say", f"Build '{image}' finished after 1 second.")
    say("", "ui", "say", "\n==> Builds finished. The artifacts of successful builds are:")
    for image in images:
        made(image)
    return 0


def half(images: list[str]) -> int:
    """The first image is made, the others fail."""
    say("", "ui", "say", f"Build '{images[0]}' finished after 1 second.")
    for image in images[1:]:
        say("", "ui", "error", f"Build '{image}' errored after 1 second: it is broken")
        say(image, "error", "it is broken")
    made(images[0])
    return 1


def cleaning(_: list[str]) -> int:
    """Cleans up for a moment after an interrupt, and leaves a note of each that comes."""

    def clean(number: int, _: object) -> None:
        note("interrupted", number)
        say("", "ui", "say", "Cancelling build after receiving interrupt")
        time.sleep(0.3)
        note("cleaned")
        sys.exit(1)

    signal.signal(signal.SIGINT, clean)
    linger()
    return 0


def deaf(_: list[str]) -> int:
    """Takes no interrupt."""
    signal.signal(signal.SIGINT, lambda number, _: note("interrupted", number))
    while True:
        linger()


def child(images: list[str], *, apart: bool) -> int:
    """Leaves a child behind that holds its pipes, in its own session or in another one."""
    program = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
    subprocess.Popen(program, start_new_session=apart)
    return build(images)


def tells(images: list[str]) -> int:
    """Shows what the variable files have, and who may read them."""
    for path in (Path(word[10:]) for word in sys.argv if word.startswith("-var-file=")):
        for value in json.loads(path.read_text(encoding="utf-8")).values():
            say("", "ui", "message", f"    {images[0]}: {value} {json.dumps(value)}")
        note("file", str(path), oct(path.stat().st_mode), oct(path.parent.stat().st_mode))
    return build(images)


def asks(images: list[str]) -> int:
    """Reads its standard input."""
    note("stdin", sys.stdin.read())
    return build(images)


def fails(_: list[str]) -> int:
    """Does not like the template."""
    say("", "ui", "error", "Error: no such thing,\n\nat all")
    return 1


def slow(images: list[str]) -> int:
    """Takes its time."""
    time.sleep(0.2)
    return build(images)


def dies(_: list[str]) -> int:
    """Is ended by the system."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return 0


def crash(_: list[str]) -> int:
    """Dies of a bug, as a program in Go does."""
    print(
        "panic: runtime error: index out of range [3]\n\ngoroutine 1 [running]:", file=sys.stderr, flush=True
    )
    return 2


def noise(_: list[str]) -> int:
    """Writes what is no text."""
    sys.stdout.buffer.write(b"\xff\xfe\x00\x1b[2J\x07garbage\n" * 10)
    return 0


def endless(images: list[str]) -> int:
    """Says a line that is far too long, in the middle of which there is no character."""
    for _ in range(64):
        sys.stdout.buffer.write(b"\xffx" * (1 << 19))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()
    return build(images)


WAYS: dict[str, Callable[[list[str]], int]] = {
    "well": build,
    "slow": slow,
    "half": half,
    "cleaning": cleaning,
    "deaf": deaf,
    "child": lambda images: child(images, apart=False),
    "child-apart": lambda images: child(images, apart=True),
    "crashing": crash,
    "noisy": noise,
    "killed": dies,
    "silent": lambda _: 0,
    "endless": endless,
    "failing": fails,
    "telling": tells,
    "asking": asks,
    "hanging": lambda _: linger() or 0,
}


def main() -> int:
    """Do as the command and the way say."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    behavior, *images = way()
    note("begin", *sys.argv[1:])
    if behavior == f"{verb}-fails":
        print(f"Error: {verb} does not like it\n\nand tells why", file=sys.stderr)
        return 1
    if verb == "version" and behavior in ("well", "slow"):
        version()
    elif verb == "plugins":
        print(os.environ.get("FAKE_PLUGINS", ""))
    elif verb == "build" or (verb == "version" and not Path("FAKE").exists()):
        code = WAYS.get(behavior, build)(images)
        note("end", *sys.argv[1:])
        return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
