#include "model/data_files.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <random>

#include "failure.h"
#include "model/schema.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(data_files_test)

namespace {

data_file make(const char *path) {
  data_file file;
  file.file_path = path;
  file.record_count = 10;
  file.file_size = 100;
  return file;
}

column_metrics metrics(std::int32_t field_id, std::int64_t value_count) {
  column_metrics m;
  m.field_id = field_id;
  m.value_count = value_count;
  return m;
}

data_files_builder unpartitioned() {
  return data_files_builder(0, {}, {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(formats) {
  for (const file_format format : {file_format::parquet, file_format::avro, file_format::orc, file_format::puffin}) {
    BOOST_TEST(bool(file_format_from(name_of(format)) == format));
  }
  BOOST_TEST(bool(file_format_from("PARQUET") == file_format::parquet));
  BOOST_TEST(!file_format_from("csv").has_value());
}

BOOST_AUTO_TEST_CASE(rows_become_columns) {
  data_files_builder builder(3, {type(type_kind::string), type(type_kind::date)}, {1000, 1001});
  data_file file = make("a");
  file.partition = {std::string("x"), std::int32_t{-7}};
  file.split_offsets = {4, 50};
  file.sort_order_id = 0;
  builder.add(file);
  file = make("b");
  file.partition = {null_value{}, std::int32_t{8}};
  file.content = file_content::position_deletes;
  file.format = file_format::orc;
  builder.add(file);
  const data_files files = std::move(builder).finish();
  BOOST_TEST(files.size() == 2u);
  BOOST_TEST(files.spec_id == 3);
  BOOST_TEST(files.path(1) == "b");
  BOOST_TEST(bool(files.partition(0) == partition_tuple{std::string("x"), std::int32_t{-7}}));
  BOOST_TEST(bool(files.partition(1) == partition_tuple{null_value{}, std::int32_t{8}}));
  BOOST_TEST(files.split_offsets.offsets.size() == 3u);
  BOOST_TEST(files.split_offsets.offsets[1] == 2u);
  BOOST_TEST(files.split_offsets.offsets[2] == 2u);
  BOOST_TEST(files.sort_order_ids[0] == 0);
  BOOST_TEST(files.sort_order_ids[1] == data_files::no_sort_order);
  BOOST_TEST(bool(files.contents[1] == file_content::position_deletes));
  BOOST_TEST(bool(files.file_formats[1] == file_format::orc));
  BOOST_TEST(files.first_row_ids.empty());
}

BOOST_AUTO_TEST_CASE(rows_are_given_back_with_all_that_delete_files_have) {
  data_file data = make("data");
  data.split_offsets = {4, 50};
  data.sort_order_id = 3;
  data.key_metadata = bytes("key\0", 4);
  data.first_row_id = 1000;
  data.metrics = {metrics(2, 10)};
  data.metrics[0].upper_bound = bytes();
  data_file equality = make("equality");
  equality.content = file_content::equality_deletes;
  equality.equality_ids = {7, 2};
  data_file vector = make("vector");
  vector.content = file_content::position_deletes;
  vector.format = file_format::puffin;
  vector.referenced_data_file = "data";
  vector.content_offset = 0;
  vector.content_size = 44;
  data_files_builder builder = unpartitioned();
  const data_file plain = make("plain");
  const data_file *const all[] = {&plain, &data, &equality, &vector, &plain};
  for (const data_file *file : all) builder.add(*file);
  const data_files files = std::move(builder).finish();
  BOOST_TEST(files.first_row_ids.size() == 5U);
  for (std::size_t row = 0; row < std::size(all); ++row) {
    const data_file read = file_at(files, row);
    const data_file &given = *all[row];
    BOOST_TEST(read.file_path == given.file_path);
    BOOST_TEST(bool(read.content == given.content));
    BOOST_TEST(bool(read.format == given.format));
    BOOST_TEST(read.record_count == given.record_count);
    BOOST_TEST(read.file_size == given.file_size);
    BOOST_TEST(read.split_offsets == given.split_offsets, boost::test_tools::per_element());
    BOOST_TEST(read.equality_ids == given.equality_ids, boost::test_tools::per_element());
    BOOST_TEST(bool(read.sort_order_id == given.sort_order_id));
    BOOST_TEST(bool(read.key_metadata == given.key_metadata));
    BOOST_TEST(bool(read.first_row_id == given.first_row_id));
    BOOST_TEST(bool(read.referenced_data_file == given.referenced_data_file));
    BOOST_TEST(bool(read.content_offset == given.content_offset));
    BOOST_TEST(bool(read.content_size == given.content_size));
    BOOST_TEST(read.metrics.size() == given.metrics.size());
  }
  const data_file read = file_at(files, 1);
  BOOST_TEST(read.metrics[0].field_id == 2);
  BOOST_TEST(read.metrics[0].value_count == 10);
  BOOST_TEST(!read.metrics[0].lower_bound);
  BOOST_TEST(read.metrics[0].upper_bound.value().empty());
}

BOOST_AUTO_TEST_CASE(facts_that_files_of_the_content_do_not_have_are_refused) {
  data_files_builder builder = unpartitioned();
  const auto refused = [&](file_content content, auto change, const char *part) {
    data_file file = make("the/path");
    file.content = content;
    change(file);
    CHECK_FAILS(builder.add(file), status::INVALID_ARGUMENT, part);
  };
  const file_content data = file_content::data, positions = file_content::position_deletes;
  refused(
      data, [](data_file &f) { f.equality_ids = {1}; }, "has equality ids: 'the/path'");
  refused(
      positions, [](data_file &f) { f.equality_ids = {1}; }, "has equality ids");
  refused(
      file_content::equality_deletes, [](data_file &) {}, "has no equality ids");
  refused(
      data, [](data_file &f) { f.referenced_data_file = "d"; }, "refers to");
  refused(
      data, [](data_file &f) { f.content_offset = f.content_size = 1; }, "in a part of it");
  refused(
      positions, [](data_file &f) { f.content_offset = 1; }, "one of content offset");
  refused(
      positions, [](data_file &f) { f.content_offset = f.content_size = -1; }, "negative content");
  refused(
      positions, [](data_file &f) { f.first_row_id = 1; }, "first row id");
  refused(
      data, [](data_file &f) { f.first_row_id = -1; }, "negative first row id");
  BOOST_TEST(std::move(builder).finish().size() == 0U);
}

BOOST_AUTO_TEST_CASE(the_value_of_an_earlier_row_is_not_copied) {
  for (const auto &[t, v] : std::vector<std::pair<type, value>>{{type_kind::string, std::string("text")},
                                                                {type_kind::int32, std::int32_t{7}},
                                                                {type_kind::float64, 0.5},
                                                                {type_kind::unknown, null_value{}}}) {
    value_column column;
    column.type = t;
    bytes arena;
    column.push(v, arena);
    const std::size_t size = arena.size();
    column.push_null();
    column.push_same_as(0);
    column.push_same_as(1);
    BOOST_TEST(bool(column.at(2, arena) == v));
    BOOST_TEST(is_null(column.at(3, arena)));
    BOOST_TEST(arena.size() == size);
  }
}

BOOST_AUTO_TEST_CASE(statistics_are_padded_and_sorted) {
  data_files_builder builder = unpartitioned();
  builder.add(make("a"));
  data_file file = make("b");
  file.metrics = {metrics(9, 1), metrics(2, 2)};
  file.metrics[0].lower_bound = "low";
  builder.add(file);
  file = make("c");
  file.metrics = {metrics(2, 3), metrics(5, 4)};
  builder.add(file);
  builder.add(make("d"));
  const data_files files = std::move(builder).finish();
  BOOST_REQUIRE(files.metrics.size() == 3u);
  BOOST_TEST(files.metrics[0].field_id == 2);
  BOOST_TEST(files.metrics[2].field_id == 9);
  BOOST_TEST(bool(files.find_metrics(2)->value_counts == std::vector<std::int64_t>{-1, 2, 3, -1}));
  BOOST_TEST(bool(files.find_metrics(5)->value_counts == std::vector<std::int64_t>{-1, -1, 4, -1}));
  BOOST_TEST(files.find_metrics(2)->column_sizes.empty());
  const metrics_column &nine = *files.find_metrics(9);
  BOOST_REQUIRE(nine.lower_bounds.size() == 4u);
  BOOST_TEST(!nine.lower_bounds.at(0, files.arena));
  BOOST_TEST(nine.lower_bounds.at(1, files.arena).value() == "low");
  BOOST_TEST(!nine.lower_bounds.at(3, files.arena));
  BOOST_TEST(nine.upper_bounds.empty());
  BOOST_TEST(!files.find_metrics(3));
}

BOOST_AUTO_TEST_CASE(an_empty_bound_is_not_a_missing_one) {
  data_files_builder builder = unpartitioned();
  data_file file = make("a");
  file.metrics = {metrics(1, 1)};
  file.metrics[0].lower_bound = "";
  builder.add(file);
  const data_files files = std::move(builder).finish();
  BOOST_TEST(files.metrics[0].lower_bounds.at(0, files.arena).value().empty());
  BOOST_TEST(files.text(span{}).empty());
}

BOOST_AUTO_TEST_CASE(refused_files_leave_no_trace) {
  data_files_builder builder(0, {type(type_kind::int32)}, {1000});
  const auto refused = [&](auto &&change, const char *part) {
    data_file file = make("the/path");
    file.partition = {std::int32_t{1}};
    file.metrics = {metrics(1, 1)};
    change(file);
    CHECK_FAILS(builder.add(file), status::INVALID_ARGUMENT, part);
  };
  refused([](data_file &f) { f.file_path.clear(); }, "empty path");
  refused([](data_file &f) { f.record_count = -1; }, "'the/path'");
  refused([](data_file &f) { f.file_size = -1; }, "'the/path'");
  refused([](data_file &f) { f.partition.clear(); }, "0 partition values");
  refused([](data_file &f) { f.partition = {std::int64_t{1}}; }, "not of type int");
  refused([](data_file &f) { f.metrics[0].value_count = -2; }, "negative count for column 1");
  refused([](data_file &f) { f.metrics.push_back(metrics(1, 2)); }, "column 1 twice");
  refused([](data_file &f) { f.metrics = {metrics(2, 1), metrics(1, 1), metrics(2, 1)}; }, "column 2 twice");
  BOOST_TEST(std::move(builder).finish().size() == 0u);
  CHECK_FAILS(data_files_builder(0, {type(type_kind::int32)}, {}), status::INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(partition_values_of_every_type) {
  const std::pair<type, const char *> cases[] = {
      {type_kind::boolean, "true"},
      {type_kind::int32, "-5"},
      {type_kind::int64, "9223372036854775807"},
      {type_kind::float32, "0.1"},
      {type_kind::float64, "-0.0"},
      {type::decimal(38, 2), "-12345678901234567890.12"},
      {type_kind::date, "1969-12-31"},
      {type_kind::time, "22:31:08"},
      {type_kind::timestamp, "2013-07-01"},
      {type_kind::timestamptz_ns, "2013-07-01"},
      {type_kind::string, ""},
      {type_kind::string, "text"},
      {type_kind::uuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7"},
      {type::fixed(2), "abcd"},
      {type_kind::binary, "00"},
  };
  for (const auto &[t, text] : cases) {
    BOOST_TEST_CONTEXT(t.to_text()) {
      value_column column;
      column.type = t;
      bytes arena = "already there";
      const value v = value_from_text(t, text);
      column.push_null();
      column.push(v, arena);
      BOOST_TEST(is_null(column.at(0, arena)));
      BOOST_TEST(bool(column.at(1, arena) == v));
      CHECK_FAILS(column.push(struct_default{}, arena), status::INVALID_ARGUMENT);
    }
  }
  value_column nothing;
  bytes arena;
  nothing.push(null_value{}, arena);
  BOOST_TEST(is_null(nothing.at(0, arena)));
}

BOOST_AUTO_TEST_CASE(the_arena_is_bounded) {
  data_files files;
  const std::string_view no_such_text(files.arena.data(), std::size_t{1} << 32);  // refused by its size, never read
  CHECK_FAILS(files.keep(no_such_text), status::RESOURCE_EXHAUSTED, "4 GiB");
  BOOST_TEST(files.keep("x").offset == 0u);
}

BOOST_AUTO_TEST_CASE(many_files_do_not_take_long) {
  constexpr int file_count = 100'000, column_count = 12;
  data_file file = make("");
  for (int i = 1; i <= column_count; ++i) {
    column_metrics m = metrics(i, 1000);
    m.column_size = 4096;
    m.null_value_count = m.nan_value_count = 0;
    m.lower_bound = "aaaaaaaa";
    m.upper_bound = "zzzzzzzz";
    file.metrics.push_back(m);
  }
  data_files_builder builder = unpartitioned();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < file_count; ++i) {
    file.file_path = fmt::format("s3://bucket/table/data/00000-{}.parquet", i);
    builder.add(file);
  }
  const data_files files = std::move(builder).finish();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  BOOST_TEST(files.size() == std::size_t{file_count});
  BOOST_TEST(files.metrics.size() == std::size_t{column_count});
  BOOST_TEST_MESSAGE("100,000 files of 12 columns took " << took.count() << " s");
  BOOST_TEST(took.count() < 20);  // a map a row or a search a column would not make it with sanitizers
}

BOOST_AUTO_TEST_SUITE_END()
