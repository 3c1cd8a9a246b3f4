#include "parquet/page_header.h"

#include "parquet/thrift_compact_writer.h"

namespace evodb {

void append_page_header(bytes &to, const page_header &header) {
  constexpr int data_page_header = 5, dictionary_page_header = 7;
  thrift_compact_writer out(to);
  out.structure([&] {
    out.i32(1, static_cast<std::int32_t>(header.kind));
    out.i32(2, header.size);
    out.i32(3, header.size);
    const bool is_data = header.kind == page_kind::data;
    out.structure(is_data ? data_page_header : dictionary_page_header, [&] {
      out.i32(1, header.value_count);
      out.i32(2, static_cast<std::int32_t>(header.encoding));
      if (!is_data) return;
      out.i32(3, static_cast<std::int32_t>(page_encoding::rle));  // of definition levels
      out.i32(4, static_cast<std::int32_t>(page_encoding::rle));  // of repetition levels
    });
  });
}

}  // namespace evodb
