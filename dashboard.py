"""The frame and the list of pages: `streamlit run` imports it for its server, then runs it for every page."""

import streamlit as st

from fmnist.ui.frame import Page, show_page

SECTIONS = {
    "Start": [Page("start/home.py", "", "See how a classifier learns")],
    "Learn": [
        Page("learn/training_curves.py", "Training_curves", "Training curves", "How did they learn?"),
    ],
    "Errors": [
        Page(
            "errors/confusion_matrices.py", "Confusion_matrices", "Confusion matrices", "What do they mix up?"
        ),
    ],
    "Augmentation": [
        Page("augmentation/preview.py", "Augmentation", "Augmentation", "See what augmentation does"),
    ],
    "Try it": [
        Page("try/classify.py", "Classify", "Classify a picture", "Try your own picture"),
        Page("try/classify_a_batch.py", "Classify_a_batch", "Classify a batch", "Try many at once"),
    ],
}
"""All pages by their section, in the order of the sidebar; the very first is the one without an address."""

if __name__ == "__main__":
    show_page(SECTIONS)
else:
    from fmnist.ui.server import MIDDLEWARE, lifespan

    app = st.App(__file__, lifespan=lifespan, middleware=MIDDLEWARE)
