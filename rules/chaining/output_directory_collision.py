"""The sources that a template starts → those that write into one directory."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.chain.host import most_on_one_host
from packlint.chain.written import OUTPUT_ARGUMENTS, Output, output_of
from packlint.document import Range
from packlint.edits import added
from packlint.effective import names
from packlint.model import Build, Configuration, SourceUse
from packlint.named import NamedTuple
from packlint.project import Project


class Written(NamedTuple):
    """A source of a build and where it writes."""

    build: Build
    use: SourceUse
    output: Output

    @property
    def range(self) -> Range:
        """Where that is said, or should be."""
        argument = self.output.argument
        source = self.use.source
        assert source is not None
        return source.header_range if argument is None else argument.expression.range


class OutputDirectoryCollision(Rule):
    """Flags sources of one template that write into the same directory.

    The builders of VirtualBox, VMware, Hyper-V, Parallels and their kin make the directory for their machine
    themselves and stop where it is there already: `Output directory exists: output-debian`. Packer starts all
    sources of a template at once, so the first makes the directory and the others fail, which
    `packer validate` cannot see. With `-force` each deletes what the others are writing. `qemu` writes into
    a directory that is there, and deletes it with all that is in it when its build fails.

    Without `output_directory` the directory is `output-` and the name of the source. Neither its type nor
    the name that it has in the build is part of that: `qemu.debian` and `hyperv-iso.debian` both write to
    `output-debian`, and so does one source in two builds.

    Give each source a directory of its own. The finding is a warning where no machine can run two of the
    sources together, and for machines of `qemu` with different names. What is built on ESXi does not count.

    References:
    https://developer.hashicorp.com/packer/integrations/hashicorp/virtualbox/latest/components/builder/iso
    https://github.com/hashicorp/packer-plugin-sdk/blob/main/multistep/commonsteps/step_output_dir.go
    https://github.com/hashicorp/packer/issues/10995
    """

    category = Category.CHAINING
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<several uses>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" {
              iso_url = "https://example.com/debian.iso"
            }
            source "hyperv-iso" "debian" { # finding: `hyperv-iso.debian` and `qemu.debian` write to the same
              iso_url = "https://example.com/debian.iso"
            }

            build {
              sources = ["source.qemu.debian", "source.hyperv-iso.debian"]
            }
            """,
            fixed="""
            source "qemu" "debian" {
              iso_url = "https://example.com/debian.iso"
            }
            source "hyperv-iso" "debian" {
              iso_url = "https://example.com/debian.iso"
              output_directory = "output-hyperv-iso-debian"
            }

            build {
              sources = ["source.qemu.debian", "source.hyperv-iso.debian"]
            }
            """,
        ),
        Bad(
            """
            variable "name" {}

            source "virtualbox-iso" "a" {
              output_directory = "build/${var.name}"
            }
            source "vmware-iso" "b" {
              output_directory = "build/${var.name}" # finding: write to the same directory
            }

            build {
              sources = ["source.virtualbox-iso.a", "source.vmware-iso.b"]
            }
            """
        ),
        Bad(
            """
            source "virtualbox-iso" "debian" {} # finding: `virtualbox-iso.debian` writes to

            build {
              name    = "server"
              sources = ["source.virtualbox-iso.debian"]
            }
            build {
              name    = "desktop"
              sources = ["source.virtualbox-iso.debian"]
            }
            """
        ),
        Good(
            """
            source "qemu" "debian" {
              output_directory = "output-qemu"
            }
            source "hyperv-iso" "debian" {}
            source "amazon-ebs" "debian" {}
            source "vmware-iso" "debian" {
              remote_type = "esx5"
            }

            build {
              sources = [
                "source.qemu.debian",
                "source.hyperv-iso.debian",
                "source.amazon-ebs.debian",
                "source.vmware-iso.debian",
              ]
            }
            """
        ),
        Good(
            """
            variable "output" {
              default = ""
            }

            source "qemu" "a" {
              output_directory = var.output
            }
            source "virtualbox-iso" "b" {
              output_directory = var.output
            }

            build {
              sources = ["source.qemu.a", "source.virtualbox-iso.b"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        # What starts from another's output and overwrites it, `chain-overwrites-base` speaks of.
        chained: dict[int, set[int]] = {}
        for link in project.links:
            chained.setdefault(id(link.consumer), set()).add(id(link.producer.source))
        for configuration in project.configurations:
            for together in _together(configuration).values():
                bases = {id(it.use.source) for it in together}
                apart = [it for it in together if not chained.get(id(it.use.source), set()) & bases]
                if len(apart) > 1:
                    yield _finding(apart, configuration)


def _together(configuration: Configuration) -> dict[str, list[Written]]:
    """The sources that write into each directory; one that a build lists twice, once."""
    found: dict[str, list[Written]] = {}
    for build in configuration.builds:
        seen: set[str] = set()
        for use in build.uses:
            output = output_of(use)
            if output is not None and use.key not in seen:
                found.setdefault(output.key, []).append(Written(build, use, output))
            seen.add(use.key)
    return found


def _finding(together: Sequence[Written], configuration: Configuration) -> Finding:
    *others, last = sorted(together, key=lambda it: it.range.order)
    uses = tuple({it.use.key: it.use for it in (last, *others)}.values())
    path = last.output.path
    where = "the same directory" if path is None else f'the same directory, "{path}"'
    said = f"{names(uses)} write to {where}"
    if len(uses) == 1:
        said = f"{names(uses)} writes to {where} in {len(together)} builds that start together"
    places = {it.range.order: it for it in others if it.range != last.range}
    fix = _fix(together, configuration)
    return Finding(
        last.range,
        said,
        related=tuple(Related(it.range, f"{names((it.use,))} writes there too") for it in places.values()),
        hint=None if fix else _hint(last, uses),
        fix=fix,
        softened=(len(uses) > 1 and most_on_one_host(uses) < 2) or _side_by_side(together),
    )


def _hint(last: Written, uses: Sequence[SourceUse]) -> str:
    if len({id(use.source) for use in uses}) == 1:
        argument = last.output.argument
        name = argument.name if argument else OUTPUT_ARGUMENTS.get(last.use.type, "output_directory")
        return f"give each build a source with an `{name}` of its own"
    return f'give each its own, such as "{_own(last.use)}"'


def _own(use: SourceUse) -> str:
    return f"output-{use.type}" if use.name == use.type else f"output-{use.type}-{use.name}"


def _side_by_side(together: Sequence[Written]) -> bool:
    """Whether all are disks of QEMU with names of their own, which can lie in one directory."""
    called = set()
    for it in together:
        name = it.use.arguments.get("vm_name")
        called.add(name.worth.text if name else f"packer-{it.use.name}")
    return (
        {it.use.type for it in together} == {"qemu"} and None not in called and len(called) == len(together)
    )


def _fix(together: Sequence[Written], configuration: Configuration) -> Fix | None:
    """Directories by type and name for all that have the plugin's own, but for the first."""
    taken = {output.key for build in configuration.builds for use in build.uses if (output := output_of(use))}
    first, *others = sorted(together, key=lambda it: it.range.order)
    sources = [it.use.source for it in (first, *others)]
    if len({id(source) for source in sources}) < len(sources) or any(it.output.argument for it in others):
        return None
    edits = []
    for it in others:
        own = _own(it.use)
        written = it.use.source.arguments if it.use.source else ()
        last = max(written, key=lambda argument: argument.range.end, default=None)
        edit = added(last, "output_directory", f'"{own}"') if last and own not in taken else None
        if edit is None:
            return None
        edits.append(edit)
    return Fix("give each a directory of its own", tuple(edits), safe=False)
