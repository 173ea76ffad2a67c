"""The picture that a visitor has uploaded or photographed, kept while other sources and pages are shown.

Streamlit forgets a file as soon as its widget is not on the page. What is kept lies where Streamlit keeps
uploads, so that it counts towards the limits and goes with the session.
"""

from typing import cast

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


def drop_upload(kind: str) -> None:
    """Forgets the file of a kind."""
    manager, session = _find_manager()
    manager.remove_file(session, _id_of(kind))


def _id_of(kind: str) -> str:
    return f"kept-{kind}"


def _find_manager() -> tuple[MemoryUploadedFileManager, str]:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("only while a page runs")
    return cast(MemoryUploadedFileManager, context.uploaded_file_mgr), context.session_id
