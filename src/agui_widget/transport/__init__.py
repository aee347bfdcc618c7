"""How what agents say comes from elsewhere: frames over HTTP and server-sent events."""

from .http import HttpTransport
from .request import FORM, Ask, as_form, as_json

__all__ = ["FORM", "Ask", "HttpTransport", "as_form", "as_json"]
