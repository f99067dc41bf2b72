package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against the signatures that AWS publishes. */
class AwsSignatureTest {
  @Test
  void givenTheExampleOfTheS3Reference_whenSigned_thenItsSignature() {
    // given: Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)", GET
    // object
    AwsSignature signature =
        new AwsSignature(
            new AwsSignature.Credentials(
                "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null),
            "us-east-1",
            "s3");

    // when
    Map<String, String> headers =
        signature.sign(
            URI.create("https://examplebucket.s3.amazonaws.com/test.txt"),
            Map.of("range", "bytes=0-9"),
            Instant.parse("2013-05-24T00:00:00Z"));

    // then
    assertThat(headers.get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void givenGetVanillaOfTheTestSuite_whenSigned_thenItsSignature() {
    // given: AWS Signature Version 4 test suite, get-vanilla
    AwsSignature signature =
        new AwsSignature(
            new AwsSignature.Credentials(
                "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null),
            "us-east-1",
            "service");

    // when
    Map<String, String> headers =
        signature.sign(
            URI.create("https://example.amazonaws.com/"),
            Map.of(),
            Instant.parse("2015-08-30T12:36:00Z"));

    // then
    assertThat(headers.get("authorization"))
        .endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void givenTemporaryCredentials_whenSigned_thenTheSessionIsSentAndSigned() {
    // given
    AwsSignature signature =
        new AwsSignature(
            AwsSignature.Credentials.of(
                Map.of(
                    "AWS_ACCESS_KEY_ID", "key",
                    "AWS_SECRET_ACCESS_KEY", "secret",
                    "AWS_SESSION_TOKEN", "session")),
            "eu-central-1",
            "s3");

    // when
    Map<String, String> headers =
        signature.sign(URI.create("https://b.s3.amazonaws.com/k"), Map.of(), Instant.EPOCH);

    // then
    assertThat(headers).containsEntry("x-amz-security-token", "session").doesNotContainKey("host");
    assertThat(headers.get("authorization")).contains(";x-amz-security-token,");
  }
}
