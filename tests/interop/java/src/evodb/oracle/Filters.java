package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Filters in the JSON of Iceberg's ExpressionParser, with what that parser cannot read by itself. */
public final class Filters {
  /** What a request without a filter means. */
  public static final JsonNode ALL = Json.MAPPER.getNodeFactory().booleanNode(true);

  public static Expression parse(JsonNode filter, Schema schema) {
    switch (filter.path("type").asText()) {
      case "and":
        return Expressions.and(
            parse(filter.path("left"), schema), parse(filter.path("right"), schema));
      case "or":
        return Expressions.or(
            parse(filter.path("left"), schema), parse(filter.path("right"), schema));
      case "not":
        return Expressions.not(parse(filter.path("child"), schema));
      default:
        return predicate(filter, schema);
    }
  }

  private static Expression predicate(JsonNode filter, Schema schema) {
    Types.NestedField column =
        filter.path("term").isTextual()
            ? schema.caseInsensitiveFindField(filter.get("term").textValue())
            : null;
    Type.TypeID type = column == null ? null : column.type().typeId();
    if (type == Type.TypeID.TIMESTAMP_NANO) {
      // With a schema Java makes a number of nanoseconds of the text, and then takes it for microseconds.
      return ExpressionParser.fromJson(filter.toString());
    }
    if (type == Type.TypeID.FLOAT || type == Type.TypeID.DOUBLE) {
      return ExpressionParser.fromJson(withFloats((ObjectNode) filter).toString(), schema);
    }
    return ExpressionParser.fromJson(filter.toString(), schema);
  }

  private static ObjectNode withFloats(ObjectNode filter) {
    ObjectNode changed = filter.deepCopy();
    if (filter.has("value")) {
      changed.set("value", floating(filter.get("value")));
    }
    if (filter.has("values")) {
      ArrayNode values = changed.putArray("values");
      filter.get("values").forEach(value -> values.add(floating(value)));
    }
    return changed;
  }

  /** Java wants a point or an exponent, and JSON has no infinity: a number too great becomes one. */
  private static JsonNode floating(JsonNode value) {
    switch (value.asText()) {
      case "Infinity":
        return Json.MAPPER.getNodeFactory().numberNode(new BigDecimal("1e999"));
      case "-Infinity":
        return Json.MAPPER.getNodeFactory().numberNode(new BigDecimal("-1e999"));
      case "-0.0":
        return Json.MAPPER.getNodeFactory().numberNode(-0.0);
      case "NaN":
        throw new IllegalArgumentException("Java has no NaN literal: use is-nan");
      default:
        return value.isIntegralNumber()
            ? Json.MAPPER.getNodeFactory().numberNode(value.doubleValue())
            : value;
    }
  }

  private Filters() {}
}
