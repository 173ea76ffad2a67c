"""The drawing on the board, without a board: what its reports do to it, undo, limits, and forged memories."""

import base64
import json

import pytest

from fmnist.pictures.outlines import draw_outline
from fmnist.ui import canvas, drawing
from fmnist.ui.drawing import EMPTY, EMPTY_BOARD, Drawing, Step


def step(*strokes):
    """What the board reports with these strokes on it."""
    return Step(json.dumps(strokes), bytes(strokes))


ONE, TWO, THREE = step(1), step(1, 2), step(1, 2, 3)


def draw(*reports, start=EMPTY_BOARD):
    drawn = Drawing.begun(start, 22)
    for report in reports:
        drawn.take(report)
    return drawn


def test_each_stroke_is_a_step_and_a_repeated_report_is_none():
    drawn = draw(ONE, ONE, TWO, TWO)
    assert drawn.steps == [EMPTY, ONE, TWO] and drawn.content == TWO.content
    assert not drawn.is_fresh


def test_after_undo_the_board_repeats_its_old_report_until_it_has_loaded():
    drawn = draw(ONE, TWO)
    drawn.undo()
    version = drawn.version
    drawn.take(TWO)  # not loaded yet
    assert drawn.steps == [EMPTY, ONE]
    drawn.take(ONE)  # loaded
    drawn.take(TWO)  # the same stroke, drawn once more
    assert drawn.steps == [EMPTY, ONE, TWO] and drawn.version == version


def test_what_the_board_was_given_comes_back_in_its_own_words_and_is_no_step():
    drawn = draw(start="dress")
    assert drawn.content == draw_outline("dress", 22) and drawn.is_fresh
    drawn.take(step(7))
    assert drawn.steps == [step(7)]
    drawn.take(step(7, 8))
    assert drawn.steps == [step(7), step(7, 8)]


def test_clear_can_be_undone_and_undo_ends_at_the_start():
    drawn = draw(ONE)
    drawn.clear()
    assert drawn.content is None and drawn.start == EMPTY_BOARD
    for content in (ONE.content, None, None):
        drawn.undo()
        assert drawn.content == content


def test_another_start_cannot_be_undone_and_the_browser_keeps_it():
    drawn = draw(ONE, TWO)
    drawn.begin("bag", 22)
    assert len(drawn.steps) == 1 and not drawn.is_fresh


def test_old_steps_are_dropped_by_number_and_by_size(monkeypatch):
    many = draw(*(step(*range(number)) for number in range(1, drawing.MAX_STEPS + 10)))
    assert len(many.steps) == drawing.MAX_STEPS
    monkeypatch.setattr(drawing, "MAX_STEPS_BYTES", 3 * THREE.size)
    assert len(draw(*(step(*range(number)) for number in range(1, 12))).steps) == 2


def test_what_the_browser_has_kept_comes_back_and_can_be_undone():
    drawn = draw()
    canvas._restore(drawn, (ONE.objects, base64.b64encode(ONE.content).decode()))
    assert drawn.steps == [EMPTY, ONE] and drawn.shown == ONE and not drawn.is_fresh


@pytest.mark.parametrize(
    "texts",
    [
        ("", ""), ("[]", "AA=="), ("5", "AA=="), ("[1", "AA=="), ("[1]", "?"), ("null", "AA=="),
        (json.dumps(["x" * drawing.MAX_STEP_BYTES]), "AA=="),
    ],
    ids=lambda texts: texts[0][:10],
)  # fmt: skip
def test_whatever_else_the_browser_says_is_ignored(texts):
    drawn = draw()
    canvas._restore(drawn, texts)
    assert drawn.steps == [EMPTY] and drawn.is_fresh
