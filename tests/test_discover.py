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
from packlint.settings import Settings

SETTINGS = Settings()
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
    assert paths(discover([root], SETTINGS)) == [".", "a/deep/er", "b"]


def test_a_template_lists_what_packer_loads_in_packers_order(plant: Plant) -> None:
    names = [
        "b.pkr.hcl",
        "Z.pkr.hcl",
        ".a.pkr.hcl",
        "x.auto.pkrvars.hcl",
        "not-auto.pkrvars.hcl",
        "t.pkrtpl.hcl",
    ]
    root = plant([f"t/{name}" for name in (*names, "j.pkr.json", "v.auto.pkrvars.json", "legacy.json")])
    (template,) = discover([root], SETTINGS).templates
    assert template.documents == ("t/.a.pkr.hcl", "t/Z.pkr.hcl", "t/b.pkr.hcl")
    assert template.var_files == ("t/x.auto.pkrvars.hcl",)
    assert template.unread == ("t/j.pkr.json", "t/v.auto.pkrvars.json")


def test_a_directory_that_is_named_like_a_template_is_none(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl/readme.md", "t/b.pkr.hcl"])
    assert discover([root], SETTINGS).templates[0].documents == ("t/b.pkr.hcl",)


def test_a_folder_without_templates_has_none(plant: Plant) -> None:
    assert discover([plant(["readme.md"])], SETTINGS) == Discovery((), folders=frozenset({"."}))


@pytest.mark.parametrize("folder", [".hidden", "node_modules", "vendor", "packer_cache"])
def test_hidden_and_vendored_folders_are_skipped_unless_named(plant: Plant, folder: str) -> None:
    root = plant([f"a/{folder}/x/a.pkr.hcl", "b/b.pkr.hcl"])
    assert paths(discover([root], SETTINGS)) == ["b"]
    assert paths(discover([root / "a" / folder], SETTINGS)) == [f"a/{folder}/x"]
    assert paths(discover([root / "a" / folder / "x/a.pkr.hcl"], SETTINGS)) == [f"a/{folder}/x"]


def test_force_exclude_holds_for_named_paths_too(plant: Plant) -> None:
    root = plant(["vendor/x/a.pkr.hcl", "b/b.pkr.hcl"])
    named = [root / "vendor/x/a.pkr.hcl", root / "vendor/x", root / "b/b.pkr.hcl"]
    assert paths(discover(named, Settings(force_exclude=True))) == ["b"]


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
    assert paths(discover([root], SETTINGS)) == found


def test_patterns_above_a_named_directory_hold_within_it(plant: Plant) -> None:
    root = plant({".gitignore": "out\n", "a/out/x.pkr.hcl": "", "a/b/x.pkr.hcl": ""})
    assert paths(discover([root / "a"], SETTINGS)) == ["a/b"]


def test_a_named_path_bypasses_the_pattern_that_ignores_it(plant: Plant) -> None:
    root = plant({".gitignore": "out/\n*.tmp\n", "out/x/x.pkr.hcl": "", "out/y.tmp/y.pkr.hcl": ""})
    assert paths(discover([root / "out"], SETTINGS)) == ["out/x", "out/y.tmp"]
    assert paths(discover([root / "out/x/x.pkr.hcl"], SETTINGS)) == ["out/x"]


def test_an_ignored_file_of_a_template_is_read_but_its_findings_are_not_shown(plant: Plant) -> None:
    root = plant({".gitignore": "local.*\n", "t/local.pkr.hcl": "", "t/a.pkr.hcl": ""})
    found = discover([root], SETTINGS)
    assert found.templates[0].documents == ("t/a.pkr.hcl", "t/local.pkr.hcl")
    assert [found.shows(at(path)) for path in ("t/a.pkr.hcl", "t/local.pkr.hcl")] == [True, False]
    named = discover([root, root / "t/local.pkr.hcl"], SETTINGS)
    assert named.shows(at("t/local.pkr.hcl"))


def test_a_directory_with_nothing_but_ignored_files_holds_no_template(plant: Plant) -> None:
    root = plant({".gitignore": "*.pkr.hcl\n", "t/a.pkr.hcl": "", "t/a.auto.pkrvars.hcl": ""})
    assert paths(discover([root], SETTINGS)) == []


@links
def test_a_gitignore_that_is_no_file_is_not_read(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl"])
    os.mkfifo(root / ".gitignore")
    assert paths(discover([root], SETTINGS)) == ["t"]


def test_a_directory_shows_every_finding_of_its_templates(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "u/b.pkr.hcl"])
    found = discover([root / "t"], SETTINGS)
    assert found.shows(at("t/a.pkr.hcl"))
    assert found.shows(at("t/scripts/setup.sh"))


def test_a_file_shows_what_lies_in_it_or_is_related_to_it(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl"])
    found = discover([root / "t/a.pkr.hcl"], SETTINGS)
    (template,) = found.templates
    assert template.documents == ("t/a.pkr.hcl", "t/b.pkr.hcl")
    assert found.shows(at("t/a.pkr.hcl"))
    assert found.shows(at("t/b.pkr.hcl", "t/a.pkr.hcl"))
    assert not found.shows(at("t/b.pkr.hcl"))
    assert not found.shows(at("t/b.pkr.hcl", "u/c.pkr.hcl"))


def test_a_variable_file_stands_for_the_template_of_its_directory(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/prod.pkrvars.hcl", "vars/x.pkrvars.hcl"])
    assert paths(discover([root / "t/prod.pkrvars.hcl"], SETTINGS)) == ["t"]
    assert paths(discover([root / "vars/x.pkrvars.hcl"], SETTINGS)) == []


def test_a_file_and_a_directory_are_shown_together(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl"])
    found = discover([root / "t/a.pkr.hcl", root / "u"], SETTINGS)
    shown = {path: found.shows(at(path)) for path in ("t/a.pkr.hcl", "t/b.pkr.hcl", "u/c.pkr.hcl", "u/x.sh")}
    assert shown == {"t/a.pkr.hcl": True, "t/b.pkr.hcl": False, "u/c.pkr.hcl": True, "u/x.sh": True}


def test_a_template_that_several_paths_reach_is_found_once(plant: Plant) -> None:
    root = plant(["t/a.pkr.hcl", "t/b.pkr.hcl"])
    every = [root, root / "t", root / "t/a.pkr.hcl", root / "t/../t"]
    assert paths(discover(every, SETTINGS)) == ["t"]
    assert discover(every, SETTINGS).shows(at("t/b.pkr.hcl"))


def test_neither_the_working_directory_nor_the_order_of_the_paths_matters(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = plant(["t/a.pkr.hcl", "u/b.pkr.hcl"])
    expected = [(it.path, it.documents) for it in discover([root / "t", root / "u"], SETTINGS).templates]
    monkeypatch.chdir(root / "u")
    found = discover([Path(), Path("../t")], SETTINGS)
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
        (template,) = discover([tmp_path / "a"], SETTINGS).templates
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
        assert paths(discover([tmp_path / "b"], SETTINGS)) == [expected]

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
        assert paths(discover([tmp_path / "b"], SETTINGS)) == ["b"]

    @links
    def test_a_project_file_outside_its_folder_is_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "a/b").mkdir(parents=True)
        (tmp_path / "a/b/x.pkr.hcl").touch()
        (tmp_path / "elsewhere").write_text("[tool.packlint]\n")
        (tmp_path / "a/pyproject.toml").symlink_to("../elsewhere")
        assert paths(discover([tmp_path / "a/b"], SETTINGS)) == ["."]

    def test_the_repository_goes_before_nearer_settings(self, plant: Plant) -> None:
        root = plant(["a/b/x.pkr.hcl", "a/packlint.toml"])
        assert paths(discover([root / "a"], SETTINGS)) == ["a/b"]

    def test_git_may_be_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a/x.pkr.hcl").touch()
        (tmp_path / ".git").write_text("gitdir: elsewhere\n")
        assert paths(discover([tmp_path / "a"], SETTINGS)) == ["a"]

    def test_several_roots_share_a_base_and_none_reads_from_another(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name / ".git").mkdir(parents=True)
            (tmp_path / name / "x.pkr.hcl").touch()
        found = discover([tmp_path / "two", tmp_path / "one"], SETTINGS)
        assert [(it.path, it.documents) for it in found.templates] == [
            ("one", ("one/x.pkr.hcl",)),
            ("two", ("two/x.pkr.hcl",)),
        ]
        assert found.templates[0].files.exists("one/x.pkr.hcl")
        assert not found.templates[0].files.exists("two/x.pkr.hcl")

    def test_it_can_be_given(self, plant: Plant) -> None:
        root = plant(["a/b/x.pkr.hcl"])
        assert paths(discover([root / "a/b"], SETTINGS, root / "a")) == ["b"]

    def test_a_path_outside_the_given_one_is_refused(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])
        with pytest.raises(UsageError, match="lies outside the root"):
            discover([root / "a"], SETTINGS, root / "b")

    def test_it_must_be_a_directory(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        with pytest.raises(UsageError, match="is not a directory"):
            discover([root / "a"], SETTINGS, root / "nowhere")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "there is no file or directory"),
        ("nowhere.pkr.hcl", "there is no file or directory"),
        ("readme.md", "is not a template"),
        ("main.tf", "is not a template"),
        ("a.pkr.json", "is JSON, which packlint cannot read yet"),
    ],
)
def test_a_path_that_cannot_be_checked_is_refused(plant: Plant, name: str, message: str) -> None:
    root = plant(["readme.md", "main.tf", "a.pkr.json"])
    with pytest.raises(UsageError, match=message):
        discover([root, root / name], SETTINGS)


@links
class TestLinks:
    def test_links_to_directories_are_not_followed_unless_named(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root / "b").symlink_to(root / "a")
        (root / "a/up").symlink_to(root)
        assert paths(discover([root], SETTINGS)) == ["a"]
        assert paths(discover([root / "b"], SETTINGS)) == ["a"]

    def test_a_linked_file_goes_by_the_name_of_the_real_one(self, plant: Plant) -> None:
        root = plant(["shared/common.pkr.hcl", "a/x.pkr.hcl", "b/x.pkr.hcl"])
        for folder in "ab":
            (root / folder / "vars.pkr.hcl").symlink_to("../shared/common.pkr.hcl")
        found = discover([root / "a", root / "b/vars.pkr.hcl"], SETTINGS)
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
        (template,) = discover([root], SETTINGS).templates
        assert (template.documents, template.unread) == (("a/x.pkr.hcl",), ("a/y.pkr.hcl",))

    def test_a_link_that_leads_nowhere_goes_by_its_own_name(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        (root / "a/gone.pkr.hcl").symlink_to("nowhere")
        (root / "a/loop.pkr.hcl").symlink_to("loop.pkr.hcl")
        (template,) = discover([root], SETTINGS).templates
        assert template.documents == ("a/gone.pkr.hcl", "a/loop.pkr.hcl", "a/x.pkr.hcl")

    @pytest.mark.parametrize("name", ["y.pkr.hcl", "packlint.toml", ".packlint.toml", ".gitignore", ".git"])
    def test_a_link_to_a_name_that_no_file_can_have_costs_only_itself(
        self, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / "x.pkr.hcl").touch()
        (tmp_path / name).symlink_to("n" * 300)
        (template,) = discover([tmp_path], SETTINGS).templates
        assert "x.pkr.hcl" in template.documents

    def test_a_name_that_no_file_can_have_is_refused(self, plant: Plant) -> None:
        root = plant(["a/x.pkr.hcl"])
        with pytest.raises(UsageError, match="cannot be read: "):
            discover([root / ("n" * 300)], SETTINGS)
        with pytest.raises(UsageError, match="is not a directory"):
            discover([root], SETTINGS, root / ("n" * 300))

    def test_a_working_directory_that_is_gone_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        try:
            with pytest.raises(UsageError, match=r"there is no file or directory `\.`"):
                discover([Path()], SETTINGS)
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
    assert paths(discover([root], SETTINGS)) == ["a", "b"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_directory_that_may_not_be_read_is_told(plant: Plant) -> None:
    root = plant(["a/x.pkr.hcl", "b/x.pkr.hcl"])
    (root / "a").chmod(0)
    try:
        found = discover([root], SETTINGS)
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
    found = discover([root], SETTINGS)
    assert paths(found) == ["b"]
    (diagnostic,) = found.diagnostics
    assert diagnostic.message == "the directory `a` cannot be read: permission denied"
    assert found.shows(diagnostic)


def test_deep_directories_do_not_exhaust_the_stack(plant: Plant) -> None:
    root = plant(["x.pkr.hcl"])
    deep = root.joinpath(*["d"] * 400)
    deep.mkdir(parents=True)
    (deep / "y.pkr.hcl").touch()
    assert paths(discover([root], SETTINGS)) == [".", "/".join("d" * 400)]
