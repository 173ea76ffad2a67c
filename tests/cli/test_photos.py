"""benchmark-photos, as a user runs it."""

import os
from types import SimpleNamespace

import pytest

from fmnist.artifacts import Group, SetFigures
from fmnist.cli import main
from fmnist.cli.photos import _tabulate


@pytest.fixture
def labelled(pictures):
    """The arguments that measure one labelled photo and draw the sheet beside it."""
    (pictures / "labels.tsv").write_text(
        "file\tclass_index\tclass_name\tbackground\nbag.png\t8\tbag\tblack\n", encoding="utf-8"
    )
    return ["benchmark-photos", str(pictures), "--sheet", str(pictures / "sheet.png")]


def test_what_labels_say_reaches_a_terminal_without_codes(own_artifacts, pictures, labelled, capsys):
    hostile = "\x1b[31mred.png"
    os.rename(pictures / "sneaker.png", pictures / hostile)
    with open(pictures / "labels.tsv", "a", encoding="utf-8") as labels:
        labels.write(f"{hostile}\t1\ttrouser\tbl\x1bue\nnotes.txt\t1\ttrouser\tw\x1bhite\n")
    assert main(labelled) == 1, "notes.txt is no picture"
    printed = capsys.readouterr()
    assert "red.png" in printed.out and "bl\ufffdue background" in printed.out
    assert "\x1b" not in printed.out + printed.err


def test_an_existing_sheet_is_kept_and_said_before_the_measuring(own_artifacts, pictures, labelled, capsys):
    (pictures / "sheet.png").write_bytes(b"mine")
    (pictures / "labels.tsv").unlink()  # the measuring would miss it
    assert main(labelled) == 1
    assert "name a new one with --sheet" in capsys.readouterr().err
    assert (pictures / "sheet.png").read_bytes() == b"mine"


def test_the_sheet_is_there_in_full_or_not_at_all(own_artifacts, pictures, labelled, capsys):
    """A limit on the size of a file stands in for the disk: the system refuses the same write."""
    resource = pytest.importorskip("resource")
    before = set(pictures.rglob("*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        assert main(labelled) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    said = capsys.readouterr().err
    assert "sheet.png cannot be written (File too large): name another with --sheet" in said
    assert set(pictures.rglob("*")) == before
    assert main(labelled) == 0
    assert set(pictures.rglob("*")) - before == {pictures / "sheet.png"}


def test_a_place_for_the_sheet_that_takes_none_is_said_before_the_measuring(
    own_artifacts, pictures, labelled, capsys
):
    (pictures / "labels.tsv").unlink()
    assert main([*labelled[:-1], str(pictures / "bag.png" / "sheet.png")]) == 1
    assert "cannot be written (Not a directory): name another with --sheet" in capsys.readouterr().err


def test_the_table_keeps_each_row_of_each_model_in_one_order():
    def figures(per_class, sets=None):
        return SimpleNamespace(
            size=4,
            accuracy=0.5,
            accuracy_interval=(0.1, 0.9),
            macro_accuracy=None,
            per_class={name: Group(photos=2, accuracy=1.0) for name in per_class},
            per_background={"white": Group(photos=4, accuracy=0.5)},
            per_worn={"yes": Group(photos=1, accuracy=0.0)},
            calibration=SimpleNamespace(mean_confidence=0.6, ece=0.1),
            sets=sets,
        )

    sets = SetFigures(level=0.99, coverage=0.75, size=2.5)
    table = _tabulate({"first": figures(["trouser", "bag"], sets), "second": figures(["trouser"])})
    assert list(table.columns) == ["photos", "first", "second"]
    assert list(table.index) == [
        "macro accuracy", "accuracy", "95% interval", "trouser", "bag", "white background",
        "worn: yes", "mean confidence", "calibration error", "in the 99% set", "classes in it",
    ]  # fmt: skip
    assert list(table.loc["bag"]) == ["2", "100%", ""]
    assert list(table.loc["in the 99% set"]) == ["", "75.0%", ""]
    assert list(table.loc["accuracy"]) == ["4", "50.0%", "50.0%"]
