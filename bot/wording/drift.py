"""How it reads that what comes in is no longer what a model learnt from."""

from collections.abc import Iterable, Mapping

from bot.language import _
from bot.wording.features import feature_name
from bot.wording.words import bold, number, say
from storage.model import Button, Message
from watchers.model import Chain

NONE, SHIFTED = 0.1, 0.25
"""The conventions: below the first no drift, above the second a shift that matters."""
_NAMED = 3


def worst_first(indices: Mapping[str, float]) -> list[tuple[str, float]]:
    """The features by their index, the largest first."""
    return sorted(indices.items(), key=lambda item: (-item[1], item[0]))


def drift_words(worst: Iterable[tuple[str, float]]) -> str:
    """`fee rate 0.41, moved 0.12`."""
    return ", ".join(f"{feature_name(feature)} {number(psi, 2)}" for feature, psi in worst)


def format_drift(chain: Chain, model: int, indices: Mapping[str, float]) -> Message:
    """A model that drifted, told to the owners."""
    title = _("🌊 {chain} is no longer what model {model} learnt from")
    shifted = [item for item in worst_first(indices) if item[1] > SHIFTED][:_NAMED]
    return Message(
        say(bold(title.format(chain=chain.title, model=model))),
        (
            say(_("Shifted most: {worst}.").format(worst=drift_words(shifted))),
            say(_("I am learning anew now. This model goes on until a better one is ready.")),
        ),
        (
            (
                Button(_("Drift"), f"/chart drift {chain.name} 30d"),
                Button(_("All models"), "/models"),
            ),
        ),
        silent=True,
    )
