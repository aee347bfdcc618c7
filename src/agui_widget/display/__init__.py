"""Live Python objects → rich outputs, by IPython's display formatter where there is one; and outputs under cells.

    value ──▶ kinds (figures, tables, charts, pictures, … else its own repr methods) ──▶ bundle ──▶ output value
                                                                                       └─▶ best text for an agent

Nothing of pandas, matplotlib and the like is imported: an object is known by the name of its class, and what it needs
comes from where it comes from.
"""

from .bundle import MAX_BYTES, output_of, plain_text
from .kinds import agent_text
from .lasting import LastingOutput, publish
from .notebook import bind
from .tables import Order, Table

__all__ = ["MAX_BYTES", "LastingOutput", "Order", "Table", "agent_text", "bind", "output_of", "plain_text", "publish"]
