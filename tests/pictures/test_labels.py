"""What a batch says of its pictures itself: a labels file, or folders named after the classes."""

import pytest

from fmnist.config import CLASS_NAMES
from fmnist.pictures.labels import find_class, label_pictures, read_labels
from tests.conftest import ROOT

PHOTOS = ROOT.parent / "shared" / "photos"


def label(paths, text, where="labels.csv"):
    return label_pictures(paths, read_labels(where, text.encode()))


@pytest.mark.parametrize("index", range(10))
def test_a_class_is_found_however_it_is_written(index):
    name = CLASS_NAMES[index]
    for written in (
        name,
        name.upper(),
        name.replace(" ", "-"),
        name.replace("-", "_"),
        f" {name} ",
        str(index),
    ):
        assert find_class(written) == index, written


def test_the_data_sets_own_name_is_known_and_others_are_not():
    assert find_class("T-shirt/top") == 0
    for unknown in ("", "hat", "boot", "10", "-1", "7.0"):
        assert find_class(unknown) is None, unknown


@pytest.mark.parametrize(
    "text", ["file,label\n1.png,bag", "File;Label\n1.png;bag\n", "label\tfile\r\nbag\t1.png"]
)
def test_columns_may_be_separated_in_three_ways(text):
    assert label(["1.png", "2.png"], text) == ([8, None], 0)


def test_a_file_made_for_benchmark_photos_serves():
    text = "\ufefffile\tclass_index\tclass_name\tbackground\n1.png\t9\tankle boot\tplain\n"
    assert label(["1.png"], text, "labels.tsv") == ([9], 0)


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos are not on this machine")
def test_the_labels_of_the_photos():
    labels = read_labels("labels.tsv", (PHOTOS / "labels.tsv").read_bytes())
    paths = sorted(path.name for path in PHOTOS.iterdir() if path.suffix in (".jpg", ".png", ".webp"))
    classes, unmatched = label_pictures(paths, labels)
    assert None not in classes and unmatched == 0 and not labels.unknown


def test_quoted_names_with_commas_are_read():
    assert label(["my bag, red.png"], 'file,label\n"my bag, red.png",bag') == ([8], 0)


def test_unknown_labels_and_lines_without_a_picture_are_kept_apart():
    labels = read_labels(
        "labels.csv", b"file,label\n1.png,hat\n2.png,\n3.png,hat\n4.png,bag\n5.png,coat\n6.png"
    )
    assert labels.unknown == ("hat",) and not labels.fault
    assert label_pictures(["1.png", "4.png"], labels) == ([None, 8], 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line must be file,label"),
        (b"1.png,bag", "first line must be file,label"),
        (b"file,colour\n1.png,red", "first line must be file,label"),
        (b"\xff\xfe\x00", "save it as CSV in UTF-8"),
        (b"file,label\n" + b"x" * 200_000 + b",bag", "save it as CSV in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content, said):
    labels = read_labels("labels.csv", content)
    assert said in labels.fault and labels.fault.startswith("labels.csv") and labels.fault.endswith(".")
    assert label_pictures(["1.png"], labels) == ([None], 0)


def test_folders_named_after_classes_are_labels_and_the_nearest_counts():
    paths = ["Ankle_Boot/1.png", "bag/T-SHIRT/2.png", "sneaker/new/3.png", "hats/4.png", "7/5.png", "bag.png"]
    assert label_pictures(paths, None) == ([9, 0, 7, None, None, None], 0)
    assert label_pictures(["bag\\1.png"], None) == ([8], 0)


def test_a_line_counts_more_than_a_folder():
    assert label(["bag/1.png", "bag/2.png"], "file,label\nbag/1.png,coat") == ([4, 8], 0)


def test_a_name_alone_is_enough_unless_two_pictures_share_it():
    text = "file,label\n1.png,bag\n2.png,coat"
    assert label(["a/1.png", "a/2.png", "b/2.png"], text) == ([8, None, None], 1)
