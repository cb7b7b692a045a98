"""The commands, one line each: in the order in which help and menus show them."""

from collections.abc import Mapping

from bot.commands.ack import Ack
from bot.commands.address import AddressAt
from bot.commands.alerts import Alerts
from bot.commands.audit import Audit
from bot.commands.block import BlockAt
from bot.commands.chart import ChartOf
from bot.commands.command import Command
from bot.commands.export import Export
from bot.commands.help import Help
from bot.commands.invite import Invite
from bot.commands.language import LanguageOf
from bot.commands.link import Link
from bot.commands.members import Members
from bot.commands.models import Models
from bot.commands.mute import Mute
from bot.commands.mutes import Mutes
from bot.commands.pause import Pause
from bot.commands.preview import Preview
from bot.commands.quiet import Quiet
from bot.commands.report import Report
from bot.commands.resume import Resume
from bot.commands.start import Start
from bot.commands.stats import Stats
from bot.commands.status import Status
from bot.commands.summary import SummaryOf
from bot.commands.take_list import Import
from bot.commands.threshold import Threshold
from bot.commands.timezone import Timezone
from bot.commands.train import Train
from bot.commands.tx import Tx
from bot.commands.units import UnitsOf
from bot.commands.unmute import Unmute
from bot.commands.unwatch import Unwatch
from bot.commands.useful import Useful
from bot.commands.watch import Watch
from bot.commands.watchlist import Watchlist
from bot.commands.why import Why
from bot.language import marked

GROUPS: Mapping[str, tuple[Command, ...]] = {
    marked("What I tell you"): (
        Watch(),
        Unwatch(),
        Watchlist(),
        Threshold(),
        Mute(),
        Unmute(),
        Mutes(),
        Quiet(),
        Pause(),
        Resume(),
        Alerts(),
        Preview(),
        Export(),
        Import(),
        Ack(),
        Useful(),
    ),
    marked("What you can ask"): (
        Why(),
        SummaryOf(),
        Stats(),
        ChartOf(),
        Report(),
        Tx(),
        AddressAt(),
        BlockAt(),
    ),
    marked("About me"): (
        Start(),
        Invite(),
        Members(),
        Audit(),
        Link(),
        LanguageOf(),
        Timezone(),
        UnitsOf(),
        Status(),
        Models(),
        Train(),
    ),
}

COMMANDS: tuple[Command, ...] = (
    *(command for group in GROUPS.values() for command in group),
    Help(GROUPS),
)
