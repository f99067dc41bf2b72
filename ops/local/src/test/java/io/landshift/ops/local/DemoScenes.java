package io.landshift.ops.local;

import io.landshift.ingest.catalog.SceneFailure;
import io.landshift.ingest.catalog.SceneSink;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Real scenes: the beginning of the demo's series, 100 x 100 pixels of a logged forest. */
final class DemoScenes {
  private DemoScenes() {}

  /** All that were sensed before this time, in the order of the collection. */
  static List<SceneAvailable> before(Instant end) {
    List<SceneAvailable> scenes = new ArrayList<>();
    try (SceneSource source = Sources.of(zip())) {
      source.read(
          new SceneSink() {
            @Override
            public void scene(SceneAvailable scene) {
              if (scene.getSensingTime().isBefore(end)) {
                scenes.add(scene);
              }
            }

            @Override
            public void failure(SceneFailure failure) {
              throw new AssertionError(failure.toString());
            }
          });
    }
    return scenes;
  }

  private static Path zip() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(at.resolve("ops/demo"))) {
      at = at.getParent();
    }
    return at.resolve("ops/demo/romania-forest-s2-l2a.zip");
  }
}
