"""What a builder says that it does → the stage of its image, in words.

The lines are those of the builders of Packer 1.6.6 (builder/) and of the plugins that they became, and of
packer-plugin-sdk/{communicator,multistep}.
"""

from __future__ import annotations

import re

_MACHINE = (
    r"(?:source |master |virtual |builder |docker |AWS )*(?:machine|VM|vm|instance|server|container|droplet)"
)
_ABOUT: tuple[tuple[str, str], ...] = (
    ("waiting for SSH", r"Waiting for SSH to become available|Using SSH communicator to connect"),
    ("waiting for WinRM", r"Waiting for WinRM to become available|Using WinRM communicator to connect"),
    ("connected", r"Connected to (?:SSH|WinRM)!"),
    ("waiting for an IP address", r"Waiting for IP\b|Waiting for the guest address"),
    ("waiting for the guest", r"Waiting .{1,20} for boot|Pausing .{1,20} before connecting"),
    ("fetching", r"Retrieving |Trying |Pulling Docker image|Downloading or copying "),
    ("typing the boot command", r"Typing (?:the )?boot commands?\b"),
    ("tagging", r"Adding tags|Tagging |Creating (?:AMI|OMI|image|snapshot) tags|Setting .{1,60} labels"),
    ("importing", r"Importing "),
    ("cloning", r"Cloning |Copying hard drive"),
    ("compacting", r"Compacting |Converting hard drive|Converting disk"),
    ("exporting", r"Exporting |Preparing to export|Packaging box"),
    ("committing", r"Committing the container"),
    (
        "making the image",
        r"Creating (?:the |a |managed |unencrypted )*(?:AMI|OMI|[Ii]mage|[Ss]napshot|template|Snapshot)s?\b"
        r"|Converting VM (?:in)?to template|Convert VM into template|Registering the (?:AMI|OMI)"
        r"|Waiting for (?:AMI|OMI|image|snapshot) ",
    ),
    (
        "shutting down",
        r"(?:Gracefully |Forcibly |Forcefully )?(?:[Hh]alting|[Ss]hutt?ing down|[Ss]topping) (?:the |this )?"
        rf"{_MACHINE}"
        r"|Executing shutdown command|Waiting for shutdown|Power(?:ing)? off VM|Waiting .{0,20}to stop"
        r"|Gracefully shutting down|Shut(?:ting)? down VM",
    ),
    ("starting", r"Deleting previous |Deleting any current |Removing previous "),
    (
        "cleaning up",
        r"Deleting |Destroying |Terminating |Cleaning up |Cleanup |Unregistering |Deregistering |Removing "
        r"|Killing the container|Detaching |Unmounting |Provisioning step had errors"
        r"|Step .{1,60} failed, aborting|aborted: skipping cleanup",
    ),
    (
        "booting",
        rf"(?:Starting|Booting|Launching|Power(?:ing)? on) (?:the |a )?(?:spot |source )?{_MACHINE}",
    ),
    ("creating", r"Creating |Launching |Customizing hardware|Registering remote VM"),
)
_STAGE = re.compile("|".join(f"(?P<s{number}>{pattern})" for number, (_, pattern) in enumerate(_ABOUT)))

ENDING = frozenset(
    {"shutting down", "exporting", "compacting", "committing", "making the image", "tagging", "cleaning up"}
)
"""Stages that come after the provisioners."""


def stage(text: str) -> str | None:
    """The stage that begins with a text, None for none that is known."""
    found = _STAGE.match(text)
    return _ABOUT[int(found.lastgroup[1:])][0] if found and found.lastgroup else None
