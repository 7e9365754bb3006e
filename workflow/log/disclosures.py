"""Compare disclosures with the digests that a leaf holds in their place."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from workflow.domain.canonical import CanonicalError
from workflow.domain.disclosure import Disclosure, digest_of
from workflow.log.leaf import Leaf

_LOGIN: Final = "login"


def find_false_disclosures(leaf: Leaf, disclosures: Mapping[str, Disclosure]) -> Iterator[str]:
    """Yield what is wrong: each disclosure must have its digest in the leaf.

    A disclosure that is absent was erased, which breaks nothing. People's digests are their
    pseudonyms, made of their login.
    """
    yield from find_false(leaf.people, leaf.digests, disclosures)


def find_false(
    people: Mapping[str, str], digests: Mapping[str, str], disclosures: Mapping[str, Disclosure]
) -> Iterator[str]:
    """Yield the same, given a leaf's pseudonyms and digests."""
    for name, disclosure in disclosures.items():
        of_person = name in people
        digest = people[name] if of_person else digests.get(name)
        label = _LOGIN if of_person else name
        if digest is None:
            yield f"the leaf has no digest for {name}"
        elif disclosure.field != label or not _matches(disclosure, digest):
            yield f"the disclosure of {name} does not match its digest in the leaf"


def _matches(disclosure: Disclosure, digest: str) -> bool:
    salt, value = disclosure.salt, disclosure.value
    try:
        if disclosure.field == _LOGIN and isinstance(value, str):
            found = _digest_of_login(salt, value)
        else:
            found = disclosure.digest
    except CanonicalError:
        return False
    return found == digest


@lru_cache(maxsize=10_000)
def _digest_of_login(salt: str, login: str) -> str:
    # The same few people act in most entries.
    return digest_of(salt, _LOGIN, login)
