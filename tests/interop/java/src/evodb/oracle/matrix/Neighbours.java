package evodb.oracle.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import evodb.oracle.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The next smaller and the next greater value, where a type has such and it is within the type's range. */
final class Neighbours {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  static List<JsonNode> of(Type type, JsonNode value) {
    List<JsonNode> neighbours = new ArrayList<>();
    for (int step : new int[] {-1, 1}) {
      Object neighbour = step(type, value, step);
      if (neighbour != null) {
        String json = SingleValueParser.toJson(type, neighbour);
        // The years before 1 and after 9999 have signs, which few parsers accept.
        if (!json.startsWith("\"-00") && !json.startsWith("\"0000") && !json.startsWith("\"+")) {
          neighbours.add(Json.parse(json));
        }
      }
    }
    return neighbours;
  }

  private static Object step(Type type, JsonNode value, int step) {
    switch (type.typeId()) {
      case INTEGER:
      case DATE:
        long number = (Integer) SingleValueParser.fromJson(type, value) + (long) step;
        return number == (int) number ? (int) number : null;
      case LONG:
      case TIMESTAMP:
      case TIMESTAMP_NANO:
        long from = (Long) SingleValueParser.fromJson(type, value);
        long to = from + step;
        return Long.signum(step) == Long.compare(to, from) ? to : null;
      case TIME:
        long time = (Long) SingleValueParser.fromJson(type, value) + step;
        return time >= 0 && time < MICROS_PER_DAY ? time : null;
      case DECIMAL:
        BigDecimal decimal = (BigDecimal) SingleValueParser.fromJson(type, value);
        BigDecimal next = decimal.add(BigDecimal.valueOf(step, decimal.scale()));
        return next.precision() <= ((Types.DecimalType) type).precision() ? next : null;
      default:
        return null;
    }
  }

  private Neighbours() {}
}
