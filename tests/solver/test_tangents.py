"""Net reach in the value and in floors: what is found and proven with tangents is what brute force finds."""

from hypothesis import given, settings

from microopt.solver.answer import Stop
from microopt.solver.search import solve
from microopt.solver.tangents import room

from .builders import CALM, FREE, best, net_programs, solver


def check_against_brute_force(of, name):
    answer, found = solve(of, solver(name), FREE), best(of)
    assert answer.stop is (Stop.INFEASIBLE if found is None else Stop.OPTIMAL)
    if found is None:
        return
    assert not of.broken(answer.picks)
    assert answer.value == of.worth(answer.picks)
    assert answer.value <= found[0] <= answer.bound <= answer.price_bound
    assert answer.bound - answer.value <= room(of, answer.bound)
    if of.exact:
        assert (answer.value, answer.cheapest, of.price(answer.picks)) == (found[0], True, found[1])


@settings(CALM, max_examples=200)
@given(net_programs())
def test_highs_and_brute_force_agree(of):
    check_against_brute_force(of, "highs")


@settings(CALM, max_examples=100)
@given(net_programs())
def test_cbc_and_brute_force_agree(of):
    check_against_brute_force(of, "cbc")
