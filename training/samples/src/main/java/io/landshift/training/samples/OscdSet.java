package io.landshift.training.samples;

import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.scenes.BandRequest;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Onera set of Sentinel-2 L1C pairs of cities ({@code ... - Images/CITY/imgs_1_rect/B02.tif},
 * {@code ... - Train Labels/CITY/cm/cm.png}). Its licence forbids commercial use: experiments only.
 */
public final class OscdSet implements SampleSet<Sample.Changed> {
  /** The set's name. */
  public static final String NAME = "oscd";

  private static final String TITLE = "Onera Satellite Change Detection dataset - ";
  private static final List<String> CLASSES = List.of("unchanged", "changed");
  private static final double SCALE = 1e-4;

  private final Path images;
  private final Path labels;
  private final boolean heldOut;
  private final List<BandRequest> bands;

  /**
   * @param folder that holds the set's three
   * @param part TRAIN or TEST, as its authors parted the cities; nothing learns from those of TEST
   * @param bands what to read, in order
   */
  public OscdSet(Path folder, Part part, List<BandRequest> bands) {
    if (part == Part.VALIDATION) {
      throw new IllegalArgumentException("the set has no such part: part its training cities");
    }
    this.images = folder.resolve(TITLE + "Images");
    this.labels = folder.resolve(TITLE + (part == Part.TRAIN ? "Train" : "Test") + " Labels");
    this.heldOut = part == Part.TEST;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    try (Stream<Path> cities = Files.list(labels)) {
      return cities
          .filter(city -> Files.isRegularFile(city.resolve("cm/cm.png")))
          .map(city -> city.getFileName().toString())
          .sorted()
          .map(city -> new Source(NAME, city, city, Licence.EXPERIMENT_ONLY, heldOut))
          .toList();
    } catch (IOException e) {
      throw SetFiles.missing(labels, e);
    }
  }

  @Override
  public Sample.Changed read(Source source) {
    Raster mask = Pictures.read(labels.resolve(source.name()).resolve("cm/cm.png"));
    float[] numbers = Pictures.band(mask, 0);
    byte[] codes = new byte[numbers.length];
    for (int pixel = 0; pixel < codes.length; pixel++) {
      codes[pixel] = (byte) (numbers[pixel] == 0 ? 0 : 1);
    }
    Path city = images.resolve(source.name());
    return new Sample.Changed(
        source,
        look(city.resolve("imgs_1_rect"), date(city, 1)),
        look(city.resolve("imgs_2_rect"), date(city, 2)),
        new Labels(CLASSES, false, codes));
  }

  private Look look(Path folder, @Nullable Instant date) {
    RasterInfo info = SetFiles.info(folder.resolve("B02.tif"));
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      String name = SetFiles.sentinelBand(bands.get(band));
      planes[band] =
          name == null
              ? null
              : SetFiles.scaled(SetFiles.band(folder.resolve(name + ".tif"), 1), SCALE);
    }
    return Look.clear(
        date,
        Look.Unit.REFLECTANCE,
        bands.stream().map(BandRequest::commonName).toList(),
        info.width(),
        info.height(),
        planes);
  }

  /** A line {@code date_1: 20160813} of the city's {@code dates.txt}; null where there is none. */
  private static @Nullable Instant date(Path city, int which) {
    try {
      Path file = city.resolve("dates.txt");
      String text = Files.exists(file) ? Files.readString(file) : "";
      Matcher matcher = Pattern.compile("date_" + which + ": *(\\d{8})").matcher(text);
      return matcher.find()
          ? LocalDate.parse(matcher.group(1), DateTimeFormatter.BASIC_ISO_DATE)
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant()
          : null;
    } catch (IOException e) {
      throw SetFiles.missing(city, e);
    }
  }
}
