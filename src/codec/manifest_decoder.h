#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/avro_file.h"
#include "codec/manifest_columns.h"
#include "codec/manifest_program.h"
#include "model/data_files.h"
#include "model/manifest_file.h"

namespace evodb {

/// Runs a program over a manifest's blocks. What it is given must outlive it. Failures as decode_manifest's.
class manifest_decoder {
 public:
  manifest_decoder(const manifest_program &program, manifest_content content, std::string_view subject,
                   const partition_spec &spec, const std::vector<type> &partition_types,
                   const manifest_columns_wanted &wanted, memory_budget &budget);

  void decode_block(const avro_block_reader &block);
  manifest_entries finish() && { return std::move(columns_).finish(); }

 private:
  /// What an entry says.
  struct entry_fields {
    std::optional<std::int32_t> status;
    std::optional<std::int64_t> snapshot_id;
    std::optional<std::int64_t> sequence_number;
    std::optional<std::int64_t> file_sequence_number;
  };

  void decode_entry(avro_decoder &in);
  void lose_partition_value(const manifest_step &step);
  void read_field(avro_decoder &in, const manifest_step &step, entry_fields &entry);
  span read_text(avro_decoder &in);
  file_format read_format(avro_decoder &in, const avro_type &from);
  template <typename ReadItem>
  void read_list(avro_decoder &in, const manifest_step &step, ReadItem read_item);

  template <typename Pairs>
  void read_pairs(avro_decoder &from, const manifest_step &step, const Pairs &pairs);
  void read_counts(avro_decoder &in, const manifest_step &step, metrics_builder::count_kind kind);
  void read_bounds(avro_decoder &in, const manifest_step &step, metrics_builder::bound_kind kind);

  void finish_entry(avro_decoder &in, const entry_fields &entry);

  const manifest_program &program_;
  const manifest_content content_;
  const std::string_view subject_;
  const manifest_columns_wanted &wanted_;
  manifest_columns columns_;
  data_files &files_;  // the columns'
  std::string last_format_name_ = "PARQUET";
  file_format last_format_ = file_format::parquet;
};

}  // namespace evodb
