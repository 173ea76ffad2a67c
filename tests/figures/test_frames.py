"""The frames of an animation read back: each shows what there was after its epoch, on axes that stay."""

import numpy as np
import pandas as pd
import pytest

from fmnist import figures
from fmnist.figures import View
from tests.figures.test_curves import COLOURS, OVERFIT, curve

SIMPLE = curve("simple", OVERFIT, kept=1)  # overfits from epoch 2; three epochs
LEVEL = pd.DataFrame({column: np.repeat(OVERFIT[column].iloc[0], 5) for column in OVERFIT}).assign(
    epoch=range(1, 6)
)
AUGMENTED = curve("augmented", LEVEL, kept=4)


def animate(metric="loss", **view):
    figure = figures.plot_history([SIMPLE, AUGMENTED], COLOURS, metric, View(is_animated=True, **view))
    return figure, {trace.name: number for number, trace in enumerate(figure.data)}


def see(figure, frame, number):
    """What plotly draws of a trace in a frame: its points, those without a height left out."""
    base, change = figure.data[number], frame.data[number]
    x = base.x if change.x is None else change.x
    return [(float(a), float(b)) for a, b in zip(x, change.y, strict=False) if b is not None]


@pytest.mark.parametrize("view", [{}, {"log_scale": True}, {"smoothing": 0.5}, {"axis": "images"}])
def test_each_frame_ends_at_its_epoch_and_the_last_is_the_whole(view):
    figure, number = animate(**view)
    assert [frame.name for frame in figure.frames] == ["1", "2", "3", "4", "5"]
    for epoch, frame in enumerate(figure.frames, start=1):
        assert len(frame.data) == len(figure.data)
        for run, epochs in (("simple", 3), ("augmented", 5)):
            for part in ("training", "validation"):
                whole = figure.data[number[f"{run}, {part}"]]
                drawn = see(figure, frame, number[f"{run}, {part}"])
                assert drawn == list(zip(whole.x, whole.y, strict=True))[: min(epoch, epochs)]
            (end,) = see(figure, frame, number[f"{run}, end"])
            assert end == see(figure, frame, number[f"{run}, training"])[-1]
    for position, trace in enumerate(figure.data):
        whole = [(x, y) for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
        assert see(figure, figure.frames[-1], position) == whole


def test_marks_appear_with_their_epochs():
    figure, number = animate("accuracy")

    def seen(mark):
        return [bool(see(figure, frame, number[mark])) for frame in figure.frames]

    assert seen("simple, kept weights") == [True] * 5
    assert seen("simple, best") == [False, False, True, True, True]
    assert seen("augmented, kept weights") == [False, False, False, True, True]


@pytest.mark.parametrize(("metric", "is_top"), [("loss", True), ("accuracy", False)])
def test_memorising_is_said_from_its_epoch_on(metric, is_top):
    figure, _ = animate(metric)
    (position,) = [n for n, trace in enumerate(figure.data) if trace.text and "memorises" in trace.text[1]]
    drawn = [see(figure, frame, position) for frame in figure.frames]
    assert [len(points) for points in drawn] == [0, 2, 2, 2, 2]
    (x, begin), (again, end) = drawn[1]
    assert x == again == 2 and (end > begin) == is_top
    assert "●" in figure.data[position].text[1], "known without colour"


def test_names_follow_the_ends_of_the_lines():
    figure, number = animate()
    assert not figure.layout.annotations
    for epoch, frame in enumerate(figure.frames, start=1):
        simple, augmented = see(figure, frame, number["names"])
        assert (simple[0], augmented[0]) == (min(epoch, 3), epoch)
    label = figure.data[number["names"]]
    assert ["simple" in label.text[0], "augmented" in label.text[1]] == [True, True]
    height = np.ptp(figure.layout.yaxis.range)
    ends = see(figure, figure.frames[0], number["names"])
    assert abs(ends[0][1] - ends[1][1]) > 0.03 * height, "lines that end together have names apart"


@pytest.mark.parametrize("log_scale", [False, True])
def test_the_axes_hold_all_frames(log_scale):
    figure, _ = animate(log_scale=log_scale)
    low, high = figure.layout.yaxis.range
    values = np.array([0.2, 0.6])  # the lowest and the highest loss
    bottom, top = np.log10(values) if log_scale else values
    assert low < bottom and top < high and high - low < 1.2 * (top - bottom)
    assert figure.layout.xaxis.range == pytest.approx([0, 5.1])
    assert figure.layout.template.layout.dragmode is False


def test_a_very_long_run_has_a_hundred_frames_with_the_first_and_the_last():
    history = pd.DataFrame({column: np.repeat(OVERFIT[column].iloc[0], 1000) for column in OVERFIT})
    run = curve("simple", history.assign(epoch=range(1, 1001)))
    epochs = figures.list_frames([run, AUGMENTED])
    assert len(epochs) == 100 and (epochs[0], epochs[-1]) == (1, 1000)
    figure = figures.plot_history([run], COLOURS, "loss", View(is_animated=True))
    assert [frame.name for frame in figure.frames] == [str(epoch) for epoch in epochs]
    assert figures.list_frames([SIMPLE, AUGMENTED]) == [1, 2, 3, 4, 5]


def test_a_chart_that_is_not_played_has_no_frames():
    assert not figures.plot_history([SIMPLE], COLOURS, "loss").frames
