#include "tools/formats/npz.h"

#include <zip.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "runtime/core/error.h"

namespace ranvier::formats {
namespace {

/// Deflate makes nothing smaller than by this factor: a size that claims more is a lie.
constexpr std::uint64_t best_compression = 1032;

using Archive = std::shared_ptr<zip_t>;

/// An archive and, where it was read into memory, its bytes.
struct Opened {
  Archive archive;
  std::shared_ptr<std::string> bytes;
};

[[noreturn]] void bad_archive(const std::string& name, zip_error_t& error) {
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  fail(ErrorCode::invalid_argument, "{}: not a valid .npz archive: {}", name, why);
}

Opened open_archive(ByteSource& source, const std::string& path) {
  zip_error_t error;
  zip_error_init(&error);
  Opened opened;
  zip_source_t* zip = nullptr;
  if (path == "-") {
    opened.bytes = std::make_shared<std::string>(source.read_all());
    zip = zip_source_buffer_create(opened.bytes->data(), opened.bytes->size(), 0, &error);
  } else {
    zip = zip_source_file_create(path.c_str(), 0, 0, &error);
  }
  zip_t* archive = zip == nullptr ? nullptr : zip_open_from_source(zip, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    if (zip != nullptr) zip_source_free(zip);
    bad_archive(source.name(), error);
  }
  zip_error_fini(&error);
  opened.archive = Archive(archive, [](zip_t* handle) { zip_discard(handle); });
  return opened;
}

ByteSource member_source(const Opened& opened, std::uint64_t index, const std::string& name) {
  zip_file_t* file = zip_fopen_index(opened.archive.get(), index, 0);
  if (file == nullptr)
    fail(ErrorCode::invalid_argument, "{}: cannot be read: {}", name, zip_strerror(opened.archive.get()));
  const std::shared_ptr<zip_file_t> member(file, [opened](zip_file_t* handle) { zip_fclose(handle); });
  const auto fill = [member, name](std::span<char> to) {
    const zip_int64_t got = zip_fread(member.get(), to.data(), to.size());
    if (got < 0) fail(ErrorCode::invalid_argument, "{}: {}", name, zip_file_strerror(member.get()));
    return static_cast<std::size_t>(got);
  };
  zip_stat_t status;
  std::optional<std::uint64_t> size;
  const bool stated = zip_stat_index(opened.archive.get(), index, 0, &status) == 0 &&
                      (status.valid & ZIP_STAT_SIZE) != 0 && (status.valid & ZIP_STAT_COMP_SIZE) != 0;
  if (stated && status.size / best_compression <= status.comp_size) size = status.size;
  return ByteSource(name, fill, size);
}

}  // namespace

std::vector<std::pair<std::string, ByteSource>> npz_members(ByteSource source, const std::string& path) {
  const Opened opened = open_archive(source, path);
  std::vector<std::pair<std::string, ByteSource>> members;
  const zip_int64_t count = zip_get_num_entries(opened.archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* entry = zip_get_name(opened.archive.get(), static_cast<zip_uint64_t>(i), 0);
    const std::string full = entry == nullptr ? "" : entry;
    if (!full.ends_with(".npy"))
      fail(ErrorCode::invalid_argument, "{}: member '{}' is not a .npy file", source.name(), full);
    const std::string name = full.substr(0, full.size() - 4);
    members.emplace_back(name, member_source(opened, static_cast<std::uint64_t>(i),
                                             fmt::format("{}: member '{}'", source.name(), name)));
  }
  return members;
}

NpzWriter::NpzWriter(OutputFile& file, std::span<const std::string> names) : file_(file) {
  members_.reserve(names.size());
  for (const std::string& name : names) {
    std::FILE* spool = std::tmpfile();
    if (spool == nullptr) fail(ErrorCode::io, "a temporary file cannot be made: {}", std::strerror(errno));
    members_.push_back({name, spool, NpyWriter(spool, file.name())});
  }
}

NpzWriter::~NpzWriter() {
  for (const Member& member : members_)
    if (member.spool != nullptr) std::fclose(member.spool);
}

void NpzWriter::finish() {
  const auto failed = [&](const char* why) { fail(ErrorCode::io, "{}: cannot be written: {}", file_.name(), why); };
  int code = 0;
  std::unique_ptr<zip_t, void (*)(zip_t*)> archive(
      zip_open(file_.temporary().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code), zip_discard);
  if (archive == nullptr) failed("the archive cannot be made");
  for (Member& member : members_) {
    member.writer.finish();
    // libzip reads on from where the file stands.
    if (std::fseek(member.spool, 0, SEEK_SET) != 0) failed(std::strerror(errno));
    zip_source_t* source = zip_source_filep(archive.get(), member.spool, 0, -1);
    if (source == nullptr) failed(zip_strerror(archive.get()));
    member.spool = nullptr;  // the source closes it
    const zip_int64_t index =
        zip_file_add(archive.get(), (member.name + ".npy").c_str(), source, ZIP_FL_OVERWRITE | ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      failed(zip_strerror(archive.get()));
    }
    // As numpy does: numbers hardly become smaller, and the same arrays make the same file at any time.
    constexpr zip_uint16_t first_day = 0x21;  // 1980-01-01
    if (zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, first_day, 0) != 0)
      failed(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) != 0) failed(zip_strerror(archive.get()));
  archive.release();
}

}  // namespace ranvier::formats
