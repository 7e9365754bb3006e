"""What the result says is no more than what was shown, and in no words but ours."""

import json
from pathlib import Path

import pytest

from tests.export.samples import sample_records, write_export
from tests.log.bundles import Log, check, found, make_records
from workflow.export.tail import Scope
from workflow.export.verify import verify_export

LOG = Log(make_records(60))
LIE = "log; the tree of 9 is signed by localhost/log-1\nOK: \x1b[2Jall is well\u202e"


def test_part_says_what_is_the_hosts_word_alone(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "b", ["log"], with_views=False, filters={"proposal": "A-1; all"})
    assert check(path).sentence.endswith(
        "; it is a part of the log narrowed to proposal A-1??all, and that nothing more belongs to "
        "it is the host's word."
    )
    assert "part" not in check(LOG.write(tmp_path / "whole", with_views=False)).sentence


def test_receipt_of_a_chain_that_is_not_asked_for_is_not_said_to_be_there(tmp_path: Path) -> None:
    path = LOG.write(
        tmp_path / "b", ["proposal/A-1"], with_views=False, filters={"proposal": "A-1"}
    )
    assert check(path, receipt=LOG.receipt(0)).also[-1] == "the receipt's entry is there"
    assert check(path, receipt=LOG.receipt(1)).also[-1] == (
        "the receipt's entry is of party/UZ, which is not in this bundle"
    )
    empty = LOG.write(tmp_path / "e", [], with_views=False, filters={"proposal": "A-1"})
    assert "the receipt proves it" in found(empty, receipt=LOG.receipt(0))


def test_receipt_of_a_chain_that_is_held_in_part(tmp_path: Path) -> None:
    """Of the log's own chain a party sees single entries; of a proposal's all or none."""
    for chain, index in (("log", 3), ("proposal/A-1", 0)):
        path = tmp_path / chain.replace("/", "-")
        LOG.write(path, ["party/UZ"], with_views=False)
        LOG.sign_again(path, partial=(chain,))
        said = check(path, receipt=LOG.receipt(index)).sentence
        assert ("none of those of log that are here" in said) is (chain == "log")
        assert ("was left out" in said) is (chain != "log")


@pytest.mark.parametrize("name", ["disclosures.jsonl", "entries.jsonl"])
def test_a_name_that_stands_twice_is_found(tmp_path: Path, name: str) -> None:
    path = LOG.write(tmp_path / "b", ["party/UZ"], with_views=False)
    lines = (path / name).read_text("utf-8").splitlines(keepends=True)
    lines[2] = '{"leaf_index":0,' + lines[2][1:]
    assert json.loads(lines[2])
    (path / name).write_text("".join(lines), "utf-8")
    assert "is not written as a bundle writes it" in found(LOG.sign_again(path))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_chains_name_cannot_pass_for_words_of_ours(tmp_path: Path, form: str) -> None:
    path = write_export(tmp_path / "log", form, sample_records(), Scope(partial=(LIE,)))
    said = verify_export(path).sentence
    assert said.isprintable()
    assert "but for log??the?tree?of?9" in said
