package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;

/** Which files Java would read for a filter. */
final class Plan {
  static JsonNode plan(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    TableScan scan = Tables.scan(table, request).includeColumnStats();
    if (request.has("filter")) {
      scan = scan.filter(Filters.parse(request.get("filter"), scan.schema()));
    }
    ObjectNode answer = Json.object();
    ArrayNode files = answer.putArray("files");
    for (FileScanTask task : tasks(scan)) {
      files.add(describe(task));
    }
    return answer;
  }

  /** Only the paths, but of many filters at once. A filter that Java refuses has an error in the place of its plan. */
  static JsonNode plans(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    TableScan scan = Tables.scan(table, request);
    ObjectNode answer = Json.object();
    ArrayNode plans = answer.putArray("plans");
    for (JsonNode filter : request.get("filters")) {
      ObjectNode plan = plans.addObject();
      try {
        List<FileScanTask> tasks = tasks(scan.filter(Filters.parse(filter, scan.schema())));
        ArrayNode files = plan.putArray("files");
        tasks.forEach(task -> files.add(task.file().location()));
      } catch (RuntimeException refused) {
        plan.removeAll();
        plan.putObject("error")
            .put("class", refused.getClass().getName())
            .put("message", refused.getMessage());
      }
    }
    return answer;
  }

  /** By path, because Java's own order is that in which its threads end. */
  static List<FileScanTask> tasks(TableScan scan) throws IOException {
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
      planned.forEach(tasks::add);
    }
    tasks.sort(Comparator.comparing(task -> task.file().location()));
    return tasks;
  }

  private static ObjectNode describe(FileScanTask task) {
    ObjectNode json = file(task.file());
    json.put("partition_path", task.spec().partitionToPath(task.partition()))
        .put("residual", task.residual().toString());
    ArrayNode deletes = json.putArray("deletes");
    for (DeleteFile delete : task.deletes()) {
      ArrayNode equalityIds = null;
      if (delete.equalityFieldIds() != null) {
        equalityIds = Json.array();
        delete.equalityFieldIds().forEach(equalityIds::add);
      }
      deletes
          .add(
              file(delete)
                  .put("content", delete.content().name().toLowerCase(Locale.ROOT))
                  .put("referenced_data_file", delete.referencedDataFile())
                  .put("content_offset", delete.contentOffset())
                  .put("content_size_in_bytes", delete.contentSizeInBytes())
                  .set("equality_ids", equalityIds));
    }
    return json;
  }

  private static ObjectNode file(ContentFile<?> file) {
    ObjectNode json =
        Json.object()
            .put("file_path", file.location())
            .put("file_format", file.format().name().toLowerCase(Locale.ROOT))
            .put("record_count", file.recordCount())
            .put("file_size_in_bytes", file.fileSizeInBytes())
            .put("spec_id", file.specId())
            .put("sort_order_id", file.sortOrderId())
            .put("data_sequence_number", file.dataSequenceNumber())
            .put("file_sequence_number", file.fileSequenceNumber())
            .put("first_row_id", file.firstRowId());
    json.set("column_sizes", Json.countsByFieldId(file.columnSizes()));
    json.set("value_counts", Json.countsByFieldId(file.valueCounts()));
    json.set("null_value_counts", Json.countsByFieldId(file.nullValueCounts()));
    json.set("nan_value_counts", Json.countsByFieldId(file.nanValueCounts()));
    json.set("lower_bounds", Json.boundsByFieldId(file.lowerBounds()));
    json.set("upper_bounds", Json.boundsByFieldId(file.upperBounds()));
    if (file.splitOffsets() == null) {
      return json.putNull("split_offsets");
    }
    ArrayNode offsets = json.putArray("split_offsets");
    file.splitOffsets().forEach(offsets::add);
    return json;
  }

  private Plan() {}
}
