#include <cerrno>
#include <cstring>

#include "runtime/core/error.h"
#include "tools/formats/json.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {
namespace {

/// The lists stand one after the other, but come side by side: all but the first wait in temporary files.
class JsonWriter : public Writer {
 public:
  JsonWriter(const std::string& path, Names names) : file_(path), names_(std::move(names)), spools_(names_.size()) {
    for (std::size_t k = 1; k < names_.size(); ++k) {
      spools_[k] = std::tmpfile();
      if (spools_[k] == nullptr) failed();
    }
  }
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;
  ~JsonWriter() override {
    for (std::FILE* spool : spools_)
      if (spool != nullptr) std::fclose(spool);
  }

  void write(std::span<const Tensor> outputs) override {
    for (std::size_t k = 0; k < outputs.size(); ++k) write_rows(k, outputs[k]);
    started_ = true;
  }

  void finish() override {
    for (std::size_t k = 0; k < names_.size(); ++k) {
      if (spools_[k] != nullptr) copy(spools_[k]);
      if (is_list_.size() > k && is_list_[k]) file_.write("\n]");
    }
    file_.write(started_ ? "}\n" : "{}\n");
    file_.commit();
  }

 private:
  [[noreturn]] void failed() const {
    fail(ErrorCode::io, "{}: a temporary file cannot be written: {}", file_.name(), std::strerror(errno));
  }

  void put(std::size_t k, const std::string& text) {
    if (spools_[k] == nullptr) return file_.write(text);
    if (std::fwrite(text.data(), 1, text.size(), spools_[k]) != text.size()) failed();
  }

  void write_rows(std::size_t k, const Tensor& output) {
    std::string text;
    if (!started_) {
      is_list_.push_back(!output.shape().empty());
      text += (k == 0 ? "{" : ",\n") + json_string(names_[k]) + ": ";
      if (!is_list_[k]) append_json_element(text, output, 0);
      if (is_list_[k]) text += '[';
    }
    if (is_list_[k]) {
      Shape row = output.shape();
      row.erase(0);
      const std::int64_t elements = row.elements();
      for (std::int64_t i = 0; i < output.shape()[0]; ++i) {
        text += started_ || i > 0 ? ",\n" : "\n";
        append_json_list(text, output, row, i * elements);
      }
    }
    put(k, text);
  }

  void copy(std::FILE* spool) {
    std::rewind(spool);
    std::string bytes(1 << 16, '\0');
    while (const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), spool))
      file_.write(std::string_view(bytes).substr(0, got));
    if (std::ferror(spool) != 0) failed();
  }

  OutputFile file_;
  Names names_;
  std::vector<std::FILE*> spools_;  ///< Null for the first.
  std::vector<bool> is_list_;       ///< By output: not a scalar.
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(const std::string& path, Names names) {
  return std::make_unique<JsonWriter>(path, std::move(names));
}

}  // namespace ranvier::formats
