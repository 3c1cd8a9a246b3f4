package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRefParser;
import org.apache.iceberg.SortOrderParser;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/** What the table's metadata says. */
final class Describe {
  static JsonNode open(JsonNode request) {
    TableMetadata metadata = Tables.metadata(Tables.load(request));
    return Json.object()
        .put("uuid", metadata.uuid())
        .put("format_version", metadata.formatVersion())
        .put("current_snapshot_id", currentSnapshotId(metadata))
        .put("metadata_file", metadata.metadataFileLocation());
  }

  static JsonNode describe(JsonNode request) {
    TableMetadata metadata = Tables.metadata(Tables.load(request));
    ObjectNode answer =
        Json.object()
            .put("format_version", metadata.formatVersion())
            .put("uuid", metadata.uuid())
            .put("location", metadata.location())
            .put("metadata_file", metadata.metadataFileLocation())
            .put("current_snapshot_id", currentSnapshotId(metadata))
            .put("last_sequence_number", metadata.lastSequenceNumber())
            .put("last_updated_ms", metadata.lastUpdatedMillis())
            .put("last_column_id", metadata.lastColumnId())
            .put("last_partition_id", metadata.lastAssignedPartitionId())
            .put("default_spec_id", metadata.defaultSpecId())
            .put("default_sort_order_id", metadata.defaultSortOrderId())
            .put("next_row_id", metadata.formatVersion() < 3 ? null : metadata.nextRowId());
    answer.set("schema", Json.parse(SchemaParser.toJson(metadata.schema())));
    ArrayNode schemas = answer.putArray("schemas");
    metadata.schemas().forEach(it -> schemas.add(Json.parse(SchemaParser.toJson(it))));
    ArrayNode specs = answer.putArray("specs");
    metadata.specs().forEach(it -> specs.add(Json.parse(PartitionSpecParser.toJson(it))));
    ArrayNode orders = answer.putArray("sort_orders");
    metadata.sortOrders().forEach(it -> orders.add(Json.parse(SortOrderParser.toJson(it))));
    answer.set("properties", Json.fromTextMap(metadata.properties()));
    ObjectNode refs = answer.putObject("refs");
    metadata.refs().forEach((name, it) -> refs.set(name, Json.parse(SnapshotRefParser.toJson(it))));
    ArrayNode snapshots = answer.putArray("snapshots");
    metadata.snapshots().forEach(it -> snapshots.add(snapshot(it)));
    ArrayNode log = answer.putArray("snapshot_log");
    for (HistoryEntry entry : metadata.snapshotLog()) {
      log.addObject()
          .put("timestamp_ms", entry.timestampMillis())
          .put("snapshot_id", entry.snapshotId());
    }
    ArrayNode previous = answer.putArray("metadata_log");
    for (TableMetadata.MetadataLogEntry entry : metadata.previousFiles()) {
      previous.addObject().put("timestamp_ms", entry.timestampMillis()).put("file", entry.file());
    }
    // The same once more, in the specification's own JSON as Java writes it.
    answer.set("metadata", Json.parse(TableMetadataParser.toJson(metadata)));
    return answer;
  }

  private static Long currentSnapshotId(TableMetadata metadata) {
    return metadata.currentSnapshot() == null ? null : metadata.currentSnapshot().snapshotId();
  }

  private static ObjectNode snapshot(Snapshot snapshot) {
    ObjectNode json =
        Json.object()
            .put("snapshot_id", snapshot.snapshotId())
            .put("parent_snapshot_id", snapshot.parentId())
            .put("sequence_number", snapshot.sequenceNumber())
            .put("timestamp_ms", snapshot.timestampMillis())
            .put("operation", snapshot.operation())
            .put("schema_id", snapshot.schemaId())
            .put("manifest_list", snapshot.manifestListLocation())
            .put("first_row_id", snapshot.firstRowId())
            .put("added_rows", snapshot.addedRows());
    if (snapshot.summary() != null) {
      json.set("summary", Json.fromTextMap(snapshot.summary()));
    }
    return json;
  }

  private Describe() {}
}
