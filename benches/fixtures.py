"""Where other people's cases are: `AGUI_FIXTURES`, else beside the checkout; never copied."""

import os
from pathlib import Path

FIXTURES = Path(os.environ.get("AGUI_FIXTURES") or Path(__file__).parents[2] / "shared" / "fixtures")
