"""The terminal chat as a program of its own, in a real pseudo-terminal and in real pipes."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import asyncio, signal, sys
from pathlib import Path
from bot.platforms.terminal import Terminal
from storage.model import Button, Chat, Message, Text
from tests.bot.platforms.test_terminal_completion import COMMANDS, complete

CHAT = Chat(1, "terminal", "local", "", "private", "", "en", "UTC", "USD")
ALERT = Message(
    (Text("812 BTC moved"),), ((Text("A to B"),),), ((Button("Mute", token="mute-it"),),)
)

async def dispatch(incoming):
    return Message((Text(f"heard {incoming.text}{incoming.pressed} é"),))

async def main():
    chat = Terminal(COMMANDS, complete, Path(sys.argv[1]), now=lambda: 0.0)
    loop, alerts = asyncio.get_running_loop(), []
    running = asyncio.ensure_future(chat.run(dispatch))
    loop.add_signal_handler(
        signal.SIGUSR1, lambda: alerts.append(asyncio.ensure_future(chat.send(CHAT, ALERT)))
    )
    loop.add_signal_handler(signal.SIGUSR2, lambda: print("a log line", file=sys.stderr))
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    await asyncio.wait({running})
    print("over", "cancelled" if running.cancelled() else running.result())

asyncio.run(main())
"""
CONTROL = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b[=>]")


def drawn(output: str) -> list[str]:
    """The rows of a terminal, as tall as it must be, after `output` was written to it."""
    rows: list[list[str]] = [[]]
    row = column = position = 0
    while position < len(output):
        if control := CONTROL.match(output, position):
            position = control.end()
            row, column = _steered(rows, row, column, control[1] or "", control[2] or "")
            continue
        character = output[position]
        position += 1
        if character == "\r":
            column = 0
        elif character == "\b":
            column = max(0, column - 1)
        elif character == "\n":
            row += 1
        else:
            assert character.isprintable(), f"unexpected {character!r}"
            _put(rows, row, column, character)
            column += 1
    return ["".join(cells).rstrip() for cells in rows]


def _put(rows, row, column, character):
    rows.extend([] for _ in range(row + 1 - len(rows)))
    cells = rows[row]
    cells.extend(" " * (column + 1 - len(cells)))
    cells[column] = character


def _steered(rows, row, column, argument, final):
    if final in {"m", "h", "l", "q", ""}:
        return row, column
    steps = int(argument or (0 if final in "JK" else 1))
    if final in "JK":
        assert steps == 0, "only what follows the cursor is erased"
        rows.extend([] for _ in range(row + 1 - len(rows)))
        del rows[row][column:]
        if final == "J":
            del rows[row + 1 :]
        return row, column
    moves = {"A": (-steps, 0), "B": (steps, 0), "C": (0, steps), "D": (0, -steps)}
    down, right = moves[final]
    return max(0, row + down), max(0, column + right)


class Window:
    """The program in a pseudo-terminal of 60 columns, and what is on its screen."""

    def __init__(self, pictures: Path) -> None:
        self.ours, self.theirs = os.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
        self.before = termios.tcgetattr(self.theirs)
        self.program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(pictures)],
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            cwd=ROOT,
            env={**environment(), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
            start_new_session=True,
        )
        self.output = ""

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def rows(self) -> list[str]:
        return [row for row in drawn(self.output) if row]

    def wait_for(self, *last: str) -> None:
        """Until the last rows that are not empty are these."""
        deadline = time.monotonic() + 60
        while tuple(self.rows()[-len(last) :]) != last:
            assert time.monotonic() < deadline, f"not {last} but {self.rows()}"
            if select.select([self.ours], [], [], 0.05)[0]:
                self.output += os.read(self.ours, 65536).decode()

    def close(self) -> None:
        self.program.kill()
        self.program.wait()
        os.close(self.ours)
        os.close(self.theirs)


def environment() -> dict[str, str]:
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def window(tmp_path):
    window = Window(tmp_path)
    window.wait_for(">")
    yield window
    window.close()


def test_an_alert_leaves_the_line_being_typed_whole(window):
    window.type("half a li")
    window.wait_for("> half a li")
    window.program.send_signal(signal.SIGUSR1)
    window.wait_for("00:00 812 BTC moved", "A to B", "#1 Mute", "> half a li")
    window.type("ne\r")
    window.wait_for("> half a line", "heard half a line é", ">")
    assert window.rows().count("00:00 812 BTC moved") == 1


def test_an_alert_leaves_the_open_menu_whole(window):
    menu = ("> /sta", "       /stats   What happened lately", "       /status  How the sources are")
    window.type("/sta")
    window.wait_for(*menu)
    window.program.send_signal(signal.SIGUSR1)
    window.wait_for("00:00 812 BTC moved", "A to B", "#1 Mute", *menu)
    window.type("tus\r")
    window.wait_for("> /status", "heard /status é", ">")


def test_many_alerts_at_once_stay_apart_and_their_buttons_work(window):
    window.type("hel")
    window.wait_for("> hel")
    for number in (1, 2, 3):
        window.program.send_signal(signal.SIGUSR1)
        window.wait_for("A to B", f"#{number} Mute", "> hel")
    window.type("lo\r")
    window.wait_for("heard hello é", ">")
    window.type("#2\r")
    window.wait_for("heard mute-it é", ">")


def test_what_others_print_appears_above_the_prompt_too(window):
    window.type("half a li")
    window.wait_for("> half a li")
    window.program.send_signal(signal.SIGUSR2)
    window.wait_for("a log line", "> half a li")


@pytest.mark.parametrize("leave", ["\x04", "\x03", "/quit\r"])
def test_leaving_ends_the_chat_and_gives_the_terminal_back(window, leave):
    window.type(leave)
    window.wait_for("over None")
    assert window.program.wait(60) == 0
    assert termios.tcgetattr(window.theirs) == window.before


def test_stopping_the_program_gives_the_terminal_back(window):
    window.type("half a li")
    window.wait_for("> half a li")
    window.program.send_signal(signal.SIGTERM)
    window.wait_for("over cancelled")
    assert window.program.wait(60) == 0
    assert termios.tcgetattr(window.theirs) == window.before


def piped(pictures: Path, **streams) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(pictures)],
        capture_output=True,
        cwd=ROOT,
        env=environment() | streams.pop("env", {}),
        timeout=60,
        check=False,
        **streams,
    )


def test_a_pipe_is_answered_as_plain_text_until_it_ends(tmp_path):
    done = piped(tmp_path, input=b"/stats\n\nbad \xff bytes\r\nlast")
    assert done.stderr == b""
    assert done.returncode == 0
    greeting, *answers = done.stdout.decode().split("\n\n")
    assert greeting.startswith("Spyhop watches blockchains")
    assert answers == ["heard /stats é", "heard bad \ufffd bytes é", "heard last é", "over None\n"]
    assert "\x1b" not in done.stdout.decode()


def test_a_file_is_read_like_a_pipe(tmp_path):
    script = tmp_path / "script"
    script.write_text("/stats\n/quit\nnever\n")
    with script.open("rb") as stdin:
        done = piped(tmp_path, stdin=stdin)
    assert done.stdout.decode().split("\n\n")[1:] == ["heard /stats é", "over None\n"]


def test_characters_that_the_output_lacks_become_question_marks(tmp_path):
    done = piped(tmp_path, input=b"x\n", env={"PYTHONIOENCODING": "ascii"})
    assert "heard x ?\n" in done.stdout.decode()


def test_an_answer_arrives_before_the_pipe_ends(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=environment(),
    ) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write(b"first\n")
        program.stdin.flush()
        assert any(line == "heard first é\n".encode() for line in program.stdout)
        program.stdin.close()
        assert program.wait(60) == 0
