package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleSignature;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.ModelKey;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chunk's observations are folded in sensing order, however they come. */
@Tag("it")
class ChunkFolderIT {
  private static final BundleManifest MANIFEST = Bundles.spectralBaseline().manifest();

  /** Reflectances from blue to the longer short wave. */
  private static final double[] FOREST = {0.03, 0.05, 0.03, 0.35, 0.36, 0.15, 0.07};

  private static final double[] SOIL = {0.07, 0.10, 0.13, 0.21, 0.22, 0.30, 0.25};
  private static final int SIDE = 32;

  @TempDir Path folder;

  private KeyedOneInputStreamOperatorTestHarness<String, EncodedChunk, FoldedChunk> operator;

  @BeforeEach
  void open() throws Exception {
    operator = harness();
    operator.open();
  }

  @AfterEach
  void close() throws Exception {
    operator.close();
  }

  private KeyedOneInputStreamOperatorTestHarness<String, EncodedChunk, FoldedChunk> harness()
      throws Exception {
    return harness(null);
  }

  private KeyedOneInputStreamOperatorTestHarness<String, EncodedChunk, FoldedChunk> harness(
      @Nullable ModelKey key) throws Exception {
    DetectionSettings settings =
        DetectionSettings.standard(folder.resolve("store"), folder.resolve("products"))
            .withChunkSize(SIDE)
            .withModelKey(key);
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new ChunkFolder(settings)),
        EncodedChunk::chunkKey,
        Types.STRING);
  }

  /** Three summers; in the third, a corner of the ground loses its vegetation. */
  private List<EncodedChunk> series() {
    PixelWindow all = new PixelWindow(0, 0, SIDE, SIDE);
    PixelWindow west = new PixelWindow(0, 0, SIDE / 2, SIDE);
    return List.of(
        look(LocalDate.of(2019, 6, 25), all, false, 0),
        look(LocalDate.of(2019, 7, 10), all, false, 0),
        look(LocalDate.of(2019, 8, 5), west, false, 0),
        look(LocalDate.of(2020, 7, 1), all, false, 0),
        look(LocalDate.of(2020, 7, 20), all, false, 0),
        look(LocalDate.of(2021, 7, 2), all, true, 0),
        look(LocalDate.of(2021, 7, 12), west, true, 0),
        look(LocalDate.of(2021, 7, 22), all, true, 0));
  }

  private EncodedChunk look(
      LocalDate date, PixelWindow window, boolean disturbed, long generation) {
    SceneAvailable scene = Scenes.scene(date, window);
    scene.setGeneration(generation);
    return look(scene, disturbed);
  }

  private EncodedChunk look(SceneAvailable scene, boolean disturbed) {
    PixelWindow window = scene.getWindow();
    int seed = scene.getSensingTime().atZone(ZoneOffset.UTC).getDayOfYear();
    ScenePlan plan = Scenes.plan(scene, SIDE);
    LocalPixelStore store = new LocalPixelStore(folder.resolve("store"));
    ChunkKey key = new ChunkKey(plan.ref().gridCode(), 0, 0);
    int pixels = Windows.pixels(window);
    byte[] quality = new byte[pixels];
    Arrays.fill(quality, Quality.CLEAR);
    short[] features = features(window, disturbed, seed + (int) scene.getGeneration());
    boolean[] presence = new boolean[MANIFEST.bands().size()];
    Arrays.fill(presence, true);
    return new EncodedChunk(
        plan,
        0,
        0,
        window,
        "encoder",
        store.putWords(key, PixelKind.FEATURES, features, window.getWidth()),
        store.put(key, PixelKind.QUALITY, quality),
        presence,
        new Coverage((long) pixels, 0L, 0L, (long) pixels, 0L, 0L),
        PixelEvidence.NONE,
        1,
        1,
        0,
        0,
        null);
  }

  /** Smooth ground with a little noise of its own on every date, in quanta of each feature. */
  private static short[] features(PixelWindow window, boolean disturbed, int seed) {
    Random noise = new Random(seed);
    List<BundleManifest.Feature> channels = MANIFEST.features();
    int pixels = Windows.pixels(window);
    short[] features = new short[MANIFEST.encodedFeatures() * pixels];
    for (int c = 0; c < MANIFEST.encodedFeatures(); c++) {
      for (int p = 0; p < pixels; p++) {
        int x = p % window.getWidth();
        int y = p / window.getWidth();
        double value = disturbed && x < 6 && y < 5 ? SOIL[c] : FOREST[c];
        value += 0.0005 * (x + y) + 0.002 * noise.nextGaussian();
        features[c * pixels + p] = (short) Math.round(value / channels.get(c).step());
      }
    }
    return features;
  }

  private void send(List<EncodedChunk> chunks) throws Exception {
    for (EncodedChunk chunk : chunks) {
      operator.processElement(chunk, 0);
    }
  }

  /** The last result of each scene, but for how long it took. */
  private Map<String, Folded> last() {
    Map<String, Folded> last = new TreeMap<>();
    for (FoldedChunk chunk : operator.extractOutputValues()) {
      Folded folded = chunk.result();
      last.put(
          chunk.scene().key(),
          new Folded(
              folded.inputs(),
              folded.scores(),
              folded.classes(),
              folded.probabilities(),
              folded.statusWindow(),
              folded.status(),
              folded.active(),
              folded.looks(),
              folded.shift(),
              folded.misregistered(),
              folded.ground(),
              folded.step(),
              folded.suspicious(),
              folded.believed(),
              folded.coverage(),
              folded.summaries(),
              0));
    }
    return last;
  }

  private Map<String, Folded> inOrder(List<EncodedChunk> chunks) throws Exception {
    try (var other = harness()) {
      other.open();
      for (EncodedChunk chunk : chunks) {
        other.processElement(chunk, 0);
      }
      var mine = operator;
      operator = other;
      Map<String, Folded> last = last();
      operator = mine;
      return last;
    }
  }

  @Test
  void anyOrderOfArrivalEndsInTheSame() throws Exception {
    // given
    List<EncodedChunk> series = series();
    Map<String, Folded> expected = inOrder(series);
    assertThat(expected).hasSize(series.size());
    assertThat(expected.values())
        .anySatisfy(
            folded -> assertThat(folded.summaries().getFirst().getProvisional()).isEqualTo(30));
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the order of arrival: " + seed);
    List<EncodedChunk> arriving = new ArrayList<>(series);
    Collections.shuffle(arriving, new Random(seed));

    // when
    send(arriving);

    // then
    assertThat(last()).isEqualTo(expected);
  }

  /** A look of radar at ground that does not change. */
  private EncodedChunk radar(LocalDate date, String direction, int orbit) {
    EncodedChunk optical = look(date, new PixelWindow(0, 0, SIDE, SIDE), false, 0);
    SceneAvailable scene =
        SceneAvailable.newBuilder(optical.plan().scene())
            .setProductId(direction + orbit + "-" + date)
            .setOrbitDirection(direction)
            .setRelativeOrbit(orbit)
            .setBands(
                List.of(
                    BandAsset.newBuilder()
                        .setName("VV")
                        .setModality(Modality.RADAR)
                        .setHref("/vv.tif")
                        .build()))
            .build();
    return new EncodedChunk(
        Scenes.plan(scene, SIDE),
        0,
        0,
        optical.window(),
        optical.encoderDigest(),
        optical.features(),
        optical.quality(),
        optical.presence(),
        optical.coverage(),
        optical.evidence(),
        1,
        1,
        0,
        0,
        null);
  }

  private Folded of(EncodedChunk look) {
    return Objects.requireNonNull(last().get(look.plan().ref().key()));
  }

  @Test
  void radarIsComparedWithRadarOfItsOwnOrbitOnly() throws Exception {
    // given: one encoder for all, two summers of three orbits and of Sentinel-2
    List<EncodedChunk> earlier = new ArrayList<>();
    for (int year : new int[] {2019, 2020}) {
      earlier.add(radar(LocalDate.of(year, 7, 1), "ascending", 44));
      earlier.add(radar(LocalDate.of(year, 7, 2), "descending", 44));
      earlier.add(radar(LocalDate.of(year, 7, 3), "ascending", 117));
      earlier.add(look(LocalDate.of(year, 7, 4), new PixelWindow(0, 0, SIDE, SIDE), false, 0));
      earlier.add(radar(LocalDate.of(year, 7, 13), "ascending", 44));
      earlier.add(look(LocalDate.of(year, 7, 14), new PixelWindow(0, 0, SIDE, SIDE), false, 0));
    }
    EncodedChunk ascending = radar(LocalDate.of(2021, 7, 6), "ascending", 44);
    EncodedChunk unseen = radar(LocalDate.of(2021, 7, 7), "descending", 95);
    EncodedChunk optical =
        look(LocalDate.of(2021, 7, 8), new PixelWindow(0, 0, SIDE, SIDE), false, 0);

    // when
    send(earlier);
    send(List.of(ascending, unseen, optical));

    // then
    assertThat(of(ascending).looks())
        .containsExactlyInAnyOrder(
            "ascending44-2019-07-01",
            "ascending44-2019-07-13",
            "ascending44-2020-07-01",
            "ascending44-2020-07-13");
    assertThat(of(ascending).coverage().getMonitored()).isEqualTo(SIDE * SIDE);
    assertThat(of(unseen).looks()).isEmpty();
    assertThat(of(unseen).coverage().getMonitored()).as("nothing to compare with").isZero();
    assertThat(of(optical).looks())
        .containsExactlyInAnyOrder(
            "S2A-2019-07-04", "S2A-2019-07-14", "S2A-2020-07-04", "S2A-2020-07-14");
  }

  @Test
  void asLongAsNothingIsComparedThereIsOneStatusOfWhatWasCovered() throws Exception {
    // given: the ground is covered bit by bit, then again
    PixelWindow all = new PixelWindow(0, 0, SIDE, SIDE);
    PixelWindow west = new PixelWindow(0, 0, SIDE / 2, SIDE);
    List<EncodedChunk> looks = new ArrayList<>();
    for (PixelWindow window : List.of(west, west, all, west, all)) {
      looks.add(look(LocalDate.of(2019, 6, 1 + looks.size()), window, false, 0));
    }

    // when
    send(looks);

    // then
    List<List<String>> status =
        looks.stream().map(this::of).peek(this::assertNeverObserved).map(Folded::status).toList();
    assertThat(status.get(1)).isEqualTo(status.get(0));
    assertThat(status.get(2)).isNotEqualTo(status.get(0));
    assertThat(status.subList(3, 5)).containsOnly(status.get(2));
  }

  private void assertNeverObserved(Folded folded) {
    ChunkKey key = new ChunkKey(Scenes.GRID.getCode(), 0, 0);
    float[] unseen = new float[Windows.pixels(folded.statusWindow())];
    Arrays.fill(unseen, Float.NaN);
    assertThat(folded.status())
        .isNotEmpty()
        .extracting(
            stored -> StatusBefore.read(new LocalPixelStore(folder.resolve("store")), key, stored))
        .containsOnly(Lifecycle.first(unseen, 1, LifecycleParameters.defaults()));
  }

  @Test
  void aLookThatComesAgainIsNotFoldedAgain() throws Exception {
    // given
    send(series());
    int before = operator.extractOutputValues().size();

    // when
    send(series());

    // then
    assertThat(operator.extractOutputValues()).hasSize(before);
  }

  @Test
  void aNewerGenerationTakesThePlaceOfAnOlderOneAndNotTheOtherWayRound() throws Exception {
    // given
    List<EncodedChunk> series = series();
    PixelWindow all = new PixelWindow(0, 0, SIDE, SIDE);
    EncodedChunk newer = look(LocalDate.of(2020, 7, 1), all, false, 9);
    List<EncodedChunk> replaced = new ArrayList<>(series);
    replaced.set(3, newer);
    Map<String, Folded> expected = inOrder(replaced);

    // when
    send(series);
    send(List.of(newer, series.get(3)));

    // then
    Map<String, Folded> last = last();
    last.remove(series.get(3).plan().ref().key());
    assertThat(last).isEqualTo(expected);
  }

  @Test
  void aLateLookCostsOnlyWhatItChanges() throws Exception {
    // given: all but the last but one, which no later look is compared with
    List<EncodedChunk> series = series();
    List<EncodedChunk> onTime = new ArrayList<>(series);
    EncodedChunk late = onTime.remove(6);
    send(onTime);
    int before = operator.extractOutputValues().size();

    // when
    send(List.of(late));

    // then
    assertThat(operator.extractOutputValues().subList(before, before + 2))
        .extracting(chunk -> chunk.scene().productId())
        .containsExactly("S2A-2021-07-12", "S2A-2021-07-22");
    assertThat(operator.extractOutputValues()).hasSize(before + 2);
  }

  @Test
  void aLookWhosePixelsAreGoneFailsAloneAndComesBackWithAReplay() throws Exception {
    // given
    List<EncodedChunk> series = series();
    EncodedChunk broken = series.get(5);
    LocalPixelStore store = new LocalPixelStore(folder.resolve("store"));
    ChunkKey key = new ChunkKey(broken.plan().ref().gridCode(), 0, 0);
    store.delete(key, PixelKind.FEATURES, broken.features());

    // when
    send(series);

    // then
    assertThat(operator.extractOutputValues())
        .filteredOn(chunk -> chunk.failure() != null)
        .singleElement()
        .satisfies(chunk -> {
          assertThat(chunk.scene()).isEqualTo(broken.plan().ref());
          assertThat(chunk.failure().reason()).isEqualTo(FailureReason.STORAGE_CORRUPT);
        });

    // and
    Map<String, Folded> expected = inOrder(series());
    send(series().subList(5, 6));
    List<FoldedChunk> all = operator.extractOutputValues();
    assertThat(all.getLast().result().status())
        .isEqualTo(expected.get(series.getLast().plan().ref().key()).status());
  }

  /** The baseline in a folder of its own, with another digest. */
  private Bundle copyOfTheBaseline(Path at) throws Exception {
    Bundle baseline = Bundles.spectralBaseline();
    for (String path : baseline.paths()) {
      Files.createDirectories(at.resolve(path).getParent());
      Files.write(at.resolve(path), baseline.file(path));
    }
    Files.writeString(at.resolve(Bundle.MANIFEST), "\n", StandardOpenOption.APPEND);
    return Bundle.load(at);
  }

  private static EncodedChunk seenWith(Path bundle, String digest, EncodedChunk chunk) {
    ScenePlan plan = chunk.plan();
    return new EncodedChunk(
        new ScenePlan(plan.scene(), plan.chunkSize(), digest, bundle.toString(), plan.planned()),
        chunk.column(),
        chunk.row(),
        chunk.window(),
        chunk.encoderDigest(),
        chunk.features(),
        chunk.quality(),
        chunk.presence(),
        chunk.coverage(),
        chunk.evidence(),
        chunk.blocksDecoded(),
        chunk.blocksDistinct(),
        chunk.readSeconds(),
        chunk.encodeSeconds(),
        null);
  }

  @Test
  void aLookWhoseModelIsNoLongerLetInFailsAloneAndComesBackOnceItIsSigned() throws Exception {
    // given: a look seen with a bundle that nobody signed, and a restart that asks for a signature
    Path copy = folder.resolve("copy");
    String digest = copyOfTheBaseline(copy).digest();
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Base64.Encoder base64 = Base64.getEncoder();
    List<EncodedChunk> series = new ArrayList<>(series());
    EncodedChunk late = series.remove(6);
    EncodedChunk unsigned = seenWith(copy, digest, series.removeLast());
    send(series);
    send(List.of(unsigned));
    Folded before = operator.extractOutputValues().getLast().result();
    OperatorSubtaskState checkpoint = operator.snapshot(1, 1);
    operator.close();
    operator = harness(new ModelKey(base64.encodeToString(keys.getPublic().getEncoded())));
    operator.initializeState(checkpoint);
    operator.open();

    // when: a late look makes it due again
    send(List.of(late));

    // then
    List<FoldedChunk> told = operator.extractOutputValues();
    assertThat(told).hasSize(2);
    assertThat(told.getFirst().scene()).isEqualTo(late.plan().ref());
    assertThat(told.getFirst().failure()).isNull();
    assertThat(told.getLast().scene()).isEqualTo(unsigned.plan().ref());
    assertThat(told.getLast().failure().reason()).isEqualTo(FailureReason.MODEL_SIGNATURE_INVALID);

    // when: it is signed where it lies, and the scene is replayed
    Path pem = folder.resolve("private.pem");
    Files.writeString(
        pem,
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(base64.encodeToString(keys.getPrivate().getEncoded())));
    BundleSignature.sign(copy, pem);
    send(List.of(unsigned));

    // then
    FoldedChunk after = operator.extractOutputValues().getLast();
    assertThat(after.failure()).isNull();
    assertThat(after.result().coverage()).isEqualTo(before.coverage());
  }

  @Test
  void theHistoryOutlivesARestart() throws Exception {
    // given
    List<EncodedChunk> series = series();
    Map<String, Folded> expected = inOrder(series);
    send(series.subList(0, 6));
    OperatorSubtaskState checkpoint = operator.snapshot(1, 1);
    operator.close();

    // when
    operator = harness();
    operator.initializeState(checkpoint);
    operator.open();
    send(series.subList(6, 8));

    // then
    assertThat(expected).containsAllEntriesOf(last());
    assertThat(last()).hasSize(2);
  }

  /** Every status that is stored for the chunk. */
  private List<String> stored() throws Exception {
    Path statuses = folder.resolve("store/MGRS-33TWL/c000-r000/status");
    try (Stream<Path> files = Files.list(statuses)) {
      return files.map(file -> file.getFileName().toString().replace(".pixels", "")).toList();
    }
  }

  private void completeCheckpoint(long id) throws Exception {
    operator.snapshot(id, id);
    operator.notifyOfCompletedCheckpoint(id);
  }

  private List<String> statusesOfLast() {
    return last().values().stream().flatMap(folded -> folded.status().stream()).toList();
  }

  @Test
  void whatARefoldLeavesBehindIsDeletedPastTheOldestRetainedCheckpointAndWhatIsInFlight()
      throws Exception {
    // given: a late look changes the status after those that follow
    List<EncodedChunk> series = series();
    List<EncodedChunk> onTime = new ArrayList<>(series);
    EncodedChunk late = onTime.remove(5);
    long grace = StoredObjects.GRACE.toMillis();
    operator.setProcessingTime(1_000);
    send(onTime);
    completeCheckpoint(1);
    Set<String> named = new TreeSet<>(statusesOfLast());
    send(List.of(late));
    named.removeAll(statusesOfLast());
    assertThat(named).as("statuses of before").isNotEmpty();

    // when: the grace is over, but checkpoint 1 is still retained
    completeCheckpoint(2);
    operator.setProcessingTime(2_000 + grace);
    send(List.of(late));
    assertThat(stored()).containsAll(named);

    // and: the oldest retained checkpoint is one that does not name them
    completeCheckpoint(3);
    send(List.of(late));

    // then
    assertThat(stored()).doesNotContainAnyElementsOf(named).containsAll(statusesOfLast());
  }

  @Test
  void whatIsNamedAgainStays() throws Exception {
    // given: a generation that takes the place of another, and a newer one that is as the first
    PixelWindow all = new PixelWindow(0, 0, SIDE, SIDE);
    LocalDate date = LocalDate.of(2020, 7, 1);
    EncodedChunk first = look(date, all, false, 0);
    EncodedChunk second = look(date, all, true, 1);
    SceneAvailable again = SceneAvailable.newBuilder(first.plan().scene()).setGeneration(2).build();
    EncodedChunk third =
        new EncodedChunk(
            Scenes.plan(again, SIDE),
            0,
            0,
            all,
            first.encoderDigest(),
            first.features(),
            first.quality(),
            first.presence(),
            first.coverage(),
            PixelEvidence.NONE,
            1,
            1,
            0,
            0,
            null);
    operator.setProcessingTime(1_000);

    // when
    for (int i = 0; i < 3; i++) {
      send(List.of(List.of(first, second, third).get(i)));
      completeCheckpoint(i + 1);
    }
    completeCheckpoint(4);
    operator.setProcessingTime(2_000 + StoredObjects.GRACE.toMillis());
    send(List.of(third));

    // then
    LocalPixelStore store = new LocalPixelStore(folder.resolve("store"));
    ChunkKey key = new ChunkKey("MGRS-33TWL", 0, 0);
    assertThat(store.contains(key, PixelKind.FEATURES, first.features())).isTrue();
    assertThat(store.contains(key, PixelKind.FEATURES, second.features())).isFalse();
    // and the history is whole
    send(series().subList(4, 5));
    assertThat(operator.extractOutputValues().getLast().failure()).isNull();
  }

  @Test
  void partsOfADatatakeSeeTheirOverlapOnce() throws Exception {
    // given: a clear-cut that two products of one datatake show, processed with two baselines
    PixelWindow all = new PixelWindow(0, 0, SIDE, SIDE);
    PixelWindow north = new PixelWindow(0, 0, SIDE, SIDE - 1);
    EncodedChunk first = part("P1", all, "GS2A_20210702T100001_031465_N03.00");
    EncodedChunk second = part("P2", north, "GS2A_20210702T100001_031465_N05.00");
    EncodedChunk other = part("P2", north, "GS2B_20210702T101001_022570_N05.00");
    List<EncodedChunk> others = joined(series().subList(0, 5), series().subList(7, 8));

    // when
    Map<String, Folded> once = inOrder(joined(others, List.of(first, second)));
    Map<String, Folded> turned = inOrder(joined(List.of(second, first), others));
    Map<String, Folded> alone = inOrder(joined(others, List.of(first)));
    Map<String, Folded> twice = inOrder(joined(others, List.of(first, other)));

    // then: it is as if the second had not come, whatever the order; of another datatake it counts
    String last = others.getLast().plan().ref().key();
    assertThat(once.get(last).status()).isEqualTo(alone.get(last).status());
    assertThat(twice.get(last).status()).isNotEqualTo(alone.get(last).status());
    assertThat(turned).isEqualTo(once);
    Coverage repeated = once.get(second.plan().ref().key()).coverage();
    assertThat(repeated.getClear()).isZero();
    assertThat(repeated.getNodata()).isEqualTo(SIDE * (SIDE - 1L));
  }

  private static List<EncodedChunk> joined(List<EncodedChunk> one, List<EncodedChunk> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  private EncodedChunk part(String product, PixelWindow window, String datatake) {
    SceneAvailable scene = Scenes.scene(LocalDate.of(2021, 7, 2), window);
    scene.setProductId(product);
    scene.setDatatakeId(datatake);
    return look(scene, true);
  }
}
