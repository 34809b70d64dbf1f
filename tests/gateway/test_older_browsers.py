"""Our scripts and styles keep to what the browsers of the last two years can do.

The oldest counted are those of November 2024: Safari 17.6, Firefox 128, Chrome 130 and Samsung Internet 26, which is
Chromium 122. Take a line out once the oldest of them all has the feature; what only adorns is not listed.
"""

import re
from pathlib import Path

import pytest

STATIC = Path("services/gateway/static")
TEMPLATES = Path("services/gateway/templates")
TOO_NEW = [  # what, how it is written, an example, what happens without it
    ("style", r"@starting-style|allow-discrete", "@starting-style {", "Firefox 128 never shows the first state"),
    ("style", r"interpolate-size|calc-size\(", "height: calc-size(auto, size);", "only Chromium sizes it"),
    ("style", r"field-sizing", "field-sizing: content;", "a box does not grow with its words"),
    ("style", r"light-dark\(", "color: light-dark(#000, #fff);", "Samsung Internet 26 drops the colour"),
    ("style", r"@scope\b", "@scope (.card) {", "Firefox 128 drops every rule in it"),
    ("style", r"anchor-name|position-anchor|anchor\(", "top: anchor(bottom);", "it stands in the wrong place"),
    ("style", r"::details-content|:open\b", "details:open {", "Safari 17 and Firefox 128 drop the rule"),
    ("style", r"[:\s(,]if\(|@function\b", "color: if(style(--dark): white);", "only Chromium knows it"),
    ("page", r"\bclosedby=|\bcommandfor=", '<button commandfor="sheet">', "the button does nothing"),
    ("page", r"until-found", '<div hidden="until-found">', "Safari 17 shows it to nobody"),
    ("script", r"\.requestClose\(|\bCloseWatcher\b", "sheet.requestClose()", "Safari 17 and Firefox 128 stop"),
    (
        "script",
        r"\.(?:values|keys|entries)\(\)\s*\.(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(|"
        r"\bIterator\.",
        "rooms.values().map(name)",
        "Safari 17 and Firefox 128 have no helpers on iterators",
    ),
    ("script", r"\bPromise\.try\(|\bRegExp\.escape\(|\bMath\.sumPrecise\(", "Promise.try(go)", "Safari 17 stops"),
    ("script", r"\.toHex\(|\.fromHex\(|\.toBase64\(|\.fromBase64\(", "bytes.toHex()", "only the newest have it"),
    ("script", r"\bTemporal\.|\bIntl\.DurationFormat\b", "Temporal.Now.instant()", "only the newest have it"),
    ("script", r"\brequestIdleCallback\(|\bscheduler\.", "requestIdleCallback(go)", "no Safari has it"),
    ("script", r"startViewTransition\(|\bnavigation\.|\.moveBefore\(", "list.moveBefore(a, b)", "Firefox 128 stops"),
    ("script", r"\bwith \{ *type:|^\s*(?:await )?using ", "import a from './a.json' with { type: 'json' }", "not read"),
]
KINDS = {"style": [*STATIC.glob("*.css")], "script": [*STATIC.glob("*.js")], "page": [*TEMPLATES.rglob("*.html")]}


@pytest.mark.parametrize(("kind", "written", "example", "without"), TOO_NEW, ids=[row[2] for row in TOO_NEW])
def test_nothing_is_used_that_a_browser_of_two_years_ago_lacks(
    kind: str, written: str, example: str, without: str
) -> None:
    assert re.search(written, example), "the example is what the pattern looks for"
    assert KINDS[kind]
    for file in KINDS[kind]:
        found = re.search(written, file.read_text(), re.MULTILINE)
        assert found is None, f"{file}: {found and found[0]}: {without}"


def test_what_outlives_a_page_has_another_way_where_fetch_cannot() -> None:
    """Firefox before 133 ends a fetch with its page, and leaving by Exit would not sign out."""
    assert "sendBeacon" in (STATIC / "exit.js").read_text()
