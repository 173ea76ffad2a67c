"""Batches from strangers: loose files and one zip, their caps and reasons."""

import io
import random
import zipfile

import pytest
from PIL import Image

from fmnist.pictures.batch import Item, collect
from fmnist.pictures.samples import draw_samples


def png(index=0):
    stream = io.BytesIO()
    Image.fromarray(draw_samples()[index]).save(stream, "PNG")
    return stream.getvalue()


def pack(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def test_loose_files_are_passed_on_in_order():
    files = [("a.png", png(0)), ("b.png", b"not a picture")]
    batch = collect(files)
    assert batch.items == [
        Item("a.png", png(0), path="a.png"),
        Item("b.png", b"not a picture", path="b.png"),
    ]
    assert (batch.left_out, batch.labels, batch.unmatched) == (0, None, 0)


def test_pictures_beyond_the_fiftieth_are_left_out_and_counted():
    batch = collect([(f"{n}.png", b"x") for n in range(52)])
    assert [item.name for item in batch.items] == [f"{n}.png" for n in range(50)]
    assert not any(item.reason for item in batch.items) and batch.left_out == 2


def test_labels_take_no_place_of_a_picture():
    batch = collect([("labels.csv", b"file,label\n9.png,bag"), *((f"{n}.png", b"x") for n in range(50))])
    assert len(batch.items) == 50 and batch.left_out == 0
    assert [item.true_class for item in batch.items[8:11]] == [None, 8, None]


def test_a_zip_among_them_does_not_lift_the_limit():
    batch = collect([("a.zip", pack([("b.png", png())])), *((f"{n}.png", b"x") for n in range(60))])
    assert sum(not item.reason for item in batch.items) == 49 and batch.left_out == 11


def test_a_zip_beside_other_files_is_refused_alone():
    items = collect([("a.png", png()), ("b.zip", pack([("c.png", png())]))]).items
    assert items[0].content and "uploaded alone" in items[1].reason


def test_the_members_of_a_zip_are_its_items():
    first, second = collect([("up.zip", pack([("a/bag.png", png(8)), ("notes.txt", b"hello")]))]).items
    assert (first.name, first.path, first.unpack()) == ("bag.png", "a/bag.png", png(8))
    assert (second.name, second.unpack()) == ("notes.txt", b"hello")


def test_a_zip_that_cannot_be_read_is_one_item():
    (item,) = collect([("a" * 100 + ".zip", b"PK nothing else")]).items
    assert len(item.name) == 60 and "damaged" in item.reason


LABELLED = [
    ("shop/1.png", png(1)),
    ("shop/2.png", png(2)),
    ("shop/labels.tsv", b"file\tlabel\n1.png\tTrouser\n"),
]


def test_labels_inside_a_zip_count_from_their_folder():
    batch = collect([("a.zip", pack(LABELLED))])
    assert [(item.name, item.true_class) for item in batch.items] == [("1.png", 1), ("2.png", None)]


def test_labels_may_lie_beside_the_zip():
    batch = collect([("a.zip", pack(LABELLED[:2])), ("Labels.CSV", b"file,label\nshop/2.png,pullover\n")])
    assert [(item.name, item.true_class) for item in batch.items] == [("1.png", None), ("2.png", 2)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (random.Random(0).randbytes(1_000_001), "labels.csv is larger than 1 MB."),
        (b"PK", "labels.csv cannot be used. A zip inside"),
    ],
)
def test_labels_that_cannot_be_unpacked_say_so(content, said):
    batch = collect([("a.zip", pack([("1.png", b"x"), ("labels.csv", content)]))])
    assert len(batch.items) == 1 and batch.labels.fault.startswith(said)
