"""Inference with the published models: LiteRT, uint8 images in, probabilities and features out.

Never imports TensorFlow or Keras: LiteRT loads in a tenth of a second and classifies one image about
twenty times faster than `model(x)` (measured by `python -m tests.benchmarks`).
"""

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from fmnist.answers import Answers, Prediction, top_predictions
from fmnist.artifacts import Run
from fmnist.config import IMAGE_SIZE, NUM_CLASSES
from fmnist.errors import ArtifactError
from fmnist.evaluation import apply_temperature

__all__ = ["CHUNK_SIZE", "Answers", "Classifier", "Prediction", "top_predictions"]

CHUNK_SIZE = 256  # one batch of 10,000 needs 2.2 GB; chunks are as fast and need 0.1 GB


class Classifier:
    """A published model, ready to answer; safe to share between threads."""

    def __init__(self, model_content: bytes, temperature: float = 1.0):
        """Builds a classifier from the content of a LiteRT file.

        Args:
            model_content: The file's bytes.
            temperature: Calibrates the probabilities; 1 leaves them as they are.

        Raises:
            ArtifactError: If LiteRT cannot read it, or it is not a classifier of 28x28 images.
        """
        from ai_edge_litert.interpreter import Interpreter

        self._temperature = temperature
        self._lock = threading.Lock()  # a LiteRT interpreter is not thread-safe
        try:
            self._interpreter = Interpreter(model_content=model_content, num_threads=1)
            (self._input,) = self._interpreter.get_input_details()
            self._outputs = _order_outputs(self._interpreter.get_output_details())
            grey = np.full((1, IMAGE_SIZE, IMAGE_SIZE), 128, np.uint8)
            if not abs(self.predict_proba(grey).sum() - 1) < 1e-3:  # holds for "not a number" too
                raise ValueError("its answers are not probabilities, so its weights may be damaged")
        except (ValueError, RuntimeError) as error:
            reason = " ".join(str(error).split()).rstrip(" .")  # LiteRT writes several lines
            raise ArtifactError(f"The LiteRT model cannot be used: {reason}. Train it again.") from error

    @classmethod
    def from_run(cls, run: Run) -> "Classifier":
        """Loads the classifier that a run serves, calibrated as its manifest says.

        Raises:
            ArtifactError: If its file is missing or damaged.
        """
        return cls(run.read("litert"), run.manifest.temperature)

    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Computes the probability of each class for each image.

        Args:
            images: uint8 `(n, 28, 28)`, 0-255, garment bright on black.

        Returns:
            float32 `(n, 10)`; rows sum to 1.
        """
        probabilities = self._ask(images, 0)
        if self._temperature != 1:
            return apply_temperature(probabilities, self._temperature).astype(np.float32)
        return probabilities

    def predict_means(self, groups: Sequence[np.ndarray]) -> np.ndarray:
        """Computes the mean answer to each group of images, such as one garment cut out in several ways.

        Args:
            groups: Each uint8 `(k, 28, 28)` with its own k of at least 1.

        Returns:
            float32 `(len(groups), 10)`; rows sum to 1.
        """
        answers = self.predict_proba(np.concatenate(groups))
        ends = np.cumsum([len(group) for group in groups])
        return np.stack([part.mean(axis=0) for part in np.split(answers, ends[:-1])])

    @property
    def has_features(self) -> bool:
        """Whether the model file gives features; older ones do not."""
        return len(self._outputs) > 1

    def compute_features(self, images: np.ndarray) -> np.ndarray:
        """Computes what the network's last layer decides on.

        Args:
            images: As for `predict_proba`.

        Returns:
            float32 `(n, k)`; k is 128 for the report's network.

        Raises:
            ArtifactError: If the model file is an older one, without features.
        """
        if not self.has_features:
            raise ArtifactError(
                "This model's file gives no features: run `python -m fmnist export-again` for the model."
            )
        return self._ask(images, 1)

    def _ask(self, images: np.ndarray, output: int) -> np.ndarray:
        """Runs the model in chunks and returns one of its outputs, float32 `(n, width)`."""
        if images.dtype != np.uint8 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
            raise ValueError(
                "`images` must be uint8 of shape (n, 28, 28). "
                f"Received: dtype={images.dtype}, shape={images.shape}"
            )
        details = self._outputs[output]
        answers = np.empty((len(images), details["shape"][-1]), np.float32)
        with self._lock:
            for start in range(0, len(images), CHUNK_SIZE):
                chunk = np.ascontiguousarray(images[start : start + CHUNK_SIZE])
                self._resize(len(chunk))
                self._interpreter.set_tensor(self._input["index"], chunk)
                self._interpreter.invoke()
                answers[start : start + len(chunk)] = self._interpreter.get_tensor(details["index"])
        return answers

    def _resize(self, batch_size: int) -> None:
        if getattr(self, "_batch_size", None) == batch_size:
            return
        self._batch_size = None  # stays so if the allocation fails
        self._interpreter.resize_tensor_input(self._input["index"], [batch_size, IMAGE_SIZE, IMAGE_SIZE])
        self._interpreter.allocate_tensors()
        self._batch_size = batch_size


def _order_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders the outputs of a LiteRT file: probabilities first, then features if it gives any.

    Raises:
        ValueError: If there are no probabilities, or more outputs than these two.
    """
    if not 1 <= len(outputs) <= 2 or any(len(output["shape"]) != 2 for output in outputs):
        raise ValueError("its outputs are not probabilities and features")
    # LiteRT keeps no order; the features of a small network may be as many as the classes.
    named = sorted(outputs, key=lambda output: output["name"])
    ordered = sorted(named, key=lambda output: output["shape"][-1] != NUM_CLASSES)
    if ordered[0]["shape"][-1] != NUM_CLASSES:
        raise ValueError("its output is not ten probabilities")
    return ordered
