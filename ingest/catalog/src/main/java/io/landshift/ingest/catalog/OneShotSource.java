package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.ProductFiles;

/**
 * A folder or zip that is read once: a static STAC catalogue, STAC items beside their rasters, or
 * rasters with sidecars. Made by {@link Sources}. Owns the zip that it reads.
 */
final class OneShotSource implements SceneSource {
  private final ProductFiles files;
  private final SceneDocuments documents;

  OneShotSource(ProductFiles files, SceneDocuments documents) {
    this.files = files;
    this.documents = documents;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public void read(SceneSink sink) {
    FoundScenes found = new FoundScenes(sink);
    found.addAll(documents);
    found.handOver();
  }

  @Override
  public void close() {
    files.close();
  }
}
