"""The patterns of `--only` and `--except` → what is left of a build.

In HCL they are globs of gobwas without separators, compared with the whole name of a source in its build
(hcl2template/utils.go and types.packer_config.go); in a legacy template they are names (packer/core.go).
"""

from __future__ import annotations

from packlint.effective import address
from packlint.glob import compiled, literal
from packlint.inputs import Inputs
from packlint.model import Build, PostProcessor, SourceUse
from packlint.record import replace


class Selection:
    """What the invocation chooses of the builds of a template; `legacy` tells how names are compared."""

    def __init__(self, inputs: Inputs, legacy: bool) -> None:
        self.only = tuple(literal(it) if legacy else compiled(it) for it in inputs.only)
        self.exclude = tuple(literal(it) if legacy else compiled(it) for it in inputs.exclude)

    def left(self, build: Build) -> Build | None:
        """The build without what is not chosen; None where no source of it is left.

        A source whose name is not known stays.
        """
        if not (self.only or self.exclude):
            return build
        uses = tuple(use for use in build.uses if self._takes(build, use))
        if not uses and not build.open:
            return None
        chosen = set(uses)
        unchosen = tuple(use for use in build.uses if use not in chosen)
        build = replace(build, uses=uses, unchosen=unchosen)
        if self.exclude:
            chains = (self._chain(chain, uses) for chain in build.chains)
            build = replace(build, chains=tuple(chain for chain in chains if chain))
        return build

    def _takes(self, build: Build, use: SourceUse) -> bool:
        name = use.written if use.written is not None else address(build, use)
        if name is None:
            return True
        chosen = not self.only or any(glob.matches(name) for glob in self.only)
        return chosen and not any(glob.matches(name) for glob in self.exclude)

    def _chain(
        self, chain: tuple[PostProcessor, ...], uses: tuple[SourceUse, ...]
    ) -> tuple[PostProcessor, ...]:
        """A chain that ends, for each source, where it comes to a step that is excluded."""
        ended: dict[int, bool] = {}  # by the number of the use; False where it is not certain
        left = []
        for step in chain:
            excluded = self._excludes(step)
            cut: dict[str, bool] = {}
            for number, use in enumerate(uses):
                runs = step.runs_on(use)
                if runs is False:
                    continue
                if excluded is not False and ended.get(number) is not True:
                    ended[number] = bool(excluded and runs)
                if number in ended:
                    cut[use.key] = ended[number] or excluded is True
            rest = replace(step, cut=cut) if cut else step
            if not cut or any(rest.runs_on(use) is not False for use in uses):
                left.append(rest)
        return tuple(left)

    def _excludes(self, step: PostProcessor) -> bool | None:
        """Whether a step is excluded by its name, or the type where it has none; None where that is open."""
        name = step.name.value.known(str) if step.name is not None else step.type
        return None if name is None else any(glob.matches(name or step.type) for glob in self.exclude)
