package evodb.oracle.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import evodb.oracle.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.types.Type;

/** What values.json says of one type: the values of each file, and the literals that are worth asking for. */
final class TypeValues {
  private static final JsonNode ALL = read();

  private final Type type;
  private final List<List<JsonNode>> files = new ArrayList<>();
  private final Set<JsonNode> literals = new LinkedHashSet<>();

  /** A zoned timestamp has the values of the plain one. */
  TypeValues(Type type) {
    this.type = type;
    String name = type.toString().replace(" ", "");
    boolean zoned = name.startsWith("timestamptz");
    JsonNode values = ALL.get(zoned ? name.replace("tz", "") : name);
    for (JsonNode file : values.get("files")) {
      List<JsonNode> row = new ArrayList<>();
      file.forEach(value -> row.add(zoned ? withZone(value) : value));
      files.add(row);
    }
    values.get("more_literals").forEach(it -> literals.add(zoned ? withZone(it) : it));
  }

  List<List<JsonNode>> files() {
    return files;
  }

  /** The values themselves and their neighbours; NaN is none, since no comparison with it has a meaning. */
  ArrayNode literals() {
    Set<JsonNode> all = new LinkedHashSet<>();
    for (List<JsonNode> file : files) {
      for (JsonNode value : file) {
        if (!value.isNull() && !value.asText().equals("NaN")) {
          all.add(value);
          all.addAll(Neighbours.of(type, value));
        }
      }
    }
    all.addAll(literals);
    ArrayNode array = Json.array();
    all.forEach(array::add);
    return array;
  }

  private static JsonNode withZone(JsonNode value) {
    return value.isNull() ? value : JsonNodeFactory.instance.textNode(value.asText() + "+00:00");
  }

  private static JsonNode read() {
    try (InputStream stream = TypeValues.class.getResourceAsStream("values.json")) {
      return Json.MAPPER.readTree(stream);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
