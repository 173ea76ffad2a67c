"""What a batch shows: the answers as a table, how often they are right, what was left out and refused."""

import base64
import io

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from fmnist import narration
from fmnist.answers import Answers
from fmnist.confidence import Alarm
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import disagreement
from fmnist.photos import COMBINED
from fmnist.pictures.batch import MAX_MEMBERS, MAX_PICTURES, Item
from fmnist.pictures.tiles import letterbox
from fmnist.ui.batch.opening import MAX_COSTLY, THUMBNAIL, Opened, Row
from fmnist.ui.markup import element, show_element
from fmnist.words import display_name, printable, spreadsheet_text

_NAME_LENGTH = 16  # characters of a file's name in the table; the CSV has all of it


def show_limits(opened: Opened) -> None:
    """Says in one line each how many pictures a limit left out."""
    if opened.left_out:
        total = opened.left_out + MAX_PICTURES
        said = narration.describe_left_out(opened.left_out, total, MAX_PICTURES, MAX_MEMBERS)
        st.warning(said, icon=":material/filter_list:")
    if opened.unopened:
        st.warning(narration.describe_unopened(opened.unopened, MAX_COSTLY), icon=":material/timer:")


def show_right(rows: list[Row], opened: Opened) -> None:
    """Says how often each model is right, if the upload has labels, and what is wrong with these."""
    said = narration.describe_right([row.answers for row in rows], [row.picture.true_class for row in rows])
    if said:
        st.markdown(said)
    photos = [(Answers({COMBINED: row.combined}), row) for row in rows if row.combined is not None]
    classes = [row.picture.true_class for _, row in photos]
    if said := narration.describe_right([answers for answers, _ in photos], classes, "photo"):
        st.markdown(said)
    if not opened.labels:
        return
    labels = opened.labels
    if fault := labels.fault or narration.describe_label_faults(
        labels.name, labels.unknown, opened.unmatched
    ):
        st.warning(fault, icon=":material/label_off:")


def show_table(rows: list[Row], alarm: Alarm | None) -> None:
    """Shows the answers, one picture per row, with a download as CSV."""
    table = _build_table(rows, bool(alarm))
    names = [name for name in (COMBINED, *rows[0].answers.names) if name in table]
    shown = table.drop(columns=[f"{name} right" for name in names if f"{name} right" in table])
    for name in names:
        if f"{name} right" in table:
            marks = table[f"{name} right"].map({True: "✓ ", False: "✗ "}).fillna("")
            shown[name] = marks + shown[name]
    shown["file"] = [spreadsheet_text(display_name(row.picture.path, _NAME_LENGTH)) for row in rows]
    shown.insert(0, "picture", [_as_link(row.picture.thumbnail, "JPEG") for row in rows])
    # Next to what the models make of it; on a phone, the columns up to here fill the screen.
    before = list(shown).index("true class" if "true class" in shown else names[0])
    shown.insert(before, "28 x 28", [_as_link(row.picture.images[0], "PNG") for row in rows])
    st.dataframe(
        shown,
        hide_index=True,
        row_height=THUMBNAIL,
        height="content" if len(rows) <= 12 else 700,
        column_config=_describe_columns(shown, names),
    )
    show_element(element("p", "Swipe the table for the models' answers.", class_="fm-narrow"))
    if COMBINED in table:
        st.caption(
            "Combined: what a model and a second network, which sees the photo itself, say together. That is "
            "asked about photos only."
        )
    if len(rows[0].answers) > 1:
        st.caption(
            "Disagreement: how far apart the models' probabilities are, from 0 (the same) to 100 (no "
            "overlap). Click a heading to sort."
        )
    if "none of the ten" in table:
        st.caption(narration.describe_strangers(alarm))
    st.download_button(
        "Download as CSV",
        table.to_csv(index=False, float_format="%.2f"),
        "answers.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _build_table(rows: list[Row], has_alarm: bool) -> pd.DataFrame:
    """Builds the table for the download; what matters most stands first, since a phone shows four columns."""
    # Made safe for spreadsheets already here, because the table's own toolbar offers a CSV too.
    table = pd.DataFrame({"file": [spreadsheet_text(printable(row.picture.path)) for row in rows]})
    names = rows[0].answers.names
    classes = [row.picture.true_class for row in rows]
    has_labels = any(index is not None for index in classes)
    if len(names) > 1:
        table["agree"] = [bool(row.answers.agree) for row in rows]
    if has_alarm or any(row.strange for row in rows):
        table["none of the ten"] = [row.strange for row in rows]
    if has_labels:
        table["true class"] = ["" if index is None else CLASS_NAMES[index] for index in classes]
    said: dict[str, list[np.ndarray | None]] = {COMBINED: [row.combined for row in rows]}
    said |= {name: [row.answers[name] for row in rows] for name in names}
    for name, column in said.items():
        if all(answer is None for answer in column):
            continue
        tops = [None if answer is None else int(answer.argmax()) for answer in column]
        table[name] = ["" if top is None else CLASS_NAMES[top] for top in tops]
        table[f"{name} (%)"] = [np.nan if answer is None else 100 * float(answer.max()) for answer in column]
        if has_labels:
            right = [
                None if top is None or index is None else top == index
                for top, index in zip(tops, classes, strict=True)
            ]
            table[f"{name} right"] = pd.array(right, "boolean")
    if len(names) > 1:
        table["disagreement (%)"] = [100 * disagreement(list(row.answers.values())) for row in rows]
    return table


def _describe_columns(shown: pd.DataFrame, names: list[str]) -> dict:
    """Sets the widths in pixels: all columns fit on a screen of 1,280, whatever the files are called."""
    columns = {
        "picture": st.column_config.ImageColumn(width=66),
        "28 x 28": st.column_config.ImageColumn(width=70, help="What the models see"),
        "file": st.column_config.TextColumn(width=124, help="The download has the full names"),
        "agree": st.column_config.CheckboxColumn(width=58, help="Whether all models name the same class"),
        "none of the ten": st.column_config.CheckboxColumn(
            width=108, help="Probably none of the ten garments, whatever the models say"
        ),
        "true class": st.column_config.TextColumn(width=90),
        "disagreement (%)": st.column_config.NumberColumn(width=125, format="%.0f"),
    }
    for name in names:
        columns[name] = st.column_config.TextColumn(width=96)
        columns[f"{name} (%)"] = st.column_config.NumberColumn("%", width=42, format="%.0f", help="How sure")
    return {name: column for name, column in columns.items() if name in shown}


def show_refused(items: list[Item]) -> None:
    """Lists the refused files with the complete reasons; names are plain text, whatever they contain."""
    show_element(
        element(
            "div",
            element(
                "table",
                element("thead", element("tr", element("th", "file"), element("th", "why"))),
                element(
                    "tbody",
                    *(element("tr", element("td", item.name), element("td", item.reason)) for item in items),
                ),
            ),
            class_="fm-refused",
            tabindex="0",
        )
    )


def _as_link(image: np.ndarray, format: str) -> str:
    """Encodes one of our own pictures as a data URL, which a table can show."""
    stream = io.BytesIO()
    Image.fromarray(letterbox(image, THUMBNAIL)).save(stream, format)
    return f"data:image/{format.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"
