"""The table of all runs: loading them, filtering them, choosing some."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from fmnist import artifacts, figures, narration
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.messages import show_error
from fmnist.words import count

_CHOSEN, _ADDRESS = "chosen", "runs"  # key of the chosen runs; what the address calls them on all pages
NEW = "new run"  # the session's key for one to be chosen at the next run of the page
_TABLE = "table of runs"  # the table's key
_MAX_ERRORS = 5  # shown in full
_ROWS, _ROW, _HEADING = 8, 35, 38  # rows in view; pixels of a row and of the heading


@dataclass(frozen=True)
class Row:
    """A run in the table.

    Attributes:
        summary: What the run says about itself.
        note: What was written about it.
        models: The entries of models.json that point at it.
        plain: A short name where it has no title and no model.
    """

    summary: narration.RunSummary
    note: artifacts.Note
    models: tuple[artifacts.ModelEntry, ...]
    plain: str

    @property
    def name(self) -> str:
        """The run's name."""
        return self.summary.name

    @property
    def short(self) -> str:
        """What a reader calls it: its title, or the models that it is published as, or a name of its own."""
        return self.note.title or self.published_as or self.plain

    @property
    def label(self) -> str:
        """The same with the name of its folder."""
        return f"{self.short} ({self.name})"

    @property
    def published_as(self) -> str:
        """The markers and names of the models that point at it."""
        return ", ".join(f"{figures.find_marker(entry.colour).glyph} {entry.name}" for entry in self.models)

    @property
    def kinds(self) -> list[str]:
        """What kinds of run it is, the most telling first."""
        kinds = ["published"] if self.models else []
        kinds += ["imported"] if self.note.imported else []
        kinds += ["sweep"] if self.name.startswith(artifacts.SWEEP_START) else []
        return kinds or ["own"]

    @property
    def kind(self) -> str:
        """The same for readers; names the models if nothing else does."""
        kinds = ", ".join(self.kinds)
        return f"{kinds}: {self.published_as}" if self.models and self.note.title else kinds

    @property
    def words(self) -> str:
        """All of it that can be searched."""
        parts = (self.label, self.kind, self.summary.recipe, self.summary.changes, *self.note.tags)
        return " ".join([*parts, self.note.text]).casefold()


def load_rows() -> list[Row]:
    """Loads all runs, the published ones first, then the newest; reports damaged ones in red boxes."""
    entries, notes = [], {}
    try:
        entries = artifacts.list_models()
    except ArtifactError as error:
        show_error(error)
    try:
        notes = artifacts.load_notes()
    except ArtifactError as error:
        show_error(error)
    summaries, errors = artifacts.load_runs(
        entries, lambda name, sum_: cache.summarise_run(name, sum_, artifacts.identify_run(name))
    )
    for damage in errors[:_MAX_ERRORS]:
        show_error(damage)
    if len(errors) > _MAX_ERRORS:
        st.error(f"{count(len(errors) - _MAX_ERRORS, 'more run')} cannot be read.")
    published = [entry.run for entry in entries]
    plain = artifacts.name_runs([summary.name for summary in summaries if summary.name not in published])
    rows = [
        Row(
            summary,
            notes.get(summary.name, artifacts.Note()),
            tuple(entry for entry in entries if entry.run == summary.name),
            plain.get(summary.name, ""),
        )
        for summary in summaries
    ]
    rows.sort(key=lambda row: row.summary.created, reverse=True)
    return sorted(rows, key=lambda row: published.index(row.name) if row.models else len(published))


def filter_rows(rows: Sequence[Row]) -> list[Row]:
    """Lets the visitor filter by text, recipe, kind and tag; a filter that could not filter is not there."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input("Find", key="find", bind="query-params", width=220, placeholder="any words")
        recipes = _choose_among("Recipe", "recipe", [row.summary.recipe for row in rows])
        kinds = _choose_among("Kind", "kind", [kind for row in rows for kind in row.kinds])
        tags = _choose_among("Tag", "tag", [tag for row in rows for tag in row.note.tags])
    return [
        row
        for row in rows
        if all(word in row.words for word in text.casefold().split())
        and (not recipes or row.summary.recipe in recipes)
        and (not kinds or set(kinds) & set(row.kinds))
        and (not tags or set(tags) & set(row.note.tags))
    ]


def _choose_among(label: str, key: str, values: Sequence[str]) -> list[str]:
    options = sorted(set(values))
    if len(options) < 2:
        return []
    if key in st.session_state:  # a value may have gone with the last run that had it
        st.session_state[key] = [value for value in st.session_state[key] if value in options]
    return st.multiselect(label, options, key=key, bind="query-params", width=200, placeholder="any")


def choose_rows(rows: Sequence[Row], shown: Sequence[Row]) -> list[Row]:
    """Shows the table; lets the visitor choose runs there or by name, and keeps the choice in the address.

    Args:
        rows: All runs; one that is chosen stays so when a filter hides it.
        shown: Those that the filters leave.
    """
    names = [row.name for row in rows]
    by_name = dict(zip(names, rows, strict=True))
    shorts = Counter(row.short for row in rows)
    labels = {row.name: row.short if shorts[row.short] == 1 else row.label for row in rows}
    with kept(_CHOSEN, _ADDRESS):
        chosen = st.session_state.get(_CHOSEN, ",".join(st.query_params.get_all(_ADDRESS)).split(","))
        chosen = [*chosen, st.session_state.pop(NEW, "")]
        st.session_state[_CHOSEN] = [name for name in dict.fromkeys(chosen) if name in by_name]
        _show_table(shown)
        chosen = st.multiselect(
            "Chosen runs", names, key=_CHOSEN, format_func=labels.__getitem__,
            placeholder="Tick runs in the table, or choose them here",
        )  # fmt: skip
    if chosen:
        st.query_params[_ADDRESS] = ",".join(chosen)
    else:
        st.query_params.pop(_ADDRESS, None)
    return [by_name[name] for name in chosen]


def _show_table(shown: Sequence[Row]) -> None:
    names = [row.name for row in shown]
    chosen = st.session_state[_CHOSEN]
    st.session_state[_TABLE] = {
        "selection": {"rows": [number for number, name in enumerate(names) if name in chosen]}
    }
    if not shown:
        st.info("No run fits these filters.")
        return
    st.dataframe(
        pd.DataFrame([_tabulate(row) for row in shown]),
        hide_index=True, height=_HEADING + _ROW * min(len(shown), _ROWS), key=_TABLE,
        on_select=lambda: _take_ticks(names), selection_mode="multi-row",
        column_config=_configure_columns(), alt="All runs, with their settings and figures",
    )  # fmt: skip


def _take_ticks(names: list[str]) -> None:
    """Takes over which rows are ticked; runs that the filters hide stay chosen."""
    ticked = [names[row] for row in st.session_state[_TABLE]["selection"]["rows"] if row < len(names)]
    hidden = [name for name in st.session_state[_CHOSEN] if name not in names]
    before = [name for name in st.session_state[_CHOSEN] if name in ticked]
    st.session_state[_CHOSEN] = [*hidden, *before, *(name for name in ticked if name not in before)]


def _tabulate(row: Row) -> dict[str, object]:
    summary = row.summary
    return {
        "run": row.short,
        "kind": row.kind,
        "recipe": summary.recipe,
        "random changes": summary.changes,
        "data": narration.describe_share(summary.train_share),
        "seed": summary.seed,
        "epochs": f"{summary.kept_epoch} of {summary.epochs_run}",
        "validation accuracy": 100 * summary.validation_accuracy,
        "validation loss": summary.validation_loss,
        "test accuracy": 100 * summary.test_accuracy,
        "saved": summary.created,
        "tags": list(row.note.tags),
        "folder": row.name,
    }


def _configure_columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "run": column.TextColumn("Run", width=200),
        "kind": column.TextColumn(
            "Kind", width=110, help="The models it is published as, or where it is from"
        ),
        "recipe": column.TextColumn("Recipe", width=90),
        "random changes": column.TextColumn(
            "Random changes", width=180, help="Of the training images: the augmentation"
        ),
        "data": column.TextColumn("Data", width=60, help="Share of the training images"),
        "seed": column.NumberColumn("Seed", width=55, format="%d"),
        "epochs": column.TextColumn(
            "Epoch", width=80, help="The epoch whose weights were kept, of all trained"
        ),
        "validation accuracy": column.NumberColumn("Validation (%)", width=105, format="%.2f"),
        "validation loss": column.NumberColumn(
            "Loss", width=70, format="%.4f", help="On validation, in nats"
        ),
        "test accuracy": column.NumberColumn(
            "Test (reported)",
            width=110,
            format="%.2f",
            help="Reported only. Choose runs by their validation figures.",
        ),
        "saved": column.TextColumn("Saved (UTC)", width=130),
        "tags": column.ListColumn("Tags", width=120),
        "folder": column.TextColumn("Folder", width=260),
    }


def load_run(row: Row) -> artifacts.Run:
    """Loads the run of a row."""
    expected = row.models[0].run_sha256 if row.models else None
    return cache.load_run(row.name, artifacts.identify_run(row.name), expected)
