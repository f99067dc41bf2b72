package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph of others becomes a bundle, or a typed refusal. Graphs are made by protobuf classes. */
class ModelImportTest {
  private static final BundleLimits SMALL = new BundleLimits(8, 1 << 21, 1 << 22, 1 << 16, 20);

  @TempDir private Path folder;

  private static OnnxMl.ModelProto.Builder graph() {
    OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder().setIrVersion(8);
    model.addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17));
    model
        .getGraphBuilder()
        .setName("mask")
        .addInput(planes("input", 1))
        .addOutput(planes("output", 2))
        .addNode(
            OnnxMl.NodeProto.newBuilder()
                .setOpType("Concat")
                .addInput("input")
                .addInput("input")
                .addOutput("output"));
    return model;
  }

  private static OnnxMl.ValueInfoProto planes(String name, int channels) {
    OnnxMl.TypeProto.Builder type = OnnxMl.TypeProto.newBuilder();
    OnnxMl.TensorShapeProto.Builder shape =
        type.getTensorTypeBuilder().setElemType(1).getShapeBuilder();
    shape.addDimBuilder().setDimParam("batch");
    for (int size : new int[] {channels, 16, 16}) {
      shape.addDimBuilder().setDimValue(size);
    }
    return OnnxMl.ValueInfoProto.newBuilder().setName(name).setType(type).build();
  }

  private static String manifest(String more) {
    return """
    {"name": "mine", "description": "d", "architecture": "a", "licence": "MIT",
     "origin": "o", "input": "input", "output": "output", "values": "logits",
     "bands": [{"common_name": "red", "wavelength": 0.665, "mean": 0.2, "deviation": 0.1}],
     "classes": [{"name": "ground", "meaning": "clear"}, {"name": "cloud", "meaning": "cloud"}],
     "window": 16, "overlap": 4, "pixel_metres": 30, "dilation": 1, "missing": 0, "opset": 17%s}
    """
        .formatted(more);
  }

  private Path onnx(byte[] bytes) throws IOException {
    Files.writeString(folder.resolve("cloud.json"), manifest(""));
    return Files.write(folder.resolve("cloud.onnx"), bytes);
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path zip = folder.resolve("package.whl");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (var file : files.entrySet()) {
        entries.putNextEntry(new ZipEntry(file.getKey()));
        entries.write(file.getValue());
      }
    }
    return zip;
  }

  private static void refused(Path file, FailureReason reason, String word) {
    assertThatThrownBy(() -> ModelImport.read(file, null, null, SMALL))
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(word);
  }

  @Test
  void aManifestAroundAGraphOfOthersIsEnough() throws IOException {
    // given
    byte[] onnx = graph().build().toByteArray();
    Path file = onnx(onnx);
    Path written = folder.resolve("written");
    Files.writeString(
        folder.resolve("by-name.json"),
        manifest(", \"graph\": \"cloud.onnx\", \"sha256\": \"" + Digests.sha256(onnx) + "\""));

    // when
    Map<String, byte[]> files = ModelImport.read(file, null, null);
    BundleWriter.write(files, written);
    MaskBundle bundle = MaskBundle.load(written, Digests.ofBundle(files));

    // then
    assertThat(bundle.graph()).isEqualTo(onnx);
    assertThat(bundle.manifest().classes()).hasSize(2);
    assertThat(bundle.manifest().windows()).isEqualTo(new MaskWindows(16, 4));
    assertThat(ModelImport.read(folder.resolve("by-name.json"), null, null))
        .containsKeys("SHA256SUMS", "mask.onnx");
    assertThat(MaskBundle.loadAlone(written, null)).isPresent();
    assertThatThrownBy(() -> Bundle.load(written)).hasMessageContaining("--mask-model");
    Files.writeString(written.resolve("SHA256SUMS"), "0".repeat(64) + "  mask.onnx\n");
    assertThatThrownBy(() -> MaskBundle.load(written, null))
        .hasMessageContaining("SHA256SUMS states");
  }

  @Test
  void anArchivesGraphIsChosenByName() throws IOException {
    // given
    byte[] onnx = graph().build().toByteArray();
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : new String[] {"one", "two"}) {
      files.put("package/" + name + ".onnx", onnx);
      files.put("package/" + name + ".json", manifest("").getBytes(StandardCharsets.UTF_8));
    }
    Path zip = zip(files);

    // when, then
    assertThat(ModelImport.read(zip, "two", null)).containsKey("mask.onnx");
    refused(zip, FailureReason.MODEL_INVALID, "[one, two]");
  }

  @Test
  void hostileArchivesAreRefused() throws IOException {
    refused(
        zip(Map.of("../evil.onnx", new byte[4])),
        FailureReason.MODEL_INVALID,
        "'../evil.onnx' is refused");
    refused(zip(Map.of("/etc/evil.onnx", new byte[4])), FailureReason.MODEL_INVALID, "is refused");
    refused(zip(Map.of("bomb.onnx", new byte[2_000_000])), FailureReason.LIMIT_EXCEEDED, "larger");
    Files.write(folder.resolve("broken.whl"), new byte[] {'P', 'K', 3, 4, 0});
    refused(folder.resolve("broken.whl"), FailureReason.MODEL_INVALID, "intact zip");
    Files.writeString(folder.resolve("out.json"), manifest(", \"graph\": \"../../etc/passwd\""));
    refused(folder.resolve("out.json"), FailureReason.MODEL_INVALID, "is refused");
    refused(folder.resolve("absent.onnx"), FailureReason.ASSET_MISSING, "no file");
  }

  @Test
  void hostileGraphsAreRefused() throws IOException {
    byte[] whole = graph().build().toByteArray();
    refused(onnx(Arrays.copyOf(whole, whole.length / 2)), FailureReason.MODEL_INVALID, "damaged");
    refused(onnx(new byte[SMALL.maxFileBytes() + 1]), FailureReason.LIMIT_EXCEEDED, "larger");

    OnnxMl.ModelProto.Builder custom = graph();
    custom.getGraphBuilder().getNodeBuilder(0).setDomain("com.example");
    refused(onnx(custom.build().toByteArray()), FailureReason.MODEL_INVALID, "com.example");

    OnnxMl.ModelProto.Builder external = graph();
    external
        .getGraphBuilder()
        .addInitializer(
            OnnxMl.TensorProto.newBuilder()
                .setName("weights")
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL));
    refused(onnx(external.build().toByteArray()), FailureReason.MODEL_INVALID, "outside the file");

    for (long[] dims : new long[][] {{1L << 40}, {1L << 40, 1L << 40}, {-1}}) {
      OnnxMl.ModelProto.Builder huge = graph();
      OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder().setName("huge");
      for (long size : dims) {
        tensor.addDims(size);
      }
      huge.getGraphBuilder().addInitializer(tensor);
      refused(onnx(huge.build().toByteArray()), FailureReason.MODEL_INVALID, "more elements");
    }
  }

  @Test
  void whatTheManifestSaysMustBeWhatTheGraphHas() throws IOException {
    // given
    byte[] onnx = graph().build().toByteArray();
    Path file = onnx(onnx);

    // when, then
    String[][] wrong = {
      {"\"window\": 16", "\"window\": 32", "must be float32 [N, 1, 32, 32]"},
      {"\"input\": \"input\"", "\"input\": \"x\"", "one input [x]"},
      {"\"opset\": 17", "\"opset\": 18", "opset 17, the manifest says 18"},
      {"\"licence\": \"MIT\"", "\"licence\": \"\"", "licence"},
      {"\"overlap\": 4", "\"overlap\": 12", "overlap"},
      {"\"meaning\": \"cloud\"", "\"meaning\": \"clear\"", "must not"},
      {"\"opset\": 17", "\"opset\": 17, \"sha256\": \"00\"", "fetch the graph again"},
    };
    for (String[] change : wrong) {
      Files.writeString(folder.resolve("cloud.json"), manifest("").replace(change[0], change[1]));
      assertThatThrownBy(() -> ModelImport.read(file, null, null))
          .isInstanceOf(LandshiftException.class)
          .hasMessageContaining(change[2]);
    }
    Files.writeString(folder.resolve("cloud.json"), "{\"data\": {}}");
    refused(file, FailureReason.MODEL_INVALID, "no preset knows");
  }

  @Test
  void aBundleOfSeveralHeadsMayBringItsMaskHeadAlong() {
    // given
    Bundle baseline = Bundles.spectralBaseline();
    Map<GraphRole, byte[]> graphs = new TreeMap<>();
    for (GraphRole role : GraphRole.values()) {
      graphs.put(role, baseline.graph(role));
    }
    Map<String, byte[]> selfTest = new TreeMap<>();
    baseline.manifest().selfTest().files().forEach(path -> selfTest.put(path, baseline.file(path)));
    byte[] onnx = graph().build().toByteArray();
    MaskManifest mask =
        MaskDocument.read(
            new JsonFields(
                BundleDocument.parse(manifest("").getBytes(StandardCharsets.UTF_8)), "m"));

    // when
    Map<String, byte[]> files =
        BundleWriter.files(baseline.manifest(), graphs, mask, onnx, selfTest);
    Bundle bundle = Bundle.of(files, null, BundleLimits.DEFAULT);

    // then
    assertThat(bundle.mask().orElseThrow().manifest()).isEqualTo(mask);
    assertThat(bundle.mask().orElseThrow().digest()).isEqualTo(bundle.digest());
    assertThat(baseline.mask()).isEmpty();
    files.remove("mask.onnx");
    assertThatThrownBy(() -> Bundle.of(files, null, BundleLimits.DEFAULT))
        .hasMessageContaining("mask.onnx");
  }
}
