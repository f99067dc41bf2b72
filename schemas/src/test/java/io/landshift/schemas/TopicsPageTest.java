package io.landshift.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TopicsPageTest {
  private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "TOPICS.md");

  @Test
  void theCommittedPageIsTheCatalogue() throws IOException {
    // given
    String page = TopicsPage.markdown();
    if (Boolean.getBoolean("landshift.regenerate")) {
      Files.writeString(PAGE, page);
    }

    // when
    String committed = Files.readString(PAGE);

    // then
    assertThat(committed)
        .as(
            "schemas/TOPICS.md is out of date; write it anew with: mvn -pl schemas test"
                + " -Dtest=TopicsPageTest -Dlandshift.regenerate=true")
        .isEqualTo(page);
  }
}
