package io.landshift.ops.cli;

import io.landshift.ingest.catalog.SceneFailure;
import io.landshift.ingest.catalog.SceneSink;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ops.local.DemoTruth;
import io.landshift.schemas.Alert;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the demo says of itself at the end. */
final class DemoReport {
  private DemoReport() {}

  static DemoTruth.Judgement judge(List<Alert> alerts, Path data) {
    SceneAvailable any = scenes(data).values().iterator().next();
    return DemoTruth.read(data).judge(alerts, any.getGrid(), any.getWindow());
  }

  private static Map<String, SceneAvailable> scenes(Path data) {
    Map<String, SceneAvailable> scenes = new TreeMap<>();
    try (SceneSource source = Sources.of(data.resolve("romania-forest-s2-l2a.zip"))) {
      source.read(
          new SceneSink() {
            @Override
            public void scene(SceneAvailable scene) {
              scenes.put(scene.getProductId(), scene);
            }

            @Override
            public void failure(SceneFailure failure) {
              throw new IllegalStateException("the demo's data is damaged: " + failure.message());
            }
          });
    }
    return scenes;
  }
}
