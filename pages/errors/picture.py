"""One picture: every model's answer, the nearest training pictures, and what the answers depend on."""

from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import choose_picture, show_picture_story
from fmnist.ui.pictures import show_download

page_header(
    "One picture",
    "What each model says about one picture of the data set, which training pictures it is most like, and "
    "what would change the answer.",
)
models = require_models()
show_download()
picture = choose_picture()
show_picture_story(picture, models)
