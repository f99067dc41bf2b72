package io.landshift.model.inference;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.Need;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bundle in service: encodes chunks, segments them and scores their change.
 *
 * <p>Owns the native sessions and their buffers. All methods may be called by many threads at once;
 * {@link #close} waits until running calls have ended. Results depend on nothing but the arguments
 * and the bundle: not on chunk size (as long as {@link WindowGeometry#acceptsChunkSize} holds),
 * batch size, threads or order.
 */
public final class ModelSession implements AutoCloseable {
  static final String PRESENCE = "presence";

  private static final Logger LOG = LoggerFactory.getLogger(ModelSession.class);

  private final Bundle bundle;
  private final BundleManifest manifest;
  private final Provider provider;
  private final Map<GraphRole, GraphSession> graphs;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /** Takes over the graphs. */
  ModelSession(Bundle bundle, Provider provider, Map<GraphRole, GraphSession> graphs) {
    this.bundle = bundle;
    this.manifest = bundle.manifest();
    this.provider = provider;
    this.graphs = graphs;
  }

  /** The bundle's manifest. */
  public BundleManifest manifest() {
    return manifest;
  }

  /** The bundle's digest: the identity of every result. */
  public String digest() {
    return bundle.digest();
  }

  /** Where graphs are computed in fact: CPU or CUDA. */
  public Provider provider() {
    return provider;
  }

  /** Windows that are run together for a graph: what was asked for, or 1 where bits forbid it. */
  public int batch(GraphRole role) {
    return graph(role).batch();
  }

  void settleBatches() {
    graphs.forEach((role, graph) -> {
      int asked = graph.batch();
      // A GPU's result is defined at the size that keeps it busy, the processor's at 1.
      if (graph.settleBatch(provider == Provider.CUDA ? asked : 1) != asked) {
        LOG.warn(
            "The {} of {} gives other bits in other slots of a batch of {}: windows run one by one",
            role.key(),
            bundle,
            asked);
      }
    });
  }

  /**
   * Runs a graph on what lies in its buffers, again and again: what computing costs without
   * feeding. For measurements.
   *
   * @param windows how many, in the batches in which they would be run
   * @throws LandshiftException INFERENCE_FAILED
   * @throws IllegalStateException after close
   */
  public void runAlone(GraphRole role, int windows) {
    GraphSession.Job nothing =
        new GraphSession.Job() {
          @Override
          public void fill(Workspace workspace, int slot, int item) {
            // What is there will do.
          }

          @Override
          public void drain(Workspace workspace, int slot, int item) {
            // Nobody asked for it.
          }
        };
    whileOpen(() -> {
      graph(role).run(windows, nothing);
      return windows;
    });
  }

  /**
   * Encodes a chunk.
   *
   * @return [feature][row][column] of the chunk's feature cells, feature = q * step, {@link
   *     FeaturePlanes#NOT_VALID} where a pixel of the cell has no value in a present band or is
   *     masked, and everywhere in a feature that the scene's bands do not give
   * @throws LandshiftException BAND_MISSING if a required band is absent; INFERENCE_FAILED
   * @throws IllegalStateException after close
   */
  public short[] encode(ChunkInput input) {
    short[] encoded = encodeStored(input);
    int cells = encoded.length / manifest.encodedFeatures();
    short[] features = Arrays.copyOf(encoded, manifest.features().size() * cells);
    DerivedFeatures.derive(manifest, input.presence(), features);
    return features;
  }

  /**
   * Encodes a chunk as far as is worth storing.
   *
   * @return as {@link #encode}, without the features that {@link DerivedFeatures} makes of the
   *     others
   */
  public short[] encodeStored(ChunkInput input) {
    boolean[] presence = input.presence();
    requireBands(presence);
    return whileOpen(() ->
        new ChunkEncoder(manifest, input, presenceVector(GraphRole.ENCODER, presence))
            .encode(graph(GraphRole.ENCODER)));
  }

  /**
   * Segments a chunk.
   *
   * @param features as {@link #encode} gives them
   * @param presence which bands the scene has
   * @param width the chunk's columns, pixels
   * @param height the chunk's rows, pixels
   * @param withProbabilities whether to return them too
   * @throws LandshiftException INFERENCE_FAILED
   * @throws IllegalStateException after close
   */
  public LandCover segment(
      short[] features, boolean[] presence, int width, int height, boolean withProbabilities) {
    int columns = manifest.window().cells(width);
    int rows = manifest.window().cells(height);
    requireLength("features", features.length, columns * rows);
    return segment(
        FeaturePlanes.quantised(features, columns, rows, manifest),
        null,
        presence,
        new PixelRegion(0, 0, width, height),
        withProbabilities);
  }

  /**
   * Segments a chunk whose features come row by row.
   *
   * @param wanted [row][column] the cells whose results are of use; the others are as if not valid;
   *     null = all
   * @param chunk where the features lie on the grid
   * @see #segment(short[], boolean[], int, int, boolean)
   */
  public LandCover segment(
      FeaturePlanes features,
      boolean @Nullable [] wanted,
      boolean[] presence,
      PixelRegion chunk,
      boolean withProbabilities) {
    int pixels = chunk.area();
    byte[] classes = new byte[pixels];
    float[] best = new float[pixels];
    float[] probabilities =
        withProbabilities ? new float[manifest.classes().size() * pixels] : null;
    HeadRun.RowSink sink =
        (channel, plane, from, to, length) -> {
          keepBest(channel, plane, from, to, length, best, classes);
          if (probabilities != null) {
            System.arraycopy(plane, from, probabilities, channel * pixels + to, length);
          }
        };
    boolean[] valid =
        run(GraphRole.SEGMENTATION, Map.of("features", features), wanted, presence, chunk, sink);
    forEachInvalid(
        valid,
        chunk,
        pixel -> {
          classes[pixel] = 0;
          if (probabilities != null) {
            for (int channel = 0; channel < manifest.classes().size(); channel++) {
              probabilities[channel * pixels + pixel] = Float.NaN;
            }
          }
        });
    return new LandCover(classes, probabilities);
  }

  private static void keepBest(
      int channel, float[] plane, int from, int to, int length, float[] best, byte[] classes) {
    for (int index = 0; index < length; index++) {
      float probability = plane[from + index];
      if (channel == 0 || probability > best[to + index]) {
        best[to + index] = probability;
        classes[to + index] = (byte) (channel + 1);
      }
    }
  }

  /**
   * Scores the change of a chunk against its reference.
   *
   * @param current corrected features [feature][row][column], NaN where not valid
   * @param centre reference centre, likewise
   * @param spread reference spread, likewise
   * @param presence which bands the scene and its reference have
   * @param width the chunk's columns, pixels
   * @param height the chunk's rows, pixels
   * @return [score][row * width + column] in the manifest's order, NaN where a feature that exists
   *     is not valid in one of the three
   * @throws LandshiftException INFERENCE_FAILED
   * @throws IllegalStateException after close
   */
  public float[][] scores(
      float[] current, float[] centre, float[] spread, boolean[] presence, int width, int height) {
    int columns = manifest.window().cells(width);
    int rows = manifest.window().cells(height);
    requireLength("current", current.length, columns * rows);
    requireLength("centre", centre.length, columns * rows);
    requireLength("spread", spread.length, columns * rows);
    return scores(
        FeaturePlanes.of(current, columns, rows),
        FeaturePlanes.of(centre, columns, rows),
        FeaturePlanes.of(spread, columns, rows),
        null,
        presence,
        new PixelRegion(0, 0, width, height));
  }

  /**
   * Scores the change of a chunk whose features come row by row.
   *
   * @param wanted [row][column] the cells whose results are of use; the others are as if not valid;
   *     null = all
   * @param chunk where the features lie on the grid
   * @see #scores(float[], float[], float[], boolean[], int, int)
   */
  public float[][] scores(
      FeaturePlanes current,
      FeaturePlanes centre,
      FeaturePlanes spread,
      boolean @Nullable [] wanted,
      boolean[] presence,
      PixelRegion chunk) {
    float[][] scores = new float[manifest.scores().size()][chunk.area()];
    boolean[] valid =
        run(
            GraphRole.CHANGE,
            Map.of("current", current, "centre", centre, "spread", spread),
            wanted,
            presence,
            chunk,
            (channel, plane, from, to, length) ->
                System.arraycopy(plane, from, scores[channel], to, length));
    forEachInvalid(
        valid,
        chunk,
        pixel -> {
          for (float[] score : scores) {
            score[pixel] = Float.NaN;
          }
        });
    return scores;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        graphs.values().forEach(GraphSession::close);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean[] run(
      GraphRole role,
      Map<String, FeaturePlanes> inputs,
      boolean @Nullable [] wanted,
      boolean[] presence,
      PixelRegion chunk,
      HeadRun.RowSink sink) {
    WindowGeometry geometry = manifest.window();
    int stride = geometry.stride();
    boolean whole =
        chunk.x() % stride == 0
            && chunk.y() % stride == 0
            && chunk.width() % stride == 0
            && chunk.height() % stride == 0;
    if (!whole) {
      throw new IllegalArgumentException(
          "a chunk must keep to the stride of %d pixels, got %s".formatted(stride, chunk));
    }
    int channels = role == GraphRole.CHANGE ? manifest.scores().size() : manifest.classes().size();
    return whileOpen(() ->
        new HeadRun(
                geometry,
                inputs,
                presenceVector(role, presence),
                manifest.existingFeatures(presence),
                chunk,
                channels,
                wanted,
                sink)
            .run(graph(role)));
  }

  private void forEachInvalid(boolean[] validCells, PixelRegion chunk, IntConsumer pixel) {
    int width = chunk.width();
    int height = chunk.height();
    int stride = manifest.window().stride();
    int columns = width / stride;
    for (int row = 0; row < height; row++) {
      int cells = row / stride * columns;
      for (int column = 0; column < columns; column++) {
        if (!validCells[cells + column]) {
          int first = row * width + column * stride;
          for (int at = first; at < first + stride; at++) {
            pixel.accept(at);
          }
        }
      }
    }
  }

  private <T> T whileOpen(Supplier<T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session of " + bundle + " is closed");
      }
      return work.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private GraphSession graph(GraphRole role) {
    return Objects.requireNonNull(graphs.get(role), "every role has a session, by construction");
  }

  private float @Nullable [] presenceVector(GraphRole role, boolean[] presence) {
    if (!bundle.signature(role).inputs().containsKey(PRESENCE)) {
      return null;
    }
    float[] vector = new float[presence.length];
    for (int index = 0; index < vector.length; index++) {
      vector[index] = presence[index] ? 1f : 0f;
    }
    return vector;
  }

  private void requireLength(String what, int length, int cells) {
    int expected = manifest.features().size() * cells;
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s has %d values, expected %d".formatted(what, length, expected));
    }
  }

  private void requireBands(boolean[] presence) {
    List<BundleManifest.Band> bands = manifest.bands();
    if (presence.length != bands.size()) {
      throw new IllegalArgumentException(
          "a chunk of %s has %d bands, got %d".formatted(bundle, bands.size(), presence.length));
    }
    for (int index = 0; index < bands.size(); index++) {
      if (bands.get(index).need() == Need.REQUIRED && !presence[index]) {
        throw new LandshiftException(
            FailureReason.BAND_MISSING,
            "the scene lacks the band %s, which the bundle %s requires"
                .formatted(bands.get(index).commonName(), bundle));
      }
    }
  }
}
