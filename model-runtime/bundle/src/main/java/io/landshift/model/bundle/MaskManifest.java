package io.landshift.model.bundle;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a mask head takes and gives: a graph that says of each pixel whether the ground is seen.
 * Immutable.
 *
 * <p>The head sees square windows of normalised bands, {@code (reflectance - mean) / deviation}, on
 * cells of {@link #factor} x {@code factor} pixels of the grid, each the mean of its pixels that
 * have data. A cell without data is seen as the reflectance {@code missing}; beyond the scene's
 * border its cells are mirrored, the outermost one doubled.
 *
 * @param name name of the model, for people
 * @param description one paragraph
 * @param architecture short name of the architecture
 * @param licence SPDX identifier of the licence of the graph
 * @param origin where the graph comes from, for people
 * @param input name of the graph's only input, float32 [N, bands, size, size]
 * @param output name of the output that is used, float32 [N, classes, size, size]
 * @param values what the output holds
 * @param bands channels of the input in order
 * @param classes channels of the output in order
 * @param windows the windows and how they are blended
 * @param pixelMetres the size of a cell that the head works best at, metres; 0 takes the grid's
 * @param dilation cells by which what is not clear is grown at least, as a square
 * @param missing the reflectance that stands for no data
 * @param opset version of the ONNX operator set that the graph uses
 */
public record MaskManifest(
    String name,
    String description,
    String architecture,
    String licence,
    String origin,
    String input,
    String output,
    Values values,
    List<MaskBand> bands,
    List<MaskClass> classes,
    MaskWindows windows,
    double pixelMetres,
    int dilation,
    double missing,
    int opset) {

  /** What the output of a mask head holds. */
  public enum Values {
    /** Any numbers, which a softmax turns into probabilities. */
    LOGITS,
    /** Probabilities of the classes, which sum to 1. */
    PROBABILITIES
  }

  /**
   * A band by meaning.
   *
   * @param commonName STAC common name, such as {@code nir}
   * @param wavelength centre, micrometres; 0 where the name says enough
   * @param mean of the reflectance 0..1
   * @param deviation above 0
   */
  public record MaskBand(String commonName, double wavelength, double mean, double deviation) {
    public MaskBand {
      require(!commonName.isBlank(), "a band of the mask head has no common name");
      require(
          Double.isFinite(mean) && Double.isFinite(deviation) && deviation > 0,
          "band " + commonName + " needs a finite mean and a deviation above 0");
      require(
          Double.isFinite(wavelength) && wavelength >= 0,
          "band " + commonName + " needs a wavelength of 0 or more");
    }
  }

  /**
   * A class.
   *
   * @param name short, for people
   * @param meaning what becomes of the pixel
   */
  public record MaskClass(String name, MaskMeaning meaning) {}

  /** Bands, classes and cells beyond what any sensor or model has are a mistake. */
  private static final int MOST = 64;

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException if they contradict each other
   */
  public MaskManifest {
    bands = List.copyOf(bands);
    classes = List.copyOf(classes);
    require(!name.isBlank(), "the mask head has no name");
    require(!licence.isBlank(), "the mask head states no licence; write the SPDX identifier");
    require(!origin.isBlank(), "the mask head does not say where it comes from");
    require(!input.isBlank() && !output.isBlank(), "the mask head's input or output has no name");
    require(!bands.isEmpty() && bands.size() <= MOST, "a mask head takes 1.." + MOST + " bands");
    require(
        classes.size() > 1 && classes.size() <= MOST, "a mask head gives 2.." + MOST + " classes");
    Set<String> names = new HashSet<>(bands.stream().map(MaskBand::commonName).toList());
    require(names.size() == bands.size(), "a band of the mask head is there twice");
    require(
        classes.stream().anyMatch(each -> each.meaning() == MaskMeaning.CLEAR)
            && classes.stream().anyMatch(each -> each.meaning() != MaskMeaning.CLEAR),
        "of a mask head's classes at least one must be clear, and one must not");
    require(
        Double.isFinite(pixelMetres) && pixelMetres >= 0 && pixelMetres <= 10_000,
        "pixel_metres must be 0..10000, is " + pixelMetres);
    require(dilation >= 0 && dilation <= MOST, "the dilation must be 0.." + MOST + " cells");
    require(Double.isFinite(missing), "the reflectance that stands for no data must be a number");
  }

  /**
   * Pixels of a grid along the side of a cell. A grid that is coarser than the head wants is taken
   * as it is.
   *
   * @param metresPerPixel of the grid, above 0
   */
  public int factor(double metresPerPixel) {
    return (int) Math.max(1, Math.round(pixelMetres / metresPerPixel));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
