package io.landshift.training.networks;

import java.util.List;

/**
 * The operational encoder with its features laid out as one number a pixel: what is stored of a
 * cell of 8 x 8 pixels are 64 numbers either way, and statistics of each over time are the same.
 * Laid out so, they are served as features of pixels are.
 *
 * <p>Rows and columns of the image are multiples of the encoder's patch, and cells begin at its
 * first row and column.
 *
 * @param encoder with as many features as a cell has pixels
 */
public record PixelFeatures(OperationalEncoder encoder) implements Network {
  /** Features that an encoder must have to be laid out so. */
  public static final int FEATURES = OperationalEncoder.STRIDE * OperationalEncoder.STRIDE;

  public PixelFeatures {
    if (encoder.features() != FEATURES) {
      throw new IllegalArgumentException(
          "%d features are no number for each of %d pixels"
              .formatted(encoder.features(), FEATURES));
    }
  }

  @Override
  public List<Port> inputs() {
    return encoder.inputs();
  }

  @Override
  public List<Port> outputs() {
    return List.of(Port.planes("features", 1));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    T cells = encoder.apply(ops, inputs).getFirst();
    return List.of(ops.spread(cells, OperationalEncoder.STRIDE));
  }
}
