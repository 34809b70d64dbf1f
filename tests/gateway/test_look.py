"""The tokens keep their promises of contrast, in light, in dark, and however somebody likes to read."""

import re
from pathlib import Path

import pytest

STYLE = Path("services/gateway/static/style.css").read_text()


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def _block(start: str, text: str = STYLE) -> str:
    found = text.split(start, 1)[1]
    return found[: found.index("}")]


LIGHT = _tokens(_block(":root {"))
DARK = LIGHT | _tokens(_block("@media (prefers-color-scheme: dark) {\n  :root {"))
SPACED_LIGHT = LIGHT | _tokens(_block(':root[data-reading~="spaced"] {'))
SPACED_DARK = DARK | _tokens(_block('@media (prefers-color-scheme: dark) {\n  :root[data-reading~="spaced"] {'))
CHOSEN = {"light": LIGHT, "dark": DARK, "spaced light": SPACED_LIGHT, "spaced dark": SPACED_DARK}
SAME = re.findall(r"--([\w-]+): var\(--([\w-]+)\)", _block(':root[data-reading~="plain"] {'))
PLAIN = {f"plain {name}": kept | {one: kept[other] for one, other in SAME} for name, kept in CHOSEN.items()}
SCHEMES = CHOSEN | PLAIN


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "grounds", "least"),
    [
        ("ink", ("paper", "sheet", "sand"), 7),
        ("ink-soft", ("paper", "sheet", "sand"), 7),
        ("link", ("paper", "sheet"), 7),
        ("night-ink", ("night",), 7),
        ("sage-ink", ("sage",), 7),
        ("look-ink", ("look", "paper"), 7),
        ("coral-ink", ("coral", "coral-deep"), 4.5),
        ("lamp", ("night",), 4.5),
        ("immediate", ("paper", "sheet"), 4.5),
        ("high", ("paper", "sheet"), 4.5),
        ("medium", ("paper", "sheet"), 4.5),
        ("low", ("paper", "sheet"), 4.5),
        ("edge", ("paper", "sheet"), 3),
        ("focus", ("paper", "sheet"), 3),
    ],
)
def test_words_stand_out_from_their_ground(scheme: str, text: str, grounds: tuple[str, ...], least: float) -> None:
    tokens = SCHEMES[scheme]
    for ground in grounds:
        found = contrast(tokens[text], tokens[ground])
        assert found >= least, f"{text} on {ground}: {found:.2f}"


@pytest.mark.parametrize("colour", re.findall(r"\.badge-\w+ \{ --badge: (#[0-9a-f]{6})", STYLE))
def test_each_badge_shows_its_shape(colour: str) -> None:
    assert contrast(colour, "#fffaf0") >= 3


def test_there_is_no_red() -> None:
    for colour in set(re.findall(r"#[0-9a-f]{6}", STYLE)):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert not (red > 150 and green < 70 and blue < 70), colour
