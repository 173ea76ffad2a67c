"""Figures of experiments, read back by value."""

import numpy as np
import pytest

from fmnist import evaluation, figures

COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}


def test_each_seed_is_a_point_and_the_mean_is_written():
    groups = {"simple": np.array([0.90, 0.92]), "augmented": np.array([0.95])}
    figure = figures.plot_seeds(groups, COLOURS, "Test accuracy (%)")
    seeds, mean, other, _ = figure.data
    assert list(seeds.x) == pytest.approx([90, 92]) and list(other.x) == pytest.approx([95])
    assert (mean.x[0], mean.y[0], mean.text[0]) == (pytest.approx(91), 0, "91.00")
    assert (seeds.marker.symbol, other.marker.symbol) == ("circle", "square")
    assert [seeds.marker.color, other.marker.color] == [*COLOURS.values()]
    assert list(figure.layout.yaxis.ticktext) == ["simple", "augmented"]
    assert figure.layout.xaxis.title.text == "Test accuracy (%)"


def test_differences_have_whiskers_and_the_report_is_hollow():
    gain = evaluation.MeanDifference(0.011, 0.009, 0.014, (10, 10))
    figure = figures.plot_differences({"test, kept": gain}, COLOURS["augmented"], -0.0162)
    drawn, report = figure.data
    assert drawn.x[0] == pytest.approx(1.1) and drawn.text[0] == "+1.10"
    assert drawn.error_x.array[0] == pytest.approx(0.3) and drawn.error_x.arrayminus[0] == pytest.approx(0.2)
    assert (report.x[0], report.text[0]) == (pytest.approx(-1.62), "−1.62")
    assert report.marker.symbol == "square-open"
    assert list(figure.layout.yaxis.ticktext) == ["test,<br>kept", "course report,<br>test"]
    assert figure.layout.xaxis.title.text == "Gain in accuracy (points)"
    assert figure.layout.shapes[0].x0 == 0
    assert len(figures.plot_differences({"test": gain}, COLOURS["augmented"]).data) == 1


def test_a_band_reaches_from_the_lowest_to_the_highest_seed_around_the_mean():
    curves = {"simple": np.array([[0.5, 0.7], [0.6, 0.9]]), "augmented": np.array([[0.4, 0.95]])}
    figure = figures.plot_bands(curves, COLOURS, {2: "augmented ahead"})
    band, mean, *_ = figure.data
    assert list(band.x) == [1, 2, 2, 1] and list(band.y) == pytest.approx([60, 90, 70, 50])
    assert list(mean.y) == pytest.approx([55, 80])
    assert figure.layout.shapes[0].x0 == 2
    said = [note.text.split("</span>")[-1].strip() for note in figure.layout.annotations]
    assert said == ["augmented ahead", "simple", "augmented"]
    assert figure.layout.xaxis.title.text == "Training stopped after (epochs)"
    assert figure.layout.yaxis.title.text == "Validation accuracy (%)"


def test_names_at_equal_ends_stay_apart():
    curves = {"a": np.array([[0.1, 0.9]]), "b": np.array([[0.2, 0.9]]), "c, <b>": np.array([[0.3, 0.9]])}
    figure = figures.plot_bands(curves, dict.fromkeys(curves, "#0072B2"))
    heights = [note.y for note in figure.layout.annotations]
    assert heights[0] == pytest.approx(90) and (np.diff(heights) > 5).all()
    assert figure.layout.annotations[2].text.endswith("c,<br>&lt;b&gt;")


def test_strengths_have_points_means_and_the_report():
    values = [np.array([0.92, 0.94]), np.array([0.95]), np.array([0.80, 0.82])]
    curves = {
        "all images": ([0, 1, 4], values),
        "33% of images": ([0, 1], [np.array([0.7]), np.array([0.8])]),
    }
    figure = figures.plot_strengths(curves, COLOURS["augmented"], 0.9064, 3.5)
    seeds, means, other, dashed = figure.data
    assert list(seeds.x) == [0, 0, 1, 4, 4] and list(seeds.y) == pytest.approx([92, 94, 95, 80, 82])
    assert list(means.x) == [0, 1, 4] and list(means.y) == pytest.approx([93, 95, 81])
    assert means.line.dash is None and dashed.line.dash == "dash"
    assert (seeds.marker.symbol, other.marker.symbol) == ("square", "square-open")
    ours, report, found = figure.layout.shapes
    assert (ours.x0, report.y0, found.x0) == (1, pytest.approx(90.64), 3.5)
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "report's loss: 3.5" in said and "test: 90.64%" in said and "33% of images" in said
    assert figure.layout.xaxis.title.text == "Strength of augmentation (times ours)"
    assert len(figures.plot_strengths(curves, COLOURS["augmented"]).layout.shapes) == 1
