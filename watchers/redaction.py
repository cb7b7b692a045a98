"""Addresses of sources without their secrets: an own node's may hold a password or a key."""

from urllib.parse import urlsplit


def shown(url: str) -> str:
    """The address without user, password, query and fragment, for logs and people."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(not an address)"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def redacted(text: str, *urls: str) -> str:
    """The text with each address, and each part of it that is secret, taken out."""
    for url in urls:
        text = text.replace(url, shown(url))
        for secret in _secrets(url):
            text = text.replace(secret, "***")
    return text


def _secrets(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        found = [parts.netloc.rpartition("@")[0], parts.password, parts.query]
    except ValueError:
        return []
    return [secret for secret in found if secret]
