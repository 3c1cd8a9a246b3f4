package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.SortOrderParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;

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

  static JsonNode append(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    List<DataFile> files = new ArrayList<>();
    if (request.has("rows")) {
      List<Record> rows = new ArrayList<>();
      request.get("rows").forEach(row -> rows.add(Values.rowFromJson(table.schema(), row)));
      files.addAll(new RowWriter(table).write(rows));
    }
    if (request.has("files")) {
      request.get("files").forEach(file -> files.add(dataFile(table, file)));
    }
    boolean fast = request.path("fast").asBoolean(false);
    AppendFiles append = fast ? table.newFastAppend() : table.newAppend();
    files.forEach(append::appendFile);
    if (request.hasNonNull("branch")) {
      append.toBranch(request.get("branch").asText());
    }
    append.commit();
    ObjectNode answer = state(table);
    ArrayNode paths = answer.putArray("files");
    files.forEach(file -> paths.add(file.location()));
    return answer;
  }

  /** A file with a record count is taken at its word and need not exist; of another the footer is read. */
  private static DataFile dataFile(Table table, JsonNode json) {
    DataFiles.Builder builder = DataFiles.builder(table.spec()).withFormat("parquet");
    String path = Json.text(json, "path");
    if (json.hasNonNull("partition_path")) {
      builder.withPartitionPath(json.get("partition_path").asText());
    }
    if (json.has("record_count")) {
      return builder
          .withPath(path)
          .withFileSizeInBytes(json.path("file_size_in_bytes").asLong(1000))
          .withMetrics(
              new Metrics(
                  json.get("record_count").asLong(),
                  counts(json.get("column_sizes")),
                  counts(json.get("value_counts")),
                  counts(json.get("null_value_counts")),
                  counts(json.get("nan_value_counts")),
                  bounds(json.get("lower_bounds")),
                  bounds(json.get("upper_bounds"))))
          .build();
    }
    InputFile file = table.io().newInputFile(path);
    return builder
        .withInputFile(file)
        .withMetrics(ParquetUtil.fileMetrics(file, MetricsConfig.forTable(table)))
        .build();
  }

  static Map<Integer, Long> counts(JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    Map<Integer, Long> counts = new HashMap<>();
    json.properties()
        .forEach(it -> counts.put(Integer.valueOf(it.getKey()), it.getValue().asLong()));
    return counts;
  }

  static Map<Integer, ByteBuffer> bounds(JsonNode json) {
    if (json == null || json.isNull()) {
      return null;
    }
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    for (Map.Entry<String, JsonNode> bound : json.properties()) {
      byte[] bytes = HexFormat.of().parseHex(bound.getValue().asText());
      bounds.put(Integer.valueOf(bound.getKey()), ByteBuffer.wrap(bytes));
    }
    return bounds;
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
