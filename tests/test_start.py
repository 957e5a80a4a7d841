"""Start-up: ``amends --help`` and ``import amends`` load next to nothing."""

import subprocess
import sys

import pytest

HEAVY = (
    "onnxruntime",
    "torch",
    "openai",
    "datasets",
    "scipy",
    "numpy",
    "jsonschema",
    "jsonschema_rs",
    "jinja2",
    "rich",
    "pyarrow",
    "pandas",
    "re2",
    "krippendorff",
)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import amends", id="the package itself"),
        pytest.param(
            "import sys; sys.argv=['amends','--help']\n"
            "from amends.__main__ import main\n"
            "try: main()\nexcept SystemExit: pass",
            id="the help",
        ),
        pytest.param(
            "import sys; sys.argv=['amends','--version']\n"
            "from amends.__main__ import main\n"
            "try: main()\nexcept SystemExit: pass",
            id="the version",
        ),
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    shown = f"{code}\nimport sys; print('LOADED', *[n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == "LOADED", done.stdout


def test_scoring_needs_neither_datasets_nor_pandas() -> None:
    code = (
        "import sys, amends\n"
        "amends.score([{'id': 'a', 'turns': [{'role': 'customer', 'text': 'It broke.'}], 'reply': 'Sorry.'}])\n"
        "print('LOADED', *[n for n in ('datasets', 'pandas', 'scipy') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].strip() == "LOADED", done.stdout
