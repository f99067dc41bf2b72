package io.landshift.model.bundle;

import io.landshift.schemas.Modality;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says about itself: the content of {@code bundle.json} as far as the product uses
 * it. Immutable.
 *
 * @param name name of the model, for people; it does not identify a bundle, the digest does
 * @param description one paragraph
 * @param architecture short name of the architecture
 * @param inputs input groups; their bands, in this order, are the entries of the presence vector
 * @param window the window grid
 * @param features channels of the encoder's output, in order; behind them those that are derived
 * @param classes land cover classes of the segmentation's output, in order
 * @param scores scores of the change head's output, in order
 * @param reference which looks make a reference
 * @param opset version of the ONNX operator set that all graphs use
 * @param selfTest a sample with expected results
 */
public record BundleManifest(
    String name,
    String description,
    String architecture,
    List<InputGroup> inputs,
    WindowGeometry window,
    List<Feature> features,
    List<LandCoverClass> classes,
    List<Score> scores,
    ReferenceParameters reference,
    int opset,
    SelfTest selfTest) {

  /**
   * Bands that one instrument modality gives, fed as one tensor.
   *
   * @param name name of the group
   * @param modality what kind of instrument saw the bands
   * @param tensor name of the encoder's input
   * @param bands channels in order
   */
  public record InputGroup(String name, Modality modality, String tensor, List<Band> bands) {
    public InputGroup {
      bands = List.copyOf(bands);
      require(!bands.isEmpty(), "input group " + name + " has no bands");
    }
  }

  /**
   * A band by meaning, not by a sensor's own name.
   *
   * @param commonName STAC common name, such as {@code nir08}
   * @param wavelength centre, micrometres; 0 where the band has none (radar, elevation)
   * @param need what becomes of a scene that lacks it
   * @param normalisation applied before the encoder sees the band; null where the graph takes the
   *     physical value
   */
  public record Band(
      String commonName, double wavelength, Need need, @Nullable Normalisation normalisation) {

    /**
     * Writes what the encoder sees of some values of the band.
     *
     * @param values in the band's unit, NaN where there is none
     * @param from the first of them
     * @param into the encoder's input
     * @param to place of the first in it
     */
    public void normalise(float[] values, int from, float[] into, int to, int count) {
      double mean = normalisation == null ? 0 : normalisation.mean();
      double deviation = normalisation == null ? 1 : normalisation.deviation();
      for (int at = 0; at < count; at++) {
        float value = values[from + at];
        into[to + at] = Float.isNaN(value) ? 0f : (float) ((value - mean) / deviation);
      }
    }
  }

  /**
   * The encoder sees {@code (value - mean) / deviation}, and 0 where there is no value.
   *
   * @param mean in the band's unit
   * @param deviation in the band's unit, above 0
   */
  public record Normalisation(double mean, double deviation) {
    public Normalisation {
      require(
          Double.isFinite(mean) && Double.isFinite(deviation) && deviation > 0,
          "normalisation needs a finite mean and a deviation above 0");
    }
  }

  /**
   * What the heads see of a cell, how it is stored and how it is corrected: a channel of the
   * encoder's output, or else derived from such channels whenever it is needed and not stored.
   *
   * @param name unique in the bundle
   * @param step value of one step of the stored int16: feature = q * step
   * @param cell pixels along a side of a cell whose pixels hold a feature each: the plane is then
   *     of {@code cell * cell} features of coarser cells, row by row, which begin at a chunk's
   *     first pixel, and each is corrected by itself; 1 where the plane is one feature
   * @param correctionClip largest scene correction, either way, in the feature's unit
   * @param spreadFloor smallest spread that the change head assumes, for people to read; null where
   *     the head has no such constant
   * @param correctionCondition which pixels the scene correction of this feature rests on; null
   *     where it rests on all
   * @param requires the bands it is made of: of each inner list at least one must be in the scene,
   *     otherwise the feature does not exist in that scene; empty where it always exists, or where
   *     it is derived
   * @param derivation what it is derived from; null where the encoder gives it
   */
  public record Feature(
      String name,
      double step,
      int cell,
      double correctionClip,
      @Nullable Double spreadFloor,
      @Nullable ReferenceCondition correctionCondition,
      List<List<String>> requires,
      @Nullable NormalisedDifference derivation) {
    private static final int LARGEST_CELL = 64;

    /** A feature of pixels, from the encoder. */
    public Feature(
        String name,
        double step,
        double correctionClip,
        @Nullable Double spreadFloor,
        @Nullable ReferenceCondition correctionCondition,
        List<List<String>> requires) {
      this(name, step, 1, correctionClip, spreadFloor, correctionCondition, requires, null);
    }

    public Feature {
      require(
          cell >= 1 && cell <= LARGEST_CELL,
          "feature " + name + " needs a cell of 1 up to " + LARGEST_CELL + " pixels");
      require(Double.isFinite(step) && step > 0, "feature " + name + " needs a step above 0");
      require(
          Double.isFinite(correctionClip) && correctionClip >= 0,
          "feature " + name + " needs a correction clip of 0 or more");
      requires = requires.stream().map(List::copyOf).toList();
      if (derivation != null) {
        require(cell == 1 && requires.isEmpty(), "feature " + name + " is derived pixel by pixel");
        double steps = Math.rint(1 / step);
        require(
            steps >= 1 && steps <= Short.MAX_VALUE && Math.abs(steps * step - 1) < 1e-9,
            "feature " + name + " is derived: 1 must be a whole number of its steps");
      }
    }

    /** Steps of a value of 1. */
    public int stepsOfOne() {
      return Math.toIntExact(Math.round(1 / step));
    }
  }

  /**
   * {@code (a - b) / (a + b)} of two stored features with the same step, rounded to a step in exact
   * arithmetic, halves upward, within -1..1; 0 where a + b is not above 0. So it is the same
   * wherever it is derived. It exists where one of each list does.
   *
   * @param first names of features: a is the first that exists in the scene
   * @param second likewise, of b
   */
  public record NormalisedDifference(List<String> first, List<String> second) {
    public NormalisedDifference {
      first = List.copyOf(first);
      second = List.copyOf(second);
      require(!first.isEmpty() && !second.isEmpty(), "a difference is of two features");
    }
  }

  /**
   * Holds at a pixel whose reference centre of a feature is at least so much.
   *
   * @param feature name of the feature
   * @param minimum in that feature's unit
   */
  public record ReferenceCondition(String feature, double minimum) {}

  /**
   * A land cover class.
   *
   * @param value what a land cover map holds: position in the manifest, from 1; 0 is no data
   * @param name short, lower case with hyphens
   * @param title for people
   * @param colour 0xRRGGBB
   */
  public record LandCoverClass(int value, String name, String title, int colour) {}

  /**
   * A score that the lifecycle follows.
   *
   * @param name lower case with hyphens
   * @param direction what kind of change makes it rise
   * @param low from here on a look counts as disturbed, in the score's unit (standard deviations)
   * @param high from here on the disturbance is of high confidence
   * @param calibration measured on stable ground; null where nobody measured
   */
  public record Score(
      String name,
      Direction direction,
      double low,
      double high,
      @Nullable Calibration calibration) {
    public Score {
      require(low > 0 && high >= low, "score " + name + " needs 0 < low <= high");
    }
  }

  /**
   * How often a score exceeds its thresholds where nothing happened.
   *
   * @param exceedanceLow share of looks on stable ground at or above low, 0..1
   * @param exceedanceHigh share at or above high, 0..1
   * @param data on what it was measured
   */
  public record Calibration(double exceedanceLow, double exceedanceHigh, String data) {}

  /**
   * Which looks make the reference of a pixel on a date.
   *
   * @param windowDays looks within so many days of the year, either way
   * @param wideWindowDays used where the window holds fewer than {@code minLooks} looks
   * @param minAgeDays looks at least so old
   * @param maxAgeDays looks at most so old
   * @param minLooks with fewer, the pixel is not monitored on that date
   * @param maxLooks the most recent so many are used
   */
  public record ReferenceParameters(
      int windowDays,
      int wideWindowDays,
      int minAgeDays,
      int maxAgeDays,
      int minLooks,
      int maxLooks) {
    public ReferenceParameters {
      require(
          windowDays >= 0 && wideWindowDays >= windowDays && wideWindowDays <= 183,
          "reference windows need 0 <= window <= wide window <= 183 days");
      require(
          minAgeDays >= 1 && maxAgeDays >= minAgeDays, "reference ages need 1 <= min <= max days");
      require(minLooks >= 1 && maxLooks >= minLooks, "reference looks need 1 <= min <= max");
    }
  }

  /**
   * A sample chunk at the grid's origin with expected results. Files are little-endian, planar
   * [channel][row][column].
   *
   * @param width columns, pixels
   * @param height rows, pixels
   * @param presence which bands the sample has, in the order of the presence vector
   * @param bands float32 of all bands, also of absent ones (ignored); NaN is no data
   * @param features expected int16
   * @param centre float32 reference centre that goes with it
   * @param spread float32 reference spread
   * @param probabilities expected float32, NaN where not valid
   * @param scores expected float32, NaN where not valid
   * @param featureTolerance in steps
   * @param probabilityTolerance absolute
   * @param scoreTolerance absolute
   */
  public record SelfTest(
      int width,
      int height,
      List<Boolean> presence,
      String bands,
      String features,
      String centre,
      String spread,
      String probabilities,
      String scores,
      int featureTolerance,
      double probabilityTolerance,
      double scoreTolerance) {
    public SelfTest {
      presence = List.copyOf(presence);
      require(width > 0 && height > 0, "the self-test sample has no pixels");
      require(
          featureTolerance >= 0 && probabilityTolerance >= 0 && scoreTolerance >= 0,
          "self-test tolerances must not be negative");
    }

    /** Paths of its files in the bundle. */
    public List<String> files() {
      return List.of(bands, features, centre, spread, probabilities, scores);
    }
  }

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException if parts contradict each other
   */
  public BundleManifest {
    inputs = List.copyOf(inputs);
    features = List.copyOf(features);
    classes = List.copyOf(classes);
    scores = List.copyOf(scores);
    require(!inputs.isEmpty(), "there is no input group");
    require(!features.isEmpty(), "there is no feature");
    require(!classes.isEmpty() && classes.size() <= 254, "there must be 1..254 classes");
    require(!scores.isEmpty(), "there is no score");
    List<Band> bands = inputs.stream().flatMap(group -> group.bands().stream()).toList();
    requireUnique("input tensor", inputs, InputGroup::tensor);
    requireUnique("band", bands, Band::commonName);
    requireUnique("feature", features, Feature::name);
    requireDerivable(features);
    Set<String> featureNames = new HashSet<>(features.stream().map(Feature::name).toList());
    for (Feature feature : features) {
      ReferenceCondition condition = feature.correctionCondition();
      require(
          condition == null || featureNames.contains(condition.feature()),
          "the correction of " + feature.name() + " depends on a feature that is not there");
    }
    requireUnique("class", classes, LandCoverClass::name);
    requireUnique("score", scores, Score::name);
    for (int index = 0; index < classes.size(); index++) {
      require(
          classes.get(index).value() == index + 1,
          "class " + classes.get(index).name() + " must have value " + (index + 1));
    }
    Set<String> names = new HashSet<>(bands.stream().map(Band::commonName).toList());
    for (Feature feature : features) {
      for (List<String> alternatives : feature.requires()) {
        require(
            !alternatives.isEmpty() && names.containsAll(alternatives),
            "feature " + feature.name() + " requires bands that are no input: " + alternatives);
      }
    }
    require(
        selfTest.presence().size() == bands.size(),
        "the self-test presence must have one entry for each of %d bands".formatted(bands.size()));
  }

  /** Bands of all groups: the entries of the presence vector and of a chunk's band arrays. */
  public List<Band> bands() {
    return inputs.stream().flatMap(group -> group.bands().stream()).toList();
  }

  /**
   * Common names of the bands with this need, in order.
   *
   * @param need the need to look for
   */
  public List<String> bandsWithNeed(Need need) {
    return bands().stream().filter(band -> band.need() == need).map(Band::commonName).toList();
  }

  /** How many features the encoder gives: the first ones. What comes behind them is derived. */
  public int encodedFeatures() {
    return (int) features.stream().filter(feature -> feature.derivation() == null).count();
  }

  /**
   * Position of a feature.
   *
   * @throws IllegalArgumentException where there is none of that name
   */
  public int feature(String name) {
    for (int index = 0; index < features.size(); index++) {
      if (features.get(index).name().equals(name)) {
        return index;
      }
    }
    throw new IllegalArgumentException("the bundle has no feature " + name);
  }

  /**
   * Which features exist in a scene.
   *
   * @param presence which bands the scene has, in the order of {@link #bands()}
   * @return one entry per feature
   * @see #source
   */
  public boolean[] existingFeatures(boolean[] presence) {
    List<Band> bands = bands();
    require(
        presence.length == bands.size(), "presence must have %d entries".formatted(bands.size()));
    Set<String> present = new HashSet<>();
    for (int index = 0; index < presence.length; index++) {
      if (presence[index]) {
        present.add(bands.get(index).commonName());
      }
    }
    boolean[] existing = new boolean[features.size()];
    for (int index = 0; index < existing.length; index++) {
      NormalisedDifference derivation = features.get(index).derivation();
      existing[index] =
          derivation == null
              ? features.get(index).requires().stream()
                  .allMatch(alternatives -> alternatives.stream().anyMatch(present::contains))
              : source(derivation.first(), existing) >= 0
                  && source(derivation.second(), existing) >= 0;
    }
    return existing;
  }

  /**
   * Position of the feature that a derived one is made of.
   *
   * @param alternatives names of features
   * @param existing which features exist
   * @return the first of the names that exists; -1 where none does
   */
  public int source(List<String> alternatives, boolean[] existing) {
    return alternatives.stream()
        .mapToInt(this::feature)
        .filter(index -> existing[index])
        .findFirst()
        .orElse(-1);
  }

  private static void requireDerivable(List<Feature> features) {
    Map<String, Feature> encoded = new LinkedHashMap<>();
    for (Feature feature : features) {
      NormalisedDifference derivation = feature.derivation();
      if (derivation == null) {
        require(
            encoded.size() == features.indexOf(feature),
            "feature " + feature.name() + " is encoded and must come before those derived");
        encoded.put(feature.name(), feature);
      } else {
        Set<String> names = new HashSet<>(derivation.first());
        names.addAll(derivation.second());
        require(
            encoded.keySet().containsAll(names),
            "feature " + feature.name() + " is derived from what the encoder does not give");
        List<Feature> sources =
            encoded.values().stream().filter(source -> names.contains(source.name())).toList();
        require(
            sources.stream().map(Feature::step).distinct().count() == 1
                && sources.stream().allMatch(source -> source.cell() == 1),
            "feature " + feature.name() + " is derived from features of pixels in equal steps");
      }
    }
  }

  private static <T> void requireUnique(String what, List<T> items, Function<T, String> name) {
    Set<String> seen = new HashSet<>();
    for (T item : items) {
      String value = name.apply(item);
      require(!value.isBlank(), "a " + what + " has no name");
      require(seen.add(value), what + " " + value + " is there twice");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
