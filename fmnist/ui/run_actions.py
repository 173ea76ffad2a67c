"""What a visitor can do with runs: write about them, publish, export, delete and import them."""

from collections.abc import Sequence

import streamlit as st

from fmnist import artifacts, figures
from fmnist.errors import ArtifactError
from fmnist.room import examine_run
from fmnist.ui import cache
from fmnist.ui.frame import show_link
from fmnist.ui.messages import act, show_error
from fmnist.ui.runs import NEW, Row, load_run
from fmnist.ui.server import show_upload_refusal
from fmnist.words import count, display_name, escape_markdown, join


def show_links(rows: Sequence[Row]) -> None:
    """Shows links to the pages that show the chosen runs; the matrices are of published models only."""
    models = [entry.name for row in rows for entry in row.models]
    others = ",".join(row.name for row in rows if not row.models)
    with st.container(horizontal=True):
        show_link("Training_curves", "See the curves", "show_chart", models=models or "", runs=others)
        if models:
            show_link("Confusion_matrices", "See the matrices", "grid_on", models=models)


def show_manager(row: Row, names: Sequence[str], tags: Sequence[str]) -> None:
    """Shows all that can be done with one run.

    Args:
        row: The run.
        names: The names of all published models.
        tags: All tags in use.
    """
    words, rest = st.columns([3, 2], gap="large")
    with words:
        _show_words(row, tags)
    with rest:
        _show_publication(row, names)
        _show_export(row)


def _show_words(row: Row, tags: Sequence[str]) -> None:
    title, tag, text = (f"{part} {row.name}" for part in ("title", "tags", "note"))
    with st.form(f"words {row.name}", border=False):
        st.text_input("Title", row.note.title, max_chars=80, key=title, placeholder=row.name)
        st.multiselect(
            "Tags", sorted({*tags, *row.note.tags}), row.note.tags, key=tag, accept_new_options=True,
            placeholder="Choose tags or type new ones",
        )  # fmt: skip
        st.text_area("Note", row.note.text, max_chars=1_000, key=text, height=90)

        def save() -> str:
            state = st.session_state
            artifacts.save_note(row.name, state[title], state[tag], state[text])
            return "Saved."

        st.form_submit_button("Save", on_click=act, args=(save,))


def _show_publication(row: Row, names: Sequence[str]) -> None:
    for entry in row.models:
        glyph = figures.find_marker(entry.colour).glyph
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Published as {glyph} **{entry.name}**", width="content")
            if entry.name != names[0]:
                _show_withdrawal(entry.name)
    with st.popover("Publish as a model", icon=":material/publish:"):
        name = st.text_input(
            "Name", key=f"model {row.name}", max_chars=40, help="Small letters, digits, - and _"
        )
        text = st.text_input(
            "What is special about it", max_chars=200, key=f"about {row.name}",
            placeholder="trained with stronger augmentation",
        )  # fmt: skip
        is_sure = True
        if name in names:
            is_sure = st.checkbox(
                f"Replace {name}: from now on it answers with this run", key=f"sure {row.name}"
            )
        # Not in a callback, which would get the name from before it was typed.
        is_pressed = st.button("Publish", key=f"publish {row.name}", disabled=not (name and is_sure))
        if is_pressed and name and is_sure:
            act(_publish, row, name, text)
            st.rerun()


def _publish(row: Row, name: str, description: str) -> str:
    run = load_run(row)
    run.check()
    artifacts.check_name(name)
    artifacts.point(name, run, " ".join(description.split()))
    return f"Published as {name}: all pages that show models now show it too."


def _show_withdrawal(name: str) -> None:
    with st.popover("Take off the list"):
        is_sure = st.checkbox(f"No page shows {name} any more; the run stays", key=f"withdraw sure {name}")
        st.button(
            "Take off", key=f"withdraw {name}", disabled=not is_sure, on_click=act, args=(_withdraw, name)
        )


def _withdraw(name: str) -> str:
    artifacts.unpublish(name)
    return f"The model {name} is no longer published; its run is still here."


def _show_export(row: Row) -> None:
    """Offers the run as a zip, which is packed when it is asked for."""
    run = load_run(row)
    try:
        cache.check_run(run, run.identify())  # while packing, nobody could be told what is wrong
    except ArtifactError as error:
        show_error(error)
        return
    st.download_button(
        "Export as a zip", lambda: artifacts.export_run(run), f"{row.name}.zip", "application/zip",
        key=f"export {row.name}", on_click="ignore", icon=":material/download:",
        help="With all its files, but without title, tags and note",
    )  # fmt: skip


def show_deletion(rows: Sequence[Row]) -> None:
    """Lets the visitor delete the chosen runs, after asking twice; published ones cannot be deleted."""
    what = "this run" if len(rows) == 1 else f"these {count(len(rows), 'run')}"
    published = [entry.name for row in rows for entry in row.models]
    with st.popover(f"Delete {what}", icon=":material/delete:"):
        if published:
            st.markdown(f"Published as {join(published)}: only runs that no model points at can be deleted.")
            return
        names = [row.name for row in rows]
        st.markdown("\n".join(f"- {escape_markdown(row.label)}" for row in rows))
        is_sure = st.checkbox("Delete for good, with title, tags and note", key=f"delete sure {names}")
        st.button("Delete", key=f"delete {names}", disabled=not is_sure, on_click=act, args=(_delete, names))


def _delete(names: list[str]) -> str:
    for name in names:
        artifacts.delete_run(name)
    return f"Deleted: {join(names)}." if len(names) < 4 else f"{count(len(names), 'run')} deleted."


def show_import() -> None:
    """Lets the visitor add a run from a zip."""
    with st.form("import", clear_on_submit=True):
        upload = st.file_uploader("A zip that a page like this has exported (up to 50 MB)", key="import zip")
        show_upload_refusal()
        st.caption(
            "Its checksums show damage, not who made it: a checksum is no signature. Import only what comes "
            "from people you trust. The models are first opened in a process with limits, which takes about "
            "ten seconds."
        )
        if st.form_submit_button("Import") and upload is not None:
            with st.spinner(escape_markdown(f"Examining {display_name(upload.name)} …")):
                act(_import, upload.getvalue())
            st.rerun()


def _import(content: bytes) -> str:
    run = artifacts.import_run(content, examine_run)
    st.session_state[NEW] = run.name
    return f"Imported {run.name}."
