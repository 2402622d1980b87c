"""The languages people are asked about, by BCP 47 tag: German, then by their German names."""

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "de": "Deutsch",
        "sq": "Albanisch",
        "ar": "Arabisch",
        "bs": "Bosnisch",
        "bg": "Bulgarisch",
        "prs": "Dari",
        "gsg": "Deutsche Gebärdensprache",
        "en": "Englisch",
        "fa": "Farsi",
        "fr": "Französisch",
        "el": "Griechisch",
        "it": "Italienisch",
        "hr": "Kroatisch",
        "kmr": "Kurdisch (Kurmandschi)",
        "ckb": "Kurdisch (Sorani)",
        "pl": "Polnisch",
        "rom": "Romanes",
        "ro": "Rumänisch",
        "ru": "Russisch",
        "sr": "Serbisch",
        "so": "Somali",
        "es": "Spanisch",
        "ti": "Tigrinya",
        "tr": "Türkisch",
        "uk": "Ukrainisch",
    }
)


def named(tag: str) -> str:
    return LANGUAGES.get(tag, tag)
