"""Runs: every training that was kept, to compare, describe, publish, export, import and delete."""

import streamlit as st

from fmnist.ui.messages import show_outcome
from fmnist.ui.page import page_header
from fmnist.ui.permission import is_read_only
from fmnist.ui.run_actions import show_deletion, show_import, show_links, show_manager
from fmnist.ui.run_settings import show_settings
from fmnist.ui.runs import choose_rows, filter_rows, load_rows
from fmnist.words import escape_markdown

MANAGED = 6  # runs at a time; more can be compared and deleted

page_header(
    "Runs", "Every training that was kept, with its settings and figures. A model's name points at one."
)
show_outcome()
rows = load_rows()
if rows:
    chosen = choose_rows(rows, filter_rows(rows))
else:
    chosen = []
    st.info(
        "There are no runs yet. Train a model with `python -m fmnist train simple`, restore the published "
        "ones with `git checkout -- artifacts`, or import a run."
    )
if chosen:
    show_links(chosen)
    show_settings(chosen)

if not is_read_only():
    if chosen:
        st.header("Describe, publish, export, delete")
        models = [entry.name for row in rows for entry in row.models]
        tags = [tag for row in rows for tag in row.note.tags]
        for row in chosen[:MANAGED]:
            with st.expander(escape_markdown(row.short), expanded=len(chosen) == 1):
                show_manager(row, models, tags)
        show_deletion(chosen)
    with st.expander("Import a run", expanded=not rows):
        show_import()
