"""Did it help? The verdict for every size and sign of an effect."""

from types import SimpleNamespace

import pytest

from fmnist import narration
from fmnist.artifacts import Layer, ModelEntry
from fmnist.artifacts.root import ReportFigures


def model(name, wrong, kept=30):
    """As much of a model as the verdict is about."""
    test = SimpleNamespace(size=10_000, accuracy=1 - len(wrong) / 10_000, wrong=tuple(wrong))
    return SimpleNamespace(name=name, manifest=SimpleNamespace(test=test, kept_epoch=kept))


def compare(wrong):
    """What is said of a model that gets these wrong, against one that gets the first 800 wrong."""
    return narration.describe_comparison(model("simple", range(800), 6), model("augmented", wrong))


@pytest.mark.parametrize(
    ("wrong", "verdict"),
    [
        (range(300), "**Probably, clearly:** the whole interval lies above zero."),
        (range(650), "**Probably, clearly:** the whole interval lies above zero."),
        (range(651), "**Probably, a little:** the whole interval lies above zero."),
        (range(750), "**Probably, a little:** the whole interval lies above zero."),
        (range(751), "**Probably, slightly:** the whole interval lies above zero."),
        (range(790), "**Probably, slightly:** the whole interval lies above zero."),
        (range(810), "**Probably not, it hurt slightly:** the whole interval lies below zero."),
        (range(850), "**Probably not, it hurt a little:** the whole interval lies below zero."),
        (range(950), "**Probably not, it hurt clearly:** the whole interval lies below zero."),
        (range(1300), "**Probably not, it hurt clearly:** the whole interval lies below zero."),
        (range(800), "**No difference:** both are wrong on the same test images."),
    ],
)
def test_the_verdict_has_words_for_every_size_and_sign(wrong, verdict):
    assert compare(wrong).startswith(f"{verdict} On the same 10,000 test images")


@pytest.mark.parametrize("wrong", [range(2, 801), range(1, 801), range(1, 803), range(100, 920)])
def test_a_verdict_is_undecided_where_the_interval_includes_zero(wrong):
    assert compare(wrong).startswith(
        "**Undecided:** the interval includes zero, so the difference may come from the choice of test "
        "images alone. On the same"
    )


def test_the_verdict_counts_what_was_fixed_and_what_is_new():
    assert compare([*range(700), 900]) == (
        "**Probably, a little:** the whole interval lies above zero. On the same 10,000 test images "
        "**augmented** was right on 92.99% and **simple** on 92.00%, a difference of +0.99 points (95% "
        "interval +0.79 to +1.19). **augmented** fixes 100 of simple's mistakes and makes 1 new one. Its "
        "best weights came after 30 epochs; simple's came after 6. Each was trained once; with a different "
        "random seed, either figure may shift by a few tenths of a point."
    )


def test_the_reports_figures_are_set_against_each_other():
    entries = [
        ModelEntry(
            name=name,
            run="r",
            description="",
            colour="#000000",
            report=ReportFigures(test_accuracy=accuracy, test_loss=0.2),
        )
        for name, accuracy in (("simple", 0.9226), ("augmented", 0.9064))
    ]
    assert narration.describe_report(entries) == (
        "In the original course report, augmented reached 90.64% and simple 92.26%, a difference of −1.62 "
        "points."
    )
    assert narration.describe_report(entries[:1]) == ""


def test_networks_are_described_by_their_layers():
    def layers(*types):
        return [Layer(name=kind, type=kind, output_shape=(1,), parameters=500) for kind in types]

    small = layers("Flatten", "Dense", "Dense")
    said = narration.describe_networks({"a": small, "b": small, "c": layers("Conv2D", "Dense")})
    assert said == (
        "These are the layers of **a**: 1,500 parameters, in 2 dense layers to decide on the class. "
        "**b** has the same layers. **c** has different layers."
    )
    assert "1 convolutional layer to find" in narration.describe_networks({"c": layers("Conv2D", "Dense")})
