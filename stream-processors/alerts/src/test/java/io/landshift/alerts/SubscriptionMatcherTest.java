package io.landshift.alerts;

import static io.landshift.alerts.Detections.ring;
import static io.landshift.alerts.Detections.square;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.Detection;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Subscription;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionMatcherTest {
  private final Detection detection = Detections.provisional().build();

  @Test
  void aSubscriptionWithoutConditionsHearsOfEverything() {
    // given
    SubscriptionMatcher matcher = SubscriptionMatcher.of(subscription().build());

    // then
    assertThat(matcher.id()).isEqualTo("office");
    assertThat(matcher.topic()).isEqualTo("alerts.office");
    assertThat(matcher.matches(detection)).isTrue();
  }

  @Test
  void anAreaMatchesWhatItTouches() {
    // then: the detection is 25.1..25.102 E, 47.1..47.101 N
    assertThat(matches(subscription().setArea(square(25, 47, 26, 48)))).isTrue();
    assertThat(matches(subscription().setArea(square(25.101, 47.1005, 26, 48)))).isTrue();
    assertThat(matches(subscription().setArea(square(25.102, 47.101, 26, 48))))
        .as("one common point")
        .isTrue();
    assertThat(matches(subscription().setArea(square(25.1021, 47, 26, 48)))).isFalse();
    assertThat(matches(subscription().setArea(square(-26, 47, -25, 48)))).isFalse();
  }

  @Test
  void aHoleInAnAreaIsNotOfTheArea() {
    // given
    String area =
        "{\"type\":\"Polygon\",\"coordinates\":[%s,%s]}"
            .formatted(ring(25, 47, 26, 48), ring(25.05, 47.05, 25.5, 47.5));

    // then
    assertThat(matches(subscription().setArea(area))).isFalse();
  }

  @Test
  void anAreaThatIsCutAtTheAntimeridianMatchesOnBothSides() {
    // given
    SubscriptionMatcher matcher =
        SubscriptionMatcher.of(
            subscription()
                .setArea(
                    "{\"type\":\"MultiPolygon\",\"coordinates\":[[%s],[%s]]}"
                        .formatted(ring(179, -17, 180, -16), ring(-180, -17, -179, -16)))
                .build());

    // then
    assertThat(matcher.matches(at(square(179.5, -16.5, 179.6, -16.4)))).isTrue();
    assertThat(matcher.matches(at(square(-179.6, -16.5, -179.5, -16.4)))).isTrue();
    assertThat(matcher.matches(at(square(0, -16.5, 1, -16.4)))).isFalse();
  }

  @Test
  void everyConditionMustHold() {
    // then
    assertThat(matches(subscription().setScores(List.of("generic", "vegetation-loss")))).isTrue();
    assertThat(matches(subscription().setScores(List.of("generic")))).isFalse();
    assertThat(matches(subscription().setFromClasses(List.of("tree-cover")))).isTrue();
    assertThat(matches(subscription().setFromClasses(List.of("water")))).isFalse();
    assertThat(matches(subscription().setToClasses(List.of("bare", "built-up")))).isTrue();
    assertThat(matches(subscription().setToClasses(List.of("built-up")))).isFalse();
    assertThat(matches(subscription().setMinimumAreaM2(10_000))).isTrue();
    assertThat(matches(subscription().setMinimumAreaM2(10_000.1))).isFalse();
    assertThat(
            matches(
                subscription()
                    .setFromClasses(List.of("tree-cover"))
                    .setToClasses(List.of("water"))))
        .isFalse();
  }

  @Test
  void whoWaitsForConfirmationHearsNothingBefore() {
    // given
    SubscriptionMatcher patient =
        SubscriptionMatcher.of(subscription().setConfirmedOnly(true).build());
    SubscriptionMatcher eager = SubscriptionMatcher.of(subscription().build());

    // then
    assertThat(patient.matches(Detections.provisional().build())).isFalse();
    assertThat(patient.matches(Detections.confirmed().build())).isTrue();
    assertThat(patient.matches(Detections.finished().build())).isTrue();
    assertThat(eager.matches(Detections.provisional().build())).isTrue();
    assertThat(eager.matches(Detections.retracted().build())).as("never news").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "17",
        "{\"type\":\"Point\",\"coordinates\":[1,2]}",
        "{\"type\":\"Polygon\"}",
        "{\"type\":\"Polygon\",\"coordinates\":[]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[1,2],[3,4]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[181,0],[181,1],[0,0]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[500000,5200000],[500010,5200000],"
            + "[500010,5200010],[500000,5200000]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[\"a\",0],[1,0],[1,1],[\"a\",0]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[null,0],[1,0],[1,1],[null,0]]]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[]}",
        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}"
      })
  void anAreaThatIsNoneIsRefused(String area) {
    // then
    assertRefused(subscription().setArea(area));
  }

  @Test
  void anAreaNestedBeyondReasonIsRefused() {
    // then
    assertRefused(
        subscription()
            .setArea(
                "{\"type\":\"GeometryCollection\",\"geometries\":[".repeat(20_000)
                    + "]}".repeat(20_000)));
    assertRefused(
        subscription()
            .setArea(
                "{\"type\":\"\\u0047eometryCollection\",\"geometries\":[".repeat(20_000)
                    + "]}".repeat(20_000)));
    assertRefused(subscription().setArea("[".repeat(500_000)));
    assertRefused(
        subscription()
            .setArea("{\"type\":\"Polygon\",\"coordinates\":" + "[".repeat(400_000) + "}"));
    assertRefused(
        subscription()
            .setArea(
                "{\"type\":\"Polygon\",\"coordinates\":%s%s}"
                    .formatted("[".repeat(200_000), "]".repeat(200_000))));
  }

  @Test
  void whatStandsInQuotesDoesNotNest() {
    // given
    String area =
        square(25, 47, 26, 48).replace("{", "{\"note\":\"%s\\\"[\",".formatted("[{".repeat(50)));

    // then
    assertThat(matches(subscription().setArea(area))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Office", "a/b", "../a", "a b"})
  void anIdThatNamesNoTopicIsRefused(String id) {
    // then
    assertRefused(subscription().setId(id));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aMinimumAreaThatIsNoneIsRefused(double minimum) {
    // then
    assertRefused(subscription().setMinimumAreaM2(minimum));
  }

  private boolean matches(Subscription.Builder subscription) {
    return SubscriptionMatcher.of(subscription.build()).matches(detection);
  }

  private static Detection at(String geometry) {
    return Detections.provisional().setGeometry(geometry).build();
  }

  private static Subscription.Builder subscription() {
    return Subscription.newBuilder().setId("office");
  }

  private static void assertRefused(Subscription.Builder subscription) {
    assertThatThrownBy(() -> SubscriptionMatcher.of(subscription.build()))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
