"""The report of a comparison: what the page says of two runs, and more of where they come from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist import narration
from fmnist.analysis import Pair, Twins
from fmnist.artifacts import Run
from fmnist.census import name_picture
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import Curve
from fmnist.figures import find_marker
from fmnist.markup import Element, element
from fmnist.pictures.tiles import encode_pixels
from fmnist.report.curves import draw_curves
from fmnist.report.document import build_document, say
from fmnist.report.tables import build_change, build_matrix, build_table
from fmnist.words import count, percent, points, printable

if TYPE_CHECKING:
    import pandas as pd

MOST_PICTURES = 300
"""In each gallery; a picture with its words takes about 1.3 KB."""
_SIGNS = {True: "✓", False: "✗"}


class Side(NamedTuple):
    """One of the two runs.

    Attributes:
        name: What pages call it; differs from the other's.
        colour: As #rrggbb.
        run: The run.
        history: Its training, one row per epoch.
    """

    name: str
    colour: str
    run: Run
    history: "pd.DataFrame"


def build_report(
    pair: Pair,
    sides: tuple[Side, Side],
    *,
    luck: tuple[Pair, Sequence[Twins]] | None = None,
    of: str = "",
    images: np.ndarray | None = None,
    created: str = "",
) -> str:
    """Builds the file.

    Args:
        pair: The comparison.
        sides: The two runs, A and B.
        luck: The same runs on all validation images, and what `analysis.find_twins` says of their recipes.
        of: What the pictures have in common, if not all of the part count.
        images: uint8 `(n, 28, 28)`, those of the whole part; without them there are no galleries.
        created: When the file was made, in words.

    Returns:
        HTML, of less than 1.5 MB.
    """
    a, b = sides
    title = f"{printable(a.name)} → {printable(b.name)}"
    pictures = f"{count(pair.size, f'{pair.a.part} picture')} of Fashion-MNIST{f', {of}' if of else ''}"
    headline = [
        element("h1", title),
        element("p", f"Two classifiers compared on the same {pictures}.", class_="pale"),
        say(narration.describe_pair(pair)),
        element("p", narration.SCOPE),
    ]
    if luck and (said := narration.describe_luck(*luck)):
        headline.append(say(said))
    return build_document(
        f"{title} · Fashion-MNIST",
        *headline,
        *_build_fourfold(pair),
        *_build_classes(pair),
        *_build_matrices(pair),
        *_build_sides(pair, sides),
        *_build_curves(sides),
        *_build_galleries(pair, sides, images),
        element("footer", element("p", f"Made by fmnist dashboard{f', {created}' if created else ''}.")),
    )


def _build_fourfold(pair: Pair) -> list[Element]:
    a, b = printable(pair.a.name), printable(pair.b.name)
    rows = [
        (f"{a} right", f"{len(pair.both_right):,}", f"{len(pair.newly_wrong):,}"),
        (f"{a} wrong", f"{len(pair.fixed):,}", f"{len(pair.both_wrong):,}"),
    ]
    return [
        element("h2", "Which pictures changed"),
        build_table(["", f"{b} right", f"{b} wrong"], rows, "Number of pictures"),
    ]


def _build_classes(pair: Pair) -> list[Element]:
    a, b = printable(pair.a.name), printable(pair.b.name)
    rows = [
        [
            str(name), *(f"{row[column]:,}" for column in ("pictures", "fixed", "newly_wrong")),
            *(cell for score in ("recall", "f1") for cell in (
                percent(row[f"{score}_a"]), percent(row[f"{score}_b"]), points(row[f"{score}_change"], 1)
            )),
        ]
        for name, row in pair.classes.to_dict("index").items()
    ]  # fmt: skip
    heads = ["Class", "Pictures", "Fixed", "Newly wrong", f"Recall, {a}", f"Recall, {b}", "change",
             f"F1, {a}", f"F1, {b}", "change"]  # fmt: skip
    return [
        element("h2", "By class"),
        say(narration.describe_changed_classes(pair)),
        build_table(heads, rows, "The largest changes of recall first; changes in points"),
    ]


def _build_matrices(pair: Pair) -> list[Element]:
    before, after = pair.confusions
    off = ~np.eye(len(CLASS_NAMES), dtype=bool)
    largest = int(max(before[off].max(), after[off].max()))
    a, b = printable(pair.a.name), printable(pair.b.name)
    return [
        element("h2", "Confusion matrices"),
        say(narration.describe_changed_cells(pair)),
        element("p", narration.SIGNS, class_="pale"),
        build_change(after - before, f"{b} minus {a}: row true class, column predicted class"),
        element(
            "div",
            build_matrix(before, f"{a}: row true class, column predicted class", largest),
            build_matrix(after, f"{b}: row true class, column predicted class", largest),
            class_="side-by-side",
        ),
    ]


def _build_sides(pair: Pair, sides: tuple[Side, Side]) -> list[Element]:
    rows = [
        (label, *values)
        for label, *values in zip(_FACTS, *(_list_facts(pair, side) for side in sides), strict=True)
    ]
    names = [printable(side.name) for side in sides]
    settings = [
        (setting.name, *map(printable, setting.values))
        for setting in narration.compare_settings(
            {side.run.name + str(n): side.run.manifest for n, side in enumerate(sides)}
        )
    ]
    return [
        element("h2", "The two models"),
        build_table(["", *names], rows, kind="facts"),
        element(
            "details",
            element("summary", "All settings and versions"),
            build_table(["Setting", *names], settings, kind="facts"),
        ),
    ]


_FACTS = (
    "Accuracy on all pictures of this part", "95% interval", "Loss (nats)", "Right on the pictures compared",
    "Recipe", "Seed", "Weights kept from epoch", "Parameters", "Run", "Created", "Versions",
    "Data set (SHA-256)", "Split (SHA-256)",
)  # fmt: skip


def _list_facts(pair: Pair, side: Side) -> list[str]:
    manifest = side.run.manifest
    metrics = manifest.metrics(pair.a.part)
    judged = pair.a if side.name == pair.a.name else pair.b
    low, high = metrics.accuracy_interval
    hashes = [f"{name} {value[:12]}…" for name, value in manifest.data_sha256.items()]
    facts = [
        percent(metrics.accuracy, 2),
        f"{percent(low, 2)} to {percent(high, 2)}",
        f"{metrics.loss:.4f}",
        f"{int(judged.is_right[pair.within].sum()):,} of {pair.size:,}",
        manifest.recipe,
        str(manifest.config.seed),
        f"{manifest.kept_epoch} of {manifest.epochs_run}",
        f"{manifest.parameters:,}",
        side.run.name,
        manifest.created[:16].replace("T", " ") or "-",
        ", ".join(f"{name} {version}" for name, version in manifest.versions.items()) or "-",
        ", ".join(hashes) or "-",
        manifest.split_sha256 or "-",
    ]
    return [printable(fact) for fact in facts]


def _build_curves(sides: tuple[Side, Side]) -> list[Element]:
    curves = [
        Curve(side.name, side.history, side.run.manifest.kept_epoch, side.run.manifest.split_sizes.train)
        for side in sides
    ]
    colours = {side.name: side.colour for side in sides}
    drawn = []
    for metric in ("accuracy", "loss"):
        said = say(narration.describe_best(metric, curves))
        title = f"{metric.capitalize()} by epoch, training dashed, validation solid"
        drawn.append(element("div", said, draw_curves(curves, colours, metric, title)))
    glyphs = " ".join(find_marker(side.colour).glyph for side in sides)
    return [
        element("h2", "Training"),
        element("p", f"Training dashed, validation solid; {glyphs}: the epoch whose weights were kept.",
                class_="pale"),
        element("div", *drawn, class_="side-by-side"),
    ]  # fmt: skip


def _build_galleries(pair: Pair, sides: tuple[Side, Side], images: np.ndarray | None) -> list[Element]:
    if images is None:
        return [
            element("h2", "Pictures"),
            element("p", "The data set was not on the machine that made this file, so it holds no pictures."),
        ]
    built = []
    for name, title in (("fixed", "Fixed"), ("newly_wrong", "Newly wrong")):
        positions = pair.select(name)
        shown = positions[:MOST_PICTURES]
        built.append(element("h2", f"{title}: {count(len(positions), 'picture')}"))
        if not len(positions):
            built.append(say(narration.describe_empty_set(pair, name)))
            continue
        first = f" The first {MOST_PICTURES}." if len(shown) < len(positions) else ""
        built.append(say(f"{narration.describe_set(pair, name)}.{first}", class_="pale"))
        legend = ", ".join(f"{find_marker(side.colour).glyph} {printable(side.name)}" for side in sides)
        built.append(element("p", legend, class_="pale"))
        tiles = [_build_tile(pair, sides, int(position), images[position]) for position in shown]
        built.append(element("div", *tiles, class_="tiles"))
    return built


def _build_tile(pair: Pair, sides: tuple[Side, Side], position: int, image: np.ndarray) -> Element:
    true = CLASS_NAMES[pair.a.labels[position]]
    lines = []
    for side, judged in zip(sides, (pair.a, pair.b), strict=True):
        sign = _SIGNS[bool(judged.is_right[position])]
        answer = f"{CLASS_NAMES[judged.answers[position]]} {percent(judged.confidences[position], 0)}"
        glyph = find_marker(side.colour).glyph
        lines.append(element("div", f"{glyph} {sign} {answer}", title=printable(side.name)))
    name = name_picture(pair.a.part, position)
    return element(
        "figure",
        element("img", src=encode_pixels(image), alt=f"{name}, a {true}"),
        element("figcaption", true, title=name),
        *lines,
    )
