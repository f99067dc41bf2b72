package io.landshift.ops.local;

import io.landshift.detection.MaskModel;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.MaskManifest.MaskClass;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.model.bundle.MaskMeaning;
import io.landshift.model.bundle.MaskWindows;
import io.landshift.training.onnx.Dimension;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A mask head of red and near infrared that calls everything clear. */
final class ClearMask {
  private static final MaskWindows WINDOWS = new MaskWindows(16, 6);

  private ClearMask() {}

  static MaskModel write(Path folder) throws IOException {
    OnnxGraph graph = new OnnxGraph("clear");
    Dimension batch = Dimension.of("batch");
    Dimension side = Dimension.of(WINDOWS.size());
    Value input = graph.input("input", ElementType.FLOAT32, batch, Dimension.of(2), side, side);
    float[] nothing = new float[2 * 2];
    Value logits =
        graph.node(
            "Conv",
            List.of(
                input,
                graph.constant(nothing, 2, 2, 1, 1),
                graph.constant(new float[] {9, -9}, 2)));
    graph.output("output", logits, ElementType.FLOAT32, batch, Dimension.of(2), side, side);
    MaskManifest manifest =
        new MaskManifest(
            "clear",
            "A mask head for tests.",
            "None",
            "Apache-2.0",
            "made by the test",
            "input",
            "output",
            Values.LOGITS,
            List.of(new MaskBand("red", 0.665, 0.2, 0.5), new MaskBand("nir", 0.842, 0.3, 0.25)),
            List.of(
                new MaskClass("ground", MaskMeaning.CLEAR),
                new MaskClass("cloud", MaskMeaning.CLOUD)),
            WINDOWS,
            0,
            0,
            0.0,
            OnnxGraph.OPSET);
    BundleWriter.write(MaskBundle.files(manifest, graph.toBytes(), Map.of()), folder);
    return new MaskModel(folder.toString(), MaskBundle.load(folder, null).digest());
  }
}
