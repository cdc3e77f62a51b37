# SPDX-License-Identifier: Apache-2.0
"""Short names in an ONNX file, as older exporters wrote them, so that small models are small files.

Runs in the makers' environment only.
"""

import itertools

import onnx


def _fields(node):
    return (node.input, node.output)


def _tensors(graph, kept):
    """New names of tensors by old ones: t0, t1, ... in the order of the nodes."""
    names = itertools.chain.from_iterable(
        itertools.chain(*_fields(node)) for node in graph.node)
    unique = dict.fromkeys(name for name in names if name and name not in kept)
    return {name: f"t{i}" for i, name in enumerate(unique)}


def shorten(model: onnx.ModelProto) -> onnx.ModelProto:
    """Renames nodes and inner tensors, and drops what says nothing about the computation."""
    graph = model.graph
    constants = {i.name for i in graph.initializer}
    kept = {i.name for i in graph.input if i.name not in constants} | {
        o.name for o in graph.output}
    names = _tensors(graph, kept)
    for i, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{i}"
        node.doc_string = ""
        del node.metadata_props[:]
        for field in _fields(node):
            field[:] = [names.get(name, name) for name in field]
    for value in itertools.chain(graph.initializer, graph.input, graph.output):
        value.name = names.get(value.name, value.name)
        value.doc_string = ""
        del value.metadata_props[:]
    unused = [i for i in graph.initializer
              if i.name not in kept and i.name not in names.values()]
    for initializer in unused:
        graph.initializer.remove(initializer)
    del graph.value_info[:], graph.metadata_props[:], model.metadata_props[:]
    return model
