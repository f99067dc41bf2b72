package io.landshift.ingest.catalog;

import io.landshift.ingest.raster.BoxWindows;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.util.List;

/**
 * A source whose scenes are cut to a box, so that no more than that of a large tile is read. Scenes
 * that do not touch it are left out. As thread-safe as the source; closes it.
 */
public final class BoxedSource implements SceneSource {
  private final SceneSource source;
  private final List<Double> box;

  /**
   * @param box west, south, east, north in degrees
   */
  public BoxedSource(SceneSource source, List<Double> box) {
    this.source = source;
    this.box = List.copyOf(box);
  }

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
            PixelWindow window =
                BoxWindows.within(
                    scene.getWindow(),
                    scene.getGrid(),
                    box.get(0),
                    box.get(1),
                    box.get(2),
                    box.get(3));
            if (window.getWidth() > 0 && window.getHeight() > 0) {
              sink.scene(SceneAvailable.newBuilder(scene).setWindow(window).build());
            }
          }

          @Override
          public void failure(SceneFailure failure) {
            sink.failure(failure);
          }

          @Override
          public void flush() {
            sink.flush();
          }
        });
  }

  @Override
  public void close() {
    source.close();
  }
}
