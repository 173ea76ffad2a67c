"""A batch in words."""

import numpy as np

from fmnist import narration
from fmnist.answers import Answers
from fmnist.confidence import Alarm

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


def test_what_counts_as_none_of_the_ten_depends_on_the_alarm():
    alone = narration.describe_strangers(None)
    assert alone == "None of the ten: no garment stands out from the background."
    alarm = Alarm(np.zeros((1, 784), np.float32), threshold=20, false_alarms=0.01, caught=0.9)
    said = narration.describe_strangers(alarm)
    assert said.startswith(f"{alone[:-1]}, or the image is unlike anything")
    assert said.endswith(narration.describe_alarm_record(alarm))
