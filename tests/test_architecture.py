"""The rules of the house, read from the source and from a real import: who may import whom, and more.

With `-n 0 -s` it prints the rooms with their floors. CONTRIBUTING.md gives the reasons.
"""

import ast
import re
import subprocess
import sys
from functools import cache

import pytest

from tests.conftest import ROOT

# A room is a module or folder of fmnist, or pages or dashboard. Each may import the rooms named after it,
# besides config, errors and words, which are for everybody. A room stands above all that it imports.
ARROWS = {
    "__main__": "cli",
    "dashboard": "ui",
    "pages": "ui narration figures analysis census jobs preprocessing pictures data augmentation",
    "cli": "training narration photos second_opinion confidence census events inference answers"
    " preprocessing artifacts evaluation data pictures recipes",
    "ui": "report narration figures features analysis photos second_opinion confidence census room jobs"
    " inference answers preprocessing artifacts evaluation data pictures augmentation recipes markup",
    "features": "analysis inference artifacts data",
    "training": "confidence synthesis jobs events inference artifacts evaluation data augmentation recipes",
    "report": "narration figures analysis census artifacts evaluation pictures markup",
    "narration": "analysis confidence jobs events answers preprocessing artifacts evaluation augmentation"
    " recipes",
    "figures": "artifacts evaluation",
    "analysis": "confidence census artifacts evaluation recipes",
    "photos": "second_opinion confidence inference answers preprocessing artifacts evaluation pictures",
    "second_opinion": "preprocessing artifacts",
    "confidence": "synthesis census artifacts evaluation data",
    "census": "",
    "room": "preprocessing inference artifacts pictures",
    "jobs": "events artifacts recipes",
    "events": "artifacts",
    "synthesis": "preprocessing",
    "preprocessing": "pictures",
    "inference": "answers artifacts evaluation",
    "artifacts": "evaluation recipes augmentation",
    "evaluation": "",
    "data": "",
    "pictures": "",
    "answers": "",
    "recipes": "augmentation",
    "augmentation": "",
    "markup": "",
    "config": "",
    "errors": "",
    "words": "",
}
FOR_EVERYBODY = {"config", "errors", "words"}

LINES = 300
LONGER: dict[str, str] = {}
"""Modules of more lines than that: the file, and why it is not parted."""

NEEDS_KERAS = {
    f"fmnist.training.{module}"
    for module in ("checkpoint", "efficientnet", "loop", "network", "race", "result", "schedule", "trial")
}
"""These may load TensorFlow; elsewhere it starts too slowly and costs a server too much."""

# What only fmnist.artifacts knows: the names of the files under artifacts/.
FILE_NAMES = re.compile(
    r"\b(run|models|photos)\.json\b|\bhistory\.csv\b|\bmodel\.(keras|tflite)\b|\.np[yz]\b"
)

CORE = sorted((ROOT / "fmnist").rglob("*.py"))
UI = ROOT / "fmnist" / "ui"
PAGES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").rglob("*.py"))]
MODULES = [path for path in [*CORE, *PAGES] if path != ROOT / "fmnist" / "__init__.py"]


def name_of(path):
    return str(path.relative_to(ROOT))


def room_of(path):
    first, *below = path.relative_to(ROOT).with_suffix("").parts
    return below[0] if first == "fmnist" else first


@cache
def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(path):
    """All that a module imports, whether at its top, inside a function or for its types only."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by dots"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_rooms(path):
    for module in imported_modules(path):
        first, *below = module.split(".")
        if first in ("pages", "dashboard"):
            yield first
        elif first == "fmnist" and below:
            yield below[0]


def find_arrows():
    """For each room that there is those that it imports, with the module that does."""
    arrows = {room_of(path): {} for path in MODULES}
    for path in MODULES:
        for room in imported_rooms(path):
            if room != room_of(path):
                arrows[room_of(path)][room] = name_of(path)
    return arrows


def floors():
    """The floor of each room: one above the highest that it may import."""
    found = {}
    for room in reversed(ARROWS):
        below = {*ARROWS[room].split(), *(FOR_EVERYBODY - {room} if room not in FOR_EVERYBODY else ())}
        found[room] = 1 + max((found[other] for other in below), default=0)
    return found


def test_the_table_has_each_room_above_all_that_it_may_import():
    order = list(ARROWS)
    for number, room in enumerate(order):
        assert set(ARROWS[room].split()) <= set(order[number + 1 :]), room


def test_the_table_names_the_rooms_that_there_are():
    assert set(find_arrows()) - set(ARROWS) == set(), "give it a line"
    assert set(ARROWS) - set(find_arrows()) == set(), "delete the line"


def test_each_import_is_an_arrow_of_the_table():
    arrows, floor_of = find_arrows(), floors()
    print("\nfloor  room            imports besides config, errors, words")
    for room in sorted(ARROWS, key=lambda room: (-floor_of[room], list(ARROWS).index(room))):
        print(f"{floor_of[room]:>5}  {room:14}  {ARROWS[room]}")
    beside = [
        f"{room} -> {other} in {path}"
        for room, others in arrows.items()
        for other, path in others.items()
        if other not in {*ARROWS.get(room, "").split(), *FOR_EVERYBODY}
    ]
    assert not beside, "\n".join(beside)
    unused = [
        f"{room} -> {other}"
        for room, others in ARROWS.items()
        for other in others.split()
        if other not in arrows.get(room, {})
    ]
    assert not unused, "take out what nobody uses: " + ", ".join(unused)


@pytest.mark.parametrize("room", ["artifacts", "evaluation", "data", "pictures"])
def test_storage_and_numbers_stand_below_whatever_judges_them(room):
    floor_of = floors()
    assert floor_of[room] < min(
        floor_of[above] for above in ("inference", "confidence", "photos", "narration")
    )


def test_only_the_ui_and_the_pages_import_streamlit():
    for path in CORE:
        if UI not in path.parents:
            assert not [m for m in imported_modules(path) if m.partition(".")[0] == "streamlit"], path


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_import_no_other_page_and_no_deep_learning(path):
    for module in imported_modules(path):
        assert not module.startswith(("pages", "dashboard", "tensorflow", "keras"))


def test_only_artifacts_knows_the_names_of_its_files():
    named = []
    for path in MODULES:
        if room_of(path) in ("artifacts", "census"):  # the latter has a table of its own
            continue
        docstrings = {
            id(node.value)
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        named += [
            f"{name_of(path)}:{node.lineno}: {node.value!r}"
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
            if FILE_NAMES.search(node.value)
        ]
    assert not named, "\n".join(named)


def test_modules_are_short():
    """A longer one becomes a folder with a front door."""
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LINES} == {
        name: lines.get(name) for name in LONGER
    }


def test_light_modules_leave_heavy_ones_unloaded():
    """All in one process, which says after each module what came with it."""
    light = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path in CORE and room_of(path) not in ("ui", "__main__")
    ]
    light = [module for module in light if module not in NEEDS_KERAS]
    script = (
        "import importlib, sys\n"
        "for light in sys.argv[1:]:\n"
        "    importlib.import_module(light)\n"
        "    print(light, *(m for m in ('tensorflow', 'keras', 'streamlit') if m in sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script, *light], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert loaded.stdout.splitlines() == light, loaded.stderr


def test_contributing_tells_of_each_room_and_of_no_other_place():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for room in set(ARROWS) - {"__main__"}:
        assert re.search(rf"^ *{room}(/|\.py)  ", told, re.MULTILINE), f"{room} is not in the tree"
    for place in re.findall(r"`([\w./]+(?:/|\.py|\.txt|\.lock))`", told):
        assert (ROOT / place).exists(), place


def test_one_module_hands_markup_to_the_browser():
    """It escapes all text, so that no page needs to think of it."""
    for path in {*PAGES, *UI.glob("*.py")} - {UI / "markup.py"}:
        source = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source and "st.html" not in source, path
