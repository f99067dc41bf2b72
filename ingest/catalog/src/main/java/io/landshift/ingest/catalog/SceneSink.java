package io.landshift.ingest.catalog;

import io.landshift.schemas.SceneAvailable;

/** Takes what a source finds. Called by one thread at a time. */
public interface SceneSink {

  /** A scene that is whole and can be processed. */
  void scene(SceneAvailable scene);

  /** Something that should have been a scene, and why it is none. The source goes on. */
  void failure(SceneFailure failure);

  /** What was handed over so far is all for now: a good moment to publish it. */
  default void flush() {}
}
