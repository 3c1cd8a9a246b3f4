package evodb.oracle.matrix;

import static evodb.oracle.matrix.Draft.BY_CATEGORY;
import static evodb.oracle.matrix.Draft.BY_NOTHING;
import static evodb.oracle.matrix.Draft.ITEMS;
import static evodb.oracle.matrix.Draft.append;
import static evodb.oracle.matrix.Draft.items;

import evodb.oracle.Tables;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;

/** Peculiar format versions, codecs, partitions and sort orders. */
final class LayoutTables {
  private static final String[] ITEM_FILTERS = {
    Filter.of("lt", "id", "4"),
    Filter.of("eq", "category", "\"c1\""),
    Filter.of("not-eq", "category", "\"c1\""),
    Filter.and(Filter.of("gt-eq", "id", "5"), Filter.in("category", "\"c0\"", "\"c2\"")),
    Filter.of("gt", "day", "\"2020-01-05\""),
    Filter.of("is-null", "category"),
  };

  static final List<SpecialTable> ALL =
      List.of(
          ofItems("v1-unpartitioned", "version 1", draft -> draft.create(1, ITEMS, BY_NOTHING)),
          ofItems(
              "v1-partitioned",
              "version 1, by identity",
              draft -> draft.create(1, ITEMS, BY_CATEGORY)),
          SpecialTable.of(
              "v1-void",
              "version 1, whose first partition field was removed",
              LayoutTables::removedField, ITEM_FILTERS),
          SpecialTable.of(
              "v1-to-v2",
              "upgraded to version 2 between two appends",
              draft -> upgraded(draft, 1, 2), ITEM_FILTERS),
          SpecialTable.of(
              "v2-to-v3",
              "upgraded to version 3 between two appends",
              draft -> upgraded(draft, 2, 3), ITEM_FILTERS),
          SpecialTable.of(
              "v1-to-v3",
              "upgraded from version 1 to 3",
              draft -> upgraded(draft, 1, 3), ITEM_FILTERS),
          codec("uncompressed"),
          codec("gzip"),
          codec("snappy"),
          codec("zstd"),
          ofItems(
              "v2-metadata-gzip",
              "metadata files v<N>.gz.metadata.json",
              draft -> draft.create(2, ITEMS, BY_CATEGORY, TableProperties.METADATA_COMPRESSION, "gzip")),
          ofItems(
              "v2-avro-files",
              "data files in Avro, which have no bounds",
              draft -> draft.create(2, ITEMS, BY_CATEGORY, TableProperties.DEFAULT_FILE_FORMAT, "avro")),
          SpecialTable.of(
              "v2-specs",
              "four partition specs, each with files",
              LayoutTables::specs, ITEM_FILTERS),
          ofItems("v2-three-fields", "one spec of three fields", LayoutTables::threeFields),
          ofItems(
              "v2-same-source",
              "one spec of three fields of one column",
              LayoutTables::sameSource),
          SpecialTable.of(
              "v2-odd-names",
              "partition fields whose names Avro does not allow",
              LayoutTables::oddNames,
              Filter.of("eq", "a b", "\"x y\""),
              Filter.of("eq", "1x", "7"),
              Filter.of("starts-with", "\u00fc.\u20ac", "\"ab\""),
              Filter.of("gt", "d-1", "3")),
          SpecialTable.of(
              "v2-no-metrics",
              "for plans only: files that do not exist, of which only the size and the number of rows are known",
              LayoutTables::withoutMetrics,
              ITEM_FILTERS),
          SpecialTable.of(
              "v2-sorted", "two sort orders, files of each", LayoutTables::sorted, ITEM_FILTERS));

  private interface Creator {
    Table create(Draft draft);
  }

  /** Two appends of items; the second has a null. */
  private static SpecialTable ofItems(String name, String about, Creator creator) {
    return SpecialTable.of(
        name,
        about,
        draft -> {
          Table table = creator.create(draft);
          append(table, items(1, 4));
          append(table, items(5, 9));
          append(table, "{\"id\":10}");
        },
        ITEM_FILTERS);
  }

  private static SpecialTable codec(String codec) {
    return ofItems(
        "v2-manifests-" + codec,
        "manifests of codec " + codec + "; manifest lists are of the default one",
        draft -> draft.create(2, ITEMS, BY_CATEGORY, TableProperties.MANIFEST_COMPRESSION, codec));
  }

  private static void removedField(Draft draft) throws IOException {
    PartitionSpec spec =
        PartitionSpec.builderFor(ITEMS).identity("category").bucket("id", 4).build();
    Table table = draft.create(1, ITEMS, spec);
    append(table, items(1, 4));
    table.updateSpec().removeField("category").commit();
    append(table, items(5, 9));
  }

  private static void upgraded(Draft draft, int from, int to) throws IOException {
    Table table = draft.create(from, ITEMS, BY_CATEGORY);
    append(table, items(1, 4));
    TableOperations operations = ((HasTableOperations) table).operations();
    operations.commit(operations.current(), operations.current().upgradeToFormatVersion(to));
    table.refresh();
    append(table, items(5, 9));
  }

  private static void specs(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    append(table, items(1, 4));
    table.updateSpec().addField(Expressions.bucket("id", 4)).commit();
    append(table, items(5, 7));
    table.updateSpec().removeField("category").addField(Expressions.month("day")).commit();
    append(table, items(20, 40));
    table.updateSpec().removeField("id_bucket_4").removeField("day_month").commit();
    append(table, items(41, 43));
  }

  private static Table threeFields(Draft draft) {
    PartitionSpec spec =
        PartitionSpec.builderFor(ITEMS).identity("category").bucket("id", 4).month("day").build();
    return draft.create(2, ITEMS, spec);
  }

  private static Table sameSource(Draft draft) {
    PartitionSpec spec =
        PartitionSpec.builderFor(ITEMS)
            .truncate("category", 1)
            .bucket("category", 2)
            .identity("category")
            .build();
    return draft.create(2, ITEMS, spec);
  }

  private static void oddNames(Draft draft) throws IOException {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "a b", Types.StringType.get()),
            Types.NestedField.optional(2, "1x", Types.IntegerType.get()),
            Types.NestedField.optional(3, "\u00fc.\u20ac", Types.StringType.get()),
            Types.NestedField.optional(4, "d-1", Types.LongType.get()));
    PartitionSpec spec =
        PartitionSpec.builderFor(schema)
            .identity("a b")
            .identity("1x")
            .truncate("\u00fc.\u20ac", 2, "\u00fc.\u20ac \ud83d\ude00")
            .bucket("d-1", 4, "d-1/bucket")
            .build();
    Table table = draft.create(2, schema, spec);
    append(
        table,
        "{\"a b\":\"x y\",\"1x\":7,\"\u00fc.\u20ac\":\"abc\",\"d-1\":1}",
        "{\"a b\":\"x=y/z%\",\"1x\":8,\"\u00fc.\u20ac\":\"\u00e4b\",\"d-1\":5}");
    append(table, "{\"a b\":null,\"1x\":7,\"\u00fc.\u20ac\":\"\",\"d-1\":9}");
  }

  private static void withoutMetrics(Draft draft) {
    Table table = draft.create(2, ITEMS, BY_CATEGORY);
    for (int i = 0; i < 4; i++) {
      DataFile file =
          DataFiles.builder(BY_CATEGORY)
              .withPath(draft.location() + "/data/missing-" + i + ".parquet")
              .withFormat(FileFormat.PARQUET)
              .withPartitionPath("category=c" + i)
              .withFileSizeInBytes(1000 + i)
              .withRecordCount(10)
              .build();
      table.newFastAppend().appendFile(file).commit();
    }
  }

  private static void sorted(Draft draft) throws IOException {
    SortOrder order = SortOrder.builderFor(ITEMS).asc("category").desc("id").build();
    Table table = draft.create(2, ITEMS, BY_NOTHING, order);
    append(table, items(1, 3));
    table.replaceSortOrder().desc(Expressions.bucket("id", 4)).asc("day").commit();
    append(Tables.HADOOP.load(draft.location()), items(4, 6));
  }

  private LayoutTables() {}
}
