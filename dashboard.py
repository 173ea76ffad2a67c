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
            "How they learned",
        ),
        Page(
            "learn/train_a_model.py",
            "Train",
            "Train a model",
            "Train",
            "model_training",
            "Train one yourself",
        ),
        Page("learn/runs.py", "Runs", "Runs", "Runs", "table_rows"),
        Page("learn/experiments.py", "Experiments", "Luck and strength", "Luck", "casino"),
    ],
    "Errors": [
        Page(
            "errors/confusion_matrices.py",
            "Confusion_matrices",
            "Confusion matrices",
            "Matrices",
            "grid_on",
            "What they mix up",
        ),
        Page("errors/compare.py", "Compare", "Compare two models", "Compare", "compare_arrows"),
        Page("errors/slices.py", "Slices", "Which kinds of pictures", "Kinds", "category"),
        Page("errors/through_epochs.py", "Epochs", "Through the epochs", "Epochs", "animation"),
        Page("errors/confidence.py", "Confidence", "How sure, how right", "Confidence", "balance"),
        Page("errors/labels.py", "Labels", "The court of labels", "Labels", "gavel"),
        Page("errors/picture.py", "Picture", "One picture", "One picture", "image_search"),
    ],
    "Augmentation": [
        Page(
            "augmentation/preview.py",
            "Augmentation",
            "Augmentation",
            "Augmentation",
            "auto_awesome_motion",
            "What augmentation does",
        ),
    ],
    "Try it": [
        Page(
            "try/classify.py",
            "Classify",
            "Classify a picture",
            "Classify",
            "photo_camera",
            "Your own photo",
        ),
        Page(
            "try/classify_a_batch.py",
            "Classify_a_batch",
            "Classify a batch",
            "Batch",
            "photo_library",
        ),
        Page("try/quiz.py", "Quiz", "Quiz: you against the models", "Quiz", "quiz"),
    ],
}
"""All pages by section, in the order of the menu; the first one has no address of its own."""

if __name__ == "__main__":
    show_page(SECTIONS)
else:
    from fmnist.ui.server import MIDDLEWARE, lifespan

    app = st.App(__file__, lifespan=lifespan, middleware=MIDDLEWARE)
