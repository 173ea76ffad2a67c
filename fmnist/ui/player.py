"""Charts over the epochs that the visitor's browser plays; see `browser` for the other scripts."""

from collections.abc import Callable, Sequence

import streamlit as st

_player = st.components.v2.component(
    "fmnist_player",
    html="""
    <div class="player">
        <button type="button"></button>
        <input type="range" min="0" step="1" aria-label="Epoch">
        <output></output>
        <div role="status" aria-live="polite"></div>
    </div>
    """,
    css="""
    .player {
        display: grid; grid-template-columns: 6.5rem minmax(5rem, 40rem) 1fr; align-items: center;
        gap: 0.3rem 0.9rem; width: 100%;
    }
    button {
        font: inherit; font-weight: 600; cursor: pointer; color: inherit; background: transparent;
        border: 1px solid var(--st-border-color); border-radius: 0.75rem; height: 2.5rem;
    }
    button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
    input { height: 2.5rem; accent-color: var(--st-primary-color); }
    output { font-variant-numeric: tabular-nums; white-space: nowrap; }
    [role=status] { grid-column: 1 / -1; min-height: 1.5rem; font-weight: 600; }
    """,
    # Plotly has the frames, and Streamlit leaves it in `window`. Its own slider knows no keyboard.
    js="""
    const stills = matchMedia("(prefers-reduced-motion: reduce)")
    const players = new WeakMap()

    function create(parent, { stage, number }) {
        const [button, slider, shown, said] = ["button", "input", "output", "[role=status]"].map(
            name => parent.querySelector(name))
        let epochs = [], moments = {}, choices = null, timer = null, told = null, report = null

        const charts = () => [...document.querySelectorAll(`.st-key-${stage} .js-plotly-plot`)]
        function tell(frame) {
            slider.value = frame
            shown.textContent = `Epoch ${epochs[frame]} of ${epochs.at(-1)}`
            slider.setAttribute("aria-valuetext", shown.textContent)
            const past = Object.keys(moments).filter(epoch => epoch <= epochs[frame])
            const text = past.map(epoch => moments[epoch]).join(" ")
            if (said.textContent !== text) said.textContent = text
        }
        function show(frame) {
            tell(frame)
            for (const chart of charts()) window.Plotly.animate(chart, [String(epochs[frame])], {
                mode: "immediate", transition: { duration: 0 },
                frame: { duration: 0, redraw: chart.data.some(trace => trace.type === "heatmap") }
            }).catch(() => {})  // another frame was faster
        }
        function stop() {
            clearTimeout(timer)
            timer = null
            button.textContent = "▶\ufe0e Play"
        }
        function rest() {
            stop()
            const epoch = epochs[slider.value]
            if (epoch !== told) report(told = epoch)
        }
        function play(frame) {
            const last = epochs.length - 1
            show(frame)
            if (frame >= last) return rest()
            button.textContent = "❚❚ Pause"
            // About ten stills, a second apart, for those who want no motion; else all in eight seconds.
            const [step, pause] = stills.matches
                ? [Math.ceil(last / 10), 1000] : [1, Math.min(600, Math.max(80, 8000 / last))]
            timer = setTimeout(() => play(Math.min(frame + step, last)), pause)
        }
        function begin(act, tries = 100) {
            const isReady = chart => chart._transitionData?._frames?.length
            timer = null
            if (charts().filter(isReady).length === number) act()
            else if (tries) timer = setTimeout(() => begin(act, tries - 1), 100)
        }
        button.onclick = () => {
            if (timer) return rest()
            const frame = Number(slider.value)
            play(frame < epochs.length - 1 ? frame : 0)
        }
        slider.oninput = () => { stop(); show(Number(slider.value)) }
        slider.onchange = rest

        function update(data, setStateValue) {
            report = epoch => data.reports && setStateValue("epoch", epoch)
            if (data.choices === choices) return
            const isNew = choices === null
            ;({ choices, epochs, moments } = data)
            slider.max = epochs.length - 1
            stop()
            const start = data.start === null ? epochs.length - 1 : epochs.indexOf(data.start)
            told = epochs[start]
            // Charts that stay as they are may be at any epoch.
            if (!isNew) return show(start)
            tell(start)
            if (data.start === null) { if (!stills.matches) begin(() => play(0)) }
            else if (start < epochs.length - 1) begin(() => show(start))
        }
        return { update, stop }
    }

    export default function ({ data, parentElement, setStateValue }) {
        if (!players.has(parentElement)) players.set(parentElement, create(parentElement, data))
        players.get(parentElement).update(data, setStateValue)
        return () => players.get(parentElement).stop()
    }
    """,
)
STAGE = "fm-stage"
"""The key of the container with the charts that the player plays."""
_PLAYER = "player"


def show_player(
    charts: int,
    epochs: Sequence[int],
    moments: dict[int, str],
    choices: str,
    start: int | None = None,
    on_stop: Callable[[int], None] | None = None,
) -> None:
    """Shows a button and a slider that show the charts in STAGE as they were after each epoch.

    Args:
        charts: How many charts there are.
        epochs: Those of which each chart has a frame, named after the epoch.
        moments: What is to be said from some epochs on, in plain text.
        choices: Differs whenever the charts do, which then show the start, or the whole, again.
        start: The epoch that is shown at first. By default it begins to play when all charts are there,
            unless the visitor's system asks for less motion.
        on_stop: Called before the next run, if the visitor has chosen an epoch, or playing has ended at one.
    """

    def take() -> None:
        epoch = st.session_state[_PLAYER].get("epoch")
        if on_stop and epoch in epochs:  # it comes from outside, so it may be anything
            on_stop(epoch)

    data = {
        "number": charts, "epochs": list(epochs), "moments": moments, "choices": choices, "stage": STAGE,
        "start": start, "reports": on_stop is not None,
    }  # fmt: skip
    _player(data=data, key=_PLAYER, on_epoch_change=take)
