package io.landshift.model.inference;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Runs a bundle on its own sample and compares with what its maker expected. */
final class SelfTestRun {
  private final Bundle bundle;
  private final SelfTest test;
  private final ModelSession session;
  private final boolean[] presence;

  private SelfTestRun(Bundle bundle, ModelSession session) {
    this.bundle = bundle;
    this.test = bundle.manifest().selfTest();
    this.session = session;
    this.presence = new boolean[test.presence().size()];
    for (int index = 0; index < presence.length; index++) {
      presence[index] = test.presence().get(index);
    }
  }

  /**
   * Runs the test.
   *
   * @throws LandshiftException MODEL_INVALID if a result differs by more than the tolerance
   */
  static void check(Bundle bundle, ModelSession session) {
    SelfTestRun run = new SelfTestRun(bundle, session);
    short[] features = run.features();
    run.probabilities(features);
    run.scores(features);
  }

  private short[] features() {
    PixelRegion chunk = new PixelRegion(0, 0, test.width(), test.height());
    WindowPlan plan = WindowPlan.of(bundle.manifest().window(), chunk);
    float[] all = floats(test.bands(), presence.length * chunk.area());
    float[][] bands = new float[presence.length][];
    for (int band = 0; band < bands.length; band++) {
      if (presence[band]) {
        bands[band] = Arrays.copyOfRange(all, band * chunk.area(), (band + 1) * chunk.area());
      }
    }
    short[] expected = shorts(test.features(), bundle.manifest().features().size() * cells());
    short[] actual = session.encode(new ChunkInput(plan, chunk, bands, null));
    for (int index = 0; index < expected.length; index++) {
      boolean sameValidity =
          (expected[index] == FeaturePlanes.NOT_VALID)
              == (actual[index] == FeaturePlanes.NOT_VALID);
      boolean equal =
          sameValidity && Math.abs(expected[index] - actual[index]) <= test.featureTolerance();
      if (!equal) {
        throw failed("features", index, expected[index], actual[index]);
      }
    }
    return expected;
  }

  private void probabilities(short[] features) {
    BundleManifest manifest = bundle.manifest();
    int pixels = test.width() * test.height();
    float[] expected = floats(test.probabilities(), manifest.classes().size() * pixels);
    LandCover actual = session.segment(features, presence, test.width(), test.height(), true);
    float[] probabilities = actual.probabilities();
    if (probabilities != null) {
      compare("probabilities", expected, probabilities, test.probabilityTolerance());
    }
  }

  private void scores(short[] features) {
    BundleManifest manifest = bundle.manifest();
    int pixels = test.width() * test.height();
    int columns = manifest.window().cells(test.width());
    int rows = manifest.window().cells(test.height());
    int values = manifest.features().size() * cells();
    float[] expected = floats(test.scores(), manifest.scores().size() * pixels);
    float[][] actual =
        session.scores(
            FeaturePlanes.quantised(features, columns, rows, manifest),
            FeaturePlanes.of(floats(test.centre(), values), columns, rows),
            FeaturePlanes.of(floats(test.spread(), values), columns, rows),
            null,
            presence,
            new PixelRegion(0, 0, test.width(), test.height()));
    for (int score = 0; score < actual.length; score++) {
      float[] part = Arrays.copyOfRange(expected, score * pixels, (score + 1) * pixels);
      compare(manifest.scores().get(score).name(), part, actual[score], test.scoreTolerance());
    }
  }

  private void compare(String what, float[] expected, float[] actual, double tolerance) {
    for (int index = 0; index < expected.length; index++) {
      boolean equal =
          Float.isNaN(expected[index])
              ? Float.isNaN(actual[index])
              : Math.abs(expected[index] - actual[index]) <= tolerance;
      if (!equal) {
        throw failed(what, index, expected[index], actual[index]);
      }
    }
  }

  private int cells() {
    return bundle.manifest().window().cells(test.width())
        * bundle.manifest().window().cells(test.height());
  }

  private float[] floats(String path, int count) {
    float[] values = new float[count];
    bytes(path, count * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  private short[] shorts(String path, int count) {
    short[] values = new short[count];
    bytes(path, count * Short.BYTES).asShortBuffer().get(values);
    return values;
  }

  private ByteBuffer bytes(String path, int length) {
    byte[] bytes = bundle.file(path);
    if (bytes.length != length) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "the self-test file %s of %s has %d bytes, expected %d"
              .formatted(path, bundle, bytes.length, length));
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private LandshiftException failed(String what, int index, float expected, float actual) {
    return new LandshiftException(
        FailureReason.MODEL_INVALID,
        "the self-test of %s fails on %s at %s: expected %s in position %d, got %s; the bundle does not compute here what its maker measured"
            .formatted(bundle, what, session.provider(), expected, index, actual));
  }
}
