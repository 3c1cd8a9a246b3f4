// Describing data files to an append, as JSON: with all statistics of 12 columns, through the public header alone.
//   bench_describe calls|arrow|neither [FILES]
// "calls" gives one fact a call, "arrow" one array; "neither" only prepares what both are given, to be subtracted from
// what a profiler counts for the whole program (perf stat -e instructions:u).
#include <evodb_lakehouse.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "arrow/arrow_arrays.h"
#include "require_ok.h"

namespace {

using evodb::testing::arrow_column;
using offsets = std::vector<std::int32_t>;

constexpr int columns = 12;
constexpr std::int64_t days = 365;
constexpr std::int64_t split_offset = 4;

double cpu_ms() {
  rusage now{};
  getrusage(RUSAGE_SELF, &now);
  return static_cast<double>(now.ru_utime.tv_sec) * 1e3 + static_cast<double>(now.ru_utime.tv_usec) / 1e3;
}

/// Values of different lengths, one behind the other.
struct texts {
  offsets ends{0};
  std::string octets;

  void add(std::string_view text) {
    octets += text;
    ends.push_back(static_cast<std::int32_t>(octets.size()));
  }
  std::string_view at(std::size_t i) const {
    return std::string_view(octets).substr(static_cast<std::size_t>(ends[i]),
                                           static_cast<std::size_t>(ends[i + 1] - ends[i]));
  }
};

template <typename Number>
std::string single_value(Number number) {
  return std::string(reinterpret_cast<const char *>(&number), sizeof number);
}

/// Spread over the days of a year in order, as a writer would have them.
struct described {
  explicit described(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t day = i * days / count;
      paths.add(fmt::format("data/c0={}/part-{:08}-7c1f0a52-9d8c-4a51-b0fc-1d2f3e4a5b6c.parquet", day, i));
      partitions.add(fmt::format("{{\"c0\":\"2013-{:02}-{:02}\"}}", day / 31 + 1, day % 28 + 1));
      const auto date = static_cast<std::int32_t>(15706 + days_before(day / 31) + day % 28);
      records.push_back(10000 + i % 997);
      sizes.push_back(4000000 + i % 100003);
      splits.push_back(split_offset);
      for (int c = 0; c < columns; ++c) {
        field_ids.push_back(c + 1);
        column_sizes.push_back(30000 + (i * 31 + c) % 5000);
        value_counts.push_back(records.back());
        null_counts.push_back(c == 0 ? 0 : (i + c) % 10);
        if (c == 0) {
          lower.add(single_value(date));
          upper.add(single_value(date));
        } else if (c % 2 == 0) {
          lower.add(single_value(i * 1000 + c));
          upper.add(single_value(i * 1000 + 999));
        } else {
          lower.add(fmt::format("k{:07}", i % 1000003));
          upper.add(fmt::format("q{:07}", i % 1000003));
        }
      }
    }
  }
  static std::int64_t days_before(std::int64_t month) {
    constexpr std::int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int64_t before = 0;
    for (std::int64_t m = 0; m < month; ++m) before += lengths[m];
    return before;
  }
  std::int64_t count() const { return static_cast<std::int64_t>(records.size()); }

  texts paths, partitions, lower, upper;
  std::vector<std::int64_t> records, sizes, splits, column_sizes, value_counts, null_counts;
  std::vector<std::int32_t> field_ids;
};

offsets evenly(std::int64_t rows, std::int32_t step) {
  offsets ends;
  for (std::int64_t i = 0; i <= rows; ++i) ends.push_back(static_cast<std::int32_t>(i) * step);
  return ends;
}

void add_array(const described &files, evodb_data_files_builder *to) {
  const std::int64_t rows = files.count();
  arrow_column root("+s", "", rows);
  root.child("u", "file_path", rows).values(files.paths.ends).text(files.paths.octets);
  root.child("u", "partition", rows).values(files.partitions.ends).text(files.partitions.octets);
  root.child("l", "record_count", rows).values(files.records);
  root.child("l", "file_size_in_bytes", rows).values(files.sizes);
  root.child("+l", "split_offsets", rows).values(evenly(rows, 1)).child("l", "item", rows).values(files.splits);
  const auto map_of = [&](const char *name, const char *format) -> arrow_column & {
    arrow_column &entries =
        root.child("+m", name, rows).values(evenly(rows, columns)).map_child(rows * columns, format);
    entries["key"].values(files.field_ids);
    return entries["value"];
  };
  map_of("column_sizes", "l").values(files.column_sizes);
  map_of("value_counts", "l").values(files.value_counts);
  map_of("null_value_counts", "l").values(files.null_counts);
  map_of("lower_bounds", "z").values(files.lower.ends).text(files.lower.octets);
  map_of("upper_bounds", "z").values(files.upper.ends).text(files.upper.octets);
  const double begun = cpu_ms();
  if (to != nullptr) {
    evodb_error *failure = nullptr;
    require_ok(evodb_data_files_builder_add_arrow(to, &root.array, &root.schema, &failure), failure);
    fmt::print("{{\"name\":\"describe by Arrow\",\"files\":{},\"cpu_ms\":{:.1f}}}\n", rows, cpu_ms() - begun);
  }
}

void add_by_calls(const described &files, evodb_data_files_builder *to) {
  evodb_error *failure = nullptr;
  const double begun = cpu_ms();
  const auto octets = [](std::string_view text) { return reinterpret_cast<const std::uint8_t *>(text.data()); };
  for (std::size_t i = 0; i < files.records.size(); ++i) {
    const std::string_view path = files.paths.at(i), partition = files.partitions.at(i);
    require_ok(evodb_data_files_builder_add(to, path.data(), static_cast<std::int64_t>(path.size()), "parquet", -1,
                                            files.records[i], files.sizes[i], partition.data(),
                                            static_cast<std::int64_t>(partition.size()), &failure),
               failure);
    for (std::size_t c = i * columns; c < (i + 1) * columns; ++c) {
      const std::string_view lower = files.lower.at(c), upper = files.upper.at(c);
      require_ok(evodb_data_files_builder_set_counts(to, files.field_ids[c], files.column_sizes[c],
                                                     files.value_counts[c], files.null_counts[c], -1, &failure),
                 failure);
      require_ok(evodb_data_files_builder_set_bounds(to, files.field_ids[c], octets(lower),
                                                     static_cast<std::int64_t>(lower.size()), octets(upper),
                                                     static_cast<std::int64_t>(upper.size()), &failure),
                 failure);
    }
    require_ok(evodb_data_files_builder_set_split_offsets(to, &files.splits[i], 1, &failure), failure);
  }
  fmt::print("{{\"name\":\"describe by calls\",\"files\":{},\"cpu_ms\":{:.1f}}}\n", files.count(), cpu_ms() - begun);
}

}  // namespace

int main(int argc, char **argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  if (how != "calls" && how != "arrow" && how != "neither") {
    fmt::print(stderr, "usage: bench_describe calls|arrow|neither [FILES]\n");
    return 2;
  }
  const described files(argc > 2 ? std::atoll(argv[2]) : 100000);
  evodb_error *failure = nullptr;
  evodb_runtime *runtime = nullptr;
  evodb_storage *storage = nullptr;
  evodb_schema_builder *builder = nullptr;
  evodb_schema *schema = nullptr;
  evodb_partition_spec *spec = nullptr;
  evodb_table *table = nullptr;
  evodb_data_files_builder *to = nullptr;
  require_ok(evodb_runtime_open(nullptr, &runtime, &failure), failure);
  require_ok(evodb_storage_open(runtime, "memory://bench", -1, nullptr, &storage, &failure), failure);
  require_ok(evodb_schema_builder_new(&builder, &failure), failure);
  for (int c = 0; c < columns; ++c) {
    const std::string name = fmt::format("c{}", c);
    const char *type = c == 0 ? "date" : c % 2 == 0 ? "long" : "string";
    require_ok(evodb_schema_builder_add(builder, name.c_str(), -1, type, -1, 0, nullptr, 0, &failure), failure);
  }
  require_ok(evodb_schema_builder_finish(builder, &schema, &failure), failure);
  require_ok(evodb_partition_spec_parse(schema, "c0", -1, &spec, &failure), failure);
  require_ok(evodb_table_create(storage, "table", -1, schema, spec, nullptr, &table, &failure), failure);
  require_ok(evodb_data_files_builder_new(table, nullptr, &to, &failure), failure);
  if (how == "calls") {
    add_by_calls(files, to);
  }
  add_array(files, how == "arrow" ? to : nullptr);
  evodb_data_files_builder_free(to);
  evodb_table_free(table);
  evodb_partition_spec_free(spec);
  evodb_schema_free(schema);
  evodb_schema_builder_free(builder);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return 0;
}
