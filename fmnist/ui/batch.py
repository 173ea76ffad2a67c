"""The table of a batch: answers with progress, thumbnails, agreement, and what was refused."""

import base64
import io
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from fmnist import narration
from fmnist.artifacts import Run
from fmnist.confidence import Alarm
from fmnist.config import CLASS_NAMES
from fmnist.errors import CostlyImageError, InvalidImageError
from fmnist.evaluation import disagreement
from fmnist.pictures.batch import Item, collect
from fmnist.preprocessing import Preparation
from fmnist.room import shared_room
from fmnist.ui import components
from fmnist.ui.cache import heed_visitor
from fmnist.words import spreadsheet_text

MAX_COSTLY = 3  # pictures of a batch that may take too much; others wait for the same workers
_TOO_COSTLY = f"Not opened, since {MAX_COSTLY} pictures of this batch took too long already."
_THUMBNAIL = 56  # pixels a side


@dataclass(frozen=True)
class Row:
    """An answered picture: its name, how it was prepared, ten probabilities for each model name.

    `strange` says whether it is probably none of the ten garments.
    """

    name: str
    preparation: Preparation
    answers: dict[str, np.ndarray]
    strange: bool


@st.cache_data(max_entries=2, scope="session", show_spinner=False)
def prepare_batch(files: list[tuple[str, bytes]]) -> tuple[list[tuple[str, Preparation]], list[Item]]:
    """Decodes and prepares every picture of an upload, one at a time, with progress.

    Returns:
        Name and preparation of each readable picture, and the refused ones.
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
            prepared.append((item.name, _without_steps(preparation)))
        except InvalidImageError as error:
            costly += isinstance(error, CostlyImageError)
            refused.append(Item(item.name, reason=str(error)))
        bar.progress(number / len(items), f"{number} of {len(items)} pictures")
    bar.empty()
    return prepared, refused


def answer_batch(
    runs: list[Run], files: list[tuple[str, bytes]], alarm: Alarm | None
) -> tuple[list[Row], list[Item]]:
    """Answers every readable picture of an upload with every model, and tells which are no garments.

    Returns:
        The answered pictures, those with the most disagreement first, and the refused ones.
    """
    prepared, refused = prepare_batch(files)
    if not prepared:
        return [], refused
    images = np.stack([preparation.image for _, preparation in prepared])
    answers = components.answer(runs, images)
    strange = alarm.is_raised(images) if alarm else np.zeros(len(images), bool)
    rows = [
        Row(name, preparation, {model: p[index] for model, p in answers.items()}, bool(strange[index]))
        for index, (name, preparation) in enumerate(prepared)
    ]
    return sorted(rows, key=lambda row: -disagreement(list(row.answers.values()))), refused


def show_table(rows: list[Row], alarm: Alarm | None) -> None:
    """Shows the answers, one picture a row, with a download as CSV."""
    # Made safe for spreadsheets already here: the table's own toolbar can be asked for a CSV too.
    table = pd.DataFrame({"file": [spreadsheet_text(row.name) for row in rows]})
    names = list(rows[0].answers)
    for name in names:
        tops = [int(row.answers[name].argmax()) for row in rows]
        table[name] = [CLASS_NAMES[top] for top in tops]
        table[f"{name} (%)"] = [100 * float(row.answers[name].max()) for row in rows]
    if len(names) > 1:
        table["agree"] = table[names].nunique(axis=1) == 1
        table["disagreement (%)"] = [100 * disagreement(list(row.answers.values())) for row in rows]
    if alarm:
        table["none of the ten"] = [row.strange for row in rows]
    shown = table.copy()
    shown.insert(0, "picture", [_as_link(row.preparation.stages[0].image, "JPEG") for row in rows])
    shown.insert(1, "28 x 28", [_as_link(row.preparation.image, "PNG") for row in rows])
    percents = [column for column in shown if column.endswith("(%)")]
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
            "Disagreement: how far the models' probabilities lie apart, from 0 (the same) to 100 (no "
            "overlap). Click a heading to sort."
        )
    if alarm:
        st.caption(
            "None of the ten: no mixture of garments comes close to what the models see. "
            f"{narration.describe_alarm_record(alarm)}"
        )
    st.download_button(
        "Download as CSV",
        table.to_csv(index=False, float_format="%.2f"),
        "answers.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def show_refused(items: list[Item]) -> None:
    """Lists the refused files with their reasons; names are shown as text, whatever they hold."""
    st.dataframe(
        pd.DataFrame(
            {"file": [spreadsheet_text(item.name) for item in items], "why": [item.reason for item in items]}
        ),
        hide_index=True,
        column_config={"why": st.column_config.TextColumn(width="large")},
    )


def _without_steps(preparation):
    """Keeps what the table shows: a thumbnail of the picture, and the 28x28."""
    first = preparation.stages[0]
    thumbnail = components.letterbox(first.image, _THUMBNAIL)
    return replace(preparation, stages=(replace(first, image=thumbnail),))


def _as_link(image, format):
    """Writes one of our own pictures as an address that holds it, which a table can show."""
    stream = io.BytesIO()
    Image.fromarray(components.letterbox(image, _THUMBNAIL)).save(stream, format)
    return f"data:image/{format.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"
