"""Luck and strength in words: every size and sign, and the number of seeds in each sentence."""

import pytest

from fmnist import analysis, artifacts, narration
from fmnist.recipes import RECIPES
from tests.experimenting import build_trial, build_trials


def find_out(simple, augmented, reported=None, strong=()):
    trials = [*build_trials("simple", simple), *build_trials("augmented", augmented)]
    trials += [t for s, values in strong for t in build_trials("augmented", values, strength=s)]
    return analysis.find_out(analysis.group_trials(trials), "simple", "augmented", reported)


@pytest.mark.parametrize(
    ("gain", "verdict"),
    [
        (0.02, "**Yes, clearly:**"),
        (0.012, "**Yes, a little:**"),
        (0.004, "**Yes, slightly:**"),
        (-0.004, "**No, it hurts slightly:**"),
        (-0.012, "**No, it hurts a little:**"),
        (-0.02, "**No, it hurts clearly:**"),
        (0.0002, "**Undecided:**"),
        (0.0, "**Undecided:**"),
        (-0.0002, "**Undecided:**"),
    ],
)
def test_the_verdict_has_words_for_every_size_and_sign(gain, verdict):
    found = find_out([0.9, 0.9005], [0.9 + gain, 0.9005 + gain, 0.90025 + gain])
    assert narration.describe_gain(found).startswith(
        f"{verdict} on average over 2 and 3 seeds, **augmented**"
    )
    assert narration.describe_gain_briefly(found).startswith(verdict)


def test_the_verdict_gives_means_difference_and_interval():
    assert narration.describe_gain(find_out([0.90, 0.90], [0.912, 0.912])) == (
        "**Yes, a little:** on average over 2 seeds each, **augmented** was right on 91.20% of the "
        "test images "
        "and **simple** on 90.00%, a difference of +1.20 points (95% interval +1.20 to +1.20)."
    )


STOPPED = [  # the validation accuracies of both recipes after each epoch, and what is said
    ([0.8, 0.8, 0.8], [0.7, 0.7, 0.9], "**Stopped within 2 epochs, augmentation hurts; from 3 on, "
     "it helps** (2 "
     "seeds each). Changed images take longer to learn from, and go on teaching for longer."),
    ([0.8, 0.8], [0.9, 0.7], "**Stopped within 1 epoch, augmentation helps; from 2 on, it hurts** "
     "(2 seeds each)."),
    ([0.8, 0.8], [0.8, 0.9], "**Stopped within 1 epoch, augmentation makes no clear difference; "
     "from 2 on, it "
     "helps** (2 seeds each)."),
    ([0.8, 0.8], [0.9, 0.9], "**Whenever training stops, augmentation helps** (2 seeds each)."),
    ([0.8, 0.8], [0.8, 0.8], "**Whenever training stops, augmentation makes no clear difference** "
     "(2 seeds each)."),
    ([0.8] * 3, [0.7, 0.9, 0.7], "**Augmentation hurts until epoch 1 and from epoch 3 on**, but not always "
     "in between (2 seeds each)."),
]  # fmt: skip


@pytest.mark.parametrize(("simple", "augmented", "said"), STOPPED)
def test_when_training_stops_may_turn_the_answer(simple, augmented, said):
    trials = [build_trial(r, s, a) for r, a in (("simple", simple), ("augmented", augmented)) for s in (1, 2)]
    found = analysis.find_out(analysis.group_trials(trials), "simple", "augmented", None)
    assert narration.describe_stopping(found) == said


def test_strengths_help_hurt_or_neither():
    found = find_out(
        [0.9, 0.9], [0.93, 0.93], None, [(0.5, [0.8, 0.99]), (2.0, [0.94, 0.94]), (4.0, [0.8, 0.8])]
    )
    assert narration.describe_strength(found.curve) == (
        "**Augmentation helps at 1 and 2, hurts at 4 and makes no clear difference at 0.5 times our "
        "strength** (2 "
        "seeds each). Accuracy is highest at 2 times: 94.00%. Ours is clearly worse (−1.00 points)."
    )
    (alone,) = analysis.build_strength_curves(
        analysis.group_trials(
            [build_trial("augmented", s, strength=x) for s, x in ((1, 1.0), (1, 2.0), (2, 2.0))]
        )
    )
    assert narration.describe_strength(alone) == "Accuracy is highest at 1 times: 75.00% (1 to 2 seeds each)."


def test_runs_that_used_up_their_epochs_are_said():
    most = RECIPES["augmented"].config.max_epochs
    trials = [
        build_trial("augmented", seed, strength=x, accuracies=[0.5] * epochs)
        for seed, x, epochs in ((1, 1.0, 3), (1, 2.0, most), (2, 2.0, most - 1))
    ]
    (curve,) = analysis.build_strength_curves(analysis.group_trials(trials))
    assert curve.cut_off == (0, 1)
    assert narration.describe_strength(curve).endswith("might have helped: 1 of 2 at 2 times.")


def explain(reported, strong=((3.0, [0.80, 0.80]),)):
    found = find_out([0.91, 0.91], [0.94, 0.94], analysis.Reported(0.92, reported), strong)
    return narration.describe_report_explained(found)


def test_a_reports_result_is_explained_by_strength_or_an_early_stop_or_not_at_all():
    assert explain(0.85) == (
        "The course report lost 7.00 points with augmentation. **A policy about 2.4 times as strong "
        "as ours does "
        "that, too** (2 seeds each; the report's 85.00% itself is what 2.3 times gives). No earlier "
        "stop gives "
        "that (2 seeds each)."
    )
    assert explain(0.70) == (
        "The course report lost 22.00 points with augmentation. No strength that was tried does "
        "that (2 seeds "
        "each). No earlier stop gives that (2 seeds each)."
    )
    assert explain(0.94, ()).startswith("The course report gained 2.00 points with augmentation. No strength")
    assert "This is what stopping both after 2 epochs does: +3.00 points" in explain(0.945, ())
    assert "So does stopping both after 2 epochs: +3.00 points (2 seeds each). These figures" in explain(
        0.945
    )
    assert narration.describe_report_explained(find_out([0.9, 0.9], [0.9, 0.9])) == ""


def test_the_first_page_names_the_same_causes_shortly():
    found = find_out([0.91, 0.91], [0.94, 0.94], analysis.Reported(0.92, 0.85), [(3.0, [0.8, 0.8])])
    assert narration.describe_gain_briefly(found) == (
        "**Yes, clearly:** +3.00 points (95% interval +3.00 to +3.00) on the test images, over 2 seeds each. "
        "Stopped within 1 epoch, it makes no clear difference. The course report lost 7.00 points; so does a "
        "policy 2.4 times as strong."
    )


@pytest.mark.parametrize(
    ("third", "verdict"),
    [
        ([0.95, 0.95], "more than with all."),
        ([0.81, 0.81], "less than with all."),
        ([0.7, 0.95], "the two intervals overlap, so the seeds do not decide which is larger."),
    ],
)
def test_a_smaller_share_gains_more_or_less_or_nobody_knows(third, verdict):
    trials = [
        *build_trials("simple", [0.9, 0.9]), *build_trials("augmented", [0.93, 0.93]),
        *build_trials("simple", [0.8, 0.8], train_share=0.33),
        *build_trials("augmented", third, train_share=0.33),
    ]  # fmt: skip
    (said,) = narration.describe_shares(analysis.build_strength_curves(analysis.group_trials(trials)))
    assert said.startswith("With 33% of the training images, our strength gains ") and said.endswith(verdict)
    assert said.count("2 seeds each") == 2


def test_luck_is_counted_in_pairs_and_in_answers():
    found = find_out([0.90, 0.93], [0.92, 0.94])
    assert narration.describe_pairs(found) == (
        "**One run of each may say anything from −1.00 to +4.00 points.** Of the 4 pairs of one run "
        "each (2 seeds "
        "each), augmented is ahead in 3."
    )
    assert narration.describe_churn([found.before]) == (
        "Two runs of **simple** with different seeds answer 25.0% of the validation images "
        "differently, though "
        "their accuracies lie within 3.00 points (2 seeds)."
    )


def test_groups_are_named_by_what_tells_them_apart():
    def name(*trials):
        return narration.name_groups(analysis.group_trials(trials))

    half = build_trial("augmented", strength=0.5, train_share=0.33)
    assert name(half) == ["augmented, 0.5 times, 33% of the images"]
    assert name(half, build_trial("augmented", train_share=0.33)) == [
        "0.5 times",
        "augmented, 33% of the images",
    ]
    assert name(build_trial(), build_trial(overrides='{"batch_size": 64}')) == ["simple", "batch_size 64"]
    assert name(half, build_trial("augmented", strength=0.5, train_share=0.331))[1].endswith(" (2)")
    assert name(build_trial(overrides="\u202e" * 200))[0] == f"simple, {'�' * 61}…"


def test_an_unfinished_sweep_and_the_machine_are_told():
    trial = build_trial()
    assert (
        narration.describe_completeness(artifacts.Sweep("ours", ("a", "b"), (trial,)))
        == "ours: 1 of 2 trials finished."
    )
    assert narration.describe_completeness(artifacts.Sweep("ours", ("a",), (trial,))) == ""
    assert narration.describe_backends([trial], {}) == (
        "Trials computed with: abacus 1\\.0\\, wood. Times depend on what else ran, so they say nothing."
    )
