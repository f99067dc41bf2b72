package io.landshift.training.torch;

import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Parameter;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Computes a network's operations with libtorch, at once, and with gradients unless they are turned
 * off. Results belong to the innermost scope. Not thread-safe.
 */
public final class TorchOps implements LossOps<Tensor> {
  private final TorchParameters parameters;
  private final Arithmetic arithmetic;

  /**
   * Computes with these parameters in fp32.
   *
   * @param parameters stays with its owner, who keeps it open
   */
  public TorchOps(TorchParameters parameters) {
    this(parameters, Arithmetic.FP32);
  }

  /**
   * Computes with these parameters.
   *
   * @param parameters stays with its owner, who keeps it open
   */
  public TorchOps(TorchParameters parameters, Arithmetic arithmetic) {
    this.parameters = parameters;
    this.arithmetic = arithmetic;
  }

  @Override
  public Tensor parameter(Parameter parameter) {
    return parameters.tensor(parameter);
  }

  private TensorOptional optional(Parameter parameter) {
    return new TensorOptional(parameter(parameter));
  }

  @Override
  public Tensor convolution(
      Tensor planes, Parameter weight, Parameter bias, int stride, int padding, int groups) {
    return torch.conv2d(
        planes,
        parameter(weight),
        optional(bias),
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {1, 1},
        groups);
  }

  @Override
  public Tensor linear(Tensor x, Parameter weight, Parameter bias) {
    return switch (arithmetic) {
      case FP32 -> torch.linear(x, parameter(weight), optional(bias));
      case BF16 ->
          torch
              .linear(
                  brief(x), brief(parameter(weight)), new TensorOptional(brief(parameter(bias))))
              .toType(torch.ScalarType.Float);
    };
  }

  private static Tensor brief(Tensor x) {
    return x.toType(torch.ScalarType.BFloat16);
  }

  @Override
  public Tensor layerNorm(Tensor x, Parameter gain, Parameter bias, double epsilon) {
    return torch.layer_norm(
        x, Tensors.longs(gain.shape()), optional(gain), optional(bias), epsilon, true);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return a.add(b);
  }

  @Override
  public Tensor add(Tensor a, double b) {
    return a.add(new Scalar(b));
  }

  @Override
  public Tensor subtract(Tensor a, Tensor b) {
    return a.sub(b);
  }

  @Override
  public Tensor multiply(Tensor a, Tensor b) {
    return a.mul(b);
  }

  @Override
  public Tensor divide(Tensor a, Tensor b) {
    return a.div(b);
  }

  @Override
  public Tensor abs(Tensor x) {
    return x.abs();
  }

  @Override
  public Tensor gelu(Tensor x) {
    return torch.gelu(x, "none");
  }

  @Override
  public Tensor softmax(Tensor x, int axis) {
    return x.softmax(axis);
  }

  @Override
  public Tensor mean(Tensor x, List<Integer> axes) {
    return x.mean(Tensors.longs(axes), false, new ScalarTypeOptional());
  }

  @Override
  public Tensor meanKept(Tensor x, List<Integer> axes) {
    return x.mean(Tensors.longs(axes), true, new ScalarTypeOptional());
  }

  @Override
  public Tensor normKept(Tensor x, List<Integer> axes) {
    return x.norm(new ScalarOptional(new Scalar(2.0)), Tensors.longs(axes), true);
  }

  @Override
  public Tensor permute(Tensor x, List<Integer> axes) {
    return x.permute(Tensors.longs(axes));
  }

  @Override
  public Tensor joinChannels(List<Tensor> planes) {
    return torch.cat(new TensorVector(planes.toArray(Tensor[]::new)), 1);
  }

  @Override
  public Tensor enlarge(Tensor planes, int factor, Interpolation interpolation) {
    long[] size = {planes.size(2) * factor, planes.size(3) * factor};
    DoubleOptional scale = new DoubleOptional((double) factor);
    return switch (interpolation) {
      case NEAREST -> torch.upsample_nearest2d(planes, size, scale, scale);
      case BILINEAR -> torch.upsample_bilinear2d(planes, size, false, scale, scale);
    };
  }

  @Override
  public Tensor resize(Tensor planes, Tensor like) {
    return torch.upsample_bilinear2d(planes, new long[] {like.size(2), like.size(3)}, false);
  }

  @Override
  public Tensor pool(Tensor planes, int bins) {
    return torch.adaptive_avg_pool2d(planes, bins, bins);
  }

  @Override
  public Tensor spread(Tensor planes, int factor) {
    return torch.pixel_shuffle(planes, factor);
  }

  @Override
  public Tensor gather(Tensor plane, int factor) {
    return torch.pixel_unshuffle(plane, factor);
  }

  @Override
  public Tensor multiply(Tensor a, double b) {
    return a.mul(new Scalar(b));
  }

  @Override
  public Tensor exp(Tensor x) {
    return x.exp();
  }

  @Override
  public Tensor median(Tensor planes) {
    return planes.flatten(2, 3).median(2, true).get0().unsqueeze(3);
  }

  @Override
  public Tensor sign(Tensor x) {
    return x.sign();
  }

  @Override
  public Tensor logSoftmax(Tensor x, int axis) {
    return x.log_softmax(axis);
  }

  @Override
  public Tensor split(Tensor x, int size) {
    return x.unflatten(-1, -1, size);
  }

  @Override
  public Tensor sum(Tensor x) {
    return x.sum();
  }

  @Override
  public Tensor stack(List<Tensor> numbers) {
    return torch.stack(new TensorVector(numbers.toArray(Tensor[]::new)));
  }
}
