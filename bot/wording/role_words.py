"""What somebody is, in words: pure."""

from bot.language import pgettext
from storage.model import Role


def role_word(role: Role) -> str:
    """`owner`, `admin`: what a role is called where somebody is said to be it."""
    match role:
        case Role.OWNER:
            return pgettext("role", "owner")
        case Role.ADMIN:
            return pgettext("role", "admin")
        case Role.MEMBER:
            return pgettext("role", "member")
        case Role.GUEST:
            return pgettext("role", "guest")
        case Role.STRANGER:
            return pgettext("role", "stranger")
        case Role.REMOVED:
            return pgettext("role", "removed")
