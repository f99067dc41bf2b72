package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoreTest {
  @Test
  void givenBuckets_whenLocated_thenOnTheirStores() {
    // given
    ObjectStore amazon = ObjectStore.amazon();
    ObjectStore own = new ObjectStore("http://127.0.0.1:9000/", "x", Map.of(), false);

    // when / then
    assertThat(amazon.url("s3://sentinel-cogs/a/B 04+x.tif"))
        .isEqualTo("https://sentinel-cogs.s3.us-west-2.amazonaws.com/a/B%2004%2Bx.tif");
    assertThat(amazon.url("S3://sentinel-s2-l2a/tiles/B04.jp2"))
        .isEqualTo("https://sentinel-s2-l2a.s3.eu-central-1.amazonaws.com/tiles/B04.jp2");
    assertThat(amazon.url("s3://with.dots/B04.tif"))
        .isEqualTo("https://s3.us-west-2.amazonaws.com/with.dots/B04.tif");
    assertThat(own.url("s3://bucket/a/B04.tif"))
        .isEqualTo("http://127.0.0.1:9000/bucket/a/B04.tif");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket",
        "s3://Bucket/a.tif",
        "s3://bucket@evil.org/a.tif",
        "s3://bucket:99/a.tif",
        "s3://evil.org#/a.tif",
        "s3://bucket/a.tif?versionId=1",
        "s3://bucket/../other/a.tif",
        "s3:///a.tif"
      })
  void givenTricks_whenLocated_thenRefused(String href) {
    Failing.with(FailureReason.HREF_REFUSED, () -> ObjectStore.amazon().url(href));
  }

  @Test
  void givenABucketThatIsNotAllowed_whenLocated_thenRefused() {
    // given
    RemoteSettings settings =
        RemoteSettings.of(NetworkRules.allowing(List.of("good.s3.us-west-2.amazonaws.com")));

    // when / then
    assertThat(settings.locate("s3://good/a.tif").getHost())
        .isEqualTo("good.s3.us-west-2.amazonaws.com");
    Failing.with(FailureReason.HREF_REFUSED, () -> settings.locate("s3://bad/a.tif"));
    Failing.with(FailureReason.HREF_REFUSED, () -> settings.locate("s3://good/a.vrt"));
  }
}
