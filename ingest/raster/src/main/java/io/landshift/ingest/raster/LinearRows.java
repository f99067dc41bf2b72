package io.landshift.ingest.raster;

/**
 * Rows of a raster brought to a lattice as fine or finer, each pixel from the two columns and two
 * rows around its centre. The two numbers of every target column are laid out side by side once a
 * source row, so that weighing them is a loop without indirection. Not thread-safe.
 */
final class LinearRows {
  private final ResidentBlocks blocks;
  private final Axis columns;

  /** Weights of the left and the right source column of each target column. */
  private final float[] nearer;

  private final float[] farther;
  private final Laid[] laid;
  private final float[] source;
  private final float[] mixed;

  /** A source row under the target columns: NaN where these lie outside the raster. */
  private static final class Laid {
    private final float[] left;
    private final float[] right;
    private int row = -1;

    private Laid(int width) {
      this.left = new float[width];
      this.right = new float[width];
    }
  }

  LinearRows(ResidentBlocks blocks, Axis columns) {
    this.blocks = blocks;
    this.columns = columns;
    int width = columns.centre.length;
    this.nearer = new float[width];
    this.farther = new float[width];
    for (int x = 0; x < width; x++) {
      nearer[x] = columns.weights[x * columns.taps];
      farther[x] = columns.count[x] > 1 ? columns.weights[x * columns.taps + 1] : 0;
    }
    this.laid = new Laid[] {new Laid(width), new Laid(width)};
    this.mixed = new float[width];
    this.source = new float[columns.highest() - columns.lowest()];
  }

  /**
   * One row of the target: the weighted mean of the data, NaN where the pixel itself has none.
   *
   * @return the same array for every row
   */
  float[] row(Axis rows, int y) {
    boolean two = rows.count[y] > 1;
    Laid upper = laid(rows.first[y]);
    Laid lower = two ? laid(rows.first[y] + 1) : upper;
    float above = rows.weights[y * rows.taps];
    float below = two ? rows.weights[y * rows.taps + 1] : 0;
    weigh(upper, lower, above, below);
    Laid own = rows.centre[y] == rows.first[y] ? upper : lower;
    for (int x = 0; x < mixed.length; x++) {
      if (Float.isNaN(mixed[x])) {
        mixed[x] = ofData(x, own, upper, lower, above, below);
      }
    }
    return mixed;
  }

  /** As if all had data: NaN where one has none. What has no weight then adds nothing. */
  private void weigh(Laid upper, Laid lower, float above, float below) {
    float[] upperLeft = upper.left;
    float[] upperRight = upper.right;
    float[] lowerLeft = lower.left;
    float[] lowerRight = lower.right;
    // One index for all arrays, and none of them a field: else the loop stays scalar.
    float[] left = nearer;
    float[] right = farther;
    float[] into = mixed;
    for (int x = 0; x < into.length; x++) {
      float a = above * left[x];
      float b = above * right[x];
      float c = below * left[x];
      float d = below * right[x];
      float sum = 0f + a * upperLeft[x] + b * upperRight[x] + c * lowerLeft[x] + d * lowerRight[x];
      into[x] = sum / (a + b + c + d);
    }
  }

  private float ofData(int x, Laid own, Laid upper, Laid lower, float above, float below) {
    boolean left = columns.centre[x] == columns.first[x];
    if (Float.isNaN(left ? own.left[x] : own.right[x])) {
      return Float.NaN;
    }
    float[] numbers = {upper.left[x], upper.right[x], lower.left[x], lower.right[x]};
    float sum = 0;
    float weight = 0;
    for (int k = 0; k < numbers.length; k++) {
      float share = (k < 2 ? above : below) * (k % 2 == 0 ? nearer[x] : farther[x]);
      if (share > 0 && !Float.isNaN(numbers[k])) {
        sum += share * numbers[k];
        weight += share;
      }
    }
    return weight > 0 ? sum / weight : Float.NaN;
  }

  private Laid laid(int row) {
    Laid held = laid[row & 1];
    if (held.row != row) {
      int from = columns.lowest();
      blocks.row(row, from, from + source.length, blocks.plain(), source, 0);
      for (int x = 0; x < nearer.length; x++) {
        int first = columns.first[x] - from;
        boolean inside = columns.centre[x] >= 0;
        held.left[x] = inside ? source[first] : Float.NaN;
        held.right[x] = inside ? source[first + columns.count[x] - 1] : Float.NaN;
      }
      held.row = row;
    }
    return held;
  }
}
