"""Augmentation: what each random transformation does to a picture and to each model's answer."""

import streamlit as st

from fmnist import augmentation, narration
from fmnist.ui import components
from fmnist.ui.pictures import pick_image, show_download
from fmnist.ui.policy import choose_policy, choose_seed, trained_policy

DRAWS = 16
DRAWS_ALONE = 6

components.page_header(
    "Augmentation",
    "The augmented model never saw the same picture twice: each time it was flipped, shifted, "
    "turned, zoomed and changed in contrast at random. See what that does to a picture, and whether "
    "the models still know it.",
)
runs = components.require_runs(to_answer=True)

choice, settings = st.columns(2, gap="large")
with choice:
    st.subheader("The picture")
    show_download()
    picked = pick_image()
    if picked is not None:
        image = picked.preparation.image
        st.image(components.draw_pixels(image), width=168, alt=picked.title)
with settings:
    st.subheader("The transformations")
    policy = choose_policy(trained_policy(runs))
    seed = choose_seed()
if picked is None:
    st.stop()

unchanged = components.answer(runs, image[None])
expected = {
    name: int(probabilities[0].argmax()) if picked.true_class is None else picked.true_class
    for name, probabilities in unchanged.items()
}

st.header(f"{DRAWS} random versions")
summary = st.empty()
answers = components.show_draws(runs, image, policy, seed, DRAWS, expected)
summary.markdown(narration.describe_draws(answers, expected, picked.true_class is not None))

st.header("Each transformation alone")
for transform in augmentation.TRANSFORMS:
    strength = narration.describe_strength(policy, transform)
    st.markdown(f"**{transform.capitalize()}**: {strength}")
    if getattr(policy, transform):
        components.show_draws(runs, image, policy.only(transform), seed, DRAWS_ALONE, expected)

st.header("The same in Keras")
st.markdown(
    "`images` are numbers from 0 to 255 of shape `(n, 28, 28, 1)`. The layers draw other random values "
    "than this page, from the same ranges. With the same values the pictures are the same."
)
st.code(augmentation.keras_code(policy), wrap_lines=True)
