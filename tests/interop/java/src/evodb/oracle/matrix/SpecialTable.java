package evodb.oracle.matrix;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evodb.oracle.Json;
import evodb.oracle.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** A table with one peculiarity, and filters (as JSON) that meet it. */
record SpecialTable(String name, String about, Writer writer, List<String> filters) {
  interface Writer {
    void write(Draft draft) throws IOException;
  }

  static SpecialTable of(String name, String about, Writer writer, String... filters) {
    return new SpecialTable(name, about, writer, List.of(filters));
  }

  static List<SpecialTable> all() {
    List<SpecialTable> all = new ArrayList<>();
    all.addAll(LayoutTables.ALL);
    all.addAll(SchemaTables.ALL);
    all.addAll(HistoryTables.ALL);
    all.addAll(DeleteTables.ALL);
    return all;
  }

  ObjectNode write(String folder) throws IOException {
    String location = folder + "/" + name;
    writer.write(new Draft(location));
    Table table = Tables.HADOOP.load(location);
    TableMetadata metadata = Tables.metadata(table);
    boolean hasDeletes =
        table.currentSnapshot() != null
            && !table.currentSnapshot().deleteManifests(table.io()).isEmpty();
    ObjectNode entry =
        Json.object()
            .put("name", name)
            .put("path", location)
            .put("format_version", metadata.formatVersion())
            .put("about", about)
            .put("snapshots", metadata.snapshots().size())
            .put("has_deletes", hasDeletes);
    ArrayNode array = entry.putArray("filters");
    filters.forEach(filter -> array.add(Json.parse(filter)));
    return entry;
  }
}
