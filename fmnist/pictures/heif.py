"""HEIC and AVIF: which of the two a file is, and Pillow's decoder for it, loaded when the first one arrives.

Both keep a picture in boxes, which also say how to turn it upright; both decoders obey them. What the
metadata says of the orientation is a copy for older programs and does not count.

Reference: ISO/IEC 23008-12 (HEIF) sections 6.5.10 and 10; the AV1 Image File Format.
"""

AVIF, HEIC = "AVIF", "HEIF"
"""The two kinds, by Pillow's names."""

_KINDS = {
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
}
_MAX_BRANDS = 200  # bytes


def find_kind(content: bytes) -> str | None:
    """Tells whether a file says that it is AVIF or HEIC; None if it says neither.

    It names the brands that it follows, the main one first; mif1 and msf1 may stand for both kinds.
    """
    if content[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(content[:4], "big"), _MAX_BRANDS)
    main, *others = (content[start : start + 4] for start in (8, *range(16, end, 4)))
    if main in (b"mif1", b"msf1") and any(_KINDS.get(brand) == AVIF for brand in others):
        return AVIF
    return _KINDS.get(main)


def load_decoder(kind: str) -> bool:
    """Enables Pillow to open AVIF or HEIC; returns False if this installation cannot.

    Decoders get no threads of their own: with several visitors these gain nothing, and each takes address
    space.
    """
    try:
        if kind == AVIF:
            from PIL import AvifImagePlugin

            AvifImagePlugin.DEFAULT_MAX_THREADS = 1
            return AvifImagePlugin.SUPPORTED
        import pillow_heif

        pillow_heif.register_heif_opener(
            decode_threads=0, thumbnails=False, depth_images=False, aux_images=False
        )
    except ImportError:
        return False
    return True
