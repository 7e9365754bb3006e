"""The one error that a wrong setting raises."""


class SettingsError(Exception):
    """A setting cannot be used; its text is one sentence that says what to do."""

    def __init__(self, setting: str, problem: str, remedy: str) -> None:
        """Keep the setting's name, what is wrong with it, and what to do about it."""
        super().__init__(setting, problem, remedy)
        self.setting = setting
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the sentence."""
        return f"{self.setting} {self.problem}: {self.remedy}."
