// Writers of whole arrays: .npy, .npz and .pb.

#include <algorithm>
#include <cstring>

#include "runtime/core/error.h"
#include "runtime/loader/tensor_file.h"
#include "tools/formats/npy.h"
#include "tools/formats/npz.h"
#include "tools/formats/writers.h"

namespace ranvier::formats {
namespace {

class OneNpyWriter : public Writer {
 public:
  explicit OneNpyWriter(const std::string& path)
      : file_(path, OutputFile::Access::seekable), writer_(file_.stream(), file_.name()) {}

  void write(std::span<const Tensor> outputs) override { writer_.write(outputs[0]); }
  void finish() override {
    writer_.finish();
    file_.commit();
  }

 private:
  OutputFile file_;
  NpyWriter writer_;
};

class AllNpzWriter : public Writer {
 public:
  AllNpzWriter(const std::string& path, const Names& names)
      : file_(path, OutputFile::Access::seekable), writer_(file_, names) {}

  void write(std::span<const Tensor> outputs) override {
    for (std::size_t k = 0; k < outputs.size(); ++k) writer_.write(k, outputs[k]);
  }
  void finish() override {
    writer_.finish();
    file_.commit();
  }

 private:
  OutputFile file_;
  NpzWriter writer_;
};

/// The pieces one below the other.
Tensor joined(const std::vector<Tensor>& pieces) {
  if (pieces.size() == 1) return pieces[0];
  Shape shape = pieces[0].shape();
  shape[0] = 0;
  for (const Tensor& piece : pieces) shape[0] += piece.shape()[0];
  Tensor whole(pieces[0].type(), shape);
  if (whole.type() == DataType::string) {
    auto to = whole.mutable_values<std::string>().begin();
    for (const Tensor& piece : pieces) to = std::copy_n(piece.values<std::string>().begin(), piece.elements(), to);
  } else {
    auto* to = static_cast<char*>(whole.mutable_data());
    for (const Tensor& piece : pieces) {
      if (piece.bytes() > 0) std::memcpy(to, piece.data(), piece.bytes());
      to += piece.bytes();
    }
  }
  return whole;
}

class PbWriter : public Writer {
 public:
  PbWriter(const std::string& path, std::string name) : file_(path), name_(std::move(name)) {}

  void write(std::span<const Tensor> outputs) override { pieces_.push_back(outputs[0]); }
  void finish() override {
    file_.write(loader::tensor_bytes(joined(pieces_), name_));
    file_.commit();
  }

 private:
  OutputFile file_;
  std::string name_;
  std::vector<Tensor> pieces_;
};

}  // namespace

std::unique_ptr<Writer> make_npy_writer(const std::string& path, Names) { return std::make_unique<OneNpyWriter>(path); }

std::unique_ptr<Writer> make_npz_writer(const std::string& path, Names names) {
  return std::make_unique<AllNpzWriter>(path, names);
}

std::unique_ptr<Writer> make_pb_writer(const std::string& path, Names names) {
  return std::make_unique<PbWriter>(path, names[0]);
}

}  // namespace ranvier::formats
