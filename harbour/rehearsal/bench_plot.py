"""A picture of a measurement, drawn by hand as SVG: latency by rate, and where the processors' time goes."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

from harbour.rehearsal.bench_table import Line

_WIDTH, _HEIGHT = 860, 340
_PANEL, _TOP, _BOTTOM = 330, 60, 270
_COLOURS = {
    "gateway": "#1f5f7a", "chat": "#d9775b", "nats": "#6b8f71", "redis": "#c9a24b", "safeguard": "#7a5c8e",
    "notify": "#8aa1b1", "enrolment": "#b9a78f", "supervisor": "#444444",
}  # fmt: skip


def picture(lines: Sequence[Line], title: str) -> str:
    """The whole picture."""
    title = escape(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#1c2b33">',
        f"<title>{title}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#faf6ee"/>',
        _text(20, 26, title, size=15),
        *_latency(lines, 60),
        *_processors(lines, 490),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _latency(lines: Sequence[Line], left: int) -> list[str]:
    """p50 and p99, on a scale where each step is ten times the last."""
    values = [value for line in lines for value in (line.p50, line.p99) if value > 0] or [1.0]
    low, high = floor(log10(min(values))), max(ceil(log10(max(values))), floor(log10(min(values))) + 1)

    def y(value: float) -> float:
        share = (log10(max(value, 10**low)) - low) / (high - low)
        return _BOTTOM - share * (_BOTTOM - _TOP)

    drawn = [_text(left, 48, "ms from send to the last receiver")]
    for power in range(low, high + 1):
        drawn += _rule(left, y(10**power), f"{10**power:g}")
    for name, colour, pick in (("p50", "#1f5f7a", 0), ("p99", "#d9775b", 1)):
        points = [(_x(left, n, len(lines)), y((line.p50, line.p99)[pick])) for n, line in enumerate(lines)]
        path = " ".join(f"{x:.1f},{height:.1f}" for x, height in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{height:.1f}" r="3.5" fill="{colour}"/>' for x, height in points]
        drawn.append(_text(left + _PANEL - 60 + 35 * pick, 48, name, fill=colour))
    return [*drawn, *_feet(lines, left)]


def _processors(lines: Sequence[Line], left: int) -> list[str]:
    """What each part uses for 1,000 deliveries, one on top of the other."""
    most = max((sum(line.parts.values()) for line in lines), default=0.0) or 1.0
    drawn = [_text(left, 48, "processor seconds for 1,000 deliveries")]
    for step in range(5):
        drawn += _rule(left, _BOTTOM - step / 4 * (_BOTTOM - _TOP), f"{most * step / 4:.2g}")
    for n, line in enumerate(lines):
        height = float(_BOTTOM)
        for name, seconds in line.parts.items():
            tall = seconds / most * (_BOTTOM - _TOP)
            height -= tall
            x, colour = _x(left, n, len(lines)) - 18, _COLOURS.get(name, "#999999")
            drawn.append(f'<rect x="{x:.1f}" y="{height:.1f}" width="36" height="{tall:.1f}" fill="{colour}"/>')
    names = [name for name in _COLOURS if any(line.parts.get(name, 0) > most / 200 for line in lines)]
    for n, name in enumerate(names):
        x = left - 30 + n % 4 * 85
        drawn.append(f'<rect x="{x}" y="{301 + n // 4 * 18}" width="10" height="10" fill="{_COLOURS[name]}"/>')
        drawn.append(_text(x + 14, 310 + n // 4 * 18, name))
    return [*drawn, *_feet(lines, left)]


def _feet(lines: Sequence[Line], left: int) -> list[str]:
    """What was asked for, under each column."""
    labels = ["max" if line.asked is None else f"{line.asked:g}/s" for line in lines]
    return [_text(_x(left, n, len(lines)), 288, label, anchor="middle") for n, label in enumerate(labels)]


def _rule(left: int, y: float, label: str) -> list[str]:
    line = f'<line x1="{left}" y1="{y:.1f}" x2="{left + _PANEL}" y2="{y:.1f}" stroke="#cfc7b8" stroke-width="1"/>'
    return [line, _text(left - 6, y + 4, label, anchor="end")]


def _x(left: int, number: int, count: int) -> float:
    return left + (number + 0.5) * _PANEL / max(1, count)


def _text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#1c2b33", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}">{words}</text>'
