"""The quiz: which pictures it asks, the visitor's guesses, the buttons, and the scores."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist import analysis, census, figures, narration
from fmnist.analysis import CROWD, QUESTIONS, SEEDS, Judged, Share
from fmnist.config import CLASS_NAMES, TEST_SIZE
from fmnist.figures import ShareRow
from fmnist.ui import browser
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.memory import keep_in_tab
from fmnist.ui.picture import open_picture
from fmnist.ui.tiles import Mark, show_picture, show_tiles

KINDS = {"random pictures": "random", "hard ones": "hard"}
YOU, THE_CROWD = "you", "the crowd"
# Not "seed": where two pages have a name in the address, only one of them may bind it to a widget.
_SEED, _GUESSES = "quiz", "guesses of quizzes"
_MOST_KEPT = 50  # quizzes


def choose_quiz() -> tuple[str, int]:
    """Lets the visitor choose a kind of quiz and its number; a new visitor gets one by chance.

    Returns:
        A value of KINDS, and the seed. Both are in the address.
    """
    if _SEED not in st.session_state:
        asked = st.query_params.get(_SEED, "")
        st.session_state[_SEED] = (
            int(asked) if re.fullmatch("[0-9]{1,4}", asked) else secrets.randbelow(SEEDS)
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.segmented_control(
            "Asks for", list(KINDS), default="random pictures", required=True, key="pictures",
            bind="query-params",
        )  # fmt: skip
        seed = st.number_input(
            "Quiz number", 0, SEEDS - 1, value=None, key=_SEED, width=150,
            help="The same number asks everybody for the same pictures: share the link with a class.",
        )  # fmt: skip
        st.button("New quiz", icon=":material/casino:", on_click=draw_seed)
    seed = seed or 0  # none if the visitor has emptied the field
    if st.query_params.get(_SEED) != str(seed):
        st.query_params[_SEED] = str(seed)
    return KINDS[kind], seed


def draw_seed() -> None:
    """Chooses another quiz by chance; for a callback."""
    st.session_state[_SEED] = secrets.randbelow(SEEDS)


def draw_pictures(kind: str, seed: int, judged: Mapping[str, Judged]) -> np.ndarray:
    """Draws the pictures of a quiz: int `(k,)`, positions among the test images.

    Args:
        kind: A value of KINDS.
        seed: The number of the quiz.
        judged: All published models' answers by name; those that one of them gets wrong are hard.
    """
    hard = analysis.list_fooling(judged) if judged else np.arange(0)
    return analysis.draw_quiz(seed, np.arange(TEST_SIZE) if kind == "random" else hard)


def load_guesses(quiz: str) -> list[int]:
    """Returns the visitor's guesses in a quiz so far, class indices; a reload of the page keeps them.

    Args:
        quiz: What tells it from others.
    """
    kept = st.session_state.get(_GUESSES, {})
    keep_in_tab("quiz", json.dumps(kept) if kept else "", _take_up)
    return list(kept.get(quiz, []))


def _take_up(text: str) -> None:
    kept, now = parse_guesses(text), st.session_state.get(_GUESSES, {})
    newer = {quiz: guesses for quiz, guesses in now.items() if len(guesses) >= len(kept.get(quiz, []))}
    st.session_state[_GUESSES] = {**kept, **newer}


def parse_guesses(text: str) -> dict[str, list[int]]:
    """Reads guesses as the browser kept them; whatever is not one is left out."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        quiz: guesses
        for quiz, guesses in list(kept.items())[-_MOST_KEPT:]
        if isinstance(guesses, list)
        and len(guesses) <= QUESTIONS
        and all(type(guess) is int and 0 <= guess < len(CLASS_NAMES) for guess in guesses)
    }


def _guess(quiz: str, guesses: list[int]) -> None:
    known = st.session_state.get(_GUESSES, {}).get(quiz, [])
    if len(guesses) > len(known):  # else the browser has just told of more guesses, or the key was hit twice
        _keep(quiz, guesses)


def _keep(quiz: str, guesses: list[int]) -> None:
    kept = {name: each for name, each in st.session_state.get(_GUESSES, {}).items() if name != quiz}
    st.session_state[_GUESSES] = dict([*kept.items(), (quiz, guesses)][-_MOST_KEPT:])


def forget(quiz: str) -> None:
    """Forgets the visitor's guesses in a quiz; for a callback."""
    _keep(quiz, [])


def colour_visitor(colours: Mapping[str, str]) -> dict[str, str]:
    """Chooses a colour for the visitor and for the crowd that no model has.

    Args:
        colours: Each model's colour by its name, as #rrggbb.
    """
    return figures.choose_colours([YOU, THE_CROWD], list(colours.values()))


def ask(quiz: str, guesses: list[int], size: int, image: np.ndarray) -> None:
    """Shows one picture and a button for each class.

    Args:
        quiz: What tells the quiz from others.
        guesses: Those made so far.
        size: How many pictures the quiz has.
        image: The picture, uint8 `(28, 28)`.
    """
    number = len(guesses) + 1
    progress = st.container()
    picture, buttons = st.columns([2, 3], gap="medium")
    # The buttons first: until they are there, a key pressed means the picture before and is not counted.
    with buttons:
        st.markdown("**What is it?** All that the models get is these 28 x 28 pixels.")
        by_keys = st.session_state.get("by_keys", True)
        with st.container(key="fm-guesses"):
            for index, name in enumerate(CLASS_NAMES):
                st.button(
                    name, key=f"guess_{index}", width="stretch", shortcut=str(index) if by_keys else None,
                    on_click=_guess, args=(quiz, [*guesses, index]),
                )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Back", icon=":material/arrow_back:", type="tertiary", disabled=not guesses,
                on_click=_keep, args=(quiz, guesses[:-1]),
            )  # fmt: skip
            st.toggle("Number keys answer", value=True, key="by_keys")
    with picture, st.container(key="fm-question"):
        show_picture(image, f"Picture {number}: 28 x 28 pixels, as the models get it")
    progress.progress((number - 1) / size, f"Picture {number} of {size}")
    browser.speak(f"Picture {number} of {size}")


def show_scores(own: Share, models: Mapping[str, Share], colours: Mapping[str, str], is_random: bool) -> None:
    """Shows the visitor's score beside each model's and, for random pictures, the crowd's.

    Args:
        own: The visitor's.
        models: Each model's by its name.
        colours: Each model's colour by its name, as #rrggbb.
        is_random: Whether the pictures were drawn from all.
    """
    scores = {YOU: own, **models, **({THE_CROWD: CROWD} if is_random else {})}
    painted = {**colours, **colour_visitor(colours)}
    rows = [
        ShareRow(f"{name} {score.right:,}/{score.size:,}", name, score.accuracy, score.low, score.high)
        for name, score in scores.items()
    ]
    st.plotly_chart(
        figures.plot_shares(rows, painted, "Right answers (share of the pictures)"), key="quiz_scores",
        config=NO_BUTTONS,
        alt="; ".join(f"{name}: {narration.describe_score(score)}" for name, score in scores.items()),
    )  # fmt: skip


def show_review(
    pictures: np.ndarray, guesses: Sequence[int], images: np.ndarray, judged: Mapping[str, Judged],
    colours: Mapping[str, str],
) -> None:  # fmt: skip
    """Shows the pictures of a quiz, the visitor's mistakes first, with all answers and a way to each picture.

    Args:
        pictures: int `(k,)`, positions among the test images.
        guesses: The visitor's class for each.
        images: uint8 `(10000, 28, 28)`.
        judged: Each model's answers by its name.
        colours: Each model's colour by its name, as #rrggbb.
    """
    labels = census.load_census("test").labels
    painted = {**colours, **colour_visitor(colours)}
    order = sorted(range(len(pictures)), key=lambda number: guesses[number] == labels[pictures[number]])
    with st.container(key="fm-review"):
        for number in order:
            picture = int(pictures[number])
            models = {name: int(each.answers[picture]) for name, each in judged.items()}
            marks = [
                Mark(name, "✓" if answer == labels[picture] else "✗", CLASS_NAMES[answer])
                for name, answer in {YOU: guesses[number], **models}.items()
            ]
            with st.container(gap="xxsmall"):
                show_tiles(images[[picture]], [marks], painted, [CLASS_NAMES[labels[picture]]])
                st.button(
                    "Why?", key=f"open_{picture}", type="tertiary", width="stretch",
                    on_click=open_picture, args=(census.name_picture("test", picture),),
                )  # fmt: skip
