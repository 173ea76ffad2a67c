"""Keeps what a visitor did on a page in the browser's tab, so that it survives a reload."""

from collections.abc import Callable

import streamlit as st

_keep = st.components.v2.component(
    "fmnist_keep",
    html="<div></div>",
    # In the session's storage: a reload keeps it, closing the tab deletes it, and no other tab sees it.
    js="""
    const given = {}
    export default function ({ data, setStateValue }) {
        const { place, text } = data
        try {
            const kept = sessionStorage.getItem(place)
            // At first also if a hasty visitor was faster than this script.
            if (kept && kept !== text && kept !== given[place] && !(text && place in given))
                setStateValue("kept", kept)
            given[place] = kept
            if (text) sessionStorage.setItem(place, text)
        } catch {}  // no storage, or it is full: then a reload begins anew
    }
    """,
)


def keep_in_tab(place: str, text: str, on_kept: Callable[[str], None]) -> None:
    """Keeps a text in the browser's tab, or asks for the one kept before a reload.

    Args:
        place: What it is called there.
        text: What to keep; empty if the visitor has done nothing yet, so that what was kept comes back.
        on_kept: Called before the page's next run with what was kept. It comes from outside, so anything
            may be in it; and a hasty visitor may already have done something more.
    """
    key = f"keep_{place}"

    def take() -> None:
        kept = st.session_state[key].get("kept")
        if isinstance(kept, str):
            on_kept(kept)

    with st.container(key=f"fm-unseen-{place}"):
        _keep(data={"place": f"fmnist-{place}", "text": text}, key=key, on_kept_change=take)
