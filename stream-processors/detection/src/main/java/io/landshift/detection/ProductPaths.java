package io.landshift.detection;

import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;

/**
 * Where the products of a scene are: the path carries grid, product, generation and model, so that
 * writing them again replaces them and nothing else.
 */
record ProductPaths(Path folder, String name) {
  private static final int DIGEST_LETTERS = 12;

  static ProductPaths of(Path root, ScenePlan plan) {
    SceneAvailable scene = plan.scene();
    String digest = plan.modelDigest();
    String version =
        scene.getGeneration()
            + "-"
            + digest.substring(0, Math.min(DIGEST_LETTERS, digest.length()));
    String product = safe(scene.getProductId());
    return new ProductPaths(
        root.resolve(safe(scene.getGrid().getCode())).resolve(product).resolve(safe(version)),
        product);
  }

  Path map(String map) {
    return folder.resolve(map + ".tif");
  }

  Path item() {
    return folder.resolve(name + ".json");
  }

  private static String digest(String name) {
    InputDigest digest = new InputDigest();
    digest.add(name);
    return digest.hex().substring(0, DIGEST_LETTERS);
  }

  /** A file name that says the same: announced names are not trusted. */
  private static String safe(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
    if (safe.equals(name) && !safe.isEmpty() && safe.length() <= 128) {
      return safe;
    }
    // '~' is in no name that is left as it is, so the two kinds never meet.
    return safe.substring(0, Math.min(100, safe.length())) + "~" + digest(name);
  }
}
