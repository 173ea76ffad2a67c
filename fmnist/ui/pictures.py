"""Choosing a picture: sample, upload, camera, drawing board or test set, shared by the pages."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from fmnist import data
from fmnist.config import CLASS_NAMES, TEST_SIZE
from fmnist.errors import DataError, InvalidImageError
from fmnist.preprocessing import AUTOMATIC, Origin, Preparation, Settings
from fmnist.ui import cache
from fmnist.ui.canvas import show_drawing_board
from fmnist.ui.messages import show_error
from fmnist.ui.server import show_upload_refusal


@dataclass(frozen=True)
class PickedImage:
    """What the visitor chose.

    Attributes:
        preparation: The 28x28 image and how it came about.
        title: What to call it.
        true_class: Its class index if known, else None.
        is_photo: Whether it may be a photo; the models are right less often on photos.
    """

    preparation: Preparation
    title: str
    true_class: int | None = None
    is_photo: bool = False


def pick_image(choose_settings: Callable[[], Settings] = lambda: AUTOMATIC) -> PickedImage | None:
    """Lets the visitor choose a picture from one of five sources and prepares it.

    Args:
        choose_settings: Returns how to prepare an upload, a photo or a drawing; only called for those.

    Returns:
        The picture, or None while there is none; the visitor has then been shown what to do.
    """
    source = st.segmented_control(
        "Where does the picture come from?", list(_PICKERS),
        default="Sample", required=True, key="source", bind="query-params", wrap=True,
    )  # fmt: skip
    try:
        return _PICKERS[source](choose_settings)
    except InvalidImageError as error:
        show_error(error)
    return None


def _pick_sample(choose_settings: Callable[[], Settings]) -> PickedImage:
    garment = st.selectbox(
        "Garment",
        CLASS_NAMES,
        key="sample",
        bind="query-params",
        help="Ten garments drawn by this program, so that everything works without a download.",
    )
    index = CLASS_NAMES.index(garment)
    image = cache.load_samples()[index]
    return PickedImage(Preparation.of_ready(image, Origin.SAMPLE), f"our drawn {garment}", index)


def _pick_upload(choose_settings: Callable[[], Settings]) -> PickedImage | None:
    # No `type=` list: one wrong extension would discard the whole upload before we could say why.
    upload = st.file_uploader("A picture of one garment (PNG, JPEG, GIF, BMP or WEBP)", key="upload")
    show_upload_refusal()
    if upload is None:
        st.info("Choose a picture of one garment on a plain background, as large as possible.")
        return None
    preparation = cache.prepare_bytes(upload.getvalue(), settings=choose_settings())
    return PickedImage(preparation, "your picture", is_photo=True)


def _pick_photo(choose_settings: Callable[[], Settings]) -> PickedImage | None:
    photo = st.camera_input("Hold one garment in front of a plain wall", key="camera")
    if photo is None:
        st.info("Allow the camera, then take a photo. Over a network the camera needs https.")
        return None
    preparation = cache.prepare_bytes(photo.getvalue(), settings=choose_settings())
    return PickedImage(preparation, "your photo", is_photo=True)


def _pick_drawing(choose_settings: Callable[[], Settings]) -> PickedImage | None:
    content = show_drawing_board()
    if content is None:
        st.info("Draw a garment with the mouse or a finger. An outline is enough; we fill it in.")
        return None
    return PickedImage(cache.prepare_bytes(content, True, choose_settings()), "your drawing")


def _pick_test_picture(choose_settings: Callable[[], Settings]) -> PickedImage | None:
    test = load_test_pictures()
    if test is None:
        return None
    index = st.number_input(
        f"Number of the test image (0 to {TEST_SIZE - 1:,})", 0, TEST_SIZE - 1, 0, key="test",
        bind="query-params",
    )  # fmt: skip
    image, label = test.images[index], int(test.labels[index])
    return PickedImage(Preparation.of_ready(image, Origin.DATA_SET), f"test image {index:,}", label)


_PICKERS = {
    "Sample": _pick_sample,
    "Upload": _pick_upload,
    "Camera": _pick_photo,
    "Draw": _pick_drawing,
    "Test picture": _pick_test_picture,
}


def load_test_pictures() -> data.Split | None:
    """Loads the test images; where there are none, says so, offers the download and returns None.

    The page must call `show_download` before, outside any fragment.
    """
    try:
        if data.is_present():
            return cache.load_test(str(data.data_dir()))
        st.info("The test images are not on this machine yet.")
    except DataError as error:
        show_error(error)
    st.caption("On the command line: `python -m fmnist download`.")
    if st.button("Download the data set (31 MB)", icon=":material/download:", key="download"):
        st.session_state["downloading"] = True
        st.rerun()
    return None


def show_download() -> None:
    """Downloads the data set if the visitor has asked for it, with progress; any click stops it.

    Call it outside fragments: a run inside a fragment goes on however often its buttons are pressed.
    """
    if not st.session_state.pop("downloading", False):
        return
    bar = st.progress(0.0, "Starting …")
    st.button("Cancel", key="cancel_download")  # any click reruns the page, which ends the download

    def show(name: str, share: float) -> None:
        bar.progress(share, f"{name}: {share:.0%}")

    try:
        data.download(show)
    except DataError as error:
        bar.empty()
        show_error(error)
    else:
        st.rerun()
