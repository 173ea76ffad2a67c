"""The structure of a picture file, read without decoding it: refuses files that would keep a decoder busy.

A file's size says little about the work it causes: a small JPEG may repeat its scans thousands of times,
and metadata may come in a million pieces that are joined one by one. Here the pieces are only counted.

Reference: ITU-T T.81 annex B (JPEG), the PNG specification section 5, the GIF89a specification, ISO/IEC
14496-12 section 4.2 and 23008-12 section 6.5.3 (the boxes of HEIC and AVIF).
"""

import re

from fmnist.errors import InvalidImageError

# Honest files stay far below: among thousands, none had more than 53 scans or 32 pieces of Exif.
MAX_SCANS = 200
MAX_SCANNED_PIXELS = 1_300_000_000  # twenty scans of the largest picture
MAX_SEGMENTS = 2_000  # of a JPEG; a colour profile and a depth map take a few hundred
MAX_EXIF_SEGMENTS = 64  # Pillow joins them one by one
MAX_CHUNKS = 50_000  # of a PNG, some programs write a chunk per kilobyte; boxes of a HEIC or AVIF
MAX_GIF_EXTENSIONS = 1_000_000  # bytes before the first frame
MAX_COEFFICIENTS = 450_000_000  # bytes that a progressive JPEG occupies until its last scan is read
MAX_HEIF_PIXELS = 50_000_000  # a 48-megapixel phone photo, for which a worker has just enough memory
HEIF_WORK = 4  # a pixel takes 30 ns, a JPEG's 2; 24 megapixels are a large job, 12 are not

TOO_MUCH_MEMORY = (
    "Opening the picture takes more memory than is safe: save a smaller copy (2,000 x 2,000 pixels is "
    "plenty) and try that."
)
_TOO_BUSY = (
    "The file is built from {what}, which no camera or drawing program writes: save the picture again "
    "and try that."
)
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # of a JPEG; others stand within its scans
_EXIF, _SCAN, _END, _START = 0xE1, 0xDA, 0xD9, 0xD8
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


def count_work(content: bytes) -> int:
    """Counts the pixels that a decoder visits; those of a JPEG count once for each of its scans.

    Args:
        content: The bytes of a file, whatever it is.

    Returns:
        The number of pixels of a JPEG, and four times that of a HEIC or AVIF; 0 for any other file, whose
        pixels are visited once.

    Raises:
        InvalidImageError: If the file has more pieces than any honest one, or needs too much memory.
    """
    if content.startswith(b"\xff\xd8"):
        return _walk_jpeg(content)
    if content[4:8] == b"ftyp":
        return HEIF_WORK * _walk_boxes(content)
    if content.startswith(b"\x89PNG"):
        _walk_png(content)
    elif content.startswith(b"GIF8"):
        _walk_gif(content)
    return 0


def _walk_jpeg(content: bytes) -> int:
    segments = scans = exif_segments = pixels = 0
    position = 2
    while match := _MARKER.search(content, position):
        marker, position = content[match.end() - 1], match.end()
        if marker == _END:  # phones append films and further pictures
            break
        if marker in (0x01, _START):  # nothing belongs to these
            continue
        if marker in _FRAMES:
            height, width = _number(content, position + 3, 2), _number(content, position + 5, 2)
            pixels = max(pixels, height * width)
            if marker in _PROGRESSIVE and 2 * pixels * _layers(content, position) > MAX_COEFFICIENTS:
                raise InvalidImageError(TOO_MUCH_MEMORY)
        segments += 1
        scans += marker == _SCAN
        exif_segments += marker == _EXIF
        if segments > MAX_SEGMENTS or exif_segments > MAX_EXIF_SEGMENTS:
            raise InvalidImageError(_TOO_BUSY.format(what="thousands of pieces"))
        if scans > MAX_SCANS or scans * pixels > MAX_SCANNED_PIXELS:
            raise InvalidImageError(_TOO_BUSY.format(what=f"{scans} scans"))
        position += max(2, _number(content, position, 2))
    return pixels * max(scans, 1)


def _layers(content: bytes, frame: int) -> float:
    """Returns the values per pixel in a JPEG frame: 3 in colour, 1.5 with halved colour resolution."""
    samplings = content[frame + 9 : frame + 8 + 3 * _number(content, frame + 7, 1) : 3]
    areas = [(sampling >> 4) * (sampling & 15) for sampling in samplings]
    return sum(areas) / max(1, *areas) if areas else 1


def _walk_png(content: bytes) -> None:
    position = 8
    for _ in range(MAX_CHUNKS):
        if position >= len(content) or content[position + 4 : position + 8] == b"IEND":
            return
        position += 12 + _number(content, position, 4)
    raise InvalidImageError(_TOO_BUSY.format(what=f"more than {MAX_CHUNKS:,} pieces"))


def _walk_gif(content: bytes) -> None:
    flags = content[10] if len(content) > 10 else 0
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    first = position
    while content[position : position + 1] == b"!":
        position += 2
        while (length := _number(content, position, 1)) and position - first <= MAX_GIF_EXTENSIONS:
            position += 1 + length
        position += 1
        if position - first > MAX_GIF_EXTENSIONS:
            raise InvalidImageError(_TOO_BUSY.format(what="comments"))


def _walk_boxes(content: bytes) -> int:
    """Returns the pixels of the largest image that the boxes of a HEIC or AVIF tell of, tiles included."""
    largest, count = 0, 0
    spans = [(0, len(content))]
    while spans:
        position, end = spans.pop()
        while position + 8 <= end:
            count += 1
            if count > MAX_CHUNKS:
                raise InvalidImageError(_TOO_BUSY.format(what=f"more than {MAX_CHUNKS:,} pieces"))
            size, kind, start = _number(content, position, 4), content[position + 4 : position + 8], 8
            if size == 1:  # a longer number follows
                size, start = _number(content, position + 8, 8), 16
            start += position
            stop = min(position + size, end) if size >= 8 else end  # 0 means up to the end
            if kind in (b"meta", b"iprp", b"ipco"):
                spans.append((start + 4 * (kind == b"meta"), stop))
            elif kind == b"ispe":
                largest = max(largest, _number(content, start + 4, 4) * _number(content, start + 8, 4))
            position = stop
    if largest > MAX_HEIF_PIXELS:
        raise InvalidImageError(TOO_MUCH_MEMORY)
    return largest


def _number(content: bytes, position: int, size: int) -> int:
    return int.from_bytes(content[position : position + size], "big")
