"""How the columns and values of files are understood: which field a column goes to, what its dates, numbers and words mean."""

from .addresses import split_address
from .booleans import parse_consent, parse_yes_no
from .choice_words import near_choice
from .choices import ChoiceMatch, label_of, match_choices, split_emails, split_phones, split_several, split_tags
from .dates import DateFormat, guess_date_format
from .headers import is_known_header
from .matching import recognise
from .names import PersonName, split_full_name
from .numbers import NumberFormat, guess_number_format
from .record_type import TypeGuess, guess_record_type
from .shapes import Shape
from .targets import Guess, Target

__all__ = [
    "ChoiceMatch", "DateFormat", "Guess", "NumberFormat", "PersonName", "Shape", "Target", "TypeGuess", "guess_date_format",
    "guess_number_format", "guess_record_type", "is_known_header", "label_of", "match_choices", "near_choice", "parse_consent",
    "parse_yes_no", "recognise", "split_address", "split_emails", "split_full_name", "split_phones", "split_several", "split_tags",
]  # fmt: skip
