"""Documents, on every platform, held to what each one publishes."""

from bot.platforms.terminal import Terminal
from bot.platforms.terminal_pictures import save_document
from storage.model import Document, Message, Picture, Sent, Text
from tests.bot.platforms.discord_stage import chat_with, discord_on, talking
from tests.bot.platforms.telegram_stage import Notes, chat_of, running, words
from tests.bot.platforms.test_terminal import CHAT, Typing
from tests.png import draw_png
from tests.strict_discord.stage import Stage
from tests.strict_telegram.server import StrictTelegram

PDF = b"%PDF-1.4 not much"
DOCUMENT = Document(PDF, "spyhop-30d.pdf", "Bitcoin, last 30d: volume, fees")
REPORT = Message((Text("Bitcoin, last 30d"),), ((Text("7 chapters"),),), document=DOCUMENT)


async def test_telegram_gets_a_document_with_its_words_below_it():
    async with StrictTelegram() as server:
        ada = server.person("Ada")
        async with running(server, words_of(REPORT)) as telegram:
            await ada.says("/report")
            message = await server.next_message(ada.chat)
            assert message.document == PDF
            assert message.media["document"]["file_name"] == "spyhop-30d.pdf"
            assert message.caption == "Bitcoin, last 30d\n7 chapters"
            changed = words("Bitcoin, last 7d", document=Document(PDF, "spyhop-7d.pdf", ""))
            await telegram.send(chat_of(ada.chat), changed, edits=str(message.id))
            assert message.caption == "Bitcoin, last 7d"
            assert message.media["document"]["file_name"] == "spyhop-7d.pdf"
        server.assert_clean()


def words_of(message):
    async def answer(_):
        return message

    return answer


async def test_discord_gets_a_document_beside_the_embed():
    async with Stage(identify_seconds=0.1) as stage:
        ada = stage.guild("Traders").member("Ada")
        discord = discord_on(stage, Notes())
        async with talking(discord):
            await stage.ready()
            sent = await discord.send(chat_with(ada), REPORT, key="1")
            (message,) = ada.dm.messages
            assert sent == Sent(str(message.id))
            (file,) = message.files
            assert (file.name, file.data) == ("spyhop-30d.pdf", PDF)
            assert file.description == "Bitcoin, last 30d: volume, fees"
            assert "image" not in message.embeds[0]
            chart = words("Volume", picture=Picture(draw_png(4, 3), "Volume"))
            await discord.send(chat_with(ada), chart, edits=sent.reference)
            (file,) = message.files
            assert file.name == "chart.png"


async def test_a_terminal_saves_it_and_says_where(tmp_path):
    screen = Typing()
    await Terminal((), None, tmp_path / "charts", screen=screen).send(CHAT, REPORT)
    path = tmp_path / "charts" / "spyhop-30d.pdf"
    assert path.read_bytes() == PDF
    assert f"Document: {path}" in screen.shown[-1].replace("\n", "")


def test_a_saved_document_takes_no_place_of_another(tmp_path):
    paths = [save_document(DOCUMENT, tmp_path) for _ in range(2)]
    assert [path.name for path in paths] == ["spyhop-30d.pdf", "spyhop-30d-2.pdf"]
