"""photos.json: saved and loaded unchanged, and refused by name where it cannot be right."""

import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError
from tests import forging


def test_a_report_survives_saving(empty_artifacts, report):
    assert artifacts.load_photos_report() is None
    artifacts.save_photos_report(report)
    assert artifacts.load_photos_report() == report


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["photos"], 12),
        (["photos"], None),
        (["runs"], {}),
        (["runs"], {"simple": 3}),
        (["variants"], {}),
        (["variants", "automatic"], []),
        (["variants", "automatic"], {}),
        (["variants", "automatic", "simple", "accuracy"], 7),
        (["variants", "automatic", "simple", "accuracy_interval"], [0, "x"]),
        (["variants", "automatic", "simple", "macro_accuracy"], None),
        (["variants", "automatic", "simple", "confusion_matrix", 0, 0], 5),
        (["variants", "automatic", "simple", "per_class", "coat", "accuracy"], "high"),
        (["variants", "automatic", "simple", "per_class", "coat", "photos"], 3),
        (["variants", "automatic", "simple", "per_class", "<script>"], {"photos": 1, "accuracy": 1}),
        (["variants", "automatic", "simple", "per_background", "white"], 1),
        (["variants", "automatic", "simple", "calibration", "ece"], -1),
        (["variants", "automatic", "simple", "calibration"], {}),
        (["macro_classes"], 0),
        (["variants", "automatic", "simple", "by_confidence"], []),
        (["variants", "automatic", "simple", "by_confidence", 0, "accuracy"], 2),
        (["alarmed"], 1.5),
        (["alarmed"], "often"),
    ],
)
def test_a_report_that_no_page_could_show_is_refused_by_name(empty_artifacts, report, keys, value):
    forging.edit(artifacts.save_photos_report(report), *keys, value=value)
    with pytest.raises(ArtifactError, match=r"photos\.json is damaged: .*benchmark-photos DIR --save"):
        artifacts.load_photos_report()


def test_cut_short_newer_and_linked_reports_are_named(empty_artifacts, report, tmp_path):
    path = artifacts.save_photos_report(report)
    path.write_text(path.read_text()[:-9])
    with pytest.raises(ArtifactError, match=r"photos\.json is damaged"):
        artifacts.load_photos_report()
    artifacts.save_photos_report(report)
    forging.edit(path, "format", value=3)
    with pytest.raises(
        ArtifactError, match=r"format 3, but this program reads formats up to 2.*measure again"
    ):
        artifacts.load_photos_report()
    path.unlink()
    path.symlink_to(tmp_path / "nowhere.json")
    with pytest.raises(ArtifactError, match="link to a place outside"):
        artifacts.load_photos_report()
