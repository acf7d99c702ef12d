"""How much one file, one function, one template may hold before it wants to be two."""

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = {"app/**/*.py": 250, "templates/**/*.*": 120, "static/css/**/*.css": 200, "static/js/**/*.js": 80}
LONGEST_FUNCTION = 40
USUAL_FILE = 90


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.walk(ast.parse(path.read_text()))
    found = [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.relative_to(ROOT)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1) for node in found]


@pytest.mark.parametrize("kind", LONGEST)
def test_no_file_is_too_long_to_be_read_at_once(kind):
    files = {str(path.relative_to(ROOT)): lines(path) for path in ROOT.glob(kind)}
    assert files
    assert {name: length for name, length in files.items() if length > LONGEST[kind]} == {}


def test_no_function_is_too_long_to_be_seen_at_once():
    found = [one for path in ROOT.glob("app/**/*.py") for one in functions(path)]
    assert found
    assert [one for one in found if one[1] > LONGEST_FUNCTION] == []


def test_the_usual_file_is_short():
    assert median(lines(path) for path in ROOT.glob("app/**/*.py")) <= USUAL_FILE
