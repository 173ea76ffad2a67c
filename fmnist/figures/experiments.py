"""Figures of experiments with several seeds: each seed a point, means with intervals, curves with bands."""

import html
import re
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation import MeanDifference, spread_over_seeds
from fmnist.figures.style import LOW, TOP, find_marker, new_figure

_ROW, _AXIS = 52, 76  # pixels: a row of a chart with rows, and what its axis takes
_FEWEST = 4  # rows for which there is room, so that two charts side by side are of one height
_LETTER, _BESIDE = 7, 8  # pixels: a letter of a name beside a line, and its distance
_APART = 0.08  # the height of a line of text, as a share of that of the lines
_End = tuple[str, float, float]  # what to write at the end of a line, in plotly's HTML, and where that is
_GREY = "gray"
_MEAN = {"symbol": "line-ns", "size": 34}


def plot_seeds(
    groups: Mapping[str, np.ndarray], colours: Mapping[str, str], of: str = "Accuracy (share of images, %)"
) -> go.Figure:
    """Plots a row of points for each group, a point per seed; a bar marks the mean.

    Args:
        groups: For each name the accuracies, float `(seeds,)`, 0 to 1.
        colours: The colour for each name, as #rrggbb.
        of: The title of the axis.
    """
    figure = new_figure()
    for row, (name, values) in enumerate(groups.items()):
        spread, colour = spread_over_seeds(values), colours[name]
        # Points of equal height would hide each other.
        heights = row + 0.1 * np.resize([-1, 0, 1], len(values))
        figure.add_scatter(
            x=100 * np.asarray(values), y=heights, mode="markers", name=name,
            marker={"symbol": find_marker(colour).symbol, "size": 9, "color": colour, "opacity": 0.7},
            hovertemplate="%{x:.2f}%<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[100 * spread.mean], y=[row], mode="markers+text", name=f"{name}, mean",
            marker={**_MEAN, "line": {"width": 3, "color": colour}},
            text=[f"{100 * spread.mean:.2f}"], textposition="top center", cliponaxis=False,
            hovertemplate="mean %{x:.2f}%<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=of)
    return _lay_out_rows(figure, list(groups))


def plot_differences(
    differences: Mapping[str, MeanDifference], colour: str, reported: float | None = None
) -> go.Figure:
    """Plots differences of means with their 95 % intervals, a row each.

    Args:
        differences: By the name of the row.
        colour: Of the recipe whose gain they are, as #rrggbb.
        reported: The difference that a report found, as a hollow mark in a row of its own.
    """
    figure = new_figure()
    shown = 100 * np.array([[each.low, each.difference, each.high] for each in differences.values()])
    low, middle, high = shown.T
    figure.add_scatter(
        x=middle, y=np.arange(len(middle)), mode="markers+text", name="difference",
        error_x={"array": high - middle, "arrayminus": middle - low, "thickness": 2, "width": 6},
        marker={"symbol": find_marker(colour).symbol, "size": 11, "color": colour},
        text=[_signed(value) for value in middle], textposition="top center", cliponaxis=False,
        customdata=np.stack([low, high], axis=-1),
        hovertemplate="%{x:+.2f} points<br>95% interval %{customdata[0]:+.2f} to %{customdata[1]:+.2f}"
                      "<extra></extra>",
    )  # fmt: skip
    rows = list(differences)
    if reported is not None:
        figure.add_scatter(
            x=[100 * reported], y=[len(rows)], mode="markers+text", name="report",
            marker={"symbol": f"{find_marker(colour).symbol}-open", "size": 11, "color": _GREY,
                    "line": {"width": 2}},
            text=[_signed(100 * reported)], textposition="top center", cliponaxis=False,
            hovertemplate="%{x:+.2f} points<extra></extra>",
        )  # fmt: skip
        rows.append("course report, test")
    figure.add_vline(x=0, line={"width": 1, "color": _GREY})
    figure.update_xaxes(title="Gain in accuracy (points)")
    return _lay_out_rows(figure, rows)


def plot_bands(
    curves: Mapping[str, np.ndarray], colours: Mapping[str, str], marked: Mapping[int, str] | None = None
) -> go.Figure:
    """Plots the mean over seeds against the epoch, in a band from the lowest to the highest seed.

    Args:
        curves: For each name the accuracies, float `(seeds, epochs)`, 0 to 1.
        colours: The colour for each name, as #rrggbb.
        marked: Epochs to mark with a dotted line, and what to write there.
    """
    figure = new_figure()
    ends: list[_End] = []
    for name, values in curves.items():
        epochs, percents = np.arange(1, values.shape[1] + 1), 100 * values
        lowest, highest, mean = percents.min(0), percents.max(0), percents.mean(0)
        figure.add_scatter(
            x=np.concatenate([epochs, epochs[::-1]]), y=np.concatenate([highest, lowest[::-1]]),
            fill="toself", fillcolor=_pale(colours[name]), line={"width": 0}, mode="lines",
            name=f"{name}, band", hoverinfo="skip",
        )  # fmt: skip
        only_last = epochs == epochs[-1]
        figure.add_scatter(
            x=epochs, y=mean, mode="lines+markers", name=name, line={"color": colours[name]},
            marker={"symbol": find_marker(colours[name]).symbol, "size": 9 * only_last, "opacity": 1},
            hovertemplate="%{y:.2f}%",
        )  # fmt: skip
        ends.append((_write_name(name, colours[name]), float(epochs[-1]), float(mean[-1])))
    for number, (epoch, text) in enumerate((marked or {}).items()):
        figure.add_vline(
            x=epoch, line={"width": 1.5, "dash": "dot", "color": _GREY}, annotation_text=text,
            annotation_position="bottom right", annotation_yshift=16 * number,
        )  # fmt: skip
    last = max(values.shape[1] for values in curves.values())
    figure.update_xaxes(title="Training stopped after (epochs)", range=[0, 1.02 * last])
    figure.update_yaxes(title="Validation accuracy (%)")
    figure.update_layout(height=LOW, margin={"t": TOP}, hovermode="x unified", showlegend=False)
    return _name_ends(figure, ends)


def plot_strengths(
    curves: Mapping[str, tuple[Sequence[float], Sequence[np.ndarray]]],
    colour: str,
    reported: float | None = None,
    found: float | None = None,
) -> go.Figure:
    """Plots accuracy against the strength of augmentation, a point per seed and a line through the means.

    Args:
        curves: For each name the strengths, rising, and for each of them the accuracies of its seeds, float
            `(seeds,)`, 0 to 1. The first is drawn solid with filled points, others dashed and hollow.
        colour: Of the recipe that is multiplied, as #rrggbb.
        reported: An accuracy to draw in, 0 to 1.
        found: A strength to mark.
    """
    figure = new_figure()
    ends: list[_End] = []
    symbol = find_marker(colour).symbol
    last = float(max(max(strengths) for strengths, _ in curves.values()))
    for number, (name, (strengths, values)) in enumerate(curves.items()):
        look = {"dash": "dash"} if number else {}
        means = [100 * float(np.mean(each)) for each in values]
        figure.add_scatter(
            x=np.repeat(strengths, [len(each) for each in values]), y=100 * np.concatenate(values),
            mode="markers", name=f"{name}, seeds", hovertemplate="%{y:.2f}%<extra></extra>",
            marker={"symbol": f"{symbol}-open" if number else symbol, "size": 7, "color": colour,
                    "opacity": 0.6},
        )  # fmt: skip
        figure.add_scatter(
            x=strengths, y=means, mode="lines", name=name, line={"color": colour, **look},
            hovertemplate="mean %{y:.2f}% at %{x} times<extra></extra>",
        )  # fmt: skip
        line = "╌╌" if number else "━━"
        ends.append((f'<span style="color:{colour}">{line}</span> {name}', float(strengths[-1]), means[-1]))
    figure.add_vline(
        x=1, line={"width": 1.5, "dash": "dot", "color": _GREY}, annotation_text="ours",
        annotation_position="bottom right",
    )  # fmt: skip
    if reported is not None:
        figure.add_hline(y=100 * reported, line={"width": 1.5, "dash": "dashdot", "color": _GREY})
        ends.append((f"course report,<br>test: {100 * reported:.2f}%", last, 100 * reported))
    if found is not None:
        figure.add_vline(
            x=found, line={"width": 1.5, "dash": "dot", "color": _GREY},
            annotation_text=f"report's loss: {found:.1f}", annotation_position="top left",
        )  # fmt: skip
    figure.update_xaxes(title="Strength of augmentation (times ours)", range=[-0.04 * last, 1.04 * last])
    figure.update_yaxes(title="Validation accuracy (%)")
    figure.update_layout(height=LOW, margin={"t": TOP}, showlegend=False)
    return _name_ends(figure, ends)


def _lay_out_rows(figure: go.Figure, rows: Sequence[str]) -> go.Figure:
    """Names the rows from top to bottom, and makes the figure as high as they need."""
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[_escape(row) for row in rows],
        range=[len(rows) - 0.4, -0.75], showgrid=False, zeroline=False, automargin=True, ticks="",
    )  # fmt: skip
    height = _AXIS + _ROW * max(len(rows), _FEWEST)
    return figure.update_layout(height=height, margin={"t": TOP}, showlegend=False)


def _name_ends(figure: go.Figure, ends: Sequence[_End]) -> go.Figure:
    """Writes names beside the ends of lines, from the lowest up, each clear of the one below."""
    lines = np.concatenate([np.asarray(trace.y, float) for trace in figure.data])
    apart = _APART * max(np.ptp(lines), 1e-9)
    longest, top = 0, -np.inf
    for text, x, y in sorted(ends, key=lambda end: end[2]):
        rows = re.sub("<(?!br).*?>", "", text).split("<br>")
        middle = max(y, top + apart * len(rows) / 2)
        top = middle + apart * len(rows) / 2
        figure.add_annotation(
            x=x, y=middle, xanchor="left", xshift=_BESIDE, showarrow=False, align="left", text=text
        )  # fmt: skip
        longest = max(longest, *(len(html.unescape(row)) for row in rows))
    return figure.update_layout(margin={"r": 2 * _BESIDE + _LETTER * longest})


def _write_name(name: str, colour: str) -> str:
    """Writes a name with the marker of its colour."""
    glyph = f'<span style="color:{colour};font-size:16px">{find_marker(colour).glyph}</span>'
    return f"{glyph} {_escape(name)}"


def _escape(name: str) -> str:
    """Writes a name as text in plotly's HTML, in several lines if it has several parts."""
    return html.escape(name, quote=False).replace(", ", ",<br>")


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
