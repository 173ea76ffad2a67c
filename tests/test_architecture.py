"""The arrows of the design: who may import whom, read from the source and from a real import."""

import ast
import subprocess
import sys

import pytest

from tests.conftest import ROOT

UI = ROOT / "fmnist" / "ui"
CORE = [
    path
    for path in sorted((ROOT / "fmnist").rglob("*.py"))
    if path.name != "__main__.py" and UI not in path.parents
]
PAGES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
LIGHT = [
    "fmnist.figures",
    "fmnist.evaluation",
    "fmnist.inference",
    "fmnist.preprocessing",
    "fmnist.artifacts",
    "fmnist.confidence",
    "fmnist.photos",
    "fmnist.segmentation",
    "fmnist.synthesis",
]


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_core_never_imports_streamlit_or_what_lies_above_it(path):
    for module in imported_modules(path):
        assert not module.startswith(("streamlit", "fmnist.ui", "pages", "dashboard")), module
        assert module != "fmnist.cli" or path.name == "__main__.py"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_import_no_other_page_and_no_deep_learning(path):
    for module in imported_modules(path):
        assert not module.startswith(("pages", "dashboard", "tensorflow", "keras", "fmnist.training"))


def test_light_modules_leave_heavy_ones_unloaded():
    """All in one process, which says after each module what came with it."""
    script = (
        "import importlib, sys\n"
        "for light in sys.argv[1:]:\n"
        "    importlib.import_module(light)\n"
        "    print(light, *(m for m in ('tensorflow', 'keras', 'streamlit') if m in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script, *LIGHT], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert loaded.stdout.splitlines() == LIGHT


def test_no_page_hands_markup_to_the_browser():
    for path in [*PAGES, *UI.glob("*.py")]:
        source = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source and "st.html" not in source, path
