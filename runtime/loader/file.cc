#include "runtime/loader/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "runtime/core/error.h"

namespace ranvier::loader {
namespace {

std::string reason() { return std::generic_category().message(errno); }

/// The size of a regular file. @throws Error io for anything else.
std::size_t size_of(int descriptor) {
  struct stat info = {};
  if (fstat(descriptor, &info) != 0) fail(ErrorCode::io, "cannot read the file: {}", reason());
  if (S_ISDIR(info.st_mode)) fail(ErrorCode::io, "is a folder, expected a file");
  if (!S_ISREG(info.st_mode)) fail(ErrorCode::io, "is not a regular file");
  return static_cast<std::size_t>(info.st_size);
}

}  // namespace

// Not blocking: a pipe without a writer must not make us wait before we see that it is one.
File::File(const std::filesystem::path& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) fail(ErrorCode::io, "cannot open the file: {}", reason());
  try {
    size_ = size_of(descriptor_);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

File::~File() { close(descriptor_); }

void File::read(std::size_t offset, std::span<std::byte> to) const {
  while (!to.empty()) {
    const ssize_t count = pread(descriptor_, to.data(), to.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(ErrorCode::io, "cannot read the file: {}", reason());
    if (count == 0) fail(ErrorCode::io, "has become shorter: nothing is left at offset {}", offset);
    offset += static_cast<std::size_t>(count);
    to = to.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace ranvier::loader
