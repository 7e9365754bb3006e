"""The kinds of pages there are, and who looks at them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """One kind of page: its name, its address and an official who may open it."""

    name: str
    path: str
    login: str | None = "uz.foreign"

    def __str__(self) -> str:
        """Name it in a test's id."""
        return self.name


SCREENS = (
    Screen("sign-in", "/sign-in", None),
    Screen("inbox", "/inbox"),
    Screen("empty-inbox", "/inbox", "uz.auditor"),
    Screen("portfolio", "/proposals"),
    Screen("portfolio-without-rows", "/proposals?text=zzz"),
    Screen("proposal", "/proposals/CAJ-01"),
    Screen("edit", "/proposals/CAJ-01/edit"),
    Screen("verifiers-inbox", "/inbox", "uz.verifier"),
    Screen("agreed-proposal", "/proposals/UZJ-08"),
    Screen("decide", "/proposals/CAJ-01/steps/agree"),
    Screen("object", "/proposals/CAJ-01/steps/agree?decision=object"),
    Screen("cannot-decide", "/proposals/CAJ-01/steps/agree", "uz.head"),
    Screen("paper", "/proposals/CAJ-01/paper"),
    Screen("history", "/proposals/UZJ-08/history"),
    Screen("rules", "/definitions"),
    Screen("rules-of-a-kind", "/definitions/investment-fund"),
    Screen("me", "/me"),
    Screen("audit", "/audit", "uz.auditor"),
    Screen("audit-refused-filter", "/audit?since=soon", "uz.auditor"),
    Screen("log", "/log", None),
    Screen("log-of-an-official", "/log"),
    Screen("people", "/people", "uz.admin"),
    Screen("nothing-here", "/proposals/NOPE-1"),
)
LANGUAGES = ("en", "ja", "uz", "ru")
WIDTHS = (320, 390, 1280)
