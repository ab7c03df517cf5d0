# Build options that hold for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug or RelWithDebInfo" FORCE)
endif()

option(FALLLINE_TESTS "Build the tests" ON)
option(FALLLINE_BENCH "Build the benchmarks with everything else" ON)
option(FALLLINE_WERROR "Treat warnings as errors" ON)
option(FALLLINE_FUZZ "Build tests/fuzz for libFuzzer, with clang" OFF)
set(FALLLINE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

# -O2 with vectorisation is what the hand-written kernels need; no -march, so that one machine's
# results are another's: fused multiply-adds would change the last bits.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

# The static libraries go into the shared objects that are loaded when they are wanted (the engine, the CUDA module) as
# well as into programs.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(FALLLINE_CCACHE ccache)
if(FALLLINE_CCACHE)
  # The first lets it keep what was compiled with precompiled headers, the others find it again from
  # another clone.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${FALLLINE_CCACHE}")
endif()

add_library(fallline_options INTERFACE)
target_link_libraries(fallline_options INTERFACE fmt::fmt)
target_compile_features(fallline_options INTERFACE cxx_std_20)
target_include_directories(fallline_options INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
# nvcc's own intermediate code is neither pedantic nor free of old casts.
set(warnings -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
list(JOIN warnings , warnings_for_host)
target_compile_options(fallline_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:${warnings} -Wpedantic -Wold-style-cast $<$<BOOL:${FALLLINE_WERROR}>:-Werror>>
  $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=${warnings_for_host} $<$<BOOL:${FALLLINE_WERROR}>:-Xcompiler=-Werror -Werror=all-warnings>>)
if(FALLLINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(FALLLINE_SANITIZE)
  # Compiling takes longer than running, but for what loops over every weight and pixel (HOT in Targets.cmake).
  add_compile_options(-fsanitize=${FALLLINE_SANITIZE} -fno-omit-frame-pointer -g1 -O0)
  add_link_options(-fsanitize=${FALLLINE_SANITIZE})
endif()
