import re
from base64 import b64decode

import pytest

from bot.platforms.terminal_pictures import inline_protocol, render_inline, save_picture
from storage.model import Picture

NOON = 1_767_268_800.0  # 2026-01-01 12:00:00 UTC


@pytest.mark.parametrize(
    ("environ", "protocol"),
    [
        ({"TERM_PROGRAM": "iTerm.app", "TERM": "xterm-256color"}, "iterm2"),
        ({"LC_TERMINAL": "iTerm2", "TERM": "xterm-256color"}, "iterm2"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm2"),
        ({"WEZTERM_PANE": "0", "TERM": "xterm-256color"}, "iterm2"),
        ({"TERM_PROGRAM": "mintty"}, "iterm2"),
        ({"KITTY_WINDOW_ID": "1", "TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM_PROGRAM": "ghostty", "TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, None),
        ({"TERM_PROGRAM": "Apple_Terminal", "TERM": "xterm-256color"}, None),
        ({"TERM": "xterm-256color"}, None),
        ({"TMUX": "/tmp/tmux,1,0", "TERM_PROGRAM": "iTerm.app"}, None),
        ({"TMUX": "/tmp/tmux,1,0", "KITTY_WINDOW_ID": "1"}, None),
        ({"STY": "1.pts", "KITTY_WINDOW_ID": "1"}, None),
        ({"TERM": "screen-256color", "LC_TERMINAL": "iTerm2"}, None),
        ({}, None),
    ],
)
def test_the_environment_tells_how_pictures_are_shown(environ, protocol):
    assert inline_protocol(environ) == protocol


def test_iterm2_gets_the_file_in_one_sequence():
    assert render_inline(b"\x89PNG", "iterm2", 46) == (
        "\x1b]1337;File=inline=1;size=4;width=46;preserveAspectRatio=1:iVBORw==\a\n"
    )


def test_kitty_gets_a_small_picture_in_one_chunk():
    assert render_inline(b"\x89PNG", "kitty", 200) == (
        "\x1b_Ga=T,f=100,q=2,c=80,m=0;iVBORw==\x1b\\\n"
    )


def test_kitty_gets_a_large_picture_in_chunks_of_4096():
    png = bytes(range(256)) * 30
    chunks = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", render_inline(png, "kitty", 80))
    assert [head for head, _ in chunks] == ["a=T,f=100,q=2,c=80,m=1", "m=1", "m=0"]
    assert [len(data) for _, data in chunks] == [4096, 4096, 2048]
    assert b64decode("".join(data for _, data in chunks)) == png


def test_a_picture_is_saved_under_what_it_shows_and_when(tmp_path):
    path = save_picture(Picture(b"png", "Volume, last 24 h"), tmp_path / "charts", NOON)
    assert path == tmp_path / "charts" / "volume-last-24-h-20260101T120000Z.png"
    assert path.read_bytes() == b"png"


def test_two_pictures_of_one_second_are_both_kept(tmp_path):
    first = save_picture(Picture(b"1", "Fees"), tmp_path, NOON)
    second = save_picture(Picture(b"2", "Fees"), tmp_path, NOON)
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")


def test_a_picture_is_named_in_plain_letters(tmp_path):
    path = save_picture(Picture(b"png", "Gebühren, höchstens Größen"), tmp_path, NOON)
    assert path.name.startswith("gebuhren-hochstens-grossen-2026")


def test_a_description_cannot_leave_the_folder(tmp_path):
    path = save_picture(Picture(b"png", "../../etc/päss\x1b[2J"), tmp_path, NOON)
    assert path.parent == tmp_path
    assert re.fullmatch(r"[a-z0-9-]+-20260101T120000Z\.png", path.name)
    assert save_picture(Picture(b"png", "図"), tmp_path, NOON).name.startswith("chart-")
