"""labels.tsv: read in order, and its faults named."""

import pytest

from fmnist import photos
from fmnist.config import CLASS_NAMES
from fmnist.errors import DataError
from fmnist.photos import LabelledPhoto
from tests.photos.scenes import HEADING, write_labels


def test_labels_are_read_in_order(folder):
    first, second, _ = photos.read_labels(folder)
    assert first == LabelledPhoto(folder / "a.png", 1, "white", "no")
    assert (second.path.name, CLASS_NAMES[second.label], second.background) == ("b.jpg", "shirt", "plain")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "a.png\t12\ttrouser\twhite",
            r"line 2, must give.*7 and sneaker.*'12' and 'trouser'",
        ),
        ("a.png\t2\ttrouser\twhite", "line 2, must give a Fashion-MNIST class.*'2' and 'trouser'"),
        ("a.png\tone\ttrouser\twhite", "line 2, must give a Fashion-MNIST class.*'one'"),
        ("a.png", "line 2, must give a Fashion-MNIST class.*'' and ''"),
        ("a.png\t1\ttrouser\t", "line 2, must name the background"),
        ("z.png\t1\ttrouser\twhite", r"line 2, names the photo 'z\.png', which is not in the folder"),
        ("\t1\ttrouser\twhite", "line 2, names the photo ''"),
        ("", "lists no photos"),
        ("a.png\t1\ttrouser\twhite\na.png\t1\ttrouser\twhite", "lists a photo twice"),
    ],
)
def test_a_wrong_line_is_named(folder, line, message):
    write_labels(folder, line)
    with pytest.raises(DataError, match=message):
        photos.read_labels(folder)


@pytest.mark.parametrize("heading", ["", "file,class_index", HEADING.replace("background", "ground")])
def test_a_missing_column_is_named(folder, heading):
    write_labels(folder, heading=heading)
    with pytest.raises(DataError, match=r"lacks the column (file|background): its first line must name file"):
        photos.read_labels(folder)


def test_a_missing_folder_or_file_and_foreign_bytes_are_named(folder, tmp_path):
    with pytest.raises(DataError, match=r"There is no folder .*nowhere"):
        photos.read_labels(tmp_path / "nowhere")
    (folder / "labels.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not UTF-8 text"):
        photos.read_labels(folder)
    (folder / "labels.tsv").unlink()
    with pytest.raises(DataError, match=r"No such file.*tab-separated"):
        photos.read_labels(folder)
