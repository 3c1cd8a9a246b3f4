package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.GenericDataUtil;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.DateTimeUtil;

/**
 * Between generic values and the specification's JSON single values. JSON has no number for NaN and the
 * infinities, and many parsers lose the sign of zero: these are the texts "NaN", "Infinity", "-Infinity"
 * and "-0.0".
 */
public final class Values {
  /** A row as an object by column name; a struct within it is an object by field id, as the specification has it. */
  public static ObjectNode rowToJson(Types.StructType struct, StructLike row) {
    ObjectNode json = Json.object();
    List<Types.NestedField> fields = struct.fields();
    for (int i = 0; i < fields.size(); i++) {
      json.set(fields.get(i).name(), toJson(fields.get(i).type(), row.get(i, Object.class)));
    }
    return json;
  }

  public static Record rowFromJson(Schema schema, JsonNode json) {
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (schema.asStruct().field(name) == null) {
                throw new IllegalArgumentException("no such column: " + name);
              }
            });
    GenericRecord record = GenericRecord.create(schema);
    for (Types.NestedField field : schema.columns()) {
      record.setField(field.name(), fromJson(field.type(), json.get(field.name())));
    }
    return record;
  }

  public static JsonNode toJson(Type type, Object value) {
    if (value == null) {
      return NullNode.instance;
    }
    switch (type.typeId()) {
      case FLOAT:
        return floating((Float) value, JsonNodeFactory.instance.numberNode((Float) value));
      case DOUBLE:
        double number = ((Number) value).doubleValue();
        return floating(number, JsonNodeFactory.instance.numberNode(number));
      case STRUCT:
        ObjectNode object = Json.object();
        List<Types.NestedField> fields = type.asStructType().fields();
        for (int i = 0; i < fields.size(); i++) {
          Object member = ((StructLike) value).get(i, Object.class);
          if (member != null) {
            String id = String.valueOf(fields.get(i).fieldId());
            object.set(id, toJson(fields.get(i).type(), member));
          }
        }
        return object;
      case LIST:
        return list(type.asListType().elementType(), (Iterable<?>) value);
      case MAP:
        Map<?, ?> map = (Map<?, ?>) value;
        ObjectNode parts = Json.object();
        parts.set("keys", list(type.asMapType().keyType(), map.keySet()));
        parts.set("values", list(type.asMapType().valueType(), map.values()));
        return parts;
      default:
        return Json.parse(SingleValueParser.toJson(type, genericToInternal(type, value)));
    }
  }

  private static ArrayNode list(Type type, Iterable<?> elements) {
    ArrayNode array = Json.array();
    elements.forEach(element -> array.add(toJson(type, element)));
    return array;
  }

  private static JsonNode floating(double value, JsonNode number) {
    boolean plain = Double.isFinite(value) && Double.doubleToRawLongBits(value) != 1L << 63;
    return plain ? number : JsonNodeFactory.instance.textNode(Double.toString(value));
  }

  public static Object fromJson(Type type, JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    switch (type.typeId()) {
      case FLOAT:
        return json.isTextual() ? Float.valueOf(json.textValue()) : json.floatValue();
      case DOUBLE:
        return json.isTextual() ? Double.valueOf(json.textValue()) : json.doubleValue();
      case STRUCT:
        GenericRecord record = GenericRecord.create(type.asStructType());
        for (Types.NestedField field : type.asStructType().fields()) {
          JsonNode member = json.get(String.valueOf(field.fieldId()));
          record.setField(field.name(), fromJson(field.type(), member));
        }
        return record;
      case LIST:
        return listFromJson(type.asListType().elementType(), json);
      case MAP:
        List<Object> keys = listFromJson(type.asMapType().keyType(), json.get("keys"));
        List<Object> values = listFromJson(type.asMapType().valueType(), json.get("values"));
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
          map.put(keys.get(i), values.get(i));
        }
        return map;
      default:
        return GenericDataUtil.internalToGeneric(type, SingleValueParser.fromJson(type, json));
    }
  }

  private static List<Object> listFromJson(Type type, JsonNode json) {
    List<Object> list = new ArrayList<>();
    json.forEach(element -> list.add(fromJson(type, element)));
    return list;
  }

  /** Accepts internal values too: Java hands out those of some partition columns unconverted. */
  private static Object genericToInternal(Type type, Object value) {
    if (value instanceof LocalDate date) {
      return DateTimeUtil.daysFromDate(date);
    }
    if (value instanceof LocalTime time) {
      return DateTimeUtil.microsFromTime(time);
    }
    boolean nanos = type.typeId() == Type.TypeID.TIMESTAMP_NANO;
    if (value instanceof LocalDateTime timestamp) {
      return nanos
          ? DateTimeUtil.nanosFromTimestamp(timestamp)
          : DateTimeUtil.microsFromTimestamp(timestamp);
    }
    if (value instanceof OffsetDateTime timestamp) {
      return nanos
          ? DateTimeUtil.nanosFromTimestamptz(timestamp)
          : DateTimeUtil.microsFromTimestamptz(timestamp);
    }
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (type.typeId() == Type.TypeID.LONG && value instanceof Integer number) {
      return number.longValue();
    }
    return value;
  }

  private Values() {}
}
