package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The comparators on a real pair whose figures others have published. */
@Tag("it")
class NanjingIT {
  private static final int SIDE = 800;
  private static final int BANDS = 6;

  @Test
  void reachesTheKnownAreasUnderTheCurve() throws IOException {
    // given: what was found with Python on the same pixels; bands are brought to unit variance
    String root = System.getProperty("landshift.data", "");
    assumeTrue(!root.isBlank() && !root.contains("${"), "no shared data: set landshift.data");
    Path folder = Path.of(root).resolve("training/landsat_nanjing");
    assumeTrue(Files.exists(folder), folder + " is not there");
    float[][] before = bands(folder.resolve("LT51200382000124BJC00_Nanjing"));
    float[][] after = bands(folder.resolve("LT51200382002193BJC00_Nanjing"));
    byte[] changed = mask(folder.resolve("change.bmp"));
    byte[] unchanged = mask(folder.resolve("unchanged.bmp"));

    // when
    IrMad mad = IrMad.of(before, after);
    double ofMad = auc(mad.scores(), changed, unchanged);
    double ofVector =
        auc(
            Comparators.changeVectorLength(standardised(before), standardised(after)),
            changed,
            unchanged);

    // then
    System.out.printf("IR-MAD %.4f after %d rounds, CVA %.4f%n", ofMad, mad.rounds(), ofVector);
    assertThat(mad.settled()).isTrue();
    assertThat(ofMad).isEqualTo(0.973, within(0.002));
    assertThat(ofVector).isEqualTo(0.957, within(0.001));
  }

  /** Six bands of 8 bits, one after the other; the header says no more. */
  private static float[][] bands(Path file) throws IOException {
    byte[] numbers = Files.readAllBytes(file);
    float[][] bands = new float[BANDS][SIDE * SIDE];
    for (int i = 0; i < numbers.length; i++) {
      bands[i / (SIDE * SIDE)][i % (SIDE * SIDE)] = numbers[i] & 0xff;
    }
    return bands;
  }

  private static byte[] mask(Path file) throws IOException {
    var image = ImageIO.read(file.toFile());
    byte[] mask = new byte[SIDE * SIDE];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (image.getRGB(i % SIDE, i / SIDE) & 0xff);
    }
    return mask;
  }

  private static float[][] standardised(float[][] bands) {
    float[][] standardised = new float[bands.length][];
    for (int band = 0; band < bands.length; band++) {
      double sum = 0;
      double squares = 0;
      for (float number : bands[band]) {
        sum += number;
        squares += number * number;
      }
      double mean = sum / bands[band].length;
      double deviation = Math.sqrt(squares / bands[band].length - mean * mean);
      standardised[band] = bands[band].clone();
      for (int pixel = 0; pixel < standardised[band].length; pixel++) {
        standardised[band][pixel] = (float) ((bands[band][pixel] - mean) / deviation);
      }
    }
    return standardised;
  }

  private static double auc(float[] scores, byte[] changed, byte[] unchanged) {
    RankedScores.Collector collector = new RankedScores.Collector(20_000);
    for (int pixel = 0; pixel < scores.length; pixel++) {
      if (changed[pixel] != 0 || unchanged[pixel] != 0) {
        collector.add(scores[pixel], changed[pixel] != 0, 0);
      }
    }
    return Metric.ROC_AUC.of(collector.rank());
  }
}
