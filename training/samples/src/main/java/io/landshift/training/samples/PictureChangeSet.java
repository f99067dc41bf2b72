package io.landshift.training.samples;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of pictures in red, green and blue with a picture of what changed, in three folders of one
 * part of a set: LEVIR-CD, CLCD and those laid out like them. The authors' parts are the split: the
 * reader is of one of them. Licences allow research: experiments only.
 */
public final class PictureChangeSet implements SampleSet<Sample.Changed> {
  private static final List<String> CLASSES = List.of("unchanged", "changed");

  /** Where in a picture a band is. */
  private static final Map<String, Integer> PICTURE = Map.of("red", 0, "green", 1, "blue", 2);

  private static final double COUNTS = 255;

  /** Names of the three folders. */
  public enum Layout {
    /** LEVIR-CD: {@code A}, {@code B}, {@code label}. */
    LEVIR_CD("A", "B", "label"),
    /** CLCD: {@code time1}, {@code time2}, {@code label}. */
    CLCD("time1", "time2", "label");

    private final String before;
    private final String after;
    private final String label;

    Layout(String before, String after, String label) {
      this.before = before;
      this.after = after;
      this.label = label;
    }
  }

  private final String name;
  private final Path folder;
  private final boolean heldOut;
  private final Layout layout;
  private final List<String> bands;

  /**
   * @param name of the set
   * @param folder of the set, with {@code train}, {@code val} and {@code test}
   * @param part of its authors; nothing learns from that of TEST
   * @param bands common names of what is wanted, in order
   */
  public PictureChangeSet(String name, Path folder, Part part, Layout layout, List<String> bands) {
    this.name = name;
    this.folder =
        folder.resolve(
            switch (part) {
              case TRAIN -> "train";
              case VALIDATION -> "val";
              case TEST -> "test";
            });
    this.heldOut = part == Part.TEST;
    this.layout = layout;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    try (Stream<Path> files = Files.list(folder.resolve(layout.label))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".png"))
          .sorted()
          .map(file -> new Source(name, file, file, Licence.EXPERIMENT_ONLY, heldOut))
          .toList();
    } catch (IOException e) {
      throw SetFiles.missing(folder, e);
    }
  }

  @Override
  public Sample.Changed read(Source source) {
    Raster mask = Pictures.read(folder.resolve(layout.label).resolve(source.name()));
    float[] numbers = Pictures.band(mask, 0);
    byte[] codes = new byte[numbers.length];
    for (int pixel = 0; pixel < codes.length; pixel++) {
      codes[pixel] = (byte) (numbers[pixel] == 0 ? 0 : 1);
    }
    return new Sample.Changed(
        source,
        look(folder.resolve(layout.before).resolve(source.name()), mask),
        look(folder.resolve(layout.after).resolve(source.name()), mask),
        new Labels(CLASSES, false, codes));
  }

  private Look look(Path file, Raster mask) {
    Raster picture = Pictures.read(file);
    if (picture.getNumBands() < PICTURE.size()
        || picture.getWidth() != mask.getWidth()
        || picture.getHeight() != mask.getHeight()) {
      throw SetFiles.invalid(file + " is no picture in three colours of its mask's size");
    }
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      Integer index = PICTURE.get(bands.get(band));
      planes[band] =
          index == null ? null : SetFiles.scaled(Pictures.band(picture, index), 1 / COUNTS);
    }
    return Look.clear(
        null, Look.Unit.RELATIVE, bands, picture.getWidth(), picture.getHeight(), planes);
  }
}
