"""The court of labels: the list of cases, one case, the visitor's votes and what would follow from them."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from fmnist import analysis, census, narration
from fmnist.analysis import Judged
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.ui import browser, verdict
from fmnist.ui.markup import element, show_element
from fmnist.ui.memory import keep_in_tab
from fmnist.ui.picture import find_opened, open_picture
from fmnist.words import percent, spreadsheet_text

PART = "test"
REASONS = {"the models": "models", "confident learning": "confident", "a near twin": "twins"}
"""Why a label is in doubt: what a visitor reads, also in the address, and what the code calls it."""
VOTES = ("right", "wrong", "neither", "skip")
"""On a label."""
_CASE, _VOTES = "case", "votes on labels"
_SURE = 0.9


class Docket(NamedTuple):
    """The labels in doubt for one reason.

    Attributes:
        cases: int `(k,)`, positions among the test images, the most doubtful first.
        proposed: The class that would take the label's place: int `(n,)`.
        sure: In how many cases every model is more than 90 % sure of the same other class.
    """

    cases: np.ndarray
    proposed: np.ndarray
    sure: int


def build_docket(reason: str, judged: Mapping[str, Judged]) -> Docket:
    """Lists the labels in doubt.

    Args:
        reason: A value of REASONS.
        judged: By name the chosen models' answers, at least one.
    """
    counted = census.load_census(PART)
    proposed = analysis.propose_labels(judged)
    if reason == "models":
        cases = analysis.list_contradicted(judged)
    elif reason == "confident":
        mean = np.mean([each.probabilities for each in judged.values()], axis=0)
        cases = analysis.list_confident(counted.labels, mean)
    else:
        cases, proposed = analysis.list_twins(PART), counted.nearest_label.astype(int)
    least = np.min([each.confidences[cases] for each in judged.values()], axis=0)
    contradicted = analysis.find_contradictions(judged, counted.labels)[cases]
    return Docket(cases, proposed, int((contradicted & (least > _SURE)).sum()))


def load_votes() -> dict[str, str]:
    """Returns the visitor's votes, by the picture's name; a reload of the page keeps them."""
    votes = st.session_state.get(_VOTES)
    keep_in_tab("votes", "" if votes is None else json.dumps(votes), _take_up)
    return votes or {}


def _take_up(text: str) -> None:
    st.session_state[_VOTES] = {**parse_votes(text), **st.session_state.get(_VOTES, {})}


def parse_votes(text: str) -> dict[str, str]:
    """Reads votes as the browser kept them; whatever is not one is left out."""
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: vote for name, vote in kept.items() if census.parse_picture(name) and vote in VOTES}


def find_case(cases: Sequence[str], votes: Mapping[str, str]) -> int:
    """Returns which case is open: the one that the visitor or the address names, else the first unvoted.

    Args:
        cases: The names of their pictures, at least one.
        votes: The votes so far.
    """
    asked = st.session_state.get(_CASE, st.query_params.get(_CASE, ""))
    number = cases.index(asked) if asked in cases else find_next(cases, votes, -1)
    st.session_state[_CASE] = cases[number]
    if number:
        st.query_params[_CASE] = cases[number]
    else:
        st.query_params.pop(_CASE, None)
    return number


def find_next(cases: Sequence[str], votes: Mapping[str, str], after: int) -> int:
    """Returns the next case without a vote, going on at the start; simply the next if all have one."""
    order = [*range(after + 1, len(cases)), *range(after + 1)]
    return next((number for number in order if cases[number] not in votes), order[0])


def _open(name: str) -> None:
    st.session_state[_CASE] = name


def _vote(cases: Sequence[str], number: int, vote: str) -> None:
    votes = {**st.session_state.get(_VOTES, {}), cases[number]: vote}
    st.session_state[_VOTES] = votes
    _open(cases[find_next(cases, votes, number)])


def show_case(models: Sequence[Model], judged: Mapping[str, Judged], case: int, image: np.ndarray) -> None:
    """Shows a picture, its label, what the models answer, and the nearest training picture's label.

    Args:
        models: Those that are chosen.
        judged: Their answers by name.
        case: The picture's position among the test images.
        image: The picture, uint8 `(28, 28)`.
    """
    counted = census.load_census(PART)
    label = CLASS_NAMES[counted.labels[case]]
    tops = {name: int(each.answers[case]) for name, each in judged.items()}
    said = narration.describe_case(tops, int(counted.nearest_label[case]), float(counted.distance[case]))
    answers = Answers({name: each.probabilities[case] for name, each in judged.items()})
    with st.container(key="fm-case"):
        verdict.show_verdict(models, answers, image, [f"Label: {label}", "", *said])
    browser.speak(f"The label says {label}. {' '.join(said)}")


def show_ballot(
    cases: Sequence[str], number: int, label: str, proposed: str, votes: Mapping[str, str]
) -> None:
    """Shows the buttons to vote with, and to go to another case.

    Args:
        cases: The names of the pictures.
        number: Which of them is open.
        label: Its label.
        proposed: The class that would take its place.
        votes: The votes so far.
    """
    words = {
        "right": f"Right: {label}",
        "wrong": f"Wrong: {proposed}",
        "neither": "Neither, or both fit",
        "skip": "Skip",
    }
    # In the drawer a key means something else.
    by_keys = st.session_state.get("by_keys", True) and find_opened() is None
    mine = votes.get(cases[number])
    with st.container(horizontal=True, key="fm-ballot"):
        for key, vote in enumerate(VOTES, 1):
            st.button(
                words[vote], key=f"vote_{vote}", shortcut=str(key) if by_keys else None,
                icon=":material/check:" if vote == mine else None, on_click=_vote,
                args=(cases, number, vote),
            )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for text, icon, step in (("Previous", "arrow_back", -1), ("Next", "arrow_forward", 1)):
            st.button(
                text, icon=f":material/{icon}:", type="tertiary", on_click=_open,
                args=(cases[(number + step) % len(cases)],), disabled=not 0 <= number + step < len(cases),
            )  # fmt: skip
        st.button(
            "Why?", icon=":material/search:", type="tertiary", on_click=open_picture, args=(cases[number],)
        )
        st.toggle("Number keys vote", value=True, key="by_keys")


def show_outcome(judged: Mapping[str, Judged], docket: Docket, votes: Mapping[str, str]) -> None:
    """Shows what each model's accuracy would be if the labels voted wrong, or all, were changed.

    Args:
        judged: The chosen models' answers by name.
        docket: The labels in doubt.
        votes: The votes so far.
    """
    proposed = {int(case): int(docket.proposed[case]) for case in docket.cases}
    voted = {
        case: proposal
        for case, proposal in proposed.items()
        if votes.get(census.name_picture(PART, case)) == "wrong"
    }
    columns = [analysis.rejudge(judged, other) for other in ({}, voted, proposed)]
    heads = (
        "Accuracy",
        "as labelled",
        f"with your {len(voted):,} changed",
        f"with all {len(proposed):,} changed",
    )
    show_element(
        element(
            "table",
            element("tr", *(element("th", head, scope="col") for head in heads)),
            *(
                element(
                    "tr",
                    element("th", name, scope="row"),
                    *(element("td", percent(accuracies[name], 2)) for accuracies in columns),
                )
                for name in judged
            ),
            class_="fm-mistakes",
        )
    )


def tabulate_cases(judged: Mapping[str, Judged], docket: Docket, votes: Mapping[str, str]) -> pd.DataFrame:
    """Builds a table with a row for each case: picture, labels, answers, the visitor's vote."""
    counted, names = census.load_census(PART), np.array(CLASS_NAMES)
    pictures = [census.name_picture(PART, int(case)) for case in docket.cases]
    table = {
        "picture": pictures,
        "label": names[counted.labels[docket.cases]],
        "proposed": names[docket.proposed[docket.cases]],
    }
    for name, each in judged.items():
        table[spreadsheet_text(name)] = names[each.answers[docket.cases]]
        table[spreadsheet_text(f"{name}, confidence")] = each.confidences[docket.cases].round(4)
    table["nearest training label"] = names[counted.nearest_label[docket.cases]]
    table["distance"] = counted.distance[docket.cases].round(1)
    table["vote"] = [votes.get(picture, "") for picture in pictures]
    return pd.DataFrame(table)
