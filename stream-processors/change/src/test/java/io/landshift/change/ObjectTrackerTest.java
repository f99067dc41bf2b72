package io.landshift.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.change.ActivePixels.From;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Maps are drawn: a digit is a lifecycle status, a dot is 0. A map covers the window that begins at
 * 0,0; the first day of its pixels is ten days ago.
 */
class ObjectTrackerTest {
  private static final TrackerParameters PARAMETERS = new TrackerParameters(3, 60);
  private final ObjectTracker tracker = new ObjectTracker("MGRS-33TWL", "loss", PARAMETERS);
  private ObjectTable table = ObjectTable.EMPTY;

  private void scene(int day, String... map) {
    table = track(table, day, map);
  }

  private ObjectTable track(ObjectTable before, int day, String... map) {
    return tracker.track(before, pixels(day, map), List.of(window(map)), day, "scene-" + day);
  }

  private TrackedObject only() {
    assertThat(table.objects()).hasSize(1);
    return table.objects().getFirst();
  }

  @Test
  void aPatchIsBornProvisionalWithTheIdOfItsBirth() {
    // when
    scene(
        400, "......", //
        "..2...", ".25...", "......");

    // then
    TrackedObject born = only();
    assertThat(born.id()).isEqualTo(id(400, 2, 1, "scene-400"));
    assertThat(born.score()).isEqualTo("loss");
    assertThat(born.status()).isEqualTo(ObjectStatus.PROVISIONAL);
    assertThat(born.revision()).isEqualTo(1);
    assertThat(born.birthDay()).isEqualTo(400);
    assertThat(born.firstDay()).isEqualTo(390);
    assertThat(born.latestDay()).isEqualTo(400);
    assertThat(born.confirmedDay()).isEqualTo(-1);
    assertThat(born.finishedDay()).isEqualTo(-1);
    assertThat(born.geometry().pixels()).isEqualTo(3);
    assertThat(born.sceneIds()).containsExactly("scene-400");
    assertThat(born.meanScore()).isEqualTo(3);
    assertThat(born.maxScore()).isEqualTo(5);
    assertThat(born.fromClass()).isEqualTo((byte) 1);
    assertThat(born.toClass()).isEqualTo((byte) 2);
  }

  @Test
  void pixelsBelowTheMinimumMappingUnitWaitAndDiagonalsCount() {
    scene(400, "2..2.", ".2...", "....2");
    assertThat(table.objects()).isEmpty();

    scene(410, "2..2.", ".2...", "2...2");
    assertThat(only().footprint().pixels()).isEqualTo(3);
  }

  @Test
  void statusesThatAreNotActiveMakeNoObject() {
    scene(400, "1147", "7880");
    assertThat(table.objects()).isEmpty();
  }

  @Test
  void seenAgainUnchangedIsTheSameRevision() {
    scene(400, "222");
    scene(410, "222");
    TrackedObject again = only();
    assertThat(again.revision()).isEqualTo(1);
    assertThat(again.latestDay()).isEqualTo(410);
    assertThat(again.sceneIds()).containsExactly("scene-400");
  }

  @Test
  void isConfirmedOnceEnoughOfItsPixelsWereAndKeepsThemForGood() {
    scene(400, "22222");
    scene(410, "36222");
    assertThat(only().status()).isEqualTo(ObjectStatus.PROVISIONAL);
    assertThat(only().revision()).isEqualTo(1);

    scene(420, "52223");
    TrackedObject confirmed = only();
    assertThat(confirmed.status()).isEqualTo(ObjectStatus.CONFIRMED);
    assertThat(confirmed.confirmedDay()).isEqualTo(420);
    assertThat(confirmed.revision()).isEqualTo(2);
    assertThat(places(confirmed.geometry())).containsExactlyInAnyOrder(0L, 1L, 4L);

    scene(430, "...2.");
    assertThat(only().footprint().pixels()).isEqualTo(5);
    assertThat(only().geometry().pixels()).isEqualTo(3);
    assertThat(places(only().active())).containsExactly(3L);
    assertThat(only().revision()).isEqualTo(2);
  }

  @Test
  void whatIsQuietAgainIsReleasedUntilItIsConfirmed() {
    // given
    scene(400, "33222");

    // when: the confirmed pixels go, of which there were too few
    scene(410, "77222");

    // then
    assertThat(only().status()).isEqualTo(ObjectStatus.PROVISIONAL);
    assertThat(places(only().footprint())).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(only().confirmed().isEmpty()).isTrue();
    assertThat(only().revision()).isEqualTo(2);
    scene(420, "7.223");
    assertThat(only().status()).isEqualTo(ObjectStatus.PROVISIONAL);
    scene(430, "..333");
    assertThat(only().status()).isEqualTo(ObjectStatus.CONFIRMED);
    assertThat(only().geometry().pixels()).isEqualTo(3);
  }

  @Test
  void anOldSpeckDoesNotTakeInACutOfYearsLater() {
    // given: what is left of a patch, too small to be one
    scene(400, "222....", ".......");
    String speck = only().id();
    scene(410, "2......", ".......");
    assertThat(only().footprint().pixels()).isEqualTo(1);

    // when
    scene(1100, "2222222", ".222222");

    // then
    assertThat(table.objects()).hasSize(2);
    assertThat(Objects.requireNonNull(table.find(speck)).footprint().pixels()).isEqualTo(1);
    assertThat(table.objects())
        .filteredOn(each -> !each.id().equals(speck))
        .extracting(TrackedObject::firstDay)
        .containsExactly(1090);
  }

  @Test
  void whatJoinsAsTheRestIsReleasedKeepsTheObject() {
    scene(400, "222...");
    String id = only().id();
    scene(410, "...22.");
    assertThat(only().id()).isEqualTo(id);
    assertThat(places(only().footprint())).containsExactlyInAnyOrder(3L, 4L);
    assertThat(only().firstDay()).isEqualTo(390);
  }

  @Test
  void aPatchThatGoesUnconfirmedIsRetractedOnceAndItsGroundIsFree() {
    scene(400, "222...");
    String first = only().id();
    PixelRuns last = only().geometry();

    scene(410, "......");
    TrackedObject retracted = only();
    assertThat(retracted.status()).isEqualTo(ObjectStatus.RETRACTED);
    assertThat(retracted.revision()).isEqualTo(2);
    assertThat(retracted.footprint().isEmpty()).isTrue();
    assertThat(retracted.geometry()).isEqualTo(last);
    assertThat(retracted.sceneIds()).containsExactly("scene-400", "scene-410");

    scene(420, "222...");
    assertThat(only().id()).isNotEqualTo(first);
    assertThat(only().revision()).isEqualTo(1);
  }

  @Test
  void theSameCutSeenAgainNextSummerIsTheSameObject() {
    // given
    scene(400, "333...");
    String id = only().id();
    scene(450, "777...");
    assertThat(only().status()).isEqualTo(ObjectStatus.FINISHED);
    assertThat(only().finishedDay()).isEqualTo(450);
    assertThat(only().revision()).isEqualTo(2);
    scene(460, "777...");
    assertThat(only().finishedDay()).isEqualTo(450);
    assertThat(only().revision()).isEqualTo(2);

    // when
    scene(800, "2.....");

    // then
    TrackedObject again = only();
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.status()).isEqualTo(ObjectStatus.CONFIRMED);
    assertThat(again.finishedDay()).isEqualTo(-1);
    assertThat(again.confirmedDay()).isEqualTo(400);
    assertThat(again.firstDay()).isEqualTo(390);
    assertThat(again.revision()).isEqualTo(3);
    assertThat(again.geometry().pixels()).isEqualTo(3);
  }

  @Test
  void growsWhileItIsYoungAlsoByLessThanAMappingUnit() {
    scene(400, "222...");
    String id = only().id();
    scene(460, "2222..");
    assertThat(only().id()).isEqualTo(id);
    assertThat(only().youngestDay()).isEqualTo(450);
    assertThat(only().revision()).isEqualTo(2);
    scene(520, "22222.");
    assertThat(only().footprint().pixels()).isEqualTo(5);
  }

  @Test
  void whatTouchesItLaterIsAnotherObject() {
    scene(400, "333......");
    String old = only().id();
    scene(461, "33322....");
    assertThat(only().id()).isEqualTo(old);
    assertThat(only().footprint().pixels()).isEqualTo(3);

    scene(470, "333222...");
    assertThat(table.objects()).hasSize(2);
    assertThat(Objects.requireNonNull(table.find(old)).footprint().pixels()).isEqualTo(3);
  }

  @Test
  void whatLiesBetweenTwoObjectsJoinsTheLargerAndBothLiveOn() {
    // given
    scene(400, "......222");
    String eldest = only().id();
    scene(410, "2222..222");
    String larger = other(eldest);

    // when
    scene(420, "222222222");

    // then
    assertThat(table.objects()).hasSize(2);
    assertThat(footprint(larger)).isEqualTo(6);
    assertThat(footprint(eldest)).isEqualTo(3);
    assertThat(Objects.requireNonNull(table.find(eldest)).revision()).isEqualTo(1);
    scene(430, "333333333");
    assertThat(table.objects())
        .extracting(TrackedObject::status)
        .containsExactly(ObjectStatus.CONFIRMED, ObjectStatus.CONFIRMED);
  }

  @Test
  void ofEquallyLargeObjectsItJoinsTheEldestThenTheSmallestId() {
    scene(400, "......222");
    String eldest = only().id();
    scene(410, "222...222");
    scene(420, "222222222");
    assertThat(footprint(eldest)).isEqualTo(6);

    table = ObjectTable.EMPTY;
    scene(400, "222...222");
    String smallestId = table.objects().getFirst().id();
    scene(420, "222222222");
    assertThat(footprint(smallestId)).isEqualTo(6);
  }

  @Test
  void theLargestMayNoLongerGrow() {
    scene(400, "3333.......");
    scene(470, "3333....333");
    String young =
        table.objects().stream()
            .filter(each -> each.birthDay() == 470)
            .findAny()
            .orElseThrow()
            .id();
    scene(480, "33332222333");
    assertThat(table.objects()).hasSize(2);
    assertThat(footprint(young)).isEqualTo(7);
    assertThat(footprint(other(young))).isEqualTo(4);
  }

  @Test
  void whatJoinedBeforeCountsForTheNextComponent() {
    // given: three pixels on the left, four on the right
    String[] ground = {".........", "222.2222.", "........."};
    scene(400, ground);
    assertThat(table.objects()).hasSize(2);
    ObjectTable both = table;

    // when: the component on the left comes first, or that in the middle
    ObjectTable leftFirst = track(both, 410, "22.......", "222.2222.", "...2.....");
    ObjectTable middleFirst = track(both, 410, "...2.....", "222.2222.", "22.......");

    // then
    assertThat(sizes(leftFirst)).containsExactly(4, 6);
    assertThat(sizes(middleFirst)).containsExactly(5, 5);
  }

  private static List<Integer> sizes(ObjectTable table) {
    return table.objects().stream().map(each -> each.footprint().pixels()).sorted().toList();
  }

  private int footprint(String id) {
    return Objects.requireNonNull(table.find(id)).footprint().pixels();
  }

  private String other(String id) {
    return table.objects().stream()
        .map(TrackedObject::id)
        .filter(each -> !each.equals(id))
        .findAny()
        .orElseThrow();
  }

  @Test
  void whatASceneDoesNotCoverStaysAsItWas() {
    // given: an object across the border of two chunks
    scene(400, "..2222", "......");
    ChunkWindow left = new ChunkWindow(0, 0, 3, 2);
    ChunkWindow right = new ChunkWindow(3, 0, 3, 2);

    // when
    ObjectTable leftQuiet = tracker.track(table, ActivePixels.EMPTY, List.of(left), 410, "half");
    ObjectTable elsewhere =
        tracker.track(
            table, ActivePixels.EMPTY, List.of(new ChunkWindow(10, 10, 5, 5)), 410, "elsewhere");
    ObjectTable bothQuiet =
        tracker.track(leftQuiet, ActivePixels.EMPTY, List.of(right), 420, "other-half");

    // then
    assertThat(elsewhere).isEqualTo(table);
    TrackedObject half = leftQuiet.objects().getFirst();
    assertThat(half.status()).isEqualTo(ObjectStatus.PROVISIONAL);
    assertThat(half.active().pixels()).isEqualTo(3);
    assertThat(half.footprint()).isEqualTo(half.active());
    assertThat(half.revision()).isEqualTo(2);
    assertThat(half.latestDay()).isEqualTo(400);
    assertThat(bothQuiet.objects().getFirst().status()).isEqualTo(ObjectStatus.RETRACTED);
  }

  @Test
  void underCloudTheLastScoresStay() {
    // given
    scene(400, "222");
    ActivePixels cloudy = pixels(410, "222");
    Arrays.fill(cloudy.score(), ScoreQuantiser.INVALID);
    Arrays.fill(cloudy.toClass(), ActivePixels.NO_CLASS);

    // when
    table = tracker.track(table, cloudy, List.of(window("222")), 410, "cloudy");

    // then
    assertThat(only().latestDay()).isEqualTo(400);
    assertThat(only().meanScore()).isEqualTo(2);
    assertThat(only().toClass()).isEqualTo((byte) 2);
    assertThat(only().revision()).isEqualTo(1);
  }

  @Test
  void theMajorityDecidesTheClassAndTheOneBeforeIsFixed() {
    // given
    ActivePixels first = pixels(400, "2222");
    System.arraycopy(new byte[] {7, 9, 9, ActivePixels.NO_CLASS}, 0, first.fromClass(), 0, 4);
    System.arraycopy(new byte[] {5, 5, 3, 3}, 0, first.toClass(), 0, 4);
    ActivePixels second = pixels(410, "2222");
    Arrays.fill(second.fromClass(), (byte) 7);
    System.arraycopy(new byte[] {5, 5, 5, 3}, 0, second.toClass(), 0, 4);

    // when
    ObjectTable one = tracker.track(table, first, List.of(window("2222")), 400, "a");
    ObjectTable two = tracker.track(one, second, List.of(window("2222")), 410, "b");

    // then
    assertThat(one.objects().getFirst().fromClass()).isEqualTo((byte) 9);
    assertThat(one.objects().getFirst().toClass()).isEqualTo((byte) 3);
    assertThat(two.objects().getFirst().fromClass()).isEqualTo((byte) 9);
    assertThat(two.objects().getFirst().toClass()).isEqualTo((byte) 5);
    assertThat(two.objects().getFirst().revision()).isEqualTo(2);
  }

  @Test
  void keepsTheLastScenesOnly() {
    for (int t = 0; t < 200; t++) {
      scene(400 + t, t % 2 == 0 ? "333333" : "77777.");
    }
    assertThat(only().revision()).isEqualTo(200);
    assertThat(only().sceneIds()).hasSize(TrackedObject.SCENES).endsWith("scene-599");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomScenesKeepTheRulesForAnyChunks(long seed) {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int size = 24;
    byte[][] ground = new byte[size][size];
    short[][] firstDay = new short[size][size];
    ScalarObjects expected = new ScalarObjects(size, PARAMETERS, ObjectTrackerTest::id);
    int day = 400;

    for (int t = 0; t < 40; t++) {
      // when
      day += 1 + random.nextInt(40);
      disturb(random, ground, firstDay, day);
      boolean upperHalf = random.nextInt(4) == 0;
      List<ChunkWindow> whole = List.of(new ChunkWindow(0, 0, size, upperHalf ? size / 2 : size));
      List<ChunkWindow> chunks = new ArrayList<>(chunks(whole.getFirst(), 1 + random.nextInt(9)));
      Collections.shuffle(chunks, random);
      ObjectTable before = table;
      ActivePixels undivided = pixels(ground, firstDay, whole.getFirst());
      table = tracker.track(before, undivided, whole, day, "s" + t);
      ActivePixels merged = mergedFromChunks(ground, firstDay, chunks);
      ObjectTable fromChunks = tracker.track(before, merged, chunks, day, "s" + t);

      // then
      assertThat(merged).isEqualTo(undivided);
      assertThat(fromChunks).isEqualTo(table);
      assertThat(fromChunks.toBytes()).isEqualTo(table.toBytes());
      assertThat(ObjectTable.fromBytes(table.toBytes())).isEqualTo(table);
      assertRules(before, table);
      expected.scene(ground, firstDay, whole.getFirst().height(), day, "s" + t);
      assertSame(table, expected, size);
    }
  }

  private static void assertRules(ObjectTable before, ObjectTable after) {
    Set<Long> owned = new HashSet<>();
    for (TrackedObject each : after.objects()) {
      boolean gone = each.status().isGone();
      assertThat(gone).isEqualTo(each.footprint().isEmpty());
      for (long pixel : places(each.footprint())) {
        assertThat(owned.add(pixel)).as("pixel in one footprint only").isTrue();
      }
      if (!gone) {
        assertThat(places(each.footprint()))
            .containsAll(places(each.active()))
            .containsAll(places(each.confirmed()));
        assertThat(each.active().isEmpty()).isEqualTo(each.status() == ObjectStatus.FINISHED);
        assertThat(each.confirmedDay() >= 0).isEqualTo(each.status() != ObjectStatus.PROVISIONAL);
        assertThat(each.confirmedDay() >= 0 || each.footprint().equals(each.active())).isTrue();
      }
      TrackedObject was = before.find(each.id());
      assertThat(each.revision())
          .isBetween(was == null ? 1 : was.revision(), was == null ? 1 : was.revision() + 1);
    }
    for (TrackedObject was : before.objects()) {
      assertThat(after.find(was.id()) == null).isEqualTo(was.status().isGone());
    }
  }

  private static void assertSame(ObjectTable table, ScalarObjects expected, int width) {
    assertThat(table.objects())
        .extracting(TrackedObject::id)
        .containsExactlyInAnyOrderElementsOf(
            expected.patches.stream().map(each -> each.id).toList());
    for (ScalarObjects.Patch patch : expected.patches) {
      TrackedObject object = Objects.requireNonNull(table.find(patch.id));
      assertThat(object.status() == ObjectStatus.RETRACTED).isEqualTo(patch.gone);
      assertThat(object.birthDay()).isEqualTo(patch.birthDay);
      assertThat(object.confirmedDay()).isEqualTo(patch.confirmedDay);
      if (!patch.gone) {
        assertThat(object.firstDay()).isEqualTo(patch.firstDay);
        assertThat(object.youngestDay()).isEqualTo(patch.youngestDay);
        assertThat(pixels(object.footprint(), width)).isEqualTo(patch.footprint);
        assertThat(pixels(object.active(), width)).isEqualTo(patch.active);
        assertThat(pixels(object.confirmed(), width)).isEqualTo(patch.confirmed);
      }
    }
  }

  private static Set<Integer> pixels(PixelRuns runs, int width) {
    Set<Integer> pixels = new HashSet<>();
    places(runs).forEach(place -> pixels.add((int) (place >> 32) * width + place.intValue()));
    return pixels;
  }

  private static String id(int day, int x, int y, String sceneId) {
    String birth = "MGRS-33TWL\nloss\n" + day + "\n" + x + "," + y + "\n" + sceneId;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(birth.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static long place(int x, int y) {
    return (long) y << 32 | (x & 0xFFFFFFFFL);
  }

  private static Set<Long> places(PixelRuns runs) {
    Set<Long> places = new HashSet<>();
    for (int i = 0; i < runs.runs(); i++) {
      for (int x = runs.start(i); x < runs.end(i); x++) {
        places.add(place(x, runs.row(i)));
        assertThat(runs.contains(x, runs.row(i))).isTrue();
      }
    }
    assertThat(places).hasSize(runs.pixels());
    return places;
  }

  private static void disturb(Random random, byte[][] ground, short[][] firstDay, int day) {
    for (int blob = random.nextInt(4); blob > 0; blob--) {
      int x = random.nextInt(ground.length);
      int y = random.nextInt(ground.length);
      byte status = new byte[] {0, 2, 3, 6, 7}[random.nextInt(5)];
      short first = (short) (day - random.nextInt(80));
      for (int step = random.nextInt(40); step > 0; step--) {
        ground[y][x] = status;
        firstDay[y][x] = first;
        x = Math.clamp(x + random.nextInt(3) - 1, 0, ground.length - 1);
        y = Math.clamp(y + random.nextInt(3) - 1, 0, ground.length - 1);
      }
    }
    for (byte[] row : ground) {
      for (int x = 0; x < row.length; x++) {
        row[x] = random.nextInt(60) == 0 ? (byte) random.nextInt(9) : row[x];
      }
    }
  }

  private static List<ChunkWindow> chunks(ChunkWindow whole, int side) {
    List<ChunkWindow> chunks = new ArrayList<>();
    for (int y = 0; y < whole.height(); y += side) {
      for (int x = 0; x < whole.width(); x += side) {
        chunks.add(
            new ChunkWindow(
                x, y, Math.min(side, whole.width() - x), Math.min(side, whole.height() - y)));
      }
    }
    return chunks;
  }

  private static ActivePixels mergedFromChunks(
      byte[][] ground, short[][] firstDay, List<ChunkWindow> chunks) {
    return ActivePixels.merge(
        chunks.stream()
            .map(each -> ActivePixels.fromBytes(pixels(ground, firstDay, each).toBytes()))
            .toList());
  }

  private static ChunkWindow window(String... map) {
    return new ChunkWindow(0, 0, map[0].length(), map.length);
  }

  private static ActivePixels pixels(int day, String... map) {
    byte[][] ground = new byte[map.length][];
    short[][] firstDay = new short[map.length][map[0].length()];
    for (int y = 0; y < map.length; y++) {
      ground[y] = new byte[map[y].length()];
      Arrays.fill(firstDay[y], (short) (day - 10));
      for (int x = 0; x < map[y].length(); x++) {
        char code = map[y].charAt(x);
        ground[y][x] = (byte) (code == '.' ? 0 : code - '0');
      }
    }
    return pixels(ground, firstDay, window(map));
  }

  /** The score of a pixel is its status. */
  private static ActivePixels pixels(byte[][] ground, short[][] firstDay, ChunkWindow window) {
    int n = window.pixels();
    LifecycleStatus state = new LifecycleStatus(n);
    short[] score = new short[n];
    byte[] from = new byte[n];
    byte[] to = new byte[n];
    for (int i = 0; i < n; i++) {
      int x = window.x() + i % window.width();
      int y = window.y() + i / window.width();
      byte status = ground[y][x];
      state.status()[i] = status;
      state.firstDay()[i] = firstDay[y][x];
      score[i] = ScoreQuantiser.quantise(status);
      from[i] = 1;
      to[i] = 2;
    }
    return ActivePixels.collect(state, window, score, from, to, From.PROVISIONAL);
  }

  @Test
  void damagedTablesAreRefused() {
    scene(400, "222.333", ".......", "2222222");
    byte[] bytes = table.toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ObjectTable.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ObjectTable.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ActivePixels.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noDamageOfATableEndsInAnotherFailure() {
    scene(400, "222.333", ".......", "2222222");
    byte[] bytes = table.toBytes();
    long seed = 17;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      try {
        ObjectTable.fromBytes(damaged);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
