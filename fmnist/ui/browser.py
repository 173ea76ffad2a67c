"""What only the visitor's browser can do: speak, copy the address, remember a drawing; our own small scripts.

Each is loaded by Streamlit as a module from a blob: address, which the server's policy allows.
"""

import json
from collections.abc import Callable

import streamlit as st

_HIDDEN = "fm-unseen"  # containers with this key take no room; see look.css

_speak = st.components.v2.component(
    "fmnist_speak",
    html='<div role="status" aria-live="polite"></div>',
    # Only a change of the text is read aloud, so the place for it has to be there before.
    js="""
    export default function ({ data, parentElement }) {
        const place = parentElement.querySelector("[role=status]")
        if (place.textContent !== data) place.textContent = data
    }
    """,
)
_copy = st.components.v2.component(
    "fmnist_copy",
    html="""
    <span role="status"></span>
    <button type="button" aria-label="Copy the link to this page">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1
        M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1"/></svg><span>Copy link</span>
    </button>
    """,
    css="""
    button {
        font: inherit; font-size: 0.875rem; cursor: pointer; color: inherit; background: transparent;
        padding: 0 0.7rem; border: 1px solid var(--st-border-color); border-radius: 0.75rem; height: 2.25rem;
        display: inline-flex; align-items: center; gap: 0.4rem;
    }
    button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
    svg { width: 1rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
    [role=status] { font-size: 0.8rem; margin-right: 0.5rem; overflow-wrap: anywhere; }
    @media (max-width: 640px) { button span { display: none; } }
    """,
    # Over a plain network address browsers do not let pages copy; then the address is there to be copied.
    js="""
    export default function ({ parentElement }) {
        const said = parentElement.querySelector("[role=status]")
        parentElement.querySelector("button").onclick = async () => {
            try {
                await navigator.clipboard.writeText(location.href)
                said.textContent = "Copied"
            } catch {
                said.textContent = location.href
            }
        }
    }
    """,
)
_remember = st.components.v2.component(
    "fmnist_remember",
    html="<div></div>",
    # In the session's storage: a reload keeps it, closing the tab deletes it, and no other tab sees it.
    # Whoever opens an address gets what the address says. A restart of the server leaves the page as it is.
    js="""
    const place = "fmnist-drawing"
    let isOurs = performance.getEntriesByType("navigation")[0]?.type !== "navigate"
    let given = null
    export default function ({ data, setStateValue }) {
        try {
            if (data) {
                sessionStorage.setItem(place, data)
                isOurs = true
                given = null
            } else if (data === "" || !isOurs) sessionStorage.removeItem(place)
            else {
                const kept = sessionStorage.getItem(place)
                if (!kept || kept === given) return
                given = kept
                setStateValue("kept", kept)
            }
        } catch {}  // no storage, or it is full: then a reload begins anew
    }
    """,
)


_hasten = st.components.v2.component(
    "fmnist_hasten",
    html="<div></div>",
    # The drawing board waits for 200 ms after a stroke before it reports, unless its own button is pressed.
    # Without that button, nothing is lost but time.
    js="""
    let isWanted = false
    let isDown = false
    const findBoard = event => event.composedPath().find(e => e.classList?.contains("st-key-fm-board"))
    document.addEventListener("pointerdown", event => { isDown = Boolean(findBoard(event)) }, true)
    document.addEventListener("pointerup", () => {
        if (!isDown || !isWanted) return
        isDown = false
        setTimeout(() => {  // when the board itself has taken in the stroke
            const inside = [...document.querySelectorAll(".st-key-fm-board *")].find(e => e.shadowRoot)
            inside?.shadowRoot.querySelector(".dc-toolbar button[title^='Update']")?.click()
        })
    }, true)
    export default function ({ data }) {
        isWanted = data
        return () => { isWanted = false }
    }
    """,
)


def hasten(is_wanted: bool) -> None:
    """Lets the drawing board report each stroke at once; not for a tool whose shape takes several clicks."""
    with st.container(key=f"{_HIDDEN}-hasten"):
        _hasten(data=is_wanted, key="hasten")


def speak(text: str) -> None:
    """Lets a screen reader say a new answer, which a sighted visitor sees changing."""
    with st.container(key=f"{_HIDDEN}-speak"):
        _speak(data=text, key="speak")


def show_copy_link() -> None:
    """Shows a button that copies the address of what is on the page."""
    _copy(key="copy_link", width="content")


def remember(
    drawing: tuple[str, str] | None, is_fresh: bool, on_kept: Callable[[tuple[str, str]], None]
) -> None:
    """Keeps a drawing in the browser's tab, so that it survives a reload of the page.

    Args:
        drawing: Two texts, or None if the board is empty.
        is_fresh: Whether the visitor has not drawn anything yet. Then nothing is kept.
        on_kept: Called before the page's next run with what was kept before the reload, if the board is
            still fresh. It comes from outside, so anything may be in the texts.
    """

    def take() -> None:
        kept = st.session_state["memory"].get("kept")
        try:
            first, second = json.loads(kept)
        except (TypeError, ValueError):
            return
        if is_fresh and isinstance(first, str) and isinstance(second, str):
            on_kept((first, second))

    with st.container(key=f"{_HIDDEN}-memory"):
        _remember(
            data=None if is_fresh else json.dumps(drawing) if drawing else "",
            key="memory",
            on_kept_change=take,
        )
