"""Saving a chart of the page as a picture, in the visitor's browser; plotly's own bar of buttons is off."""

import streamlit as st

_save = st.components.v2.component(
    "fmnist_save_figure",
    html="""
    <div role="group">
        <span>Save as</span><button type="button">SVG</button><button type="button">PNG</button>
    </div>
    """,
    css="""
    div { display: flex; gap: 0.5rem; align-items: center; font-size: 0.8rem; }
    button {
        font: inherit; cursor: pointer; color: inherit; background: transparent; padding: 0.1rem 0.5rem;
        border: 1px solid var(--st-border-color); border-radius: 0.5rem;
    }
    button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
    """,
    # The ground of our charts is transparent: a picture to keep needs that of the page, whose theme the
    # letters fit. look.css decides the colour of the letters in the browser, so the picture gets it here.
    js="""
    export default function ({ data, parentElement }) {
        const group = parentElement.querySelector("div")
        group.setAttribute("aria-label", `Save ${data.name} as a picture`)
        for (const button of group.querySelectorAll("button")) {
            const format = button.textContent
            button.setAttribute("aria-label", `Save ${data.name} as ${format}`)
            button.onclick = () => {
                const key = data.chart.replace(/[^a-zA-Z0-9_-]/g, "-")  // as Streamlit does
                const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`)
                if (!chart || !window.Plotly) return
                const styles = getComputedStyle(parentElement.host ?? parentElement)
                const ground = styles.getPropertyValue("--st-background-color").trim() || "#fff"
                const ink = styles.getPropertyValue("--st-text-color").trim() || "#000"
                const { width, height } = chart.getBoundingClientRect()
                const axis = old => ({ ...old, tickfont: { ...old?.tickfont, color: ink },
                    title: { ...old?.title, font: { ...old?.title?.font, color: ink } } })
                const { layout } = chart
                const figure = {
                    data: chart.data.map(trace => ["heatmap", "bar"].includes(trace.type)
                        ? { ...trace, textfont: { ...trace.textfont, color: ink } } : trace),
                    layout: { ...layout, paper_bgcolor: ground, plot_bgcolor: ground,
                        font: { ...layout.font, color: ink },
                        xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis),
                        margin: { ...layout.margin, t: Math.max(layout.margin?.t ?? 0, 30) } },
                }
                window.Plotly.downloadImage(figure, {
                    format: format.toLowerCase(), filename: data.file, width, height,
                    scale: format === "PNG" ? 2 : 1,
                })
            }
        }
    }
    """,
)


def show_save_figure(chart: str, name: str, file: str) -> None:
    """Shows two small buttons that save a chart as SVG and as PNG, as large as it is on the page.

    Args:
        chart: The key of the `st.plotly_chart`, on this page.
        name: What screen readers call the chart, as in "the difference of the matrices".
        file: The name of the file, without an extension.
    """
    _save(data={"chart": chart, "name": name, "file": file}, key=f"save_{chart}", width="content")
