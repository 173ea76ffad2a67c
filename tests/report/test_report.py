"""The report of a comparison: the same figures as elsewhere, nothing from elsewhere, every text escaped."""

import re
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest

from fmnist import analysis, artifacts, narration, report
from fmnist.analysis import Twins
from fmnist.report.curves import find_ticks
from fmnist.report.document import say

HOSTILE = "<img src=https://evil.example/a> **x** \\"
TWINS = [Twins("simple", 10, 0.05, 0.02)]


class Reader(HTMLParser):
    """Reads tables as lists of cells, and all text and attributes."""

    def __init__(self, markup):
        super().__init__()
        self.tables, self.text, self.attributes, self.inside, self.captions = [], "", [], None, []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.attributes += [(tag, *attribute) for attribute in attributes]
        self.inside = tag
        if tag == "table":
            self.tables.append([])
            self.captions.append("")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside in ("td", "th"):
            self.tables[-1][-1][-1] += data
        elif self.inside == "caption":
            self.captions[-1] += data
        self.text += data


def compare(names=None, within=None):
    """The first two published models, by their own or other names."""
    models = artifacts.load_models()[:2]
    names = names or [model.name for model in models]
    judged = [analysis.judge(model.run, "test", name) for model, name in zip(models, names, strict=True)]
    first, second = (
        report.Side(name, model.colour, model.run, model.run.load_history())
        for model, name in zip(models, names, strict=True)
    )
    return analysis.compare(*judged, within), (first, second)


def numbers(cells):
    return [int(cell.replace("−", "-").replace(",", "") or 0) for cell in cells]


def test_it_holds_the_figures_of_the_comparison_and_of_both_models():
    pair, sides = compare()
    read = Reader(report.build_report(pair, sides, luck=(pair, TWINS), created="1 May 2027"))
    fourfold, classes, *matrices, facts, settings = read.tables
    assert [numbers(row[1:]) for row in fourfold[1:]] == [
        [len(pair.both_right), len(pair.newly_wrong)], [len(pair.fixed), len(pair.both_wrong)]
    ]  # fmt: skip
    assert [row[0] for row in classes[1:]] == list(pair.classes.index)
    assert [numbers(row[1:4]) for row in classes[1:]] == (
        pair.classes[["pictures", "fixed", "newly_wrong"]].to_numpy().tolist()
    )
    assert classes[1][4] == f"{pair.classes['recall_a'].iloc[0]:.1%}"
    before, after = pair.confusions
    for table, expected in zip(matrices, (after - before, before, after), strict=True):
        np.testing.assert_array_equal([numbers(row[1:]) for row in table[1:]], expected)
    shown = {row[0]: row[1:] for row in facts}
    metrics = [side.run.manifest.test for side in sides]
    assert shown["Accuracy on all pictures of this part"] == [f"{each.accuracy:.2%}" for each in metrics]
    low, high = metrics[0].accuracy_interval
    assert shown["95% interval"][0] == f"{low:.2%} to {high:.2%}"
    assert (
        shown["Right on the pictures compared"][1] == f"{metrics[1].size - len(metrics[1].wrong):,} of 10,000"
    )
    assert shown["Run"] == [side.run.name for side in sides]
    assert "tensorflow" in shown["Versions"][0] and shown["Seed"] == ["1", "1"]
    assert next(iter(sides[0].run.manifest.data_sha256.values()))[:12] in shown["Data set (SHA-256)"][0]
    assert {row[0] for row in settings} >= {"learning rate", "version of keras", "random rotation"}
    for said in (narration.describe_pair(pair), narration.describe_luck(pair, TWINS), narration.SCOPE):
        assert said.replace("**", "") in read.text.replace("\n", "")
    assert "holds no pictures" in read.text and "1 May 2027" in read.text


def test_it_asks_nobody_for_anything():
    """Not even with pictures: no address but those that hold their content."""
    pair, sides = compare()
    markup = report.build_report(pair, sides, images=np.zeros((10_000, 28, 28), np.uint8))
    read = Reader(markup)
    addresses = [value for _, name, value in read.attributes if name in ("src", "href", "action", "data")]
    assert addresses and all(value.startswith("data:image/png;base64,") for value in addresses)
    assert (
        "http" not in re.sub(r"base64,[^\"]*", "", markup.replace("http-equiv", "")) and "url(" not in markup
    )
    assert (
        "meta",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    ) in read.attributes
    assert "<script" not in markup and len(markup) < 1_500_000


def test_the_galleries_hold_what_was_fixed_and_what_is_newly_wrong():
    pair, sides = compare()
    images = np.zeros((10_000, 28, 28), np.uint8)
    read = Reader(report.build_report(pair, sides, images=images))
    shown = [value.split(",")[0] for tag, name, value in read.attributes if (tag, name) == ("img", "alt")]
    most = report.MOST_PICTURES
    assert shown == [
        f"test-{position}" for name in ("fixed", "newly_wrong") for position in pair.select(name)[:most]
    ]
    assert f"Fixed: {len(pair.fixed)} pictures" in read.text
    assert ("The first 300." in read.text) == (max(len(pair.fixed), len(pair.newly_wrong)) > most)
    position = pair.fixed[0]
    true, answer = (analysis.pairs.CLASS_NAMES[each[position]] for each in (pair.a.labels, pair.a.answers))
    assert f"{true}● ✗ {answer} {pair.a.confidences[position]:.0%}■ ✓ {true}" in read.text
    same = analysis.compare(pair.a, pair.a)
    assert "Nothing was fixed" in report.build_report(same, (sides[0], sides[0]), images=images)


def test_a_slice_is_named_and_counted():
    pair, sides = compare(within=np.arange(10_000) < 500)
    read = Reader(report.build_report(pair, sides, of="the darkest quarter"))
    assert "the same 500 test pictures of Fashion-MNIST, the darkest quarter." in read.text
    assert sum(numbers(read.tables[0][1][1:]) + numbers(read.tables[0][2][1:])) == 500


def test_names_from_elsewhere_are_text():
    pair, sides = compare(names=(HOSTILE, "b"))
    run = sides[0].run
    manifest = msgspec.structs.replace(run.manifest, versions={HOSTILE: HOSTILE}, created=HOSTILE)
    forged = sides[0]._replace(run=artifacts.Run(manifest, run.folder))
    markup = report.build_report(pair, (forged, sides[1]), of=HOSTILE)
    read = Reader(markup)
    assert not [tag for tag, *_ in read.attributes if tag == "img"]
    assert read.text.count(HOSTILE) >= 6
    said = Reader(say(narration.describe_set(pair, "fixed")).markup)
    assert said.text == f"{HOSTILE} is wrong, b is right"


def test_bold_and_escaped_marks_are_read_as_the_page_reads_them():
    assert say(r"**a \*\* b\\** c \_ d").markup == r"<p><strong>a ** b\</strong> c _ d</p>"


def test_the_curves_are_those_of_the_histories():
    pair, sides = compare()
    points = re.findall(r'<polyline points="([^"]*)"', report.build_report(pair, sides))
    assert [len(line.split()) for line in points] == [
        len(side.history) for _ in ("accuracy", "loss") for side in sides for _ in ("training", "validation")
    ]
    ys = [float(point.split(",")[1]) for point in points[1].split()]
    assert np.argmin(ys) == sides[0].history["val_accuracy"].argmax()  # up is less in SVG
    run = sides[0].run
    manifest = msgspec.structs.replace(run.manifest, kept_epoch=1, epochs_run=1)
    short = sides[0]._replace(run=artifacts.Run(manifest, run.folder), history=sides[0].history.iloc[:1])
    (line, *_) = re.findall(r'<polyline points="([^"]*)"', report.build_report(pair, (short, short)))
    assert len(line.split()) == 1 and "nan" not in line


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.83, 0.97, [0.8, 0.85, 0.9, 0.95, 1.0]),
        (71, 99.8, [70, 80, 90, 100]),
        (0, 0, [0, 0.0005]),
        (5, 5, [5, 5.0005]),
    ],
)
def test_ticks_are_round_and_enclose_what_they_measure(low, high, ticks):
    found = find_ticks(low, high)
    assert found[0] <= low and found[-1] >= high
    assert found == pytest.approx(ticks)
