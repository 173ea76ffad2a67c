"""Times what users wait for: `python -m tests.benchmarks`. Ratios count; machines are noisy."""

import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def median_ms(function, repeats=30):
    """Runs `function` once to warm up, then `repeats` times; returns the median in milliseconds."""
    function()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        function()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def report(title, times):
    """Prints each time and how many times as long as the first it takes."""
    print(title)
    first = next(iter(times.values()))
    for label, milliseconds in times.items():
        print(f"  {label:44}{milliseconds:10.2f} ms{milliseconds / first:10.1f} x")


def answer_one_picture():
    """LiteRT against three ways to ask Keras about one picture."""
    import tensorflow as tf

    from fmnist import artifacts
    from fmnist.inference import Classifier
    from fmnist.pictures.samples import draw_samples

    image = draw_samples()[:1]
    name = artifacts.list_models()[0].name
    classifier, model = (
        Classifier.from_run(artifacts.load_model(name).run),
        artifacts.load_model(name).run.load_keras(),
    )
    compiled = tf.function(model)
    report(
        "one picture, one model",
        {
            "LiteRT (what the dashboard uses)": median_ms(lambda: classifier.predict_proba(image)),
            "tf.function": median_ms(lambda: compiled(image)),
            "model(x)": median_ms(lambda: model(image)),
            "model.predict": median_ms(lambda: model.predict(image, verbose=0)),
        },
    )


def answer_a_photo():
    """From the bytes of a 12-megapixel JPEG to the answers, in parts."""
    import io

    import numpy as np
    from PIL import Image, ImageDraw

    from fmnist import artifacts
    from fmnist.inference import Classifier
    from fmnist.pictures.decoding import decode
    from fmnist.preprocessing import prepare
    from fmnist.second_opinion import load_second_opinion, make_views

    photo = Image.new("RGB", (3000, 4000), "lightgrey")
    ImageDraw.Draw(photo).polygon([800, 600, 2200, 600, 2600, 3600, 400, 3600], fill="navy")
    noise = np.random.default_rng(0).integers(-8, 9, (4000, 3000, 1))
    photo = Image.fromarray(np.clip(np.asarray(photo) + noise, 0, 255).astype(np.uint8))
    stream = io.BytesIO()
    photo.save(stream, "JPEG", quality=90)
    content = stream.getvalue()
    picture = decode(content)
    prepared = prepare(picture)
    opinion = load_second_opinion()
    classifiers = [
        Classifier.from_run(artifacts.load_model(entry.name).run) for entry in artifacts.list_models()
    ]

    def answer(preparation):
        for classifier in classifiers:
            classifier.predict_means([preparation.images])
        opinion.ask_views(make_views(preparation))

    report(
        f"a photo of 12 megapixels ({len(content) / 1e6:.1f} MB), from its bytes to every answer",
        {
            "all of it": median_ms(lambda: answer(prepare(decode(content))), 10),
            "  decode": median_ms(lambda: decode(content), 10),
            "  prepare": median_ms(lambda: prepare(picture)),
            f"  answers of {len(classifiers)} models and second opinion": median_ms(lambda: answer(prepared)),
        },
    )


def answer_a_decoded_photo():
    """Preparation in parts, every model and the second opinion, on one core, for a photo of 640 pixels."""
    import cv2
    import numpy as np
    from PIL import Image

    from fmnist import artifacts, preprocessing
    from fmnist.inference import Classifier
    from fmnist.pictures.decoding import Picture
    from fmnist.preprocessing import grabcut
    from fmnist.second_opinion import load_second_opinion, make_views
    from tests.scenes import TROUSER, photograph

    cv2.setNumThreads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    photo = Image.fromarray(photograph(TROUSER, 60, 190, seed=1)[0]).resize(
        (480, 640), Image.Resampling.BICUBIC
    )
    picture = Picture(photo, None, photo.size)
    colours = np.asarray(photo)
    classifiers = [
        Classifier.from_run(artifacts.load_model(entry.name).run) for entry in artifacts.list_models()
    ]
    prepared, opinion = preprocessing.prepare(picture), load_second_opinion()

    def answer(preparation=prepared):
        for classifier in classifiers:
            classifier.predict_means([preparation.images])

    def ask(preparation=prepared):
        opinion.ask_views(make_views(preparation))

    def everything():
        preparation = preprocessing.prepare(picture)
        answer(preparation)
        ask(preparation)

    report(
        "a decoded photo of 480 x 640 pixels, one core",
        {
            f"preparation, {len(classifiers)} models and second opinion": median_ms(everything),
            "  finding the garment in three ways": median_ms(lambda: grabcut.segment(colours)),
            "  the whole preparation": median_ms(lambda: preprocessing.prepare(picture)),
            f"  answers of {len(classifiers)} models": median_ms(answer),
            "  second opinion": median_ms(ask),
        },
    )


def start_programs():
    """The start of the command line against an import of TensorFlow."""

    def run(*arguments):
        return lambda: subprocess.run(
            [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    import tempfile

    from PIL import Image

    from fmnist.pictures.samples import draw_samples

    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        Image.fromarray(draw_samples()[7]).save(file.name)
        report(
            "a whole process",
            {
                "python -m fmnist predict PICTURE": median_ms(run("-m", "fmnist", "predict", file.name), 5),
                "python -c 'import tensorflow'": median_ms(run("-c", "import tensorflow"), 3),
            },
        )


if __name__ == "__main__":
    from tests.benchmarks.crowd import crowd

    crowd()  # first: what comes last keeps to one core from then on
    start_programs()
    answer_a_photo()
    answer_one_picture()
    answer_a_decoded_photo()
