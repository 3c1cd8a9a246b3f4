#include "codec/manifest_reader.h"
#include "runtime/weighed_cache.h"

#include <functional>
#include <map>

#include "base/int128.h"
#include "codec/avro_encoder.h"
#include "codec/avro_file.h"
#include "codec/sample_manifest.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(manifest_reading)

namespace {

manifest_columns_wanted everything() {
  manifest_columns_wanted wanted;
  wanted.all_metrics = wanted.column_sizes = wanted.details = true;
  wanted.live_only = false;
  return wanted;
}

manifest_file listed_as(std::int64_t sequence_number) {
  manifest_file listed;
  listed.manifest_path = "m.avro";
  listed.sequence_number = sequence_number;
  listed.added_snapshot_id = 99;
  return listed;
}

manifest_entries read_sample(const manifest_columns_wanted &wanted, const manifest_file &listed = listed_as(7)) {
  memory_budget budget(64 << 20);
  return read_manifest(testing::sample_manifest(true), listed, testing::sample_spec(),
                       testing::sample_partition_types(), wanted, budget);
}

/// A manifest built by hand: the schema's fields of data_file behind the four that there always are, and entries
/// written by `write`.
bytes manifest_of(const std::string &entry_fields, const std::string &file_fields,
                  const std::function<void(avro_encoder &)> &write, int entries = 1,
                  const avro_file_writer::metadata &pairs = {}) {
  avro_file_writer writer(
      R"({"type":"record","name":"manifest_entry","fields":[)" + entry_fields +
          R"({"name":"data_file","field-id":2,"type":{"type":"record","name":"r2","fields":[)" + file_fields +
          R"({"name":"file_path","field-id":100,"type":"string"},{"name":"file_format","field-id":101,"type":"string"},
                                 {"name":"record_count","field-id":103,"type":"long"},{"name":"file_size_in_bytes","field-id":104,"type":"long"}]}}]})",
      pairs, std::nullopt);
  avro_encoder out(writer.buffer());
  for (int i = 0; i < entries; ++i) {
    write(out);
    writer.end_object();
  }
  return std::move(writer).finish();
}

void write_rest(avro_encoder &out, std::int64_t records = 10) {
  out.write_bytes("path");
  out.write_bytes("parquet");
  out.write_long(records);
  out.write_long(1000);
}

manifest_entries read_unpartitioned(const bytes &file, const manifest_columns_wanted &wanted = everything(),
                                    const manifest_file &listed = listed_as(7)) {
  memory_budget budget(64 << 20);
  manifest_entries entries = read_manifest(file, listed, {}, {}, wanted, budget);
  BOOST_TEST(budget.in_use() == budget.cache().bytes());
  return entries;
}

manifest_entries read_partitioned(const bytes &file, type t, std::int32_t field_id = 1000) {
  partition_spec spec;
  partition_field f;
  f.source_ids = {1};
  f.field_id = field_id;
  f.name = "p";
  spec.fields = {f};
  memory_budget budget(64 << 20);
  return read_manifest(file, listed_as(7), spec, {std::move(t)}, everything(), budget);
}

const std::string status_field = R"({"name":"status","field-id":0,"type":"int"},)";
const std::string sequence_fields =
    R"({"name":"sequence_number","field-id":3,"type":["null","long"]},{"name":"file_sequence_number","field-id":4,"type":["long","null"]},)";

std::string partition_fields(const std::string &avro_type) {
  return R"({"name":"partition","field-id":102,"type":{"type":"record","name":"r102","fields":[{"name":"p","field-id":1000,"type":)" +
         avro_type + "}]}},";
}

}  // namespace

BOOST_AUTO_TEST_CASE(only_what_is_wanted) {
  const manifest_entries none = read_sample({});
  BOOST_TEST(none.size() == 2u);  // the deleted one is left out
  BOOST_TEST(none.files.size() == 2u);
  BOOST_TEST(none.files.path(0) ==
             "s3://b/t/data/f\xc3\xa9"
             "0.parquet");
  BOOST_TEST(none.files.metrics.empty());
  BOOST_TEST(none.files.sort_order_ids.size() == 2u);
  BOOST_TEST(none.files.split_offsets.offsets.size() == 3u);
  BOOST_TEST((none.files.partition(0) == partition_tuple{std::int32_t{20'000}, std::string("n0")}));
  BOOST_TEST((none.files.partition(1) == partition_tuple{null_value{}, null_value{}}));

  manifest_columns_wanted one;
  one.bounds_and_counts_of = {3, 8};
  const manifest_entries some = read_sample(one);
  BOOST_TEST(some.files.metrics.size() == 2u);
  const metrics_column *third = some.files.find_metrics(3);
  BOOST_REQUIRE(third != nullptr);
  BOOST_TEST(third->value_counts == (std::vector<std::int64_t>{100, -1}), boost::test_tools::per_element());
  BOOST_TEST(third->column_sizes.empty());
  BOOST_TEST(third->upper_bounds.at(0, some.files.arena).value() == "xyzxyzx3");
  BOOST_TEST(some.files.find_metrics(8)->value_counts.empty());

  manifest_columns_wanted all;
  all.all_metrics = true;
  BOOST_TEST(read_sample(all).files.find_metrics(1)->column_sizes.empty());
}

BOOST_AUTO_TEST_CASE(rows_that_are_left_out_leave_nothing_behind) {
  manifest_columns_wanted wanted = everything();
  wanted.live_only = true;
  manifest_file listed = listed_as(7);
  listed.first_row_id = 1000;
  memory_budget budget(64 << 20);
  manifest_entries sample = testing::sample_entries();
  const schema table_schema = testing::sample_schema();
  const partition_spec spec = testing::sample_spec();
  manifest_target target;
  target.format_version = 3;
  target.table_schema = &table_schema;
  target.spec = &spec;
  target.snapshot_id = 99;
  const written_manifest written = write_manifest(sample, {2, 1, 2, 0, 2}, target);
  const manifest_entries entries =
      read_manifest(*written.file, listed, spec, testing::sample_partition_types(), wanted, budget);
  BOOST_TEST(entries.size() == 2u);
  BOOST_TEST(is_null(entries.files.partition(0)[0].value()));
  BOOST_TEST(entries.files.first_row_ids == (std::vector<std::int64_t>{1000, 1101}), boost::test_tools::per_element());
  BOOST_TEST(entries.files.split_offsets.offsets == (std::vector<std::uint32_t>{0, 0, 2}),
             boost::test_tools::per_element());
  BOOST_TEST(entries.files.sort_order_ids[0] == data_files::no_sort_order);
  BOOST_TEST(entries.files.find_metrics(1)->value_counts == (std::vector<std::int64_t>{-1, 100}),
             boost::test_tools::per_element());
  BOOST_TEST(!entries.files.find_metrics(1)->lower_bounds.at(0, entries.files.arena));
}

BOOST_AUTO_TEST_CASE(first_row_ids_need_the_lists_one) {
  BOOST_TEST(read_sample(everything()).files.first_row_ids.empty());
}

BOOST_AUTO_TEST_CASE(sequence_numbers_are_inherited_by_added_entries_alone) {
  const auto manifest = [](int status) {
    return manifest_of(status_field + sequence_fields, "", [status](avro_encoder &out) {
      out.write_long(status);
      out.write_present(false);
      out.write_long(1);  // null, in the second branch
      write_rest(out);
    });
  };
  const manifest_entries added = read_unpartitioned(manifest(1));
  BOOST_TEST(added.sequence_numbers[0] == 7);
  BOOST_TEST(added.file_sequence_numbers[0] == 7);
  BOOST_TEST(added.snapshot_ids[0] == 99);
  CHECK_FAILS(read_unpartitioned(manifest(0)), status::CORRUPT, "no sequence number");
  BOOST_TEST(read_unpartitioned(manifest(2)).sequence_numbers[0] == 7);  // what is gone needs none
  for (const int status : {0, 2}) {
    const manifest_entries version_1 = read_unpartitioned(manifest(status), everything(), listed_as(0));
    BOOST_TEST(version_1.sequence_numbers[0] == 0);
  }
  CHECK_FAILS(read_unpartitioned(manifest(3)), status::CORRUPT, "status");
  CHECK_FAILS(read_unpartitioned(manifest(-1)), status::CORRUPT, "status");
}

BOOST_AUTO_TEST_CASE(an_early_writers_missing_file_sequence_number) {
  const bytes file = manifest_of(status_field + sequence_fields, "", [](avro_encoder &out) {
    out.write_long(0);
    out.write_present(true);
    out.write_long(5);
    out.write_long(1);
    write_rest(out);
  });
  BOOST_TEST(read_unpartitioned(file).file_sequence_numbers[0] == 5);
}

BOOST_AUTO_TEST_CASE(version_1) {
  const bytes file = manifest_of(
      status_field + R"({"name":"snapshot_id","field-id":1,"type":"long"},)",
      R"({"name":"block_size_in_bytes","field-id":105,"type":"long"},{"name":"sort_columns","field-id":107,"type":["null",{"type":"array","items":"int","element-id":112}]},)",
      [](avro_encoder &out) {
        out.write_long(0);
        out.write_long(55);
        out.write_long(64 << 20);
        out.write_present(true);
        out.write_long(2);
        out.write_long(1);
        out.write_long(2);
        out.write_long(0);
        write_rest(out);
      },
      3);
  const manifest_entries entries = read_unpartitioned(file, {}, listed_as(0));
  BOOST_TEST(entries.size() == 3u);
  BOOST_TEST(entries.snapshot_ids[2] == 55);
  BOOST_TEST(entries.sequence_numbers[2] == 0);
  BOOST_TEST((entries.files.contents[2] == file_content::data));
  BOOST_TEST(read_manifest_header(file, "m").format_version == 1);
}

BOOST_AUTO_TEST_CASE(schemas_without_ids_are_read_by_name) {
  avro_file_writer writer(
      R"({"type":"record","name":"e","fields":[{"name":"data_file","type":{"type":"record","name":"d","fields":[
        {"name":"file_size_in_bytes","type":"int"},{"name":"record_count","type":"int"},{"name":"file_format","type":"string"},
        {"name":"partition","type":{"type":"record","name":"p","fields":[{"name":"p","type":"string"}]}},
        {"name":"file_path","type":"bytes"}]}},{"name":"status","type":"int"}]})",
      {}, 5);
  avro_encoder out(writer.buffer());
  out.write_long(8);
  out.write_long(9);
  out.write_bytes("ORC");
  out.write_bytes("value");
  out.write_bytes("path");
  out.write_long(1);
  writer.end_object();
  const manifest_entries entries = read_partitioned(std::move(writer).finish(), type_kind::string);
  BOOST_TEST(entries.files.file_sizes[0] == 8);
  BOOST_TEST(entries.files.record_counts[0] == 9);
  BOOST_TEST((entries.files.file_formats[0] == file_format::orc));
  BOOST_TEST((entries.files.partition(0) == partition_tuple{std::string("value")}));
}

BOOST_AUTO_TEST_CASE(maps_in_odd_shapes) {
  // Blocks counted by size, split anywhere; the value first; an optional value; another member.
  const std::string maps =
      R"({"name":"value_counts","field-id":109,"type":[{"type":"array","items":{"type":"record","name":"a","fields":[
           {"name":"key","field-id":119,"type":"int"},{"name":"value","field-id":120,"type":"long"}]}},"null"]},
         {"name":"lower_bounds","field-id":125,"type":{"type":"array","items":{"type":"record","name":"b","fields":[
           {"name":"value","field-id":127,"type":["bytes","null"]},{"name":"more","type":"double"},{"name":"key","field-id":126,"type":"long"}]}}},
         {"name":"nan_value_counts","field-id":137,"type":"null"},)";
  const auto write = [](avro_encoder &out) {
    out.write_long(1);
    out.write_long(0);
    out.write_long(-1);
    out.write_long(2);
    out.write_long(4);
    out.write_long(40);
    out.write_long(2);
    out.write_long(2);
    out.write_long(20);
    out.write_long(6);
    out.write_long(-60);  // says nothing
    out.write_long(0);
    out.write_long(2);
    out.write_long(0);
    out.write_bytes("four");
    out.write_double(0);
    out.write_long(4);
    out.write_long(1);
    out.write_double(0);
    out.write_long(2);
    out.write_long(0);
    write_rest(out);
  };
  const bytes file = manifest_of(status_field, maps, write, 2);
  for (const manifest_entries &entries : {read_unpartitioned(file), [&] {
                                            manifest_columns_wanted wanted;
                                            wanted.bounds_and_counts_of = {4, 2, 6};
                                            return read_unpartitioned(file, wanted);
                                          }()}) {
    BOOST_TEST(entries.files.metrics.size() == 3u);
    for (std::size_t row = 0; row < 2; ++row) {
      BOOST_TEST(entries.files.find_metrics(4)->value_counts[row] == 40);
      BOOST_TEST(entries.files.find_metrics(2)->value_counts[row] == 20);
      BOOST_TEST(entries.files.find_metrics(6)->value_counts[row] == -1);
      BOOST_TEST(entries.files.find_metrics(4)->lower_bounds.at(row, entries.files.arena).value() == "four");
    }
    BOOST_TEST(entries.files.find_metrics(6)->lower_bounds.empty());
  }
  BOOST_TEST(read_unpartitioned(file, {}).size() == 2u);  // skipped
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_skipped_and_longs_may_be_ints) {
  const std::string fields =
      R"({"name":"new","field-id":999,"type":["null",{"type":"record","name":"n","fields":[{"name":"x","type":{"type":"map","values":"string"}}]}]},
         {"name":"equality_ids","field-id":135,"type":["null",{"type":"array","items":"long"}]},
         {"name":"split_offsets","field-id":132,"type":{"type":"array","items":"int"}},
         {"name":"sort_order_id","field-id":140,"type":"long"},)";
  const bytes file = manifest_of(status_field, fields, [](avro_encoder &out) {
    out.write_long(1);
    out.write_present(true);
    out.write_long(1);
    out.write_bytes("k");
    out.write_bytes("v");
    out.write_long(0);
    out.write_present(true);
    out.write_long(-2);
    out.write_long(2);
    out.write_long(3);
    out.write_long(4);
    out.write_long(0);
    out.write_long(1);
    out.write_long(44);
    out.write_long(1);
    out.write_long(45);
    out.write_long(0);
    out.write_long(6);
    write_rest(out);
  });
  const manifest_entries entries = read_unpartitioned(file);
  BOOST_TEST(entries.files.equality_ids.values == (std::vector<std::int32_t>{3, 4}), boost::test_tools::per_element());
  BOOST_TEST(entries.files.split_offsets.values == (std::vector<std::int64_t>{44, 45}),
             boost::test_tools::per_element());
  BOOST_TEST(entries.files.sort_order_ids[0] == 6);
}

BOOST_AUTO_TEST_CASE(partition_values_as_other_writers_have_them) {
  const auto read_as = [](const std::string &avro_type, type t, const std::function<void(avro_encoder &)> &write) {
    const bytes file = manifest_of(status_field, partition_fields(avro_type), [&](avro_encoder &out) {
      out.write_long(1);
      write(out);
      write_rest(out);
    });
    return read_partitioned(file, std::move(t)).files.partition(0).at(0).value();
  };
  const auto a_long = [](std::int64_t n) { return [n](avro_encoder &out) { out.write_long(n); }; };
  BOOST_TEST((read_as(R"("int")", type_kind::date, a_long(-3)) == value(std::int32_t{-3})));
  BOOST_TEST((read_as(R"("int")", type_kind::int64, a_long(-3)) == value(std::int64_t{-3})));
  BOOST_TEST((read_as(R"({"type":"int","logicalType":"date"})", type_kind::timestamp, a_long(-1)) ==
              value(std::int64_t{-86'400'000'000})));
  BOOST_TEST((read_as(R"({"type":"int","logicalType":"date"})", type_kind::timestamp_ns, a_long(1)) ==
              value(std::int64_t{86'400'000'000'000})));
  BOOST_TEST(
      (read_as(R"("float")", type_kind::float64, [](avro_encoder &out) { out.write_float(1.5f); }) == value(1.5)));
  BOOST_TEST((read_as(R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})", type::decimal(9, 2),
                      [](avro_encoder &out) { out.write_bytes("\xff\xfe"); }) == value(int128{-2})));
  BOOST_TEST((read_as(R"({"type":"fixed","name":"f","size":16})", type::decimal(9, 2),
                      [](avro_encoder &out) { out.write_fixed(bytes(15, '\0') + '\x80'); }) == value(int128{128})));
  BOOST_TEST((read_as("\"bytes\"", type::fixed(2), [](avro_encoder &out) { out.write_bytes("ab"); }) ==
              value(std::string("ab"))));
  BOOST_TEST(is_null(read_as("\"null\"", type_kind::string, [](avro_encoder &) {})));
  BOOST_TEST(is_null(read_as("[\"string\",\"null\"]", type_kind::string, a_long(1))));

  CHECK_FAILS(read_as("\"string\"", type_kind::string, [](avro_encoder &out) { out.write_bytes("\xff"); }),
              status::CORRUPT, "UTF-8");
  const std::string symbols = R"({"type":"enum","name":"e","symbols":["A","B"]})";
  BOOST_TEST((read_as(symbols, type_kind::string, a_long(1)) == value(std::string("B"))));
  CHECK_FAILS(read_as(symbols, type_kind::string, a_long(2)), status::CORRUPT, "symbol");
}

BOOST_AUTO_TEST_CASE(partition_values_in_other_units) {
  const auto read_as = [](const std::string &avro, const std::string &logical, type t, std::int64_t number) {
    const std::string avro_type =
        logical.empty() ? '"' + avro + '"' : R"({"type":")" + avro + R"(","logicalType":")" + logical + "\"}";
    const bytes file = manifest_of(status_field, partition_fields(avro_type), [&](avro_encoder &out) {
      out.write_long(1);
      out.write_long(number);
      write_rest(out);
    });
    return read_partitioned(file, std::move(t)).files.partition(0).at(0);
  };
  using t = type_kind;
  const auto big = [](std::int64_t number) { return value(number); };
  BOOST_TEST((read_as("long", "timestamp-millis", t::timestamp, -5) == big(-5'000)));
  BOOST_TEST((read_as("long", "local-timestamp-millis", t::timestamptz, 5) == big(5'000)));
  BOOST_TEST((read_as("long", "timestamp-micros", t::timestamp_ns, 5) == big(5'000)));
  BOOST_TEST((read_as("long", "timestamp-nanos", t::timestamp_ns, 5) == big(5)));
  BOOST_TEST((read_as("long", "", t::timestamp, 5) == big(5)));
  BOOST_TEST((read_as("int", "time-millis", t::time, 5) == big(5'000)));
  BOOST_TEST((read_as("long", "time-micros", t::time, 5) == big(5)));
  BOOST_TEST((read_as("long", "date", t::date, 5) == value(std::int32_t{5})));
  BOOST_TEST((read_as("long", "", t::int32, 5) == value(std::int32_t{5})));
  BOOST_TEST((read_as("int", "date", t::int32, 5) == value(std::int32_t{5})));  // a day as Java has it
  // What would be a guess, or has no equal value, is not known and not misread.
  for (const auto &[avro, logical, to] : {std::tuple("int", "", t::timestamp),
                                          {"int", "", t::time},
                                          {"long", "timestamp-nanos", t::timestamp},
                                          {"long", "timestamp-micros", t::date},
                                          {"long", "timestamp-millis", t::int64}}) {
    BOOST_TEST(!read_as(avro, logical, to, 5));
  }
  BOOST_TEST(!read_as("long", "timestamp-millis", t::timestamp, std::int64_t{1} << 60));
  BOOST_TEST(!read_as("long", "", t::date, std::int64_t{1} << 31));
}

BOOST_AUTO_TEST_CASE(partition_values_that_are_none_of_their_type_are_not_known) {
  using write_value = std::function<void(avro_encoder &)>;
  const auto number = [](std::int64_t n) -> write_value { return [n](avro_encoder &out) { out.write_long(n); }; };
  const auto text = [](const char *data) -> write_value {
    return [data](avro_encoder &out) { out.write_bytes(data); };
  };
  const write_value three_bytes = [](avro_encoder &out) { out.write_fixed("abc"); };
  struct oddity {
    const char *avro_type;
    type t;
    write_value write;
    bool fits = false;  // the type may hold other values that are known
  };
  const oddity oddities[] = {
      {R"("string")", type_kind::int32, text("5")},
      {R"("string")", type_kind::date, text("2020-01-01")},
      {R"("int","string")", type_kind::int32, number(5)},
      {R"({"type":"array","items":"int"})", type_kind::int32, number(0)},
      {R"("double")", type_kind::int32, [](avro_encoder &out) { out.write_double(5); }},
      {R"("int")", type_kind::string, number(5)},
      {R"({"type":"bytes","logicalType":"decimal","scale":3})", type::decimal(9, 2), text("5")},
      {R"({"type":"fixed","name":"f","size":3})", type::fixed(2), three_bytes},
      {R"("long")", type_kind::int32, number(std::int64_t{1} << 40), true},
      {R"("long")", type_kind::date, number(std::int64_t{-1} << 32), true},
      {R"({"type":"long","logicalType":"timestamp-millis"})", type_kind::timestamp, number(std::int64_t{1} << 60),
       true},
      {R"("bytes")", type::decimal(9, 2), text(""), true},
      {R"("bytes")", type::decimal(38, 2), text("seventeen bytes.."), true},
      {R"("bytes")", type_kind::uuid, text("abc"), true},
      {R"("bytes")", type::fixed(2), text("abc"), true},
      {R"("bytes")", type_kind::string, text("\xff"), true},
  };
  for (const oddity &odd : oddities) {
    BOOST_TEST_CONTEXT(odd.avro_type << " for " << odd.t.to_text()) {
      int entry = 0;
      const auto write = [&](avro_encoder &out) {
        out.write_long(1);
        const bool is_null = entry++ == 1;
        out.write_long(is_null ? 0 : 1);  // the union's branch
        if (!is_null) odd.write(out);
        write_rest(out, 10 + entry);
      };
      const std::string optional = R"(["null",)" + std::string(odd.avro_type) + "]";
      const data_files files =
          read_partitioned(manifest_of(status_field, partition_fields(optional), write, 3), odd.t).files;
      BOOST_TEST_REQUIRE(files.size() == 3u);
      BOOST_TEST(!files.partition(0).at(0));
      BOOST_TEST(files.partition(1).at(0).has_value() == odd.fits);
      BOOST_TEST((!odd.fits || is_null(*files.partition(1).at(0))));
      BOOST_TEST(!files.partition(2).at(0));
      BOOST_TEST(files.record_counts.at(2) == 13);  // what stands behind is read
    }
  }
}

BOOST_AUTO_TEST_CASE(partition_fields_that_a_manifest_lacks_are_not_known) {
  partition_spec spec = testing::sample_spec();
  spec.fields.push_back({{1}, 1002, "gone", transform::parse("void")});
  const std::string one_of_three =
      R"({"name":"partition","field-id":102,"type":{"type":"record","name":"r102","fields":[{"name":"na_x2Dme","field-id":1001,"type":"string"}]}},)";
  const bytes file = manifest_of(status_field, one_of_three, [](avro_encoder &out) {
    out.write_long(1);
    out.write_bytes("x");
    write_rest(out);
  });
  memory_budget budget(64 << 20);
  const std::vector<type> types{type_kind::date, type_kind::string, type_kind::int64};
  const manifest_entries entries = read_manifest(file, listed_as(7), spec, types, everything(), budget);
  const partition_tuple expected{std::nullopt, std::string("x"), null_value{}};
  BOOST_TEST((entries.files.partition(0) == expected));
  BOOST_TEST(entries.files.partitions[1].unknown.empty());
  BOOST_TEST(entries.files.partitions[2].unknown.empty());

  // And cannot be written again as null.
  const schema table_schema = testing::sample_schema();
  manifest_target target;
  target.table_schema = &table_schema;
  target.spec = &spec;
  CHECK_FAILS(write_manifest(entries, {0}, target), status::INVALID_ARGUMENT,
              "the value of partition field \"at_day\" is not known");
}

BOOST_AUTO_TEST_CASE(values_of_void_and_unknown_transforms) {
  const auto read_with = [](const char *transform_text, const std::string &avro_type, const auto &write) {
    partition_spec spec;
    spec.fields.push_back({{1}, 1000, "p", transform::parse(transform_text)});
    const bytes file = manifest_of(status_field, partition_fields(avro_type), [&](avro_encoder &out) {
      out.write_long(1);
      write(out);
      write_rest(out);
    });
    memory_budget budget(64 << 20);
    return read_manifest(file, listed_as(7), spec, {type(type_kind::string)}, everything(), budget)
        .files.partition(0)
        .at(0);
  };
  const auto seven = [](avro_encoder &out) { out.write_long(7); };
  const auto text = [](const char *t) { return value(std::string(t)); };
  BOOST_TEST((read_with("days", "\"int\"", seven) == text("7")));
  BOOST_TEST((read_with("days", R"({"type":"int","logicalType":"date"})", seven) == text("7")));
  BOOST_TEST((read_with("z[3]", "\"double\"", [](avro_encoder &out) { out.write_double(1.5); }) == text("1.5")));
  BOOST_TEST((read_with("z[3]", "\"boolean\"", [](avro_encoder &out) { out.write_boolean(true); }) == text("true")));
  BOOST_TEST((read_with("z[3]", "\"string\"", [](avro_encoder &out) { out.write_bytes("x"); }) == text("x")));
  BOOST_TEST((read_with("z[3]", "\"bytes\"", [](avro_encoder &out) { out.write_bytes("x\xff"); }) == text("78ff")));
  const auto list = [](avro_encoder &out) { out.write_long(0); };
  BOOST_TEST(!read_with("z[3]", R"({"type":"array","items":"int"})", list));
  BOOST_TEST((read_with("void", "\"int\"", seven) == value(null_value{})));
  BOOST_TEST((read_with("void", R"({"type":"array","items":"int"})", list) == value(null_value{})));
}

BOOST_AUTO_TEST_CASE(everything_may_be_optional) {
  const std::string schema = R"({"type":"record","name":"manifest_entry","fields":[
      {"name":"status","field-id":0,"type":["int","null"]},
      {"name":"data_file","field-id":2,"type":["null",{"type":"record","name":"r2","fields":[
        {"name":"content","field-id":134,"type":["null","int"]},
        {"name":"file_path","field-id":100,"type":["null","string"]},
        {"name":"file_format","field-id":101,"type":["null",{"type":"enum","name":"f","symbols":["ORC","PARQUET"]}]},
        {"name":"record_count","field-id":103,"type":["null","long"]},
        {"name":"file_size_in_bytes","field-id":104,"type":["null","long"]},
        {"name":"value_counts","field-id":109,"type":{"type":"array","items":["null",{"type":"record","name":"v","fields":[
          {"name":"key","field-id":119,"type":["null","long"]},{"name":"value","field-id":120,"type":"long"}]}]}},
        {"name":"split_offsets","field-id":132,"type":{"type":"array","items":["null","long"]}}]}]}]})";
  const auto file_of = [&](bool has_file) {
    avro_file_writer writer(schema, {}, std::nullopt);
    avro_encoder out(writer.buffer());
    out.write_long(0);
    out.write_long(1);
    out.write_present(has_file);
    if (has_file) {
      out.write_present(false);  // content: data
      out.write_present(true);
      out.write_bytes("path");
      out.write_present(true);
      out.write_long(1);  // PARQUET
      for (const int number : {10, 1000}) {
        out.write_present(true);
        out.write_long(number);
      }
      out.write_long(4);  // value counts: nothing, one without a key, one beyond field ids, one
      out.write_present(false);
      out.write_present(true);
      out.write_present(false);
      out.write_long(8);
      for (const std::int64_t key : {std::int64_t{1} << 40, std::int64_t{0}}) {
        out.write_present(true);
        out.write_present(true);
        out.write_long(key);
        out.write_long(10);
      }
      out.write_long(0);
      out.write_long(2);
      out.write_present(false);
      out.write_present(true);
      out.write_long(4);
      out.write_long(0);
    }
    writer.end_object();
    return std::move(writer).finish();
  };
  const manifest_entries entries = read_unpartitioned(file_of(true));
  BOOST_TEST(entries.files.path(0) == "path");
  BOOST_TEST((entries.files.contents[0] == file_content::data));
  BOOST_TEST(entries.files.record_counts[0] == 10);
  BOOST_TEST(entries.files.metrics.size() == 1u);
  BOOST_TEST(entries.files.find_metrics(0)->value_counts[0] == 10);  // some writers count fields from 0
  BOOST_TEST(entries.files.split_offsets.values == (std::vector<std::int64_t>{4}), boost::test_tools::per_element());
  CHECK_FAILS(read_unpartitioned(file_of(false)), status::CORRUPT, "no data file");
}

BOOST_AUTO_TEST_CASE(statistics_in_another_form_are_not_known) {
  const std::string odd =
      R"({"name":"value_counts","field-id":109,"type":{"type":"map","values":"long"}},
         {"name":"null_value_counts","field-id":110,"type":"string"},
         {"name":"lower_bounds","field-id":125,"type":["null","int",{"type":"array","items":"int"}]},
         {"name":"split_offsets","field-id":132,"type":{"type":"array","items":"string"}},
         {"name":"sort_order_id","field-id":140,"type":"string"},)";
  const bytes file = manifest_of(status_field, odd, [](avro_encoder &out) {
    out.write_long(1);
    out.write_long(1);
    out.write_bytes("1");
    out.write_long(10);
    out.write_long(0);
    out.write_bytes("none");
    out.write_long(1);
    out.write_long(5);
    out.write_long(0);
    out.write_bytes("unsorted");
    write_rest(out, -1);  // as Java's imports of Avro files have it
  });
  const manifest_entries entries = read_unpartitioned(file);
  BOOST_TEST(entries.files.path(0) == "path");
  BOOST_TEST(entries.files.metrics.empty());
  BOOST_TEST(entries.files.split_offsets.values.empty());
  BOOST_TEST(entries.files.sort_order_ids[0] == data_files::no_sort_order);
  BOOST_TEST(entries.files.record_counts[0] == data_files::no_value);
  for (const char *needed : {R"({"name":"equality_ids","field-id":135,"type":"string"},)",
                             R"({"name":"content","field-id":134,"type":"string"},)"}) {
    CHECK_FAILS(read_unpartitioned(manifest_of(
                    status_field, needed, [](avro_encoder &) {}, 0)),
                status::CORRUPT, "cannot have");
  }
}

BOOST_AUTO_TEST_CASE(row_ids_behind_a_file_of_unknown_length_are_not_known) {
  const std::int64_t counts[] = {5, -1, 7};
  const bytes file = manifest_of(
      status_field, "",
      [&, next = 0](avro_encoder &out) mutable {
        out.write_long(1);
        write_rest(out, counts[next++]);
      },
      3);
  manifest_file listed = listed_as(7);
  listed.first_row_id = 100;
  const manifest_entries entries = read_unpartitioned(file, everything(), listed);
  BOOST_TEST(entries.files.first_row_ids == (std::vector<std::int64_t>{100, 105, -1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_optional_partition) {
  const std::string optional =
      R"({"name":"partition","field-id":102,"type":["null",{"type":"record","name":"r102","fields":[{"name":"p","field-id":1000,"type":"int"}]}]},)";
  for (const bool present : {false, true}) {
    const bytes file = manifest_of(status_field, optional, [&](avro_encoder &out) {
      out.write_long(1);
      out.write_present(present);
      if (present) out.write_long(4);
      write_rest(out);
    });
    const std::optional<value> v = read_partitioned(file, type_kind::int32).files.partition(0).at(0);
    BOOST_TEST((v == (present ? std::optional<value>(4) : std::nullopt)));
    partition_spec void_one;
    void_one.fields.push_back({{1}, 1000, "p", transform::parse("void")});
    memory_budget budget(64 << 20);
    const manifest_entries entries =
        read_manifest(file, listed_as(7), void_one, {type(type_kind::int32)}, everything(), budget);
    BOOST_TEST((entries.files.partition(0) == partition_tuple{null_value{}}));
  }
}

BOOST_AUTO_TEST_CASE(schemas_that_are_no_manifests) {
  const auto nothing = [](avro_encoder &) {};
  CHECK_FAILS(read_unpartitioned(manifest_of("", "", nothing, 0)), status::CORRUPT, "no field 0 \"status\"");
  CHECK_FAILS(read_unpartitioned(manifest_of(status_field + status_field, "", nothing, 0)), status::CORRUPT);
  CHECK_FAILS(read_unpartitioned(manifest_of(R"({"name":"status","field-id":0,"type":"string"},)", "", nothing, 0)),
              status::CORRUPT, "cannot have");
  CHECK_FAILS(read_partitioned(manifest_of(status_field, "", nothing, 0), type_kind::int32), status::CORRUPT,
              "partition");
  CHECK_FAILS(read_unpartitioned(std::move(avro_file_writer("\"int\"", {}, 5)).finish()), status::CORRUPT, "no record");
  CHECK_FAILS(read_unpartitioned(manifest_of(status_field, "", nothing, 0, {{"content", "deletes"}})), status::CORRUPT,
              "manifest list");
  CHECK_FAILS(read_unpartitioned(manifest_of(status_field, "", nothing, 0, {{"content", "x"}})), status::CORRUPT,
              "content");
}

BOOST_AUTO_TEST_CASE(values_that_cannot_be) {
  const auto with_rest = [](const std::function<void(avro_encoder &)> &rest) {
    return manifest_of(status_field, "", [&](avro_encoder &out) {
      out.write_long(1);
      rest(out);
    });
  };
  CHECK_FAILS(read_unpartitioned(with_rest([](avro_encoder &out) {
                out.write_bytes("path");
                out.write_bytes("csv");
              })),
              status::UNSUPPORTED, "csv");
  CHECK_FAILS(read_unpartitioned(with_rest([](avro_encoder &out) {
                write_rest(out);
                out.write_long(0);
              })),
              status::CORRUPT, "bytes are left");
  CHECK_FAILS(read_unpartitioned(with_rest([](avro_encoder &out) { out.write_long(1 << 20); })), status::CORRUPT,
              "block at");
}

BOOST_AUTO_TEST_CASE(hostile_counts_cost_no_memory) {
  memory_budget budget(8 << 20);
  // Few bytes that claim to be very many entries, lists and statistics.
  const bytes many_entries = manifest_of(
      status_field, "", [](avro_encoder &) {}, 1'000'000);
  CHECK_FAILS(read_manifest(many_entries, listed_as(7), {}, {}, everything(), budget), status::CORRUPT, "more entries");
  const bytes many_offsets =
      manifest_of(status_field, R"({"name":"split_offsets","field-id":132,"type":{"type":"array","items":"long"}},)",
                  [](avro_encoder &out) {
                    out.write_long(1);
                    out.write_long(std::int64_t{1} << 61);
                  });
  CHECK_FAILS(read_manifest(many_offsets, listed_as(7), {}, {}, everything(), budget), status::CORRUPT, "more items");
  // As many columns as rows: each pair of bytes would cost eight bytes a row.
  const bytes square = manifest_of(
      status_field,
      R"({"name":"value_counts","field-id":109,"type":{"type":"array","items":{"type":"record","name":"a","fields":[
           {"name":"key","field-id":119,"type":"int"},{"name":"value","field-id":120,"type":"long"}]}}},)",
      [next = 0](avro_encoder &out) mutable {
        out.write_long(1);
        out.write_long(1);
        out.write_long(++next);
        out.write_long(1);
        out.write_long(0);
        write_rest(out);
      },
      5'000);
  CHECK_FAILS(read_manifest(square, listed_as(7), {}, {}, everything(), budget), status::RESOURCE_EXHAUSTED);
  BOOST_TEST(budget.in_use() == budget.cache().bytes());
}

BOOST_AUTO_TEST_CASE(damage_anywhere_is_an_error_or_entries) {
  std::map<std::string, int> outcomes;
  for (const bool compress : {false, true}) {
    const bytes file = testing::sample_manifest(compress);
    for (std::size_t i = 0; i < file.size(); ++i) {
      for (int way = 0; way < 3; ++way) {
        bytes damaged = file;
        if (way == 0) damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
        if (way == 1) damaged.erase(i, 1);
        if (way == 2) damaged.insert(i, 1, damaged[i]);
        try {
          memory_budget budget(64 << 20);
          read_manifest(damaged, listed_as(7), testing::sample_spec(), testing::sample_partition_types(), everything(),
                        budget);
          ++outcomes["entries"];
        } catch (const error &e) {
          ++outcomes[name_of(e.code())];
          BOOST_REQUIRE_EQUAL(e.subject(), "m.avro");
        }
      }
    }
  }
  for (const auto &[outcome, count] : outcomes) BOOST_TEST_MESSAGE(outcome << ": " << count);
  BOOST_TEST(outcomes["entries"] > 0);
  BOOST_TEST(outcomes["CORRUPT"] > outcomes["entries"]);
  BOOST_TEST(outcomes.size() <= 4u);  // besides these UNSUPPORTED and RESOURCE_EXHAUSTED
}

BOOST_AUTO_TEST_SUITE_END()
