"""A sweep's file: the trials it asks for, their names, and what is wrong with others."""

import dataclasses

import pytest

from fmnist import artifacts
from fmnist.config import VALIDATION_SIZE
from fmnist.errors import TrainingError
from fmnist.recipes import RECIPES
from fmnist.training.sweep import Resources, load_plan, parse_plan
from tests.conftest import BASELINE
from tests.sweeping import build_plan

AUGMENTED = RECIPES["augmented"].config


def list_names(grid):
    return [trial.name for trial in build_plan(grid).trials]


def test_a_grid_asks_for_every_combination():
    assert list_names("recipe = ['simple', 'augmented']\nseeds = [1, 2]\nmax_epochs = [5, 6]") == [
        f"{recipe}-max_epochs{epochs}-seed{seed}"
        for recipe in ("simple", "augmented")
        for epochs in (5, 6)
        for seed in (1, 2)
    ]


def test_a_trial_has_the_values_that_it_is_named_after():
    first, second = build_plan(
        "train_share = 0.333333\nrecipe = 'augmented'\nseeds = 7\nstrength = [0.5, 2]\nlearning_rate = 1e-4"
    ).trials
    assert first.name == "augmented-strength0.5-learning_rate0.0001-train_share0.333333-seed7"
    assert (first.recipe, first.strength, first.overrides) == ("augmented", 0.5, {"learning_rate": 1e-4})
    expected = dataclasses.replace(AUGMENTED, seed=7, train_share=0.333333, learning_rate=1e-4)
    for trial, factor in ((first, 0.5), (second, 2)):
        policy = AUGMENTED.augmentation.scaled(factor)
        assert trial.config == dataclasses.replace(expected, augmentation=policy)


def test_names_do_not_depend_on_the_order_in_the_file():
    assert list_names("seeds = 1\nbatch_size = 64\nrecipe = 'augmented'\nstrength = 1") == list_names(
        "strength = 1\nrecipe = 'augmented'\nbatch_size = 64\nseeds = 1"
    )


def test_the_strength_is_known_where_it_is_not_written():
    trials = build_plan("recipe = ['simple', 'augmented', 'robust']\nseeds = 1").trials
    assert [trial.strength for trial in trials] == [None, 1.0, None]


def test_values_that_toml_cannot_write():
    cosine, other = build_plan(
        "recipe = 'simple'\nseeds = 1\ndecay = ['none', 0.1]\naugmentation = {flip = true, zoom = 0.1}"
    ).trials
    assert cosine.config.decay is None and other.config.decay == 0.1
    assert cosine.config.augmentation.flip and cosine.config.augmentation.zoom == 0.1
    assert cosine.name == "simple-augmentation_flipTrue_zoom0.1-decaynone-seed1"


def test_several_grids_and_all_options():
    plan = parse_plan(
        "name = 'all'\ntest = true\nruns = false\n[resources]\ncpus = 2\ngpus = 0.5\nmemory = 4e9\n"
        "[[grid]]\nrecipe = 'simple'\nseeds = [1]\n[[grid]]\nrecipe = 'robust'\nseeds = [1]\n"
    )
    assert (plan.name, plan.test, plan.runs) == ("all", True, False)
    assert plan.resources == Resources(2, 0.5, 4e9)
    assert [trial.name for trial in plan.trials] == ["simple-seed1", "robust-seed1"]


def test_the_key_tells_apart_whatever_decides_the_result():
    grids = (
        "recipe = 'simple'\nseeds = [1, 2]",
        "recipe = 'augmented'\nseeds = 1\nstrength = [1, 2]",
        "recipe = 'simple'\nseeds = 1\ndropout = [0.1, 0.2]",
    )
    trials = [trial for grid in grids for trial in build_plan(grid).trials]
    keys = [trial.compute_key(split) for trial in trials for split in ("one", "other")]
    assert len({*keys}) == len(keys) == 12


def test_a_default_that_is_written_out_changes_no_key():
    plain, written = (
        build_plan(f"recipe = 'simple'\nseeds = 1\n{more}").trials[0]
        for more in ("", "batch_size = 128\ntrain_share = 1")
    )
    assert plain.name != written.name and plain.compute_key("split") == written.compute_key("split")


def test_strength_zero_is_the_recipe_without_augmentation():
    """So the series over strengths begins with `simple`, on the same share of the images."""
    third = "seeds = 1\ntrain_share = 0.333333"
    (simple,) = build_plan(f"recipe = 'simple'\n{third}").trials
    (zero,) = build_plan(f"recipe = 'augmented'\nstrength = 0\n{third}").trials
    assert zero.compute_key("split") == simple.compute_key("split")


@pytest.mark.parametrize(
    ("grid", "match"),
    [
        ("seeds = [1]", "grid 1 lacks recipe"),
        ("recipe = 'simple'", "grid 1 lacks seeds"),
        ("recipe = 'simple'\nseeds = []", "seeds of grid 1 is an empty list"),
        ("recipe = 'simple'\nseeds = [1, 2, 1]", "seeds of grid 1 has 1 twice"),
        ("recipe = 'simple'\nseeds = ['a']", "seed of grid 1 must be a whole number, received 'a'"),
        ("recipe = 'simple'\nseeds = [true]", "seed of grid 1 must be a whole number"),
        ("recipe = 'simple'\nseeds = [1.5]", "seed of grid 1 must be a whole number"),
        ("recipe = 'simple'\nseeds = [-1]", "seed of grid 1 must be"),
        ("recipe = 'simple'\nseed = 1\nseeds = 1", "has seed where it must have seeds"),
        ("recipe = 'other'\nseeds = 1", f"must be one of {', '.join(RECIPES)}, received 'other'"),
        ("recipe = 5\nseeds = 1", "must be one of"),
        ("recipe = 'simple'\nseeds = 1\nsize = 3", "grid 1 has an unknown entry 'size'"),
        ("recipe = 'simple'\nseeds = 1\nbatch_size = 'big'", "batch_size of grid 1 must be a whole number"),
        ("recipe = 'simple'\nseeds = 1\ntrain_share = [0.5, 0]", "train_share of grid 1 must be"),
        ("recipe = 'simple'\nseeds = 1\nlearning_rate = nan", "must be a number of at least 0, received nan"),
        ("recipe = 'simple'\nseeds = 1\nlearning_rate = inf", "learning_rate of grid 1 must be"),
        ("recipe = 'simple'\nseeds = 1\nserving = 'both'", "serving of grid 1"),
        ("recipe = 'simple'\nseeds = 1\nstrength = 2", "simple has no augmentation to multiply"),
        ("recipe = 'augmented'\nseeds = 1\nstrength = -1", "strength of grid 1 must be a number of at least"),
        ("recipe = 'augmented'\nseeds = 1\nstrength = nan", "strength of grid 1 must be a number of"),
        ("recipe = 'augmented'\nseeds = 1\nstrength = 50", "strength 50 of grid 1 is too large: translation"),
        ("recipe = 'augmented'\nseeds = 1\nstrength = 1\naugmentation = {}", "no augmentation to multiply"),
        ("recipe = 'simple'\nseeds = 1\naugmentation = {blur = 1}", "an unknown entry 'blur'"),
        ("recipe = 'simple'\nseeds = 1\naugmentation = {zoom = 5}", "zoom must be from 0 to 0.5"),
        (f"recipe = 'simple'\nseeds = 1\nnetwork = '{'x' * 120}'", "longer than 120 characters: simple-"),
        ("recipe = 'simple'\nseeds = 1\ndropout = [0.1, 0.10000001]", "the six digits"),
        (f"recipe = 'simple'\nseeds = {[*range(1001)]}", "more than 1,000 trials"),
        ("recipe = 'simple'\nseeds = 1\nbatch_size = [128, 64]\n[[grid]]\nrecipe = 'simple'\nseeds = 1",
         "the same trial twice, simple-batch_size128-seed1 and simple-seed1"),
    ],
)  # fmt: skip
def test_a_wrong_grid_is_one_sentence(grid, match):
    with pytest.raises(ValueError, match=match) as caught:
        build_plan(grid)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "lacks name"),
        ("name = 'a'", "lacks grid"),
        ("name = 'a'\ngrid = []", "grid must be a list of at least 1 entries"),
        ("name = 'a'\ngrid = 'b'", "grid must be a list"),
        ("name = '../a'\n[[grid]]\nrecipe = 'simple'\nseeds = 1", "name must be a name of at most 40"),
        ("name = 'a'\ntests = true\n[[grid]]\nrecipe = 'simple'\nseeds = 1", "unknown entry 'tests'"),
        ("name = 'a'\ntest = 1\n[[grid]]\nrecipe = 'simple'\nseeds = 1", "test must be true or false"),
        ("name = 'a'\n[resources]\ncpus = 0\n[[grid]]\nrecipe = 'simple'\nseeds = 1", "cpus of resources"),
        ("name = 'a'\n[resources]\ndisks = 1\n[[grid]]\nrecipe = 'simple'\nseeds = 1", "entry 'disks'"),
        ("name = ", "not TOML"),
        ("name = 'a'\nname = 'b'", "not TOML"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path, text, match):
    (tmp_path / "sweep.toml").write_text(text)
    with pytest.raises(TrainingError, match=match) as caught:
        load_plan(tmp_path / "sweep.toml")
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    with pytest.raises(TrainingError, match=r"cannot be read: No such file"):
        load_plan(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(TrainingError, match="not text in UTF-8"):
        load_plan(tmp_path / "binary.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(TrainingError, match="larger than 1 MB"):
        load_plan(tmp_path / "large.toml")


@pytest.mark.parametrize("name", artifacts.list_sweeps())
def test_a_committed_table_is_what_its_file_asks_for(name):
    """Trained with today's recipes on the published models' data, so running it again repeats nothing."""
    plan, sweep = parse_plan(artifacts.load_plan(name)), artifacts.load_sweep(name)
    split_sha256 = artifacts.load_model(BASELINE).manifest.split_sha256
    keys = {trial.name: trial.compute_key(split_sha256) for trial in plan.trials}
    assert plan.name == name and list(sweep.planned) == list(keys)
    assert sweep.trials and all(keys[trial.trial] == trial.key for trial in sweep.trials)
    for trial, planned in zip(sweep.trials, plan.trials, strict=True):
        config = planned.config
        assert (trial.seed, trial.train_share) == (config.seed, config.train_share)
        assert trial.strength == planned.strength and len(trial.answers) == VALIDATION_SIZE
        assert (trial.test_accuracy is not None) == plan.test
