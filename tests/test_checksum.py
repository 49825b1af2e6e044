"""What go-getter makes of a text for a checksum; the verdicts are those of Packer 1.6.6 on templates."""

from __future__ import annotations

import pytest

from packlint.checksum import read

MD5, SHA1, SHA256, SHA512 = ("a0" * half for half in (16, 20, 32, 64))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("none", "none"),
        (MD5, "md5"),
        (SHA1, "sha1"),
        (SHA256.upper(), "sha256"),
        (SHA512, "sha512"),
        (f"sha256:{SHA256}", "sha256"),
        (f"SHA1:{SHA1}", "sha1"),
        ("file:https://example.org/SHA256SUMS", "file"),
        ("file:./SHA256SUMS", "file"),
    ],
)
def test_what_packer_takes(text: str, type_: str) -> None:
    found = read(text)
    assert (found.type, found.flaw) == (type_, None)
    assert found.is_weak == (type_ in ("md5", "sha1"))
    assert found.is_pinned == (type_ not in ("none", "file"))


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", "empty"),
        ("file:", "empty"),
        ("None", "none"),
        ("none:", "none"),
        ("FILE:SHA256SUMS", "url"),
        ("https://example.org/SHA256SUMS", "url"),
        ("debian.iso", "path"),
        ("C:\\SHA256SUMS", "path"),
        (" none", "blank"),
        ("a0" * 28, "kind"),
        ("a0" * 48, "kind"),
        (f"sha224:{'a0' * 28}", "type"),
        (f"sha384:{'a0' * 48}", "type"),
        ("sha512/256:aa", "type"),
        ("sha256:zz", "digits"),
        ("pending", "digits"),
        ("sha1:abc", "odd"),
    ],
)
def test_what_packer_refuses(text: str, flaw: str) -> None:
    found = read(text)
    assert found.flaw == flaw
    assert not found.is_weak


@pytest.mark.parametrize(
    ("text", "flaw"), [("sha256:", "empty"), (f"sha256:{SHA1}", "length"), ("md5:aa", "length")]
)
def test_what_packer_takes_and_no_file_has(text: str, flaw: str) -> None:
    assert read(text).flaw == flaw
