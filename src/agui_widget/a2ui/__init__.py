"""A2UI in the kernel: interfaces that agents make, built, read, checked and answered. Pure.

Card, Text, …, surface     interfaces in plain Python           (builders.py)
validate, Surfaces         what is wrong with messages          (validate.py)
Catalog                    components beyond the basic ones     (catalogs.py)
"""

from .actions import LOG_TOOL, action_text, catalog_context, exchange, forwarded_props, user_action
from .builders import (
    AudioPlayer,
    Button,
    Card,
    CheckBox,
    ChoicePicker,
    Column,
    Custom,
    DateTimeInput,
    Divider,
    Icon,
    Image,
    List,
    Modal,
    Row,
    Slider,
    Tabs,
    Text,
    TextField,
    Video,
)
from .capabilities import renderer_capabilities
from .catalogs import Catalog, resolve
from .documents import validate_capabilities, validate_catalog, validate_data_model, validate_document
from .elements import Element, call, check, each, format, path
from .layout import surface
from .messages import messages_of
from .operations import ACTIVITY_TYPE, OPERATIONS_KEY, Received, activity_content, added, operations_of
from .problem import Problem
from .render import RENDER_TOOL, RenderArguments, render_tool, rendered, usage_context
from .surfaces import Surfaces
from .validate import validate

__all__ = [
    "ACTIVITY_TYPE",
    "LOG_TOOL",
    "OPERATIONS_KEY",
    "RENDER_TOOL",
    "AudioPlayer",
    "Button",
    "Card",
    "Catalog",
    "CheckBox",
    "ChoicePicker",
    "Column",
    "Custom",
    "DateTimeInput",
    "Divider",
    "Element",
    "Icon",
    "Image",
    "List",
    "Modal",
    "Problem",
    "Received",
    "RenderArguments",
    "Row",
    "Slider",
    "Surfaces",
    "Tabs",
    "Text",
    "TextField",
    "Video",
    "action_text",
    "activity_content",
    "added",
    "call",
    "catalog_context",
    "check",
    "each",
    "exchange",
    "format",
    "forwarded_props",
    "messages_of",
    "operations_of",
    "path",
    "render_tool",
    "rendered",
    "renderer_capabilities",
    "resolve",
    "surface",
    "usage_context",
    "user_action",
    "validate",
    "validate_capabilities",
    "validate_catalog",
    "validate_data_model",
    "validate_document",
]
