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

CONFIDENCE_BANDS = (0.0, 0.5, 0.8, 1.0)
"""Limits between unsure, fairly sure and sure answers."""


def compute_report(
    photos: Sequence[LabelledPhoto],
    answers: Mapping[str, Mapping[str, np.ndarray]],
    runs: dict[str, str],
    alarmed: float | None,
    rules: Mapping[str, SetRule] | None = None,
) -> PhotosReport:
    """Computes the content of artifacts/photos.json: figures only.

    Args:
        photos: The photos that were answered.
        answers: All models' answers for each variant; the first variant is what a visitor gets.
        runs: The run behind each model name.
        alarmed: Share of the photos, prepared in the first variant, that raise the alarm "probably none
            of the ten", 0 to 1; None if no published model has one.
        rules: The rule for prediction sets of each model name that has one.

    Returns:
        The figures for each variant and model, with no photo left out yet.
    """
    labels = np.array([photo.label for photo in photos])
    backgrounds = [photo.background for photo in photos]
    return PhotosReport(
        photos=len(photos),
        left_out=0,
        runs=runs,
        min_class_photos=MIN_CLASS_PHOTOS,
        macro_classes=int((np.bincount(labels) >= MIN_CLASS_PHOTOS).sum()),
        alarmed=alarmed,
        variants={
            variant: {
                name: compute_figures(labels, backgrounds, probabilities, (rules or {}).get(name))
                for name, probabilities in by_model.items()
            }
            for variant, by_model in answers.items()
        },
    )


def compute_figures(
    labels: np.ndarray,
    backgrounds: Sequence[str],
    probabilities: np.ndarray,
    rule: SetRule | None = None,
) -> PhotoFigures:
    """Computes the figures for one model's answers to photos prepared in one way.

    Args:
        labels: int `(n,)`, class indices.
        backgrounds: The background of each photo.
        probabilities: float `(n, 10)`, rows sum to 1, after the model's temperature.
        rule: For the prediction sets, if the model has one.

    Returns:
        Figures whose `macro_accuracy` is None if no class has enough photos; `per_class` and
        `per_background` list those that occur, `by_confidence` each band of CONFIDENCE_BANDS.
    """
    import pandas as pd

    metrics = evaluation.compute_metrics(labels, probabilities)
    scores = evaluation.per_class_scores(np.array(metrics["confusion_matrix"]))
    per_class = scores.loc[scores["support"] > 0, ["support", "recall"]]
    macro = per_class.loc[per_class["support"] >= MIN_CLASS_PHOTOS, "recall"].mean()
    right = pd.Series(probabilities.argmax(axis=1) == labels)
    per_background = right.groupby(np.asarray(backgrounds)).agg(["size", "mean"])
    figures = {
        **metrics,
        "macro_accuracy": None if np.isnan(macro) else float(macro),
        "per_class": _list_shares(per_class),
        "per_background": _list_shares(per_background),
        "by_confidence": _list_bands(probabilities.max(axis=1), right.to_numpy()),
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
    bands = get_automatic_figures(report)[model.name].by_confidence
    return next((band for band in reversed(bands) if confidence >= band.low), None)


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
