package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.ProductFiles;
import java.util.List;

/**
 * A folder or zip that is read once: a static STAC catalogue, or whatever of SAFE products, rasters
 * with sidecars and STAC items lies in it. Made by {@link Sources}. Owns the zip that it reads.
 */
final class OneShotSource implements SceneSource {
  private final ProductFiles files;
  private final List<SceneDocuments> layouts;

  OneShotSource(ProductFiles files, List<SceneDocuments> layouts) {
    this.files = files;
    this.layouts = layouts;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public void read(SceneSink sink) {
    FoundScenes found = new FoundScenes(sink);
    layouts.forEach(found::addAll);
    found.handOver();
  }

  @Override
  public void close() {
    files.close();
  }
}
