package io.landshift.detection;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.inference.DerivedFeatures;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;

/** Reads the features of looks: those that are stored, and those that are derived from them. */
record StoredFeatures(PixelStore store) {
  /** All of a look, [feature][row][column] of its window. */
  short[] read(ChunkKey key, Observation look, BundleManifest manifest, LookBuffers buffers) {
    return read(key, look, manifest, buffers, (from, end) -> true);
  }

  /**
   * What is wanted of a look, in an array of {@code buffers}; elsewhere there is anything.
   *
   * @see PixelStore#getWords(ChunkKey, PixelKind, String, PixelStore.Wanted, short[])
   */
  short[] read(
      ChunkKey key,
      Observation look,
      BundleManifest manifest,
      LookBuffers buffers,
      PixelStore.Wanted wanted) {
    short[] features = buffers.take(manifest.features().size() * Windows.pixels(look.window()));
    store.getWords(key, PixelKind.FEATURES, look.features(), wanted, features);
    DerivedFeatures.derive(manifest, look.presence(), features);
    return features;
  }

  /** One feature of a look that is stored, [row][column] of its window. */
  short[] readStored(ChunkKey key, Observation look, int feature) {
    int pixels = Windows.pixels(look.window());
    return store.getWords(key, PixelKind.FEATURES, look.features(), feature * pixels, pixels);
  }

  /** The unit of each feature for a step of what is stored. */
  static float[] steps(BundleManifest manifest) {
    float[] steps = new float[manifest.features().size()];
    for (int c = 0; c < steps.length; c++) {
      Feature feature = manifest.features().get(c);
      steps[c] = (float) feature.step();
    }
    return steps;
  }
}
