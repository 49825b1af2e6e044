"""Which policies are in force where, with which values of their parameters, and what is said of mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest

from packlint.configure import Nearest
from packlint.configure.schema import published, settings_schema
from packlint.configure.show import show
from packlint.errors import PacklintError, PolicyError, SettingsError
from packlint.plugins import by_name, load_rules
from packlint.policy import PolicyRule
from packlint.settings import Settings
from packlint.value import Known

RULES = by_name(load_rules())


def policy(name: str, more: str = "") -> str:
    return f"""
policy "{name}" {{
  target        = source
  condition     = self.type != "file"
  error_message = "No files."
  {more}
}}
"""


PARAM = 'param "names" {\n  type = list(string)\n}\n'

Write = Callable[[dict[str, str]], None]
InForce = Callable[..., Settings]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "images/web").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def write(repository: Path) -> Write:
    def all_of(files: dict[str, str]) -> None:
        for name, text in files.items():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            (repository / name).write_text(text, encoding="utf-8")

    return all_of


@pytest.fixture
def in_force(repository: Path, write: Write) -> InForce:
    """Writes files by path, and gives the settings of a directory."""

    def found(files: dict[str, str], at: str = ".", **extra: Any) -> Settings:
        write(files)
        return Nearest(RULES, **extra)(repository / at, repository)

    return found


def names(settings: Settings) -> list[str]:
    return [rule.name() for rule in settings.policies]


def param(settings: Settings, name: str, of: str) -> Any:
    """What a parameter is worth, with what is in it, for the policy `of`."""
    rule = next(it for it in settings.policies if it.name() == of)
    assert issubclass(rule, PolicyRule)
    params = rule.scope.values["param"]
    assert isinstance(params, Known)
    return plain((params.entries or {})[name])


def plain(value: Any) -> Any:
    if value.items is not None:
        return [plain(it) for it in value.items]
    if value.entries is not None:
        return {name: plain(it) for name, it in value.entries.items()}
    return value.data


def refused(in_force: InForce, files: dict[str, str], **extra: Any) -> PacklintError:
    with pytest.raises((SettingsError, PolicyError)) as told:
        in_force(files, **extra)
    return told.value


class TestWhere:
    def test_beside_the_settings_and_below(self, in_force: InForce) -> None:
        files = {
            "packlint.toml": 'preset = "all"',
            "policies/b.policy.hcl": policy("in-b"),
            "policies/aws/a.policy.hcl": policy("in-a"),
            "policies/README.md": "no policy",
            "policies/.git/c.policy.hcl": policy("hidden"),
        }
        assert names(in_force(files, at="images/web")) == ["in-a", "in-b"]

    def test_without_settings_those_of_the_root(self, in_force: InForce) -> None:
        files = {"policies/a.policy.hcl": policy("in-a"), "images/policies/b.policy.hcl": policy("in-b")}
        assert names(in_force(files, at="images/web")) == ["in-a"]

    def test_no_settings_no_policies(self, in_force: InForce) -> None:
        files = {"packlint.toml": "", "policies/a.policy.hcl": policy("in-a")}
        assert names(in_force(files)) == ["in-a"]
        assert in_force({}, isolated=True) == Settings()

    def test_each_settings_file_has_its_own(self, in_force: InForce) -> None:
        files = {
            "packlint.toml": "",
            "policies/a.policy.hcl": policy("in-a"),
            "images/packlint.toml": "",
            "images/policies/b.policy.hcl": policy("in-b"),
        }
        assert names(in_force(files)) == ["in-a"]
        assert names(in_force({}, at="images/web")) == ["in-b"]

    def test_where_the_settings_say(self, in_force: InForce) -> None:
        files = {
            "images/packlint.toml": '[policies]\npaths = ["../rules", "one.policy.hcl"]',
            "images/one.policy.hcl": policy("one"),
            "images/policies/b.policy.hcl": policy("in-b"),
            "rules/a.policy.hcl": policy("in-a"),
        }
        assert names(in_force(files, at="images")) == ["in-a", "one"]
        assert names(in_force({"images/packlint.toml": "[policies]\npaths = []"}, at="images")) == []

    def test_pyproject(self, in_force: InForce) -> None:
        files = {
            "pyproject.toml": '[tool.packlint.policies]\npaths = ["rules"]\n'
            '[tool.packlint.policies.params.a]\nnames = ["x"]',
            "rules/a.policy.hcl": PARAM + policy("in-a"),
        }
        found = in_force(files)
        assert (names(found), param(found, "names", "in-a")) == (["in-a"], ["x"])

    def test_a_file_of_the_command_line_has_those_beside_it(
        self, in_force: InForce, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        other = tmp_path_factory.mktemp("other")
        (other / "policies").mkdir()
        (other / "policies/o.policy.hcl").write_text(policy("of-other"))
        (other / "x.toml").write_text('preset = "all"')
        files = {"packlint.toml": "", "policies/a.policy.hcl": policy("in-a")}
        assert names(in_force(files, file=other / "x.toml")) == ["of-other"]

    @pytest.mark.parametrize("settings", [{}, {"packlint.toml": ""}])
    def test_a_folder_without_policy_files_is_nothing(
        self, settings: dict[str, str], in_force: InForce
    ) -> None:
        files = {**settings, "policies/main.rego": "package main", "policies/deep/hcl.hcl": "a = 1"}
        assert names(in_force(files)) == []

    def test_a_file_of_that_name_is_nothing(self, in_force: InForce) -> None:
        assert names(in_force({"policies": "ours"})) == []


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
class TestLinks:
    @pytest.fixture
    def outside(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("outside")
        (folder / "o.policy.hcl").write_text(policy("of-others"))
        return folder

    @pytest.mark.parametrize("settings", [{}, {"packlint.toml": ""}])
    def test_a_folder_elsewhere_is_refused(
        self, settings: dict[str, str], in_force: InForce, repository: Path, outside: Path
    ) -> None:
        (repository / "policies").symlink_to(outside)
        told = refused(in_force, settings)
        assert str(told) == "the policies `policies` cannot be read: it lies outside the checked root"

    def test_a_folder_below_that_leads_elsewhere_is_refused(
        self, in_force: InForce, repository: Path, outside: Path
    ) -> None:
        (repository / "policies").mkdir()
        (repository / "policies/more").symlink_to(outside)
        told = refused(in_force, {})
        assert str(told) == "the policies `policies/more` cannot be read: it lies outside the checked root"

    def test_a_file_elsewhere_is_refused(self, in_force: InForce, repository: Path, outside: Path) -> None:
        (repository / "policies").mkdir()
        (repository / "policies/o.policy.hcl").symlink_to(outside / "o.policy.hcl")
        told = refused(in_force, {"policies/a.policy.hcl": policy("in-a")})
        assert "`policies/o.policy.hcl` cannot be read: it lies outside" in str(told)

    def test_one_that_stays_is_followed_and_circles_end(self, in_force: InForce, repository: Path) -> None:
        files = {"policies/a.policy.hcl": policy("in-a"), "shared/b.policy.hcl": policy("in-b")}
        (repository / "policies").mkdir()
        (repository / "policies/shared").symlink_to(repository / "shared")
        (repository / "policies/self").symlink_to(repository / "policies")
        assert names(in_force(files)) == ["in-a", "in-b"]

    def test_one_that_leads_elsewhere_and_is_no_policy_is_none_of_our_business(
        self, in_force: InForce, repository: Path, outside: Path
    ) -> None:
        (outside / "notes.md").write_text("")
        (repository / "policies").mkdir()
        (repository / "policies/notes.md").symlink_to(outside / "notes.md")
        assert names(in_force({"policies/a.policy.hcl": policy("in-a")})) == ["in-a"]


class TestUnreadable:
    def test_too_many_entries(self, in_force: InForce, repository: Path) -> None:
        (repository / "policies").mkdir()
        for number in range(10_001):
            (repository / f"policies/{number}").touch()
        told = refused(in_force, {})
        assert str(told) == "the policies `policies` cannot be read: it has too many entries"

    def test_folders_without_end(self, in_force: InForce) -> None:
        deep = f"policies/{'d/' * 20}a.policy.hcl"
        assert names(in_force({deep: policy("in-a")})) == ["in-a"]
        told = refused(in_force, {f"policies/{'e/' * 300}b.policy.hcl": policy("in-b")})
        assert str(told).endswith("/e/e` cannot be read: it lies more than 20 folders deep")
        assert len(str(told)) < 150

    def test_too_large(self, in_force: InForce) -> None:
        told = refused(in_force, {"policies/a.policy.hcl": "#" * 2_000_000})
        assert "`policies/a.policy.hcl` cannot be read: it is larger than 1 MiB" in str(told)

    def test_not_utf8(self, in_force: InForce, repository: Path) -> None:
        (repository / "policies").mkdir()
        (repository / "policies/a.policy.hcl").write_bytes(b"\xff\xfe")
        assert "are not UTF-8" in str(refused(in_force, {}))

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
    def test_a_folder_that_may_not_be_read(self, in_force: InForce, repository: Path) -> None:
        folder = repository / "policies/closed"
        folder.mkdir(parents=True)
        folder.chmod(0)
        try:
            assert "`policies/closed` cannot be read: permission denied" in str(refused(in_force, {}))
        finally:
            folder.chmod(0o700)

    def test_a_folder_that_fails(self, in_force: InForce, monkeypatch: pytest.MonkeyPatch) -> None:
        scandir = os.scandir

        def denied(path: Any) -> Any:
            if str(path).endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", denied)
        told = refused(in_force, {"policies/closed/a.policy.hcl": policy("in-a")})
        assert str(told) == "the policies `policies/closed` cannot be read: permission denied"


class TestNames:
    def test_two_of_one_name(self, in_force: InForce) -> None:
        told = refused(
            in_force,
            {"policies/a.policy.hcl": policy("same"), "policies/b.policy.hcl": "\n" + policy("same")},
        )
        assert isinstance(told, PolicyError)
        assert "two policies `same`" in str(told)
        assert "policies/a.policy.hcl:2" in str(told.hint)
        assert told.range is not None
        assert (told.range.document.path, told.range.first.line) == ("policies/b.policy.hcl", 3)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("unused-variable", "`unused-variable` is the name of a rule already"),
            ("security", "`security` is the name of a category of rules already"),
            ("policy", "`policy` is the name of a category of rules already"),
        ],
    )
    def test_taken_ones(self, name: str, message: str, in_force: InForce) -> None:
        assert str(refused(in_force, {"policies/a.policy.hcl": policy(name)})) == message

    def test_the_same_file_with_other_values(self, in_force: InForce) -> None:
        files = {
            "packlint.toml": '[policies.params.a]\nnames = ["root"]',
            "policies/a.policy.hcl": PARAM + policy("in-a"),
            "images/packlint.toml": '[policies]\npaths = ["../policies"]\nparams.a.names = ["images"]',
        }
        assert param(in_force(files), "names", "in-a") == ["root"]
        assert param(in_force({}, at="images"), "names", "in-a") == ["images"]

    def test_each_settings_file_calls_a_file_by_its_own_name(
        self, in_force: InForce, repository: Path
    ) -> None:
        files = {
            "shared/aws/a.policy.hcl": PARAM + policy("mine"),
            "images/packlint.toml": """
                [policies]
                paths = ["../shared"]
                [policies.params."aws/a"]
                names = ["x"]
            """,
            "images/web/packlint.toml": """
                [policies]
                paths = ["../../shared/aws"]
                [policies.params.a]
                names = ["y"]
            """,
        }
        in_force(files)
        for order in (["images", "images/web"], ["images/web", "images"]):
            nearest = Nearest(RULES)
            found = {it: nearest(repository / it, repository) for it in order}
            assert param(found["images"], "names", "mine") == ["x"]
            assert param(found["images/web"], "names", "mine") == ["y"]

    @pytest.mark.parametrize("order", [["images", "images/web"], ["images/web", "images"]])
    def test_schemas_of_other_settings_make_no_difference(
        self, order: list[str], repository: Path, write: Write
    ) -> None:
        write(
            {
                "shared/a.policy.hcl": policy("mine").replace("self.type", "self.zone_of_acme"),
                "images/packlint.toml": '[policies]\npaths = ["../shared"]',
                "images/web/packlint.toml": 'schemas = ["own"]\n[policies]\npaths = ["../../shared"]',
                "images/web/own/builder/acme-vm.json": '{"properties": {"zone_of_acme": {"type": "string"}}}',
            }
        )
        nearest, told = Nearest(RULES), {}
        for it in order:
            try:
                told[it] = names(nearest(repository / it, repository))
            except PolicyError as error:
                told[it] = str(error)
        assert told == {"images": "there is no argument `self.zone_of_acme`", "images/web": ["mine"]}

    def test_a_file_that_is_named_twice_is_there_once(self, in_force: InForce) -> None:
        settings = in_force(
            {
                "shared/aws/a.policy.hcl": policy("mine"),
                "packlint.toml": '[policies]\npaths = ["shared/aws", "shared"]',
            }
        )
        assert names(settings) == ["mine"]

    def test_settings_speak_of_them(self, in_force: InForce) -> None:
        files = {
            "packlint.toml": 'extend-select = ["in-a"]\nignore = ["in-b"]\nselect = ["policy"]\n'
            '[rules]\nin-c = "error"\n[[overrides]]\npaths = ["x"]\nignore = ["in-a"]\n'
            '[[waive]]\nrules = ["in-c"]\npaths = ["y"]\n[waivers]\nforbidden = ["in-b"]',
            "policies/a.policy.hcl": policy("in-a") + policy("in-b") + policy("in-c"),
        }
        found = in_force(files)
        assert [name for name in names(found) if found.selects(found.policy(name))] == ["in-a", "in-c"]
        assert found.severity(found.policy("in-c")).value == "error"

    @pytest.mark.parametrize(
        "text",
        [
            'ignore = ["in-aa"]',
            'select = ["in-aa"]',
            '[waivers]\nforbidden = ["in-aa"]',
            '[[waive]]\nrules = ["in-aa"]\npaths = ["x"]',
            '[[overrides]]\npaths = ["x"]\nignore = ["in-aa"]',
            '[rules]\nin-aa = "off"',
        ],
    )
    def test_a_mistyped_one(self, text: str, in_force: InForce) -> None:
        told = refused(in_force, {"packlint.toml": text, "policies/a.policy.hcl": policy("in-a")})
        assert told.hint == "did you mean `in-a`?"

    @pytest.mark.parametrize("preset", ["default", "strict", "security", "all"])
    def test_every_preset_has_them(self, preset: str, in_force: InForce) -> None:
        files = {"packlint.toml": f'preset = "{preset}"', "policies/a.policy.hcl": policy("in-a")}
        found = in_force(files)
        assert found.selects(found.policy("in-a"))

    def test_who_selects_others_does_not(self, in_force: InForce) -> None:
        files = {"packlint.toml": 'select = ["security"]', "policies/a.policy.hcl": policy("in-a")}
        found = in_force(files)
        assert not found.selects(found.policy("in-a"))


class TestExtend:
    BASE: ClassVar = {
        "packlint.toml": "[policies.params.a]\nnames = ['base']\nmore = 1",
        "policies/a.policy.hcl": PARAM + 'param "more" {\n  default = 0\n}\n' + policy("in-a"),
    }

    def test_what_is_extended_brings_its_own(self, in_force: InForce) -> None:
        files = {
            **self.BASE,
            "images/packlint.toml": 'extend = "../packlint.toml"\nignore = ["in-a"]',
            "images/policies/b.policy.hcl": policy("in-b"),
        }
        found = in_force(files, at="images")
        assert names(found) == ["in-a", "in-b"]
        assert (param(found, "names", "in-a"), param(found, "more", "in-a")) == (["base"], 1)

    def test_values_may_be_changed_one_by_one(self, in_force: InForce) -> None:
        own = 'extend = "../packlint.toml"\npolicies.params.a.names = ["own"]'
        found = in_force({**self.BASE, "images/packlint.toml": own}, at="images")
        assert (param(found, "names", "in-a"), param(found, "more", "in-a")) == (["own"], 1)
        assert param(in_force({}), "names", "in-a") == ["base"]

    def test_a_value_that_only_who_extends_gives(self, in_force: InForce) -> None:
        files = {
            "packlint.toml": "",
            "policies/a.policy.hcl": PARAM + policy("in-a"),
            "images/packlint.toml": 'extend = "../packlint.toml"\n[policies.params.a]\nnames = ["own"]',
        }
        assert param(in_force(files, at="images"), "names", "in-a") == ["own"]
        assert "`names` of the policies `a` has no value" in str(refused(in_force, {}))

    def test_a_name_that_the_extended_file_has(self, in_force: InForce) -> None:
        files = {
            **self.BASE,
            "images/packlint.toml": 'extend = "../packlint.toml"',
            "images/policies/a.policy.hcl": policy("in-a"),
        }
        told = refused(in_force, files, at="images")
        assert "two policies `in-a`" in str(told)


class TestParams:
    def given(self, in_force: InForce, type_: str, toml: str) -> Any:
        text = f'param "it" {{\n  type = {type_}\n}}\n' + policy("in-a")
        settings = f"[policies.params.a]\nit = {toml}"
        found = in_force({"packlint.toml": settings, "policies/a.policy.hcl": text})
        return param(found, "it", "in-a")

    @pytest.mark.parametrize(
        ("type_", "toml", "value"),
        [
            ("string", '"x"', "x"),
            ("number", "3", 3),
            ("string", "3", "3"),
            ("bool", "true", True),
            ("list(string)", '["a", "b"]', ["a", "b"]),
            ("set(string)", '["a", "a"]', ["a"]),
            ("list(number)", "[]", []),
            ("map(string)", '{ a = "x", "b c" = "y" }', {"a": "x", "b c": "y"}),
            ("object({ a = string, b = list(number) })", '{ a = "x", b = [1] }', {"a": "x", "b": [1]}),
            ("any", '[1, "a", { b = true }]', [1, "a", {"b": True}]),
            ("string", "2027-06-30", "2027-06-30"),
            ("string", "2027-06-30T10:00:00Z", "2027-06-30T10:00:00+00:00"),
        ],
    )
    def test_what_toml_has_becomes_what_hcl_has(
        self, type_: str, toml: str, value: Any, in_force: InForce
    ) -> None:
        assert self.given(in_force, type_, toml) == value

    def test_a_fraction_keeps_its_digits(self, in_force: InForce) -> None:
        assert str(self.given(in_force, "number", "0.1")) == "0.1"

    @pytest.mark.parametrize(
        ("type_", "toml", "message"),
        [
            ("number", '"hunter2"', "`it` has to be number: a number is required"),
            ("list(string)", '"x"', "`it` has to be list(string): "),
            ("list(number)", '[1, "x"]', "`it` has to be list(number): "),
            ("object({ a = string })", "{ b = 1 }", "`it` has to be object({a=string}): "),
            ("number", "nan", "`it` has a number in it that is none: `nan`"),
            ("any", "[-inf]", "`it` has a number in it that is none: `-inf`"),
        ],
    )
    def test_a_wrong_type_is_told_at_its_place(
        self, type_: str, toml: str, message: str, in_force: InForce
    ) -> None:
        with pytest.raises(SettingsError) as told:
            self.given(in_force, type_, toml)
        assert str(told.value).startswith(message)
        assert "hunter2" not in str(told.value)
        assert told.value.range is not None
        assert (told.value.range.first.line, told.value.range.text) == (2, "it")

    @pytest.mark.parametrize(
        ("toml", "message", "hint"),
        [
            ("[policies.params.zzzzzz]\nx = 1", "there is no policy file `zzzzzz`", "there are a"),
            ("[policies.params.a]\nname = 1", "there is no parameter `name`", "did you mean `names`?"),
            ("[policies]\nparams = 1", "`policies.params` has to be a table", None),
            ("[policies]\nparam = 1", "there is no setting `param` in `policies`", None),
            ("policies = 1", "`policies` has to be a table", None),
            ("[policies]\npaths = ['nowhere']", "there are no policies at `nowhere`", None),
            ("[policies]\npaths = ['..']", "`..` lies outside the checked root", None),
        ],
    )
    def test_what_there_is_not(self, toml: str, message: str, hint: str | None, in_force: InForce) -> None:
        told = refused(in_force, {"packlint.toml": toml, "policies/a.policy.hcl": PARAM + policy("in-a")})
        assert isinstance(told, SettingsError)
        assert str(told) == message
        assert hint is None or told.hint == hint

    @pytest.mark.parametrize(
        ("settings", "line", "hint"),
        [
            ('preset = "all"\n', 1, 'add `[policies.params.aws/a]`, and below it `names = ["…"]`'),
            ('preset = "all"\n[policies]\n', 2, "add `[policies.params.aws/a]`, and below it"),
            (
                "[policies.params.'aws/a']\nmore = 1\n",
                1,
                'add `names = ["…"]` below `[policies.params."aws/a"]`',
            ),
        ],
    )
    def test_one_that_has_to_be_given(self, settings: str, line: int, hint: str, in_force: InForce) -> None:
        text = PARAM + 'param "more" {\n  default = 0\n}\n' + policy("in-a")
        told = refused(in_force, {"packlint.toml": settings, "policies/aws/a.policy.hcl": text})
        assert isinstance(told, SettingsError)
        assert str(told) == "`names` of the policies `aws/a` has no value"
        assert told.hint is not None
        assert told.hint.startswith(hint.replace("params.aws/a", 'params."aws/a"'))
        assert told.range is not None
        assert told.range.first.line == line
        added = [it for number, it in enumerate(told.hint.split("`")) if number % 2]
        new = "\n".join(added) if added[0].startswith("[") else added[0]
        found = in_force({"packlint.toml": f"{settings}{new}\n"})
        assert param(found, "names", "in-a") == ["…"]

    def test_without_settings_it_is_told_at_the_parameter(self, in_force: InForce) -> None:
        told = refused(in_force, {"policies/a.policy.hcl": PARAM + policy("in-a")})
        assert isinstance(told, PolicyError)
        assert "`packlint.toml` with `[policies.params.a]`, and below it `names" in str(told.hint)


class TestPacks:
    @pytest.fixture
    def packs(self, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], dict[str, tuple[Path, str]]]:
        folder = tmp_path_factory.mktemp("package")
        (folder / "tags.policy.hcl").write_text(PARAM + policy("tagged"))
        (folder / "broken.policy.hcl").write_text("policy {")
        files = {name: (folder / f"{name}.policy.hcl", "acme.policies") for name in ("tags", "broken")}
        return lambda: files

    def test_one_that_is_named_is_in_force(self, in_force: InForce, packs: Any) -> None:
        settings = '[policies]\npacks = ["tags", "tags"]\nparams.tags.names = ["x"]'
        found = in_force({"packlint.toml": settings}, packs=packs)
        assert (names(found), param(found, "names", "tagged")) == (["tagged"], ["x"])

    def test_without_a_value_it_points_at_the_settings(self, in_force: InForce, packs: Any) -> None:
        told = refused(in_force, {"packlint.toml": '[policies]\npacks = ["tags"]'}, packs=packs)
        assert isinstance(told, SettingsError)
        assert told.range is not None
        assert told.range.text == '"tags"'
        assert "[policies.params.tags]" in str(told.hint)

    def test_one_that_there_is_not(self, in_force: InForce, packs: Any) -> None:
        told = refused(in_force, {"packlint.toml": '[policies]\npacks = ["tag"]'}, packs=packs)
        assert (str(told), told.hint) == ("there is no pack `tag`", "did you mean `tags`?")
        told = refused(in_force, {"packlint.toml": '[policies]\npacks = ["zzzzzz"]'}, packs=packs)
        assert told.hint == "there are broken, tags"

    def test_values_for_one_that_is_not_in_force(self, in_force: InForce, packs: Any) -> None:
        told = refused(in_force, {"packlint.toml": "[policies]\nparams.tags.names = ['x']"}, packs=packs)
        assert str(told) == "the pack `tags` is not among the `packs` in force"
        assert told.hint == 'add it to them: `packs = ["tags"]` in `[policies]`'

    def test_a_broken_one_names_its_plugin(self, in_force: InForce, packs: Any) -> None:
        told = refused(in_force, {"packlint.toml": '[policies]\npacks = ["broken"]'}, packs=packs)
        assert "plugin `acme.policies` brings the pack `broken`, which cannot be used: " in str(told)

    def test_packages_are_asked_once(self, in_force: InForce, packs: Any) -> None:
        asked = []
        text = '[policies]\npacks = ["tags", "tags"]\nparams.tags.names = ["x"]'
        files = {"packlint.toml": f'extend = "base.toml"\n{text}', "base.toml": text}
        assert names(in_force(files, packs=lambda: asked.append(1) or packs())) == ["tagged"]
        assert asked == [1]

    def test_nobody_looks_for_them_unasked(self, in_force: InForce) -> None:
        def fails() -> Any:
            raise AssertionError

        files = {"packlint.toml": "[policies]\npacks = []", "policies/a.policy.hcl": policy("in-a")}
        assert names(in_force(files, packs=fails)) == ["in-a"]


class TestShown:
    def test_policies_and_values_with_their_places(self, in_force: InForce, repository: Path) -> None:
        files = {
            "packlint.toml": '[policies.params.a]\nnames = ["x"]\n[rules]\nin-b = "off"',
            "policies/a.policy.hcl": 'param "more" {\n  default = { k = 1 }\n}\n'
            + PARAM
            + policy("in-a")
            + policy("in-b"),
        }
        text = show(in_force(files), repository, repository / "x")
        assert [" ".join(line.split()) for line in text.splitlines()[2:]] == [
            "policies.params.a.more = { k = 1 } # policies/a.policy.hcl:1",
            'policies.params.a.names = ["x"] # packlint.toml:2',
            'rules.in-a = "warning" # policies/a.policy.hcl:8',
            'rules.in-b = "off" # packlint.toml:4',
        ]


class TestSchema:
    """Editors judge settings by the published schema, which cannot know the names of policies."""

    SETTINGS: ClassVar[dict[str, Any]] = {
        "select": ["in-a", "security", "unused-variable"],
        "rules": {"in-a": "error", "in-b": {"severity": "off"}, "unused-variable": "note"},
        "overrides": [{"paths": ["x"], "ignore": ["in-a"], "rules": {"in-a": "off"}}],
        "waive": [{"rules": ["in-a"], "paths": ["x"]}],
        "waivers": {"forbidden": ["in-a"]},
        "policies": {"paths": ["x"], "packs": ["tags"], "params": {"a": {"b": [1]}}},
    }

    def test_names_of_policies_are_admitted(self) -> None:
        schema = published(load_rules())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(self.SETTINGS, schema)

    @pytest.mark.parametrize(
        "settings",
        [
            {"select": ["In A"]},
            {"rules": {"in-a": "fatal"}},
            {"rules": {"in-a": {"level": "error"}}},
            {"rules": {"unused-variable": {"minutes": 1}}},
            {"rules": {"In_A": "off"}},
        ],
    )
    def test_what_can_be_none_is_flagged(self, settings: dict[str, Any]) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(settings, published(load_rules()))

    def test_the_program_knows_better(self) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"select": ["in-a"]}, settings_schema(load_rules()))

    def test_the_names_of_rules_are_offered(self) -> None:
        names = published(load_rules())["$defs"]["names"]["items"]["anyOf"][0]["enum"]
        assert {"unused-variable", "policy", "security"} <= {*names}


SEEN = """
import json, sys
from packlint.cli import cli
try:
    cli.main(["check"])
except SystemExit:
    pass
print(json.dumps(sorted(it for it in sys.modules if it.startswith("packlint.policy"))))
"""


@pytest.mark.parametrize("settings", [None, 'preset = "all"'])
def test_a_run_without_policies_loads_nothing_of_them(
    settings: str | None, repository: Path, write: Write
) -> None:
    write({"a.pkr.hcl": 'source "null" "a" { communicator = "none" }\n'})
    if settings is not None:
        write({"packlint.toml": settings})
    ran = subprocess.run(
        [sys.executable, "-c", SEEN], cwd=repository, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout.splitlines()[-1]) == []
