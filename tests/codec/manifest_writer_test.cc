#include "codec/manifest_writer.h"
#include "runtime/weighed_cache.h"

#include <limits>

#include "codec/manifest_reader.h"
#include "codec/sample_manifest.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(manifest_writing)

namespace {

manifest_columns_wanted everything() {
  manifest_columns_wanted wanted;
  wanted.all_metrics = wanted.column_sizes = wanted.details = true;
  wanted.live_only = false;
  return wanted;
}

manifest_entries read_back(const written_manifest &written, const partition_spec &spec, const std::vector<type> &types,
                           const manifest_columns_wanted &wanted = everything()) {
  manifest_file listed = written.row;
  listed.manifest_path = "m.avro";
  if (listed.sequence_number < 0) listed.sequence_number = 7;
  memory_budget budget(256 << 20);
  manifest_entries entries = read_manifest(*written.file, listed, spec, types, wanted, budget);
  BOOST_TEST(budget.in_use() == budget.cache().bytes());
  return entries;
}

/// A spec of one identity field of a type, and its schema.
struct one_field {
  explicit one_field(type t) : types{std::move(t)}, table_schema(0, {column()}) {
    partition_field f;
    f.source_ids = {1};
    f.field_id = 1000;
    f.name = "part";
    spec.fields = {f};
    target.table_schema = &table_schema;
    target.spec = &spec;
    target.snapshot_id = 5;
  }
  one_field(const one_field &) = delete;
  field column() const {
    field f;
    f.id = 1;
    f.name = "part";
    f.type = types[0];
    return f;
  }
  data_files files(const std::vector<value> &values) const {
    data_files_builder builder(0, types, {1000});
    for (const value &v : values) {
      data_file file;
      file.file_path = "f";
      file.record_count = 1;
      file.file_size = 1;
      file.partition = {v};
      builder.add(file);
    }
    return std::move(builder).finish();
  }
  std::vector<type> types;
  schema table_schema;
  partition_spec spec;
  manifest_target target;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_type_of_partition_value) {
  const int128 big = (int128{1} << 100) + 7;
  const std::vector<std::pair<type, std::vector<value>>> cases = {
      {type_kind::boolean, {true, false}},
      {type_kind::int32, {std::int32_t{-5}, std::numeric_limits<std::int32_t>::max()}},
      {type_kind::int64, {std::numeric_limits<std::int64_t>::min(), std::int64_t{5}}},
      {type_kind::float32, {-0.0f, 1.5f, std::numeric_limits<float>::infinity()}},
      {type_kind::float64, {-1e300, 0.0}},
      {type::decimal(38, 2), {big, int128{-big}, int128{0}, int128{-1}, int128{127}, int128{128}}},
      {type::decimal(9, 2), {int128{999'999'999}, int128{-999'999'999}}},
      {type_kind::date, {std::int32_t{-1}}},
      {type_kind::time, {std::int64_t{86'399'999'999}}},
      {type_kind::timestamp, {std::int64_t{-1}}},
      {type_kind::timestamptz, {std::int64_t{1}}},
      {type_kind::timestamp_ns, {std::int64_t{1}}},
      {type_kind::timestamptz_ns, {std::int64_t{1}}},
      {type_kind::string, {std::string(), std::string("\xc3\xa9")}},
      {type_kind::uuid, {std::string("0123456789abcdef")}},
      {type::fixed(3), {std::string("\0\xff\x80", 3)}},
      {type_kind::binary, {std::string("\xff", 1), std::string()}},
  };
  for (const auto &[t, values] : cases) {
    BOOST_TEST_CONTEXT(t.to_text()) {
      std::vector<value> with_null = values;
      with_null.push_back(null_value{});
      const one_field table(t);
      const data_files files = table.files(with_null);
      for (const int version : {2, 3}) {
        manifest_target target = table.target;
        target.format_version = version;
        const written_manifest written = write_added_manifest(files, 0, files.size(), target);
        const manifest_entries entries = read_back(written, table.spec, table.types);
        BOOST_REQUIRE_EQUAL(entries.size(), with_null.size());
        for (std::size_t row = 0; row < with_null.size(); ++row) {
          BOOST_TEST((entries.files.partitions[0].at(row, entries.files.arena) == with_null[row]));
        }
        const field_summary &summary = written.row.partitions.at(0);
        BOOST_TEST(summary.contains_null);
        BOOST_TEST(!summary.contains_nan.value());
        for (const value &v : values) {
          BOOST_TEST((compare(t, from_single_value(t, summary.lower_bound.value()), v) <= 0));
          BOOST_TEST((compare(t, from_single_value(t, summary.upper_bound.value()), v) >= 0));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(summaries_know_nan_and_the_two_zeroes) {
  const one_field table(type_kind::float64);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto summary_of = [&](const std::vector<value> &values) {
    const data_files files = table.files(values);
    return write_added_manifest(files, 0, files.size(), table.target).row.partitions.at(0);
  };
  const field_summary only_nan = summary_of({nan, nan});
  BOOST_TEST(only_nan.contains_nan.value());
  BOOST_TEST(!only_nan.contains_null);
  BOOST_TEST(!only_nan.lower_bound.has_value());
  const field_summary zeroes = summary_of({0.0, nan, -0.0});
  BOOST_TEST((zeroes.lower_bound.value() == to_single_value(type_kind::float64, -0.0)));
  BOOST_TEST((zeroes.upper_bound.value() == to_single_value(type_kind::float64, 0.0)));
}

BOOST_AUTO_TEST_CASE(an_unknown_type_has_no_values) {
  const one_field table{type(type_kind::unknown)};
  const data_files files = table.files({null_value{}, null_value{}});
  const written_manifest written = write_added_manifest(files, 0, 2, table.target);
  BOOST_TEST(written.row.partitions.at(0).contains_null);
  const manifest_entries entries = read_back(written, table.spec, table.types);
  BOOST_TEST(is_null(entries.files.partitions[0].at(1, entries.files.arena)));
}

BOOST_AUTO_TEST_CASE(added_rows_inherit) {
  const schema table_schema = testing::sample_schema();
  const partition_spec spec = testing::sample_spec();
  const manifest_entries sample = testing::sample_entries();
  manifest_target target;
  target.table_schema = &table_schema;
  target.spec = &spec;
  target.snapshot_id = 99;
  const written_manifest written = write_added_manifest(sample.files, 0, 2, target);
  BOOST_TEST(written.row.sequence_number == -1);
  BOOST_TEST(written.row.min_sequence_number == -1);
  BOOST_TEST(written.row.added_snapshot_id == 99);
  BOOST_TEST(written.row.partition_spec_id == 1);
  BOOST_TEST(written.row.added_files_count.value() == 2);
  BOOST_TEST(written.row.existing_files_count.value() == 0);
  BOOST_TEST(written.row.added_rows_count.value() == 201);
  BOOST_TEST(written.row.manifest_length == static_cast<std::int64_t>(written.file->size()));
  const manifest_entries entries = read_back(written, spec, testing::sample_partition_types());
  for (std::size_t row = 0; row < 2; ++row) {
    BOOST_TEST((entries.statuses[row] == entry_status::added));
    BOOST_TEST(entries.snapshot_ids[row] == 99);
    BOOST_TEST(entries.sequence_numbers[row] == 7);
    BOOST_TEST(entries.file_sequence_numbers[row] == 7);
  }
  BOOST_TEST(write_added_manifest(sample.files, 1, 1, target).row.added_files_count.value() == 0);
}

BOOST_AUTO_TEST_CASE(rewritten_rows_keep_what_they_were) {
  const schema table_schema = testing::sample_schema();
  const partition_spec spec = testing::sample_spec();
  manifest_entries sample = testing::sample_entries();
  sample.files.first_row_ids = {data_files::no_value, 500, 700};
  manifest_target target;
  target.format_version = 3;
  target.table_schema = &table_schema;
  target.spec = &spec;
  target.snapshot_id = 99;
  written_manifest written = write_manifest(sample, {2, 0, 1}, target);
  BOOST_TEST(written.row.min_sequence_number == 3);
  BOOST_TEST(written.row.deleted_files_count.value() == 1);
  BOOST_TEST(written.row.deleted_rows_count.value() == 102);
  BOOST_TEST(written.row.existing_rows_count.value() == 101);
  written.row.first_row_id = 1000;
  const manifest_entries entries = read_back(written, spec, testing::sample_partition_types());
  BOOST_TEST(entries.sequence_numbers == (std::vector<std::int64_t>{4, 7, 3}), boost::test_tools::per_element());
  BOOST_TEST(entries.file_sequence_numbers == (std::vector<std::int64_t>{4, 7, 4}), boost::test_tools::per_element());
  BOOST_TEST(entries.snapshot_ids == (std::vector<std::int64_t>{99, 99, 55}), boost::test_tools::per_element());
  BOOST_TEST(entries.files.first_row_ids == (std::vector<std::int64_t>{700, 1000, 500}),
             boost::test_tools::per_element());
  BOOST_TEST(entries.files.path(2) == sample.files.path(1));
  BOOST_TEST(entries.files.split_offsets.values == (std::vector<std::int64_t>{4, 40'000, 4, 40'000}),
             boost::test_tools::per_element());
  const metrics_column *third = entries.files.find_metrics(3);
  BOOST_REQUIRE(third != nullptr);
  BOOST_TEST(third->value_counts == (std::vector<std::int64_t>{102, 100, -1}), boost::test_tools::per_element());
  BOOST_TEST(third->nan_value_counts.empty());
  BOOST_TEST(third->lower_bounds.at(0, entries.files.arena).value() == "abcdefg3");
  BOOST_TEST(!third->upper_bounds.at(2, entries.files.arena));

  sample.sequence_numbers[1] = -1;
  CHECK_FAILS(write_manifest(sample, {1}, target), status::INVALID_ARGUMENT, "sequence numbers");
}

BOOST_AUTO_TEST_CASE(delete_files) {
  const schema table_schema = testing::sample_schema();
  const partition_spec spec = testing::sample_spec();
  data_file vector;
  vector.file_path = "s3://b/t/vectors.puffin";
  vector.content = file_content::position_deletes;
  vector.format = file_format::puffin;
  vector.record_count = 3;
  vector.file_size = 100;
  vector.partition = {value(std::int32_t{20'000}), value(null_value{})};
  vector.referenced_data_file = "s3://b/data.parquet";
  vector.content_offset = 4;
  vector.content_size = 40;
  data_file equality = vector;
  equality.file_path = "s3://b/t/equality.parquet";
  equality.content = file_content::equality_deletes;
  equality.format = file_format::parquet;
  equality.referenced_data_file.reset();
  equality.content_offset.reset();
  equality.content_size.reset();
  equality.equality_ids = {1, 3};
  equality.key_metadata = "key";
  equality.sort_order_id = 2;
  data_file positions = equality;
  positions.file_path = "s3://b/t/positions.parquet";
  positions.content = file_content::position_deletes;
  positions.equality_ids.clear();
  positions.key_metadata.reset();
  positions.split_offsets = {4};
  const data_file *const all[] = {&vector, &equality, &positions};
  data_files_builder builder(1, testing::sample_partition_types(), {1000, 1001});
  for (const data_file *file : all) builder.add(*file);
  const data_files files = std::move(builder).finish();
  manifest_target target;
  target.format_version = 3;
  target.table_schema = &table_schema;
  target.spec = &spec;
  target.snapshot_id = 99;
  CHECK_FAILS(write_added_manifest(files, 0, 1, target), status::INVALID_ARGUMENT, "content");
  target.content = manifest_content::deletes;
  const written_manifest written = write_added_manifest(files, 0, 3, target);
  BOOST_TEST((read_manifest_header(*written.file, "m").content == manifest_content::deletes));
  const manifest_entries entries = read_back(written, spec, testing::sample_partition_types());
  BOOST_REQUIRE_EQUAL(entries.size(), 3U);
  for (std::size_t row = 0; row < std::size(all); ++row) {
    const data_file read = file_at(entries.files, row);
    BOOST_TEST(read.file_path == all[row]->file_path);
    BOOST_TEST((read.content == all[row]->content));
    BOOST_TEST((read.format == all[row]->format));
    BOOST_TEST((read.partition == all[row]->partition));
    BOOST_TEST(read.equality_ids == all[row]->equality_ids, boost::test_tools::per_element());
    BOOST_TEST(read.split_offsets == all[row]->split_offsets, boost::test_tools::per_element());
    BOOST_TEST((read.referenced_data_file == all[row]->referenced_data_file));
    BOOST_TEST((read.content_offset == all[row]->content_offset));
    BOOST_TEST((read.content_size == all[row]->content_size));
    BOOST_TEST((read.key_metadata == all[row]->key_metadata));
    BOOST_TEST((read.sort_order_id == all[row]->sort_order_id));
    BOOST_TEST(!read.first_row_id);
  }
  const manifest_entries paths = read_back(written, spec, testing::sample_partition_types(), {});
  BOOST_TEST((paths.files.contents == files.contents));
  BOOST_TEST(paths.files.referenced_data_files.empty());
  BOOST_TEST(paths.files.content_offsets.empty());
  BOOST_TEST(paths.files.equality_ids.values.empty());
}

BOOST_AUTO_TEST_CASE(the_header_says_what_the_specification_asks) {
  const manifest_header header = read_manifest_header(testing::sample_manifest(true), "m");
  BOOST_TEST(header.format_version == 3);
  BOOST_TEST(header.schema_id.value() == 3);
  BOOST_TEST(header.partition_spec_id.value() == 1);
  BOOST_TEST(header.schema.find("\"type\":\"struct\"") != std::string::npos);
  BOOST_TEST(header.partition_spec.front() == '[');
  BOOST_TEST(header.codec == "deflate");
  BOOST_TEST((header.content == manifest_content::data));
}

BOOST_AUTO_TEST_CASE(rows_that_do_not_fit_are_refused) {
  const one_field table(type::decimal(3, 0));
  const data_files files = table.files({int128{100'000}});
  CHECK_FAILS(write_added_manifest(files, 0, 1, table.target), status::INVALID_ARGUMENT, "decimal(3");
  manifest_target target = table.target;
  target.format_version = 1;
  CHECK_FAILS(write_added_manifest(files, 0, 1, target), status::INVALID_ARGUMENT, "version");
  const partition_spec unpartitioned;
  target = table.target;
  target.spec = &unpartitioned;
  CHECK_FAILS(write_added_manifest(files, 0, 1, target), status::INVALID_ARGUMENT, "partition values");
}

BOOST_AUTO_TEST_SUITE_END()
