"""From a picture to 28x28: product shots, photos, drawings, outlines, and pictures of the data set."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import Settings, place, prepare
from tests.scenes import TROUSER, photograph

SAMPLES = draw_samples()


def as_picture(image):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return decode(stream.getvalue())


def product_shot(ground, garment, size=(300, 400), box=(100, 40, 199, 239)):
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle(box, fill=garment)
    return np.asarray(image)


def bright_box(image):
    """Top, bottom, left and right of what is bright."""
    rows, columns = np.nonzero(image > 100)
    return rows.min(), rows.max(), columns.min(), columns.max()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("index", range(10))
def test_a_grey_28x28_on_black_is_used_as_it_is(index, mode):
    image = np.asarray(Image.fromarray(SAMPLES[index]).convert(mode))
    preparation = prepare(as_picture(image))
    np.testing.assert_array_equal(preparation.image, SAMPLES[index])
    assert "used as it is" in preparation.stages[-1].sentence


def test_a_grey_28x28_on_white_is_swapped_unless_the_visitor_says_otherwise():
    for sample in SAMPLES:
        picture = as_picture(255 - sample)
        np.testing.assert_array_equal(prepare(picture).image, sample)
        np.testing.assert_array_equal(prepare(picture, settings=Settings(ground="dark")).image, 255 - sample)


@pytest.mark.parametrize(
    ("ground", "garment"),
    [("white", "navy"), ("white", "tomato"), ("lightgrey", "white"), ("black", "silver"), ("teal", "beige")],
)
def test_a_product_shot_is_cropped_centred_and_bright_on_black(ground, garment):
    image = prepare(as_picture(product_shot(ground, garment))).image
    assert image.shape == (28, 28) and image.dtype == np.uint8
    assert bright_box(image) == (0, 27, 7, 20)  # 100 x 200 becomes 14 x 28, centred
    assert image[:, :7].max() == 0 and image[:, 21:].max() == 0
    assert image[14, 14] >= 100


def test_on_white_the_answer_is_the_authors_negative():
    shot = product_shot("white", "black")
    shot = shot.copy()
    shot[100:120, 120:180] = 200
    preparation = prepare(as_picture(shot))
    np.testing.assert_array_equal(preparation.stages[2].image, 255 - shot[..., 0])


def test_an_odd_pixel_goes_to_the_top_and_left():
    shot = product_shot("white", "black", box=(50, 50, 50 + 279, 50 + 129), size=(400, 300))  # 28 x 13
    rows, _ = np.nonzero(prepare(as_picture(shot)).image > 100)
    assert (rows.min(), rows.max()) == (8, 20)  # eight rows above, seven below


def test_specks_are_removed_and_parts_kept():
    shot = product_shot("white", "black").copy()
    shot[5:8, 5:8] = 0  # a speck
    image = prepare(as_picture(shot)).image
    np.testing.assert_array_equal(image, prepare(as_picture(product_shot("white", "black"))).image)
    shot[260:330, 100:199] = 0  # a part a third as large
    assert (prepare(as_picture(shot)).image > 100).any(axis=1).sum() > 20


@pytest.mark.parametrize("index", range(10))
@pytest.mark.parametrize("ground", [(255, 255, 255), (255, 0, 0), (0, 160, 255)])
def test_a_pasted_garment_comes_back(index, ground):
    """White with the sample's brightness as opacity, or black on white: as if the ground were black."""
    large = Image.fromarray(SAMPLES[index]).resize((280, 280), Image.Resampling.BICUBIC)
    opacity = np.asarray(large)[..., None] / 255
    garment = 0 if ground == (255, 255, 255) else 255
    pasted = np.round(opacity * garment + (1 - opacity) * np.array(ground)).astype(np.uint8)
    expected = prepare(as_picture(np.asarray(large))).image.astype(int)
    # Where a soft edge begins may shift the picture by a pixel; an empty mask would differ by 60.
    assert np.abs(prepare(as_picture(pasted)).image - expected).mean() < 25


def test_transparency_is_the_mask():
    image = np.zeros((60, 60, 4), np.uint8)
    image[..., :3] = 40
    image[10:50, 20:40, 3] = 255
    preparation = prepare(as_picture(image))
    top, bottom, left, right = bright_box(preparation.image)
    assert (bottom - top, right - left) == (27, 13)
    assert "transparency" in preparation.stages[1].sentence


@pytest.mark.parametrize(("cloth", "ground"), [(60, 200), (200, 60), (235, 190), (40, 80)])
def test_a_photo_on_an_uneven_ground_becomes_bright_on_black(cloth, ground):
    photo, mask = photograph(TROUSER, cloth, ground, seed=3)
    preparation = prepare(as_picture(photo))
    assert "border of the picture" in preparation.stages[1].sentence
    garment = Image.fromarray(255 * mask).crop(Image.fromarray(mask).getbbox())
    rows, columns, top, left = place(garment.size[::-1])
    expected = np.zeros((28, 28), bool)
    expected[top : top + rows, left : left + columns] = np.asarray(garment.resize((columns, rows))) > 127
    assert np.mean((preparation.image > 60) == expected) > 0.95
    assert 150 <= np.median(preparation.image[preparation.image > 60]) <= 210


def test_a_filled_drawing_keeps_its_strokes():
    board = np.zeros((280, 280), np.uint8)
    board[60:220, 100:180] = 255
    assert bright_box(prepare(as_picture(board), drawing=True).image) == (0, 27, 7, 20)


def outline(line, gap=0):
    board = Image.new("L", (280, 280))
    ImageDraw.Draw(board).line([(100, 40), (180, 40), (180, 240), (100, 240), (100, 40 + gap)], 255, line)
    return np.asarray(board)


@pytest.mark.parametrize(("line", "gap"), [(8, 0), (22, 0), (10, 8)])
def test_an_outline_is_recognised_and_filled(line, gap):
    picture = as_picture(outline(line, gap))
    filled = prepare(picture, drawing=True)
    assert filled.image[14, 14] > 240 and "outline was filled" in filled.stages[2].sentence
    left = prepare(picture, drawing=True, settings=Settings(fill=False))
    assert left.image[14, 14] < 30


def test_an_outline_on_paper_is_filled_too():
    assert prepare(as_picture(255 - outline(6))).image[14, 14] > 240


def draw_lines(*curves):
    board = Image.new("L", (280, 280))
    for curve in curves:
        ImageDraw.Draw(board).line([*curve, curve[0]], fill=255, width=12)
    return np.asarray(board)


def test_the_loop_of_a_handle_stays_open_unless_it_shall_be_filled():
    body = (30, 120), (250, 120), (250, 250), (30, 250)
    handle = (100, 120), (110, 50), (170, 50), (180, 120)
    bag = as_picture(draw_lines(body, handle))
    image = prepare(bag, drawing=True).image
    assert image[20, 14] == 255 and image[8, 14] < 10
    assert prepare(bag, drawing=True, settings=Settings(fill=True)).image[8, 14] == 255


@pytest.mark.parametrize(
    "part",
    [
        [(100, 130), (105, 30), (175, 30), (180, 130)],  # a bodice above a skirt
        [(30, 130), (60, 30), (220, 30), (250, 130)],  # a chest above a stripe
    ],
)
def test_what_lies_above_a_line_is_filled_on_other_garments(part):
    (left, _), _, _, (right, _) = part
    below = [(left, 130), (right, 130), (right + 10, 260), (left - 10, 260)]
    image = prepare(as_picture(draw_lines(part, below)), drawing=True).image
    assert image[20, 14] == 255 and image[6, 14] == 255


def test_a_visitor_may_fill_what_looks_filled_already():
    board = np.zeros((280, 280), np.uint8)
    board[40:240, 60:220] = 255
    board[120:160, 120:160] = 0  # a hole too small to be taken for the inside of an outline
    picture = as_picture(board)
    assert prepare(picture, drawing=True).image[14, 14] < 30
    assert prepare(picture, drawing=True, settings=Settings(fill=True)).image[14, 14] > 240


def test_the_stages_lead_from_the_picture_to_the_28x28():
    preparation = prepare(as_picture(product_shot("white", "navy")))
    names = [stage.name for stage in preparation.stages]
    assert names == ["Your picture", "Ground made black", "Grey and bright", "Cropped", "28 x 28"]
    assert "300 x 400" in preparation.stages[0].sentence
    assert "lost" in preparation.stages[-1].sentence
    np.testing.assert_array_equal(preparation.stages[-1].image, preparation.image)
    assert preparation.stages[3].image.shape == (200, 100)
    for stage in preparation.stages:
        assert stage.small.shape == (28, 28) and stage.small.dtype == np.uint8
    assert preparation.stages[0].small[1, 14] > 240  # the white ground is still there


def test_each_setting_changes_its_stage():
    picture = as_picture(product_shot("white", "navy"))
    automatic = prepare(picture).image
    turned = prepare(picture, settings=Settings(turns=1)).image
    assert bright_box(turned) == (7, 20, 0, 27)
    uncut = prepare(picture, settings=Settings(crop=False)).image
    assert bright_box(uncut)[:2] == (3, 16)
    kept = prepare(picture, settings=Settings(remove_background=False, ground="dark")).image
    assert kept[1, 14] > 240 and kept[10, 14] < 60
    dark = prepare(picture, settings=Settings(ground="dark")).image
    assert not np.array_equal(dark, automatic) and bright_box(dark) == bright_box(automatic)


def test_a_full_turn_is_no_turn():
    picture = as_picture(photograph(TROUSER, 60, 200, seed=1)[0])
    np.testing.assert_array_equal(prepare(picture, settings=Settings(turns=4)).image, prepare(picture).image)


@pytest.mark.parametrize("settings", [Settings(), Settings(remove_background=False)])
def test_preparation_is_deterministic(settings):
    noisy = np.random.default_rng(0).integers(0, 256, (200, 150, 3), dtype=np.uint8)
    first, second = (prepare(as_picture(noisy), settings=settings).image for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("shape", [(28, 28), (1, 1), (100, 80)])
def test_an_even_surface_is_refused_with_advice(value, shape):
    with pytest.raises(InvalidImageError, match="nothing that stands out"):
        prepare(as_picture(np.full(shape, value, np.uint8)))
    if value == 0:
        with pytest.raises(InvalidImageError, match="drawing board is empty"):
            prepare(as_picture(np.zeros(shape, np.uint8)), drawing=True)


@pytest.mark.parametrize("settings", [Settings(), Settings(turns=1, fill=True), Settings(ground="light")])
@pytest.mark.parametrize("shape", [(1, 640), (640, 1), (2, 2), (3, 500), (1, 2)])
def test_odd_shapes_still_give_a_picture(shape, settings):
    image = np.zeros(shape, np.uint8)
    image[shape[0] // 2, shape[1] // 2] = 255
    assert prepare(as_picture(image), settings=settings).image.max() > 0
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert prepare(as_picture(noise), settings=settings).image.shape == (28, 28)


def test_a_square_picture_that_its_garment_fills_is_not_cut():
    for sample in SAMPLES:
        large = Image.fromarray(sample).resize((280, 280), Image.Resampling.BICUBIC)
        found = prepare(as_picture(np.asarray(large))).image.astype(int)
        rows, columns = np.nonzero(sample > 127)
        if max(np.ptp(rows), np.ptp(columns)) == 27:
            assert np.abs(found - sample).mean() < 2
