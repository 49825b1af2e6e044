"""Which settings are in force where: the nearest file, what it extends, what is said on the command line."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import packlint.schemas
import pytest

from packlint.configure import Nearest
from packlint.diagnostic import Severity
from packlint.errors import SettingsError
from packlint.plugins import by_name, load_rules
from packlint.rule import Rule
from packlint.settings import Flags, Settings

RULES = by_name(load_rules())
Choose = Callable[..., Settings]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "images/web").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def settings(repository: Path) -> Choose:
    """Writes settings files by path, and gives what is in force for a file."""

    def found(files: dict[str, str], at: str = "images/web/a.pkr.hcl", **extra: object) -> Settings:
        for name, text in files.items():
            (repository / name).write_text(text, encoding="utf-8")
        file = repository / at
        return Nearest(RULES, **extra)(file.parent, repository).at(file)  # type: ignore[arg-type]

    return found


def refused(settings: Choose, text: str, name: str = "packlint.toml") -> SettingsError:
    with pytest.raises(SettingsError) as told:
        settings({name: text})
    return told.value


def runs(settings: Settings, *names: str) -> list[str]:
    return [name for name in names if settings.selects(RULES[name])]


class TestWhichFile:
    def test_without_a_file_everything_is_as_it_is_by_default(self, settings: Choose) -> None:
        assert settings({}) == Settings()

    def test_the_nearest_file_counts_and_no_other(self, settings: Choose) -> None:
        files = {
            "packlint.toml": 'preset = "all"\nfail-on = "note"',
            "images/packlint.toml": 'preset = "strict"',
        }
        found = settings(files)
        assert (found.preset, found.fail_on) == ("strict", Severity.WARNING)
        assert settings({}, at="a.pkr.hcl").preset == "all"

    def test_each_name_is_found_and_ours_go_before_pyproject(self, settings: Choose) -> None:
        assert settings({"pyproject.toml": '[tool.packlint]\npreset = "all"'}).preset == "all"
        assert settings({".packlint.toml": 'preset = "strict"'}).preset == "strict"
        assert settings({"packlint.toml": 'preset = "security"'}).preset == "security"

    def test_a_pyproject_of_others_is_passed_over(self, settings: Choose) -> None:
        files = {"packlint.toml": 'preset = "all"', "images/pyproject.toml": "[tool.ruff]\npacklint = 1"}
        assert settings(files).preset == "all"

    def test_nothing_above_the_root_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "packlint.toml").write_text('preset = "all"')
        (tmp_path / "repo").mkdir()
        assert Nearest(RULES)(tmp_path / "repo", tmp_path / "repo") == Settings()

    def test_a_file_of_the_command_line_stands_in_for_all_others(
        self, settings: Choose, repository: Path
    ) -> None:
        (repository / "other.toml").write_text('preset = "security"')
        found = settings({"packlint.toml": 'preset = "all"'}, file=repository / "other.toml")
        assert found.preset == "security"

    def test_none_may_be_wanted(self, settings: Choose) -> None:
        assert settings({"packlint.toml": 'preset = "all"'}, isolated=True) == Settings()

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
    def test_a_link_that_leaves_the_repository_is_refused(
        self, settings: Choose, repository: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("outside") / "secret.toml"
        outside.write_text('preset = "hunter2"')
        (repository / "packlint.toml").symlink_to(outside)
        with pytest.raises(SettingsError, match="outside the checked root") as told:
            settings({})
        assert "hunter2" not in str(told.value)


class TestExtend:
    BASE = """
        preset = "strict"
        ignore = ["unused-local"]
        fail-on = "error"
        exclude = ["old/"]
        [rules]
        unused-variable = "error"
        weak-checksum = "off"
    """

    def test_what_is_extended_holds_where_nothing_is_said(self, settings: Choose) -> None:
        own = """
            extend = "../packlint.toml"
            fail-on = "note"
            ignore = ["winrm-unencrypted"]
            [rules]
            weak-checksum = "note"
        """
        found = settings({"packlint.toml": self.BASE, "images/packlint.toml": own})
        assert (found.preset, found.fail_on) == ("strict", Severity.NOTE)
        assert found.ignore == {"unused-local", "winrm-unencrypted"}
        assert found.severity(RULES["unused-variable"]) is Severity.ERROR
        assert runs(found, "weak-checksum") == ["weak-checksum"]
        assert [line for it in found.excluded for line in it.lines] == ["old/"]

    def test_patterns_and_paths_belong_to_the_file_that_has_them(
        self, settings: Choose, repository: Path
    ) -> None:
        base = 'exclude = ["web/a.pkr.hcl"]\nvar-files = ["v.pkrvars.hcl"]'
        (repository / "v.pkrvars.hcl").write_text("")
        files = {"packlint.toml": base, "images/packlint.toml": 'extend = "../packlint.toml"'}
        found = settings(files)
        assert not found.excludes(repository / "images/web/a.pkr.hcl")
        assert found.excludes(repository / "web/a.pkr.hcl")
        assert found.var_files == (repository / "v.pkrvars.hcl",)

    @pytest.mark.parametrize("name", ["packlint.toml", "b.toml"])
    def test_a_ring_is_refused(self, settings: Choose, repository: Path, name: str) -> None:
        (repository / "b.toml").write_text('extend = "packlint.toml"')
        assert "extend themselves" in str(refused(settings, f'extend = "{name}"'))

    @pytest.mark.parametrize("name", ["nowhere.toml", "images"])
    def test_what_is_not_there_is_told(self, settings: Choose, name: str) -> None:
        assert "there is no file" in str(refused(settings, f'extend = "{name}"'))

    def test_what_lies_outside_is_refused(
        self, settings: Choose, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("outside") / "x.toml"
        outside.write_text('preset = "all"')
        assert "outside the checked root" in str(refused(settings, f"extend = {str(outside)!r}"))


class TestRules:
    def test_a_rule_may_be_off_or_have_another_severity(self, settings: Choose) -> None:
        found = settings({"packlint.toml": '[rules]\nunused-variable = "off"\nunused-local = "error"'})
        assert runs(found, "unused-variable", "unused-local") == ["unused-local"]
        assert found.severity(RULES["unused-local"]) is Severity.ERROR

    def test_one_with_a_severity_runs_whatever_the_preset(self, settings: Choose) -> None:
        assert runs(Settings(), "redundant-interpolation") == []
        found = settings({"packlint.toml": '[rules]\nredundant-interpolation = "note"'})
        assert runs(found, "redundant-interpolation") == ["redundant-interpolation"]

    def test_options_alone_do_not_make_a_rule_run(self, settings: Choose) -> None:
        text = 'select = ["unused-local"]\n[rules.too-many-parallel-sources]\nmax-parallel-sources = 9'
        found = settings({"packlint.toml": text})
        assert runs(found, "too-many-parallel-sources") == []
        rule = found.rule(RULES["too-many-parallel-sources"])
        assert rule.options.max_parallel_sources == 9

    def test_lists_take_rules_and_categories(self, settings: Choose) -> None:
        found = settings({"packlint.toml": 'select = ["style"]\nextend-select = ["unused-local"]'})
        names = ("not-canonical-format", "unused-local", "unused-variable", "syntax-error")
        assert runs(found, *names) == ["not-canonical-format", "unused-local", "syntax-error"]

    def test_a_preset_of_the_nearer_file_goes_before_a_selection_above(self, settings: Choose) -> None:
        files = {
            "packlint.toml": 'select = ["unused-local"]',
            "images/packlint.toml": 'extend = "../packlint.toml"\npreset = "strict"',
        }
        assert runs(settings(files), "unused-variable") == ["unused-variable"]

    @pytest.mark.parametrize("own", ['extend-select = ["unused-local"]', '[rules]\nunused-local = "note"'])
    def test_what_was_ignored_further_up_can_be_wanted_again(self, settings: Choose, own: str) -> None:
        files = {
            "packlint.toml": 'ignore = ["unused-local"]',
            "images/packlint.toml": f'extend = "../packlint.toml"\n{own}',
        }
        assert runs(settings(files), "unused-local") == ["unused-local"]
        assert runs(settings({}, at="a.pkr.hcl"), "unused-local") == []

    def test_what_was_wanted_further_up_can_be_ignored(self, settings: Choose) -> None:
        files = {
            "packlint.toml": 'extend-select = ["not-canonical-format"]\n[rules]\nunused-local = "error"',
            "images/packlint.toml": 'extend = "../packlint.toml"\nignore = ["style", "unused-local"]',
        }
        assert runs(settings(files), "unused-local", "not-canonical-format") == []

    def test_an_override_may_want_by_severity_what_is_ignored(self, settings: Choose) -> None:
        text = (
            'ignore = ["unused-local"]\n[[overrides]]\npaths = ["images/"]\nrules = { unused-local = "note" }'
        )
        assert runs(settings({"packlint.toml": text}), "unused-local") == ["unused-local"]
        assert runs(settings({}, at="a.pkr.hcl"), "unused-local") == []

    @pytest.mark.parametrize("name", ["/dev/null", "../../nowhere.toml", "\\u0000"])
    def test_what_is_extended_lies_in_the_repository(self, settings: Choose, name: str) -> None:
        told = refused(settings, f'preset = "all"\nextend = "{name}"')
        assert "lies outside the checked root" in str(told)
        assert told.range is not None and told.range.first.line == 2

    def test_a_former_name_is_as_good(self, repository: Path) -> None:
        renamed: type[Rule] = type(
            "Unused", (RULES["unused-local"],), {"former": ("idle-local",), "__doc__": "It."}
        )
        (repository / "packlint.toml").write_text('ignore = ["idle-local"]\n[rules]\nidle-local = "error"')
        found = Nearest(by_name([renamed]))(repository, repository)
        assert found.ignore == {"unused"}
        assert list(found.rules) == ["unused"]

    def test_rules_are_asked_for_where_there_are_settings(self, repository: Path) -> None:
        asked: list[str] = []
        nearest = Nearest(lambda: asked.append("rules") or RULES)  # type: ignore[func-returns-value]
        assert nearest(repository / "images", repository).rules == {}
        assert not asked
        (repository / "images/packlint.toml").write_text('[rules]\nunused-local = "error"')
        nearest = Nearest(lambda: asked.append("rules") or RULES)  # type: ignore[func-returns-value]
        assert [*nearest(repository / "images", repository).rules] == ["unused-local"]
        assert asked == ["rules"]


class TestOverrides:
    TEXT = """
        [rules]
        unused-local = "error"
        [[overrides]]
        paths = ["images/web/", "!images/web/kept.pkr.hcl"]
        ignore = ["unused-variable"]
        rules = { unused-local = "off" }
        variables = { size = 3, name = "x", on = true }
        [[overrides]]
        paths = ["*.pkrvars.hcl"]
        extend-select = ["redundant-interpolation"]
    """

    def test_they_hold_where_their_patterns_say(self, settings: Choose) -> None:
        names = ("unused-variable", "unused-local", "redundant-interpolation")
        assert runs(settings({"packlint.toml": self.TEXT}), *names) == []
        assert runs(settings({}, at="images/a.pkr.hcl"), *names) == ["unused-variable", "unused-local"]
        assert runs(settings({}, at="images/x.pkrvars.hcl"), *names) == list(names)

    def test_values_are_texts_as_packer_takes_them(self, settings: Choose) -> None:
        given = settings({"packlint.toml": self.TEXT}).variables
        assert {name: it.text for name, it in given.items()} == {"size": "3", "name": "x", "on": "true"}
        assert {it.by for it in given.values()} == {"settings"}

    def test_a_directory_that_matches_is_not_entered_again(self, settings: Choose) -> None:
        # As in .gitignore: what is below a matched directory cannot be taken back.
        found = settings({"packlint.toml": self.TEXT}, at="images/web/kept.pkr.hcl")
        assert runs(found, "unused-local") == []

    def test_the_later_word_counts(self, settings: Choose) -> None:
        text = """
            [[overrides]]
            paths = ["images/"]
            ignore = ["unused-local"]
            rules = { weak-checksum = "off" }
            [[overrides]]
            paths = ["web/"]
            extend-select = ["unused-local"]
            rules = { weak-checksum = "error" }
        """
        assert runs(settings({"packlint.toml": text}), "unused-local", "weak-checksum") == [
            "unused-local",
            "weak-checksum",
        ]


class TestFlags:
    def test_a_preset_replaces_those_of_the_file(self, settings: Choose) -> None:
        text = 'select = ["unused-local"]\nignore = ["weak-checksum"]'
        found = settings({"packlint.toml": text}, flags=Flags(preset="strict"))
        assert runs(found, "unused-variable", "weak-checksum") == ["unused-variable"]

    def test_who_selects_gets_exactly_that(self, settings: Choose) -> None:
        text = """
            ignore = ["unused-local"]
            extend-select = ["weak-checksum"]
            [rules]
            unused-variable = "error"
            unused-local = "off"
        """
        select = frozenset({"unused-local"})
        found = settings({"packlint.toml": text}, flags=Flags(select=select))
        assert runs(found, "unused-local", "unused-variable", "weak-checksum") == ["unused-local"]

    def test_overrides_add_nothing_to_what_is_selected(self, settings: Choose) -> None:
        text = """
            [[overrides]]
            paths = ["images/"]
            extend-select = ["required-version-missing"]
            ignore = ["weak-checksum"]
            rules = { unused-variable = "error" }
        """
        select = frozenset({"unused-local", "weak-checksum"})
        found = settings({"packlint.toml": text}, flags=Flags(select=select))
        names = ("unused-local", "unused-variable", "required-version-missing", "weak-checksum")
        assert runs(found, *names) == ["unused-local"]
        assert found.severity(RULES["unused-variable"]) is Severity.ERROR

    def test_what_is_ignored_is_out_whatever_the_file_says(self, settings: Choose) -> None:
        text = '[rules]\nnot-canonical-format = "error"'
        found = settings({"packlint.toml": text}, flags=Flags(ignore=frozenset({"style"})))
        assert runs(found, "not-canonical-format") == []

    def test_the_rest_goes_before_the_file_too(self, settings: Choose) -> None:
        flags = Flags(fail_on=Severity.ERROR, force_exclude=True, schemas=(Path("s"),))
        found = settings({"packlint.toml": 'fail-on = "note"'}, flags=flags)
        assert (found.fail_on, found.force_exclude, found.schemas) == (Severity.ERROR, True, (Path("s"),))


class TestWaivers:
    def test_demands_and_waivers_by_path(self, settings: Choose, repository: Path) -> None:
        text = """
            [waivers]
            require-reason = true
            forbidden = ["secret-literal"]
            [[waive]]
            rules = ["iso-checksum-none", "style"]
            paths = ["images/web/"]
            until = 2027-01-31
            reason = "the vendor has none"
        """
        found = settings({"packlint.toml": text})
        assert (found.demands.reasons, found.demands.unwaivable) == (True, {"secret-literal"})
        (waiver,) = found.granted(repository / "images/web/a.pkr.hcl")
        assert waiver.rules == {"iso-checksum-none", "style"}
        assert (waiver.until, waiver.reason) == (date(2027, 1, 31), "the vendor has none")
        assert (waiver.range.document.path, waiver.range.first.line) == ("packlint.toml", 5)
        assert found.granted(repository / "images/a.pkr.hcl") == ()


class TestSchemas:
    def schema(self, repository: Path, text: str) -> None:
        folder = repository / "our/builder"
        folder.mkdir(parents=True)
        (folder / "acme.json").write_text(text)

    def test_a_folder_of_the_repository_is_taken(self, settings: Choose, repository: Path) -> None:
        self.schema(repository, builder("acme"))
        assert settings({"packlint.toml": 'schemas = ["our"]'}).schemas == (repository / "our",)

    def test_a_pattern_is_not(self, settings: Choose, repository: Path) -> None:
        schema = json.loads(builder("acme"))
        schema["properties"]["x"] = {"type": "string", "pattern": "(a+)+$"}
        self.schema(repository, json.dumps(schema))
        assert "has a `pattern`" in str(refused(settings, 'schemas = ["our"]'))

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
    def test_a_link_out_of_the_repository_is_not(
        self, settings: Choose, repository: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("outside") / "x.json"
        outside.write_text(builder("acme"))
        (repository / "our/builder").mkdir(parents=True)
        (repository / "our/builder/acme.json").symlink_to(outside)
        assert "outside the checked root" in str(refused(settings, 'schemas = ["our"]'))

    def test_an_empty_folder_is_told_with_its_place(self, settings: Choose) -> None:
        error = refused(settings, 'schemas = ["images"]')
        assert "holds no schemas" in str(error)
        assert error.range is not None


def builder(type_: str) -> str:
    """The schema of a builder as a user writes it: the smallest that packlint has, under another name."""
    schema = json.loads((Path(packlint.schemas.__file__).parent / "builder/null.json").read_text())
    return json.dumps(schema | {"title": type_})


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "place", "message", "hint"),
        [
            ('x = 1\npresett = "all"', "1:1", "there is no setting `x`", "choose one of extend, preset,"),
            ('presett = "all"', "1:1", "there is no setting `presett`", "did you mean `preset`?"),
            (
                'preset = "strikt"',
                "1:1",
                "`strikt` is nothing that `preset` can be",
                "did you mean `strict`?",
            ),
            ('ignore = [\n  "unused-locl"]', "2:3", "`unused-locl`", "did you mean `unused-local`?"),
            (
                '[rules]\nunused-locl = "off"',
                "2:1",
                "no rule `unused-locl` in `rules`",
                "mean `unused-local`?",
            ),
            ('[rules]\nunused-local = "of"', "2:1", "`of` is nothing that `rules.unused-local`", "`off`?"),
            ("[rules.unused-local]\nsevirity = 'off'", "2:1", "no setting `sevirity`", "`severity`?"),
            ("[rules.duplicate-build]\nmin-steps = 'x'", "2:1", "has to be a whole number", None),
            ("[rules.duplicate-build]\nmin-steps = -3", "2:1", "may not be less than 0", None),
            ("[[overrides]]\npaths = []", "2:1", "`overrides.paths` may not be empty", None),
            (
                "fail-on = 3",
                "1:1",
                "`3` is nothing that `fail-on` can be",
                "choose one of note, warning, error",
            ),
            ("exclude = 'x'", "1:1", "`exclude` has to be an array", None),
            ("[[overrides]]\nignore = []", "1:3", "`overrides` lacks `paths`", None),
            ("[[waive]]\nrules=[]\npaths=['a']\nuntil=2027-13-01", "4:11", "are not TOML", "mend the line"),
            ("[[waive]]\nrules=[]\npaths=['a']\nuntil='2027-02-30'", "4:1", "is no date", "write it as"),
            ("[[waive]]\nrules=[]\npaths=['a']\nuntil='soon'", "4:1", "is no date", "write it as"),
            (
                "[[waive]]\nrules = ['unused-local']\npaths = ['a']\n[waivers]\nforbidden = ['unused-local']",
                "2:1",
                "`unused-local` may not be waived",
                "out of one",
            ),
            ("var-files = ['../../x.hcl']", "1:14", "lies outside the checked root", "within the repository"),
            ("var-files = ['/etc/passwd']", "1:14", "lies outside the checked root", "within the repository"),
            ("var-files = ['gone.pkrvars.hcl']", "1:14", "there is no file `gone.pkrvars.hcl`", "relative"),
            ("working-directory = 'gone'", "1:1", "there is no directory `gone`", "relative"),
            (
                "plugins = ['packlint-acme']",
                "1:12",
                "`packlint-acme` is not installed",
                "pip install packlint-acme",
            ),
            ("preset = ", "1:10", "are not TOML: invalid value", "mend the line"),
            ("a = 1\na = 2", "2:6", "are not TOML", "mend the line"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(
        self, settings: Choose, text: str, place: str, message: str, hint: str | None
    ) -> None:
        error = refused(settings, text)
        assert error.range is not None
        assert "{}:{}".format(*error.range.first) == place
        assert message in str(error)
        assert (hint or "") in (error.hint or "")
        assert (hint is None) == (error.hint is None)

    def test_the_place_in_a_pyproject_is_that_of_our_table(self, settings: Choose) -> None:
        text = '[project]\nname = "x"\n[tool.other]\npreset = 1\n[tool.packlint]\npreset = 1\n'
        error = refused(settings, text, "pyproject.toml")
        assert error.range is not None
        assert error.range.first.line == 6

    @pytest.mark.parametrize(
        "data",
        [
            b"\xff\xfe",
            b"preset = 'a'\x00",
            b"x" * 300_000,
            b".".join([b"a"] * 5000) + b" = 1",
            b"a = " + b"[" * 5000,
            b"a = " + b"{a=" * 5000,
            b"[[overrides]]\npaths=['a']\n" * 9000,
            "preset = '\U0001f600\u202e'".encode(),
        ],
        ids=["encoding", "nul", "large", "dots", "deep", "deep tables", "many", "bidi"],
    )
    def test_a_hostile_file_is_an_error_and_takes_no_time(
        self, settings: Choose, repository: Path, data: bytes
    ) -> None:
        (repository / "packlint.toml").write_bytes(data)
        began = time.process_time()
        try:
            settings({})
        except SettingsError as error:
            assert str(error)
        assert time.process_time() - began < 20  # a guard against what grows without end

    def test_code_is_never_imported(self, settings: Choose, repository: Path) -> None:
        (repository / "evil.py").write_text("import pathlib; pathlib.Path('pwned').touch()")
        before = Path.cwd()
        os.chdir(repository)
        try:
            refused(settings, 'plugins = ["evil"]')
        finally:
            os.chdir(before)
        assert not (repository / "pwned").exists()
