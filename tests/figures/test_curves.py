"""Curves read back: what is drawn, in which colour and with which titles."""

import re

import numpy as np
import pandas as pd
import pytest

from fmnist import figures
from fmnist.evaluation import Curve
from fmnist.figures import View

HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [0.5, 0.3, 0.2],
        "accuracy": [0.8, 0.9, 0.95],
        "val_loss": [0.4, 0.35, 0.36],
        "val_accuracy": [0.85, 0.87, 0.88],
        "learning_rate": [0.001, 0.001, 0.0005],
        "seconds": [30.0, 60.0, 30.0],
    }
)
COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}
OVERFIT = HISTORY.assign(val_loss=[0.4, 0.5, 0.6])


def curve(name, history=HISTORY, kept=2, images=48_000):
    return Curve(name, history, kept, images)


CURVES = [curve("simple"), curve("augmented", kept=3)]


def plot(metric="loss", curves=CURVES, **view):
    return figures.plot_history(curves, COLOURS, metric, View(**view))


def traces_of(figure):
    return {trace.name: trace for trace in figure.data}


def test_training_is_dashed_validation_solid_in_the_models_colour():
    traces = traces_of(plot())
    assert traces["simple, training"].line.dash == "dash"
    assert traces["simple, validation"].line.dash is None
    for name, colour in COLOURS.items():
        for part in ("training", "validation"):
            assert traces[f"{name}, {part}"].line.color == colour
        for mark in ("end", "best", "kept weights"):
            assert traces[f"{name}, {mark}"].marker.color == colour
    np.testing.assert_array_equal(traces["simple, training"].y, HISTORY["loss"])
    np.testing.assert_array_equal(traces["simple, validation"].y, HISTORY["val_loss"])
    end = traces["augmented, end"]
    assert (end.marker.symbol, *end.x, *end.y) == ("square-open", 3, 0.2)


def test_the_kept_and_the_best_epoch_have_the_models_marker_on_the_validation_curve():
    def marks(metric, name):
        found = [traces_of(plot(metric))[f"{name}, {mark}"] for mark in ("kept weights", "best")]
        return [(mark.marker.symbol, *mark.x, *mark.y) for mark in found]

    assert marks("loss", "simple") == [("circle", 2, 0.35), ("circle-open", 2, 0.35)]
    assert marks("loss", "augmented") == [("square", 3, 0.36), ("square-open", 2, 0.35)]
    assert marks("accuracy", "simple") == [("circle", 2, 87), ("circle-open", 3, 88)]
    kept, best = (traces_of(plot())[f"simple, {mark}"].marker.size for mark in ("kept weights", "best"))
    assert best > kept, "one around the other where both are of the same epoch"


def test_only_the_lines_that_are_asked_for_are_drawn_and_the_name_stands_at_the_last():
    assert set(traces_of(plot(parts=("training",)))) == {
        f"{name}, {part}" for name in COLOURS for part in ("training", "end")
    }
    assert place(plot(parts=("training",)))[0][2] == 0.2
    validation = plot(parts=("validation",))
    assert len(validation.data) == 6 and place(validation)[0][2] == 0.36


@pytest.mark.parametrize(
    ("axis", "title", "first"),
    [
        ("epochs", "Epoch", [1, 2, 3]),
        ("minutes", "Training time (minutes)", [0.5, 1.5, 2]),
        ("images", "Training images seen (thousands)", [16, 32, 48]),
    ],
)
def test_all_curves_share_an_axis_of_epochs_minutes_or_images(axis, title, first):
    curves = [curve("simple", images=16_000), curve("augmented")]
    for figure in (
        figures.plot_history(curves, COLOURS, "loss", View(axis)),
        figures.plot_gap(curves, COLOURS, axis),
        figures.plot_learning_rate(curves, COLOURS, axis),
    ):
        assert figure.layout.xaxis.title.text == title
        np.testing.assert_allclose(figure.data[0].x, first)
        last = {"epochs": 3, "minutes": 2, "images": 144}[axis]
        assert figure.layout.xaxis.range == pytest.approx([0, 1.02 * last])
    kept = traces_of(figures.plot_history(curves, COLOURS, "loss", View(axis)))["simple, kept weights"]
    assert kept.x[0] == first[1]


def place(figure):
    """Where each label is: its text without colours, its end of a line, its height in pixels."""
    return [
        (re.sub(r"<.*?>", "", label.text), label.x, label.y, label.yshift)
        for label in figure.layout.annotations
    ]


@pytest.mark.parametrize("log_scale", [False, True])
def test_a_name_stands_at_the_end_of_each_validation_line_instead_of_a_legend(log_scale):
    figure = plot(log_scale=log_scale)
    assert figure.layout.showlegend is False
    end = np.log10(0.36) if log_scale else 0.36
    (simple, *where), (augmented, *other) = place(figure)
    assert (simple, augmented) == ("● simple", "■ augmented")
    assert where[:2] == other[:2] == [3, pytest.approx(end)]
    for label, colour in zip(figure.layout.annotations, COLOURS.values(), strict=True):
        assert f"color:{colour}" in label.text and label.xanchor == "left" and label.xshift > 0
    smoothed = figures.smooth(HISTORY["val_loss"].to_numpy(), 0.6)[-1]
    assert place(plot(smoothing=0.6))[0][2] == pytest.approx(smoothed)


def test_names_of_lines_that_end_together_stand_apart():
    figure = figures.plot_history([curve(name) for name in "abcd"], dict.fromkeys("abcd", "#0072B2"), "loss")
    heights = sorted(shift for *_, shift in place(figure))
    assert len(heights) == 4 and min(np.diff(heights)) >= 14


def test_names_without_room_between_lines_stand_at_least_clear_of_each_other():
    """Many lines go on where two end; there is no free place for a name."""
    wall = [
        curve(
            str(number), pd.DataFrame({"epoch": range(1, 31), **dict.fromkeys(HISTORY.columns[1:], [y] * 30)})
        )
        for number, y in enumerate(np.linspace(0, 1, 40))
    ]
    curves = [curve("a"), curve("b"), *wall]
    figure = figures.plot_history(curves, {one.name: "#0072B2" for one in curves}, "loss")
    heights = [shift for _, _, _, shift in place(figure)[:2]]
    assert abs(heights[0] - heights[1]) >= 14


def test_a_name_stands_clear_of_a_line_that_goes_on():
    longer = pd.DataFrame({"epoch": range(1, 11), **dict.fromkeys(HISTORY.columns[1:], [0.36] * 10)})
    figure = plot(curves=[curve("simple"), curve("augmented", longer)])
    (_, x, _, shift), (_, last, _, unmoved) = place(figure)
    assert (x, last) == (3, 10) and abs(shift) >= 14 and unmoved == 0


def test_names_beyond_the_lines_have_room_at_the_right_and_others_need_none():
    figure = figures.plot_gap(CURVES, COLOURS)
    assert [label for label, *_ in place(figure)] == ["● simple", "■ augmented"]
    assert figure.layout.margin.r > 7 * len("■ augmented")
    long = "n" * 20 + "m" * 20
    figure = figures.plot_gap([curve(long)], {long: "#0072B2"})
    assert figure.layout.margin.r < 160, "a phone's chart would have no room for its lines"
    assert place(figure)[0][0] == "● nnnnnnnn…mmmmmmmmm"
    longer = pd.DataFrame({"epoch": range(1, 31), **dict.fromkeys(HISTORY.columns[1:], [0.36] * 30)})
    figure = figures.plot_gap([curve(long), curve("m", longer)], {long: "#0072B2", "m": "#D55E00"})
    assert figure.layout.margin.r < 7 * 10


def test_a_name_is_text_and_no_markup():
    hostile = '<a href="x">&'
    for figure in (
        figures.plot_history([curve(hostile)], {hostile: "#0072B2"}, "loss"),
        figures.plot_gap([curve(hostile)], {hostile: "#0072B2"}),
        figures.plot_learning_rate([curve(hostile)], {hostile: "#0072B2"}),
    ):
        (label,) = figure.layout.annotations
        assert label.text.endswith('</span> &lt;a href="x"&gt;&amp;')
        assert not [trace.name for trace in figure.data if trace.hoverinfo != "skip" and "<" in trace.name]


def test_accuracy_is_in_percent_and_axes_say_so():
    figure = plot("accuracy")
    np.testing.assert_allclose(figure.data[0].y, [80, 90, 95])
    assert figure.layout.yaxis.title.text == "Accuracy (share of images, %)"
    assert figure.layout.hovermode == "x unified"


def test_smoothing_keeps_the_raw_curve_faint():
    figure = plot(smoothing=0.6)
    faint = [trace for trace in figure.data if trace.opacity == 0.25]
    assert len(faint) == 4
    np.testing.assert_array_equal(faint[0].y, HISTORY["loss"])
    assert plot(log_scale=True).layout.yaxis.type == "log"
    assert plot("accuracy", log_scale=True).layout.yaxis.type == "linear"


def test_smoothing_is_the_debiased_average():
    np.testing.assert_allclose(figures.smooth(np.array([1.0, 1.0, 1.0]), 0.9), 1)
    np.testing.assert_allclose(figures.smooth(np.array([0.0, 1.0]), 0.5), [0, 2 / 3])


def test_the_gap_is_training_minus_validation_in_points():
    figure = figures.plot_gap(CURVES, COLOURS)
    assert [(trace.name, trace.line.color) for trace in figure.data] == [*COLOURS.items()]
    for trace in figure.data:
        assert list(trace.x) == [1, 2, 3]
        assert trace.y == pytest.approx([-5, 3, 7])
    (zero,) = figure.layout.shapes
    assert zero.y0 == zero.y1 == 0
    assert figure.layout.yaxis.title.text == "Training minus validation accuracy (points)"


def test_the_gap_has_a_mark_where_overfitting_sets_in():
    traces = traces_of(figures.plot_gap([curve("simple", OVERFIT), curve("augmented")], COLOURS))
    mark = traces["simple, overfits"]
    assert (mark.marker.symbol, *mark.x) == ("circle", 2) and mark.y == pytest.approx([3])
    assert "augmented, overfits" not in traces


def test_the_learning_rate_is_that_of_the_epoch_on_a_logarithmic_axis():
    ended = HISTORY.assign(learning_rate=[0.002, 0.001, 0.0])
    figure = figures.plot_learning_rate([curve("simple"), curve("augmented", ended)], COLOURS)
    assert figure.layout.yaxis.type == "log" and figure.layout.yaxis.title.text == "Learning rate"
    simple, augmented = figure.data
    assert (*simple.y,) == (0.001, 0.001, 0.0005) and simple.line.shape == "vh"
    assert (*augmented.x, *augmented.y) == (1, 2, 0.002, 0.001), "zero has no place there"
    assert [x for _, x, *_ in place(figure)] == [3, 2]
    nothing = figures.plot_learning_rate([curve("simple", HISTORY.assign(learning_rate=0.0))], COLOURS)
    assert len(nothing.data) == 0


def test_runs_get_colours_and_markers_that_no_model_has():
    taken = list(COLOURS.values())
    runs = [f"run {number}" for number in range(10)]
    chosen = figures.choose_colours(runs, taken)
    assert len({*chosen.values(), *taken}) == 12
    assert len({figures.find_marker(colour) for colour in (*chosen.values(), *taken)}) == 12
    assert list(figures.choose_colours(runs[:4], taken).values()) == list(chosen.values())[:4]


def test_runs_keep_their_colours_when_others_come_and_go():
    before = figures.choose_colours(["a", "b"], ["#0072B2"])
    after = figures.choose_colours(["b", "c"], ["#0072B2"], before)
    assert after["b"] == before["b"] and after["c"] == before["a"]
    assert list(after) == ["b", "c"]
    many = figures.choose_colours([str(number) for number in range(20)], [])
    assert len(many) == 20 and len(set(many.values())) == 12
