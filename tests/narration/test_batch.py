"""A batch in words."""

import numpy as np

from fmnist import narration
from fmnist.answers import Answers

BAG, SHOE = np.eye(10)[8], np.eye(10)[7]


def test_a_batch_is_counted_by_agreement():
    pairs = (BAG, BAG), (BAG, SHOE), (SHOE, SHOE)
    rows = [Answers({"a": first, "b": second}) for first, second in pairs]
    assert narration.describe_batch(rows, [False] * 3) == (
        "3 pictures answered; the models agree on **2** and disagree on **1**."
    )
    assert narration.describe_batch(rows, [True, False, True]).endswith(
        ". Probably none of the ten garments, whatever the models say: **2**."
    )
    assert narration.describe_batch([Answers({"a": BAG})], [False]) == "1 picture answered."
