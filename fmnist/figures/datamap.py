"""The data map: each picture by how sure a run was of its true class, and by how much that changed."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from fmnist.figures.style import HEIGHT, new_figure

MOST_POINTS = 3000
"""Points that a browser draws and finds under the pointer at once, without a graphics card."""


class Group(NamedTuple):
    """How often a picture was right: what the legend says, plotly's symbol, how strong the colour is."""

    label: str
    symbol: str
    opacity: float


GROUPS = (
    Group("right after every epoch", "circle", 0.35),
    Group("after most", "circle-open", 0.8),
    Group("after half or fewer", "triangle-up-open", 0.9),
    Group("never right", "x-thin-open", 0.9),
)


def group_shares(share_right: np.ndarray) -> np.ndarray:
    """Finds for each picture its group among GROUPS, by the share of epochs that were right: int `(n,)`."""
    return np.select([share_right == 1, share_right > 0.5, share_right > 0], [0, 1, 2], 3)


def thin_out(mean: np.ndarray, spread: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Chooses which pictures the map shows: all at the edges, and of the crowd a random sample.

    Half of the places go to the pictures with the largest spread, a quarter to those with the lowest mean.

    Args:
        mean, spread: float `(n,)`.
        most: The number of points.

    Returns:
        int `(k,)`, positions in ascending order; all if there are at most `most`.
    """
    if len(mean) <= most:
        return np.arange(len(mean))
    edges = np.union1d(
        np.argsort(-spread, kind="stable")[: most // 2], np.argsort(mean, kind="stable")[: most // 4]
    )
    crowd = np.setdiff1d(np.arange(len(mean)), edges)
    sample = np.random.default_rng(0).choice(crowd, most - len(edges), replace=False)
    return np.union1d(edges, sample)


def plot_data_map(columns: Mapping[str, np.ndarray], positions: np.ndarray, colour: str) -> go.Figure:
    """Plots pictures by mean and spread of the probability of their true class over the epochs.

    A point's first customdata is the picture's position, for clicks.

    Args:
        columns: float `(n,)` each: `mean`, `spread` and `share_right`, all 0 to 1, of all pictures.
        positions: int `(k,)`, those that are shown.
        colour: The run's colour, as #rrggbb.
    """
    groups = group_shares(columns["share_right"][positions])
    figure = new_figure()
    for number, group in enumerate(GROUPS):
        chosen = positions[groups == number]
        if not len(chosen):
            continue
        figure.add_scatter(
            x=columns["spread"][chosen], y=columns["mean"][chosen], mode="markers", name=group.label,
            customdata=np.stack([chosen, (100 * columns["share_right"][chosen]).round()], axis=1).astype(int),
            marker={"symbol": group.symbol, "color": colour, "size": 6, "opacity": group.opacity},
            hovertemplate="validation picture %{customdata[0]}<br>true class: %{y:.2f} on average, spread "
                          "%{x:.2f}<br>right after %{customdata[1]}% of the epochs<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="Spread over the epochs (standard deviation)", rangemode="tozero")
    figure.update_yaxes(title="Mean probability of the true class", range=[-0.03, 1.03])
    return figure.update_layout(height=HEIGHT, hovermode="closest", legend={"itemsizing": "constant"})
