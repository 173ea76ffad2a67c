"""axe-core in a real browser finds nothing worse than minor, in light, in dark and on a phone."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image

from dashboard import SECTIONS
from fmnist import artifacts
from tests.browser.conftest import stroke, verdict, visit
from tests.browser.watching import WATCH, wait_until_settled
from tests.scenes import TROUSER, photograph

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESSES = [page.address for pages in SECTIONS.values() for page in pages]
ADDRESSES += ["Classify?source=Draw", "Classify?source=Upload", "Training_curves?watch=true"]
ADDRESSES += ["Slices?slice=shirt"]
CHOSEN = [model.run.name for model in artifacts.load_models()][:2]
ADDRESSES += [
    "Confusion_matrices?slice=darkest&true=shirt&predicted=t-shirt",
    "Confusion_matrices?table=true",
]
ADDRESSES += [f"Runs?runs={CHOSEN[0]}", f"Runs?runs={','.join(CHOSEN)}"]
WIDTH, PHONE = 1440, 390
HEIGHTS = {WIDTH: 4_000, PHONE: 9_000}  # of most pages; a change of the size draws all charts anew
# Colours do not depend on the width, and nothing else depends on the theme.
VIEWS = {
    "light": (WIDTH, "light", {}),
    "dark": (WIDTH, "dark", {"runOnly": ["color-contrast", "link-in-text-block"]}),
    "phone": (PHONE, "light", {"rules": {"color-contrast": {"enabled": False}}}),
}
STILL = "*, ::before, ::after { transition: none !important; animation: none !important }"


@pytest.fixture(scope="module")
def tab(browser):
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHTS[WIDTH]})
    context.add_init_script(WATCH)
    context.add_init_script(AXE_SCRIPT)  # the dashboard's own policy would forbid the page to load a script
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def show_everything(page, picture):
    """Gives the page what it asks for, a picture or a stroke, and opens what is folded."""
    for uploader in page.locator("input[type=file]").all():
        uploader.set_input_files(picture)
        wait_until_settled(page)
    if "source=Draw" in page.url:
        page.locator("canvas").last.wait_for()
        stroke(page, (90, 30), (90, 240))
    if "source=" in page.url:
        verdict(page).wait_for()
    wait_until_settled(page)
    folded = page.locator("[data-testid=stMain] details:not([open]) > summary")
    while folded.count():
        folded.first.click()
        wait_until_settled(page)  # some run the page


def look_at(page, width, theme):
    """Shows the page in a width and a theme, all of it in view: axe judges what is in view only."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    wait_until_settled(page, 100)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    if height > HEIGHTS[width]:
        page.set_viewport_size({"width": width, "height": height})


def find_faults(page, options):
    """Lists what axe finds: rule, element and figures, in words."""
    options = {"resultTypes": ["violations"], "preload": False, **options}
    found, begun = page.evaluate(
        "async options => {"
        " const { violations } = await axe.run(options);"
        " return [violations, document.querySelector('[data-stale=true]') !== null]; }",
        options,
    )
    if begun:  # the page runs again, so what it shows is faded
        wait_until_settled(page)
        return find_faults(page, options)
    return [
        f"{rule['id']} ({rule['impact']}) at {' '.join(map(str, node['target']))}\n"
        f"    {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in found
        if rule["impact"] != "minor"
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_on(tab, server, tmp_path, address):
    picture = tmp_path / "trouser.png"
    Image.fromarray(photograph(TROUSER, 60, 205, seed=4)[0]).save(picture)
    tab.set_viewport_size({"width": WIDTH, "height": HEIGHTS[WIDTH]})
    tab.emulate_media(color_scheme="light")
    visit(tab, f"{server.address}/{address}")
    tab.add_style_tag(content=STILL)  # a colour on its way to another has any contrast
    show_everything(tab, picture)
    faults = []
    for view, (width, theme, options) in VIEWS.items():
        look_at(tab, width, theme)
        faults += [f"{view}: {fault}" for fault in find_faults(tab, options)]
    assert not faults, "\n\n".join(faults)


def test_axe_would_find_what_is_wrong(tab, server):
    """The page's rules forbid scripts from elsewhere, and axe is one: does axe really run, in both themes?"""
    visit(tab, f"{server.address}/Classify_a_batch")
    tab.evaluate(
        "() => document.querySelector('[data-testid=stMain] h1').insertAdjacentHTML('afterend',"
        "'<h4>Skips</h4><p style=\"color:#999;background:#bbb\">Pale</p>')"
    )
    for view, (width, theme, options) in VIEWS.items():
        look_at(tab, width, theme)
        said = "\n".join(find_faults(tab, options))
        assert ("heading-order" in said) == (view != "dark"), said
        assert ("color-contrast" in said) == (view != "phone"), said
