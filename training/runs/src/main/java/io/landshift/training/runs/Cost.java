package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What it costs to keep and to serve a bundle on this processor.
 *
 * @param bytes of all files
 * @param milliseconds of processor time that a graph takes for one of its windows, median
 * @param window what the windows are
 */
record Cost(long bytes, Map<GraphRole, Double> milliseconds, WindowGeometry window) {
  private static final int WARM_UP = 3;
  private static final int RUNS = 15;

  /** Sentinel-2's finest pixels, which the bundles are made for. */
  private static final double PIXEL_METRES = 10;

  /** Runs every graph on what the self-test has left in its buffers. */
  static Cost of(Bundle bundle) {
    Map<GraphRole, Double> milliseconds = new EnumMap<>(GraphRole.class);
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      for (GraphRole role : GraphRole.values()) {
        milliseconds.put(role, milliseconds(session, role));
      }
    }
    long bytes = bundle.paths().stream().mapToLong(path -> bundle.file(path).length).sum();
    return new Cost(bytes, milliseconds, bundle.manifest().window());
  }

  /** Processor time of a graph for one window, median. */
  static double milliseconds(ModelSession session, GraphRole role) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    double[] times = new double[RUNS];
    session.runAlone(role, WARM_UP);
    for (int run = 0; run < times.length; run++) {
      long started = clock.getCurrentThreadCpuTime();
      session.runAlone(role, 1);
      times[run] = (clock.getCurrentThreadCpuTime() - started) / 1e6;
    }
    Arrays.sort(times);
    return times[RUNS / 2];
  }

  /** The same for a square kilometre: what windows overlap is computed more than once. */
  double perSquareKilometre(GraphRole role) {
    int side = role == GraphRole.ENCODER ? window.core() : window.headSize();
    double squareKilometres = Math.pow(side * PIXEL_METRES / 1000, 2);
    Double one = milliseconds.get(role);
    if (one == null) {
      throw new IllegalArgumentException("no time of " + role);
    }
    return one / squareKilometres;
  }
}
