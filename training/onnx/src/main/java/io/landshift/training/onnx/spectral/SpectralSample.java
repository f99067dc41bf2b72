package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The self-test sample of spectral-baseline: made-up spectra of every class and a pixel without
 * data, a reference to go with them, and what {@link SpectralFormulas} expects.
 */
final class SpectralSample {
  static final int SIDE = 8;

  private static final int PIXELS = SIDE * SIDE;
  private static final int NO_DATA_PIXEL = 27;
  private static final long SEED = 20150623;

  /** Typical reflectances: water, forest, bare soil, roof, snow, cloud. */
  private static final double[][] SPECTRA = {
    {0.05, 0.04, 0.03, 0.02, 0.02, 0.01, 0.01},
    {0.03, 0.05, 0.03, 0.35, 0.36, 0.15, 0.07},
    {0.07, 0.10, 0.13, 0.21, 0.22, 0.30, 0.25},
    {0.20, 0.22, 0.24, 0.27, 0.28, 0.30, 0.28},
    {0.80, 0.82, 0.80, 0.75, 0.72, 0.10, 0.09},
    {0.45, 0.44, 0.45, 0.48, 0.49, 0.40, 0.35}
  };

  private final SpectralFormulas formulas;
  private final boolean[] presence = new boolean[BANDS];
  private final float[] bands = new float[BANDS * PIXELS];
  private final short[] features = new short[FEATURES * PIXELS];
  private final float[] centre = new float[FEATURES * PIXELS];
  private final float[] spread = new float[FEATURES * PIXELS];
  private final float[] probabilities = new float[CLASSES * PIXELS];
  private final float[] scores = new float[2 * PIXELS];

  SpectralSample(SpectralSettings settings) {
    formulas = new SpectralFormulas(settings);
    Arrays.fill(presence, true);
    // A named generator: its numbers are fixed by its specification.
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      makePixel(pixel, random);
      if (pixel == NO_DATA_PIXEL) {
        bands[RED * PIXELS + pixel] = Float.NaN;
        expectNothing(pixel);
      } else {
        expect(pixel);
      }
    }
  }

  /** The sample's files by path. */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("self-test/bands.f32", bytes(bands));
    files.put("self-test/features.i16", bytes(features));
    files.put("self-test/centre.f32", bytes(centre));
    files.put("self-test/spread.f32", bytes(spread));
    files.put("self-test/probabilities.f32", bytes(probabilities));
    files.put("self-test/scores.f32", bytes(scores));
    return files;
  }

  private void makePixel(int pixel, RandomGenerator random) {
    double[] spectrum = SPECTRA[pixel % SPECTRA.length];
    for (int band = 0; band < BANDS; band++) {
      double reflectance = spectrum[band] * (0.8 + 0.4 * random.nextDouble());
      bands[band * PIXELS + pixel] = (float) (Math.round(reflectance * 1e4) * STEP);
    }
    double[] earlier = SpectralFormulas.features(SPECTRA[pixel / SIDE % SPECTRA.length], presence);
    for (int feature = 0; feature < FEATURES; feature++) {
      centre[feature * PIXELS + pixel] = (float) earlier[feature];
      spread[feature * PIXELS + pixel] = (float) (0.1 * random.nextDouble());
    }
  }

  private void expect(int pixel) {
    double[] encoded = SpectralFormulas.features(at(bands, BANDS, pixel), presence);
    double[] stored = new double[FEATURES];
    for (int feature = 0; feature < FEATURES; feature++) {
      long q = Math.round(encoded[feature] / STEP);
      features[feature * PIXELS + pixel] = (short) q;
      stored[feature] = q * STEP;
    }
    double[] classes = formulas.probabilities(stored, presence);
    for (int index = 0; index < CLASSES; index++) {
      probabilities[index * PIXELS + pixel] = (float) classes[index];
    }
    double[] middle = at(centre, FEATURES, pixel);
    double[] width = at(spread, FEATURES, pixel);
    scores[pixel] = (float) formulas.vegetationLoss(stored, middle, width, presence);
    scores[PIXELS + pixel] = (float) formulas.genericChange(stored, middle, width, presence);
  }

  private void expectNothing(int pixel) {
    for (int feature = 0; feature < FEATURES; feature++) {
      features[feature * PIXELS + pixel] = Short.MIN_VALUE;
    }
    for (int index = 0; index < CLASSES; index++) {
      probabilities[index * PIXELS + pixel] = Float.NaN;
    }
    scores[pixel] = Float.NaN;
    scores[PIXELS + pixel] = Float.NaN;
  }

  private static double[] at(float[] planes, int count, int pixel) {
    double[] values = new double[count];
    for (int index = 0; index < count; index++) {
      values[index] = planes[index * PIXELS + pixel];
    }
    return values;
  }

  private static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  private static byte[] bytes(short[] values) {
    byte[] bytes = new byte[values.length * Short.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(values);
    return bytes;
  }
}
