from uuid import uuid4

from workflows.cases.matching import Candidate, Need, match

NORTH, SOUTH = uuid4(), uuid4()


def somebody(name, *, capacity=3, open_cases=0, absent=False, quarter=NORTH, **languages):
    return Candidate(
        id=uuid4(),
        name=name,
        languages=languages,
        quarters=frozenset({quarter}),
        capacity=capacity,
        open_cases=open_cases,
        absent=absent,
    )


def names(found):
    return [proposal.name for proposal in found.proposals]


def test_only_the_exact_language_counts():
    need = Need(frozenset({"ckb"}), NORTH)
    away = somebody("Soran", ckb=3, absent=True)

    found = match(need, [somebody("Dilan", kmr=3), away])

    assert names(found) == []
    assert str(found.sentence) == "1 with ckb, 0 free."


def test_a_few_words_are_not_enough_to_mediate():
    found = match(Need(frozenset({"bg"}), NORTH), [somebody("Ana", bg=1), somebody("Eli", bg=2)])

    assert names(found) == ["Eli"]


def test_the_quarter_and_room_for_more_decide_between_equals():
    busy = somebody("Ana", open_cases=2, bg=3)
    far = somebody("Bea", quarter=SOUTH, bg=3)
    near = somebody("Cem", bg=3)

    found = match(Need(frozenset({"bg"}), NORTH), [busy, far, near])

    assert names(found) == ["Cem", "Ana", "Bea"]


def test_whoever_declined_or_is_related_or_full_is_not_proposed():
    declined, full, free = somebody("Ana"), somebody("Bea", open_cases=3), somebody("Cem")

    found = match(Need(frozenset(), NORTH, frozenset({declined.id})), [declined, full, free])

    assert names(found) == ["Cem"]
    assert found.free == 1


def test_nobody_with_a_capacity_of_nothing_is_proposed():
    assert names(match(Need(frozenset(), NORTH), [somebody("Ana", capacity=0)])) == []
