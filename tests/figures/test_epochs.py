"""Figures over the epochs read back by value: mistakes and recalls in frames, the data map, reliability."""

import numpy as np
import pytest

from fmnist import figures
from fmnist.evaluation import compute_reliability

COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}


def confuse(*shares):
    """For each epoch a matrix of 1,000 pictures a class, a share of whose shirts are called t-shirt."""
    matrices = np.stack([1000 * np.eye(10, dtype=np.int32)] * len(shares))
    for matrix, share in zip(matrices, shares, strict=True):
        matrix[6, 6], matrix[6, 0] = 1000 - round(1000 * share), round(1000 * share)
    return matrices


def test_each_frame_has_the_mistakes_of_its_epoch_and_a_shorter_run_stays():
    figure = figures.plot_mistakes(confuse(0.4, 0.2, 0.004), [1, 2, 3, 4])
    assert [frame.name for frame in figure.frames] == ["1", "2", "3", "4"]
    shown = [frame.data[0].z for frame in figure.frames]
    assert [shares[6, 0] for shares in shown[:2]] == [pytest.approx(40), pytest.approx(20)]
    assert np.isnan(shown[2]).all(), "less than half a percent is blank, as is the diagonal"
    np.testing.assert_array_equal(shown[3], shown[2])
    np.testing.assert_array_equal(figure.data[0].z, shown[3])
    assert np.isnan(np.diag(shown[0])).all() and np.isfinite(shown[0]).sum() == 1
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 100 * figures.STRONGEST)


def test_recall_has_a_line_and_a_moving_marker_for_each_run():
    recalls = {
        "simple": np.full((2, 10), 0.5),
        "augmented": np.linspace(0.1, 0.9, 4)[:, np.newaxis] * np.ones(10),
    }
    figure = figures.plot_recall(6, recalls, COLOURS, [1, 2, 3, 4], 0.1)
    assert figure.layout.title.text == "shirt"
    assert list(figure.data[0].y) == [50, 50] and figure.data[1].y == pytest.approx(
        [10, 36.6667, 63.3333, 90]
    )
    assert figure.data[2].marker.symbol == ("circle", "square")
    frames = [(frame.data[0].x, [round(y) for y in frame.data[0].y]) for frame in figure.frames]
    assert frames == [((1, 1), [50, 10]), ((2, 2), [50, 37]), ((2, 3), [50, 63]), ((2, 4), [50, 90])]
    assert [list(frame.traces) for frame in figure.frames] == [[2]] * 4
    assert figure.layout.yaxis.range == pytest.approx([10, 101]) and figure.layout.xaxis.range == (0, 5)


def test_a_data_map_places_each_picture_in_its_group():
    columns = {
        "mean": np.array([0.9, 0.6, 0.2, 0.0]), "spread": np.array([0.1, 0.3, 0.2, 0.0]),
        "share_right": np.array([1.0, 0.75, 0.5, 0.0]),
    }  # fmt: skip
    figure = figures.plot_data_map(columns, np.array([0, 1, 2, 3]), COLOURS["simple"])
    assert [trace.name for trace in figure.data] == [group.label for group in figures.GROUPS]
    assert len({trace.marker.symbol for trace in figure.data}) == 4, "known without colour"
    for position, trace in enumerate(figure.data):
        assert (trace.x[0], trace.y[0]) == (columns["spread"][position], columns["mean"][position])
        assert trace.customdata.tolist() == [[position, round(100 * columns["share_right"][position])]]
    few = figures.plot_data_map(columns, np.array([1, 3]), COLOURS["simple"])
    assert [trace.customdata[0][0] for trace in few.data] == [1, 3]


def test_a_thinned_map_keeps_all_at_the_edges():
    random = np.random.default_rng(0)
    mean, spread = random.random(500), random.random(500) / 2
    kept = figures.thin_out(mean, spread, most=100)
    assert len(kept) == 100 == len(set(kept.tolist())) and (np.diff(kept) > 0).all()
    assert set(np.argsort(-spread)[:50]) <= set(kept) and set(np.argsort(mean)[:25]) <= set(kept)
    np.testing.assert_array_equal(kept, figures.thin_out(mean, spread, most=100))
    assert figures.thin_out(mean, spread, most=500).tolist() == list(range(500))


def test_reliability_shows_both_calibrations_with_counts_and_bins_for_clicks():
    confidences = np.repeat([0.5, 0.95], [4, 6])
    is_right = np.array([1, 0, 0, 0, 1, 1, 1, 1, 1, 0], bool)
    before = compute_reliability(np.minimum(confidences + 0.04, 1), is_right)
    after = compute_reliability(confidences, is_right)
    figure = figures.plot_reliability(before, after, COLOURS["augmented"])
    traces = {trace.name: trace for trace in figure.data}
    shown = traces["after calibration"]
    assert shown.x == pytest.approx([0.5, 0.95]) and shown.y == pytest.approx([0.25, 5 / 6])
    assert shown.customdata.tolist() == [[7, 4], [14, 6]]
    low, high = shown.y - shown.error_y.arrayminus, shown.y + shown.error_y.array
    assert [low[0], high[0]] == pytest.approx([0.0456, 0.6994], abs=1e-4), "Wilson's interval of 1 in 4"
    assert traces["before calibration"].x == pytest.approx([0.54, 0.99])
    assert traces["before calibration"].line.dash == "dash" and shown.line.dash == "solid"
    assert shown.marker.symbol == "square", "known without colour"
    bars = traces["answers"]
    assert bars.y[[7, 14]].tolist() == [4, 6] and bars.y.sum() == 10
    assert bars.customdata[:, 0].tolist() == list(range(15))
