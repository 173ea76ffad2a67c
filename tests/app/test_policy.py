"""The switches of the policy, on their own: one for each transformation in the table."""

import pytest
from streamlit.testing.v1 import AppTest

from fmnist import artifacts
from fmnist.augmentation import TRANSFORMS
from fmnist.ui.policy import trained_policies
from tests.app.conftest import TIMEOUT, run, texts


@pytest.fixture(scope="module")
def trained():
    return next(iter(trained_policies(artifacts.load_models()).values()))


def panel(trained):
    import streamlit as st

    from fmnist.ui.policy import choose_policy

    st.session_state["chosen"] = choose_policy(trained)


def show(trained):
    """Shows the switches as they start at the policy that a model was trained with."""
    return run(AppTest.from_function(panel, default_timeout=TIMEOUT, args=(trained,)))


def test_every_transformation_of_the_table_has_its_switch():
    app = show(None)
    sliders = {slider.key: slider for slider in app.slider}
    toggles = {toggle.key: toggle for toggle in app.toggle}
    assert {**sliders, **toggles}.keys() == TRANSFORMS.keys()
    for name, transform in TRANSFORMS.items():
        if transform.slider is None:
            assert toggles[name].label == transform.label
        else:
            shown = sliders[name]
            assert (shown.label, shown.min, shown.max, shown.step) == (
                transform.label, 0.0, transform.slider.largest, transform.slider.step
            )  # fmt: skip


def test_without_a_trained_policy_all_is_off_and_nothing_is_said_of_training():
    app = show(None)
    assert not any(getattr(app.session_state["chosen"], name) for name in TRANSFORMS)
    assert "training" not in texts(app) and not app.button


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_strength_is_the_slider_times_its_unit_and_can_be_taken_back(name, trained):
    app = show(trained)
    assert app.session_state["chosen"] == trained
    assert "As in training" in texts(app) and app.button[0].disabled
    slider = TRANSFORMS[name].slider
    if slider is None:
        app.toggle(key=name).set_value(not getattr(trained, name))
        expected = not getattr(trained, name)
    else:
        app.slider(key=name).set_value(slider.largest)
        expected = slider.largest * slider.unit
    assert getattr(run(app).session_state["chosen"], name) == pytest.approx(expected)
    assert "Changed" in texts(app) and not app.button[0].disabled
    app.button[0].click()
    assert run(app).session_state["chosen"] == trained
