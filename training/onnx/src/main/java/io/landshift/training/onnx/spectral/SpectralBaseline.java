package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.*;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.NormalisedDifference;
import io.landshift.model.bundle.BundleManifest.ReferenceCondition;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Direction;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.Need;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.schemas.Modality;
import io.landshift.training.onnx.OnnxGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bundle spectral-baseline: reflectances and normalised differences as features, spectral
 * rules as segmentation, and two season-referenced scores. It has no learned weights and is the
 * yardstick for bundles that have.
 */
public final class SpectralBaseline {
  private static final int WINDOW = 128;
  private static final double CORRECTION_CLIP = 0.1;

  private static final String CALIBRATION_DATA =
      "126,845 looks at stable ground (0.24 km2 of forest) of the Romanian demo series, 2015-2021";

  private SpectralBaseline() {}

  /** All files of the bundle by path; the same bytes on every machine. */
  public static Map<String, byte[]> files() {
    return files(SpectralSettings.STANDARD);
  }

  /** All files of a variant of the bundle. */
  public static Map<String, byte[]> files(SpectralSettings settings) {
    Map<GraphRole, byte[]> graphs =
        Map.of(
            GraphRole.ENCODER, SpectralGraphs.encoder(settings),
            GraphRole.SEGMENTATION, SpectralGraphs.segmentation(settings),
            GraphRole.CHANGE, SpectralGraphs.change(settings));
    return BundleWriter.files(manifest(settings), graphs, new SpectralSample(settings).files());
  }

  /**
   * Writes the bundle into a folder.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("name the folder to write the bundle to");
    }
    BundleWriter.write(files(), Path.of(arguments[0]));
  }

  private static BundleManifest manifest(SpectralSettings settings) {
    return new BundleManifest(
        settings.name(),
        "Reflectances and normalised differences, spectral land cover rules, and two"
            + " season-referenced scores: vegetation-loss (drop of NDVI, NDMI and NBR) and generic"
            + " (length of the whitened change of all reflectances). No learned weights.",
        "Spectral rules",
        List.of(new InputGroup("sentinel-2", Modality.OPTICAL, "reflectance", bands())),
        new WindowGeometry(WINDOW, 0, 1, WINDOW),
        features(settings),
        classes(),
        List.of(
            new Score(
                "vegetation-loss", Direction.LOSS, 2.5, 4.5, measured(settings, 0.0137, 0.0017)),
            new Score("generic", Direction.ANY, 2.5, 4.5, measured(settings, 0.0268, 0.0156))),
        new ReferenceParameters(30, 60, 180, 1461, 3, 16),
        OnnxGraph.OPSET,
        new SelfTest(
            SpectralSample.SIDE,
            SpectralSample.SIDE,
            Collections.nCopies(BANDS, true),
            "self-test/bands.f32",
            "self-test/features.i16",
            "self-test/centre.f32",
            "self-test/spread.f32",
            "self-test/probabilities.f32",
            "self-test/scores.f32",
            1,
            1e-4,
            1e-3));
  }

  private static @Nullable Calibration measured(
      SpectralSettings settings, double exceedanceLow, double exceedanceHigh) {
    // Measured with the standard constants; nobody measured a variant.
    return settings.equals(SpectralSettings.STANDARD)
        ? new Calibration(exceedanceLow, exceedanceHigh, CALIBRATION_DATA)
        : null;
  }

  private static List<Band> bands() {
    return List.of(
        new Band("blue", 0.490, Need.WANTED, null),
        new Band("green", 0.560, Need.WANTED, null),
        new Band("red", 0.665, Need.REQUIRED, null),
        new Band("nir", 0.842, Need.REQUIRED, null),
        new Band("nir08", 0.865, Need.WANTED, null),
        new Band("swir16", 1.610, Need.WANTED, null),
        new Band("swir22", 2.190, Need.OPTIONAL, null));
  }

  private static List<Feature> features(SpectralSettings settings) {
    List<Feature> features = new ArrayList<>();
    List<Band> bands = bands();
    for (int band = 0; band < BANDS; band++) {
      String name = bands.get(band).commonName();
      features.add(
          new Feature(name, STEP, CORRECTION_CLIP, floor(band), null, List.of(List.of(name))));
    }
    features.add(index(settings, "ndvi", NDVI, List.of("nir"), "red"));
    // Where there is no narrow near infrared, the broad one stands in.
    features.add(index(settings, "ndmi", NDMI, List.of("nir08", "nir"), "swir16"));
    features.add(index(settings, "nbr", NBR, List.of("nir"), "swir22"));
    return features;
  }

  private static Feature index(
      SpectralSettings settings, String name, int index, List<String> first, String second) {
    // Water and roofs have noisy indices that say nothing of a scene's haze.
    ReferenceCondition vegetation = new ReferenceCondition("ndvi", settings.minReferenceNdvi());
    return new Feature(
        name,
        STEP,
        1,
        CORRECTION_CLIP,
        floor(index),
        vegetation,
        List.of(),
        new NormalisedDifference(first, List.of(second)));
  }

  /** The shortest decimal of the float, so that the manifest reads 0.04 and not 0.03999. */
  private static double floor(int index) {
    return Double.parseDouble(Float.toString(SpectralRules.floor(index)));
  }

  private static List<LandCoverClass> classes() {
    return List.of(
        new LandCoverClass(WATER + 1, "water", "Water", 0x2B6CB0),
        new LandCoverClass(VEGETATION + 1, "vegetation", "Vegetation", 0x2F855A),
        new LandCoverClass(BARE + 1, "bare", "Bare ground", 0xB7791F),
        new LandCoverClass(BRIGHT + 1, "built-up-or-bright", "Built-up or bright", 0xC53030),
        new LandCoverClass(SNOW + 1, "snow", "Snow or ice", 0xBEE3F8),
        new LandCoverClass(CLOUD + 1, "cloud", "Cloud", 0xA0AEC0));
  }
}
