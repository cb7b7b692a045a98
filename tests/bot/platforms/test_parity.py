"""The same call gives the same words on every platform: goes through the whole command table."""

import re
import secrets
from itertools import cycle

from bot.commands.completion import Completion
from bot.commands.registry import COMMANDS
from bot.conversation import Conversation
from bot.platforms.terminal import Terminal
from charts.render import warm_up
from detectors.interests import Interests
from storage.model import Message, Role
from storage.persons import set_role
from tests.bot.desk import DEFAULTS, INVITED, MISTYPED_ADDRESS, make_desk
from tests.bot.forms import as_form
from tests.bot.platforms.discord_answering import listening as on_discord
from tests.bot.platforms.telegram_stage import running as on_telegram
from tests.bot.platforms.test_terminal import Typing
from tests.make import NOW
from tests.strict_discord.stage import Stage
from tests.strict_telegram.server import StrictTelegram
from watchers.registry import CHAINS

REFUSED = [
    (f"/watch {MISTYPED_ADDRESS}", {"address": MISTYPED_ADDRESS}),
    ("/unwatch nothing", {"which": "nothing"}),
    ("/help xyzzy", {"command": "xyzzy"}),
    ("/tx zz", {"id": "zz"}),
    ("/chart volume 5m", {"kind": "volume", "period": "5m"}),
    ("/timezone Nowhere", {"zone": "Nowhere"}),
]
CALLS = [
    *((text, dict(as_form(text).options)) for command in COMMANDS for text in command.examples),
    *REFUSED,
]
OWN = {"/import"}
"""How a file is given differs: the terminal reads the one whose path is typed."""
SIZES = re.compile(r"\d[\d.,]*\s*(?:bytes|[kM]i?B|B)\b")


class Recorded:
    """The real conversation, and every answer that it gave."""

    def __init__(self, desk):
        self.conversation = Conversation(desk, INVITED, DEFAULTS)
        self.answers: list[Message] = []

    async def __call__(self, incoming):
        answer = await self.conversation(incoming)
        assert answer is not None
        self.answers.append(answer)
        return answer


async def told_on_telegram(dispatch, owner, _) -> list[str]:
    async with StrictTelegram() as server:
        ada = server.person("Ada")
        await owner("telegram", ada.id)
        told = []
        async with on_telegram(server, dispatch):
            for text, _ in CALLS:
                await ada.says(text)
                message = await server.next_message(ada.chat)
                labels = [label for row in message.buttons for label, _ in row]
                told.append("\n".join((message.text or message.caption or "", *labels)))
        server.assert_clean()
    return told


async def told_on_discord(dispatch, owner, _) -> list[str]:
    async with Stage(limits=False) as stage:
        stage.answer_seconds = 60.0  # charts are drawn on the loop here
        ada = stage.person("Ada")
        await owner("discord", ada.id)
        told = []
        async with on_discord(stage, dispatch, Completion(CHAINS, Interests(), {})):
            for text, options in CALLS:
                name = text.split()[0].removeprefix("/")
                numbers = {each: int(value) for each, value in options.items() if each == "height"}
                answer = await ada.command(ada.dm, name, timeout=30, **options | numbers)
                assert answer.message is not None
                labels = [label for row in answer.message.buttons for label in row]
                told.append("\n".join((answer.text, *labels)))
    return told


async def told_on_the_terminal(dispatch, _, tmp_path) -> list[str]:
    screen = Typing(*(text for text, _ in CALLS))
    await Terminal(COMMANDS, None, tmp_path / "charts", screen=screen).run(dispatch)
    return [shown for shown in screen.shown[1:] if not shown.startswith("Working")]


def words(text) -> list[str]:
    """What a reader reads; of a size only that there is one, for no two databases are alike."""
    return re.findall(r"[^\W_]+", SIZES.sub("SIZE", text))


def words_of(message: Message) -> list[str]:
    lines = ["".join(run.text for run in line) for line in (message.title, *message.lines)]
    return words("\n".join(lines))


def lost(wanted: list[str], told: list[str]) -> list[str]:
    """The words that were not told, in their order."""
    rest = iter(told)
    return [word for word in wanted if word not in rest]


async def test_the_same_call_gives_the_same_words(tmp_path, monkeypatch):
    warm_up()
    monkeypatch.setenv("LOGNAME", "Ada")  # the name of whoever sits at the terminal
    codes = cycle(("x" * 12, "y" * 12))  # one for each invitation
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _: next(codes))
    monkeypatch.setattr(secrets, "choice", lambda letters: letters[0])
    said: dict[str, list[list[str]]] = {}
    for converse in (told_on_telegram, told_on_discord, told_on_the_terminal):
        place = tmp_path / converse.__name__
        place.mkdir()
        async with make_desk(place) as desk:

            async def owner(platform, address, desk=desk):
                await desk.write(set_role, platform, str(address), Role.OWNER, NOW)

            dispatch = Recorded(desk)
            told = await converse(dispatch, owner, place)
        assert len(told) == len(dispatch.answers) == len(CALLS)
        for (text, _), shown, answer in zip(CALLS, told, dispatch.answers, strict=True):
            labels = [b.label for row in answer.buttons for b in row if b.command or b.url]
            assert lost(words_of(answer), words(shown)) == [], (converse.__name__, text, shown)
            missing = [label for label in labels if lost(words(label), words(shown))]
            assert missing == [], (converse.__name__, text, shown)
        said[converse.__name__] = [words_of(answer) for answer in dispatch.answers]
    first, *others = said
    for other in others:
        for (text, _), wanted, told_there in zip(CALLS, said[first], said[other], strict=True):
            assert text in OWN or told_there == wanted, (other, text)
