package io.landshift.training.onnx;

/**
 * A tensor in a graph: an input, a constant or the output of a node.
 *
 * @param name unique in the graph
 */
public record Value(String name) {}
