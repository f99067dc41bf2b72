package io.landshift.detection;

import io.landshift.model.bundle.Bundle;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.ScoreSummary;
import io.landshift.store.LocalPixelStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the maps of a folded scene and says what became of it.
 *
 * <p>Runs on a pool of its own. A pure function of addresses into files whose paths are fixed:
 * after a failure it is repeated without harm.
 */
final class AssembleFunction extends RichAsyncFunction<FoldedScene, AssembledScene> {
  private final DetectionSettings settings;
  private transient ExecutorService pool;
  private transient Models models;
  private transient SceneProducts products;

  AssembleFunction(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    pool = Workers.pool("assemble", settings.scenesInAssembly());
    models = new Models(settings);
    products = new SceneProducts(new LocalPixelStore(settings.store()), settings);
  }

  @Override
  public void close() {
    if (pool != null) {
      Workers.end(pool);
      models.close();
    }
  }

  @Override
  public void asyncInvoke(FoldedScene scene, ResultFuture<AssembledScene> result) {
    pool.execute(() -> Workers.complete(result, () -> assemble(scene)));
  }

  private AssembledScene assemble(FoldedScene scene) {
    SceneFailure failure = firstFailure(scene);
    Map<String, String> written = Map.of();
    String item = null;
    long started = ProcessorTime.nanos();
    if (failure == null) {
      try {
        Bundle bundle = models.load(scene.plan().modelHref(), scene.plan().modelDigest());
        SceneProducts.Written result = products.write(scene, bundle.manifest());
        written = result.maps();
        item = result.item();
      } catch (RuntimeException e) {
        failure = SceneFailure.of("assemble", e);
      }
    }
    double seconds = ProcessorTime.secondsSince(started);
    if (failure != null) {
      SceneOutcome failed = Refusals.outcome(scene.plan(), scene.read(), failure);
      return new AssembledScene(scene.plan(), scene.chunks(), failed, failure, null);
    }
    SceneFailure finding = SceneFindings.of(scene, settings);
    SceneOutcome outcome =
        SceneOutcome.newBuilder(outcome(scene, seconds))
            .setResult(finding == null ? SceneResult.PROCESSED : finding.result())
            .setReason(finding == null ? null : finding.reason())
            .setMessage(finding == null ? "" : finding.message())
            .setProducts(written)
            .setItemHref(item)
            .build();
    return new AssembledScene(scene.plan(), scene.chunks(), outcome, null, finding);
  }

  private static @Nullable SceneFailure firstFailure(FoldedScene scene) {
    for (FoldedChunk chunk : scene.chunks()) {
      if (chunk.failure() != null) {
        return chunk.failure();
      }
    }
    return null;
  }

  private static SceneOutcome outcome(FoldedScene scene, double assembleSeconds) {
    SceneAvailable announced = scene.plan().scene();
    long withoutReference = 0;
    long monitored = 0;
    double foldSeconds = 0;
    List<Folded> chunks = scene.chunks().stream().map(FoldedChunk::result).toList();
    for (Folded chunk : chunks) {
      withoutReference += chunk.coverage().getWithoutReference();
      monitored += chunk.coverage().getMonitored();
      foldSeconds += chunk.seconds();
    }
    Coverage read = scene.read().coverage();
    Coverage coverage =
        new Coverage(
            read.getPixels(),
            read.getNodata(),
            read.getMasked(),
            read.getClear(),
            withoutReference,
            monitored);
    return SceneOutcome.newBuilder()
        .setGridCode(announced.getGrid().getCode())
        .setProductId(announced.getProductId())
        .setGeneration(announced.getGeneration())
        .setSensingTime(announced.getSensingTime())
        .setResult(SceneResult.PROCESSED)
        .setCoverage(coverage)
        .setScores(sum(chunks))
        .setModelDigest(scene.plan().modelDigest())
        .setChunks(scene.plan().chunkCount())
        .setShiftEast(SceneFindings.shiftEast(scene))
        .setShiftSouth(SceneFindings.shiftSouth(scene))
        .setBlocksDecoded(scene.read().blocksDecoded())
        .setBlocksDistinct(scene.read().blocksDistinct())
        .setSeconds(
            Map.of(
                "read",
                scene.read().readSeconds(),
                "encode",
                scene.read().encodeSeconds(),
                "fold",
                foldSeconds,
                "assemble",
                assembleSeconds))
        .setTimes(Refusals.times(scene.plan(), scene))
        .build();
  }

  private static List<ScoreSummary> sum(List<Folded> chunks) {
    Map<String, ScoreSummary> sums = new HashMap<>();
    List<String> order = new ArrayList<>();
    for (Folded chunk : chunks) {
      for (ScoreSummary summary : chunk.summaries()) {
        if (!sums.containsKey(summary.getScore())) {
          order.add(summary.getScore());
        }
        sums.merge(summary.getScore(), summary, AssembleFunction::add);
      }
    }
    return order.stream().map(sums::get).toList();
  }

  private static ScoreSummary add(ScoreSummary a, ScoreSummary b) {
    return new ScoreSummary(
        a.getScore(),
        a.getLow() + b.getLow(),
        a.getHigh() + b.getHigh(),
        a.getFirst() + b.getFirst(),
        a.getProvisional() + b.getProvisional(),
        a.getConfirmed() + b.getConfirmed(),
        a.getFinished() + b.getFinished());
  }
}
