package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StacSearchTest {
  @Test
  void givenDays_whenRead_thenTheLastOneCountsWhole() {
    // when
    StacSearch search =
        StacSearch.of("https://a.org/v1/", List.of("c"), "5,45,6.5,46", "2024-01-01/2024-01-31");

    // then
    assertThat(search.api()).isEqualTo("https://a.org/v1");
    assertThat(search.box()).containsExactly(5.0, 45.0, 6.5, 46.0);
    assertThat(search.from()).isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
    assertThat(search.to()).isEqualTo(Instant.parse("2024-01-31T23:59:59.999Z"));
    assertThat(search.query(search.from(), search.from().plusSeconds(1)))
        .isEqualTo(
            "collections=c&datetime=2024-01-01T00%3A00%3A00Z%2F2024-01-01T00%3A00%3A01Z&limit=100"
                + "&bbox=5.0%2C45.0%2C6.5%2C46.0");
  }

  @Test
  void givenTimesOrAnOpenEnd_whenRead_thenAsTheyAre() {
    assertThat(
            StacSearch.of("u", List.of("c"), null, "2024-01-01T10:00:00+02:00/2024-01-02T00:00:00Z")
                .from())
        .isEqualTo(Instant.parse("2024-01-01T08:00:00Z"));
    assertThat(StacSearch.of("u", List.of("c"), null, "2024-01-01/..").to()).isNull();
    assertThat(StacSearch.of("u", List.of("c"), "179,1,-179,2", "2024-01-01/").box())
        .as("across the antimeridian")
        .hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5,45,6 | 2024-01-01/..",
        "5,46,6,45 | 2024-01-01/..",
        "5,45,6,95 | 2024-01-01/..",
        "185,45,190,46 | 2024-01-01/..",
        "a,b,c,d | 2024-01-01/..",
        "NaN,1,2,3 | 2024-01-01/..",
        "5,45,6,46 | 2024-01-01",
        "5,45,6,46 | 2024-02-01/2024-01-01",
        "5,45,6,46 | yesterday/today",
        "5,45,6,46 | ../2024-01-01"
      })
  void givenWhatIsNoSearch_whenRead_thenInvalid(String box, String interval) {
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> StacSearch.of("u", List.of("c"), box, interval))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
