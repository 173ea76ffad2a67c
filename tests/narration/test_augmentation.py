"""What was done in training, and random versions, in words."""

import numpy as np

from fmnist import narration
from fmnist.answers import Answers


def test_what_was_done_to_training_pictures_is_said_of_each_model_that_it_was_done_for():
    said = narration.describe_policies({"a": ["flipped", "shifted", "turned"], "b": ["zoomed"], "c": []})
    assert said == (
        "**a** never saw the same image twice: it was flipped, shifted and turned at random each time. "
        "**b** never saw the same image twice: it was zoomed at random each time."
    )
    assert narration.describe_policies({}).startswith("None of the models")


def test_draws_are_counted():
    answers = Answers({"m": np.eye(10)[[3, 3, 4]], "n": np.eye(10)[[1, 1, 1]]})
    expected = {"m": 3, "n": 1}
    assert narration.describe_draws(answers, expected, known=True) == "Recognised: **m** 2 and **n** 3 of 3."
    assert (
        narration.describe_draws(answers, expected, known=False)
        == "Answer unchanged: **m** 2 and **n** 3 of 3."
    )
