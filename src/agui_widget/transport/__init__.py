"""How events come from elsewhere: AG-UI over HTTP and server-sent events."""

from .http import HttpTransport

__all__ = ["HttpTransport"]
