#include "arrow/export_batch.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "arrow/give_schema.h"
#include "base/error.h"
#include "base/little_endian.h"

namespace evodb {
namespace {

bool is_list(export_column::kind type) noexcept {
  return type == export_column::kind::int32_list || type == export_column::kind::int64_list ||
         type == export_column::kind::struct_list;
}

bool has_offsets(export_column::kind type) noexcept {
  return type == export_column::kind::utf8 || type == export_column::kind::binary || is_list(type);
}

std::string format_of(const export_column &column) {
  switch (column.type) {
    case export_column::kind::utf8:
      return "u";
    case export_column::kind::binary:
      return "z";
    case export_column::kind::boolean:
      return "b";
    case export_column::kind::int32:
      return "i";
    case export_column::kind::int64:
      return "l";
    case export_column::kind::fixed_width:
      return column.format;
    case export_column::kind::int32_list:
    case export_column::kind::int64_list:
    case export_column::kind::struct_list:
      return "+l";
    case export_column::kind::null:
      return "n";
  }
  return "";
}

/// Bytes of a value; 0 where they are no numbers.
std::size_t width_of(const export_column &column) noexcept {
  if (column.type == export_column::kind::int32) return sizeof(std::int32_t);
  if (column.type == export_column::kind::int64) return sizeof(std::int64_t);
  return static_cast<std::size_t>(column.width);
}

/// What a given-out array keeps alive.
struct array_owner {
  array_owner(export_buffers of, std::size_t child_count) : kept(std::move(of)), nested(child_count) {}
  export_buffers kept;
  std::array<const void *, 3> pointers{};
  given_children<ArrowArray> nested;
};

void release_array(ArrowArray *array) {
  delete static_cast<array_owner *>(array->private_data);
  array->private_data = nullptr;
  array->release = nullptr;
}

/// Makes an array of these buffers, the given pointers behind the validity, and gives its children to be filled.
std::vector<ArrowArray> &give_array(export_buffers from, std::size_t child_count, ArrowArray &out) {
  auto owner = std::make_unique<array_owner>(std::move(from), child_count);
  array_owner &made = *owner;
  const export_buffers &kept = made.kept;
  std::size_t count = 0;
  if (kept.type != export_column::kind::null) {
    made.pointers[count++] = kept.validity.empty() ? nullptr : kept.validity.data();
    if (!kept.offsets.empty()) made.pointers[count++] = kept.offsets.data();
    if (child_count == 0) made.pointers[count++] = kept.values.data();
  }
  out = ArrowArray{};
  out.length = kept.length;
  out.null_count = kept.null_count;
  out.n_buffers = static_cast<std::int64_t>(count);
  out.buffers = made.pointers.data();
  out.n_children = static_cast<std::int64_t>(child_count);
  out.children = child_count == 0 ? nullptr : made.nested.pointers.data();
  out.release = release_array;
  out.private_data = owner.release();
  return made.nested.structures;
}

void append(export_buffers &to, const void *values, std::size_t size) {
  const char *first = static_cast<const char *>(values);
  to.values.insert(to.values.end(), first, first + size);
}

/// Sets bit `at` of bits that end there.
template <typename Bits>
void set_bit(Bits &bits, std::size_t at, bool is_set) {
  bits.resize(at / 8 + 1, 0);
  const unsigned bit = 1U << (at % 8), others = static_cast<unsigned char>(bits.back()) & ~bit;
  bits.back() = static_cast<typename Bits::value_type>(is_set ? others | bit : others);
}

void end_value(export_buffers &of, bool is_valid) {
  const auto at = static_cast<std::size_t>(of.length++);
  if (!is_valid && of.null_count++ == 0) of.validity.assign(at / 8 + 1, 0xFF);  // all before it are valid
  if (of.null_count > 0) set_bit(of.validity, at, is_valid);
}

void give_fields(const std::vector<export_column> &columns, std::vector<ArrowSchema> &into) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const export_column &column = columns[i];
    const std::size_t children = is_list(column.type) ? 1 : 0;
    auto &elements = give_schema(format_of(column), column.name, column.is_nullable, children, into[i]);
    if (column.type == export_column::kind::struct_list) {
      give_fields(column.fields, give_schema("+s", "item", false, column.fields.size(), elements[0]));
    } else if (children > 0) {
      give_schema(column.type == export_column::kind::int32_list ? "i" : "l", "item", false, 0, elements[0]);
    }
  }
}

}  // namespace

void export_schema(const std::vector<export_column> &columns, ArrowSchema &out) {
  owned<ArrowSchema> root;
  give_fields(columns, give_schema("+s", "", false, columns.size(), *root));
  out = root.give();
}

void export_int64s(std::string name, std::span<const std::int64_t> values, ArrowArray &out, ArrowSchema &out_schema) {
  owned<ArrowSchema> described;
  give_schema("l", std::move(name), false, 0, *described);
  export_buffers column;
  column.type = export_column::kind::int64;
  column.length = static_cast<std::int64_t>(values.size());
  append(column, values.data(), values.size_bytes());
  give_array(std::move(column), 0, out);
  out_schema = described.give();
}

export_column json_column(std::string name, bool is_nullable) {
  export_column column{std::move(name), export_column::kind::utf8, is_nullable};
  column.is_json = true;
  return column;
}

bool export_buffers::is_null(std::size_t row) const noexcept {
  return null_count > 0 && (validity[row / 8] >> (row % 8) & 1) == 0;
}

std::string_view export_buffers::text(std::size_t row) const noexcept {
  const auto begin = static_cast<std::size_t>(offsets[row]), end = static_cast<std::size_t>(offsets[row + 1]);
  return std::string_view(values.data(), values.size()).substr(begin, end - begin);
}

std::int64_t export_buffers::number(std::size_t row) const noexcept {
  if (type == export_column::kind::boolean) return values[row / 8] >> (row % 8) & 1;
  if (width == sizeof(std::int32_t)) return load_le<std::int32_t>(values.data() + row * width);
  return load_le<std::int64_t>(values.data() + row * width);
}

export_batch::export_batch(const std::vector<export_column> &columns)
    : columns_(columns.size()), structs_(columns.size()) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns_[i].type = columns[i].type;
    columns_[i].width = width_of(columns[i]);
    if (has_offsets(columns[i].type)) columns_[i].offsets.push_back(0);
    if (columns[i].type == export_column::kind::struct_list)
      structs_[i] = std::make_unique<export_batch>(columns[i].fields);
  }
}

void export_batch::append_text(std::size_t column, std::string_view text) {
  export_buffers &to = columns_[column];
  const std::size_t end = to.values.size() + text.size();
  if (end > std::numeric_limits<std::int32_t>::max()) {
    fail(status::RESOURCE_EXHAUSTED,
         fmt::format("a batch's texts in one column pass 2 GiB with one of {} bytes", text.size()));
  }
  append(to, text.data(), text.size());
  to.offsets.push_back(static_cast<std::int32_t>(end));
  end_value(to, true);
}

void export_batch::append_int32(std::size_t column, std::int32_t number) {
  append(columns_[column], &number, sizeof number);
  end_value(columns_[column], true);
}

void export_batch::append_int64(std::size_t column, std::int64_t number) {
  append(columns_[column], &number, sizeof number);
  end_value(columns_[column], true);
}

char *export_batch::add_numbers(std::size_t column, std::size_t count) {
  export_buffers &to = columns_[column];
  const std::size_t begin = to.values.size();
  to.values.resize(begin + count * to.width);
  to.length += static_cast<std::int64_t>(count);
  return to.values.data() + begin;
}

void export_batch::append_octets(std::size_t column, std::string_view octets) {
  append(columns_[column], octets.data(), octets.size());
  end_value(columns_[column], true);
}

void export_batch::append_boolean(std::size_t column, bool truth) {
  set_bit(columns_[column].values, static_cast<std::size_t>(columns_[column].length), truth);
  end_value(columns_[column], true);
}

void export_batch::append_list(std::size_t column, std::span<const std::int32_t> list) {
  append_elements(column, list.data(), list.size(), sizeof(std::int32_t));
}

void export_batch::append_list(std::size_t column, std::span<const std::int64_t> list) {
  append_elements(column, list.data(), list.size(), sizeof(std::int64_t));
}

void export_batch::append_elements(std::size_t column, const void *elements, std::size_t count, std::size_t width) {
  append(columns_[column], elements, count * width);
  end_list_at(column, columns_[column].values.size() / width);
}

void export_batch::end_list(std::size_t column) {
  end_list_at(column, static_cast<std::size_t>(structs_[column]->length()));
}

void export_batch::end_list_at(std::size_t column, std::size_t end) {
  if (end > std::numeric_limits<std::int32_t>::max()) {
    fail(status::RESOURCE_EXHAUSTED, fmt::format("a batch's lists in one column pass {} elements", end));
  }
  columns_[column].offsets.push_back(static_cast<std::int32_t>(end));
  end_value(columns_[column], true);
}

void export_batch::append_null(std::size_t column) {
  export_buffers &to = columns_[column];
  if (has_offsets(to.type)) {
    to.offsets.push_back(to.offsets.back());
  } else if (to.type == export_column::kind::boolean) {
    set_bit(to.values, static_cast<std::size_t>(to.length), false);
  } else {
    to.values.resize(to.values.size() + to.width);
  }
  end_value(to, false);
}

void export_batch::append_text_or_null(std::size_t column, std::string_view text) {
  if (text.empty()) {
    append_null(column);
  } else {
    append_text(column, text);
  }
}

std::size_t export_batch::size_in_bytes() const noexcept {
  std::size_t size = 0;
  for (const export_buffers &column : columns_) size += column.values.size();
  for (const auto &nested : structs_) size += nested ? nested->size_in_bytes() : 0;
  return size;
}

void export_batch::give_column(std::size_t column, ArrowArray &out) {
  export_buffers &from = columns_[column];
  if (!is_list(from.type)) {
    give_array(std::move(from), 0, out);
    return;
  }
  export_buffers elements;
  elements.values = std::move(from.values);
  elements.length = from.offsets.back();
  ArrowArray &items = give_array(std::move(from), 1, out)[0];
  if (structs_[column]) {
    std::move(*structs_[column]).finish(items);
  } else {
    elements.type = export_column::kind::int64;  // or another of numbers
    give_array(std::move(elements), 0, items);
  }
}

void export_batch::finish(ArrowArray &out) && {
  owned<ArrowArray> root;
  export_buffers rows;
  rows.length = length();
  std::vector<ArrowArray> &columns = give_array(std::move(rows), columns_.size(), *root);
  for (std::size_t i = 0; i < columns_.size(); ++i) give_column(i, columns[i]);
  out = root.give();
}

}  // namespace evodb
