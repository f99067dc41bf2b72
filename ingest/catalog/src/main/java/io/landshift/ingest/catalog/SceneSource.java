package io.landshift.ingest.catalog;

import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where scenes come from: a folder or zip that is read once, or a folder that is watched. One
 * thread at a time; {@link #close} may be called by any.
 */
public interface SceneSource extends AutoCloseable {

  /** The folder or zip, for people and as the scenes' {@code source}. */
  String location();

  /**
   * Hands every scene, and every entry that is none, to the sink. A source that is read once hands
   * over failures as it meets them, then the scenes in the order of sensing time, product id and
   * grid; one that is watched does so for what it finds at a time, and returns only when it is
   * closed or its thread interrupted.
   *
   * @throws LandshiftException where the source as a whole cannot be read; single entries are
   *     failures of the sink
   */
  void read(SceneSink sink);

  /**
   * All scenes of a source that is read once, in the order of {@link #read}.
   *
   * @param failures is told of every entry that is none
   * @return a list that the caller may change
   * @throws LandshiftException as {@link #read}
   */
  default List<SceneAvailable> scenes(Consumer<SceneFailure> failures) {
    List<SceneAvailable> scenes = new ArrayList<>();
    read(
        new SceneSink() {
          @Override
          public void scene(SceneAvailable scene) {
            scenes.add(scene);
          }

          @Override
          public void failure(SceneFailure failure) {
            failures.accept(failure);
          }
        });
    return scenes;
  }

  /** Ends reading and releases what is open. */
  @Override
  void close();
}
