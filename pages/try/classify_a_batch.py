"""Classify a batch: many pictures or one zip, every model's answer, sorted by disagreement."""

import streamlit as st

from fmnist import narration
from fmnist.pictures import batch
from fmnist.ui.answers import load_alarm
from fmnist.ui.batch import answer_batch, open_batch, show_limits, show_refused, show_right, show_table
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.second_opinion import choose_look
from fmnist.ui.server import show_upload_refusal

page_header(
    "Classify a batch",
    "Every model classifies each of your pictures, and those on which the models disagree most come first.",
)
models = require_models(to_answer=True)

# No `type=` list: one wrong extension would discard the whole batch before we could say why.
uploads = st.file_uploader(
    f"Up to {batch.MAX_PICTURES} pictures (25 MB each, 150 MB together), or one zip of up to "
    f"{batch.MAX_MEMBERS} (50 MB)",
    accept_multiple_files=True,
    key="batch",
)
show_upload_refusal()
if not uploads:
    st.info(
        "Choose several pictures at once: PNG, JPEG, HEIC, WEBP, AVIF, GIF or BMP. Each picture is prepared "
        "as on the Classify page."
    )
    st.caption(
        "To see how often each model is right, add a `labels.csv` with the heading `file,label` and a line "
        "such as `img1.jpg,ankle boot` for each picture, or sort the pictures of a zip into folders named "
        "after the classes."
    )
    st.stop()

opened = open_batch([(upload.name, upload.getvalue()) for upload in uploads], choose_look())
alarm = load_alarm(models)
answered = answer_batch(models, opened, alarm)
show_limits(opened)
if answered:
    st.header("The answers")
    st.markdown(
        narration.describe_batch([row.answers for row in answered], [row.strange for row in answered])
    )
show_right(answered, opened)
if answered:
    show_table(answered, alarm)
if opened.refused:
    st.header("Not answered")
    show_refused(opened.refused)
