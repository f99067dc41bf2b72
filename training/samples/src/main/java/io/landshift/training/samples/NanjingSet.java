package io.landshift.training.samples;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Landsat TM pair of Nanjing with masks of change and of no change; most pixels are unlabelled.
 * Counts of 8 bits, not reflectances. MIT: shippable.
 */
public final class NanjingSet implements SampleSet<Sample.Changed> {
  /** The set's name. */
  public static final String NAME = "landsat_nanjing";

  private static final List<String> CLASSES = List.of("unchanged", "changed");
  private static final List<String> BANDS =
      List.of("blue", "green", "red", "nir08", "swir16", "swir22");
  private static final double COUNTS = 255;

  private final Path folder;
  private final List<String> bands;

  /**
   * @param folder of the set
   * @param bands common names of what is wanted, in order
   */
  public NanjingSet(Path folder, List<String> bands) {
    this.folder = folder;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    return List.of(new Source(NAME, "nanjing", "nanjing", Licence.SHIPPABLE, false));
  }

  @Override
  public Sample.Changed read(Source source) {
    Look before = look("LT51200382000124BJC00_Nanjing", "2000-05-03T00:00:00Z");
    Look after = look("LT51200382002193BJC00_Nanjing", "2002-07-12T00:00:00Z");
    int pixels = before.width() * before.height();
    boolean[] changed = mask("change.bmp", pixels);
    boolean[] unchanged = mask("unchanged.bmp", pixels);
    byte[] codes = new byte[pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      byte known = (byte) (changed[pixel] ? 1 : 0);
      codes[pixel] = changed[pixel] == unchanged[pixel] ? Labels.UNKNOWN : known;
    }
    return new Sample.Changed(source, before, after, new Labels(CLASSES, false, codes));
  }

  private Look look(String file, String time) {
    EnviRaster raster = EnviRaster.read(folder.resolve(file));
    if (raster.bands().length != BANDS.size()) {
      throw SetFiles.invalid(file + " has " + raster.bands().length + " bands, not 6");
    }
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      int index = BANDS.indexOf(bands.get(band));
      planes[band] = index < 0 ? null : SetFiles.scaled(raster.bands()[index], 1 / COUNTS);
    }
    return Look.clear(
        Instant.parse(time), Look.Unit.RELATIVE, bands, raster.width(), raster.height(), planes);
  }

  private boolean[] mask(String name, int pixels) {
    Path file = folder.resolve(name);
    float[] numbers = Pictures.band(Pictures.read(file), 0);
    if (numbers.length != pixels) {
      throw SetFiles.invalid(file + " is no picture of " + pixels + " pixels");
    }
    boolean[] set = new boolean[pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      set[pixel] = numbers[pixel] != 0;
    }
    return set;
  }
}
