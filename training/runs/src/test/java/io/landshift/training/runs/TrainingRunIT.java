package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.networks.SafeTensors;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TrainingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration and made data in, a bundle that tells change on unseen places out. */
class TrainingRunIT {
  private static final int STEPS = 60;
  private static final JsonNode NO_MARGIN =
      JsonNodeFactory.instance
          .objectNode()
          .set("bundle", JsonNodeFactory.instance.objectNode().put("margin", -1.0));

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @TempDir static Path root;
  private static Path data;
  private static RunConfig config;
  private final StringWriter said = new StringWriter();
  private final PrintWriter out = new PrintWriter(said);

  @BeforeAll
  static void makeData() throws IOException {
    Torch.beDeterministic();
    data = root.resolve("data");
    MadeData.write(data);
    Path file = root.resolve("run.yaml");
    Files.writeString(file, MadeData.config(STEPS, 30));
    config = RunConfig.read(file);
  }

  private Stages stages(RunConfig of, Path folder) {
    RunFolder place = RunFolder.open(folder, of);
    return new Stages(new TrainingRun(of, data, place, place, out), out);
  }

  @Test
  void pretrainsFineTunesMeasuresAndExports() throws IOException {
    // when: opening the bundle runs its self-test, whose results are libtorch's
    Path folder = root.resolve("run");
    Stages stages = stages(config, folder);
    Bundle bundle = Bundle.load(stages.export());
    ChangeEvaluation found = stages.evaluate();

    // then
    System.out.println(said);
    assertThat(found.places()).isBetween(2, MadeData.PLACES - 2);
    assertThat(Metric.ROC_AUC.of(found.of(ChangeEvaluation.BUNDLE))).isGreaterThan(0.95);
    assertThat(found.methods()).containsExactly("bundle", "dNBR", "CVA", "spectral-baseline");
    Score score = bundle.manifest().scores().getFirst();
    Calibration measured = Objects.requireNonNull(score.calibration());
    assertThat(measured.exceedanceHigh()).isLessThanOrEqualTo(measured.exceedanceLow());
    assertThat(new String(bundle.file("MODEL_CARD.md"), StandardCharsets.UTF_8))
        .contains(
            "Do not ship", "| bark_beetle_train |", "spectral-baseline", "| cloud_shadow_csmask |")
        .containsPattern("bark_beetle_train \\| \\d+ \\| \\d+ \\| [0-9a-f]{64} \\|");
    assertThat(folder.resolve("report.md")).content().contains("| dNBR |");
    assertThat(folder.resolve("evaluation.md"))
        .content()
        .contains("| dNBR |", "## Cost", "\n| bundle-int8 | ")
        .containsPattern(
            "\n\\| spectral-baseline \\| [0-9,]+ \\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\|");
    assertThat(said.toString()).contains("pretraining: step 6 of 6", "finetuning: step 60 of 60");

    // and: its list of digests names what lies there, whoever counts
    assertListsItsFiles(folder.resolve("bundle"));

    // and: beside it lie those in fewer bits, which serving takes as well
    for (Precision precision : Precision.FEWER_BITS) {
      Bundle fewer = Bundle.load(folder.resolve("bundle-" + precision.title()));
      assertThat(fewer.manifest().name()).isEqualTo("made-" + precision.title());
      assertThat(fewer.manifest().scores()).isEqualTo(bundle.manifest().scores());
      assertThat(fewer.paths()).isEqualTo(bundle.paths());
      assertListsItsFiles(folder.resolve("bundle-" + precision.title()));
      assertThat(fewer.graph(GraphRole.ENCODER).length)
          .isLessThan(bundle.graph(GraphRole.ENCODER).length);
      ModelRuntime.open(fewer, RuntimeOptions.cpu()).close();
      assertThat(folder.resolve("report.md"))
          .content()
          .containsPattern(
              "\\| %s \\| [0-9,]+ \\| [0-9.]+ \\| [+-]0\\.[0-9]+ \\(.*\\) \\| kept \\|"
                  .formatted(precision.title()));
    }

    // and: what is done is not done again
    said.getBuffer().setLength(0);
    assertThat(Bundle.load(stages(config, folder).export()).digest()).isEqualTo(bundle.digest());
    assertThat(said.toString()).isEmpty();

    // and: of the same weights nothing is left beside it where the margin is one that nothing meets
    RunFolder strict = RunFolder.open(root.resolve("strict"), config.with(NO_MARGIN));
    Files.copy(
        folder.resolve("finetuning/weights.safetensors"),
        strict.stage("finetuning").resolve("weights.safetensors"));
    assertThat(Bundle.load(stages(config.with(NO_MARGIN), strict.path()).export()).manifest())
        .isEqualTo(bundle.manifest());
    assertThat(strict.path().resolve("bundle-fp16")).doesNotExist();
    assertThat(strict.path().resolve("bundle-int8")).doesNotExist();
    assertThat(strict.path().resolve("report.md"))
        .content()
        .containsPattern("\\| int8 .* not kept: may lose .* of AUC, and the margin is -1\\.0000");
  }

  /** As {@code sha256sum -c} reads it: two blanks, one line a file, sorted. */
  private static void assertListsItsFiles(Path bundle) throws IOException {
    List<String> expected = new ArrayList<>();
    try (Stream<Path> files = Files.walk(bundle).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        String name = bundle.relativize(file).toString();
        if (!name.equals("SHA256SUMS")) {
          expected.add(sha256(file) + "  " + name);
        }
      }
    }
    expected.sort(Comparator.comparing(line -> line.substring(66)));
    assertThat(bundle.resolve("SHA256SUMS"))
        .content()
        .isEqualTo(String.join("\n", expected) + "\n");
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesAFolderOfAnotherRun() throws IOException {
    // given
    Path folder = root.resolve("other");
    RunFolder.open(folder, config);
    Path file = root.resolve("changed.yaml");
    Files.writeString(file, MadeData.config(STEPS + 1, 30));

    // when, then: what is only asked of a run, or is what nobody has to write, makes no other one
    RunFolder.open(folder, config.alone());
    Path old = folder.resolve("config.yaml");
    Files.writeString(old, Files.readString(old).replaceFirst(" +decoder: \"CELLS\"\n", ""));
    assertThat(old).content().doesNotContain("CELLS");
    RunFolder.open(folder, config);
    assertThatThrownBy(() -> RunFolder.open(folder, RunConfig.read(file)))
        .isInstanceOfSatisfying(
            TrainingException.class,
            failure -> assertThat(failure.reason()).isEqualTo(TrainingException.Reason.OTHER_RUN));
  }

  @Test
  void saysWhatIsWrongInAConfiguration() throws IOException {
    // given
    Path file = root.resolve("wrong.yaml");
    Files.writeString(file, MadeData.config(4, 2).replace("labels:", "labelz: 1\n  labels:"));

    // when, then
    assertThatThrownBy(() -> RunConfig.read(file))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("labelz");
  }

  @Test
  void comparesVariantsThatShareTheirPretraining() throws IOException {
    // given
    Path folder = root.resolve("experiment");
    Path file = root.resolve("short.yaml");
    Files.writeString(file, MadeData.config(8, 8));

    // when
    new Experiments(RunConfig.read(file), "seeds", data, folder, out).run();

    // then
    assertThat(folder.resolve("report.md"))
        .content()
        .contains("Does the seed matter?", "| all | 0.", "| half | 0.", " dNBR | less it |")
        .containsPattern(
            "\\| all \\| \\d \\| [0-9,]+ \\| [01]\\.[0-9]{3} \\| [+-]0\\.[0-9]{3} \\(");
    assertThat(folder.resolve("auc.png")).isNotEmptyFile();
    assertThat(said.toString())
        .containsOnlyOnce("pretraining: step 6 of 6")
        .contains("finetuning: step 4 of 4")
        .doesNotContain("step 8 of 8");
  }

  @Test
  void learnsTasksAloneAndHoldsOutOtherPlaces() throws IOException {
    // given
    Path folder = root.resolve("alone");
    Path file = root.resolve("alone.yaml");
    Files.writeString(file, MadeData.config(3, 3));
    RunConfig short3 = RunConfig.read(file);

    // when
    new Experiments(short3, "alone", data, folder, out).run();

    // then: what was not learned is as it began, to the bit
    Map<String, Values> change = weights(folder, "change");
    Map<String, Values> classes = weights(folder, "classes");
    Map<String, Values> both = weights(folder, "elsewhere");
    Map<String, Values> start =
        Weights.initial(stages(short3, root.resolve("start")).run().model().parameters(), 7)
            .tensors();
    for (String name : start.keySet()) {
      if (name.endsWith("weight") && !name.contains("norm")) {
        assertThat(isAt(start, change, name)).as(name).isEqualTo(name.startsWith("segmentation."));
        assertThat(isAt(start, classes, name)).as(name).isEqualTo(name.startsWith("change."));
        assertThat(isAt(start, both, name)).as(name).isFalse();
      }
    }
    assertThat(folder.resolve("report.md"))
        .content()
        .containsPattern("\\| elsewhere \\| .*\\| other places \\|");
  }

  @Test
  void pretrainsOnTilesWithOtherSourcesAndStartsFromThem() throws IOException {
    // given
    MadeData.writeAligned(data);
    RunConfig aligned = config.with(pretrainedOn("mmearth"));
    Path folder = root.resolve("aligned");

    // when
    TrainingRun run = stages(aligned, folder).run();
    Map<String, Values> pretrained = run.pretrain().tensors();

    // then: it is asked what only other sources say, in numbers that a squared error can take
    assertThat(pretrained.keySet())
        .anyMatch(name -> name.contains("era5"))
        .anyMatch(name -> name.contains("dynamic_world"))
        .noneMatch(name -> name.contains("ndvi"));
    assertThat(said.toString()).contains("pretraining: step 6 of 6, loss ");
    String last = said.toString().replaceAll("(?s).*step 6 of 6, loss ([0-9.]+),.*", "$1");
    assertThat(Double.parseDouble(last)).isLessThan(20);
    Map<String, Values> start = Weights.initial(run.model().parameters(), aligned.seed()).tensors();
    assertThat(isAt(start, pretrained, "encoder.stages.0.0.dwconv.weight")).isFalse();
    assertThat(run.finetune().tensors()).containsKey("encoder.stages.0.0.dwconv.weight");
  }

  @Test
  void measuresChangeAsMtpDoes() throws IOException {
    // given: many more steps than anything is pretrained for here
    JsonNode siamese =
        YAML.readTree(
            """
            siamese:
              set: bark_beetle_train
              steps: {count: 60, warm_up: 2, rate: 5.0e-3, checkpoint: 30}
              start: RANDOM
              batch: 6
              side: 32
              layer_decay: 1.0
            """);
    RunConfig asked = config.with(siamese);
    RunFolder place = RunFolder.open(root.resolve("siamese"), asked);
    TrainingRun run = new TrainingRun(asked, data, place, place, out);

    // when
    String report = new SiameseRun(run, Objects.requireNonNull(asked.siamese()), place).report();

    // then: dead forest is told from forest on places that were not learned from
    System.out.println(report);
    String[] learned = line(report, "siamese");
    assertThat(Double.parseDouble(learned[2])).as("F1").isGreaterThan(0.8);
    assertThat(Double.parseDouble(learned[3])).as("IoU").isGreaterThan(0.7);
    assertThat(Double.parseDouble(learned[6].split("[ (]+")[1])).as("AUC").isGreaterThan(0.95);
    assertThat(line(report, "CVA")).hasSameSizeAs(learned);
    assertThat(asked.alone()).as("to ask makes no other run").isEqualTo(config.alone());
    assertThat(place.weights("siamese")).exists();
  }

  private static String[] line(String report, String method) {
    return report
        .lines()
        .filter(line -> line.startsWith("| " + method + " |"))
        .findFirst()
        .orElseThrow()
        .split("\\|");
  }

  @Test
  void saysWhatPretrainingCannotMixOrFind() throws IOException {
    // when, then: tiles of MMEarth beside scenes
    MadeData.writeAligned(data);
    RunConfig mixed = config.with(pretrainedOn("mmearth", "bark_beetle_train"));
    assertThatThrownBy(() -> stages(mixed, root.resolve("mixed")).run().pretrain())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("mmearth has tasks of its own");

    // when, then: a set that nobody put there
    Path elsewhere = Files.createDirectories(root.resolve("empty/training/mmearth"));
    assertThatThrownBy(() -> new Sets(root.resolve("empty"), config.served()).named("mmearth"))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            failure -> assertThat(failure.reason()).isEqualTo(FailureReason.ASSET_MISSING))
        .hasMessageContaining(elsewhere + " has 0 files .h5");
  }

  private static JsonNode pretrainedOn(String... sets) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ArrayNode names = patch.putObject("pretraining").putArray("sets");
    Stream.of(sets).forEach(names::add);
    return patch;
  }

  private static Map<String, Values> weights(Path folder, String variant) {
    return SafeTensors.read(folder.resolve(variant).resolve("7/finetuning/weights.safetensors"))
        .tensors();
  }

  private static boolean isAt(Map<String, Values> one, Map<String, Values> other, String name) {
    return Arrays.equals(
        Objects.requireNonNull(one.get(name)).values(),
        Objects.requireNonNull(other.get(name)).values());
  }
}
