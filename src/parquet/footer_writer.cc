#include "base/little_endian.h"
#include "parquet/footer.h"
#include "parquet/schema_elements.h"
#include "parquet/schema_leaves.h"
#include "parquet/thrift_compact_writer.h"

namespace evodb {
namespace {

using written_type = thrift_compact_writer::wire_type;

void write_statistics(thrift_compact_writer &out, int field_id, const column_statistics &s) {
  out.structure(field_id, [&] {
    if (s.signed_max) out.binary(1, *s.signed_max);
    if (s.signed_min) out.binary(2, *s.signed_min);
    if (s.null_count) out.i64(3, *s.null_count);
    if (s.max_value) out.binary(5, *s.max_value);
    if (s.min_value) out.binary(6, *s.min_value);
    if (s.is_max_cut) out.boolean(7, false);
    if (s.is_min_cut) out.boolean(8, false);
    if (s.nan_count) out.i64(9, *s.nan_count);
  });
}

void write_column_meta_data(thrift_compact_writer &out, int field_id, const column_chunk &chunk,
                            const schema_leaf &of) {
  std::vector<std::int32_t> encodings;
  for (int encoding = 0; encoding < column_chunk::later_encoding; ++encoding)
    if ((chunk.encodings >> encoding & 1) != 0) encodings.push_back(encoding);
  out.structure(field_id, [&] {
    out.i32(1, static_cast<std::int32_t>(*of.node->physical));
    out.list(2, written_type::i32, encodings.size(), [&](std::size_t i) { out.i32(encodings[i]); });
    out.list(3, written_type::binary, of.path.size(), [&](std::size_t i) { out.binary(of.path[i]); });
    out.i32(4, chunk.codec);
    out.i64(5, chunk.num_values);
    out.i64(6, chunk.total_uncompressed_size);
    out.i64(7, chunk.total_compressed_size);
    out.i64(9, chunk.data_page_offset);
    if (chunk.dictionary_page_offset) out.i64(11, *chunk.dictionary_page_offset);
    write_statistics(out, 12, chunk.statistics);
    const auto &histogram = chunk.definition_level_histogram;
    if (histogram.empty()) return;
    out.structure(
        16, [&] { out.list(3, written_type::i64, histogram.size(), [&](std::size_t i) { out.i64(histogram[i]); }); });
  });
}

void write_row_group(thrift_compact_writer &out, const row_group &group, const std::vector<schema_leaf> &leaves) {
  std::int64_t uncompressed = 0, compressed = 0;
  for (const column_chunk &chunk : group.columns) {
    uncompressed += chunk.total_uncompressed_size;
    compressed += chunk.total_compressed_size;
  }
  out.structure([&] {
    out.list(1, written_type::structure, group.columns.size(), [&](std::size_t i) {
      out.structure([&] {
        out.i64(2, 0);  // file_offset: deprecated, and 0 where no second copy of the metadata is at the chunk
        write_column_meta_data(out, 3, group.columns[i], leaves[i]);
      });
    });
    out.i64(2, uncompressed);
    out.i64(3, group.num_rows);
    if (!group.columns.empty()) out.i64(5, group.columns.front().start());
    out.i64(6, compressed);
  });
}

}  // namespace

void append_footer(bytes &file, const parquet_footer &footer) {
  const std::vector<schema_leaf> leaves = leaves_of(footer.root);
  const std::size_t begin = file.size();
  thrift_compact_writer out(file);
  out.structure([&] {
    out.i32(1, 1);  // the version that all readers take, whatever pages and types there are
    write_schema_elements(out, 2, footer.root);
    out.i64(3, footer.num_rows);
    out.list(4, written_type::structure, footer.row_groups.size(),
             [&](std::size_t i) { write_row_group(out, footer.row_groups[i], leaves); });
    const auto &pairs = footer.key_value_metadata;
    if (!pairs.empty()) {
      out.list(5, written_type::structure, pairs.size(), [&](std::size_t i) {
        out.structure([&] {
          out.binary(1, pairs[i].first);
          out.binary(2, pairs[i].second);
        });
      });
    }
    if (!footer.created_by.empty()) out.binary(6, footer.created_by);
    const auto &orders = footer.column_orders;
    if (!orders.empty()) {
      out.list(7, written_type::structure, orders.size(), [&](std::size_t i) {
        out.structure([&] {
          // Of a union, one field.
          if (orders[i] != column_order::undefined) out.structure(static_cast<int>(orders[i]), [] {});
        });
      });
    }
  });
  append_le(file, static_cast<std::uint32_t>(file.size() - begin));
  file += parquet_magic;
}

}  // namespace evodb
