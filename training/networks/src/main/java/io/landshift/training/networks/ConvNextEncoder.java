package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * ConvNeXt V2 (arXiv 2301.00808), with the stem of MMEarth (arXiv 2405.02771), which keeps more
 * detail than the original: a 3 x 3 convolution of every pixel, then one cell for each patch / 8
 * pixels; or with its own, {@link #plain}. Gives four levels, each of half the rows and columns of
 * the one before.
 *
 * @param stem to the first level's cells
 * @param downsamplings between the levels
 * @param levels the blocks of each level
 * @param bands channels of the input
 * @param widths channels of each level
 * @param patch stride of the last level, pixels
 */
public record ConvNextEncoder(
    Layer stem,
    List<Layer> downsamplings,
    List<List<ConvNextBlock>> levels,
    int bands,
    List<Integer> widths,
    int patch)
    implements Network {
  private static final String INPUT = "image";

  /** Pixels along a cell of the original's first level. */
  private static final int PLAIN_STRIDE = 4;

  public ConvNextEncoder {
    downsamplings = List.copyOf(downsamplings);
    levels = levels.stream().map(List::copyOf).toList();
    widths = List.copyOf(widths);
  }

  /** A published size. */
  public static ConvNextEncoder of(Scope scope, ConvNextSize size, int bands, int patch) {
    return of(scope, size.width(), size.depths(), bands, patch);
  }

  /**
   * Any size.
   *
   * @param width channels of the first level; each next level has twice as many
   * @param depths blocks of each level
   * @param bands channels of the input
   * @param patch stride of the last of four levels, pixels: 8 or 16
   * @throws IllegalArgumentException if the last level's stride cannot be the patch
   */
  public static ConvNextEncoder of(
      Scope scope, int width, List<Integer> depths, int bands, int patch) {
    int first = patch >> (depths.size() - 1);
    if (first < 1 || first << (depths.size() - 1) != patch) {
      throw new IllegalArgumentException(
          "%d levels do not end at a stride of %d".formatted(depths.size(), patch));
    }
    return of(scope, () -> stem(scope, bands, width, first), 0, width, depths, bands, patch);
  }

  /**
   * A published size with the original's stem, whose first cells are of 4 x 4 pixels. Its
   * parameters have the original's names, among which the stem is the first downsampling.
   *
   * @param bands channels of the input
   */
  public static ConvNextEncoder plain(Scope scope, ConvNextSize size, int bands) {
    Scope own = scope.of("downsample_layers").of(0);
    int width = size.width();
    Supplier<Layer> stem =
        () ->
            Sequence.of(
                Convolution.patches(own.of(0), bands, width, PLAIN_STRIDE),
                ChannelNorm.of(own.of(1), width));
    int patch = PLAIN_STRIDE << (size.depths().size() - 1);
    return of(scope, stem, 1, width, size.depths(), bands, patch);
  }

  /**
   * Declares the levels, then the stem.
   *
   * @param second the number that the downsampling to the second level has in its name
   */
  private static ConvNextEncoder of(
      Scope scope,
      Supplier<Layer> stem,
      int second,
      int width,
      List<Integer> depths,
      int bands,
      int patch) {
    List<Layer> downsamplings = new ArrayList<>();
    List<List<ConvNextBlock>> levels = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    for (int level = 0; level < depths.size(); level++) {
      int channels = width << level;
      widths.add(channels);
      if (level > 0) {
        Scope step = scope.of("downsample_layers").of(second + level - 1);
        downsamplings.add(downsampling(step, channels / 2));
      }
      levels.add(blocks(scope.of("stages").of(level), channels, depths.get(level)));
    }
    return new ConvNextEncoder(stem.get(), downsamplings, levels, bands, widths, patch);
  }

  private static Layer stem(Scope scope, int bands, int width, int stride) {
    Scope pixels = scope.of("initial_conv");
    Scope cells = scope.of("stem");
    return Sequence.of(
        Convolution.same(pixels.of(0), bands, width, 3),
        ChannelNorm.of(pixels.of(1), width),
        new Gelu(),
        Convolution.depthwisePatches(cells.of(0), width, stride),
        ChannelNorm.of(cells.of(1), width));
  }

  private static Layer downsampling(Scope scope, int in) {
    return Sequence.of(
        ChannelNorm.of(scope.of(0), in), Convolution.patches(scope.of(1), in, 2 * in, 2));
  }

  private static List<ConvNextBlock> blocks(Scope scope, int channels, int depth) {
    List<ConvNextBlock> blocks = new ArrayList<>();
    for (int block = 0; block < depth; block++) {
      blocks.add(ConvNextBlock.of(scope.of(block), channels));
    }
    return blocks;
  }

  /** Pixels per cell of a level, along each axis. */
  public int stride(int level) {
    return patch >> (levels.size() - 1 - level);
  }

  /** The planes of every level, finest first. */
  public <T> List<T> levels(Ops<T> ops, T image) {
    List<T> outputs = new ArrayList<>();
    T planes = stem.apply(ops, image);
    for (int level = 0; level < levels.size(); level++) {
      if (level > 0) {
        planes = downsamplings.get(level - 1).apply(ops, planes);
      }
      for (ConvNextBlock block : levels.get(level)) {
        planes = block.apply(ops, planes);
      }
      outputs.add(planes);
    }
    return outputs;
  }

  @Override
  public List<Port> inputs() {
    return List.of(Port.planes(INPUT, bands));
  }

  @Override
  public List<Port> outputs() {
    List<Port> ports = new ArrayList<>();
    for (int width : widths) {
      ports.add(Port.planes("level_" + ports.size(), width));
    }
    return ports;
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    return levels(ops, inputs.getFirst());
  }
}
