# SPDX-License-Identifier: Apache-2.0
"""No change moves what an inference costs without saying so."""

from tools.lib import costs


def test_costs_are_those_that_are_written_down():
    difference = costs.difference()
    assert not difference, f"write them with tools/costs, and say why they changed:\n{difference}"


def test_a_slow_network_gets_fewer_rounds_or_less_material():
    lines = costs.GOLDEN.read_text(encoding="utf-8").splitlines()
    rows = {line.split("  ")[-1]: [int(count) for count in line.split()[:4]]
            for line in lines if not line.startswith("#")}
    usual, wan = rows["minilm-w1a4 16"], rows["minilm-w1a4 16 --net wan"]
    uplink = rows["minilm-w1a4 16 --net wan --uplink bw=100mbit"]
    assert wan[0] < usual[0]
    assert uplink[3] < wan[3]


def test_every_row_of_the_ablation_tells_of_something(model_path):
    unmoved = {name for name, _ in costs.ABLATIONS}
    # Few bits with short rows, and more bits with long ones.
    for model, tokens in (("bert-test-w1a4", 16), ("bert-test-w8a8", 48)):
        table = [line.strip("| ").split(" | ")
                 for line in costs.ablations(model_path(model), tokens, (), None)]
        (_, *usual), *rows = table[2:]
        assert [name for name, *_ in rows] == [name for name, _ in costs.ABLATIONS]
        assert {len(row) for row in rows} == {len(table[0])}  # a refused one is shorter
        unmoved -= {name for name, *cells in rows if cells != usual}
    assert unmoved == {"quantizers that round reals"}  # neither model has one
