"""The epoch loop on tiny real data: early stopping, best weights, publication, interruption."""

import dataclasses
import io
import json
from functools import partial

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.confidence import build_alarm, load_alarm
from fmnist.data import take_share
from fmnist.errors import TrainingError
from fmnist.events import EpochFinished, Progress, Resumed, RunSaved
from fmnist.inference import Classifier
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.synthesis import IMITATIONS
from fmnist.training import loop
from fmnist.training.checkpoint import TrainingState
from fmnist.training.epochs import build_epoch
from fmnist.training.loop import fit, run_epoch, train
from tests.conftest import find_model, has_alarm, published_models
from tests.effort import SHARE
from tests.tiny import shorten, use_tiny_network

RECIPE = shorten(RECIPES["augmented"])
CONFIG = RECIPE.config


@pytest.mark.slow
def test_a_run_of_the_real_network_is_published_whole(tmp_path, tiny_dataset, monkeypatch):
    """The robust one has all there is: batch normalisation, dropout, both ways of looking, an alarm."""
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    run = train(shorten(RECIPES["robust"]), tiny_dataset)
    assert run == artifacts.load_model("robust").run
    manifest = run.manifest
    assert "block2_norm" in [layer.name for layer in manifest.layers]
    assert manifest.epochs_run == 2 == len(run.load_history())
    assert run.load("validation_confusion").shape == (2, 10, 10)
    answers = Classifier(run.read("litert")).predict_proba(tiny_dataset.test.images)
    assert manifest.test.accuracy == np.mean(answers.argmax(axis=1) == tiny_dataset.test.labels)
    keras_answers = run.load_keras().predict(tiny_dataset.test.images, verbose=0)
    np.testing.assert_allclose(answers, keras_answers, atol=1e-5)
    mirrored = Classifier(run.read("litert")).predict_proba(tiny_dataset.test.images[:, :, ::-1])
    np.testing.assert_allclose(answers, mirrored, atol=1e-5)
    assert manifest.alarm and len(run.load("garment_space")) > 1


def test_a_run_records_its_recipe_and_the_loss_it_kept(own_artifacts):
    run = artifacts.load_model(RECIPE.name).run
    assert run.manifest.config == CONFIG
    assert run.manifest.validation.loss == pytest.approx(run.load_history()["val_loss"].min(), abs=1e-4)


@pytest.mark.slow
def test_the_same_seed_trains_the_same_weights(tiny_network, tiny_dataset):
    config = dataclasses.replace(CONFIG, max_epochs=1)
    first, second = (fit(config, tiny_dataset)[1].best_weights for _ in range(2))
    other = fit(dataclasses.replace(config, seed=9), tiny_dataset)[1].best_weights
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    assert any((a != c).any() for a, c in zip(first, other, strict=True))


def test_an_epoch_holds_every_picture_once_in_an_order_of_the_epoch(tiny_dataset):
    config = RECIPES["simple"].config
    orders = []
    for epoch in (1, 1, 2):
        orders.append(build_epoch(config, tiny_dataset.train, epoch)[0])
    assert sorted(image.tobytes() for image in orders[0]) == sorted(
        image.tobytes() for image in tiny_dataset.train.images
    )
    np.testing.assert_array_equal(orders[0], orders[1])
    assert (orders[0] != orders[2]).any()


class Scripted:
    """Stands in for a model whose validation answers are given, one loss an epoch."""

    def __init__(self, losses, labels):
        self.losses, self.labels, self.epoch = losses, labels, 0
        self.optimizer = type("Optimizer", (), {})()

    def fit(self, images, labels, batch_size, **options):
        return type("History", (), {"history": {"crossentropy": [1.0], "accuracy": [0.5]}})()

    def predict(self, images, **options):
        right = np.exp(-self.losses[self.epoch])
        self.epoch += 1
        probabilities = np.full((len(images), 10), (1 - right) / 9)
        probabilities[np.arange(len(images)), self.labels] = right
        return probabilities

    def get_weights(self):
        return [np.array(self.epoch)]


def play(losses, tiny_dataset, **changes):
    config = TrainingConfig(max_epochs=len(losses), **changes)
    model, state = Scripted(losses, tiny_dataset.validation.labels), TrainingState(config.learning_rate)
    build = partial(build_epoch, config, tiny_dataset.train)
    while not state.is_finished(config):
        run_epoch(config, model, build, tiny_dataset.validation, state)
    return state


def test_the_best_epoch_is_kept_and_patience_ends_training(tiny_dataset):
    state = play([0.9, 0.5, 0.6, 0.7, 0.4, 0.3], tiny_dataset, patience=2)
    assert (state.epoch, state.kept_epoch) == (4, 2)
    assert state.best_weights == [np.array(2)]
    assert [row["epoch"] for row in state.history] == [1, 2, 3, 4]


def test_the_learning_rate_falls_when_nothing_improves(tiny_dataset):
    losses = [0.9, 0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.6]
    state = play(losses, tiny_dataset, decay=0.1, decay_patience=2, learning_rate=1.0)
    rates = [row["learning_rate"] for row in state.history]
    assert rates == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_without_a_decay_the_learning_rate_follows_half_a_cosine(tiny_dataset):
    state = play([0.9, 0.9, 0.9, 0.9], tiny_dataset, decay=None, learning_rate=1.0)
    rates = [row["learning_rate"] for row in state.history]
    assert rates == pytest.approx([1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5])


def test_the_recorded_loss_is_plain_whatever_is_optimised(tiny_network, tiny_dataset):
    config = TrainingConfig(max_epochs=1, learning_rate=0.0, label_smoothing=0.9)
    state = fit(config, tiny_dataset)[1]
    # Nothing was learned and nothing is certain: ten classes, a cross-entropy near ln 10.
    assert state.history[0]["loss"] == pytest.approx(np.log(10), abs=0.6)


def test_an_imitated_epoch_repeats_and_keep_the_labels(tiny_dataset):
    config = RECIPES["robust"].config
    (images, labels), (again, _) = (build_epoch(config, tiny_dataset.train, 1) for _ in range(2))
    _, expected = build_epoch(RECIPES["simple"].config, tiny_dataset.train, 1)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, expected)


def test_a_share_of_the_training_images_is_a_fixed_part_of_each_class(tiny_dataset):
    split = tiny_dataset.train
    third, half = take_share(split, 1 / 3), take_share(split, 0.5)
    assert np.bincount(third.labels).tolist() == [7] * 10 and np.bincount(half.labels).tolist() == [10] * 10
    images = [{image.tobytes() for image in part.images} for part in (third, half, split)]
    assert images[0] < images[1] < images[2] and take_share(split, 1.0) is split
    np.testing.assert_array_equal(take_share(split, 1 / 3).images, third.images)


def test_a_run_of_a_share_says_how_many_images_it_had(own_artifacts, tiny_network, tiny_dataset):
    run = train(shorten(RECIPE, train_share=0.25, max_epochs=1), tiny_dataset, publish=False)
    assert run.manifest.split_sizes.train == 50 and run.manifest.config.train_share == 0.25


@pytest.mark.parametrize("name", ["augmented", "robust"])
def test_a_run_records_what_was_served_after_each_epoch(own_artifacts, tiny_dataset, name):
    run, labels = artifacts.load_model(name).run, tiny_dataset.validation.labels
    truth, answers = run.load("validation_truth"), run.load("validation_answers")
    assert truth.dtype == np.float16 and answers.dtype == np.uint8
    assert truth.shape == answers.shape == (2, len(labels))
    kept = run.load_probabilities("validation")
    row = run.manifest.kept_epoch - 1
    rows = np.arange(len(labels))
    # The file rounds to half precision, and a network after two epochs hardly decides.
    np.testing.assert_allclose(kept[rows, answers[row]], kept.max(axis=1), atol=2e-3)
    np.testing.assert_allclose(truth[row], kept[rows, labels], atol=2e-3)


def test_a_stopped_training_keeps_its_best_epoch_and_drops_the_unfinished_one(
    own_artifacts, tiny_network, tiny_dataset
):
    events = []

    def should_stop():  # in the second epoch
        return any(isinstance(event, EpochFinished) for event in events)

    run = train(RECIPE, tiny_dataset, events.append, publish=False, should_stop=should_stop)
    assert run.manifest.epochs_run == run.manifest.kept_epoch == 1
    assert events[0] == Progress(epoch=1, step=1, steps=2)
    assert not (own_artifacts / ".scratch" / RECIPE.name).exists()


def test_an_epoch_is_left_after_the_step_at_which_it_is_stopped(tiny_network, tiny_dataset):
    asked = []

    def should_stop():
        asked.append(len(asked))
        return len(asked) > 3  # before each of two epochs and after each of two steps

    config = dataclasses.replace(CONFIG, batch_size=100)
    _, state = fit(config, tiny_dataset, should_stop=should_stop)
    assert state.epoch == 1 and asked == [0, 1, 2, 3]


def test_stopped_before_the_first_epoch_nothing_is_kept(own_artifacts, tiny_network, tiny_dataset):
    before = artifacts.list_runs()
    with pytest.raises(TrainingError, match="nothing was kept"):
        train(RECIPE, tiny_dataset, should_stop=lambda: True)
    assert artifacts.list_runs() == before


def test_the_last_epoch_ends_training(tiny_dataset):
    assert play([0.9, 0.8, 0.7], tiny_dataset).epoch == 3


def test_answers_that_are_no_numbers_stop_with_advice(tiny_dataset):
    with pytest.raises(TrainingError, match="became NaN in epoch 2: try a smaller"):
        play([0.5, float("nan")], tiny_dataset)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_run_leaves_the_published_models(own_artifacts, tiny_network, tiny_dataset, error):
    before = {path: path.read_bytes() for path in own_artifacts.rglob("*.json")}

    def interrupt(event):
        raise error

    with pytest.raises(error):
        train(RECIPE, tiny_dataset, interrupt)
    assert {path: path.read_bytes() for path in own_artifacts.rglob("*.json")} == before


@pytest.mark.parametrize(
    ("name", "epoch", "network"),
    [
        ("augmented", 1, "tiny"),
        pytest.param("robust", 1, "tiny", marks=pytest.mark.slow),
        pytest.param("fast", 1, "tiny", marks=pytest.mark.slow),
        pytest.param("robust", 1, "real", marks=pytest.mark.slow),
        pytest.param("augmented", 1, "real", marks=pytest.mark.slow),
        pytest.param("augmented", 2, "real", marks=pytest.mark.slow),
    ],
)
def test_a_resumed_training_equals_an_uninterrupted_one(
    own_artifacts, tiny_dataset, monkeypatch, name, epoch, network
):
    if network == "tiny":
        use_tiny_network(monkeypatch)
    # The alarm is learned after the training.
    recipe = shorten(RECIPES[name], max_epochs=3, decay_patience=1, learn_alarm=False)
    _, expected = fit(recipe.config, tiny_dataset)

    def interrupt(event):
        if isinstance(event, EpochFinished) and event.row["epoch"] == epoch:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, tiny_dataset, interrupt)
    events = []
    run = train(recipe, tiny_dataset, events.append, resume=True)
    assert events[0] == Resumed(epoch) and events[-1] == RunSaved(run)
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    assert [event.row["epoch"] for event in epochs] == list(range(epoch + 1, 4))
    assert [event.is_best for event in epochs] == [
        row["val_loss"] == min(other["val_loss"] for other in expected.history[: row["epoch"]])
        for row in expected.history[epoch:]
    ]
    assert epochs[-1].seconds_left == 0 and epochs[0].max_epochs == 3
    columns = [name for name in artifacts.HISTORY_COLUMNS if name != "seconds"]
    for row, other in zip(run.load_history().to_dict("records"), expected.history, strict=True):
        assert [row[name] for name in columns] == pytest.approx([other[name] for name in columns], rel=1e-5)
    assert run.manifest.kept_epoch == expected.kept_epoch
    for found, weights in zip(run.load_keras().get_weights(), expected.best_weights, strict=True):
        np.testing.assert_array_equal(found, weights)
    assert not (own_artifacts / ".scratch" / name).exists(), "nothing is left to resume"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory, tiny_dataset):
    """What a training of CONFIG with the tiny network leaves that is interrupted after its first epoch."""
    folder = tmp_path_factory.mktemp("interrupted")
    with pytest.MonkeyPatch.context() as patch:
        use_tiny_network(patch)
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        with pytest.raises(KeyboardInterrupt):
            train(RECIPE, tiny_dataset, interrupt)
    return (folder / ".scratch" / RECIPE.name / "checkpoint.npz").read_bytes()


def interrupt(event):
    if isinstance(event, EpochFinished):
        raise KeyboardInterrupt


def begin_again(recipe, dataset):
    """Resumes a training, and stops it at the first event that it tells, which is returned."""
    events = []

    def stop(event):
        events.append(event)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, dataset, stop, resume=True)
    return events[0]


@pytest.fixture
def leave(tmp_path, tiny_network, monkeypatch):
    """Leaves the content of a checkpoint where a training of RECIPE looks for it."""
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))

    def leave(content):
        path = tmp_path / ".scratch" / RECIPE.name / "checkpoint.npz"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)

    return leave


def test_another_recipe_is_not_resumed(leave, checkpoint, tiny_dataset):
    leave(checkpoint)
    with pytest.raises(TrainingError, match="another recipe or other data"):
        train(shorten(RECIPE, seed=5), tiny_dataset, interrupt, resume=True)


def test_a_recipe_that_is_only_described_otherwise_is_resumed(leave, checkpoint, tiny_dataset):
    leave(checkpoint)
    assert begin_again(dataclasses.replace(RECIPE, summary="in other words"), tiny_dataset) == Resumed(1)


def test_a_checkpoint_from_before_a_value_was_known_is_resumed(leave, checkpoint, tiny_dataset):
    """As if `network` and `zoom` were new: the older file lacks them, and their defaults change nothing."""
    with np.load(io.BytesIO(checkpoint)) as stored:
        arrays = {name: stored[name] for name in stored.files}
    state = json.loads(str(arrays["state"]))
    del state["purpose"]["config"]["network"], state["purpose"]["config"]["augmentation"]["zoom"]
    recipe = shorten(RECIPE, augmentation=dataclasses.replace(CONFIG.augmentation, zoom=0.0))
    stream = io.BytesIO()
    np.savez(stream, **(arrays | {"state": np.array(json.dumps(state))}))
    leave(stream.getvalue())
    assert begin_again(recipe, tiny_dataset) == Resumed(1)


def test_a_run_can_be_saved_without_being_published(own_artifacts, tiny_network, tiny_dataset):
    before = artifacts.list_models()
    run = train(shorten(RECIPE, max_epochs=1), tiny_dataset, publish=False)
    assert artifacts.list_models() == before and run.name in artifacts.list_runs()


@pytest.mark.parametrize("content", [b"", b"text", None], ids=["empty", "text", "truncated"])
def test_a_damaged_checkpoint_is_one_sentence(leave, checkpoint, tiny_dataset, content):
    leave(checkpoint[:-500] if content is None else content)
    with pytest.raises(TrainingError, match="damaged: train without --resume"):
        train(RECIPE, tiny_dataset, interrupt, resume=True)


def test_nothing_to_resume_is_one_sentence(own_artifacts, tiny_dataset):
    with pytest.raises(TrainingError, match="no interrupted training"):
        train(RECIPE, tiny_dataset, resume=True)


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path, monkeypatch, tiny_dataset):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "file"))
    with pytest.raises(TrainingError, match=r"cannot be saved in .*file \(Not a directory\)"):
        train(RECIPE, tiny_dataset)


def test_without_tensorflow_a_training_is_kept_for_where_it_is(
    own_artifacts, tiny_network, tiny_dataset, monkeypatch
):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(loop.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(TrainingError, match=r"only TensorFlow can write its run.*--resume"):
            train(RECIPE, tiny_dataset)
    events = []
    assert train(RECIPE, tiny_dataset, events.append, resume=True).manifest.epochs_run
    assert not any(isinstance(event, EpochFinished) for event in events), "nothing is trained again"


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_loses_nothing(own_artifacts, tiny_network, tiny_dataset, checkpoint):
    """A limit on the size of a file stands in for the disk: the system refuses the same write."""
    resource = pytest.importorskip("resource")
    before = {path: path.read_bytes() for path in own_artifacts.rglob("*") if path.is_file()}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (1_000, len(checkpoint) - 1_000):  # at its beginning, and near its end
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(TrainingError, match=r"free some space.*unchanged"):
                train(RECIPE, tiny_dataset)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert all(path.read_bytes() == content for path, content in before.items())
    assert train(RECIPE, tiny_dataset)


def need_the_same_imitations(run):
    learned_from = run.manifest.versions.get("imitations", "1")
    if learned_from != IMITATIONS:
        pytest.skip(f"{run.name} learned from imitations {learned_from}, not {IMITATIONS}: train it again")


@pytest.mark.slow
@pytest.mark.dataset
@pytest.mark.parametrize("model_name", published_models())
def test_an_epoch_on_the_real_data_repeats_the_recorded_one(model_name, dataset):
    """The published run came from this code: its first epoch is that of a new run."""
    config = shorten(RECIPES[model_name], max_epochs=1).config
    if SHARE < 1 and not config.imitated_share:
        pytest.skip("time is short, and the recipe with the most steps is tried")
    if config.imitated_share:
        need_the_same_imitations(artifacts.load_model(model_name).run)
    _, state = fit(config, dataset, print)
    recorded = artifacts.load_model(model_name).run.load_history().iloc[0]
    # Bit for bit on one kind of processor; another rounds its sums otherwise. One part in a million on
    # the first weights moved the losses by up to 0.007, but the validation loss with batch
    # normalisation by 0.15: its averages are young then. The published augmented run drew its pictures
    # with Keras, from the same distribution: with today's draws its first losses differ by 0.006.
    metrics = ("loss", "accuracy") if config.batch_norm else ("loss", "accuracy", "val_loss", "val_accuracy")
    for metric in metrics:
        assert state.history[0][metric] == pytest.approx(recorded[metric], abs=0.02), metric


@pytest.mark.slow
@pytest.mark.dataset
def test_the_published_alarm_was_learned_from_these_imitations(dataset):
    """It adds imitations up, so a change in how they are drawn shows on any processor."""
    model = find_model(has_alarm)
    need_the_same_imitations(model.run)
    published = load_alarm(model.run)
    alarm = build_alarm(dataset.train, dataset.validation, model.manifest.config.seed)
    assert alarm.threshold == pytest.approx(published.threshold, abs=0.02)  # grey levels
    assert alarm.false_alarms == pytest.approx(published.false_alarms, abs=0.0005)
    np.testing.assert_allclose(alarm.space[0], published.space[0], atol=0.1)  # the mean picture
