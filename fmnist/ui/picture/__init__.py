"""One picture and everything known about it: in a drawer beside any gallery, and on a page of its own."""

from fmnist.ui.picture.choice import choose_picture
from fmnist.ui.picture.drawer import close_picture, find_opened, open_picture, show_opened
from fmnist.ui.picture.story import show_picture_story
from fmnist.ui.picture.why import ask_why, show_why

__all__ = [
    "ask_why",
    "choose_picture",
    "close_picture",
    "find_opened",
    "open_picture",
    "show_opened",
    "show_picture_story",
    "show_why",
]
