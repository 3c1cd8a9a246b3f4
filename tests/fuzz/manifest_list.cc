#include "codec/manifest_list.h"

#include "codec/avro_file.h"
#include "codec/manifest_schema.h"
#include "expression/bind.h"
#include "expression/manifest_evaluator.h"
#include "expression/parse.h"
#include "expression/project.h"
#include "finding.h"
#include "sample_table.h"

using namespace evodb;

namespace {

/// Bytes that are no file become the block of one.
bytes in_container(byte_view block) {
  const int count = block.empty() ? 0 : static_cast<unsigned char>(block.front()) % 8;
  avro_file_writer writer(manifest_list_schema_text(3), {{"format-version", "3"}}, std::nullopt);
  writer.buffer() += block.substr(block.empty() ? 0 : 1);
  for (int i = 0; i < count; ++i) writer.end_object();
  return std::move(writer).finish();
}

void plan(const std::vector<manifest_file> &manifests) {
  static const schema columns = fuzz::sample_schema();
  static const partition_spec spec = fuzz::sample_spec(columns);
  static const bound_ptr rows =
      evodb::bind(parse_filter("a = true AND b < 7 AND c > 3 AND n <> 'x' AND e = 1.5 AND f < 3"), columns);
  static const manifest_evaluator evaluator(project_inclusive(rows, spec), spec);
  for (const manifest_file &manifest : manifests) {
    manifest.has_live_files();
    manifest.live_files();
    fuzz::attempt([&] {
      fuzz::require(evaluator.may_match(manifest) == evaluator.reason(manifest).empty(), "what goes has a reason");
    });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view given = fuzz::text_of(data, size);
  const bytes file = given.starts_with("Obj\1") ? bytes(given) : in_container(given);
  memory_budget budget(16 << 20);
  const auto manifests = fuzz::attempt([&] { return read_manifest_list(file, "fuzz", budget); },
                                       {status::CORRUPT, status::UNSUPPORTED, status::RESOURCE_EXHAUSTED});
  fuzz::require(budget.in_use() == 0, "the budget is given back");
  if (!manifests) return 0;
  plan(*manifests);
  for (const int format_version : {2, 3}) {
    manifest_list_target target;
    target.format_version = format_version;
    target.snapshot_id = 7;
    target.sequence_number = 9;
    const auto written = fuzz::attempt([&] { return write_manifest_list(*manifests, target); });
    if (!written) continue;
    const std::vector<manifest_file> again = read_manifest_list(*written, "written", budget);
    fuzz::require(write_manifest_list(again, target) == *written, "what is written is read back");
  }
  return 0;
}
