"""Sentences about training curves, from histories chosen by hand."""

import re

import numpy as np
import pandas as pd
import pytest

from fmnist import artifacts, narration
from fmnist.augmentation import AugmentationPolicy
from fmnist.evaluation import Curve
from fmnist.recipes import TrainingConfig


def curve(train, validation, loss=None, name="m", kept=None):
    loss = loss or list(np.linspace(1, 0.5, len(train)))
    history = pd.DataFrame(
        {
            "epoch": range(1, len(train) + 1),
            "loss": 1 - np.array(train),
            "accuracy": train,
            "val_loss": loss,
            "val_accuracy": validation,
            "learning_rate": 0.001,
        }
    )
    return Curve(name, history, kept or int(np.argmin(loss)) + 1, 48_000)


def test_overfitting_is_named_with_its_epoch():
    run = curve([0.9, 0.93, 0.97], [0.90, 0.91, 0.909], [0.3, 0.2, 0.25], "simple")
    assert narration.describe_overfitting(run) == (
        "**simple**: validation loss was lowest at epoch 2; 1 more epoch changed training accuracy by +4.0 "
        "points, validation accuracy by −0.1 points and validation loss from 0.20 to 0.25. From epoch 3 on "
        "the model overfits: it memorises its training images and becomes more confident in wrong answers "
        "on others."
    )


@pytest.mark.parametrize(
    ("accuracy", "last", "said"),
    [
        (0.905, 0.2, "The model hardly overfits: its validation loss stayed level."),
        (0.905, 0.209, "The model hardly overfits: its validation loss stayed level."),
        (0.905, 0.211, "From epoch 2 on the model overfits"),
        (0.9, 0.3, "That is not overfitting, because training loss did not fall either."),
    ],
)
def test_a_loss_that_rises_by_a_twentieth_while_training_goes_on_is_overfitting(accuracy, last, said):
    assert said in narration.describe_overfitting(curve([0.9, accuracy], [0.9, 0.9], [0.2, last]))


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.001, "more epochs might have improved it further"),
        (0.00006, "more epochs might have improved it further"),
        (0.00004, "as planned: the learning rate had decayed to almost zero"),
    ],
)
def test_training_that_ended_at_its_best_had_run_out_or_might_have_gone_on(rate, said):
    last = curve([0.8, 0.9], [0.8, 0.9])
    last.history["learning_rate"] = [0.001, rate]
    expected = (
        f"**m**: validation loss was lowest at epoch 2, the final epoch{':' if rate > 5e-5 else ','} {said}."
    )
    assert narration.describe_overfitting(last) == expected


def test_where_overfitting_sets_in_is_said_of_all_runs_at_once():
    one, two = (curve([0.9, 0.95], [0.9, 0.9], [0.2, 0.3], name) for name in "ab")
    level, good = (curve([0.9, 0.95], [0.9, 0.9], [0.3, 0.2], name) for name in "cd")
    assert narration.describe_onsets([one]) == "**a** overfits from epoch 2 on (see the mark)."
    assert narration.describe_onsets([one, level, two]) == (
        "**a** overfits from epoch 2 on and **b** overfits from epoch 2 on (see the marks); **c** does not."
    )
    assert narration.describe_onsets([one, level, good]).endswith("; **c** and **d** do not.")
    assert narration.describe_onsets([level]) == "**c** does not overfit."
    assert narration.describe_onsets([level, good]) == "**c** and **d** do not overfit."
    assert narration.describe_onset(2, ["a"]) == "Epoch 2: a begins to memorise."
    assert narration.describe_onset(2, ["a", "b"]) == "Epoch 2: a and b begin to memorise."


def test_best_epochs_are_the_extremes_not_the_last():
    run = curve([0.1] * 3, [0.8, 0.9, 0.85], [0.5, 0.2, 0.3])
    short = curve([0.1], [0.8], [0.5], "n")
    assert narration.describe_best("loss", [run]) == "Lowest validation loss: 0.200 (m, epoch 2)."
    said = narration.describe_best("accuracy", [run, short])
    assert said == "Highest validation accuracy: 90.00% (m, epoch 2) and 80.00% (n, epoch 1)."


def test_of_many_runs_the_best_one_is_named():
    runs = [curve([0.1], [0.8 + number / 100], [0.5 - number / 10], f"r{number}") for number in range(4)]
    assert narration.describe_best("loss", runs) == "Lowest validation loss of 4 runs: 0.200 (r3, epoch 1)."
    said = narration.describe_best("accuracy", runs)
    assert said == "Highest validation accuracy of 4 runs: 83.00% (r3, epoch 1)."


def test_the_kept_epoch_is_said_with_its_figures_and_where_accuracy_was_best():
    train, accuracies, losses = [0.9] * 3, [0.91, 0.92, 0.93], [0.3, 0.2, 0.25]
    assert narration.describe_kept(curve(train, accuracies, losses)) == (
        "**m** is kept after epoch 2: lowest loss 0.200, accuracy 92.00%. Its best accuracy, 93.00%, came at "
        "epoch 3."
    )
    assert narration.describe_kept(curve(train, [0.91, 0.93, 0.93], losses)) == (
        "**m** is kept after epoch 2: lowest loss 0.200, and its best accuracy, 93.00%."
    )
    assert narration.describe_kept(curve(train, accuracies, losses, kept=1)) == (
        "**m** is kept after epoch 1: loss 0.300 (the lowest, 0.200, came at epoch 2), accuracy 91.00%. Its "
        "best accuracy, 93.00%, came at epoch 3."
    )


def choose(at_lowest, at_best, name="b"):
    """A run that leads another by so many points at its lowest loss, and where its accuracy is highest."""
    base = curve([0.9, 0.9], [0.90, 0.92], [0.2, 0.3], "a")
    return base, curve([0.9, 0.9], [0.90 + at_lowest / 100, 0.92 + at_best / 100], [0.2, 0.3], name)


IF = "on validation images if the lowest loss decides which epoch is kept"
EITHER = "on validation images, whether the lowest loss or the highest accuracy decides which epoch is kept."


@pytest.mark.parametrize(
    ("at_lowest", "at_best", "said"),
    [
        (
            0.72,
            0.18,
            f"**b** leads **a** by 0.72 points {IF}, but only by 0.18 if the highest accuracy does.",
        ),
        (
            0.18,
            0.72,
            f"**b** leads **a** by 0.18 points {IF}, and even by 0.72 if the highest accuracy does.",
        ),
        (
            -0.7,
            -0.1,
            f"**b** trails **a** by 0.70 points {IF}, but only by 0.10 if the highest accuracy does.",
        ),
        (
            -0.1,
            -0.7,
            f"**b** trails **a** by 0.10 points {IF}, and even by 0.70 if the highest accuracy does.",
        ),
        (
            0.7,
            -0.1,
            f"**b** leads **a** by 0.70 points {IF}, but trails by 0.10 if the highest accuracy does.",
        ),
        (
            -0.7,
            0.1,
            f"**b** trails **a** by 0.70 points {IF}, but leads by 0.10 if the highest accuracy does.",
        ),
        (0.7, 0, f"**b** leads **a** by 0.70 points {IF}, but they are level if the highest accuracy does."),
        (
            -0.7,
            0,
            f"**b** trails **a** by 0.70 points {IF}, but they are level if the highest accuracy does.",
        ),
        (0, 0.1, f"**b** and **a** are level {IF}, but **b** leads by 0.10 if the highest accuracy does."),
        (0, -0.1, f"**b** and **a** are level {IF}, but **b** trails by 0.10 if the highest accuracy does."),
        (0.3, 0.3, f"**b** leads **a** by 0.30 points {EITHER}"),
        (-0.3, -0.3, f"**b** trails **a** by 0.30 points {EITHER}"),
        (0, 0, f"**b** and **a** are level {EITHER}"),
        (0.001, -0.001, f"**b** and **a** are level {EITHER}"),
    ],
)
def test_a_lead_is_said_for_both_ways_to_choose_the_epoch(at_lowest, at_best, said):
    assert narration.describe_choice(*choose(at_lowest, at_best)) == said
    assert narration.describe_choices(choose(at_lowest, at_best)) == said


def test_the_published_models_differ_by_what_their_files_say():
    models = artifacts.load_models()[:2]
    histories = [model.run.load_history() for model in models]
    leads = [
        np.diff([history["val_accuracy"][find(history)] for history in histories]).item()
        for find in (lambda h: h["val_loss"].idxmin(), lambda h: h["val_accuracy"].idxmax())
    ]
    said = narration.describe_choice(
        *(
            Curve(model.name, history, model.manifest.kept_epoch, 48_000)
            for model, history in zip(models, histories, strict=True)
        )
    )
    assert re.findall(r"by (\d\.\d\d)", said) == [f"{abs(100 * lead):.2f}" for lead in leads]
    assert ("leads" in said) == (leads[0] > 0)


def test_leads_of_several_runs_share_a_sentence():
    (base, one), (_, two) = choose(0.7, 0.1), choose(-0.2, 0, "c")
    assert narration.describe_choices([base, one, two]) == (
        "Compared with **a**, validation accuracy differs by +0.70 (b) and −0.20 (c) points if the lowest "
        "loss decides which epoch is kept, but by +0.10 and +0.00 points if the highest accuracy does."
    )
    assert narration.describe_choices([base]) == ""


@pytest.mark.parametrize(
    ("rates", "decay", "said"),
    [
        ([0.001, 0.001], 0.5, "0.001 throughout"),
        (
            [0.001, 0.0005, 0.000125, 0.000125],
            0.5,
            "0.001 to 0.00013, halved twice when validation loss stalled",
        ),
        ([0.001, 0.0001], 0.1, "0.001 to 0.0001, multiplied by 0.1 once when validation loss stalled"),
        ([0.002, 0.001, 1.97e-6], None, "0.002 to 0.000002, along half a cosine"),
    ],
)
def test_the_learning_rate_is_said_as_the_recipe_changes_it(rates, decay, said):
    run = curve([0.9] * len(rates), [0.9] * len(rates))
    run.history["learning_rate"] = rates
    assert narration.describe_learning_rate(run, TrainingConfig(decay=decay)) == f"**m**: {said}"


def test_a_title_is_text():
    said = narration.describe_kept(curve([0.9], [0.9], name="*a* [b](c)"))
    assert said.startswith(r"**\*a\* \[b\]\(c\)** is kept")


def test_a_second_look_is_said_with_what_it_reaches():
    assert narration.describe_second_look({"m": 0.945, "n": 0.9}) == (
        "Some models average their answers for an image and its mirror image, which gives a validation "
        "accuracy of 94.50% (m) and 90.00% (n). The curves above show the answers to the image alone."
    )


def test_training_below_validation_is_explained_where_it_is_seen():
    hard, plain = curve([0.5, 0.86], [0.6, 0.94], name="a"), curve([0.5, 0.99], [0.6, 0.93], name="b")

    def explain(config):
        said = narration.describe_harder_training([hard, plain], {"a": config, "b": TrainingConfig()})
        start, _, reason = said.partition(", because ")
        assert start == "**a** scores lower on training images than on validation images"
        return reason

    changed = "its training images are changed at random"
    off = "parts of its network are switched off at random"
    purpose = "training is made harder on purpose"
    assert explain(TrainingConfig(augmentation=AugmentationPolicy())) == f"{purpose}: {changed}."
    assert explain(TrainingConfig(imitated_share=0.5)) == f"{purpose}: {changed}."
    assert explain(TrainingConfig(dropout=0.2)) == f"{purpose}: {off}."
    assert explain(TrainingConfig(dropout=0.2, imitated_share=0.5)) == f"{purpose}: {changed} and {off}."
    assert purpose not in explain(TrainingConfig(label_smoothing=0.1))
    assert narration.describe_harder_training([plain], {"b": TrainingConfig()}) == ""
