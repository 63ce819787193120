#include "runtime/loader/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "runtime/core/error.h"

namespace ranvier::loader {
namespace {

std::string reason() { return std::generic_category().message(errno); }

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  // Not blocking: a pipe without a writer must not make us wait before we see that it is one.
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0) fail(ErrorCode::io, "cannot open the file: {}", reason());
  struct stat info = {};
  if (fstat(file.number, &info) != 0) fail(ErrorCode::io, "cannot read the file: {}", reason());
  if (S_ISDIR(info.st_mode)) fail(ErrorCode::io, "is a folder, expected a file");
  if (!S_ISREG(info.st_mode)) fail(ErrorCode::io, "is not a regular file");
  if (info.st_size == 0) return;
  const auto size = static_cast<std::size_t>(info.st_size);
  void* memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (memory == MAP_FAILED) fail(ErrorCode::io, "cannot read the file: {}", reason());
  data_ = static_cast<const std::byte*>(memory);
  size_ = size;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace ranvier::loader
