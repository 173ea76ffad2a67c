"""The panel that says how well the models do on photos, from the figures saved beside them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist import artifacts, figures, narration
from fmnist.errors import ArtifactError
from fmnist.photos import COMBINED, SECOND_OPINION, get_automatic_figures
from fmnist.ui import cache
from fmnist.ui.messages import show_error

_MEASURE = "run `python -m fmnist benchmark-photos DIR --save` on a folder of photos with a labels.tsv"
_OPTIMISTIC = (
    "The figures published with this program are optimistic. No model was trained on the benchmark photos, "
    "but the simulated photos used in training were designed by studying them."
)


def show_photo_figures(models: Sequence[artifacts.Model]) -> None:
    """Shows, on demand, how often each model is right on photos: a sentence, each class, each way to prepare.

    Says which command measures them where there are none, or where they belong to another run.
    """
    # Opened, it is in the address; closed, no browser has to load what draws charts.
    panel = st.expander("How well does this work on photos?", key="photos", bind="query-params")
    if panel.open:
        with panel:
            _show_panel(list(models), artifacts.identify_photos_report())


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _show_panel(models: list[artifacts.Model], identity: str) -> None:
    try:
        report = artifacts.load_photos_report()
    except ArtifactError as error:
        show_error(error)
        return
    measured = [model for model in models if report and model.name in report.runs]
    if report is None or not measured:
        st.info(f"No figures on photos are saved for these models. To measure them, {_MEASURE}.")
        return
    published = {model.name: model.run.name for model in models}
    if outdated := narration.describe_photo_runs(report, published):
        st.warning(f"{outdated} To measure again, {_MEASURE}.")
    _show_report(report, measured)


def _show_report(report: artifacts.PhotosReport, models: list[artifacts.Model]) -> None:
    names = [model.name for model in models]
    said = narration.describe_photos(report, {model.name: model.manifest.test.accuracy for model in models})
    st.markdown(said)
    st.caption(_OPTIMISTIC)
    automatic = get_automatic_figures(report)
    st.plotly_chart(
        figures.plot_photo_classes(
            {name: automatic[name] for name in names}, {model.name: model.colour for model in models}
        ),
        key="photo-classes",
        config={"displayModeBar": False},
        alt=said.replace("*", ""),
    )
    st.markdown(narration.describe_opinions(report, COMBINED, SECOND_OPINION))
    if said := narration.describe_coverage(report, COMBINED):
        st.markdown(said)
        everybody = {**report.opinions, **{name: automatic[name] for name in names}}
        known = {model.name: model.colour for model in models}
        colours = figures.choose_colours(list(everybody), list(known.values()), known)
        st.plotly_chart(
            figures.plot_coverage(everybody, colours),
            key="photo-coverage",
            config={"displayModeBar": False},
            alt=said.replace("*", ""),
        )
    st.markdown(narration.describe_alarmed(report))
    if not report.macro_classes:
        return
    st.markdown("**How much the preparation helps**: the same photos, prepared in other ways")
    table = pd.DataFrame(
        {
            name: {variant: by_model[name].macro_accuracy for variant, by_model in report.variants.items()}
            for name in names
        }
    )
    st.dataframe((100 * table).rename_axis("preparation").style.format("{:.1f}"), height="content")
    st.caption(
        f"Macro accuracy in percent: the mean over the {report.macro_classes} classes with at least "
        f"{report.min_class_photos} photos, each class counting equally; fewer photos per class say little. "
        '"Grey and resize", without looking for the garment, is what most demonstrations do.'
    )
