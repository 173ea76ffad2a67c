"""What answers depend on: maps of what counts, and the smallest square that turns an answer."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations

import numpy as np
import streamlit as st

from fmnist import analysis, figures, narration
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.pictures.tiles import encode_pixels, outline_square
from fmnist.ui import cache
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.markup import element, show_element
from fmnist.ui.verdict import rank_classes

_CHUNK = 64  # images
_MAP, _PICTURE = 150, 190  # pixels; two maps fit beside each other on a phone


# A visitor's picture stays in the visitor's session.
@st.cache_data(max_entries=32, scope="session", show_spinner=False, hash_funcs=cache.BY_MODEL)
def _answer(model: Model, images: np.ndarray) -> np.ndarray:
    """Asks a model about images, a few at a time, so that another visitor's answer need not wait for all."""
    classifier = cache.load_classifier(model)
    starts = range(0, len(images), _CHUNK)
    return np.concatenate([classifier.predict_proba(images[start : start + _CHUNK]) for start in starts])


@st.cache_data(
    max_entries=32, scope="session", show_spinner="Trying every square …", hash_funcs=cache.BY_MODEL
)
def _find_square(model: Model, image: np.ndarray, largest: int) -> analysis.Square | None:
    return analysis.find_smallest_square(partial(_answer, model), image, largest)


def show_maps(models: Sequence[Model], answers: Answers, image: np.ndarray, key: str) -> None:
    """Shows for each model how much of a class's probability each part of a picture carries.

    Args:
        models: Those that answered and can be asked.
        answers: To the picture.
        image: uint8 `(28, 28)`.
        key: Begins the widgets' keys.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "What speaks for", rank_classes(answers), format_func=CLASS_NAMES.__getitem__, key=f"{key}_class",
            width=200,
        )  # fmt: skip
        pair = _choose_pair(models, key)
    found = {
        model.name: analysis.compute_occlusion(partial(_answer, model), image, chosen) for model in models
    }
    maps = {name: one.drops for name, one in found.items()}
    if pair:
        maps[" minus ".join(pair)] = found[pair[0]].drops - found[pair[1]].drops
    largest = max(0.05, *(float(np.abs(drops).max()) for drops in maps.values()))
    with st.container(horizontal=True, gap="small"):
        for name, drops in maps.items():
            patch = (found[name].top, found[name].left, analysis.PATCH) if name in found else None
            with st.container(width=_MAP, gap="small"):
                st.markdown(f"**{name}**")
                st.plotly_chart(
                    figures.plot_map(image, drops, largest, patch), key=f"{key}_map_{name}",
                    config=NO_BUTTONS, width="content",
                    alt=f"Which parts speak for {CLASS_NAMES[chosen]}, {name}.",
                )  # fmt: skip
    st.markdown("  \n".join(narration.describe_occlusion(name, one, chosen) for name, one in found.items()))
    st.caption(
        f"Black covers {analysis.PATCH} × {analysis.PATCH} pixels, one place after another. Orange: "
        f"where it covers, the probability falls; blue: it rises. Strongest colour: {100 * largest:.0f} "
        "points; white square: the patch that costs most. A map does not prove what the model looks for: "
        "it shows what this one answer reacts to, and training never showed pictures with black patches "
        "(Zeiler and Fergus 2014, arXiv 1311.2901)."
    )


def _choose_pair(models: Sequence[Model], key: str) -> tuple[str, str] | None:
    """Lets the visitor choose whose maps are subtracted, the later model's minus the earlier one's."""
    pairs = [(second.name, first.name) for first, second in combinations(models, 2)]
    if len(pairs) < 2:
        return pairs[0] if pairs else None
    return st.selectbox("Difference", pairs, format_func=" minus ".join, key=f"{key}_pair", width=240)


def show_squares(models: Sequence[Model], answers: Answers, image: np.ndarray) -> None:
    """Shows for each model the smallest black square that turns its answer; see `show_maps`."""
    with st.container(horizontal=True, gap="medium"):
        for model in models:
            with st.container(width=_PICTURE, gap="small"):
                square = _find_square(model, image, analysis.LARGEST_SQUARE)
                said = narration.describe_square(model.name, square, int(answers.tops[model.name]))
                shown = outline_square(image, square.top, square.left, square.side) if square else image
                alt = said.replace("**", "")
                show_element(element("img", src=encode_pixels(shown), alt=alt, class_="fm-picture"))
                st.markdown(said)
    st.caption(
        f"Black squares of 1 × 1 to {analysis.LARGEST_SQUARE} × {analysis.LARGEST_SQUARE} pixels are tried "
        "at every place, the small ones first. Of the smallest that turn the answer, the one that takes most "
        "from it is shown. The smaller it is, the closer the answer was to another."
    )
