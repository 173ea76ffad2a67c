"""Choosing a picture: sample, upload, camera, drawing board or test set, shared by the pages."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fmnist import data
from fmnist.config import CLASS_NAMES, TEST_SIZE
from fmnist.errors import DataError, InvalidImageError
from fmnist.preprocessing import AUTOMATIC, Origin, Preparation, Settings
from fmnist.ui import cache
from fmnist.ui.canvas import show_drawing_board
from fmnist.ui.choices import kept
from fmnist.ui.drawing import HALF_A_SNEAKER
from fmnist.ui.messages import show_error
from fmnist.ui.server import show_upload_refusal
from fmnist.ui.uploads import drop_upload, find_upload, keep_upload, leave_widgets, name_widget
from fmnist.words import display_name, escape_markdown


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


def choose_source() -> str:
    """Lets the visitor choose where the picture comes from, one of five sources."""
    with kept("source"):
        return st.segmented_control(
            "Where does the picture come from?", list(_PICKERS), label_visibility="collapsed",
            default="Sample", required=True, key="source", bind="query-params", wrap=True,
        )  # fmt: skip


def pick_image(
    source: str, choose_settings: Callable[[bytes | None], Settings] = lambda photo: AUTOMATIC
) -> PickedImage | None:
    """Lets the visitor choose a picture from a source and prepares it.

    Args:
        source: What `choose_source` returned.
        choose_settings: Returns how to prepare an upload or a photo, from its file, or a drawing, from None;
            only called for those.

    Returns:
        The picture, or None while there is none; the visitor has then been shown what to do.
    """
    leave_widgets(*(kind for kind, shown in _FILES.items() if shown != source))
    try:
        return _PICKERS[source](choose_settings)
    except InvalidImageError as error:
        show_error(error)
    return None


def _pick_sample(choose_settings: Callable[[bytes | None], Settings]) -> PickedImage:
    with kept("sample"):
        garment = st.selectbox(
            "Garment", CLASS_NAMES, key="sample", bind="query-params",
            help="Ten garments drawn by this program, so that everything works without a download.",
        )  # fmt: skip
    index = CLASS_NAMES.index(garment)
    image = cache.load_samples()[index]
    return PickedImage(Preparation.of_ready(image, Origin.SAMPLE), f"our drawn {garment}", index)


def _pick_upload(choose_settings: Callable[[bytes | None], Settings]) -> PickedImage | None:
    # No `type=` list: one wrong extension would discard the whole upload before we could say why.
    upload = st.file_uploader(
        "A picture of one garment", key=name_widget("upload"), label_visibility="collapsed"
    )
    show_upload_refusal()
    content = _keep("upload", upload)
    if content is None:
        st.info(
            "Choose a picture of one garment on a plain background, as large as possible (PNG, JPEG, HEIC, "
            "WEBP, AVIF, GIF or BMP)."
        )
        return None
    preparation = cache.prepare_bytes(content, settings=choose_settings(content))
    return PickedImage(preparation, "your picture", is_photo=True)


def _pick_photo(choose_settings: Callable[[bytes | None], Settings]) -> PickedImage | None:
    photo = st.camera_input("Hold one garment in front of a plain wall", key=name_widget("camera"))
    content = _keep("camera", photo)
    if content is None:
        st.info("Allow the camera, then take a photo. Over a network the camera needs https.")
        return None
    preparation = cache.prepare_bytes(content, settings=choose_settings(content))
    return PickedImage(preparation, "your photo", is_photo=True)


def _keep(kind: str, upload: UploadedFile | None) -> bytes | None:
    """Keeps the visitor's picture, and returns it, or the one kept before with a way to remove it."""
    # There in any case, so that what follows keeps its place.
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="fm-kept")
    if upload is not None:
        keep_upload(kind, upload.name, upload.getvalue())
        return upload.getvalue()
    found = find_upload(kind)
    if found is None:
        return None
    name, content = found
    with row:
        st.markdown(f"Still here: {escape_markdown(display_name(name))}", width="content")
        st.button("Remove", key=f"remove_{kind}", on_click=drop_upload, args=(kind,), type="tertiary")
    return content


def _pick_drawing(choose_settings: Callable[[bytes | None], Settings]) -> PickedImage | None:
    return _prepare_drawing(show_drawing_board(), choose_settings)


def pick_drawing() -> PickedImage | None:
    """Lets the visitor draw with a brush, on a first board that holds half a sneaker.

    Returns:
        The drawing, or None while there is none or nothing to see; the visitor has then been told so.
    """
    try:
        return _prepare_drawing(
            show_drawing_board(HALF_A_SNEAKER, with_shapes=False), lambda photo: AUTOMATIC
        )
    except InvalidImageError as error:
        show_error(error)
    return None


def _prepare_drawing(
    content: bytes | None, choose_settings: Callable[[bytes | None], Settings]
) -> PickedImage | None:
    if content is None:
        st.info("Draw a garment. An outline is enough; we fill it in.")
        return None
    return PickedImage(cache.prepare_bytes(content, True, choose_settings(None)), "your drawing")


def _pick_test_picture(choose_settings: Callable[[bytes | None], Settings]) -> PickedImage | None:
    test = load_test_pictures()
    if test is None:
        return None
    with kept("test"):
        index = st.number_input(
            f"Number of the test image (0 to {TEST_SIZE - 1:,})", 0, TEST_SIZE - 1, 0, key="test",
            bind="query-params",
        )  # fmt: skip
    image, label = test.images[index], int(test.labels[index])
    return PickedImage(Preparation.of_ready(image, Origin.DATA_SET), f"test image {index:,}", label)


_FILES = {"upload": "Upload", "camera": "Camera"}  # what is kept of a visitor's, and the source it is for
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
    offer_download()
    return None


def offer_download(key: str = "download") -> None:
    """Offers to download the data set; the page must call `show_download` before, outside any fragment.

    Args:
        key: The button's, where a page offers it in two places.
    """
    st.markdown("On the command line: `python -m fmnist download`.")
    if st.button("Download the data set (31 MB)", icon=":material/download:", key=key):
        st.session_state["downloading"] = True
        st.rerun()


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
