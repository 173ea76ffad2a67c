"""From a picture to 28x28: product shots, photos, drawings, outlines, and pictures of the data set."""

import numpy as np
import pytest
from PIL import Image

from fmnist.errors import NothingToSeeError
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import (
    AsItIs,
    Cropped,
    Fitted,
    Light,
    Lit,
    Mask,
    Masked,
    Origin,
    Preparation,
    Received,
    Settings,
    place,
    prepare,
)
from tests.scenes import TROUSER, as_picture, bright_box, photograph, product_shot

SAMPLES = draw_samples()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("index", range(10))
def test_a_grey_28x28_on_black_is_used_as_it_is(index, mode):
    image = np.asarray(Image.fromarray(SAMPLES[index]).convert(mode))
    preparation = prepare(as_picture(image))
    np.testing.assert_array_equal(preparation.image, SAMPLES[index])
    assert [stage.facts for stage in preparation.stages] == [
        Received(turns=0, width=28, height=28),
        AsItIs(Origin.VISITOR),
    ]


def test_a_grey_28x28_on_white_is_swapped_unless_the_visitor_says_otherwise():
    for sample in SAMPLES:
        picture = as_picture(255 - sample)
        np.testing.assert_array_equal(prepare(picture).image, sample)
        assert prepare(picture).find(AsItIs) == AsItIs(Origin.VISITOR, swapped=True)
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
    assert preparation.find(Masked) == Masked(Mask.TRANSPARENCY)


@pytest.mark.parametrize(("cloth", "ground"), [(60, 200), (200, 60), (235, 190), (40, 80)])
def test_a_photo_on_an_uneven_ground_becomes_bright_on_black(cloth, ground):
    photo, mask = photograph(TROUSER, cloth, ground, seed=3)
    preparation = prepare(as_picture(photo))
    assert preparation.find(Masked) == Masked(Mask.BORDER_COLOURS)
    assert preparation.find(Lit) == Lit(Light.LEVELLED, swapped=cloth < ground)
    garment = Image.fromarray(255 * mask).crop(Image.fromarray(mask).getbbox())
    rows, columns, top, left = place(garment.size[::-1])
    expected = np.zeros((28, 28), bool)
    expected[top : top + rows, left : left + columns] = np.asarray(garment.resize((columns, rows))) > 127
    assert np.mean((preparation.image > 60) == expected) > 0.95
    assert 150 <= np.median(preparation.image[preparation.image > 60]) <= 210


def test_only_a_mask_that_is_a_guess_has_others_beside_it():
    photo, _ = photograph(TROUSER, 60, 200, seed=3)
    preparation = prepare(as_picture(photo))
    assert [other.facts for other in preparation.others] == [Masked(Mask.FROM_MIDDLE), Masked(Mask.DIFFERING)]
    images = preparation.images
    assert images.shape == (3, 28, 28) and images.dtype == np.uint8
    np.testing.assert_array_equal(images[0], preparation.image)
    for image in images[1:]:  # all find these trousers
        assert np.mean((image > 60) == (preparation.image > 60)) > 0.95
    for settings in (Settings(remove_background=False), Settings(box=(0.1, 0.1, 0.9, 0.9))):
        assert prepare(as_picture(photo), settings=settings).others == ()
    for certain in (product_shot("white", "navy"), SAMPLES[7]):
        found = prepare(as_picture(certain))
        assert found.others == () and len(found.images) == 1


@pytest.mark.parametrize("ground", [60, 128, 210])
def test_a_grey_28x28_that_is_on_neither_black_nor_white_is_prepared_like_any_other(ground):
    sample = SAMPLES[7]
    image = np.where(sample > 0, sample // 5, ground).astype(np.uint8)
    preparation = prepare(as_picture(image))
    assert preparation.find(AsItIs) is None
    assert preparation.find(Masked).mask is Mask.EVEN_GROUND
    assert (preparation.image[sample == 0] == 0).mean() > 0.9


def test_the_stages_lead_from_the_picture_to_the_28x28():
    preparation = prepare(as_picture(product_shot("white", "navy")))
    *first, fitted = [stage.facts for stage in preparation.stages]
    assert first == [
        Received(turns=0, width=300, height=400),
        Masked(Mask.EVEN_GROUND),
        Lit(Light.DIFFERENCE),
        Cropped(cut=True),
    ]
    assert fitted.merged == pytest.approx(200 * 100 / (28 * 14)) and fitted.lost == 0
    assert preparation.find(Fitted) is fitted and preparation.find(AsItIs) is None
    assert preparation.was_prepared and preparation.original.shape == (400, 300, 3)
    assert preparation.stages[3].image.shape == (200, 100)
    for stage in preparation.stages:
        assert stage.small.shape == (28, 28) and stage.small.dtype == np.uint8
    assert preparation.stages[0].small[1, 14] > 240  # the white ground is still there


def test_each_setting_changes_its_stage():
    picture = as_picture(product_shot("white", "navy"))
    automatic = prepare(picture).image
    turned = prepare(picture, settings=Settings(turns=1)).image
    assert bright_box(turned) == (7, 20, 0, 27)
    uncut = prepare(picture, settings=Settings(crop=False))
    assert bright_box(uncut.image)[:2] == (3, 16) and uncut.find(Cropped) == Cropped(cut=False)
    kept = prepare(picture, settings=Settings(remove_background=False, ground="dark"))
    assert kept.image[1, 14] > 240 and kept.image[10, 14] < 60
    assert (kept.find(Masked), kept.find(Lit)) == (Masked(Mask.UNASKED), Lit(Light.GREY))
    assert not kept.found_no_garment, "nobody looked for one"
    dark = prepare(picture, settings=Settings(ground="dark")).image
    assert not np.array_equal(dark, automatic) and bright_box(dark) == bright_box(automatic)


@pytest.mark.parametrize(("turns", "received"), [(1, 1), (3, 3), (4, 0), (-1, 3)])
def test_turns_are_counted_from_0_to_3_and_the_size_is_that_of_the_file(turns, received):
    preparation = prepare(as_picture(product_shot("white", "navy")), settings=Settings(turns=turns))
    assert preparation.find(Received) == Received(received, width=300, height=400)


@pytest.mark.parametrize(("garment", "raised"), [(215, True), (150, False)])
def test_a_dim_garment_is_brightened(garment, raised):
    preparation = prepare(as_picture(product_shot("white", (garment,) * 3)))
    assert preparation.find(Lit) == Lit(Light.DIFFERENCE, raised=raised)
    assert preparation.image[14, 14] >= 100


def faint():
    """One grey but for a dot that is smaller than a pixel of the 28."""
    surface = np.full((400, 300, 3), 200, np.uint8)
    surface[200, 150] = 205
    return surface


@pytest.mark.parametrize(
    ("picture", "mask"),
    [
        (np.random.default_rng(0).integers(0, 256, (200, 150, 3), dtype=np.uint8), Mask.NOTHING_STANDS_OUT),
        (faint(), Mask.NOTHING_DIFFERS),
        (product_shot("white", "navy"), Mask.EVEN_GROUND),
    ],
    ids=str,
)
def test_that_no_garment_was_found_is_a_fact(picture, mask):
    preparation = prepare(as_picture(picture))
    assert preparation.find(Masked) == Masked(mask)
    assert preparation.found_no_garment == (mask is not Mask.EVEN_GROUND)


def test_a_ready_made_image_is_its_own_preparation():
    ready = Preparation.of_ready(SAMPLES[3], Origin.SAMPLE)
    assert not ready.was_prepared and not ready.found_no_garment
    np.testing.assert_array_equal(ready.image, SAMPLES[3])
    np.testing.assert_array_equal(ready.original, SAMPLES[3])
    assert [stage.facts for stage in ready.stages] == [AsItIs(Origin.SAMPLE)]


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
    with pytest.raises(NothingToSeeError, match="nothing stands out"):
        prepare(as_picture(np.full(shape, value, np.uint8)))
    if value == 0:
        with pytest.raises(NothingToSeeError, match="drawing board is empty"):
            prepare(as_picture(np.zeros(shape, np.uint8)), drawing=True)


@pytest.mark.parametrize("settings", [Settings(), Settings(turns=1, fill=True), Settings(ground="light")])
@pytest.mark.parametrize("shape", [(1, 640), (640, 1), (2, 2), (3, 500), (1, 2)])
def test_odd_shapes_still_give_a_picture(shape, settings):
    image = np.zeros(shape, np.uint8)
    image[shape[0] // 2, shape[1] // 2] = 255
    assert prepare(as_picture(image), settings=settings).image.max() > 0
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert prepare(as_picture(noise), settings=settings).image.shape == (28, 28)
