"""Plain-English sentences computed from numbers: what a chart tells, said in words.

Numbers in, text out; no file, no figure.
"""

import numpy as np
import pandas as pd

from fmnist.confidence import Alarm, TrackRecord
from fmnist.config import CLASS_NAMES, IMAGE_SIZE, AugmentationPolicy
from fmnist.evaluation import compare_paired, most_confused, per_class_scores


def percent(fraction: float, digits: int = 1) -> str:
    """Writes a fraction as a percentage: 0.9226 is '92.3%'."""
    return f"{100 * fraction:.{digits}f}%"


def points(difference: float, digits: int = 2) -> str:
    """Writes a difference of two fractions in signed percentage points: 0.0052 is '+0.52'."""
    rounded = round(100 * difference, digits) + 0.0  # a plain zero, never a negative one
    return f"{rounded:+.{digits}f}".replace("-", "−")


def join(parts: list[str]) -> str:
    """Joins parts of a sentence: 'a', 'a and b', 'a, b and c'."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def count(number: int, noun: str) -> str:
    """Writes a number with its noun: '1 epoch', '2 epochs'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Writes a duration as a person would: '45 seconds', '12 minutes', '1 h 5 min'."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def describe_overfitting(model_name: str, history: pd.DataFrame, kept_epoch: int) -> str:
    """Says what the epochs after the kept one still changed.

    Args:
        history: One row an epoch, columns `accuracy`, `val_accuracy`, `val_loss` and `learning_rate`
            among them.
        kept_epoch: The epoch with the lowest validation loss, from 1.
    """
    said = f"**{model_name}**: validation loss was lowest at epoch {kept_epoch}"
    more = len(history) - kept_epoch
    if more == 0:
        rates = history["learning_rate"]
        if rates.iloc[-1] < 0.05 * rates.iloc[0]:
            return f"{said}, the last one, as planned: its learning rate had run out."
        return f"{said}, the last one: it might have gone on improving."
    kept, last = history.iloc[kept_epoch - 1], history.iloc[-1]
    train, validation = (points(last[c] - kept[c], 1) for c in ("accuracy", "val_accuracy"))
    verdict = (
        "It overfits: it grew surer of answers that are wrong on new pictures."
        if last["val_loss"] > 1.1 * kept["val_loss"]
        else "Little overfitting: the loss stayed level."
    )
    return (
        f"{said}; {count(more, 'more epoch')} changed training accuracy by {train} points, validation "
        f"accuracy by {validation} points and validation loss from {kept['val_loss']:.2f} to "
        f"{last['val_loss']:.2f}. {verdict}"
    )


def describe_comparison(baseline: dict, other: dict) -> str:
    """Answers "did it help?" for two runs judged on the same test pictures.

    Args:
        baseline, other: Manifests of two runs.
    """
    size = baseline["test"]["size"]
    paired = compare_paired(baseline["test"]["wrong"], other["test"]["wrong"], size)
    low, high = paired["interval"]
    name, base_name = other["model_name"], baseline["model_name"]
    if low > 0:
        verdict = "**Yes, a little:** the whole interval lies above zero."
    elif high < 0:
        verdict = "**No, it hurt:** the whole interval lies below zero."
    else:
        verdict = (
            "**Undecided:** the interval holds zero, so the difference could be chance in the "
            "choice of test pictures."
        )
    return (
        f"{verdict} On the same {size:,} test pictures **{name}** was right on "
        f"{percent(other['test']['accuracy'], 2)} and **{base_name}** on "
        f"{percent(baseline['test']['accuracy'], 2)}, a difference of "
        f"{points(paired['difference'])} points (95% interval {points(low)} to {points(high)}). "
        f"{name.capitalize()} mends {paired['only_a_wrong']:,} mistakes of {base_name} and makes "
        f"{paired['only_b_wrong']:,} new ones. It took {count(other['kept_epoch'], 'epoch')} to "
        f"its best weights, {base_name} took {baseline['kept_epoch']}. Each was trained once: "
        "another random seed may shift either figure by some tenths of a point."
    )


def describe_answers(answers: dict[str, list[float]]) -> str:
    """Says who thinks what, and whether the models agree.

    Args:
        answers: Ten probabilities for each model name.
    """
    tops = {name: max(range(len(p)), key=lambda i: p[i]) for name, p in answers.items()}
    said = [f"{name} {percent(answers[name][top], 0)}" for name, top in tops.items()]
    if len(tops) == 1:
        (name, top), *_ = tops.items()
        return f"**{name}** says **{CLASS_NAMES[top]}** ({percent(answers[name][top], 0)})."
    if len(set(tops.values())) == 1:
        everyone = "Both models say" if len(tops) == 2 else f"All {len(tops)} models say"
        return f"{everyone} **{CLASS_NAMES[next(iter(tops.values()))]}** ({', '.join(said)})."
    parts = [
        f"{name} says **{CLASS_NAMES[top]}** ({percent(answers[name][top], 0)})" for name, top in tops.items()
    ]
    return f"The models disagree: {', '.join(parts)}."


def list_tops(answers: dict[str, np.ndarray]) -> str:
    """Lists each model's top answer, one a line.

    Args:
        answers: Ten probabilities for each model name.
    """
    tops = {name: int(np.argmax(values)) for name, values in answers.items()}
    return "  \n".join(
        f"{name}: **{CLASS_NAMES[top]}** {percent(answers[name][top], 0)}" for name, top in tops.items()
    )


def describe_stages(stages: list[str], answers: dict[str, np.ndarray]) -> str:
    """Says after which step of the preparation each model settled on its answer.

    Args:
        stages: The names of the steps, in order.
        answers: float `(steps, 10)` for each model name: its answer if preparation ended there.
    """
    said = []
    for name, rows in answers.items():
        tops = rows.argmax(axis=1)
        changed = np.flatnonzero(tops[:-1] != tops[-1])
        final = CLASS_NAMES[tops[-1]]
        if not len(changed):
            said.append(f"**{name}** said {final} from the beginning")
        else:
            step = changed[-1] + 1
            said.append(
                f"**{name}** says {final} since step {step + 1}, *{stages[step].lower()}*; before it "
                f"said {CLASS_NAMES[tops[step - 1]]}"
            )
    return f"{'; '.join(said)}."


def describe_track_record(name: str, record: TrackRecord, on_photos: dict | None = None) -> str:
    """Says how often a model was right when it was about as sure as now.

    Args:
        on_photos: The band of the figures on photos that the answer falls into, if it is to be said:
            `low`, `high`, `photos`, `accuracy`.
    """
    if record.high - record.low < 0.015:
        sure = f"about {percent(record.high, 0)} sure"
    else:
        sure = f"{percent(record.low, 0)} to {percent(record.high, 0)} sure"
    right = percent(record.right, 0)
    said = f"**{name}** was right in **{right}** of {record.count} validation answers that were {sure}"
    if not on_photos or not on_photos["photos"]:
        return f"{said}."
    low, high = percent(on_photos["low"], 0), percent(on_photos["high"], 0)
    sure = f"{low} to {high} sure" if on_photos["low"] else f"at most {high} sure"
    right = percent(on_photos["accuracy"], 0)
    return f"{said}; on photos in **{right}** of {on_photos['photos']} that were {sure}."


def describe_alarm(strangeness: float, alarm: Alarm) -> str:
    """Says what is meant by "probably none of the ten", and how far to trust it."""
    return (
        "**Probably none of the ten garments**: no mixture of garments comes close to what the models see. "
        f"{strangeness:.0f} grey levels a pixel are missing; the alarm starts at {alarm.threshold:.0f}. "
        f"{describe_alarm_record(alarm)}"
    )


def describe_alarm_record(alarm: Alarm) -> str:
    """Says how often the alarm rings for garments, and how often for other things."""
    return (
        f"That is a false alarm for {percent(alarm.false_alarms, 0)} of the validation garments, as they are "
        f"and as imitated photos, and catches {percent(alarm.caught, 0)} of letters, shapes, scribbles and "
        "patterns."
    )


def describe_report(entries: list) -> str:
    """Says what the course report found for the same recipes, where it has both.

    Args:
        entries: `artifacts.ModelEntry` of each model, the baseline first.
    """
    reported = [(entry.name, entry.report["test_accuracy"]) for entry in entries if entry.report]
    if len(reported) < 2:
        return ""
    (base_name, base), (name, accuracy) = reported[:2]
    return (
        f"In the course report this began with, {name} reached {percent(accuracy, 2)} and {base_name} "
        f"{percent(base, 2)}: {points(accuracy - base)} points."
    )


def describe_best(metric: str, histories: dict[str, pd.DataFrame]) -> str:
    """Says where each model's validation curve was best.

    Args:
        metric: 'loss' or 'accuracy'.
        histories: One row an epoch for each model name.
    """
    parts = []
    for name, history in histories.items():
        column = history[f"val_{metric}"]
        row = column.idxmin() if metric == "loss" else column.idxmax()
        value = f"{column[row]:.3f}" if metric == "loss" else percent(column[row], 2)
        parts.append(f"{value} ({name}, epoch {history['epoch'][row]})")
    extreme = "Lowest" if metric == "loss" else "Highest"
    return f"{extreme} on validation: {join(parts)}."


def describe_second_look(validations: dict[str, float]) -> str:
    """Says why some models answer better than their curves: theirs show one look at each picture.

    Args:
        validations: For each model that also looks at the mirror image, the validation accuracy of
            the mean of both answers, 0 to 1.
    """
    reached = join([f"{name} {percent(value, 2)}" for name, value in validations.items()])
    return (
        "When asked, some models look twice and answer with the mean over a picture and its mirror image. "
        f"So they reach on validation: {reached}. The curves above are of one look."
    )


def describe_confusion(confusion: np.ndarray) -> str:
    """Says how many answers were right and which two mistakes are the most frequent."""
    right, size = int(np.trace(confusion)), int(confusion.sum())
    said = f"{right:,} of {size:,} right ({percent(right / size, 2)})."
    mistakes = [
        f"{true} taken for {predicted} ({pictures})"
        for true, predicted, pictures in most_confused(confusion, 2)
        if pictures
    ]
    return f"{said} Most often mixed up: {', '.join(mistakes)}." if mistakes else said


def describe_class_changes(confusions: dict[str, np.ndarray]) -> str:
    """Says which class gained and which lost most F1 against the baseline, the first model."""
    (base_name, baseline), *others = confusions.items()
    said = []
    for name, confusion in others:
        change = per_class_scores(confusion)["f1"] - per_class_scores(baseline)["f1"]
        said.append(
            f"Against {base_name}, **{name}** gained most F1 on **{change.idxmax()}** "
            f"({points(change.max(), 1)} points) and least on **{change.idxmin()}** "
            f"({points(change.min(), 1)})."
        )
    return " ".join(said)


def describe_draws(answers: dict[str, np.ndarray], expected: dict[str, int], known: bool) -> str:
    """Says for how many random versions each model gave the expected answer.

    Args:
        answers: float `(n, 10)` for each model name.
        expected: The class index that counts, for each model name.
        known: Whether it is the picture's true class, not just the answer before the change.
    """
    parts = []
    for name, probabilities in answers.items():
        hits = int((probabilities.argmax(axis=1) == expected[name]).sum())
        parts.append(f"**{name}** {hits} of {len(probabilities)}")
    verb = "Right on" if known else "Same answer as for the unchanged picture on"
    return f"{verb}: {', '.join(parts)}."


def describe_strength(policy: AugmentationPolicy, transform: str) -> str:
    """Says in words how strong one transformation of a policy is."""
    strength = getattr(policy, transform)
    if not strength:
        return "switched off."
    pixels = strength * IMAGE_SIZE
    return {
        "flip": "half of the pictures are mirrored left to right.",
        "translation": f"shifted by up to {pixels:.1f} pixels in each direction.",
        "rotation": f"turned by up to {360 * strength:.1f} degrees either way.",
        "zoom": f"up to {percent(strength, 0)} larger or smaller.",
        "contrast": f"up to {percent(strength, 0)} more or less contrast.",
    }[transform]


def describe_batch(rows: list[dict[str, np.ndarray]], strange: list[bool]) -> str:
    """Says how many pictures of a batch were answered and on how many the models agree.

    Args:
        rows: Ten probabilities for each model name, for each picture.
        strange: Whether each is probably no garment.
    """
    said = f"{count(len(rows), 'picture')} answered"
    if len(rows[0]) > 1:
        agreed = sum(len({int(p.argmax()) for p in answers.values()}) == 1 for answers in rows)
        said += f"; the models agree on **{agreed}** and disagree on **{len(rows) - agreed}**"
    if any(strange):
        said += f". Probably none of the ten garments, whatever the models say: **{sum(strange)}**"
    return f"{said}."


def describe_photos(report: dict, test_accuracies: dict[str, float]) -> str:
    """Says how well the models do on photos, beside the data set's own test pictures.

    Args:
        report: What `photos.compute_report` returns; its first variant is what a visitor gets.
        test_accuracies: The models to speak of, each with its accuracy on the test pictures.
    """
    figures = next(iter(report["variants"].values()))
    ranked = sorted(test_accuracies, key=lambda name: -figures[name]["accuracy"])
    best = figures[ranked[0]]
    low, high = best["accuracy_interval"]
    said = (
        f"Of {count(report['photos'], 'photo')} that no model was trained on, **{ranked[0]}** names "
        f"**{percent(best['accuracy'], 0)}** right (95% interval {percent(low, 0)} to {percent(high, 0)})"
    )
    for name in ranked[1:]:
        said += f", {name} {percent(figures[name]['accuracy'], 0)}"
    said += f", against {percent(test_accuracies[ranked[0]], 0)} of the data set's own test pictures"
    enough = {
        name: share["accuracy"]
        for name, share in best["per_class"].items()
        if share["photos"] >= report["min_class_photos"]
    }
    if len(enough) < 2:
        return f"{said}."
    easy, hard = max(enough, key=enough.get), min(enough, key=enough.get)
    return (
        f"{said}: best on **{easy}** ({percent(enough[easy], 0)}), worst on **{hard}** "
        f"({percent(enough[hard], 0)})."
    )


def describe_alarmed(report: dict) -> str:
    """Says how often the alarm is raised by photos that do show one of the ten; nothing without alarm."""
    if report["alarmed"] is None:
        return ""
    return (
        f"The alarm *probably none of the ten* rings for **{percent(report['alarmed'])}** of these "
        "photos; each shows one of the ten, so it should ring for none."
    )


def describe_photo_runs(report: dict, runs: dict[str, str]) -> str:
    """Says for which published models the figures are of another run, or missing; else nothing.

    Args:
        report: What `photos.compute_report` returns.
        runs: The published run of each model name.
    """
    missing = [name for name in runs if name not in report["runs"]]
    older = [name for name in runs if name not in missing and report["runs"][name] != runs[name]]
    said = []
    if older:
        said.append(f"The figures of {join(older)} are of another run than the published one.")
    if missing:
        said.append(f"There are no figures of {join(missing)} yet.")
    return " ".join(said)
