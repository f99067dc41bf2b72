package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.samples.Look;
import org.jspecify.annotations.Nullable;

/**
 * A look as serving encodes it: a chunk at the origin of a grid, its sides rounded up to whole
 * cells.
 *
 * @param look as it was read
 * @param features quantised, [feature][cell row][cell column]
 * @param presence which of the bundle's bands the look has
 * @param width columns of the chunk, pixels
 * @param height rows of the chunk, pixels
 */
record ServedLook(Look look, short[] features, boolean[] presence, int width, int height) {
  static ServedLook of(ModelSession session, Look look) {
    BundleManifest manifest = session.manifest();
    int stride = manifest.window().stride();
    int width = manifest.window().cells(look.width()) * stride;
    int height = manifest.window().cells(look.height()) * stride;
    float[] @Nullable [] planes = new float[manifest.bands().size()][];
    boolean[] presence = new boolean[planes.length];
    for (int band = 0; band < planes.length; band++) {
      int index = look.bands().indexOf(manifest.bands().get(band).commonName());
      planes[band] = index < 0 ? null : look.planes()[index];
      presence[band] = planes[band] != null;
    }
    PixelRegion chunk = new PixelRegion(0, 0, width, height);
    PixelRegion pixels = new PixelRegion(0, 0, look.width(), look.height());
    ChunkInput input =
        new ChunkInput(WindowPlan.of(manifest.window(), chunk), pixels, planes, null);
    return new ServedLook(look, session.encode(input), presence, width, height);
  }

  /** Whether a feature may be of a reference: it is known, and its cell's first pixel clear. */
  boolean isUsable(int index, WindowGeometry window) {
    int columns = window.cells(width);
    int row = index / columns % window.cells(height) * window.stride();
    int column = index % columns * window.stride();
    return features[index] != FeaturePlanes.NOT_VALID
        && row < look.height()
        && column < look.width()
        && look.quality()[row * look.width() + column] == Quality.CLEAR;
  }
}
