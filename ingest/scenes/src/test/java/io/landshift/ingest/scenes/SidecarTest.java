package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarTest {
  private static final String SERIES =
      """
      {"sensor": "sentinel-2-msi", "platform": "sentinel-2b", "level": "L2A",
       "bands": ["B02", null, {"name": "B08", "commonName": "nir", "wavelength": 0.842}],
       "scale": 0.0001, "offset": -0.1, "nodata": 0,
       "scenes": [{"file": "20230511.tif", "date": "2023-05-11"},
                  {"file": "b.tif", "date": "2023-12-17T13:51:09Z", "offset": 0, "nodata": "nan"},
                  {"file": "bad.tif", "date": "2023-13-01"}]}
      """;

  private static JsonNode json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8), "json");
  }

  @Test
  void readsASeriesWithDefaultsAndOverrides() {
    // given
    JsonNode series = json(SERIES);

    // when
    Sidecar first = Sidecar.readFromSeries(series, "20230511.tif", "series.json");
    Sidecar second = Sidecar.readFromSeries(series, "b.tif", "series.json");

    // then
    assertThat(Sidecar.filesOfSeries(series, "series.json"))
        .containsExactly("20230511.tif", "b.tif", "bad.tif");
    assertThat(first.sensingTime()).isEqualTo(Instant.parse("2023-05-11T00:00:00Z"));
    assertThat(first.offset()).isEqualTo(-0.1);
    assertThat(first.bands()).hasSize(3);
    assertThat(first.bands().get(1)).isNull();
    assertThat(second.sensingTime()).isEqualTo(Instant.parse("2023-12-17T13:51:09Z"));
    assertThat(second.offset()).isZero();
    assertThat(second.scale()).isEqualTo(1e-4);
    assertThat(second.nodata()).isNaN();
    assertThat(second.platform()).isEqualTo("sentinel-2b");
  }

  @Test
  void oneBadSceneOfASeriesDoesNotSpoilTheOthers() {
    JsonNode series = json(SERIES);

    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Sidecar.readFromSeries(series, "bad.tif", "series.json"))
        .withMessageContaining("bad.tif")
        .withMessageContaining("2023-13-01")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }

  @Test
  void readsMasks() {
    Sidecar sidecar =
        Sidecar.read(
            json(
                """
                {"date": "2023-05-11", "masks": [{"kind": "scene-classification", "band": 13},
                 {"kind": "clear", "file": "a_clear.tif"},
                 {"kind": "cloud-classification", "file": "MSK_CLASSI_B00.jp2"},
                 {"kind": "qa60", "band": 16}, {"kind": "cloud", "file": "CLM.tif"}]}
                """),
            null,
            "a.json");

    assertThat(sidecar.masks())
        .containsExactly(
            new Sidecar.Mask(MaskKind.SCENE_CLASSIFICATION, null, 13),
            new Sidecar.Mask(MaskKind.CLEAR, "a_clear.tif", 1),
            new Sidecar.Mask(MaskKind.CLOUD_CLASSIFICATION, "MSK_CLASSI_B00.jp2", 1),
            new Sidecar.Mask(MaskKind.QA60, null, 16),
            new Sidecar.Mask(MaskKind.CLOUD, "CLM.tif", 1));
    assertThat(sidecar.scale()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | date",
        "{\"date\": \"11.5.2023\"} | 11.5.2023",
        "{\"date\": 20230511} | date",
        "{\"date\": \"2023-05-11\", \"ofset\": 1} | ofset",
        "{\"date\": \"2023-05-11\", \"scale\": 0} | scale",
        "{\"date\": \"2023-05-11\", \"scale\": \"1e-4\"} | scale",
        "{\"date\": \"2023-05-11\", \"bands\": \"B02\"} | bands",
        "{\"date\": \"2023-05-11\", \"bands\": []} | bands",
        "{\"date\": \"2023-05-11\", \"bands\": [2]} | band",
        "{\"date\": \"2023-05-11\", \"bands\": [{\"wavelength\": 0.5}]} | commonName",
        "{\"date\": \"2023-05-11\", \"bands\": [{\"name\": \"B02\", \"wave\": 1}]} | wave",
        "{\"date\": \"2023-05-11\", \"masks\": [{\"kind\": \"clouds\"}]} | clear",
        "{\"date\": \"2023-05-11\", \"masks\": [{\"kind\": \"clear\", \"band\": 0}]} | counts from 1",
        "{\"date\": \"2023-05-11\", \"product\": \"../x\"} | ../x",
        "{\"date\": \"2023-05-11\", \"generation\": 1.5} | generation",
      })
  void saysWhatIsWrong(String text, String expected) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Sidecar.read(json(text), null, "a.json"))
        .withMessageContaining(expected)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
