"""Inference with the published models: LiteRT, uint8 images in, probabilities out.

Never imports TensorFlow or Keras: LiteRT loads in a tenth of a second and classifies one image about
twenty times faster than `model(x)` (measured by `python -m tests.benchmarks`).
"""

import threading

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
            (self._output,) = self._interpreter.get_output_details()
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
        if images.dtype != np.uint8 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
            raise ValueError(
                "`images` must be uint8 of shape (n, 28, 28). "
                f"Received: dtype={images.dtype}, shape={images.shape}"
            )
        probabilities = np.empty((len(images), NUM_CLASSES), np.float32)
        with self._lock:
            for start in range(0, len(images), CHUNK_SIZE):
                chunk = np.ascontiguousarray(images[start : start + CHUNK_SIZE])
                self._resize(len(chunk))
                self._interpreter.set_tensor(self._input["index"], chunk)
                self._interpreter.invoke()
                answers = self._interpreter.get_tensor(self._output["index"])
                probabilities[start : start + len(chunk)] = answers
        if self._temperature != 1:
            return apply_temperature(probabilities, self._temperature).astype(np.float32)
        return probabilities

    def _resize(self, batch_size: int) -> None:
        if getattr(self, "_batch_size", None) == batch_size:
            return
        self._batch_size = None  # stays so if the allocation fails
        self._interpreter.resize_tensor_input(self._input["index"], [batch_size, IMAGE_SIZE, IMAGE_SIZE])
        self._interpreter.allocate_tensors()
        self._batch_size = batch_size
