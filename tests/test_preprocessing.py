"""From a picture to 28x28: clean product shots, drawings, and pictures of the data set."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.decoding import decode
from fmnist.errors import InvalidImageError
from fmnist.preprocessing import prepare
from fmnist.samples import draw_samples

SAMPLES = draw_samples()


def as_picture(image):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return decode(stream.getvalue())


def product_shot(ground, garment, size=(300, 400), box=(100, 40, 199, 239)):
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle(box, fill=garment)
    return np.asarray(image)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("index", range(10))
def test_a_grey_28x28_on_black_is_used_as_it_is(index, mode):
    image = np.asarray(Image.fromarray(SAMPLES[index]).convert(mode))
    preparation = prepare(as_picture(image))
    np.testing.assert_array_equal(preparation.image, SAMPLES[index])
    assert "used as it is" in preparation.stages[-1].sentence


def test_a_grey_28x28_on_white_is_swapped():
    for sample in SAMPLES:
        np.testing.assert_array_equal(prepare(as_picture(255 - sample)).image, sample)


@pytest.mark.parametrize(
    ("ground", "garment"),
    [("white", "navy"), ("white", "tomato"), ("lightgrey", "white"), ("black", "silver"), ("teal", "beige")],
)
def test_a_product_shot_is_cropped_centred_and_bright_on_black(ground, garment):
    image = prepare(as_picture(product_shot(ground, garment))).image
    assert image.shape == (28, 28) and image.dtype == np.uint8
    rows, columns = np.nonzero(image > 100)
    assert (rows.min(), rows.max()) == (0, 27)
    assert (columns.min(), columns.max()) == (7, 20)  # 100 x 200 becomes 14 x 28, centred
    assert image[:, :7].max() == 0 and image[:, 21:].max() == 0
    assert image[14, 14] >= 150


def test_an_odd_pixel_goes_to_the_top_and_left():
    shot = product_shot("white", "black", box=(50, 50, 50 + 279, 50 + 129), size=(400, 300))  # 28 x 13
    rows, _ = np.nonzero(prepare(as_picture(shot)).image > 100)
    assert (rows.min(), rows.max()) == (8, 20)  # eight rows above, seven below


def test_specks_are_removed_and_parts_kept():
    shot = product_shot("white", "black").copy()
    shot[5:8, 5:8] = 0  # a speck
    image = prepare(as_picture(shot)).image
    np.testing.assert_array_equal(image, prepare(as_picture(product_shot("white", "black"))).image)
    shot[240:260, 20:60] = 0  # no speck: a part a twentieth as large, and one a third
    shot[260:330, 100:199] = 0
    assert (prepare(as_picture(shot)).image > 100).any(axis=1).sum() > 20


def test_transparency_is_the_mask():
    image = np.zeros((60, 60, 4), np.uint8)
    image[..., :3] = 40
    image[10:50, 20:40, 3] = 255
    preparation = prepare(as_picture(image))
    rows, columns = np.nonzero(preparation.image > 100)
    assert (np.ptp(rows), np.ptp(columns)) == (27, 13)
    assert "transparency" in preparation.stages[2].sentence


def test_a_drawing_keeps_its_strokes():
    board = np.zeros((280, 280), np.uint8)
    board[60:220, 100:180] = 255
    preparation = prepare(as_picture(board), drawing=True)
    rows, columns = np.nonzero(preparation.image > 200)
    assert (np.ptp(rows), np.ptp(columns)) == (27, 13)


def test_the_stages_lead_from_the_picture_to_the_28x28():
    preparation = prepare(as_picture(product_shot("white", "navy")))
    names = [stage.name for stage in preparation.stages]
    assert names == ["Your picture", "Grey", "Ground made black", "Cropped", "28 x 28"]
    assert "300 x 400" in preparation.stages[0].sentence
    assert "lost" in preparation.stages[-1].sentence
    np.testing.assert_array_equal(preparation.stages[-1].image, preparation.image)
    assert preparation.stages[3].image.shape == (200, 100)


def test_preparation_is_deterministic():
    noisy = np.random.default_rng(0).integers(0, 256, (200, 150, 3), dtype=np.uint8)
    first, second = (prepare(as_picture(noisy)).image for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("shape", [(28, 28), (1, 1), (100, 80)])
def test_an_even_surface_is_refused_with_advice(value, shape):
    with pytest.raises(InvalidImageError, match="nothing that stands out"):
        prepare(as_picture(np.full(shape, value, np.uint8)))
    if value == 0:
        with pytest.raises(InvalidImageError, match="drawing board is empty"):
            prepare(as_picture(np.zeros(shape, np.uint8)), drawing=True)


@pytest.mark.parametrize("shape", [(1, 640), (640, 1), (2, 2), (3, 500)])
def test_odd_shapes_still_give_a_picture(shape):
    image = np.zeros(shape, np.uint8)
    image[shape[0] // 2, shape[1] // 2] = 255
    assert prepare(as_picture(image)).image.max() > 0
