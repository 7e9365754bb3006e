"""The few words that a drawing adds to a definition's own labels, in four languages.

They stand here and not in the catalogues, since a drawing leaves through the command line, too,
and must read the same wherever it is made.
"""

from collections.abc import Mapping
from typing import Final

from workflow.domain.vocabulary import choose

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "now": {
        "en": "current state", "ja": "現在の状態", "uz": "joriy holat", "ru": "текущее состояние",
    },
    "by_itself": {"en": "by itself", "ja": "自動", "uz": "oʻz-oʻzidan", "ru": "автоматически"},
    "legend_by_hand": {
        "en": "somebody takes the step", "ja": "担当者が行う", "uz": "qadamni kishi bajaradi",
        "ru": "шаг делает человек",
    },
    "legend_by_itself": {
        "en": "happens by itself when all is there", "ja": "条件がそろうと自動で行われる",
        "uz": "hammasi tayyor boʻlganda oʻz-oʻzidan bajariladi",
        "ru": "происходит автоматически, когда всё готово",
    },
    "comma": {"en": ", ", "ja": "、", "uz": ", ", "ru": ", "},
    "legend_final": {"en": "final", "ja": "終了", "uz": "yakuniy", "ru": "конечное"},
}  # fmt: skip

# Forms by number: one where a language has no plural after a number, two, or the three of Russian.
COUNTED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "parts": {
        "en": ("{} condition", "{} conditions"), "ja": ("条件{}件",), "uz": ("{} ta shart",),
        "ru": ("{} условие", "{} условия", "{} условий"),
    },
    "stages": {
        "en": ("{} stage", "{} stages"), "ja": ("{}段階",), "uz": ("{} bosqich",),
        "ru": ("{} этап", "{} этапа", "{} этапов"),
    },
    "delay_days": {
        "en": ("delay {} day", "delay {} days"), "ja": ("{}日後",), "uz": ("{} kundan keyin",),
        "ru": ("через {} день", "через {} дня", "через {} дней"),
    },
    "delay_months": {
        "en": ("delay {} month", "delay {} months"), "ja": ("{}か月後",), "uz": ("{} oydan keyin",),
        "ru": ("через {} месяц", "через {} месяца", "через {} месяцев"),
    },
    "silence_days": {
        "en": ("silence {} day", "silence {} days"), "ja": ("異議申立期間{}日",),
        "uz": ("sukut {} kun",),
        "ru": ("молчание {} день", "молчание {} дня", "молчание {} дней"),
    },
    "silence_months": {
        "en": ("silence {} month", "silence {} months"), "ja": ("異議申立期間{}か月",),
        "uz": ("sukut {} oy",),
        "ru": ("молчание {} месяц", "молчание {} месяца", "молчание {} месяцев"),
    },
    "veto": {
        "en": ("{} objection stops", "{} objections stop"), "ja": ("異議{}件で停止",),
        "uz": ("{} ta eʼtiroz toʻxtatadi",),
        "ru": ("{} возражение останавливает", "{} возражения останавливают",
               "{} возражений останавливают"),
    },
}  # fmt: skip


def word(name: str, language: str) -> str:
    """Say a word in a language."""
    return choose(WORDS[name], language)


def counted(name: str, number: int, language: str) -> str:
    """Say a number of something. Source: plural rules of the CLDR for whole numbers."""
    table = COUNTED[name]
    forms = table.get(language) or table["en"]
    return forms[_form(number, len(forms))].format(number)


def _form(number: int, forms: int) -> int:
    if forms < 3:  # noqa: PLR2004 - one or two forms, as in English
        return min(forms - 1, int(number != 1))
    if number % 10 == 1 and number % 100 != 11:  # noqa: PLR2004 - Russian
        return 0
    return 1 if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else 2
