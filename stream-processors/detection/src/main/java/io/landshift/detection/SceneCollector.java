package io.landshift.detection;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Joins the folded chunks of a scene: sends the scene on once all are there, and again after a late
 * scene has changed some of them.
 *
 * <p>Keyed by grid code, so that the scenes of a grid stay in order. A late scene changes the
 * chunks of later scenes one by one. So that a scene is not assembled once for each, corrections
 * wait a moment and go on together.
 */
final class SceneCollector
    extends KeyedCoProcessFunction<String, EncodedScene, FoldedChunk, FoldedScene> {
  private static final long CORRECTION_WAIT_MILLIS = 500;

  private transient MapState<String, EncodedScene> scenes;
  private transient MapState<String, FoldedChunk> chunks;
  private transient MapState<String, Integer> counts;
  private transient MapState<String, Boolean> corrected;

  @Override
  public void open(OpenContext context) {
    scenes = state("scenes", TypeInformation.of(EncodedScene.class));
    chunks = state("chunks", TypeInformation.of(FoldedChunk.class));
    counts = state("counts", Types.INT);
    corrected = state("corrected", Types.BOOLEAN);
  }

  private <T> MapState<String, T> state(String name, TypeInformation<T> type) {
    return getRuntimeContext().getMapState(new MapStateDescriptor<>(name, Types.STRING, type));
  }

  @Override
  public void processElement1(EncodedScene encoded, Context context, Collector<FoldedScene> out)
      throws Exception {
    String scene = encoded.plan().ref().key();
    scenes.put(scene, encoded);
    if (isComplete(scene)) {
      send(scene, out);
    }
  }

  @Override
  public void processElement2(FoldedChunk chunk, Context context, Collector<FoldedScene> out)
      throws Exception {
    String scene = chunk.scene().key();
    String place = scene + '|' + chunk.chunk();
    boolean wasComplete = isComplete(scene);
    if (!chunks.contains(place)) {
      counts.put(scene, counts.contains(scene) ? counts.get(scene) + 1 : 1);
    }
    chunks.put(place, chunk);
    if (wasComplete) {
      correct(scene, context.timerService());
    } else if (isComplete(scene)) {
      send(scene, out);
    }
  }

  private void correct(String scene, TimerService timers) throws Exception {
    corrected.put(scene, true);
    // Rounded, so that the corrections of one moment share one timer.
    long now = timers.currentProcessingTime();
    timers.registerProcessingTimeTimer((now / CORRECTION_WAIT_MILLIS + 1) * CORRECTION_WAIT_MILLIS);
    // Processing time ends with bounded input; the last watermark does not.
    timers.registerEventTimeTimer(Long.MAX_VALUE);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<FoldedScene> out)
      throws Exception {
    context.timerService().deleteEventTimeTimer(Long.MAX_VALUE);
    TreeMap<String, String> inOrder = new TreeMap<>();
    for (String scene : corrected.keys()) {
      inOrder.put(encoded(scene).plan().ref().sensingOrder(), scene);
    }
    for (String scene : inOrder.values()) {
      send(scene, out);
    }
    corrected.clear();
  }

  private EncodedScene encoded(String scene) throws Exception {
    return Objects.requireNonNull(scenes.get(scene));
  }

  private boolean isComplete(String scene) throws Exception {
    return scenes.contains(scene)
        && counts.contains(scene)
        && counts.get(scene) == encoded(scene).plan().chunkCount();
  }

  private void send(String scene, Collector<FoldedScene> out) throws Exception {
    EncodedScene encoded = encoded(scene);
    List<FoldedChunk> all = new ArrayList<>();
    for (ChunkTask chunk : encoded.plan().chunks()) {
      String place = scene + '|' + chunk.column() + '|' + chunk.row();
      all.add(Objects.requireNonNull(chunks.get(place)));
    }
    out.collect(
        new FoldedScene(encoded.plan(), all, encoded.read(), encoded.encoded(), Refusals.now()));
  }
}
