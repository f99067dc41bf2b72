package io.landshift.training.runs;

import io.landshift.training.pretraining.PretextTask;
import io.landshift.training.pretraining.Standardisation;
import io.landshift.training.pretraining.Window;
import io.landshift.training.pretraining.Windows;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What an encoder is pretrained on.
 *
 * @param tasks what it is asked
 * @param windows draws one that answers; the same generator gives the same window
 */
record PretrainingMaterial(List<PretextTask> tasks, Function<RandomGenerator, Window> windows) {
  /**
   * Scenes, which answer for themselves.
   *
   * @param bands of the looks
   */
  static PretrainingMaterial selfMade(
      List<Sample> samples, Augmentation cut, Standardisation bands, boolean shipped) {
    return new PretrainingMaterial(
        Windows.selfMade(bands.means().size()),
        random -> {
          Sample window = cut.draw(samples.get(random.nextInt(samples.size())), random);
          Look look = window.looks().get(random.nextInt(window.looks().size()));
          return Windows.selfMade(window.source(), look, bands, shipped);
        });
  }

  /**
   * Tiles of which other sources say something, each read when it is drawn: they may be a million.
   *
   * @param sources of the set, one or more
   * @param measured samples that tell the units of the other sources
   * @param bands of the looks
   */
  static PretrainingMaterial multiModal(
      SampleSet<Sample.Aligned> set,
      List<Source> sources,
      List<Sample.Aligned> measured,
      Augmentation cut,
      Standardisation bands,
      boolean shipped) {
    Map<String, Standardisation> scales = new HashMap<>(Windows.scales(measured));
    scales.put(Windows.IMAGE, bands);
    return new PretrainingMaterial(
        Windows.multiModal(bands.means().size()),
        random -> {
          Sample.Aligned tile = set.read(sources.get(random.nextInt(sources.size())));
          Sample.Aligned window = (Sample.Aligned) cut.draw(tile, random);
          return Windows.multiModal(window, scales, shipped);
        });
  }
}
