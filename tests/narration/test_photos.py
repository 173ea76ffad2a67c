"""Figures on photos in words."""

from types import SimpleNamespace

import msgspec

from fmnist import narration
from fmnist.artifacts import Group, PhotosReport


def report(per_class, alarmed=0.005):
    """As much of the figures of two models as the sentences are about; `per_class`: photos and accuracy."""
    groups = {name: Group(photos=photos, accuracy=accuracy) for name, (photos, accuracy) in per_class.items()}
    best = SimpleNamespace(accuracy=0.69, accuracy_interval=(0.62, 0.75), per_class=groups)
    other = SimpleNamespace(accuracy=0.47, accuracy_interval=(0.4, 0.54), per_class=groups)
    return PhotosReport(
        photos=209,
        left_out=0,
        min_class_photos=10,
        macro_classes=9,
        alarmed=alarmed,
        runs={"simple": "run 1", "robust": "run 2"},
        variants={"automatic": {"simple": other, "robust": best}, "not cropped": {}},
    )


def test_the_best_model_is_said_first_beside_its_test_accuracy():
    accuracies = {"simple": 0.92, "robust": 0.94}
    said = (
        "On 209 real photos, **robust** is right **69%** of the time (95% interval 62% to 75%; simple 47%); "
        "on the data set's own test images, 94%."
    )
    assert narration.describe_photos(report({"bag": (20, 0.9)}), accuracies) == said
    per_class = {"bag": (20, 0.9), "shirt": (10, 0.3), "coat": (9, 0.0), "boot": (15, 0.5)}
    assert narration.describe_photos(report(per_class), accuracies) == (
        f"{said} It does best on **bag** (90%) and worst on **shirt** (30%)."
    )


def test_half_the_answers_are_better_than_all():
    steps = tuple(
        Group(photos=photos, accuracy=share) for photos, share in ((52, 0.98), (105, 0.9), (209, 0.7))
    )
    figures = SimpleNamespace(accuracy=0.7, by_coverage=steps)
    found = msgspec.structs.replace(report({}), opinions={"combined": figures})
    assert narration.describe_coverage(found, "combined") == (
        "**Answering only when sure helps**: on the 105 photos on which the combination is surest, it is "
        "right **90%** of the time; on all of them, 70%."
    )
    assert narration.describe_coverage(report({}), "combined") == ""


def test_false_warnings_are_counted():
    assert narration.describe_alarmed(report({})) == (
        "The warning *probably none of the ten* appears on **0.5%** of these photos. All of them show one of "
        "the ten garments, so ideally it never would."
    )
    assert narration.describe_alarmed(report({}, alarmed=None)) == ""


def test_outdated_and_missing_figures_are_named():
    figures = report({})
    assert narration.describe_photo_runs(figures, {"simple": "run 1", "robust": "run 2"}) == ""
    assert narration.describe_photo_runs(figures, {"simple": "run 3", "robust": "run 4", "new": "run 5"}) == (
        "The figures for simple and robust come from a run that is no longer published. There are no figures "
        "for new yet."
    )
