"""Computation graph on Home: the graph of the page's first expression, as lines."""

import numpy as np

from engine.graphs.autograd_graph import read_graph
from engine.graphs.expression import execute
from engine.graphs.layout import lay_out
from engine.graphs.recording import Recorder
from engine.serving.computation_graph.contract import Question
from engine.serving.thumbnail import Thumbnail


def thumbnail() -> Thumbnail:
    """Its edges, from the leaves at the top down to the result."""
    asked, record = Question(), Recorder()
    nodes = read_graph(execute(asked.expression, asked.x, asked.y, record), record).nodes
    placed = lay_out([node.inputs for node in nodes])
    wide, deep = max(placed.x) + 1, max(placed.layer) + 1
    lines = []
    for (node, place), way in placed.ways.items():
        source = nodes[node].inputs[place]
        assert source is not None
        points = [(placed.x[source], placed.layer[source]), *way]
        points.append((placed.x[node], placed.layer[node]))
        lines.append([((x + 0.5) / wide, (y + 0.5) / deep) for x, y in points])
    longest = max(map(len, lines))
    paths = np.full((len(lines), longest, 2), np.nan, np.float32)
    for path, line in zip(paths, lines, strict=True):
        path[: len(line)] = line
    return Thumbnail(paths=paths, told={"nodes": len(nodes), "edges": len(lines)})
