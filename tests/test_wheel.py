"""The wheel in an empty environment and an empty folder: demo, every baseline, data info and load work."""

import fnmatch
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel; its dependencies come from this one, so that no network is needed."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "env", with_pip=False, symlinks=os.name != "nt")
    python = home / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", purelib], capture_output=True, text=True, check=True).stdout.strip())
    here = subprocess.run([sys.executable, "-c", purelib], capture_output=True, text=True, check=True).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # after the wheel on the path, and without this environment's .pth files: the checkout stays out of sight
    (site / "zz_dependencies.pth").write_text(here + "\n", encoding="utf-8")
    return python


def run(python: Path, folder: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "AMENDS"))}
    environment |= {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "cache"), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        [str(python), *arguments], capture_output=True, text=True, cwd=folder, env=environment, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_what_it_ships(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "data/rubric.json",
        "data/scenarios.jsonl",
        "schemas/reply.schema.json",
        "baselines/echo/generator.json",
        "leaderboard/templates/site.css",
    ):
        assert f"amends/_shipped/{name}" in names
    assert {"amends/py.typed", "amends/harness/lm_eval/amends.yaml"} <= names
    assert not [name for name in names if name.endswith((".pyc", ".part")) or "amends-runs" in name]


def test_the_demo_runs_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(installed, tmp_path, "-c", "import amends; print(amends.__file__)")
    assert str(ROOT) not in where
    shown = run(installed, tmp_path, "-m", "amends", "demo")
    assert "amends|data:test@" in shown
    page = tmp_path / "amends-runs" / "demo" / "report.html"
    assert "<svg" in page.read_text(encoding="utf-8")


def test_every_baseline_runs(installed: Path, tmp_path: Path) -> None:
    names = json.loads(
        run(
            installed,
            tmp_path,
            "-c",
            "import json; from amends.generators import baselines; print(json.dumps(baselines()))",
        )
    )
    assert len(names) >= 5
    for name in names:
        result = json.loads(run(installed, tmp_path, "-m", "amends", "run", name, "--json"))
        # an echo is no reply: the customer's own words carry no levels and count as breaches
        assert result["counts"]["no_reply"] == (result["counts"]["replies"] if name == "echo" else 0), name


def test_data_info_and_load(installed: Path, tmp_path: Path) -> None:
    assert "by a language model" in run(installed, tmp_path, "-m", "amends", "data", "info").replace(
        "is a language model", "by a language model"
    )
    code = "import amends; d = amends.load(); print({k: len(v) for k, v in d.items()}); print(amends.load('contrast'))"
    assert "'test': 600" in run(installed, tmp_path, "-W", "error", "-c", code)


def test_nothing_is_written_beside_the_package(installed: Path, tmp_path: Path) -> None:
    site = Path(
        run(installed, tmp_path, "-c", "import amends, pathlib; print(pathlib.Path(amends.__file__).parent)").strip()
    )
    before = {p for p in site.rglob("*") if "__pycache__" not in p.parts}
    run(installed, tmp_path, "-m", "amends", "demo")
    assert {p for p in site.rglob("*") if "__pycache__" not in p.parts} == before


def test_no_environment_of_the_makefile_gets_into_a_commit_or_the_sdist() -> None:
    """``make test-extras`` makes .venv-sheets and more; git and hatchling leave out what .gitignore names."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    extras = re.search(r"^EXTRAS = (.*)$", makefile, re.MULTILINE)
    assert extras is not None
    for name in (".venv", ".venv-vader", *(f".venv-{extra}" for extra in extras[1].split())):
        assert any(fnmatch.fnmatch(f"{name}/", line) for line in ignored), name
