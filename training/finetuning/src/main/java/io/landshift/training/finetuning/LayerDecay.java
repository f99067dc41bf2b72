package io.landshift.training.finetuning;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Parameter;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rates of fine-tuning, as shares of the full one: the nearer a level of the encoder is to the
 * pixels, the less it is moved. What is not of the scope {@code encoder} keeps the full rate; each
 * level has {@code decay} times that of the next, the stem that of level -1. Pure.
 *
 * @param levels of the encoder
 * @param decay above 0 up to 1; 0 keeps the encoder as it is
 */
public record LayerDecay(int levels, double decay) implements ToDoubleFunction<Parameter> {
  private static final Pattern LEVEL =
      Pattern.compile("encoder\\.(?:stages|downsample_layers)\\.(\\d+)\\..*");

  /** That of an encoder in the scope {@code encoder}. */
  public static LayerDecay of(ConvNextEncoder encoder, double decay) {
    return new LayerDecay(encoder.levels().size(), decay);
  }

  @Override
  public double applyAsDouble(Parameter parameter) {
    if (!parameter.name().startsWith("encoder.")) {
      return 1;
    }
    Matcher level = LEVEL.matcher(parameter.name());
    boolean downsampling = parameter.name().contains("downsample_layers");
    int of = level.matches() ? Integer.parseInt(level.group(1)) + (downsampling ? 1 : 0) : -1;
    return Math.pow(decay, (double) levels - of);
  }
}
