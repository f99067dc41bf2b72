package io.landshift.detection;

import io.landshift.change.ActivePixels;
import io.landshift.change.ChunkWindow;
import io.landshift.change.ObjectTable;
import io.landshift.change.ObjectTracker;
import io.landshift.change.TrackedObject;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.Grid;
import io.landshift.schemas.SceneOutcome;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives disturbed ground an identity: folds the active pixels of a tile's scenes, in sensing order,
 * into objects, and tells of each object whose visible state has changed.
 *
 * <p>Keyed by grid code. What is told of an object is its state after the scene that last changed
 * it, so it depends on the scenes and not on the order in which they arrived. A late scene is
 * tracked in its place and everything after it again; an object that this undoes is retracted.
 */
final class TrackObjects extends KeyedProcessFunction<String, AssembledScene, Detection> {
  private static final Logger log = LoggerFactory.getLogger(TrackObjects.class);

  private final DetectionSettings settings;
  private transient MapState<String, TrackedScene> scenes;
  private transient MapState<String, Detection> told;
  private transient Models models;
  private transient PixelStore store;

  TrackObjects(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    scenes =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "scenes", Types.STRING, TypeInformation.of(TrackedScene.class)));
    told =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "told", Types.STRING, TypeInformation.of(Detection.class)));
    models = new Models(settings);
    store = new LocalPixelStore(settings.store());
  }

  @Override
  public void close() {
    if (models != null) {
      models.close();
    }
  }

  @Override
  public void processElement(AssembledScene assembled, Context context, Collector<Detection> out)
      throws Exception {
    SceneFailure failure = assembled.failure();
    SceneOutcome outcome = assembled.outcome();
    try {
      track(assembled, out);
    } catch (RuntimeException e) {
      failure = SceneFailure.of("track", e);
      log.error("{}: {}", assembled.plan().ref().productId(), failure.message(), e);
      outcome = Refusals.undone(outcome, failure);
    }
    if (failure == null) {
      failure = assembled.finding();
    }
    if (failure != null) {
      context.output(
          Streams.DEAD_LETTERS,
          Refusals.deadLetter(assembled.plan().scene(), assembled.plan().modelDigest(), failure));
    }
    context.output(Streams.OUTCOMES, outcome);
  }

  /** The state changes at the end only: where the store fails, it is as if nothing had come. */
  private void track(AssembledScene assembled, Collector<Detection> out) throws Exception {
    NavigableMap<String, TrackedScene> before = new TreeMap<>();
    for (Map.Entry<String, TrackedScene> entry : scenes.entries()) {
      before.put(entry.getKey(), entry.getValue());
    }
    NavigableMap<String, TrackedScene> ordered = new TreeMap<>(before);
    String from = place(assembled, ordered);
    if (from == null) {
      return;
    }
    Map<String, Gone> goneBefore = goneFrom(from, ordered);
    trackFrom(from, ordered);
    Grid grid = assembled.plan().scene().getGrid();
    Set<String> standing = tellStanding(grid, from, ordered, out);
    Map<String, Gone> gone = goneFrom(from, ordered);
    gone.keySet().removeAll(standing);
    tellGone(grid, gone, goneBefore, out);
    takeBack(standing, gone.keySet(), out);
    for (String place : before.keySet()) {
      if (!ordered.containsKey(place)) {
        scenes.remove(place);
      }
    }
    for (Map.Entry<String, TrackedScene> entry : ordered.tailMap(from, true).entrySet()) {
      scenes.put(entry.getKey(), entry.getValue());
    }
  }

  /**
   * Puts the scene in its place; returns where tracking must start, or null where nothing changed.
   */
  private static @Nullable String place(
      AssembledScene assembled, NavigableMap<String, TrackedScene> ordered) {
    SceneRef scene = assembled.plan().ref();
    String from = null;
    for (Map.Entry<String, TrackedScene> entry : List.copyOf(ordered.entrySet())) {
      if (entry.getValue().scene().productId().equals(scene.productId())) {
        if (assembled.failure() == null && entry.getValue().sees(TrackedScene.of(assembled))) {
          return null;
        }
        from = entry.getKey();
        ordered.remove(from);
      }
    }
    if (assembled.failure() != null) {
      return from;
    }
    String place = scene.sensingOrder();
    ordered.put(place, TrackedScene.of(assembled));
    return from == null || place.compareTo(from) < 0 ? place : from;
  }

  private void trackFrom(String from, NavigableMap<String, TrackedScene> ordered) {
    for (String place : List.copyOf(ordered.tailMap(from, true).keySet())) {
      TrackedScene scene = Objects.requireNonNull(ordered.get(place));
      BundleManifest manifest = models.manifest(scene.modelHref(), scene.modelDigest());
      Map.Entry<String, TrackedScene> earlier = ordered.lowerEntry(place);
      List<String> tables = new ArrayList<>();
      for (int i = 0; i < manifest.scores().size(); i++) {
        ObjectTable before = earlier == null ? ObjectTable.EMPTY : table(earlier.getValue(), i);
        ObjectTable after = track(scene, i, manifest.scores().get(i).name(), before);
        tables.add(
            store.put(tileKey(scene.scene().gridCode()), PixelKind.OBJECTS, after.toBytes()));
      }
      ordered.put(place, scene.with(tables));
    }
  }

  private ObjectTable track(TrackedScene scene, int score, String name, ObjectTable before) {
    List<ActivePixels> active = new ArrayList<>();
    List<ChunkWindow> covered = new ArrayList<>();
    String grid = scene.scene().gridCode();
    for (TrackedScene.Chunk chunk : scene.chunks()) {
      ChunkKey key = new ChunkKey(grid, chunk.column(), chunk.row());
      active.add(
          ActivePixels.fromBytes(store.get(key, PixelKind.ACTIVE, chunk.active().get(score))));
      covered.add(ActiveList.chunkWindow(chunk.window()));
    }
    int day = ProductDays.of(day(scene));
    return new ObjectTracker(grid, name, settings.tracker())
        .track(before, ActivePixels.merge(active), covered, day, scene.scene().productId());
  }

  /** An object as it was when it went, and the scene it went with. */
  private record Gone(TrackedObject object, TrackedScene scene) {
    boolean tellsTheSameAs(@Nullable Gone other) {
      return other != null
          && object.equals(other.object)
          && scene.modelDigest().equals(other.scene.modelDigest())
          && scene.looks().equals(other.scene.looks());
    }
  }

  /** The objects that went with a scene from a place on; those scenes that are tracked, count. */
  private Map<String, Gone> goneFrom(String from, NavigableMap<String, TrackedScene> ordered) {
    Map<String, Gone> gone = new TreeMap<>();
    for (TrackedScene scene : ordered.tailMap(from, true).values()) {
      for (int i = 0; i < scene.tables().size(); i++) {
        for (TrackedObject object : table(scene, i).objects()) {
          if (object.status().isGone()) {
            gone.put(object.id(), new Gone(object, scene));
          }
        }
      }
    }
    return gone;
  }

  /**
   * Tells of the objects in the latest table what changed since it was last told.
   *
   * @return the ids of these objects
   */
  private Set<String> tellStanding(
      Grid grid, String from, NavigableMap<String, TrackedScene> ordered, Collector<Detection> out)
      throws Exception {
    Set<String> standing = new HashSet<>();
    if (!ordered.isEmpty()) {
      TrackedScene latest = ordered.lastEntry().getValue();
      for (int i = 0; i < latest.tables().size(); i++) {
        for (TrackedObject object : table(latest, i).objects()) {
          standing.add(object.id());
          tell(grid, object, i, from, ordered, out);
        }
      }
    }
    return standing;
  }

  private void tell(
      Grid grid,
      TrackedObject object,
      int score,
      String from,
      NavigableMap<String, TrackedScene> ordered,
      Collector<Detection> out)
      throws Exception {
    TrackedScene changed = sceneOf(object, ordered);
    Detection before = told.get(object.id());
    // A late scene may have undone a later change: then an older state has to be told again.
    boolean isTold =
        before != null
            && before.getRevision() == object.revision()
            && before.getScenes().equals(object.sceneIds());
    if (isTold && changed.scene().sensingOrder().compareTo(from) < 0) {
      return;
    }
    TrackedObject then = table(changed, score).find(object.id());
    if (then == null) {
      throw new IllegalStateException(object.id() + " is not in the table that changed it");
    }
    Detection detection = snapshot(grid, then, changed);
    if (before == null || !ObjectSnapshot.sameContent(before, detection)) {
      told.put(object.id(), detection);
      out.collect(detection);
    }
  }

  /** Tells how objects ended that went with a scene before the latest, where that is news. */
  private void tellGone(
      Grid grid, Map<String, Gone> gone, Map<String, Gone> before, Collector<Detection> out)
      throws Exception {
    for (Map.Entry<String, Gone> entry : gone.entrySet()) {
      Gone now = entry.getValue();
      Detection last = told.get(entry.getKey());
      told.remove(entry.getKey());
      if (now.tellsTheSameAs(before.get(entry.getKey()))) {
        continue;
      }
      Detection detection = snapshot(grid, now.object(), now.scene());
      if (last == null || !ObjectSnapshot.sameContent(last, detection)) {
        out.collect(detection);
      }
    }
  }

  /** Takes back what was told of objects that have never been, as is known now. */
  private void takeBack(Set<String> standing, Set<String> gone, Collector<Detection> out)
      throws Exception {
    for (Map.Entry<String, Detection> entry : entriesTold()) {
      Detection last = entry.getValue();
      if (standing.contains(entry.getKey()) || gone.contains(entry.getKey())) {
        continue;
      }
      if (last.getStatus() != DetectionStatus.RETRACTED) {
        out.collect(Detection.newBuilder(last).setStatus(DetectionStatus.RETRACTED).build());
      }
      told.remove(entry.getKey());
    }
  }

  private Detection snapshot(Grid grid, TrackedObject object, TrackedScene scene) {
    BundleManifest manifest = models.manifest(scene.modelHref(), scene.modelDigest());
    return ObjectSnapshot.of(grid, object, scene, manifest);
  }

  private static TrackedScene sceneOf(
      TrackedObject object, NavigableMap<String, TrackedScene> ordered) {
    String id = object.sceneIds().getLast();
    for (TrackedScene scene : ordered.descendingMap().values()) {
      if (scene.scene().productId().equals(id)) {
        return scene;
      }
    }
    throw new IllegalStateException("scene " + id + " of object " + object.id() + " is gone");
  }

  private List<Map.Entry<String, Detection>> entriesTold() throws Exception {
    List<Map.Entry<String, Detection>> entries = new ArrayList<>();
    for (Map.Entry<String, Detection> entry : told.entries()) {
      entries.add(Map.entry(entry.getKey(), entry.getValue()));
    }
    return entries;
  }

  private ObjectTable table(TrackedScene scene, int score) {
    return ObjectTable.fromBytes(
        store.get(tileKey(scene.scene().gridCode()), PixelKind.OBJECTS, scene.tables().get(score)));
  }

  private static LocalDate day(TrackedScene scene) {
    return scene.scene().sensingTime().atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Tables of objects are the tile's, and are kept with its first chunk. */
  private static ChunkKey tileKey(String gridCode) {
    return new ChunkKey(gridCode, 0, 0);
  }
}
