"""The models' answers to one picture, and how much to trust them."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist import artifacts, confidence, narration, photos
from fmnist.answers import Answers
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.ui import cache, charts
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import PickedImage


def answer(models: Sequence[artifacts.Model], images: np.ndarray) -> Answers:
    """Asks each model about `images`.

    Args:
        models: Those that `require_models` found able to answer.
        images: uint8 `(n, 28, 28)`.
    """
    return Answers({model.name: cache.load_classifier(model).predict_proba(images) for model in models})


def load_alarm(models: list[artifacts.Model]) -> confidence.Alarm | None:
    """Loads the alarm of the first model that has learned one; reports damage in a red box and continues."""
    try:
        alarms = (cache.load_alarm(model) for model in models)
        return next(filter(None, alarms), None)
    except ArtifactError as error:
        show_error(error)
        return None


def show_answers(models: list[artifacts.Model], picked: PickedImage, alarm: confidence.Alarm | None) -> None:
    """Shows each model's answer to one picture: a sentence, then paired bars in fixed class order."""
    answers = answer(models, picked.preparation.image[np.newaxis]).row(0)
    colours = {model.name: model.colour for model in models}
    st.subheader("The answer")
    if nothing_found := narration.describe_evidence(picked.preparation):
        said = narration.describe_forced_answers(answers)
        st.warning(nothing_found, icon=":material/help:")
        st.markdown(said)
        charts.show_probabilities(dict(answers), colours, said)
        return  # how often such confident answers are right says nothing here
    said = narration.describe_answers(answers)
    st.markdown(said)
    if picked.true_class is not None:
        st.caption(f"True class: {CLASS_NAMES[picked.true_class]}.")
    charts.show_probabilities(dict(answers), colours, said)
    _show_confidence(models, answers, picked, alarm)


def _show_confidence(
    models: list[artifacts.Model],
    answers: Answers,
    picked: PickedImage,
    alarm: confidence.Alarm | None,
) -> None:
    """Says how much to trust the answers: a warning if needed, and each model's track record."""
    images = picked.preparation.image[np.newaxis]
    if alarm and alarm.is_raised(images)[0]:
        strangeness = float(confidence.compute_strangeness(images, alarm.space)[0])
        st.warning(narration.describe_alarm(strangeness, alarm), icon=":material/help:")
    try:
        report = _load_photos_report() if picked.is_photo else None
        lines = []
        for model in models:
            sureness, validation = float(answers[model.name].max()), cache.load_validation_confidences(model)
            record = confidence.find_track_record(sureness, validation, model.manifest.validation.wrong)
            band = photos.find_band(report, model, sureness)
            lines.append(narration.describe_track_record(model.name, record, band))
    except ArtifactError as error:
        show_error(error)
        return
    st.markdown("**How much can you trust this?**  \n" + "  \n".join(lines))
    st.caption(
        "Validation images are clean data-set images. Expect lower accuracy on photos; see the panel at the "
        "end of the page."
    )


def _load_photos_report() -> artifacts.PhotosReport | None:
    """Loads the figures on photos; the panel at the end of the page reports what is wrong with them."""
    try:
        return artifacts.load_photos_report()
    except ArtifactError:
        return None
