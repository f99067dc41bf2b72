package io.landshift.training.networks;

/** How far a head looks beyond a cell of the served features. */
public enum HeadDecoder {
  /** At a cell alone, by the classifier that follows: what is linear in the served features. */
  LINEAR,
  /** At a cell and its neighbours. */
  CELLS,
  /** At coarser levels, too, as a {@link UNetDecoder} joins them. */
  UNET,
  /** At coarser levels and the whole tile, as a {@link UPerNetDecoder} joins them. */
  UPERNET;

  /** Cells that tiles have a multiple of along each axis. */
  public int cells() {
    return switch (this) {
      case LINEAR, CELLS -> 1;
      case UNET, UPERNET -> FeaturePyramid.CELLS;
    };
  }

  /** The layer from {@code features} channels to as many. */
  Layer of(Scope scope, int features) {
    return switch (this) {
      case LINEAR -> Sequence.of();
      case CELLS -> Fusion.of(scope.of("fusion"), features, features);
      case UNET, UPERNET -> FeaturePyramid.of(scope, this, features);
    };
  }
}
