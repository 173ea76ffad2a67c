"""The picture that a visitor has uploaded or photographed, kept while other sources and pages are shown.

Streamlit forgets a file as soon as its widget is not on the page. What is kept lies where Streamlit keeps
uploads, so that it counts towards the limits and goes with the session.
"""

from typing import cast

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec


def keep_upload(kind: str, name: str, content: bytes) -> None:
    """Keeps a file in place of the one of its kind that was kept before."""
    manager, session = _find_manager()
    manager.add_file(session, UploadedFileRec(_id_of(kind), name, "", content))


def find_upload(kind: str) -> tuple[str, bytes] | None:
    """Finds the name and the content of the file of a kind that is kept, if there is one."""
    manager, session = _find_manager()
    found = manager.get_files(session, [_id_of(kind)])
    return (found[0].name, found[0].data) if found else None


def name_widget(kind: str) -> str:
    """Returns the key of the widget that takes files of a kind; see `leave_widgets`."""
    return f"{kind}{st.session_state.get(_key_of(kind), '')}"


def leave_widgets(*kinds: str) -> None:
    """Gives the widgets of these kinds, which are not shown, another key for when they come back.

    A click that interrupts the page lets Streamlit hold on to the file of a widget that is gone. Under the
    same key the browser would show an empty widget for a picture that the page still has, and nothing could
    remove it.
    """
    for kind in kinds:
        if name_widget(kind) in st.session_state:
            st.session_state[_key_of(kind)] = st.session_state.get(_key_of(kind), 1) + 1


def drop_upload(kind: str) -> None:
    """Forgets the file of a kind."""
    manager, session = _find_manager()
    manager.remove_file(session, _id_of(kind))


def _key_of(kind: str) -> str:
    return f"{kind} widget"


def _id_of(kind: str) -> str:
    return f"kept-{kind}"


def _find_manager() -> tuple[MemoryUploadedFileManager, str]:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("only while a page runs")
    return cast(MemoryUploadedFileManager, context.uploaded_file_mgr), context.session_id
