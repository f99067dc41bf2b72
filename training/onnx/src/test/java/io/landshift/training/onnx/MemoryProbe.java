package io.landshift.training.onnx;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.MaskSession;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs inference in a process of its own and prints by how much its resident size grows. */
final class MemoryProbe {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int SIDE = 64;

  private MemoryProbe() {}

  /**
   * Prints three numbers: growth in kB over 1,000 rounds of all graphs, and over 60 sessions of a
   * bundle and of a mask head.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    Bundle bundle = Bundles.spectralBaseline();
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      run(session, 500);
      long before = residentKilobytes();
      run(session, 1000);
      System.out.println(residentKilobytes() - before);
    }
    openAndClose(bundle, 20);
    long before = residentKilobytes();
    openAndClose(bundle, 60);
    System.out.println(residentKilobytes() - before);
    MaskBundle mask = new TinyMask(1).bundle(Values.LOGITS);
    openAndClose(mask, 20);
    before = residentKilobytes();
    openAndClose(mask, 200);
    System.out.println(residentKilobytes() - before);
  }

  private static void openAndClose(Bundle bundle, int rounds) {
    for (int round = 0; round < rounds; round++) {
      try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
        run(session, 1);
      }
    }
    collect();
  }

  private static void openAndClose(MaskBundle mask, int rounds) {
    float[] window = new float[TinyMask.BANDS * TinyMask.WINDOWS.size() * TinyMask.WINDOWS.size()];
    for (int round = 0; round < rounds; round++) {
      try (MaskSession session = ModelRuntime.openMask(mask, RuntimeOptions.cpu())) {
        var unused = session.probabilities(List.of(window, window));
      }
    }
    collect();
  }

  /** The buffers under closed tensors are direct memory, which goes some time after its owners. */
  private static void collect() {
    for (int round = 0; round < 3; round++) {
      System.gc();
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void run(ModelSession session, int rounds) {
    int bandCount = session.manifest().bands().size();
    PixelRegion chunk = new PixelRegion(0, 0, SIDE, SIDE);
    WindowPlan plan = WindowPlan.of(session.manifest().window(), chunk);
    float[][] bands = new float[bandCount][SIDE * SIDE];
    for (float[] band : bands) {
      Arrays.fill(band, 0.2f);
    }
    boolean[] presence = new boolean[bandCount];
    Arrays.fill(presence, true);
    for (int round = 0; round < rounds; round++) {
      short[] features = session.encode(new ChunkInput(plan, chunk, bands, null));
      session.segment(features, presence, SIDE, SIDE, false);
      FeaturePlanes planes = FeaturePlanes.quantised(features, SIDE, SIDE, session.manifest());
      session.scores(planes, planes, planes, null, presence, new PixelRegion(0, 0, SIDE, SIDE));
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
