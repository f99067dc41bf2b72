package io.landshift.store;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.regex.Pattern;

/**
 * Names a chunk of a grid.
 *
 * <p>Immutable.
 *
 * @param gridCode the grid's code: 1..100 letters, digits, dots, dashes and underscores, a letter
 *     or digit first, so that it can name a folder and nothing else
 * @param column column of the chunk on the grid, from 0
 * @param row row of the chunk on the grid, from 0
 */
public record ChunkKey(String gridCode, int column, int row) {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /**
   * @throws LandshiftException METADATA_INVALID if the code or a number is not allowed
   */
  public ChunkKey {
    if (!CODE.matcher(gridCode).matches() || column < 0 || row < 0) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "grid code '"
              + gridCode
              + "' with chunk "
              + column
              + ","
              + row
              + " cannot be stored: use letters, digits, dots, dashes and underscores, and chunks"
              + " from 0");
    }
  }

  /** The chunk's folder in a store: {@code c003-r010}. */
  String folder() {
    return "c%03d-r%03d".formatted(column, row);
  }
}
