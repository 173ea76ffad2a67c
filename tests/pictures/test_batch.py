"""Batches from strangers: loose files and one zip, their caps and reasons."""

import io
import zipfile

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
    assert list(collect(files)) == [Item("a.png", png(0)), Item("b.png", b"not a picture")]


def test_the_fifty_first_picture_is_refused_and_the_others_are_not():
    items = list(collect([(f"{n}.png", b"x") for n in range(52)]))
    assert [bool(item.reason) for item in items] == [False] * 50 + [True] * 2
    assert "Only 50 pictures" in items[50].reason


def test_a_zip_among_them_does_not_lift_the_limit():
    items = list(collect([("a.zip", pack([("b.png", png())])), *((f"{n}.png", b"x") for n in range(60))]))
    assert sum(not item.reason for item in items) == 49 and len(items) == 61


def test_a_zip_beside_other_files_is_refused_alone():
    items = list(collect([("a.png", png()), ("b.zip", pack([("c.png", png())]))]))
    assert items[0].content and "uploaded alone" in items[1].reason


def test_the_members_of_a_zip_are_its_items():
    first, second = collect([("upload.zip", pack([("a/bag.png", png(8)), ("notes.txt", b"hello")]))])
    assert (first.name, first.unpack()) == ("bag.png", png(8))
    assert (second.name, second.unpack()) == ("notes.txt", b"hello")


def test_a_zip_that_cannot_be_read_is_one_item():
    (item,) = collect([("a" * 100 + ".zip", b"PK nothing else")])
    assert len(item.name) == 60 and "damaged" in item.reason
