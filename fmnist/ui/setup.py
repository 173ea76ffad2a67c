"""Setting up a training: the recipe, what is changed in it, how long that will take, and the start."""

import time
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist import augmentation, jobs, narration
from fmnist.config import CLASS_NAMES, TRAIN_SIZE
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.messages import act, pass_on_outcome
from fmnist.ui.policy import choose_policy, choose_seed, find_positions
from fmnist.ui.tiles import show_tiles

MAX_EPOCHS = 200
_SHARES = (1, 2, 5, 10, 25, 50, 100)  # percent
_SETUP = "setup"  # the key of the part of the page in which a training is set up
_STARTED = "has just started one"  # the session's key for what the visitor did in it
_ASKED = "measured for"  # the session's key for the values whose time was to be measured


def add_setup(is_open: bool) -> DeltaGenerator:
    """Adds the part of the page in which a training is set up; it closes when one was started.

    Args:
        is_open: Whether it is open at first.
    """
    if st.session_state.pop(_STARTED, False):
        st.session_state[_SETUP] = False
    return st.expander("Set up a training", is_open, key=_SETUP, icon=":material/tune:", on_change="rerun")


def choose_request() -> jobs.Request:
    """Lets the visitor choose what to train, and shows what its random changes do to pictures."""
    basics, changes = st.columns([4, 5], gap="large")
    with basics:
        with kept("recipe"):
            recipe = st.segmented_control(
                "Recipe", list(RECIPES), default=next(iter(RECIPES)), required=True, key="recipe",
                bind="query-params", on_change=_take_policy, wrap=True,
            )  # fmt: skip
        chosen = RECIPES[recipe]
        st.caption(f"{chosen.summary[:1].upper()}{chosen.summary[1:]}.")
        with kept("share"):
            share = st.select_slider(
                f"Share of the {TRAIN_SIZE:,} training images (%)", _SHARES, 10, key="share",
                bind="query-params",
            )  # fmt: skip
        with st.container(horizontal=True):
            with kept("epochs"):
                epochs = st.number_input(
                    "Epochs at most", 1, MAX_EPOCHS, 10, key="epochs", bind="query-params", width=130
                )
            seed = choose_seed()
        default = f"my-{recipe}"
        name = st.text_input("Name", placeholder=default, max_chars=40, key="name")
    with changes:
        st.markdown("**Random changes of the training images**")
        policy = choose_policy(
            chosen.config.augmentation, same="As in the recipe", back="Back to the recipe's settings"
        )
        with st.container(key="fm-preview"):
            _show_preview(policy, seed)
    is_off = policy == augmentation.AugmentationPolicy()
    config = replace(
        chosen.config,
        seed=seed,
        train_share=share / 100,
        max_epochs=epochs,
        augmentation=None if is_off else policy,
    )
    return jobs.Request(name=name.strip() or default, recipe=recipe, config=config)


def _take_policy() -> None:
    """Puts the switches where the recipe has them."""
    st.session_state.update(find_positions(RECIPES[st.session_state["recipe"]].config.augmentation))


@st.cache_resource(max_entries=32, show_spinner=False)
def _show_preview(policy: augmentation.AugmentationPolicy, seed: int) -> None:
    images = augmentation.augment(cache.load_samples(), policy, seed)
    show_tiles(images, [()] * len(images), {}, CLASS_NAMES)


def show_start(request: jobs.Request) -> None:
    """Shows how long the training will take, if that was measured; starts it, or measures it."""
    is_measuring = jobs.is_measuring()

    def show_time() -> None:
        if jobs.is_measuring() != is_measuring:
            st.rerun()
        pass_on_outcome()
        speed = jobs.find_speed(request.config)
        if is_measuring:
            st.markdown("Training a few steps to measure the time …")
        elif speed:
            st.markdown(narration.describe_estimate(speed, request.config, time.time()))
        else:
            st.button(
                "How long will it take?",
                icon=":material/timer:",
                on_click=act,
                args=(_measure, request.config),
            )
            if st.session_state.get(_ASKED) == request.config:
                st.markdown("That could not be measured; the server's log of trainings says why.")

    with st.container(horizontal=True, vertical_alignment="center"):
        # Not in a callback, whose arguments would be those of the run before: without a name just typed.
        if st.button("Start", type="primary", icon=":material/play_arrow:"):
            act(_start, request)
            st.rerun()
        with st.container():
            st.fragment(show_time, run_every=1.0 if is_measuring else None)()


def _start(request: jobs.Request) -> None:
    jobs.submit(request)
    st.session_state[_STARTED] = True


def _measure(config: TrainingConfig) -> None:
    jobs.measure(config)
    st.session_state[_ASKED] = config
