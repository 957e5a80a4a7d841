"""What the documents promise is there: commands, links, files, recipes; nothing names one machine."""

import re
import subprocess
from pathlib import Path

import pytest

from amends.cli import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md", *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_command_is_in_the_readme_and_every_one_there_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"amends {command}" in text
    for command in re.findall(r"^(?:\| `)?amends ([a-z]+)", text, flags=re.MULTILINE):
        assert command in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(amends, command: str) -> None:
    called = amends(command, "--help")
    assert called.code == 0
    assert len(called.out) > 100


def test_the_python_block_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    exec(compile(block[1], "README.md", "exec"), {})
    assert "empathy" in capsys.readouterr().out


def test_the_readme_shows_a_signature_of_the_real_form() -> None:
    from amends.signature import parse

    line = re.search(r"^amends\|.*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert line
    assert set(parse(line[0])) >= {"data", "n", "missing", "rubric", "scorer", "ci", "seed", "v"}


def test_no_committed_file_names_a_machine_or_a_registry() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    named = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    wrong = []
    pattern = re.compile(rb"/(home|root|Users)/[a-z]|index-url|file:///|/simple/")
    for name in filter(None, named.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__) and pattern.search(path.read_bytes()):
            wrong.append(name)
    assert not wrong


def test_code_blocks_of_the_readme_use_options_that_exist(amends) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL):
        for line in block.splitlines():
            words = line.split("#")[0].split()
            if words[:1] != ["amends"]:
                continue
            options = [word for word in words if word.startswith("-")]
            help_text = amends(*[w for w in words[1:3] if w in (*COMMANDS, "info", "build")], "--help").out
            assert all(re.search(rf"(?<!\w){option}\b", help_text) for option in options), line
