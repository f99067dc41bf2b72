package io.landshift.training.networks;

/**
 * An input or output of a network.
 *
 * @param name as in the exported graph
 * @param channels size of axis 1, at least 1
 * @param planes whether rows and columns follow; otherwise the tensor is [batch, channels]
 */
public record Port(String name, int channels, boolean planes) {
  /** [batch, channels, rows, columns]. */
  public static Port planes(String name, int channels) {
    return new Port(name, channels, true);
  }

  /** [batch, channels]. */
  public static Port vector(String name, int channels) {
    return new Port(name, channels, false);
  }
}
