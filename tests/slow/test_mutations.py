"""Thousands of damaged and forged JSON files: each is refused in one sentence, or nothing has changed.

What is damaged no longer fits its sum, whatever it says. What is forged has sums that fit, so only its
content can be doubted; what is believed of it must not break a page.
"""

import collections
import copy
import json
import shutil

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from fmnist import artifacts, evaluation, figures, narration, photos, words
from fmnist.artifacts.root import compute_seal
from fmnist.errors import ArtifactError
from fmnist.ui.policy import trained_policies
from tests import forging
from tests.conftest import ROOT, published_models
from tests.effort import part_of

pytestmark = pytest.mark.slow
NAMES = published_models()
DAMAGED = part_of(10_000)
FORGED = part_of(2_500)
PAGES_OPENED = part_of(10)  # forgeries that are believed; each in another place
PAGES = ("start/home.py", "learn/training_curves.py", "errors/confusion_matrices.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the committed artifacts; the program looks there."""
    folder = tmp_path_factory.mktemp("mutations") / "artifacts"
    shutil.copytree(artifacts.artifacts_dir(), folder, ignore=shutil.ignore_patterns(".scratch", "*.lock"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def files(folder):
    """The three kinds of JSON files: path and original content of each."""
    simple, *_, robust = (artifacts.load_model(name).run.folder for name in NAMES)
    paths = [folder / "models.json", folder / "photos.json", simple / "run.json", robust / "run.json"]
    return {path: path.read_bytes() for path in paths}


def attempt(load, *arguments):
    """Returns what could be loaded, or an ArtifactError of one sentence; nothing else may be raised."""
    try:
        return load(*arguments)
    except ArtifactError as error:
        said = str(error)
        assert "\n" not in said and said.endswith(".") and len(said) < 600, said
        assert said.isprintable() and str(artifacts.artifacts_dir()) not in said, said
        return error


def load_all():
    return {
        "models.json": attempt(artifacts.list_models),
        "photos.json": attempt(artifacts.load_photos_report),
        **{name: attempt(artifacts.load_model, name) for name in NAMES},
    }


def reached(path):
    """What damage to a file may cost: all, or one model, or the figures on photos."""
    if path.name == "models.json":
        return ["models.json", "photos.json", *NAMES]
    return [next((name for name in NAMES if path.parent.name.startswith(name)), path.name)]


def judge(path, whole):
    """Tells whether a damaged file was refused; if it was not, nothing may have changed."""
    found = load_all()
    refused = {name for name, content in found.items() if isinstance(content, ArtifactError)}
    assert refused <= set(reached(path))
    assert all(found[name] == whole[name] for name in found.keys() - refused)
    return bool(refused)


def flip(content, random):
    content[random.integers(len(content))] ^= 1 << random.integers(8)


def cut(content, random):
    start = random.integers(len(content))
    del content[start : start + 1 + int(random.exponential(20))]


def insert(content, random):
    start = random.integers(len(content))
    content[start:start] = random.bytes(random.integers(1, 9))


def repeat(content, random):
    start = random.integers(len(content))
    content[start:start] = content[start : start + random.integers(1, 99)]


def swap(content, random):
    length = random.integers(1, 40)
    one, other = (slice(start, start + length) for start in random.integers(len(content) - length, size=2))
    content[one], content[other] = content[other], content[one]


def retype(content, random):
    """Changes a digit, a letter or a blank to another of its kind, which leaves most files readable."""
    start = random.integers(len(content))
    for kind in (b"0123456789", b"abcdefghijklmnopqrstuvwxyz", b" \n\t"):
        if content[start] in kind:
            content[start] = kind[random.integers(len(kind))]


MUTATIONS = (flip, cut, insert, repeat, swap, retype)


def test_damaged_files(files):
    whole = load_all()
    outcomes = collections.Counter()
    random = np.random.default_rng(6)
    for number in range(DAMAGED):
        path = list(files)[number % len(files)]
        content = bytearray(files[path])
        mutate = MUTATIONS[random.integers(len(MUTATIONS))]
        mutate(content, random)
        path.write_bytes(content)
        outcomes[path.name, mutate.__name__, "refused" if judge(path, whole) else "unchanged"] += 1
        path.write_bytes(files[path])
    summary = collections.Counter()
    for (name, _, outcome), count in outcomes.items():
        summary[name, outcome] += count
    print(f"{DAMAGED:,} damaged files: {dict(summary)}")
    assert sum(count for (_, outcome), count in summary.items() if outcome == "refused") > 0.8 * DAMAGED


def list_places(content, place=()):
    """Lists the ways to all values, of a list only those to its first and its last one."""
    if isinstance(content, dict):
        inner = list(content)
    else:
        inner = sorted({0, len(content) - 1}) if isinstance(content, list) and content else []
    return [place] * bool(place) + [way for key in inner for way in list_places(content[key], (*place, key))]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 100)
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.floats(0, 1)
    | st.sampled_from(["", "simple", "#0072B2", "![x](http://example.org/x.png)", "two\nlines", "\ud800"])
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def forge(content, place, data):
    """Replaces, shifts, deletes, renames or repeats one value of any JSON content; returns the new text."""
    *way, key = place
    table = content
    for step in way:
        table = table[step]
    change = data.draw(st.sampled_from(["replace", "shift", "delete", "rename", "repeat"]))
    if change == "shift" and isinstance(table[key], (int, float)):
        table[key] += data.draw(st.sampled_from([-1, 1, -1e-3, 1e-3, 1e-12]))
    elif change in ("replace", "shift"):
        table[key] = data.draw(VALUES)
    elif change == "delete":
        del table[key]
    elif isinstance(table, list):
        table.insert(key, copy.deepcopy(table[key]))
    elif change == "rename":
        table[data.draw(st.text())] = table.pop(key)
    else:  # no dict holds a key twice, but a text can
        table["\0"] = data.draw(VALUES)
    return json.dumps(content).replace(r'"\u0000": ', f"{json.dumps(key)}: ")


def show(found):
    """Computes what the pages show of the models and figures that could be loaded."""
    models = [found[name] for name in NAMES if not isinstance(found[name], ArtifactError)]
    colours = {model.name: model.colour for model in models}
    for model in models:
        manifest = model.manifest
        narration.describe_comparison(models[0], model)
        words.duration(manifest.seconds)
        history = attempt(model.run.load_history)
        if not isinstance(history, ArtifactError):
            curve = evaluation.Curve(model.name, history, manifest.kept_epoch, manifest.split_sizes.train)
            narration.describe_overfitting(curve)
            narration.describe_kept(curve)
            narration.describe_learning_rate(curve, manifest.config)
            view = figures.View("images", log_scale=True, smoothing=0.5, is_animated=True)
            figures.plot_history([curve], colours, "loss", view)
            figures.plot_learning_rate([curve], colours)
        narration.describe_second_look({model.name: manifest.validation.accuracy})
        for part in ("validation", "test"):
            metrics = manifest.metrics(part)
            confusion = np.array(metrics.confusion_matrix)
            narration.describe_confusion(confusion)
            evaluation.per_class_scores(confusion)
            figures.plot_confusion(confusion, normalize="true", errors_only=True)
            right = np.ones(metrics.size, bool)
            right[list(metrics.wrong)] = False
    narration.describe_networks({model.name: model.manifest.layers for model in models})
    trained_policies(models)
    narration.describe_report([model.entry for model in models])
    report = found["photos.json"]
    if isinstance(report, ArtifactError) or not models:
        return
    narration.describe_photo_runs(report, {model.name: model.run.name for model in models})
    measured = [model for model in models if model.name in report.runs]
    narration.describe_photos(report, {model.name: model.manifest.test.accuracy for model in measured})
    narration.describe_alarmed(report)
    automatic = photos.get_automatic_figures(report)
    figures.plot_photo_classes({model.name: automatic[model.name] for model in measured}, colours)
    for model in measured:
        photos.find_band(report, model, 0.7)


def test_forged_files_of_any_content(files):
    whole = load_all()
    places = {path: list_places(json.loads(content)) for path, content in files.items()}
    outcomes, believed = collections.Counter(), {}

    @seed(2)
    @settings(max_examples=FORGED, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def mutate(data):
        path = data.draw(st.sampled_from(list(files)))
        place = data.draw(st.sampled_from(places[path]))
        text = forge(json.loads(files[path]), place, data)
        path.write_text(text)
        try:
            outcomes["damaged: refused" if judge(path, whole) else "damaged: unchanged"] += 1
            if vouch(path):
                found = load_all()
                is_refused = any(isinstance(found[name], ArtifactError) for name in reached(path))
                outcomes["forged: refused" if is_refused else "forged: believed"] += 1
                if not is_refused:
                    show(found)
                    believed[path, place[:2]] = text
        finally:
            for original, content in files.items():
                original.write_bytes(content)

    mutate()
    print(f"{FORGED:,} forgeries in {sum(map(len, places.values())):,} places: {dict(outcomes)}")
    assert outcomes["forged: refused"] > 0.4 * FORGED and believed
    for (path, _), text in list(believed.items())[:PAGES_OPENED]:
        path.write_text(text)
        vouch(path)
        for page in PAGES:
            app = AppTest.from_file(ROOT / "pages" / page, default_timeout=120).run()
            assert not app.exception, (path, page, app.exception)
        path.write_bytes(files[path])
        forging.reseal()


def vouch(path):
    """Makes the sums fit again; tells whether that was possible."""
    if path.name != "models.json":
        forging.reseal()
        return True
    try:
        root = json.loads(path.read_bytes())
        path.write_text(json.dumps({**root, "sha256": compute_seal(root)}))
    except (TypeError, ValueError):  # no set of named values, or no JSON at all
        return False
    return True
