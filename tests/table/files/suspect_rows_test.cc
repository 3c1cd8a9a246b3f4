// A file that is refused by itself is suspected, whatever else: otherwise it would pass in columns.

#include "table/files/suspect_rows.h"

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "codec/partition_json.h"
#include "failure.h"
#include "table/files/described_files.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

namespace {

struct suspected_table : sample_table {
  static schema columns() {
    const type inner = type::structure({{0, "x", true, type_kind::float64, {}, {}, {}}});
    const type tags = type::list({0, "element", false, type_kind::string, {}, {}, {}});
    return schema(0, keep_or_assign_ids({{0, "id", true, type_kind::int64, {}, {}, {}},
                                         {0, "day", false, type_kind::date, {}, {}, {}},
                                         {0, "name", false, type_kind::string, {}, {}, {}},
                                         {0, "price", false, type::decimal(9, 2), {}, {}, {}},
                                         {0, "ratio", false, type_kind::float32, {}, {}, {}},
                                         {0, "octets", false, type_kind::binary, {}, {}, {}},
                                         {0, "key", false, type_kind::uuid, {}, {}, {}},
                                         {0, "s", false, inner, {}, {}, {}},
                                         {0, "tags", false, tags, {}, {}, {}}}));
  }
  table of(const std::string &spec) const {
    return create_table(tables->find("suspected"), columns(), parse_partition_spec(spec, columns()), 2, {});
  }
};

data_files one_column(std::int32_t field_id, const value &lower, const value &upper, const type &t) {
  data_file file;
  file.file_path = "data/a.parquet";
  file.record_count = 10;
  file.metrics.resize(1);
  file.metrics[0].field_id = field_id;
  file.metrics[0].value_count = 10;
  file.metrics[0].lower_bound = to_single_value(t, lower);
  file.metrics[0].upper_bound = to_single_value(t, upper);
  data_files_builder builder(0, {}, {});
  builder.add(file);
  return std::move(builder).finish();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(suspect_rows_test, suspected_table)

BOOST_AUTO_TEST_CASE(whatever_is_refused_is_suspected) {
  const table to = of("id, bucket(4, name), day");
  const schema &all = *to.metadata()->current_schema();
  const partition_spec &spec = to.metadata()->default_spec();
  const std::vector<type> types = result_types(spec, all);
  std::vector<std::int32_t> ids, partition_ids;
  all.for_each([&](const field &f, const std::string &) { ids.push_back(f.id); });
  for (const partition_field &f : spec.fields) partition_ids.push_back(f.field_id);

  std::mt19937 random(7);
  const auto any = [&](const auto &of) { return of[random() % of.size()]; };
  const std::vector<std::int64_t> counts{-1, -1, 0, 1, 5, 9, 10, 10, 10, 11};
  const std::vector<bytes> bounds{bytes("\1\0\0\0\0\0\0\0", 8),
                                  bytes("\2\0\0\0\0\0\0\0", 8),
                                  bytes(8, '\xff'),
                                  bytes("\1\0\0\0", 4),
                                  bytes("\2\0\0\0", 4),
                                  bytes("\0\0\xc0\x7f", 4),
                                  bytes(),
                                  bytes(17, 'x'),
                                  bytes(16, 'x')};
  data_files_builder builder(spec.spec_id, types, partition_ids);
  constexpr int rows = 4000;
  for (int row = 0; row < rows; ++row) {
    data_file file;
    file.file_path = fmt::format("data/{}.parquet", row);
    file.record_count = row % 50 == 0 ? 0 : 10;
    file.partition = {std::int64_t{1}, std::int32_t{static_cast<std::int32_t>(random() % 4)}, std::int32_t{1}};
    if (row % 7 == 0) file.partition[2] = null_value{};
    file.split_offsets.resize(random() % 3);
    for (std::int64_t &offset : file.split_offsets) offset = static_cast<std::int64_t>(random() % 9) - 1;
    if (random() % 2 == 0) file.split_offsets.clear();
    for (std::size_t m = random() % 3; m > 0; --m) {
      column_metrics metrics;
      metrics.field_id = any(ids);
      if (random() % 2 == 0) metrics.value_count = any(counts);
      if (random() % 2 == 0) metrics.null_value_count = any(counts);
      if (random() % 4 == 0) metrics.nan_value_count = any(counts);
      if (random() % 2 == 0) metrics.lower_bound = any(bounds);
      if (random() % 2 == 0) metrics.upper_bound = any(bounds);
      const bool is_twice = !file.metrics.empty() && file.metrics[0].field_id == metrics.field_id;
      if (!is_twice) file.metrics.push_back(std::move(metrics));
    }
    builder.add(file);
  }
  const data_files files = std::move(builder).finish();
  const std::vector<std::uint8_t> suspects = suspect_rows(files, all, spec);
  int refused_count = 0, passed_count = 0;
  for (std::size_t row = 0; row < files.size(); ++row) {
    bool is_refused = false;
    std::string why;
    try {
      described_files(to, false).add(file_at(files, row), write_partition_json(spec, types, files.partition(row)));
    } catch (const error &wrong) {
      is_refused = true;
      why = wrong.message();
    }
    BOOST_TEST((!is_refused || suspects[row] != 0), why);
    refused_count += is_refused;
    passed_count += suspects[row] == 0;
  }
  BOOST_TEST(refused_count > rows / 10);
  BOOST_TEST(passed_count > rows / 10);
}

BOOST_AUTO_TEST_CASE(ordinary_bounds_are_not_looked_at_one_by_one) {
  const schema all = columns();
  const partition_spec none;
  const auto is_suspected = [&](const char *name, const value &lower, const value &upper) {
    const field &f = *all.find(name);
    return suspect_rows(one_column(f.id, lower, upper, f.type), all, none).at(0) != 0;
  };
  const std::string e_acute = "\xc3\xa9";
  BOOST_TEST(!is_suspected("id", std::int64_t{-5}, std::int64_t{300}));
  BOOST_TEST(is_suspected("id", std::int64_t{300}, std::int64_t{-5}));
  BOOST_TEST(!is_suspected("day", std::int32_t{-5}, std::int32_t{-5}));
  BOOST_TEST(!is_suspected("name", std::string("z"), e_acute));
  BOOST_TEST(is_suspected("name", e_acute, std::string("z")));
  BOOST_TEST(!is_suspected("price", int128{-300}, int128{2}));
  BOOST_TEST(is_suspected("price", int128{300}, int128{-2}));
  BOOST_TEST(!is_suspected("ratio", -1.5F, 0.0F));
  BOOST_TEST(!is_suspected("s.x", 0.0, -0.0));
  BOOST_TEST(!is_suspected("octets", std::string("\x7f"), std::string("\xff")));
}

BOOST_AUTO_TEST_CASE(counts_and_sizes_below_their_least_are_suspected) {
  const schema all = columns();
  const partition_spec none;
  const auto suspected = [&](auto change) {
    data_files files = one_column(1, std::int64_t{1}, std::int64_t{1}, type_kind::int64);
    files.metrics[0].column_sizes = files.metrics[0].null_value_counts = files.metrics[0].nan_value_counts = {0};
    change(files);
    return suspect_rows(files, all, none).at(0) != 0;
  };
  BOOST_TEST(!suspected([](data_files &) {}));
  BOOST_TEST(suspected([](data_files &f) { f.record_counts[0] = -1; }));
  BOOST_TEST(suspected([](data_files &f) { f.file_sizes[0] = -1; }));
  BOOST_TEST(suspected([](data_files &f) { f.metrics[0].column_sizes[0] = -2; }));
  BOOST_TEST(suspected([](data_files &f) { f.metrics[0].value_counts[0] = -2; }));
  BOOST_TEST(suspected([](data_files &f) { f.metrics[0].null_value_counts[0] = -2; }));
  BOOST_TEST(suspected([](data_files &f) { f.metrics[0].nan_value_counts[0] = -2; }));
}

BOOST_AUTO_TEST_SUITE_END()
