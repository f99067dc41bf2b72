package io.landshift.ingest.remote;

import java.net.URI;
import java.util.regex.Pattern;

/** Hrefs as they may be shown to people: without user, query and fragment, which hold secrets. */
public final class Shown {
  private static final int MAXIMUM_LENGTH = 300;
  private static final Pattern USER = Pattern.compile("//[^/?#]*@");

  private Shown() {}

  /** An href without what may be secret, shortened. */
  public static String href(String href) {
    String shown = USER.matcher(href.replaceAll("[?#].*$", "")).replaceFirst("//");
    shown = shown.replaceAll("\\p{Cntrl}", " ");
    return shown.length() > MAXIMUM_LENGTH ? shown.substring(0, MAXIMUM_LENGTH) + "..." : shown;
  }

  static String href(URI uri) {
    return href(uri.toString());
  }
}
