"""pandana and scipy on our graph: graph_peers.py TASK GRAPH ARGS prints one JSON object.

within GRAPH METRES            pandana: the nodes within METRES of every node
nearest-scipy GRAPH OURS       scipy: the nearest facility of each category from every node
nearest-pandana GRAPH OURS     pandana: the same up to 1,200 m, a usual limit

GRAPH is the output of `ours graph`, OURS that of `ours nearest`. CPU time is that of the whole process during the
task; it excludes reading. The preparation of the graph by an engine is reported separately.
"""

import json
import statistics
import sys
import time

import numpy as np
import pandas as pd

FAR_METRES = 1200
SAMPLED = 100
ROUNDS = 5
UNREACHED = 2**32 - 1


def main():
    task, path, *args = sys.argv[1:]
    graph = Graph(path)
    if task == "within":
        answer = within(graph, int(args[0]))
    elif task == "nearest-scipy":
        answer = nearest_scipy(graph, read_lengths(graph, args[0]))
    elif task == "nearest-pandana":
        answer = nearest_pandana(graph, read_lengths(graph, args[0]))
    else:
        sys.exit(f"no task {task}")
    print(json.dumps(answer))


class Graph:
    """Arcs as three columns, without longer parallel arcs; facilities as node numbers by category."""

    def __init__(self, path):
        words = np.fromfile(path, dtype="<u4").astype(np.int64)
        self.nodes, arcs = words[:2]
        table = words[2 : 2 + 3 * arcs].reshape(-1, 3)
        table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
        first = np.ones(len(table), dtype=bool)
        first[1:] = (table[1:, :2] != table[:-1, :2]).any(axis=1)
        self.origin, self.target, self.millimetres = table[first].T
        self.categories = []
        at = 2 + 3 * arcs
        while at < len(words):
            self.categories.append(words[at + 1 : at + 1 + words[at]])
            at += 1 + words[at]


def read_lengths(graph, path):
    """Our answers in millimetres, one row for each category."""
    return np.fromfile(path, dtype="<u4").astype(np.int64).reshape(-1, graph.nodes)


def within(graph, metres):
    network, build = timed(lambda: pandana_network(graph))
    _, seconds = timed(lambda: network.precompute(metres))
    network.set(network.node_ids, variable=pd.Series(1.0, index=network.node_ids), name="one")
    pairs = network.aggregate(metres, type="sum", decay="flat", name="one").sum()
    sample = network.node_ids[::SAMPLED]
    rows = network.nodes_in_range(list(sample), metres)
    return {
        "seconds": seconds,
        "build_seconds": build,
        "pairs": round(float(pairs)),
        "sampled_millimetres": round(float((rows.iloc[:, -1] * 1000).round().sum())),
    }


def nearest_scipy(graph, ours):
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    # Backward search as in ours: from the facilities against the arcs.
    shape = (graph.nodes, graph.nodes)
    backwards = csr_array((graph.millimetres / 1000, (graph.target, graph.origin)), shape=shape)
    sets = [np.unique(facilities) for facilities in graph.categories]

    def ask(**kind):
        return [dijkstra(backwards, indices=indices, min_only=True, **kind) for indices in sets]

    distances = [timed(ask) for _ in range(ROUNDS)]
    named = [timed(lambda: ask(return_predecessors=True)) for _ in range(ROUNDS)]
    return {
        "seconds": statistics.median(seconds for _, seconds in distances),
        "named_seconds": statistics.median(seconds for _, seconds in named),
        **agreement(np.array(distances[0][0]), ours, np.inf),
    }


def nearest_pandana(graph, ours):
    network, build = timed(lambda: pandana_network(graph))

    def ask():
        answers = []
        for number, facilities in enumerate(graph.categories):
            x = pd.Series(facilities.astype(float))
            network.set_pois(str(number), FAR_METRES, 1, x, x * 0)
            answers.append(network.nearest_pois(FAR_METRES, str(number), num_pois=1, max_distance=-1)[1])
        return np.array(answers)

    rounds = [timed(ask) for _ in range(3)]
    answers = np.where(rounds[0][0] < 0, np.inf, rounds[0][0])
    return {
        "seconds": statistics.median(seconds for _, seconds in rounds),
        "build_seconds": build,
        **agreement(answers, ours, FAR_METRES),
    }


def pandana_network(graph):
    import pandana

    # pandana assigns facilities to the closest node, so the coordinate of a node is its number. It truncates lengths to
    # whole millimetres; a quarter of a millimetre prevents a loss of one.
    return pandana.Network(
        pd.Series(np.arange(graph.nodes, dtype=float)),
        pd.Series(np.zeros(graph.nodes)),
        pd.Series(graph.origin),
        pd.Series(graph.target),
        pd.DataFrame({"metres": (graph.millimetres + 0.25) / 1000}),
        twoway=False,
    )


def agreement(metres, ours, far):
    """Count of answers within `far` metres, and of all that differ by more than 5 mm."""
    mine = np.where(ours == UNREACHED, np.inf, ours / 1000)
    mine[mine > far] = np.inf
    same = np.isclose(metres, mine, rtol=0, atol=0.005)
    return {"answers": int(np.isfinite(mine).sum()), "differ": int((~same).sum())}


def timed(work):
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


main()
