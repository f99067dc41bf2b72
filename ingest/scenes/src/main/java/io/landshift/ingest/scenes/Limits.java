package io.landshift.ingest.scenes;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;

/** Reading of content whose size is not to be believed. */
final class Limits {
  private Limits() {}

  /**
   * All bytes of a stream.
   *
   * @throws LandshiftException LIMIT_EXCEEDED where there are more than {@code limit}
   */
  static byte[] readAtMost(InputStream in, int limit, String what) throws IOException {
    byte[] bytes = in.readNBytes(limit);
    if (bytes.length == limit && in.read() >= 0) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED, what + " has more than " + limit + " bytes.");
    }
    return bytes;
  }
}
