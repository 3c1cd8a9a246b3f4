// Decodes a manifest of 10,000 entries and 12 columns with all statistics, and compares the CPU time with that of
// inflating its blocks alone. Prints JSON. With a path, decodes that manifest (of an unpartitioned table or one whose
// partition values are not needed) instead.
#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "codec/avro_file.h"
#include "codec/manifest_reader.h"
#include "codec/manifest_writer.h"

namespace {

using namespace evodb;

constexpr int entries = 10'000;
constexpr int columns = 12;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double best_of(int runs, const std::function<void()> &work) {
  double best = 1e300;
  for (int i = 0; i < runs; ++i) {
    const double start = cpu_ms();
    work();
    best = std::min(best, cpu_ms() - start);
  }
  return best;
}

/// Files as an ingestion job leaves them: a day's partition, numbers, texts and times whose bounds differ from file to
/// file.
data_files make_files() {
  std::mt19937_64 random(7);
  data_files_builder builder(0, {type(type_kind::date)}, {1000});
  for (int i = 0; i < entries; ++i) {
    data_file file;
    const int day = 20'000 + i / 30;
    file.file_path = fmt::format(
        "s3://warehouse/db/events/data/time_day={}/{:05}-{}-{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}-00001.parquet", day,
        i % 512, i, random() & 0xffffffff, random() & 0xffff, random() & 0xfff, random() & 0xfff,
        random() & 0xffffffffffff);
    file.record_count = 90'000 + static_cast<std::int64_t>(random() % 20'000);
    file.file_size = 120'000'000 + static_cast<std::int64_t>(random() % 20'000'000);
    file.partition = {value(std::int32_t{day})};
    file.split_offsets = {4};
    for (int c = 1; c <= columns; ++c) {
      column_metrics metrics;
      metrics.field_id = c;
      metrics.column_size = static_cast<std::int64_t>(random() % 20'000'000);
      metrics.value_count = file.record_count;
      metrics.null_value_count = c % 3 == 0 ? static_cast<std::int64_t>(random() % 5'000) : 0;
      if (c % 4 == 0) metrics.nan_value_count = 0;
      const auto low = static_cast<std::int64_t>(random() % 1'000'000'000);
      if (c % 4 == 1) {
        metrics.lower_bound = fmt::format("name-{:011}", low);
        metrics.upper_bound = fmt::format("name-{:011}", low + 77);
      } else {
        metrics.lower_bound.emplace();
        append_le(*metrics.lower_bound, low);
        metrics.upper_bound.emplace();
        append_le(*metrics.upper_bound, low + 1'000'000);
      }
      file.metrics.push_back(std::move(metrics));
    }
    builder.add(file);
  }
  return std::move(builder).finish();
}

/// Inflates every block into one buffer that is used again and again.
class inflate_alone {
 public:
  inflate_alone(byte_view file, memory_budget &budget) : decompressor_(libdeflate_alloc_decompressor()) {
    const avro_file_header header = read_avro_file_header(file, "manifest");
    avro_block_reader blocks(file, header, "manifest", budget);
    std::size_t at = header.first_block;
    while (blocks.next()) {
      for (int numbers = 0; numbers < 2; ++at) numbers += (file[at] & 0x80) == 0;  // count and size
      const std::size_t end = blocks.next_offset() - header.sync.size();
      stored_.push_back(file.substr(at, end - at));
      inflated_bytes_ += blocks.data_size();
      largest_ = std::max(largest_, blocks.data_size());
      at = blocks.next_offset();
    }
    buffer_.resize(largest_);
  }
  ~inflate_alone() { libdeflate_free_decompressor(decompressor_); }
  inflate_alone(const inflate_alone &) = delete;
  inflate_alone &operator=(const inflate_alone &) = delete;

  void run() {
    for (const byte_view block : stored_) {
      std::size_t size = 0;
      if (libdeflate_deflate_decompress(decompressor_, block.data(), block.size(), buffer_.data(), buffer_.size(),
                                        &size) != LIBDEFLATE_SUCCESS) {
        throw error(status::CORRUPT, "block does not inflate");
      }
    }
  }
  std::size_t inflated_bytes() const { return inflated_bytes_; }
  std::size_t blocks() const { return stored_.size(); }

 private:
  libdeflate_decompressor *decompressor_;
  std::vector<byte_view> stored_;
  std::size_t inflated_bytes_ = 0;
  std::size_t largest_ = 0;
  std::string buffer_;
};

}  // namespace

int main(int argc, char **argv) try {
  const int runs = 40;
  memory_budget budget(std::int64_t{1} << 30);
  std::vector<field> fields;
  for (int c = 1; c <= columns; ++c) {
    field f;
    f.id = c;
    f.name = fmt::format("c{}", c);
    f.type = c % 4 == 1 ? type_kind::string : type_kind::int64;
    fields.push_back(std::move(f));
  }
  const schema table_schema(0, std::move(fields));
  partition_spec spec;
  if (argc < 2) {
    partition_field by_day;
    by_day.source_ids = {2};
    by_day.field_id = 1000;
    by_day.name = "time_day";
    by_day.transform = transform::parse("day");
    spec.fields = {by_day};
  }
  std::vector<type> partition_types(spec.fields.size(), type(type_kind::date));

  std::shared_ptr<const bytes> file;
  manifest_file listed;
  double write_ms = 0;
  if (argc > 1) {
    std::ifstream in(argv[1], std::ios::binary);
    file = std::make_shared<const bytes>(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    listed.content = read_manifest_header(*file, argv[1]).content;
  } else {
    const data_files files = make_files();
    manifest_target target;
    target.table_schema = &table_schema;
    target.spec = &spec;
    target.snapshot_id = 1;
    written_manifest written;
    write_ms = best_of(5, [&] { written = write_added_manifest(files, 0, files.size(), target); });
    file = written.file;
    listed = written.row;
  }
  listed.sequence_number = 1;
  listed.manifest_path = "manifest";

  inflate_alone floor(*file, budget);
  std::size_t decoded = 0;
  const auto decode = [&](const manifest_columns_wanted &wanted) {
    decoded = read_manifest(*file, listed, spec, partition_types, wanted, budget).size();
  };
  manifest_columns_wanted none;
  manifest_columns_wanted two;
  two.bounds_and_counts_of = {2, 5};
  manifest_columns_wanted all;
  all.all_metrics = true;
  manifest_columns_wanted everything = all;
  everything.column_sizes = true;
  everything.details = true;

  const double floor_ms = best_of(runs, [&] { floor.run(); });
  const double none_ms = best_of(runs, [&] { decode(none); });
  const double two_ms = best_of(runs, [&] { decode(two); });
  const double all_ms = best_of(runs, [&] { decode(all); });
  const double everything_ms = best_of(runs, [&] { decode(everything); });
  fmt::print(
      R"({{"benchmark":"manifest_decode","entries":{},"columns":{},"file_bytes":{},"inflated_bytes":{},"blocks":{},"write_ms":{:.2f},)"
      R"("inflate_ms":{:.3f},"no_statistics_ms":{:.3f},"two_columns_ms":{:.3f},"all_statistics_ms":{:.3f},"everything_ms":{:.3f},)"
      R"("no_statistics_ratio":{:.3f},"two_columns_ratio":{:.3f},"all_statistics_ratio":{:.3f},"everything_ratio":{:.3f}}})"
      "\n",
      decoded, columns, file->size(), floor.inflated_bytes(), floor.blocks(), write_ms, floor_ms, none_ms, two_ms,
      all_ms, everything_ms, none_ms / floor_ms, two_ms / floor_ms, all_ms / floor_ms, everything_ms / floor_ms);
} catch (const error &e) {
  fmt::print(stderr, "{}: {}\n", e.what(), e.subject());
  return 1;
}
