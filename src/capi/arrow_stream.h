#pragma once

#include <memory>
#include <vector>

#include "arrow/export_batch.h"
#include "capi/boundary.h"
#include "evodb_lakehouse.h"

namespace evodb::capi {

/// What an Arrow stream gives. One thread at a time, but for cancel.
class stream_content {
 public:
  virtual ~stream_content() = default;
  virtual const std::vector<export_column> &columns() const = 0;
  /// The next batch; a released array at the end. What it throws becomes the errno value and text of the stream.
  virtual void next(ArrowArray &out) = 0;
  virtual void cancel() = 0;
};

/// A stream of it, for its caller to release.
ArrowArrayStream make_stream(std::shared_ptr<stream_content> content);

}  // namespace evodb::capi
