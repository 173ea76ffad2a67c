"""The batch page: good and hostile files together, the table, and what is said of the refused."""

import html
import io
import itertools
import re
import zipfile

import numpy as np
import pytest
from PIL import Image

from fmnist import artifacts
from fmnist.config import CLASS_NAMES
from fmnist.errors import CostlyImageError
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import prepare
from fmnist.room import Room
from fmnist.second_opinion import load_second_opinion, make_views
from tests.app.conftest import NAMES, said, texts
from tests.conftest import predict
from tests.scenes import TROUSER, photograph

PAGE = "try/classify_a_batch.py"


def encode(image, format="PNG"):
    stream = io.BytesIO()
    image.save(stream, format)
    return stream.getvalue()


GOOD = [
    (f"good-{index}.png", encode(Image.fromarray(draw_samples()[index])), "image/png") for index in (1, 8, 9)
]
HOSTILE = [
    ("../../etc/passwd.png", b"root:x:0:0", "image/png"),
    ("<img src=x onerror=alert(1)>.png", b"", "image/png"),
    ("[link](https://example.org).png", GOOD[0][1][:-40], "image/png"),
    ("a" * 5_000 + ".png", b"%PDF-1.7", "image/png"),
    ("\u202egnp.exe", b"MZ" * 50, "application/octet-stream"),
    ("vector.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
    ("huge.png", encode(Image.new("1", (5_000, 5_000))), "image/png"),
    ("clear.png", encode(Image.new("RGBA", (9, 9))), "image/png"),
    ("even.png", encode(Image.new("L", (50, 50), 90)), "image/png"),
    ("photo.tiff", encode(Image.new("L", (9, 9)), "TIFF"), "image/tiff"),
]


def upload(app, files):
    app.file_uploader(key="batch").set_value(files)
    app.run()
    assert not app.exception, app.exception
    return app


def markup(app):
    """The table of the refused files, as the browser gets it."""
    return "".join(element.proto.body for element in app.get("html"))


def refused(app):
    """The refused files: name and reason of each."""
    cells = re.findall(r"<td>(.*?)</td>", markup(app))
    return list(zip(map(html.unescape, cells[::2]), cells[1::2], strict=True))


def test_no_name_in_a_table_is_a_formula_to_a_spreadsheet(open_page):
    """The toolbar of a table offers its content as CSV, just as it is."""
    app = upload(open_page(PAGE), [("+1+cmd|calc.png", *GOOD[0][1:])])
    assert app.dataframe[0].value["file"].item() == "'+1+cmd|calc.png"


def test_after_three_costly_pictures_the_rest_of_a_batch_is_not_opened(open_page, monkeypatch):
    def fail(room, content, **options):
        asked.append(content)
        raise CostlyImageError("It takes too long.")

    asked = []
    monkeypatch.setattr(Room, "prepare", fail)
    files = [(f"{number}.png", bytes([number]), "image/png") for number in range(6)]
    app = upload(open_page(PAGE), files)
    assert asked == [bytes([number]) for number in range(3)]
    assert [why for _, why in refused(app)] == ["It takes too long."] * 3
    assert [warning.value.partition(",")[0] for warning in app.warning] == ["3 more pictures were not opened"]


def test_what_is_beyond_the_limit_is_one_line(open_page, monkeypatch):
    monkeypatch.setattr(Room, "prepare", lambda room, content, **options: prepare(decode(content)))
    app = upload(open_page(PAGE), [(f"{number}.png", *GOOD[0][1:]) for number in range(53)])
    assert len(app.dataframe[0].value) == 50 and not refused(app)
    assert [said(warning) for warning in app.warning] == [
        "3 of 53 pictures were left out: at most 50 are answered at a time. Put them into one zip to have up "
        "to 200 answered."
    ]


def test_the_limits_are_said_before_the_upload(open_page):
    label = open_page(PAGE).file_uploader(key="batch").label
    assert "50 pictures" in label and "25 MB" in label and "200 (50 MB)" in label


def test_an_empty_page_says_what_to_do(open_page):
    assert "Choose several pictures" in open_page(PAGE).info[0].value


def test_three_good_and_ten_hostile_files(open_page):
    app = upload(open_page(PAGE), [*GOOD, *HOSTILE])
    assert sorted(app.dataframe[0].value["file"]) == [name for name, *_ in GOOD]
    assert len(refused(app)) == 10 and not app.error
    app.run()  # answered from the cache now
    assert not app.exception and [len(frame.value) for frame in app.dataframe] == [3]
    assert all(reason.endswith(".") and "\n" not in reason for _, reason in refused(app))
    assert max(len(name) for name, _ in refused(app)) <= 60
    assert refused(app)[1][0] == HOSTILE[1][0] and "<img" not in markup(app), "a name was taken for markup"
    markdown = " ".join(shown.value for shown in [*app.markdown, *app.caption, *app.info])
    assert "onerror" not in markdown and "passwd" not in markdown, "a name was shown as markup"


def test_the_table_holds_every_models_answer_most_disagreement_first(open_page):
    files = [
        (f"{i}.png", encode(Image.fromarray(image)), "image/png") for i, image in enumerate(draw_samples())
    ]
    app = upload(open_page(PAGE), files)
    table = app.dataframe[0].value
    for name in NAMES:
        answers = predict(name, draw_samples())
        shown = table.set_index("file")[f"{name} (%)"]
        for index in range(10):
            assert shown[f"{index}.png"] == pytest.approx(100 * answers[index].max(), abs=1e-4)
    assert table["disagreement (%)"].is_monotonic_decreasing
    answers = [predict(name, draw_samples()) for name in NAMES]
    expected = max(np.abs(a - b).sum(axis=1).max() / 2 for a, b in itertools.combinations(answers, 2))
    assert table["disagreement (%)"].iloc[0] == pytest.approx(100 * expected, abs=1e-3)
    assert table["picture"].str.startswith("data:image/jpeg;base64,").all()
    assert table["28 x 28"].str.startswith("data:image/png;base64,").all()
    assert "10 pictures answered; the models agree on" in texts(app)
    assert app.get("download_button")


def test_a_picture_of_noise_is_told_from_garments(open_page):
    noise = np.random.default_rng(2).integers(0, 256, (28, 28), dtype=np.uint8)
    app = upload(open_page(PAGE), [*GOOD, ("noise.png", encode(Image.fromarray(noise)), "image/png")])
    strange = app.dataframe[0].value.set_index("file")["none of the ten"]
    assert strange["noise.png"] and strange.sum() == 1
    assert "Probably none of the ten garments, whatever the models say: **1**" in texts(app)
    assert "The warning is wrong for" in texts(app)


def test_without_an_alarm_nothing_is_said_of_it(open_page, monkeypatch):
    monkeypatch.setattr("fmnist.confidence.load_alarm", lambda run: None)
    app = upload(open_page(PAGE), GOOD)
    assert "none of the ten" not in app.dataframe[0].value
    assert "one of the ten" not in texts(app)


def test_without_an_alarm_a_picture_without_a_garment_is_marked_all_the_same(open_page, monkeypatch):
    monkeypatch.setattr("fmnist.confidence.load_alarm", lambda run: None)
    noise = np.random.default_rng(2).integers(0, 256, (200, 200), dtype=np.uint8)
    app = upload(open_page(PAGE), [*GOOD, ("noise.png", encode(Image.fromarray(noise)), "image/png")])
    strange = app.dataframe[0].value.set_index("file")["none of the ten"]
    assert strange["noise.png"] and strange.sum() == 1
    assert "None of the ten: no garment stands out from the background." in texts(app)


def test_a_zip_is_answered_and_its_bad_members_are_listed(open_page):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content, _ in [*GOOD, *HOSTILE[:2]]:
            archive.writestr(name, content)
    app = upload(open_page(PAGE), [("pictures.zip", stream.getvalue(), "application/zip")])
    assert len(app.dataframe[0].value) == 3 and len(refused(app)) == 2


def test_only_refused_files_show_no_table(open_page):
    app = upload(open_page(PAGE), HOSTILE[:2])
    assert not app.dataframe and len(refused(app)) == 2


LONG = "a_very_long_name_from_a_phone_" * 3


def test_a_long_name_is_short_in_the_table_and_whole_in_the_download(open_page, downloads):
    name = f"{LONG}7.png"
    app = upload(open_page(PAGE), [(name, *GOOD[0][1:])])
    assert app.dataframe[0].value["file"].item() == "a_very_…ne_7.png"
    assert downloads[-1]["file"].item() == name


def test_labels_say_how_often_each_model_is_right(open_page, downloads):
    labels = b"file,label\ngood-1.png,Trouser\ngood-8.png,ANKLE_BOOT\nother.png,hat\ngone.png,bag\n"
    app = upload(open_page(PAGE), [*GOOD, ("labels.csv", labels, "text/csv")])
    table = app.dataframe[0].value.set_index("file")
    assert table["true class"].to_dict() == {
        "good-1.png": "trouser",
        "good-8.png": "ankle boot",
        "good-9.png": "",
    }
    csv = downloads[-1].set_index("file")
    for name in NAMES:
        tops = predict(name, draw_samples()[[1, 8, 9]]).argmax(axis=1)
        right = {"good-1.png": tops[0] == 1, "good-8.png": tops[1] == 9}
        for file, is_right in right.items():
            assert table[name][file].startswith("✓ " if is_right else "✗ ")
            assert csv[f"{name} right"][file] == is_right
        assert table[name]["good-9.png"][0] not in "✓✗" and np.isnan(csv[f"{name} right"]["good-9.png"])
        assert f"{name} **{sum(right.values())} of 2**" in texts(app)
    assert set(csv["true class"].dropna()) == {"trouser", "ankle boot"}
    (warning,) = app.warning
    assert (
        said(warning)
        == 'In labels.csv, "hat" is none of the ten classes and 1 line names no picture of this batch.'
    )


def test_photos_have_a_column_of_what_is_combined_which_can_be_switched_off(open_page, downloads):
    photo = encode(Image.fromarray(photograph(TROUSER, 60, 205, seed=4)[0]))
    labels = b"file,label\nphoto.png,trouser\ngood-8.png,bag\n"
    files = [*GOOD, ("photo.png", photo, "image/png"), ("labels.csv", labels, "text/csv")]
    app = upload(open_page(PAGE), files)
    opinion, preparation = load_second_opinion(), prepare(decode(photo))
    partner = opinion.find_partner(artifacts.load_models()).name
    answers = np.mean(predict(partner, preparation.images), axis=0, keepdims=True)
    (expected,) = opinion.combine(answers, opinion.ask_views(make_views(preparation))[np.newaxis])
    table = app.dataframe[0].value.set_index("file")
    assert table["combined (%)"].dropna().to_dict() == {"photo.png": pytest.approx(100 * expected.max())}
    name = CLASS_NAMES[expected.argmax()]
    assert set(table["combined"]) == {"", f"{'✓' if name == 'trouser' else '✗'} {name}"}
    assert downloads[-1].set_index("file")["combined right"].dropna().to_dict() == {
        "photo.png": name == "trouser"
    }
    assert f"photo whose class is known: combined **{int(name == 'trouser')} of 1**" in texts(app)
    app.toggle(key="opinion").set_value(False)
    app.run()
    assert not app.exception and "combined" not in app.dataframe[0].value and "ombined" not in texts(app)
    assert all(name in app.dataframe[0].value for name in NAMES)


def test_folders_of_a_zip_are_labels(open_page):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for folder, (name, content, _) in zip(("Trouser", "BAG", "Ankle-Boot"), GOOD, strict=True):
            archive.writestr(f"mine/{folder}/{name}", content)
    app = upload(open_page(PAGE), [("pictures.zip", stream.getvalue(), "application/zip")])
    assert "Right answers on the 3 pictures whose class is known" in texts(app)
    assert not app.warning


def test_without_labels_nothing_is_said_of_right_answers(open_page):
    app = upload(open_page(PAGE), GOOD)
    assert (
        "true class" not in app.dataframe[0].value and "Right answers" not in texts(app) and not app.warning
    )


def test_labels_that_cannot_be_used_do_not_stop_the_answers(open_page):
    app = upload(open_page(PAGE), [*GOOD, ("labels.csv", b"no heading", "text/csv")])
    assert len(app.dataframe[0].value) == 3
    assert "first line must be file,label" in said(app.warning[0])
