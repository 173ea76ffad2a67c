"""The panel about photos: how well the models do on them, and how current the figures are."""

from collections.abc import Mapping

from fmnist.artifacts import PhotosReport
from fmnist.words import count, join, percent


def describe_photos(report: PhotosReport, test_accuracies: Mapping[str, float]) -> str:
    """Says how well the models do on photos, compared with the data set's own test images.

    Args:
        report: The figures; their first variant is what a visitor gets.
        test_accuracies: The models to mention, each with its accuracy on the test images.
    """
    figures = next(iter(report.variants.values()))
    ranked = sorted(test_accuracies, key=lambda name: -figures[name].accuracy)
    best = figures[ranked[0]]
    low, high = best.accuracy_interval
    others = [f"{name} {percent(figures[name].accuracy, 0)}" for name in ranked[1:]]
    aside = "; ".join([f"95% interval {percent(low, 0)} to {percent(high, 0)}", *others])
    said = (
        f"On {count(report.photos, 'real photo')}, **{ranked[0]}** is right "
        f"**{percent(best.accuracy, 0)}** of the time ({aside}); on the data set's own test images, "
        f"{percent(test_accuracies[ranked[0]], 0)}."
    )
    enough = {
        name: share.accuracy
        for name, share in best.per_class.items()
        if share.photos >= report.min_class_photos
    }
    if len(enough) < 2:
        return said
    easy = max(enough, key=lambda name: enough[name])
    hard = min(enough, key=lambda name: enough[name])
    return (
        f"{said} It does best on **{easy}** ({percent(enough[easy], 0)}) and worst on **{hard}** "
        f"({percent(enough[hard], 0)})."
    )


def describe_opinions(report: PhotosReport, combined: str, alone: str) -> str:
    """Says what a look at the photo itself adds; says nothing if that was not measured.

    Args:
        report: The figures.
        combined, alone: The names of the combination and of the second opinion in it.
    """
    if combined not in report.opinions:
        return ""
    found, other = report.opinions[combined], report.opinions[alone]
    low, high = found.accuracy_interval
    right, worn = percent(found.accuracy, 0), found.per_worn.get("yes")
    said = (
        f"**With a look at the photo itself** the combination is right **{right}** of the time (95% interval "
        f"{percent(low, 0)} to {percent(high, 0)}); the second opinion alone {percent(other.accuracy, 0)}. "
        "How much each counts was chosen on these photos."
    )
    if worn is None:
        return said
    return f"{said} Of {count(worn.photos, 'worn garment')} it gets {percent(worn.accuracy, 0)} right."


def describe_coverage(report: PhotosReport, name: str) -> str:
    """Says how often the surest half of the answers is right; says nothing if that was not measured.

    Args:
        report: The figures.
        name: Of the combination, whose answers are meant.
    """
    figures = report.opinions.get(name)
    if figures is None or not figures.by_coverage:
        return ""
    half = min(figures.by_coverage, key=lambda group: abs(2 * group.photos - report.photos))
    return (
        f"**Answering only when sure helps**: on the {count(half.photos, 'photo')} on which the combination "
        f"is surest, it is right **{percent(half.accuracy, 0)}** of the time; on all of them, "
        f"{percent(figures.accuracy, 0)}."
    )


def describe_alarmed(report: PhotosReport) -> str:
    """Says how often photos of the ten garments raise the alarm; says nothing if there is no alarm."""
    if report.alarmed is None:
        return ""
    return (
        f"The warning *probably none of the ten* appears on **{percent(report.alarmed)}** of these "
        "photos. All of them show one of the ten garments, so ideally it never would."
    )


def describe_photo_runs(report: PhotosReport, runs: Mapping[str, str]) -> str:
    """Says for which published models the figures come from another run or are missing; else nothing.

    Args:
        report: The figures.
        runs: The published run of each model name.
    """
    missing = [name for name in runs if name not in report.runs]
    older = [name for name in runs if name not in missing and report.runs[name] != runs[name]]
    said = []
    if older:
        said.append(f"The figures for {join(older)} come from a run that is no longer published.")
    if missing:
        said.append(f"There are no figures for {join(missing)} yet.")
    return " ".join(said)
