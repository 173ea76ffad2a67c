"""photos.json: what the models did on photos."""

from itertools import chain

from fmnist.config import CLASS_NAMES
from fmnist.schema.runs import PART, check_part
from fmnist.schema.values import (
    COUNT,
    FOLDER,
    LINE,
    LIST,
    NAME,
    SHARE,
    SIZE,
    TABLE,
    are_close,
    each,
    has,
    or_null,
    show,
)

_PHOTOS = {
    "format": COUNT,
    "photos": SIZE,
    "left_out": COUNT,
    "runs": each(FOLDER),
    "min_class_photos": SIZE,
    "macro_classes": COUNT,
    "alarmed": or_null(SHARE),
    "variants": TABLE,
}
_FIGURES = {
    **PART,
    "macro_accuracy": or_null(SHARE),
    "per_class": TABLE,
    "per_background": TABLE,
    "by_confidence": LIST,
    "calibration": TABLE,
}
_GROUP = {"photos": COUNT, "accuracy": SHARE}
_BAND = {"low": SHARE, "high": SHARE, **_GROUP}
_CALIBRATION = {"ece": SHARE, "mean_confidence": SHARE}


def check_photos(report) -> dict:
    """Checks the content of a photos.json of the format this program reads, and returns it."""
    has(report, _PHOTOS, "the file")
    runs, variants = report["runs"], report["variants"]
    if not runs or not variants:
        raise ValueError("it holds no figures")
    for kind, names in ((NAME, runs), (LINE, variants)):
        for name in names:
            if not kind.holds(name):
                raise ValueError(f"it has the entry {show(name)}, which must be {kind.words}")
    supports = set()
    for variant, by_model in variants.items():
        if set(has(by_model, {}, variant)) != set(runs):
            raise ValueError(f"the models of {variant} are not those of runs")
        for name, figures in by_model.items():
            supports.add(_check_figures(figures, f"{variant}, {name}", report))
    if len(supports) > 1:
        raise ValueError("its figures are not all of the same photos")
    return report


def _check_figures(figures, part, report):
    """Checks the figures of one model and variant; returns the number of photos of each class.

    Args:
        figures: What `photos.compute_figures` returns.
        part: Names them in an error.
        report: The whole file.
    """
    has(figures, _FIGURES, part)
    check_part(figures, part)
    if figures["size"] != report["photos"]:
        raise ValueError(f"{part} is of another number of photos")
    rows = figures["confusion_matrix"]
    support = tuple(map(sum, rows))
    recalls = {label: rows[label][label] / photos for label, photos in enumerate(support) if photos}
    per_class = {
        CLASS_NAMES[label]: {"photos": support[label], "accuracy": recalls[label]} for label in recalls
    }
    if figures["per_class"] != per_class:
        raise ValueError(f"the classes of {part} contradict its confusion matrix")
    enough = [recalls[label] for label in recalls if support[label] >= report["min_class_photos"]]
    if len(enough) != report["macro_classes"]:
        raise ValueError(f"{part} has another number of classes with at least min_class_photos")
    found = [] if figures["macro_accuracy"] is None else [figures["macro_accuracy"]]
    if not are_close(found, [sum(enough) / len(enough)] if enough else []):
        raise ValueError(f"the macro accuracy of {part} contradicts its classes")
    bands = [has(band, _BAND, part) for band in figures["by_confidence"]]
    edges = [0, *chain.from_iterable((band["low"], band["high"]) for band in bands), 1]
    if edges[::2] != edges[1::2] or edges != sorted(edges):
        raise ValueError(f"the confidences of {part} must part 0 to 1")
    _check_groups(bands, figures, f"the confidences of {part}")
    _check_groups([*figures["per_background"].values()], figures, f"the backgrounds of {part}")
    has(figures["calibration"], _CALIBRATION, f"the calibration of {part}")
    return support


def _check_groups(groups, figures, what):
    """Checks that groups of photos add up to all of them, and their right answers to all right ones."""
    photos = sum(has(group, _GROUP, what)["photos"] for group in groups)
    right = sum(group["photos"] * group["accuracy"] for group in groups)
    if photos != figures["size"] or not are_close([right], [photos - len(figures["wrong"])]):
        raise ValueError(f"{what} do not add up to its photos")
