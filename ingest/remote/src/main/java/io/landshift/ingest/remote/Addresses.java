package io.landshift.ingest.remote;

import java.net.InetAddress;

/**
 * Tells addresses of the public internet from those that a stranger's href must not reach. Pure.
 */
final class Addresses {
  private Addresses() {}

  /**
   * False for loopback, link-local, private (RFC 1918), carrier-grade NAT (RFC 6598), unique-local
   * (RFC 4193), multicast, unspecified, broadcast, documentation and reserved addresses, and for
   * IPv6 addresses that carry such an IPv4 one: mapped, compatible, NAT64 or 6to4.
   */
  static boolean isPublic(InetAddress address) {
    boolean special =
        address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    if (special) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? isPublic4(bytes, 0) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    return switch (first) {
      case 0, 10, 127 -> false;
      case 100 -> second < 64 || second > 127;
      case 169 -> second != 254;
      case 172 -> second < 16 || second > 31;
      case 192 -> second != 168 && !(second == 0 && (third == 0 || third == 2)) && second != 88;
      case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100);
      case 203 -> !(second == 0 && third == 113);
      default -> first < 224;
    };
  }

  private static boolean isPublic6(byte[] bytes) {
    int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    int second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    if (first == 0x2002) {
      return isPublic4(bytes, 2);
    }
    if ((first == 0x64 && second == 0xff9b) || isZero(bytes, 0, 10)) {
      return isPublic4(bytes, 12);
    }
    // Global unicast is 2000::/3; within it, 2001::/23 is for protocols and 2001:db8:: for books.
    boolean global = (first & 0xe000) == 0x2000;
    return global && !(first == 0x2001 && (second < 0x200 || second == 0xdb8));
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
