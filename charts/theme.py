"""Colours and sizes, chosen for a phone: 1200 pixels that are looked at 350 wide.

The colours are told apart by colour-blind people too (the palette of Okabe and Ito), and
nothing is said by colour alone.
"""

from msgspec import Struct

WIDTH, HEIGHT = 1200, 900  # pixels
PANEL = 680
"""How high a part of a picture of several is: two are nearly a square, which chats show whole."""
DPI = 100

TITLE, TEXT, SMALL = 38, 27, 26  # points: 53, 38 and 36 pixels


class Theme(Struct, frozen=True):
    """The colours of a picture. `first` and `second` are for tracks, `accent` for marks."""

    name: str
    background: str
    text: str
    muted: str
    grid: str
    first: str
    second: str
    accent: str


DARK = Theme(
    name="dark",
    background="#11161d",
    text="#f0f4f8",
    muted="#9fb0c0",
    grid="#28323e",
    first="#56b4e9",
    second="#f0b030",
    accent="#ff8a5c",
)
LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#16202a",
    muted="#5a6875",
    grid="#e2e8ee",
    first="#0072b2",
    second="#d98200",
    accent="#c8401a",
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}
