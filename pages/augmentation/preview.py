"""Augmentation: what each random transformation does to an image and to each model's answer."""

import streamlit as st

from fmnist import augmentation, narration
from fmnist.ui.answers import answer
from fmnist.ui.draws import answer_draws
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.pictures import choose_source, pick_image, show_download
from fmnist.ui.policy import choose_policy, choose_seed, trained_policies
from fmnist.ui.tiles import mark_answers, show_legend, show_picture, show_tiles

DRAWS = 16
DRAWS_ALONE = 6

page_header(
    "Augmentation",
    "Each tile is the same picture after random changes. See which models still recognise it.",
)
models = require_models(to_answer=True)
trained = trained_policies(models)
done = {name: augmentation.list_done(policy) for name, policy in trained.items()}
st.markdown(narration.describe_policies(done))

with st.container(key="side_by_side"):
    settings, versions = st.columns([4, 5], gap="medium")
with settings:
    show_download()
    chooser = st.container(horizontal=True)
    with chooser.container():
        picked = pick_image(choose_source())
    if picked is not None:
        image = picked.preparation.image
        # Beside a drawing board there is no room.
        with (settings if picked.true_class is None else chooser).container(width=96):
            show_picture(image, picked.title)
    policy = choose_policy(next(iter(trained.values()), None))
    seed = choose_seed()
if picked is None:
    st.stop()

known = picked.true_class is not None
before = answer(models, image[None]).row(0)
expected = {
    name: int(top) if picked.true_class is None else picked.true_class for name, top in before.tops.items()
}
colours = {model.name: model.colour for model in models}

images, answers = answer_draws(models, image, policy, seed, DRAWS)
with versions:
    st.header(f"{DRAWS} random versions")
    st.markdown(narration.describe_draws(answers, expected, known))
    show_legend(colours, known)
    show_tiles(images, mark_answers(answers, expected, known), colours)

alone = st.expander("Each transformation alone", key="alone", bind="query-params")
if alone.open:  # not computed before
    with alone:
        for transform in augmentation.TRANSFORMS:
            strength = augmentation.describe_strength(policy, transform)
            st.markdown(f"**{transform.capitalize()}**: {strength}")
            if getattr(policy, transform):
                images, answers = answer_draws(models, image, policy.only(transform), seed, DRAWS_ALONE)
                show_tiles(images, mark_answers(answers, expected, known), colours)

with st.expander("The same in Keras"):
    st.markdown(
        "`images` holds numbers from 0 to 255, in the shape `(n, 28, 28, 1)`. The layers draw other random "
        "values than this page does, from the same ranges; the same values would give the same images."
    )
    st.code(augmentation.keras_code(policy), wrap_lines=True)
