package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What one look at a source found, handed over in its order. Not thread-safe. */
final class FoundScenes {
  /** By sensing time, then product id, then grid, then generation. */
  static final Comparator<SceneAvailable> ORDER =
      Comparator.comparing(SceneAvailable::getSensingTime)
          .thenComparing(SceneAvailable::getProductId)
          .thenComparing(scene -> scene.getGrid().getCode())
          .thenComparingLong(SceneAvailable::getGeneration);

  private final List<SceneAvailable> scenes = new ArrayList<>();
  private final List<SceneFailure> failures = new ArrayList<>();

  void add(List<SceneAvailable> found) {
    scenes.addAll(found);
  }

  void add(SceneFailure failure) {
    failures.add(failure);
  }

  /** Reads every entry of the documents. */
  static FoundScenes in(SceneDocuments documents) {
    FoundScenes found = new FoundScenes();
    for (SceneDocuments.Entry entry : documents.entries(found::add)) {
      try {
        found.add(documents.read(entry));
      } catch (LandshiftException e) {
        found.add(failureOf(e, documents.files(), entry));
      }
    }
    return found;
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

  void handTo(SceneSink sink) {
    scenes.sort(ORDER);
    scenes.forEach(sink::scene);
    failures.forEach(sink::failure);
    sink.flush();
  }
}
