package evodb.oracle.matrix;

import evodb.oracle.Json;
import evodb.oracle.RowWriter;
import evodb.oracle.Tables;
import evodb.oracle.Values;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;

/** Short ways of making a special table. */
final class Draft {
  /** Of most special tables; items() makes its rows. */
  static final Schema ITEMS =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "category", Types.StringType.get()),
          Types.NestedField.optional(3, "price", Types.DoubleType.get()),
          Types.NestedField.optional(4, "day", Types.DateType.get()));

  static final PartitionSpec BY_CATEGORY =
      PartitionSpec.builderFor(ITEMS).identity("category").build();

  static final PartitionSpec BY_NOTHING = PartitionSpec.unpartitioned();

  private final String location;

  Draft(String location) {
    this.location = location;
  }

  String location() {
    return location;
  }

  /** Properties are keys and values by turns. */
  Table create(int formatVersion, Schema schema, PartitionSpec spec, String... properties) {
    return create(formatVersion, schema, spec, SortOrder.unsorted(), properties);
  }

  Table create(
      int formatVersion, Schema schema, PartitionSpec spec, SortOrder order, String... properties) {
    Map<String, String> map = new HashMap<>();
    map.put(TableProperties.FORMAT_VERSION, String.valueOf(formatVersion));
    for (int i = 0; i < properties.length; i += 2) {
      map.put(properties[i], properties[i + 1]);
    }
    return Tables.HADOOP.create(schema, spec, order, map, location);
  }

  /** The items `first` to `last`: categories c0, c1, c2 by turns, 1.5 more price and a day more each. */
  static String[] items(int first, int last) {
    List<String> rows = new ArrayList<>();
    for (int id = first; id <= last; id++) {
      rows.add(
          "{\"id\":%d,\"category\":\"c%d\",\"price\":%s,\"day\":\"%s\"}"
              .formatted(id, id % 3, id * 1.5, LocalDate.of(2020, 1, 1).plusDays(id)));
    }
    return rows.toArray(String[]::new);
  }

  /** Files of rows given as JSON, not yet committed. */
  static List<DataFile> files(Table table, String... rows) throws IOException {
    List<Record> records = new ArrayList<>();
    for (String row : rows) {
      records.add(Values.rowFromJson(table.schema(), Json.parse(row)));
    }
    return new RowWriter(table).write(records);
  }

  /** A commit of its own, whose manifest is kept as it is. */
  static List<DataFile> append(Table table, String... rows) throws IOException {
    List<DataFile> files = files(table, rows);
    AppendFiles append = table.newFastAppend();
    files.forEach(append::appendFile);
    append.commit();
    return files;
  }
}
