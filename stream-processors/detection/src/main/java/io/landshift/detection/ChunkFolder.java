package io.landshift.detection;

import io.landshift.schemas.LandshiftException;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the observations of a chunk in sensing order and folds each in its place.
 *
 * <p>Keyed by chunk. An observation that arrives late, or in a newer generation, makes everything
 * from its place on due again. What is due is walked in sensing order; an observation whose inputs
 * turn out as before is passed over, so a late scene costs what it changes. After {@link
 * #BUDGET_NANOS} the walk is interrupted by a timer, so that checkpoints never wait for it.
 *
 * <p>The state is addresses and counts; pixels are in the store. What no observation names any more
 * is deleted there, once no retained checkpoint names it either ({@link StoredObjects}).
 */
final class ChunkFolder extends KeyedProcessFunction<String, EncodedChunk, FoldedChunk>
    implements CheckpointedFunction, CheckpointListener {
  private static final Logger log = LoggerFactory.getLogger(ChunkFolder.class);
  private static final long BUDGET_NANOS = 2_000_000_000L;

  private final DetectionSettings settings;
  private transient MapState<String, Observation> observations;
  private transient ValueState<String> due;
  private transient MapState<String, StoredObjects.Release> released;
  private transient ChunkFold fold;
  private transient PixelStore store;
  private long nextCheckpoint = 1;
  private long newestCompleted;
  private long oldestRetained;
  private long workingSince = -1;

  ChunkFolder(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    observations =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "observations", Types.STRING, TypeInformation.of(Observation.class)));
    due = getRuntimeContext().getState(new ValueStateDescriptor<>("due", Types.STRING));
    released =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "released", Types.STRING, TypeInformation.of(StoredObjects.Release.class)));
    fold = new ChunkFold(settings);
    store = new LocalPixelStore(settings.store());
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    nextCheckpoint = context.getRestoredCheckpointId().orElse(0) + 1;
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    nextCheckpoint = context.getCheckpointId() + 1;
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    // Two are retained. A notice may be lost; then an older one is taken for the oldest.
    oldestRetained = newestCompleted;
    newestCompleted = checkpoint;
  }

  @Override
  public void close() {
    if (fold != null) {
      fold.close();
    }
  }

  @Override
  public void processElement(EncodedChunk chunk, Context context, Collector<FoldedChunk> out)
      throws Exception {
    Set<String> before = StoredObjects.namedBy(all());
    Observation observation = Observation.of(chunk);
    before.addAll(StoredObjects.namedBy(List.of(observation)));
    if (insert(observation)) {
      advance(context.getCurrentKey(), context.timerService(), out);
    }
    collectGarbage(context.getCurrentKey(), before, context.timerService());
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<FoldedChunk> out)
      throws Exception {
    Set<String> before = StoredObjects.namedBy(all());
    advance(context.getCurrentKey(), context.timerService(), out);
    collectGarbage(context.getCurrentKey(), before, context.timerService());
  }

  private List<Observation> all() throws Exception {
    return entries().stream().map(Map.Entry::getValue).toList();
  }

  /**
   * Releases what is no longer named and deletes what was released long ago.
   *
   * @param before what was named before the observations changed
   */
  private void collectGarbage(String key, Set<String> before, TimerService timers)
      throws Exception {
    long now = timers.currentProcessingTime();
    workingSince = workingSince < 0 ? now : workingSince;
    Map<String, StoredObjects.Release> waiting = new HashMap<>();
    for (Map.Entry<String, StoredObjects.Release> entry : released.entries()) {
      waiting.put(entry.getKey(), entry.getValue());
    }
    Map<String, StoredObjects.Release> after =
        StoredObjects.release(
            waiting,
            before,
            StoredObjects.namedBy(all()),
            new StoredObjects.Release(nextCheckpoint, now));
    ChunkPlace place = ChunkPlace.parse(key);
    ChunkKey chunk = new ChunkKey(place.gridCode(), place.column(), place.row());
    after
        .entrySet()
        .removeIf(entry ->
            StoredObjects.isGarbage(entry.getValue(), oldestRetained, workingSince, now)
                && isDeleted(chunk, entry.getKey()));
    if (!after.equals(waiting)) {
      released.clear();
      released.putAll(after);
    }
  }

  /** Deletes an object; where that fails, it is tried again with the next observation. */
  private boolean isDeleted(ChunkKey chunk, String object) {
    try {
      StoredObjects.delete(store, chunk, object);
      return true;
    } catch (LandshiftException e) {
      log.warn("{}", e.getMessage());
      return false;
    }
  }

  /** Puts an observation in its place; false where it changes nothing. */
  private boolean insert(Observation observation) throws Exception {
    String place = observation.scene().sensingOrder();
    for (Map.Entry<String, Observation> known : entries()) {
      Observation before = known.getValue();
      if (!before.scene().productId().equals(observation.scene().productId())) {
        continue;
      }
      if (before.scene().generation() > observation.scene().generation()) {
        return false;
      }
      if (before.scene().equals(observation.scene()) && before.sameAs(observation)) {
        return false;
      }
      observations.remove(known.getKey());
      makeDue(known.getKey());
    }
    observations.put(place, observation);
    makeDue(place);
    return true;
  }

  private List<Map.Entry<String, Observation>> entries() throws Exception {
    List<Map.Entry<String, Observation>> entries = new ArrayList<>();
    for (Map.Entry<String, Observation> entry : observations.entries()) {
      entries.add(Map.entry(entry.getKey(), entry.getValue()));
    }
    return entries;
  }

  private void makeDue(String place) throws Exception {
    String before = due.value();
    if (before == null || place.compareTo(before) < 0) {
      due.update(place);
    }
  }

  private void advance(String key, TimerService timers, Collector<FoldedChunk> out)
      throws Exception {
    String from = due.value();
    if (from == null) {
      return;
    }
    NavigableMap<String, Observation> ordered = new TreeMap<>();
    entries().forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    long started = System.nanoTime();
    for (String place : List.copyOf(ordered.tailMap(from, true).keySet())) {
      if (System.nanoTime() - started > BUDGET_NANOS) {
        due.update(place);
        timers.registerProcessingTimeTimer(timers.currentProcessingTime());
        // Processing time ends with bounded input; the last watermark does not.
        timers.registerEventTimeTimer(Long.MAX_VALUE);
        return;
      }
      step(key, place, ordered, out);
    }
    due.clear();
    timers.deleteEventTimeTimer(Long.MAX_VALUE);
  }

  private void step(
      String key,
      String place,
      NavigableMap<String, Observation> ordered,
      Collector<FoldedChunk> out)
      throws Exception {
    Observation observation = Objects.requireNonNull(ordered.get(place));
    ChunkPlace chunk = ChunkPlace.parse(key);
    List<Observation> earlier = new ArrayList<>(ordered.headMap(place, false).values());
    Folded before = observation.folded();
    Folded folded = null;
    SceneFailure failure = null;
    try {
      // The first to ask for the look's model, which may be gone or no longer be let in.
      String inputs = fold.inputs(observation, earlier);
      if (before != null && before.inputs().equals(inputs)) {
        return;
      }
      folded = fold.fold(chunk, observation, earlier, inputs);
      Observation done = observation.with(folded);
      ordered.put(place, done);
      observations.put(place, done);
    } catch (RuntimeException e) {
      failure = SceneFailure.of("fold", e);
      log.error("chunk {} of {}: {}", key, observation.scene().productId(), failure.message(), e);
      // The chunk goes on as if this look had not been; a replay of the scene brings it back.
      ordered.remove(place);
      observations.remove(place);
    }
    out.collect(
        new FoldedChunk(
            observation.scene(),
            chunk.column(),
            chunk.row(),
            observation.window(),
            folded,
            failure));
  }
}
