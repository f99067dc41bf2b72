package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.model.bundle.ModelKey;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  private static final String DIGEST = "0".repeat(64);

  /** TEST 1 of RFC 8032. */
  private static final ModelKey KEY =
      new ModelKey("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");

  @TempDir private Path folder;

  @Test
  void whatIsNotSignedIsNotEvenParsedAndTheBuiltInBundleNeedsNoSignature() throws Exception {
    // given: a bundle that is none
    String unsigned = Files.createDirectory(folder.resolve("unsigned")).toString();
    Files.writeString(folder.resolve("unsigned/bundle.json"), "{");
    DetectionSettings settings =
        DetectionSettings.standard(folder.resolve("store"), folder.resolve("products"))
            .withMaskModel(new MaskModel(unsigned, DIGEST));
    ScenePlan plan = Scenes.plan(new PixelWindow(0, 0, 32, 32), 32);

    // when, then
    try (Models models = new Models(settings.withModelKey(KEY))) {
      refused(FailureReason.MODEL_SIGNATURE_INVALID, () -> models.load(unsigned, DIGEST));
      refused(FailureReason.MODEL_SIGNATURE_INVALID, () -> models.tryOut(unsigned, DIGEST));
      refused(FailureReason.MODEL_SIGNATURE_INVALID, () -> models.maskManifest(plan));
      refused(
          FailureReason.MODEL_SIGNATURE_INVALID,
          () -> models.maskSession(plan.modelHref(), plan.modelDigest()));
      assertThat(models.load(plan.modelHref(), plan.modelDigest()).digest())
          .isEqualTo(settings.modelDigest());
    }
    try (Models models = new Models(settings)) {
      refused(FailureReason.MODEL_DIGEST_MISMATCH, () -> models.load(unsigned, DIGEST));
      refused(FailureReason.MODEL_DIGEST_MISMATCH, () -> models.maskManifest(plan));
    }
  }

  private static void refused(FailureReason reason, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
