package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class WatchedSourceIT {
  @TempDir Path folder;

  private final Now now = new Now();
  private final Collected sink = new Collected();

  /** A clock that the test moves. */
  private static final class Now extends Clock {
    private Instant instant = Instant.parse("2024-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return instant;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private WatchedSource source() {
    return (WatchedSource)
        Sources.watch(folder, List.of(), Duration.ofMillis(10), Duration.ofMinutes(30), now);
  }

  private void look(WatchedSource source, int times) {
    for (int i = 0; i < times; i++) {
      source.look(sink);
    }
  }

  @Test
  void takesASceneOnceWhenNothingOfItChangesAnyMore() {
    // given
    WatchedSource source = source();
    SmallScenes.itemWithRaster(folder, "a", "2020-06-01T00:00:00Z");

    // when, then
    look(source, 2);
    assertThat(sink.scenes).as("its document and rasters have been seen once each").isEmpty();
    look(source, 1);
    assertThat(sink.products()).containsExactly("a");
    look(source, 3);
    assertThat(sink.products()).containsExactly("a");
    assertThat(sink.failures).isEmpty();
  }

  @Test
  void waitsForARasterThatIsStillBeingWritten() throws IOException {
    // given: the item is there, its raster comes in two pieces
    WatchedSource source = source();
    SmallScenes.raster(folder.resolve("whole.bin"), "B04");
    byte[] bytes = Files.readAllBytes(folder.resolve("whole.bin"));
    SmallScenes.write(
        folder.resolve("a.json"), SmallScenes.item("a", "2020-06-01T00:00:00Z", "growing.tif"));
    look(source, 5);
    Files.write(folder.resolve("growing.tif"), Arrays.copyOf(bytes, bytes.length / 2));
    look(source, 1);

    // when
    Files.write(folder.resolve("growing.tif"), bytes);
    look(source, 1);
    assertThat(sink.scenes).isEmpty();
    look(source, 2);

    // then
    assertThat(sink.products()).containsExactly("a");
    assertThat(sink.failures).isEmpty();
  }

  @Test
  void givesUpOnWhatNeverBecomesWhole() {
    // given
    WatchedSource source = source();
    SmallScenes.write(
        folder.resolve("a.json"), SmallScenes.item("a", "2020-06-01T00:00:00Z", "never.tif"));
    look(source, 5);
    assertThat(sink.failures).isEmpty();

    // when
    now.instant = now.instant.plus(Duration.ofMinutes(31));
    look(source, 3);

    // then
    assertThat(sink.reasons()).containsExactly(FailureReason.ASSET_MISSING);
  }

  @Test
  void doesNotWaitForWhatTimeCannotCure() {
    // given
    WatchedSource source = source();
    SmallScenes.write(
        folder.resolve("a.json"), SmallScenes.item("a", "2020-06-01T00:00:00Z", "/etc/passwd"));

    // when
    look(source, 4);

    // then
    assertThat(sink.reasons()).containsExactly(FailureReason.HREF_REFUSED);
  }

  @Test
  void takesAChangedItemAgainAndMixesItemsWithSidecars() {
    // given
    WatchedSource source = source();
    SmallScenes.itemWithRaster(folder, "b", "2020-06-01T00:00:00Z");
    SmallScenes.raster(folder.resolve("side/a.tif"), "B04");
    SmallScenes.write(
        folder.resolve("side/a.json"),
        "{\"date\": \"2020-05-01\", \"sensor\": \"sentinel-2-msi\", \"bands\": [\"B04\"]}");
    look(source, 4);
    assertThat(sink.products()).containsExactly("a", "b");

    // when
    SmallScenes.write(
        folder.resolve("b/b.json"),
        SmallScenes.item("b", "2020-06-01T00:00:00Z", "./B04.tif")
            .replace("\"datetime\"", "\"created\": \"2021-01-01T00:00:00Z\", \"datetime\""));
    look(source, 4);

    // then
    assertThat(sink.products()).containsExactly("a", "b", "b");
    assertThat(sink.scenes.getLast().getGeneration()).isPositive();
    assertThat(sink.failures).isEmpty();
  }

  @Test
  @Timeout(30)
  void runsUntilItIsClosed() throws InterruptedException {
    // given
    SmallScenes.itemWithRaster(folder, "a", "2020-06-01T00:00:00Z");
    WatchedSource source = source();
    Thread reader = Thread.ofPlatform().start(() -> source.read(sink));
    while (sink.flushes < 10) {
      Thread.sleep(5);
    }

    // when
    source.close();
    reader.join();

    // then
    assertThat(sink.products()).containsExactly("a");
  }
}
