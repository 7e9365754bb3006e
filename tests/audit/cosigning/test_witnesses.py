"""A party's administrator says which key cosigns for it; a key is named once."""

import json
from pathlib import Path

import pytest

from config.log_key import LogKeyFile
from tests import make
from tests.audit.cosigning.parties import (
    JP,
    UZ,
    Type,
    administrator,
    codes,
    named,
)
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Code
from workflow.log.note import COSIGNATURE, SigningKey
from workflow.log.policy import parse_policy
from workflow.services.log_keys import public_keys
from workflow.services.witnesses import (
    Named,
    add_witness,
    current_witnesses,
    remove_witness,
)


def test_witness_is_named_by_its_partys_administrator_alone(log: Runtime) -> None:
    japan = administrator(log, "JP")
    make.party(log, "UZ")
    assert codes(add_witness(log, japan, "UZ", UZ.verifier.text)) == [Code.NOT_ADMINISTRATOR]
    assert codes(add_witness(log, japan, "XX", UZ.verifier.text)) == [Code.PARTY_UNKNOWN]
    named(log)
    assert codes(remove_witness(log, japan, UZ.name)) == [Code.NOT_ADMINISTRATOR]


def test_naming_and_withdrawing_are_entries_of_the_party(log: Runtime) -> None:
    done = named(log)
    gone = remove_witness(log, administrator(log), UZ.name)
    assert isinstance(gone, Named)
    assert (gone.party, gone.vkey) == ("UZ", done.vkey)
    with log.uow.read() as tx:
        assert current_witnesses(tx) == []
        rows = tx.connection.exec_driver_sql(
            "SELECT kind, leaf FROM audit_entry WHERE chain = 'party/UZ' ORDER BY id"
        ).all()
    kinds = [kind for kind, _ in rows][-2:]
    facts = [json.loads(bytes(leaf))["facts"] for _, leaf in rows][-2:]
    assert kinds == ["witness-add", "witness-remove"]
    assert facts == [{"vkey": done.vkey}, {"vkey": done.vkey}]
    assert codes(remove_witness(log, administrator(log), UZ.name)) == [Code.WITNESS_UNKNOWN]


def test_key_and_name_are_taken_once(log: Runtime, tmp_path: Path) -> None:
    named(log)
    japan = administrator(log, "JP")
    (log_key,) = LogKeyFile(tmp_path / "log.key").signers()
    for key in (
        UZ,
        SigningKey("jp.example/witness", UZ.seed, COSIGNATURE),
        SigningKey(UZ.name, JP.seed, COSIGNATURE),
        SigningKey(log_key.name, JP.seed, COSIGNATURE),
        SigningKey(JP.name, log_key.seed, COSIGNATURE),
    ):
        assert codes(add_witness(log, japan, "JP", key.verifier.text)) == [Code.WITNESS_TAKEN]


def test_withdrawn_key_is_never_named_again_but_its_name_is(log: Runtime) -> None:
    named(log)
    uzbek = administrator(log)
    remove_witness(log, uzbek, UZ.verifier.text)
    assert codes(add_witness(log, uzbek, "UZ", UZ.verifier.text)) == [Code.WITNESS_TAKEN]
    fresh = SigningKey(UZ.name, bytes([9] * 32), COSIGNATURE)
    assert isinstance(add_witness(log, uzbek, "UZ", fresh.verifier.text), Named)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "nonsense",
        UZ.verifier.text[:-1],
        SigningKey(UZ.name, UZ.seed).verifier.text,
        SigningKey("証人", UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("x" * 101, UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("<b>bold</b>", UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("none", UZ.seed, COSIGNATURE).verifier.text,
    ],
)
def test_key_that_is_no_witnesss_is_refused(log: Runtime, vkey: str) -> None:
    answer = add_witness(log, administrator(log), "UZ", vkey)
    assert codes(answer) == [Code.WITNESS_KEY_MALFORMED]


def test_suggested_policy_counts_parties(log: Runtime, typed: Type) -> None:
    assert typed("witness", "policy")[1]["policy"].endswith("quorum none\n")
    named(log)
    named(log, SigningKey("uz.example/other", bytes([3] * 32), COSIGNATURE))
    named(log, JP, "JP")
    code, document = typed("witness", "policy")
    policy = parse_policy(document["policy"].encode())
    assert (code, document["witnesses"]) == (0, 3)
    assert [each.key.text for each in policy.logs] == public_keys(log)
    assert not policy.satisfied_by({"uz.example/other", UZ.name})
    assert policy.satisfied_by({UZ.name, JP.name})
    one = parse_policy(typed("witness", "policy", "--at-least", 1)[1]["policy"].encode())
    assert one.satisfied_by({JP.name})
    assert typed("witness", "policy", "--at-least", 3)[0] == 2
