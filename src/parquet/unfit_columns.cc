#include "parquet/unfit_columns.h"

#include <fmt/format.h>

namespace evodb {
namespace {

constexpr std::size_t most_shown = 5;

}  // namespace

void unfit_columns::add(const unfit_column &column) {
  if (++count_ > most_shown) return;
  if (count_ == 1) {
    code_ = column.code;
    text_ = fmt::format("column {} of {}{}", column.name, file_, column.problem);
  } else {
    text_ += fmt::format("; column {}{}", column.name, column.problem);
  }
}

void unfit_columns::check() const {
  if (count_ == 0) return;
  const std::string rest = count_ > most_shown ? fmt::format("; and {} more", count_ - most_shown) : "";
  fail(code_, text_ + rest, std::string(file_));
}

}  // namespace evodb
