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


def test_what_a_limit_left_out_is_one_line():
    assert narration.describe_left_out(150, 200, 50, 200) == (
        "150 of 200 pictures were left out: at most 50 are answered at a time. Put them into one zip to have "
        "up to 200 answered."
    )
    assert narration.describe_left_out(1, 51, 50, 200).startswith("1 of 51 pictures was left out")
    assert narration.describe_unopened(17, 3).startswith(
        "17 more pictures were not opened, because 3 pictures"
    )
    assert narration.describe_unopened(1, 3).startswith("1 more picture was not opened")


def test_right_answers_are_counted_where_the_class_is_known():
    rows = [Answers({"a": BAG, "b": BAG}), Answers({"a": SHOE, "b": BAG}), Answers({"a": BAG, "b": SHOE})]
    assert narration.describe_right(rows, [8, 7, None]) == (
        "Right answers on the 2 pictures whose class is known: a **2 of 2** (100%) and b **1 of 2** (50%)."
    )
    assert "on the picture whose class is known: a **0 of 1** (0%)" in narration.describe_right(
        rows, [0, None, None]
    )
    assert narration.describe_right(rows, [None] * 3) == narration.describe_right([], []) == ""


def test_faults_of_a_labels_file_are_one_sentence_without_markup():
    assert narration.describe_label_faults("labels.csv", (), 0) == ""
    assert narration.describe_label_faults("labels.csv", ("hat",), 2) == (
        'In labels\\.csv, "hat" is none of the ten classes and 2 lines name no picture of this batch.'
    )
    said = narration.describe_label_faults("labels.csv", ("<b>", "*x*", "c", "d", "e" * 99), 1)
    assert "\\<b\\>" in said and "\\*x\\*" in said and "and 2 more are none of the ten classes" in said
    assert "1 line names no picture" in said
