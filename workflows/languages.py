"""The languages people are asked about, by BCP 47 tag, as German forms name them."""

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "de": "Deutsch",
        "ar": "Arabisch",
        "bg": "Bulgarisch",
        "bs": "Bosnisch",
        "ckb": "Kurdisch (Sorani)",
        "el": "Griechisch",
        "en": "Englisch",
        "es": "Spanisch",
        "fa": "Farsi",
        "fr": "Französisch",
        "gsg": "Deutsche Gebärdensprache",
        "hr": "Kroatisch",
        "it": "Italienisch",
        "kmr": "Kurdisch (Kurmandschi)",
        "pl": "Polnisch",
        "prs": "Dari",
        "ro": "Rumänisch",
        "rom": "Romanes",
        "ru": "Russisch",
        "so": "Somali",
        "sq": "Albanisch",
        "sr": "Serbisch",
        "ti": "Tigrinya",
        "tr": "Türkisch",
        "uk": "Ukrainisch",
    }
)


def named(tag: str) -> str:
    return LANGUAGES.get(tag, tag)
