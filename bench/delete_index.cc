// Indexes 100,000 delete files and asks for those of 100,000 data files, by what the delete files say of where they apply.
// Prints JSON, a line for each kind: CPU milliseconds to index, nanoseconds a data file, delete files a data file.
#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "table/scan/delete_index.h"

namespace {

using namespace evodb;

constexpr std::size_t file_count = 100'000;
constexpr int partitions = 1000;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::string data_path(std::size_t i) {
  return fmt::format("s3://warehouse/db/events/data/part={}/{:08}-7d1c0f5a-91f1-4b3e-9f3e-aa64c6fb1f60.parquet",
                     i % partitions, i);
}

column_metrics ids_between(std::int64_t lower, std::int64_t upper) {
  column_metrics ids;
  ids.field_id = 1;
  ids.value_count = 1000;
  ids.null_value_count = 0;
  ids.lower_bound = to_single_value(type_kind::int64, lower);
  ids.upper_bound = to_single_value(type_kind::int64, upper);
  return ids;
}

/// File i is in partition i % partitions, has ids around i, and the sequence number that is given.
inherited_entries files_of(const std::function<void(data_file &, std::size_t)> &make, std::int64_t sequence_number,
                           bool is_partitioned) {
  data_files_builder builder(is_partitioned ? 0 : 1,
                             is_partitioned ? std::vector<type>{type_kind::int32} : std::vector<type>(),
                             is_partitioned ? std::vector<std::int32_t>{1000} : std::vector<std::int32_t>());
  for (std::size_t i = 0; i < file_count; ++i) {
    data_file one;
    one.record_count = 1000;
    one.file_size = 100'000;
    if (is_partitioned) one.partition = {static_cast<std::int32_t>(i % partitions)};
    make(one, i);
    builder.add(one);
  }
  manifest_file listed;
  listed.sequence_number = sequence_number;
  return inherited_entries(added_entries(std::move(builder).finish()), manifest_inheritance(listed));
}

void measure(const char *kind, const std::function<void(data_file &, std::size_t)> &make, bool is_global,
             const inherited_entries &data, std::size_t asked) {
  delete_index::source deletes{files_of(make, 5, !is_global), std::vector<std::uint32_t>(file_count), is_global};
  for (std::size_t i = 0; i < file_count; ++i) deletes.rows[i] = static_cast<std::uint32_t>(i);
  std::vector<delete_index::source> sources;
  sources.push_back(std::move(deletes));
  const double begun = cpu_ms();
  const delete_index index(std::move(sources), {{1, type_kind::int64}});
  const double indexed = cpu_ms();
  std::size_t found = 0;
  std::vector<delete_file> applying;
  for (std::size_t row = 0; row < asked; ++row) {
    applying.clear();
    index.find(data, row * (file_count / asked), applying);
    found += applying.size();
  }
  const double asked_ms = cpu_ms() - indexed;
  fmt::print(
      "{{\"kind\":\"{}\",\"delete_files\":{},\"index_ms\":{:.1f},\"ns_a_file\":{:.0f},\"found_a_file\":{:.2f}}}\n",
      kind, file_count, indexed - begun, asked_ms * 1e6 / static_cast<double>(asked),
      static_cast<double>(found) / static_cast<double>(asked));
}

}  // namespace

int main() {
  const auto path_of = [](const char *kind, std::size_t i) {
    return fmt::format("s3://warehouse/db/events/data/{}-{}", kind, i);
  };
  const inherited_entries data = files_of(
      [](data_file &one, std::size_t i) {
        one.file_path = data_path(i);
        one.metrics.push_back(ids_between(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i) + 10));
      },
      1, true);
  measure(
      "vectors",
      [&](data_file &one, std::size_t i) {
        one.file_path = "s3://warehouse/db/events/data/deletes.puffin";
        one.format = file_format::puffin;
        one.content = file_content::position_deletes;
        one.referenced_data_file = data_path(i);
        one.content_offset = static_cast<std::int64_t>(4 + 40 * i);
        one.content_size = 40;
      },
      false, data, file_count);
  measure(
      "positions by path",
      [&](data_file &one, std::size_t i) {
        one.file_path = path_of("deletes", i);
        one.content = file_content::position_deletes;
        one.referenced_data_file = data_path(i);
      },
      false, data, file_count);
  measure(
      "positions by partition",
      [&](data_file &one, std::size_t i) {
        one.file_path = path_of("deletes", i);
        one.content = file_content::position_deletes;
      },
      false, data, file_count);
  const auto equality = [&](data_file &one, std::size_t i) {
    one.file_path = path_of("deletes", i);
    one.content = file_content::equality_deletes;
    one.equality_ids = {1};
    one.metrics.push_back(ids_between(static_cast<std::int64_t>(i), static_cast<std::int64_t>(i)));
  };
  measure("equality by partition", equality, false, data, file_count);
  measure("equality everywhere", equality, true, data, file_count / 100);
  return 0;
}
