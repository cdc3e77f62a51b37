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
