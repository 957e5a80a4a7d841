"""Imports run one way, floor to floor; a third-party package is imported in one room; rooms stay small."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "benchmark" / "amends"

FLOORS = {
    "errors": 0,
    "resources": 0,
    "records": 1.0,
    "arrow": 1.0,
    "jsonl": 1.1,
    "text": 1.0,
    "signature": 1.2,
    "endpoint": 1.3,
    "html": 1.0,
    "terminal": 1.0,
    "rubric": 1.5,
    "schema": 1.5,
    "statistics": 1.5,
    "columns": 1.8,
    "dataset": 2,
    "logs": 2,
    "results": 2,
    "generators": 3,
    "scorers": 3,
    "checks": 3,
    "agreement": 3,
    "labelstudio": 3,
    "runs": 4,
    "training": 4,
    "comparison": 4.5,
    "scorercard": 4.5,
    "audit": 4.6,
    "calibration": 4.6,
    "contribute": 4.8,
    "leaderboard": 5,
    "reports": 5,
    "desk": 5,
    "api": 6,
    "site": 6,
    "harness": 6.5,
    "cli": 7,
    "__main__": 8,
    "__init__": 8,
}
EXEMPT = {"numpy", "click", "orjson"}
"""Third-party packages that any room may import."""
LONGEST = 400


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "_shipped" not in path.parts]


def room_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Dotted names that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "amends":
                found |= {f"amends.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_lower_floors(path: Path) -> None:
    room = room_of(path)
    assert room in FLOORS, f"{room} has no floor; give it one in FLOORS and in the design"
    for name in imports(path):
        if not name.startswith("amends.") or room in ("__init__",):
            continue
        other = name.split(".")[1]
        if other != room:
            assert FLOORS[other] < FLOORS[room], f"{path.name} ({room}) imports {name}: not a lower floor"


def test_a_third_party_package_is_imported_in_one_room() -> None:
    import sys

    rooms: dict[str, set[str]] = {}
    for path in modules():
        for name in imports(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top != "amends" and top not in EXEMPT:
                rooms.setdefault(top, set()).add(room_of(path))
    shared = {package: sorted(where) for package, where in rooms.items() if len(where) > 1}
    assert not shared


def test_no_module_is_a_drawer_or_a_tower() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not [path.name for path in lengths if path.stem in ("utils", "helpers", "common", "misc")]
    assert not {path.name: n for path, n in lengths.items() if n > LONGEST}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                size = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if size > 45:
                    long[f"{path.name}:{node.name}"] = size
    assert not long


def test_nothing_below_the_command_line_prints_or_exits() -> None:
    for path in modules():
        if room_of(path) in ("cli", "__main__", "terminal"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id == "print"), path
            assert not (isinstance(called, ast.Attribute) and ast.unparse(called) == "sys.exit"), path
