#include "codec/manifest_decoder.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

bool is_required(manifest_field field) noexcept {
  switch (field) {
    case manifest_field::status:
    case manifest_field::file_path:
    case manifest_field::file_format:
    case manifest_field::record_count:
    case manifest_field::file_size:
      return true;
    default:
      return false;
  }
}

/// Where a negative number says that it is not known (Java leaves -1 where it imported Avro files).
std::int64_t read_known(avro_decoder &in) {
  return std::max(in.read_long(), data_files::no_value);
}

std::int64_t read_natural(avro_decoder &in) {
  const std::int64_t value = in.read_long();
  if (value < 0) in.corrupt("a count, size or offset is negative");
  return value;
}

void skip_bounds(avro_decoder &from) {
  avro_decoder in = from;
  while (const std::size_t count = in.read_item_count(2)) in.skip_keyed_bytes(count);
  from = in;
}

struct count_pairs {
  metrics_builder &metrics;
  metrics_builder::count_kind kind;
  std::size_t row;

  static std::int64_t read(avro_decoder &in) { return in.read_long(); }
  static void skip(avro_decoder &in) { in.skip_varint(); }
  static void skip_pairs(avro_decoder &in, std::size_t count) { in.skip_varints(2 * count); }
  std::vector<std::int64_t> *find(std::size_t position, std::int32_t field_id) const {
    return metrics.counts(kind, position, field_id);
  }
  void put(std::vector<std::int64_t> &column, std::int64_t count) const {
    column[row] = std::max(count, data_files::no_value);  // a negative count says nothing
  }
};

struct bound_pairs {
  metrics_builder &metrics;
  metrics_builder::bound_kind kind;
  std::size_t row;
  bytes &arena;

  static std::string_view read(avro_decoder &in) { return in.read_bytes(); }
  static void skip(avro_decoder &in) { in.read_bytes(); }
  static void skip_pairs(avro_decoder &in, std::size_t count) { in.skip_keyed_bytes(count); }
  bound_column *find(std::size_t position, std::int32_t field_id) const {
    return metrics.bounds(kind, position, field_id);
  }
  void put(bound_column &column, std::string_view bound) const { column.set(row, bound, arena); }
};

/// A pair with its value first, with optional members, or with more members. One without a field id says nothing.
template <typename Pairs>
void read_odd_pair(avro_decoder &in, const avro_type &pair, const Pairs &pairs, std::size_t position) {
  const pair_fields fields = pair_fields_of(pair);
  std::optional<std::int64_t> key;
  std::optional<decltype(Pairs::read(in))> number_or_bytes;
  for (std::size_t i = 0; i < pair.fields.size(); ++i) {
    if (i != fields.key && i != fields.value) {
      in.skip(*pair.fields[i].type);
    } else if (in.read_present(option_of(*pair.fields[i].type).null_branch)) {
      if (i == fields.key) key = in.read_long();
      if (i == fields.value) number_or_bytes = Pairs::read(in);
    }
  }
  const bool is_field_id = key && *key == static_cast<std::int32_t>(*key);
  auto *column = is_field_id && number_or_bytes ? pairs.find(position, static_cast<std::int32_t>(*key)) : nullptr;
  if (column != nullptr) pairs.put(*column, *number_or_bytes);
}

}  // namespace

manifest_decoder::manifest_decoder(const manifest_program &program, manifest_content content, std::string_view subject,
                                   const partition_spec &spec, const std::vector<type> &partition_types,
                                   const manifest_columns_wanted &wanted, memory_budget &budget)
    : program_(program),
      content_(content),
      subject_(subject),
      wanted_(wanted),
      columns_(spec, partition_types, wanted, budget),
      files_(columns_.files) {}

void manifest_decoder::decode_block(const avro_block_reader &block) {
  avro_decoder in = block.decoder();
  if (block.count() > block.data_size() / program_.least_entry_bytes) in.corrupt("more entries than bytes");
  columns_.begin_block(block);
  for (std::size_t i = 0; i < block.count(); ++i) decode_entry(in);
  if (!in.at_end()) in.corrupt("bytes are left behind the block's last entry");
  columns_.end_block(block);
}

void manifest_decoder::decode_entry(avro_decoder &in) {
  columns_.begin_row();
  for (const std::uint32_t field : program_.unknown_partition_fields) {
    files_.partitions[field].unknown[columns_.row] = 1;
  }
  entry_fields entry;
  const std::size_t steps = program_.steps.size();
  for (std::size_t i = 0; i < steps; ++i) {
    const manifest_step &step = program_.steps[i];
    const bool present = in.read_present(step.null_branch);
    switch (step.what) {
      case manifest_step::action::read:
        if (present) {
          read_field(in, step, entry);
        } else if (is_required(step.field)) {
          in.corrupt("null in a required field, id " + std::to_string(static_cast<std::int32_t>(step.field)));
        }
        break;
      case manifest_step::action::read_partition:
        if (present) {
          read_partition_value(in, *step.type, step.conversion, files_.partitions[step.index], columns_.row, files_);
        }
        break;
      case manifest_step::action::enter:
        if (present) break;
        if (step.field == manifest_field::data_file) in.corrupt("an entry has no data file");
        for (const std::size_t end = i + step.index; i < end;) lose_partition_value(program_.steps[++i]);
        break;
      case manifest_step::action::skip:
        in.skip(*step.type);
        break;
      case manifest_step::action::skip_counts:
        while (const std::size_t count = present ? in.read_item_count(2) : 0) in.skip_varints(2 * count);
        break;
      case manifest_step::action::skip_bounds:
        if (present) skip_bounds(in);
        break;
    }
  }
  if (wanted_.details) {
    files_.split_offsets.push_row();
    files_.equality_ids.push_row();
  }
  finish_entry(in, entry);
}

/// A partition that is null says nothing of its values.
void manifest_decoder::lose_partition_value(const manifest_step &step) {
  if (step.what == manifest_step::action::read_partition) files_.partitions[step.index].unknown[columns_.row] = 1;
}

void manifest_decoder::read_field(avro_decoder &in, const manifest_step &step, entry_fields &entry) {
  switch (step.field) {
    case manifest_field::status:
      entry.status = in.read_int();
      break;
    case manifest_field::snapshot_id:
      entry.snapshot_id = in.read_long();
      break;
    case manifest_field::sequence_number:
      entry.sequence_number = in.read_long();
      break;
    case manifest_field::file_sequence_number:
      entry.file_sequence_number = in.read_long();
      break;
    case manifest_field::content: {
      const std::int32_t content = in.read_int();
      const bool fits = content_ == manifest_content::data ? content == 0 : content == 1 || content == 2;
      if (!fits) in.corrupt("a file's content does not belong into this kind of manifest");
      files_.contents[columns_.row] = static_cast<file_content>(content);
      break;
    }
    case manifest_field::file_path:
      files_.file_paths[columns_.row] = read_text(in);
      break;
    case manifest_field::file_format:
      files_.file_formats[columns_.row] = read_format(in, *step.type);
      break;
    case manifest_field::record_count:
      files_.record_counts[columns_.row] = read_known(in);
      break;
    case manifest_field::file_size:
      files_.file_sizes[columns_.row] = read_known(in);
      break;
    case manifest_field::column_sizes:
      read_counts(in, step, metrics_builder::column_sizes);
      break;
    case manifest_field::value_counts:
      read_counts(in, step, metrics_builder::value_counts);
      break;
    case manifest_field::null_value_counts:
      read_counts(in, step, metrics_builder::null_value_counts);
      break;
    case manifest_field::nan_value_counts:
      read_counts(in, step, metrics_builder::nan_value_counts);
      break;
    case manifest_field::lower_bounds:
      read_bounds(in, step, metrics_builder::lower_bounds);
      break;
    case manifest_field::upper_bounds:
      read_bounds(in, step, metrics_builder::upper_bounds);
      break;
    case manifest_field::key_metadata:
      files_.key_metadata[columns_.row] = files_.keep(in.read_bytes());
      break;
    case manifest_field::split_offsets:
      read_list(in, step, [&] { files_.split_offsets.values.push_back(in.read_long()); });
      break;
    case manifest_field::equality_ids:
      read_list(in, step, [&] { files_.equality_ids.values.push_back(in.read_int()); });
      break;
    case manifest_field::sort_order_id:
      files_.sort_order_ids[columns_.row] = in.read_int();
      break;
    case manifest_field::first_row_id:
      files_.first_row_ids[columns_.row] = read_known(in);
      break;
    case manifest_field::referenced_data_file:
      files_.referenced_data_files[columns_.row] = read_text(in);
      break;
    case manifest_field::content_offset:
      files_.content_offsets[columns_.row] = read_natural(in);
      break;
    case manifest_field::content_size:
      files_.content_sizes[columns_.row] = read_natural(in);
      break;
    case manifest_field::data_file:
    case manifest_field::partition:
      break;  // records: their fields are steps of their own
  }
}

span manifest_decoder::read_text(avro_decoder &in) {
  const std::string_view text = in.read_bytes();
  if (!is_avro_text(text)) in.corrupt("a text is not UTF-8");
  return files_.keep(text);
}

file_format manifest_decoder::read_format(avro_decoder &in, const avro_type &from) {
  const std::string_view name = from.kind == avro_kind::enumeration ? in.read_symbol(from) : in.read_bytes();
  if (name == last_format_name_) return last_format_;
  const std::optional<file_format> format = file_format_from(name);
  if (!format) {
    fail(status::UNSUPPORTED, "file format: \"" + std::string(name.substr(0, 32)) + "\"", std::string(subject_));
  }
  last_format_name_ = name;
  last_format_ = *format;
  return *format;
}

template <typename ReadItem>
void manifest_decoder::read_list(avro_decoder &in, const manifest_step &step, ReadItem read_item) {
  while (std::size_t count = in.read_item_count(1)) {
    columns_.account.take(count * sizeof(std::int64_t));
    for (; count > 0; --count) {
      if (in.read_present(step.item_null_branch)) {
        read_item();
      } else if (step.field == manifest_field::equality_ids) {
        in.corrupt("an equality id is null");
      }
    }
  }
}

/// Puts a map of statistics into columns. `Pairs` says how its values are read, skipped and put.
template <typename Pairs>
void manifest_decoder::read_pairs(avro_decoder &from, const manifest_step &step, const Pairs &pairs) {
  avro_decoder in = from;  // a copy, whose address is not taken: it stays in registers
  std::size_t position = 0;
  std::size_t left = columns_.metrics.wanted_columns();
  while (std::size_t count = in.read_item_count(step.plain_pairs ? 2 : 1)) {
    if (!step.plain_pairs) {
      from = in;
      const avro_type &pair = *option_of(*step.type->items).type;
      for (; count > 0; --count, ++position) {
        if (from.read_present(step.item_null_branch)) read_odd_pair(from, pair, pairs, position);
      }
      in = from;
      continue;
    }
    for (; count > 0 && left > 0; --count, ++position) {
      const std::int32_t field_id = in.read_int();
      if (auto *column = pairs.find(position, field_id)) {
        pairs.put(*column, Pairs::read(in));
        --left;
      } else {
        Pairs::skip(in);
      }
    }
    Pairs::skip_pairs(in, count);
  }
  from = in;
}

void manifest_decoder::read_counts(avro_decoder &in, const manifest_step &step, metrics_builder::count_kind kind) {
  read_pairs(in, step, count_pairs{columns_.metrics, kind, columns_.row});
}

void manifest_decoder::read_bounds(avro_decoder &in, const manifest_step &step, metrics_builder::bound_kind kind) {
  read_pairs(in, step, bound_pairs{columns_.metrics, kind, columns_.row, files_.arena});
}

/// Takes the entry in or drops it.
void manifest_decoder::finish_entry(avro_decoder &in, const entry_fields &entry) {
  if (*entry.status < 0 || *entry.status > 2) in.corrupt("an entry's status is none of 0, 1 and 2");
  const auto status = static_cast<entry_status>(*entry.status);
  if (content_ == manifest_content::deletes && files_.contents[columns_.row] == file_content::data) {
    in.corrupt("a data file in a manifest of delete files");
  }
  if (status == entry_status::deleted && wanted_.live_only) return columns_.drop_row();

  // Version 1 has no sequence numbers: they are 0.
  const std::int64_t left_out = program_.has_sequence_numbers ? manifest_entries::inherited : 0;
  manifest_entries &entries = columns_.entries;
  entries.statuses[columns_.row] = status;
  entries.snapshot_ids[columns_.row] = entry.snapshot_id.value_or(manifest_entries::inherited);
  entries.sequence_numbers[columns_.row] = entry.sequence_number.value_or(left_out);
  entries.file_sequence_numbers[columns_.row] = entry.file_sequence_number.value_or(left_out);
  if (status == entry_status::existing && entries.sequence_numbers[columns_.row] == manifest_entries::inherited) {
    entries.has_existing_without_number = true;
  }
  columns_.keep_row();
}

}  // namespace evodb
