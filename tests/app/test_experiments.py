"""Luck and strength: what the sweeps say, committed or one's own, whole or not."""

import itertools

import numpy as np
import pytest
from scipy import stats

from fmnist import artifacts
from fmnist import figures as plots
from tests.app.conftest import array, figures, run, said, texts
from tests.experimenting import build_trial, build_trials, save_sweep

PAGE, HOME = "learn/experiments.py", "start/home.py"
PLOTS = ("plot_seeds", "plot_differences", "plot_bands", "plot_strengths")


@pytest.fixture(scope="module")
def trials():
    """All committed trials."""
    return [trial for name in artifacts.list_sweeps() for trial in artifacts.load_sweep(name).trials]


def pick(trials, recipe, strength):
    return [
        t for t in trials if (t.recipe, t.strength, t.train_share, t.overrides) == (recipe, strength, 1, "{}")
    ]


def compare(after, before):
    """The difference of two means in points and its interval, by SciPy."""
    interval = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    return 100 * (np.mean(after) - np.mean(before)), 100 * interval.low, 100 * interval.high


def signed(value):
    return f"{value:+.2f}".replace("-", "−")


def keep(trial, epochs):
    """What a run would have kept had it stopped after so many epochs."""
    rows = trial.history[:epochs]
    return min(rows, key=lambda row: (row.val_loss, row.epoch)).val_accuracy


def test_what_both_pages_say_is_computed_from_the_committed_tables(open_page, trials):
    """All anew, from the trials, in another way."""
    simple, augmented = pick(trials, "simple", None), pick(trials, "augmented", 1)
    assert len(simple) == len(augmented) == 10
    page, home = texts(open_page(PAGE)), texts(open_page(HOME))
    gain, low, high = compare([t.test_accuracy for t in augmented], [t.test_accuracy for t in simple])
    written = f"{signed(gain)} points (95% interval {signed(low)} to {signed(high)})"
    assert (
        f"a difference of {written}" in page and f"{written} on the test images, over 10 seeds each" in home
    )
    assert low > 0 and 0.5 <= gain < 1.5 and "**Yes, a little:**" in page and "**Yes, a little:**" in home

    kept, best = (
        np.mean([getattr(t, figure) for t in augmented]) - np.mean([getattr(t, figure) for t in simple])
        for figure in ("val_accuracy", "best_val_accuracy")
    )
    assert f"the gain is {signed(100 * kept)} points with the weights that were kept" in page
    assert f"{signed(100 * best)} between each run's most accurate epochs (10 seeds each)" in page

    by_epoch = [compare(*([keep(t, e) for t in g] for g in (augmented, simple))) for e in range(1, 51)]
    hurts = len(list(itertools.takewhile(lambda found: found[2] < 0, by_epoch)))
    helps = 51 - len(list(itertools.takewhile(lambda found: found[1] > 0, reversed(by_epoch))))
    assert (
        f"Stopped within {hurts} epochs, augmentation hurts; from {helps} on, it helps** (10 seeds each)"
        in page
    )
    assert f"Stopped within {hurts} epochs, it hurts." in home

    before, after = (entry.report.test_accuracy for entry in artifacts.list_models()[:2])
    lost = 100 * (after - before)
    epoch = int(np.argmin([abs(found[0] - lost) for found in by_epoch])) + 1
    assert f"So does stopping both after {epoch} epochs: {signed(by_epoch[epoch - 1][0])} points" in page
    strengths = [1, 2, 3, 4]
    means = [100 * np.mean([t.val_accuracy for t in pick(trials, "augmented", s)]) for s in strengths]
    assert np.all(np.diff(means) < 0)
    level = 100 * np.mean([t.val_accuracy for t in simple]) + lost
    as_strong, as_accurate = (np.interp(each, means[::-1], strengths[::-1]) for each in (level, 100 * after))
    assert (
        f"policy about {as_strong:.1f} times as strong as ours does that, too** (3 to 10 seeds each" in page
    )
    assert f"the report's {100 * after:.2f}% itself is what {as_accurate:.1f} times gives" in page
    assert (
        f"lost {-lost:.2f} points; so does a policy {as_strong:.1f} times as strong or stopping both" in home
    )


def test_the_charts_show_the_committed_trials(open_page, trials):
    seeds, gains, bands, strengths = figures(open_page(PAGE))
    augmented = sorted(pick(trials, "augmented", 1), key=lambda trial: trial.seed)
    np.testing.assert_allclose(array(seeds.data[2].x), [100 * t.test_accuracy for t in augmented])
    assert len(array(gains.data[0].x)) == 3
    (mean,) = [trace for trace in bands.data if trace.name == "augmented"]
    assert array(mean.y)[-1] == pytest.approx(100 * np.mean([t.val_accuracy for t in augmented]), abs=0.01)
    whole, third = [trace for trace in strengths.data if trace.mode == "lines"]
    assert list(array(whole.x)) == [0, 0.25, 0.5, 1, 2, 3, 4] == list(array(third.x))
    (level,) = [shape for shape in strengths.layout.shapes if shape.y0 == shape.y1]
    assert level.y0 == pytest.approx(90.64)


def test_a_sweep_can_be_chosen_and_has_its_own_table(open_page, trials):
    app = open_page(PAGE, sweep="strength")
    assert [heading.value for heading in app.header] == ["Each seed", "Strength", "Epochs"]
    spreads, table = (frame.value for frame in app.dataframe)
    assert spreads["Trained as"].tolist() == [f"{s} times" for s in (0.25, 0.5, 2, 3, 4)]
    assert spreads["Seeds"].tolist() == [3] * 5 and spreads["Test, mean"].unique() == ["-"]
    assert len(table) == 15 and set(table["sweep"]) == {"strength"}
    assert app.get("download_button")
    commands = [code.value for code in app.code]
    assert commands[0] == "python -m fmnist sweep artifacts/sweeps/strength/sweep.toml"
    assert 'recipe = "augmented"' in commands[1]


def test_a_rerun_builds_nothing_and_a_new_table_is_shown(open_page, own_artifacts, monkeypatch):
    built = []
    for name in PLOTS:
        original = getattr(plots, name)
        monkeypatch.setattr(plots, name, lambda *a, f=original, n=name, **k: built.append(n) or f(*a, **k))
    save_sweep("ours", build_trials("simple", [0.90, 0.91]) + build_trials("augmented", [0.95, 0.96]))
    app = open_page(PAGE)
    before = texts(app)
    assert "a difference of +5.00 points" in before and len(built) == 4
    built.clear()
    assert texts(run(app)) == texts(open_page(PAGE)) == before and built == []
    save_sweep("ours", build_trials("simple", [0.90, 0.91]) + build_trials("augmented", [0.92, 0.93, 0.94]))
    assert "a difference of +2.50 points" in texts(run(app))
    assert "+2.50 points" in texts(open_page(HOME))


def test_without_sweeps_the_page_says_what_to_do_and_home_compares_one_run_each(open_page, own_artifacts):
    app = open_page(PAGE)
    assert "python -m fmnist sweep FILE.toml" in app.info[0].value and not app.error
    assert "One run each." in texts(open_page(HOME))


def test_an_unfinished_sweep_says_how_much_of_it_there_is(open_page, own_artifacts):
    save_sweep("ours", build_trials("augmented", [0.9, 0.8], strength=2.0), planned=["a", "b"])
    save_sweep("empty", [], planned=["a"])
    app = open_page(PAGE)
    assert "ours: 2 of 4 trials finished." in app.warning[0].value
    assert [heading.value for heading in app.header] == ["Each seed", "Epochs"]
    assert "One run each." in texts(open_page(HOME))


def test_a_damaged_table_is_named_in_one_sentence_and_the_others_go_on(open_page, own_artifacts):
    save_sweep("good", build_trials("simple", [0.90, 0.91]) + build_trials("augmented", [0.95, 0.96]))
    save_sweep("bad", build_trials("simple", [0.90]))
    (own_artifacts / "sweeps" / "bad" / "trials.parquet").write_bytes(b"PAR1")
    app = open_page(PAGE)
    (error,) = app.error
    assert "sweeps/bad/trials.parquet is damaged" in said(error) and str(own_artifacts) not in said(error)
    assert "a difference of +5.00 points" in texts(app)
    home = open_page(HOME)
    assert not home.error and "+5.00 points" in texts(home)


def test_foreign_words_in_a_table_are_text(open_page, own_artifacts):
    hostile = "![x](https://evil.example/a.png) <img src=x> :red[c]"
    trials = [
        build_trial("simple", seed, overrides=overrides, backend=hostile)
        for seed in (1, 2)
        for overrides in ("{}", hostile, '{"a": "=1+1"}')
    ]
    save_sweep("ours", trials)
    app = open_page(PAGE)
    shown = [element for kind in ("markdown", "caption") for element in getattr(app, kind)]
    assert not [e for e in shown if "![x](" in e.value or ":red[" in e.value]
    assert any("evil.example" in said(element) for element in shown)
    for figure in figures(app):
        assert "<img" not in str(figure.layout)


def test_more_groups_than_colours_are_counted(open_page, own_artifacts):
    save_sweep("ours", [t for s in range(1, 9) for t in build_trials("augmented", [0.9], strength=float(s))])
    app = open_page(PAGE)
    assert "The first 6 of 8 groups." in texts(app)
    means = [trace for trace in figures(app)[-1].data if trace.fill is None]
    assert len({trace.line.color for trace in means}) == len(means) == 6
