package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Parquet files of any layout, older ones too: "schema" is Parquet's own text ("message m { optional int32 a (UINT_8) =
 * 1; }"), each of "rows" an object by Parquet's field names. Repeated fields are arrays; byte arrays are texts, or
 * {"hex": …}; an int96 is [julian day, nanoseconds].
 */
final class ParquetFiles {
  static JsonNode write(JsonNode request) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(Json.text(request, "schema"));
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    LocalOutputFile file = new LocalOutputFile(Path.of(Json.text(request, "path")));
    try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(file).withType(schema).build()) {
      for (JsonNode row : request.get("rows")) {
        writer.write(fill(groups.newGroup(), schema, row));
      }
    }
    return Json.object();
  }

  private static Group fill(Group group, GroupType type, JsonNode row) {
    for (Type field : type.getFields()) {
      JsonNode value = row.get(field.getName());
      if (value == null || value.isNull()) {
        continue;
      }
      if (field.isRepetition(Type.Repetition.REPEATED)) {
        value.forEach(one -> add(group, field, one));
      } else {
        add(group, field, value);
      }
    }
    return group;
  }

  private static void add(Group group, Type field, JsonNode value) {
    String name = field.getName();
    if (!field.isPrimitive()) {
      fill(group.addGroup(name), field.asGroupType(), value);
      return;
    }
    PrimitiveType.PrimitiveTypeName physical = field.asPrimitiveType().getPrimitiveTypeName();
    switch (physical) {
      case BOOLEAN -> group.add(name, value.booleanValue());
      case INT32 -> group.add(name, value.intValue());
      case INT64 -> group.add(name, value.longValue());
      case INT96 -> group.add(name, new NanoTime(value.get(0).intValue(), value.get(1).longValue()));
      case FLOAT -> group.add(name, value.floatValue());
      case DOUBLE -> group.add(name, value.doubleValue());
      case BINARY, FIXED_LEN_BYTE_ARRAY -> group.add(name, bytes(value));
    }
  }

  private static Binary bytes(JsonNode value) {
    return value.isTextual()
        ? Binary.fromString(value.textValue())
        : Binary.fromConstantByteArray(HexFormat.of().parseHex(value.get("hex").textValue()));
  }

  private ParquetFiles() {}
}
