"""Who may change things: everybody who reaches the server, unless it is shared with strangers."""

import os


def is_read_only() -> bool:
    """Whether this server only shows: FMNIST_READ_ONLY is set to anything but an empty text or 0.

    Nobody can then train, publish, delete or import anything from a page.
    """
    return os.environ.get("FMNIST_READ_ONLY", "0") not in ("", "0")
