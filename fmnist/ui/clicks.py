"""Clicks on the points of charts, read by a small script; see `browser` for the others.

Streamlit's own selection of points stays until it is undone, so that the same point cannot be clicked twice,
and it dims all others.
"""

from dataclasses import dataclass

import streamlit as st

_listen = st.components.v2.component(
    "fmnist_clicks",
    html="<div></div>",
    # The charts come later than this, and others may take their place.
    js="""
    const heard = new WeakMap()
    export default function ({ data, parentElement, setTriggerValue }) {
        heard.set(parentElement, setTriggerValue)
        if (data.mouse_only && !matchMedia("(hover: hover)").matches) return
        const listen = () => {
            for (const chart of document.querySelectorAll(`.st-key-${data.container} .js-plotly-plot`)) {
                if (!chart.on || chart.fmClicks === parentElement) continue
                chart.fmClicks = parentElement
                chart.on("plotly_click", event => {
                    const { pointNumber, customdata } = event.points[0]
                    heard.get(parentElement)("clicked", {
                        number: pointNumber, data: Object.values(Object(customdata ?? [])).map(Number)
                    })
                })
            }
        }
        listen()
        const timer = setInterval(listen, 300)
        return () => clearInterval(timer)
    }
    """,
)


@dataclass(frozen=True)
class Click:
    """A point that was clicked: its number in its trace, and its customdata."""

    number: int
    data: tuple[int, ...]


def read_click(container: str, mouse_only: bool = False) -> Click | None:
    """Returns the point that the visitor has just clicked, of any chart in a container.

    Args:
        container: The container's key.
        mouse_only: Whether to ignore taps, where a tap is how a value is read.
    """
    with st.container(key=f"fm-unseen-{container}"):
        clicked = _listen(
            data={"container": container, "mouse_only": mouse_only},
            key=f"clicks_{container}",
            on_clicked_change=lambda: None,
        ).clicked
    try:
        return Click(int(clicked["number"]), tuple(int(value) for value in clicked["data"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None  # none, or not from our script
