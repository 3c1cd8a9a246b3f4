package evodb.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.util.ByteBuffers;

/** Reading requests and building answers. */
public final class Json {
  public static final ObjectMapper MAPPER = new ObjectMapper();

  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The text at `key`, which must be there. */
  public static String text(JsonNode request, String key) {
    JsonNode value = request.get(key);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("the request needs a text \"" + key + "\"");
    }
    return value.textValue();
  }

  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  public static Map<String, String> textMap(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  public static ObjectNode fromTextMap(Map<String, String> map) {
    ObjectNode object = object();
    new TreeMap<>(map).forEach(object::put);
    return object;
  }

  public static String hex(ByteBuffer bytes) {
    return bytes == null ? null : HexFormat.of().formatHex(ByteBuffers.toByteArray(bytes));
  }

  /** Null where the metadata has no such map. */
  public static ObjectNode countsByFieldId(Map<Integer, Long> counts) {
    if (counts == null) {
      return null;
    }
    ObjectNode object = object();
    new TreeMap<>(counts).forEach((id, count) -> object.put(id.toString(), count));
    return object;
  }

  /** Null where the metadata has no such map. */
  public static ObjectNode boundsByFieldId(Map<Integer, ByteBuffer> bounds) {
    if (bounds == null) {
      return null;
    }
    ObjectNode object = object();
    new TreeMap<>(bounds).forEach((id, bound) -> object.put(id.toString(), hex(bound)));
    return object;
  }

  private Json() {}
}
