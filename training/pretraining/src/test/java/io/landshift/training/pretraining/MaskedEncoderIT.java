package io.landshift.training.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is hidden stays hidden; what is seen is seen as the encoder that serves sees it. */
class MaskedEncoderIT {
  private static final int BATCH = 2;
  private static final int BANDS = 3;
  private static final int GRID = 7;

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
  }

  @ParameterizedTest
  @CsvSource({"8, PAPER", "8, FIXED", "16, PAPER", "16, FIXED"})
  void hiddenPixelsCannotReachVisibleFeatures(int patch, Parity parity) {
    // given: one image, and the same with wild numbers wherever it is hidden
    Values visible = PatchMask.draw(BATCH, GRID, PatchMask.RATIO, new SplittableRandom(3));
    Values image = image(patch, 4);
    Values wild = new Values(image.shape(), image.values().clone());
    Random random = new Random(6);
    int changed = 0;
    for (int index = 0; index < wild.values().length; index++) {
      if (visible.values()[patchOf(index, patch)] == 0) {
        wild.values()[index] = (float) (1e30 * random.nextGaussian());
        changed++;
      }
    }
    assertThat(changed).isEqualTo(BATCH * BANDS * 30 * patch * patch);

    // when
    float[] expected = features(patch, parity, image, visible);
    float[] actual = features(patch, parity, wild, visible);

    // then: bit for bit; what is seen says something, what is hidden nothing
    assertThat(actual).isEqualTo(expected);
    int channels = expected.length / (BATCH * GRID * GRID);
    for (int index = 0; index < expected.length; index++) {
      int cell = index / (GRID * GRID * channels) * GRID * GRID + index % (GRID * GRID);
      assertThat(expected[index] == 0).isEqualTo(visible.values()[cell] == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"PAPER, true", "FIXED, false"})
  void onlyThePapersFeaturesDependOnOtherWindows(Parity parity, boolean depends) {
    // given: another second window
    Values visible = PatchMask.draw(BATCH, GRID, PatchMask.RATIO, new SplittableRandom(3));
    Values image = image(8, 4);
    Values other = new Values(image.shape(), image.values().clone());
    for (int index = other.values().length / 2; index < other.values().length; index++) {
      other.values()[index] *= 3;
    }

    // when
    float[] features = features(8, parity, image, visible);
    float[] beside = features(8, parity, other, visible);

    // then
    int half = features.length / 2;
    boolean same = Arrays.equals(features, 0, half, beside, 0, half);
    assertThat(same).isEqualTo(!depends);
  }

  @Test
  void withNothingHiddenItIsTheEncoder() {
    // given
    Model<ConvNextEncoder> model = encoder(8);
    Values image = image(8, 9);
    float[] all = new float[BATCH * GRID * GRID];
    Arrays.fill(all, 1);

    // when
    float[] masked =
        features(8, Parity.FIXED, image, new Values(List.of(BATCH, 1, GRID, GRID), all));

    // then
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights(model))) {
      float[] plain = Torch.run(model.network(), parameters, List.of(image)).getLast().values();
      assertThat(masked).containsExactly(plain, within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource(Parity.class)
  void howMuchIsHiddenDoesNotCount(Parity parity) {
    // given: the same patches in the corner of a larger window that is hidden elsewhere
    int larger = GRID + 2;
    Values visible = PatchMask.draw(BATCH, GRID, PatchMask.RATIO, new SplittableRandom(3));
    Values image = image(8, 4);

    // when
    float[] features = features(8, parity, image, visible);
    float[] cornered = features(8, parity, inCorner(image, 8 * larger), inCorner(visible, larger));

    // then
    Values corner =
        inCorner(
            new Values(List.of(BATCH, features.length / BATCH / GRID / GRID, GRID, GRID), features),
            larger);
    assertThat(cornered).containsExactly(corner.values(), within(1e-5f));
  }

  /** Larger planes with these at the top left and zeros elsewhere. */
  private static Values inCorner(Values planes, int larger) {
    int side = planes.shape().getLast();
    int count = planes.shape().get(0) * planes.shape().get(1);
    float[] values = new float[count * larger * larger];
    for (int row = 0; row < count * side; row++) {
      int to = row / side * larger * larger + row % side * larger;
      System.arraycopy(planes.values(), row * side, values, to, side);
    }
    return new Values(
        List.of(planes.shape().get(0), planes.shape().get(1), larger, larger), values);
  }

  @ParameterizedTest
  @EnumSource(Parity.class)
  void whatIsSeenMatters(Parity parity) {
    Values visible = PatchMask.draw(BATCH, GRID, PatchMask.RATIO, new SplittableRandom(3));
    assertThat(features(8, parity, image(8, 1), visible))
        .isNotEqualTo(features(8, parity, image(8, 2), visible));
  }

  private static int patchOf(int index, int patch) {
    int side = GRID * patch;
    int window = index / (BANDS * side * side);
    int row = index / side % side;
    int column = index % side;
    return (window * GRID + row / patch) * GRID + column / patch;
  }

  private static Values image(int patch, long seed) {
    List<Integer> shape = List.of(BATCH, BANDS, GRID * patch, GRID * patch);
    return RandomWeights.normal(shape, 1, new Random(seed));
  }

  private static Model<ConvNextEncoder> encoder(int patch) {
    return Model.of(
        scope -> ConvNextEncoder.of(scope.of("encoder"), 8, List.of(1, 1, 2, 1), BANDS, patch));
  }

  private static Weights weights(Model<?> model) {
    return RandomWeights.of(model.parameters(), 17);
  }

  private static float[] features(int patch, Parity parity, Values image, Values visible) {
    Model<ConvNextEncoder> model = encoder(patch);
    MaskedEncoder masked = new MaskedEncoder(model.network(), parity);
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights(model))) {
      return Torch.run(masked, parameters, List.of(image, visible)).getFirst().values();
    }
  }
}
