package evodb.oracle.matrix;

import static evodb.oracle.matrix.Draft.BY_NOTHING;
import static evodb.oracle.matrix.Draft.ITEMS;
import static evodb.oracle.matrix.Draft.append;
import static evodb.oracle.matrix.Draft.items;
import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;

/** Peculiar and changed schemas. */
final class SchemaTables {
  private static final Schema NUMBERS =
      new Schema(
          required(1, "id", Types.LongType.get()),
          optional(2, "i", Types.IntegerType.get()),
          optional(3, "f", Types.FloatType.get()),
          optional(4, "d", Types.DecimalType.of(9, 2)));

  private static final String[] NUMBER_FILTERS = {
    Filter.of("eq", "i", "-1"),
    Filter.of("gt", "i", "3000000000"),
    Filter.of("lt-eq", "i", "2"),
    Filter.of("gt", "f", "1.25"),
    Filter.of("lt", "f", "-1e100"),
    Filter.of("gt", "d", "\"9999999.99\""),
    Filter.of("eq", "d", "\"-0.01\""),
    Filter.of("lt", "d", "\"1.50\""),
    Filter.in("i", "1", "-1", "5000000000"),
  };

  static final List<SpecialTable> ALL =
      List.of(
          widened("v2-widened", BY_NOTHING),
          widened("v2-widened-identity-int", PartitionSpec.builderFor(NUMBERS).identity("i").build()),
          widened("v2-widened-bucket-int", PartitionSpec.builderFor(NUMBERS).bucket("i", 4).build()),
          widened("v2-widened-truncate-int", PartitionSpec.builderFor(NUMBERS).truncate("i", 10).build()),
          widened("v2-widened-identity-float", PartitionSpec.builderFor(NUMBERS).identity("f").build()),
          widened("v2-widened-identity-decimal", PartitionSpec.builderFor(NUMBERS).identity("d").build()),
          widened("v2-widened-truncate-decimal", PartitionSpec.builderFor(NUMBERS).truncate("d", 50).build()),
          widened("v2-widened-bucket-decimal", PartitionSpec.builderFor(NUMBERS).bucket("d", 4).build()),
          SpecialTable.of(
              "v2-renamed",
              "columns renamed, moved, dropped, added, and one added again under its old name",
              SchemaTables::renamed,
              Filter.of("gt", "cost", "4.0"),
              Filter.of("is-null", "category"),
              Filter.of("eq", "category", "\"c1\""),
              Filter.of("not-null", "note")),
          SpecialTable.of(
              "v3-defaults",
              "columns added with defaults after the first file",
              SchemaTables::defaults,
              Filter.of("eq", "number", "7"),
              Filter.of("eq", "number", "8"),
              Filter.of("is-null", "word"),
              Filter.of("eq", "word", "\"some\""),
              Filter.of("gt", "amount", "\"1.00\"")),
          SpecialTable.of(
              "v2-nested",
              "structs within structs, lists and maps; partitioned by a member of a struct",
              SchemaTables::nested,
              Filter.of("eq", "s.a", "1"),
              Filter.of("lt", "s.deep.x", "0.0"),
              Filter.of("is-null", "s.b"),
              Filter.of("is-nan", "s.deep.x"),
              Filter.of("starts-with", "s.b", "\"on\"")),
          SpecialTable.of(
              "v2-identifiers",
              "identifier fields, required columns, comments",
              SchemaTables::identifiers,
              Filter.of("eq", "code", "\"b\"")),
          SpecialTable.of(
              "v3-types",
              "a column of each type that came with version 3, without rows",
              SchemaTables::newTypes),
          SpecialTable.of(
              "v2-many-columns",
              "more columns than Java keeps bounds of",
              SchemaTables::manyColumns,
              Filter.of("eq", "c5", "3"),
              Filter.of("eq", "c115", "3"),
              Filter.of("gt", "c115", "1000")),
          SpecialTable.of(
              "v2-metrics-modes",
              "columns with no metrics, only counts, short bounds and full bounds",
              SchemaTables::metricsModes,
              Filter.of("eq", "a", "\"zzzz\""),
              Filter.of("eq", "b", "\"zzzz\""),
              Filter.of("is-null", "b"),
              Filter.of("eq", "c", "\"abcdz\""),
              Filter.of("eq", "c", "\"abce\""),
              Filter.of("eq", "d", "\"a text that is longer than sixteen characters!\"")),
          SpecialTable.of(
              "v2-name-mapping", "a name mapping among the properties", SchemaTables::nameMapping));

  private static SpecialTable widened(String name, PartitionSpec spec) {
    return SpecialTable.of(
        name,
        "int to long, float to double, decimal(9,2) to decimal(18,2) after the first files",
        draft -> {
          Table table = draft.create(2, NUMBERS, spec);
          append(table, "{\"id\":1,\"i\":1,\"f\":1.5,\"d\":\"1.50\"}", "{\"id\":2,\"i\":2,\"f\":0.1,\"d\":\"2.00\"}");
          append(table, "{\"id\":3,\"i\":-1,\"f\":-1.5,\"d\":\"-0.01\"}", "{\"id\":4}");
          table
              .updateSchema()
              .updateColumn("i", Types.LongType.get())
              .updateColumn("f", Types.DoubleType.get())
              .updateColumn("d", Types.DecimalType.of(18, 2))
              .commit();
          append(table, "{\"id\":5,\"i\":5000000000,\"f\":-1e300,\"d\":\"10000000000.00\"}");
          append(table, "{\"id\":6,\"i\":1,\"f\":1.5,\"d\":\"1.50\"}");
        },
        NUMBER_FILTERS);
  }

  private static void renamed(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_NOTHING);
    append(table, items(1, 3));
    table.updateSchema().renameColumn("price", "cost").deleteColumn("category").commit();
    append(table, "{\"id\":4,\"cost\":6.0}");
    table
        .updateSchema()
        .addColumn("category", Types.StringType.get())
        .addColumn("note", Types.StringType.get(), "a comment")
        .moveFirst("day")
        .moveAfter("note", "id")
        .commit();
    append(table, "{\"id\":5,\"category\":\"c1\",\"note\":\"new\"}");
  }

  private static void defaults(Draft draft) throws IOException {
    Table table = draft.create(3, ITEMS, BY_NOTHING);
    append(table, items(1, 3));
    table
        .updateSchema()
        .addColumn("number", Types.IntegerType.get(), Literal.of(7))
        .addColumn("word", Types.StringType.get(), Literal.of("some"))
        .addColumn("amount", Types.DecimalType.of(9, 2), Literal.of(new BigDecimal("1.25")))
        .addRequiredColumn("since", Types.DateType.get(), Literal.of("2020-01-01").to(Types.DateType.get()))
        .commit();
    table.updateSchema().updateColumnDefault("number", Literal.of(8)).commit();
    append(table, "{\"id\":4,\"number\":8,\"amount\":\"0.50\",\"since\":\"2021-01-01\"}");
  }

  private static void nested(Draft draft) throws IOException {
    Schema schema =
        new Schema(
            required(1, "id", Types.LongType.get()),
            optional(
                2,
                "s",
                Types.StructType.of(
                    optional(5, "a", Types.IntegerType.get()),
                    optional(6, "b", Types.StringType.get()),
                    optional(
                        7, "deep", Types.StructType.of(optional(8, "x", Types.DoubleType.get()))))),
            optional(3, "l", Types.ListType.ofOptional(9, Types.StringType.get())),
            optional(
                4,
                "m",
                Types.MapType.ofOptional(10, 11, Types.StringType.get(), Types.LongType.get())));
    PartitionSpec spec = PartitionSpec.builderFor(schema).identity("s.a").build();
    Table table = draft.create(2, schema, spec);
    append(
        table,
        """
        {"id":1,"s":{"5":1,"6":"one","7":{"8":-2.5}},"l":["p",null,"q"],"m":{"keys":["k"],"values":[1]}}""",
        """
        {"id":2,"s":{"5":2,"7":{"8":"NaN"}},"l":[],"m":{"keys":[],"values":[]}}""");
    append(
        table,
        """
        {"id":3,"s":{"5":1,"6":"ten"}}""",
        """
        {"id":4,"s":null,"l":null,"m":{"keys":["a","b"],"values":[null,2]}}""");
  }

  private static void identifiers(Draft draft) throws IOException {
    Schema schema =
        new Schema(
            List.of(
                required(1, "code", Types.StringType.get(), "what it is known by"),
                required(2, "number", Types.IntegerType.get()),
                optional(3, "rest", Types.BinaryType.get(), "line one\nline \"two\"")),
            Set.of(1, 2));
    Table table = draft.create(2, schema, PartitionSpec.builderFor(schema).identity("code").build());
    append(table, "{\"code\":\"a\",\"number\":1,\"rest\":\"00FF\"}", "{\"code\":\"b\",\"number\":1}");
  }

  private static void newTypes(Draft draft) {
    draft.create(
        3,
        new Schema(
            required(1, "id", Types.LongType.get()),
            optional(2, "nothing", Types.UnknownType.get()),
            optional(3, "any", Types.VariantType.get()),
            optional(4, "place", Types.GeometryType.crs84()),
            optional(5, "place2", Types.GeometryType.of("srid:3857")),
            optional(6, "spot", Types.GeographyType.crs84()),
            optional(7, "at", Types.TimestampNanoType.withoutZone()),
            optional(8, "when", Types.TimestampNanoType.withZone())),
        BY_NOTHING);
  }

  private static void manyColumns(Draft draft) throws IOException {
    List<Types.NestedField> columns = new ArrayList<>();
    for (int i = 1; i <= 120; i++) {
      columns.add(optional(i, "c" + i, Types.IntegerType.get()));
    }
    Table table = draft.create(2, new Schema(columns), BY_NOTHING);
    append(table, "{\"c5\":3,\"c115\":3}");
    append(table, "{\"c5\":4,\"c115\":4}");
  }

  private static void metricsModes(Draft draft) throws IOException {
    Schema schema =
        new Schema(
            optional(1, "a", Types.StringType.get()),
            optional(2, "b", Types.StringType.get()),
            optional(3, "c", Types.StringType.get()),
            optional(4, "d", Types.StringType.get()));
    String prefix = "write.metadata.metrics.column.";
    Table table =
        draft.create(
            2,
            schema,
            BY_NOTHING,
            prefix + "a",
            "none",
            prefix + "b",
            "counts",
            prefix + "c",
            "truncate(4)",
            prefix + "d",
            "full");
    String text = "a text that is longer than sixteen characters";
    append(table, "{\"a\":\"x\",\"b\":\"x\",\"c\":\"abcdef\",\"d\":\"%s\"}".formatted(text));
    append(table, "{\"a\":\"y\",\"b\":null,\"c\":\"b\",\"d\":\"%s.\"}".formatted(text));
  }

  private static void nameMapping(Draft draft) throws IOException {
    Table table = draft.create(2, ITEMS, BY_NOTHING);
    String mapping = NameMappingParser.toJson(MappingUtil.create(table.schema()));
    table.updateProperties().set("schema.name-mapping.default", mapping).commit();
    append(table, items(1, 3));
    table.updateSchema().renameColumn("price", "cost").commit();
  }

  private SchemaTables() {}
}
