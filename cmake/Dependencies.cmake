# Every package the project uses. All are in Debian's main archive (see tools in demo.sh / test.sh).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(GIF REQUIRED)
find_package(TIFF REQUIRED)
find_package(Vulkan REQUIRED COMPONENTS glslc)
find_package(glfw3 REQUIRED)
find_package(X11)  # only to survive a window that somebody else destroys
find_package(glm REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(Freetype REQUIRED)
find_package(Fontconfig REQUIRED)
# Its shared library: header-only, every file that reads a scene would compile the parser again.
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
if(FALLLINE_FUZZ)  # Except here, where it is to be watched by the sanitizers, with its assertions.
  set_target_properties(PkgConfig::TOMLPLUSPLUS PROPERTIES INTERFACE_COMPILE_OPTIONS "" INTERFACE_LINK_LIBRARIES "")
endif()
pkg_check_modules(MUPARSER REQUIRED IMPORTED_TARGET muparser)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(HARFBUZZ REQUIRED IMPORTED_TARGET harfbuzz)
pkg_check_modules(FRIBIDI REQUIRED IMPORTED_TARGET fribidi)
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET pangocairo)
# GLib asks for -pthread, which is another set of flags than that of the precompiled headers and does nothing here.
set_target_properties(PkgConfig::PANGOCAIRO PROPERTIES INTERFACE_COMPILE_OPTIONS "")
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpdemux)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)
pkg_check_modules(LIBAV REQUIRED IMPORTED_TARGET libavcodec libavformat libavutil libswscale)

# Debian's dnnl-config.cmake insists on OpenCL headers that the CPU engine never needs.
find_path(DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.hpp REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
add_library(fallline_dnnl INTERFACE)
target_include_directories(fallline_dnnl SYSTEM INTERFACE "${DNNL_INCLUDE_DIR}")
target_link_libraries(fallline_dnnl INTERFACE "${DNNL_LIBRARY}" OpenMP::OpenMP_CXX)

# Optional: without it "fallline export" writes no ONNX. The package with its headers does not ask for those of protobuf,
# which they include.
find_path(ONNX_INCLUDE_DIR onnx/onnx_pb.h)
find_library(ONNX_PROTO_LIBRARY onnx_proto)
find_package(Protobuf QUIET)
add_library(fallline_onnx INTERFACE)
set(FALLLINE_HAS_ONNX OFF)
if(ONNX_INCLUDE_DIR AND ONNX_PROTO_LIBRARY AND TARGET protobuf::libprotobuf)
  set(FALLLINE_HAS_ONNX ON)
  target_include_directories(fallline_onnx SYSTEM INTERFACE "${ONNX_INCLUDE_DIR}")
  target_link_libraries(fallline_onnx INTERFACE "${ONNX_PROTO_LIBRARY}" protobuf::libprotobuf)
  target_compile_definitions(fallline_onnx INTERFACE ONNX_ML=1 ONNX_NAMESPACE=onnx)
else()
  message(STATUS "Building without ONNX: libonnx-dev or libprotobuf-dev was not found")
endif()

include(Cuda)  # optional
configure_file("${CMAKE_SOURCE_DIR}/cmake/build_info.h.in" "${CMAKE_BINARY_DIR}/generated/fallline_build_info.h" @ONLY)
