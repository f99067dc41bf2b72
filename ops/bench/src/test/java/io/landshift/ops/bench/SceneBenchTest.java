package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SceneBenchTest {

  @Test
  void givenTwoMeasurements_whenCompared_thenEachRunThatBothHaveByStage() throws Exception {
    // given
    JsonNode before =
        json("{'cog': {'slots-1': {}, 'slots-2': RUN}}".replace("RUN", run(20, 2, 4, 10, 4)));
    JsonNode after =
        json(
            "{'cog': {'slots-1': RUN, 'slots-2': RUN, 'floor': {'cpuSeconds': 1}}}"
                .replace("RUN", run(15, 2, 4, 5, 4)));

    // when, then
    assertThat(SceneBench.compared(before, after))
        .containsExactly(
            "cog, slots-2: 15.00 CPU-s where 20.00 were (x 0.75);"
                + " read 2.00 CPU-s where 2.00 were (x 1.00);"
                + " encode 4.00 CPU-s where 4.00 were (x 1.00);"
                + " fold 5.00 CPU-s where 10.00 were (x 0.50);"
                + " assemble 4.00 CPU-s where 4.00 were (x 1.00)");
  }

  @Test
  void givenAFileOfSomethingElse_whenRead_thenItsNameIsSaid(@TempDir Path folder) throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("scene.json"), "not JSON");

    // when, then
    assertThatThrownBy(() -> SceneBench.read(file))
        .isInstanceOf(LandshiftException.class)
        .hasMessageContaining("scene.json holds no figures of a bench");
  }

  private static String run(int all, int read, int encode, int fold, int assemble) {
    return ("{'cpuSeconds': %d, 'cpuSecondsByStage':"
            + " {'read': %d, 'encode': %d, 'fold': %d, 'assemble': %d}}")
        .formatted(all, read, encode, fold, assemble);
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
