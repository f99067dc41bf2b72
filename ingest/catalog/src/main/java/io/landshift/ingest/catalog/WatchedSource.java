package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A folder that is looked at again and again. STAC items and sidecars are taken up wherever they
 * appear below it; a changed one is taken up again.
 *
 * <p>An entry is taken when it is whole: between two looks neither its document nor any raster that
 * it names has changed, and all of them can be opened. One that is not whole is waited for, then
 * handed over as a failure. Looks are polled, not notified: that works on every file system, and
 * being whole takes two looks anyway.
 *
 * <p>{@link #read} runs on the caller's thread until {@link #close} or an interrupt.
 */
final class WatchedSource implements SceneSource {
  /** Reasons that time may cure: files that are still being written. */
  private static final Set<FailureReason> UNFINISHED =
      Set.of(
          FailureReason.ASSET_MISSING,
          FailureReason.ASSET_UNREADABLE,
          FailureReason.METADATA_INVALID,
          FailureReason.SCENE_INCOMPLETE);

  private final ProductFiles files;
  private final List<SceneDocuments> layouts;
  private final Duration interval;
  private final Duration patience;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<SceneDocuments.Entry, Waiting> waiting = new HashMap<>();
  private final Map<SceneDocuments.Entry, Stamp> taken = new HashMap<>();
  private final Set<String> reported = new HashSet<>();

  /** What a file looked like. */
  private record Stamp(long size, long modified) {}

  /** An entry that was seen and is not whole yet. */
  private record Waiting(Stamp document, Instant since, Map<String, Stamp> rasters) {}

  /**
   * @param layouts ways in which the folder describes scenes
   * @param interval between two looks
   * @param patience how long an entry may be unfinished before it is a failure
   */
  WatchedSource(
      ProductFiles files,
      List<SceneDocuments> layouts,
      Duration interval,
      Duration patience,
      Clock clock) {
    this.files = files;
    this.layouts = layouts;
    this.interval = interval;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public String location() {
    return files.location();
  }

  @Override
  public void read(SceneSink sink) {
    try {
      do {
        look(sink);
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  /** One look: hands over what has become whole since the last. */
  void look(SceneSink sink) {
    FoundScenes found = new FoundScenes(sink);
    Set<SceneDocuments.Entry> there = new HashSet<>();
    for (SceneDocuments layout : layouts) {
      for (SceneDocuments.Entry entry : layout.entries(failure -> reportOnce(failure, found))) {
        there.add(entry);
        consider(layout, entry, found);
      }
    }
    waiting.keySet().retainAll(there);
    taken.keySet().retainAll(there);
    found.handOver();
  }

  /** What hinders finding entries is found at every look: it is handed over when it is new. */
  private void reportOnce(SceneFailure failure, FoundScenes found) {
    if (reported.add(failure.document() + "\n" + failure.message())) {
      found.add(failure);
    }
  }

  private void consider(SceneDocuments layout, SceneDocuments.Entry entry, FoundScenes found) {
    Optional<Stamp> document = stamp(Path.of(files.location()).resolve(entry.document()));
    if (document.isEmpty() || document.get().equals(taken.get(entry))) {
      return;
    }
    Waiting before = waiting.get(entry);
    if (before == null || !before.document().equals(document.get())) {
      waiting.put(entry, new Waiting(document.get(), clock.instant(), Map.of()));
      return;
    }
    try {
      takeIfWhole(layout.read(entry), entry, before, found);
    } catch (LandshiftException e) {
      boolean wait =
          UNFINISHED.contains(e.reason())
              && clock.instant().isBefore(before.since().plus(patience));
      if (!wait) {
        found.add(FoundScenes.failureOf(e, files, entry));
        done(entry, before.document());
      }
    }
  }

  private void takeIfWhole(
      List<SceneAvailable> scenes, SceneDocuments.Entry entry, Waiting before, FoundScenes found) {
    Map<String, Stamp> rasters = new HashMap<>();
    for (String href : hrefs(scenes)) {
      rasters.put(href, stamp(onDisk(href)).orElseThrow(() -> vanished(href)));
    }
    if (rasters.equals(before.rasters())) {
      found.add(scenes);
      done(entry, before.document());
    } else {
      waiting.put(entry, new Waiting(before.document(), before.since(), rasters));
    }
  }

  private void done(SceneDocuments.Entry entry, Stamp document) {
    taken.put(entry, document);
    waiting.remove(entry);
  }

  private static Set<String> hrefs(List<SceneAvailable> scenes) {
    Set<String> hrefs = new TreeSet<>();
    for (SceneAvailable scene : scenes) {
      List<String> all = new ArrayList<>();
      scene.getBands().stream().map(BandAsset::getHref).forEach(all::add);
      scene.getMasks().stream().map(MaskAsset::getHref).forEach(all::add);
      hrefs.addAll(all);
    }
    return hrefs;
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime().toMillis()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The file that an href is read from: of a raster in a zip, the zip. */
  private static Path onDisk(String href) {
    int inside = href.indexOf("!/");
    return Path.of(
        href.startsWith("zip:") && inside > 0 ? href.substring("zip:".length(), inside) : href);
  }

  private static LandshiftException vanished(String href) {
    return new LandshiftException(
        FailureReason.ASSET_MISSING, "The raster " + href + " is gone again.");
  }
}
