package io.landshift.detection;

import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.CloudMask;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.ModelSession;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.PixelWindow;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads, harmonises, masks and encodes chunks, and puts features and quality into the store.
 *
 * <p>One thread reads, in the order in which the chunks come, and owns the open scene with its GDAL
 * handles: so a scene's blocks are decoded once. A bounded pool encodes. What is in flight is in
 * the checkpoint and is repeated after a failure; the store is content-addressed, so that does no
 * harm.
 */
final class EncodeFunction extends RichAsyncFunction<ChunkTask, EncodedChunk> {
  private static final Logger log = LoggerFactory.getLogger(EncodeFunction.class);

  private static final List<String> EVIDENCE_BANDS =
      List.of("blue", "green", "red", "nir", "swir16");

  private static final int SHORT_WAVE = 4;

  private final DetectionSettings settings;
  private transient ExecutorService reader;
  private transient ExecutorService encoders;
  private transient Models models;
  private transient PixelStore store;
  private transient SceneReading reading;

  EncodeFunction(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    reader = Workers.pool("read-scene", 1);
    encoders = Workers.pool("encode", settings.workers());
    models = new Models(settings);
    store = new LocalPixelStore(settings.store());
    reading = new SceneReading(settings, models);
  }

  @Override
  public void close() throws Exception {
    if (reader == null) {
      return;
    }
    Workers.end(encoders);
    // The thread that opened the scene closes it.
    reader.submit(reading::close).get();
    Workers.end(reader);
    models.close();
  }

  @Override
  public void asyncInvoke(ChunkTask task, ResultFuture<EncodedChunk> result) {
    reader.execute(() -> {
      if (encoders.isShutdown()) {
        return;
      }
      try {
        SceneReading.Read read = reading.read(task);
        encoders.execute(() -> Workers.complete(result, () -> encodeOrFail(task, read)));
      } catch (RejectedExecutionException e) {
        log.debug("the task has ended before {} was encoded", task, e);
      } catch (RuntimeException | UnsatisfiedLinkError e) {
        Workers.complete(result, () -> EncodedChunk.failed(task, SceneFailure.of("encode", e)));
      } catch (Error e) {
        Workers.fail(result, e);
      }
    });
  }

  private EncodedChunk encodeOrFail(ChunkTask task, SceneReading.Read read) {
    try {
      // First, whatever becomes of this chunk: others wait for the windows that it has read.
      long started = ProcessorTime.nanos();
      runMask(task, read.mask());
      return encode(task, read, started);
    } catch (RuntimeException e) {
      return EncodedChunk.failed(task, SceneFailure.of("encode", e));
    }
  }

  private void runMask(ChunkTask task, @Nullable MaskTask mask) {
    if (mask == null) {
      return;
    }
    try {
      mask.run(models.maskSession(task.plan().modelHref(), task.plan().modelDigest()));
    } catch (RuntimeException | Error e) {
      mask.fail(e);
      throw e;
    }
  }

  /** The chunk's quality, after the second opinion where there is one. */
  private byte[] quality(PixelWindow window, SceneReading.Read read) {
    HarmonisedChunk chunk = read.chunk();
    byte[] quality = Planes.moved(chunk.quality(), chunk.window(), window, Quality.NODATA);
    MaskTask mask = read.mask();
    return mask == null
        ? quality
        : CloudMask.withEnoughClear(mask.applied(quality, window), settings.mask());
  }

  private EncodedChunk encode(ChunkTask task, SceneReading.Read read, long started) {
    ScenePlan plan = task.plan();
    HarmonisedChunk chunk = read.chunk();
    PixelWindow window = task.window();
    ModelSession model = models.session(plan.modelHref(), plan.modelDigest());
    WindowPlan windows = WindowPlan.of(model.manifest().window(), ChunkRegions.of(window));
    short[] features =
        model.encodeStored(
            new ChunkInput(windows, ChunkRegions.of(chunk.window()), chunk.bands(), null));
    ChunkKey key = new ChunkKey(plan.scene().getGrid().getCode(), task.column(), task.row());
    byte[] quality = quality(window, read);
    return new EncodedChunk(
        plan,
        task.column(),
        task.row(),
        window,
        models.encoderDigest(plan.modelHref(), plan.modelDigest()),
        store.putWords(key, PixelKind.FEATURES, features, window.getWidth()),
        store.put(key, PixelKind.QUALITY, quality),
        chunk.present(),
        coverage(quality),
        evidence(plan, chunk, window, quality),
        read.blocksDecoded(),
        read.blocksDistinct(),
        read.seconds(),
        ProcessorTime.secondsSince(started),
        null);
  }

  /** What the chunk's own pixels say, without those read around them. */
  private PixelEvidence evidence(
      ScenePlan plan, HarmonisedChunk chunk, PixelWindow window, byte[] quality) {
    List<BandRequest> requests =
        BandPlan.of(models.manifest(plan.modelHref(), plan.modelDigest()), plan.scene()).requests();
    float[][] planes = new float[EVIDENCE_BANDS.size()][];
    for (int i = 0; i < requests.size(); i++) {
      int band = EVIDENCE_BANDS.indexOf(requests.get(i).commonName());
      float[] plane = chunk.bands()[i];
      if (band >= 0 && plane != null) {
        planes[band] = Planes.moved(plane, chunk.window(), window);
      }
    }
    for (int band = 0; band < SHORT_WAVE; band++) {
      if (planes[band] == null) {
        return PixelEvidence.NONE;
      }
    }
    return PixelEvidence.of(
        quality, planes[0], planes[1], planes[2], planes[3], planes[SHORT_WAVE]);
  }

  private static Coverage coverage(byte[] quality) {
    long nodata = Quality.count(quality, Quality.NODATA);
    long clear = Quality.count(quality, Quality.CLEAR);
    long pixels = quality.length;
    return new Coverage(pixels, nodata, pixels - nodata - clear, clear, 0L, 0L);
  }
}
