#include "trainer/data/files/zip_pack.h"

#include <memory>

#include <zip.h>

namespace fl {
namespace {

// The ZIP format's first day, 1 January 1980: a time of writing would make equal archives differ.
constexpr zip_uint16_t kFirstDay = (1 << 5) | 1;

bool add_entry(zip_t* archive, const NewZipEntry& entry) {
  zip_source_t* source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
  if (source == nullptr) return false;
  const zip_int64_t added = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (added < 0) {
    zip_source_free(source);
    return false;
  }
  const auto index = static_cast<zip_uint64_t>(added);
  return zip_set_file_compression(archive, index, entry.packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, index, 0, kFirstDay, 0) == 0;
}

}  // namespace

// libzip never writes the file itself: it would rename, but not sync.
Result<std::vector<std::byte>> pack_zip(const std::vector<NewZipEntry>& entries, const std::string& name) {
  zip_error_t state;
  zip_error_init(&state);
  const auto failed = [&](const char* reason) { return error("Cannot pack {}: {}.", name, reason); };
  const std::unique_ptr<zip_source_t, decltype([](zip_source_t* s) { zip_source_free(s); })> memory(
      zip_source_buffer_create(nullptr, 0, 0, &state));
  if (!memory) return failed(zip_error_strerror(&state));
  std::unique_ptr<zip_t, decltype([](zip_t* z) { zip_discard(z); })> archive(
      zip_open_from_source(memory.get(), ZIP_TRUNCATE, &state));
  if (!archive) return failed(zip_error_strerror(&state));
  zip_source_keep(memory.get());  // the archive's close frees one reference, and the bytes are wanted after
  for (const NewZipEntry& entry : entries)
    if (!add_entry(archive.get(), entry)) return failed(zip_strerror(archive.get()));
  if (zip_close(archive.get()) != 0) return failed(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed

  zip_stat_t stat;
  if (zip_source_stat(memory.get(), &stat) != 0 || zip_source_open(memory.get()) != 0)
    return failed(zip_error_strerror(zip_source_error(memory.get())));
  std::vector<std::byte> bytes(stat.size);
  const zip_int64_t got = zip_source_read(memory.get(), bytes.data(), bytes.size());
  zip_source_close(memory.get());
  if (got != static_cast<zip_int64_t>(bytes.size())) return failed("it is cut short");
  return bytes;
}

}  // namespace fl
