"""A batch, opened and answered: each picture prepared, with progress, and what everybody says to it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from fmnist import artifacts
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.confidence import Alarm
from fmnist.errors import CostlyImageError, InvalidImageError
from fmnist.evaluation import disagreement
from fmnist.pictures.batch import Item, collect
from fmnist.pictures.labels import Labels
from fmnist.pictures.tiles import letterbox
from fmnist.room import shared_room
from fmnist.second_opinion import make_views
from fmnist.ui.answers import answer_groups
from fmnist.ui.cache import heed_visitor
from fmnist.ui.second_opinion import load_opinion

MAX_COSTLY = 3  # pictures per batch that may take too much; other visitors wait for the same workers
THUMBNAIL = 56  # pixels per side


@dataclass(frozen=True)
class Prepared:
    """What is kept from a picture: its path, a `thumbnail` of the original, and the 28x28 `images`.

    These are uint8 `(k, 28, 28)`, the garment cut out in k ways; the first is the one that is shown.
    `is_empty` says that no garment was found on it; `true_class` is the index of its class, if known;
    `views` is what the second opinion says, float `(2, 10)`, if it was asked.
    """

    path: str
    thumbnail: np.ndarray
    images: np.ndarray
    is_empty: bool
    true_class: int | None
    views: np.ndarray | None


@dataclass(frozen=True)
class Opened:
    """An upload, opened: the readable pictures, the refused ones, and what no limit let in.

    Attributes:
        left_out: How many pictures came beyond the largest number.
        unopened: How many were not opened because others had taken too long.
        labels, unmatched: As in Batch.
    """

    prepared: list[Prepared]
    refused: list[Item]
    left_out: int
    unopened: int
    labels: Labels | None
    unmatched: int


@dataclass(frozen=True)
class Row:
    """An answered picture; `strange` if it is probably none of the ten garments.

    `combined` is what a model and the second opinion say together, float `(10,)`, if it is a photo.
    """

    picture: Prepared
    answers: Answers
    strange: bool
    combined: np.ndarray | None


def open_batch(files: list[tuple[str, bytes]], is_looking: bool) -> Opened:
    """Decodes and prepares every picture of an upload, one at a time, with progress.

    Args:
        files: Name and content of each.
        is_looking: Whether the second opinion is asked about the photos.
    """
    return _open(files, artifacts.identify_second_opinion() if is_looking else "")


@st.cache_data(max_entries=2, scope="session", show_spinner=False)
def _open(files: list[tuple[str, bytes]], identity: str) -> Opened:
    """Does it once for each second opinion to ask, none if its identity is empty."""
    opinion = load_opinion(identity) if identity else None
    prepared, refused, costly, unopened = [], [], 0, 0
    bar = st.progress(0.0, "Reading the pictures …")
    room = shared_room()
    batch = collect(files, partial(room.list_members, on_wait=heed_visitor))
    for number, item in enumerate(batch.items, start=1):
        try:
            if item.reason:
                raise InvalidImageError(item.reason)
            if costly == MAX_COSTLY:
                unopened += 1
                continue
            preparation = room.prepare(item.content, member=item.member, on_wait=heed_visitor)
            thumbnail = letterbox(preparation.original, THUMBNAIL)
            is_empty = preparation.found_no_garment
            views = opinion.ask_views(make_views(preparation)) if opinion and preparation.is_photo else None
            prepared.append(
                Prepared(item.path, thumbnail, preparation.images, is_empty, item.true_class, views)
            )
        except InvalidImageError as error:
            costly += isinstance(error, CostlyImageError)
            refused.append(Item(item.name, reason=str(error)))
        bar.progress(number / len(batch.items), f"{number} of {len(batch.items)} pictures")
    bar.empty()
    return Opened(prepared, refused, batch.left_out, unopened, batch.labels, batch.unmatched)


def answer_batch(models: list[Model], opened: Opened, alarm: Alarm | None) -> list[Row]:
    """Has every model classify every readable picture of an upload, and flags those that are not garments.

    Returns:
        The answered pictures, the ones with the most disagreement first.
    """
    prepared = opened.prepared
    if not prepared:
        return []
    answers = answer_groups(models, [picture.images for picture in prepared])
    strange = np.array([picture.is_empty for picture in prepared])
    if alarm:
        strange |= alarm.is_raised(np.stack([picture.images[0] for picture in prepared]))
    combined = _combine(models, prepared, answers)
    rows = [
        Row(picture, answers.row(index), bool(strange[index]), combined.get(index))
        for index, picture in enumerate(prepared)
    ]
    return sorted(rows, key=lambda row: -disagreement(list(row.answers.values())))


def _combine(models: list[Model], prepared: list[Prepared], answers: Answers) -> dict[int, np.ndarray]:
    """Combines the second opinion with its model: float `(10,)` for the number of each photo."""
    views = {index: picture.views for index, picture in enumerate(prepared) if picture.views is not None}
    opinion = load_opinion(artifacts.identify_second_opinion()) if views else None
    partner = opinion.find_partner(models) if opinion else None
    if opinion is None or partner is None:
        return {}
    said = opinion.combine(answers[partner.name][list(views)], np.stack(list(views.values())))
    return dict(zip(views, said, strict=True))
