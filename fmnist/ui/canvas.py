"""The drawing board: the only place that touches streamlit-drawable-canvas."""

BOARD_SIZE = 280  # pixels a side, ten times the model's picture
MAX_BYTES = 1_000_000


def show_drawing_board(key: str) -> bytes | None:
    """Shows a black board with a white brush; must be called while a page runs.

    Returns:
        The drawing as PNG bytes, or None as long as nothing was drawn.
    """
    import streamlit as st

    # Importing it registers a component, which is only possible inside a running app.
    from streamlit_drawable_canvas import st_canvas

    stroke_width = st.slider(
        "Brush width (pixels)", 8, 40, 22, key=f"{key}_width",
        help="The board has 280 pixels a side and is reduced tenfold: thin lines fade.",
    )  # fmt: skip
    try:
        drawing = st_canvas(
            stroke_width=stroke_width,
            stroke_color="#FFFFFF",
            background_color="#000000",
            height=BOARD_SIZE,
            width=BOARD_SIZE,
            drawing_mode="freedraw",
            return_image_data=True,
            key=key,
        )
        content = drawing.image_bytes
    except ValueError:  # a forged state; an honest browser never sends one
        return None
    strokes = (drawing.json_data or {}).get("objects")
    return content if strokes and content and len(content) <= MAX_BYTES else None
