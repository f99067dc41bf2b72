package io.landshift.training.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import io.landshift.training.finetuning.Task;
import io.landshift.training.samples.BarkBeetleSet;
import io.landshift.training.samples.CaliforniaFiresSet;
import io.landshift.training.samples.CloudShadowSet;
import io.landshift.training.samples.Licence;
import io.landshift.training.samples.MmEarthSet;
import io.landshift.training.samples.ModelBands;
import io.landshift.training.samples.NanjingSet;
import io.landshift.training.samples.OscdSet;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.PictureChangeSet;
import io.landshift.training.samples.PictureChangeSet.Layout;
import io.landshift.training.samples.PseudoChangeSet;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.SeriesSet;
import io.landshift.training.samples.SingleSceneSet;
import io.landshift.training.samples.Source;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sets that a run may name, under one folder. Thread-safe.
 *
 * @param data the folder with {@code training} and {@code demo}
 * @param bands what is read of every look, in order
 */
record Sets(Path data, List<Band> bands) {
  private static final String PARANA = "parana_s2_l2a";
  private static final String ZAGREB = "zagreb_s2_stac_120m";
  private static final String VIRGINIA = "virginia_s2_l1c";
  private static final String ROMANIA = "romania_s2_2015_2021";
  private static final String OSCD_TEST = OscdSet.NAME + "_test";
  private static final String LEVIR_CD = "levir_cd";
  private static final String LEVIR_CD_TEST = LEVIR_CD + "_test";
  private static final String CLCD = "clcd";
  private static final String CLCD_TEST = CLCD + "_test";
  private static final String PSEUDO = "pseudo_losses";
  private static final double PARANA_OFFSET = -0.1;
  private static final int PSEUDO_PAIRS = 240;
  private static final int PSEUDO_SIDE = 96;
  private static final long PSEUDO_SEED = 1;

  /** The reader of a set. */
  SampleSet<?> named(String name) {
    List<String> names = bands.stream().map(Band::commonName).toList();
    Path folder = data.resolve("training").resolve(name);
    return switch (name) {
      case BarkBeetleSet.NAME -> new BarkBeetleSet(folder, ModelBands.requests(bands));
      case NanjingSet.NAME -> new NanjingSet(folder, names);
      case CaliforniaFiresSet.NAME -> new CaliforniaFiresSet(folder, names);
      case CloudShadowSet.NAME -> new CloudShadowSet(folder, names);
      case MmEarthSet.NAME -> aligned();
      case OscdSet.NAME -> new OscdSet(folder, Part.TRAIN, ModelBands.requests(bands));
      case OSCD_TEST ->
          new OscdSet(folder.resolveSibling(OscdSet.NAME), Part.TEST, ModelBands.requests(bands));
      case LEVIR_CD, LEVIR_CD_TEST -> pictures(name, LEVIR_CD, Layout.LEVIR_CD, names);
      case CLCD, CLCD_TEST -> pictures(name, CLCD, Layout.CLCD, names);
      case PARANA, ZAGREB, ROMANIA -> series(name);
      case PSEUDO ->
          new PseudoChangeSet(
              name,
              List.of(virginia(), series(PARANA), series(ZAGREB)),
              PSEUDO_PAIRS,
              PSEUDO_SIDE,
              PSEUDO_SEED);
      default ->
          throw new TrainingException(
              Reason.CONFIGURATION,
              "no set '%s': there are %s"
                  .formatted(
                      name,
                      List.of(
                          BarkBeetleSet.NAME,
                          NanjingSet.NAME,
                          CaliforniaFiresSet.NAME,
                          CloudShadowSet.NAME,
                          MmEarthSet.NAME,
                          OscdSet.NAME,
                          OSCD_TEST,
                          LEVIR_CD,
                          LEVIR_CD_TEST,
                          CLCD,
                          CLCD_TEST,
                          PARANA,
                          ZAGREB,
                          ROMANIA,
                          PSEUDO)));
    };
  }

  /** Its authors' parts are folders; the test is a set of its own, which nothing learns from. */
  private SampleSet<Sample.Changed> pictures(
      String name, String set, Layout layout, List<String> names) {
    Part part = name.equals(set) ? Part.TRAIN : Part.TEST;
    return new PictureChangeSet(name, data.resolve("training").resolve(set), part, layout, names);
  }

  /** Tiles of MMEarth, in the one HDF5 file of their folder. */
  MmEarthSet aligned() {
    Path folder = data.resolve("training").resolve(MmEarthSet.NAME);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".h5")).toList();
      if (found.size() != 1) {
        throw new LandshiftException(
            FailureReason.ASSET_MISSING,
            "%s has %d files .h5: put the one of MMEarth there".formatted(folder, found.size()));
      }
      return new MmEarthSet(found.getFirst(), ModelBands.requests(bands));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, folder + " cannot be read: check the folder of the set", e);
    }
  }

  private SingleSceneSet virginia() {
    return new SingleSceneSet(
        VIRGINIA,
        Licence.SHIPPABLE,
        data.resolve("bench").resolve(VIRGINIA),
        ModelBands.requests(bands));
  }

  /** The reader of a series. That of Romania is the show and the test: nothing learns from it. */
  SeriesSet series(String name) {
    Path folder = data.resolve("demo").resolve(name);
    List<BandRequest> requests = ModelBands.requests(bands);
    return switch (name) {
      case PARANA ->
          SeriesSet.ofDated(
              name, Licence.SHIPPABLE, folder.resolve("scenes"), PARANA_OFFSET, requests);
      case ZAGREB -> SeriesSet.of(name, Licence.SHIPPABLE, folder, requests);
      case ROMANIA ->
          SeriesSet.of(
              name, Licence.SHIPPABLE, folder.resolve("romania-forest-s2-l2a.zip"), requests);
      default ->
          throw new TrainingException(
              Reason.CONFIGURATION,
              "'%s' is no series: there are %s".formatted(name, List.of(PARANA, ZAGREB, ROMANIA)));
    };
  }

  /**
   * Where nothing happened in a series, as far as anybody says.
   *
   * @return [row * width + column]
   */
  boolean[] stable(String name, Grid grid) {
    boolean[] stable = new boolean[grid.getWidth() * grid.getHeight()];
    if (!isDrawn(name)) {
      Arrays.fill(stable, true);
      return stable;
    }
    PixelWindow whole = new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
    Path file = data.resolve("demo").resolve(name).resolve("stable.geojson");
    byte[] inside = Footprints.rasterise(grid, whole, geometries(file));
    for (int pixel = 0; pixel < stable.length; pixel++) {
      stable[pixel] = inside[pixel] == 1;
    }
    return stable;
  }

  /** Whether somebody drew where nothing happened in a series; otherwise nothing is known of it. */
  static boolean isDrawn(String name) {
    return name.equals(ROMANIA);
  }

  private static List<String> geometries(Path file) {
    try {
      List<String> geometries = new ArrayList<>();
      for (JsonNode feature : new ObjectMapper().readTree(file.toFile()).path("features")) {
        geometries.add(feature.path("geometry").toString());
      }
      return geometries;
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, file + " cannot be read: check the folder of the set", e);
    }
  }

  /** Where the files of a set lie. */
  List<Path> folders(String name) {
    Path demo = data.resolve("demo");
    return switch (name) {
      case PARANA, ZAGREB, ROMANIA -> List.of(demo.resolve(name));
      case PSEUDO ->
          List.of(
              data.resolve("bench").resolve(VIRGINIA), demo.resolve(PARANA), demo.resolve(ZAGREB));
      default -> List.of(data.resolve("training").resolve(name));
    };
  }

  /** What a set's labels ask for. */
  Task task(String name) {
    return switch (first(named(name))) {
      case Sample.Changed changed -> new Task.Change(name);
      case Sample.Segmented segmented -> new Task.Segmentation(name, segmented.labels().classes());
      case Sample.Unlabelled unlabelled -> throw unlabelled(name);
      case Sample.Aligned aligned -> throw unlabelled(name);
    };
  }

  private static <S extends Sample> S first(SampleSet<S> set) {
    return set.read(set.sources().getFirst());
  }

  private static TrainingException unlabelled(String name) {
    return new TrainingException(
        Reason.CONFIGURATION, name + " has no labels: it is for pretraining only");
  }

  /** Samples of some sources. */
  static <S extends Sample> List<S> read(SampleSet<S> set, List<Source> sources) {
    return sources.stream().map(set::read).toList();
  }
}
