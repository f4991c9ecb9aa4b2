"""Languages by their ISO 639-1 codes. (First, small form.)"""

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "fi": "Finnish", "pl": "Polish", "pt": "Portuguese", "cs": "Czech", "ja": "Japanese", "zh": "Chinese"}


def language_choices() -> list[tuple[str, str]]:
    return sorted(LANGUAGES.items(), key=lambda item: item[1])


def language_code(text: str) -> str | None:
    word = text.strip().casefold()
    return word if word in LANGUAGES else next((code for code, name in LANGUAGES.items() if name.casefold() == word), None)
