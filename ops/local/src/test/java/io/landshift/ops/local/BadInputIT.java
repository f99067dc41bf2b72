package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.catalog.ScenePublisher;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One system that is given every kind of bad input, one after the other, and goes on. */
@Tag("it")
class BadInputIT {
  @TempDir static Path root;

  private static final LogCollector log = new LogCollector();
  private static TinyDisk storeDisk;
  private static TinyDisk productDisk;
  private static DetectionSettings settings;
  private static TestSigner signer;
  private static RunningStack stack;
  private static int thrownAtStart;

  @BeforeAll
  static void start() throws Exception {
    storeDisk = TinyDisk.mount(root.resolve("store"));
    productDisk = TinyDisk.mount(root.resolve("products"));
    List<SceneAvailable> scenes =
        ForestScenes.write(
            Files.createDirectories(root.resolve("series")),
            LocalDate.MAX,
            LocalDate.of(2019, 7, 1));
    signer = TestSigner.make(root.resolve("private.pem"));
    settings =
        DetectionSettings.standard(root.resolve("store"), root.resolve("products"))
            .withModelKey(signer.key());
    log.begin();
    stack = new RunningStack(root.resolve("state"), settings, scenes.getFirst());
    stack.processOne();
    thrownAtStart = log.thrown.size();
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      log.end();
      stack.close();
    } finally {
      storeDisk.close();
      productDisk.close();
    }
  }

  @Test
  void startsWithoutAnExceptionInTheLog() {
    assertThat(log.thrown.stream().limit(thrownAtStart)).isEmpty();
  }

  /** Bytes that are no scene. */
  enum Garbage {
    TEXT,
    NOTHING,
    TOMBSTONE,
    ANOTHER_EVENT,
    CUT_SHORT,
    TOO_LONG,
    UNKNOWN_SCHEMA,
    REGISTRY_FORMAT,
    /** Hardly fits the topic; the dead letter is larger than a producer sends unless it is told. */
    LARGE;

    byte[] bytes() {
      byte[] scene = stack.stack().codec().encode(stack.scene());
      return switch (this) {
        case TEXT -> "{\"type\": \"Feature\"}".getBytes(StandardCharsets.UTF_8);
        case NOTHING -> new byte[0];
        case TOMBSTONE -> null;
        case ANOTHER_EVENT -> stack.stack().codec().encode(anyRelease());
        case CUT_SHORT -> Arrays.copyOf(scene, scene.length / 2);
        case TOO_LONG -> Arrays.copyOf(scene, scene.length + 1);
        case UNKNOWN_SCHEMA -> {
          scene[5] ^= 1;
          yield scene;
        }
        case REGISTRY_FORMAT -> new byte[] {0, 0, 0, 0, 7, 1, 2, 3};
        case LARGE -> new byte[Topics.SCENES.maximumBytes() - 200];
      };
    }
  }

  private static ModelRelease anyRelease() {
    return new ModelRelease("a", "b", "c", Instant.EPOCH, "");
  }

  @ParameterizedTest
  @EnumSource
  void aRecordThatIsNoSceneIsADeadLetterWithItsPlace(Garbage garbage) throws Exception {
    // given
    byte[] bytes = garbage.bytes();

    // when
    RecordMetadata place = stack.send(Topics.SCENES, "MGRS-33TWL", bytes);
    DeadLetter letter = stack.letter(at(Topics.SCENES, place));

    // then
    assertThat(letter.getReason()).isEqualTo(FailureReason.RECORD_UNREADABLE);
    assertThat(letter.getStage()).isEqualTo("decode");
    assertThat(letter.getMessage()).isNotBlank();
    assertThat(letter.getPayload()).isEqualTo(ByteBuffer.wrap(bytes == null ? new byte[0] : bytes));
    stack.processOne();
  }

  @Test
  void aRecordThatIsNoReleaseIsADeadLetterAndTheModelStays() throws Exception {
    // given
    byte[] bytes = "not a release".getBytes(StandardCharsets.UTF_8);

    // when
    RecordMetadata place = stack.send(Topics.MODEL_RELEASES, "spectral-baseline", bytes);
    DeadLetter letter = stack.letter(at(Topics.MODEL_RELEASES, place));

    // then
    assertThat(letter.getReason()).isEqualTo(FailureReason.RECORD_UNREADABLE);
    assertThat(letter.getPayload()).isEqualTo(ByteBuffer.wrap(bytes));
    assertThat(stack.processOne().getModelDigest()).isEqualTo(settings.modelDigest());
  }

  private static Predicate<DeadLetter> at(Topic topic, RecordMetadata place) {
    return letter ->
        topic.name().equals(letter.getSourceTopic())
            && Integer.valueOf(place.partition()).equals(letter.getSourcePartition())
            && Long.valueOf(place.offset()).equals(letter.getSourceOffset());
  }

  /** A release that must not be taken. */
  private record BadRelease(String name, String digest, String href, FailureReason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<BadRelease> badReleases() throws Exception {
    Path bundles = root.resolve("bad-bundles");
    Path good = bundles.resolve("good");
    String digest = OtherBundle.write(good);
    signer.sign(good);
    Path unsigned = bundles.resolve("unsigned");
    OtherBundle.write(unsigned);
    Path signedByAnother = bundles.resolve("signed-by-another");
    OtherBundle.write(signedByAnother);
    TestSigner.make(root.resolve("another.pem")).sign(signedByAnother);
    String wrong = "0".repeat(64);
    Path failing = bundles.resolve("failing");
    String failingDigest = OtherBundle.writeFailingItsSelfTest(failing);
    signer.sign(failing);
    Path renamed = bundles.resolve("renamed");
    String renamedDigest = OtherBundle.writeWithOtherScores(renamed);
    signer.sign(renamed);
    Path damaged = bundles.resolve("damaged");
    String damagedDigest = OtherBundle.write(damaged);
    signer.sign(damaged);
    byte[] onnx = Files.readAllBytes(damaged.resolve("change.onnx"));
    onnx[onnx.length / 2] ^= 1;
    Files.write(damaged.resolve("change.onnx"), onnx);
    FailureReason mismatch = FailureReason.MODEL_DIGEST_MISMATCH;
    FailureReason signature = FailureReason.MODEL_SIGNATURE_INVALID;
    return Stream.of(
        new BadRelease("another digest", wrong, good.toString(), mismatch),
        new BadRelease("no digest", "", good.toString(), mismatch),
        new BadRelease("nobody signed it", digest, unsigned.toString(), signature),
        new BadRelease("another signed it", digest, signedByAnother.toString(), signature),
        new BadRelease("one bit is wrong", damagedDigest, damaged.toString(), signature),
        new BadRelease("another built-in", digest, "builtin:spectral-baseline", mismatch),
        new BadRelease(
            "the digest in service, of another bundle",
            settings.modelDigest(),
            good.toString(),
            mismatch),
        new BadRelease("nothing there", digest, "/absent", FailureReason.MODEL_INVALID),
        new BadRelease("no path", digest, "a\u0000b", FailureReason.MODEL_INVALID),
        new BadRelease(
            "fails its self-test", failingDigest, failing.toString(), FailureReason.MODEL_INVALID),
        new BadRelease(
            "other scores", renamedDigest, renamed.toString(), FailureReason.MODEL_INVALID));
  }

  @ParameterizedTest
  @MethodSource("badReleases")
  void aBadReleaseIsADeadLetterAndTheModelStays(BadRelease release) throws Exception {
    // given
    int known = stack.letters().size();

    // when
    stack.release(release.digest(), release.href());
    DeadLetter letter =
        stack.letter(new Since(stack.letters().subList(0, known)).and(ofStage("release")));

    // then
    assertThat(letter.getReason()).as(letter.getMessage()).isEqualTo(release.reason());
    assertThat(letter.getSourceTopic()).isEqualTo(Topics.MODEL_RELEASES.name());
    assertThat(letter.getModelDigest()).isEqualTo(release.digest());
    byte[] payload = new byte[letter.getPayload().remaining()];
    letter.getPayload().duplicate().get(payload);
    ModelRelease kept = stack.stack().codec().decode(ModelRelease.class, payload);
    assertThat(kept.getHref()).isEqualTo(release.href());
    assertThat(stack.processOne().getModelDigest()).isEqualTo(settings.modelDigest());
  }

  private static Predicate<DeadLetter> ofStage(String stage) {
    return letter -> letter.getStage().equals(stage);
  }

  /** Letters that came after those that are known. */
  private static final class Since implements Predicate<DeadLetter> {
    private final List<DeadLetter> known;

    Since(List<DeadLetter> known) {
      this.known = List.copyOf(known);
    }

    @Override
    public boolean test(DeadLetter letter) {
      return known.stream().noneMatch(old -> old == letter);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aGoodReleaseIsTakenByLaterScenes(boolean upperCase) throws Exception {
    // given
    Path bundle = root.resolve("good-bundle-" + upperCase);
    OtherBundle.write(bundle);
    String digest = signer.sign(bundle);
    String ours = stack.processOne().getModelDigest();

    // when
    stack.release(
        upperCase ? digest.toUpperCase(java.util.Locale.ROOT) : digest, bundle.toString());
    SceneOutcome first = processWith(digest);
    stack.release(ours, "builtin:spectral-baseline");
    SceneOutcome back = processWith(ours);

    // then
    assertThat(ours).isEqualTo(settings.modelDigest()).isNotEqualTo(digest);
    assertThat(first.getItemHref()).contains(digest.substring(0, 12));
    assertThat(back.getItemHref()).contains(ours.substring(0, 12));
  }

  /** No event tells that a release is in service; scenes that are planned from then on do. */
  private static SceneOutcome processWith(String digest) throws Exception {
    SceneOutcome outcome = stack.processOne();
    for (int i = 0; i < 30 && !outcome.getModelDigest().equals(digest); i++) {
      outcome = stack.processOne();
    }
    assertThat(outcome.getModelDigest()).isEqualTo(digest);
    return outcome;
  }

  @Test
  void anItemWithoutAssetsIsADeadLetterAndTheOthersArePublished() throws Exception {
    // given
    Path folder = Files.createDirectories(root.resolve("items"));
    String empty =
        """
        {"type": "Feature", "stac_version": "1.0.0", "id": "empty", "assets": {}, "links": [],
         "geometry": null, "properties": {"datetime": "2019-06-01T09:00:00Z"}}
        """;
    Files.writeString(folder.resolve("empty.json"), empty);
    Path raster = Path.of(stack.scene().getBands().getFirst().getHref());
    Files.copy(raster, folder.resolve("forest.tif"));
    Files.writeString(
        folder.resolve("whole.json"),
        """
        {"type": "Feature", "stac_version": "1.0.0", "id": "whole", "links": [], "geometry": null,
         "properties": {"datetime": "2019-06-02T09:00:00Z", "constellation": "sentinel-2"},
         "assets": {"all": {"href": "./forest.tif", "type": "image/tiff",
           "eo:bands": [{"name": "B02", "common_name": "blue"}, {"name": "B03", "common_name": "green"},
             {"name": "B04", "common_name": "red"}, {"name": "B08", "common_name": "nir"}],
           "raster:bands": [{"scale": 0.0001}, {"scale": 0.0001}, {"scale": 0.0001}, {"scale": 0.0001}]}}}
        """);

    // when
    ScenePublisher.Counts counts;
    try (SceneSource source = Sources.of(folder)) {
      counts = Announcer.announce(source, stack.stack().bootstrapServers(), stack.stack().codec());
    }
    DeadLetter letter = stack.letter(ofStage("publish"));
    SceneOutcome whole =
        stack.outcomeOf(SceneAvailable.newBuilder(stack.scene()).setProductId("whole").build(), 1);

    // then
    assertThat(counts.failures()).isEqualTo(1);
    assertThat(counts.announced()).isEqualTo(1);
    assertThat(letter.getReason()).isEqualTo(FailureReason.ASSETS_ABSENT);
    assertThat(letter.getMessage()).contains("empty.json");
    assertThat(letter.getPayload())
        .isEqualTo(ByteBuffer.wrap(empty.getBytes(StandardCharsets.UTF_8)));
    assertThat(whole.getResult()).as(whole.getMessage()).isEqualTo(SceneResult.PROCESSED);
  }

  @Test
  void aSceneThatMeetsAFullStoreIsProcessedWhenItIsAnnouncedAgain() throws Exception {
    meetsAFullDisk(storeDisk, "encode");
  }

  @Test
  void aSceneThatMeetsAFullProductDiskIsProcessedWhenItIsAnnouncedAgain() throws Exception {
    meetsAFullDisk(productDisk, "assemble");
  }

  private static void meetsAFullDisk(TinyDisk disk, String stage) throws Exception {
    assumeThat(disk.isMounted()).as("a disk can be mounted here (needs root)").isTrue();
    // given: what is read and computed is new to the store
    SceneAvailable scene = onGrid(stack.scene(), "FULL-" + stage);
    disk.fill();

    // when
    stack.announce(scene);
    SceneOutcome full = stack.outcomeOf(scene, 1);
    disk.makeRoom();
    stack.announce(again(scene));
    SceneOutcome room = stack.outcomeOf(scene, 2);

    // then
    failedAndThenProcessed(scene, full, room, FailureReason.STORAGE_FULL, stage);
    stack.processOne();
  }

  /** What cannot be written, and where the scene fails of it. */
  private enum Blocked {
    FEATURES("encode"),
    STATUS("fold"),
    ACTIVE("fold"),
    OBJECTS("track");

    private final String stage;

    Blocked(String stage) {
      this.stage = stage;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSceneThatTheStoreDoesNotTakeIsProcessedWhenItIsAnnouncedAgain(Blocked blocked)
      throws Exception {
    // given: a file where the store needs a folder
    SceneAvailable scene = onGrid(stack.scene(), "BLOCKED-" + blocked);
    Path folder = root.resolve("store").resolve(scene.getGrid().getCode()).resolve("c000-r000");
    Path file = folder.resolve(blocked.name().toLowerCase(java.util.Locale.ROOT));
    Files.createDirectories(folder);
    Files.createFile(file);

    // when
    stack.announce(scene);
    SceneOutcome failed = stack.outcomeOf(scene, 1);
    Files.delete(file);
    stack.announce(again(scene));
    SceneOutcome after = stack.outcomeOf(scene, 2);

    // then
    failedAndThenProcessed(scene, failed, after, FailureReason.STORAGE_UNAVAILABLE, blocked.stage);
    stack.processOne();
  }

  private static void failedAndThenProcessed(
      SceneAvailable scene,
      SceneOutcome failed,
      SceneOutcome after,
      FailureReason reason,
      String stage) {
    DeadLetter letter = stack.letter(each -> scene.getProductId().equals(each.getProductId()));
    assertThat(failed.getReason()).as(failed.getMessage()).isEqualTo(reason);
    assertThat(failed.getResult()).isEqualTo(SceneResult.FAILED);
    assertThat(failed.getProducts()).isEmpty();
    assertThat(letter.getReason()).isEqualTo(reason);
    assertThat(letter.getStage()).isEqualTo(stage);
    assertThat(letter.getPayload()).isEqualTo(ByteBuffer.wrap(stack.stack().codec().encode(scene)));
    assertThat(after.getResult()).as(after.getMessage()).isEqualTo(SceneResult.PROCESSED);
    assertThat(after.getProducts().values())
        .hasSize(5)
        .allSatisfy(product -> assertThat(Path.of(product)).exists());
  }

  /** The same place under another grid, whose first chunk it lies in. */
  private static SceneAvailable onGrid(SceneAvailable scene, String code) {
    Grid grid = scene.getGrid();
    PixelWindow window = scene.getWindow();
    Grid own =
        Grid.newBuilder(grid)
            .setCode(code)
            .setOriginX(grid.getOriginX() + window.getX() * grid.getPixelSize())
            .setOriginY(grid.getOriginY() - window.getY() * grid.getPixelSize())
            .build();
    return SceneAvailable.newBuilder(scene)
        .setGrid(own)
        .setWindow(new PixelWindow(0, 0, window.getWidth(), window.getHeight()))
        .build();
  }

  private static SceneAvailable again(SceneAvailable scene) {
    return SceneAvailable.newBuilder(scene).setAttempt(scene.getAttempt() + 1).build();
  }

  /** Keeps what is logged with an exception. */
  private static final class LogCollector extends AbstractAppender {
    private final Queue<String> thrown = new ConcurrentLinkedQueue<>();

    LogCollector() {
      super("collector", null, null, true, Property.EMPTY_ARRAY);
    }

    void begin() {
      super.start();
      LoggerContext context = (LoggerContext) LogManager.getContext(false);
      context.getConfiguration().getRootLogger().addAppender(this, null, null);
      context.updateLoggers();
    }

    void end() {
      LoggerContext context = (LoggerContext) LogManager.getContext(false);
      context.getConfiguration().getRootLogger().removeAppender(getName());
      context.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
      if (event.getThrown() != null) {
        thrown.add(
            event.getLoggerName()
                + ": "
                + event.getMessage().getFormattedMessage()
                + ": "
                + event.getThrown());
      }
    }
  }
}
