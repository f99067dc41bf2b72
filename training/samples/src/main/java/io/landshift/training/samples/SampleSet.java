package io.landshift.training.samples;

import java.util.List;

/**
 * A data set on disk, read sample by sample. Immutable and thread-safe.
 *
 * @param <S> what its samples are
 */
public interface SampleSet<S extends Sample> {
  /** Its samples, in the order of their names; no pixel is read. */
  List<Source> sources();

  /**
   * Reads one.
   *
   * @param source one of {@link #sources}
   * @throws io.landshift.schemas.LandshiftException ASSET_MISSING, ASSET_UNREADABLE or
   *     METADATA_INVALID where files are not what the set says
   */
  S read(Source source);
}
