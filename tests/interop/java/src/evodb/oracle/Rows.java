package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.GenericDataUtil;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.util.PartitionUtil;

/** The rows themselves. */
final class Rows {
  static JsonNode rows(JsonNode request) throws IOException {
    ObjectNode answer = Json.object();
    ArrayNode rows = answer.putArray("rows");
    try (CloseableIterable<Record> records = read(request)) {
      records.forEach(record -> rows.add(Values.rowToJson(record.struct(), record)));
    }
    return answer;
  }

  static JsonNode count(JsonNode request) throws IOException {
    long count = 0;
    try (CloseableIterable<Record> records = read(request)) {
      for (Record record : records) {
        count++;
      }
    }
    return Json.object().put("count", count);
  }

  private static CloseableIterable<Record> read(JsonNode request) {
    Table table = Tables.load(request);
    TableScan scan = Tables.scan(table, request);
    IcebergGenerics.ScanBuilder builder = IcebergGenerics.read(table);
    if (request.hasNonNull("snapshot_id")) {
      builder.useSnapshot(request.get("snapshot_id").asLong());
    }
    if (request.hasNonNull("as_of_ms")) {
      builder.asOfTime(request.get("as_of_ms").asLong());
    }
    if (!Tables.caseSensitive(request)) {
      builder.caseInsensitive();
    }
    if (request.has("filter")) {
      builder.where(Filters.parse(request.get("filter"), scan.schema()));
    }
    return builder.build();
  }

  static JsonNode fileRows(JsonNode request) throws IOException {
    Table table = Tables.load(request);
    TableScan scan = Tables.scan(table, request);
    Set<String> wanted = request.has("files") ? new HashSet<>(Json.texts(request.get("files"))) : null;
    ObjectNode answer = Json.object();
    ArrayNode files = answer.putArray("files");
    for (FileScanTask task : Plan.tasks(scan)) {
      if (wanted == null || wanted.contains(task.file().location())) {
        ObjectNode file = files.addObject().put("file_path", task.file().location());
        ArrayNode rows = file.putArray("rows");
        try (CloseableIterable<Record> records = readFile(table, task, scan.schema())) {
          records.forEach(record -> rows.add(Values.rowToJson(record.struct(), record)));
        }
      }
    }
    return answer;
  }

  /** All rows that lie in one file, in their order: neither filter nor deletes are applied. */
  static CloseableIterable<Record> readFile(Table table, FileScanTask task, Schema schema) {
    Map<Integer, ?> constants =
        PartitionUtil.constantsMap(task, GenericDataUtil::internalToGeneric);
    ReadBuilder<Record, ?> builder =
        FormatModelRegistry.readBuilder(
            task.file().format(), Record.class, table.io().newInputFile(task.file()));
    // IcebergGenerics passes over the mapping and takes the columns of files without field ids by their position.
    String mapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    if (mapping != null) {
      builder.withNameMapping(NameMappingParser.fromJson(mapping));
    }
    return builder.project(schema).idToConstant(constants).build();
  }

  private Rows() {}
}
