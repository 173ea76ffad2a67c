"""The batch page: good and hostile files together, the table, and what is said of the refused."""

import io
import itertools
import zipfile

import numpy as np
import pytest
from PIL import Image

from fmnist.errors import CostlyImageError
from fmnist.pictures.samples import draw_samples
from fmnist.room import Room
from tests.app.conftest import NAMES, texts
from tests.conftest import predict

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


def test_no_name_in_a_table_is_a_formula_to_a_spreadsheet(open_page):
    """The toolbar of a table offers its content as CSV, just as it is."""
    files = [("+1+cmd|calc.png", *GOOD[0][1:]), ("@SUM(A1).png", b"", "image/png")]
    app = upload(open_page(PAGE), files)
    assert [frame.value["file"].item() for frame in app.dataframe] == ["'+1+cmd|calc.png", "'@SUM(A1).png"]


def test_after_three_costly_pictures_the_rest_of_a_batch_is_not_opened(open_page, monkeypatch):
    def fail(room, content, **options):
        asked.append(content)
        raise CostlyImageError("It takes too long.")

    asked = []
    monkeypatch.setattr(Room, "prepare", fail)
    files = [(f"{number}.png", bytes([number]), "image/png") for number in range(6)]
    app = upload(open_page(PAGE), files)
    assert asked == [bytes([number]) for number in range(3)]
    whys = app.dataframe[0].value["why"].tolist()
    assert whys[:3] == ["It takes too long."] * 3 and all("already took too long" in why for why in whys[3:])


def test_an_empty_page_says_what_to_do(open_page):
    assert "Choose several pictures" in open_page(PAGE).info[0].value


def test_three_good_and_ten_hostile_files(open_page):
    app = upload(open_page(PAGE), [*GOOD, *HOSTILE])
    answered, refused = (frame.value for frame in app.dataframe)
    assert sorted(answered["file"]) == [name for name, *_ in GOOD]
    assert len(refused) == 10 and not app.error
    app.run()  # answered from the cache now
    assert not app.exception and [len(frame.value) for frame in app.dataframe] == [3, 10]
    assert all(reason.endswith(".") and "\n" not in reason for reason in refused["why"])
    assert refused["file"].str.len().max() <= 60
    assert "onerror" not in texts(app) and "passwd" not in texts(app), "a name was shown as markup"


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
    answered, refused = (frame.value for frame in app.dataframe)
    assert len(answered) == 3 and len(refused) == 2


def test_only_refused_files_show_no_table(open_page):
    app = upload(open_page(PAGE), HOSTILE[:2])
    assert len(app.dataframe) == 1 and len(app.dataframe[0].value) == 2
