"""The part of one colour that somebody wears, on an even ground."""

import cv2
import numpy as np

from fmnist.preprocessing import Mask, Masked, prepare
from fmnist.preprocessing.colour import find_one_colour
from fmnist.synthesis.shapes import draw_limb, draw_oval, draw_polygon
from tests.scenes import as_picture

SHAPE = (320, 240)
SKINS = ((255, 224, 196), (224, 172, 138), (141, 85, 54), (80, 48, 36))
SHIRT = [(75, 90), (165, 90), (160, 190), (80, 190)]


def draw_person(skin, shirt=(30, 70, 160), ground=255):
    """Somebody from head to feet in a shirt and grey trousers: uint8 RGB."""
    picture = np.full((*SHAPE, 3), ground, np.float32)
    parts = [
        (draw_limb(SHAPE, (110, 180), (100, 310), 40, 26), (90, 90, 95)),
        (draw_limb(SHAPE, (130, 180), (140, 310), 40, 26), (90, 90, 95)),
        (draw_limb(SHAPE, (75, 100), (55, 190), 24, 18), skin),
        (draw_limb(SHAPE, (165, 100), (185, 190), 24, 18), skin),
        (draw_oval(SHAPE, 120, 55, 26, 36), skin),
        (draw_polygon(SHAPE, SHIRT), shirt),
    ]
    for part, colour in parts:
        picture += part[..., None] * (np.array(colour, np.float32) - picture)
    return np.round(picture).astype(np.uint8)


def overlap(mask, expected):
    inside, there = mask > 127, expected > 0.5
    return (inside & there).sum() / (inside | there).sum()


def test_the_shirt_is_found_whoever_wears_it():
    for skin in SKINS:
        person = draw_person(skin)
        figure = np.where((person != 255).any(axis=2), np.uint8(255), np.uint8(0))
        found = find_one_colour(person, figure)
        assert found is not None and found.dtype == np.uint8 and found.shape == SHAPE, skin
        assert overlap(found, draw_polygon(SHAPE, SHIRT)) > 0.85, skin
        assert np.array_equal(found, find_one_colour(person, figure)), "the same picture, the same mask"


def test_without_skin_or_in_grey_nothing_is_looked_for():
    shirt = draw_person(skin=(30, 70, 160))
    figure = np.where((shirt != 255).any(axis=2), np.uint8(255), np.uint8(0))
    assert find_one_colour(shirt, figure) is None
    person = draw_person(SKINS[1])
    grey = cv2.cvtColor(cv2.cvtColor(person, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert find_one_colour(grey, figure) is None
    assert find_one_colour(person, np.zeros(SHAPE, np.uint8)) is None


def test_what_is_nearly_all_of_one_colour_needs_no_second_look():
    plain = draw_person(skin=SKINS[1], shirt=SKINS[1])
    plain[190:] = 255  # without the trousers
    figure = np.where((plain != 255).any(axis=2), np.uint8(255), np.uint8(0))
    assert find_one_colour(plain, figure) is None


def test_a_model_answers_to_the_person_and_to_the_shirt():
    preparation = prepare(as_picture(draw_person(SKINS[1])))
    assert preparation.find(Masked) == Masked(Mask.EVEN_GROUND)
    assert [other.facts for other in preparation.others] == [Masked(Mask.ONE_COLOUR)]
    rows, columns = ((preparation.images > 60).any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert rows[0] == 28 and columns[0] <= 14, "the whole person is narrow"
    assert rows[1] > 24 and columns[1] > 22, "the shirt alone is not"
