package io.landshift.detection;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import org.jspecify.annotations.Nullable;

/**
 * The scene that a reading thread has open. Chunks of one scene come one after the other, so one
 * open scene is enough. Owned by one thread, which must also close it.
 */
final class SceneReading implements AutoCloseable {
  private final DetectionSettings settings;
  private final Models models;
  private @Nullable Open open;

  SceneReading(DetectionSettings settings, Models models) {
    this.settings = settings;
    this.models = models;
  }

  private record Open(
      String scene, SceneReader reader, DecodeCounter counter, @Nullable MaskReading mask) {}

  /**
   * A chunk as it was read.
   *
   * @param mask what the mask head has to do for it; null where there is none
   * @param blocksDecoded raster blocks decoded for this chunk
   * @param blocksDistinct of these, blocks that no earlier chunk of the scene had needed
   */
  record Read(
      HarmonisedChunk chunk,
      @Nullable MaskTask mask,
      long blocksDecoded,
      long blocksDistinct,
      double seconds) {}

  Read read(ChunkTask task) {
    long started = ProcessorTime.nanos();
    Open scene = opened(task);
    long decoded = scene.counter().decoded();
    long distinct = scene.counter().distinct();
    HarmonisedChunk chunk = scene.reader().read(readWindow(task));
    MaskReading mask = scene.mask();
    return new Read(
        chunk,
        mask == null ? null : mask.read(task.window(), chunk.window()),
        scene.counter().decoded() - decoded,
        scene.counter().distinct() - distinct,
        ProcessorTime.secondsSince(started));
  }

  /** The chunk's pixels and what the encoder's windows need around them. */
  private PixelWindow readWindow(ChunkTask task) {
    BundleManifest manifest = models.manifest(task.plan().modelHref(), task.plan().modelDigest());
    PixelRegion region =
        WindowPlan.of(manifest.window(), ChunkRegions.of(task.window())).readRegion();
    PixelWindow wanted = new PixelWindow(region.x(), region.y(), region.width(), region.height());
    return Windows.intersect(wanted, task.plan().scene().getWindow());
  }

  /** Whoever accepts haze says that it is none. */
  private MaskParameters maskParameters(SceneAvailable scene) {
    return scene.getAccepted().contains(FailureReason.HAZE)
        ? settings.mask().withHazeTest(false)
        : settings.mask();
  }

  private Open opened(ChunkTask task) {
    String key = task.plan().ref().key();
    if (open != null && open.scene().equals(key)) {
      return open;
    }
    close();
    SceneAvailable scene = task.plan().scene();
    BundleManifest manifest = models.manifest(task.plan().modelHref(), task.plan().modelDigest());
    MaskManifest mask = models.maskManifest(task.plan());
    DecodeCounter counter = new DecodeCounter();
    MaskParameters parameters = maskParameters(scene);
    SceneReader reader =
        SceneReader.open(
            scene,
            BandPlan.of(manifest, scene).requests(),
            BandPlan.of(mask, scene).requests(),
            parameters,
            settings.rulesOfScene(),
            counter);
    MaskReading maskReading =
        mask == null ? null : new MaskReading(mask, reader, scene.getWindow(), parameters);
    open = new Open(key, reader, counter, maskReading);
    return open;
  }

  @Override
  public void close() {
    if (open != null) {
      open.reader().close();
      open = null;
    }
  }
}
