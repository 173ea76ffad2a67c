"""The figures on photos: how artifacts/photos.json is computed, and how it is read.

pandas and scikit-learn are imported only where they are used.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from fmnist import evaluation
from fmnist.artifacts import Band, Model, PhotoFigures, PhotosReport, SetFigures
from fmnist.confidence import SetRule, measure_sets
from fmnist.photos.types import Failure, LabelledPhoto

if TYPE_CHECKING:
    import pandas as pd

MIN_CLASS_PHOTOS = 10
"""A class with fewer photos tells too little to count in the macro accuracy."""

SECOND_OPINION, COMBINED = "second opinion", "combined"
"""The names under which figures stand that belong to no model alone."""

CONFIDENCE_BANDS = (0.0, 0.5, 0.8, 1.0)
"""Limits between unsure, fairly sure and sure answers."""

COVERAGES = 40
"""In how many steps the surest photos grow to all photos."""


def compute_report(
    photos: Sequence[LabelledPhoto],
    answers: Mapping[str, Mapping[str, np.ndarray]],
    runs: dict[str, str],
    alarmed: float | None,
    rules: Mapping[str, SetRule] | None = None,
    opinions: Mapping[str, np.ndarray] | None = None,
    left_out: int = 0,
) -> PhotosReport:
    """Computes the content of artifacts/photos.json: figures only.

    Args:
        photos: The photos that were answered.
        answers: All models' answers for each variant; the first variant is what a visitor gets.
        runs: The run behind each model name.
        alarmed: Share of the photos, prepared in the first variant, that raise the alarm "probably none
            of the ten", 0 to 1; None if no published model has one.
        rules: The rule for prediction sets of each model name that has one.
        opinions: The answers of SECOND_OPINION and COMBINED, as far as there are any: float `(n, 10)`.
        left_out: How many photos could not be used.
    """
    labels = np.array([photo.label for photo in photos])

    def figure(probabilities: np.ndarray, rule: SetRule | None = None) -> PhotoFigures:
        return compute_figures(photos, probabilities, rule)

    return PhotosReport(
        photos=len(photos),
        left_out=left_out,
        runs=runs,
        min_class_photos=MIN_CLASS_PHOTOS,
        macro_classes=int((np.bincount(labels) >= MIN_CLASS_PHOTOS).sum()),
        alarmed=alarmed,
        variants={
            variant: {
                name: figure(probabilities, (rules or {}).get(name))
                for name, probabilities in by_model.items()
            }
            for variant, by_model in answers.items()
        },
        opinions={name: figure(probabilities) for name, probabilities in (opinions or {}).items()},
    )


def compute_figures(
    photos: Sequence[LabelledPhoto], probabilities: np.ndarray, rule: SetRule | None = None
) -> PhotoFigures:
    """Computes the figures for one model's answers to photos prepared in one way.

    Args:
        photos: The photos.
        probabilities: float `(n, 10)`, rows sum to 1, after the model's temperature.
        rule: For the prediction sets, if the model has one.

    Returns:
        Figures whose `macro_accuracy` is None if no class has enough photos; `per_class`,
        `per_background` and `per_worn` list those that occur, `by_confidence` each band of CONFIDENCE_BANDS,
        `by_coverage` the surest photos in COVERAGES steps, or one step per photo if these are fewer.
    """
    import pandas as pd

    labels = np.array([photo.label for photo in photos])
    metrics = evaluation.compute_metrics(labels, probabilities)
    scores = evaluation.per_class_scores(np.array(metrics["confusion_matrix"]))
    per_class = scores.loc[scores["support"] > 0, ["support", "recall"]]
    macro = per_class.loc[per_class["support"] >= MIN_CLASS_PHOTOS, "recall"].mean()
    right = pd.Series(probabilities.argmax(axis=1) == labels)
    groups = {
        name: right.groupby(np.array([getattr(photo, name) for photo in photos])).agg(["size", "mean"])
        for name in ("background", "worn")
    }
    figures = {
        **metrics,
        "macro_accuracy": None if np.isnan(macro) else float(macro),
        "per_class": _list_shares(per_class),
        "per_background": _list_shares(groups["background"]),
        "per_worn": _list_shares(groups["worn"].drop("", errors="ignore")),
        "by_confidence": _list_bands(probabilities.max(axis=1), right.to_numpy()),
        "by_coverage": _list_coverages(probabilities.max(axis=1), right.to_numpy()),
        "calibration": {
            "ece": evaluation.expected_calibration_error(labels, probabilities),
            "mean_confidence": float(probabilities.max(axis=1).mean()),
        },
        "sets": None if rule is None else _measure_sets(rule, labels, probabilities),
    }
    return msgspec.convert(figures, PhotoFigures)


def _measure_sets(rule: SetRule, labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    record = measure_sets(rule, labels, probabilities)
    return {"level": rule.level, "coverage": record.covered, "size": record.size}


def _list_bands(confidences: np.ndarray, right: np.ndarray) -> list[dict]:
    """Lists for each confidence band the number of photos and the share of right answers."""
    bands = []
    for low, high in pairwise(CONFIDENCE_BANDS):
        inside = (confidences >= low) & ((confidences < high) | (high == CONFIDENCE_BANDS[-1]))
        count = int(inside.sum())
        accuracy = float(right[inside].mean()) if count else 0.0
        bands.append({"low": low, "high": high, "photos": count, "accuracy": accuracy})
    return bands


def _list_coverages(confidences: np.ndarray, right: np.ndarray) -> list[dict]:
    """Lists the number of photos and the share of right answers among the surest ones, ever more of them."""
    counts = np.unique(np.ceil(np.linspace(0, len(right), COVERAGES + 1)[1:]).astype(int))
    gained = right[np.argsort(-confidences, kind="stable")].cumsum()
    return [{"photos": int(photos), "accuracy": float(gained[photos - 1] / photos)} for photos in counts]


def _list_shares(table: "pd.DataFrame") -> dict[str, dict]:
    return {
        str(name): {"photos": int(photos), "accuracy": float(accuracy)}
        for name, photos, accuracy in table.itertuples()
    }


def get_automatic_figures(report: PhotosReport) -> dict[str, PhotoFigures]:
    """Returns each model's figures, by name, on photos that are prepared like a visitor's."""
    return next(iter(report.variants.values()))


def find_band(report: PhotosReport | None, model: Model, confidence: float) -> Band | None:
    """Finds how often a model was right on photos when it was about this confident.

    Args:
        report: The figures on photos, or None.
        model: The model; figures for another of its runs do not count.
        confidence: The highest probability of the answer in question, 0 to 1.

    Returns:
        The band among the photos prepared like a visitor's, or None.
    """
    if report is None or report.runs.get(model.name) != model.run.name:
        return None
    return _find_band(get_automatic_figures(report)[model.name], confidence)


def find_opinion_band(report: PhotosReport | None, name: str, confidence: float) -> Band | None:
    """Finds the same for SECOND_OPINION or COMBINED, if they were measured."""
    figures = report.opinions.get(name) if report else None
    return _find_band(figures, confidence) if figures else None


def _find_band(figures: PhotoFigures, confidence: float) -> Band | None:
    return next((band for band in reversed(figures.by_confidence) if confidence >= band.low), None)


def find_sets(report: PhotosReport | None, model: Model) -> SetFigures | None:
    """Finds what was measured of a model's prediction sets on photos prepared like a visitor's, if it was.

    Args:
        report: The figures on photos, or None.
        model: The model; figures for another of its runs do not count.
    """
    if report is None or report.runs.get(model.name) != model.run.name:
        return None
    return get_automatic_figures(report)[model.name].sets


def list_failures(photos: Sequence[LabelledPhoto], probabilities: np.ndarray, count: int) -> list[Failure]:
    """Lists a model's most confident wrong answers, the most confident first.

    Args:
        photos: The photos that were answered.
        probabilities: float `(n, 10)`, one model's answers.
        count: The largest number to list.
    """
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(said != [photo.label for photo in photos])
    order = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    return [Failure(photos[index], int(said[index]), float(confidence[index])) for index in order]
