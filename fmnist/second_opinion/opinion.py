"""Asking the second opinion: LiteRT, views in, probabilities of the ten garments out."""

import threading
from collections.abc import Sequence

import numpy as np

from fmnist import artifacts
from fmnist.artifacts import Model, SecondOpinionFiles
from fmnist.errors import ArtifactError
from fmnist.second_opinion.combination import Weights, combine
from fmnist.second_opinion.garments import count_shares, sum_garments
from fmnist.second_opinion.views import SIDE


class SecondOpinion:
    """The network with its table of garments, ready to answer; safe to share between threads."""

    def __init__(self, loaded: SecondOpinionFiles):
        """Builds it.

        Raises:
            ArtifactError: If LiteRT cannot read the file, or it is not such a network.
        """
        from ai_edge_litert.interpreter import Interpreter

        self.manifest = loaded.manifest
        self._combination = loaded.combination
        self._shares = count_shares(loaded.manifest.classes, loaded.manifest.outputs)
        self._lock = threading.Lock()  # a LiteRT interpreter is not thread-safe
        try:
            self._interpreter = Interpreter(model_content=loaded.model, num_threads=1)
            self._interpreter.allocate_tensors()
            (self._input,) = self._interpreter.get_input_details()
            (self._output,) = self._interpreter.get_output_details()
            if tuple(self._output["shape"]) != (1, loaded.manifest.outputs):
                raise ValueError(f"it does not have {loaded.manifest.outputs} classes")
            self.ask_views(np.zeros((1, SIDE, SIDE, 3), np.uint8))
        except (ValueError, RuntimeError) as error:
            reason = " ".join(str(error).split()).rstrip(" .")
            raise ArtifactError(f"The second opinion cannot be used: {reason}. Import it again.") from error

    def ask_views(self, views: np.ndarray) -> np.ndarray:
        """Asks about views.

        Args:
            views: uint8 `(n, 224, 224, 3)`; see `make_views`.

        Returns:
            float64 `(n, 10)`; rows sum to 1.
        """
        logits = np.empty((len(views), self.manifest.outputs), np.float32)
        with self._lock:
            for index, view in enumerate(views):
                self._interpreter.set_tensor(self._input["index"], view[np.newaxis])
                self._interpreter.invoke()
                logits[index] = self._interpreter.get_tensor(self._output["index"])[0]
        return sum_garments(logits, self._shares)

    def find_partner(self, models: Sequence[Model]) -> Model | None:
        """Finds the model to combine with, if its run is still the one for which the powers were chosen."""
        known = self._combination
        wanted = known and (known.model, known.run)
        return next((model for model in models if (model.name, model.run.name) == wanted), None)

    def combine(self, answers: np.ndarray, views: np.ndarray) -> np.ndarray:
        """Combines what `ask_views` returned with the partner's answers.

        Args:
            answers: float `(n, 10)`, those of the model that `find_partner` returned.
            views: float `(n, 2, 10)`.

        Returns:
            float64 `(n, 10)`; rows sum to 1.

        Raises:
            ArtifactError: If it is not known how.
        """
        if self._combination is None:
            raise ArtifactError(
                "How to combine the opinions is unknown: run `python -m fmnist tune-second-opinion DIR`."
            )
        return combine(answers, views, Weights(*self._combination.weights))


def load_second_opinion() -> SecondOpinion | None:
    """Loads the published second opinion, or returns None if there is none.

    Raises:
        ArtifactError: If a file of it is missing or damaged.
    """
    loaded = artifacts.load_second_opinion()
    return None if loaded is None else SecondOpinion(loaded)
