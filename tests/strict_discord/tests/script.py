"""Commands to register by hand, and interactions answered by hand."""

WORD = {
    "name": "word",
    "description": "d",
    "options": [
        {"type": 3, "name": "text", "description": "d", "required": True, "autocomplete": True},
        {"type": 4, "name": "count", "description": "d", "min_value": 1, "max_value": 9},
        {
            "type": 3,
            "name": "period",
            "description": "d",
            "choices": [{"name": "one day", "value": "24h"}],
        },
        {"type": 7, "name": "where", "description": "d"},
    ],
}
ALERTS = {
    "name": "alerts",
    "description": "d",
    "default_member_permissions": "32",
    "contexts": [0],
    "options": [{"type": 1, "name": "here", "description": "d"}],
}


async def interaction_of(gate):
    return (await gate.until("INTERACTION_CREATE"))["d"]


async def respond(caller, told, body, **query):
    path = f"/interactions/{told['id']}/{told['token']}/callback"
    return await caller.call("POST", path, body, params=query)


async def follow_up(caller, told, body, method="POST", tail=""):
    path = f"/webhooks/{told['application_id']}/{told['token']}{tail}"
    return await caller.call(method, path, body)


async def give(ada, channel, name="word", **options):
    options = options or {"text": "x"}
    return await ada.command(channel, name, timeout=5, **options)


def rows(*labels, **more):
    buttons = [
        {"type": 2, "style": 2, "label": label, "custom_id": label} | more for label in labels
    ]
    return [{"type": 1, "components": buttons}]
