"""Quiz: the visitor guesses twenty test pictures, then sees how the models and a crowd did."""

import streamlit as st

from fmnist import analysis, census, narration
from fmnist.ui import quiz
from fmnist.ui.evidence import judge_models, load_images
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download
from fmnist.ui.tiles import show_legend

page_header("Quiz: you against the models", "Twenty pictures, as small as the models get them. Guess first.")
models = require_models()
show_download()

place = st.container()  # a phone has room for the question only, so the choice of the quiz stands below it
kind, seed = quiz.choose_quiz()
with place:
    images = load_images("test")
    judged = judge_models(models, "test")
if images is None:
    st.stop()
colours = {model.name: model.colour for model in models if model.name in judged}
pictures = quiz.draw_pictures(kind, seed, judged)
if not len(pictures):
    place.info("No model here gets any of these pictures wrong, so there are no hard ones.")
    st.stop()

name = f"{kind}-{seed}"
guesses = quiz.load_guesses(name)[: len(pictures)]
if len(guesses) < len(pictures):
    with place:
        quiz.ask(name, guesses, len(pictures), images[pictures[len(guesses)]])
    st.stop()

own, scores = analysis.score_quiz(pictures, guesses, judged, census.load_census("test").labels)
with place:
    st.header(f"You: {own.right} of {own.size}", anchor=False)
    st.markdown(narration.describe_quiz(own, scores, kind == "random"))
    quiz.show_scores(own, scores, colours, kind == "random")
    with st.container(horizontal=True, gap="small"):
        st.button("Try these again", icon=":material/replay:", on_click=quiz.forget, args=(name,))
        st.button("Another quiz", icon=":material/casino:", on_click=quiz.draw_seed)
        with st.popover("Who is the crowd?", type="tertiary", icon=":material/help:"):
            st.markdown(
                "The makers of the data set had 1,000 random test pictures labelled, each by three people "
                "without training; what most of the three said was right for 83.5% (95% interval 81.1 to "
                "85.7%). [Xiao, Rasul and Vollgraf 2017](https://arxiv.org/abs/1708.07747). Lines are 95% "
                "intervals (Wilson)."
            )
    st.header("What it was")
    show_legend({quiz.YOU: quiz.colour_visitor(colours)[quiz.YOU], **colours})
    quiz.show_review(pictures, guesses, images, judged, colours)
show_opened(models)
