package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one look at a source finds. Failures go to the sink at once, scenes in their order when all
 * are found. Not thread-safe.
 */
final class FoundScenes {
  /** By sensing time, then product id, then grid, then generation. */
  static final Comparator<SceneAvailable> ORDER =
      Comparator.comparing(SceneAvailable::getSensingTime)
          .thenComparing(SceneAvailable::getProductId)
          .thenComparing(scene -> scene.getGrid().getCode())
          .thenComparingLong(SceneAvailable::getGeneration);

  private final SceneSink sink;
  private final List<SceneAvailable> scenes = new ArrayList<>();
  private final Set<SceneDocuments.Entry> entries = new HashSet<>();

  FoundScenes(SceneSink sink) {
    this.sink = sink;
  }

  void add(List<SceneAvailable> found) {
    scenes.addAll(found);
  }

  void add(SceneFailure failure) {
    sink.failure(failure);
  }

  /** Reads every entry of the documents but those that others have read before. */
  void addAll(SceneDocuments documents) {
    for (SceneDocuments.Entry entry : documents.entries(this::add)) {
      if (!entries.add(entry)) {
        continue;
      }
      try {
        add(documents.read(entry));
      } catch (LandshiftException e) {
        add(failureOf(e, documents.files(), entry));
      }
    }
  }

  /** The failure of an entry, with as much of its document as can be read. */
  static SceneFailure failureOf(
      LandshiftException e, ProductFiles files, SceneDocuments.Entry entry) {
    byte[] payload;
    try {
      payload = files.read(entry.document(), Json.MAXIMUM_BYTES);
    } catch (LandshiftException unreadable) {
      payload = entry.toString().getBytes(StandardCharsets.UTF_8);
    }
    return SceneFailure.of(e, files.location(), entry.toString(), payload);
  }

  /** Hands the scenes over: this was all. */
  void handOver() {
    scenes.sort(ORDER);
    scenes.forEach(sink::scene);
    sink.flush();
  }
}
