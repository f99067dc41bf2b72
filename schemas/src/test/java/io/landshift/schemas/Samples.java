package io.landshift.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One event of every topic, with a value other than the default in every field. */
public final class Samples {
  private static final Instant SENSED = Instant.parse("2019-08-03T09:20:31.024Z");

  private Samples() {}

  /** The samples, one for each class of value in {@link Topics#all()}. */
  public static List<SpecificRecord> all() {
    return List.of(
        scene(),
        outcome(),
        detection(),
        alert(),
        subscription(),
        release(),
        feedback(),
        deadLetter());
  }

  public static SceneAvailable scene() {
    return SceneAvailable.newBuilder()
        .setGrid(
            Grid.newBuilder()
                .setCode("MGRS-35TLM")
                .setCrs("EPSG:32635")
                .setOriginX(300_000)
                .setOriginY(5_200_020)
                .setPixelSize(10)
                .setWidth(10_980)
                .setHeight(10_980)
                .build())
        .setWindow(
            PixelWindow.newBuilder().setX(1024).setY(2048).setWidth(512).setHeight(256).build())
        .setSensor("sentinel-2-msi")
        .setPlatform("sentinel-2b")
        .setProductId("S2B_MSIL2A_20190803T092031_R093_T35TLM")
        .setGeneration(1_564_850_000_000L)
        .setAttempt(2)
        .setSensingTime(SENSED)
        .setProcessingBaseline("05.00")
        .setProcessingLevel("L2A")
        .setDatatakeId("GS2B_20190803T092031_012582_N05.00")
        .setRelativeOrbit(93)
        .setBands(
            List.of(
                BandAsset.newBuilder()
                    .setName("B08")
                    .setCommonName("nir")
                    .setCenterWavelength(0.842)
                    .setModality(Modality.THERMAL)
                    .setHref("/data/B08.tif")
                    .setBand(3)
                    .setScale(1e-4)
                    .setOffset(-0.1)
                    .setNodata(0.0)
                    .build()))
        .setMasks(
            List.of(
                MaskAsset.newBuilder()
                    .setKind(MaskKind.SCENE_CLASSIFICATION)
                    .setHref("/data/SCL.tif")
                    .setBand(2)
                    .build()))
        .setSource("romania-forest")
        .setItemHref("/data/item.json")
        .setAnnouncedAt(SENSED.plusSeconds(10_800))
        .build();
  }

  public static StageTimes times() {
    return StageTimes.newBuilder()
        .setSensed(SENSED)
        .setAnnounced(SENSED.plusSeconds(1))
        .setPlanned(SENSED.plusSeconds(2))
        .setEncoded(SENSED.plusSeconds(3))
        .setFolded(SENSED.plusSeconds(4))
        .setAssembled(SENSED.plusSeconds(5))
        .build();
  }

  public static SceneOutcome outcome() {
    return SceneOutcome.newBuilder()
        .setGridCode("MGRS-35TLM")
        .setProductId("S2B_MSIL2A_20190803T092031_R093_T35TLM")
        .setGeneration(7)
        .setSensingTime(SENSED)
        .setResult(SceneResult.QUARANTINED)
        .setReason(FailureReason.SUSPICIOUS_CHANGE)
        .setMessage("41 % of the ground scores high")
        .setCoverage(new Coverage(6L, 1L, 2L, 3L, 1L, 2L))
        .setScores(List.of(new ScoreSummary("vegetation-loss", 9L, 8L, 7L, 6L, 5L, 4L)))
        .setModelDigest("ab12")
        .setProducts(Map.of("land-cover", "/maps/land-cover.tif"))
        .setItemHref("/maps/item.json")
        .setChunks(9)
        .setBlocksDecoded(37)
        .setBlocksDistinct(36)
        .setSeconds(Map.of("read", 1.25))
        .setTimes(times())
        .build();
  }

  public static Detection detection() {
    return Detection.newBuilder()
        .setObjectId("MGRS-35TLM:vegetation-loss:20190714:412:77")
        .setRevision(3)
        .setGridCode("MGRS-35TLM")
        .setScore("vegetation-loss")
        .setStatus(DetectionStatus.FINISHED)
        .setGeometry(
            "{\"type\":\"Polygon\",\"coordinates\":"
                + "[[[25.1,47.1],[25.2,47.1],[25.2,47.2],[25.1,47.1]]]}")
        .setAreaM2(12_300.5)
        .setFromClass("tree-cover")
        .setToClass("bare")
        .setMeanScore(5.75)
        .setMaxScore(9.5)
        .setFirstDate(LocalDate.of(2019, 7, 14))
        .setLatestDate(LocalDate.of(2019, 8, 3))
        .setConfirmedDate(LocalDate.of(2019, 7, 29))
        .setFinishedDate(LocalDate.of(2019, 8, 3))
        .setReferenceScenes(List.of("S2A_2017", "S2A_2018"))
        .setScenes(List.of("S2B_2019"))
        .setMergedObjects(List.of("MGRS-35TLM:vegetation-loss:20190714:415:80"))
        .setModelDigest("ab12")
        .setTimes(times())
        .build();
  }

  public static Alert alert() {
    Detection detection = detection();
    return Alert.newBuilder()
        .setAlertId(detection.getObjectId())
        .setRevision(detection.getRevision())
        .setEvent(AlertEvent.FINISHED)
        .setDetection(detection)
        .build();
  }

  public static Subscription subscription() {
    return Subscription.newBuilder()
        .setId("forest-office-7")
        .setArea("{\"type\":\"Polygon\",\"coordinates\":[[[25,47],[26,47],[26,48],[25,47]]]}")
        .setScores(List.of("vegetation-loss"))
        .setFromClasses(List.of("tree-cover"))
        .setToClasses(List.of("bare"))
        .setMinimumAreaM2(5_000)
        .setConfirmedOnly(true)
        .build();
  }

  public static ModelRelease release() {
    return ModelRelease.newBuilder()
        .setName("spectral-baseline")
        .setDigest("ab12")
        .setHref("/bundles/spectral-baseline.zip")
        .setReleasedAt(SENSED)
        .setNote("first")
        .build();
  }

  public static Feedback feedback() {
    return Feedback.newBuilder()
        .setAlertId("MGRS-35TLM:vegetation-loss:20190714:412:77")
        .setRevision(2)
        .setVerdict(Verdict.FALSE_ALERT)
        .setCause("cloud shadow")
        .setComment("seen from the road")
        .setAuthor("ranger")
        .setGivenAt(SENSED)
        .build();
  }

  public static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setReason(FailureReason.RECORD_UNREADABLE)
        .setStage("decode")
        .setMessage("not Avro")
        .setGridCode("MGRS-35TLM")
        .setProductId("S2B_2019")
        .setGeneration(4L)
        .setSourceTopic("scenes")
        .setSourcePartition(2)
        .setSourceOffset(99L)
        .setPayload(ByteBuffer.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
        .setModelDigest("ab12")
        .setCodeVersion("0.1.0")
        .setFailedAt(SENSED)
        .build();
  }
}
