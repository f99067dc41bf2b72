package io.landshift.ingest.remote;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code Content-Range} (RFC 9110 section 14.4) in bytes, both ends inclusive.
 *
 * @param total size of the whole file
 */
record ContentRange(long first, long last, long total) {
  private static final Pattern FORM =
      Pattern.compile("bytes +([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  /** Null where the text is of another form or contradicts itself. */
  static @Nullable ContentRange parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return null;
    }
    ContentRange range =
        new ContentRange(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)));
    return range.first <= range.last && range.last < range.total ? range : null;
  }

  /** Whether this is all that there is between the bytes asked for. */
  boolean answers(long askedFirst, long askedLast) {
    return first == askedFirst && last == Math.min(askedLast, total - 1);
  }

  long length() {
    return last - first + 1;
  }
}
