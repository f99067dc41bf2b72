package io.landshift.training.runs;

import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.networks.Values;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What the graphs of a bundle are fed when it serves, to find with which ranges their numbers have.
 *
 * @param inputs of each graph, by name
 */
record CalibrationWindows(Map<GraphRole, List<Map<String, Values>>> inputs) {
  /**
   * One window of every look; of pairs also what the change head sees. A single earlier look has no
   * spread, which makes differences in spreads as large as they become; so does leaving out the
   * correction of the whole look.
   *
   * @param session in which the bundle serves in fp32
   * @param samples read from the training part
   * @param random draws where windows are cut
   */
  static CalibrationWindows of(
      LearnedBundle learned,
      ModelSession session,
      List<? extends Sample> samples,
      RandomGenerator random) {
    List<Map<String, Values>> images = new ArrayList<>();
    List<Map<String, Values>> tiles = new ArrayList<>();
    List<Map<String, Values>> comparisons = new ArrayList<>();
    Augmentation window = new Augmentation(learned.geometry().core(), 1, 0, 0);
    for (Sample whole : samples) {
      List<Values> features = new ArrayList<>();
      Sample sample = window.cut(whole, random);
      for (Look look : sample.looks()) {
        features.add(features(learned, session, look));
        images.add(Map.of("image", image(learned, look)));
        tiles.add(Map.of("features", features.getLast()));
      }
      if (sample instanceof Sample.Changed) {
        Values current = features.getLast();
        Values centre = features.get(features.size() - 2);
        Values none = new Values(current.shape(), new float[current.values().length]);
        comparisons.add(Map.of("current", current, "centre", centre, "spread", none));
      }
    }
    return new CalibrationWindows(
        Map.of(
            GraphRole.ENCODER, images,
            GraphRole.SEGMENTATION, tiles,
            GraphRole.CHANGE, comparisons));
  }

  /** Those of a graph. */
  List<Map<String, Values>> of(GraphRole role) {
    return inputs.getOrDefault(role, List.of());
  }

  private static Values image(LearnedBundle learned, Look look) {
    int core = learned.geometry().core();
    int size = learned.geometry().size();
    float[] pixels = new float[learned.bands().size() * core * core];
    Arrays.fill(pixels, Float.NaN);
    for (int band = 0; band < learned.bands().size(); band++) {
      Band meaning = learned.bands().get(band);
      int index = look.bands().indexOf(meaning.commonName());
      float[] plane = index < 0 ? null : look.planes()[index];
      if (plane != null) {
        System.arraycopy(plane, 0, pixels, band * core * core, core * core);
      }
    }
    return new Values(
        List.of(1, learned.bands().size(), size, size), learned.normalised(pixels, core));
  }

  /** A head's tile; 0 where nothing is known, as heads are fed. */
  private static Values features(LearnedBundle learned, ModelSession session, Look look) {
    WindowGeometry geometry = learned.geometry();
    ServedLook served = ServedLook.of(session, look);
    double step = session.manifest().features().getFirst().step();
    int side = Math.min(geometry.core(), geometry.headWindow());
    float[] values = new float[side * side];
    for (int index = 0; index < values.length; index++) {
      short stored = served.features()[index / side * served.width() + index % side];
      values[index] = stored == FeaturePlanes.NOT_VALID ? 0 : (float) (stored * step);
    }
    return LearnedBundle.tile(values, side, geometry.headWindow());
  }
}
