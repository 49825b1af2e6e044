"""Tests of policies, tried: what counts as found, how texts and findings are matched, what is written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from packlint import trial
from packlint.errors import PolicyError, UsageError
from packlint.plugins import PluginManager, load_plugins
from packlint.policy import Library
from packlint.trial import Trial, matched, trials

POLICY = """
param "word" {
  type    = string
  default = "never"
}
policy "shut" {
  target        = source
  when          = self.type == "qemu"
  condition     = self.headless == true
  error_message = "${self.name} is seen ${param.word}"
}
policy "other" {
  target        = source
  condition     = false
  error_message = "no"
}
"""


@pytest.fixture(scope="module")
def plugins() -> PluginManager:
    return load_plugins()


def tried(folder: Path, plugins: PluginManager, tests: str) -> list[Trial]:
    (folder / "a.policy.hcl").write_text(POLICY + tests, encoding="utf-8")
    library = Library()
    (sheet,) = library.within(folder, folder)
    return [*trials(sheet, library, plugins)]


def one(folder: Path, plugins: PluginManager, body: str) -> Trial:
    (found,) = tried(folder, plugins, f'test "shut" {{\n{body}\n}}\n')
    return found


SEEN = 'template = "source \\"qemu\\" \\"a\\" {}"'


def test_a_policy_finds_what_its_test_says(tmp_path: Path, plugins: PluginManager) -> None:
    found = one(tmp_path, plugins, f'{SEEN}\nfinds = ["1: a is seen"]')
    assert (found.passed, found.agreed) == (True, ("1: a is seen never",))


def test_findings_of_other_policies_do_not_count(tmp_path: Path, plugins: PluginManager) -> None:
    found = one(tmp_path, plugins, 'template = "source \\"qemu\\" \\"a\\" { headless = true }"')
    assert (found.passed, found.agreed) == (True, ())


def test_what_is_not_found_and_what_is_found_besides_are_told(tmp_path: Path, plugins: PluginManager) -> None:
    found = one(tmp_path, plugins, f'{SEEN}\nfinds = ["2: a is seen"]')
    assert (found.passed, found.missing, found.surplus) == (False, ("2: a is seen",), ("1: a is seen never",))
    assert found.why == ()


def test_a_finding_is_good_for_one_text(tmp_path: Path, plugins: PluginManager) -> None:
    found = one(tmp_path, plugins, f'{SEEN}\nfinds = ["a is seen", "seen"]')
    assert (len(found.agreed), len(found.missing), found.surplus) == (1, 1, ())


def test_of_several_files_the_paths_are_told(tmp_path: Path, plugins: PluginManager) -> None:
    body = """files = {
      "x.pkr.hcl"     = "source \\"qemu\\" \\"a\\" {}"
      "sub/y.pkr.hcl" = "\\nsource \\"qemu\\" \\"b\\" {}"
      "run.sh"        = "true"
    }"""
    found = one(tmp_path, plugins, body)
    assert found.surplus == ("sub/y.pkr.hcl:2: b is seen never", "x.pkr.hcl:1: a is seen never")


def test_the_values_of_a_test_go_before_defaults(tmp_path: Path, plugins: PluginManager) -> None:
    by_default = one(tmp_path, plugins, SEEN).surplus
    own = one(tmp_path, plugins, f'{SEEN}\nparams = {{ word = "once" }}').surplus
    assert [it[-5:] for (it,) in (by_default, own)] == ["never", " once"]


def test_a_parameter_that_has_no_default_has_to_have_a_value_in_the_test(
    tmp_path: Path, plugins: PluginManager
) -> None:
    needed = 'param "needed" {}\n'
    with pytest.raises(PolicyError, match=r"`param\.needed` has no value in this test"):
        tried(tmp_path, plugins, f'{needed}test "shut" {{\n{SEEN}\n}}\n')


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('template = "source \\"qemu\\" \\"a\\" {"', "1: "),
        ('files = { "notes.txt" = "source" }', "there is no template in `files`"),
    ],
)
def test_a_template_that_cannot_be_read_is_no_success(
    tmp_path: Path, plugins: PluginManager, body: str, said: str
) -> None:
    found = one(tmp_path, plugins, body)
    assert not found.passed
    assert found.unread[0].startswith(said)


def test_a_policy_that_cannot_decide_says_why(tmp_path: Path, plugins: PluginManager) -> None:
    template = (
        'template = "variable \\"seen\\" { type = bool }\\nsource \\"qemu\\" \\"a\\" { headless = var.seen }"'
    )
    found = one(tmp_path, plugins, f'{template}\nfinds = ["2: a is seen"]')
    (why,) = found.why
    assert "cannot be shown: `var.seen` has no default" in why
    assert (found.surplus, one(tmp_path, plugins, template).why) == ((), ())


def test_a_policy_that_looked_at_nothing_says_why(tmp_path: Path, plugins: PluginManager) -> None:
    found = one(tmp_path, plugins, 'template = "source \\"null\\" \\"a\\" {}"\nfinds = ["seen"]')
    assert found.missing == ("seen",)
    assert "`when` is true of no source" in found.why[0]


def test_a_when_without_an_answer_says_why(
    tmp_path: Path, plugins: PluginManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.POLICY", POLICY.replace('self.type == "qemu"', "!self.ssh_pty"))
    found = one(tmp_path, plugins, f'{SEEN}\nfinds = ["seen"]')
    assert "it has no answer for source `qemu.a`: `ssh_pty` is left out" in found.why[0]


def test_a_waiver_in_a_template_counts(tmp_path: Path, plugins: PluginManager) -> None:
    comment = "# packlint: ignore[shut] it is watched"
    assert one(tmp_path, plugins, f'template = "source \\"qemu\\" \\"a\\" {{}} {comment}"').passed


def test_nothing_is_left_behind(tmp_path: Path, plugins: PluginManager) -> None:
    one(tmp_path, plugins, SEEN)
    assert [it.name for it in tmp_path.iterdir()] == ["a.policy.hcl"]


def test_files_beside_a_template_can_be_read_and_no_others(tmp_path: Path, plugins: PluginManager) -> None:
    (tmp_path / "secret.txt").write_text("s3cret", encoding="utf-8")
    body = """files = {
      "a.pkr.hcl" = "source \\"qemu\\" \\"a\\" { headless = file(\\"PATH\\") == \\"yes\\" }"
      "sub/b.txt" = "yes"
    }"""
    assert one(tmp_path, plugins, body.replace("PATH", "sub/b.txt")).passed
    outside = one(tmp_path, plugins, body.replace("PATH", (tmp_path / "secret.txt").as_posix()))
    assert "s3cret" not in repr(outside)


def test_too_many_texts_are_refused_at_their_test(
    tmp_path: Path, plugins: PluginManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST_TEXTS", 1)
    with pytest.raises(PolicyError, match="more than 1 findings") as caught:
        one(tmp_path, plugins, f'{SEEN}\nfinds = ["a", "b"]')
    assert caught.value.range is not None


class TestMatching:
    def test_a_text_that_fits_everywhere_leaves_the_others_theirs(self) -> None:
        found = ["1: a b", "2: a"]
        assert matched(["a", "a b"], found) == {0: 1, 1: 0}

    def test_blanks_and_line_breaks_make_no_difference(self) -> None:
        assert matched(["a\n  b"], ["1: a b"]) == {0: 0}

    def test_as_many_are_matched_as_can_be(self) -> None:
        """Compared with the best of all orders, in small cases."""
        chance = random.Random(7)
        for _ in range(300):
            expected = [
                "".join(chance.sample("abc", chance.randint(1, 2))) for _ in range(chance.randint(0, 4))
            ]
            found = ["".join(chance.sample("abc", chance.randint(1, 3))) for _ in range(chance.randint(0, 4))]
            pairs = matched(expected, found)
            assert all(expected[text] in found[finding] for finding, text in pairs.items())
            assert len(set(pairs.values())) == len(pairs) == best(expected, found)


def test_no_folder_to_write_to_is_no_fault_of_packlint(
    tmp_path: Path, plugins: PluginManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    with pytest.raises(UsageError, match="no temporary folder can be made") as raised:
        one(tmp_path, plugins, SEEN)
    assert "TMPDIR" in str(raised.value.hint)


def best(expected: list[str], found: list[str]) -> int:
    """The most texts that can have a finding each, by trying all orders."""

    def counts() -> Iterator[int]:
        padded = [*found, *([None] * len(expected))]
        for order in permutations(padded, len(expected)):
            yield sum(it is not None and text in it for text, it in zip(expected, order, strict=True))

    return max(counts())
