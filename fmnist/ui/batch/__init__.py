"""Many pictures at once: opened and answered, then shown as a table."""

from fmnist.ui.batch.opening import answer_batch, open_batch
from fmnist.ui.batch.table import show_limits, show_refused, show_right, show_table

__all__ = ["answer_batch", "open_batch", "show_limits", "show_refused", "show_right", "show_table"]
