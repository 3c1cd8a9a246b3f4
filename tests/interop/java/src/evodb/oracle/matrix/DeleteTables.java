package evodb.oracle.matrix;

import static evodb.oracle.matrix.Draft.BY_CATEGORY;
import static evodb.oracle.matrix.Draft.BY_NOTHING;
import static evodb.oracle.matrix.Draft.ITEMS;
import static evodb.oracle.matrix.Draft.append;
import static evodb.oracle.matrix.Draft.items;

import evodb.oracle.Deletes;
import evodb.oracle.Json;
import evodb.oracle.Values;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.CloseableIterable;

/** Deletes that a reader must merge. */
final class DeleteTables {
  private static final String FILTER = Filter.of("lt", "id", "4");

  static final List<SpecialTable> ALL =
      List.of(
          SpecialTable.of(
              "v2-position-deletes",
              "rows deleted by position",
              draft -> byPosition(draft.create(2, ITEMS, BY_NOTHING)),
              FILTER),
          SpecialTable.of(
              "v2-position-deletes-partitioned",
              "rows deleted by position, in a partition",
              draft -> byPosition(draft.create(2, ITEMS, BY_CATEGORY)),
              FILTER),
          SpecialTable.of(
              "v2-equality-deletes", "rows deleted by equality", DeleteTables::byEquality, FILTER),
          SpecialTable.of(
              "v3-deletion-vectors",
              "rows deleted by a deletion vector",
              draft -> byPosition(draft.create(3, ITEMS, BY_CATEGORY)),
              FILTER),
          SpecialTable.of(
              "v2-to-v3-position-deletes",
              "a position delete file in a table that was upgraded since",
              DeleteTables::upgraded,
              FILTER));

  private static void byPosition(Table table) throws IOException {
    append(table, items(1, 6));
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      FileScanTask first = tasks.iterator().next();
      append(table, items(7, 9));
      Deletes.commit(table, List.of(Deletes.byPosition(table, first, List.of(0L))));
    }
  }

  private static void byEquality(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, PartitionSpec.unpartitioned());
    append(table, items(1, 6));
    Schema columns = table.schema().select("category");
    Deletes.commit(
        table,
        List.of(
            Deletes.byEquality(
                table,
                columns,
                List.of(Values.rowFromJson(columns, Json.parse("{\"category\":\"c1\"}"))),
                null)));
    append(table, items(7, 9));
  }

  private static void upgraded(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    byPosition(table);
    TableOperations operations = ((HasTableOperations) table).operations();
    operations.commit(operations.current(), operations.current().upgradeToFormatVersion(3));
  }

  private DeleteTables() {}
}
