package evodb.oracle.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evodb.oracle.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the tables of every type and transform, the special ones, and matrix.json, which lists them all. */
public final class WriteMatrix {
  public static JsonNode write(JsonNode request) throws IOException {
    String folder = Json.text(request, "dir");
    List<String> only = request.has("only") ? Json.texts(request.get("only")) : List.of("");
    ObjectNode answer = Json.object();
    ArrayNode tables = answer.putArray("tables");
    ArrayNode special = answer.putArray("special");
    ArrayNode skipped = answer.putArray("skipped");
    skip(
        skipped,
        "fixed[5] by identity",
        "Java writes such partitions wrongly and cannot read them back");
    skip(skipped, "date to timestamp", "Java does not promote a date yet");
    for (TransformTable table : TransformTable.all()) {
      if (isWanted(table.name(), only)) {
        tables.add(table.write(folder, skipped));
      }
    }
    for (SpecialTable table : SpecialTable.all()) {
      if (isWanted(table.name(), only)) {
        special.add(table.write(folder));
      }
    }
    Path path = Path.of(folder.startsWith("file:") ? URI.create(folder).getPath() : folder);
    Files.createDirectories(path);
    Json.MAPPER
        .writerWithDefaultPrettyPrinter()
        .writeValue(path.resolve("matrix.json").toFile(), answer);
    return answer;
  }

  static void skip(ArrayNode skipped, String what, String reason) {
    skipped.addObject().put("what", what).put("reason", reason);
  }

  private static boolean isWanted(String name, List<String> prefixes) {
    return prefixes.stream().anyMatch(name::startsWith);
  }

  private WriteMatrix() {}
}
