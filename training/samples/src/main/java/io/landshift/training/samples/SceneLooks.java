package io.landshift.training.samples;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.util.List;

/** Announced scenes become looks by the reader that serves them. Thread-safe. */
final class SceneLooks {
  private SceneLooks() {}

  /**
   * A window of a scene, harmonised and masked as a chunk in service is.
   *
   * @throws io.landshift.schemas.LandshiftException what {@link SceneReader} throws
   */
  static Look read(
      SceneAvailable scene,
      PixelWindow window,
      List<BandRequest> bands,
      MaskParameters masks,
      RasterRules rules) {
    try (SceneReader reader = SceneReader.open(scene, bands, masks, rules, new DecodeCounter())) {
      HarmonisedChunk chunk = reader.read(window);
      return new Look(
          scene.getSensingTime(),
          Look.Unit.REFLECTANCE,
          bands.stream().map(BandRequest::commonName).toList(),
          window.getWidth(),
          window.getHeight(),
          chunk.bands(),
          chunk.quality());
    }
  }
}
