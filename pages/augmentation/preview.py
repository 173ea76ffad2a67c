"""Augmentation: what each random transformation does to an image and to each model's answer."""

import streamlit as st

from fmnist import augmentation, narration
from fmnist.pictures.tiles import draw_pixels
from fmnist.ui.answers import answer
from fmnist.ui.draws import show_draws
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.pictures import pick_image, show_download
from fmnist.ui.policy import choose_policy, choose_seed, trained_policies

DRAWS = 16
DRAWS_ALONE = 6

page_header(
    "Augmentation",
    "See what random transformations do to a picture, and whether the models still recognise it.",
)
models = require_models(to_answer=True)
trained = trained_policies(models)
done = {name: augmentation.list_done(policy) for name, policy in trained.items()}
st.markdown(narration.describe_policies(done))

choice, settings = st.columns(2, gap="large")
with choice:
    st.subheader("The picture")
    show_download()
    picked = pick_image()
    if picked is not None:
        image = picked.preparation.image
        st.image(draw_pixels(image), width=168, alt=picked.title)
with settings:
    st.subheader("The transformations")
    policy = choose_policy(next(iter(trained.values()), None))
    seed = choose_seed()
if picked is None:
    st.stop()

known = picked.true_class is not None
before = answer(models, image[None]).row(0)
expected = {
    name: int(top) if picked.true_class is None else picked.true_class for name, top in before.tops.items()
}

st.header(f"{DRAWS} random versions")
summary = st.empty()
answers = show_draws(models, image, policy, seed, DRAWS, expected, known)
summary.markdown(narration.describe_draws(answers, expected, known))

st.header("Each transformation alone")
for transform in augmentation.TRANSFORMS:
    strength = augmentation.describe_strength(policy, transform)
    st.markdown(f"**{transform.capitalize()}**: {strength}")
    if getattr(policy, transform):
        show_draws(models, image, policy.only(transform), seed, DRAWS_ALONE, expected, known)

st.header("The same in Keras")
st.markdown(
    "`images` holds numbers from 0 to 255, in the shape `(n, 28, 28, 1)`. The layers draw other random "
    "values than this page does, from the same ranges; the same values would give the same images."
)
st.code(augmentation.keras_code(policy), wrap_lines=True)
