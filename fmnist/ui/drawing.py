"""The drawing on the board of one visitor: what was drawn, step by step, whatever shows it."""

import json
from dataclasses import dataclass, field
from typing import Any

from fmnist.pictures.outlines import HALF_SNEAKER, OUTLINES, Curve, draw_outline, draw_solid

MAX_STEP_BYTES = 2_000_000  # per drawing
MAX_STEPS = 30  # that can be undone; each holds a whole drawing
MAX_STEPS_BYTES = 10_000_000  # for all steps together
EMPTY_BOARD = "an empty board"
HALF_A_SNEAKER = "half a sneaker"
WHITE = "#FFFFFF"


@dataclass(frozen=True)
class Step:
    """A state of a drawing: the component's own objects as JSON, and their PNG, or None if empty.

    The objects take a tenth of the memory as text.
    """

    objects: str
    content: bytes | None

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self.objects) + len(self.content or b"")

    @property
    def count(self) -> int:
        """How many objects it has: each stroke or shape is one."""
        return len(json.loads(self.objects))


EMPTY = Step("[]", None)


@dataclass
class Drawing:
    """A drawing that can be undone step by step.

    Attributes:
        start: What it began with: EMPTY_BOARD, HALF_A_SNEAKER or a garment.
        steps: The drawing after each change, the latest last; the first cannot be undone.
        shown: The step that the component was last given to begin with.
        version: Counts what the component was given; it loads again when the number changes.
        number: Counts the components.
        stale: What the component reported when it was last given something. It repeats that until it has
            loaded, and with the polygon tool until the next shape.
        reported: What the component reported last.
        is_full: Whether the last stroke was one too many.
        is_fresh: Whether the visitor has done nothing yet.
    """

    start: str
    steps: list[Step] = field(default_factory=lambda: [EMPTY])
    shown: Step = EMPTY
    version: int = 0
    number: int = 0
    stale: str | None = None
    reported: str | None = None
    is_full: bool = False
    is_fresh: bool = True

    @classmethod
    def begun(cls, start: str, width: int) -> "Drawing":
        """Begins a visitor's first drawing."""
        drawing = cls(start)
        drawing.begin(start, width)
        drawing.is_fresh = True
        return drawing

    @property
    def content(self) -> bytes | None:
        """The drawing as PNG, or None if the board is empty."""
        return self.steps[-1].content

    def show_again(self) -> None:
        """Gives the component the latest step to begin with."""
        self.shown = self.steps[-1]
        self.stale = self.reported
        self.version += 1

    def show_anew(self) -> None:
        """Gives a new component the latest step, so that nothing is left of the old one."""
        self.show_again()
        self.stale = self.reported = None
        self.number += 1

    def take(self, step: Step) -> None:
        """Takes in what the component reports; it repeats its report at every run of the page."""
        self.reported = step.objects
        if step.objects == self.stale:
            return
        self.stale = None
        if step.objects == self.steps[-1].objects:
            return
        if step.count == self.steps[-1].count:  # what it was given, in its own words
            self.steps[-1] = step
            return
        self.is_full = False
        self.add(step)

    def add(self, step: Step) -> None:
        """Adds a step that can be undone, and drops the oldest ones if there are too many."""
        self.is_fresh = False
        self.steps = [*self.steps, step][-MAX_STEPS:]
        while len(self.steps) > 2 and sum(step.size for step in self.steps) > MAX_STEPS_BYTES:
            del self.steps[0]

    def undo(self) -> None:
        """Takes the last step back."""
        self.is_full = False
        if len(self.steps) > 1:  # the second of two quick clicks may arrive before the button is disabled
            self.steps.pop()
            self.show_again()

    def clear(self) -> None:
        """Empties the board; this too can be undone."""
        self.start = EMPTY_BOARD
        self.is_full = False
        self.add(EMPTY)
        self.show_again()

    def begin(self, start: str, width: int) -> None:
        """Begins anew with a start, drawn with a brush of `width` pixels; this cannot be undone."""
        first = draw_start(start, width)
        self.start, self.steps, self.is_fresh, self.is_full = start, [first], False, False
        self.show_again()

    def restore(self, step: Step) -> None:
        """Puts back a drawing that the browser has kept, after a reload of the page."""
        self.add(step)
        self.show_again()


def draw_start(start: str, width: int) -> Step:
    """Draws a start as the component's objects, so that the visitor can go on, and as a PNG.

    The component itself reports a PNG only once something has changed.
    """
    if start == EMPTY_BOARD:
        return EMPTY
    if start == HALF_A_SNEAKER:
        return Step(json.dumps([_as_polygon(HALF_SNEAKER, width, WHITE)]), draw_solid(HALF_SNEAKER, width))
    objects = [_as_polygon(curve, width, "transparent") for curve in OUTLINES[start]]
    return Step(json.dumps(objects), draw_outline(start, width))


def _as_polygon(curve: Curve, width: int, fill: str) -> dict[str, Any]:
    return {
        "type": "Polygon",
        "points": [{"x": x, "y": y} for x, y in curve],
        "fill": fill,
        "stroke": WHITE,
        "strokeWidth": width,
        "strokeLineJoin": "round",
    }
