# Symbols of a static library are nobody else's, so that code which may go into a shared object calls them as directly
# as a program's would.
function(fallline_hidden name)
  set_target_properties(${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()

# What nearly every source includes, compiled once; and once more for HOT libraries under sanitizers, because all
# flags have to be the same.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/headers.cpp" CONTENT "// A target needs a source.\n")
function(fallline_precompile name)
  add_library(${name} OBJECT EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/generated/headers.cpp")
  target_link_libraries(${name} PRIVATE fallline_options)
  target_compile_options(${name} PRIVATE ${ARGN})
  fallline_hidden(${name})
  target_precompile_headers(${name} PRIVATE
    <algorithm> <array> <atomic> <chrono> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <numeric>
    <optional> <span> <string> <thread> <variant> <vector> <fmt/format.h>)
endfunction()
# Without it ccache does not keep what includes them.
set(keep_in_ccache $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
fallline_precompile(fallline_headers ${keep_in_ccache})
if(FALLLINE_SANITIZE)
  fallline_precompile(fallline_hot_headers ${keep_in_ccache} -O1)
endif()

# fallline_library(NAME SOURCES... [PUBLIC targets...] [PRIVATE targets...] [HOT])
# One static library a folder. PUBLIC: what its headers need; PRIVATE: what only its sources need; HOT: its loops are
# where the time goes, so that it is optimised under sanitizers, too.
function(fallline_library name)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC fallline_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  target_compile_options(${name} PRIVATE ${keep_in_ccache})
  fallline_hidden(${name})
  if(ARG_HOT AND FALLLINE_SANITIZE)
    target_compile_options(${name} PRIVATE -O1)
    target_precompile_headers(${name} REUSE_FROM fallline_hot_headers)
  else()
    target_precompile_headers(${name} REUSE_FROM fallline_headers)
  endif()
endfunction()
