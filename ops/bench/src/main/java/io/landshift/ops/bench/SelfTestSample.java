package io.landshift.ops.bench;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The sample of a bundle's self-test, whose expected results are what a session gives. */
record SelfTestSample(Bundle bundle) {
  static SelfTestSample of(Bundle bundle) {
    return new SelfTestSample(bundle);
  }

  /** The files of expected results, by path. */
  Map<String, byte[]> expected(ModelSession session) {
    SelfTest test = bundle.manifest().selfTest();
    int width = test.width();
    int height = test.height();
    int pixels = width * height;
    boolean[] presence = new boolean[test.presence().size()];
    float[][] bands = new float[presence.length][];
    float[] all = floats(test.bands());
    for (int band = 0; band < bands.length; band++) {
      presence[band] = test.presence().get(band);
      if (presence[band]) {
        bands[band] = Arrays.copyOfRange(all, band * pixels, (band + 1) * pixels);
      }
    }
    PixelRegion chunk = new PixelRegion(0, 0, width, height);
    WindowPlan plan = WindowPlan.of(bundle.manifest().window(), chunk);
    short[] features = session.encode(new ChunkInput(plan, chunk, bands, null));
    float[] probabilities =
        session.segment(features, presence, width, height, true).probabilities();
    float[][] scores =
        session.scores(
            FeaturePlanes.quantised(features, width, height, bundle.manifest()),
            FeaturePlanes.of(floats(test.centre()), width, height),
            FeaturePlanes.of(floats(test.spread()), width, height),
            null,
            presence,
            chunk);
    return Map.of(
        test.features(), bytes(features),
        test.probabilities(), bytes(Objects.requireNonNull(probabilities, "they were asked for")),
        test.scores(), bytes(scores));
  }

  private float[] floats(String path) {
    byte[] bytes = bundle.file(path);
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static byte[] bytes(short[] values) {
    byte[] bytes = new byte[values.length * Short.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(values);
    return bytes;
  }

  private static byte[] bytes(float[]... planes) {
    byte[] bytes =
        new byte[Arrays.stream(planes).mapToInt(plane -> plane.length).sum() * Float.BYTES];
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (float[] plane : planes) {
      floats.put(plane);
    }
    return bytes;
  }
}
