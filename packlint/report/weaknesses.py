"""The number of a weakness in the Common Weakness Enumeration → its name there, and what it is about."""

from __future__ import annotations

from packlint.named import NamedTuple


class Weakness(NamedTuple):
    """A weakness: the name that MITRE gives it, what it is in a sentence or two, and the page about it."""

    name: str
    description: str
    address: str


_KNOWN = {
    214: (
        "Invocation of Process Using Visible Sensitive Information",
        "A command is given a secret among its arguments or in its environment, where other processes of the "
        "machine can see it.",
    ),
    284: (
        "Improper Access Control",
        "Something can be reached or used by those who have no business with it.",
    ),
    295: (
        "Improper Certificate Validation",
        "The certificate of a server is not checked, or not rightly, so that another may stand in its place.",
    ),
    312: (
        "Cleartext Storage of Sensitive Information",
        "A secret is kept in a form that everybody can read who comes by it.",
    ),
    319: (
        "Cleartext Transmission of Sensitive Information",
        "A secret goes over a network in a form that everybody can read who listens there.",
    ),
    328: (
        "Use of Weak Hash",
        "A digest is trusted although texts with one and the same digest can be made.",
    ),
    494: (
        "Download of Code Without Integrity Check",
        "What is downloaded is run, and nobody looks whether it is what was meant.",
    ),
    532: (
        "Insertion of Sensitive Information into Log File",
        "A secret is written to a log, which more people read than may know it.",
    ),
    540: (
        "Inclusion of Sensitive Information in Source Code",
        "A secret stands in the source code, and all who may read that have it.",
    ),
    732: (
        "Incorrect Permission Assignment for Critical Resource",
        "Something that matters for security may be read or changed by more people than was meant.",
    ),
    798: (
        "Use of Hard-coded Credentials",
        "A password or a key is written into the program or its configuration, the same wherever it runs.",
    ),
    829: (
        "Inclusion of Functionality from Untrusted Control Sphere",
        "What is run comes from a source that somebody else has in hand.",
    ),
    924: (
        "Improper Enforcement of Message Integrity During Transmission in a Communication Channel",
        "What comes over a connection may have been changed on its way, and nothing would tell.",
    ),
    1188: (
        "Initialization of a Resource with an Insecure Default",
        "Something starts with a default that is not secure and that somebody was meant to change.",
    ),
}


def weakness(number: int) -> Weakness:
    """What is known of a weakness; one that none of packlint's own rules is about is named by its number."""
    name, description = _KNOWN.get(
        number, (f"CWE-{number}", f"Weakness {number} of the Common Weakness Enumeration.")
    )
    return Weakness(name, description, f"https://cwe.mitre.org/data/definitions/{number}.html")
