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


ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "de": "German",
        "sq": "Albanian",
        "ar": "Arabic",
        "bs": "Bosnian",
        "bg": "Bulgarian",
        "prs": "Dari",
        "gsg": "German Sign Language",
        "en": "English",
        "fa": "Farsi",
        "fr": "French",
        "el": "Greek",
        "it": "Italian",
        "hr": "Croatian",
        "kmr": "Kurdish (Kurmanji)",
        "ckb": "Kurdish (Sorani)",
        "pl": "Polish",
        "rom": "Romani",
        "ro": "Romanian",
        "ru": "Russian",
        "sr": "Serbian",
        "so": "Somali",
        "es": "Spanish",
        "ti": "Tigrinya",
        "tr": "Turkish",
        "uk": "Ukrainian",
    }
)


def named(tag: str) -> str:
    return LANGUAGES.get(tag, tag)


def named_in(language: str, tag: str) -> str:
    """Return the name of a language as a reader of `language` knows it."""
    return ENGLISH.get(tag, tag) if language == "en" else named(tag)
