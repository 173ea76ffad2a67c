"""Bringing a part of the page into view that a click elsewhere has filled."""

import time

import streamlit as st

_PLACE = "place to reveal"

_reveal = st.components.v2.component(
    "fmnist_reveal",
    html="<div></div>",
    # The focus goes along, so that a visitor with a keyboard need not look for what was opened, and back
    # when it is closed.
    js="""
    let last = null
    function show({ place, focus }, tries = 40) {
        // One with a tooltip is there twice, of which one is seen on a phone.
        const button = [...document.querySelectorAll(`.st-key-${place} .st-key-${focus} button`)].find(
            each => each.getClientRects().length)
        if (!button) {  // it may come later than the word that it is to be shown
            if (tries) setTimeout(show, 50, { place, focus }, tries - 1)
            return
        }
        const from = document.activeElement
        button.addEventListener("click", () => from?.isConnected && from.focus(), { once: true })
        const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches
        button.focus({ preventScroll: true })
        button.closest(`.st-key-${place}`).scrollIntoView({ behavior: isStill ? "auto" : "smooth" })
    }
    export default function ({ data }) {
        if (!data || data.moment === last) return
        last = data.moment
        show(data)
    }
    """,
)


def reveal(place: str, focus: str) -> None:
    """Scrolls to a container and moves the focus to the button that closes it, by their keys."""
    st.session_state[_PLACE] = {"place": place, "focus": focus, "moment": str(time.time_ns())}


def show_revealed() -> None:
    """Scrolls to what `reveal` named; call it once on the page, after what is to be seen."""
    with st.container(key="fm-unseen-reveal"):
        _reveal(data=st.session_state.get(_PLACE), key="reveal")
