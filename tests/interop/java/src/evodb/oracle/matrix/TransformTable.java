package evodb.oracle.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evodb.oracle.Json;
import evodb.oracle.RowWriter;
import evodb.oracle.Tables;
import evodb.oracle.Values;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SingleValueParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** A table whose column v has one type and is partitioned by one transform, or by none. */
record TransformTable(int formatVersion, String type, String transform) {
  private static final String NONE = "none";

  private static final List<String> TYPES =
      List.of(
          "boolean",
          "int",
          "long",
          "float",
          "double",
          "decimal(9,2)",
          "decimal(18,4)",
          "decimal(38,10)",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "string",
          "uuid",
          "fixed[5]",
          "binary");

  /** Those with types of version 3, and some others, because version 3 writes other manifests. */
  private static final List<String> TYPES_OF_VERSION_3 =
      List.of(
          "timestamp_ns",
          "timestamptz_ns",
          "int",
          "double",
          "decimal(18,4)",
          "date",
          "timestamptz",
          "string");

  static List<TransformTable> all() {
    List<TransformTable> tables = new ArrayList<>();
    TYPES.forEach(it -> transforms(it).forEach(by -> tables.add(new TransformTable(2, it, by))));
    TYPES_OF_VERSION_3.forEach(
        it -> transforms(it).forEach(by -> tables.add(new TransformTable(3, it, by))));
    return tables;
  }

  private static List<String> transforms(String type) {
    switch (type) {
      case "boolean":
      case "float":
      case "double":
        return List.of(NONE, "identity", "void");
      case "int":
        return List.of(NONE, "identity", "bucket[4]", "truncate[10]", "void");
      case "long":
        return List.of(NONE, "identity", "bucket[4]", "bucket[16]", "truncate[10]", "void");
      case "decimal(9,2)":
      case "decimal(18,4)":
      case "decimal(38,10)":
        return List.of(NONE, "identity", "bucket[4]", "truncate[50]", "void");
      case "date":
        return List.of(NONE, "identity", "bucket[4]", "year", "month", "day", "void");
      case "time":
      case "uuid":
        return List.of(NONE, "identity", "bucket[4]", "void");
      case "string":
        return List.of(NONE, "identity", "bucket[4]", "bucket[16]", "truncate[3]", "void");
      case "fixed[5]":
        return List.of(NONE, "bucket[4]", "void");
      case "binary":
        return List.of(NONE, "identity", "bucket[4]", "truncate[2]", "void");
      default:
        return List.of(NONE, "identity", "bucket[4]", "year", "month", "day", "hour", "void");
    }
  }

  String name() {
    String text = "v" + formatVersion + "-" + type + "-" + transform;
    return text.replaceAll("[(,\\[]", "_").replaceAll("[)\\]]", "");
  }

  ObjectNode write(String folder, ArrayNode skipped) throws IOException {
    Type valueType = Types.fromPrimitiveString(type);
    TypeValues values = new TypeValues(valueType);
    Schema schema =
        new Schema(
            Types.NestedField.required(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "v", valueType),
            Types.NestedField.optional(3, "pad", Types.StringType.get()));
    String location = folder + "/" + name();
    Map<String, String> properties =
        Map.of(TableProperties.FORMAT_VERSION, String.valueOf(formatVersion));
    Table table = Tables.HADOOP.create(schema, spec(schema), null, properties, location);

    // Two commits, so that there are two manifests to choose from.
    RowWriter writer = new RowWriter(table);
    AppendFiles append = table.newFastAppend();
    int files = 0;
    int rows = 0;
    for (int i = 0; i < values.files().size(); i++) {
      if (i == values.files().size() / 2) {
        append.commit();
        append = table.newFastAppend();
      }
      List<Record> records = new ArrayList<>();
      for (JsonNode value : values.files().get(i)) {
        if (isPartitionRepresentable(valueType, value)) {
          GenericRecord record = GenericRecord.create(schema);
          record.setField("id", (long) rows++);
          record.setField("v", Values.fromJson(valueType, value));
          record.setField("pad", "group " + i);
          records.add(record);
        } else {
          WriteMatrix.skip(skipped, name() + ": " + value.asText(), "its partition is out of range");
        }
      }
      for (DataFile file : writer.write(records)) {
        append.appendFile(file);
        files++;
      }
    }
    append.commit();

    ObjectNode entry =
        Json.object()
            .put("name", name())
            .put("path", location)
            .put("format_version", formatVersion)
            .put("type", type)
            .put("transform", transform)
            .put("column", "v")
            .put("files", files)
            .put("rows", rows);
    entry.set("literals", values.literals());
    return entry;
  }

  private PartitionSpec spec(Schema schema) {
    if (transform.equals(NONE)) {
      return PartitionSpec.unpartitioned();
    }
    String field = transform.equals("identity") ? "v" : "v_" + transform.replaceAll("\\W.*", "");
    ObjectNode json = Json.object().put("spec-id", 0);
    json.putArray("fields")
        .addObject()
        .put("source-id", 2)
        .put("field-id", 1000)
        .put("name", field)
        .put("transform", transform);
    return PartitionSpecParser.fromJson(schema, json);
  }

  /** Truncation goes towards smaller values, near the lower end out of the type; ints wrap around. */
  private boolean isPartitionRepresentable(Type valueType, JsonNode json) {
    if (!transform.startsWith("truncate") || json.isNull()) {
      return true;
    }
    Object value = SingleValueParser.fromJson(valueType, json);
    Object partition = applyTransform(valueType, value);
    switch (valueType.typeId()) {
      case INTEGER:
        return (Integer) partition <= (Integer) value;
      case LONG:
        return (Long) partition <= (Long) value;
      case DECIMAL:
        int precision = ((Types.DecimalType) valueType).precision();
        return ((BigDecimal) partition).precision() <= precision;
      default:
        return true;
    }
  }

  @SuppressWarnings("unchecked")
  private Object applyTransform(Type valueType, Object value) {
    return ((Transform<Object, Object>) Transforms.fromString(transform)).bind(valueType).apply(value);
  }
}
