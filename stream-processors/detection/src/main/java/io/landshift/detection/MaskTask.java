package io.landshift.detection;

import io.landshift.ingest.scenes.CloudMask;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.MaskBlend;
import io.landshift.model.inference.MaskSession;
import io.landshift.schemas.PixelWindow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * What the mask head has to do for one chunk: windows that nobody has run yet, and where all that
 * the chunk needs will be. Windows are run with the first chunk that reads them and serve the
 * chunks around it, so each is run once a scene.
 *
 * @param manifest of the head
 * @param factor pixels along the side of a cell
 * @param cloudGrowth pixels by which cloud and shadow are grown
 * @param snowGrowth pixels by which snow is grown
 * @param seen the pixels of the grid that are judged: the chunk and the halo by which masks grow,
 *     as far as the scene reaches
 * @param toRun windows that are run with this chunk, in the order of {@code running}
 * @param running where their results go
 * @param needed results by window that the chunk waits for
 */
record MaskTask(
    MaskManifest manifest,
    int factor,
    int cloudGrowth,
    int snowGrowth,
    PixelWindow seen,
    List<float[]> toRun,
    List<CompletableFuture<short[]>> running,
    Map<Place, CompletableFuture<short[]>> needed) {
  private static final float CLEAR = 4;
  private static final float CLOUD = 9;
  private static final float SHADOW = 3;
  private static final float SNOW = 11;
  private static final float OTHER = 7;

  /** Which window of the scene. */
  record Place(int row, int column) {}

  /** Runs what is to run; after a failure, whoever waits is told by {@link #fail}. */
  void run(MaskSession session) {
    List<short[]> results = session.probabilities(toRun);
    for (int i = 0; i < results.size(); i++) {
      running.get(i).complete(results.get(i));
    }
  }

  /** Tells whoever waits for the windows that they will not come. */
  void fail(Throwable cause) {
    running.forEach(future -> future.completeExceptionally(cause));
  }

  /**
   * The quality of a chunk after the second opinion: clear is only what both call clear. Waits for
   * windows that run with other chunks.
   *
   * @param quality codes of the chunk's pixels; not changed
   * @param window the chunk
   */
  byte[] applied(byte[] quality, PixelWindow window) {
    byte[] opinion =
        CloudMask.fromSceneClassification(
            sceneClasses(),
            seen.getWidth(),
            seen.getHeight(),
            window.getX() - seen.getX(),
            window.getY() - seen.getY(),
            window.getWidth(),
            window.getHeight(),
            cloudGrowth,
            snowGrowth);
    byte[] result = quality.clone();
    for (int i = 0; i < result.length; i++) {
      if (result[i] == Quality.CLEAR) {
        result[i] = opinion[i];
      }
    }
    return result;
  }

  /** The head's opinion pixel by pixel, in the codes of the scene classification. */
  private float[] sceneClasses() {
    PixelRegion cells = MaskReading.cells(seen, factor);
    short[] probabilities =
        MaskBlend.probabilities(
            manifest,
            cells,
            (row, column) -> Objects.requireNonNull(needed.get(new Place(row, column))).join());
    byte[] classes = MaskBlend.classes(probabilities, manifest.classes().size());
    float[] pixels = new float[Windows.pixels(seen)];
    for (int y = 0; y < seen.getHeight(); y++) {
      int row = ((seen.getY() + y) / factor - cells.y()) * cells.width() - cells.x();
      for (int x = 0; x < seen.getWidth(); x++) {
        pixels[y * seen.getWidth() + x] = sceneClass(classes[row + (seen.getX() + x) / factor]);
      }
    }
    return pixels;
  }

  private float sceneClass(byte position) {
    if (position == MaskBlend.NOT_VALID) {
      // Seen by the detector's bands and not by the head's: nobody has called it clear.
      return OTHER;
    }
    return switch (manifest.classes().get(position).meaning()) {
      case CLEAR -> CLEAR;
      case CLOUD -> CLOUD;
      case SHADOW -> SHADOW;
      case SNOW -> SNOW;
      case OTHER -> OTHER;
    };
  }
}
