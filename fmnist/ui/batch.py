"""The table of a batch: answers with progress, thumbnails, agreement, and what was refused."""

import base64
import io
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from fmnist import narration
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.confidence import Alarm
from fmnist.errors import CostlyImageError, InvalidImageError
from fmnist.evaluation import disagreement
from fmnist.pictures.batch import Item, collect
from fmnist.pictures.tiles import letterbox
from fmnist.room import shared_room
from fmnist.ui.answers import answer
from fmnist.ui.cache import heed_visitor
from fmnist.words import spreadsheet_text

MAX_COSTLY = 3  # pictures per batch that may take too much; other visitors wait for the same workers
_TOO_COSTLY = f"Not opened, because {MAX_COSTLY} pictures of this batch already took too long."
_THUMBNAIL = 56  # pixels per side


@dataclass(frozen=True)
class Prepared:
    """What is kept from a picture: its name, a `thumbnail` of the original, and the 28x28 `image`.

    `is_empty` says that no garment was found on it.
    """

    name: str
    thumbnail: np.ndarray
    image: np.ndarray
    is_empty: bool


@dataclass(frozen=True)
class Row:
    """An answered picture; `strange` if it is probably none of the ten garments."""

    picture: Prepared
    answers: Answers
    strange: bool


@st.cache_data(max_entries=2, scope="session", show_spinner=False)
def prepare_batch(files: list[tuple[str, bytes]]) -> tuple[list[Prepared], list[Item]]:
    """Decodes and prepares every picture of an upload, one at a time, with progress.

    Returns:
        The readable pictures, and the refused ones.
    """
    prepared, refused, costly = [], [], 0
    bar = st.progress(0.0, "Reading the pictures …")
    room = shared_room()
    items = list(collect(files, partial(room.list_members, on_wait=heed_visitor)))
    for number, item in enumerate(items, start=1):
        try:
            if item.reason or costly == MAX_COSTLY:
                raise InvalidImageError(item.reason or _TOO_COSTLY)
            preparation = room.prepare(item.content, member=item.member, on_wait=heed_visitor)
            thumbnail = letterbox(preparation.original, _THUMBNAIL)
            prepared.append(Prepared(item.name, thumbnail, preparation.image, preparation.found_no_garment))
        except InvalidImageError as error:
            costly += isinstance(error, CostlyImageError)
            refused.append(Item(item.name, reason=str(error)))
        bar.progress(number / len(items), f"{number} of {len(items)} pictures")
    bar.empty()
    return prepared, refused


def answer_batch(
    models: list[Model], files: list[tuple[str, bytes]], alarm: Alarm | None
) -> tuple[list[Row], list[Item]]:
    """Has every model classify every readable picture of an upload, and flags those that are not garments.

    Returns:
        The answered pictures, the ones with the most disagreement first, and the refused ones.
    """
    prepared, refused = prepare_batch(files)
    if not prepared:
        return [], refused
    images = np.stack([picture.image for picture in prepared])
    answers = answer(models, images)
    strange = np.array([picture.is_empty for picture in prepared])
    if alarm:
        strange |= alarm.is_raised(images)
    rows = [Row(picture, answers.row(index), bool(strange[index])) for index, picture in enumerate(prepared)]
    return sorted(rows, key=lambda row: -disagreement(list(row.answers.values()))), refused


def show_table(rows: list[Row], alarm: Alarm | None) -> None:
    """Shows the answers, one picture per row, with a download as CSV."""
    # Made safe for spreadsheets already here, because the table's own toolbar offers a CSV too.
    table = pd.DataFrame({"file": [spreadsheet_text(row.picture.name) for row in rows]})
    names = rows[0].answers.names
    for name in names:
        table[name] = [str(row.answers.class_names[name]) for row in rows]
        table[f"{name} (%)"] = [100 * float(row.answers.confidences[name]) for row in rows]
    if len(names) > 1:
        table["agree"] = [bool(row.answers.agree) for row in rows]
        table["disagreement (%)"] = [100 * disagreement(list(row.answers.values())) for row in rows]
    strange = any(row.strange for row in rows)
    if alarm or strange:
        table["none of the ten"] = [row.strange for row in rows]
    shown = table.copy()
    shown.insert(0, "picture", [_as_link(row.picture.thumbnail, "JPEG") for row in rows])
    shown.insert(1, "28 x 28", [_as_link(row.picture.image, "PNG") for row in rows])
    percents = [str(column) for column in shown if str(column).endswith("(%)")]
    st.dataframe(
        shown,
        hide_index=True,
        row_height=56,
        height="content" if len(rows) <= 12 else 700,
        column_config={
            "picture": st.column_config.ImageColumn(),
            "28 x 28": st.column_config.ImageColumn(help="What the models see"),
            "none of the ten": st.column_config.CheckboxColumn(
                help="Probably none of the ten garments, whatever the models say"
            ),
            **{column: st.column_config.NumberColumn(format="%.0f") for column in percents},
        },
    )
    if len(names) > 1:
        st.caption(
            "Disagreement: how far apart the models' probabilities are, from 0 (the same) to 100 (no "
            "overlap). Click a heading to sort."
        )
    if alarm or strange:
        st.caption(narration.describe_strangers(alarm))
    st.download_button(
        "Download as CSV",
        table.to_csv(index=False, float_format="%.2f"),
        "answers.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def show_refused(items: list[Item]) -> None:
    """Lists the refused files with the reasons; names are shown as plain text, whatever they contain."""
    st.dataframe(
        pd.DataFrame(
            {"file": [spreadsheet_text(item.name) for item in items], "why": [item.reason for item in items]}
        ),
        hide_index=True,
        column_config={"why": st.column_config.TextColumn(width="large")},
    )


def _as_link(image: np.ndarray, format: str) -> str:
    """Encodes one of our own pictures as a data URL, which a table can show."""
    stream = io.BytesIO()
    Image.fromarray(letterbox(image, _THUMBNAIL)).save(stream, format)
    return f"data:image/{format.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"
