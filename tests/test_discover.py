"""Paths → templates: what is found, what is left out, and which findings are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.discover import Discovery, discover
from packlint.document import Document, Range
from packlint.errors import UsageError
from packlint.files import Unsaved
from packlint.settings import Settings, everywhere

CHOOSE = everywhere(Settings())
Plant = Callable[..., Path]

links = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Writes files below a root that holds `.git`, and gives the root."""

    def write(files: dict[str, str] | list[str]) -> Path:
        (tmp_path / "repo/.git").mkdir(parents=True, exist_ok=True)
        for name, text in files.items() if isinstance(files, dict) else ((name, "") for name in files):
            path = tmp_path / "repo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return (tmp_path / "repo").resolve()

    return write


def paths(found: Discovery) -> list[str]:
    return [template.path for template in found.templates]


def at(path: str, *related: str) -> Diagnostic:
    places = tuple(Related(Range(Document(other, ""), 0, 0), "there") for other in related)
    return Diagnostic("a-rule", Severity.ERROR, "wrong", Range(Document(path, ""), 0, 0), places)


def test_a_directory_is_searched_for_directories_with_templates(plant: Plant) -> None:
    root = plant(
        ["b/x.pkr.hcl", "a/deep/er/x.pkr.hcl", "c/readme.md", "d/only.auto.pkrvars.hcl", "x.pkr.hcl"]
    )
    assert paths(discover([root], CHOOSE)) == [".", "a/deep/er", "b", "d/only.auto.pkrvars.hcl"]


def test_a_template_lists_what_packer_loads_in_packers_order(plant: Plant) -> None:
    templates = ["b.pkr.hcl", "Z.pkr.hcl", ".a.pkr.hcl", "é.pkr.hcl", "j.pkr.json", "A.pkr.json"]
    variables = ["x.auto.pkrvars.hcl", "v.auto.pkrvars.json", "a.auto.pkrvars.json"]
    others = ["t.pkrtpl.hcl", "readme.md", "a.pkr.hcl.bak", "legacy.json"]
    root = plant([f"t/{name}" for name in (*templates, *variables, *others)])
    (template,) = discover([root], CHOOSE).templates
    assert template.documents == (
        *("t/.a.pkr.hcl", "t/Z.pkr.hcl", "t/b.pkr.hcl", "t/é.pkr.hcl"),
        *("t/A.pkr.json", "t/j.pkr.json"),
    )
    assert template.var_files == ("t/x.auto.pkrvars.hcl", "t/a.auto.pkrvars.json", "t/v.auto.pkrvars.json")
    assert template.unread == ()


def test_json_alone_is_a_template(plant: Plant) -> None:
    assert paths(discover([plant(["t/a.pkr.json", "u/readme.md"])], CHOOSE)) == ["t"]


LEGACY = '{"builders": [{"type": "null"}]}'


class TestLegacy:
    """Legacy templates, each of which is a file."""

    def test_they_are_told_by_what_they_say(self, plant: Plant) -> None:
        root = plant({"t/a.json": LEGACY, "t/b.json": LEGACY, "t/package.json": "{}", "t/c.txt": LEGACY})
        first, second = discover([root], CHOOSE).templates
        assert (first.path, first.documents, first.var_files) == ("t/a.json", ("t/a.json",), ())
        assert (second.path, second.directory) == ("t/b.json", "t")

    def test_a_directory_may_hold_both_kinds(self, plant: Plant) -> None:
        root = plant({"t/a.json": LEGACY, "t/a.pkr.hcl": "", "t/b.pkr.json": LEGACY})
        one, other = discover([root], CHOOSE).templates
        assert (one.path, one.documents) == ("t", ("t/a.pkr.hcl", "t/b.pkr.json"))
        assert other.documents == ("t/a.json",)

    def test_a_named_one_is_one_whatever_it_holds(self, plant: Plant) -> None:
        root = plant({"t/a.json": "{}", "t/b.json": LEGACY, "t/c.pkr.hcl": ""})
        found = discover([root / "t/a.json"], CHOOSE)
        assert paths(found) == ["t/a.json"]
        assert found.shows(at("t/a.json"))
        assert not found.shows(at("t/b.json"))

    def test_force_exclude_asks_for_the_content_even_then(self, plant: Plant) -> None:
        root = plant({"a.json": "{}", "b.json": LEGACY, "vendor/c.json": LEGACY})
        named = [root / "a.json", root / "b.json", root / "vendor/c.json"]
        assert paths(discover(named, everywhere(Settings(force_exclude=True)))) == ["b.json"]
        assert paths(discover(named, CHOOSE)) == ["a.json", "b.json", "vendor/c.json"]

    def test_ignored_ones_are_not_looked_at_unless_named(self, plant: Plant) -> None:
        root = plant({".gitignore": "gen.json\n", "gen.json": LEGACY, "a.json": LEGACY})
        assert paths(discover([root], CHOOSE)) == ["a.json"]
        assert paths(discover([root, root / "gen.json"], CHOOSE)) == ["a.json", "gen.json"]

    def test_one_that_is_reached_twice_is_one(self, plant: Plant) -> None:
        root = plant({"t/a.json": LEGACY})
        assert paths(discover([root, root / "t", root / "t/a.json"], CHOOSE)) == ["t/a.json"]

    @links
    def test_what_cannot_be_read_is_passed_over_unless_named(self, plant: Plant) -> None:
        root = plant({"t/a.json": LEGACY})
        os.mkfifo(root / "t/pipe.json")
        (root / "t/gone.json").symlink_to("nowhere")
        (root.parent / "secret.json").write_text(LEGACY)
        (root / "t/out.json").symlink_to(root.parent / "secret.json")
        (root / "t/folder.json").mkdir()
        assert paths(discover([root], CHOOSE)) == ["t/a.json"]
        (template,) = discover([root / "t/out.json"], CHOOSE).templates
        assert (template.documents, template.unread, template.directory) == ((), ("t/out.json",), "t")
        assert paths(discover([root / "t/pipe.json"], CHOOSE)) == ["t/pipe.json"]

    @links
    def test_two_names_of_one_file_are_one_template(self, plant: Plant) -> None:
        root = plant({"t/a.json": LEGACY, "u/readme.md": ""})
        (root / "t/b.json").symlink_to("a.json")
        (root / "u/c.json").symlink_to("../t/a.json")
        assert paths(discover([root], CHOOSE)) == ["t/a.json"]
        assert discover([root / "u"], CHOOSE).shows(at("t/a.json"))


class TestUnsaved:
    """A text in a file's place, as an editor holds it."""

    def test_it_stands_in_the_file_of_its_template(self, plant: Plant) -> None:
        root = plant({"t/a.pkr.hcl": "old", "t/b.pkr.hcl": "b"})
        found = discover([Unsaved(b"new", root / "t/a.pkr.hcl")], CHOOSE)
        (template,) = found.templates
        assert template.documents == ("t/a.pkr.hcl", "t/b.pkr.hcl")
        assert [template.files.read(name) for name in template.documents] == [b"new", b"b"]
        assert [found.shows(at(path)) for path in template.documents] == [True, False]

    @pytest.mark.parametrize("name", ["aa.pkr.hcl", "c.pkr.json", "v.auto.pkrvars.hcl"])
    def test_the_file_need_not_exist(self, plant: Plant, name: str) -> None:
        root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl", "t/d.pkr.json", "t/w.auto.pkrvars.hcl"])
        (template,) = discover([Unsaved(b"", root / "t" / name)], CHOOSE).templates
        (root / "t" / name).touch()
        (same,) = discover([root], CHOOSE).templates
        assert (template.documents, template.var_files) == (same.documents, same.var_files)

    def test_a_legacy_template_is_by_itself(self, plant: Plant) -> None:
        root = plant(["t/a.pkr.hcl"])
        found = discover([Unsaved(b"{}", root / "t/x.json")], CHOOSE)
        assert [(it.path, it.documents) for it in found.templates] == [("t/x.json", ("t/x.json",))]
        assert found.templates[0].files.exists("t/x.json")

    def test_a_text_of_no_file_is_by_itself(self, plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
        root = plant(["t/a.pkr.hcl"])
        monkeypatch.chdir(root / "t")
        for text, name in (
            (b"", "t/<stdin>.pkr.hcl"),
            (b'\xef\xbb\xbf \n{"builders"', "t/<stdin>.json"),
            (b'{"source": {}}', "t/<stdin>.pkr.json"),
        ):
            found = discover([Unsaved(text)], CHOOSE)
            assert [(it.path, it.documents) for it in found.templates] == [(name, (name,))]
            assert found.templates[0].directory == "t"
            assert found.shows(at(name))

    @links
    def test_it_stands_behind_links_to_the_file_too(self, plant: Plant) -> None:
        root = plant(["shared/common.pkr.hcl", "a/x.pkr.hcl"])
        (root / "a/vars.pkr.hcl").symlink_to("../shared/common.pkr.hcl")
        found = discover([Unsaved(b"new", root / "a/vars.pkr.hcl")], CHOOSE)
        assert found.templates[0].files.read("shared/common.pkr.hcl") == b"new"
        assert found.shows(at("shared/common.pkr.hcl"))

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("no/such/a.pkr.hcl", "there is no directory `.*no/such`"),
            ("main.tf", "is not a template"),
            ("t", "is a directory"),
            ("../a.pkr.hcl", "lies outside the root"),
            ("n" * 300 + ".pkr.hcl", "cannot be read: "),
        ],
    )
    def test_a_file_that_cannot_be_is_refused(self, plant: Plant, name: str, message: str) -> None:
        root = plant(["t/a.pkr.hcl"])
        with pytest.raises(UsageError, match=message):
            discover([Unsaved(b"", root / name)], CHOOSE, root)


def test_a_directory_that_is_named_like_a_template_is_none(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl/readme.md", "t/b.pkr.hcl"])
    assert discover([root], CHOOSE).templates[0].documents == ("t/b.pkr.hcl",)


def test_a_folder_without_templates_has_none(plant: Plant) -> None:
    root = plant(["readme.md"])
    empty = Discovery((), folders=frozenset({"."}), base=root, roots=frozenset({root}))
    assert discover([root], CHOOSE) == empty


@links
def test_a_link_in_a_repository_does_not_lead_out_of_it(plant: Plant, tmp_path: Path) -> None:
    root = plant(["t/a.pkr.hcl"])
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/b.pkr.hcl").touch()
    (root / "out").symlink_to(tmp_path / "elsewhere")
    (root / "within").symlink_to(root / "t")
    (tmp_path / "to").symlink_to(root)
    for path in (
        root / "out",
        root / "out/b.pkr.hcl",
        tmp_path / "to/out",
        Unsaved(b"", root / "out/c.pkr.hcl"),
    ):
        with pytest.raises(UsageError, match="out of the repository"):
            discover([path], CHOOSE)
    assert paths(discover([root / "within"], CHOOSE)) == ["t"]
    assert paths(discover([tmp_path / "to"], CHOOSE)) == ["t"]
    assert paths(discover([root / "out"], CHOOSE, tmp_path)) == ["elsewhere"]


@pytest.mark.parametrize("folder", [".hidden", "node_modules", "vendor", "packer_cache"])
def test_hidden_and_vendored_folders_are_skipped_unless_named(plant: Plant, folder: str) -> None:
    root = plant([f"a/{folder}/x/a.pkr.hcl", "b/b.pkr.hcl"])
    assert paths(discover([root], CHOOSE)) == ["b"]
    assert paths(discover([root / "a" / folder], CHOOSE)) == [f"a/{folder}/x"]
    assert paths(discover([root / "a" / folder / "x/a.pkr.hcl"], CHOOSE)) == [f"a/{folder}/x"]


def test_force_exclude_holds_for_named_paths_too(plant: Plant) -> None:
    root = plant(["vendor/x/a.pkr.hcl", "b/b.pkr.hcl"])
    named = [root / "vendor/x/a.pkr.hcl", root / "vendor/x", root / "b/b.pkr.hcl"]
    assert paths(discover(named, everywhere(Settings(force_exclude=True)))) == ["b"]


@pytest.mark.parametrize(
    ("ignores", "found"),
    [
        ({".gitignore": "skipped/\n"}, ["kept", "kept/skippe"]),
        ({".gitignore": "/kept\n"}, ["skipped"]),
        ({".gitignore": "*\n!/kept\n!/kept/**\n"}, ["kept", "kept/skippe"]),
        ({".gitignore": "skipp*\n", "kept/.gitignore": "!skippe\n"}, ["kept", "kept/skippe"]),
        ({".git/info/exclude": "kept\n"}, ["skipped"]),
        ({".git/info/exclude": "kept\n", ".gitignore": "!kept\n"}, ["kept", "kept/skippe", "skipped"]),
        ({".gitignore": "[z-a]\n!\n\\\nskipped\n"}, ["kept", "kept/skippe"]),
        ({".gitignore": "\ufeffskipped\n"}, ["kept", "kept/skippe"]),
    ],
)
def test_gitignore_decides_which_directories_are_searched(
    plant: Plant, ignores: dict[str, str], found: list[str]
) -> None:
    root = plant({"skipped/a.pkr.hcl": "", "kept/b.pkr.hcl": "", "kept/skippe/c.pkr.hcl": "", **ignores})
    assert paths(discover([root], CHOOSE)) == found


def test_patterns_above_a_named_directory_hold_within_it(plant: Plant) -> None:
    root = plant({".gitignore": "out\n", "a/out/x.pkr.hcl": "", "a/b/x.pkr.hcl": ""})
    assert paths(discover([root / "a"], CHOOSE)) == ["a/b"]


def test_a_named_path_bypasses_the_pattern_that_ignores_it(plant: Plant) -> None:
    root = plant({".gitignore": "out/\n*.tmp\n", "out/x/x.pkr.hcl": "", "out/y.tmp/y.pkr.hcl": ""})
    assert paths(discover([root / "out"], CHOOSE)) == ["out/x", "out/y.tmp"]
    assert paths(discover([root / "out/x/x.pkr.hcl"], CHOOSE)) == ["out/x"]


def test_an_ignored_file_of_a_template_is_read_but_its_findings_are_not_shown(plant: Plant) -> None:
    root = plant({".gitignore": "local.*\n", "t/local.pkr.hcl": "", "t/a.pkr.hcl": ""})
    found = discover([root], CHOOSE)
    assert found.templates[0].documents == ("t/a.pkr.hcl", "t/local.pkr.hcl")
    assert [found.shows(at(path)) for path in ("t/a.pkr.hcl", "t/local.pkr.hcl")] == [True, False]
    named = discover([root, root / "t/local.pkr.hcl"], CHOOSE)
    assert named.shows(at("t/local.pkr.hcl"))


def test_a_directory_with_nothing_but_ignored_files_holds_no_template(plant: Plant) -> None:
    root = plant({".gitignore": "*.pkr.hcl\n", "t/a.pkr.hcl": "", "t/a.auto.pkrvars.hcl": ""})
    assert paths(discover([root], CHOOSE)) == ["t/a.auto.pkrvars.hcl"]


@links
def test_a_gitignore_that_is_no_file_is_not_read(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl"])
    os.mkfifo(root / ".gitignore")
    assert paths(discover([root], CHOOSE)) == ["t"]


def test_a_directory_shows_every_finding_of_its_templates(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "u/b.pkr.hcl"])
    found = discover([root / "t"], CHOOSE)
    assert found.shows(at("t/a.pkr.hcl"))
    assert found.shows(at("t/scripts/setup.sh"))


def test_a_file_shows_what_lies_in_it_or_is_related_to_it(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl"])
    found = discover([root / "t/a.pkr.hcl"], CHOOSE)
    (template,) = found.templates
    assert template.documents == ("t/a.pkr.hcl", "t/b.pkr.hcl")
    assert found.shows(at("t/a.pkr.hcl"))
    assert found.shows(at("t/b.pkr.hcl", "t/a.pkr.hcl"))
    assert not found.shows(at("t/b.pkr.hcl"))
    assert not found.shows(at("t/b.pkr.hcl", "u/c.pkr.hcl"))


@pytest.mark.parametrize("suffix", ["hcl", "json"])
def test_a_variable_file_is_read_by_itself_where_packer_loads_it_only_by_name(
    plant: Plant, suffix: str
) -> None:
    prod, lone, auto = (f"t/prod.pkrvars.{suffix}", f"vars/x.pkrvars.{suffix}", f"t/a.auto.pkrvars.{suffix}")
    root = plant(["t/a.pkr.hcl", prod, lone, auto])
    found = discover([root], CHOOSE)
    assert [(it.path, it.documents, it.var_files) for it in found.templates] == [
        ("t", ("t/a.pkr.hcl",), (auto,)),
        (prod, (), (prod,)),
        (lone, (), (lone,)),
    ]
    assert found.templates[1].directory == "t"
    assert paths(discover([root / prod], CHOOSE)) == ["t", prod]
    assert paths(discover([root / auto], CHOOSE)) == ["t"]
    assert not discover([root / prod], CHOOSE).shows(at("t/a.pkr.hcl"))


def test_a_file_and_a_directory_are_shown_together(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl"])
    found = discover([root / "t/a.pkr.hcl", root / "u"], CHOOSE)
    shown = {path: found.shows(at(path)) for path in ("t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl", "u/x.sh")}
    assert shown == {"t/a.pkr.hcl": True, "t/b.pkr.hcl": False, "u/c.pkr.hcl": True, "u/x.sh": True}


def test_a_template_that_several_paths_reach_is_found_once(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl"])
    every = [root, root / "t", root / "t/a.pkr.hcl", root / "t/../t"]
    assert paths(discover(every, CHOOSE)) == ["t"]
    assert discover(every, CHOOSE).shows(at("t/b.pkr.hcl"))


def test_neither_the_working_directory_nor_the_order_of_the_paths_matters(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plant(["t/a.pkr.hcl", "u/b.pkr.hcl"])
    expected = [(it.path, it.documents) for it in discover([root / "t", root / "u"], CHOOSE).templates]
    monkeypatch.chdir(root / "u")
    found = discover([Path(), Path("../t")], CHOOSE)
    assert (
        [(it.path, it.documents) for it in found.templates]
        == expected
        == [
            ("t", ("t/a.pkr.hcl",)),
            ("u", ("u/b.pkr.hcl",)),
        ]
    )


class TestRoot:
    def test_without_a_repository_it_is_the_directory_itself(self, tmp_path: Path) -> None:
        (tmp_path / "a/b").mkdir(parents=True)
        (tmp_path / "a/b/x.pkr.hcl").touch()
        (template,) = discover([tmp_path / "a"], CHOOSE).templates
        assert (template.path, template.documents) == ("b", ("b/x.pkr.hcl",))

    @pytest.mark.parametrize(
        ("name", "text", "expected"),
        [
            ("packlint.toml", "", "b"),
            (".packlint.toml", "", "b"),
            ("pyproject.toml", "[tool.packlint]\n", "b"),
            ("pyproject.toml", "[project]\nname = 'x'\n\n[ tool.packlint.rules ]\n", "b"),
            ("pyproject.toml", "[tool.packlinter]\n", "."),
            ("pyproject.toml", "[project]\nname = 'packlint'\n", "."),
            ("pyproject.toml", "[tool.packlint", "."),
        ],
    )
    def test_without_a_repository_it_is_where_the_settings_are(
        self, tmp_path: Path, name: str, text: str, expected: str
    ) -> None:
        (tmp_path / "b").mkdir()
        (tmp_path / "b/x.pkr.hcl").touch()
        (tmp_path / name).write_text(text)
        assert paths(discover([tmp_path / "b"], CHOOSE)) == [expected]

    @pytest.mark.parametrize(
        "text",
        [
            "x = " + "[" * 100_000 + "\n[tool.packlint]\n",
            "packlint." + "a." * 100_000 + "a = 1\n[tool.packlint]\n",
        ],
        ids=["deep", "long"],
    )
    def test_a_hostile_project_file_takes_no_time(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "b").mkdir()
        (tmp_path / "b/x.pkr.hcl").touch()
        (tmp_path / "pyproject.toml").write_text(text)
        assert paths(discover([tmp_path / "b"], CHOOSE)) == ["b"]

    @links
    def test_a_project_file_outside_its_folder_is_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "a/b").mkdir(parents=True)
        (tmp_path / "a/b/x.pkr.hcl").touch()
        (tmp_path / "elsewhere").write_text("[tool.packlint]\n")
        (tmp_path / "a/pyproject.toml").symlink_to("../elsewhere")
        assert paths(discover([tmp_path / "a/b"], CHOOSE)) == ["."]

    def test_the_repository_goes_before_nearer_settings(self, plant: Plant) -> None:
        root = plant(["a/b/x.pkr.hcl", "a/packlint.toml"])
        assert paths(discover([root / "a"], CHOOSE)) == ["a/b"]

    def test_git_may_be_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a/x.pkr.hcl").touch()
        (tmp_path / ".git").write_text("gitdir: elsewhere\n")
        assert paths(discover([tmp_path / "a"], CHOOSE)) == ["a"]

    def test_several_roots_share_a_base_and_none_reads_from_another(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name / ".git").mkdir(parents=True)
            (tmp_path / name / "x.pkr.hcl").touch()
        found = discover([tmp_path / "two", tmp_path / "one"], CHOOSE)
        assert [(it.path, it.documents) for it in found.templates] == [
            ("one", ("one/x.pkr.hcl",)),
            ("two", ("two/x.pkr.hcl",)),
        ]
        assert found.templates[0].files.exists("one/x.pkr.hcl")
        assert not found.templates[0].files.exists("two/x.pkr.hcl")

    def test_it_can_be_given(self, plant: Plant) -> None:
        root = plant(["a/b/x.pkr.hcl"])
        assert paths(discover([root / "a/b"], CHOOSE, root / "a")) == ["b"]

    def test_a_path_outside_the_given_one_is_refused(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])
        with pytest.raises(UsageError, match="lies outside the root"):
            discover([root / "a"], CHOOSE, root / "b")

    def test_it_must_be_a_directory(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        with pytest.raises(UsageError, match="is not a directory"):
            discover([root / "a"], CHOOSE, root / "nowhere")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "there is no file or directory"),
        ("nowhere.pkr.hcl", "there is no file or directory"),
        ("readme.md", "is not a template"),
        ("main.tf", "is not a template"),
        ("template", "is not a template"),
    ],
)
def test_a_path_that_cannot_be_checked_is_refused(plant: Plant, name: str, message: str) -> None:
    root = plant(["readme.md", "main.tf", "template"])
    with pytest.raises(UsageError, match=message):
        discover([root, root / name], CHOOSE)


@links
class TestLinks:
    def test_links_to_directories_are_not_followed_unless_named(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root / "b").symlink_to(root / "a")
        (root / "a/up").symlink_to(root)
        assert paths(discover([root], CHOOSE)) == ["a"]
        assert paths(discover([root / "b"], CHOOSE)) == ["a"]

    def test_a_linked_file_goes_by_the_name_of_the_real_one(self, plant: Plant) -> None:
        root = plant(["shared/common.pkr.hcl", "a/x.pkr.hcl", "b/x.pkr.hcl"])
        for folder in "ab":
            (root / folder / "vars.pkr.hcl").symlink_to("../shared/common.pkr.hcl")
        found = discover([root / "a", root / "b/vars.pkr.hcl"], CHOOSE)
        assert [template.documents for template in found.templates] == [
            ("shared/common.pkr.hcl", "a/x.pkr.hcl"),
            ("shared/common.pkr.hcl", "b/x.pkr.hcl"),
        ]
        assert found.shows(at("shared/common.pkr.hcl"))
        assert not found.shows(at("b/x.pkr.hcl"))

    def test_a_link_that_leaves_the_root_is_not_read(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root.parent / "secret.pkr.hcl").touch()
        (root / "a/y.pkr.hcl").symlink_to(root.parent / "secret.pkr.hcl")
        (template,) = discover([root], CHOOSE).templates
        assert (template.documents, template.unread) == (("a/x.pkr.hcl",), ("a/y.pkr.hcl",))

    def test_a_template_of_nothing_but_such_links_is_told(self, plant: Plant) -> None:
        root = plant(["a/readme.md"])
        (root.parent / "secret.pkr.hcl").touch()
        (root / "a/y.pkr.hcl").symlink_to(root.parent / "secret.pkr.hcl")
        for path in (root, root / "a/y.pkr.hcl"):
            found = discover([path], CHOOSE)
            assert [(it.documents, it.unread) for it in found.templates] == [((), ("a/y.pkr.hcl",))]
            assert found.shows(at("a/y.pkr.hcl"))

    def test_two_names_of_one_file_in_a_directory_are_one_document(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root / "a/b.pkr.hcl").symlink_to("x.pkr.hcl")
        assert discover([root], CHOOSE).templates[0].documents == ("a/x.pkr.hcl",)

    def test_a_link_to_a_file_of_another_kind_goes_by_its_own_name(self, plant: Plant) -> None:
        root = plant({"shared/vars.txt": "", "shared/t": LEGACY, "a/x.pkr.hcl": ""})
        (root / "a/y.pkr.json").symlink_to("../shared/vars.txt")
        (root / "a/z.auto.pkrvars.hcl").symlink_to("../shared/vars.txt")
        (root / "a/t.json").symlink_to("../shared/t")
        one, other = discover([root], CHOOSE).templates
        assert one.documents == ("a/x.pkr.hcl", "a/y.pkr.json")
        assert one.var_files == ("a/z.auto.pkrvars.hcl",)
        assert other.documents == ("a/t.json",)

    def test_a_link_that_leads_nowhere_goes_by_its_own_name(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root / "a/gone.pkr.hcl").symlink_to("nowhere")
        (root / "a/loop.pkr.hcl").symlink_to("loop.pkr.hcl")
        (template,) = discover([root], CHOOSE).templates
        assert template.documents == ("a/gone.pkr.hcl", "a/loop.pkr.hcl", "a/x.pkr.hcl")

    @pytest.mark.parametrize("name", ["y.pkr.hcl", "packlint.toml", ".packlint.toml", ".gitignore", ".git"])
    def test_a_link_to_a_name_that_no_file_can_have_costs_only_itself(
        self, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / "x.pkr.hcl").touch()
        (tmp_path / name).symlink_to("n" * 300)
        (template,) = discover([tmp_path], CHOOSE).templates
        assert "x.pkr.hcl" in template.documents

    def test_a_name_that_no_file_can_have_is_refused(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        with pytest.raises(UsageError, match="cannot be read: "):
            discover([root / ("n" * 300)], CHOOSE)
        with pytest.raises(UsageError, match="is not a directory"):
            discover([root], CHOOSE, root / ("n" * 300))

    def test_a_working_directory_that_is_gone_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        try:
            with pytest.raises(UsageError, match=r"there is no file or directory `\.`"):
                discover([Path()], CHOOSE)
        finally:
            monkeypatch.undo()


def test_a_closed_directory_costs_only_itself(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])

    def refusing(real: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def ask(path: Path | str, **extra: bool) -> os.stat_result:
            if Path(path).parent.name == "a":
                raise PermissionError(13, "Permission denied")
            return real(path, **extra)

        return ask

    monkeypatch.setattr(os, "stat", refusing(os.stat))
    monkeypatch.setattr(os, "lstat", refusing(os.lstat))
    assert paths(discover([root], CHOOSE)) == ["a", "b"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_directory_that_may_not_be_read_is_told(plant: Plant) -> None:
    root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])
    (root / "a").chmod(0)
    try:
        found = discover([root], CHOOSE)
    finally:
        (root / "a").chmod(0o755)
    assert paths(found) == ["b"]
    assert [it.message for it in found.diagnostics] == ["the directory `a` cannot be read: permission denied"]


def test_a_directory_that_fails_is_told(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])
    real = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = discover([root], CHOOSE)
    assert paths(found) == ["b"]
    (diagnostic,) = found.diagnostics
    assert diagnostic.message == "the directory `a` cannot be read: permission denied"
    assert found.shows(diagnostic)


def test_deep_directories_do_not_exhaust_the_stack(plant: Plant) -> None:
    root = plant(["x.pkr.hcl"])
    deep = root.joinpath(*["d"] * 400)
    deep.mkdir(parents=True)
    (deep / "y.pkr.hcl").touch()
    assert paths(discover([root], CHOOSE)) == [".", "/".join("d" * 400)]
