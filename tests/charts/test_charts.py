"""Every chart of the registry draws whatever it is given, and always the same way."""

import subprocess
import sys
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from charts.model import ENGLISH, Level, Mark, Measure, Series, Track, Value, Words
from charts.page import AXES_LEFT, AXES_RIGHT, FOOT
from charts.registry import CHARTS, chart_named
from charts.render import render_chart
from charts.theme import HEIGHT, PANEL, THEMES, WIDTH

QUARTER = 900
START = 1_762_000_200  # in the middle of an hour
TRACKS = {
    "volume": 1,
    "rate": 2,
    "fees": 3,
    "sizes": 1,
    "summary": 4,
    "crossings": 2,
    "peaks": 2,
    "drift": 4,
    "oddity": 3,
}
BITCOIN = 100_000_000

rates = st.just(0.0) | st.floats(1e-9, 1e6)
values = st.one_of(st.none(), st.integers(0, 21_000_000 * BITCOIN), rates)
words = st.text(max_size=60)


def series_of(
    kind: str, numbers: tuple[Value, ...], title: str = "Calm", subtitle: str = "last day", **more
) -> Series:
    edges = tuple(edge(kind, index) for index in range(len(numbers) + 1))
    tracks = tuple(
        Track(name, tuple(value and value * (1 + place) for value in numbers))
        for place, name in enumerate(("first", "second", "third", "fourth")[: TRACKS[kind]])
    )
    edges_in = Measure("amount in BTC", BITCOIN) if kind == "sizes" else None
    return Series(title, subtitle, Measure("BTC"), edges, tracks, edges_in, **more)


def edge(kind: str, index: int) -> int:
    return int(10 ** (1 + index / 12)) if kind == "sizes" else START + QUARTER * index


def full(kind: str, buckets: int = 20) -> Series:
    end = START + buckets * QUARTER
    numbers = tuple(40 + index * 37 % 61 for index in range(buckets))
    at = (10 * BITCOIN, 1000 * BITCOIN) if kind == "sizes" else (START, START + 9000)
    return series_of(
        kind, numbers, "A busy day: 412k BTC moved, twice the usual", incomplete=True,
        usual=Level("usual", 70), marks=(Mark(at[0], "1,200 BTC"), Mark(at[1], "reorg")),
        ticks=tuple(range(START, end, 600)), timezone="Europe/Berlin",
        gaps=((START - 50, START + 5000), (end - 10, end + 100)),
    )  # fmt: skip


SITUATIONS = {
    "full": full,
    "empty": lambda kind: series_of(kind, ()),
    "unknown": lambda kind: series_of(kind, (None,) * 10),
    "one point": lambda kind: series_of(kind, (5,)),
    "one among unknowns": lambda kind: series_of(kind, (None, None, 5, None)),
    "zeros": lambda kind: series_of(kind, (0,) * 30),
    "tiny": lambda kind: series_of(kind, (1e-9, 2e-9)),
    "no tracks": lambda _: Series("Nothing", "", Measure("BTC"), (), ()),
}


LONG_WORDS = Words(thousands="{n} Tsd.", millions="{n} mil M")


def grown(track: Track) -> tuple[Value, ...]:
    return tuple(value and value * 5_000_000 for value in track.values)


def is_picture(png: bytes) -> bool:
    with Image.open(BytesIO(png)) as picture:
        picture.load()
        return picture.format == "PNG" and picture.size == (WIDTH, HEIGHT)


@pytest.fixture(params=[chart.name for chart in CHARTS])
def kind(request):
    return request.param


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_chart_draws_a_picture_that_fits_into_a_chat(kind, situation):
    png = render_chart(kind, SITUATIONS[situation](kind), "dark")
    assert is_picture(png)
    assert len(png) < 500_000


@pytest.mark.parametrize("situation", ["full", "empty", "one point"])
def test_what_is_below_has_a_panel_of_its_own_and_leaves_the_other_alone(situation):
    uppers, lowers = [], []
    for below in (SITUATIONS[situation]("summary"), SITUATIONS["zeros"]("summary")):
        both = replace(full("summary"), below=below)
        with Image.open(BytesIO(render_chart("summary", both, "dark"))) as picture:
            assert picture.size == (WIDTH, 2 * PANEL)
            uppers.append(picture.crop((0, 0, WIDTH, PANEL)).tobytes())
            lowers.append(picture.crop((0, PANEL, WIDTH, 2 * PANEL)).tobytes())
    assert uppers[0] == uppers[1]
    assert lowers[0] != lowers[1]


def test_a_year_of_quarter_hours_is_one_picture_too(kind):
    count = 30 if kind == "sizes" else 365 * 96
    png = render_chart(
        kind, series_of(kind, tuple(at * 7919 % 10_007 for at in range(count))), "dark"
    )
    assert is_picture(png)
    assert len(png) < 500_000


def test_the_same_series_is_the_same_picture_and_another_value_another(kind):
    numbers, others = (1, 2, 3), (1, 3, 3)
    png = render_chart(kind, series_of(kind, numbers), "dark")
    assert png == render_chart(kind, series_of(kind, numbers), "dark")
    assert png != render_chart(kind, series_of(kind, others), "dark")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("buckets", [8, 96])
@pytest.mark.parametrize("words", [ENGLISH, LONG_WORDS], ids=["short words", "long words"])
def test_nothing_touches_the_rim_of_a_picture(kind, theme, buckets, words):
    series = replace(full(kind, buckets), words=words)
    if words is LONG_WORDS:
        series = replace(series, tracks=tuple(replace(t, values=grown(t)) for t in series.tracks))
    with Image.open(BytesIO(render_chart(kind, series, theme.name))) as picture:
        colors = picture.convert("RGB")
    rim = 8
    sides = (
        (0, 0, WIDTH, rim),
        (0, HEIGHT - rim, WIDTH, HEIGHT),
        (0, 0, rim, HEIGHT),
        (WIDTH - rim, 0, WIDTH, HEIGHT),
    )
    background = tuple(bytes.fromhex(theme.background[1:]))
    assert {colors.crop(side).getextrema() for side in sides} == {
        tuple((part, part) for part in background)
    }


@pytest.mark.parametrize("kind", ["volume", "rate", "peaks"])
def test_a_date_that_the_right_edge_would_cut_off_is_left_out(kind):
    monday = 1_762_128_000
    edges = tuple(range(monday - 30 * 86400, monday + 1, 86400))
    words = replace(ENGLISH, day="{day}. {month}ember")
    series = replace(series_of(kind, tuple(range(1, 31)), words=words), edges=edges)
    with Image.open(BytesIO(render_chart(kind, series, "light"))) as picture:
        rim = picture.convert("L").crop((WIDTH - 8, 0, WIDTH, HEIGHT))
    assert min(rim.tobytes()) == 255


@pytest.mark.parametrize("kind", ["crossings", "peaks"])
def test_a_dot_at_the_edge_is_drawn_whole(kind):
    """Of 200 buckets the first is narrower than half a dot."""
    series = series_of(kind, (50, *(None,) * 198, 40))
    accent = tuple(bytes.fromhex(THEMES["light"].accent[1:]))
    with Image.open(BytesIO(render_chart(kind, series, "light"))) as picture:
        colors = picture.convert("RGB")
    for left in (AXES_LEFT - 8, AXES_RIGHT):
        beside = colors.crop((left, 250, left + 8, 790)).tobytes()
        assert bytes(accent) in beside


def test_numbers_of_bars_that_would_touch_stand_beside_the_axis():
    counts = tuple(1_200 + 100 * bar for bar in range(11))
    pictures = []
    for words in (ENGLISH, LONG_WORDS):
        series = series_of("sizes", counts, words=words)
        with Image.open(BytesIO(render_chart("sizes", series, "light"))) as picture:
            beside = picture.convert("L").crop((0, 300, 60, HEIGHT - FOOT))
            pictures.append(min(beside.tobytes()) < 255)
    assert pictures == [False, True]


@settings(max_examples=15)
@given(
    name=st.sampled_from([chart.name for chart in CHARTS]), title=words, subtitle=words,
    label=words, numbers=st.lists(values, max_size=12).map(tuple), incomplete=st.booleans(),
    usual=st.one_of(st.none(), st.integers(0, 10**15)),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Apia", "America/New_York"]),
    at=st.lists(st.integers(-(2**40), 2**40), max_size=4),
)  # fmt: skip
def test_any_values_and_any_words_are_drawn(
    name, title, subtitle, label, numbers, incomplete, usual, zone, at
):
    series = series_of(
        name, numbers, title, subtitle, incomplete=incomplete, timezone=zone,
        usual=None if usual is None else Level(label, usual),
        marks=tuple(Mark(place, label) for place in at), ticks=tuple(at),
        gaps=tuple((place, place + 10_000) for place in at),
    )  # fmt: skip
    assert is_picture(render_chart(name, series, "light"))


def test_charts_are_found_by_name():
    assert [chart_named(chart.name) for chart in CHARTS] == list(CHARTS)
    assert all(chart.summary for chart in CHARTS)
    with pytest.raises(LookupError, match=r"no chart 'pie', only volume, rate"):
        chart_named("pie")
    with pytest.raises(LookupError, match=r"no theme 'pink', only dark, light"):
        render_chart("volume", full("volume"), "pink")


def test_tracks_that_do_not_fit_their_buckets_are_refused():
    with pytest.raises(ValueError, match=r"'moved' has 1 values for 2 buckets"):
        Series("", "", Measure("BTC"), (0, 1, 2), (Track("moved", (1,)),))


def test_matplotlib_comes_with_the_first_drawing_and_pyplot_never():
    script = (
        "import sys, charts.registry, charts.render\n"
        "assert 'matplotlib' not in sys.modules and 'numpy' not in sys.modules\n"
        "charts.render.warm_up()\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
