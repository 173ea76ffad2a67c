"""The models' answers to one picture, and how much to trust them."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist import artifacts, confidence, narration, photos
from fmnist.answers import Answers
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.photos import COMBINED
from fmnist.ui import browser, cache
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import PickedImage
from fmnist.ui.second_opinion import Look
from fmnist.ui.sets import show_promise
from fmnist.ui.verdict import SHOWN, Voice, rank_classes, show_bars, show_verdict


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


def answer_groups(models: Sequence[artifacts.Model], groups: Sequence[np.ndarray]) -> Answers:
    """Asks each model about groups of images, uint8 `(k, 28, 28)` each, and takes the mean over each group.

    The group of a picture is `Preparation.images`: a photo is cut out in several ways.
    """
    return Answers({model.name: cache.load_classifier(model).predict_means(groups) for model in models})


def show_answers(
    models: list[artifacts.Model],
    picked: PickedImage,
    alarm: confidence.Alarm | None,
    look: Look | None = None,
) -> tuple[Answers, str]:
    """Shows what is said to one picture at one glance: headline, chips, and five classes as bars.

    Args:
        models: Those who answer.
        picked: The picture.
        alarm: For pictures that show no garment. It looks at the image only, whoever answers.
        look: What a look at the photo itself adds. The combination then leads.

    Returns:
        The models' answers, and the headline with its probability.
    """
    image = picked.preparation.image
    answers = answer_groups(models, [picked.preparation.images]).row(0)
    nothing = narration.describe_evidence(picked.preparation)
    strange = not nothing and alarm is not None and bool(alarm.is_raised(image[np.newaxis])[0])
    leading, everybody, said = _gather(models, answers, look)
    headline, share = narration.describe_headline(leading, bool(nothing), strange)
    votes = narration.describe_votes(answers)
    if nothing or strange:
        votes = f"{votes[:-1]}, because each has to name one of the ten."
    sentences = [nothing, votes] if nothing else [votes]
    if look and look.partner and not nothing and not strange:
        sentences = [
            narration.describe_look(look.partner, look.network, picked.preparation),
            f"With 28 x 28 pixels: {votes}",
        ]
    if picked.true_class is not None:
        sentences.append(f"True class: {CLASS_NAMES[picked.true_class]}.")
    chips = [voice for voice in everybody if voice.name != COMBINED]  # that is the headline
    show_verdict(chips, said, image, (headline, share, *sentences))
    browser.speak(" ".join([f"{headline} {share}".strip().capitalize() + ".", *sentences]))
    show_bars(everybody, said, rank_classes(leading)[:SHOWN])
    return answers, f"{headline} {share}".strip()


def _gather(
    models: Sequence[artifacts.Model], answers: Answers, look: Look | None
) -> tuple[Answers, list[artifacts.Model | Voice], Answers]:
    """Returns the answers that decide, everybody who answers, and the answers of all of them."""
    if look is None:
        return answers, [*models], answers
    leading = Answers({COMBINED: look.answers[COMBINED]}) if look.partner else answers
    return leading, [*look.voices, *models], Answers({**look.answers, **answers})


def show_trust(
    models: list[artifacts.Model],
    answers: Answers,
    picked: PickedImage,
    alarm: confidence.Alarm | None,
    look: Look | None = None,
) -> None:
    """Shows which classes the truth is among, and on demand the others, and how good such answers are."""
    found_nothing = bool(narration.describe_evidence(picked.preparation))
    if not found_nothing:
        images = picked.preparation.image[np.newaxis]
        is_strange = alarm is not None and bool(alarm.is_raised(images)[0])
        show_promise(models, answers, picked.is_photo, is_strange)
    with st.expander("The other five classes"):
        leading, everybody, said = _gather(models, answers, look)
        show_bars(everybody, said, rank_classes(leading)[SHOWN:])
    if found_nothing:
        return  # how often such confident answers are right says nothing here
    with st.expander("How much can you trust this?"):
        _show_confidence(models, answers, picked, alarm, look)


def _show_confidence(
    models: list[artifacts.Model],
    answers: Answers,
    picked: PickedImage,
    alarm: confidence.Alarm | None,
    look: Look | None,
) -> None:
    """Says what a warning is worth, if there is one, and how good everybody's record is."""
    images = picked.preparation.image[np.newaxis]
    if alarm and alarm.is_raised(images)[0]:
        strangeness = float(confidence.compute_strangeness(images, alarm.space)[0])
        st.warning(narration.describe_alarm(strangeness, alarm), icon=":material/help:")
    try:
        report = _load_photos_report() if picked.is_photo else None
        lines = []
        for name, probabilities in (look.answers if look else {}).items():
            band = photos.find_opinion_band(report, name, float(probabilities.max()))
            lines += [narration.describe_band(name, band)] if band and band.photos else []
        for model in models:
            sureness, validation = float(answers[model.name].max()), cache.load_validation_confidences(model)
            record = confidence.find_track_record(sureness, validation, model.manifest.validation.wrong)
            band = photos.find_band(report, model, sureness)
            lines.append(narration.describe_track_record(model.name, record, band))
    except ArtifactError as error:
        show_error(error)
        return
    st.markdown("  \n".join(lines))
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
