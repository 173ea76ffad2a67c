"""photos.json: the models' figures on photos, verified and replaced in one step."""

import os
from collections.abc import Iterable
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fmnist.artifacts import files
from fmnist.artifacts.manifest import Metrics
from fmnist.artifacts.root import change_root, load_root, replace_root
from fmnist.artifacts.values import Count, Folder, Name, Record, Share, Size, are_close, convert, parse_json
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError

FORMAT = 2
"""Version of the format of photos.json; a reader refuses newer ones."""
_MEASURE = (
    "Restore it with `git checkout -- artifacts`, or measure again with "
    "`python -m fmnist benchmark-photos DIR --save`."
)


class Group(Record, frozen=True, kw_only=True):
    """The number of photos in a group, and the share of them that was answered correctly."""

    photos: Count
    accuracy: Share


class Band(Group, frozen=True, kw_only=True):
    """A group of photos whose answers had about the same confidence, from `low` to below `high`."""

    low: Share
    high: Share


class Calibration(Record, frozen=True, kw_only=True):
    """How far apart confidence and accuracy are, and the mean confidence, which should equal the accuracy."""

    ece: Share
    mean_confidence: Share


class SetFigures(Record, frozen=True, kw_only=True):
    """Prediction sets on photos: what was promised, what was measured, and the mean number of classes.

    Attributes:
        level: The share of the data set's pictures whose set holds the true class, as promised.
        coverage: That share of the photos.
        size: The mean number of classes in a set.
    """

    level: Share
    coverage: Share
    size: Annotated[float, Meta(ge=0, le=len(CLASS_NAMES))]


class PhotoFigures(Metrics, frozen=True, kw_only=True):
    """One model's figures for one way of preparing photos; see `photos.compute_figures`.

    Attributes:
        by_coverage: The photos on whose answers it was surest, more of them in each group, at last all.
    """

    macro_accuracy: Share | None
    per_class: dict[str, Group]
    per_background: dict[str, Group]
    per_worn: dict[str, Group] = msgspec.field(default_factory=dict)  # older reports lack it
    by_confidence: tuple[Band, ...]
    by_coverage: tuple[Group, ...] = ()  # older reports lack it
    calibration: Calibration
    sets: SetFigures | None = None  # older reports lack it


class PhotosReport(Record, frozen=True, kw_only=True):
    """The content of photos.json; see `photos.compute_report`."""

    photos: Size
    left_out: Count
    runs: Annotated[dict[Name, Folder], Meta(min_length=1)]
    min_class_photos: Size
    macro_classes: Count
    alarmed: Share | None
    variants: Annotated[dict[str, dict[str, PhotoFigures]], Meta(min_length=1)]
    opinions: dict[str, PhotoFigures] = msgspec.field(default_factory=dict)  # of the second opinion


def parse_report(content: Any) -> PhotosReport:
    """Turns the content of a photos.json into its typed form.

    Raises:
        ValueError: If a value is missing, unknown, not of its type, or contradicts another.
    """
    if isinstance(content, dict):
        content = {key: value for key, value in content.items() if key != "format"}
        for variant, by_model in _items(content.get("variants")):  # so that an error names them
            for name, figures in _items(by_model):
                convert(figures, PhotoFigures, f"{variant}, {name}")
    report = convert(content, PhotosReport)
    supports = set()
    for variant, by_model in report.variants.items():
        if by_model.keys() != report.runs.keys():
            raise ValueError(f"the models of {variant} are not those of runs")
        for name, figures in by_model.items():
            supports.add(_check_figures(figures, f"{variant}, {name}", report))
    for name, figures in report.opinions.items():
        supports.add(_check_figures(figures, name, report))
    if len(supports) > 1:
        raise ValueError("its figures are not all for the same photos")
    return report


def _items(content: Any) -> Iterable[tuple[str, Any]]:
    return content.items() if isinstance(content, dict) else ()


def _check_figures(figures: PhotoFigures, part: str, report: PhotosReport) -> tuple[int, ...]:
    """Checks the figures of one model and variant; returns the number of photos of each class."""
    if figures.size != report.photos:
        raise ValueError(f"{part} covers a different number of photos")
    rows = figures.confusion_matrix
    support = tuple(map(sum, rows))
    recalls = {label: rows[label][label] / photos for label, photos in enumerate(support) if photos}
    per_class = {
        CLASS_NAMES[label]: Group(photos=support[label], accuracy=recalls[label]) for label in recalls
    }
    if figures.per_class != per_class:
        raise ValueError(f"the classes of {part} contradict its confusion matrix")
    enough = [recalls[label] for label in recalls if support[label] >= report.min_class_photos]
    if len(enough) != report.macro_classes:
        raise ValueError(f"{part} has a different number of classes with at least min_class_photos")
    found = [] if figures.macro_accuracy is None else [figures.macro_accuracy]
    if not are_close(found, [sum(enough) / len(enough)] if enough else []):
        raise ValueError(f"the macro accuracy of {part} contradicts its classes")
    bands = figures.by_confidence
    edges = [0, *chain.from_iterable((band.low, band.high) for band in bands), 1]
    if edges[::2] != edges[1::2] or edges != sorted(edges):
        raise ValueError(f"the confidences of {part} must divide the range from 0 to 1")
    _check_groups([*bands], figures, f"the confidences of {part}")
    _check_coverages(figures, part)
    _check_groups([*figures.per_background.values()], figures, f"the backgrounds of {part}")
    if sum(group.photos for group in figures.per_worn.values()) > figures.size:  # not all need to be known
        raise ValueError(f"the worn garments of {part} are more than its photos")
    return support


def _check_groups(groups: list[Group], figures: PhotoFigures, what: str) -> None:
    """Checks that groups of photos add up to all photos, and their right answers to all right answers."""
    photos = sum(group.photos for group in groups)
    right = sum(group.photos * group.accuracy for group in groups)
    if photos != figures.size or not are_close([right], [photos - len(figures.wrong)]):
        raise ValueError(f"{what} do not add up to its photos")


def _check_coverages(figures: PhotoFigures, part: str) -> None:
    """Checks that each group of the surest photos contains the one before, and the last all photos."""
    groups = figures.by_coverage
    right = [group.photos * group.accuracy for group in groups]
    steps = [
        (after.photos - before.photos, more - fewer)
        for (before, fewer), (after, more) in pairwise(zip(groups, right, strict=True))
    ]
    if any(photos <= 0 or not -1e-6 < gained < photos + 1e-6 for photos, gained in steps):
        raise ValueError(f"the surest photos of {part} contradict each other")
    if groups:
        _check_groups([groups[-1]], figures, f"the surest photos of {part}")


def identify_photos_report() -> str:
    """Identifies photos.json and the models.json that vouches for it, without reading them."""
    return f"{files.identify(files.at('models.json'))} {files.identify(files.at('photos.json'))}"


def load_photos_report() -> PhotosReport | None:
    """Loads the models' figures on photos.

    Returns:
        The figures, or None if none were ever saved.

    Raises:
        ArtifactError: If photos.json or models.json is damaged.
    """
    try:
        return _load_photos_report()
    except ArtifactError:
        return _load_photos_report()  # a new report may have been saved between two of the steps


def _load_photos_report() -> PhotosReport | None:
    root, path, pending = load_root(), files.at("photos.json"), files.at("photos.next.json")
    expected = root.photos_sha256
    if (
        os.path.lexists(pending)
        and files.compute_sum(files.read(pending, files.MAX_JSON_BYTES, _MEASURE)) == expected
    ):
        path = pending
    if not os.path.lexists(path) and expected is None:  # a dangling link does not count as missing
        return None
    content = files.read(path, files.MAX_JSON_BYTES, _MEASURE)
    if root.sha256 is not None:
        files.check_sum(path, content, expected, _MEASURE)
    with files.named(path, _MEASURE):
        parsed = parse_json(content)
        files.check_format(path, parsed, FORMAT, "measure again")
        return parse_report(parsed)


def save_photos_report(report: PhotosReport) -> Path:
    """Saves the models' figures on photos for the dashboard; returns the file's path.

    The report waits in photos.next.json until models.json names its checksum, and readers take whichever of
    the two files has that checksum. So they see the old report or the new one, whenever this is interrupted.

    Raises:
        ArtifactError: If models.json is damaged.
    """
    content = files.encode({"format": FORMAT, **msgspec.to_builtins(report)})
    pending = files.at("photos.next.json")
    with change_root() as root:
        files.write_synced(pending, content)
        replace_root(msgspec.structs.replace(root, photos_sha256=files.compute_sum(content)))
        os.replace(pending, files.at("photos.json"))
        files.sync_folder(files.artifacts_dir())
    return files.at("photos.json")
