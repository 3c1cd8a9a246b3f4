package evodb.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.PendingUpdate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What becomes of one change when another is committed between its beginning and its commit. The tables are in memory, and
 * each pair has its own, which starts as the same metadata file: files of others are never in the way.
 */
final class Conflicts {
  private static final Namespace NAMESPACE = Namespace.of("conflicts");

  private final InMemoryCatalog catalog;
  private final String base;

  static JsonNode outcomes(JsonNode request) throws IOException {
    try (InMemoryCatalog catalog = new InMemoryCatalog()) {
      catalog.initialize("conflicts", Map.of());
      catalog.createNamespace(NAMESPACE);
      Conflicts conflicts = new Conflicts(catalog, request);
      ObjectNode answer = Json.object();
      ArrayNode outcomes = answer.putArray("outcomes");
      for (JsonNode cell : request.get("cells")) {
        outcomes.add(conflicts.outcome(cell.get("operation"), cell.get("concurrent")));
      }
      return answer;
    }
  }

  private Conflicts(InMemoryCatalog catalog, JsonNode request) {
    this.catalog = catalog;
    Schema schema = SchemaParser.fromJson(request.get("schema"));
    PartitionSpec spec =
        request.hasNonNull("spec")
            ? PartitionSpecParser.fromJson(schema, request.get("spec"))
            : PartitionSpec.unpartitioned();
    Table table =
        catalog
            .buildTable(TableIdentifier.of(NAMESPACE, "base"), schema)
            .withPartitionSpec(spec)
            .withProperty(
                TableProperties.FORMAT_VERSION, request.get("format_version").asText())
            .create();
    request.get("base").forEach(mutation -> Mutation.begin(table, mutation).commit());
    base = Tables.metadata(table).metadataFileLocation();
  }

  private ObjectNode outcome(JsonNode operation, JsonNode concurrent) {
    TableIdentifier name = TableIdentifier.of(NAMESPACE, "raced");
    Table first = catalog.registerTable(name, base);
    Table second = catalog.loadTable(name);
    ObjectNode answer = Json.object();
    try {
      PendingUpdate<?> update = Mutation.begin(first, operation);
      Mutation.begin(second, concurrent).commit();
      commit(update, answer);
      describe(catalog.loadTable(name), operation, answer);
    } finally {
      catalog.dropTable(name, false);
    }
    return answer;
  }

  private static void commit(PendingUpdate<?> update, ObjectNode answer) {
    try {
      update.commit();
      answer.put("outcome", "ok").putNull("exception");
    } catch (ValidationException | CommitFailedException | IllegalArgumentException refused) {
      String message = refused.getMessage().lines().findFirst().orElse("");
      // A row delta says so of a history that is rolled back; any other wrong argument is the request's.
      if (refused instanceof IllegalArgumentException && !message.contains("is not an ancestor of")) {
        throw refused;
      }
      answer
          .put("outcome", "conflict")
          .put("exception", refused.getClass().getSimpleName() + ": " + message);
    }
  }

  /** The files of the branch that the change is for, and the table's columns. */
  private static void describe(Table table, JsonNode operation, ObjectNode answer) {
    Snapshot snapshot =
        operation.hasNonNull("branch")
            ? SnapshotUtil.latestSnapshot(table, operation.get("branch").asText())
            : table.currentSnapshot();
    paths(table, LiveFiles.data(table, snapshot), answer.putArray("live_data"));
    paths(table, LiveFiles.deletes(table, snapshot), answer.putArray("live_deletes"));
    ArrayNode columns = answer.putArray("columns");
    table.schema().columns().stream().map(Types.NestedField::name).forEach(columns::add);
  }

  private static void paths(Table table, List<? extends ContentFile<?>> files, ArrayNode paths) {
    files.stream()
        .map(file -> file.location().substring(table.location().length() + 1))
        .sorted()
        .forEach(paths::add);
  }
}
