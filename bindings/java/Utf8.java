package evodb.lakehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

/** UTF-8 strings of the library. */
final class Utf8 {
  private Utf8() {}

  static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  static String string(byte[] utf8) {
    return utf8 == null ? null : new String(utf8, UTF_8);
  }

  /** Copies an out parameter that the call has written; otherwise nothing changes. */
  static void copy(byte[][] from, String[] to) {
    if (from[0] != null && to != null) to[0] = string(from[0]);
  }
}
