"""The builds of a run → those that do nothing to an image."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.communicator import communicator_of
from packlint.effective import names
from packlint.model import Argument, Build, SourceUse
from packlint.project import Project
from packlint.record import record
from packlint.traits import HOST_SIDE, WITHOUT_IMAGE

REPACKAGING = frozenset(
    {
        *("vagrant", "vagrant-cloud", "vagrant-registry", "manifest", "checksum", "compress"),
        *("utm-zip", "utm-vagrant"),
    }
)
"""Post-processors that wrap an artifact, as those do whose names end in `-import` or `-export`."""

CLONES = frozenset(
    {
        "virtualbox-ovf",
        "virtualbox-vm",
        "vmware-vmx",
        "hyperv-vmcx",
        "parallels-pvm",
        "parallels-macvm",
        "proxmox-clone",
        "vsphere-clone",
        "vagrant",
        "utm-utm",
    }
)
"""Builders that start from a machine which has been made before."""

INSTRUCTIONS = (
    *("http_directory", "http_content", "floppy_files", "floppy_dirs", "floppy_content"),
    *("cd_files", "cd_content", "user_data", "user_data_file", "vsi_user_data", "vsi_user_data_file"),
    *("custom_data", "custom_data_file"),
    *("custom_script", "startup_script_file", "media_files", "cloud_init_files"),
    *("vm_linux_cloud_init", "vm_windows_sysprep", "pre_mount_commands", "post_mount_commands"),
    *("metadata", "metadata_files", "configuration_parameters", "changes"),
)
"""Arguments by which an installer, cloud-init or the builder itself gets work to do on the image."""

INSTRUCTION_BLOCKS = frozenset({"additional_iso_files", "customize", "build", "vapp"})
"""Blocks that do the same."""

COPIES = ("encrypt_boot", "source_volume_snapshot_uuid")
"""Arguments that make the point of a build another form of the same image."""


class MissingProvisioners(Rule):
    """Flags builds that do nothing to an image.

    The build starts a machine from its base, shuts it down and keeps the copy, so that the image is what
    was there before, or what an installer made by itself. Mostly the provisioners have been forgotten, or
    `only` and `except` name sources that the build does not have. Packer does not complain: names in `only`
    and `except` are compared exactly with `TYPE.NAME`, and one that matches nothing filters everything out.

    Add the provisioners, or correct the names. `shell-local`, `breakpoint`, `sleep` and `hcp-sbom` do not
    count, since they leave the image as it is; `shell-local` counts for a builder that mounts the image where
    Packer runs, such as `amazon-chroot`.

    The finding is a note where an installer, cloud-init or the builder gets instructions
    (`http_directory`, `floppy_files`, `cd_content`, `user_data` and their kin), since the work may be done
    there, where a clone is only packed or exported, and where the point is the same image in another form
    (`encrypt_boot`). Nothing is said of `null` and `file`, of `communicator = "none"`, of a source that
    another template of the run starts from, nor where the steps cannot be known: a legacy template that has
    builders and nothing else, and uses variables that it does not declare, is one part of several.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/provisioner
    """

    category = Category.PROVISIONERS
    severity = Severity.WARNING
    precision = Precision.HIGH

    @record
    class Options:
        """With `count_shell_local` a `shell-local` step counts as work on the image."""

        count_shell_local: bool = False

    looks_for = ("<no provisioner>",)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            build { # finding: no provisioner works on the image of `amazon-ebs.web`
              sources = ["source.amazon-ebs.web"]
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            build { # finding: `only` and `except` leave no provisioner for `amazon-ebs.web`
              sources = ["source.amazon-ebs.web"]

              provisioner "shell" {
                only   = ["amazon-ebs"]
                inline = ["install-nginx"]
              }
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            build { # finding: those of the build leave it as it is
              sources = ["source.amazon-ebs.web"]

              provisioner "shell-local" {
                inline = ["make assets"]
              }
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            source "qemu" "web" {
              iso_url = "https://example.com/debian-13.1.0-amd64-netinst.iso"
            }

            build { # finding: `only` and `except` leave no provisioner for `qemu.web`
              sources = ["source.amazon-ebs.web", "source.qemu.web"]

              provisioner "shell" {
                except = ["qemu.web"]
                inline = ["install-nginx"]
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            build {
              sources = ["source.amazon-ebs.web"]

              provisioner "shell" {
                only   = ["amazon-ebs.web"]
                inline = ["install-nginx"]
              }
            }
            """
        ),
        Good(
            """
            source "null" "here" {
              communicator = "none"
            }

            build {
              sources = ["source.null.here"]
            }
            """
        ),
        Good(
            """
            source "amazon-chroot" "web" {
              ami_name   = "web"
              source_ami = "ami-0123456789abcdef0"
            }

            build {
              sources = ["source.amazon-chroot.web"]

              provisioner "shell-local" {
                inline = ["chroot /mnt install-nginx"]
              }
            }
            """
        ),
        Good(
            """
            variable "scripts" {
              type = list(string)
            }

            source "amazon-ebs" "web" {
              ami_name = "web"
            }

            build {
              sources = ["source.amazon-ebs.web"]

              dynamic "provisioner" {
                for_each = var.scripts
                labels   = ["shell"]
                content {
                  script = provisioner.value
                }
              }
            }
            """
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "qemu" "base" {
                  iso_url          = "https://example.com/debian-13.1.0-amd64-netinst.iso"
                  output_directory = "output-base"
                  vm_name          = "base.qcow2"
                }
                build {
                  sources = ["source.qemu.base"]
                }
                """,
                "app/app.pkr.hcl": """
                source "qemu" "app" {
                  disk_image = true
                  iso_url    = "../base/output-base/base.qcow2"
                }
                build {
                  sources = ["source.qemu.app"]
                  provisioner "shell" {
                    inline = ["install-nginx"]
                  }
                }
                """,
            }
        ),
    )

    options: Options

    def check_project(self, project: Project) -> Iterator[Finding]:
        for configuration in project.configurations:
            for build in configuration.builds:
                if configuration.complete and not (build.open or build.open_steps):
                    bare = [use for use in build.uses if self._is_bare(use, build, project)]
                    if bare:
                        yield _finding(build, bare)

    def _is_bare(self, use: SourceUse, build: Build, project: Project) -> bool:
        runs = [step.runs_on(use) for step in build.provisioners if self._works(step.type, use)]
        return (
            not any(run or run is None for run in runs)
            and use.source is not None
            and use.type not in WITHOUT_IMAGE
            and communicator_of(use) not in (None, "none")
            and not project.consumed(use)
        )

    def _works(self, provisioner: str, use: SourceUse) -> bool:
        if provisioner == "shell-local":
            # The image of such a builder is mounted on the machine that runs Packer.
            return self.options.count_shell_local or communicator_of(use) == "chroot"
        return provisioner not in HOST_SIDE


def _finding(build: Build, bare: list[SourceUse]) -> Finding:
    unexcused = [use for use in bare if not (_installed(use) or _repackaged(use, build) or _copied(use))]
    blamed = unexcused or bare
    sources = names(blamed)
    filters = [a for step in build.provisioners for a in (step.only, step.exclude) if a is not None]
    if filters:
        message = f"`only` and `except` leave no provisioner for {sources}"
        keys = {use.key for use in (*build.uses, *build.unchosen)}
        if all(_names_sources(argument, keys) for argument in filters):
            hint = "add a provisioner for it, or take it out of the build"
        else:
            how = "builders as they are called" if blamed[0].written else "sources as `TYPE.NAME`"
            hint = f"name {how}: names are compared exactly"
    elif build.provisioners:
        message = f"no provisioner works on the image of {sources}: those of the build leave it as it is"
        hint = "add one that does, or remove the build"
    else:
        message = f"no provisioner works on the image of {sources}: the build has none"
        hint = "add a provisioner, or remove the build"
    return Finding(
        build.header_range,
        message,
        related=tuple(Related(argument.range, "this filter leaves it out") for argument in filters[:3]),
        hint=hint,
        softened=not unexcused,
    )


def _names_sources(argument: Argument, keys: set[str]) -> bool:
    """Whether every name of a filter is one of these keys of sources."""
    return {name.known(str) for name in argument.value.items or ()} <= keys


def _installed(use: SourceUse) -> bool:
    """Whether somebody else gets instructions."""
    given = any(map(use.arguments.may_set, INSTRUCTIONS))
    return given or any(block.type in INSTRUCTION_BLOCKS for block in use.arguments.blocks)


def _copied(use: SourceUse) -> bool:
    """Whether the point is the base in another form, as an encrypted copy."""
    return any(map(use.arguments.may_set, COPIES))


def _repackaged(use: SourceUse, build: Build) -> bool:
    """Whether a clone is only packed or exported."""
    steps = {step.type for step in build.post_processors if step.runs_on(use) is not False}
    packed = {step for step in steps if step in REPACKAGING or step.endswith(("-import", "-export"))}
    return use.type in CLONES and bool(steps) and steps == packed
