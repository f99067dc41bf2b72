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
  short[] read(ChunkKey key, Observation look, BundleManifest manifest) {
    return read(key, look, manifest, (from, end) -> true);
  }

  /** What is wanted of a look, as {@link #read(ChunkKey, Observation, BundleManifest)}. */
  short[] read(ChunkKey key, Observation look, BundleManifest manifest, PixelStore.Wanted wanted) {
    int all = manifest.features().size() * Windows.pixels(look.window());
    short[] features = store.getWords(key, PixelKind.FEATURES, look.features(), wanted, all);
    DerivedFeatures.derive(manifest, look.presence(), features);
    return features;
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
