package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRulesTest {
  private final NetworkRules rules =
      NetworkRules.allowing(
          List.of("data.example.org", "*.blob.example.org", "127.0.0.1:8080", "[::1]:8080"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://data.example.org/a.tif",
        "HTTPS://DATA.Example.ORG/a.tif",
        "https://data.example.org:443/a.tif?x=1",
        "https://data.example.org./a.tif",
        "https://store1.blob.example.org/a.tif",
        "http://127.0.0.1:8080/a.tif",
        "http://[::1]:8080/a.tif"
      })
  void givenAllowedHosts_whenChecked_thenTheHostIsLowerCase(String href) {
    // when
    URI checked = rules.check(href);

    // then
    assertThat(checked.getHost()).isLowerCase().doesNotEndWith(".");
    assertThat(checked.getScheme()).isLowerCase();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://data.example.org/a.tif",
        "HTTP://data.example.org/a.tif",
        "https://data.example.org:8443/a.tif",
        "https://example.org/a.tif",
        "https://evil-blob.example.org/a.tif",
        "https://blob.example.org/a.tif",
        "https://data.example.org.evil.org/a.tif",
        "https://data.example.org@evil.org/a.tif",
        "https://user:secret@data.example.org/a.tif",
        "https://evil.org#@data.example.org/a.tif",
        "https://evil.org\\@data.example.org/a.tif",
        "//data.example.org/a.tif",
        "file:///etc/passwd",
        "FILE://data.example.org/a.tif",
        "ftp://data.example.org/a.tif",
        "gopher://data.example.org/a.tif",
        "jar:https://data.example.org/a.zip!/a.tif",
        "https:///a.tif",
        "https:a.tif",
        "https://127.0.0.1/a.tif",
        "http://127.0.0.1:8081/a.tif",
        "http://2130706433:8080/a.tif",
        "http://0x7f000001:8080/a.tif",
        "http://127.1:8080/a.tif",
        "http://[::ffff:127.0.0.1]:8080/a.tif",
        "http://[0:0:0:0:0:0:0:1]:8080/a.tif",
        "https://[fe80::1%25eth0]/a.tif",
        "https://data.example.org/a b.tif",
        "https://data.example.org/\r\nHost: evil",
        ""
      })
  void givenTricksOfSchemeAndHost_whenChecked_thenRefused(String href) {
    Failing.with(FailureReason.HREF_REFUSED, () -> rules.check(href));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.0.1",
        "198.18.0.1",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "fec0::1"
      })
  void givenAddressesThatAreNotPublic_whenAsked_thenNotPermitted(String address) throws Exception {
    // given: a literal, so nothing is looked up
    InetAddress literal = InetAddress.getByName(address);

    // when / then
    Failing.with(
        FailureReason.HREF_REFUSED, () -> rules.permitted("data.example.org", 443, literal));
    assertThat(rules.permitted("127.0.0.1", 8080, literal)).containsExactly(literal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "52.218.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "169.253.0.1",
        "192.167.0.1",
        "223.255.255.254",
        "2600:1f14::1",
        "2a00:1450::1"
      })
  void givenPublicAddresses_whenAsked_thenPermitted(String address) throws Exception {
    InetAddress literal = InetAddress.getByName(address);
    assertThat(rules.permitted("data.example.org", 443, literal)).containsExactly(literal);
  }

  @Test
  void givenANameWithAPublicAndAPrivateAddress_whenAsked_thenRefusedAsAWhole() throws Exception {
    // given
    InetAddress open = InetAddress.getByName("52.218.0.1");
    InetAddress inner = InetAddress.getByName("10.0.0.1");

    // when / then
    Failing.with(
        FailureReason.HREF_REFUSED, () -> rules.permitted("data.example.org", 443, open, inner));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*.", "*.org", "https://a.org", "a.org/b", "a.org:99999", "a b", ""})
  void givenWhatIsNoHost_whenAllowed_thenTheRulesAreRefused(String host) {
    Failing.with(FailureReason.METADATA_INVALID, () -> NetworkRules.allowing(List.of(host)));
  }

  @Test
  void givenASignedUrl_whenShown_thenWithoutSecrets() {
    assertThat(Shown.href("https://me:pw@a.org/b.tif?sig=secret#x"))
        .isEqualTo("https://a.org/b.tif");
    assertThat(
            Failing.with(
                FailureReason.HREF_REFUSED, () -> rules.check("https://b.org/a.tif?sig=secret")))
        .hasMessageNotContaining("secret");
  }
}
