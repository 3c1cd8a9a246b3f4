package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** What a snapshot's manifest list says. */
final class Manifests {
  static JsonNode list(JsonNode request) {
    Table table = Tables.load(request);
    Snapshot snapshot =
        request.hasNonNull("snapshot_id")
            ? table.snapshot(request.get("snapshot_id").asLong())
            : table.currentSnapshot();
    ObjectNode answer = Json.object();
    ArrayNode manifests = answer.putArray("manifests");
    if (snapshot != null) {
      snapshot.allManifests(table.io()).forEach(manifest -> manifests.add(manifest(manifest)));
    }
    return answer;
  }

  private static ObjectNode manifest(ManifestFile manifest) {
    ObjectNode json =
        Json.object()
            .put("path", manifest.path())
            .put("length", manifest.length())
            .put("spec_id", manifest.partitionSpecId())
            .put("content", manifest.content().name().toLowerCase(Locale.ROOT))
            .put("sequence_number", manifest.sequenceNumber())
            .put("min_sequence_number", manifest.minSequenceNumber())
            .put("snapshot_id", manifest.snapshotId())
            .put("added_files", manifest.addedFilesCount())
            .put("existing_files", manifest.existingFilesCount())
            .put("deleted_files", manifest.deletedFilesCount())
            .put("added_rows", manifest.addedRowsCount())
            .put("existing_rows", manifest.existingRowsCount())
            .put("deleted_rows", manifest.deletedRowsCount())
            .put("first_row_id", manifest.firstRowId());
    if (manifest.partitions() == null) {
      return json.putNull("partitions");
    }
    ArrayNode partitions = json.putArray("partitions");
    for (ManifestFile.PartitionFieldSummary summary : manifest.partitions()) {
      partitions
          .addObject()
          .put("contains_null", summary.containsNull())
          .put("contains_nan", summary.containsNaN())
          .put("lower", Json.hex(summary.lowerBound()))
          .put("upper", Json.hex(summary.upperBound()));
    }
    return json;
  }

  private Manifests() {}
}
