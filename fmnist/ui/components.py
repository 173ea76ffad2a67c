"""Pieces that several pages show: header, models, answers, rows of pictures."""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

from fmnist import artifacts, confidence, narration, photos
from fmnist.augmentation import augment
from fmnist.config import CLASS_NAMES, AugmentationPolicy
from fmnist.errors import ArtifactError
from fmnist.inference import top_predictions
from fmnist.narration import count, duration, percent
from fmnist.ui import cache, charts
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import PickedImage
from fmnist.words import escape_markdown


def page_header(title: str, introduction: str) -> None:
    """Sets the page up and shows its title and what it is for, before anything slow starts."""
    cache.share_heaps()
    # A picture of our own as the icon: Streamlit would fetch a named one from the internet.
    icon = Image.fromarray(cache.load_samples()[0])
    st.set_page_config(page_title=f"{title} · Fashion-MNIST", page_icon=icon, layout="wide")
    st.title(title)
    st.markdown(introduction)


def require_runs(to_answer: bool = False) -> list[artifacts.Run]:
    """Loads all published runs; names each damaged one in a red box and goes on with the others.

    Stops the page, saying what to do, if none is left.

    Args:
        to_answer: Whether the page will ask the models about pictures, so that each must be able to.
    """
    runs = []
    try:
        for entry in artifacts.load_models():
            try:
                run = cache.load_run(entry.name, artifacts.identify_run(entry))
                if to_answer:
                    cache.load_classifier(entry.name, entry.run)
                runs.append(run)
            except ArtifactError as error:
                show_error(error)
    except ArtifactError as error:
        show_error(error)
    if not runs:
        st.info(
            "No trained model can be read, so there is nothing to show yet. Train one with "
            "`python -m fmnist train simple`, or restore the published ones with "
            "`git checkout -- artifacts`."
        )
        st.stop()
    return runs


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_RUN)
def show_model_tile(run: artifacts.Run) -> None:
    """Shows the headline figures of a model beside the report's."""
    entry, manifest = run.entry, run.manifest
    test = manifest["test"]
    low, high = test["accuracy_interval"]
    st.image(_colour_bar(entry.colour), width="stretch", alt="")
    st.subheader(entry.name)
    st.markdown(escape_markdown(f"{entry.description[:1].upper()}{entry.description[1:]}."))
    accuracy, loss = st.columns(2)
    accuracy.metric("Test accuracy", percent(test["accuracy"], 2))
    loss.metric("Test loss", f"{test['loss']:.3f}")
    reported = (
        f"The report's figures: {percent(entry.report['test_accuracy'], 2)} and "
        f"{entry.report['test_loss']:.3f}."
        if entry.report
        else "The report has no such model."
    )
    st.caption(f"95% interval of the accuracy: {percent(low, 2)} to {percent(high, 2)}. {reported}")
    st.markdown(
        f"{manifest['parameters']:,} parameters · {count(manifest['epochs_run'], 'epoch')}, the "
        f"weights of epoch {manifest['kept_epoch']} kept · trained in "
        f"{duration(manifest['seconds'])}"
    )


def _colour_bar(colour):
    rgb = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return np.tile(np.array(rgb, np.uint8), (6, 600, 1))


def choose_runs(runs: list[artifacts.Run]) -> list[artifacts.Run]:
    """Lets the visitor choose all models (default) or one."""
    if len(runs) == 1:
        return runs
    names = [run.entry.name for run in runs]
    chosen = st.segmented_control(
        "Which model answers?", ["all", *names], default="all", required=True,
        key="model", bind="query-params",
        format_func=lambda name: "all, side by side" if name == "all" else name,
    )  # fmt: skip
    return [run for run in runs if chosen in ("all", run.entry.name)]


def answer(runs: list[artifacts.Run], images: np.ndarray) -> dict[str, np.ndarray]:
    """Asks each model about `images`: float32 `(n, 10)` for each model name.

    Args:
        runs: Runs that `require_runs` found able to answer.
        images: uint8 `(n, 28, 28)`.
    """
    return {
        run.entry.name: cache.load_classifier(run.entry.name, run.entry.run).predict_proba(images)
        for run in runs
    }


def load_alarm(runs: list[artifacts.Run]) -> confidence.Alarm | None:
    """Loads the alarm of the first model that has learned one; names damage in a red box and goes on."""
    try:
        alarms = (cache.load_alarm(run.entry.name, run.entry.run) for run in runs)
        return next(filter(None, alarms), None)
    except ArtifactError as error:
        show_error(error)
        return None


def show_answers(runs: list[artifacts.Run], picked: PickedImage, alarm: confidence.Alarm | None) -> None:
    """Shows who thinks what of one picture: a sentence, then paired bars in fixed class order."""
    answers = {n: p[0] for n, p in answer(runs, picked.preparation.image[np.newaxis]).items()}
    said = narration.describe_answers(answers)
    st.subheader("The answer")
    st.markdown(said)
    if picked.true_class is not None:
        st.caption(f"It really is: {CLASS_NAMES[picked.true_class]}.")
    charts.show_probabilities(answers, {run.entry.name: run.entry.colour for run in runs}, said)
    _show_confidence(runs, answers, picked, alarm)


def _show_confidence(runs, answers, picked, alarm):
    """Says how far to believe the answers: a warning if there is need, and each model's record."""
    images = picked.preparation.image[np.newaxis]
    if alarm and alarm.is_raised(images)[0]:
        strangeness = float(confidence.compute_strangeness(images, alarm.space)[0])
        st.warning(narration.describe_alarm(strangeness, alarm), icon=":material/help:")
    try:
        report = _load_photos_report() if picked.is_photo else None
        lines = []
        for run in runs:
            name, wrong = run.entry.name, run.manifest["validation"]["wrong"]
            validation, sureness = cache.load_validation_confidences(name, run.entry.run), answers[name].max()
            record = confidence.find_track_record(sureness, validation, wrong)
            band = photos.find_band(report, run.entry, sureness)
            lines.append(narration.describe_track_record(name, record, band))
    except ArtifactError as error:
        show_error(error)
        return
    st.markdown("**How far to believe this?**  \n" + "  \n".join(lines))
    st.caption(
        "Validation pictures are clean pictures of the data set. On photos the models are right less "
        "often: the panel at the end of the page has the figures."
    )


def _load_photos_report():
    """Loads the figures on photos; what is wrong with them is said at the end of the page."""
    try:
        return artifacts.load_photos_report()
    except ArtifactError:
        return None


def show_tiles(images, captions: list[str], width: int = 128) -> None:
    """Shows pictures in a row that wraps, each blown up without smoothing, with its caption."""
    with st.container(horizontal=True, gap="small"):
        for image, caption in zip(images, captions, strict=True):
            with st.container(width=width, gap=None):
                st.image(draw_pixels(image), width=width, alt=caption)
                st.caption(caption)


def draw_pixels(image: np.ndarray) -> str:
    """Writes a small picture as SVG, of which `st.image` shows every pixel as a square, however large.

    An array would be enlarged, compressed, unpacked, made smaller and compressed again: a millisecond.
    """
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    height, width = image.shape[:2]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" image-rendering="pixelated" '
        f'href="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"/></svg>'
    )


def letterbox(image: np.ndarray, side: int) -> np.ndarray:
    """Fits a picture of any size into a square, on grey, so that pictures in a row line up."""
    side *= 2  # sharp on fine screens
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # The pixels of a small picture are meant to be seen.
    sampling = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.LANCZOS
    picture = Image.fromarray(image).convert("RGB").resize(size, sampling)
    square = Image.new("RGB", (side, side), (128, 128, 128))
    square.paste(picture, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_RUN)
def show_sample_answers(runs: list[artifacts.Run]) -> None:
    """Shows what every model says of each of our drawn garments, and how many it names right."""
    samples = cache.load_samples()
    answers = answer(runs, samples)
    captions = []
    for index, class_name in enumerate(CLASS_NAMES):
        lines = [f"**{class_name}**"]
        for name, probabilities in answers.items():
            (top,) = top_predictions(probabilities[index], 1)
            mark = "✓" if top.class_name == class_name else "✗"
            lines.append(f"{name} {mark} {top.class_name} {percent(top.probability, 0)}")
        captions.append("  \n".join(lines))
    show_tiles(samples, captions, width=160)
    right = {n: int((p.argmax(axis=1) == np.arange(len(samples))).sum()) for n, p in answers.items()}
    st.caption("Named right: " + ", ".join(f"{name} {hits} of 10" for name, hits in right.items()) + ".")


# A change of one strength leaves the others' versions as they are. A picture may be the visitor's own, and
# so is the cache.
@st.cache_resource(max_entries=24, scope="session", show_spinner=False, hash_funcs=cache.BY_RUN)
def show_draws(
    runs: list[artifacts.Run],
    image: np.ndarray,
    policy: AugmentationPolicy,
    seed: int,
    count: int,
    expected: dict[str, int],
) -> dict[str, np.ndarray]:
    """Shows random versions of a picture with every model's answer, marking those that changed.

    Args:
        runs: Runs that `require_runs` found able to answer.
        image: uint8 `(28, 28)`.
        policy: How strongly each transformation may change it.
        seed: The same seed draws the same versions.
        count: How many versions.
        expected: For each model name the class index that counts as unchanged.

    Returns:
        float32 `(count, 10)` for each model name.
    """
    images = augment(np.repeat(image[np.newaxis], count, axis=0), policy, seed)
    answers = answer(runs, images)
    captions = []
    for index in range(len(images)):
        lines = []
        for name, probabilities in answers.items():
            top = int(probabilities[index].argmax())
            mark = "✓" if top == expected[name] else "✗"
            lines.append(f"{name} {mark} {CLASS_NAMES[top]} {percent(probabilities[index, top], 0)}")
        captions.append("  \n".join(lines))
    show_tiles(images, captions, width=150)
    return answers
