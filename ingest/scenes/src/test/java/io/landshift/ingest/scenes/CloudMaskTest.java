package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloudMaskTest {
  private static final MaskParameters PARAMETERS = MaskParameters.DEFAULT;

  private static byte[] classified(float[] classes, int width, int cloud, int snow) {
    int height = classes.length / width;
    return CloudMask.fromSceneClassification(
        classes, width, height, 0, 0, width, height, cloud, snow);
  }

  @Test
  void takesVegetationSoilAndWaterAloneAsClear() {
    // given
    float[] classes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 4.5f, Float.NaN};

    // when
    byte[] quality = classified(classes, classes.length, 0, 0);

    // then
    assertThat(quality)
        .containsExactly(
            Quality.NODATA,
            Quality.OTHER,
            Quality.OTHER,
            Quality.SHADOW,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.OTHER,
            Quality.CLOUD,
            Quality.CLOUD,
            Quality.CLOUD,
            Quality.SNOW,
            Quality.OTHER,
            Quality.OTHER,
            Quality.NODATA);
  }

  @Test
  void growsCloudFourPixelsAndSnowTwoAsSquares() {
    // given
    float[] classes = new float[21 * 21];
    Arrays.fill(classes, 4);
    classes[5 * 21 + 5] = 9;
    classes[15 * 21 + 15] = 11;

    // when
    byte[] quality = classified(classes, 21, 4, 2);

    // then
    for (int y = 0; y < 21; y++) {
      for (int x = 0; x < 21; x++) {
        boolean cloud = Math.max(Math.abs(x - 5), Math.abs(y - 5)) <= 4;
        boolean snow = Math.max(Math.abs(x - 15), Math.abs(y - 15)) <= 2;
        byte expected = cloud ? Quality.CLOUD : snow ? Quality.SNOW : Quality.CLEAR;
        assertThat(quality[y * 21 + x]).as("%d,%d", x, y).isEqualTo(expected);
      }
    }
  }

  @Test
  void keepsNodataAndSaturationUnderGrownCloud() {
    // given
    float[] classes = {0, 1, 8, 4};

    // when
    byte[] quality = classified(classes, 4, 4, 2);

    // then
    assertThat(quality)
        .containsExactly(Quality.NODATA, Quality.OTHER, Quality.CLOUD, Quality.CLOUD);
  }

  @Test
  void growsFromTheHaloIntoTheWindow() {
    // given
    float[] classes = new float[7 * 7];
    Arrays.fill(classes, 5);
    classes[0] = 8;

    // when
    byte[] quality = CloudMask.fromSceneClassification(classes, 7, 7, 2, 2, 3, 3, 2, 2);

    // then
    assertThat(quality)
        .containsExactly(
            Quality.CLOUD,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.CLEAR);
  }

  @Test
  void readsTheThreeBandsOfACloudClassificationAndTakesCloudBeforeSnow() {
    // given: none, opaque, cirrus, snow, all, two not known, a resampled number
    float[] opaque = {0, 1, 0, 0, 1, Float.NaN, 0, 0.5f};
    float[] cirrus = {0, 0, 1, 0, 1, 0, 0, 0};
    float[] snow = {0, 0, 0, 1, 1, 0, Float.NaN, 0};

    // when
    float[] classes = CloudMask.classesOfCloudClassification(List.of(opaque, cirrus, snow));

    // then
    assertThat(classified(classes, classes.length, 0, 0))
        .containsExactly(
            Quality.CLEAR,
            Quality.CLOUD,
            Quality.CLOUD,
            Quality.SNOW,
            Quality.CLOUD,
            Quality.NODATA,
            Quality.NODATA,
            Quality.OTHER);
  }

  @Test
  void readsBitsTenAndElevenOfQa60AndNoOthers() {
    // given
    float[] numbers = {0, 1024, 2048, 3072, 1023, 4096, -1, 1024.5f, 65_536, Float.NaN};

    // when
    float[] classes = CloudMask.classesOfQa60(numbers);

    // then
    assertThat(classified(classes, classes.length, 0, 0))
        .containsExactly(
            Quality.CLEAR,
            Quality.CLOUD,
            Quality.CLOUD,
            Quality.CLOUD,
            Quality.CLEAR,
            Quality.CLEAR,
            Quality.OTHER,
            Quality.OTHER,
            Quality.OTHER,
            Quality.NODATA);
  }

  @Test
  void takesACloudMaskThatIsNotKnownAsNodata() {
    // given
    float[] cloud = {0, 1, 255, Float.NaN, 2};

    // when
    float[] classes = CloudMask.classesOfCloud(cloud);

    // then
    assertThat(classified(classes, classes.length, 0, 0))
        .containsExactly(
            Quality.CLEAR, Quality.CLOUD, Quality.NODATA, Quality.NODATA, Quality.OTHER);
  }

  /** Forest with blue 0.02, of which some pixels are made hazy. */
  private static final class Forest {
    final byte[] quality = new byte[400];
    final float[] blue = new float[400];
    final float[] red = new float[400];
    final float[] nir = new float[400];

    Forest() {
      Arrays.fill(quality, Quality.CLEAR);
      Arrays.fill(blue, 0.02f);
      Arrays.fill(red, 0.03f);
      Arrays.fill(nir, 0.3f);
    }

    void set(int pixel, double blueValue, double redValue) {
      blue[pixel] = (float) blueValue;
      red[pixel] = (float) redValue;
    }

    byte[] masked(int growth) {
      return CloudMask.withHaze(quality, blue, red, nir, 20, 20, growth, PARAMETERS);
    }
  }

  @Test
  void callsWhitePixelsHazyThatAreBrighterInBlueThanTheDarkForest() {
    // given
    Forest forest = new Forest();
    forest.set(210, 0.05, 0.05);
    forest.set(215, 0.0499, 0.05);
    forest.set(218, 0.08, 0.09);

    // when
    byte[] quality = forest.masked(0);

    // then
    assertThat(quality[210]).as("0.03 above the dark, white").isEqualTo(Quality.HAZE);
    assertThat(quality[215]).as("less than 0.03 above the dark").isEqualTo(Quality.CLEAR);
    assertThat(quality[218]).as("bright soil: blue less than 0.9 of red").isEqualTo(Quality.CLEAR);
    assertThat(Quality.count(quality, Quality.CLEAR)).isEqualTo(399);
  }

  @Test
  void comparesInWholeStepsSoThatNoRoundingDecides() {
    // given: in floating point 0.0545 - 0.0245 is less than 0.03
    for (int step = 1; step <= 400; step++) {
      Forest forest = new Forest();
      Arrays.fill(forest.blue, (float) (step / 10_000.0));
      forest.set(200, (step + 300) / 10_000.0, 0.03);
      forest.set(210, (step + 299) / 10_000.0, 0.03);

      // when
      byte[] quality = forest.masked(0);

      // then
      assertThat(quality[200]).as("dark %d", step).isEqualTo(Quality.HAZE);
      assertThat(quality[210]).as("dark %d", step).isEqualTo(Quality.CLEAR);
    }
  }

  @Test
  void growsHazeWithinWhatIsClear() {
    // given
    Forest forest = new Forest();
    forest.set(0, 0.1, 0.1);
    forest.quality[1] = Quality.SNOW;

    // when
    byte[] quality = forest.masked(2);

    // then
    assertThat(Quality.count(quality, Quality.HAZE)).isEqualTo(8);
    assertThat(quality[1]).isEqualTo(Quality.SNOW);
  }

  @Test
  void dropsAChunkThatIsMostlyHazyAlsoWhereHazeLiesOverEverything() {
    // given
    Forest forest = new Forest();
    for (int i = 0; i < 400; i++) {
      forest.set(i, 0.075, 0.07);
    }
    forest.quality[7] = Quality.CLOUD;

    // when
    byte[] quality = forest.masked(2);

    // then
    assertThat(Quality.count(quality, Quality.HAZE)).isEqualTo(399);
    assertThat(quality[7]).isEqualTo(Quality.CLOUD);
  }

  @Test
  void makesNoHazeTestWhereThereIsNoVegetationToCompareWith() {
    // given
    Forest desert = new Forest();
    Arrays.fill(desert.nir, 0.05f);
    Arrays.fill(desert.nir, 0, 24, 0.5f);
    desert.set(100, 0.3, 0.3);

    // when
    byte[] quality = desert.masked(2);

    // then
    assertThat(Quality.count(quality, Quality.CLEAR)).isEqualTo(400);
  }

  @Test
  void leavesNothingClearWhereLessThanAFifthOfWhatWasSeenIs() {
    // given
    byte[] enough = new byte[100];
    Arrays.fill(enough, 0, 50, Quality.NODATA);
    Arrays.fill(enough, 50, 90, Quality.CLOUD);
    Arrays.fill(enough, 90, 100, Quality.CLEAR);
    byte[] tooLittle = enough.clone();
    tooLittle[90] = Quality.CLOUD;

    // when, then
    assertThat(CloudMask.withEnoughClear(enough, PARAMETERS)).isEqualTo(enough);
    assertThat(Quality.count(CloudMask.withEnoughClear(tooLittle, PARAMETERS), Quality.CLEAR))
        .isZero();
    assertThat(Quality.count(CloudMask.withEnoughClear(tooLittle, PARAMETERS), Quality.OTHER))
        .isEqualTo(9);
  }

  @Test
  void growsByWholePixelsOfTheGridRoundedUp() {
    assertThat(PARAMETERS.cloudGrowth(10)).isEqualTo(4);
    assertThat(PARAMETERS.cloudGrowth(9.99999)).isEqualTo(4);
    assertThat(PARAMETERS.snowGrowth(10)).isEqualTo(2);
    assertThat(PARAMETERS.cloudGrowth(30)).isEqualTo(2);
    assertThat(PARAMETERS.cloudGrowth(120)).isEqualTo(1);
    assertThat(PARAMETERS.halo(20)).isEqualTo(2);
  }
}
