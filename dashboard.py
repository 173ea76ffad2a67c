"""The frame and the list of pages: `streamlit run` imports it for its server, then runs it for every page."""

import streamlit as st

from fmnist.ui.frame import Page, show_page

SECTIONS = {
    "Start": [Page("start/home.py", "", "See how a classifier learns", "Start", "home")],
    "Learn": [
        Page(
            "learn/training_curves.py",
            "Training_curves",
            "Training curves",
            "Curves",
            "show_chart",
            "How did the models learn?",
        ),
    ],
    "Errors": [
        Page(
            "errors/confusion_matrices.py",
            "Confusion_matrices",
            "Confusion matrices",
            "Matrices",
            "grid_on",
            "What do the models mix up?",
        ),
    ],
    "Augmentation": [
        Page(
            "augmentation/preview.py",
            "Augmentation",
            "Augmentation",
            "Augmentation",
            "auto_awesome_motion",
            "See what augmentation does",
        ),
    ],
    "Try it": [
        Page(
            "try/classify.py",
            "Classify",
            "Classify a picture",
            "Classify",
            "photo_camera",
            "Try your own picture",
        ),
        Page(
            "try/classify_a_batch.py",
            "Classify_a_batch",
            "Classify a batch",
            "Batch",
            "photo_library",
            "Try many at once",
        ),
    ],
}
"""All pages by section, in the order of the menu; the first one has no address of its own."""

if __name__ == "__main__":
    show_page(SECTIONS)
else:
    from fmnist.ui.server import MIDDLEWARE, lifespan

    app = st.App(__file__, lifespan=lifespan, middleware=MIDDLEWARE)
