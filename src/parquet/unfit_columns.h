#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace evodb {

/// A column of a file that does not fit, and why: text that goes on behind the column's name.
struct unfit_column {
  status code;
  std::string name, problem;
};

/// Gathers the columns of a file that do not fit, so that its writer sees all of them at once.
class unfit_columns {
 public:
  explicit unfit_columns(std::string_view file) : file_(file) {}

  void add(const unfit_column &column);
  /// Throws with the first one's code, naming the file and the first few columns, if there are any.
  void check() const;

 private:
  std::string_view file_;
  status code_ = status::ok;
  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace evodb
