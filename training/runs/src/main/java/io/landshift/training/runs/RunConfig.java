package io.landshift.training.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.Direction;
import io.landshift.training.networks.ConvNextSize;
import io.landshift.training.networks.HeadDecoder;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.Weighting;
import io.landshift.training.pretraining.Parity;
import io.landshift.training.torch.Arithmetic;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run of training depends on beside data and code. Immutable.
 *
 * @param name of the run and of its bundle
 * @param description one paragraph, for people
 * @param shipped whether the weights are meant to be passed on: then sets that are not are refused
 * @param arithmetic of all steps; FP32 where nobody says
 * @param bands common names of the bands that are seen, of those of spectral-baseline
 * @param siamese change as MTP measures it; null where nobody asks
 * @param seasonPairs series of which pairs of dates are compared where nothing happened; may be
 *     empty
 * @param experiments by name; may be empty
 */
record RunConfig(
    String name,
    String description,
    long seed,
    boolean shipped,
    Arithmetic arithmetic,
    List<String> bands,
    Encoder encoder,
    Split split,
    @Nullable Pretraining pretraining,
    Finetuning finetuning,
    Served bundle,
    @Nullable Siamese siamese,
    List<String> seasonPairs,
    Map<String, Experiment> experiments) {

  /**
   * The encoder.
   *
   * @param size published one; null where width and depths are given
   * @param patch stride of the last level, pixels
   */
  record Encoder(
      @Nullable ConvNextSize size,
      @Nullable Integer width,
      @Nullable List<Integer> depths,
      int patch) {}

  /**
   * Shares of the places.
   *
   * @param turn by which the parts are moved on; 0 where nobody says
   */
  record Split(long seed, double validation, double test, Double turn) {
    Split {
      turn = turn == null ? 0.0 : turn;
    }
  }

  /**
   * Steps of a training.
   *
   * @param count how many
   * @param warmUp of these
   * @param rate largest learning rate
   * @param checkpoint steps between two checkpoints
   */
  record Steps(long count, long warmUp, double rate, long checkpoint) {}

  /**
   * Masked pretraining on what scenes themselves answer.
   *
   * @param seed of weights, windows and masks
   * @param side of the windows, pixels
   * @param ratio share of the patches that are hidden
   * @param decoder channels of the decoder
   */
  record Pretraining(
      long seed,
      Steps steps,
      int batch,
      int side,
      double ratio,
      int decoder,
      Weighting weighting,
      Parity parity,
      List<String> sets) {}

  /** Where the encoder starts. */
  enum Start {
    RANDOM,
    PRETRAINED
  }

  /**
   * Learning from labels.
   *
   * @param layerDecay share of the rate of each next level; 0 keeps the encoder as it is
   * @param smoothing share of a label that goes to other classes
   * @param labels share of the training places whose labels are used
   * @param decoder of the segmentation head; CELLS where nobody names one
   */
  record Finetuning(
      Steps steps,
      Start start,
      int side,
      double layerDecay,
      double smoothing,
      double labels,
      Weighting weighting,
      HeadDecoder decoder,
      List<TaskOf> tasks) {
    Finetuning {
      decoder = decoder == null ? HeadDecoder.CELLS : decoder;
    }
  }

  /**
   * A task: a set of labels.
   *
   * @param batch windows a step; 0 where it is measured and not learned: its head stays as it began
   */
  record TaskOf(String set, int batch) {}

  /**
   * The bundle.
   *
   * @param change the set whose change is the score
   * @param measuredOn the labelled set on which the score is measured
   * @param calibratedOn the sets on whose stable ground the score's scale is found: series of
   *     looks, and pairs, whose earlier date is seen again in simulated looks
   * @param score its name
   * @param segmentation the set whose classes are told
   * @param size side of the encoder's window, pixels
   * @param overlap pixels read beyond the window's core on each side
   * @param headWindow side of a head's tile, pixels
   * @param margin of AUC, -1..1: the bundle in fewer bits is kept where its AUC is, with 95 %
   *     confidence, lower than that of fp32 by no more than this. Nobody writes it: 0.005; below 0
   *     it would have to be better, and with -1 none is kept
   */
  record Served(
      String change,
      String measuredOn,
      List<String> calibratedOn,
      String score,
      Direction direction,
      String segmentation,
      int size,
      int overlap,
      int headWindow,
      Double margin) {
    private static final double MARGIN = 0.005;

    Served {
      margin = margin == null ? MARGIN : margin;
      require(margin >= -1 && margin <= 1, "bundle: margin is -1..1, not " + margin);
    }
  }

  /**
   * Change by a siamese head, with which encoders are compared.
   *
   * @param set of pairs that it learns from, at the places of training
   * @param measuredOn pairs that nothing learns from; the set itself, at the places of validation,
   *     where nobody names another
   * @param batch windows a step
   * @param side of the windows, pixels
   * @param layerDecay share of the rate of each next level; 0 keeps the encoder as it is
   */
  record Siamese(
      String set,
      String measuredOn,
      Steps steps,
      Start start,
      int batch,
      int side,
      double layerDecay) {
    Siamese {
      measuredOn = measuredOn == null ? set : measuredOn;
    }
  }

  /**
   * Variants that are trained and measured alike.
   *
   * @param question that it answers, for people
   * @param alike what all of them have in place of the configuration's own; nothing where null
   * @param variants by name, what is different in the configuration
   * @param seeds of the training; every variant is trained with each
   */
  record Experiment(
      String question, JsonNode alike, Map<String, JsonNode> variants, List<Long> seeds) {

    Experiment {
      alike = alike == null ? JsonNodeFactory.instance.objectNode() : alike;
    }
  }

  private static final ObjectMapper YAML = configured(YAMLMapper.builder(new YAMLFactory()));
  private static final ObjectMapper JSON = configured(JsonMapper.builder());

  private static ObjectMapper configured(MapperBuilder<?, ?> builder) {
    return builder
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        // A patch replaces lists, and merges objects.
        .withConfigOverride(ArrayNode.class, override -> override.setMergeable(false))
        .build();
  }

  /** With what nobody wrote filled in. */
  RunConfig {
    arithmetic = arithmetic == null ? Arithmetic.FP32 : arithmetic;
    bands = List.copyOf(bands);
    seasonPairs = seasonPairs == null ? List.of() : List.copyOf(seasonPairs);
    // In the order in which they are written, which copies of maps do not keep.
    experiments =
        experiments == null
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(experiments));
  }

  /**
   * Reads one.
   *
   * @throws TrainingException CONFIGURATION
   */
  static RunConfig read(Path yaml) {
    try {
      return of(YAML.readTree(Files.readString(yaml)), yaml.toString());
    } catch (IOException e) {
      throw wrong(yaml + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static RunConfig of(JsonNode tree, String where) {
    try {
      return JSON.treeToValue(tree, RunConfig.class).checked();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw wrong(where + " is no configuration: " + e.getMessage(), e);
    }
  }

  private static TrainingException wrong(String message, Throwable cause) {
    return new TrainingException(Reason.CONFIGURATION, message, cause);
  }

  private RunConfig checked() {
    served();
    boolean sized = encoder.size() != null || (encoder.width() != null && encoder.depths() != null);
    require(sized, "encoder: name a size, or width and depths");
    require(
        finetuning.tasks().stream().anyMatch(task -> task.set().equals(bundle.change())),
        "bundle: change names no task of finetuning");
    require(
        finetuning.tasks().stream().anyMatch(task -> task.set().equals(bundle.segmentation())),
        "bundle: segmentation names no task of finetuning");
    require(
        finetuning.start() == Start.RANDOM || pretraining != null,
        "finetuning: starts pretrained, but there is no pretraining");
    require(
        finetuning.tasks().stream().anyMatch(task -> task.batch() > 0),
        "finetuning: at least one task has a batch above 0");
    int cell = OperationalEncoder.STRIDE;
    require(
        bundle.size() % encoder.patch() == 0
            && bundle.overlap() % cell == 0
            && bundle.headWindow() % cell == 0,
        "bundle: size has whole patches a side, overlap and head_window whole cells of " + cell);
    require(
        finetuning.side() % encoder.patch() == 0
            && (pretraining == null || pretraining.side() % encoder.patch() == 0),
        "side: windows have a multiple of the encoder's patch a side");
    require(
        siamese == null || siamese.side() % encoder.patch() == 0,
        "siamese: windows have a multiple of the encoder's patch a side");
    require(
        siamese == null || siamese.start() == Start.RANDOM || pretraining != null,
        "siamese: starts pretrained, but there is no pretraining");
    int tile = cell * finetuning.decoder().cells();
    require(
        finetuning.side() % tile == 0 && bundle.headWindow() % tile == 0,
        "finetuning: a decoder %s needs side and head_window that are multiples of %d pixels"
            .formatted(finetuning.decoder(), tile));
    return this;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The bands as spectral-baseline is served them, without statistics. */
  List<Band> served() {
    List<Band> all = Bundles.spectralBaseline().manifest().bands();
    List<Band> seen = all.stream().filter(band -> bands.contains(band.commonName())).toList();
    require(
        seen.size() == bands.size(),
        "bands: of " + bands + " only " + seen.stream().map(Band::commonName).toList());
    return seen;
  }

  /** The same with other values, as JSON merge patch has it (RFC 7396). */
  RunConfig with(JsonNode patch) {
    try {
      JsonNode tree = JSON.valueToTree(this);
      return of(JSON.readerForUpdating(tree).readValue(patch), "a variant of " + name);
    } catch (IOException e) {
      throw wrong("a variant of " + name + " is no configuration: " + e.getMessage(), e);
    }
  }

  /**
   * The same with a pretrained encoder that does not learn, whose levels a linear layer tells the
   * classes from: what its features are worth.
   */
  RunConfig probe() {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("finetuning")
        .put("layer_decay", 0.0)
        .put("start", Start.PRETRAINED.name())
        .put("decoder", HeadDecoder.LINEAR.name());
    return with(patch);
  }

  /** Names all that pretraining depends on: runs that share it share its weights. */
  String pretrainingKey() {
    // Of the tasks, their sets: the statistics of the bands are of all of them.
    List<String> sets = finetuning.tasks().stream().map(TaskOf::set).toList();
    String all =
        "%s %s %s %s %s %s".formatted(pretraining, arithmetic, encoder, bands, split, sets);
    return Integer.toHexString(all.hashCode());
  }

  /** Names all that a siamese head depends on. */
  String siameseKey() {
    String all = "%s %s %s".formatted(siamese, seed, pretrainingKey());
    return Integer.toHexString(all.hashCode());
  }

  /** What a run depends on: to ask other questions of it makes no other run of it. */
  RunConfig alone() {
    return new RunConfig(
        name,
        description,
        seed,
        shipped,
        arithmetic,
        bands,
        encoder,
        split,
        pretraining,
        finetuning,
        bundle,
        null,
        List.of(),
        Map.of());
  }

  /** As text, which can be read again. */
  String text() {
    try {
      return YAML.writeValueAsString(JSON.valueToTree(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration is always YAML", e);
    }
  }
}
