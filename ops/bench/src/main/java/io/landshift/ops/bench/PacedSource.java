package io.landshift.ops.bench;

import io.landshift.ingest.catalog.SceneFailure;
import io.landshift.ingest.catalog.SceneSink;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.schemas.SceneAvailable;

/** A source that goes on to the next scene only when something has been waited for. */
record PacedSource(SceneSource source, Runnable afterEach) implements SceneSource {

  @Override
  public String location() {
    return source.location();
  }

  @Override
  public void read(SceneSink sink) {
    source.read(
        new SceneSink() {
          @Override
          public void scene(SceneAvailable scene) {
            sink.scene(scene);
            sink.flush();
            afterEach.run();
          }

          @Override
          public void failure(SceneFailure failure) {
            sink.failure(failure);
          }
        });
  }

  @Override
  public void close() {
    source.close();
  }
}
