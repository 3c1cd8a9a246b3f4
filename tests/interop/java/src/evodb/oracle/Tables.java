package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.hadoop.HadoopTables;

/** Tables by their folder, or as one metadata file has them. */
public final class Tables {
  public static final HadoopTables HADOOP = new HadoopTables(configuration());

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", LocalFiles.class.getName());
    return configuration;
  }

  /** Loads at each request, like any other process. */
  public static Table load(JsonNode request) {
    String key = request.has("metadata") ? "metadata" : "table";
    return HADOOP.load(Json.text(request, key));
  }

  public static TableMetadata metadata(Table table) {
    return ((HasTableOperations) table).operations().current();
  }

  /** The scan of a request without its filter. */
  public static TableScan scan(Table table, JsonNode request) {
    TableScan scan = table.newScan().caseSensitive(caseSensitive(request));
    if (request.hasNonNull("snapshot_id")) {
      scan = scan.useSnapshot(request.get("snapshot_id").asLong());
    }
    if (request.hasNonNull("as_of_ms")) {
      scan = scan.asOfTime(request.get("as_of_ms").asLong());
    }
    return scan;
  }

  public static boolean caseSensitive(JsonNode request) {
    return !request.has("case_sensitive") || request.get("case_sensitive").asBoolean();
  }

  private Tables() {}
}
