"""The images of a run and the stamps of earlier builds ↔ which are unchanged, and why the others are not.

A stamp is no evidence: whoever may write into the checked folder may write a stamp there. What one can do is
to have a build left out whose files are there with the very times that it names, which no checkout of a
repository restores; or, of a user who says `--trust-stamps`, any build. Nothing that a stamp names is opened.

Secrets are in a stamp only as parts of digests that are keyed with a slow hash of them (scrypt) and a salt: a
guess at a password costs whoever has the stamp as much as it costs here. A file that holds a secret under a
name that does not say so has a plain digest, by which a guess at all of its bytes can be confirmed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from packlint.chain.images import ArtifactGraph, Image
from packlint.chain.ingredients import Recipe, Recipes, because, label_of
from packlint.chain.rebuild import differences, in_order, named, told
from packlint.errors import PackerError
from packlint.files import Files, reason
from packlint.model import Configuration
from packlint.named import NamedTuple
from packlint.packer.event import Artifact
from packlint.packer.stamp import LARGEST, FileState, Output, Stamp, decoded, encoded, without
from packlint.packer.standing import standing as directories
from packlint.visible import visible
from packlint.write import write

NO_STAMP = "there is no stamp"
"""Of an image that was not built before, as far as anybody knows."""

FOLDER = ".packlint"
"""Below the common base of the checked paths; git ignores it."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Verdict(NamedTuple):
    """Whether an image need not be built again, why in words, and what an earlier build made of it."""

    unchanged: bool
    because: str
    artifacts: tuple[Artifact, ...] = ()


class _Standing(NamedTuple):
    """What has become of an artifact: `why` says what is wrong with it; it is `gone` if nothing else is."""

    why: str = ""
    gone: bool = False


class _Begun(NamedTuple):
    """What went into a build when it began."""

    recipe: Recipe
    bases: Mapping[str, str]


class Stamps:
    """The stamps of the images of a graph, in `.packlint/stamps` below `base`.

    `tools` are the versions of Packer and of plugins by name, such as {"Packer": "1.6.6", "amazon": "1.3.1"};
    only those that an image uses count for it. `given` is what Packer is given for all of them beside
    variables, by a label as those of ingredients. `now` tells the time in seconds since the epoch.
    """

    def __init__(
        self,
        base: Path,
        graph: ArtifactGraph,
        tools: Mapping[str, str],
        *,
        given: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._base = Path(os.path.realpath(base))
        self._graph = graph
        self._tools = tools
        self._given = given or {}
        self._now = now
        self._names = {image: name for name, image in named(graph.images)}
        self._earlier: Mapping[str, Stamp] | None = None
        self._directories: Mapping[Configuration, str] = {}
        self._salt = ""
        self._recipes: dict[str, Recipes] = {}
        self._begun: dict[Image, _Begun] = {}
        self._fresh: dict[Image, str] = {}

    def verdicts(self, trust: bool) -> Mapping[Image, Verdict]:
        """Which images are unchanged, each after those that it is made from.

        An image whose artifact is gone is unchanged as long as something is made from it, and all that is
        made from it is unchanged: who throws away what was only a step on the way wants it back when it is
        needed, and building it would have all that follows built again. With `trust` an artifact that
        cannot be seen from here is taken to be there, and what only a run knows to be as it was.
        """
        order = in_order(self._graph)
        stamps = {image: self._read(image) for image in order}
        reasons: dict[Image, str] = {}
        standing: dict[Image, _Standing] = {}
        for image in order:
            stamp = stamps[image]
            reasons[image] = (
                NO_STAMP
                if stamp is None
                else self._changed(image, stamp, trust) or self._started(image, stamp, stamps, standing)
            )
            standing[image] = _Standing() if stamp is None else self._stands(image, stamp, trust)
            if standing[image].why and not standing[image].gone:
                reasons[image] = reasons[image] or standing[image].why
        self._spread(order, reasons, standing)
        return {image: _verdict(stamps[image], reasons[image], standing[image]) for image in order}

    def forget(self, image: Image) -> None:
        """Remove the stamp of an image that is about to be built, and look at what goes into it.

        Raises PackerError where the stamp stays: it would be taken for that of the new build.
        """
        self._for(self._salt_used()).forget_files()
        self._begun[image] = self._begin(image)
        self._fresh.pop(image, None)
        folder = self._folder()
        if folder is None:
            return
        try:
            self._path(folder, image).unlink(missing_ok=True)
        except OSError as error:
            message = f"the stamp of `{image.name}` cannot be removed: {reason(error)}"
            raise PackerError(message, f"remove `{FOLDER}`") from None

    def write(self, image: Image, artifacts: Sequence[Artifact], directory: str) -> str | None:
        """Remember that an image was built; None, or why that cannot be done, in words.

        `artifacts` are what Packer said that it made of it, with paths from `directory`, which is relative to
        the base. What was changed while Packer ran counts as it was before, so that the next run sees that;
        but what the image's own commands name may be their work, and counts as it is now.
        """
        begun = self._begun.pop(image, None) or self._begin(image)
        recipes = self._for(self._salt_used())
        recipes.forget_files()
        after = self._without_bases(recipes.of(image), begun.bases)
        ingredients = {**begun.recipe.ingredients, **self._given}
        for label in begun.recipe.made | after.made:
            ingredients.pop(label, None)
            if label in after.ingredients:
                ingredients[label] = after.ingredients[label]
        secrets = begun.recipe.secrets
        stamp = Stamp(
            image=self._title(image),
            identity=os.urandom(16).hex(),
            built=self._now(),
            salt=self._salt_used(),
            ingredients=ingredients,
            tools=self._used(image),
            bases=begun.bases,
            outputs=tuple(self._output(it, directory, image, secrets) for it in artifacts),
        )
        why = self._put(image, encoded(stamp))
        if why is None:
            self._fresh[image] = stamp.identity
        return why

    def prepare(self) -> None:
        """Have git ignore the folder, in which logs are written, too, before there is a stamp."""
        with suppress(OSError):
            self._folder(make=True)

    def _put(self, image: Image, data: bytes) -> str | None:
        if len(data) > LARGEST:
            return "too much goes into it"
        try:
            folder = self._folder(make=True)
            if folder is None:
                return f"`{FOLDER}` leads elsewhere"
            write(self._path(folder, image), data)
        except (OSError, ValueError) as error:
            return reason(error)
        return None

    def _begin(self, image: Image) -> _Begun:
        bases = {}
        for derivation in self._graph.bases(image):
            base = derivation.producer
            stamp = None if base in self._fresh else self._read(base)
            bases[self._title(base)] = self._fresh.get(base, stamp.identity if stamp else "")
        recipe = self._for(self._salt_used()).of(image)
        before = self._read(image)
        for title, stamp in self._elsewhere().items():
            named = before is not None and title in before.bases
            used = named or not _files_of(stamp).isdisjoint(recipe.ingredients)
            if used and not self._is_another(stamp, image):
                bases[title] = stamp.identity
        return _Begun(self._without_bases(recipe, bases), bases)

    def _elsewhere(self) -> Mapping[str, Stamp]:
        """The stamps of images that are none of this run: of a base, where only a part is checked."""
        if self._earlier is None:
            folder, own = self._folder(), {self._title(image) for image in self._graph.images}
            found = (self._load(path) for path in sorted(folder.glob("*.json"))) if folder else ()
            self._earlier = {it.image: it for it in found if it is not None and it.image not in own}
        return self._earlier

    def _is_another(self, stamp: Stamp, image: Image) -> bool:
        """Whether the artifact of an image that is none of this run is not what was made of it then."""
        standing = self._stands(image, stamp, trust=True)
        return bool(standing.why) and not standing.gone

    def _without_bases(self, recipe: Recipe, bases: Iterable[str]) -> Recipe:
        """What goes into an image beside the files of those of its bases that are none of this run."""
        earlier = self._elsewhere()
        files = frozenset[str]().union(*(_files_of(earlier[title]) for title in bases if title in earlier))
        if files.isdisjoint(recipe.ingredients):
            return recipe
        left = {label: digest for label, digest in recipe.ingredients.items() if label not in files}
        return recipe._replace(ingredients=left, made=recipe.made - files)

    def _changed(self, image: Image, stamp: Stamp, trust: bool) -> str:
        """Why an image would not come out as it was, but for what it starts from; "" if it would."""
        recipe = self._without_bases(self._for(stamp.salt).of(image), stamp.bases)
        reasons = ["Packer is run in another directory"] if self._is_made_elsewhere(image, stamp) else []
        reasons += differences({**recipe.ingredients, **self._given}, stamp.ingredients)
        for name, version in self._used(image).items():
            if stamp.tools.get(name) != version:
                before = visible(stamp.tools.get(name, ""))[:40]
                reasons.append(
                    f"it was built with {_tool(name)} {before}" if before else f"{_tool(name)} is new"
                )
        if not reasons and not trust:
            return because(recipe.doubts) or ""
        return told(reasons)

    def _started(
        self,
        image: Image,
        stamp: Stamp,
        stamps: Mapping[Image, Stamp | None],
        seen: Mapping[Image, _Standing],
    ) -> str:
        """Why it does not start from what it was made from; "" if it does."""
        bases = {self._title(it.producer): it.producer for it in self._graph.bases(image)}
        for title, base in bases.items():
            if base not in seen:
                return "it stands in a circle, or behind one"
            now = stamps[base]
            if title not in stamp.bases:
                return f"it was not made from `{base.name}`"
            if now is not None and now.identity != stamp.bases[title]:
                return f"`{base.name}` was built again since"
        for title, identity in stamp.bases.items():
            earlier = self._elsewhere().get(title)
            if title not in bases and earlier is None:
                return "it was made from something else, too"
            if earlier is not None and earlier.identity != identity:
                return f"`{visible(title)}` was built again since"
            if earlier is not None and self._is_another(earlier, image):
                return f"the artifact of `{visible(title)}` has changed"
        return ""

    def _stands(self, image: Image, stamp: Stamp, trust: bool) -> _Standing:
        gone = ""
        for name, size, changed in (state for it in stamp.outputs for state in it.files or ()):
            try:
                found = self._status(name, image)
            except FileNotFoundError:
                gone = gone or f"its artifact `{name}` is gone"
            except (OSError, ValueError):
                return _Standing("its artifact cannot be looked at")
            else:
                if found != (size, changed):
                    return _Standing(f"its artifact `{name}` has changed")
        if gone:
            return _Standing(gone, gone=True)
        seen = bool(stamp.outputs) and all(output.files for output in stamp.outputs)
        return _Standing("" if seen or trust else "its artifact cannot be seen from here")

    def _status(self, name: str, image: Image) -> tuple[int, int]:
        """The state of a file; one that is named from outside the root is not even looked for."""
        files = self._files(image)
        if not Path(os.path.normpath(self._base / name)).is_relative_to(files.root):
            raise PermissionError
        return files.status(name)

    def _spread(
        self, order: Sequence[Image], reasons: dict[Image, str], standing: Mapping[Image, _Standing]
    ) -> None:
        """Have built again what starts from what is, and what is gone and needed; each once."""
        gone = [image for image in order if standing[image].gone and not reasons[image]]
        for image in gone:
            if not self._graph.derived(image):
                reasons[image] = standing[image].why
        waiting = [image for image in reversed(order) if reasons[image]]
        while waiting:
            image = waiting.pop()
            for it in self._graph.derived(image):
                if not reasons[it.consumer]:
                    reasons[it.consumer] = f"it starts from `{image.name}`, which is built again"
                    waiting.append(it.consumer)
            for it in self._graph.bases(image):
                if not reasons[it.producer] and standing[it.producer].gone:
                    reasons[it.producer] = f"{standing[it.producer].why}, and `{image.name}` needs it"
                    waiting.append(it.producer)

    def _output(self, artifact: Artifact, directory: str, image: Image, secrets: frozenset[str]) -> Output:
        clean = without(artifact, secrets)
        states: list[FileState] = []
        for path in artifact.files:
            name = self._named(path, directory)
            try:
                states.append((name, *self._status(name, image)))
            except (OSError, ValueError):
                return Output(clean, None)
        return Output(clean, None if len(clean.files) < len(artifact.files) else tuple(states))

    def _named(self, path: str, directory: str) -> str:
        """A path of an artifact, from where Packer is run, as the names of files are."""
        return os.path.relpath(self._base / directory / path, self._base).replace(os.sep, "/")

    def _is_made_elsewhere(self, image: Image, stamp: Stamp) -> bool:
        """Whether an artifact would have another place now, since Packer is run in another directory."""
        self._directories = self._directories or directories(self._graph)
        directory = self._directories[image.configuration]
        return any(
            self._named(path, directory) != name
            for it in stamp.outputs
            for path, (name, *_) in zip(it.artifact.files, it.files or (), strict=False)
        )

    def _files(self, image: Image) -> Files:
        """The reader of what an image may name, in the names that stamps have."""
        return Files(image.configuration.files.root, self._base)

    def _used(self, image: Image) -> Mapping[str, str]:
        """The tools that an image is built with."""
        steps = (*image.instance.provisioners, *image.instance.post_processors)
        types = {image.use.type, *(it.step.type for it in steps)}

        def is_used(tool: str) -> bool:
            name = tool.rpartition("/")[2].removeprefix("packer-plugin-")
            return tool.lower() == "packer" or any(it == name or it.startswith(f"{name}-") for it in types)

        return {name: version for name, version in sorted(self._tools.items()) if is_used(name)}

    def _for(self, salt: str) -> Recipes:
        if salt not in self._recipes:

            def seal(secret: str) -> bytes:
                # As costly as its authors advise for a login: some tens of milliseconds and 16 MiB.
                text = secret.encode(errors="surrogatepass")
                return hashlib.scrypt(text, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32)

            self._recipes[salt] = Recipes(self._graph.images, seal)
        return self._recipes[salt]

    def _salt_used(self) -> str:
        """The salt of new stamps: that of those which are there, so that each secret is sealed once."""
        if not self._salt and not any(self._read(image) for image in self._graph.images):
            self._salt = os.urandom(16).hex()
        return self._salt

    def _title(self, image: Image) -> str:
        name, number = self._names[image]
        return name if number == 1 else f"{name} #{number}"

    def _path(self, folder: Path, image: Image) -> Path:
        title = self._title(image)
        slug = re.sub(r"[^A-Za-z0-9]+", "-", title)[-60:].strip("-") or "image"
        digest = hashlib.sha256(title.encode(errors="surrogatepass")).hexdigest()
        return folder / f"{slug}-{digest[:12]}.json"

    def _read(self, image: Image) -> Stamp | None:
        """The stamp of an image, None where there is none that can be used."""
        folder = self._folder()
        if folder is None:
            return None
        stamp = self._load(self._path(folder, image))
        if stamp is None or stamp.image != self._title(image):
            return None
        self._salt = self._salt or stamp.salt
        return stamp

    def _load(self, path: Path) -> Stamp | None:
        """The stamp in a file, None where there is none that can be used."""
        try:
            if not stat.S_ISREG(path.lstat().st_mode):  # opening anything else may wait, or do something
                return None
            with open(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as file:  # noqa: PTH123
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                return decoded(file.read(LARGEST + 1))
        except (OSError, ValueError):
            return None

    def _folder(self, make: bool = False) -> Path | None:
        """Where the stamps are; None where there is none, or a link leads there."""
        outer, folder = self._base / FOLDER, self._base / FOLDER / "stamps"
        if make:
            with suppress(FileExistsError):
                outer.mkdir(mode=0o700)
            if Path(os.path.realpath(outer)) == outer:  # else it would be made where a link leads
                with suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
        try:
            if not all(stat.S_ISDIR(it.lstat().st_mode) for it in (outer, folder)):
                return None
            if Path(os.path.realpath(folder)) != folder:  # Windows has more than one kind of links
                return None
            if make and not os.path.lexists(outer / ".gitignore"):
                write(outer / ".gitignore", b"*\n")
        except OSError as error:
            if make and error.errno not in (errno.ENOENT, errno.ENOTDIR):
                raise
            return None
        return folder


def _files_of(stamp: Stamp) -> frozenset[str]:
    """The files of an artifact by the labels that they have among ingredients."""
    return frozenset(label_of(name) for it in stamp.outputs for name, *_ in it.files or ())


def _tool(name: str) -> str:
    return name if name.lower() == "packer" else f"plugin `{name}`"


def _verdict(stamp: Stamp | None, why: str, standing: _Standing) -> Verdict:
    if stamp is None or why:
        return Verdict(False, why)
    kept = f"; {standing.why}, but nothing needs it" if standing.gone else ""
    there = () if standing.gone else stamp.outputs
    return Verdict(True, f"unchanged since {stamp.when}{kept}", tuple(it.artifact for it in there))
