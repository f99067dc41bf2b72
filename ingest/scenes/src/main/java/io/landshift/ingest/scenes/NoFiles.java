package io.landshift.ingest.scenes;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The root of documents that came over the network: there are no files below it. Immutable.
 *
 * @param location where the documents came from
 */
record NoFiles(String location) implements ProductFiles {
  @Override
  public List<String> list() {
    return List.of();
  }

  @Override
  public OptionalLong size(String path) {
    return OptionalLong.empty();
  }

  @Override
  public byte[] read(String path, int limit) {
    throw missing(path);
  }

  @Override
  public String href(String path) {
    throw missing(path);
  }

  @Override
  public void close() {}

  private LandshiftException missing(String path) {
    return new LandshiftException(
        FailureReason.ASSET_MISSING, "There is no file " + path + " at " + location + ".");
  }
}
