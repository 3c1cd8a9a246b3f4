package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.SortOrderParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;

/** Java as the other writer of a table. */
final class Changes {
  /** Java renumbers the fields in their order, beginning with the top level. */
  static JsonNode create(JsonNode request) {
    Schema schema = SchemaParser.fromJson(request.get("schema"));
    PartitionSpec spec =
        request.hasNonNull("spec")
            ? PartitionSpecParser.fromJson(schema, request.get("spec"))
            : PartitionSpec.unpartitioned();
    SortOrder order =
        request.hasNonNull("sort_order")
            ? SortOrderParser.fromJson(schema, request.get("sort_order"))
            : SortOrder.unsorted();
    Map<String, String> properties = new HashMap<>();
    if (request.hasNonNull("properties")) {
      properties.putAll(Json.textMap(request.get("properties")));
    }
    if (request.hasNonNull("format_version")) {
      properties.put(TableProperties.FORMAT_VERSION, request.get("format_version").asText());
    }
    String location = Json.text(request, "table");
    return state(Tables.HADOOP.create(schema, spec, order, properties, location));
  }

  /** Any change of a table's files, as Mutation has it. */
  static JsonNode mutate(JsonNode request) {
    Table table = Tables.load(request);
    Mutation mutation = new Mutation(table, request);
    mutation.begin().commit();
    ObjectNode answer = state(table);
    ArrayNode paths = answer.putArray("files");
    mutation.added().forEach(file -> paths.add(file.location()));
    return answer;
  }

  static JsonNode append(JsonNode request) {
    return mutate(((ObjectNode) request).put("operation", "append"));
  }

  static JsonNode evolve(JsonNode request) {
    Table table = Tables.load(request);
    Evolution.apply(table, request.get("changes"));
    return state(table);
  }

  static JsonNode expire(JsonNode request) {
    Table table = Tables.load(request);
    ExpireSnapshots expire = table.expireSnapshots();
    if (request.hasNonNull("older_than_ms")) {
      expire.expireOlderThan(request.get("older_than_ms").asLong());
    }
    if (request.hasNonNull("retain_last")) {
      expire.retainLast(request.get("retain_last").asInt());
    }
    if (request.hasNonNull("snapshot_ids")) {
      request.get("snapshot_ids").forEach(id -> expire.expireSnapshotId(id.asLong()));
    }
    boolean deleteFiles = request.path("delete_files").asBoolean(true);
    expire
        .cleanupLevel(
            deleteFiles ? ExpireSnapshots.CleanupLevel.ALL : ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    return state(table);
  }

  private static ObjectNode state(Table table) {
    TableMetadata metadata = Tables.metadata(table);
    return Json.object()
        .put(
            "snapshot_id",
            metadata.currentSnapshot() == null ? null : metadata.currentSnapshot().snapshotId())
        .put("metadata_file", metadata.metadataFileLocation());
  }

  private Changes() {}
}
