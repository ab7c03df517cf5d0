#pragma once
// How the library for JPEG reports errors to this program: by a jump back to whoever called it, with the
// message kept. No object with a destructor stands between the jump and its target.

#include <csetjmp>
#include <cstdio>  // jpeglib.h uses FILE without including it

#include <jpeglib.h>

namespace fl {

struct JpegErrors {
  jpeg_error_mgr base{};  // first, so that the library's pointer to it is ours too
  std::jmp_buf jump{};
  char message[JMSG_LENGTH_MAX] = "";
};

inline JpegErrors& jpeg_errors(j_common_ptr info) {
  return *reinterpret_cast<JpegErrors*>(info->err);
}

[[noreturn]] inline void jump_from_jpeg(j_common_ptr info) {
  JpegErrors& errors = jpeg_errors(info);
  info->err->format_message(info, errors.message);
  std::longjmp(errors.jump, 1);
}

// For the `err` of a decoder or an encoder. Each call into the library follows a setjmp to `errors.jump`.
inline jpeg_error_mgr* begin_jpeg_errors(JpegErrors& errors) {
  jpeg_error_mgr* base = jpeg_std_error(&errors.base);
  base->error_exit = jump_from_jpeg;
  return base;
}

}  // namespace fl
