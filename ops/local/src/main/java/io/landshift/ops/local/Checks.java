package io.landshift.ops.local;

import io.landshift.detection.Brokers;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.function.Supplier;

/** What Landshift needs of a machine, tried out. */
public final class Checks {
  private Checks() {}

  /**
   * The result of one check.
   *
   * @param needed whether nothing works without it
   * @param detail what was found, or what to do
   */
  public record Finding(String check, boolean ok, boolean needed, String detail) {}

  /** Runs all checks; each failure is a finding, not an exception. */
  public static List<Finding> run(String bootstrap) {
    return List.of(
        new Finding("java", Runtime.version().feature() >= 21, true, Runtime.version().toString()),
        new Finding("memory", heapMebibytes() >= 1024, true, heapMebibytes() + " MiB of heap"),
        tried("gdal", true, Checks::gdal),
        tried("onnx-runtime", true, Checks::onnxRuntime),
        tried("broker", false, () -> broker(bootstrap)));
  }

  private static long heapMebibytes() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }

  private static Finding tried(String check, boolean needed, Supplier<String> trial) {
    try {
      return new Finding(check, true, needed, trial.get());
    } catch (LandshiftException e) {
      return new Finding(check, false, needed, e.detail());
    }
  }

  /** A raster that does not exist is missed by GDAL, if GDAL is there. */
  private static String gdal() {
    try {
      Rasters.inspect("/nowhere/at-all.tif", RasterRules.anywhere());
    } catch (LandshiftException e) {
      if (e.reason() == FailureReason.ASSET_MISSING) {
        return "its natives load";
      }
      throw e;
    }
    return "its natives load";
  }

  private static String onnxRuntime() {
    Bundle bundle = Bundles.spectralBaseline();
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      return session.manifest().name() + " passes its self-test on " + session.provider();
    }
  }

  /**
   * Returns where a broker answers; without this, Kafka's clients look for one for a minute.
   *
   * @throws LandshiftException SERVICE_UNAVAILABLE where none does
   */
  public static void requireBroker(String bootstrap) {
    broker(bootstrap);
  }

  private static String broker(String bootstrap) {
    int topics = Brokers.topics(bootstrap, "`landshift up` starts one");
    return bootstrap + " answers, " + topics + " topics";
  }
}
