"""A picture of the figures in SVG: one bar a question, split into its stages. Pure."""

from __future__ import annotations

from html import escape

from mbc_voice.bench.figures import STAGES, Figures, Turn

WIDTH, LEFT, RIGHT, TOP = 900, 20, 60, 90
BAR, GAP = 9, 3
COLOURS = dict(zip(STAGES, ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee"), strict=True))
"""Paul Tol's bright scheme, which colour-blind people can tell apart."""
FONT = 'font-family="sans-serif" font-size="12"'


def svg(figures: Figures) -> str:
    """Return the picture; it says in words, too, what it shows."""
    timed = [turn for turn in figures.turns if turn.total is not None]
    timed.sort(key=lambda turn: turn.total or 0.0)
    longest = max((turn.total or 0.0 for turn in timed), default=1000.0)
    limit = -(-longest // 250) * 250 or 250
    height = TOP + len(timed) * (BAR + GAP) + 50
    scale = (WIDTH - LEFT - RIGHT) / limit
    title, words = _words(figures)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title words">',
        f'<title id="title">{escape(title)}</title><desc id="words">{escape(words)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="24" {FONT} font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="44" {FONT}>{escape(words)}</text>',
        *_legend(),
        *_grid(limit, scale, height),
    ]
    for row, turn in enumerate(timed):
        parts += _bar(turn, TOP + row * (BAR + GAP), scale)
    parts += _medians(figures, scale, height)
    return "\n".join([*parts, "</svg>", ""])


def _words(figures: Figures) -> tuple[str, str]:
    summary, setup = figures.summary(), figures.setup
    total = summary["first_sound_ms"]
    title = f"End of a question to the first sound of its answer, with {setup['recognizer']}"
    if total is None:
        return title, "No question was answered."
    return title, (
        f"{summary['answered']} questions: median {total['p50']:.0f} ms, "
        f"95th percentile {total['p95']:.0f} ms. {figures.machine['processor']}, "
        f"{figures.machine['cores']} cores."
    )


def _legend() -> list[str]:
    parts = []
    for number, (name, colour) in enumerate(COLOURS.items()):
        x = LEFT + number * 110
        parts.append(f'<rect x="{x}" y="56" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="66" {FONT}>{name}</text>')
    return parts


def _grid(limit: float, scale: float, height: int) -> list[str]:
    parts = []
    step = 250 if limit <= 2500 else 1000
    for at in range(0, int(limit) + 1, step):
        x = LEFT + at * scale
        parts.append(
            f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 36}" stroke="#dddddd"/>'
        )
        parts.append(
            f'<text x="{x:.1f}" y="{height - 20}" {FONT} text-anchor="middle">{at} ms</text>'
        )
    return parts


def _bar(turn: Turn, y: int, scale: float) -> list[str]:
    parts, x = [], float(LEFT)
    for name in STAGES:
        width = turn.stages.get(name, 0.0) * scale
        what = escape(f"{turn.text} {name} {turn.stages.get(name, 0.0):.0f} ms")
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" '
            f'fill="{COLOURS[name]}"><title>{what}</title></rect>'
        )
        x += width
    return parts


def _medians(figures: Figures, scale: float, height: int) -> list[str]:
    total = figures.summary()["first_sound_ms"] or {}
    parts = []
    for name in ("p50", "p95"):
        if name in total:
            x = LEFT + total[name] * scale
            parts.append(
                f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 36}" '
                'stroke="black" stroke-dasharray="4 3"/>'
            )
            parts.append(
                f'<text x="{x:.1f}" y="{TOP - 10}" {FONT} text-anchor="middle">{name}</text>'
            )
    return parts
