"""What a browser notices by itself on a page: when the page last changed, and what jumped."""

WATCH = """
window.changed = 0;
window.jumps = [];
new MutationObserver(() => { changed = performance.now(); }).observe(
    document, {subtree: true, childList: true, attributes: true, characterData: true});
const describe = node => {
    const element = node && (node.closest ? node : node.parentElement);
    if (!element) return 'something that is gone';
    const named = element.closest('[data-testid]')?.dataset.testid;
    return `${element.tagName.toLowerCase()} in ${named}: ${(element.textContent || '').trim().slice(0, 40)}`;
};
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) jumps.push({
        value: entry.value, expected: entry.hadRecentInput,
        of: entry.sources.map(source => describe(source.node))});
}).observe({type: 'layout-shift', buffered: true});
"""
"""Give this to `add_init_script` of a context or a page before the dashboard is opened."""

_RESTS = """quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app?.getAttribute('data-test-script-state') === 'notRunning'
        && document.querySelector('[data-testid=stMain] h1')
        && !document.querySelector('[data-testid=stSkeleton]')
        && performance.now() - changed > quiet;
}"""


def wait_until_settled(page, quiet=300):
    """Waits until no script runs and nothing has changed for `quiet` milliseconds.

    Returns:
        When the page last changed, in milliseconds since it was asked for.
    """
    page.wait_for_function(_RESTS, arg=quiet)
    return page.evaluate("changed")
