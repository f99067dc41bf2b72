package io.landshift.ingest.catalog;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps what it is given. */
final class Collected implements SceneSink {
  final List<SceneAvailable> scenes = new ArrayList<>();
  final List<SceneFailure> failures = new ArrayList<>();
  volatile int flushes;

  /** Everything that a source gives when it is read once. */
  static Collected of(SceneSource source) {
    Collected collected = new Collected();
    try (source) {
      source.read(collected);
    }
    return collected;
  }

  @Override
  public void scene(SceneAvailable scene) {
    scenes.add(scene);
  }

  @Override
  public void failure(SceneFailure failure) {
    failures.add(failure);
  }

  @Override
  public void flush() {
    flushes = flushes + 1;
  }

  List<FailureReason> reasons() {
    return failures.stream().map(SceneFailure::reason).toList();
  }

  List<String> products() {
    return scenes.stream().map(SceneAvailable::getProductId).toList();
  }
}
