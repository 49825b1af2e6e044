"""An image → what goes into it, each thing with a digest under a name that people know.

Values count as they are evaluated for the image: a comment, or a variable that nothing uses, is nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping

from packlint.chain.images import Image
from packlint.chain.meaning import Meaning, Part, joined
from packlint.chain.reads import Made, Reads, Seal
from packlint.effective import EffectiveStep
from packlint.model import Argument, Configuration
from packlint.named import NamedTuple
from packlint.syntax import Object
from packlint.visible import visible


class Recipe(NamedTuple):
    """What goes into an image.

    `ingredients` are digests by label, such as "`shell` provisioner 2" and "`http/preseed.cfg`". `made` are
    those of them that the build itself may have changed while it ran, since its own commands name them.
    `doubts` tell what the image depends on beside the templates, as "`data.amazon-ami.base`, which only a run
    knows"; the time and chance are none of these: they differ in each build, which nobody means. `secrets`
    are the texts that are nowhere to be shown.
    """

    ingredients: Mapping[str, str]
    made: frozenset[str]
    doubts: tuple[str, ...]
    secrets: frozenset[str]


def plain(text: str) -> bytes:
    """The digest of a secret for comparisons that stay in memory; it is not for keeping."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


class Recipes:
    """What goes into the images of a run; each file is read once, however many images need it.

    `images` are all of the run: what one of them writes is no ingredient of another one. `seal` makes of a
    secret a key that cannot be guessed cheaply, as a slow hash with a salt does; whatever has the secret in
    it has a digest that is made with that key. Only with the default must digests not be kept.
    """

    def __init__(self, images: Iterable[Image], seal: Seal = plain) -> None:
        images = tuple(images)
        self._seal = seal
        self._sealed: dict[str, bytes] = {}
        self._meanings: dict[Configuration, Meaning] = {}
        self._written = Made(images)
        self._reads = Reads(self._written, self._key)

    def forget_files(self) -> None:
        """Read the files anew where they are asked for again."""
        self._reads = Reads(self._written, self._key)

    def of(self, image: Image) -> Recipe:
        """What goes into an image now."""
        meaning = self._meanings.get(image.configuration)
        if meaning is None:
            meaning = self._meanings[image.configuration] = Meaning(image.configuration)
        parts = dict(_parts(image, meaning))
        every = joined(list(parts.values()))
        found = self._reads.of(image, every.files)
        ingredients = {label: self._digest(part) for label, part in parts.items()}
        for files in (found.files, found.made):
            ingredients.update((label_of(name), digest) for name, digest in files.items())
        doubts = tuple(dict.fromkeys((*every.doubts, *_unseen(image), *found.doubts)))
        return Recipe(ingredients, frozenset(map(label_of, found.made)), doubts, every.secrets)

    def _digest(self, part: Part) -> str:
        if not part.secrets:
            return part.digest.hex()
        key = b"".join(map(self._key, sorted(part.secrets)))
        return hmac.digest(key, part.digest, "sha256").hex()

    def _key(self, secret: str) -> bytes:
        if secret not in self._sealed:
            self._sealed[secret] = self._seal(secret)
        return self._sealed[secret]


def because(doubts: tuple[str, ...]) -> str | None:
    """The sentence about what an image depends on."""
    if not doubts:
        return None
    more = f" and {len(doubts) - 1} more" if len(doubts) > 1 else ""
    return f"it depends on {doubts[0]}{more}"


def label_of(name: str) -> str:
    """The label of a file among ingredients."""
    return f"`{visible(name)}`"


def _parts(image: Image, meaning: Meaning) -> Iterator[tuple[str, Part]]:
    use, configuration = image.use, image.configuration
    type_ = Part(repr((use.type, use.name)).encode(errors="surrogatepass"))
    yield (
        f"the arguments of `{use.written or use.key}`",
        joined([type_, meaning.arguments(use.arguments)]),
    )
    types = {use.type}
    for number, step in enumerate(image.instance.provisioners, 1):
        types.add(step.step.type)
        yield f"`{step.step.type}` provisioner {number}", _of_step(step, image, meaning)
    number = 0
    for place, chain in enumerate(image.instance.chains):
        for step in chain:
            number += 1
            types.add(step.step.type)
            chained = Part(b"%d" % place)
            part = joined([chained, _of_step(step, image, meaning)])
            yield f"`{step.step.type}` post-processor {number}", part
    if configuration.required_version:
        yield "`packer` block", joined([meaning.argument(it) for it in configuration.required_version])
    plugins = [
        meaning.argument(plugin.argument)
        for plugin in sorted(configuration.required_plugins, key=lambda plugin: plugin.name)
        if any(type_ == plugin.name or type_.startswith(f"{plugin.name}-") for type_ in types)
    ]
    if plugins:
        yield "required plugins", joined(plugins)


_CHOICE = frozenset({"only", "except", "override", "name"})
"""What Packer reads of a step that says for which images it is; `override` is applied."""


def _of_step(it: EffectiveStep, image: Image, meaning: Meaning) -> Part:
    """A step as it is done to one image; where it cannot be known whether it is, with what decides that."""
    arguments = meaning.arguments(it.arguments)
    parts = [Part(it.step.type.encode(errors="surrogatepass")), arguments]
    meta = (argument for _, argument in sorted(it.step.meta.by_name.items()))
    parts += [meaning.argument(its) for its in meta if its.name not in _CHOICE or not it.certain]
    if (override := it.step.meta.get("override")) is not None:
        parts += _unknown_override(override, image, meaning)
    if not it.certain:
        parts += [meaning.written(many.for_each.expression) for many in it.step.dynamics if many.for_each]
    return joined(parts)


def _unknown_override(override: Argument, image: Image, meaning: Meaning) -> Iterator[Part]:
    """How what `override` has for an image is written, where not all of it is known."""
    name = image.use.local_name
    value = (override.value.entries or {}).get(name)
    if override.value.entries is None:
        yield meaning.written(override.expression)
    elif value is not None and not meaning.knows(value) and isinstance(override.expression, Object):
        yield from (meaning.written(it.value) for it in override.expression.items if it.name == name)


def _unseen(image: Image) -> Iterator[str]:
    if image.build.open_steps:
        yield "steps that only a run knows"
    if not image.configuration.complete:
        yield "a part of the template that cannot be read"
