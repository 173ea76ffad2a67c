"""Home: what this is, the models side by side, and a first answer to "did augmentation help?"."""

import streamlit as st

from fmnist import narration
from fmnist.config import CLASS_NAMES
from fmnist.ui import charts, components


def show_home() -> None:
    """Shows the whole page."""
    components.page_header(
        "See how a classifier learns",
        "Small neural networks learned to tell ten kinds of garment apart from the 70,000 pictures of "
        "Fashion-MNIST. Here you can watch how they learned, see where they err, and try them on a "
        "picture or a drawing of your own.",
    )
    runs = components.require_runs(to_answer=True)
    baseline = runs[0].manifest

    st.header("The models")
    for run, column in zip(runs, st.columns(len(runs)), strict=True):
        with column.container(border=True):
            components.show_model_tile(run)

    augmented = [run for run in runs[1:] if run.manifest["config"].get("augmentation")]
    if augmented:
        st.header("Did augmentation help?")
        for run in augmented:
            st.markdown(narration.describe_comparison(baseline, run.manifest))
        st.markdown(narration.describe_report([run.entry for run in runs]))

    st.header("What they say of ten drawn garments")
    st.markdown(
        "These pictures were drawn by this program, not taken from the data set, so none of the models "
        "has seen them."
    )
    components.show_sample_answers(runs)

    st.header("The network and the data")
    layers, split = st.columns([3, 2], gap="large")
    with layers:
        st.markdown(
            "All models are built alike: two blocks of two convolutions find edges and shapes, a pooling "
            "halves the picture after each block, and two dense layers weigh what was found. These are the "
            f"layers of {baseline['model_name']}, {baseline['parameters']:,} parameters; a model with "
            "another number of them has layers in between that steady its training and do not change the "
            "shapes."
        )
        charts.show_layers(runs[0])
    with split:
        st.markdown(
            "Each picture is grey, 28 x 28 pixels, one garment bright on black, and every class has "
            "equally many. The models learned from the training pictures; the validation pictures "
            "decided when to stop; the test pictures decided nothing."
        )
        charts.show_split(runs[0])
        st.caption(f"Classes: {', '.join(CLASS_NAMES)}.")

    st.header("Where to go next")
    with st.container(horizontal=True):
        for page, label in (
            ("pages/1_Training_curves.py", "How did they learn?"),
            ("pages/2_Confusion_matrices.py", "What do they mix up?"),
            ("pages/3_Classify.py", "Try your own picture"),
            ("pages/5_Classify_a_batch.py", "Try many at once"),
            ("pages/4_Augmentation.py", "See what augmentation does"),
        ):
            st.page_link(page, label=label, icon=":material/arrow_forward:")
