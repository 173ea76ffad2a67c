"""Classify a batch: many pictures or one zip, every model's answer, sorted by disagreement."""

import streamlit as st

from fmnist import narration
from fmnist.pictures import batch
from fmnist.ui.answers import load_alarm
from fmnist.ui.batch import answer_batch, show_refused, show_table
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.server import show_upload_refusal

page_header(
    "Classify a batch",
    f"Up to {batch.MAX_PICTURES} pictures, or one zip of up to {batch.MAX_MEMBERS}. Every model classifies "
    "each picture, and those on which the models disagree most come first.",
)
models = require_models(to_answer=True)

# No `type=` list: one wrong extension would discard the whole batch before we could say why.
uploads = st.file_uploader("Pictures or one zip", accept_multiple_files=True, key="batch")
show_upload_refusal()
if not uploads:
    st.info(
        "Choose several pictures at once (PNG, JPEG, GIF, BMP or WEBP, at most 25 MB each and 150 MB "
        "together), or one zip of at most 50 MB. Each picture is prepared as on the Classify page."
    )
    st.stop()

files = [(upload.name, upload.getvalue()) for upload in uploads]
alarm = load_alarm(models)
answered, refused = answer_batch(models, files, alarm)
if answered:
    st.header("The answers")
    st.markdown(
        narration.describe_batch([row.answers for row in answered], [row.strange for row in answered])
    )
    show_table(answered, alarm)
if refused:
    st.header("Not answered")
    show_refused(refused)
