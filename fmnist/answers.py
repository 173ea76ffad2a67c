"""The models' answers to pictures, as values: top classes, confidences, agreement, ranking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from fmnist.config import CLASS_NAMES


@dataclass(frozen=True, eq=False)
class Answers(Mapping[str, np.ndarray]):
    """Several models' answers to the same images: probabilities by model name, read-only.

    Answers to one image lack the first axis: `row` returns them, and `tops`, `confidences` and `agree` then
    hold single values instead of arrays.

    Attributes:
        by_model: float `(n, 10)` for each model name, in the order of the models; rows sum to 1.

    Example:
        >>> answers = Answers({"simple": np.eye(10)[[3, 8]], "robust": np.eye(10)[[3, 5]]})
        >>> answers.class_names["robust"].tolist(), answers.agree.tolist()
        (['dress', 'sandal'], [True, False])
    """

    by_model: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.by_model[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_model)

    def __len__(self) -> int:
        return len(self.by_model)

    @property
    def names(self) -> list[str]:
        """The models' names, in order."""
        return list(self.by_model)

    @property
    def tops(self) -> dict[str, np.ndarray]:
        """The most probable class of each image, by model: int `(n,)`, class indices."""
        return {name: values.argmax(axis=-1) for name, values in self.items()}

    @property
    def class_names(self) -> dict[str, np.ndarray]:
        """The name of the most probable class of each image, by model: str `(n,)`."""
        return {name: np.array(CLASS_NAMES)[tops] for name, tops in self.tops.items()}

    @property
    def confidences(self) -> dict[str, np.ndarray]:
        """The probability of the most probable class, by model: float `(n,)`, 0.1 to 1."""
        return {name: values.max(axis=-1) for name, values in self.items()}

    @property
    def agree(self) -> np.ndarray:
        """Whether all models name the same class: bool `(n,)`; a single model always agrees."""
        tops = np.stack([*self.tops.values()])
        return (tops == tops[0]).all(axis=0)

    def row(self, index: int) -> "Answers":
        """Returns the answers to one image: float `(10,)` for each model name."""
        return Answers({name: values[index] for name, values in self.items()})


@dataclass(frozen=True)
class Prediction:
    """One ranked answer: the class by index and name, and its probability, 0 to 1."""

    class_index: int
    class_name: str
    probability: float


def top_predictions(probabilities: np.ndarray, count: int = 3) -> list[Prediction]:
    """Ranks the classes in one model's answer to one image, the most probable first.

    Among equally probable classes, the one with the lower index comes first, as in `Answers.tops`.

    Args:
        probabilities: float `(10,)`.
        count: How many classes to return, at most 10.
    """
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [Prediction(int(index), CLASS_NAMES[index], float(probabilities[index])) for index in order]
