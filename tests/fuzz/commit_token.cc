#include "table/commit_token.h"

#include "catalog/filesystem/attempt_text.h"
#include "finding.h"

using namespace evodb;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto token =
      fuzz::attempt([&] { return commit_token::parse(fuzz::text_of(data, size)); }, {status::INVALID_ARGUMENT});
  if (!token) return 0;
  const std::string text = token->to_text();
  const commit_token again = commit_token::parse(text);
  fuzz::require(again.to_text() == text && again.key == token->key && again.snapshot_ids == token->snapshot_ids &&
                    again.shown_by == token->shown_by && again.attempt == token->attempt,
                "a token's text is read back");
  const auto attempt = fuzz::attempt([&] { return attempt_text::parse(token->attempt); }, {status::INVALID_ARGUMENT});
  if (!attempt) return 0;
  const attempt_text again_attempt = attempt_text::parse(attempt->to_text());
  fuzz::require(again_attempt.to_text() == attempt->to_text(), "an attempt's text is read back");
  return 0;
}
