"""The two rooms under the reports: html (jinja2) and terminal (rich)."""

import subprocess
import sys

import jinja2
import pytest

from amends import html, terminal


@pytest.mark.parametrize("name", ["page.html", "page.j2", "picture.svg", "page.txt"])
def test_everything_is_escaped_whatever_the_file_is_called(tmp_path, name):
    (tmp_path / name).write_text("{{ text }}", encoding="utf-8")
    assert html.render(tmp_path / name, text="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"


def test_an_unknown_name_is_an_error(tmp_path):
    (tmp_path / "page.html").write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(jinja2.UndefinedError):
        html.render(tmp_path / "page.html")


def test_both_load_on_first_use():
    code = (
        "import sys, amends.reports, amends.html, amends.terminal\n"
        "sys.exit(bool({'jinja2', 'rich', 'markupsafe'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_table_text():
    assert terminal.table_text(("Name", ">n"), [("a", "1"), ("b [bold]", "20")], "Title") == (
        "Title\nName        n\n─────────────\na           1\nb [bold]   20\n"
    )


def test_a_long_name_is_shown_whole():
    """Two prompts of one model were one name in the table of all pairs."""
    names = [f"gpt-4.1-mini-2025-04-14-prompt-{letter}" for letter in "ab"]
    shown = terminal.table_text(("Second", "First"), [(names[0], names[1])], width=40)
    assert "\u2026" not in shown
    assert sorted("".join(row.split()[i] for row in shown.splitlines()[2:]) for i in (0, 1)) == names


def test_table_is_plain_when_piped(capsys):
    terminal.table(("Name",), [("x" * 300,), ("\x1b[31mred",)])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) == terminal.WIDTH
    assert "\\u001b[31mred" in lines


def test_table_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    terminal.table(("Name",), [("[red]x",)], "Title")
    out = capsys.readouterr().out
    assert "Title" in out
    assert "[red]x" in out


def test_progress_is_silent_when_nobody_watches(capsys):
    with terminal.progress("scoring", 2) as step:
        step(1)
        step(1)
    assert capsys.readouterr() == ("", "")


def test_progress_stays_off_standard_output(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with terminal.progress("[red]scoring", 2) as step:
        step(2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "[red]scoring" in err
