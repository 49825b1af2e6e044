"""Where Packer is run for a template."""

from __future__ import annotations

from pathlib import Path

from packlint.chain.artifacts import links
from packlint.chain.images import artifact_graph
from packlint.configure import Nearest
from packlint.packer.plan import target
from packlint.packer.standing import standing
from packlint.pipeline import understand
from packlint.settings import Flags


def places(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """The directory of each template in a folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = understand([folder], Nearest({}, Flags()), folder)
    graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
    return {it.template.path: directory for it, directory in standing(graph).items()}


def template(script: str = "", source: str = 'source "null" "x" {}', use: str = "null.x") -> str:
    step = f'provisioner "shell" {{\n    script = "{script}"\n  }}' if script else ""
    return f'{source}\nbuild {{\n  sources = ["source.{use}"]\n  {step}\n}}\n'


BASE = template(
    source='source "qemu" "a" {\n  output_directory = "out"\n  vm_name = "a.img"\n}', use="qemu.a"
)


def web(path: str) -> str:
    return template(source=f'source "qemu" "b" {{\n  iso_url = "{path}"\n}}', use="qemu.b")


def test_by_itself_a_template_is_built_where_it_lies(tmp_path: Path) -> None:
    assert places(tmp_path, {"a/b/t.pkr.hcl": template()}) == {"a/b": "a/b"}


def test_where_most_paths_lead_somewhere(tmp_path: Path) -> None:
    here, above = template("s.sh"), template("scripts/s.sh")
    script = "echo\n"
    texts = {"x/a/t.pkr.hcl": here, "x/a/s.sh": script, "x/b/t.pkr.hcl": above, "x/scripts/s.sh": script}
    assert places(tmp_path, texts) == {"x/a": "x/a", "x/b": "x"}


def test_a_path_from_the_root_speaks_for_the_root(tmp_path: Path) -> None:
    texts = {"x/a/t.pkr.hcl": template("x/a/s.sh"), "x/a/s.sh": "echo\n"}
    assert places(tmp_path, texts) == {"x/a": "."}


def test_path_root_speaks_for_nothing(tmp_path: Path) -> None:
    texts = {"x/a/t.pkr.hcl": template("${path.root}/s.sh"), "x/a/s.sh": "echo\n"}
    assert places(tmp_path, texts) == {"x/a": "x/a"}


def test_the_settings_say_it(tmp_path: Path) -> None:
    texts = {"x/a/t.pkr.hcl": template("s.sh"), "x/a/s.sh": "echo\n"}
    assert places(tmp_path, texts | {"packlint.toml": 'working-directory = "x"\n'}) == {"x/a": "x"}


def test_a_path_between_templates_holds_from_their_own_directories(tmp_path: Path) -> None:
    texts = {"a/t.pkr.hcl": BASE, "b/t.pkr.hcl": web("../a/out/a.img")}
    assert places(tmp_path, texts) == {"a": "a", "b": "b"}


def test_templates_that_share_a_path_share_a_directory(tmp_path: Path) -> None:
    texts = {"x/a/t.pkr.hcl": BASE, "x/b/t.pkr.hcl": web("out/a.img")}
    assert places(tmp_path, texts) == {"x/a": "x", "x/b": "x"}


def test_more_paths_speak_against_a_shared_directory(tmp_path: Path) -> None:
    steps = '\n  provisioner "file" {\n    source = "s.sh"\n    destination = "/"\n  }\n}\n'
    texts = {
        "a/t.pkr.hcl": BASE.rstrip().removesuffix("}") + steps,
        "b/t.pkr.hcl": web("out/a.img").rstrip().removesuffix("}") + steps,
        "a/s.sh": "echo\n",
        "b/s.sh": "echo\n",
    }
    assert places(tmp_path, texts) == {"a": "a", "b": "b"}


def test_settings_of_one_hold_for_those_that_share_a_path_with_it(tmp_path: Path) -> None:
    said = '[[overrides]]\npaths = ["x/a/"]\nworking-directory = "x"\n'
    texts = {"x/a/t.pkr.hcl": BASE, "y/t.pkr.hcl": web("out/a.img"), "packlint.toml": said}
    assert places(tmp_path, texts) == {"x/a": "x", "y": "x"}


def test_names_that_are_no_paths_join_nothing(tmp_path: Path) -> None:
    one = 'source "proxmox-iso" "a" {\n  template_name = "base"\n}'
    two = 'source "proxmox-clone" "b" {\n  clone_vm = "base"\n}'
    texts = {
        "a/t.pkr.hcl": template("", one, "proxmox-iso.a"),
        "b/t.pkr.hcl": template("", two, "proxmox-clone.b"),
    }
    assert places(tmp_path, texts) == {"a": "a", "b": "b"}


def test_the_target_is_a_path_and_no_option() -> None:
    assert [
        target(*it) for it in (("a", "a"), ("a/b", "a"), ("a", "a/b"), ("-x", "."), ("a/t.json", "a"))
    ] == [*(".", "b", "..", "./-x", "t.json")]
