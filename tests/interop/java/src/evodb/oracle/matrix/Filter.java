package evodb.oracle.matrix;

import java.util.List;

/** The JSON of filters; a value is JSON already. */
final class Filter {
  static String of(String type, String term, String value) {
    return "{\"type\":\"%s\",\"term\":\"%s\",\"value\":%s}".formatted(type, term, value);
  }

  static String of(String type, String term) {
    return "{\"type\":\"%s\",\"term\":\"%s\"}".formatted(type, term);
  }

  static String in(String term, String... values) {
    String list = String.join(",", List.of(values));
    return "{\"type\":\"in\",\"term\":\"%s\",\"values\":[%s]}".formatted(term, list);
  }

  static String and(String left, String right) {
    return "{\"type\":\"and\",\"left\":%s,\"right\":%s}".formatted(left, right);
  }

  private Filter() {}
}
