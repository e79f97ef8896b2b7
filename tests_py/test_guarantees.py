"""SECURITY.md says what the code does; ``make guarantees`` tries that its tests would notice."""

from __future__ import annotations

from scripts import guarantees

ALL = guarantees.load()


def test_the_tables_of_security_md_are_written_from_the_data():
    page = guarantees.SECURITY.read_text()

    assert guarantees.write_tables(page, ALL) == page


def test_each_guarantee_has_a_proof_and_a_name_of_its_own():
    assert len({each.id for each in ALL}) == len(ALL)
    assert [each.id for each in ALL if not each.proofs] == []


def test_each_change_can_be_made_and_each_test_exists():
    faults = [
        fault for each in ALL for proof in each.proofs for fault in guarantees.faults_of(proof)
    ]

    assert faults == []
