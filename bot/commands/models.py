"""`/models [rollback VERSION]`: the models that were trained, which one runs, and back to one."""

from bot.access import RIGHTS, Right
from bot.commands.command import Call, Parameter, Type, UsageError
from bot.commands.values import SHOWN, sentence
from bot.desk import Desk
from bot.language import _, marked, unsealed
from bot.learning.due import NEEDED
from bot.learning.lesson import not_enough_words
from bot.wording.measures import measures_line, verdict_words
from bot.wording.models import last_line, model_line, settings_line
from bot.wording.useful import precision_lines
from bot.wording.words import bold, clean, quiet, say
from storage.features import KEPT_SECONDS, amount_of
from storage.labels import precisions
from storage.model import Button, Line, Message
from storage.models import ModelRow, model_of, models_of, run_model, running_model
from storage.trainings import last_training
from watchers.model import Chain, sealed

SHOWN_MODELS = 6
ROLLBACK = "rollback"


class Models:
    """Lists the models of all chains; lets an earlier one run again."""

    name = "models"
    summary = marked("What was learnt when, which model runs, and back to an earlier one")
    parameters = (
        Parameter("do", Type.CHOICE, marked("Go back to one"), required=False, choices=(ROLLBACK,)),
        Parameter("version", Type.NUMBER, marked("Which one of the list"), required=False),
    )
    examples = ("/models", "/models rollback 1")
    changes = True
    personal = False

    async def reply(self, call: Call, desk: Desk) -> Message:
        """The answer; raises `UsageError`."""
        version = call.arguments.get("version")
        if "do" not in call.arguments:
            return await _listed(call, desk)
        if version is None:
            raise UsageError(_("Back to which version? The list has them: /models"))
        return await _roll_back(call, desk, version)


async def _listed(call: Call, desk: Desk) -> Message:
    lines: list[Line] = []
    known: list[ModelRow] = []
    for chain in desk.chains.values():
        rows = await desk.read(models_of, chain.name, SHOWN_MODELS)
        lines += await _lines(call, desk, chain, rows)
        known += rows
    lines += precision_lines(await desk.read(precisions))
    running = sum(row.state == "running" for row in known)
    title = _("🎓 No model runs yet")
    if running:
        title = _("🎓 Every transaction is judged as it comes")
    train = Button(_("Train"), "/train")
    may = Right.TEACH in RIGHTS[call.person.role]
    return Message(say(bold(title)), tuple(lines), (*_backs(known), (train,)) if may else ())


async def _lines(call: Call, desk: Desk, chain: Chain, rows: list[ModelRow]) -> list[Line]:
    zone = call.chat.timezone
    last = await desk.read(last_training, chain.name)
    lines = [say(bold(chain.title))] if len(desk.chains) > 1 else []
    if not rows:
        amount = await desk.read(amount_of, chain.name, call.now - KEPT_SECONDS, NEEDED)
        enough = _("The first is trained within minutes.")
        waits = f"{unsealed(not_enough_words(amount.rows))}." if amount.rows < NEEDED else enough
        return [*lines, say(waits), *last_line(last, zone)]
    for row in rows:
        lines.append(model_line(row, zone))
        if measured := measures_line(row.metrics):
            lines.append(measured)
        if settings := settings_line(row.parameters):
            lines.append(settings)
        if row.state == "refused":
            lines.append(say(quiet(verdict_words(row.metrics, runs=False))))
        elif row.why and row.state != "running":
            lines.append(say(quiet(sentence(unsealed(row.why)))))
    return [*lines, *last_line(last, zone)]


def _backs(rows: list[ModelRow]) -> list[tuple[Button, ...]]:
    buttons = tuple(
        Button(f"↩ {row.version}", f"/models {ROLLBACK} {row.version}")
        for row in rows
        if row.state == "retired"
    )
    return [buttons[:4]] if buttons else []


async def _roll_back(call: Call, desk: Desk, version: int) -> Message:
    try:
        row: ModelRow = await desk.read(model_of, version)
    except LookupError:
        unknown = _("There is no model {version}. The list has them: /models")
        raise UsageError(unknown.format(version=version)) from None
    if row.state == "damaged":
        damaged = _("The file of model {version} is damaged: it cannot run.")
        raise UsageError(damaged.format(version=version))
    before = await desk.read(running_model, row.chain)
    who = clean(call.person.name, SHOWN) or _("Somebody")
    why = sealed("{who} went back to {version}", who=who, version=version)
    await desk.write(run_model, version, why)
    judges = _("↩ Model {version} judges {chain} now")
    title = say(bold(judges.format(version=version, chain=desk.chains[row.chain].title)))
    lines = [model_line(row, call.chat.timezone), measures_line(row.metrics)]
    undo = []
    if before is not None and before.version != version:
        label = _("Undo: back to {version}").format(version=before.version)
        undo.append(Button(label, f"/models {ROLLBACK} {before.version}"))
    buttons = ((*undo, Button(_("All models"), "/models")),)
    return Message(title, tuple(line for line in lines if line), buttons)
