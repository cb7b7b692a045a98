"""What the kinds share whose alerts have transactions: those are worded elsewhere."""

from detectors.model import Alert
from storage.model import Button, Line
from watchers.model import Chain


class OfTransactions:
    """Alerts of transactions are told by `bot.wording.alert_message`."""

    def tell(self, alert: Alert, chain: Chain, zone: str) -> Line:
        """Nothing: there is a transaction to tell of."""
        del alert, chain, zone
        return ()

    def buttons(self, alert: Alert, chain: Chain) -> tuple[Button, ...]:
        """None: the transaction has its own."""
        del alert, chain
        return ()
