"""Every refusal can be said."""

import re

from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.messages import SENTENCES, sentence


def test_every_refusal_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)


def test_a_sentence_fills_its_parameters() -> None:
    said = sentence(refuse(Code.EVIDENCE_MISSING, type="licence", have=0, need=1, leaf=3))
    assert said == "Verified evidence licence: 0 of 1."


def test_a_sentence_never_fails_for_a_parameter_left_out() -> None:
    for code in Code:
        assert not re.search(r"%\(", sentence(Refusal(code)))
