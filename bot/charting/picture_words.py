"""What pictures say by themselves, in the language in which is spoken."""

from bot.language import _, signs
from bot.wording.words import suffixed
from charts.model import Words


def picture_words() -> Words:
    """To be handed over with a series: whoever draws it knows no language."""
    written = signs()
    return Words(
        blocks=_("blocks"),
        blind=_("blind"),
        so_far=_("so far"),
        band=_("{low} to {high}"),
        times_in=_("times in {zone}"),
        no_data=_("No data yet"),
        it_fills=_("It fills as transactions come in."),
        no_rows=_("None."),
        decimal=written.decimal,
        thousands=suffixed(3),
        millions=suffixed(6),
        billions=suffixed(9),
        trillions=suffixed(12),
        day=written.day,
        months=written.months,
    )
