"""Choosing how to combine the second opinion with a model, on labelled photos."""

from dataclasses import dataclass

import numpy as np

from fmnist.artifacts import Combination, Model
from fmnist.photos.benchmark import AUTOMATIC_VARIANT
from fmnist.photos.types import Measurement
from fmnist.second_opinion import combine, fit_weights

_PARTS = 10


@dataclass(frozen=True)
class Tuned:
    """What was chosen, and how good it is.

    Attributes:
        combination: To be saved.
        accuracy: Macro accuracy on the photos that chose it, 0 to 1.
        honest_accuracy: The same, each photo judged with powers that the others chose.
    """

    combination: Combination
    accuracy: float
    honest_accuracy: float


def tune(measurement: Measurement, model: Model) -> Tuned:
    """Chooses the powers on photos for which the second opinion and the model were asked.

    Args:
        measurement: With views and the model's answers.
        model: The model to combine with.

    Raises:
        ValueError: If there are no views.
    """
    if measurement.views is None:
        raise ValueError("The second opinion was not asked about these photos.")
    views, labels = measurement.views, measurement.labels
    answers = measurement.answers[AUTOMATIC_VARIANT][model.name]
    weights = fit_weights(labels, answers, views)
    combined = combine(answers, views, weights)
    judged = np.empty_like(combined)
    for part in range(_PARTS):
        held_out = np.arange(len(labels)) % _PARTS == part
        if held_out.any():
            others = fit_weights(labels[~held_out], answers[~held_out], views[~held_out])
            judged[held_out] = combine(answers[held_out], views[held_out], others)
    return Tuned(
        Combination(
            model=model.name,
            run=model.run.name,
            weights=(weights.model, weights.photo, weights.garment),
            photos=len(labels),
        ),
        _average_classes(labels, combined),
        _average_classes(labels, judged),
    )


def _average_classes(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """The mean over the classes of the share of their photos that is right."""
    right = probabilities.argmax(axis=1) == labels
    return float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))
