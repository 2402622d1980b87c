r"""Sets of characters: `[a-z-[aeiou]]`, `\d`, `\p{Lu}`."""

import unicodedata
from collections.abc import Callable, Mapping

CharacterTest = Callable[[str], bool]

BLOCKS: Mapping[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}
CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


def _name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _name_part(character: str) -> bool:
    return _name_start(character) or character in ".-·" or character.isdecimal()


NAMED: Mapping[str, CharacterTest] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: unicodedata.category(character) == "Nd",
    "w": lambda character: unicodedata.category(character)[0] not in "PZC",
    "i": _name_start,
    "c": _name_part,
}


def property_test(name: str) -> CharacterTest | None:
    r"""Return the test for what stands in `\p{…}`; None when there is no such property."""
    if name in CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    if name.startswith("Is") and name[2:] in BLOCKS:
        low, high = BLOCKS[name[2:]]
        return lambda character: low <= ord(character) <= high
    return None


def one(wanted: str) -> CharacterTest:
    return lambda character: character == wanted


def span(low: str, high: str) -> CharacterTest:
    return lambda character: low <= character <= high


def negated(test: CharacterTest) -> CharacterTest:
    return lambda character: not test(character)


def any_of(tests: list[CharacterTest]) -> CharacterTest:
    return lambda character: any(test(character) for test in tests)


def without(test: CharacterTest, subtracted: CharacterTest) -> CharacterTest:
    return lambda character: test(character) and not subtracted(character)


def ignoring_case(test: CharacterTest) -> CharacterTest:
    return lambda character: any(
        len(form) == 1 and test(form)
        for form in {character, character.lower(), character.upper(), character.casefold()}
    )
