"""Where the sentences stand in other languages."""

from pathlib import Path

CATALOGUES = Path(__file__).parent / "translations"
