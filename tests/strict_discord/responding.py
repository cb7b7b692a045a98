"""The calls that answer interactions: callbacks, follow-ups and their changes.

Source: docs.discord.com/developers/interactions/receiving-and-responding.
"""

from tests.strict_discord.content import Given, fill, is_ephemeral
from tests.strict_discord.interaction import (
    ASKS,
    CHANGES,
    CHANGES_LATER,
    INTEGER,
    MAY_ANSWER,
    NUMBER,
    OFFERS,
    SAYS,
    SAYS_LATER,
    STRING,
    Interaction,
)
from tests.strict_discord.messages import EPHEMERAL, Json, Message
from tests.strict_discord.refusal import Refusal, acknowledged, invalid_form, unknown
from tests.strict_discord.world import World


def create_interaction_response(world: World, given: Given) -> Json | None:
    """POST /interactions/{id}/{token}/callback."""
    interaction = world.interactions.get(int(given.path["interaction_id"]))
    if interaction is None or interaction.token != given.path["interaction_token"]:
        raise unknown("Interaction")
    kind = given.body["type"]
    _check_first(world, interaction, kind)
    told = given.body.get("data") or {}
    message = _carry_out(world, interaction, kind, told, given)
    interaction.callback, interaction.answered_at = kind, world.now()
    if kind not in {SAYS_LATER, CHANGES_LATER}:
        interaction.whole_at = world.now()
    world.bell.ring()
    wanted = given.query.get("with_response", "").lower() in {"1", "true"}
    return _callback_json(interaction, kind, message) if wanted else None


def execute_webhook(world: World, given: Given) -> Json:
    """POST /webhooks/{application}/{token}: a follow-up, or what "thinking" promised."""
    interaction = _open(world, given)
    if interaction.is_thinking:
        return _keep_promise(world, interaction, given).as_json()
    message = _new_message(world, interaction, given)
    if is_ephemeral(given.body):
        message.flags |= EPHEMERAL
    interaction.follow_ups.append(message)
    _finish(world, interaction)
    return world.keep(message).as_json()


def get_original_webhook_message(world: World, given: Given) -> Json:
    """GET /webhooks/{application}/{token}/messages/@original."""
    return _original(_open(world, given)).as_json()


def update_original_webhook_message(world: World, given: Given) -> Json:
    """PATCH /webhooks/{application}/{token}/messages/@original."""
    interaction = _open(world, given)
    if interaction.is_thinking:
        return _keep_promise(world, interaction, given).as_json()
    return _change(world, interaction, _original(interaction), given).as_json()


def delete_original_webhook_message(world: World, given: Given) -> None:
    """DELETE /webhooks/{application}/{token}/messages/@original."""
    interaction = _open(world, given)
    if interaction.is_thinking:
        interaction.callback = CHANGES_LATER
    else:
        _original(interaction).deleted = True
    _finish(world, interaction)


def get_webhook_message(world: World, given: Given) -> Json:
    """GET /webhooks/{application}/{token}/messages/{id}."""
    return _follow_up(_open(world, given), given).as_json()


def update_webhook_message(world: World, given: Given) -> Json:
    """PATCH /webhooks/{application}/{token}/messages/{id}."""
    interaction = _open(world, given)
    return _change(world, interaction, _follow_up(interaction, given), given).as_json()


def delete_webhook_message(world: World, given: Given) -> None:
    """DELETE /webhooks/{application}/{token}/messages/{id}."""
    interaction = _open(world, given)
    _follow_up(interaction, given).deleted = True
    _finish(world, interaction)


def _check_first(world: World, interaction: Interaction, kind: int) -> None:
    """Raises the refusal of an answer that is the second, too late or of the wrong kind."""
    if interaction.callback is not None:
        raise acknowledged(wrong=not interaction.lost)
    late = world.now() - interaction.asked_at - world.answer_seconds
    if late > 0:
        if not interaction.excused:
            world.accuse(f"{interaction.what}: answered {late:.1f} s too late")
        interaction.excused = True
        raise unknown("Interaction")
    if kind not in MAY_ANSWER[interaction.kind]:
        raise invalid_form([f"type: {kind} does not answer {interaction.what}"])


def _carry_out(
    world: World, interaction: Interaction, kind: int, told: Json, given: Given
) -> Message | None:
    if kind == SAYS:
        interaction.ephemeral = is_ephemeral(told)
        interaction.original = _new_message(world, interaction, given, told)
        return world.keep(interaction.original)
    if kind == SAYS_LATER:
        interaction.ephemeral = is_ephemeral(told)
    if kind == CHANGES:
        source = _source(interaction)
        interaction.original = _change(world, interaction, source, given, told)
        return source
    if kind == CHANGES_LATER:
        interaction.original = _source(interaction)
    if kind == OFFERS:
        interaction.choices = _choices(interaction, told)
    if kind == ASKS:
        interaction.modal = told
    return None


def _choices(interaction: Interaction, told: Json) -> list[Json]:
    """What is offered, each of the type of the option that is being typed."""
    choices: list[Json] = told.get("choices") or []
    fitting = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}[interaction.wants]
    wrong = [each for each in choices if not isinstance(each["value"], fitting)]
    if wrong:
        raise invalid_form([f"choices: {each['value']!r} is of another type" for each in wrong])
    return choices


def _source(interaction: Interaction) -> Message:
    """The message with the pressed button."""
    if interaction.source is None:
        raise invalid_form(["type: there is no message to change"])
    return interaction.source


def _new_message(
    world: World, interaction: Interaction, given: Given, told: Json | None = None
) -> Message:
    now = world.now()
    message = Message(world.new_id(now), interaction.channel, world.bot_user, now)
    message.interaction, message.application_id = interaction.metadata(), world.bot_id
    return fill(world, message, given, told)


def _keep_promise(world: World, interaction: Interaction, given: Given) -> Message:
    """The message that replaces "thinking", which was ephemeral or not from the start."""
    message = _new_message(world, interaction, given)
    message.flags &= ~EPHEMERAL
    message.flags |= EPHEMERAL if interaction.ephemeral else 0
    interaction.original = message
    _finish(world, interaction)
    return world.keep(message)


def _change(
    world: World, interaction: Interaction, message: Message, given: Given, told: Json | None = None
) -> Message:
    kept = message.flags & EPHEMERAL
    message.remember()
    try:
        fill(world, message, given, told)
    except Refusal:
        message.restore()
        raise
    message.flags |= kept
    interaction.changed = interaction.changed or message is interaction.source
    _finish(world, interaction)
    return world.change(message)


def _finish(world: World, interaction: Interaction) -> None:
    interaction.whole_at = interaction.whole_at or world.now()
    world.bell.ring()


def _open(world: World, given: Given) -> Interaction:
    """The interaction of a token that can still be used. Raises the refusal of any other."""
    if int(given.path["webhook_id"]) != world.bot_id:
        raise unknown("Webhook")
    token = given.path["webhook_token"]
    found = [each for each in world.interactions.values() if each.token == token]
    if not found:
        raise unknown("Webhook")
    if world.now() - found[0].asked_at > world.token_seconds:
        raise Refusal(401, 50027, "Invalid Webhook Token")
    if found[0].callback is None:
        raise unknown("Webhook")
    return found[0]


def _original(interaction: Interaction) -> Message:
    if interaction.original is None or interaction.original.deleted:
        raise unknown("Message")
    return interaction.original


def _follow_up(interaction: Interaction, given: Given) -> Message:
    wanted = int(given.path["message_id"])
    for message in (*interaction.follow_ups, interaction.original):
        if message is not None and message.id == wanted and not message.deleted:
            return message
    raise unknown("Message")


def _callback_json(interaction: Interaction, kind: int, message: Message | None) -> Json:
    about: Json = {"id": str(interaction.id), "type": interaction.kind}
    if message is not None:
        about["response_message_id"] = str(message.id)
    about["response_message_loading"] = kind == SAYS_LATER
    about["response_message_ephemeral"] = interaction.ephemeral
    told: Json = {"interaction": about}
    if message is not None:
        told["resource"] = {"type": kind, "message": message.as_json()}
    return told
