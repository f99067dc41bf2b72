package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.List;

/**
 * The encoder that serves: few features at a stride of 8 pixels, because they are stored for years.
 * Each level of that stride or more is projected, enlarged to it and added; the sum is normalised,
 * so that one step of quantisation fits all features.
 *
 * @param projections of the levels from {@code first} on
 * @param first the level whose stride is {@link #STRIDE}
 * @param features channels of the output
 */
public record OperationalEncoder(
    ConvNextEncoder encoder, List<Layer> projections, ChannelNorm norm, int first, int features)
    implements Network {
  /** Pixels per feature cell along each axis. */
  public static final int STRIDE = 8;

  /** Features of the models that are shipped. */
  public static final int FEATURES = 64;

  public OperationalEncoder {
    projections = List.copyOf(projections);
  }

  /**
   * On an encoder.
   *
   * @throws IllegalArgumentException if no level of the encoder has a stride of 8
   */
  public static OperationalEncoder of(Scope scope, ConvNextEncoder encoder, int features) {
    int first = 0;
    while (first < encoder.widths().size() && encoder.stride(first) != STRIDE) {
      first++;
    }
    if (first == encoder.widths().size()) {
      throw new IllegalArgumentException("no level has a stride of " + STRIDE);
    }
    Scope projection = scope.of("projection");
    List<Layer> projections = new ArrayList<>();
    for (int level = first; level < encoder.widths().size(); level++) {
      int width = encoder.widths().get(level);
      projections.add(Convolution.same(projection.of(level), width, features, 1));
    }
    return new OperationalEncoder(
        encoder, projections, ChannelNorm.of(projection.of("norm"), features), first, features);
  }

  @Override
  public List<Port> inputs() {
    return encoder.inputs();
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("features", features));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    List<T> levels = encoder.levels(ops, inputs.getFirst());
    T sum = projections.getFirst().apply(ops, levels.get(first));
    for (int step = 1; step < projections.size(); step++) {
      T projected = projections.get(step).apply(ops, levels.get(first + step));
      sum = ops.add(sum, ops.enlarge(projected, 1 << step, Ops.Interpolation.BILINEAR));
    }
    return List.of(norm.apply(ops, sum));
  }
}
